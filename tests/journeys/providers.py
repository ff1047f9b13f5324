"""The people of the demo on one side, an assistant on a mail host and a calendar server on the other.

The people keep to their Maildirs and calendar folders; a bridge is the internet between them and the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import requests
from assistant.adapters.google_account import token_path
from assistant.adapters.google_bodies import body_of, occurrence_of
from assistant.adapters.google_events import event_id, event_of, item_of
from assistant.adapters.holdings import file_name
from assistant.adapters.maildir import deliver

from assistant import config, loops
from assistant.commands.demo import acted, understood
from assistant.demo import team
from assistant.demo.expectations import differences
from assistant.demo.maildir import take_new
from assistant.demo.run import run_demo
from assistant.demo.script import read
from assistant.ical import from_ical, to_ical
from assistant.store import trail
from assistant.wiring import House, open_house
from tests.fakes.google import FakeGoogle
from tests.servers.aiosmtpd_server import submission
from tests.servers.imap_world import PASSWORD, Keeper, owner
from tests.servers.pages import Page, Pages, pages
from tests.servers.pymap_server import pymap
from tests.servers.radicale_server import PASSWORD as DAV_PASSWORD
from tests.servers.radicale_server import radicale

TEAM: Mapping[str, Any] = read("team.yaml")["configuration"]
ADA: str = TEAM["assistant"]["address"]
PEOPLE: tuple[str, ...] = tuple(person["email"] for person in TEAM["people"])
ZONES = {person["email"]: person["zone"] for person in TEAM["people"]}
_AHEAD = timedelta(days=28)
Accounts = dict[str, dict[str, object]]
Meeting = tuple[str, datetime, datetime, str]
"""UID, start and end in UTC, title."""


# --- the people's side -----------------------------------------------------------------------------------------------


@dataclass
class Office:
    """The folder in which the people of the demo live: ``mail/<address>`` and ``calendars/<address>``."""

    folder: Path
    _known: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    _answers: dict[tuple[str, str], dict[datetime | None, str]] = field(default_factory=dict)

    def mailed(self) -> list[bytes]:
        """What people wrote to the assistant since the last call."""
        return list(take_new(self.folder, ADA))

    def receive(self, address: str, raw: bytes) -> None:
        deliver(self.folder, owner(address), raw)

    def letters(self, address: str) -> list[EmailMessage]:
        box = self.folder / "mail" / address
        paths = [path for part in ("new", "cur") for path in (box / part).iterdir()]
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    def touched(self) -> Iterator[tuple[str, Path]]:
        """Whose calendar file is new or was written by its owner since the last call, or since ``write``."""
        for address in PEOPLE:
            for path in sorted((self.folder / "calendars" / address).glob("*.ics")):
                stamp = _stamp(path)
                if self._known.get(path) != stamp:
                    self._known[path] = stamp
                    yield address, path

    def write(self, address: str, uid: str, raw: bytes | None) -> None:
        """What a server puts on somebody's calendar, or takes off it."""
        path = self.folder / "calendars" / address / file_name(uid)
        if raw is None:
            path.unlink(missing_ok=True)
            return
        if path.exists() and path.read_bytes() == raw:
            return
        half = path.with_name(f".{path.name}.tmp")
        half.write_bytes(raw)
        half.rename(path)
        self._known[path] = _stamp(path)
        self._answers[address, uid] = _answers(raw, address)

    def answered(self) -> Iterator[tuple[str, str, datetime | None, str, icalendar.Event]]:
        """(who, UID, original start or None for the series, PARTSTAT, the event) of what people answered since."""
        for address, path in self.touched():
            raw = path.read_bytes()
            for event in _ours(raw):
                uid, original = str(event["UID"]), _original(event)
                told = self._answers.setdefault((address, uid), {})
                said = _answer(event, address)
                if said != told.get(original, told.get(None)):
                    yield address, uid, original, said, event
                told[original] = said

    def published(self, address: str) -> bytes:
        """The calendar of somebody as one file."""
        whole = icalendar.Calendar()
        whole.add("VERSION", "2.0")
        whole.add("PRODID", "-//somebody//EN")
        seen: set[str] = set()
        for path in sorted((self.folder / "calendars" / address).glob("*.ics")):
            for part in icalendar.Calendar.from_ical(path.read_bytes()).subcomponents:
                zone = str(part.get("TZID", "")) if part.name == "VTIMEZONE" else ""
                if not zone or zone not in seen:
                    whole.add_component(part)
                seen.add(zone)
        return bytes(whole.to_ical())

    def meetings(self, address: str, start: datetime, end: datetime) -> set[Meeting]:
        """What of the assistant's stands on somebody's calendar."""
        found = set()
        for path in (self.folder / "calendars" / address).glob("*.ics"):
            raw = path.read_bytes()
            if not any(True for _ in _ours(raw)):
                continue
            for event in recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(start, end):
                if str(event.get("STATUS", "")) != "CANCELLED":
                    start_, end_ = (moment.astimezone(UTC) for moment in (event.start, event.end))
                    found.add((str(event["UID"]), start_, end_, str(event["SUMMARY"])))
        return found


