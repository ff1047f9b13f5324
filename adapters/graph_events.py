"""Events as Microsoft Graph writes them <-> ours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.domain.recurrence import BadRule
from assistant.ical.events import plain_address
from assistant.ical.zones import by_name

from .exchange_record import Note, Tracked, differing, inherited, same_clock, windows
from .exchange_recurrence import from_graph, pattern_of, rrule_of, to_graph

Json = Mapping[str, Any]

_PUBLIC = "String {00020329-0000-0000-C000-000000000046} Name"
UID = f"{_PUBLIC} AsyncAssistantUid"
NOTE = f"{_PUBLIC} AsyncAssistantNote"
EXPAND = f"singleValueExtendedProperties($filter=id eq '{UID}' or id eq '{NOTE}')"
SELECT = (
    "id,subject,body,start,end,location,sensitivity,attendees,organizer,recurrence,type,isAllDay,isCancelled,"
    "iCalUId,originalStart,originalStartTimeZone,seriesMasterId,isOnlineMeeting,onlineMeeting"
)

_RESPONSES = {
    "accepted": Partstat.ACCEPTED,
    "organizer": Partstat.ACCEPTED,
    "tentativelyAccepted": Partstat.TENTATIVE,
    "declined": Partstat.DECLINED,
}
_RULER = "_" * 20  # what divides our text from the words that Teams adds
_UTC = ZoneInfo("UTC")
_MAX_EXCEPTIONS = 1000
_FAULTS = (AttributeError, KeyError, OverflowError, TypeError, ValueError)


class BadItem(ValueError):  # noqa: N818 (our exceptions are named for what is wrong)
    """An item that cannot be read: somebody else's, or from a newer Graph."""


def fields_of(event: Event) -> dict[str, Any]:
    """The series or single event, without its exceptions and without our note."""
    zone = windows(event.start.tzinfo)
    pattern = pattern_of(event)
    fields: dict[str, Any] = {
        "subject": event.summary,
        "body": {"contentType": "text", "content": event.description},
        "location": {"displayName": event.location},
        "sensitivity": "private" if event.private else "normal",
        "attendees": [_invited(attendee) for attendee in event.attendees],
        **times(event.start, event.duration),
        "recurrence": None if pattern is None else to_graph(pattern, event.start, zone),
    }
    return fields


def override_fields(event: Event, override: Override) -> dict[str, Any]:
    """What one occurrence is to say; what it shares with the series too, since it may have said otherwise."""
    text, people = differing(event, override)
    description = event.description if text is None or override.description is None else override.description
    attendees = event.attendees if people is None or override.attendees is None else override.attendees
    return {
        "body": {"contentType": "text", "content": description},
        "attendees": [_invited(attendee) for attendee in attendees],
        **times(override.start.astimezone(event.start.tzinfo), override.duration),
    }


def times(start: datetime, duration: timedelta) -> dict[str, Any]:
    """The end is by the wall clock of the start's zone."""
    zone = windows(start.tzinfo)
    local = start.replace(tzinfo=None)
    moments = {"start": local, "end": local + duration}
    return {name: {"dateTime": moment.isoformat(), "timeZone": zone} for name, moment in moments.items()}


def properties(note: Note) -> list[dict[str, str]]:
    return [{"id": UID, "value": note.base.uid}, {"id": NOTE, "value": str(note)}]


def with_tail(description: str, html: str) -> dict[str, str]:
    """Our text above what Teams put into the body: without those words the meeting loses its link."""
    place = html.find(_RULER)
    start = max(html.rfind("<div", 0, place), 0) if place >= 0 else len(html)
    lines = "<br>".join(escape(line) for line in description.split("\n"))
    return {"contentType": "html", "content": f"<div>{lines}</div>{html[start:]}"}


def tracked(item: Json, zone: ZoneInfo = _UTC) -> Tracked:
    """What the item says; ``zone`` is its owner's, for where the zone has no name. Raises BadItem."""
    try:
        return _tracked(item, zone)
    except (BadRule, *_FAULTS) as error:
        raise BadItem("an event cannot be read") from error


def _tracked(item: Json, otherwise: ZoneInfo) -> Tracked:
    organizer = _address(item.get("organizer") or {})
    note = Note.parse(_property(item, NOTE), organizer)
    zone = _zone(item, note, otherwise)
    start, duration = _span(item, zone)
    attendees = _attendees(item)
    event = Event(
        uid=note.base.uid if note else _property(item, UID) or str(item.get("iCalUId") or item["id"]),
        start=start,
        duration=duration,
        summary=str(item.get("subject") or ""),
        organizer=organizer,
        attendees=attendees,
        description=_text(item),
        location=_location(item),
        rrule=_rrule(item, note),
        sequence=note.base.sequence if note else 0,
        private=item.get("sensitivity") in ("private", "confidential"),
        cancelled=bool(item.get("isCancelled")),
    )
    exceptions = list(item.get("exceptionOccurrences") or ())[:_MAX_EXCEPTIONS]
    overrides = [_override(event, each) for each in exceptions if not each.get("isCancelled")]
    gone = {override.recurrence_id for override in overrides}
    away = [_dropped(str(text), event) for text in list(item.get("cancelledOccurrences") or ())[:_MAX_EXCEPTIONS]]
    away += [_original(event, each) for each in exceptions if each.get("isCancelled")]
    event = replace(event, exdates=tuple(sorted({moment for moment in away if moment not in gone})))
    for override in overrides:
        event = event.with_override(override)
    proposals = dict(_proposals(item, None if event.rrule else event.start))
    for each in exceptions:
        proposals |= dict(_proposals(each, _original(event, each)))
    guard = str(item.get("@odata.etag") or "")
    link = str((item.get("onlineMeeting") or {}).get("joinUrl") or "")
    return Tracked(str(item["id"]), guard, event, note, proposals, str(item.get("iCalUId") or ""), link)


