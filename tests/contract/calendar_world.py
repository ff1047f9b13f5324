"""The assistant's access to calendars and the people around it, for the calendar contract; and what they meet about."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Attendee, Event, Partstat, Period
from assistant.ports import CalendarProvider, ChangeBatch, EventChange, EventRef
from tests.contract.account_world import AccountWorld

BOT = "bot@team.example"
ANA = "ana@team.example"
BEN = "ben@team.example"
BERLIN = ZoneInfo("Europe/Berlin")
MONTH = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
HALF_HOUR = timedelta(minutes=30)


class CalendarWorld(AccountWorld):
    """The assistant's access to calendars, and what people do to theirs. Ana and Ben have one, nobody else."""

    calendar: CalendarProvider

    def hear(self, cursor: str | None) -> ChangeBatch:
        """What the assistant gets to know of what people did since ``cursor``."""
        return self.calendar.changes(cursor)

    def invitations(self, address: str) -> int:
        """How often that person was invited; where nothing is sent, the copies on their calendar."""
        return len(self.on_calendar(address))

    @abstractmethod
    def put(self, address: str, ics: str) -> None:
        """A calendar file of their own appears on that person's calendar."""

    @abstractmethod
    def on_calendar(self, address: str) -> list[Event]:
        """What is on that person's calendar and not cancelled."""

    @abstractmethod
    def change(self, address: str, event: Event) -> None:
        """The person puts ``event`` in place of what their calendar holds under that UID."""

    @abstractmethod
    def remove(self, address: str, uid: str) -> None:
        """The person deletes it."""

    @abstractmethod
    def lose_calendar(self) -> None:
        """The calendar that the account names is not there."""

    @abstractmethod
    def forget(self) -> None:
        """The server forgets every list of changes that it gave so far."""

    @abstractmethod
    def upsert_unheard(self, event: Event, ref: EventRef | None) -> None:
        """The provider does it, and its answer is lost. Afterwards the world is as before."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def weekly(uid: str = "one-on-one@team.example") -> Event:
    return Event(
        uid=uid,
        start=at(3, 10),
        duration=HALF_HOUR,
        summary="1:1 Ana and Ben",
        organizer=BOT,
        attendees=(Attendee(ANA, "Ana"), Attendee(BEN, "Ben")),
        description="Agenda: see mail",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        stamp=datetime(2026, 10, 30, 8, tzinfo=UTC),
    )


def answered(event: Event, address: str, partstat: Partstat) -> Event:
    attendees = tuple(replace(a, partstat=partstat) if a.address == address else a for a in event.attendees)
    return replace(event, attendees=attendees)


def ics(*lines: str) -> str:
    """A calendar with one event of these lines."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//person//EN", "BEGIN:VEVENT", "DTSTAMP:20261001T080000Z")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", ""))


def partstats(changes: list[EventChange]) -> dict[tuple[str, datetime | None], Partstat]:
    return {key: partstat for change in changes for key, partstat in (change.partstats or {}).items()}