def _stamp(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _ours(raw: bytes) -> Iterator[icalendar.Event]:
    for event in icalendar.Calendar.from_ical(raw).walk("VEVENT"):
        if str(event.get("ORGANIZER", "")).lower() == f"mailto:{ADA}" and isinstance(event, icalendar.Event):
            yield event


def _attendee(event: icalendar.Event, address: str) -> Any:
    listed = event.get("ATTENDEE", [])
    listed = listed if isinstance(listed, list) else [listed]
    return next((each for each in listed if str(each).lower() == f"mailto:{address}"), None)


def _answer(event: icalendar.Event, address: str) -> str:
    attendee = _attendee(event, address)
    return "NEEDS-ACTION" if attendee is None else str(attendee.params.get("PARTSTAT", "NEEDS-ACTION"))


def _original(event: icalendar.Event) -> datetime | None:
    moment = event.get("RECURRENCE-ID")
    return None if moment is None else moment.dt.astimezone(UTC)


def _answers(raw: bytes, address: str) -> dict[datetime | None, str]:
    return {_original(event): _answer(event, address) for event in _ours(raw)}


# --- the assistant's side --------------------------------------------------------------------------------------------


class Family(Protocol):
    """Servers on which an assistant runs, and what moves between them and the people."""

    accounts: Accounts

    def push(self, now: datetime) -> None:
        """What people wrote and answered reaches the servers."""

    def pull(self, now: datetime) -> None:
        """What the servers have for people reaches them."""


class OnImap:
    """The assistant's mailbox on an IMAP server behind a submission server; calendars are for a subclass."""

    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        self.office = office
        port = stack.enter_context(pymap(folder, ADA, PASSWORD))
        self.keeper = stack.enter_context(closing(Keeper(port, ADA)))
        smtp = stack.enter_context(submission({ADA: PASSWORD}, self._deliver))
        ports = {"imap_port": port, "smtp_port": smtp}
        given = {"host": "127.0.0.1", "security": "none", "password": PASSWORD, "mails_per_minute": 100_000}
        self.accounts: Accounts = {"main": {"mail": "imap", **given, **ports}}

    def _deliver(self, _sender: str, recipient: str, raw: bytes) -> None:
        if owner(recipient) == ADA:
            self.keeper.append(f"Delivered-To: {recipient}\r\n".encode() + raw)
        else:
            self.office.receive(recipient, raw)
            self.mailed(owner(recipient), raw)

    def mailed(self, address: str, raw: bytes) -> None:
        """Somebody's mail program sees what arrives."""

    def push(self, now: datetime) -> None:
        for raw in self.office.mailed():
            self.keeper.append(raw)

    def pull(self, now: datetime) -> None:
        """Mail is there at once."""


class MailAlone(OnImap):
    """Invitations and answers are mails; people's mail programs keep their calendars, which they publish."""

    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        super().__init__(office, stack, folder)
        self.site: Pages = stack.enter_context(pages())
        self.replies = 0
        self.accounts["calendars"] = {"calendar": "imip", "free_busy": f"{self.site.url}{{user}}.ics"}
        self.accounts["calendars"]["allow_http"] = True
        self._publish(PEOPLE)

    def _publish(self, addresses: Iterator[str] | tuple[str, ...]) -> None:
        for address in addresses:
            self.site.pages[f"/{address.partition('@')[0]}.ics"] = Page(self.office.published(address))

    def mailed(self, address: str, raw: bytes) -> None:
        if b"text/calendar" not in raw:
            return
        for part in message_from_bytes(raw, policy=policy.default).walk():
            if part.get_content_type() == "text/calendar":
                calendar = icalendar.Calendar.from_ical(bytes(part.get_payload(decode=True)))
                cancelled = str(calendar.pop("METHOD")) == "CANCEL"
                uid = str(calendar.walk("VEVENT")[0]["UID"])
                self.office.write(address, uid, None if cancelled else calendar.to_ical())
        self._publish((address,))

    def push(self, now: datetime) -> None:
        super().push(now)
        for address, uid, _, said, event in list(self.office.answered()):
            self.replies += 1
            self.keeper.append(self._reply(address, uid, said, event, now))
            self._publish((address,))

    def _reply(self, address: str, uid: str, said: str, event: icalendar.Event, now: datetime) -> bytes:
        answer = icalendar.Event.from_ical(event.to_ical())
        own = _attendee(event, address)
        for name in ("ATTENDEE", "RRULE", "EXDATE", "DTSTAMP"):
            answer.pop(name, None)
        answer.add("ATTENDEE", own)
        answer.add("DTSTAMP", now)
        calendar = icalendar.Calendar()
        for name, value in (("VERSION", "2.0"), ("PRODID", "-//somebody//EN"), ("METHOD", "REPLY")):
            calendar.add(name, value)
        calendar.add_component(answer)
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"] = address, ADA
        mail["Subject"] = f"{said.title()}: {event['SUMMARY']}"
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{self.replies}.{uid}>"
        mail.set_content(f"{address} has answered.\n")
        mail.add_alternative(calendar.to_ical(), "text", "calendar", params={"method": "REPLY"})
        return mail.as_bytes()


class OnCalDav(OnImap):
    """Calendars on Radicale, people's opened to the assistant, which puts its invitations there."""

    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        super().__init__(office, stack, folder)
        users = [address.partition("@")[0] for address in PEOPLE]
        self.url = stack.enter_context(radicale(folder, "ada", users))
        self.stored = folder / "data" / "collection-root"
        self.web = stack.enter_context(requests.Session())
        for user in users:
            self._http("MKCALENDAR", user, "")
        self.accounts["calendars"] = {
            "calendar": "caldav", "url": self.url, "username": "ada", "password": DAV_PASSWORD, "allow_http": True,
            "calendar_name": "Assistant", "calendars": "/{user}/team/", "invite": "calendars",
        }  # fmt: skip
        self._seen: dict[Path, tuple[int, int, int]] = {}

    def _http(self, method: str, user: str, name: str, raw: bytes | None = None) -> bytes:
        headers = {"Content-Type": "text/calendar"} if raw is not None else {}
        place = f"{self.url}{user}/team/{name}"
        answer = self.web.request(method, place, auth=(user, DAV_PASSWORD), data=raw, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.content

    def push(self, now: datetime) -> None:
        super().push(now)
        for address, path in self.office.touched():
            user = address.partition("@")[0]
            raw = path.read_bytes().replace(b"METHOD:PUBLISH\r\n", b"")
            uid = str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["UID"])
            there = next((name for name, held in self._names(user).items() if held == uid), file_name(uid))
            self._http("PUT", user, quote(there), raw)
            self._seen[self.stored / user / "team" / there] = _stamp(self.stored / user / "team" / there)

    def _names(self, user: str) -> dict[str, str]:
        """UID by file name."""
        return {path.name: _uid(path.read_bytes()) for path in (self.stored / user / "team").glob("*.ics")}

    def pull(self, now: datetime) -> None:
        """A look at the files of the server tells when to ask it."""
        for address in PEOPLE:
            user = address.partition("@")[0]
            here = {path: _stamp(path) for path in (self.stored / user / "team").glob("*.ics")}
            gone = [path for path in self._seen if path.parent.parent.name == user and path not in here]
            changed = [path for path, stamp in here.items() if self._seen.get(path) != stamp]
            for path in changed:
                raw = self._http("GET", user, quote(path.name))
                self.office.write(address, _uid(raw), raw)
            if gone:
                held = {file_name(_uid(path.read_bytes())) for path in here}
                for path in (self.office.folder / "calendars" / address).glob("*.ics"):
                    if path.name not in held:
                        path.unlink()
            self._seen = {p: s for p, s in self._seen.items() if p.parent.parent.name != user} | here


def _uid(raw: bytes) -> str:
    return str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["UID"])