def _invited(attendee: Attendee) -> dict[str, Any]:
    address = {"address": attendee.address, "name": attendee.name or attendee.address}
    return {"emailAddress": address, "type": "required" if attendee.required else "optional"}


def _attendees(item: Json) -> tuple[Attendee, ...]:
    found: list[Attendee] = []
    for each in item.get("attendees") or ():
        address, response = _address(each), str((each.get("status") or {}).get("response"))
        if not address or response == "organizer":
            continue
        name = str((each.get("emailAddress") or {}).get("name") or "")
        partstat = _RESPONSES.get(response, Partstat.NEEDS_ACTION)
        found.append(Attendee(address, "" if name == address else name, partstat, each.get("type") != "optional"))
    return tuple(found)


def _override(event: Event, item: Json) -> Override:
    start, duration = _span(item, event.start.tzinfo or _UTC)
    text = _text(item)
    return Override(
        recurrence_id=_original(event, item),
        start=start,
        duration=duration,
        description=None if text == event.description else text,
        attendees=inherited(event.attendees, _attendees(item)),
    )


def _original(event: Event, item: Json) -> datetime:
    return datetime.fromisoformat(str(item["originalStart"])).astimezone(event.start.tzinfo)


def _dropped(occurrence: str, event: Event) -> datetime:
    """The original start in an occurrence id: OID.<id of the series>.<date in its zone>."""
    day = date.fromisoformat(occurrence.rpartition(".")[2])
    return datetime.combine(day, event.start.time(), event.start.tzinfo)


def _proposals(item: Json, original: datetime | None) -> list[tuple[tuple[str, datetime], datetime]]:
    if original is None:
        return []
    slots = ((_address(each), each.get("proposedNewTime")) for each in item.get("attendees") or ())
    return [
        ((address, original.astimezone(UTC)), _moment(slot["start"]).astimezone(original.tzinfo))
        for address, slot in slots
        if slot and address
    ]


def _zone(item: Json, note: Note | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone whose wall clock recurs. Windows has fewer zones than we: ours counts where its clock is the same.

    Of a zone that a calendar program described in its own way Graph says no more than that it is such a one.
    """
    span = (item.get("recurrence") or {}).get("range") or {}
    names = (str(span.get("recurrenceTimeZone") or ""), str(item.get("originalStartTimeZone") or ""))
    named = next((zone for zone in map(by_name, names) if zone is not None), otherwise)
    mine = note.base.start.tzinfo if note is not None else None
    return mine if isinstance(mine, ZoneInfo) and same_clock(mine, named) else named


def _rrule(item: Json, note: Note | None) -> str | None:
    recurrence = item.get("recurrence")
    if not recurrence:
        return None
    pattern = from_graph(recurrence)
    if note is not None and note.base.rrule is not None and pattern_of(note.base) == pattern:
        return note.base.rrule
    return rrule_of(pattern)


def _span(item: Json, zone: Any) -> tuple[datetime, timedelta]:
    start, end = (_moment(item[name]).astimezone(zone) for name in ("start", "end"))
    return start, max(timedelta(0), end.replace(tzinfo=None) - start.replace(tzinfo=None))


def _moment(value: Json) -> datetime:
    moment = datetime.fromisoformat(str(value["dateTime"]))
    return moment if moment.tzinfo else moment.replace(tzinfo=by_name(str(value.get("timeZone") or "UTC")) or _UTC)


def _text(item: Json) -> str:
    text = str((item.get("body") or {}).get("content") or "").replace("\r\n", "\n")
    return (text.partition(_RULER)[0] if item.get("isOnlineMeeting") else text).strip("\n")


def _location(item: Json) -> str:
    """Where we gave none, Teams names itself."""
    name = str((item.get("location") or {}).get("displayName") or "")
    return "" if item.get("isOnlineMeeting") and name.startswith("Microsoft Teams") else name


def _address(holder: Json) -> str:
    return plain_address(str((holder.get("emailAddress") or {}).get("address") or ""))


def _property(item: Json, name: str) -> str:
    """Graph gives the ids of properties back with its own capitals."""
    for each in item.get("singleValueExtendedProperties") or ():
        if str(each.get("id", "")).lower() == name.lower():
            return str(each.get("value") or "")
    return ""
