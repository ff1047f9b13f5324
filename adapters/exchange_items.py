"""Events as exchangelib has them <-> ours. Pure but for the library's types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import Attendee as EwsAttendee
from exchangelib import Body, CalendarItem, EWSDateTime, EWSTimeZone, ExtendedProperty, Mailbox
from exchangelib import recurrence as ews

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.domain.recurrence import BadRule
from assistant.errors import Rejected
from assistant.ical.events import plain_address

from .exchange_record import Note, Tracked, inherited
from .exchange_recurrence import Pattern, pattern_of, rrule_of
from .exchange_zones import ews_zone, zone_of

_UTC = ZoneInfo("UTC")
_RESPONSES = {
    "Accept": Partstat.ACCEPTED,
    "Organizer": Partstat.ACCEPTED,
    "Tentative": Partstat.TENTATIVE,
    "Decline": Partstat.DECLINED,
}
_DAY_GROUPS = {tuple(range(7)): 8, tuple(range(5)): 9, (5, 6): 10}  # Day, Weekday, WeekendDay
_GROUPS = {number: days for days, number in _DAY_GROUPS.items()}
_INDEXES = {1: 1, 2: 2, 3: 3, 4: 4, -1: 5}
_POSITIONS = {number: index for index, number in _INDEXES.items()}
_FAULTS = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
_MAX_INTERVAL = 99

FIELDS = (
    "subject", "text_body", "start", "end", "location", "sensitivity", "required_attendees", "optional_attendees",
    "organizer", "recurrence", "modified_occurrences", "deleted_occurrences", "type", "is_cancelled", "is_all_day",
    "uid", "_start_timezone", "assistant_uid", "assistant_note",
)  # fmt: skip
_OF_SERIES = ("recurrence", "modified_occurrences", "deleted_occurrences", "assistant_uid", "assistant_note")
OCCURRENCE_FIELDS = (*(name for name in FIELDS if name not in _OF_SERIES), "original_start")


class _Uid(ExtendedProperty):  # type: ignore[misc]  # the library ships no types
    distinguished_property_set_id = "PublicStrings"
    property_name = "AsyncAssistantUid"
    property_type = "String"


class _Note(ExtendedProperty):  # type: ignore[misc]  # the library ships no types
    distinguished_property_set_id = "PublicStrings"
    property_name = "AsyncAssistantNote"
    property_type = "String"


for _name, _kind in (("assistant_uid", _Uid), ("assistant_note", _Note)):
    if _name not in {each.name for each in CalendarItem.FIELDS}:
        CalendarItem.register(_name, _kind)


class BadItem(ValueError):  # noqa: N818 (our exceptions are named for what is wrong)
    """An item that cannot be read."""


def fields_of(event: Event) -> dict[str, Any]:
    """The series or single event, without its exceptions and without our note."""
    pattern = pattern_of(event)
    return {
        "subject": event.summary,
        "body": Body(event.description),
        "location": event.location,
        "sensitivity": "Private" if event.private else "Normal",
        **_people(event.attendees),
        **times(event.start, event.duration),
        "recurrence": None if pattern is None else _recurrence(pattern, event.start),
    }


def override_fields(event: Event, override: Override) -> dict[str, Any]:
    """What one occurrence is to say; what it shares with the series too, since it may have said otherwise."""
    return {
        "body": Body(event.description if override.description is None else override.description),
        **_people(event.attendees if override.attendees is None else override.attendees),
        **times(override.start.astimezone(event.start.tzinfo), override.duration),
    }


def times(start: datetime, duration: timedelta) -> dict[str, Any]:
    """The end is by the wall clock of the start's zone."""
    zone = ews_zone(start)
    local = start.replace(tzinfo=None)
    return {"start": _aware(local, zone), "end": _aware(local + duration, zone)}


def essence(name: str, value: Any) -> object:
    """What counts of a field when two are compared."""
    if name == "body":
        return " ".join(str(value or "").split())
    if name.endswith("attendees"):
        return sorted(each.mailbox.email_address for each in value or ())
    return str(value or "").strip() if name in ("subject", "location") else value


