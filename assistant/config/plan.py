"""Rounds and series: kinds, rhythms and names, with the defaults of the kind filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import TypeVar

from assistant.config.models import ASKABLE, MeetingOptions, QuestionModel, RoundModel, SeriesModel
from assistant.config.phrases import DAYS, Moment, meant, slug
from assistant.config.reading import Place, Source
from assistant.config.roster import Roster
from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.kinds import MEETINGS, Asks
from assistant.domain.people import Person, Team
from assistant.domain.questions import AnswerType, Question
from assistant.domain.setup import Documentarian, ExtraQuestion, Round, Series

T = TypeVar("T")

_ONE_ON_ONE = "one-on-one"
_PAIR_ONLY = ("managers", "except", "pairs")
_MEETING_ONLY = ("name", "team", "people", "optional", "lead")
_KEY_LENGTH = 40
_FEWEST_OPTIONS = 2


class Plan:
    """Builds rounds and series, and reports what does not fit together."""

    def __init__(self, roster: Roster, people: Mapping[str, Person], teams: Mapping[str, Team], source: Source) -> None:
        self._roster = roster
        self._people = people
        self._teams = teams
        self._source = source
        self._taken: dict[str, Place] = {}

    def rounds(self, models: Mapping[Place, RoundModel]) -> tuple[Round, ...]:
        return tuple(each for place, model in models.items() for each in self._rounds_of(place, model))

    def series(self, models: Mapping[Place, SeriesModel]) -> tuple[Series, ...]:
        found: list[Series] = []
        for place, model in models.items():
            others = _MEETING_ONLY if model.kind == _ONE_ON_ONE else _PAIR_ONLY
            for option in others:
                if option in {"except" if name == "except_" else name for name in model.model_fields_set}:
                    said = (
                        "is not for 1:1s" if model.kind == _ONE_ON_ONE else f"is only for 1:1s, not for a {model.kind}"
                    )
                    self._source.problem((*place, option), said)
            found += self._pairs(place, model) if model.kind == _ONE_ON_ONE else self._meeting(place, model)
        return tuple(found)

    # rounds

    def _rounds_of(self, place: Place, model: RoundModel) -> list[Round]:
        kind = ASKABLE[model.kind]
        default_cadence = kind.cadence or Cadence(Frequency.DAILY)
        cadence = self._try(place, "at", lambda: round_cadence(default_cadence, model), default_cadence)
        about_people = kind.asks in (Asks.NEWCOMER, Asks.COLLEAGUES)
        if cadence.frequency is Frequency.ONCE and cadence.day is None and not about_people:
            self._source.problem((*place, "on"), f"is missing: on which day should this {model.kind} be asked?")
        if model.window is not None and model.until is not None:
            self._source.problem((*place, "until"), "says the same as window; keep one of them")
        at = (model.at.wall if model.at is not None else None) or kind.at or time(9)
        window = (
            Window(length=model.window) if model.window else Window(until=model.until) if model.until else kind.window
        )
        if model.kind == "pulse" and (model.questions or model.extra or model.rotating):
            self._source.problem(
                place, "a pulse is anonymous and asks its own questions only; remove questions, extra and rotating"
            )
        if model.questions == []:
            self._source.problem((*place, "questions"), "is empty; list a question, or remove it for those of the kind")
        questions = None if model.questions is None else self._questions((*place, "questions"), model.questions)
        extra = self._questions((*place, "extra"), model.extra)
        rotating = self._questions((*place, "rotating"), model.rotating)
        self._unique_keys(place, {"questions": questions or (), "extra": extra, "rotating": rotating})
        rounds = []
        for team in self._asked(place, model):
            if kind.asks is Asks.LEAD and team.lead is None:
                self._source.problem((*place, "team"), f"{team.name} has no lead, who would be asked; say who leads it")
            one = Round(
                name=self._name(place, model, team, cadence.day),
                kind=model.kind,
                team=team.name,
                cadence=cadence,
                at=at,
                window=window,
                reminders=kind.reminders if model.reminders is None else model.reminders,
                questions=questions,
                extra=tuple(
                    ExtraQuestion(question, given.every) for question, given in zip(extra, model.extra, strict=True)
                ),
                rotating=rotating,
                about=model.about or "",
            )
            rounds.append(one)
        return rounds

    def _asked(self, place: Place, model: RoundModel) -> list[Team]:
        if not model.team or [name.lower() for name in model.team] == ["all"]:
            return list(self._teams.values())
        found = [self._team(name, (*place, "team")) for name in model.team]
        return [team for team in found if team is not None]

    def _team(self, name: str, place: Place) -> Team | None:
        for team in self._teams.values():
            if name.casefold() in (team.name.casefold(), team.title.casefold()):
                return team
        if not self._roster.unread(name):
            self._source.problem(place, f"there is no team {name}{meant(name, self._teams)}")
        return None

    def _name(self, place: Place, model: RoundModel, team: Team, day: date | None) -> str:
        """Unique; a second round of the kind for the team needs a name of its own."""
        parts = [model.kind, team.name]
        if model.name is not None:
            parts.append(slug(model.name))
        elif day is not None:
            parts.append(slug(model.about or "") or day.isoformat())
        name = ".".join(parts)
        if name in self._taken:
            first = self._taken[name]
            message = (
                f"{team.name} already has a {model.kind} round, the one in rounds[{first[-1]}]; give this one a `name`"
            )
            self._source.problem(place, message)
        self._taken.setdefault(name, place)
        return name

    def _questions(self, place: Place, models: Sequence[QuestionModel]) -> tuple[Question, ...]:
        found = []
        for index, model in enumerate(models):
            if (model.type is AnswerType.CHOICE) != (len(model.options) >= _FEWEST_OPTIONS):
                said = (
                    "a question of type choice needs two or more"
                    if not model.options
                    else "are for the type choice, two or more"
                )
                self._source.problem((*place, index, "options"), said)
            elif len({option.casefold() for option in model.options}) < len(model.options):
                self._source.problem((*place, index, "options"), "one of them is there twice")
            key = slug(model.key or model.text)[:_KEY_LENGTH].rstrip("-") or f"question-{index + 1}"
            found.append(
                Question(
                    key=key,
                    text=model.text,
                    short=model.short or "",
                    type=model.type,
                    labels=model.labels,
                    options=model.options,
                    optional=model.optional,
                )
            )
        return tuple(found)

    def _unique_keys(self, place: Place, groups: Mapping[str, Sequence[Question]]) -> None:
        seen: set[str] = set()
        for name, questions in groups.items():
            for index, question in enumerate(questions):
                if question.key in seen:
                    self._source.problem(
                        (*place, name, index), f"a question with the key {question.key} is there twice"
                    )
                seen.add(question.key)

    # series

    def _meeting(self, place: Place, model: SeriesModel) -> list[Series]:
        team = self._team(model.team, (*place, "team")) if model.team is not None else None
        if model.team is not None and team is None:
            return []
        if team is None and not model.people:
            self._source.problem(place, f"who takes part in this {model.kind}? Give it a `team` or `people`")
            return []
        members = [*(team.members if team else ()), *self._who((*place, "people"), model.people)]
        lead = team.lead if team else None
        if model.lead is not None:
            lead = self._roster.find(model.lead, (*place, "lead"))
        elif lead is None and members:
            self._source.problem((*place, "lead"), f"is missing: who leads this {model.kind}?")
        if lead is None:
            return []
        if model.documentarian is Documentarian.REPORT:
            self._source.problem((*place, "documentarian"), "report is only for 1:1s; choose rotate or lead")
        name = f"{model.kind}.{slug(model.name or (team.name if team else model.kind)) or model.kind}"
        self._claim(place, name, f"there is already a {model.kind} of that name")
        required = tuple(dict.fromkeys((lead, *members)))
        optional = tuple(each for each in self._who((*place, "optional"), model.optional) if each not in required)
        one = self._one(place, name, model, required)
        return [replace(one, title=model.name or "", team=team.name if team else None, optional=optional)]

    def _pairs(self, place: Place, model: SeriesModel) -> list[Series]:
        reports: dict[str, list[str]] = {}
        for person in self._people.values():
            if person.manager is not None:
                reports.setdefault(person.manager, []).append(person.address)
        managers = list(reports)
        if model.managers is not None:
            managers = self._who((*place, "managers"), model.managers)
            for manager in managers:
                if manager not in reports:
                    who = self._people[manager].name
                    self._source.problem((*place, "managers"), f"nobody reports to {who}; say so with `manager: {who}`")
        left_out = set(self._who((*place, "except"), model.except_))
        special: dict[str, tuple[str, MeetingOptions]] = {}
        for written, options in model.pairs.items():
            report = self._roster.find(written, (*place, "pairs", written))
            if report is not None:
                special[report] = written, options
        pairs = [(each, report) for each in managers for report in reports.get(each, ()) if report not in left_out]
        for report in special.keys() - {report for _, report in pairs}:
            name = self._people[report].name
            self._source.problem((*place, "pairs", special[report][0]), f"{name} has no 1:1 through this entry")
        return [self._pair(place, model, manager, report, special.get(report)) for manager, report in pairs]

    def _pair(
        self, place: Place, model: SeriesModel, manager: str, report: str, special: tuple[str, MeetingOptions] | None
    ) -> Series:
        name = f"{_ONE_ON_ONE}.{manager}.{report}"
        both = f"{self._people[manager].name} and {self._people[report].name}"
        self._claim(place, name, f"{both} already have a 1:1")
        options: MeetingOptions = model
        if special is not None:
            place = (*place, "pairs", special[0])
            options = special[1].model_copy(
                update={
                    option: getattr(model, option)
                    for option in MeetingOptions.model_fields
                    if getattr(special[1], option) is None
                }
            )
        return self._one(place, name, options, (manager, report))

    def _one(self, place: Place, name: str, options: MeetingOptions, required: tuple[str, ...]) -> Series:
        """``name`` begins with the kind, ``required`` with the lead."""
        kind = MEETINGS[name.partition(".")[0]]
        cadence = self._try(
            place, "at", lambda: combined(kind.cadence, options.every, options.at, options.anchor), kind.cadence
        )
        return Series(
            name,
            kind.name,
            required[0],
            required,
            cadence,
            options.length or kind.length,
            at=None if options.at is None else options.at.wall,
            link=options.link or "",
            topics=tuple(options.topics or ()),
            bank=None if options.bank is None else tuple(options.bank),
            adopt=options.adopt is not False,
            points_in_event=options.points_in_event is not False,
            documentarian=options.documentarian or Documentarian.ROTATE,
            feedback=options.feedback is not False,
        )

    def _who(self, place: Place, names: Sequence[str]) -> list[str]:
        found = (self._roster.find(name, place) for name in names)
        return list(dict.fromkeys(each for each in found if each is not None))

    def _claim(self, place: Place, name: str, message: str) -> None:
        first = self._taken.setdefault(name, place)
        if first is not place:
            self._source.problem(place, f"{message}, through series[{first[1]}]")

    def _try(self, place: Place, option: str, build: Callable[[], T], instead: T) -> T:
        try:
            return build()
        except ValueError as error:
            self._source.problem((*place, option), str(error))
            return instead


def round_cadence(default: Cadence, model: RoundModel) -> Cadence:
    """Never with an open day: a question has to be asked on one. Raises ValueError."""
    if model.on is not None:
        if model.every is not None or (model.at is not None and model.at.weekday is not None):
            raise ValueError("a round that happens once, `on` a day, has only a time, like 10:00, and no `every`")
        return Cadence(Frequency.ONCE, day=model.on)
    if default.frequency is Frequency.ONCE and model.every is None:
        return default
    cadence = combined(default, model.every, model.at, model.anchor)
    open_day = cadence.weekday is None and cadence.frequency is not Frequency.DAILY
    return replace(cadence, weekday=default.weekday or 0) if open_day else cadence


def combined(default: Cadence, every: Cadence | None, at: Moment | None, anchor: date | None) -> Cadence:
    """One cadence of what ``every`` and ``at`` say about the day. Raises ValueError where they disagree."""
    cadence = default if every is None else every
    weekday, nth = (None, None) if at is None else (at.weekday, at.nth)
    if every is not None and weekday is not None:
        if every.weekday not in (None, weekday) or every.frequency is Frequency.DAILY:
            raise ValueError(f"{DAYS[weekday].capitalize()} here does not go together with `every`")
        if nth is not None and (every.frequency is Frequency.WEEKLY or every.nth not in (None, nth)):
            raise ValueError("which one of the month is said here does not go together with `every`")
    if weekday is not None:
        frequency = cadence.frequency
        if nth is not None and frequency in (Frequency.DAILY, Frequency.WEEKLY):
            frequency = Frequency.MONTHLY
        elif frequency is Frequency.DAILY:
            frequency = Frequency.WEEKLY
        interval = cadence.interval if frequency is cadence.frequency else 1
        cadence = replace(cadence, frequency=frequency, interval=interval, weekday=weekday, nth=nth or cadence.nth)
    return cadence if anchor is None else replace(cadence, anchor=anchor)
