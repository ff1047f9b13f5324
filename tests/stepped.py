"""A daemon stepped by hand, on providers that hang, fail or go past a mail when told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from assistant.adapters.local import LocalCalendar, LocalMail
from assistant.adapters.maildir import deliver

from assistant import config
from assistant.daemon import Daemon
from assistant.domain.calendar import Period
from assistant.ports import EventRef, FetchedMail, MailBatch, OutgoingMail
from assistant.wiring import House, open_house
from tests.journeys import day

OTHER = "other@example.com"
ACCOUNTS = """
accounts:
  main: {mail: local, calendar: local}
  other: {mail: local, address: other@example.com}
"""
NINE = day.MOMENTS[2]
MINUTE = timedelta(minutes=1)


class Gate:
    """Calls named in ``shut`` hang until they are taken out; ``fails`` are raised instead of doing the work."""

    def __init__(self) -> None:
        self.shut: set[str] = set()
        self.fails: dict[str, Exception] = {}
        self.calls: list[str] = []
        self.hanging = 0
        self._opened = Event()

    def open(self) -> None:
        self.shut.clear()
        self._opened.set()

    def passing(self, name: str) -> None:
        self.calls.append(name)
        if name in self.fails:
            raise self.fails[name]
        if name in self.shut:
            self.hanging += 1
            assert self._opened.wait(300)
            self.hanging -= 1


class Mail(LocalMail):  # type: ignore[misc]  # mypy sees adapters under their folder's name only
    def __init__(self, folder: Path, address: str) -> None:
        super().__init__(folder, address)
        self.gate = Gate()
        self.blind: set[str] = set()

    def fetch(self, cursor: str | None) -> MailBatch:
        """Goes past the mails in ``blind``."""
        self.gate.passing("fetch")
        found: MailBatch = super().fetch(cursor)
        return replace(found, mails=[mail for mail in found.mails if mail.provider_id not in self.blind])

    def wait(self, timeout: float) -> bool:
        """Listens so briefly that what is to be sent hardly waits for it."""
        heard: bool = super().wait(min(timeout, 0.02))
        return heard

    def send(self, mail: OutgoingMail) -> None:
        self.gate.passing("send")
        super().send(mail)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        self.gate.passing("find_sent")
        found: bool | None = super().find_sent(mail)
        return found

    def missed(self, since: datetime, known: Any) -> list[FetchedMail]:
        self.gate.passing("missed")
        found: list[FetchedMail] = super().missed(since, known)
        return found


class Calendar(LocalCalendar):  # type: ignore[misc]  # as above
    def __init__(self, folder: Path, zones: Any) -> None:
        super().__init__(folder, day.ADA, zones)
        self.gate = Gate()

    def free_busy(self, addresses: Any, period: Period, *others: Any) -> Any:
        self.gate.passing("free_busy")
        return super().free_busy(addresses, period, *others)

    def upsert(self, event: Any, ref: EventRef | None) -> EventRef:
        self.gate.passing("upsert")
        made: EventRef = super().upsert(event, ref)
        return made


class Office:
    """A daemon stepped by hand, at the time that the test says, with two mailboxes and a calendar of our own making."""

    def __init__(self, house: House) -> None:
        self.house, self.now = house, day.SUNDAY
        data = house.config.data
        self.main, self.other = Mail(data, day.ADA), Mail(data, OTHER)
        zones = {person.address: person.zone for person in house.desk.setup.people.values()}
        self.calendar = Calendar(data, zones)
        house.mail = {"main": self.main, "other": self.other}
        house.calendars = {"main": self.calendar}
        self.daemon = Daemon(house, lambda: self.now)
        self.daemon.start()
        self.until(lambda: len(self.rows("SELECT 1 FROM cursors WHERE name LIKE 'mail:%'")) == 2)

    def until(self, true: Callable[[], object]) -> None:
        """Live on until it is true, with every look that the daemon takes by the clock."""
        for _ in range(400):
            if true():
                return
            self.daemon.step(0.05)
            self.daemon.jobs.run_all()
        raise AssertionError("it did not happen")

    def settle(self) -> None:
        """Live on until nothing is under way that changes anything; what hangs is left to hang."""
        quiet = 0
        for _ in range(2000):
            before = self._traces()
            self.daemon.step(0.05)
            self.daemon.jobs.run_all()
            quiet = quiet + 1 if self._traces() == before and not self._is_working() else 0
            if quiet == 12:
                return
        raise AssertionError("it never settled")

    def _is_working(self) -> bool:
        """Whether a call that changes something is on its way to an answer; others are made all the time."""
        changing = ("looking back", "looking up", "sending", "writing")
        calls = [place for place in self.daemon.network.under_way() if place.endswith(changing)]
        return len(calls) > sum(each.gate.hanging for each in (self.main, self.other, self.calendar))

    def _traces(self) -> list[tuple[Any, ...]]:
        tables = ("inbound", "outbox", "calendar_outbox")
        return [row for table in tables for row in self.rows(f"SELECT rowid, state FROM {table}")]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.house.db.execute(sql).fetchall()
        return found

    def write(self, to: str, name: str, sender: str = day.SAM) -> None:
        head = f"From: {sender}\r\nTo: {to}\r\nSubject: Hello\r\nMessage-ID: <{name}@client.example>\r\n\r\n"
        deliver(self.house.config.data, to, f"{head}help\r\n".encode(), name)

    def received(self, who: str, kind: str) -> int:
        return sum(kind in str(mail["X-Assistant-Kind"]) for mail in day.mails(self.house.config.data, who))


@contextmanager
def working(folder: Path) -> Iterator[Office]:
    (folder / "config.yaml").write_text(day.CONFIG + ACCOUNTS, encoding="utf-8")
    with open_house(config.load(folder / "config.yaml"), day.SUNDAY) as house:
        made = Office(house)
        yield made
        for each in (made.main, made.other, made.calendar):
            each.gate.open()
        made.daemon.network.close()