def tracked(item: Any, exceptions: Iterable[tuple[datetime, Any]] = (), zone: ZoneInfo = _UTC) -> Tracked:
    """What the item says, with its ``exceptions`` by original start; ``zone`` is its owner's, for where the zone has no
    name. Raises BadItem.
    """
    try:
        return _tracked(item, exceptions, zone)
    except (BadRule, *_FAULTS) as error:
        raise BadItem("an event cannot be read") from error


def _tracked(item: Any, exceptions: Iterable[tuple[datetime, Any]], otherwise: ZoneInfo) -> Tracked:
    organizer = plain_address(str(item.organizer.email_address)) if item.organizer else ""
    note = Note.parse(item.assistant_note, organizer) if item.assistant_note else None
    zone = zone_of(item, note, otherwise)
    start, duration = _span(item, zone)
    event = Event(
        uid=note.base.uid if note else str(item.assistant_uid or item.uid or item.id),
        start=start,
        duration=duration,
        summary=str(item.subject or ""),
        organizer=organizer,
        attendees=_attendees(item),
        description=_text(item),
        location=str(item.location or ""),
        rrule=_rrule(item, note),
        sequence=note.base.sequence if note else 0,
        private=item.sensitivity in ("Private", "Confidential"),
        cancelled=bool(item.is_cancelled),
    )
    # Of a deleted occurrence Exchange tells when it would have begun.
    gone = sorted(_ours(each.start).astimezone(zone) for each in item.deleted_occurrences or ())
    event = replace(event, exdates=tuple(gone))
    proposals = dict(_proposals(item, None if event.rrule else event.start))
    for original, each in exceptions:
        event = event.with_override(_override(event, original.astimezone(zone), each))
        proposals |= dict(_proposals(each, original))
    return Tracked(str(item.id), str(item.changekey or ""), event, note, proposals, str(item.uid or ""))


def _override(event: Event, original: datetime, item: Any) -> Override:
    start, duration = _span(item, event.start.tzinfo or _UTC)
    text = _text(item)
    return Override(
        recurrence_id=original,
        start=start,
        duration=duration,
        description=None if text == event.description else text,
        attendees=inherited(event.attendees, _attendees(item)),
    )


def _people(attendees: Iterable[Attendee]) -> dict[str, Any]:
    found: dict[str, Any] = {"required_attendees": [], "optional_attendees": []}
    for attendee in attendees:
        mailbox = Mailbox(email_address=attendee.address, name=attendee.name or None)
        name = "required_attendees" if attendee.required else "optional_attendees"
        found[name].append(EwsAttendee(mailbox=mailbox, response_type="Unknown"))
    return found


def _attendees(item: Any) -> tuple[Attendee, ...]:
    found: list[Attendee] = []
    for required, several in ((True, item.required_attendees), (False, item.optional_attendees)):
        for each in several or ():
            address = plain_address(str(each.mailbox.email_address or ""))
            if address and each.response_type != "Organizer":
                name = str(each.mailbox.name or "")
                partstat = _RESPONSES.get(str(each.response_type), Partstat.NEEDS_ACTION)
                found.append(Attendee(address, "" if name == address else name, partstat, required))
    return tuple(found)


def _proposals(item: Any, original: datetime | None) -> list[tuple[tuple[str, datetime], datetime]]:
    if original is None:
        return []
    several = [*(item.required_attendees or ()), *(item.optional_attendees or ())]
    return [
        ((plain_address(str(each.mailbox.email_address)), original.astimezone(UTC)), _ours(each.proposed_start))
        for each in several
        if each.proposed_start is not None
    ]


def _recurrence(pattern: Pattern, start: datetime) -> ews.Recurrence:
    ending: dict[str, Any] = {"start": start.date()}
    if pattern.count is not None:
        ending["number"] = pattern.count
    elif pattern.last is not None:
        ending["end"] = pattern.last
    return ews.Recurrence(pattern=_pattern(pattern), **ending)


