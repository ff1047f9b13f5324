"""Calendars by mail as the contract sees them: people's calendar programs, and the house that mails with them."""

from __future__ import annotations

from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.adapters.copies import answers, with_answers
from assistant.adapters.imip import ImipCalendar

from assistant import registry
from assistant.domain.calendar import Event, Partstat
from assistant.ical import Itip, from_ical, to_ical
from assistant.ical.events import event_of
from assistant.ical.reading import read
from assistant.inbound import invitation, message
from assistant.ports import ChangeBatch, EventChange, EventRef
from tests.adapters.folders import FolderWorld, takes_no_secret
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    MONTH,
)
from tests.servers.pages import Page, Pages

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


class Posted(ImipCalendar):  # type: ignore[misc]  # mypy does not follow the mapping of the adapters folder
    """The adapter and the house around it: answers that came by mail go into what is written next, and whoever is to be
    invited by mail gets the mail's calendar part, once for what it says.
    """

    world: ImipWorld

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        made: EventRef = super().upsert(self.world.with_mailed_answers(event), ref)
        for address in self.world.clients:
            method = "REQUEST" if address in self.by_mail(event) else "CANCEL"
            self.world.post(
                address, method, made.etag, self.calendar_part(self.world.organized(event.uid), method, NOW)
            )
        return made

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        super().cancel(event, ref)
        for address in self.world.clients:
            self.world.post(address, "CANCEL", None, self.calendar_part(event, "CANCEL", NOW))


class Client:
    """A calendar program: takes what invitations say, keeps its owner's own answer, and publishes all as one file."""

    def __init__(self, address: str, page: Page) -> None:
        self.address = address
        self.events: dict[str, Event] = {}
        self.files: dict[str, bytes] = {}
        self.refused: set[str] = set()
        self._page = page
        self.publish()

    def receive(self, part: bytes) -> None:
        content = read(part)
        event = event_of(content.events, ZoneInfo("UTC"))
        if content.method == "CANCEL":
            self.events.pop(event.uid, None)
        elif event.uid not in self.refused:
            self.events[event.uid] = event
        self.publish()

    def publish(self) -> None:
        events = [to_ical(event, now=NOW) for event in self.events.values()] + list(self.files.values())
        bodies = [raw.split(b"BEGIN:VEVENT", 1)[1].rsplit(b"END:VCALENDAR", 1)[0] for raw in events]
        whole = b"".join(b"BEGIN:VEVENT" + body for body in bodies)
        self._page.content = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//p//EN\r\n" + whole + b"END:VCALENDAR\r\n"


Heard = dict[str, dict[datetime | None, Partstat]]
"""Answers by address and original start; None is the series."""


