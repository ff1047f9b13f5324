"""What is done for one calendar account: noting what others changed, reading, writing. Each is a job of ``network``."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from assistant.domain.calendar import Busy, Event
from assistant.errors import Conflict, CursorExpired, ProviderError, Rejected
from assistant.mail_jobs import pause_after
from assistant.network import Answer, Call, Errand, Job
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, InvitesByMail
from assistant.store import calendar as calendar_store
from assistant.store import inbox, timers, trail
from assistant.store.calendar import Wish
from assistant.wiring import House
from assistant.workflows import calendar_mail, meetings
from assistant.workflows.looks import Look, Told

_REFUSED_AGAIN = timedelta(hours=6)
"""Somebody may have given us the right to write meanwhile."""
_PATIENCE = timedelta(minutes=5)


def noting(house: House) -> Iterator[Errand]:
    """What others did to our events since we last looked."""
    for name, provider in house.calendars.items():
        yield Errand(f"calendar {name}", "noting changes", partial(_note, house, name, provider))


def reading(house: House, now: datetime) -> Iterator[Errand]:
    """Where a look at the calendars is due: what others changed, who is free, and what follows for our meetings."""
    if not timers.due(house.db, now, timers.CALENDAR, 1):
        return
    for name, provider in house.calendars.items():
        if not house.look.is_told(name, now):
            yield Errand(f"calendar {name}", "reading", partial(_read, house, name, provider))


def writing(house: House, now: datetime) -> Iterator[Errand]:
    """Put our own changes on the calendars."""
    for name, provider in house.calendars.items():
        if calendar_store.is_waiting(house.db, now, name):
            yield Errand(f"calendar {name}", "writing", partial(_write, house, name, provider))


def _note(house: House, name: str, provider: CalendarProvider, now: datetime) -> Job:
    cursor = inbox.cursor(house.db, f"calendar:{name}")
    answer: Answer[ChangeBatch] = yield partial(provider.changes, cursor)
    try:
        changes = answer.result()
    except CursorExpired:
        answer = yield partial(provider.changes, "")
        changes = answer.result()
    with house.db.atomic():
        if changes.cursor != cursor:
            inbox.set_cursor(house.db, answer.now, f"calendar:{name}", changes.cursor)
        if changes.changes:
            meetings.changed(house.desk, answer.now, changes)
    return len(changes.changes)


def _read(house: House, name: str, provider: CalendarProvider, now: datetime) -> Job:
    """What this account tells of its people; once all have told, or this one cannot, it is planned on."""
    look = house.look
    try:
        told, now = yield from _ask(house, look, name, provider, now)
    except ProviderError:
        look.silent.add(name)
        look.plan(house.desk, now, house.calendars)
        raise
    if house.look is not look or house.calendars.get(name) is not provider:
        return 0
    look.tell(house.desk, now, name, told)
    did = look.plan(house.desk, now, house.calendars)
    house.note_calendar_problems(now, name)
    return did


def _ask(
    house: House, look: Look, name: str, provider: CalendarProvider, now: datetime
) -> Generator[Call, Answer[Any], tuple[Told, datetime]]:
    """And when it was told."""
    yield from _note(house, name, provider, now)
    reading = look.begin(house.desk, now)
    people = () if reading is None else reading.by_account.get(name, ())
    if reading is None or not people:
        return Told(), now
    ask = partial(provider.free_busy, people, reading.period, reading.ignoring, reading.ours)
    free: Answer[Mapping[str, Sequence[Busy]]] = yield ask
    busy = dict(free.result())
    found: Answer[Sequence[Event]] = yield partial(provider.recurring, people, reading.period)
    return Told(busy, found.result()), found.now


def _write(house: House, name: str, provider: CalendarProvider, now: datetime) -> Job:
    """Each wish once; an interrupted one is done again, since an upsert is no second event.

    Others' changes are noted before we write: an upsert would hide them.
    """
    yield from _note(house, name, provider, now)
    did = 0
    last = ""
    while house.calendars.get(name) is provider and (
        claimed := calendar_store.claim(house.db, now, name, 1, after=last)  # a stop counts against one alone
    ):
        (wish,) = claimed
        last = wish.event.uid
        answer: Answer[_Written] = yield partial(_put, provider, wish)
        _note_written(house, name, provider, wish, answer)
        did += 1
    return did


_Written = tuple[EventRef | None, Collection[str]]


def _put(provider: CalendarProvider, wish: Wish) -> _Written:
    """The new ref, None after a cancellation, and who is to be invited by mail."""
    if wish.cancel:
        provider.cancel(wish.event, wish.ref)
        return None, ()
    ref = provider.upsert(wish.event, wish.ref)
    return ref, provider.by_mail(wish.event) if isinstance(provider, InvitesByMail) else ()


def _note_written(house: House, name: str, provider: CalendarProvider, wish: Wish, answer: Answer[_Written]) -> None:
    now, retried = answer.now, f"calendar {name}: putting down"
    try:
        ref, by_mail = answer.result()
        with house.db.atomic():
            if isinstance(provider, InvitesByMail):
                calendar_mail.write(house.desk, now, wish, provider, by_mail)
            calendar_store.done(house.db, wish, ref)
        trail.settled(house.db, retried)
    except Conflict as error:
        if wish.attempt + 1 < calendar_store.ATTEMPTS:
            calendar_store.forget_ref(house.db, wish)
        else:
            calendar_store.failed(house.db, now, wish, "Conflict", None if wish.cancel else now + _REFUSED_AGAIN)
            trail.trouble(house.db, now, retried, f"{error}; it is tried again every six hours")
    except Rejected as error:
        # What could not be taken off stays there: it must not hold up what goes onto another calendar instead.
        calendar_store.failed(house.db, now, wish, "Rejected", None if wish.cancel else now + _REFUSED_AGAIN)
        trail.trouble(house.db, now, retried, f"an event is refused: {error}; it is tried again every six hours")
    except ProviderError as error:
        calendar_store.failed(house.db, now, wish, type(error).__name__, now + pause_after(error, 0))
        trail.trouble(house.db, now, retried, f"an event could not be written and is being retried: {error}", _PATIENCE)
