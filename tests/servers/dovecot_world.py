"""The assistant's account where Dovecot keeps the mail, whoever takes it in; for the mail contract."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.contract.mail_contract import ANA, BOT, MailContract, MailWorld, follow
from tests.servers.dovecot_server import Dovecot, dovecot, missing
from tests.servers.imap_world import PASSWORD, Keeper

BEN = "ben@team.example"
Keepers = Mapping[str, Keeper]


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """With a mailbox for each of the three. Fails where it is not installed, and says what to install."""
    if reason := missing():
        pytest.fail(reason)
    with dovecot(dict.fromkeys((BOT, ANA, BEN), PASSWORD)) as made:
        yield made


@contextmanager
def keepers_of(server: Dovecot) -> Iterator[Keepers]:
    with ExitStack() as stack:
        yield {user: stack.enter_context(closing(Keeper(server.imap, user))) for user in (BOT, ANA, BEN)}


def delivering_to(server: Dovecot) -> Callable[[str, str, bytes], None]:
    def deliver(sender: str, recipient: str, raw: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", server.lmtp) as line:
            line.sendmail(sender, [recipient], raw)

    return deliver


def reading(keepers: Keepers) -> Callable[[str], list[bytes]]:
    """Without what was written on top on the way."""
    return lambda address: [b"From: " + raw.partition(b"\r\nFrom: ")[2] for raw in keepers[address].all()]


class MailOnDovecot(MailContract):
    def test_garbage_is_handed_on(self, world: MailWorld) -> None:
        """IMAP knows no NUL: Dovecot hands on 0x80 for it (and refuses a mail that has one where it is appended)."""
        cursor = self.first(world)
        raw = b"\xff\xfe no header at all \x80\r\n: \r\nTo\r\n\r\n\xc3("
        world.arrive(raw)
        (mail,) = follow(world.mail, cursor)
        assert mail.raw == raw