class OnGoogle:
    """Gmail and Google Calendar; the people have Google calendars too."""

    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        self.office = office
        self.fake = stack.enter_context(FakeGoogle(ADA, PEOPLE))
        path = token_path(folder, ADA)
        path.parent.mkdir(parents=True)
        token = {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"}
        path.write_text(json.dumps({**token, "token_uri": f"{self.fake.root}token"}))
        account = {"mail": "google", "calendar": "google", "endpoint": self.fake.root, "token": str(path)}
        quotas = {"mail_quota": 10**9, "calendar_quota": 10**9, "poll": 0}
        self.accounts: Accounts = {"main": {**account, **quotas}}
        self._read = dict.fromkeys(PEOPLE, 0)
        self._at = 0
        for address, file in office.touched():
            self._own(address, file.read_bytes())

    def _own(self, address: str, raw: bytes) -> None:
        """An event that somebody had before."""
        for event in from_ical(raw, zone=ZoneInfo(ZONES[address])):
            first: Any = icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]
            body = body_of(event, {})
            del body["extendedProperties"]
            id_ = event_id(event.uid)
            body |= {"id": id_, "iCalUID": event.uid, "organizer": {"email": event.organizer or address}}
            body |= {"status": str(first.get("STATUS", "confirmed")).lower()}
            if str(first.get("TRANSP", "")) == "TRANSPARENT":
                body["transparency"] = "transparent"
            shown = str(first.get("X-MICROSOFT-CDO-BUSYSTATUS", ""))
            if shown == "OOF":
                body["eventType"] = "outOfOffice"
            elif shown == "TENTATIVE":
                body["status"] = "tentative"
            if isinstance(first.start, date) and not isinstance(first.start, datetime):
                body |= {"start": {"date": f"{first.start}"}, "end": {"date": f"{first.end}"}}
            self.fake.calendars.put(address, body)
            for override in event.overrides:
                changed = occurrence_of(event, override, override.recurrence_id)
                self.fake.calendars.move(address, id_, override.recurrence_id, changed)

    def push(self, now: datetime) -> None:
        self.fake.now = now.astimezone(UTC)
        for raw in self.office.mailed():
            self.fake.mailbox.arrive(raw)
        for address, uid, original, said, _ in self.office.answered():
            self.fake.calendars.respond(address, event_id(uid), said.lower(), original)

    def pull(self, now: datetime) -> None:
        for address in PEOPLE:
            mails = self.fake.mailbox.inboxes.get(address, [])
            for raw in mails[self._read[address] :]:
                self.office.receive(address, raw)
            self._read[address] = len(mails)
        calendars = self.fake.calendars
        if calendars.number == self._at:
            return
        for address in PEOPLE:
            book = calendars.books[address]
            for id_ in [id_ for id_, at in book.changed.items() if at > self._at]:
                event = book.events[id_]
                if event["organizer"]["email"] != ADA:
                    continue
                items = list(calendars._listed(address, id_, False, None, None))
                known = event_of(item_of(items[0], items[1:]))
                gone = event["status"] == "cancelled"
                self.office.write(address, known.uid, None if gone else to_ical(known, now=now))
        self._at = calendars.number
        assert self.fake.violations == []


