"""What now calls for: every due timer, structure first, then each person's mails together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from assistant.domain.people import Person
from assistant.store import timers
from assistant.store.timers import MAIL, STRUCTURE, Timer
from assistant.workflows import (
    announcing,
    asking,
    deciding,
    goals,
    kpis,
    meetings,
    people,
    polls,
    prompting,
    pulse,
    reminding,
    rollups,
    rounds,
    tasks,
    telling,
    welcome,
    wishes,
)
from assistant.workflows.desk import Desk, Guard, Handler

HANDLERS: Mapping[str, Handler] = {
    **rounds.HANDLERS,
    **prompting.HANDLERS,
    **meetings.HANDLERS,
    **wishes.HANDLERS,
    **goals.HANDLERS,
    **people.HANDLERS,
    **announcing.HANDLERS,
    **tasks.HANDLERS,
    **kpis.HANDLERS,
}
"""Structure: what opens, closes and plans."""

WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {
    **dict.fromkeys(telling.BRINGS, telling.write_all),
    **goals.WRITERS,
    **polls.WRITERS,
    **pulse.WRITERS,
    **announcing.WRITERS,
    **deciding.WRITERS,
    "week-post": rollups.post_all,
}
"""Reports that many read are written together, so that what they share is computed once."""

_BATCH = 200
_AFTER_FAULT, _AT_MOST = timedelta(minutes=10), timedelta(days=1)


def run(desk: Desk, now: datetime, guard: Guard) -> int:
    """Work until nothing is due at ``now``; returns how many timers fired.

    One that fails is put off, longer each time, so that it neither blocks the rest nor is forgotten.
    """
    fired = 0
    while True:
        structure = timers.due(desk.db, now, STRUCTURE, _BATCH)
        if structure:
            with desk.db.atomic():
                for timer in structure:
                    _fire(desk, now, guard, [timer], partial(HANDLERS[timer.handler], desk, timer, now))
            fired += len(structure)
            continue
        mails = timers.due(desk.db, now, MAIL, _BATCH)
        if not mails:
            return fired
        with desk.db.atomic():
            for write in dict.fromkeys(WRITERS.values()):
                reports = [timer for timer in mails if WRITERS.get(timer.handler) is write]
                if reports and not _fire(desk, now, guard, reports, partial(write, desk, reports, now)):
                    for report in reports:  # one that cannot be written must not keep the others from their readers
                        _fire(desk, now, guard, [report], partial(write, desk, [report], now))
            for address, group in _by_person(mails):
                _fire(desk, now, guard, group, partial(_mail, desk, now, desk.setup.people.get(address), group))
        fired += len(mails)


def _by_person(mails: Sequence[Timer]) -> Iterator[tuple[str, list[Timer]]]:
    """Each person's prompts and reminders. A person cut off by the end of the batch waits for the next one."""
    people = [(who, list(group)) for who, group in groupby(mails, key=lambda timer: timer.person)]
    if len(mails) == _BATCH and len(people) > 1:
        people.pop()
    for who, group in people:
        own = [timer for timer in group if timer.handler not in WRITERS]
        if own:
            yield who, own


def _fire(desk: Desk, now: datetime, guard: Guard, due: Sequence[Timer], act: Callable[[], None]) -> bool:
    """Whether it went well. What failed is put off; the guard is told no more than a handler and a row's number."""
    ref = due[0].ref if due[0].ref.isdigit() else ""
    done = False
    with guard(f"timer {due[0].handler} {ref}".strip()):
        with desk.db.atomic():
            timers.drop(desk.db, *(timer.key for timer in due))
            act()
        done = True
    if not done:
        for timer in due:
            pause = min(_AFTER_FAULT * 4 ** min(timer.strikes, 9), _AT_MOST)
            timers.put(desk.db, replace(timer, due=now + pause, strikes=timer.strikes + 1))
    return done


def _mail(desk: Desk, now: datetime, person: Person | None, due: Sequence[Timer]) -> None:
    """One person's mails of this moment: a welcome, what they are asked, what they are reminded of."""
    if person is not None and any(timer.handler == "welcome" for timer in due):
        welcome.write(desk, now, person)
    asks = [int(timer.ref) for timer in due if timer.handler == "ask"]
    if asks:
        asking.ask(desk, now, person, asks)
    reminders = [timer for timer in due if timer.handler == "remind"]
    if reminders:
        reminding.remind(desk, now, person, reminders)