class ImipWorld(FolderWorld):
    """What people do comes back as mail, and is read by our own reader; adopted series are seen where published."""

    calendar: Posted

    def __init__(self, folder: Path, site: Pages) -> None:
        self.folder = folder
        self.site = site
        site.pages = {f"/{address}.ics": Page() for address in (ANA, BEN)}
        self.clients = {address: Client(address, site.pages[f"/{address}.ics"]) for address in (ANA, BEN)}
        self.posted: list[tuple[str, str, str | None]] = []
        self.inbox: list[bytes] = []
        self.applied = 0
        self.restart()

    # what the house does

    def post(self, address: str, method: str, mark: str | None, part: bytes) -> None:
        """As the outbox does it: the same is never told twice, and who was never invited hears of no end."""
        told = [each for each in self.posted if each[0] == address]
        if (method == "CANCEL" and not told) or (told and told[-1] == (address, method, mark)):
            return
        self.posted.append((address, method, mark))
        self.clients[address].receive(part)

    def organized(self, uid: str) -> Event:
        return next(event for event in self.on_calendar(BOT) if event.uid == uid)

    def with_mailed_answers(self, event: Event) -> Event:
        """With what came since the last time."""
        heard: Heard = {}
        for itip in self._read(self.inbox[self.applied :]):
            if itip.uid == event.uid and itip.attendee and itip.method == "REPLY" and itip.partstat:
                heard.setdefault(itip.attendee, {})[itip.recurrence_id] = itip.partstat
        self.applied = len(self.inbox)
        known = next((each for each in self.on_calendar(BOT) if each.uid == event.uid), None)
        known_to_us: Event = with_answers(event, known, heard)
        return known_to_us

    def hear(self, cursor: str | None) -> ChangeBatch:
        """The adapter's news, the mails that came, and published series that others organise and moved."""
        number, _, place = ("" if cursor is None else cursor).partition(" ")
        batch = self.calendar.changes(None if cursor is None else place.partition(" ")[2])
        foreign = {e.uid: e for e in self.calendar.recurring([ANA, BEN], MONTH) if e.organizer != BOT}
        seen = ",".join(sorted(f"{uid}={event.start.isoformat()}" for uid, event in foreign.items()))
        following = f"{len(self.inbox)} {seen} {batch.cursor}"
        if cursor is None:
            return ChangeBatch((), following)
        before = dict(each.split("=") for each in place.partition(" ")[0].split(",") if each)
        mailed = [self._told(itip) for itip in self._read(self.inbox[int(number or 0) :])]
        moved = [
            EventChange(uid, event, by=event.organizer)
            for uid, event in foreign.items()
            if before.get(uid, event.start.isoformat()) != event.start.isoformat()
        ]
        return ChangeBatch([*batch.changes, *mailed, *moved], following)

    @staticmethod
    def _read(mails: list[bytes]) -> list[Itip]:
        return [itip for raw in mails for itip in invitation.read(message.parse(raw))]

    @staticmethod
    def _told(itip: Itip) -> EventChange:
        original, who = itip.recurrence_id, str(itip.attendee)
        if itip.method == "COUNTER" and original is not None and itip.start is not None:
            return EventChange(itip.uid, None, by=who, moved={original: itip.start})
        assert itip.partstat is not None
        return EventChange(itip.uid, None, by=who, partstats={(who, original): itip.partstat})

    def invitations(self, address: str) -> int:
        return sum(each[:2] == (address, "REQUEST") for each in self.posted)

    # what people do

    def put(self, address: str, ics: str) -> None:
        self.clients[address].files[ics.partition("UID:")[2].partition("\r\n")[0]] = ics.encode()
        self.clients[address].publish()

    def on_calendar(self, address: str) -> list[Event]:
        if address != BOT:
            client = self.clients[address]
            return [*client.events.values(), *(event for raw in client.files.values() for event in from_ical(raw))]
        files = sorted((self.folder / "calendars" / BOT).glob("*.ics"))
        events = [event for path in files for event in from_ical(path.read_bytes())]
        return [event for event in events if not event.cancelled]

    def change(self, address: str, event: Event) -> None:
        """Their own series they just change; to ours they answer, or propose another time."""
        client = self.clients[address]
        if event.uid in client.files:
            client.files[event.uid] = to_ical(event, now=NOW)
        else:
            before = client.events[event.uid]
            client.events[event.uid] = event
            self._mail_what_changed(address, before, event)
        client.publish()

    def _mail_what_changed(self, address: str, before: Event, after: Event) -> None:
        series = answers(after, address)[None]
        if series is not answers(before, address)[None]:
            self._mail(address, reply(after, address, series))
        for override in set(after.overrides) - set(before.overrides):
            original = override.recurrence_id
            if override.attendees is not None:
                self._mail(address, reply(after, address, answers(after, address).get(original, series), original))
            elif override.start != original:
                self._mail(address, reply(after, address, series, original, counter=override.start))
        for original in set(after.exdates) - set(before.exdates):
            self._mail(address, reply(after, address, Partstat.DECLINED, original))

    def remove(self, address: str, uid: str) -> None:
        client = self.clients[address]
        self._mail(address, reply(client.events.pop(uid), address, Partstat.DECLINED))
        client.refused.add(uid)
        client.publish()

    def _mail(self, address: str, part: bytes) -> None:
        self.inbox.append(answering_mail(address, BOT, NOW, part))

    # the account

    def restart(self) -> None:
        places = {address: f"{self.site.url}{address}.ics" for address in (ANA, BEN)}
        self.calendar = Posted(folder=self.folder, address=BOT, free_busy=places)
        self.calendar.world = self

    def lock_out(self) -> None:
        """It takes no secret that could be wrong."""
        assert takes_no_secret(registry.CALENDAR, "imip")


def reply(
    event: Event, address: str, partstat: Partstat, original: datetime | None = None, counter: datetime | None = None
) -> bytes:
    """As calendar programs write it (RFC 5546, 3.2.3 and 3.2.7): one VEVENT, one attendee."""

    def moment(name: str, value: datetime) -> str:
        return f"{name}:{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"

    start = counter or original or event.start
    which = [moment("RECURRENCE-ID", original)] if original else []
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//p//EN", f"METHOD:{'REPLY' if counter is None else 'COUNTER'}",
        "BEGIN:VEVENT", f"UID:{event.uid}", f"SEQUENCE:{event.sequence}", moment("DTSTAMP", NOW),
        moment("DTSTART", start), moment("DTEND", start + event.duration), f"ORGANIZER:mailto:{event.organizer}",
        f"ATTENDEE;PARTSTAT={partstat.value}:MAILTO:{address}", *which,
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def answering_mail(sender: str, to: str, now: datetime, part: bytes) -> bytes:
    method = part.partition(b"METHOD:")[2].partition(b"\r\n")[0].decode()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: invitation"
    mail["Message-ID"] = f"<{method}-{now.timestamp()}-{sender}>"
    mail["Date"] = now
    mail.set_content("answered")
    mail.add_alternative(part, maintype="text", subtype="calendar", params={"method": method})
    return mail.as_bytes(policy=policy.SMTP)