# --- a life ----------------------------------------------------------------------------------------------------------


class Bridged:
    """The assistant as the demo drives it, on servers. Faults are let through, the staged excepted."""

    def __init__(self, house: House, family: Family | None) -> None:
        self._house = house
        self._family = family

    def tick(self, now: datetime) -> None:
        if self._family is not None:
            self._family.push(now)
        loops.everything(self._house, now, lambda _place: nullcontext())
        if self._family is not None:
            self._family.pull(now)

    def next_due(self) -> datetime | None:
        return loops.next_due(self._house)


@dataclass(frozen=True)
class Life:
    """What became of some days: mails as (to, kinds, subject), Message-IDs by reader, meetings by attendee.

    ``sent`` are the Message-IDs that the assistant believes to have left; ``heard`` what it took in, as (from whom,
    class, state), without calendar mail.
    ``answers`` are those to invitations that the assistant heard of: (UID, address, original start or "", answer).
    """

    mails: tuple[tuple[str, str, str], ...]
    ids: tuple[tuple[str, str], ...]
    sent: frozenset[str]
    heard: tuple[tuple[str, str, str], ...]
    troubles: tuple[tuple[str, str], ...]
    unfinished: tuple[tuple[object, ...], ...]
    planned: frozenset[tuple[object, ...]]
    answers: frozenset[tuple[object, ...]]
    meetings: Mapping[str, set[Meeting]]
    wrong: tuple[str, ...]
    replies: int


