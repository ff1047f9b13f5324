"""From an Event to the JSON that Google Calendar takes, and what of it is news. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Attendee, Event, Override, Period
from assistant.domain.recurrence import original_starts
from assistant.ical.events import plain_address

from .copies import revision
from .google_events import REVISION, SEQUENCE, TO_GOOGLE, UID, Json, properties, same_moment

_UTC = ZoneInfo("UTC")
_SECOND = timedelta(seconds=1)
_DEFAULTS = {"visibility": "default", "status": "confirmed"}


def body_of(event: Event, notes: Mapping[str, str]) -> dict[str, Any]:
    """The series; ``notes`` are private ones."""
    recurrence = list(_recurrence(event))
    return {
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "visibility": "private" if event.private else "default",
        "sequence": event.sequence,
        "start": _told(event, event.start),
        "end": _told(event, event.start + event.duration),
        "attendees": _guests(event.attendees),
        "extendedProperties": {
            "shared": {UID: event.uid, REVISION: revision(event)},
            "private": {SEQUENCE: str(event.sequence), **notes},
        },
        **({"recurrence": recurrence} if recurrence else {}),
    }


def occurrence_of(event: Event, override: Override | None, original: datetime) -> dict[str, Any]:
    """What one occurrence should be; without ``override`` as the series has it, which may have none there any more."""
    if override is None and _is_regular(event, original):
        override = Override(original, original.astimezone(event.start.tzinfo), event.duration)
    if override is None or override.cancelled:
        return {"status": "cancelled"}
    return {
        "status": "confirmed",
        "start": _told(event, override.start),
        "end": _told(event, override.start, override.duration),
        "description": event.description if override.description is None else override.description,
        "attendees": _guests(event.attendees if override.attendees is None else override.attendees),
    }


def differing(wanted: Json, there: Json) -> dict[str, Any]:
    """The fields of ``wanted`` that are otherwise there: what to patch. Rooms that people added stay."""
    found: dict[str, Any] = {}
    for name, given in wanted.items():
        has, value = there.get(name), given
        if name in ("start", "end"):
            same = has is not None and same_moment(value, has)
        elif name == "attendees":
            same = _seen(value) == _seen(has or ())
            value = [*value, *(guest for guest in has or () if guest.get("resource"))]
        elif name == "extendedProperties":
            news = {kind: dict(value[kind].items() - properties(there, kind).items()) for kind in value}
            value = {kind: entries for kind, entries in news.items() if entries}
            same = not value
        elif name == "sequence":
            same = int(has or 0) >= int(value)  # Google counts on by itself, and never back
        elif name == "recurrence":
            same = _normal(value) == _normal(has or ())
        else:
            same = (has or _DEFAULTS.get(name, "")) == value
        if not same:
            found[name] = value
    if there.get("recurrence") and "recurrence" not in wanted and "extendedProperties" in wanted:
        found["recurrence"] = None
    return found


_NEWS = ("summary", "location", "conferenceData", "start", "end", "recurrence", "status")


def who_hears(change: Json, there: Json) -> str:
    """``sendUpdates``: time, place, title and people are news for all; a text is for those with no Google calendar, who
    would never see it else; answers and notes are for nobody."""
    if any(name in change for name in _NEWS):
        return "all"
    if "attendees" in change and _people(change["attendees"]) != _people(there.get("attendees", ())):
        return "all"
    return "externalOnly" if "description" in change else "none"


def _guests(attendees: Sequence[Attendee]) -> list[dict[str, Any]]:
    return [
        {
            "email": attendee.address,
            "responseStatus": TO_GOOGLE[attendee.partstat],
            **({"displayName": attendee.name} if attendee.name else {}),
            **({} if attendee.required else {"optional": True}),
        }
        for attendee in attendees
    ]


def _seen(guests: Iterable[Json]) -> set[tuple[str, str, bool]]:
    people = (guest for guest in guests if not guest.get("resource"))
    return {
        (plain_address(g["email"]), g.get("responseStatus", "needsAction"), bool(g.get("optional"))) for g in people
    }


def _people(guests: Iterable[Json]) -> set[str]:
    return {plain_address(guest["email"]) for guest in guests}


def _told(event: Event, moment: datetime, later: timedelta = timedelta(0)) -> dict[str, str]:
    zone = event.start.tzinfo
    named = zone if isinstance(zone, ZoneInfo) else _UTC
    return {"dateTime": (moment.astimezone(named) + later).isoformat(), "timeZone": named.key}


def _recurrence(event: Event) -> Iterator[str]:
    if event.rrule is None:
        return
    yield f"RRULE:{event.rrule}"
    if event.exdates:
        yield _line("EXDATE", event, event.exdates)
    more = [o.recurrence_id for o in event.overrides if not o.cancelled and not _is_regular(event, o.recurrence_id)]
    if more:
        yield _line("RDATE", event, more)


def _is_regular(event: Event, original: datetime) -> bool:
    instant = original.astimezone(UTC)
    return any(True for _ in original_starts(event, Period(instant, instant + _SECOND)))


def _line(name: str, event: Event, moments: Iterable[datetime]) -> str:
    zone = event.start.tzinfo
    if isinstance(zone, ZoneInfo) and zone.key != "UTC":
        times = ",".join(moment.astimezone(zone).strftime("%Y%m%dT%H%M%S") for moment in moments)
        return f"{name};TZID={zone.key}:{times}"
    return f"{name}:{','.join(moment.astimezone(UTC).strftime('%Y%m%dT%H%M%SZ') for moment in moments)}"


def _normal(lines: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Order tells nothing in a rule."""
    parts = (line.partition(":") for line in lines)
    return sorted((head, sorted(value.replace(";", ",").split(","))) for head, _, value in parts)
