"""A store, a setup and a clock for tests of meetings; calendars are what the test says they are, mail goes nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Busy, BusyKind, Event, Period
from assistant.domain.people import Person, Team
from assistant.domain.setup import Assistant, Series, Setup
from assistant.inbound.message import parse
from assistant.ports import ChangeBatch, EventChange, EventRef, FetchedMail, MailBatch
from assistant.render import Renderer
from assistant.store import calendar, database, inbox, outbox, timers
from assistant.store import meetings as store
from assistant.store.meetings import Meeting, MeetingState
from assistant.store.outbox import Mail
from assistant.workflows import due, meetings, replies
from assistant.workflows.desk import Desk
from assistant.workflows.habits import COMMANDS, HABITS

BERLIN, ACCRA = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Accra")
MIA, SAM, ANA, LEE = (f"{name}@example.com" for name in ("mia", "sam", "ana", "lee"))
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HALF_HOUR, HOUR, DAY, WEEK = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)

PEOPLE = (
    Person(MIA, "Mia Chen", BERLIN, teams=("product",)),
    Person(SAM, "Sam Osei", ACCRA, teams=("product",), manager=MIA, aliases=("samuel@example.com",)),
    Person(ANA, "Ana Lindqvist", BERLIN, teams=("product",), manager=MIA),
    Person(LEE, "Lee Park", BERLIN, language="de", teams=("product",), manager=MIA),
)
PAIR = Series(
    f"one-on-one.{MIA}.{SAM}", "one-on-one", MIA, (MIA, SAM), Cadence(Frequency.WEEKLY, weekday=1), HALF_HOUR,
    at=time(14),
)  # fmt: skip
REVIEW = Series(
    "review.product-review", "review", MIA, (MIA, SAM, ANA, LEE), Cadence(Frequency.WEEKLY, weekday=3), HOUR,
    title="Product review", team="product", at=time(15),
)  # fmt: skip


def setup(*series: Series, people: Sequence[Person] = PEOPLE) -> Setup:
    return Setup(
        assistant=Assistant("Ada", "ada@example.com", "op@example.com", BERLIN),
        people={person.address: person for person in people},
        teams={"product": Team("product", "Product", tuple(person.address for person in people), MIA)},
        rounds=(),
        series=series,
    )


@contextmanager
def no_guard(_: str) -> Iterator[None]:
    yield


def block(start: datetime, length: timedelta = HOUR, kind: BusyKind = BusyKind.BUSY) -> Busy:
    return Busy(Period(start.astimezone(UTC), start.astimezone(UTC) + length), kind)


def berlin(day: date | datetime, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


@dataclass
class World:
    desk: Desk
    now: datetime = MONDAY
    busy: dict[str, list[Busy]] = field(default_factory=lambda: {person.address: [] for person in PEOPLE})
    existing: list[Event] = field(default_factory=list)
    changes: list[EventChange] = field(default_factory=list)
    shown: dict[str, Event] = field(default_factory=dict)
    """What the calendars were told to show, by UID."""
    video: str = ""
    """What the calendar says it made for people to meet by video."""
    written: int = 0
    mailed: int = 0

    @classmethod
    def open(cls, folder: Path, *series: Series, **given: Sequence[Person]) -> World:
        setup_ = setup(*series, **given)
        world = cls(Desk(database.open_store(folder), setup_, Renderer(), habits=HABITS, commands=COMMANDS))
        meetings.sync(world.desk, world.now)
        return world

    def reconfigure(self, *series: Series, **given: Sequence[Person]) -> None:
        self.desk = replace(self.desk, setup=setup(*series, **given))
        meetings.sync(self.desk, self.now)
        self.run()

    def run(self, until: datetime | None = None) -> None:
        """Let time pass, stopping wherever something is due."""
        until = until or self.now
        while True:
            self._settle()
            moment = timers.next_due(self.desk.db)
            if moment is None or moment > until:
                break
            self.now = max(self.now, moment)
        self.now = until

    def _settle(self) -> None:
        due.run(self.desk, self.now, no_guard)
        while timers.due(self.desk.db, self.now, timers.CALENDAR, 10):
            timers.drop(self.desk.db, "calendar")
            reading = meetings.wanted(self.desk, self.now)
            with self.desk.db.atomic():
                meetings.changed(self.desk, self.now, ChangeBatch(self.changes, ""))
                self.changes = []
                known = {a: b for a, b in self.busy.items() if reading is not None and a in reading.addresses}
                meetings.plan(self.desk, self.now, known, self.existing)
            due.run(self.desk, self.now, no_guard)
        for wish in calendar.claim(self.desk.db, self.now, "main"):
            self.written += 1
            self.shown[wish.event.uid] = wish.event
            calendar.done(
                self.desk.db, wish, EventRef(wish.event.uid, wish.event.uid, str(self.written), link=self.video)
            )

    def change(self, change: EventChange) -> None:
        """Somebody did this in their calendar; it is read at once."""
        self.changes.append(change)
        meetings.look(self.desk, self.now)
        self.run()

    def meetings(self, series: Series = PAIR) -> list[Meeting]:
        rows = store.between(self.desk.db, MONDAY - WEEK, MONDAY + 60 * WEEK)
        return [meeting for meeting in rows if meeting.series == series.name]

    def planned(self, series: Series = PAIR) -> list[Meeting]:
        return [meeting for meeting in self.meetings(series) if meeting.state is MeetingState.PLANNED]

    def event(self, series: Series = PAIR) -> Event:
        placement = store.placement(self.desk.db, series.name)
        assert placement is not None
        return self.shown[placement.uid]

    def mails(self) -> list[tuple[str, str, str]]:
        """(kinds, person, text) of what was written since the last call."""
        rows = self.desk.db.execute(
            "SELECT id, kinds, person, text FROM outbox WHERE id > ? ORDER BY id", [self.mailed]
        ).fetchall()
        self.mailed = max([self.mailed, *(row[0] for row in rows)])
        return [(kinds, person, text) for _, kinds, person, text in rows]

    def reply(self, person: str, kind: str, text: str) -> None:
        """Answer the newest mail of this kind to the person."""
        found = self.desk.db.execute(
            "SELECT id FROM outbox WHERE person = ? AND kinds LIKE ? ORDER BY id DESC LIMIT 1", [person, f"%{kind}%"]
        ).fetchone()
        self.write(person, text, outbox.by_id(self.desk.db, found[0]))

    def write(self, person: str, text: str, about: Mail | None = None) -> None:
        """A mail to the assistant, in reply to ``about`` or out of the blue."""
        raw = f"From: {person}\nTo: ada@example.com\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        number = self.desk.db.execute("SELECT count(*) FROM inbound").fetchone()[0]
        batch = MailBatch([FetchedMail(f"r{number}", raw.encode(), None, person)], "")
        inbox.store_batch(self.desk.db, self.now, "main", batch)
        with self.desk.db.atomic():
            sender = self.desk.setup.people[person]
            replies.handle(self.desk, self.now, sender, number + 1, parse(raw.encode()), about)
        self.run()


def kinds_to(mails: Sequence[tuple[str, str, str]], *, without: str = "welcome") -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kinds, person, _ in mails:
        if kinds != without:
            found.setdefault(person, []).append(kinds)
    return found
