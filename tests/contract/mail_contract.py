"""What every mail adapter promises. An adapter's test subclasses ``MailContract`` and gives the one fixture.

No promise is left out for any of them: where accounts differ by nature, the world says how, and the promise holds for
either kind.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from assistant.errors import CursorExpired, Rejected, Unavailable
from assistant.ports import FetchedMail, Forgets, LooksBack, MailProvider, OutgoingMail
from tests.contract.account_world import AccountWorld

BOT = "bot@team.example"
ANA = "ana@team.example"
TAGGED = "bot+k7f3@team.example"
_LONG_AGO, _SOME_DAY = datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)


class MailWorld(AccountWorld):
    """A mail account of the assistant, and the world around it."""

    mail: MailProvider

    @abstractmethod
    def arrive(self, raw: bytes) -> None:
        """Somebody's mail reaches the assistant's mailbox."""

    @abstractmethod
    def inbox(self, address: str) -> list[bytes]:
        """What that person's mailbox holds, read or not."""

    @abstractmethod
    def lose_mailbox(self) -> None:
        """The mailbox that the account names is not there."""

    @abstractmethod
    def forgotten(self, cursor: str) -> str:
        """``cursor`` as it is once the server knows nothing of it any more."""

    @abstractmethod
    def send_unheard(self, mail: OutgoingMail) -> None:
        """Send it; the provider takes it, and its answer is lost. Afterwards the world is as before."""

    @abstractmethod
    def without_tags(self) -> None:
        """From now on the account says that its addresses take no tags."""


def letter(subject: str, to: str = BOT, message_id: str = "", body: str = "Done.\r\n") -> bytes:
    head = f"From: Ana <{ANA}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
    return f"{head}Message-ID: <{message_id or subject}@mua.example>\r\n\r\n{body}".encode()


def outgoing(name: str, recipient: str = ANA, body: str = "Hello\r\n") -> OutgoingMail:
    message_id = f"<{name}@{BOT.partition('@')[2]}>"
    head = f"From: {BOT}\r\nTo: {recipient}\r\nSubject: {name}\r\nMessage-ID: {message_id}\r\n"
    if not body.isascii():
        head += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return OutgoingMail(message_id, BOT, recipient, f"{head}\r\n{body}".encode())


def follow(mail: MailProvider, cursor: str) -> Iterator[FetchedMail]:
    """Everything after ``cursor``, batch by batch."""
    more = True
    while more:
        batch = mail.fetch(cursor)
        yield from batch.mails
        cursor, more = batch.cursor, batch.more


def subjects(mails: Iterator[FetchedMail] | list[FetchedMail]) -> list[str]:
    return [mail.raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for mail in mails]


