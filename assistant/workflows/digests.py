"""The digest: what came of an occurrence of a round, mailed to each of its team's readers and posted to its channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS, open_blockers
from assistant.domain.people import Absence, Person, Team, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer
from assistant.domain.setup import Round
from assistant.domain.views import (
    AnswerView,
    AwayLine,
    DecisionLine,
    DigestView,
    GoalMove,
    PersonAnswers,
    QuestionContext,
)
from assistant.render import Section
from assistant.store import between, reports
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store.between import Cheer
from assistant.store.reports import Item, Said
from assistant.store.rounds import Occurrence, Prompt, PromptState, StoredAnswer
from assistant.store.timers import Timer
from assistant.workflows import channels, cheers, goal_weeks, outbox
from assistant.workflows.desk import Desk
from assistant.workflows.news import News
from assistant.workflows.reporting import Names

_QUIET_DAYS = 10
_REMEMBERED = timedelta(days=100)
"""How far back a reader's previous digest is looked for: more than a quarter."""
_LATE_FOR = timedelta(days=35)
"""The oldest day to which a late answer is still news."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A closed occurrence as its digests need it, loaded once for all readers.

    ``told`` is when each reader had their previous digest; ``since`` stands for it where there was none. ``blockers``
    and ``late`` reach back to the earliest of these. ``quiet``: nobody has named a blocker for ten working days.
    """

    occurrence: Occurrence
    round: Round
    team: Team
    prompts: Mapping[str, Prompt]
    answers: Mapping[str, Mapping[str, StoredAnswer]]
    absences: Sequence[Absence]
    blockers: Sequence[Item]
    late: Sequence[tuple[Prompt, Sequence[Said]]]
    decisions: Sequence[Item]
    told: Mapping[str, datetime]
    since: datetime
    quiet: bool
    names: Names
    cheers: Sequence[Cheer] = ()
    goals: tuple[GoalMove, ...] = ()


def bring(desk: Desk, now: datetime, due: Sequence[Timer]) -> Iterator[tuple[Person, News]]:
    """The digests of these timers; ``ref`` is the occurrence and ``person`` the reader."""
    for key, timers in groupby(sorted(due, key=lambda timer: timer.ref), key=lambda timer: timer.ref):
        outcome = load(desk, key, now)
        if outcome is not None:
            _post(desk, outcome, now)
            for timer in timers:
                reader = desk.setup.people.get(timer.person)
                told = _told(desk, outcome, reader, now) if reader is not None else None
                if reader is not None and told is not None:
                    yield reader, told


def _post(desk: Desk, outcome: Outcome, now: datetime) -> None:
    """To the team's channel, once, when the first of its readers gets theirs."""
    if outcome.team.channel is not None:
        label, key = audiences.team(outcome.team.name), f"digest {outcome.occurrence.key}"
        section = Section("digest", team_view(desk, outcome, now))
        channels.write(desk, now, outcome.team, section, key=key, audience=label)


def _told(desk: Desk, outcome: Outcome, reader: Person, now: datetime) -> News | None:
    label, key = audiences.team(outcome.team.name), outcome.occurrence.key
    if not audiences.may_read(label, reader.address, desk.setup) or outbox.is_stopped(desk, reader.address, "digest"):
        return None
    return News(
        Section("digest", view(desk, outcome, reader, now)),
        key=f"digest {key} {reader.address}",
        occurrence=key,
        thread=key,
        audience=label,
        because=f"{outcome.occurrence.kind} {outcome.round.name}",
    )


