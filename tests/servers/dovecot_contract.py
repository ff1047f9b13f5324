"""The mail contract on Dovecot behind aiosmtpd and LMTP: what most self-hosted mail is.

Not part of ``make test``, because it needs packages of the system: ``make test-servers``.
"""

from __future__ import annotations

import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import CursorExpired, NotFound
from tests.contract.mail_contract import ANA, BOT, follow, letter, outgoing, subjects
from tests.servers.dovecot_server import Dovecot
from tests.servers.dovecot_world import (
    Keepers,
    MailOnDovecot,
    delivering_to,
    keepers_of,
    reading,
    running_dovecot,
)
from tests.servers.imap_world import ImapWorld, imap_world


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running_dovecot() as made:
        yield made


@pytest.fixture(scope="module")
def keepers(server: Dovecot) -> Iterator[Keepers]:
    with keepers_of(server) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, server: Dovecot, keepers: Keepers) -> Iterator[ImapWorld]:
    for keeper in keepers.values():
        keeper.clear()
    with imap_world(tmp_path, keepers[BOT], delivering_to(server), reading(keepers)) as made:
        yield made


class TestImapMailOnDovecot(MailOnDovecot):
    @pytest.fixture
    def world(self, world: ImapWorld) -> ImapWorld:
        return world


def test_the_tag_of_the_envelope_comes_with_the_mail(world: ImapWorld, server: Dovecot) -> None:
    cursor = world.mail.fetch(None).cursor
    with smtplib.LMTP("127.0.0.1", server.lmtp) as line:
        line.sendmail(ANA, ["bot+k7@team.example"], letter("one"))
    (mail,) = follow(world.mail, cursor)
    assert mail.recipient == "bot+k7@team.example"


def test_a_mail_is_noticed_in_idle_and_marked_by_nobody(world: ImapWorld) -> None:
    cursor = world.mail.fetch(world.mail.fetch(None).cursor).cursor
    assert not world.mail.wait(0.2)
    assert world.mail.fetch(cursor).mails == ()
    world.arrive(letter("one"))
    assert world.mail.wait(5)
    assert subjects(follow(world.mail, cursor)) == ["one"]
    assert not any(b"\\Seen" in flags for flags in world.keeper.flags())


def test_an_idle_cut_off_is_taken_up_again(world: ImapWorld) -> None:
    cursor = world.mail.fetch(world.mail.fetch(None).cursor).cursor
    assert not world.mail.wait(0.1)
    world.break_off()
    world.arrive(letter("one"))
    assert world.mail.wait(0.2)
    world.repair()
    assert subjects(follow(world.mail, cursor)) == ["one"]


def test_a_recreated_mailbox_loses_nothing(world: ImapWorld, server: Dovecot) -> None:
    """Dovecot gives it a new UIDVALIDITY."""
    world.keeper.folder(lambda client: client.create_folder("Answers"))
    with closing(world.made(inbox="Answers")) as mail:
        cursor = mail.fetch(None).cursor
        world.keeper.append(letter("one"), "Answers")
        assert subjects(follow(mail, cursor)) == ["one"]
        world.keeper.folder(lambda client: client.delete_folder("Answers"))
        with pytest.raises(NotFound):
            mail.fetch(cursor)
        world.keeper.folder(lambda client: client.create_folder("Answers"))
        world.keeper.append(letter("two"), "Answers")
        with pytest.raises(CursorExpired):
            mail.fetch(cursor)
        assert subjects(follow(mail, "")) == ["two"]
    world.keeper.folder(lambda client: client.delete_folder("Answers"))


def test_check_tells_what_there_is(world: ImapWorld) -> None:
    world.keeper.append(letter("spam"), "Junk")
    found = world.mail.check()
    assert (found.idle, found.condstore, found.sent_folder, found.junk) == (True, True, "Sent", 1)


def test_a_copy_filed_as_junk_is_found(world: ImapWorld) -> None:
    world.keeper.append(outgoing("prompt").raw, "Junk")
    assert world.mail.find_sent(outgoing("prompt")) is True


@pytest.mark.parametrize("name", ["Antwörten & Rückfragen", "日本", "a~b/c"])
def test_a_folder_may_be_called_anything(world: ImapWorld, name: str) -> None:
    """IMAP writes its name in a UTF-7 of its own (RFC 3501, 5.1.3)."""
    world.keeper.folder(lambda client: client.create_folder(name))
    with closing(world.made(inbox=name, sent=name)) as mail:
        cursor = mail.fetch(None).cursor
        world.keeper.append(outgoing("one").raw, name)
        assert subjects(follow(mail, cursor)) == ["one"]
        assert mail.find_sent(outgoing("one")) is True
        assert mail.check().sent_folder == name
    world.keeper.folder(lambda client: client.delete_folder(name))


def test_a_restored_backup_that_has_grown_since_is_noticed(world: ImapWorld, server: Dovecot, tmp_path: Path) -> None:
    """Its UIDs are given out again up to where we had read; only that the mailbox counts lower shows it."""
    world.keeper.folder(lambda client: client.create_folder("Restored"))
    folder = server.homes / BOT / "Maildir" / ".Restored"
    with closing(world.made(inbox="Restored")) as mail:
        mail.fetch(None)
        world.keeper.append(letter("old"), "Restored")
        subprocess.run(["cp", "-a", folder, tmp_path / "backup"], check=True)
        for number in range(3):
            world.keeper.append(letter(f"lost {number}"), "Restored")
            world.keeper.folder(flagged)
        cursor = mail.fetch("").cursor
        mail.close()
        subprocess.run(["rm", "-r", folder], check=True)
        subprocess.run(["cp", "-a", tmp_path / "backup", folder], check=True)
        for number in range(4):
            world.keeper.append(letter(f"new {number}"), "Restored")
        with pytest.raises(CursorExpired):
            mail.fetch(cursor)
        assert subjects(follow(mail, "")) == ["old", "new 0", "new 1", "new 2", "new 3"]
    world.keeper.folder(lambda client: client.delete_folder("Restored"))


def flagged(client: Any) -> None:
    """Somebody reads along: that counts the mailbox on as well."""
    client.select_folder("Restored")
    client.add_flags(client.search(), [b"\\Seen"])
    client.unselect_folder()
