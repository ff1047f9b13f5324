"""The assistant's mailbox on an IMAP server behind a submission server."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from tests.journeys.providers.family import Accounts, Family
from tests.journeys.providers.people import ADA, PEOPLE, Office
from tests.servers.aiosmtpd_server import submission
from tests.servers.imap_world import PASSWORD, Keeper, owner
from tests.servers.pymap_server import pymap


class OnImap(Family):
    """Calendars are for a subclass."""

    def __init__(
        self, office: Office, stack: ExitStack, folder: Path, people: tuple[str, ...] = PEOPLE, ada: str = ADA
    ) -> None:
        super().__init__(office, people, ada)
        port = stack.enter_context(pymap(folder, ada, PASSWORD))
        self.keeper = stack.enter_context(closing(Keeper(port, ada)))
        smtp = stack.enter_context(submission({ada: PASSWORD}, self._deliver))
        ports = {"imap_port": port, "smtp_port": smtp}
        given = {"host": "127.0.0.1", "security": "none", "password": PASSWORD, "mails_per_minute": 100_000}
        self.accounts: Accounts = {"main": {"mail": "imap", **given, **ports}}

    def _deliver(self, _sender: str, recipient: str, raw: bytes) -> None:
        if owner(recipient) == self.ada:
            self.keeper.append(f"Delivered-To: {recipient}\r\n".encode() + raw)
        else:
            self.receive(owner(recipient), raw)

    def arrive(self, raw: bytes) -> None:
        self.keeper.append(raw)
