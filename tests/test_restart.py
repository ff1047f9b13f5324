"""Stopping at any point and going on loses nothing and repeats nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Literal

import pytest
from assistant.adapters.local import LocalCalendar, LocalMail
from sqlite_utils import Database

from assistant import config, loops
from assistant.domain.calendar import Event
from assistant.errors import Unavailable
from assistant.ports import EventRef, MailBatch, OutgoingMail
from assistant.render import Renderer
from assistant.wiring import House, open_house
from tests.journeys import day

When = Literal["before", "after"]
RENDERER = Renderer()


class Stopped(BaseException):
    """What a power cut looks like from inside: nothing catches it."""


def settings(folder: Path) -> config.Config:
    (folder / "config.yaml").write_text(day.CONFIG, encoding="utf-8")
    return config.load(folder / "config.yaml")


@contextmanager
def opened(known: config.Config, moment: datetime) -> Iterator[House]:
    """A house of its own but for the compiled templates, which take longest."""
    with open_house(known, moment) as house:
        house.desk = replace(house.desk, render=RENDERER)
        yield house


def live(folder: Path, prepare: Callable[[House], None] = lambda _house: None) -> int:
    """Through the day, opening the house again after each stop; how often it stopped."""
    known, stops = settings(folder), 0
    for moment in day.MOMENTS:
        day.speak(known.data, moment)
        through = False
        while not through:
            try:
                with opened(known, moment) as house:
                    prepare(house)
                    loops.everything(house, moment, lambda _place: nullcontext())
                    through = True
            except Stopped:
                stops += 1
                assert stops < 1_000, "it never gets on"
    return stops


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    folder = tmp_path_factory.mktemp("undisturbed")
    live(folder)
    found = day.outcome(folder / "data")
    assert len(found["mails"]) >= 14 and len(found["answers"]) >= 12
    return found


def test_a_restart_after_each_single_loop_changes_nothing(tmp_path: Path, undisturbed: Mapping[str, Any]) -> None:
    known = settings(tmp_path)
    steps = (loops.fetch, loops.handle, loops.work, loops.calendars, loops.send)
    for moment in day.MOMENTS:
        day.speak(known.data, moment)
        for step in steps * 3:
            with opened(known, moment) as house:
                step(house, moment, lambda _place: nullcontext())
    assert day.outcome(known.data) == undisturbed


class Counting(Database):
    """A store that stops the program at its n-th transaction that changes anything, ``before`` it is kept or after."""

    def __init__(self, connection: Connection, when: When = "after", left: int = 1) -> None:
        self.when, self.left, self.changes = when, left, connection.total_changes
        super().__init__(connection)

    @contextmanager
    def atomic(self) -> Iterator[Any]:
        outermost = not self.conn.in_transaction
        with super().atomic() as made:
            yield made
            if outermost and self.when == "before":
                self._count()
        if outermost and self.when == "after":
            self._count()

    def execute(self, sql: str, parameters: Any = None) -> Any:
        made = super().execute(sql, parameters)
        if not self.conn.in_transaction and self.when == "after":
            self._count()
        return made

    def _count(self) -> None:
        changed, self.changes = self.conn.total_changes > self.changes, self.conn.total_changes
        self.left -= changed
        if changed and self.left == 0:
            raise Stopped


def with_store(made: Callable[[Database], Database]) -> Callable[[House], None]:
    def prepare(house: House) -> None:
        db = made(house.db)
        house.db = db
        house.desk = replace(house.desk, db=db)

    return prepare


def test_a_stop_after_every_single_transaction_changes_nothing(tmp_path: Path, undisturbed: Mapping[str, Any]) -> None:
    """After the first and second, which may only look at the calendars again, and after the third, which gets on."""
    turns = cycle((1, 2, 3))
    assert live(tmp_path, with_store(lambda db: Counting(db.conn, "after", next(turns)))) > 100
    assert day.outcome(tmp_path / "data") == undisturbed


def test_a_stop_before_a_transaction_is_kept_changes_nothing(tmp_path: Path, undisturbed: Mapping[str, Any]) -> None:
    turns = cycle((1, 2, 3, 4))
    assert live(tmp_path, with_store(lambda db: Counting(db.conn, "before", next(turns)))) > 15
    assert day.outcome(tmp_path / "data") == undisturbed


class Shaky(LocalMail):  # type: ignore[misc]  # mypy sees adapters under their folder's name only
    """Fails once for each mail and each batch: before it did the work or after it."""

    def __init__(self, folder: Path, fault: Callable[[], BaseException], when: When, met: set[str]) -> None:
        super().__init__(folder, day.ADA)
        self._fault, self._when, self._met = fault, when, met

    def _once(self, name: str, now: When) -> None:
        if now == self._when and name not in self._met:
            self._met.add(name)
            raise self._fault()

    def send(self, mail: OutgoingMail) -> None:
        self._once(f"send {mail.message_id}", "before")
        super().send(mail)
        assert f"handed over {mail.message_id}" not in self._met, "nothing that left is handed over again"
        self._met.add(f"handed over {mail.message_id}")
        self._once(f"send {mail.message_id}", "after")

    def fetch(self, cursor: str | None) -> MailBatch:
        self._once(f"fetch {len(self._met) // 3}", "before")
        found: MailBatch = super().fetch(cursor)
        for mail in found.mails:
            self._once(f"fetch {mail.provider_id}", "after")
        return found


class ShakyCalendar(LocalCalendar):  # type: ignore[misc]  # as above
    """The same for calendars, for each revision of an event."""

    def __init__(self, folder: Path, fault: Callable[[], BaseException], when: When, met: set[str], zones: Any) -> None:
        super().__init__(folder, day.ADA, zones)
        self._fault, self._when, self._met = fault, when, met

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        name = f"upsert {event.uid} {event.sequence} {hash(event.overrides)}"
        if self._when == "before" and name not in self._met:
            self._met.add(name)
            raise self._fault()
        made: EventRef = super().upsert(event, ref)
        if self._when == "after" and name not in self._met:
            self._met.add(name)
            raise self._fault()
        return made


def shaken(fault: Callable[[], BaseException], when: When, met: set[str]) -> Callable[[House], None]:
    def prepare(house: House) -> None:
        data, people = house.config.data, house.desk.setup.people.values()
        house.mail = {"main": Shaky(data, fault, when, met)}
        zones = {person.address: person.zone for person in people}
        house.calendars = {"main": ShakyCalendar(data, fault, when, met, zones)}

    return prepare


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_stop_beside_every_handover_changes_nothing(
    tmp_path: Path, undisturbed: Mapping[str, Any], when: When
) -> None:
    met: set[str] = set()
    stops = live(tmp_path, shaken(Stopped, when, met))
    assert stops == len({name for name in met if not name.startswith("handed over")}) > 20
    assert day.outcome(tmp_path / "data") == undisturbed


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_unavailable_provider_is_asked_again_and_gets_each_mail_once(
    tmp_path: Path, undisturbed: Mapping[str, Any], when: When
) -> None:
    """Here the daemon goes on, as it would; a minute is not enough, five are."""
    known, met = settings(tmp_path), set[str]()
    troubles: list[str] = []

    @contextmanager
    def guard(place: str) -> Iterator[None]:
        try:
            yield
        except Unavailable:
            troubles.append(place)

    with open_house(known, day.SUNDAY) as house:
        shaken(lambda: Unavailable("not now", in_doubt=when == "after"), when, met)(house)
        for moment in day.MOMENTS:
            day.speak(known.data, moment)
            for minutes in (0, 1, 6, 7):
                loops.everything(house, moment + timedelta(minutes=minutes), guard)
    found = day.outcome(known.data)
    assert met
    assert found["mails"] - undisturbed["mails"] == _notices(found["mails"])
    assert not undisturbed["mails"] - found["mails"]
    assert (found["answers"], found["records"]) == (undisturbed["answers"], undisturbed["records"])
    assert found["calendars"] == undisturbed["calendars"]


def _notices(mails: Any) -> Any:
    """Mails to the operator about it are all that came besides."""
    return type(mails)({key: count for key, count in mails.items() if key[1] == "notice"})