def load(desk: Desk, key: str, now: datetime) -> Outcome | None:
    """None where the occurrence, its round or its team is no more."""
    occurrence = store.occurrence(desk.db, key)
    round_ = desk.setup.round_named(occurrence.parent) if occurrence else None
    if occurrence is None or round_ is None or round_.team not in desk.setup.teams:
        return None
    team, day = desk.setup.teams[round_.team], occurrence.day
    label = audiences.team(team.name)
    prompts = {prompt.person: prompt for prompt in store.prompts_of(desk.db, key) if prompt.audience == label}
    days = [day, *(prompt.day for prompt in prompts.values())]
    told = reports.last_digests(desk.db, round_.name, day - _REMEMBERED, day)
    since = reports.last_closing(desk.db, round_.name, day) or now - timedelta(days=1)
    earliest = min([since, *told.values()])
    names = Names(desk)
    return Outcome(
        occurrence=occurrence,
        round=round_,
        team=team,
        prompts=prompts,
        answers={who: said for who, said in store.answers_of(desk.db, key).items() if who in prompts},
        absences=people_store.all_absences(desk.db, min(days), max(days)),
        blockers=reports.blockers(desk.db, [team.name], earliest) if _asks_for_blockers(round_) else (),
        late=_late(desk, round_, label, day, earliest, now),
        decisions=reports.decisions(desk.db, [team.name], earliest),
        told=told,
        since=since,
        quiet=_is_quiet(desk, round_, team, day),
        names=names,
        cheers=between.cheers(desk.db, [team.name], earliest, now) if cheers.carried_by(desk, round_) else (),
        goals=goal_weeks.named_in(desk, now, key),
    )


def _asks_for_blockers(round_: Round) -> bool:
    """A colleague's introduction does not begin with what is in somebody's way."""
    return KINDS[round_.kind].apply is open_blockers


def _late(
    desk: Desk, round_: Round, label: str, day: date, since: datetime, now: datetime
) -> list[tuple[Prompt, list[Said]]]:
    """Late answers to earlier occurrences, by prompt."""
    found: dict[int, list[Said]] = {}
    for said in reports.said_late(desk.db, round_.name, day - _LATE_FOR, day - timedelta(days=1), since, now):
        if said.audience == label:
            found.setdefault(said.prompt, []).append(said)
    prompts = ((store.prompt(desk.db, id_), answers) for id_, answers in found.items())
    return [(prompt, answers) for prompt, answers in prompts if prompt is not None]


def _is_quiet(desk: Desk, round_: Round, team: Team, day: date) -> bool:
    """A round that asks for blockers has run for ten working days of the lead, and none was named or open in them."""
    lead = desk.setup.people.get(team.lead or "")
    if lead is None or not _asks_for_blockers(round_):
        return False
    start, worked = day, int(lead.works_on(day))
    while worked < _QUIET_DAYS and day - start < _LATE_FOR:
        start -= timedelta(days=1)
        worked += lead.works_on(start)
    first = reports.first_day(desk.db, round_.name)
    if worked < _QUIET_DAYS or first is None or first > start:
        return False
    midnight = resolve(start, datetime.min.time(), lead.zone)
    return not reports.named_blocker_since(desk.db, team.name, midnight)


def view(desk: Desk, outcome: Outcome, reader: Person, now: datetime) -> DigestView:
    """The digest as this reader gets it now."""
    since = outcome.told.get(reader.address, outcome.since)
    shown = _view(desk, outcome, outbox.language_of(desk, reader), since, now)
    return replace(shown, quiet=_tell_quiet(outcome, reader, now) and bool(shown.answered))


def team_view(desk: Desk, outcome: Outcome, now: datetime) -> DigestView:
    """The digest for no reader in particular: in the assistant's language, with what is new since the one before.

    Without the names of those who are silent: a channel may have more readers than the team.
    """
    return replace(_view(desk, outcome, desk.setup.assistant.language, outcome.since, now), silent=())


def _view(desk: Desk, outcome: Outcome, language: str, since: datetime, now: datetime) -> DigestView:
    kind, names = outcome.occurrence.kind, outcome.names
    shorts = _shorts(desk, outcome, language)
    prompts = _in_team_order(outcome)
    away = [p for p in prompts if p.state is PromptState.SKIPPED and p.reason in ("away", "holiday") and not p.late]
    answered = [prompt for prompt in prompts if prompt.state is PromptState.ANSWERED or prompt.late]
    silent = [prompt for prompt in prompts if prompt.state is PromptState.MISSED and not prompt.late]
    people = ((p, _answers(p, _latest(outcome, p), shorts)) for p in prompts)
    return DigestView(
        kind=kind,
        title=desk.render.title(kind, language),
        team=outcome.team.title,
        day=outcome.occurrence.day,
        asked=len(answered) + len(silent),
        answered=len(answered),
        people=tuple(
            PersonAnswers(names.who(prompt.person), said, all(a.late for a in outcome.answers[prompt.person].values()))
            for prompt, said in people
            if said
        ),
        silent=tuple(names.first(prompt.person) for prompt in silent),
        away=tuple(AwayLine(names.first(prompt.person), _until(prompt, outcome.absences)) for prompt in away),
        highlights=_highlights(outcome, prompts),
        blockers=tuple(
            names.blocker(item, now) for item in outcome.blockers if item.closed_at is None or item.closed_at > since
        ),
        late=tuple(_late_lines(outcome, since, shorts)),
        not_asked=tuple(names.first(p.person) for p in prompts if p.state is PromptState.EXPIRED and not p.late),
        about=outcome.round.about,
        decisions=tuple(
            DecisionLine(item.text, names.first(item.owner)) for item in outcome.decisions if item.opened_at > since
        ),
        cheers=tuple(cheers.line(names, cheer) for cheer in outcome.cheers if cheer.at >= since),
        goals=outcome.goals,
    )


