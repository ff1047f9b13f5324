"""What an Exchange Online organisation holds: mailboxes with mails and events, in the shapes of Graph's JSON.

Meetings behave as there: the organiser's item is passed on to the invited, who answer, propose other times or delete;
answers gather on the organiser's item; writing a series' times drops its exceptions.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from .graph_items import Item, Mail, as_utc, event_json, moment, zone

__all__ = ["Item", "Mail", "Organisation", "Refused", "as_utc", "event_json", "moment", "zone"]

OF_TIME = ("start", "end", "recurrence")
_YEAR = timedelta(days=366)
_BUSY = {"accepted": "busy", "organizer": "busy", "declined": "free"}


class Refused(Exception):  # noqa: N818 (Exchange's own word for what is wrong is its text)
    """By a rule of Exchange; the text is its code."""


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

    def arrive(self, owner: str, raw: bytes, folder: str) -> Mail:
        found = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]*>)", raw.partition(b"\r\n\r\n")[0])
        named = found[1].decode("ascii", "replace") if found else f"<{self.new_id('gen')}@exchange>"
        mail = Mail(self.new_id("msg"), raw, folder, self.now, named)
        self.mails[owner].append(mail)
        self.mail_log.append((owner, mail.id))
        return mail

    def move(self, owner: str, mail: Mail, folder: str) -> None:
        """Somebody moves a mail to another folder: there it is new."""
        mail.folder = folder
        self.mail_log.append((owner, mail.id))

    # what the organiser does

    def add(self, item: Item) -> Item:
        self.items[item.owner][item.id] = item
        self.log.append((item.owner, item.id))
        if item.organizes:
            self.pass_on(item, resend=True)
        return item

    def change(self, item: Item, fields: dict[str, Any], exception: Item | None = None, *, told: bool = True) -> None:
        target = exception or item
        if exception is not None and "start" in fields and _crosses(item, exception, moment(fields["start"])):
            raise Refused("ErrorOccurrenceCrossingBoundary")
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
        if item.organizes and told:
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


def _crosses(series: Item, exception: Item, start: datetime) -> bool:
    """Whether the occurrence would be on the day of the one before it or after it, or beyond: Exchange keeps order."""
    (own,) = (original for original, each in series.exceptions.items() if each is exception)
    near = [each for each in series.originals(own - _YEAR, own + _YEAR) if each != own]
    days = {each: _day(series, series.exceptions[each].start if each in series.exceptions else each) for each in near}
    day = _day(series, start)
    return any((days[each] >= day) if each < own else (days[each] <= day) for each in near)


def _day(series: Item, at: datetime) -> date:
    return at.astimezone(series.zone).date()
