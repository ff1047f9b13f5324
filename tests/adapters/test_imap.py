"""The mail contract on a real IMAP server from PyPI behind a real submission server, and what only IMAP has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.contract.mail_contract import BOT, MailContract, follow, letter, outgoing, subjects
from tests.servers.imap_world import PASSWORD, ImapWorld, Keeper, imap_world, owner
from tests.servers.pymap_server import pymap


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    with pymap(tmp_path_factory.mktemp("pymap"), BOT, PASSWORD) as port, closing(Keeper(port)) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, keeper: Keeper) -> Iterator[ImapWorld]:
    """The bot's mailbox is pymap's; everybody else's is a list."""
    others: dict[str, list[bytes]] = {}

    def deliver(_sender: str, recipient: str, raw: bytes) -> None:
        if owner(recipient) == BOT:
            keeper.append(f"Delivered-To: {recipient}\r\n".encode() + raw)
        else:
            others.setdefault(owner(recipient), []).append(raw)

    keeper.clear()
    with imap_world(tmp_path, keeper, deliver, lambda who: keeper.all() if who == BOT else others.get(who, [])) as made:
        yield made


class TestImapMailOnPymap(MailContract):
    @pytest.fixture
    def world(self, world: ImapWorld) -> ImapWorld:
        return world


def test_reading_marks_nothing(world: ImapWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    world.arrive(letter("one"))
    assert subjects(follow(world.mail, cursor)) == ["one"]
    assert not any(b"\\Seen" in flags for flags in world.keeper.flags())


def test_the_copy_that_shows_a_mail_left_is_no_mail_to_us(world: ImapWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    world.mail.send(outgoing("prompt"))
    assert len(world.inbox(BOT)) == 1
    assert list(follow(world.mail, cursor)) == []
    assert world.mail.find_sent(outgoing("prompt")) is True
    assert world.mail.find_sent(outgoing("other")) is False


def test_one_connection_serves_many_mails(world: ImapWorld) -> None:
    for number in range(20):
        world.mail.send(outgoing(f"n{number}"))
    assert len(world.inbox("ana@team.example")) == 20
