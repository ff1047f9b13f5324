"""From VEVENT components to Events: one for each UID, its overrides inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from recurring_ical_events import EventAdapter

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.domain.recurrence import BadRule, Rule
from assistant.ical.reading import FAULTS, FROM_FOLDER, BadCalendar, Content, Limits, read

_UTC = ZoneInfo("UTC")
_ANSWERS = {partstat.value: partstat for partstat in Partstat}


def from_ical(raw: bytes, *, zone: ZoneInfo | None = None, limits: Limits = FROM_FOLDER) -> list[Event]:
    """All events of the stream, one for each UID. Floating and all-day times are read in ``zone``.

    Without ``zone`` X-WR-TIMEZONE counts, else UTC. An all-day event starts at midnight and lasts whole days.
    Raises BadCalendar if anything in it cannot be read.
    """
    content = read(raw, limits)
    events, problems = events_of(content, zone)
    if content.problems or problems:
        raise BadCalendar((content.problems + problems)[0])
    return events


def events_of(content: Content, zone: ZoneInfo | None = None) -> tuple[list[Event], list[str]]:
    """The events that can be read, and what is wrong with the others."""
    events: list[Event] = []
    problems: list[str] = []
    for components in by_uid(content.events).values():
        try:
            events.append(event_of(components, zone or content.zone or _UTC))
        except BadRule as error:
            problems.append(str(error))
        except FAULTS:
            problems.append("an event cannot be read")
    return events, problems


def by_uid(components: Iterable[icalendar.Event]) -> Mapping[str, list[icalendar.Event]]:
    grouped: dict[str, list[icalendar.Event]] = {}
    for component in components:
        grouped.setdefault(str(component.get("UID")), []).append(component)
    return grouped


def event_of(components: list[icalendar.Event], zone: ZoneInfo) -> Event:
    """One UID's components as an Event; the highest SEQUENCE of the series counts. Raises BadRule and FAULTS."""
    series = [component for component in components if "RECURRENCE-ID" not in component]
    parts = [component for component in components if "RECURRENCE-ID" in component]
    # An invitation to a single occurrence of somebody's series has no series: it is an event of its own for us.
    main = max(series, key=sequence) if series else parts.pop(0)
    start, duration = span(main, zone)
    rrule = _rrule(main, start)
    facts = _facts(main, zone)
    added = [Override(moment, moment, duration) for moment in moments(main, "RDATE", zone) if moment != start]
    event = Event(
        uid=str(main.get("UID")),
        start=start,
        duration=duration,
        summary=facts.summary,
        organizer=_address(main.get("ORGANIZER")),
        attendees=facts.attendees,
        description=facts.description,
        location=str(main.get("LOCATION", "")),
        rrule=rrule,
        exdates=tuple(moments(main, "EXDATE", zone, start.time())),
        sequence=max(0, sequence(main)),
        private=str(main.get("CLASS", "")).upper() in ("PRIVATE", "CONFIDENTIAL"),
        cancelled=facts.cancelled,
        stamp=_stamp(main),
    )
    for override in added:
        event = event.with_override(override)
    for part in sorted(parts, key=sequence):
        event = event.with_override(_override(part, facts, zone, start.time()))
    return event


@dataclass(frozen=True, slots=True)
class _Facts:
    summary: str
    description: str
    attendees: tuple[Attendee, ...]
    cancelled: bool


def _facts(component: icalendar.Event, zone: ZoneInfo) -> _Facts:
    return _Facts(
        summary=str(component.get("SUMMARY", "")),
        description=str(component.get("DESCRIPTION", "")),
        attendees=tuple(map(attendee, listed(component, "ATTENDEE"))),
        cancelled=str(component.get("STATUS", "")).upper() == "CANCELLED",
    )


def _override(part: icalendar.Event, series: _Facts, zone: ZoneInfo, at: time) -> Override:
    start, duration = span(part, zone)
    facts = _facts(part, zone)
    return Override(
        recurrence_id=aware(listed(part, "RECURRENCE-ID")[0].dt, zone, at),
        start=start,
        duration=duration,
        description=None if facts.description == series.description else facts.description,
        cancelled=facts.cancelled and not series.cancelled,
        attendees=None if facts.attendees == series.attendees else facts.attendees,
    )


def _rrule(component: icalendar.Event, start: datetime) -> str | None:
    rules = listed(component, "RRULE")
    if not rules:
        return None
    text = str(rules[0].to_ical().decode())
    Rule.parse(text, start.time())
    return text


def span(component: icalendar.Event, zone: ZoneInfo) -> tuple[datetime, timedelta]:
    """Start, and how long on the wall clock; never negative."""
    adapter = EventAdapter(component)
    start, end = aware(adapter.start, zone), aware(adapter.end, zone)
    return start, end.astimezone(start.tzinfo).replace(tzinfo=None) - start.replace(tzinfo=None)


def aware(moment: date | datetime, zone: ZoneInfo, at: time = time(0)) -> datetime:
    """A date becomes ``at`` on that day; floating and all-day times are the wall clock of ``zone``."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, at, zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def moments(component: icalendar.Event, name: str, zone: ZoneInfo, at: time = time(0)) -> list[datetime]:
    """The starts in RDATE or EXDATE, of periods the first half."""
    values = [value.dt for entry in listed(component, name) for value in entry.dts]
    return sorted(aware(value[0] if isinstance(value, tuple) else value, zone, at) for value in values)


def sequence(component: icalendar.Event) -> int:
    value = component.get("SEQUENCE", 0)
    return value if isinstance(value, int) else 0


def listed(component: icalendar.Event, name: str) -> list[Any]:
    """The values of a property that may be absent, single or repeated; the library types them as a union of all."""
    value: Any = component.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def attendee(value: icalendar.vCalAddress) -> Attendee:
    return Attendee(
        address=_address(value),
        name=str(value.params.get("CN", "")),
        partstat=_ANSWERS.get(str(value.params.get("PARTSTAT", "")).upper(), Partstat.NEEDS_ACTION),
        required=str(value.params.get("ROLE", "")).upper() not in ("OPT-PARTICIPANT", "NON-PARTICIPANT"),
    )


def _address(value: object) -> str:
    """Lower case, without "mailto:" and without a tag; of Exchange's odd addresses the EMAIL parameter."""
    text = str(value or "").strip().lower()
    parameters: Mapping[str, object] = getattr(value, "params", {})
    if not text.startswith("mailto:") and "@" in (mail := str(parameters.get("EMAIL", ""))):
        text = mail.lower()
    return plain_address(text.removeprefix("mailto:"))


def plain_address(address: str) -> str:
    """The address lower case and without its subaddress (RFC 5233)."""
    local, at, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}" if at else domain


def _stamp(component: icalendar.Event) -> datetime | None:
    value = getattr(component.get("LAST-MODIFIED") or component.get("DTSTAMP"), "dt", None)
    return aware(value, _UTC).astimezone(UTC) if isinstance(value, date) else None
