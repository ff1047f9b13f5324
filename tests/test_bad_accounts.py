"""What is wrong with an account is one clear sentence in ``check --online`` and in ``status``; all else goes on.

Each case is produced by a real server on this machine, or one that fails on command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from assistant.adapters.maildir import deliver
from click.testing import CliRunner, Result
from sqlite_utils import Database

from assistant import clock
from assistant import config as configuration
from assistant.cli import main
from assistant.commands.run import APPROVED
from assistant.commands.status import gather
from assistant.store import database
from tests.adapters.test_chats import Slack
from tests.adapters.test_google_mail import sign_in
from tests.adapters.test_imap_faults import served
from tests.contract.mail_contract import BOT
from tests.fakes.dav_proxy import DavProxy
from tests.fakes.google import FakeGoogle
from tests.servers.aiosmtpd_server import submission
from tests.servers.faulty import FaultyImap, FaultySmtp, Folder, Say
from tests.servers.imap_world import owner
from tests.servers.loopback import free_port
from tests.servers.radicale_server import PASSWORD, radicale

CONFIG = f"""
assistant: {{name: Ada, address: {BOT}}}
people:
  - {{name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}}
  - {{name: Sam Osei, email: sam@example.com, zone: Europe/Berlin, team: product}}
teams:
  product: {{channel: {{account: chat, name: "#product"}}}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
series:
  - {{kind: one-on-one}}
accounts:
"""
Bench = Callable[[Path], AbstractContextManager[str]]
"""Given a folder, the ``accounts`` as long as the block lasts; ``{chat}`` in them stands for that of the channel."""


@dataclass(frozen=True, slots=True)
class Case:
    """``says`` in both places; ``fails`` is the row of the table that does, "" where it is a note only."""

    bench: Bench
    says: str
    fails: str
    noticed: bool = True
    """Whether the daemon meets it by itself; else ``status`` tells what the check found."""


def imap(says: dict[str, Say], **more: object) -> Bench:
    @contextmanager
    def bench(folder: Path) -> Iterator[str]:
        with closing(FaultyImap(says)) as server:
            yield _imap(server.port, free_port(), **more)

    return bench


def _imap(imap_port: int, smtp_port: int, **more: object) -> str:
    given: dict[str, object] = {"host": "127.0.0.1", "security": "none", "imap_port": imap_port, "smtp_port": smtp_port}
    given |= {"password": "secret", "timeout": 3, **more}
    options = ", ".join(f"{name}: {value}" for name, value in given.items())
    return f"  main: {{mail: imap, {options}}}\n  dates: {{calendar: local}}\n"


@contextmanager
def other_certificate(folder: Path) -> Iterator[str]:
    with closing(FaultyImap(tls=served("elsewhere.example.com", folder))) as server:
        yield _imap(server.port, free_port(), security="ssl", ca_file=folder / "ca.pem", smtp_security="none")


def mailbox(*, ahead: timedelta = timedelta(), capabilities: str = "") -> Bench:
    """One that works, behind a server that notes when each mail came, by its own clock."""

    @contextmanager
    def bench(folder: Path) -> Iterator[str]:
        server = FaultyImap(capabilities=capabilities)

        def take(_sender: str, recipient: str, raw: bytes) -> None:
            if owner(recipient) == BOT:
                server.inbox.add(f"Received: from x by y; {format_datetime(clock.now() + ahead)}\r\n".encode() + raw)

        with closing(server), submission({BOT: "secret"}, take) as smtp:
            yield _imap(server.port, smtp)

    return bench


def dav(password: str = PASSWORD, **worse: object) -> Bench:
    @contextmanager
    def bench(folder: Path) -> Iterator[str]:
        with ExitStack() as stack:
            (folder / "server").mkdir()
            proxy = stack.enter_context(closing(DavProxy(stack.enter_context(radicale(folder / "server")))))
            own = folder / "server" / "data" / "collection-root" / "bot" / "assistant"
            own.mkdir(parents=True)
            (own / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
            for name, value in worse.items():
                setattr(proxy, name, value)
            yield (
                f"  post: {{mail: local}}\n  dates: {{calendar: caldav, url: '{proxy.url}', username: bot,"
                f" password: {password}, calendar_name: assistant}}\n"
            )

    return bench


def google(upset: Callable[[FakeGoogle], None]) -> Bench:
    @contextmanager
    def bench(folder: Path) -> Iterator[str]:
        with FakeGoogle(BOT, ["mia@example.com", "sam@example.com"]) as fake:
            fake.now = clock.now()
            sign_in(folder / "data", fake)
            upset(fake)
            given = f"endpoint: '{fake.root}', mail_quota: 1000000000, calendar_quota: 1000000000, poll: 0.1"
            yield f"  main: {{mail: google, calendar: google, {given}}}\n"

    return bench


def lacking(*scopes: str) -> Callable[[FakeGoogle], None]:
    def upset(fake: FakeGoogle) -> None:
        fake.granted = set(scopes)

    return upset


@contextmanager
def mixed_up(folder: Path) -> Iterator[str]:
    """What listens for IMAP is a submission server, and the other way round."""
    with closing(FaultySmtp()) as smtp, closing(FaultyImap()) as server:
        yield _imap(smtp.port, server.port)


@contextmanager
def nobody(folder: Path) -> Iterator[str]:
    yield _imap(free_port(), free_port())


FREE_BUSY = "https://www.googleapis.com/auth/calendar.freebusy"
HOUR = timedelta(hours=1)
CASES = {
    "a wrong password": Case(
        imap({"LOGIN": b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"}), "refuses user name and password", "sign-in"
    ),
    "a wrong password of a calendar": Case(dav(password="nope"), "sign-in was refused", "sign-in"),
    "an expired token": Case(imap({"LOGIN": b"{tag} NO [EXPIRED] no\r\n"}), "has expired; renew it", "sign-in"),
    "a revoked token": Case(google(FakeGoogle.revoke), "sign in again with `assistant connect google`", "sign-in"),
    "a missing scope": Case(google(lacking(FREE_BUSY)), "a scope is missing", "sign-in"),
    "an unknown host": Case(imap({}, host="no-such-host.invalid", security="ssl"), "check", "sign-in"),
    "the ports mixed up": Case(mixed_up, "what answers there speaks no IMAP; check host and port", "sign-in"),
    "a server that turns us away": Case(
        imap({"greeting": b"* BYE too many\r\n"}), "it turns us away just now; it is tried again", "sign-in"
    ),
    "nobody at home": Case(nobody, "nothing listens there; check host and port", "sign-in"),
    "a certificate of somebody else": Case(other_certificate, "its certificate is not accepted", "sign-in"),
    "a full mailbox": Case(imap({"EXAMINE": b"{tag} NO [OVERQUOTA] full\r\n"}), "the mailbox is full", "sign-in"),
    "a calendar that may only be read": Case(dav(refuses=403), "may not do that there", "write"),
    "a calendar that has no more room": Case(dav(refuses=507), "the account there is full (507); make room", "write"),
    "a calendar that something else locks": Case(dav(refuses=423), "something else has it locked (423)", "write"),
    "a calendar that never takes what is new": Case(
        dav(refuses=412), "the event keeps changing while it is written", "write"
    ),
    "a calendar at Google that may only be read": Case(
        google(lambda fake: fake.fail("calendar.events.insert", 403, "requiredAccessLevel", times=99)),
        "this calendar may only be read; its owner can let us make changes",
        "write",
    ),
    "a full account of a calendar": Case(
        dav(quota=(199 * 2**20, 2**20)), "199 of 200 MiB are used, 1 MiB are left", "quota", noticed=False
    ),
    "no IDLE": Case(mailbox(), "the server has no IDLE: new mail is noticed within 30 seconds", "", noticed=False),
    "no sync-collection": Case(dav(syncs=False), "the server has no sync-collection", "", noticed=False),
    "a clock behind a calendar server's": Case(
        dav(ahead=HOUR), "this machine's clock is 60 minutes behind the server's", "clock"
    ),
    "a clock ahead of a mail server's": Case(
        mailbox(ahead=-2 * HOUR - timedelta(minutes=1), capabilities="IDLE"),
        "this machine's clock is 2 hours ahead of the server's",
        "clock",
        noticed=False,
    ),
}


def assistant(config: Path, *words: str) -> Result:
    result = CliRunner().invoke(main, ["-c", str(config), *words])
    assert "Traceback" not in result.output and "secret" not in result.output, result.output
    return result


def flat(result: Result) -> str:
    """As one line: tables wrap."""
    return " ".join(result.output.split())


@pytest.fixture
def slack() -> Iterator[Slack]:
    with closing(Slack()) as fake:
        yield fake


def configured(folder: Path, accounts: str, slack: Slack) -> Path:
    path = folder / "config.yaml"
    chat = f"  chat: {{channel: slack, token: xoxb-good, api_url: 'http://127.0.0.1:{slack.port}/api/'}}\n"
    path.write_text(CONFIG + accounts + chat, encoding="utf-8")
    database.make_private_folder(folder / "data")
    with closing(database.open_store(folder / "data")) as db:
        database.write_meta(db, APPROVED, clock.now().isoformat())
    return path


@pytest.mark.parametrize("name", CASES)
def test_it_is_one_clear_sentence_in_both_places_and_nothing_is_lost(tmp_path: Path, slack: Slack, name: str) -> None:
    case = CASES[name]
    with case.bench(tmp_path) as accounts:
        config = configured(tmp_path, accounts, slack)
        if case.noticed:
            assert assistant(config, "run", "--once").exit_code == 0
            assert case.says in told(config, "problems"), "the daemon says so by itself"
        checked = assistant(config, "check", "--online")
        assert (checked.exit_code == 1) == bool(case.fails), checked.output
        lines = told(config, "checked")
        assert case.says in lines and case.says[:60] in flat(checked), checked.output
        assert case.says[:60] in flat(assistant(config, "status"))
        failing = {line["what"] for line in status(config)["checked"]["found"] if line["mark"] == "fails"}
        assert failing <= {case.fails, "read", "server"} and (case.fails in failing or not case.fails)
        remedies = [line["remedy"] for line in status(config)["checked"]["found"] if line["mark"] == "fails"]
        assert all(remedies), "each failure says what to do"
        assert "#product works" in flat(checked), "the channel works all the same"
    assert set(status(config)["outbox"]) <= {"ready", "sent"}, "what could not leave waits"


def status(config: Path) -> dict[str, Any]:
    return gather(configuration.load(config))


def told(config: Path, where: str) -> str:
    found = status(config)[where]
    lines = found["found"] if isinstance(found, dict) else found
    return "\n".join(str(line.get("told") or line.get("message")) for line in lines)


def test_that_the_mailbox_was_numbered_anew_needs_nobody(tmp_path: Path, slack: Slack) -> None:
    with closing(FaultyImap()) as server, closing(FaultySmtp()) as smtp:
        config = configured(tmp_path, _imap(server.port, smtp.port), slack)
        assert assistant(config, "run", "--once").exit_code == 0
        server.folders["INBOX"] = Folder(validity=2)
        server.inbox.add(b"From: mia@example.com\r\nTo: bot@team.example\r\nSubject: help\r\n\r\nhelp\r\n")
        assert assistant(config, "run", "--once").exit_code == 0
    assert status(config)["inbound"] == {"applied": 1}
    shown = assistant(config, "status")
    assert shown.exit_code == 0 and "Needs a look" not in shown.output, shown.output


def test_an_address_that_our_server_knows_nobody_at_is_as_good_as_a_mail_that_came_back(
    tmp_path: Path, slack: Slack
) -> None:
    """It is named once, not with each mail, till whoever looked into it says `resume`."""
    with closing(FaultyImap()) as server, closing(FaultySmtp()) as smtp:
        smtp.says["RCPT"] = b"550 5.1.1 <sam@example.com> no such user\r\n"
        config = configured(tmp_path, _imap(server.port, smtp.port), slack)
        for _ in range(2):
            assert assistant(config, "run", "--once").exit_code == 0
    problems = {problem["place"]: problem["message"] for problem in status(config)["problems"]}
    assert problems.keys() == {"address mia@example.com", "address sam@example.com"}, problems
    assert "told nobody" in problems["address mia@example.com"], "she is the operator"
    assert "check it in the configuration" in problems["address sam@example.com"]
    assert assistant(config, "resume", "sam@example.com").exit_code == 0
    assert [problem["place"] for problem in status(config)["problems"]] == ["address mia@example.com"]


def test_an_address_that_mail_comes_back_from_is_named_and_the_others_go_on(tmp_path: Path, slack: Slack) -> None:
    config = configured(tmp_path, "  main: {mail: local, calendar: imip}\n", slack)
    assert assistant(config, "run", "--once").exit_code == 0
    mails = Database(tmp_path / "data" / database.FILE).execute("SELECT message_id, person FROM outbox")
    invited = {person: message_id for message_id, person in mails}
    assert set(invited) >= {"mia@example.com", "sam@example.com"}
    report = (
        f"From: mailer-daemon@example.com\nTo: {BOT}\nReturn-Path: <>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nNobody has this address.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
        "Final-Recipient: rfc822; sam@example.com\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {invited['sam@example.com']}\nSubject: x\n\nx\n--b--\n"
    )
    deliver(tmp_path / "data", BOT, report.encode())
    assert assistant(config, "run", "--once").exit_code == 0
    sentence = "mail to this address came back; check it in the configuration"
    for word in ("check", "status"):
        shown = assistant(config, word, *(["--online"] if word == "check" else []))
        assert "sam@example.com" in shown.output and sentence in flat(shown), shown.output
        assert "address mia@example.com" not in shown.output
