"""The tick: what it costs when nothing is due, however many people there are, and what each due row costs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant import loops
from assistant.domain.people import resolve
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import timers
from assistant.store.outbox import MailState, NewMail
from assistant.store.timers import MAIL, STRUCTURE, Timer
from assistant.wiring import House
from assistant.workflows import due, operator
from benchmarks.companies import MONDAY, ZONES, address_of, begin, crowd, house, no_guard
from benchmarks.measure import Contender, Spent, Timing, side_by_side, timed
from benchmarks.report import Goal, Report, at_most, duration

DUE = 50
_TIMERS = 3
_NIGHT = MONDAY + timedelta(hours=22)
Wish = tuple[ZoneInfo, int, time]
"""A zone, a weekday and a local time: one thing that a person is to be asked each week."""


def run(*, quick: bool) -> Report:
    sizes = (100, 1_000, 10_000) if quick else (100, 1_000, 10_000, 100_000)
    runs, mails = (3, 2_000) if quick else (7, 20_000)
    idle = _idle([(size, 0) for size in sizes] + [(100, mails)], runs, 100 if quick else 1_000)
    busy = _busy(sizes[-1], 2 * runs)
    rows = [[name, *(duration(timing.each) for timing in each.values())] for name, each in idle.items()]
    rows += [[f"{name}, each of {DUE}", duration(timing.each), "", ""] for name, timing in busy.items()]
    few, middle, many, grown = (idle[_name(*of)] for of in ((100, 0), (10_000, 0), (sizes[-1], 0), (100, mails)))
    return Report(
        "Tick",
        f"The store holds {_TIMERS} timers a person. *Due*: the tick looks for what is due, and finds nothing;"
        " *look*: all that the daemon does each second (new mail, inbox, timers, problems, outbox); *scan*:"
        f" computing everybody's next local time with zoneinfo instead. Below, what due rows cost among {sizes[-1]:,}"
        f" people, {DUE} in one transaction.",
        ("", "due", "look", "scan of all"),
        rows,
        [
            at_most(f"idle at {sizes[-1]:,} people <= 1.5x that at 100", many["due"].each / few["due"].each, 1.5),
            at_most("idle <= 1 % of the scan, at 10,000", middle["due"].each / middle["scan"].each * 100, 1, " %"),
            at_most(
                f"a look with {mails:,} mails kept <= 1.5x that with none", grown["look"].each / few["look"].each, 1.5
            ),
            Goal("<= 30 µs for a due row and its next local time", duration(busy[MOVE].each), busy[MOVE].each <= 30e-6),
        ],
    )


MOVE = "move a timer to its next local time"
PLAN = "open a round, a prompt and its timer each"
ASK = "ask: render, compose, queue a mail each"
CLOSE = "close: end a prompt and its timers each"


def _name(people: int, mails: int) -> str:
    return f"{people:,} people" + (f", {mails:,} mails sent before" if mails else "")


def _idle(kinds: Sequence[tuple[int, int]], runs: int, looks: int) -> dict[str, dict[str, Timing]]:
    """Of stores with so many people and mails, all open at once, so that they take turns."""
    contenders: dict[str, tuple[Contender, int]] = {}
    with ExitStack() as stack:
        for people, mails in kinds:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            home = stack.enter_context(house(folder, crowd(DUE)))
            _fill(home, people)
            _remember(home, mails)
            loops.fetch(home, _NIGHT, no_guard)
            name, wishes = _name(people, mails), _wishes(people)
            contenders[f"{name} due"] = timed(partial(due.run, home.desk, _NIGHT, no_guard), looks), looks
            contenders[f"{name} look"] = timed(partial(_look, home), looks), looks
            contenders[f"{name} scan"] = timed(partial(_scan, wishes, _NIGHT)), 1
        found = side_by_side(contenders, runs)
    return {
        name: {what: found[f"{name} {what}"] for what in ("due", "look", "scan")}
        for name in (_name(people, mails) for people, mails in kinds)
    }


def _look(home: House) -> None:
    did = loops.fetch(home, _NIGHT, no_guard) + loops.handle(home, _NIGHT, no_guard)
    did += loops.work(home, _NIGHT, no_guard) + operator.tell(home.desk, _NIGHT) + loops.send(home, _NIGHT, no_guard)
    if did:
        raise RuntimeError("something was due at night")


def _fill(home: House, people: int) -> None:
    """Timers of people who are not due for a year, spread over the minutes of a week."""
    with home.db.atomic():
        for number in range(people):
            for nth in range(_TIMERS):
                moment = MONDAY + timedelta(days=365, minutes=(number * 37 + nth * 4001) % 10_080)
                who = f"far{number}@example.org"
                timers.put(home.db, Timer(f"rollup:{nth}:{who}", moment, "rollup", "", who, MAIL if nth else STRUCTURE))


def _remember(home: House, mails: int) -> None:
    """Mails that left long ago stay in the store."""
    with home.db.atomic():
        for number in range(mails):
            id_ = outbox_store.add(home.db, MONDAY, _mail(number))
            outbox_store.finish(home.db, MONDAY, id_, MailState.SENT)


def _mail(number: int) -> NewMail:
    key = f"check-in {number}"
    return NewMail(
        key=key, account="main", person=address_of(number % 100), kinds=["check-in"], occurrence=key, thread=key,
        audience="", message_id=f"<{number}@in.example.com>", token=f"{number}", sender="", recipient="",
        subject="Check-in", raw=b"x" * 5_000, text="x" * 500, because="",
    )  # fmt: skip


def _wishes(people: int) -> list[Wish]:
    """As many as there are timers."""
    return [
        (ZONES[(n + k) % len(ZONES)], (n + k) % 5, time(9 + n % 8, 15 * (k % 4)))
        for n in range(people)
        for k in range(_TIMERS)
    ]


def _scan(wishes: Sequence[Wish], now: datetime) -> list[Wish]:
    return [wish for wish in wishes if now <= _next_local(wish, now) < now + timedelta(minutes=1)]


def _next_local(wish: Wish, now: datetime) -> datetime:
    zone, weekday, wall = wish
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=(weekday - local.weekday()) % 7)
    moment = datetime.combine(day, wall, zone)
    return (moment if moment >= local else datetime.combine(day + timedelta(days=7), wall, zone)).astimezone(UTC)


def _busy(size: int, runs: int) -> dict[str, Timing]:
    """Day after day: the round opens and plans, hours later the crowd is asked, hours later its windows close."""
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), crowd(DUE)) as home:
        _fill(home, size)
        early, *_ = home.desk.setup.people
        people_store.set_(home.db, MONDAY, early, "stopped", "", None)  # so that opening the round writes no mail
        begin(home)
        days = [MONDAY + timedelta(days=n) for n in range(2 * runs + 7) if n % 7 < 5][: runs + 1]
        found: dict[str, list[Spent]] = {}
        for day in days:
            for name, spent in _day(home, day).items():
                found.setdefault(name, []).append(spent)
        return {name: Timing(tuple(taken[1:]), DUE + 2 if name == PLAN else DUE) for name, taken in found.items()}


def _day(home: House, day: datetime) -> dict[str, Spent]:
    def at(hours: float) -> Contender:
        return timed(lambda: due.run(home.desk, day + timedelta(hours=hours), no_guard))

    opening = at(1)()  # 10:00 in Tokyo
    moved = _move_rows(home, day.date())
    at(8.5)()  # yesterday's digests
    asking, closing = at(9)(), at(13)()  # 10:00 and 14:00 in Berlin
    at(23)()  # Los Angeles has closed too, and with it the round
    return {MOVE: moved, PLAN: opening, ASK: asking, CLOSE: closing}


def _move_rows(home: House, day: date) -> Spent:
    """The bare tick: read what is due, take each away and put it back at its next local time."""
    now = datetime.combine(day, time(5), UTC)
    own = [Timer(f"bare:{n}", now, "bare", "", address_of(n), 9) for n in range(DUE)]
    with home.db.atomic():
        for timer in own:
            timers.put(home.db, timer)

    def move() -> None:
        with home.db.atomic():
            for n, timer in enumerate(timers.due(home.db, now, 9, 200)):
                timers.drop(home.db, timer.key)
                coming = resolve(day + timedelta(days=1), time(9), ZONES[n % len(ZONES)])
                timers.put(home.db, replace(timer, due=coming))

    spent = timed(move)()
    with home.db.atomic():
        timers.drop(home.db, *(timer.key for timer in own))
    return spent
