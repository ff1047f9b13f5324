"""The fake organisation behind Exchange Web Services, as the contracts see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.adapters.exchange import ExchangeCalendar, ExchangeMail

from tests.adapters.graph_worlds import NOW, OrganisationCalendarWorld, OrganisationMailWorld
from tests.contract.calendar_contract import ANA, BEN, BERLIN, BOT
from tests.fakes.ews import FakeEws, soap_fault
from tests.fakes.loopback import Answer

OPTIONS: dict[str, Any] = {
    "username": "TEAM\\bot",
    "password": "sesame",
    "auth": "basic",
    "poll": 0.1,
    "per_minute": 1e6,
    "subaddress": "+",
}


class ExchangeMailWorld(OrganisationMailWorld):
    mail: ExchangeMail
    fake: FakeEws

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | options
        self.fake = FakeEws(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        self.mail = ExchangeMail(self.folder, BOT, endpoint=self.fake.url, **self.options)


class ExchangeCalendarWorld(OrganisationCalendarWorld):
    calendar: ExchangeCalendar
    fake: FakeEws

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | options
        self.fake = FakeEws(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        zones = {ANA: BERLIN, BEN: BERLIN}
        self.calendar = ExchangeCalendar(self.folder, BOT, zones, endpoint=self.fake.url, **self.options)


LOST = [None, Answer(503), Answer(500, b"<torn"), soap_fault("ErrorServerBusy", 30_000), Answer(200, b"<torn")]


def mail_world(folder: Path) -> Iterator[ExchangeMailWorld]:
    world = ExchangeMailWorld(folder)
    yield world
    world.fake.close()
    assert world.fake.violations == []


def calendar_world(folder: Path) -> Iterator[ExchangeCalendarWorld]:
    world = ExchangeCalendarWorld(folder)
    yield world
    world.fake.close()
    assert world.fake.violations == []
