"""KPIs by mail: a card of six answers, the values of a team, what was said of one, and how KPIs and goals differ.

``team_view`` is for rollups and exports, ``measures`` tells the grammar what KPIs are called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.kinds import started
from assistant.domain.kpis import Kpi, Stage
from assistant.domain.people import Person, next_working
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.views import Act, QuestionContext
from assistant.domain.views_kpis import KpisView
from assistant.inbound import kpi_cards, values
from assistant.inbound.commands import Command, History, Kpis, NewKpi, Update
from assistant.inbound.keywords import keywords
from assistant.inbound.measures import teams_by_words
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import kpis as store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import Occurrence, Prompt
from assistant.workflows import kpi_book, kpi_values, outbox, prompting
from assistant.workflows.desk import Desk, Do, Habit, Handler, Request
from assistant.workflows.goal_book import teams_of
from assistant.workflows.kpi_book import act, find, measures, team_view

__all__ = ["COMMANDS", "HABITS", "HANDLERS", "find", "measures", "sync", "team_view"]

CARD = "kpi-card"
_OPEN = timedelta(days=7)
_ME = frozenset({"me", "i", "i do", "myself", "ich", "ich selbst", "selbst", "moi", "yo", "io", "eu", "ik"})


# The card


def _new(desk: Desk, now: datetime, request: Request, said: NewKpi) -> list[Act]:
    """Its six questions come by mail; one that is there already is shown, and another of that name begun again."""
    person = request.person
    team = next(iter((*person.teams, *(team.name for team in desk.setup.teams_led_by(person.address)))), None)
    if team is None:
        return [act("no-team")]
    same = [k for k in store.every(desk.db) if words(k.name) == words(said.name) and k.team == team]
    live = next((kpi for kpi in same if kpi.stage is Stage.LIVE), None)
    if live is not None and not kpi_book.may_change(desk.setup, live, person):
        return [act("not-yours", live)]
    mine = next((kpi for kpi in same if kpi is live or kpi.author == person.address), None)
    number = mine.id if mine is not None else store.add(desk.db, now, said.name, team, person.address, request.inbound)
    day = person.local(now).date()
    parent = started(CARD, number)
    key = f"{parent}/{day}"
    if not rounds_store.open_occurrence(desk.db, now, key, CARD, parent, day, {}):
        key = f"{key}.{request.inbound}"
        rounds_store.open_occurrence(desk.db, now, key, CARD, parent, day, {})
    prompting.plan(
        desk, now, occurrence=key, kind=CARD, parent=parent, person=person.address, audience=audiences.team(team),
        day=day, due=now, closes=now + _OPEN,
    )  # fmt: skip
    return [Act("mailed")]


def _of(desk: Desk, prompt: Prompt) -> Kpi:
    kpi = store.by_id(desk.db, int(prompt.parent.partition(":")[2]))
    if kpi is None:
        raise LookupError(prompt.parent)
    return kpi


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    return desk.render.questions(CARD, language, QuestionContext(prompt.day, about=_of(desk, prompt).name))


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    """The card as it was understood; what is still open on it is said."""
    answers = {
        key: answer
        for key, answer in rounds_store.answers_to(desk.db, prompt.id).items()
        if answer.confidence >= CONFIDENCE_FLOOR and answer.text.strip()
    }
    kpi, told = _filled(desk, now, person, _of(desk, prompt), answers)
    missing = _missing(kpi, answers)
    kpi = replace(kpi, stage=Stage.LIVE if not missing else kpi.stage)
    store.change(desk.db, kpi)
    kpi_values.plan(desk, kpi, person.local(now).date())
    _show(desk, now, person, kpi, missing, prompt, inbound)
    owner = desk.setup.people.get(kpi.owner)
    if owner is not None and owner is not person and not missing:
        _show(desk, now, owner, kpi, (), prompt, inbound)
    return told or [Act("mailed")]


def _filled(
    desk: Desk, now: datetime, person: Person, kpi: Kpi, answers: Mapping[str, Answer]
) -> tuple[Kpi, list[Act]]:
    said = {key: " ".join(answer.text.split()) for key, answer in answers.items()}
    language = outbox.language_of(desk, person)
    told: list[Act] = []
    kpi = replace(
        kpi, what=said.get("what", kpi.what), why=said.get("why", kpi.why),
        measured=said.get("measured", kpi.measured),
    )  # fmt: skip
    if "measured" in said:
        unit, baseline = kpi_cards.measured(said["measured"], language)
        kpi = replace(kpi, unit=unit, baseline=baseline)
    if "when" in said:
        kpi = replace(kpi, rule=kpi_cards.rhythm(said["when"], language) or kpi.rule)
    if "target" in said and (found := kpi_cards.aim(said["target"], language, kpi.baseline)) is not None:
        kpi = replace(kpi, low=found.low, high=found.high, target=found.target, unit=kpi.unit or found.unit)
    if "who" in said:
        owner = _owner(desk, person, said["who"])
        kpi = replace(kpi, owner=owner.address if owner else kpi.owner)
        told += [] if owner else [act("unknown-person", said=said["who"])]
    return kpi, told


def _owner(desk: Desk, person: Person, said: str) -> Person | None:
    if " ".join(words(said)) in _ME:
        return person
    found = values.named(said, list(desk.setup.people.values()))
    return found[0] if len(found) == 1 else None


def _missing(kpi: Kpi, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The keys of what the card cannot do without."""
    given = {
        "what": bool(kpi.what),
        "when": bool(kpi.rule),
        "target": kpi.low is not None or kpi.high is not None or kpi.target is not None,
    }
    return tuple(key for key, there in given.items() if not there)


