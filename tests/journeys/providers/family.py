"""What the families of servers have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tests.journeys.providers.people import ADA, PEOPLE, TEAM, Answered, Office

Reader = Callable[[str, bytes], None]
"""A mail program: is told who got which mail."""
Accounts = dict[str, dict[str, object]]


class Family:
    """Servers on which an assistant at the address ``ada`` runs, and what moves between them and ``people``.

    ``accounts`` is what the configuration says of them; ``wires`` are options that no file holds, by account.
    """

    accounts: Accounts
    wires: Mapping[str, Mapping[str, object]] = {}

    def __init__(self, office: Office, people: tuple[str, ...] = PEOPLE, ada: str = ADA) -> None:
        self.office, self.people, self.ada = office, people, ada
        self.readers: list[Reader] = []

    @property
    def settings(self) -> dict[str, Any]:
        """The whole configuration."""
        return {**TEAM, "data": "house", "accounts": self.accounts}

    @property
    def crossed(self) -> Sequence[bytes]:
        """The mails that systems wrote to each other."""
        return ()

    @property
    def violations(self) -> Sequence[str]:
        """What was asked of the servers, or answered by them, against their contract."""
        return ()

    def push(self, now: datetime) -> None:
        """What people wrote and answered reaches the servers."""
        self.turn(now)
        for raw in self.office.mailed():
            self.arrive(raw)
        for answered in list(self.office.answered(self.people)):
            self.answer(answered, now)

    def turn(self, now: datetime) -> None:
        """The servers' clocks."""

    def arrive(self, raw: bytes) -> None:
        """A mail to the assistant."""
        raise NotImplementedError

    def answer(self, answered: Answered, now: datetime) -> None:
        """Somebody answered in their calendar to a meeting that is organised here."""
        raise NotImplementedError

    def pull(self, now: datetime) -> None:
        """What the servers have for people reaches them."""

    def receive(self, address: str, raw: bytes) -> None:
        """A mail of the assistant is in somebody's inbox."""
        self.office.receive(address, raw)
        for reader in self.readers:
            reader(address, raw)


class Opening(Protocol):
    def __call__(self, office: Office, stack: ExitStack, folder: Path, /) -> Family: ...