class MailContract:
    @pytest.fixture
    def world(self) -> MailWorld:
        raise NotImplementedError

    def first(self, world: MailWorld) -> str:
        batch = world.mail.fetch(None)
        assert not batch.mails
        return batch.cursor

    def test_first_cursor_is_now(self, world: MailWorld) -> None:
        """What was there before the first fetch is nobody's answer to us."""
        world.arrive(letter("old"))
        assert subjects(follow(world.mail, self.first(world))) == []

    def test_arrives_byte_for_byte(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        (mail,) = follow(world.mail, cursor)
        assert mail.raw == letter("one")

    def test_oldest_first(self, world: MailWorld) -> None:
        cursor = self.first(world)
        names = [f"mail {number}" for number in range(5)]
        for name in names:
            world.arrive(letter(name))
        assert sorted(subjects(follow(world.mail, cursor))) == names

    def test_same_cursor_gives_at_least_the_same(self, world: MailWorld) -> None:
        """A crash between fetch and store loses nothing."""
        cursor = self.first(world)
        world.arrive(letter("one"))
        before = subjects(follow(world.mail, cursor))
        world.arrive(letter("two"))
        assert set(subjects(follow(world.mail, cursor))) >= {*before, "two"}

    def test_next_cursor_gives_what_came_since(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        batch = world.mail.fetch(cursor)
        world.arrive(letter("two"))
        assert "two" in subjects(follow(world.mail, batch.cursor))

    def test_nothing_new_without_arrivals(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        batch = world.mail.fetch(cursor)
        known = {mail.provider_id for mail in batch.mails}
        assert {mail.provider_id for mail in follow(world.mail, batch.cursor)} <= known

    def test_provider_id_is_stable(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        (before,) = follow(world.mail, cursor)
        world.restart()
        (after,) = follow(world.mail, cursor)
        assert before.provider_id == after.provider_id

    def test_two_mails_with_one_message_id_are_two(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one", message_id="same"))
        world.arrive(letter("two", message_id="same"))
        assert set(subjects(follow(world.mail, cursor))) == {"one", "two"}

    def test_fetch_leaves_the_mail_there(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        list(follow(world.mail, cursor))
        assert len(world.inbox(BOT)) == 1

    def test_empty_cursor_gives_everything(self, world: MailWorld) -> None:
        """The way to start over when a cursor was lost."""
        world.arrive(letter("one"))
        world.arrive(letter("two"))
        assert set(subjects(follow(world.mail, ""))) == {"one", "two"}

    def test_looking_back_finds_what_is_unknown(self, world: MailWorld) -> None:
        """The net under the cursor: the same mail by the same id, and nothing that is known or older."""
        cursor = self.first(world)
        for name in ("one", "two"):
            world.arrive(letter(name))
        one, two = sorted(follow(world.mail, cursor), key=lambda mail: mail.raw)
        assert isinstance(world.mail, LooksBack)
        assert world.mail.missed(_LONG_AGO, {one.provider_id}) == [two]
        assert {mail.provider_id for mail in world.mail.missed(_LONG_AGO, ())} == {one.provider_id, two.provider_id}
        assert list(world.mail.missed(_LONG_AGO, {one.provider_id, two.provider_id})) == []
        assert list(world.mail.missed(_SOME_DAY, ())) == []

    def test_looking_back_leaves_the_cursor_alone(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        assert isinstance(world.mail, LooksBack)
        world.mail.missed(_LONG_AGO, ())
        assert subjects(follow(world.mail, cursor)) == ["one"]

    def test_what_is_forgotten_is_found_by_nobody_and_nothing_else_is_lost(self, world: MailWorld) -> None:
        """A promise of those that can: what answered an anonymous round shall not lie about."""
        if not isinstance(world.mail, Forgets):
            return
        cursor = self.first(world)
        for name in ("one", "two", "three"):
            world.arrive(letter(name))
        before = len(world.inbox(BOT))
        (gone,) = (mail for mail in follow(world.mail, cursor) if subjects([mail]) == ["two"])
        for _ in range(2):  # also where it is gone already
            world.mail.forget(gone.provider_id)
        assert {"one", "three"} <= set(subjects(follow(world.mail, cursor))), "a log of changes may still name it"
        assert len(world.inbox(BOT)) == before - 1
        assert isinstance(world.mail, LooksBack)
        assert sorted(subjects(list(world.mail.missed(_LONG_AGO, ())))) == ["one", "three"]
        world.arrive(letter("four"))
        assert "four" in subjects(follow(world.mail, cursor))

    def test_cursor_outlives_a_restart(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("while down"))
        world.restart()
        assert subjects(follow(world.mail, cursor)) == ["while down"]

    def test_foreign_cursor_is_expired(self, world: MailWorld) -> None:
        with pytest.raises(CursorExpired):
            world.mail.fetch("not one of ours")

    def test_a_backlog_comes_in_bounded_batches(self, world: MailWorld) -> None:
        cursor = self.first(world)
        for number in range(230):
            world.arrive(letter(f"n{number}"))
        assert len(world.mail.fetch(cursor).mails) <= 200
        assert {*subjects(follow(world.mail, cursor))} == {f"n{number}" for number in range(230)}

    def test_recipient_has_its_tag(self, world: MailWorld) -> None:
        assert world.mail.subaddress == "+"
        cursor = self.first(world)
        world.arrive(letter("one", to=f'"The Bot" <{TAGGED}>'))
        (mail,) = follow(world.mail, cursor)
        assert mail.recipient == TAGGED

    def test_an_account_without_tags_never_gets_one(self, world: MailWorld) -> None:
        """Neither does it offer one: the address with a tag would be somebody else's."""
        world.without_tags()
        assert world.mail.subaddress is None
        cursor = self.first(world)
        world.arrive(letter("one", to=f'"The Bot" <{TAGGED}>'))
        (mail,) = follow(world.mail, cursor)
        assert mail.recipient in (None, BOT)

    def test_an_account_without_tags_sends_and_finds(self, world: MailWorld) -> None:
        world.without_tags()
        world.mail.send(outgoing("prompt"))
        assert len(world.inbox(ANA)) == 1
        assert world.mail.find_sent(outgoing("prompt")) is True

    def test_recipient_without_tag_is_plain(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        (mail,) = follow(world.mail, cursor)
        assert mail.recipient in (None, BOT)

    def test_garbage_is_handed_on(self, world: MailWorld) -> None:
        cursor = self.first(world)
        raw = b"\xff\xfe no header at all \x00\x80\r\n: \r\nTo\r\n\r\n\xc3("
        world.arrive(raw)
        (mail,) = follow(world.mail, cursor)
        assert mail.raw == raw

    def test_ten_megabytes_come_whole(self, world: MailWorld) -> None:
        cursor = self.first(world)
        raw = letter("big", body=("x" * 76 + "\r\n") * 130_000)
        world.arrive(raw)
        (mail,) = follow(world.mail, cursor)
        assert mail.raw == raw

    def test_sent_mail_arrives_once(self, world: MailWorld) -> None:
        world.mail.send(outgoing("prompt"))
        (raw,) = world.inbox(ANA)
        assert raw.replace(b"\r\n", b"\n") == outgoing("prompt").raw.replace(b"\r\n", b"\n")

    def test_every_line_survives(self, world: MailWorld) -> None:
        """Also those that mean something to a server, and letters that are not ASCII."""
        mail = outgoing("prompt", body=".\r\n..two\r\nFrom here on\r\n\r\nGrüße, 東京 🎉\r\n" + "x" * 900 + "\r\n")
        world.mail.send(mail)
        (raw,) = world.inbox(ANA)
        assert raw.replace(b"\r\n", b"\n") == mail.raw.replace(b"\r\n", b"\n")

    def test_sent_to_a_tagged_address_reaches_its_owner(self, world: MailWorld) -> None:
        world.mail.send(outgoing("prompt", recipient="Ana+work@Team.Example"))
        assert len(world.inbox(ANA)) == 1

    def test_unsent_is_not_found(self, world: MailWorld) -> None:
        world.mail.send(outgoing("other"))
        assert world.mail.find_sent(outgoing("prompt")) is False

    def test_sent_is_found_after_a_restart(self, world: MailWorld) -> None:
        world.mail.send(outgoing("prompt"))
        world.restart()
        assert world.mail.find_sent(outgoing("prompt")) is True

    def test_lost_answer_makes_no_second_mail(self, world: MailWorld) -> None:
        """The mail left and the process died before it heard so: whoever looks first sends nothing again."""
        world.send_unheard(outgoing("prompt"))
        world.restart()
        assert world.mail.find_sent(outgoing("prompt")) is True
        assert len(world.inbox(ANA)) == 1

    def test_what_did_not_leave_is_sent_once(self, world: MailWorld) -> None:
        world.break_off()
        with pytest.raises(Unavailable):
            world.mail.send(outgoing("prompt"))
        world.repair()
        world.restart()
        assert world.mail.find_sent(outgoing("prompt")) is False
        world.mail.send(outgoing("prompt"))
        assert len(world.inbox(ANA)) == 1

    def test_two_mails_to_one_person_are_two(self, world: MailWorld) -> None:
        world.mail.send(outgoing("one"))
        world.mail.send(outgoing("two"))
        assert len(world.inbox(ANA)) == 2

    def test_one_mail_reaches_one_person_only(self, world: MailWorld) -> None:
        world.mail.send(outgoing("prompt"))
        assert world.inbox("ben@team.example") == []

    @pytest.mark.parametrize("recipient", ["../../etc/passwd", "ana", "ana@team.example\r\nRCPT TO:<x@evil.example>"])
    def test_an_address_that_is_none_is_rejected(self, world: MailWorld, recipient: str) -> None:
        mail = OutgoingMail("<prompt@team.example>", BOT, recipient, outgoing("prompt").raw)
        with pytest.raises(Rejected) as caught:
            world.mail.send(mail)
        assert "Hello" not in str(caught.value)
        assert world.inbox(ANA) == []

    def test_a_refused_sign_in_is_unauthorized_and_loses_nothing(self, world: MailWorld) -> None:
        """Where nobody signs in, nobody is refused."""
        cursor = self.first(world)
        world.lock_out()
        world.arrive(letter("one"))
        if world.refusal is None:
            world.mail.send(outgoing("prompt"))
        else:
            with pytest.raises(world.refusal):
                world.mail.fetch(cursor)
            with pytest.raises(world.refusal):
                world.mail.send(outgoing("prompt"))
        world.let_in()
        assert subjects(follow(world.mail, cursor)) == ["one"]
        assert len(world.inbox(ANA)) == (1 if world.refusal is None else 0)

    def test_a_mailbox_that_is_not_there_is_not_found(self, world: MailWorld) -> None:
        """Or it is made, where that is ours to do."""
        world.lose_mailbox()
        if world.absence is None:
            assert list(follow(world.mail, "")) == []
            world.arrive(letter("one"))
            assert subjects(follow(world.mail, "")) == ["one"]
        else:
            with pytest.raises(world.absence):
                world.mail.fetch("")

    def test_a_lost_cursor_loses_nothing(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        lost = world.forgotten(cursor)
        world.arrive(letter("two"))
        with pytest.raises(CursorExpired):
            world.mail.fetch(lost)
        assert {*subjects(follow(world.mail, ""))} == {"one", "two"}

    def test_what_a_sender_wrote_vouches_for_nobody(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(
            b"Authentication-Results: mx.evil.example; dmarc=pass header.from=team.example\r\n" + letter("one")
        )
        (mail,) = follow(world.mail, cursor)
        assert mail.vouched is None

    def test_unreachable_is_unavailable_and_passes(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.arrive(letter("one"))
        world.break_off()
        with pytest.raises(Unavailable):
            world.mail.fetch(cursor)
        with pytest.raises(Unavailable):
            world.mail.send(outgoing("prompt"))
        world.repair()
        assert subjects(follow(world.mail, cursor)) == ["one"]

    def test_wait_ends_when_mail_comes(self, world: MailWorld) -> None:
        cursor = self.first(world)
        world.mail.fetch(cursor)
        timer = threading.Timer(0.1, world.arrive, [letter("one")])
        timer.start()
        try:
            arrived = any(world.mail.wait(1) and world.mail.fetch(cursor).mails for _ in range(10))
        finally:
            timer.join()
        assert arrived

    def test_wait_ends_without_mail(self, world: MailWorld) -> None:
        cursor = self.first(world)
        quiet = False
        for _ in range(10):  # it may say "there may be some" now and then
            world.mail.fetch(cursor)
            quiet = quiet or not world.mail.wait(0.2)
        assert quiet
