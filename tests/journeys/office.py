"""A small office in simulated time: a configuration, Maildirs, calendars, and people who answer when told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from assistant.adapters.maildir import deliver

from assistant import config, loops
from assistant.demo import clients
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender
from assistant.store import outbox, people, timers
from assistant.wiring import House, open_house
from assistant.workflows.replies import ANSWERED
from tests.journeys.hours import outside_hours

_SHORTEST = timedelta(seconds=1)


@dataclass(frozen=True)
class Letter:
    """A mail of the assistant as its reader finds it. ``at`` is in the reader's zone; ``asked`` as "check-in/done"."""

    to: str
    at: datetime
    kinds: tuple[str, ...]
    asked: tuple[str, ...]
    subject: str
    mail: EmailMessage = field(repr=False)
    raw: bytes = field(repr=False)
    id: str
    """Its Message-ID."""

    @cached_property
    def text(self) -> str:
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    def __contains__(self, words: str) -> bool:
        return words in " ".join(self.text.split())


@dataclass(slots=True)
class _Box:
    """What somebody got, oldest first; how many of it their habit has considered."""

    letters: list[Letter] = field(default_factory=list)
    considered: int = 0
    begun: bool = False


Habit = Callable[[Letter], str | None]
"""What somebody answers to a mail as it arrives; None for nothing."""