def _pattern(pattern: Pattern) -> Any:
    kind, interval = pattern.kind, pattern.interval
    if kind.endswith("Yearly") and interval > 1:  # only months have intervals here
        kind, interval = kind.replace("Yearly", "Monthly"), 12 * interval
    if interval > _MAX_INTERVAL:
        raise Rejected("Exchange repeats nothing as seldom as that")
    if kind == "daily":
        return ews.DailyPattern(interval=interval)
    if kind == "weekly":
        days = [day + 1 for day in pattern.days]
        return ews.WeeklyPattern(interval=interval, weekdays=days, first_day_of_week=pattern.week_start + 1)
    if kind.startswith("absolute"):
        month = {"month": pattern.month} if kind == "absoluteYearly" else {"interval": interval}
        cls = ews.AbsoluteYearlyPattern if kind == "absoluteYearly" else ews.AbsoluteMonthlyPattern
        return cls(day_of_month=pattern.day_of_month, **month)
    weekday = pattern.days[0] + 1 if len(pattern.days) == 1 else _DAY_GROUPS.get(pattern.days)
    if weekday is None:
        raise Rejected("Exchange cannot repeat an event on such a choice of weekdays")
    month = {"month": pattern.month} if kind == "relativeYearly" else {"interval": interval}
    cls = ews.RelativeYearlyPattern if kind == "relativeYearly" else ews.RelativeMonthlyPattern
    return cls(weekday=weekday, week_number=_INDEXES[pattern.index], **month)


def _rrule(item: Any, note: Note | None) -> str | None:
    if item.recurrence is None:
        return None
    pattern = _read_pattern(item.recurrence)
    if note is not None and note.base.rrule is not None:
        known = pattern_of(note.base)
        if known is not None and _recurrence(known, note.base.start).pattern == item.recurrence.pattern and (
            known.count, known.last) == (pattern.count, pattern.last):  # fmt: skip
            return note.base.rrule
    return rrule_of(pattern)


def _read_pattern(recurrence: Any) -> Pattern:
    """Raises BadRule for what repeats in no way that a calendar shows (tasks that begin anew when done)."""
    shape, ending = recurrence.pattern, recurrence.boundary
    given: dict[str, Any] = {
        "interval": int(getattr(shape, "interval", 1)),
        "count": getattr(ending, "number", None),
        "last": getattr(ending, "end", None),
    }
    name = type(shape).__name__.removesuffix("Pattern")
    kind = name[:1].lower() + name[1:]
    if kind == "weekly":
        first = int(shape.first_day_of_week or 1) - 1
        return Pattern(kind, days=tuple(sorted(day - 1 for day in shape.weekdays)), week_start=first, **given)
    if kind == "daily":
        return Pattern(kind, **given)
    month = int(getattr(shape, "month", 0) or 0)
    if kind.startswith("absolute"):
        return Pattern(kind, day_of_month=int(shape.day_of_month), month=month, **given)
    if kind.startswith("relative"):
        days = _GROUPS.get(shape.weekday) or (int(shape.weekday) - 1,)
        return Pattern(kind, days=days, index=_POSITIONS[shape.week_number], month=month, **given)
    raise BadRule("the recurrence cannot be read")


def _span(item: Any, zone: Any) -> tuple[datetime, timedelta]:
    start, end = _ours(item.start).astimezone(zone), _ours(item.end).astimezone(zone)
    return start, max(timedelta(0), end.replace(tzinfo=None) - start.replace(tzinfo=None))


def _ours(moment: Any) -> datetime:
    """The library's own kind of datetime has a zone of its own kind: an instant of the plain kind. All day: UTC."""
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)


def _aware(local: datetime, zone: EWSTimeZone) -> EWSDateTime:
    return EWSDateTime.from_datetime(local.replace(tzinfo=zone))


def _text(item: Any) -> str:
    return str(item.text_body or "").replace("\r\n", "\n").strip("\n")
