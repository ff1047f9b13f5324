"""Send: from a due prompt to a mail handed over, beside the way one would write first and the least it could cost."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assistant import loops
from assistant.store import people as people_store
from assistant.wiring import House
from assistant.workflows import due
from benchmarks.companies import MONDAY, begin, crowd, house, no_guard
from benchmarks.measure import Spent, Timing, Watch, side_by_side
from benchmarks.peering import versions, worker
from benchmarks.report import Report, at_least, duration

OURS, STRAIGHT, LEAST = "ours", "straightforward", "limit"


def run(*, quick: bool) -> Report:
    mails, runs = (40, 3) if quick else (200, 7)
    with tempfile.TemporaryDirectory() as scratch, house(Path(scratch) / "ours", crowd(mails)) as home:
        days = Days(home, mails)
        with worker("sending", [scratch]) as peers:
            timings = side_by_side(
                {
                    OURS: (days.next, mails),
                    STRAIGHT: (peers.contender("straight", mails=mails), mails),
                    LEAST: (peers.contender("least", mails=mails), mails),
                },
                runs,
            )
        parts = {name: Timing(tuple(runs_[1:]), mails) for name, runs_ in days.parts.items()}
    each = {name: timing.each for name, timing in timings.items()}
    return Report(
        "Send",
        f"{mails} people are asked at the same minute: prompt found due, rendered as text and HTML, styles inlined,"
        " composed, queued with its cause, claimed, delivered into a Maildir and marked sent. *Straightforward*: one"
        " flat template, EmailMessage, premailer and the standard library's Maildir, nothing kept. *Limit*: the flat"
        " template, css-inline, compat32, one durable row and one durable file a mail."
        f" {versions('premailer', 'css-inline', 'jinja2')}.",
        ("", "mails/s", "per mail", "of it CPU"),
        [[name, f"{t.rate:,.0f}", duration(t.each), duration(t.cpu_each)] for name, t in (timings | parts).items()],
        [
            at_least(">= 4x the straightforward way", each[STRAIGHT] / each[OURS], 4),
            at_least(">= 70 % of the limit", each[LEAST] / each[OURS] * 100, 70, " %"),
        ],
    )


@dataclass(slots=True)
class Days:
    """A run is a day: those of the crowd are asked. ``parts`` collects what its steps took."""

    home: House
    mails: int
    day: datetime = MONDAY
    parts: dict[str, list[Spent]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        early, *_ = self.home.desk.setup.people
        people_store.set_(self.home.db, MONDAY, early, "stopped", "", None)
        begin(self.home)

    def next(self) -> Spent:
        self._all(1)
        self._all(8.5)  # yesterday's digests
        ten = self.day + timedelta(hours=9)
        watch = Watch()
        due.run(self.home.desk, ten, no_guard)
        queued = watch.spent()
        sent = loops.send(self.home, ten, no_guard)
        done = watch.spent()
        handed = Spent(done.seconds - queued.seconds, done.cpu - queued.cpu)
        if sent != self.mails:
            raise RuntimeError(f"{sent} mails left, not {self.mails}")
        self.parts.setdefault("of ours, until it is queued", []).append(queued)
        self.parts.setdefault("of ours, from the queue to the Maildir", []).append(handed)
        self._all(13)
        self._all(23)
        self.day += timedelta(days=3 if self.day.weekday() == 4 else 1)
        return done

    def _all(self, hours: float) -> None:
        now = self.day + timedelta(hours=hours)
        due.run(self.home.desk, now, no_guard)
        loops.send(self.home, now, no_guard)