@dataclass
class Office:
    """``config.yaml`` and ``data/`` lie in ``folder``. Faults are let through, so that a test sees them."""

    folder: Path
    now: datetime
    house: House = field(init=False)
    habits: dict[str, Habit] = field(default_factory=dict)
    answer_after: timedelta = timedelta(minutes=20)
    by_the_hour: bool = True
    """Else calendars, which only we write, are looked at when something else is to be done, too."""
    ticks: int = 0
    _open: ExitStack = field(default_factory=ExitStack)
    _boxes: dict[str, _Box] = field(default_factory=dict, repr=False)
    _zones: dict[str, ZoneInfo] = field(default_factory=dict, repr=False)
    """Also of those who have left."""
    _written: int = 0
    _waiting: list[tuple[datetime, int, bytes]] = field(default_factory=list)

    # --- the house ---------------------------------------------------------------------------------------------------

    def open(self) -> None:
        self._open = ExitStack()
        self.house = self._open.enter_context(open_house(config.load(self.folder / "config.yaml"), self.now))

    def close(self) -> None:
        self._open.close()

    def reconfigure(self, text: str) -> None:
        """As the daemon does when the file changes."""
        self.zone("")  # remember everybody's
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")
        self.house.adopt(config.load(self.folder / "config.yaml"), self.now)

    @property
    def data(self) -> Path:
        return self.house.config.data

    def rows(self, sql: str, *values: object) -> list[Any]:
        return list(self.house.db.execute(sql, list(values)).fetchall())

    # --- time --------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        self.ticks += 1
        loops.everything(self.house, self.now, lambda _place: nullcontext())

    def until(self, moment: datetime) -> None:
        """Live on from instant to instant; whoever has a habit answers."""
        self.tick()
        while self.now < moment:
            self._consider()
            wishes = [self._next_due(), *(due for due, _, _ in self._waiting)]
            coming = min((wish for wish in wishes if wish is not None), default=moment)
            self.now = min(max(coming, self.now + _SHORTEST), moment)
            for waiting in sorted(each for each in self._waiting if each[0] <= self.now):
                self._waiting.remove(waiting)
                self._drop(waiting[2])
            self.tick()
        self._consider()

    def _next_due(self) -> datetime | None:
        if self.by_the_hour:
            return loops.next_due(self.house)
        db = self.house.db
        due = db.execute("SELECT min(due) FROM timers WHERE stage != ?", [timers.CALENDAR]).fetchone()[0]
        moments = [datetime.fromisoformat(due) if due else None, outbox.next_ready(db)]
        return min((moment for moment in moments if moment is not None), default=None)

    def sleep_until(self, moment: datetime) -> None:
        """Nothing runs meanwhile, as when the machine is off."""
        self.now = moment

    def _consider(self) -> None:
        for address, habit in self.habits.items():
            box = self._box(address)
            fresh = box.letters[box.considered :]
            box.considered = len(box.letters)
            for letter in fresh:
                said = habit(letter)
                if said is not None:
                    self._waiting.append((self.now + self.answer_after, self._written, self.reply_bytes(letter, said)))
                    self._written += 1

    # --- mail --------------------------------------------------------------------------------------------------------

    def inbox(self, address: str, kind: str | None = None) -> list[Letter]:
        """What somebody got, oldest first; with ``kind`` the mails that hold it."""
        return [letter for letter in self._box(address).letters if kind is None or kind in letter.kinds]

    def _box(self, address: str) -> _Box:
        """With what has come since: what was read is moved from ``new`` to ``cur``, so that a look costs little."""
        box = self._boxes.setdefault(address, _Box())
        folder = self.data / "mail" / address
        came = [] if box.begun or not (folder / "cur").is_dir() else list((folder / "cur").iterdir())
        box.begun = True
        for path in list((folder / "new").iterdir()) if (folder / "new").is_dir() else ():
            came.append(path.rename(folder / "cur" / (path.name.partition(":2,")[0] + ":2,S")))
        if came:
            fresh = [(path.stat().st_mtime_ns, self._read(address, path)) for path in came]
            fresh.sort(key=lambda pair: (pair[1].at, pair[0]))
            box.letters += [letter for _, letter in fresh]
            box.letters.sort(key=lambda letter: letter.at)
        return box

    def last(self, address: str, kind: str | None = None) -> Letter:
        return self.inbox(address, kind)[-1]

    def _read(self, address: str, path: Path) -> Letter:
        raw = path.read_bytes()
        mail = message_from_bytes(raw, policy=policy.default)
        zone = self.zone(address)
        return Letter(
            to=address,
            at=parsedate_to_datetime(str(mail["Date"])).astimezone(zone),
            kinds=tuple(str(mail["X-Assistant-Kind"]).split(", ")),
            asked=tuple(str(mail["X-Assistant-Questions"] or "").split(", ")),
            subject=str(mail["Subject"]),
            mail=mail,
            raw=raw,
            id=str(mail["Message-ID"]),
        )

    def zone(self, address: str) -> ZoneInfo:
        self._zones.update({person.address: person.zone for person in self.house.desk.setup.people.values()})
        return self._zones.get(address, ZoneInfo("UTC"))

    def reply_bytes(
        self, letter: Letter, text: str, *, client: Client = Client.GMAIL, sender: str | None = None
    ) -> bytes:
        who = sender or letter.to
        person = self.house.desk.setup.people.get(who)
        return clients.reply(
            client,
            to_mail=letter.mail,
            sender=Sender(person.name if person else who, who, person.language if person else "en"),
            text=text,
            now=(self.now + timedelta(microseconds=self._written)).astimezone(self.zone(who)),
        )

    def reply(
        self, letter: Letter, text: str, *, client: Client = Client.GMAIL, sender: str | None = None
    ) -> list[Letter]:
        """Answered and handled at once; what came back to the sender."""
        return self.put(self.reply_bytes(letter, text, client=client, sender=sender), sender or letter.to)

    def write(self, sender: str, text: str, headers: Mapping[str, str] | None = None) -> list[Letter]:
        """A fresh mail to the assistant, handled at once; what came back to the sender."""
        self._written += 1
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = sender
        mail["To"] = self.house.desk.setup.assistant.address
        mail["Subject"] = "Hello"
        mail["Date"] = format_datetime(self.now)
        mail["Message-ID"] = f"<{self._written}.{self.now.timestamp()}@client.example>"
        for name, value in (headers or {}).items():
            del mail[name]
            mail[name] = value
        mail.set_content(text)
        return self.put(mail.as_bytes(), sender)

    def put(self, raw: bytes, sender: str) -> list[Letter]:
        before = {letter.id for letter in self.inbox(sender)}
        self._drop(raw)
        self.tick()
        return [letter for letter in self.inbox(sender) if letter.id not in before]

    def _drop(self, raw: bytes) -> None:
        self._written += 1
        deliver(self.data, self.house.desk.setup.assistant.address, raw, f"{self._written:06}")

    # --- calendars ---------------------------------------------------------------------------------------------------

    def calendar(self, address: str) -> dict[str, Any]:
        """Every file of somebody's calendar as icalendar reads it, by UID."""
        folder = self.data / "calendars" / address
        found: dict[str, Any] = {}
        for path in sorted(folder.glob("*.ics")):
            read: Any = icalendar.Calendar.from_ical(path.read_bytes())
            found[str(read.walk("VEVENT")[0]["UID"])] = read
        return found

    def meetings(self, address: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime, str]]:
        """What the calendar shows between two instants, as other programs expand it: UTC start, end and title."""
        found = []
        for read in self.calendar(address).values():
            for event in recurring_ical_events.of(read).between(start, end):
                if str(event.get("STATUS", "")) != "CANCELLED":
                    start_, end_ = (moment.astimezone(UTC) for moment in (event.start, event.end))
                    found.append((start_, end_, str(event["SUMMARY"])))
        return sorted(found)

    def put_event(self, address: str, uid: str, start: datetime, end: datetime, *more: str) -> None:
        """An event of somebody's own."""
        lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//somebody//EN", "BEGIN:VEVENT", f"UID:{uid}",
            f"DTSTAMP:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTEND:{end.astimezone(UTC):%Y%m%dT%H%M%SZ}", "SUMMARY:Dentist", *more, "END:VEVENT", "END:VCALENDAR", "",
        ]  # fmt: skip
        folder = self.data / "calendars" / address
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{uid}.ics").write_bytes("\r\n".join(lines).encode())