Opening = Callable[[Office, ExitStack, Path], Family]


def live(folder: Path, start: datetime, days: int, opening: Opening | None) -> Life:
    """The demo's team on a family's servers; without one on the files of the demo itself."""
    end = start + timedelta(days=days)
    office = Office(folder / "people")
    path = team.lay_out(office.folder, start)
    with ExitStack() as stack:
        family = None
        if opening is not None:
            (folder / "server").mkdir()
            family = opening(office, stack, folder / "server")
            settings = {**TEAM, "data": "house", "accounts": family.accounts}
            path = folder / "config.yaml"
            path.write_text(json.dumps(settings, indent=1), encoding="utf-8")  # which is YAML too
        house = stack.enter_context(_house(path, start))
        story = run_demo(office.folder, Bridged(house, family), start, end)
        return _told(house, office, story.expectations, start, end)


@contextmanager
def _house(path: Path, start: datetime) -> Iterator[House]:
    with open_house(config.load(path), start) as house:
        try:
            yield house
        finally:
            for provider in house.mail.values():
                getattr(provider, "close", lambda: None)()


def _told(house: House, office: Office, expectations: Any, start: datetime, end: datetime) -> Life:
    db = house.db
    letters = [(address, mail) for address in PEOPLE for mail in office.letters(address)]
    unfinished = "SELECT id, kinds, state FROM outbox WHERE state NOT IN ('sent', 'suppressed')"
    planned = (
        "SELECT p.uid, m.start, m.end, m.state FROM meetings m JOIN placements p ON p.series = m.series"
        " WHERE p.ended_at IS NULL"
    )
    answers = (
        "SELECT uid, address, original_start, partstat FROM rsvps"
        " WHERE partstat != 'NEEDS-ACTION' AND uid IN (SELECT uid FROM placements WHERE NOT adopted)"
    )
    heard = "SELECT person, class, state FROM inbound WHERE class NOT LIKE 'calendar-%'"
    return Life(
        mails=tuple(sorted((a, str(m["X-Assistant-Kind"]), str(m["Subject"])) for a, m in letters)),
        ids=tuple((address, str(mail["Message-ID"])) for address, mail in letters),
        sent=frozenset(row[0] for row in db.execute("SELECT message_id FROM outbox WHERE state = 'sent'").fetchall()),
        heard=tuple(sorted(db.execute(heard).fetchall())),
        troubles=tuple((trouble.place, trouble.message) for trouble in trail.troubles(db)),
        unfinished=tuple(db.execute(unfinished).fetchall()),
        planned=frozenset(db.execute(planned).fetchall()),
        answers=frozenset(db.execute(answers).fetchall()),
        meetings={address: office.meetings(address, start, end + _AHEAD) for address in PEOPLE},
        wrong=tuple(differences(expectations, lambda id_: understood(db, id_), lambda id_: acted(db, id_))),
        replies=len(expectations),
    )
