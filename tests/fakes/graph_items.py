"""What an Exchange Online organisation's mailboxes hold, in the shapes of Graph's JSON."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

CONTENT = ("subject", "body", "location", "sensitivity", "start", "end", "recurrence", "originalStartTimeZone",
           "isOnlineMeeting", "onlineMeeting")  # fmt: skip
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = dict(zip(_NAMES, (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU), strict=True))
_INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))


def moment(value: dict[str, str]) -> datetime:
    return datetime.fromisoformat(value["dateTime"]).replace(tzinfo=zone(value["timeZone"])).astimezone(UTC)


def as_utc(at: datetime) -> dict[str, str]:
    return {"dateTime": f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}.0000000", "timeZone": "UTC"}


@dataclass
class Mail:
    id: str
    raw: bytes
    folder: str
    received: datetime
    message_id: str
    draft: bool = False
    recipients: tuple[str, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass
class Item:
    """A single event, a series with its exceptions (by original start), or one exception."""

    id: str
    owner: str
    uid: str
    organizer: str
    fields: dict[str, Any]
    properties: dict[str, str] = field(default_factory=dict)
    exceptions: dict[datetime, Item] = field(default_factory=dict)
    dropped: set[date] = field(default_factory=set)
    response: str = "notResponded"
    version: int = 1
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    transaction: str = ""
    zone_name: str = ""
    """How the zone is called where the calendar program that made the item described one of its own."""

    @property
    def is_series(self) -> bool:
        return bool(self.fields.get("recurrence"))

    @property
    def organizes(self) -> bool:
        return self.owner == self.organizer

    @property
    def zone(self) -> ZoneInfo:
        return zone(self.fields["start"]["timeZone"])

    @property
    def start(self) -> datetime:
        return moment(self.fields["start"])

    @property
    def length(self) -> timedelta:
        """On the wall clock."""
        ends = (datetime.fromisoformat(self.fields[name]["dateTime"]) for name in ("end", "start"))
        return next(ends) - next(ends)

    def originals(self, low: datetime, high: datetime, *, dropped: bool = False) -> Iterator[datetime]:
        """Starts in UTC that the rule gives; the dropped ones only where asked for."""
        if not self.is_series:
            yield self.start
            return
        first = self.start.astimezone(self.zone).replace(tzinfo=None)
        until = (high + timedelta(days=2)).astimezone(self.zone).replace(tzinfo=None)
        for local in _rule(self.fields["recurrence"], first).between(first, until, inc=True):
            at = local.replace(tzinfo=self.zone).astimezone(UTC)
            if at >= high:
                return
            if at >= low and (dropped or local.date() not in self.dropped):
                yield at

    def instances(self, low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime, datetime, Item | None]]:
        """(original start, start, end, exception) of what overlaps, in UTC."""
        for original in self.originals(low - timedelta(days=40), high + timedelta(days=40)):
            exception = self.exceptions.get(original)
            holder = exception or self
            start = exception.start if exception is not None else original
            end = (start.astimezone(self.zone).replace(tzinfo=None) + holder.length).replace(tzinfo=self.zone)
            if start < high and end.astimezone(UTC) > low:
                yield original, start, end.astimezone(UTC), exception

    def exception(self, original: datetime, new_id: str) -> Item:
        if original not in self.exceptions:
            fields = copy.deepcopy({name: self.fields[name] for name in self.fields if name != "recurrence"})
            fields |= occurrence_times(self, original)
            for attendee in fields.get("attendees", ()):
                attendee["status"] = {"response": "none", "time": "0001-01-01T00:00:00Z"}
            self.exceptions[original] = Item(new_id, self.owner, self.uid, self.organizer, fields)
        return self.exceptions[original]


def occurrence_times(series: Item, original: datetime) -> dict[str, Any]:
    local = original.astimezone(series.zone).replace(tzinfo=None)
    name = series.fields["start"]["timeZone"]
    return {
        "start": {"dateTime": local.isoformat(), "timeZone": name},
        "end": {"dateTime": (local + series.length).isoformat(), "timeZone": name},
    }


def _rule(recurrence: dict[str, Any], first: datetime) -> rrule.rrule:
    """Independent of the adapter's translation, so that each checks the other."""
    shape, span = recurrence["pattern"], recurrence["range"]
    kind = shape["type"]
    days = [_DAYS[day] for day in shape.get("daysOfWeek", ())]
    given: dict[str, Any] = {"interval": shape["interval"], "dtstart": first}
    if kind == "weekly":
        given |= {"byweekday": days, "wkst": _DAYS[shape.get("firstDayOfWeek", "sunday")]}
    elif kind.startswith("relative"):
        given |= {"byweekday": days, "bysetpos": _INDEX[shape["index"]]}
    elif kind.startswith("absolute"):
        given["bymonthday"] = shape["dayOfMonth"]
    if kind.endswith("Yearly"):
        given["bymonth"] = shape["month"]
    if span["type"] == "numbered":
        given["count"] = span["numberOfOccurrences"]
    elif span["type"] == "endDate":
        given["until"] = datetime.combine(date.fromisoformat(span["endDate"]), datetime.max.time())
    often = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY}
    return rrule.rrule(often.get(kind, rrule.MONTHLY if kind.endswith("Monthly") else rrule.YEARLY), **given)


def event_json(item: Item, query: dict[str, str], series: Item | None = None,
                original: datetime | None = None) -> dict[str, Any]:  # fmt: skip
    fields = {name: item.fields[name] for name in CONTENT if item.fields.get(name) is not None}
    kind = "exception" if series is not None else "seriesMaster" if item.is_series else "singleInstance"
    for name in ("start", "end"):
        fields[name] = as_utc(moment(item.fields[name]))
    fields |= {
        "id": item.id, "iCalUId": item.uid, "type": kind, "attendees": item.fields.get("attendees", []),
        "organizer": {"emailAddress": {"address": item.organizer, "name": item.organizer}},
        "isCancelled": False, "isAllDay": bool(item.fields.get("isAllDay")),
        "originalStartTimeZone": item.zone_name or item.fields["start"]["timeZone"],
        "createdDateTime": item.created.isoformat(),
    }  # fmt: skip
    if item.zone_name and item.is_series:
        span = {**item.fields["recurrence"]["range"], "recurrenceTimeZone": ""}
        fields["recurrence"] = {**item.fields["recurrence"], "range": span}
    if series is not None and original is not None:
        fields |= {"seriesMasterId": series.id, "originalStart": original.isoformat()}
    selected = set(filter(None, query.get("$select", "").split(",")))
    if "cancelledOccurrences" in selected and item.is_series:
        fields["cancelledOccurrences"] = [f"OID.{item.id}.{day}" for day in sorted(item.dropped)]
    shown = {name: value for name, value in fields.items() if not selected or name in selected or name == "id"}
    shown["@odata.etag"] = f'W/"{item.version}"'
    expand = query.get("$expand", "")
    if "singleValueExtendedProperties" in expand:
        found = [{"id": n.replace("String", "string"), "value": v} for n, v in item.properties.items() if n in expand]
        if found:
            shown["singleValueExtendedProperties"] = found
    if "exceptionOccurrences" in expand and item.is_series:
        shown["exceptionOccurrences"] = [
            event_json(each, {"$select": ""}, item, original) for original, each in item.exceptions.items()
        ]
    return shown