@contextmanager
def office(folder: Path, text: str, start: datetime, *, newcomers: bool = False) -> Iterator[Office]:
    """An office that has just begun; unless they are ``newcomers``, its people have answered such mails before."""
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    made = Office(folder, start)
    made.open()
    try:
        if not newcomers:
            for address in made.house.desk.setup.people:
                people.set_(made.house.db, start, address, ANSWERED, "yes", None)
        made.tick()
        yield made
    finally:
        made.close()


def utc(text: str) -> datetime:
    """``2026-11-24 09:00`` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def check_invariants(made: Office) -> None:
    """What must hold at any rest: one end each, one copy each, nothing at night, a store that is whole."""
    db = made.house.db
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert not db.execute("PRAGMA foreign_key_check").fetchall()
    assert made.rows("SELECT id FROM inbound WHERE state = 'stored'") == []
    assert made.rows("SELECT id, state FROM outbox WHERE state NOT IN ('sent', 'suppressed')") == []
    open_in_closed = (
        "SELECT p.id FROM prompts p JOIN occurrences o ON o.key = p.occurrence"
        " WHERE o.state = 'closed' AND p.state IN ('planned', 'asked')"
    )
    assert made.rows(open_in_closed) == []
    overdue = "SELECT id, kind, person FROM prompts WHERE state = 'asked' AND closes < ?"
    assert made.rows(overdue, f"{made.now:%Y-%m-%dT%H:%M:%SZ}") == []
    unending = (
        "SELECT o.key FROM occurrences o WHERE o.state = 'open' AND NOT EXISTS"
        " (SELECT 1 FROM prompts p WHERE p.occurrence = o.key AND p.state IN ('planned', 'asked'))"
        " AND o.kind NOT IN ('agenda-call', 'meeting-feedback')"
    )
    assert made.rows(unending) == []
    boxes = [
        path.name for path in (made.data / "mail").iterdir() if path.name != made.house.desk.setup.assistant.address
    ]
    letters = [letter for address in boxes for letter in made.inbox(address)]
    received = [letter.id for letter in letters]
    assert len(received) == len(set(received)), "a mail came twice"
    sent = {row[0] for row in made.rows("SELECT message_id FROM outbox WHERE state = 'sent'")}
    assert set(received) == sent
    assert outside_hours(db, made.house.desk.setup) == []
