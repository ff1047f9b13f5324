"""What is told to one person: a digest, a rollup, an agenda, a summary. What comes at about one time is one mail.

Each is a timer of its reader's; ``telling`` writes the mails. What only tells never shares a mail with a round's
questions: a reply could be placed where more people read it than the words were meant for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.domain.people import Person, next_working
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import timers
from assistant.store.rounds import Prompt
from assistant.store.timers import MAIL, Timer
from assistant.workflows.desk import Desk

HOLD = timedelta(hours=2)
"""So long something waits for what else is told to its reader."""
SEVERAL = "news "
"""What occurrence and thread of a mail begin with that is about several meetings or days."""
_TOLD = ("digest", "rollup", "agenda", "summary")
"""Handlers, in the order in which one mail shows what they bring."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell, with the question it may bring; key, thread … are those of a mail of its own."""

    section: Section
    key: str
    occurrence: str
    thread: str
    audience: str
    because: str
    question: Prompt | None = None


def put(desk: Desk, handler: str, ref: str, person: Person, due: datetime) -> None:
    """Have it told at ``due``, or before with what else the person is told."""
    timers.put(desk.db, Timer(f"{handler}:{ref}:{person.address}", due, handler, ref, person.address, MAIL))


def waiting(desk: Desk, people: Sequence[str]) -> list[Timer]:
    """Agendas and summaries that are still held back for these people."""
    return timers.of_people(desk.db, people, ("agenda", "summary"))


def moment(desk: Desk, now: datetime, person: Person) -> datetime | None:
    """When to tell something: while they work, with what they are told soon anyway. None: not for long."""
    at_work = next_working(person, now, people_store.absences(desk.db, person.address, person.local(now).date()))
    if at_work is None:
        return None
    dues = (timer.due for timer in timers.of_people(desk.db, [person.address], _TOLD))
    return min((due for due in dues if at_work <= due <= at_work + HOLD), default=at_work)


def in_order(found: Sequence[News]) -> list[News]:
    """As one mail shows them."""
    return sorted(found, key=lambda each: _TOLD.index(each.section.kind))