def _show(
    desk: Desk, now: datetime, reader: Person, kpi: Kpi, missing: Sequence[str], prompt: Prompt, inbound: int
) -> None:
    absences = people_store.absences(desk.db, reader.address, reader.local(now).date())
    moment = now if reader.address == prompt.person else next_working(reader, now, absences)
    outbox.write(
        desk, now, reader, [Section("kpi", kpi_book.view(desk, now, kpi, reader, "card", missing))],
        key=f"kpi {kpi.id} card {inbound} {reader.address}", occurrence=prompt.occurrence,
        thread=prompting.thread_of(prompt), audience=audiences.team(kpi.team), because=f"kpi {kpi.id}",
        not_before=None if moment is None or moment <= now else moment,
    )  # fmt: skip


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(CARD, language)


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """A card that nobody filled stays a draft; "new kpi" takes it up again."""


# To be looked at


def _kpis(desk: Desk, now: datetime, request: Request, said: Kpis) -> list[Act]:
    """Of their teams, of one team, or what KPIs are beside goals."""
    person, of = request.person, " ".join(words(said.of or ""))
    if of in keywords("help"):
        return _mailed(desk, now, request, Section("kpis", KpisView("help")), "help")
    near = [name for name in desk.setup.teams if name in teams_of(desk.setup, person)]
    if of:
        team = teams_by_words({name: each.title for name, each in desk.setup.teams.items()}).get(of)
        if team is None:
            return [act("no-such-team", said=said.of)]
        near = [team]
    view = team_view(desk, near)
    return _mailed(desk, now, request, Section("kpis", view), "team") if view.teams else [act("none")]


def _history(desk: Desk, now: datetime, request: Request, said: History) -> list[Act] | None:
    found = find(desk, request.person, said.subject)
    if not found:
        return None
    section = Section("kpi", kpi_book.view(desk, now, found[0], request.person, "history"))
    return _mailed(desk, now, request, section, f"history {found[0].id}")


def _mailed(desk: Desk, now: datetime, request: Request, section: Section, key: str) -> list[Act]:
    person = request.person
    outbox.write(
        desk, now, person, [section], key=f"kpis {request.inbound} {key}", occurrence=f"inbound {request.inbound}",
        thread=f"inbound {request.inbound}", audience=audiences.person(person.address),
        because=f"your mail {request.inbound}",
    )  # fmt: skip
    return [Act("mailed")]


def sync(desk: Desk, now: datetime) -> None:
    """Every live KPI has its timer, whoever came or left."""
    waiting = timers.keys(desk.db, "kpi:")
    for kpi in store.every(desk.db):
        if kpi.stage is Stage.LIVE and f"kpi:{kpi.id}" not in waiting:
            kpi_values.plan(desk, kpi, now.astimezone(desk.setup.assistant.zone).date())


HABITS: Mapping[str, Habit] = {
    CARD: Habit(questions=_questions, title=_title, answered=_answered, closed=_closed, speaks=True),
    kpi_values.KIND: kpi_values.HABIT,
}
COMMANDS: Mapping[type[Command], Do] = {
    NewKpi: _new,
    Update: kpi_values.update,
    Kpis: _kpis,
    History: _history,
}
HANDLERS: Mapping[str, Handler] = kpi_values.HANDLERS
