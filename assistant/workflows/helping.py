"""One helpful mail: what a reply can do, what is theirs to do, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.records import RecordKind
from assistant.domain.views import Act, ActionLine, HelpView
from assistant.inbound.commands import Command, Help, Incomplete
from assistant.render import Section
from assistant.store import outbox as outbox_store
from assistant.store import records, timers
from assistant.store import rounds as rounds_store
from assistant.workflows import goal_book, kpi_book, outbox, rounds
from assistant.workflows.desk import Desk, Do, Request

_UNKNOWN_EVERY = timedelta(days=1)
_AN_HOUR = 6


def write(desk: Desk, now: datetime, person: Person, inbound: int, *, unknown: bool) -> None:
    """``unknown`` answers a mail that we could make nothing of: once a day at most, so that no two robots talk.

    Who asked for help gets it, as long as their mails do not call forth more than people can read.
    """
    if unknown and outbox_store.reactive_since(desk.db, person.address, now - _UNKNOWN_EVERY, ("help",)):
        return
    if outbox_store.reactive_since(desk.db, person.address, now - timedelta(hours=1)) >= _AN_HOUR:
        return
    today = person.local(now).date()
    actions = tuple(
        ActionLine(r.id, r.text, person.first_name, r.due, overdue=r.due is not None and r.due < today)
        for r in records.open_records(desk.db, RecordKind.ACTION, owner=person.address)
    )
    outbox.write(
        desk,
        now,
        person,
        [Section("help", HelpView(actions, _next(desk, now, person), unknown, *_own(desk, now, person)))],
        key=f"help {inbound}",
        occurrence=f"inbound {inbound}",
        thread=f"inbound {inbound}",
        audience=audiences.person(person.address),
        because=f"your mail {inbound}",
    )


def _own(desk: Desk, now: datetime, person: Person) -> tuple[str, str]:
    """The key result and the KPI that examples name: theirs before their teams'."""
    results, kpis = goal_book.measures(desk, now, person), kpi_book.measures(desk, person)
    return next(iter(results), ""), next(iter(kpis), "")


def _next(desk: Desk, now: datetime, person: Person) -> tuple[tuple[str, datetime], ...]:
    """The next of each thing this person is asked, soonest first."""
    found: dict[str, datetime] = {}
    language = outbox.language_of(desk, person)
    for timer in timers.of_person(desk.db, person.address, "ask"):
        prompt = rounds_store.prompt(desk.db, int(timer.ref))
        if prompt is not None:
            found.setdefault(desk.render.title(prompt.kind, language), timer.due)
    for round_ in desk.setup.rounds:
        moment = rounds.next_for(desk, now, person, round_)
        if moment is not None:
            found.setdefault(desk.render.title(round_.kind, language), moment)
    return tuple(sorted(((t, person.local(m)) for t, m in found.items() if m > now), key=lambda pair: pair[1])[:5])


def _help(desk: Desk, now: datetime, request: Request, _: Help) -> list[Act]:
    write(desk, now, request.person, request.inbound, unknown=False)
    return [Act("mailed")]


def _incomplete(desk: Desk, now: datetime, request: Request, said: Incomplete) -> list[Act]:
    """Nothing was done: what is missing is named, with an example."""
    return [Act("incomplete", said.about, kind=said.what, family="help")]


COMMANDS: Mapping[type[Command], Do] = {Help: _help, Incomplete: _incomplete}
