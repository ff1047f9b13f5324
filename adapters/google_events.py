"""What the JSON of Google Calendar says, and what we note in it. Pure.

What we note on an event: shared with the guests its UID (Google lets us choose the id or the iCalUID, not both) and its
times as we wrote them; privately the rest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.domain.recurrence import BadRule, Rule
from assistant.ical.events import plain_address
from assistant.ical.zones import by_name

from .copies import answers, revision
from .holdings import Held, digest

Json = Mapping[str, Any]

UID, REVISION = "assistantUid", "assistantRevision"  # shared with the guests
WANTED, WRITTEN, SEQUENCE, CANCELLED = "assistantWanted", "assistantWritten", "assistantSequence", "assistantCancelled"
PENDING = "pending"
FAULTS = (KeyError, TypeError, ValueError, AttributeError, OverflowError, BadRule)
"""What reading an event of others may raise."""

_UTC = ZoneInfo("UTC")
_SECOND = timedelta(seconds=1)
_MAX_DATES = 2000
TO_GOOGLE = {
    Partstat.NEEDS_ACTION: "needsAction",
    Partstat.ACCEPTED: "accepted",
    Partstat.DECLINED: "declined",
    Partstat.TENTATIVE: "tentative",
    Partstat.DELEGATED: "needsAction",  # Google has no word for it
}
_FROM_GOOGLE = {word: partstat for partstat, word in TO_GOOGLE.items() if partstat is not Partstat.DELEGATED}


@dataclass(frozen=True, slots=True)
class Item:
    """An event as Google has it: the series or single event, and by original start the occurrences that differ."""

    master: Json
    exceptions: Mapping[datetime, Json]

    @property
    def cancelled(self) -> bool:
        return bool(self.master.get("status") == "cancelled")

    def note(self, name: str) -> str | None:
        """One of our private notes."""
        value = properties(self.master, "private").get(name)
        return None if value is None else str(value)


def event_id(uid: str) -> str:
    """The id we choose: base32hex of a hash, so that a repeat meets the first."""
    return _base32(hashlib.sha256(uid.encode("utf-8", "surrogatepass")).digest()[:20])


def ids_of(uid: str) -> Iterator[str]:
    """What the id of an event with this UID may be: ours, Google's own, or that of an invitation from elsewhere."""
    yield event_id(uid)
    yield uid.removesuffix("@google.com")
    yield f"_{_base32(uid.encode('utf-8', 'surrogatepass'))}"


def _base32(content: bytes) -> str:
    return base64.b32hexencode(content).decode().lower().rstrip("=")


def uid_of(item: Json) -> str | None:
    """Ours by the note, if the id proves it; of others the iCalUID. None where we may not see it."""
    noted = properties(item, "shared").get(UID)
    if noted is not None and event_id(str(noted)) == item.get("recurringEventId", item.get("id")):
        return str(noted)
    found = item.get("iCalUID")
    return None if found is None else str(found)


def item_of(master: Json, exceptions: Iterable[Json]) -> Item:
    zone = _zone(master.get("start", {}), _UTC)
    return Item(master, {_moment(item["originalStartTime"], zone).astimezone(UTC): item for item in exceptions})


# what we note


def fingerprint(event: Event) -> str:
    """Changes with when the event is and what it says, and not with what its attendees answered."""
    overrides = [
        (o.recurrence_id.astimezone(UTC).isoformat(), o.description)
        for o in event.overrides
        if o.description is not None and not o.cancelled
    ]
    people = sorted((attendee.address, attendee.required) for attendee in event.attendees)
    said = (event.uid, event.summary, event.description, event.location, event.private, event.sequence)
    text = repr((revision(event), said, people, overrides))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def answer_notes(event: Event) -> dict[str, str]:
    """What we knew of answers when we wrote, a private note for each."""
    found: dict[str, str] = {}
    for attendee in event.attendees:
        for original, partstat in answers(event, attendee.address).items():
            found[_answer_key(attendee.address, original)] = partstat.value
    return found


def as_answered(item: Item, event: Event) -> Event:
    """``event``, which is ``item`` as read, with the answers that we knew when we wrote it last."""

    def noted(attendee: Attendee, original: datetime | None, otherwise: Partstat) -> Attendee:
        value = item.note(_answer_key(attendee.address, original))
        return replace(attendee, partstat=otherwise if value is None else Partstat(value))

    attendees = tuple(noted(attendee, None, Partstat.NEEDS_ACTION) for attendee in event.attendees)
    series = {attendee.address: attendee.partstat for attendee in attendees}
    overrides = tuple(
        override
        if override.attendees is None
        else replace(
            override,
            attendees=tuple(
                noted(a, override.recurrence_id, series.get(a.address, Partstat.NEEDS_ACTION))
                for a in override.attendees
            ),
        )
        for override in event.overrides
    )
    return replace(event, attendees=attendees, overrides=overrides)


# from Google


