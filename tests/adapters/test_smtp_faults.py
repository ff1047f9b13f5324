"""Whatever goes wrong while a mail is handed over, we know whether it may have left."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from assistant.adapters.imap import ImapMail
from assistant.adapters.smtp import Phase, Server, Submission
from assistant.adapters.xoauth import SignIn

from assistant.errors import AssistantError, Rejected, Unauthorized, Unavailable
from tests.contract.mail_contract import ANA, BOT, outgoing
from tests.servers.faulty import DROP, SILENT, FaultySmtp, Say
from tests.servers.loopback import free_port

COPY = "bot+sent-copy@team.example"
BIG = b"Subject: big\r\n\r\n" + b"x" * 70 + (b"\r\n" + b"y" * 76) * 200_000 + b"\r\n"

Made = Callable[..., Submission]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.fixture
def submission(stack: ExitStack) -> Made:
    def made(server: FaultySmtp | int, timeout: float = 0.5, patience: float = 0.5, **sign_in: Any) -> Submission:
        if not isinstance(server, int):
            stack.enter_context(closing(server))
        port = server if isinstance(server, int) else server.port
        way = SignIn(BOT, **(sign_in or {"password": "secret"}))
        found = Submission(Server("127.0.0.1", port, "none", timeout), way, "team.example", patience)
        return stack.enter_context(closing(found))

    return made


def hand_over(submission: Submission, raw: bytes | None = None) -> None:
    mail = outgoing("prompt")
    submission.send(mail.sender, mail.recipient, raw or mail.raw, COPY)


def test_a_mail_and_our_copy_go_in_one_transaction(submission: Made) -> None:
    server = FaultySmtp()
    found = submission(server)
    hand_over(found)
    (taken,) = server.taken
    assert (taken.recipients, taken.body, found.copied) == ([ANA, COPY], outgoing("prompt").raw, True)


BEFORE_THE_DOT: list[tuple[str, dict[str, Say], Phase]] = [
    ("accepts and says nothing", {"greeting": SILENT}, Phase.CONNECT),
    ("421 as greeting", {"greeting": b"421 4.3.2 not now\r\n"}, Phase.CONNECT),
    ("554 as greeting", {"greeting": b"554 5.7.1 your network is blocked\r\n"}, Phase.CONNECT),
    ("550 at EHLO", {"EHLO": b"550 who are you\r\n"}, Phase.CONNECT),
    ("garbage as greeting", {"greeting": b"\xff\x00 hello\r\n"}, Phase.CONNECT),
    ("hangs up instead of a greeting", {"greeting": DROP}, Phase.CONNECT),
    ("454 at AUTH", {"AUTH": b"454 4.7.0 later\r\n"}, Phase.SIGN_IN),
    ("451 at MAIL", {"MAIL": b"451 4.3.0 later\r\n"}, Phase.SENDER),
    ("421 at MAIL", {"MAIL": b"421 4.7.0 too many\r\n"}, Phase.SENDER),
    ("452 at RCPT", {"RCPT": b"452 4.2.2 full\r\n"}, Phase.RECIPIENT),
    ("hangs up at RCPT", {"RCPT": DROP}, Phase.RECIPIENT),
    ("garbage at RCPT", {"RCPT": b"what?\r\n"}, Phase.RECIPIENT),
    ("hangs up before 354", {"DATA": DROP}, Phase.DATA),
    ("502 at DATA", {"DATA": b"502 no such command\r\n"}, Phase.DATA),
    ("451 at DATA", {"DATA": b"451 4.3.0 later\r\n"}, Phase.DATA),
    ("250 at DATA", {"DATA": b"250 what mail\r\n"}, Phase.DATA),
    ("nothing at DATA", {"DATA": SILENT}, Phase.DATA),
    ("daily limit", {"RCPT": b"550 5.4.5 daily limit\r\n"}, Phase.RECIPIENT),
    ("451 after the dot", {"dot": b"451 4.3.0 later\r\n"}, Phase.DOT),
]


@pytest.mark.parametrize(("fault", "phase"), [pytest.param(f, p, id=name) for name, f, p in BEFORE_THE_DOT])
def test_where_nothing_was_taken_it_is_tried_again(submission: Made, fault: dict[str, Say], phase: Phase) -> None:
    server = FaultySmtp(fault)
    server.keeps = False
    found = submission(server)
    with pytest.raises(Unavailable) as caught:
        hand_over(found)
    assert not caught.value.in_doubt
    assert found.phase == phase
    assert not server.taken
    server.says.clear()
    server.keeps = True
    hand_over(found)
    assert len(server.taken) == 1


@pytest.mark.parametrize("count", [1, 1_000_000])
def test_lost_in_the_body_was_not_taken(submission: Made, count: int) -> None:
    server = FaultySmtp()
    server.read = count
    found = submission(server)
    with pytest.raises(Unavailable) as caught:
        hand_over(found, BIG)
    assert (caught.value.in_doubt, found.phase, server.taken) == (False, Phase.BODY, [])


def test_lost_just_before_the_dot_was_not_taken_and_is_at_most_in_doubt(submission: Made) -> None:
    """When the dot is on its way already, that looks like an answer that was lost."""
    server = FaultySmtp()
    server.read = len(outgoing("prompt").raw)
    with pytest.raises(Unavailable):
        hand_over(submission(server))
    assert not server.taken


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(DROP, id="hangs up"),
        pytest.param(b"\x16\x03 garbage\r\n", id="garbage"),
        pytest.param(b"354 more\r\n", id="another code"),
        pytest.param(SILENT, id="no answer in time"),
        pytest.param(b"250", id="half an answer"),
    ],
)
@pytest.mark.parametrize("keeps", [True, False])
def test_an_answer_lost_after_the_dot_is_in_doubt(submission: Made, said: bytes, keeps: bool) -> None:
    server = FaultySmtp({"dot": said})
    server.keeps = keeps
    found = submission(server)
    with pytest.raises(Unavailable) as caught:
        hand_over(found)
    assert caught.value.in_doubt
    assert found.phase is Phase.DOT
    server.says.clear()
    server.keeps = True
    hand_over(found)  # the next mail gets a new connection
    assert len(server.taken) == 1 + keeps


def test_after_the_dot_it_waits_longer_than_for_anything_else(submission: Made) -> None:
    def later(_number: int) -> bytes:
        time.sleep(0.6)
        return b"250 ok\r\n"

    server = FaultySmtp({"dot": later})
    hand_over(submission(server, timeout=0.3, patience=5))
    assert len(server.taken) == 1


def test_an_answer_in_single_bytes_is_an_answer(submission: Made) -> None:
    server = FaultySmtp()
    server.slowly = 0.05
    hand_over(submission(server, patience=0.3))
    assert len(server.taken) == 1


def test_the_patience_after_the_dot_is_that_of_the_rfc(tmp_path: Path) -> None:
    mail = ImapMail(tmp_path, BOT, host="mail.example", password="x")
    assert mail._submission._patience == 600


REFUSED: list[tuple[dict[str, Say], str]] = [
    ({"RCPT": b"550 5.1.1 nobody\r\n"}, "nobody has the recipient's address"),
    ({"RCPT": b"552 5.2.2 full\r\n"}, "the recipient's mailbox is full"),
    ({"RCPT": b"553 no such\r\n"}, "refuses the mail"),
    ({"MAIL": b"552 5.3.4 too big\r\n"}, "too big"),
    ({"DATA": b"554 no valid recipients\r\n"}, "refuses the mail"),
    ({"dot": b"550 5.7.1 policy\r\n"}, "rules refuse the mail"),
    ({"dot": b"552 5.3.4 too big\r\n"}, "too big"),
    ({"EHLO": b"250-here\r\n250-AUTH PLAIN\r\n250 SIZE 50\r\n"}, "the server takes 50"),
]


@pytest.mark.parametrize(("fault", "sentence"), [(fault, sentence) for fault, sentence in REFUSED])
def test_a_refusal_for_good_is_rejected_and_the_next_mail_goes(
    submission: Made, fault: dict[str, Say], sentence: str
) -> None:
    server = FaultySmtp(fault)
    server.keeps = False
    found = submission(server)
    with pytest.raises(Rejected, match=sentence):
        hand_over(found)
    server.says, server.keeps = {}, True
    if "EHLO" in fault:
        found.close()  # it is said once a connection
    hand_over(found)
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"AUTH": b"535 5.7.8 bad credentials\r\n"}, "refuses user name and password"),
        ({"AUTH": b"534 5.7.9 app password\r\n"}, "app password"),
        ({"AUTH": b"535 5.7.139 disabled\r\n"}, "switched off"),
        ({"MAIL": b"530 5.7.0 must authenticate\r\n"}, "let this account send|wants a sign-in"),
        ({"MAIL": b"550 5.7.60 send as denied\r\n"}, "may not send as our address"),
        ({"MAIL": b"550 sender rejected\r\n"}, "does not let this account send as our address"),
        ({"RCPT": b"554 5.7.1 <ana@team.example>: Relay access denied\r\n"}, "passes no mail on for us"),
        ({"RCPT": b"550 relay not permitted\r\n"}, "passes no mail on for us"),
        ({"EHLO": b"250 here\r\n"}, "does not offer to sign in"),
    ],
)
def test_what_concerns_the_account_stops_the_account(submission: Made, fault: dict[str, Say], sentence: str) -> None:
    server = FaultySmtp(fault)
    with pytest.raises(Unauthorized, match=sentence):
        hand_over(submission(server))
    assert not server.taken


@pytest.mark.parametrize(
    ("fault", "nobody"),
    [
        ({"RCPT": b"550 5.1.1 no such user\r\n"}, True),
        ({"RCPT": b"550 5.2.1 mailbox disabled\r\n"}, True),
        ({"RCPT": b"552 5.2.2 full\r\n"}, False),
        ({"RCPT": b"550 5.7.1 policy\r\n"}, False),
        ({"dot": b"550 5.1.1 said of a mail, not of an address\r\n"}, False),
    ],
)
def test_that_nobody_is_at_an_address_is_told_from_all_else(
    submission: Made, fault: dict[str, Say], nobody: bool
) -> None:
    with pytest.raises(Rejected) as caught:
        hand_over(submission(FaultySmtp(fault)))
    assert caught.value.address is nobody


def test_another_kind_of_server_is_said(submission: Made) -> None:
    with pytest.raises(Unavailable, match="speaks no SMTP; check host and port"):
        hand_over(submission(FaultySmtp({"greeting": b"* OK IMAP4rev1 ready\r\n"})))


def test_a_refused_password_is_not_tried_again_until_it_changes(submission: Made, tmp_path: Path) -> None:
    """Repeating it locks accounts."""
    secret = tmp_path / "password"
    secret.write_text("wrong\n")
    server = FaultySmtp({"AUTH": b"535 5.7.8 bad credentials\r\n"})
    found = submission(server, password_file=secret)
    for _ in range(3):
        with pytest.raises(Unauthorized):
            hand_over(found)
    assert server.connections == 1
    server.says.clear()
    secret.write_text("right\n")
    hand_over(found)
    assert len(server.taken) == 1


def test_no_error_shows_the_secret_or_an_address(submission: Made) -> None:
    server = FaultySmtp({"AUTH": b"535 5.7.8 hunter2 of bot@team.example is wrong\r\n"})
    with pytest.raises(Unauthorized) as caught:
        hand_over(submission(server, password="hunter2"))
    assert "hunter2" not in str(caught.value) and "@" not in str(caught.value)


def test_the_mail_goes_without_our_copy_where_that_is_refused(submission: Made) -> None:
    server = FaultySmtp({"RCPT-copy": b"552 5.2.2 your mailbox is full\r\n"})
    found = submission(server)
    hand_over(found)
    assert ([taken.recipients for taken in server.taken], found.copied) == ([[ANA]], False)


@pytest.mark.parametrize("full", [b"552 5.2.2 full\r\n", b"452 4.2.2 full\r\n", b"552 no room\r\n"])
def test_where_our_own_mailbox_is_full_the_mail_goes_without_our_copy(submission: Made, full: bytes) -> None:
    server = FaultySmtp({"dot-copy": full})
    found = submission(server)
    for _ in range(2):
        hand_over(found)
    assert ([taken.recipients for taken in server.taken], found.copied) == ([[ANA], [ANA]], False)
    assert server.connections == 1


def test_a_full_mailbox_that_is_not_ours_is_said(submission: Made) -> None:
    server = FaultySmtp({"dot": b"552 5.2.2 full\r\n"})
    server.keeps = False
    with pytest.raises(Rejected, match="the recipient's mailbox is full"):
        hand_over(submission(server))


def test_one_connection_is_used_again_and_renewed_when_it_has_died(submission: Made) -> None:
    server = FaultySmtp()
    found = submission(server)
    for _ in range(3):
        hand_over(found)
    assert server.connections == 1
    found._used -= 60
    server.says["NOOP"] = DROP
    hand_over(found)
    assert (server.connections, len(server.taken)) == (2, 4)


def test_a_connection_used_again_that_is_put_off_at_once_is_renewed_and_the_mail_goes(submission: Made) -> None:
    """Servers allow only so many mails a connection."""
    server = FaultySmtp()
    found = submission(server)
    hand_over(found)
    server.says["MAIL"] = lambda number: b"421 4.7.0 enough\r\n" if number == 1 else b"250 ok\r\n"
    hand_over(found)
    assert (server.connections, len(server.taken)) == (2, 2)


def test_nobody_listening_is_said_and_the_pause_grows(submission: Made) -> None:
    found = submission(free_port())
    for _ in range(2):
        with pytest.raises(Unavailable, match="nothing listens there"):
            hand_over(found)
    with pytest.raises(Unavailable) as caught:
        hand_over(found)
    assert caught.value.retry_after is not None and 1 < caught.value.retry_after <= 2


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x\r\n\r\nsmuggled\n.\nMAIL FROM:<a@b>\r\n",
        b"Subject: x\r\n\r\n\r.\r\n",
        b"Subject: " + b"x" * 999 + b"\r\n\r\n",
    ],
)
def test_a_line_that_servers_read_in_different_ways_never_leaves(submission: Made, raw: bytes) -> None:
    server = FaultySmtp()
    with pytest.raises(Rejected):
        hand_over(submission(server), raw)
    assert server.connections == 0


def test_a_line_with_a_dot_arrives_as_it_is(submission: Made) -> None:
    server = FaultySmtp()
    raw = b"Subject: x\r\n\r\n.\r\n..\r\n.hidden\r\n"
    hand_over(submission(server), raw)
    assert server.taken[0].body == raw


@pytest.mark.parametrize("address", ["a@b>\r\nDATA", "a b@c", "@c", "a@", "a@b@c", "<a@b>", "a@b.example SIZE=1"])
def test_an_address_that_is_none_never_reaches_the_server(submission: Made, address: str) -> None:
    server = FaultySmtp()
    with pytest.raises(Rejected):
        submission(server).send(BOT, address, outgoing("prompt").raw)
    assert server.connections == 0


def test_letters_outside_ascii_need_a_server_that_takes_them(submission: Made) -> None:
    server = FaultySmtp()
    found = submission(server)
    with pytest.raises(Rejected, match="outside ASCII"):
        found.send(BOT, "jürgen@team.example", outgoing("prompt").raw)
    found.send(BOT, "ana@münchen.example", outgoing("prompt").raw)
    assert server.taken[0].recipients == ["ana@xn--mnchen-3ya.example"]
    server.says["EHLO"] = b"250-here\r\n250-AUTH PLAIN\r\n250 SMTPUTF8\r\n"
    found.close()
    found.send(BOT, "jürgen@team.example", outgoing("prompt").raw)
    assert server.taken[1].recipients == ["jürgen@team.example"]


def test_a_token_is_presented_and_its_refusal_understood(submission: Made, tmp_path: Path) -> None:
    token = tmp_path / "token.json"
    token.write_text('{"access_token": "ya29.abc"}')
    server = FaultySmtp({"AUTH": b"334 eyJzdGF0dXMiOiI0MDEifQ==\r\n", "empty": b"535 5.7.8 not accepted\r\n"})
    found = submission(server, token_file=token)
    with pytest.raises(Unauthorized):
        hand_over(found)
    server.says.clear()
    token.write_text('{"access_token": "ya29.new"}')
    hand_over(found)
    assert any(line.startswith(b"AUTH XOAUTH2 ") for line in server.seen)


AUTHORITY = trustme.CA()


def served(name: str) -> FaultySmtp:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    return FaultySmtp(tls=context)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


def over_tls(server: FaultySmtp, ca_file: Path | None, security: str = "ssl") -> Submission:
    return Submission(Server("localhost", server.port, security, 2, ca_file), SignIn(BOT, password="x"), "team.example")


def test_tls_is_verified(authority: Path) -> None:
    with closing(served("localhost")) as server, closing(over_tls(server, authority)) as found:
        hand_over(found)
        assert len(server.taken) == 1
    with (
        closing(served("elsewhere.example")) as server,
        closing(over_tls(server, authority)) as found,
        pytest.raises(Unavailable, match=r"localhost.*certificate is not accepted"),
    ):
        hand_over(found)
    with closing(served("localhost")) as server, closing(over_tls(server, None)) as found:
        with pytest.raises(Unavailable, match="certificate is not accepted"):
            hand_over(found)
        assert not server.seen


def test_a_server_that_offers_no_starttls_gets_nothing_in_clear() -> None:
    with closing(FaultySmtp()) as server, closing(over_tls(server, None, "starttls")) as found:
        with pytest.raises(Unavailable, match="no STARTTLS"):
            hand_over(found)
        assert not any(line.startswith((b"AUTH", b"MAIL")) for line in server.seen)


def test_tls_with_a_server_that_speaks_none_is_said() -> None:
    with (
        closing(FaultySmtp()) as server,
        closing(over_tls(server, None)) as found,
        pytest.raises(Unavailable, match="TLS could not be set up"),
    ):
        hand_over(found)


def test_in_clear_only_on_this_machine() -> None:
    with pytest.raises(AssistantError, match="in clear"):
        Server("mail.example", 587, "none", 1)


def test_a_host_that_is_none_is_said() -> None:
    found = Submission(Server("no-such-host.invalid", 465, "ssl", 2), None, "team.example")
    with pytest.raises(Unavailable, match=r"no machine has that name|cannot be looked up"):
        hand_over(found)
