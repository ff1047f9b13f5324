"""``connect`` and ``check --online`` against real servers on this machine, as somebody at a terminal meets them."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from assistant.adapters.exchange import ExchangeCalendar, ExchangeMail
from assistant.adapters.google import GoogleCalendar, GoogleMail
from assistant.adapters.google_connect import connect as connect_google
from assistant.adapters.graph import GraphCalendar, GraphMail
from assistant.adapters.graph_connect import connect as connect_graph
from assistant.adapters.local import LocalCalendar, LocalMail
from click.testing import CliRunner, Result

from assistant import clock
from assistant import config as configuration
from assistant.cli import main
from assistant.commands.findings import Finding, Mark
from assistant.commands.online import try_calendar, try_mail
from assistant.domain.calendar import Event
from assistant.errors import Rejected
from assistant.ports import CalendarProvider, EventRef, MailBatch, MailProvider, OutgoingMail
from tests.adapters.exchange_worlds import OPTIONS as EWS_OPTIONS
from tests.adapters.graph_worlds import OPTIONS, mail_world
from tests.adapters.test_google_mail import FAST, SOON, sign_in
from tests.contract.calendar_contract import ANA, BEN
from tests.contract.mail_contract import BOT
from tests.fakes.ews import FakeEws
from tests.fakes.google import FakeGoogle
from tests.fakes.graph import FakeGraph
from tests.fakes.loopback import session
from tests.servers.aiosmtpd_server import submission
from tests.servers.imap_world import PASSWORD, Keeper, owner
from tests.servers.loopback import free_port
from tests.servers.pymap_server import pymap
from tests.servers.radicale_server import PASSWORD as DAV_PASSWORD
from tests.servers.radicale_server import radicale
from tests.terminal import Terminal

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
CONFIG = f"""
assistant: {{name: Ada, address: {BOT}}}
people:
  - {{name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def assistant(config: Path, *words: str, said: str | None = None) -> Result:
    result = CliRunner().invoke(main, ["-c", str(config), *words], input=said)
    assert "Traceback" not in result.output
    return result


def marks(output: str) -> dict[tuple[str, str], str]:
    """By part and what was tried, from the table."""
    rows = re.findall(r"^(mail|calendar) +(\S+(?: \S+)*?) +(works|fails|note)\b", output, re.MULTILINE)
    return {(part, what): mark for part, what, mark in rows}


def adopt(config: Path, shown: str) -> None:
    """Put the printed block into the configuration, below the accounts that it has, as a person would."""
    block = re.search(r"^accounts:\n((?: .*\n)+)", shown, re.MULTILINE)
    assert block is not None
    before = config.read_text(encoding="utf-8")
    config.write_text((before if "accounts:" in before else f"{before}accounts:\n") + block[1], encoding="utf-8")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """Ports of IMAP and SMTP."""
    with (
        pymap(tmp_path_factory.mktemp("pymap"), BOT, PASSWORD) as imap,
        closing(Keeper(imap)) as keeper,
        submission({BOT: PASSWORD}, lambda _s, to, raw: keeper.append(raw) if owner(to) == BOT else None) as smtp,
    ):
        yield imap, smtp


def answers(servers: tuple[int, int], password: str = PASSWORD) -> str:
    imap, smtp = servers
    return f"127.0.0.1\nnone\n{imap}\n\nnone\n{smtp}\n\n{password}\n"


# --- Signing in for the first time -----------------------------------------------------------------------------------


def test_connect_imap_asks_until_it_works_and_check_online_then_finds_all_well(
    config: Path, servers: tuple[int, int]
) -> None:
    before = config.read_bytes()
    wrong = answers(servers, "not-this-one")
    shown = assistant(config, "connect", "imap", said=wrong + answers(servers))
    assert shown.exit_code == 0, shown.output
    assert "refuses user name and password" in shown.output and "Signed in on both sides" in shown.output
    assert PASSWORD not in shown.output and "not-this-one" not in shown.output
    assert config.read_bytes() == before
    kept = config.parent / "data" / "imap-password"
    assert kept.read_text(encoding="utf-8") == f"{PASSWORD}\n" and stat.S_IMODE(kept.stat().st_mode) == 0o600
    adopt(config, shown.output)
    checked = assistant(config, "check", "--online")
    assert checked.exit_code == 0, checked.output
    found = marks(checked.output)
    for what in ("sign-in", "read", "send to self", "find it again", "tagged address"):
        assert found["mail", what] == "works", checked.output
    assert found["mail", "proof of sender"] == "note" and PASSWORD not in checked.output


OTHER = "ada@contractors.example"


def test_a_second_account_has_a_name_an_address_and_a_secret_of_its_own(
    config: Path, servers: tuple[int, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = assistant(config, "connect", "imap", said=answers(servers))
    adopt(config, first.output)
    words = ("--account", "at contractors", "--address", OTHER.upper())
    with (
        pymap(tmp_path_factory.mktemp("second"), OTHER, "another") as imap,
        submission({OTHER: "another"}, lambda *_: None) as smtp,
    ):
        shown = assistant(config, "connect", "imap", *words, said=answers((imap, smtp), "another"))
        assert shown.exit_code == 0, shown.output
    folder = config.parent / "data"
    assert (folder / "imap-password").read_text(encoding="utf-8") == f"{PASSWORD}\n"
    assert (folder / "imap-password-at%20contractors").read_text(encoding="utf-8") == "another\n"
    assert f"The mailbox of {OTHER}" in shown.output and "under `people`:  mail: at contractors\n" in shown.output
    adopt(config, shown.output)
    found = configuration.load(config).accounts["at contractors"]
    assert (found.mail, found.address) == ("imap", OTHER)
    assert found.options["password_file"] == "imap-password-at%20contractors" and "username" not in found.options


def test_connect_goes_on_with_the_address_that_the_account_has(config: Path, servers: tuple[int, int]) -> None:
    config.write_text(CONFIG + f"accounts:\n  imap: {{mail: imap, host: 127.0.0.1, password: x, address: {OTHER}}}\n")
    assert f"The mailbox of {OTHER}" in assistant(config, "connect", "imap", said="").output


@pytest.mark.parametrize("address", ["nobody", "ada+tag@contractors.example"])
def test_connect_refuses_an_address_that_could_not_be_the_assistant_s(config: Path, address: str) -> None:
    refused = assistant(config, "connect", "imap", "--address", address, said="")
    assert refused.exit_code == 2 and address in refused.output


def test_connect_stores_nothing_where_it_was_given_up(config: Path, servers: tuple[int, int]) -> None:
    assert assistant(config, "connect", "imap", said=answers(servers, "not-this-one")).exit_code == 1
    assert not (config.parent / "data" / "imap-password").exists()


def test_connect_caldav_makes_the_calendar_and_check_online_writes_and_takes_away(config: Path, tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with radicale(tmp_path / "server") as url:
        said = f"{url}\nbot\nassistant\nwrong-one\n{url}\nbot\nassistant\n{DAV_PASSWORD}\n"
        shown = assistant(config, "connect", "caldav", said=said)
        assert shown.exit_code == 0, shown.output
        assert DAV_PASSWORD not in shown.output and "wrong-one" not in shown.output
        kept = tmp_path / "data" / "caldav-password"
        assert kept.read_text(encoding="utf-8") == f"{DAV_PASSWORD}\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        adopt(config, shown.output)
        config.write_text(config.read_text() + "  post: {mail: local}\n")
        checked = assistant(config, "check", "--online")
        assert checked.exit_code == 0, checked.output
        found = marks(checked.output)
        assert [found["calendar", what] for what in ("sign-in", "read", "write", "invitations")] == ["works"] * 4
        assert "by mail" in checked.output and found["calendar", "free/busy"] == "note"
        left = [path for path in (tmp_path / "server" / "data").rglob("*.ics") if ".Radicale.cache" not in path.parts]
        assert left == [], "the event is gone again"


def connect_to_google(folder: Path, address: str) -> tuple[Mapping[str, Any], str, Path]:
    """Signed in to the mailbox of BOT, whoever was meant: the options, all that was said, and what is kept."""
    from assistant.adapters.google_auth import SCOPES
    from google.oauth2.credentials import Credentials

    client = folder / "client.json"
    with FakeGoogle(BOT) as fake:
        fake.granted = set(SCOPES)
        sign_in(folder / "elsewhere", fake)
        given = {"client_id": "c", "client_secret": "s", "token_uri": f"{fake.root}token", "auth_uri": "http://x/"}
        client.write_text(json.dumps({"installed": given}))

        def browser(**_: Any) -> Any:
            signed = {"refresh_token": "refresh-0", "client_id": "c", "client_secret": "s"}
            return Credentials("access-0", token_uri=given["token_uri"], **signed)  # type: ignore[no-untyped-call]  # untyped

        person = Terminal("neither", "user", str(folder / "missing"), str(client), "no")
        options = connect_google(folder, address, person.ask, person.say, run=browser, endpoint=fake.root, **SOON)
        assert fake.violations == []
    said = "\n".join(person.said)
    assert not any(secret in said for secret in ("refresh-", "access-"))
    (token,) = (folder / "google").glob("*@*.json")
    return options, said, token


def test_connect_google_says_why_each_scope_is_asked_and_tries_the_sign_in(tmp_path: Path) -> None:
    from assistant.adapters.google_auth import SCOPES

    options, said, token = connect_to_google(tmp_path, BOT)
    assert options == {"mail": "google", "calendar": "google"}
    assert all(scope in said and why in said for scope, why in SCOPES.items())
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert "This is the mailbox of" not in said


def test_connect_google_says_where_another_mailbox_was_signed_in_to_than_was_meant(tmp_path: Path) -> None:
    _, said, _ = connect_to_google(tmp_path, "ada@elsewhere.example")
    assert f"This is the mailbox of {BOT}: right only where ada@elsewhere.example is another address of it." in said


@pytest.mark.parametrize("way", ["secret", "person"])
def test_connect_graph_signs_in_as_an_application_or_as_a_person(tmp_path: Path, way: str) -> None:
    for world in mail_world(tmp_path):
        answers = [OPTIONS["tenant"], OPTIONS["client_id"], way, *(["right"] if way == "secret" else [])]
        person = Terminal(*answers)
        options = connect_graph(tmp_path, BOT, person.ask, person.say, session=session(world.fake.port))
        said = "\n".join(person.said)
        assert "Mail.Send: send these drafts" in said and "right" not in said
        assert ("ABCD-EFGH" in said) == (way == "person")
        assert ("secret_file" in options) == (way == "secret") and "secret" not in options
        if way == "secret":
            assert person.secret == ["right"]
            assert stat.S_IMODE(Path(options["secret_file"]).stat().st_mode) == 0o600


def test_connect_names_those_there_are_and_wants_a_configuration(config: Path, tmp_path: Path) -> None:
    unknown = assistant(config, "connect", "pigeon")
    assert unknown.exit_code == 2 and "caldav, exchange, google, graph, imap, slack, teams" in unknown.output
    nothing = assistant(tmp_path / "none.yaml", "connect", "imap")
    assert nothing.exit_code == 2 and "none.yaml" in nothing.output


# --- What works and what does not ------------------------------------------------------------------------------------


def test_check_online_on_folders_of_this_machine_leaves_nothing_that_disturbs_the_daemon(config: Path) -> None:
    assert assistant(config, "run", "--once").exit_code == 0
    checked = assistant(config, "check", "--online")
    assert checked.exit_code == 0 and "fails" not in marks(checked.output).values(), checked.output
    assert assistant(config, "run", "--once").exit_code == 0
    status = json.loads(assistant(config, "status", "--json").output)
    assert (status["set_aside"], status["problems"]) == ([], []) and sum(status["inbound"].values()) == 2
    assert set(status["outbox"]) <= {"sent"}


def test_a_wrong_password_fails_with_a_remedy_and_the_other_account_is_still_tried(
    config: Path, servers: tuple[int, int]
) -> None:
    imap, smtp = servers
    account = f"{{mail: imap, host: 127.0.0.1, security: none, imap_port: {imap}, smtp_port: {smtp}, password: nope}}"
    config.write_text(CONFIG + f"accounts:\n  main: {account}\n  other: {{calendar: local}}\n")
    checked = assistant(config, "check", "--online")
    found = marks(checked.output)
    assert checked.exit_code == 1, checked.output
    assert found["mail", "sign-in"] == "fails" and found["mail", "send, find again"] == "note"
    assert "assistant connect" in checked.output and found["calendar", "write"] == "works"


def test_a_server_that_is_not_there_fails_with_a_remedy(config: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    dav = f"{{calendar: caldav, url: '{url}', username: bot, password: x}}"
    config.write_text(CONFIG + f"accounts:\n  post: {{mail: local}}\n  dates: {dav}\n")
    checked = assistant(config, "check", "--online")
    assert checked.exit_code == 1 and marks(checked.output)["calendar", "sign-in"] == "fails"
    assert "nothing listens there; check host and port. Then check again." in " ".join(checked.output.split())


def by_name(found: Iterator[Finding]) -> dict[str, Finding]:
    return {each.what: each for each in found}


class Forgetful(LocalMail):  # type: ignore[misc]  # mypy knows adapters by another name
    """A host that takes mail and delivers none of it."""

    def send(self, mail: OutgoingMail) -> None:
        pass

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        return None


class Untagged(LocalMail):  # type: ignore[misc]  # mypy knows adapters by another name
    """A host that knows no tagged addresses, and stamps what it delivers."""

    def send(self, mail: OutgoingMail) -> None:
        if "+" in mail.recipient:
            raise Rejected("nobody has the recipient's address")
        stamped = b"Authentication-Results: mx.example.com; spf=pass\r\n" + mail.raw
        super().send(OutgoingMail(mail.message_id, mail.sender, mail.recipient, stamped))


class Full(LocalMail):  # type: ignore[misc]  # mypy knows adapters by another name
    """A host that tells that the mailbox is nearly full."""

    def check(self) -> object:
        class Told:
            quota = (990, 1000)
            junk = 3

        return Told()


class Slow(LocalMail):  # type: ignore[misc]  # mypy knows adapters by another name
    """Delivers only on the second look, and gives other things first."""

    looks = 0

    def fetch(self, cursor: str | None) -> MailBatch:
        self.looks += 1
        return MailBatch((), cursor) if cursor and self.looks < 5 else super().fetch(cursor)


def test_mail_that_does_not_come_back_is_a_failure(config: Path) -> None:
    mail = Forgetful(config.parent / "data", BOT)
    found = by_name(try_mail(mail, configuration.load(config).setup, NOW, timedelta(seconds=0)))
    assert found["find it again"].mark is Mark.FAILS and "junk" in found["find it again"].remedy


def test_tagged_addresses_that_do_not_exist_are_a_failure_and_stamps_are_named(config: Path) -> None:
    mail = Untagged(config.parent / "data", BOT)
    found = by_name(try_mail(mail, configuration.load(config).setup, NOW))
    assert found["find it again"].mark is Mark.WORKS
    assert found["tagged address"].mark is Mark.FAILS and "subaddress: null" in found["tagged address"].remedy
    assert found["proof of sender"].mark is Mark.NOTE and "mx.example.com" in found["proof of sender"].told


def test_a_mailbox_that_is_nearly_full_is_a_failure(config: Path) -> None:
    found = by_name(try_mail(Full(config.parent / "data", BOT), configuration.load(config).setup, NOW))
    assert found["quota"].mark is Mark.FAILS and "3 mails lie in junk" in found["quota"].told


def test_mail_that_takes_a_while_is_waited_for(config: Path) -> None:
    found = by_name(try_mail(Slow(config.parent / "data", BOT), configuration.load(config).setup, NOW))
    assert found["find it again"].mark is Mark.WORKS and found["tagged address"].mark is Mark.WORKS


class Sticky(LocalCalendar):  # type: ignore[misc]  # mypy knows adapters by another name
    """Lets nobody take an event away."""

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        raise Rejected("this calendar keeps what it has")


def test_an_event_that_cannot_be_taken_away_again_is_said_with_its_day(config: Path) -> None:
    found = by_name(try_calendar(Sticky(config.parent / "data", BOT), configuration.load(config).setup, NOW))
    assert found["write"].mark is Mark.FAILS
    assert "still there" in found["write"].told and "by hand" in found["write"].remedy


class ReadOnly(LocalCalendar):  # type: ignore[misc]  # mypy knows adapters by another name
    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        raise Rejected("PUT was refused (403)")


def test_a_calendar_that_may_only_be_read_fails_at_writing_alone(config: Path) -> None:
    found = by_name(try_calendar(ReadOnly(config.parent / "data", BOT), configuration.load(config).setup, NOW))
    assert [each.what for each in found.values() if each.mark is Mark.FAILS] == ["write"]
    assert "403" in found["write"].told and found["write"].remedy


class Scheduling(LocalCalendar):  # type: ignore[misc]  # mypy knows adapters by another name
    """Invites all but one by itself."""

    problems: Mapping[str, str] = MappingProxyType({"scheduling": "the server does not know our address"})

    def by_mail(self, event: Event) -> Collection[str]:
        return [event.attendees[0].address]

    def calendar_part(self, event: Event, method: str, now: datetime) -> bytes:
        return b""


def test_who_is_invited_by_mail_and_what_a_calendar_had_to_pass_over_is_told(config: Path) -> None:
    config.write_text(
        CONFIG.replace("rounds:", "  - {name: Lee, email: lee@example.com, zone: UTC, team: product}\nrounds:")
    )
    found = by_name(try_calendar(Scheduling(config.parent / "data", BOT), configuration.load(config).setup, NOW))
    assert found["invitations"].told == "by the server; by mail for 1: lee@example.com"
    assert found["to look at"].told == "scheduling: the server does not know our address"


# --- Each family, against what stands for it -------------------------------------------------------------------------

EVERYTHING = {
    "mail": {"sign-in", "read", "send to self", "find it again", "proof of sender", "clock", "quota"},
    "calendar": {"sign-in", "read", "write", "free/busy", "invitations", "quota"},
}


def google_family(folder: Path) -> Iterator[tuple[MailProvider, CalendarProvider]]:
    with FakeGoogle(BOT, [ANA, BEN]) as fake:
        fake.now = clock.now()
        sign_in(folder, fake)
        given: dict[str, Any] = {"folder": folder, "address": BOT, "endpoint": fake.root}
        yield GoogleMail(**given, **FAST), GoogleCalendar(**given, **SOON)
        assert fake.violations == []


def graph_family(folder: Path) -> Iterator[tuple[MailProvider, CalendarProvider]]:
    with closing(FakeGraph(BOT, [ANA, BEN], clock.now())) as fake:
        web = session(fake.port)
        own = {name: value for name, value in OPTIONS.items() if name not in ("poll", "mails_per_minute")}
        yield GraphMail(folder, BOT, session=web, **OPTIONS), GraphCalendar(folder, BOT, session=web, **own)
        assert fake.violations == []


def exchange_family(folder: Path) -> Iterator[tuple[MailProvider, CalendarProvider]]:
    with closing(FakeEws(BOT, [ANA, BEN], clock.now())) as fake:
        own = {name: value for name, value in EWS_OPTIONS.items() if name not in ("poll", "subaddress")}
        mail = ExchangeMail(folder, BOT, endpoint=fake.url, **EWS_OPTIONS)
        yield mail, ExchangeCalendar(folder, BOT, endpoint=fake.url, **own)
        assert fake.violations == []


@pytest.mark.parametrize("family", [google_family, graph_family, exchange_family])
def test_of_each_family_everything_is_tried_and_works(
    config: Path, tmp_path: Path, family: Callable[[Path], Iterator[tuple[MailProvider, CalendarProvider]]]
) -> None:
    setup = configuration.load(config).setup
    known = next(iter(setup.people.values()))
    setup = replace(setup, people={ANA: replace(known, address=ANA), BEN: replace(known, address=BEN)})
    for mail, calendar in family(tmp_path / "data"):
        found = {
            "mail": by_name(try_mail(mail, setup, clock.now())),
            "calendar": by_name(try_calendar(calendar, setup, clock.now())),
        }
        for part, wanted in EVERYTHING.items():
            assert wanted <= found[part].keys(), (part, found[part].keys())
            fails = {what: each.told for what, each in found[part].items() if each.mark is Mark.FAILS}
            assert fails == {}
            for what in wanted - {"proof of sender", "clock", "quota"}:
                assert found[part][what].mark is Mark.WORKS, found[part][what]
        assert found["mail"]["quota"].told == found["calendar"]["quota"].told == "not told by this server"
        assert ("tagged address" in found["mail"]) == (mail.subaddress is not None)
