"""The assistant's account on a real IMAP server behind a real submission server, for the mail contract."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from assistant.adapters.imap import ImapMail
from imapclient import IMAPClient  # type: ignore[import-untyped]  # it has no types

from assistant.errors import Unavailable
from assistant.ports import OutgoingMail
from tests.contract.mail_contract import BOT, MailWorld

from .aiosmtpd_server import Deliver, submission
from .loopback import Wire, wire

PASSWORD = "pässwörd & more"
TAKEN = b"250 2.0.0"
"""How a submission server's answer to a whole mail begins, and none before it."""


class Keeper:
    """Somebody else at a mailbox: delivers, reads and clears. One sign-in, since those are slow on purpose."""

    def __init__(self, port: int, user: str = BOT) -> None:
        self.port = port
        self._client = IMAPClient("127.0.0.1", port, ssl=False, timeout=10)
        self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.plain_login(user, PASSWORD)

    def append(self, raw: bytes, folder: str = "INBOX") -> None:
        self._client.append(folder, raw)

    def flags(self) -> list[tuple[bytes, ...]]:
        self._client.select_folder("INBOX", readonly=True)
        return list(self._client.get_flags(self._client.search()).values())

    def all(self) -> list[bytes]:
        self._client.select_folder("INBOX", readonly=True)
        return [data[b"BODY[]"] for data in self._client.fetch(self._client.search(), ["BODY.PEEK[]"]).values()]

    def clear(self) -> None:
        self._client.select_folder("INBOX")
        if found := self._client.search():
            self._client.delete_messages(found, silent=True)
            self._client.expunge()

    def folder(self, work: Callable[[Any], None]) -> None:
        work(self._client)

    def close(self) -> None:
        self._client.logout()


class ImapWorld(MailWorld):
    """``read`` tells what anybody's mailbox holds."""

    mail: ImapMail

    def __init__(
        self, folder: Path, imap: Wire, smtp: Wire, keeper: Keeper, read: Callable[[str], list[bytes]]
    ) -> None:
        self.folder, self.imap, self.smtp, self.keeper, self.read = folder, imap, smtp, keeper, read
        self.mail = self.made()

    def made(self, **options: Any) -> ImapMail:
        given = {"security": "none", "password": PASSWORD, "mails_per_minute": 6000, "timeout": 10}
        ports = {"imap_port": self.imap.port, "smtp_port": self.smtp.port}
        return ImapMail(self.folder, BOT, host="127.0.0.1", **{**given, **ports, **options})

    def arrive(self, raw: bytes) -> None:
        self.keeper.append(raw)

    def inbox(self, address: str) -> list[bytes]:
        return self.read(address)

    def restart(self, **options: Any) -> None:
        self.mail.close()
        self.mail = self.made(**options)

    def break_off(self) -> None:
        self.imap.cut()
        self.smtp.cut()

    def repair(self) -> None:
        self.imap.mend()
        self.smtp.mend()

    def lock_out(self) -> None:
        self.restart(password="wrong")

    def let_in(self) -> None:
        self.restart()

    def lose_mailbox(self) -> None:
        self.restart(inbox="Nowhere")

    def forgotten(self, cursor: str) -> str:
        """The server has numbered the mailbox anew: another UIDVALIDITY."""
        account, folder, validity, *rest = json.loads(cursor)
        return json.dumps([account, folder, validity + 1, *rest])

    def send_unheard(self, mail: OutgoingMail) -> None:
        self.smtp.deaf = TAKEN
        with pytest.raises(Unavailable) as caught:
            self.mail.send(mail)
        assert caught.value.in_doubt
        self.smtp.deaf = None
        self.smtp.mend()

    def without_tags(self) -> None:
        self.restart(subaddress=None)


@contextmanager
def imap_world(
    folder: Path, keeper: Keeper, deliver: Deliver, read: Callable[[str], list[bytes]]
) -> Iterator[ImapWorld]:
    with submission({BOT: PASSWORD}, deliver) as port, submitting_to(port, folder, keeper, read) as made:
        yield made


@contextmanager
def submitting_to(
    port: int, folder: Path, keeper: Keeper, read: Callable[[str], list[bytes]], kind: type[ImapWorld] = ImapWorld
) -> Iterator[ImapWorld]:
    """With the submission server on ``port``."""
    with wire(keeper.port) as imap, wire(port) as smtp:
        made = kind(folder, imap, smtp, keeper, read)
        try:
            yield made
        finally:
            made.mail.close()


def owner(recipient: str) -> str:
    """Whose mailbox an address leads to, tag or not."""
    local, _, domain = recipient.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
