"""The fake organisation by Exchange Web Services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.adapters.exchange import ExchangeCalendar, ExchangeMail

from tests.adapters.organisation_world import (
    NOW,
    Door,
    OrganisationCalendarWorld,
    OrganisationMailWorld,
    held_to_its_contract,
)
from tests.contract.calendar_contract import ANA, BEN, BERLIN, BOT
from tests.fakes.ews import FakeEws, soap_fault
from tests.fakes.loopback import Answer, Fault

OPTIONS: dict[str, Any] = {"username": "TEAM\\bot", "password": "sesame", "auth": "basic", "per_minute": 1e6}
MAIL = {"poll": 0.1, "subaddress": "+"}
_OPERATIONS = {
    "draft": "CreateItem",
    "look": "GetItem",
    "send": "SendItem",
    "make": "CreateItem",
    "change": "UpdateItem",
    "delete": "DeleteItem",
}


class ExchangeDoor(Door):
    fake: FakeEws

    def fault(self, act: str, answer: Answer | None = None, *, after: bool = False) -> Fault:
        return Fault(_OPERATIONS[act], answer=answer, after=after)

    def busy(self, seconds: int) -> Answer:
        return soap_fault("ErrorServerBusy", 1000 * seconds)

    def changed_meanwhile(self) -> Answer:
        return soap_fault("ErrorIrresolvableConflict")

    def lock_out(self) -> None:
        self._restart_with(password="wrong-one")


class ExchangeMailWorld(ExchangeDoor, OrganisationMailWorld):
    mail: ExchangeMail
    notes = "exchange"

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | MAIL | options
        self.fake = FakeEws(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        self.mail = ExchangeMail(self.folder, BOT, endpoint=self.fake.url, **self.options)


class ExchangeCalendarWorld(ExchangeDoor, OrganisationCalendarWorld):
    calendar: ExchangeCalendar

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, FakeEws(BOT, [ANA, BEN], NOW), OPTIONS | options)

    def restart(self) -> None:
        zones = {ANA: BERLIN, BEN: BERLIN}
        self.calendar = ExchangeCalendar(self.folder, BOT, zones, endpoint=self.fake.url, **self.options)


def mail_world(folder: Path) -> Iterator[ExchangeMailWorld]:
    yield from held_to_its_contract(ExchangeMailWorld(folder))


def calendar_world(folder: Path) -> Iterator[ExchangeCalendarWorld]:
    yield from held_to_its_contract(ExchangeCalendarWorld(folder))
