"""The first mail to a person: who switched the assistant on, what will come and who reads the answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.cadence import Frequency
from assistant.domain.kinds import KINDS, Readers
from assistant.domain.people import Person, next_working
from assistant.domain.setup import Series
from assistant.domain.views import InvitationView, WelcomeView
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store import timers
from assistant.store.timers import MAIL, Timer
from assistant.workflows import goal_book, kpi_book, outbox, rounds
from assistant.workflows.desk import Desk

_NO_WORK_IN_SIGHT = timedelta(days=30)


def write(desk: Desk, now: datetime, person: Person, *, at_once: bool = False) -> None:
    """Welcome somebody once, while they work: where they are off now, a timer is set for when they are back.

    ``at_once`` where they are about to be asked something: nothing comes before the welcome.
    """
    joined_at = people_store.unwelcomed_since(desk.db, person.address)
    if joined_at is None:
        return
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    moment = next_working(person, now, absences) or now + _NO_WORK_IN_SIGHT
    if moment > now and not at_once:
        timers.put(desk.db, Timer(f"welcome:{person.address}", moment, "welcome", person.address, person.address, MAIL))
        return
    name = f"welcome {person.address} {joined_at:%Y-%m-%dT%H:%M:%SZ}"
    outbox.write(
        desk,
        now,
        person,
        [Section("welcome", view(desk, now, person))],
        key=name,
        occurrence=name,
        thread=name,
        audience=audiences.person(person.address),
        because="joined configuration",
    )
    people_store.welcomed(desk.db, now, person.address)


def view(desk: Desk, now: datetime, person: Person) -> WelcomeView:
    language = outbox.language_of(desk, person)
    operator = desk.setup.person(desk.setup.assistant.operator)
    plan = desk.setup.goals
    return WelcomeView(
        operator=operator.name if operator else desk.setup.assistant.operator,
        rounds=tuple(_rounds(desk, now, person, language)),
        meetings=tuple(
            _title(desk, series, language)
            for series in desk.setup.series
            if person.address in (*series.participants, *series.optional)
        ),
        readers=tuple(desk.setup.teams[name].title for name in person.teams),
        goals=plan is not None and not goal_book.teams_of(desk.setup, person).isdisjoint(plan.teams),
        kpis=bool(kpi_book.measures(desk, person)),
    )


def _rounds(desk: Desk, now: datetime, person: Person, language: str) -> Iterator[tuple[str, str, str, datetime]]:
    """Each kind of question once, although several teams ask it: kind, title, rhythm, next local instant."""
    told: set[str] = set()
    waiting = {prompt.parent: prompt.due for prompt in store.unfinished_prompts(desk.db, person.address)}
    for round_ in desk.setup.rounds:
        if round_.kind in told or KINDS[round_.kind].readers is not Readers.TEAM:
            continue  # what is for two says so itself when it comes
        moment = waiting.get(round_.name) or rounds.next_for(desk, now, person, round_)
        if moment is not None:
            told.add(round_.kind)
            plain = round_.cadence.interval == 1 and round_.cadence.frequency is not Frequency.ONCE
            rhythm = round_.cadence.frequency.value if plain else ""
            yield round_.kind, desk.render.title(round_.kind, language), rhythm, person.local(moment)


def _title(desk: Desk, series: Series, language: str) -> str:
    """As its invitation calls it."""
    people = tuple(outbox.who(desk.setup.people[address]) for address in series.participants)
    address = desk.setup.assistant.address
    return desk.render.invitation(
        series.kind, language, InvitationView(series.title, people, series.topics, series.link, address, False)
    )[0]
