"""The mail contract on Postfix in front of Dovecot, and mail that comes back: what most self-hosted mail is.

Not part of ``make test``, because it needs packages of the system and is slow: ``make test-postfix``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import Rejected
from assistant.inbound import message
from assistant.inbound.bounce import Bounce, bounced
from tests.contract.mail_contract import ANA, BOT, follow, outgoing
from tests.servers.dovecot_server import Dovecot
from tests.servers.dovecot_world import BEN, Keepers, MailOnDovecot, keepers_of, reading, running_dovecot
from tests.servers.imap_world import ImapWorld, submitting_to
from tests.servers.postfix_server import Postfix, missing, postfix

GONE = "gone@team.example"
"""Postfix has it on its list, Dovecot knows no such user."""


class PostfixWorld(ImapWorld):
    """Delivery takes its time: who looks into a mailbox, or comes back after a crash, finds it done."""

    server: Postfix

    def inbox(self, address: str) -> list[bytes]:
        self.server.settle()
        return super().inbox(address)

    def restart(self, **options: Any) -> None:
        self.server.settle()
        super().restart(**options)


@pytest.fixture(scope="module")
def behind() -> Iterator[Dovecot]:
    with running_dovecot() as made:
        yield made


@pytest.fixture(scope="module")
def server(behind: Dovecot) -> Iterator[Postfix]:
    if reason := missing():
        pytest.fail(reason)
    with postfix([BOT, ANA, BEN, GONE], behind) as made:
        yield made


@pytest.fixture(scope="module")
def keepers(behind: Dovecot) -> Iterator[Keepers]:
    with keepers_of(behind) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, server: Postfix, keepers: Keepers) -> Iterator[PostfixWorld]:
    server.settle()
    for keeper in keepers.values():
        keeper.clear()
    PostfixWorld.server = server
    with submitting_to(server.smtp, tmp_path, keepers[BOT], reading(keepers), PostfixWorld) as made:
        assert isinstance(made, PostfixWorld)
        yield made


class TestImapMailOnPostfix(MailOnDovecot):
    @pytest.fixture
    def world(self, world: PostfixWorld) -> PostfixWorld:
        return world


@pytest.mark.parametrize("recipient", ["nobody@team.example", "somebody@elsewhere.example"])
def test_a_recipient_refused_at_once_is_rejected_and_stops_nobody_else(world: PostfixWorld, recipient: str) -> None:
    """550 at RCPT; the copy to ourselves, which shows what left, is not made for it either."""
    with pytest.raises(Rejected):
        world.mail.send(outgoing("lost", recipient=recipient))
    world.mail.send(outgoing("prompt"))
    assert len(world.inbox(ANA)) == 1
    assert world.mail.find_sent(outgoing("lost")) is False
    assert world.mail.find_sent(outgoing("prompt")) is True


def test_what_comes_back_is_read_as_a_bounce(world: PostfixWorld) -> None:
    """Taken in and refused later: Postfix' own delivery status notification (RFC 3464) reaches our mailbox."""
    cursor = world.mail.fetch(None).cursor
    world.mail.send(outgoing("prompt", recipient=GONE))
    world.server.settle()
    (report,) = follow(world.mail, cursor)
    assert bounced(message.parse(report.raw)) == Bounce(GONE, True, outgoing("prompt").message_id)


def test_one_message_id_sent_twice_arrives_twice_and_we_look_first(world: PostfixWorld) -> None:
    """No server sorts out repeats for us: whoever asks ``find_sent`` before repeating makes none."""
    world.send_unheard(outgoing("prompt"))
    world.restart()
    assert world.mail.find_sent(outgoing("prompt")) is True
    assert len(world.inbox(ANA)) == 1
    world.mail.send(outgoing("prompt"))
    assert len(world.inbox(ANA)) == 2
