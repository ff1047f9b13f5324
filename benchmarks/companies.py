"""Invented companies of any size, a house to run them in, and mails as their people would write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.adapters.local import LocalMail

from assistant import loops
from assistant.config import Config
from assistant.demo import clients
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender
from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.people import Person, Team
from assistant.domain.setup import Assistant, Round, Setup
from assistant.render import Renderer
from assistant.store import people as people_store
from assistant.store.database import open_store
from assistant.wiring import House
from assistant.workflows import rounds
from assistant.workflows.desk import Desk, Mailbox

ROOT = Path(__file__).parent.parent
ADDRESS = "ada@in.example.com"
BERLIN, TOKYO, ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles")
ZONES = (BERLIN, TOKYO, ANGELES, ZoneInfo("America/New_York"), ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata"))
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SOON = MONDAY + timedelta(hours=10)
"""An hour after they were asked in Berlin, and before anybody is reminded."""
SPAN = 8


def person(number: int, team: str, zone: ZoneInfo = BERLIN, manager: str | None = None) -> Person:
    return Person(address_of(number), f"Mia{number} Chen", zone, teams=(team,), manager=manager)


def address_of(number: int) -> str:
    return f"u{number}@example.org"


def company(people: int, *, zones: Sequence[ZoneInfo] = (BERLIN,), kind: str = "check-in") -> Setup:
    """Teams of eight, each led by its first; the leads answer to one another in a tree of the same span."""
    members: dict[str, Person] = {}
    teams: dict[str, Team] = {}
    for first in range(0, people, SPAN):
        number = first // SPAN
        own = range(first, min(first + SPAN, people))
        boss = address_of((number - 1) // SPAN * SPAN) if number else None
        team = f"team{number}"
        for each in own:
            manager = boss if each == first else address_of(first)
            members[address_of(each)] = person(each, team, zones[number % len(zones)], manager)
        teams[team] = Team(team, f"Team {number}", tuple(map(address_of, own)), address_of(first))
    rounds = tuple(_round(kind, team) for team in teams)
    return Setup(Assistant("Ada", ADDRESS, address_of(0), BERLIN), members, teams, rounds, ())


def crowd(people: int, *, reminders: int = 0) -> Setup:
    """One team whose ``people`` are asked at 10:00 in Berlin, and closed four hours later.

    One colleague is asked hours before and one hours after them, so that the round is open and not over by then.
    """
    early, late = person(people, "crowd", TOKYO), person(people + 1, "crowd", ANGELES)
    members = [early, *(person(number, "crowd") for number in range(people)), late]
    round_ = _round("check-in", "crowd", reminders)
    return Setup(
        Assistant("Ada", ADDRESS, early.address, BERLIN),
        {each.address: each for each in members},
        {"crowd": Team("crowd", "Crowd", tuple(each.address for each in members), early.address)},
        (round_,),
        (),
    )


def _round(kind: str, team: str, reminders: int = 1) -> Round:
    if kind == "weekly-update":
        cadence, window = Cadence(Frequency.WEEKLY, weekday=4), Window(until=(0, time(10)))
    else:
        cadence, window = Cadence(Frequency.DAILY), Window(length=timedelta(hours=4))
    return Round(f"{kind}.{team}", kind, team, cadence, time(10), window, reminders)


def write_config(folder: Path, people: int, zone: ZoneInfo = BERLIN) -> Path:
    """The same company as ``company`` makes, as files."""
    folder.mkdir(parents=True, exist_ok=True)
    setup = company(people, zones=(zone,))
    leads = {team.lead for team in setup.teams.values()}
    lines = ["name,email,zone,team,lead,manager"]
    for each in setup.people.values():
        lead = "yes" if each.address in leads else ""
        lines.append(f"{each.name},{each.address},{zone.key},{each.teams[0]},{lead},{each.manager or 'none'}")
    (folder / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(
        f"assistant: {{name: Ada, address: {ADDRESS}, zone: {zone.key}}}\ndata: .\npeople: people.csv\n"
        'rounds:\n  - {kind: check-in, at: "10:00"}\n',
        encoding="utf-8",
    )
    return config


@cache
def renderer() -> Renderer:
    return Renderer()


def no_guard(_place: str) -> AbstractContextManager[None]:
    """Faults come through: a benchmark that fails must not look fast."""
    return nullcontext()


@contextmanager
def house(folder: Path, setup: Setup) -> Iterator[House]:
    """With a store and a Maildir in ``folder``, and no calendars."""
    db = open_store(folder)
    mail = LocalMail(folder, ADDRESS)
    config = Config(folder / "config.yaml", setup, folder, {}, None, ())
    desk = Desk(db, setup, renderer(), {"main": Mailbox("main", ADDRESS, mail.subaddress)}, {})
    try:
        yield House(config, db, {"main": mail}, {}, desk)
    finally:
        db.close()


def begin(home: House) -> None:
    """On the Sunday before, everybody known and welcomed long since."""
    with home.db.atomic():
        people_store.meet(home.db, MONDAY, home.desk.setup.people.values())
        for address in home.desk.setup.people:
            people_store.welcomed(home.db, MONDAY, address)
        rounds.sync(home.desk, MONDAY - timedelta(hours=12))


@contextmanager
def asked(folder: Path, people: int) -> Iterator[House]:
    """A company in one zone whose people got their check-in at ten on Monday."""
    with house(folder, company(people)) as home:
        begin(home)
        ten = MONDAY + timedelta(hours=9)
        loops.fetch(home, ten, no_guard)  # what comes from now on is new
        loops.work(home, ten, no_guard)
        loops.send(home, ten, no_guard)
        yield home


def inbox(folder: Path, address: str) -> list[EmailMessage]:
    """What somebody got, in no order."""
    new = folder / "mail" / address / "new"
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new.iterdir()]


SHORT = (Client.GMAIL, Client.APPLE_MAIL, Client.IPHONE, Client.THUNDERBIRD)
LONG = (Client.OUTLOOK, Client.OUTLOOK_WEB)

_DONE = ("Shipped the billing migration", "Reviewed the rollout plan with Dana", "Closed nine support tickets")
_NEXT = ("Load test the export", "Pair with Lee on the importer", "Write up the customer call")
_WAITS = ("none", "waiting for the security sign-off", "none at the moment")


def words(number: int) -> str:
    """A numbered answer to a check-in's three questions."""
    done, coming, waits = (lines[number % 3] for lines in (_DONE, _NEXT, _WAITS))
    return f"1. {done}, part {number}.\n2. {coming}\n3. {waits}"


def answer(prompt: EmailMessage, sender: Person, number: int, now: datetime, *, long: bool = False) -> bytes:
    """A reply to a prompt from one mail program after another; a ``long`` one drags an old thread along."""
    client = (LONG if long else SHORT)[number % (2 if long else 4)]
    return clients.reply(
        client,
        to_mail=_with_history(prompt) if long else prompt,
        sender=Sender(sender.name, sender.address),
        text=words(number),
        now=now.astimezone(sender.zone),
    )


def _with_history(prompt: EmailMessage, times: int = 10) -> EmailMessage:
    """The same mail with its own page below it several times, as grown threads have it."""
    mail = EmailMessage(policy=policy.SMTP)
    for name in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "References"):
        if prompt[name]:
            mail[name] = prompt[name]
    plain, html = (prompt.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and html is not None
    text, page = str(plain.get_content()), str(html.get_content())
    start, end = page.find(">", page.find("<body")) + 1, page.find("</body>")
    earlier = f'<div style="border-left:1px solid #ccc;padding-left:1ex">{page[start:end]}</div>'
    mail.set_content("\n".join([text, *("> " + text.replace("\n", "\n> "),) * times]))
    mail.add_alternative(page[:end] + earlier * times + page[end:], subtype="html")
    return mail
