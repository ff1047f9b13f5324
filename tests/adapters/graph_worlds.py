"""The fake organisation by Microsoft Graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.adapters.graph import GraphCalendar, GraphMail

from tests.adapters.organisation_world import (
    NOW,
    Door,
    OrganisationCalendarWorld,
    OrganisationMailWorld,
    held_to_its_contract,
)
from tests.contract.calendar_contract import ANA, BEN, BERLIN, BOT
from tests.fakes.graph import FakeGraph
from tests.fakes.loopback import Answer, Fault, session

OPTIONS: dict[str, Any] = {"tenant": "t1", "client_id": "client", "secret": "right", "per_minute": 1e6}
MAIL = {"poll": 0.1, "mails_per_minute": 1e6}
_REQUESTS = {
    "draft": ("/messages", "POST"),
    "mark": ("/messages", "PATCH"),
    "send": ("/send", "POST"),
    "make": ("/events", "POST"),
    "change": ("/events", "PATCH"),
    "delete": ("/events", "DELETE"),
}


class GraphDoor(Door):
    fake: FakeGraph

    def fault(self, act: str, answer: Answer | None = None, *, after: bool = False) -> Fault:
        return Fault(*_REQUESTS[act], answer, after)

    def busy(self, seconds: int) -> Answer:
        return failure(429, "ApplicationThrottled", Retry_After=str(seconds))

    def changed_meanwhile(self) -> Answer:
        return failure(412, "ErrorIrresolvableConflict")

    def lock_out(self) -> None:
        self.fake.tokens.clear()
        self._restart_with(secret="wrong")


class GraphMailWorld(GraphDoor, OrganisationMailWorld):
    mail: GraphMail
    notes = "graph"

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | MAIL | options
        self.fake = FakeGraph(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        self.mail = GraphMail(self.folder, BOT, session=session(self.fake.port), **self.options)


class GraphCalendarWorld(GraphDoor, OrganisationCalendarWorld):
    calendar: GraphCalendar

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(folder, FakeGraph(BOT, [ANA, BEN], NOW), OPTIONS | options)

    def restart(self) -> None:
        zones = {ANA: BERLIN, BEN: BERLIN}
        self.calendar = GraphCalendar(self.folder, BOT, zones, session=session(self.fake.port), **self.options)


def mail_world(folder: Path, **options: Any) -> Iterator[GraphMailWorld]:
    yield from held_to_its_contract(GraphMailWorld(folder, **options))


def calendar_world(folder: Path, **options: Any) -> Iterator[GraphCalendarWorld]:
    yield from held_to_its_contract(GraphCalendarWorld(folder, **options))


def failure(status: int, code: str = "", **headers: str) -> Answer:
    body = json.dumps({"error": {"code": code, "message": "secret-content"}}).encode() if code else b""
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})
