"""Whatever an IMAP server does, no mail is lost and each error is the one of its cause."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from assistant.adapters import imap
from assistant.adapters.imap import ImapMail

from assistant.errors import AssistantError, CursorExpired, NotFound, ProviderError, Unauthorized, Unavailable
from tests.contract.mail_contract import BOT, follow, letter, outgoing, subjects
from tests.servers.faulty import DROP, GMAIL_IDS, SILENT, FaultyImap, FaultySmtp, Folder
from tests.servers.loopback import free_port

Made = Callable[..., ImapMail]


def served(name: str, folder: Path) -> ssl.SSLContext:
    """A server's TLS for that name; the authority is ``ca.pem`` in the folder."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def gone_from(folder: Folder, uid: int) -> None:
    folder.mails.pop(uid, None)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Made]:
    with ExitStack() as stack:

        def made(server: FaultyImap | int, **options: Any) -> ImapMail:
            if not isinstance(server, int):
                stack.callback(server.close)
            port = server if isinstance(server, int) else server.port
            given = {"security": "none", "password": "secret", "timeout": 0.5, "smtp_port": 1, "host": "127.0.0.1"}
            return stack.enter_context(closing(ImapMail(tmp_path, BOT, **{**given, "imap_port": port, **options})))

        yield made


def test_a_new_uidvalidity_expires_the_cursor_and_starting_over_loses_nothing(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    server.folders["INBOX"] = Folder(validity=2)
    server.inbox.add(letter("one"))
    with pytest.raises(CursorExpired):
        mail.fetch(cursor)
    assert subjects(follow(mail, "")) == ["one"]


def test_uids_given_out_again_after_a_restored_backup_expire_the_cursor(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    for number in range(3):
        server.inbox.add(letter(f"n{number}"))
    cursor = mail.fetch("").cursor
    server.folders["INBOX"] = Folder()
    server.inbox.add(letter("new 1"))
    with pytest.raises(CursorExpired):
        mail.fetch(cursor)
    assert subjects(follow(mail, "")) == ["new 1"]


def test_a_restored_backup_that_has_grown_since_is_noticed_by_condstore(account: Made) -> None:
    server = FaultyImap(capabilities="CONDSTORE")
    server.inbox.modseq = 90
    mail = account(server)
    cursor = mail.fetch(None).cursor
    server.folders["INBOX"] = Folder(modseq=10)
    server.inbox.add(letter("one"))
    with pytest.raises(CursorExpired):
        mail.fetch(cursor)


def test_a_cursor_of_another_folder_or_user_is_expired(account: Made) -> None:
    server = FaultyImap()
    server.folders["Answers"] = Folder()
    cursor = account(server).fetch(None).cursor
    for other in (account(server, inbox="Answers"), account(server, username="other")):
        with pytest.raises(CursorExpired):
            other.fetch(cursor)


def test_a_mail_that_goes_between_listing_and_reading_is_passed_over(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    gone = server.inbox.add(letter("one"))
    server.inbox.add(letter("two"))
    server.on_list = lambda: gone_from(server.inbox, gone)
    batch = mail.fetch(cursor)
    assert subjects(list(batch.mails)) == ["two"]
    assert mail.fetch(batch.cursor).mails == []


def test_a_mail_that_the_server_will_not_give_is_asked_for_again_and_holds_up_nothing(
    account: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    bad = server.inbox.add(letter("bad"))
    server.inbox.add(letter("good"))
    server.hide.add(bad)
    batch = mail.fetch(cursor)
    assert (subjects(list(batch.mails)), batch.more) == (["good"], False)
    assert mail.fetch(batch.cursor).mails == []
    server.hide.clear()
    monkeypatch.setattr(imap, "_RESCAN", 0.0)
    assert subjects(list(mail.fetch(batch.cursor).mails)) == ["bad"]


def test_a_line_that_drops_while_reading_is_taken_up_again(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    for number in range(3):
        server.inbox.add(letter(f"n{number}"))
    half = b"* 1 FETCH (UID 1 BODY[] {5000}\r\nFrom: half"
    server.says["FETCH"] = lambda number: DROP if number == 1 else half
    with pytest.raises(Unavailable):
        mail.fetch(cursor)
    server.says.clear()
    assert subjects(follow(mail, cursor)) == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    "reply",
    [
        b"* 1 FETCH (UID 1 RFC822.SIZE 100000 BODY[] {99}\r\nshort)\r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID x BODY[] NIL)\r\n{tag} OK done\r\n",
        b"\x00\xff garbage\r\n",
        b"{tag} NO [SERVERBUG] internal error\r\n",
    ],
)
def test_a_reply_that_makes_no_sense_is_unavailable_and_nothing_is_skipped(account: Made, reply: bytes) -> None:
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    server.inbox.add(letter("one"))
    server.says["FETCH"] = reply
    try:
        batch = mail.fetch(cursor)
    except Unavailable:
        batch = None
    assert batch is None or not batch.mails
    server.says.clear()
    assert subjects(follow(mail, cursor)) == ["one"]


def test_a_search_that_names_the_last_mail_again_or_too_few_is_no_new_mail(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    server.inbox.add(letter("old"))
    cursor = mail.fetch(None).cursor
    server.inbox.next += 5  # so that it asks
    assert mail.fetch(cursor).mails == []


def test_a_search_that_lies_does_not_find_what_was_never_sent(account: Made) -> None:
    server = FaultyImap({"HEADER": b"* SEARCH 1\r\n{tag} OK done\r\n"})
    server.inbox.add(letter("something else"))
    assert account(server).find_sent(outgoing("prompt")) is False


def test_a_sent_mail_is_found_by_its_reply_address_where_the_host_renames_it(account: Made) -> None:
    server = FaultyImap()
    mail = account(server)
    prompt = outgoing("prompt")
    tagged = type(prompt)(prompt.message_id, BOT, prompt.recipient, b"Reply-To: bot+k7@team.example\r\n" + prompt.raw)
    assert mail.find_sent(tagged) is False
    server.inbox.add(tagged.raw.replace(b"<prompt@team.example>", b"<0100@email.amazonses.com>"))
    assert mail.find_sent(tagged) is True
    assert mail.find_sent(prompt) is False


def test_a_mail_that_left_without_our_copy_cannot_be_looked_up(account: Made) -> None:
    server = FaultyImap()
    with closing(FaultySmtp({"dot": DROP, "RCPT-copy": b"452 4.2.2 full\r\n"})) as smtp:
        mail = account(server, smtp_port=smtp.port, patience=0.5)
        with pytest.raises(Unavailable) as caught:
            mail.send(outgoing("prompt"))
        assert caught.value.in_doubt
        assert mail.find_sent(outgoing("prompt")) is None
        assert mail.find_sent(outgoing("other")) is False


@pytest.mark.parametrize(
    ("says", "kind", "sentence"),
    [
        ({"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"}, Unauthorized, "refuses user name and password"),
        ({"LOGIN": b"{tag} NO Invalid credentials\r\n"}, Unauthorized, "refuses user name and password"),
        ({"LOGIN": b"{tag} NO [ALERT] Application-specific password required\r\n"}, Unauthorized, "app password"),
        ({"LOGIN": b"{tag} NO [UNAVAILABLE] directory is down\r\n"}, Unavailable, "down"),
        ({"LOGIN": b"{tag} NO [ALERT] Too many simultaneous connections\r\n"}, Unavailable, "no more sign-ins"),
        ({"EXAMINE": b"{tag} NO [NONEXISTENT] no such mailbox\r\n"}, NotFound, "no such folder"),
        ({"EXAMINE": b"{tag} NO [NOPERM] not yours\r\n"}, Unauthorized, "lacks a right"),
        ({"EXAMINE": b"{tag} NO [OVERQUOTA] bandwidth\r\n"}, Unavailable, "full"),
        ({"greeting": b"* BYE too busy\r\n"}, Unavailable, "turns us away just now"),
        ({"greeting": b"* BYE [ALERT] Maximum number of connections exceeded\r\n"}, Unavailable, "turns us away"),
        ({"greeting": SILENT}, Unavailable, "does not answer"),
        ({"greeting": DROP}, Unavailable, "broke off"),
        ({"greeting": b"220 this is SMTP\r\n"}, Unavailable, "speaks no IMAP; check host and port"),
    ],
)
def test_each_refusal_is_the_error_of_its_cause(
    account: Made, says: dict[str, bytes], kind: type[ProviderError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence) as caught:
        account(FaultyImap(says)).fetch(None)
    assert caught.value.__cause__ is not None
    assert "secret" not in str(caught.value)


def test_a_server_that_takes_no_password_in_clear_gets_none(account: Made) -> None:
    server = FaultyImap(capabilities="LOGINDISABLED")
    with pytest.raises(Unauthorized, match="takes no password"):
        account(server).fetch(None)
    assert not any(b"LOGIN " in line for line in server.seen)


def test_a_server_without_starttls_gets_no_password(account: Made) -> None:
    server = FaultyImap()
    with pytest.raises(Unavailable, match="no STARTTLS"):
        account(server, security="starttls").fetch(None)
    assert not any(b"LOGIN" in line for line in server.seen)


def test_a_certificate_for_another_name_is_refused(account: Made, tmp_path: Path) -> None:
    server = FaultyImap(tls=served("localhost", tmp_path))
    given = {"security": "ssl", "ca_file": "ca.pem", "smtp_port": 1, "timeout": 2}
    with pytest.raises(Unavailable, match="certificate is not accepted"):
        account(server, **given).fetch(None)
    assert account(server, **given, host="localhost").fetch(None).cursor


def test_nobody_listening_and_no_such_host_are_said(account: Made) -> None:
    with pytest.raises(Unavailable, match="nothing listens there"):
        account(free_port()).fetch(None)
    with pytest.raises(Unavailable, match=r"no machine has that name|cannot be looked up"):
        account(993, host="no-such-host.invalid", security="ssl").fetch(None)


def test_a_refused_password_rests_until_it_changes(account: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PASSWORD", "old")
    server = FaultyImap({"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"})
    mail = account(server, password=None, password_env="BOT_PASSWORD")
    for _ in range(3):
        with pytest.raises(Unauthorized):
            mail.fetch(None)
    assert server.connections == 1
    monkeypatch.setenv("BOT_PASSWORD", "new")
    server.says.clear()
    assert mail.fetch(None).cursor


def test_a_dead_server_is_left_alone_longer_and_longer(account: Made) -> None:
    server = FaultyImap({"greeting": DROP})
    mail = account(server)
    for _ in range(20):
        with pytest.raises(Unavailable):
            mail.fetch("")
    assert server.connections == 2


def test_without_idle_it_asks_every_now_and_then(account: Made) -> None:
    server = FaultyImap()
    mail = account(server, poll=0.3)
    cursor = mail.fetch(mail.fetch(None).cursor).cursor
    server.inbox.add(letter("one"))
    asked = len(server.seen)
    assert not mail.wait(0.05)
    assert mail.fetch(cursor).mails == ()
    assert len(server.seen) == asked
    assert mail.wait(0.5)
    assert subjects(follow(mail, cursor)) == ["one"]


def test_in_idle_nothing_is_asked_until_something_is_said(account: Made) -> None:
    server = FaultyImap(capabilities="IDLE")
    mail = account(server)
    cursor = mail.fetch(mail.fetch(None).cursor).cursor
    asked = len(server.seen)
    for _ in range(5):
        assert not mail.wait(0.02)
        assert mail.fetch(cursor).mails == ()
    assert len(server.seen) == asked + 1


@pytest.mark.parametrize("security", ["none", "ssl"])
def test_what_is_said_together_with_the_answer_to_idle_is_heard(account: Made, tmp_path: Path, security: str) -> None:
    tls = served("localhost", tmp_path) if security == "ssl" else None
    server = FaultyImap({"IDLE": b"+ idling\r\n* 1 EXISTS\r\n"}, "IDLE", tls)
    mail = account(server, security=security, host="localhost", ca_file="ca.pem" if tls else None, timeout=2)
    cursor = mail.fetch(mail.fetch(None).cursor).cursor
    server.inbox.add(letter("one"))
    assert mail.wait(0.2)
    assert subjects(follow(mail, cursor)) == ["one"]


def test_an_idle_that_is_hung_up_is_noticed(account: Made) -> None:
    server = FaultyImap({"IDLE": DROP}, "IDLE")
    mail = account(server)
    cursor = mail.fetch(mail.fetch(None).cursor).cursor
    server.inbox.add(letter("one"))
    assert mail.wait(0.2)
    assert subjects(follow(mail, cursor)) == ["one"]


def test_an_idle_that_died_without_a_word_is_not_believed_for_long(
    account: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FaultyImap(capabilities="IDLE")
    mail = account(server)
    cursor = mail.fetch(mail.fetch(None).cursor).cursor
    assert not mail.wait(0.05)
    server.inbox.add(letter("one"))
    monkeypatch.setattr(imap, "_RESCAN", 0.0)
    assert mail.wait(0.05)
    assert subjects(follow(mail, cursor)) == ["one"]


def test_waiting_at_a_dead_server_takes_its_time(account: Made) -> None:
    """Else the daemon would spin."""
    mail = account(free_port())
    started = time.monotonic()
    assert mail.wait(0.2)
    assert time.monotonic() - started >= 0.19


def test_twenty_thousand_waiting_mails_come_in_batches_of_bounded_size(account: Made) -> None:
    server = FaultyImap()
    mail = account(server, timeout=20)
    cursor = mail.fetch(None).cursor
    for number in range(20_000):
        server.inbox.add(letter(f"n{number}"))
    batch = mail.fetch(cursor)
    assert (len(batch.mails), batch.more) == (200, True)
    batch = mail.fetch(batch.cursor)
    assert subjects(list(batch.mails))[0] == "n200"
    assert sum(b"SEARCH" in line for line in server.seen) == 1


def test_big_mails_come_in_smaller_batches(account: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_BATCH_BYTES", 5_000)
    server = FaultyImap()
    mail = account(server)
    cursor = mail.fetch(None).cursor
    for number in range(6):
        server.inbox.add(letter(f"n{number}", body="x" * 3_000))
    assert len(mail.fetch(cursor).mails) == 1
    assert len(list(follow(mail, cursor))) == 6


@pytest.mark.parametrize(
    "options",
    [
        {"security": "plain"},
        {"security": "none", "host": "mail.example"},
        {"password": None},
        {"password_env": "BOTH"},
        {"copies": "some"},
        {"imap_port": None, "security": "none"},
    ],
)
def test_options_that_make_no_sense_are_said(account: Made, options: dict[str, Any]) -> None:
    with pytest.raises(AssistantError, match="accounts: "):
        account(1, **options)


def test_gmail_has_ids_of_its_own_and_files_what_it_sends(account: Made) -> None:
    """So a new UIDVALIDITY makes no second mail, and its copies to self, which it never delivers, are not needed."""
    server = FaultyImap(capabilities="X-GM-EXT-1")
    server.folders["[Gmail]/All Mail"] = Folder()
    server.uses["[Gmail]/All Mail"] = "\\HasNoChildren \\All"
    mail = account(server, copies="server")
    server.inbox.add(letter("one"))
    (before,) = follow(mail, "")
    server.inbox.validity = 2
    (after,) = follow(mail, "")
    assert before.provider_id == after.provider_id == f"gmail:{GMAIL_IDS + 1}"
    server.folders["[Gmail]/All Mail"].add(outgoing("prompt").raw)
    assert mail.find_sent(outgoing("prompt")) is True


def test_what_is_forgotten_goes_to_the_bin_of_gmail_which_keeps_what_is_expunged(account: Made) -> None:
    server = FaultyImap(capabilities="X-GM-EXT-1")
    mail = account(server)
    for name in ("one", "two"):
        server.inbox.add(letter(name))
    one, _ = follow(mail, "")
    mail.forget(one.provider_id)
    mail.forget(one.provider_id)
    assert subjects(list(follow(mail, ""))) == ["two"]
    assert not any(b"EXPUNGE" in line for line in server.seen)


def test_what_is_forgotten_leaves_alone_what_the_server_numbers_anew_or_others_have_flagged(account: Made) -> None:
    """Without UIDPLUS an expunge takes all that is flagged: then the flag alone is set."""
    server = FaultyImap()
    mail = account(server)
    for name in ("one", "two"):
        server.inbox.add(letter(name))
    one, _ = follow(mail, "")
    mail.forget(one.provider_id)
    assert any(b"STORE 1 +FLAGS" in line for line in server.seen)
    assert not any(b"EXPUNGE" in line for line in server.seen), "it says that both are flagged"
    server.inbox.validity = 2
    server.seen.clear()
    mail.forget(one.provider_id)
    assert not any(b"STORE" in line for line in server.seen)


def test_looking_before_repeating_makes_no_second_mail_and_loses_none(account: Made) -> None:
    """Two hundred mails; the answer to every other one is lost, half of those with the mail and half without."""
    imap_server, smtp = FaultyImap(), FaultySmtp()
    with closing(smtp):
        mail = account(imap_server, smtp_port=smtp.port, patience=1, mails_per_minute=60_000)
        doubts = repeats = 0
        for number in range(200):
            one = outgoing(f"n{number}")
            smtp.says = {} if number % 2 else {"dot": DROP}
            smtp.keeps = number % 4 != 0
            try:
                mail.send(one)
            except Unavailable as error:
                assert error.in_doubt
                doubts += 1
                imap_server.inbox.mails = {uid: taken.body for uid, taken in enumerate(smtp.taken, 1)}
                smtp.says, smtp.keeps = {}, True
                if not mail.find_sent(one):
                    repeats += 1
                    mail.send(one)
        sent = [taken.body for taken in smtp.taken]
        assert (doubts, repeats) == (100, 50)
        assert len(sent) == len(set(sent)) == 200
