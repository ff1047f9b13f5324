"""What an Exchange Online organisation holds: mailboxes with mails and events, in the shapes of Graph's JSON.

Meetings behave as there: the organiser's item is passed on to the invited, who answer, propose other times or delete;
answers gather on the organiser's item; writing a series' times drops its exceptions.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

CONTENT = ("subject", "body", "location", "sensitivity", "start", "end", "recurrence", "originalStartTimeZone",
           "isOnlineMeeting")  # fmt: skip
OF_TIME = ("start", "end", "recurrence")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = dict(zip(_NAMES, (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU), strict=True))
_INDEX = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_BUSY = {"accepted": "busy", "organizer": "busy", "declined": "free"}


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


class Organisation:
    """``log`` has every change to an item, in order: (owner, item id, series id or own)."""

    def __init__(self, addresses: list[str], now: datetime) -> None:
        self.now = now
        self.numbers = itertools.count(1)
        self.mails: dict[str, list[Mail]] = {address: [] for address in addresses}
        self.items: dict[str, dict[str, Item]] = {address: {} for address in addresses}
        self.log: list[tuple[str, str]] = []
        self.mail_log: list[tuple[str, str]] = []
        self.notices: list[tuple[str, str, str]] = []  # (kind, to whom, subject): what people get by mail

    def new_id(self, kind: str) -> str:
        return f"AAMk{kind}{next(self.numbers):06d}="

    def owner_of(self, address: str) -> str | None:
        local, _, domain = address.strip().lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return plain if plain in self.mails else None

    def touched(self, item: Item) -> None:
        item.version += 1
        self.log.append((item.owner, item.id))

    # what the organiser does

    def add(self, item: Item) -> Item:
        self.items[item.owner][item.id] = item
        self.log.append((item.owner, item.id))
        if item.organizes:
            self.pass_on(item, resend=True)
        return item

    def change(self, item: Item, fields: dict[str, Any], exception: Item | None = None) -> None:
        target = exception or item
        timed = any(name in fields and fields[name] != target.fields.get(name) for name in OF_TIME)
        if exception is None and any(name in fields for name in OF_TIME):
            item.exceptions.clear()
            item.dropped.clear()
        people = fields.pop("attendees", None)
        target.fields |= copy.deepcopy(fields)
        if people is not None:
            self._invite(target, people)
        if timed:
            for attendee in target.fields.get("attendees", ()):
                attendee["status"] = {"response": "none", "time": "0001-01-01T00:00:00Z"}
        self.touched(item)
        if item.organizes:
            self.pass_on(item, resend=timed)

    def _invite(self, target: Item, people: list[dict[str, Any]]) -> None:
        known = {each["emailAddress"]["address"]: each for each in target.fields.get("attendees", ())}
        target.fields["attendees"] = [
            {**copy.deepcopy(each), "status": known.get(each["emailAddress"]["address"], {}).get("status", {
                "response": "none", "time": "0001-01-01T00:00:00Z"})}
            for each in people
        ]  # fmt: skip

    def pass_on(self, item: Item, *, resend: bool) -> None:
        """To the calendars of the invited; who deleted it gets it again only with a new time."""
        invited = [each["emailAddress"]["address"] for each in item.fields.get("attendees", ())]
        for address, items in self.items.items():
            if address == item.owner:
                continue
            copied = next((each for each in items.values() if each.uid == item.uid), None)
            if address not in invited:
                if copied is not None:
                    self.notices.append(("cancelled", address, item.fields["subject"]))
                    self.forget(copied)
                continue
            answer = self.response_at(item, address)
            if copied is None and answer == "declined" and not resend:
                continue
            self.notices.append(("invited" if copied is None else "updated", address, item.fields["subject"]))
            if copied is None:
                copied = Item(self.new_id("ev"), address, item.uid, item.organizer, {}, created=self.now)
                self.items[address][copied.id] = copied
            self._copy(item, copied, address)

    def _copy(self, item: Item, copied: Item, address: str) -> None:
        copied.fields = copy.deepcopy(item.fields)
        copied.properties = dict(item.properties)
        copied.response = self.response_at(item, address)
        copied.dropped = set(item.dropped)
        known = copied.exceptions
        copied.exceptions = {}
        for original, each in item.exceptions.items():
            own = known.get(original) or Item(self.new_id("ex"), address, item.uid, item.organizer, {})
            own.fields = copy.deepcopy(each.fields)
            own.response = self.response_at(each, address)
            copied.exceptions[original] = own
        self.touched(copied)

    def response_at(self, item: Item, address: str) -> str:
        for each in item.fields.get("attendees", ()):
            if each["emailAddress"]["address"] == address:
                return str(each.get("status", {}).get("response", "none"))
        return "none"

    def forget(self, item: Item) -> None:
        self.items[item.owner].pop(item.id, None)
        self.log.append((item.owner, item.id))

    def delete(self, item: Item, original: datetime | None = None) -> None:
        """The organiser calls it off, or takes one occurrence out."""
        if original is not None:
            item.dropped.add(original.astimezone(item.zone).date())
            item.exceptions.pop(original, None)
            self.touched(item)
            if item.organizes:
                self.pass_on(item, resend=False)
            return
        if item.organizes:
            for each in [*self.items.values()]:
                for copied in [other for other in each.values() if other.uid == item.uid and other is not item]:
                    self.notices.append(("cancelled", copied.owner, item.fields["subject"]))
                    self.forget(copied)
        self.forget(item)

    # what the invited do

    def respond(
        self, address: str, uid: str, response: str, original: datetime | None = None,
        proposal: tuple[datetime, datetime] | None = None,
    ) -> None:  # fmt: skip
        """Answer from one's own calendar, to the series or to one occurrence; ``proposal`` is another time."""
        for item in [each for items in self.items.values() for each in items.values() if each.uid == uid]:
            if item.owner != address and not item.organizes:
                continue
            target = item if original is None else item.exception(original, self.new_id("ex"))
            for each in target.fields.get("attendees", ()):
                if each["emailAddress"]["address"] == address:
                    each["status"] = {"response": response, "time": self.now.isoformat()}
                    if proposal is not None:
                        each["proposedNewTime"] = {"start": as_utc(proposal[0]), "end": as_utc(proposal[1])}
            if item.owner == address:
                target.response = response
            self.touched(item)

    def leave(self, address: str, uid: str, original: datetime | None = None) -> None:
        """Delete it from one's own calendar, with the refusal that clients send then."""
        self.respond(address, uid, "declined", original)
        for item in [each for each in self.items[address].values() if each.uid == uid]:
            if original is None:
                self.forget(item)
            else:
                item.dropped.add(original.astimezone(item.zone).date())
                item.exceptions.pop(original, None)
                self.touched(item)

    def schedule(self, address: str, low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime, str, Item]]:
        for item in self.items[address].values():
            for _, start, end, exception in item.instances(low, high):
                shown = item.fields.get("showAs")
                response = exception.response if exception is not None else item.response
                if exception is not None and response == "none":
                    response = item.response
                status = shown or ("busy" if item.organizes else _BUSY.get(response, "tentative"))
                if status != "free":
                    yield start, end, status, exception or item


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
        "originalStartTimeZone": item.fields["start"]["timeZone"],
        "createdDateTime": item.created.isoformat(),
    }  # fmt: skip
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