def _in_team_order(outcome: Outcome) -> list[Prompt]:
    """Members as the configuration lists them, then a lead who is none and who left."""
    place = {address: index for index, address in enumerate(outcome.team.members)}
    return sorted(outcome.prompts.values(), key=lambda prompt: (place.get(prompt.person, len(place)), prompt.id))


def _latest(outcome: Outcome, prompt: Prompt) -> list[Answer]:
    return [stored.answer for stored in outcome.answers.get(prompt.person, {}).values()]


def _shorts(desk: Desk, outcome: Outcome, language: str) -> Mapping[str, str]:
    """The headings of shipped questions in the reader's language. A round's own questions have one wording for all."""
    if outcome.round.questions is not None:
        return {}
    context = QuestionContext(today=outcome.occurrence.day, about=outcome.round.about)
    asked = desk.render.questions(outcome.occurrence.kind, language, context)
    return {question.key: question.short for question in asked}


def _answers(prompt: Prompt, answers: Iterable[Answer], shorts: Mapping[str, str]) -> tuple[AnswerView, ...]:
    """In the order of the questions. What could not be placed for sure stands last, without a heading."""
    stored = {asked.question.key: asked.question.short or asked.question.text for asked in prompt.questions}
    order = {key: index for index, key in enumerate(stored)}
    lines = []
    for answer in answers:
        sure = is_sure(answer)
        if answer.text.strip() and answer.value != []:  # "nothing" in the way: said at the top, for all
            short = (shorts.get(answer.question) or stored.get(answer.question, "")) if sure else ""
            place = order.get(answer.question, len(order)) if sure else len(order)
            lines.append((place, AnswerView(short, answer.text)))
    return tuple(line for _, line in sorted(lines, key=lambda pair: pair[0]))


def is_sure(answer: Answer) -> bool:
    return bool(answer.question) and answer.confidence >= CONFIDENCE_FLOOR


def _highlights(outcome: Outcome, prompts: Sequence[Prompt]) -> tuple[tuple[str, str], ...]:
    conclude: Callable[..., Sequence[tuple[str, str]]] | None = KINDS[outcome.occurrence.kind].conclude
    if conclude is None:
        return ()
    everyone = {
        prompt.person: {answer.question: answer for answer in _latest(outcome, prompt) if is_sure(answer)}
        for prompt in prompts
    }
    return tuple((outcome.names.first(address), line) for address, line in conclude(everyone))


def _until(prompt: Prompt, absences: Sequence[Absence]) -> date | None:
    """The last day of the longest absence that covers the prompt's day; that day alone for a public holiday."""
    if prompt.reason == "holiday":
        return prompt.day
    lasts = [absence.last for absence in absences if absence.person == prompt.person and absence.covers(prompt.day)]
    if None in lasts:
        return None
    return max((last for last in lasts if last is not None), default=prompt.day)


def _late_lines(outcome: Outcome, since: datetime, shorts: Mapping[str, str]) -> Iterable[PersonAnswers]:
    for prompt, said in outcome.late:
        lines = _answers(prompt, (each.answer for each in said if each.at > since), shorts)
        if lines:
            yield PersonAnswers(outcome.names.who(prompt.person), lines, late=True, day=prompt.day)


def _tell_quiet(outcome: Outcome, reader: Person, now: datetime) -> bool:
    """To the lead, and once a week: every day it would be nagging."""
    if not outcome.quiet or reader.address != outcome.team.lead:
        return False
    before = outcome.told.get(reader.address)
    return before is None or reader.local(before).isocalendar()[:2] != reader.local(now).isocalendar()[:2]
