"""From an Event to iCalendar (RFC 5545), for a file, a server or an invitation by mail (RFC 6047)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from assistant.domain.calendar import Attendee, Event, Override
from assistant.ical import zones

PRODID = "-//async-assistant//EN"


@dataclass(frozen=True, slots=True)
class _Instance:
    """What one VEVENT says: the series, or one occurrence of it."""

    start: datetime
    duration: timedelta
    description: str
    attendees: tuple[Attendee, ...]
    cancelled: bool
    recurrence_id: datetime | None = None


def to_ical(
    event: Event,
    *,
    now: datetime,
    method: str | None = None,
    extra: Mapping[str, str] | None = None,
    by_client: Collection[str] = (),
) -> bytes:
    """The whole series with its overrides and the VTIMEZONE of its zone. ``now`` becomes DTSTAMP.

    ``extra`` properties (names beginning with "X-") go into the first VEVENT. A server that invites by itself leaves
    the attendees in ``by_client`` to us (RFC 6638, 7.1). CRLF line ends.
    """
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    if method is not None:
        calendar.add("METHOD", method)
    zone = _zone_name(event.start)
    if zone is not None:
        calendar.add_component(zones.vtimezone(zone, event.start.year))
    series = _Instance(event.start, event.duration, event.description, event.attendees, event.cancelled)
    component = _component(event, series, now, zone, by_client)
    if event.rrule is not None:
        component.add("RRULE", icalendar.vRecur.from_ical(event.rrule))
    if event.exdates:
        _add(component, "EXDATE", zone, [_local(moment, zone) for moment in event.exdates])
    for name, value in (extra or {}).items():
        component.add(name, value)
    calendar.add_component(component)
    for override in event.overrides:
        calendar.add_component(_component(event, _instance(event, override), now, zone, by_client))
    return bytes(calendar.to_ical())


def _instance(event: Event, override: Override) -> _Instance:
    return _Instance(
        start=override.start,
        duration=override.duration,
        description=event.description if override.description is None else override.description,
        attendees=event.attendees if override.attendees is None else override.attendees,
        cancelled=event.cancelled or override.cancelled,
        recurrence_id=override.recurrence_id,
    )


def _component(
    event: Event, instance: _Instance, now: datetime, zone: str | None, by_client: Collection[str]
) -> icalendar.Event:
    component = icalendar.Event()
    component.add("UID", _line(event.uid))
    component.add("DTSTAMP", now.astimezone(UTC))
    component.add("LAST-MODIFIED", (event.stamp or now).astimezone(UTC))
    component.add("SEQUENCE", event.sequence)
    if instance.recurrence_id is not None:
        _add(component, "RECURRENCE-ID", zone, _local(instance.recurrence_id, zone))
    start = _local(instance.start, zone)
    _add(component, "DTSTART", zone, start)
    _add(component, "DTEND", zone, start + instance.duration)
    component.add("SUMMARY", _line(event.summary))
    if instance.description:
        component.add("DESCRIPTION", _text(instance.description))
    if event.location:
        component.add("LOCATION", _line(event.location))
    component.add("ORGANIZER", icalendar.vCalAddress(f"mailto:{_line(event.organizer)}"))
    for attendee in instance.attendees:
        component.add("ATTENDEE", _attendee(attendee, attendee.address in by_client))
    component.add("STATUS", "CANCELLED" if instance.cancelled else "CONFIRMED")
    component.add("TRANSP", "OPAQUE")
    if event.private:
        component.add("CLASS", "PRIVATE")
    return component


def _attendee(attendee: Attendee, by_client: bool) -> icalendar.vCalAddress:
    value = icalendar.vCalAddress(f"mailto:{_line(attendee.address)}")
    if attendee.name:
        value.params["CN"] = _line(attendee.name).replace('"', "'")
    value.params["CUTYPE"] = "INDIVIDUAL"
    value.params["ROLE"] = "REQ-PARTICIPANT" if attendee.required else "OPT-PARTICIPANT"
    value.params["PARTSTAT"] = attendee.partstat.value
    value.params["RSVP"] = "TRUE"
    if by_client:
        value.params["SCHEDULE-AGENT"] = "CLIENT"
    return value


def _zone_name(start: datetime) -> str | None:
    """The TZID to write, None for UTC, which needs no VTIMEZONE."""
    zone = start.tzinfo
    return zone.key if isinstance(zone, ZoneInfo) and zone.key != "UTC" else None


def _local(moment: datetime, zone: str | None) -> datetime:
    """On the wall clock of the series, so that one file has one zone; aware where that is UTC."""
    return moment.astimezone(UTC) if zone is None else moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _add(component: icalendar.Event, name: str, zone: str | None, value: datetime | list[datetime]) -> None:
    """The TZID is ours: left to itself the library takes Africa/Accra and its like for UTC."""
    component.add(name, value, parameters={} if zone is None else {"TZID": zone})


def _line(text: str) -> str:
    """One line without control characters: what people typed must not become a property of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _text(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(letter for letter in line if letter.isprintable() or letter == "\t") for line in lines)
