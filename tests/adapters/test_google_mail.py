"""Gmail, against the contract-checked fake."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from assistant.adapters.google import GoogleMail
from assistant.adapters.google_account import token_path
from assistant.adapters.google_client import DEAREST, bucket_of

from assistant.errors import CursorExpired, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ports import OutgoingMail
from tests.contract.account_world import AccountWorld
from tests.contract.mail_contract import ANA, BOT, MailContract, MailWorld, follow, letter, outgoing, subjects
from tests.fakes.google import FakeGoogle
from tests.fakes.google_mailbox import plain

SOON: dict[str, Any] = {"timeout": 5}
FAST: dict[str, Any] = {**SOON, "mail_quota": 10**9, "poll": 0.1}
SEND = "gmail.users.drafts.send"
CREATE = "gmail.users.drafts.create"


def sign_in(folder: Path, fake: FakeGoogle, address: str = BOT) -> None:
    """A stored refresh token, as ``assistant connect`` leaves it."""
    path = token_path(folder, address)
    path.parent.mkdir(parents=True, exist_ok=True)
    token = {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0", "token_uri": f"{fake.root}token"}
    path.write_text(json.dumps(token))


class GoogleDoor(AccountWorld):
    """What is the same of mail and calendars; ``options`` are those of the account."""

    fake: FakeGoogle
    options: dict[str, Any]

    def break_off(self) -> None:
        self.fake.offline = True

    def repair(self) -> None:
        self.fake.offline = False

    def lock_out(self) -> None:
        self.fake.revoke()
        self.restart()

    def let_in(self) -> None:
        self.fake.tokens = {"refresh-0"}
        sign_in(self.options["folder"], self.fake)
        self.restart()


class GoogleMailWorld(GoogleDoor, MailWorld):
    absence = Unauthorized  # the mailbox is the account: Gmail is not on for it

    def __init__(self, folder: Path, fake: FakeGoogle, **options: Any) -> None:
        self.folder = folder
        self.fake = fake
        self.options = {"folder": folder, "address": BOT, "endpoint": fake.root, **FAST, **options}
        sign_in(folder, fake)
        self.restart()

    def arrive(self, raw: bytes) -> None:
        self.fake.mailbox.arrive(raw)

    def inbox(self, address: str) -> list[bytes]:
        if plain(address) == BOT:
            return [message.raw for message in self.fake.mailbox.messages.values() if "INBOX" in message.labels]
        return self.fake.mailbox.inboxes.get(address, [])

    def restart(self) -> None:
        self.mail: GoogleMail = GoogleMail(**self.options)

    def lose_mailbox(self) -> None:
        self.fake.fail("gmail.users.getProfile", 400, "failedPrecondition")
        self.fake.fail("gmail.users.messages.list", 400, "failedPrecondition")

    def forgotten(self, cursor: str) -> str:
        self.fake.mailbox.lose_history()
        return cursor

    def send_unheard(self, mail: OutgoingMail) -> None:
        self.fake.drop(SEND, after=True)
        with pytest.raises(Unavailable):  # not in doubt: a repeat looks for itself what became of the draft
            self.mail.send(mail)
        self.fake.faults.clear()

    def without_tags(self) -> None:
        self.options["subaddress"] = None
        self.restart()

    def sent(self) -> int:
        return sum(len(mails) for mails in self.fake.mailbox.inboxes.values())


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(BOT) as fake:
        yield fake
    assert fake.violations == []


class TestGoogleMail(MailContract):
    @pytest.fixture
    def world(self, tmp_path: Path, fake: FakeGoogle) -> GoogleMailWorld:
        return GoogleMailWorld(tmp_path, fake)


@pytest.fixture
def world(tmp_path: Path, fake: FakeGoogle) -> GoogleMailWorld:
    return GoogleMailWorld(tmp_path, fake)


def deliver_with_retries(world: GoogleMailWorld, name: str = "prompt", restarts: bool = False) -> None:
    """As the outbox does it: again after a failure; after a crash it asks first."""
    for _ in range(10):
        try:
            if not (restarts and world.mail.find_sent(outgoing(name))):
                world.mail.send(outgoing(name))
        except Unavailable:
            if restarts:
                world.restart()
        else:
            return
    raise AssertionError("it never left")


FAULTS = [
    pytest.param(
        method, status, after, id=f"{method.rpartition('.')[2]}-{status or 'drop'}-{'after' if after else 'before'}"
    )
    for method in (SEND, CREATE)
    for status in (0, -1, 429, 500, 503)
    for after in (False, True)
]


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("lags", [False, True])
@pytest.mark.parametrize(("method", "status", "after"), FAULTS)
def test_whatever_answer_is_lost_one_mail_arrives(
    world: GoogleMailWorld, method: str, status: int, after: bool, lags: bool, restarts: bool
) -> None:
    """Also while the search index is behind: then the journal knows."""
    world.fake.faults.clear()
    world.fake.fail(method, status, "backendError", after=after, times=3 if status == 0 else 2)
    world.fake.mailbox.lags = lags
    try:
        deliver_with_retries(world, restarts=restarts)
    except AssertionError:
        assert lags  # it left, and nobody can find it yet
        world.fake.mailbox.lags = False
        deliver_with_retries(world, restarts=restarts)
    assert world.sent() == 1
    world.restart()
    assert world.mail.find_sent(outgoing("prompt")) is True


def test_a_crash_before_the_draft_was_sent_is_no_mail(world: GoogleMailWorld) -> None:
    world.fake.drop(SEND, after=False)
    with pytest.raises(Unavailable):
        world.mail.send(outgoing("prompt"))
    world.restart()
    assert world.mail.find_sent(outgoing("prompt")) is False
    world.mail.send(outgoing("prompt"))
    assert world.sent() == 1
    assert world.fake.mailbox.drafts == {}


def test_a_rewritten_message_id_is_found_by_what_else_the_mail_has(world: GoogleMailWorld) -> None:
    world.fake.mailbox.rewrites = True
    world.mail.send(outgoing("one"))
    world.fake.drop(SEND, after=True)
    with pytest.raises(Unavailable):
        world.mail.send(outgoing("two"))
    for journal in (world.folder / "google").glob("*.drafts"):
        journal.unlink()
    world.restart()
    found = {name: world.mail.find_sent(outgoing(name)) for name in ("one", "two", "three")}
    assert found == {"one": True, "two": True, "three": False}


def test_the_tag_to_reply_to_tells_two_equal_mails_apart(world: GoogleMailWorld) -> None:
    def tagged(tag: str) -> bytes:
        return outgoing("same").raw.replace(b"Subject:", f"Reply-To: Bot <bot+{tag}@team.example>\r\nSubject:".encode())

    world.fake.mailbox.rewrites = True
    world.mail.send(replace(outgoing("a"), raw=tagged("k1")))
    for journal in (world.folder / "google").glob("*.drafts"):
        journal.unlink()
    world.restart()
    assert world.mail.find_sent(replace(outgoing("a"), raw=tagged("k1"))) is True
    assert world.mail.find_sent(replace(outgoing("b"), raw=tagged("k2"))) is False


def test_a_draft_that_a_person_threw_away_is_not_sent_again(world: GoogleMailWorld) -> None:
    """Nobody can tell that from a mail that left, and twice is worse than late."""
    world.fake.drop(SEND, after=False)
    with pytest.raises(Unavailable):
        world.mail.send(outgoing("prompt"))
    (draft,) = world.fake.mailbox.drafts
    world.fake.mailbox.users_drafts_delete({"id": draft}, {}, {})
    assert world.mail.find_sent(outgoing("prompt")) is None
    with pytest.raises(Unavailable):
        world.mail.send(outgoing("prompt"))
    assert world.sent() == 0


def test_a_mail_that_names_somebody_else_too_is_rejected(world: GoogleMailWorld) -> None:
    """Gmail has no envelope: it would reach everybody in the headers."""
    raw = outgoing("prompt").raw.replace(b"Subject:", b"Cc: ben@team.example\r\nSubject:")
    with pytest.raises(Rejected):
        world.mail.send(replace(outgoing("prompt"), raw=raw))
    assert world.sent() == 0


def test_a_refused_mail_leaves_no_draft(world: GoogleMailWorld) -> None:
    with pytest.raises(Rejected):
        world.mail.send(outgoing("prompt", recipient="nonsense"))
    assert world.fake.mailbox.drafts == {}


def test_lost_history_loses_no_mail(world: GoogleMailWorld) -> None:
    """What came meanwhile, and what we sent ourselves is not among it."""
    cursor = world.mail.fetch(None).cursor
    world.mail.send(outgoing("prompt"))
    for number in range(250):
        world.arrive(letter(f"n{number}"))
        world.fake.pass_time(seconds=1)
    world.fake.mailbox.lose_history()
    with pytest.raises(CursorExpired):
        world.mail.fetch(cursor)
    batch = world.mail.fetch("")
    assert batch.more
    world.arrive(letter("late"))
    found = {mail.provider_id: mail for mail in (*batch.mails, *follow(world.mail, batch.cursor))}
    assert subjects(list(found.values())) == [*(f"n{number}" for number in range(250)), "late"]


def test_starting_over_reads_fourteen_days(world: GoogleMailWorld) -> None:
    world.arrive(letter("old"))
    world.fake.pass_time(days=15)
    world.arrive(letter("new"))
    assert subjects(follow(world.mail, "")) == ["new"]


def test_a_mail_deleted_while_starting_over_expires_the_place(world: GoogleMailWorld) -> None:
    for number in range(120):
        world.arrive(letter(f"n{number}"))
    batch = world.mail.fetch("")
    world.fake.mailbox.delete(batch.mails[-1].provider_id)
    with pytest.raises(CursorExpired):
        world.mail.fetch(batch.cursor)


def test_spam_is_not_read_until_somebody_rescues_it(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    id_ = world.fake.mailbox.arrive(letter("rescued"), ("SPAM", "UNREAD"))
    batch = world.mail.fetch(cursor)
    assert batch.mails == []
    world.fake.mailbox.label(id_, add=("INBOX",), remove=("SPAM",))
    assert subjects(follow(world.mail, batch.cursor)) == ["rescued"]


def test_a_mail_that_a_filter_archived_is_read(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    world.fake.mailbox.arrive(letter("archived"), ("Label_7",))
    assert subjects(follow(world.mail, cursor)) == ["archived"]


def test_a_mail_to_ourselves_arrives(world: GoogleMailWorld) -> None:
    """As a check of the account does it; other sent mails and drafts are not incoming."""
    cursor = world.mail.fetch(None).cursor
    world.mail.send(outgoing("to ana"))
    world.mail.send(outgoing("to self", recipient=BOT))
    assert subjects(follow(world.mail, cursor)) == ["to self"]
    assert subjects(follow(world.mail, "")) == ["to self"]


def test_a_mail_deleted_before_it_was_read_is_passed_over(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    gone = world.fake.mailbox.arrive(letter("gone"))
    world.arrive(letter("here"))
    world.fake.mailbox.delete(gone)
    assert subjects(follow(world.mail, cursor)) == ["here"]


def test_empty_pages_of_the_history_hide_nothing(world: GoogleMailWorld) -> None:
    """Each of them names the newest history id: going on from there would pass over what comes in the next page."""
    cursor = world.mail.fetch(None).cursor
    for number in range(3):
        world.arrive(letter(f"n{number}"))
    world.fake.mailbox.hollow = 2
    assert subjects(follow(world.mail, cursor)) == ["n0", "n1", "n2"]


def test_an_idle_cursor_moves_on(world: GoogleMailWorld) -> None:
    """Else a quiet week would expire it: marking mails as read makes history, too."""
    id_ = world.fake.mailbox.arrive(letter("old"))
    cursor = world.mail.fetch(None).cursor
    world.fake.mailbox.label(id_, remove=("UNREAD",))
    later = world.mail.fetch(cursor).cursor
    assert int(later[2:]) > int(cursor[2:])


def test_a_quiet_mailbox_is_left_alone(tmp_path: Path, fake: FakeGoogle) -> None:
    """The daemon looks every second."""
    world = GoogleMailWorld(tmp_path, fake, poll=60)
    cursor = world.mail.fetch(None).cursor
    fake.calls.clear()
    for _ in range(10):
        cursor = world.mail.fetch(cursor).cursor
    assert len(fake.calls) == 1


def test_google_vouches_for_a_sender_that_passed_dmarc(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    results = "Authentication-Results: mx.google.com; dkim=pass; dmarc=pass (p=NONE) header.from=team.example"
    world.arrive(results.encode() + b"\r\n" + letter("good"))
    world.arrive(results.replace("mx.google.com", "mx.evil.example").encode() + b"\r\n" + letter("bad"))
    assert [mail.vouched for mail in follow(world.mail, cursor)] == [ANA, None]


def test_many_large_mails_come_in_several_batches(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    for number in range(5):
        world.arrive(letter(f"n{number}", body="x" * 9_000_000))
    batch = world.mail.fetch(cursor)
    assert len(batch.mails) == 3
    assert batch.more
    assert len([*batch.mails, *follow(world.mail, batch.cursor)]) == 5


def test_the_quota_is_kept(world: GoogleMailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """240 of 600 units at once pay for two sends; the third is told when to come back."""
    monkeypatch.setattr(world.mail._google, "_bucket", bucket_of(600, lambda: 0.0))
    world.mail.send(outgoing("one"))
    world.mail.send(outgoing("two"))
    with pytest.raises(Unavailable) as caught:
        world.mail.send(outgoing("three"))
    assert caught.value.retry_after == pytest.approx((330 - 240) / 8)
    assert world.sent() == 2


@pytest.mark.parametrize("quota", [125, 600, 6000])
def test_a_quota_of_hardly_one_mail_a_minute_still_lets_one_leave(quota: int) -> None:
    """What may be saved up is at least one mail."""
    assert bucket_of(quota, lambda: 0.0).take(DEAREST) == 0


def test_a_torn_journal_line_spoils_itself_only(world: GoogleMailWorld) -> None:
    world.mail.send(outgoing("one"))
    (journal,) = (world.folder / "google").glob("*.drafts")
    with journal.open("ab") as file:
        file.write(b'\n["0123')
    world.restart()
    world.mail.send(outgoing("two"))
    world.restart()
    world.fake.mailbox.lags = True
    assert [world.mail.find_sent(outgoing(name)) for name in ("one", "two")] == [True, True]


def test_noise_is_no_answer(world: GoogleMailWorld) -> None:
    cursor = world.mail.fetch(None).cursor
    world.fake.fail("gmail.users.history.list", -1)
    with pytest.raises(ProviderError) as caught:
        world.mail.fetch(cursor)
    assert isinstance(caught.value, Unavailable)
    assert caught.value.__cause__ is not None