def event_of(item: Item, zone: ZoneInfo = _UTC) -> Event:
    """Days without a time are those of ``zone``. Raises FAULTS for what we cannot read or expand."""
    master = item.master
    start, duration = _span(master, zone)
    rules = dict[str, list[str]]()
    for line in master.get("recurrence") or ():
        rules.setdefault(line.partition(":")[0].partition(";")[0].upper(), []).append(line)
    rrule = rules["RRULE"][0].partition(":")[2] if "RRULE" in rules else None
    if rrule is not None:
        Rule.parse(rrule, start.time())
    event = Event(
        uid=uid_of(master) or str(master["id"]),
        start=start,
        duration=duration,
        summary=str(master.get("summary", "")),
        organizer=plain_address(str(master.get("organizer", {}).get("email", ""))),
        attendees=tuple(_attendees(master)),
        description=str(master.get("description", "")),
        location=str(master.get("location", "")),
        rrule=rrule,
        exdates=tuple(sorted(_dates(rules.get("EXDATE", ()), start))),
        sequence=int(item.note(SEQUENCE) or master.get("sequence", 0)),
        private=master.get("visibility") in ("private", "confidential"),
        cancelled=item.cancelled,
        stamp=datetime.fromisoformat(master["updated"]) if "updated" in master else None,
    )
    for moment in _dates(rules.get("RDATE", ()), start):
        event = event.with_override(Override(moment, moment, duration))
    for original, exception in sorted(item.exceptions.items()):
        event = event.with_override(_override(event, original.astimezone(start.tzinfo), exception, zone))
    return event


def held_of(item: Item, zone: ZoneInfo = _UTC) -> Held:
    """Raises FAULTS."""
    event = event_of(item, zone)
    noted = properties(item.master, "shared").get(REVISION)
    return Held(event, None if noted is None else str(noted), digest(event))


def _override(event: Event, original: datetime, exception: Json, zone: ZoneInfo) -> Override:
    if exception.get("status") == "cancelled":
        return Override(original, original, event.duration, cancelled=True)
    start, duration = _span(exception, zone)
    description = str(exception.get("description", ""))
    attendees = tuple(_attendees(exception))
    return Override(
        recurrence_id=original,
        start=start.astimezone(event.start.tzinfo),
        duration=duration,
        description=None if description == event.description else description,
        attendees=None if attendees == event.attendees else attendees,
    )


def _span(item: Json, zone: ZoneInfo) -> tuple[datetime, timedelta]:
    """Start, and how long on the wall clock."""
    start = _moment(item["start"], zone)
    end = _moment(item["end"], zone).astimezone(start.tzinfo)
    return start, end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _moment(value: Json, zone: ZoneInfo) -> datetime:
    if "date" in value:
        return datetime.combine(date.fromisoformat(value["date"]), time(), zone)
    moment = datetime.fromisoformat(value["dateTime"])
    named = _zone(value, zone)
    return moment.astimezone(named) if moment.tzinfo else moment.replace(tzinfo=named)


def _zone(value: Json, otherwise: ZoneInfo) -> ZoneInfo:
    return by_name(str(value["timeZone"])) or otherwise if "timeZone" in value else otherwise


def same_moment(one: Json, other: Json) -> bool:
    """Also by name: another zone recurs at other instants."""
    return _instant(one) == _instant(other) and _zone_name(one) == _zone_name(other)


def _instant(value: Json) -> datetime | str:
    return str(value["date"]) if "date" in value else _moment(value, _UTC).astimezone(UTC)


def _zone_name(value: Json) -> str | None:
    zone = by_name(str(value.get("timeZone", "UTC")))
    return None if zone is None else zone.key


def _attendees(item: Json) -> Iterator[Attendee]:
    for guest in item.get("attendees", ()):
        if not guest.get("resource") and "email" in guest:
            yield Attendee(
                address=plain_address(str(guest["email"])),
                name=str(guest.get("displayName", "")),
                partstat=_FROM_GOOGLE.get(guest.get("responseStatus"), Partstat.NEEDS_ACTION),
                required=not guest.get("optional", False),
            )


def _dates(lines: Iterable[str], start: datetime) -> list[datetime]:
    """The moments in EXDATE or RDATE lines; of periods the first half, of days the occurrence on them."""
    found: list[datetime] = []
    for line in lines:
        head, _, values = line.partition(":")
        named = next((part[5:] for part in head.split(";") if part.upper().startswith("TZID=")), None)
        zone = start.tzinfo if named is None else by_name(named) or start.tzinfo
        for value in values.split(",")[:_MAX_DATES]:
            text = value.strip().partition("/")[0]
            if "T" not in text:
                found.append(datetime.combine(date.fromisoformat(text), start.time(), start.tzinfo))
            else:
                moment = datetime.fromisoformat(text)
                moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
                found.append(moment.astimezone(start.tzinfo))
    return found


def properties(item: Json, kind: str) -> dict[str, Any]:
    return dict(item.get("extendedProperties", {}).get(kind, {}))


def _answer_key(address: str, original: datetime | None) -> str:
    which = "" if original is None else original.astimezone(UTC).isoformat()
    return f"answer-{hashlib.sha256(f'{address} {which}'.encode()).hexdigest()[:16]}"
