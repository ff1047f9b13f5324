"""Calendars through Microsoft Graph: one event on the assistant's calendar, which Exchange passes on to the invited."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Event
from assistant.errors import Conflict, NotFound
from assistant.ports import EventRef

from .copies import has_link
from .exchange_door import Writing
from .exchange_record import Tracked, guard, is_done, merged, noted, plain, reference, words
from .exchange_writing import TIMES, changed, differences
from .graph_client import GraphClient, Json
from .graph_events import (
    EXPAND,
    SELECT,
    UID,
    BadItem,
    fields_of,
    override_fields,
    properties,
    tracked,
    with_tail,
)

_TEXT = 'outlook.body-content-type="text"'
_HTML = 'outlook.body-content-type="html"'
_PAGE = "odata.maxpagesize=100"
_TRIES = 3
_MOMENT = timedelta(minutes=1)
_ONLINE: Json = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}


_UTC = ZoneInfo("UTC")


class Items:
    """Reading the items of calendars, one mailbox's or another's; ``zones`` are their owners'."""

    def __init__(self, client: GraphClient, zones: Mapping[str, ZoneInfo]) -> None:
        self.client = client
        self._zones = {owner.lower(): zone for owner, zone in zones.items()}

    def load(self, provider_id: str, owner: str | None = None) -> Tracked | None:
        """With its exceptions. None where it is not there, was called off, or cannot be read."""
        item = self.item(provider_id, owner)
        try:
            found = None if item is None else tracked(item, self._zones.get((owner or "").lower(), _UTC))
        except BadItem:
            return None
        return None if found is None or found.event.cancelled else found

    def item(self, provider_id: str, owner: str | None = None) -> Json | None:
        path = f"{self.client.user(owner)}/events/{quote(provider_id)}"
        # Graph names an exception's and a cancelled occurrence only where a single series is asked for.
        select = f"{SELECT},cancelledOccurrences"
        params = {"$select": select, "$expand": f"{EXPAND},exceptionOccurrences"}
        return self.client.found("GET", path, params=params, prefer=[_TEXT])

    def ours(self) -> Iterator[Tracked]:
        """Every event that we organise, without its exceptions."""
        condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{UID}' and ep/value ne null)"
        params = {"$filter": condition, "$select": SELECT, "$expand": EXPAND}
        for item in self.client.listed(f"{self.client.user()}/events", params=params, prefer=[_TEXT, _PAGE]):
            try:
                found = tracked(item)
            except BadItem:
                continue
            if not found.event.cancelled:
                yield found


class Writer(Writing):
    """``teams`` asks for a Teams link."""

    def __init__(self, client: GraphClient, items: Items, teams: bool) -> None:
        self._client = client
        self._items = items
        self._teams = teams

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        for left in reversed(range(_TRIES)):
            current = self._find(event.uid, ref)
            wanted = merged(event, current, ref)
            if current is not None:
                guard(wanted, ref, current)
                if is_done(wanted, current) and not self._lacks_link(wanted, current):
                    return reference(current)
            try:
                provider_id = self._create(wanted, ref) if current is None else self._update(wanted, current)
                return reference(self._with_exceptions(wanted, provider_id))
            except Conflict:  # an answer came in between, or it was there already: look again
                if not left:
                    raise
        raise AssertionError("unreachable")

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        current = self._find(event.uid, ref)
        if current is not None:
            self._delete(current.provider_id)

    def _find(self, uid: str, ref: EventRef | None) -> Tracked | None:
        """By id where we know it, else by the UID that the event carries; of copies that people made the oldest."""
        known = self._items.load(ref.provider_id) if ref is not None else None
        if known is not None and known.uid == uid:
            return known
        quoted = uid.replace("'", "''")
        condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{UID}' and ep/value eq '{quoted}')"
        params = {"$filter": condition, "$select": "id,createdDateTime"}
        items = list(self._client.listed(f"{self._client.user()}/events", params=params))
        for item in sorted(items, key=lambda item: str(item.get("createdDateTime", ""))):
            found = self._items.load(str(item["id"]))
            if found is not None:
                return found
        return None

    def _create(self, wanted: Event, ref: EventRef | None) -> str:
        generation = "" if ref is None else ref.provider_id  # it was there once and is gone: a new one
        transaction = hashlib.sha256(f"{wanted.uid}|{generation}".encode()).hexdigest()[:32]
        body: dict[str, Any] = {key: value for key, value in fields_of(wanted).items() if value is not None}
        body["transactionId"] = transaction
        body["singleValueExtendedProperties"] = properties(noted(wanted, None))
        if self._teams and not has_link(wanted):
            body |= _ONLINE
        made = self._client.json("POST", f"{self._client.user()}/events", json=body)
        return str(made["id"])

    def _update(self, wanted: Event, current: Tracked) -> str:
        before, after = fields_of(current.event), fields_of(wanted)
        fields = changed(before, after, _essence)
        brought_back = set(plain(current.event).exdates) - set(wanted.exdates)
        if brought_back or any(name in fields for name in TIMES):
            # Exchange forgets a series' exceptions where its times are written; they are then made anew.
            fields |= {name: after[name] for name in TIMES}
        if "body" in fields:
            fields["body"] = self._kept_tail(current.provider_id, fields["body"])
        if self._lacks_link(wanted, current):
            fields |= _ONLINE
        note = noted(wanted, current)
        if fields or current.note is None or str(note) != str(current.note):
            fields["singleValueExtendedProperties"] = properties(note)
            path = f"{self._client.user()}/events/{quote(current.provider_id)}"
            self._client.call("PATCH", path, json=fields, etag=current.guard or None)
        return current.provider_id

    def _lacks_link(self, wanted: Event, current: Tracked) -> bool:
        return self._teams and not current.link and not has_link(wanted)

    def _kept_tail(self, provider_id: str, body: Mapping[str, str]) -> Mapping[str, str]:
        """``body`` with what Teams put below the one that is there."""
        path = f"{self._client.user()}/events/{quote(provider_id)}"
        item = self._client.json("GET", path, params={"$select": "body,isOnlineMeeting"}, prefer=[_HTML])
        if not item.get("isOnlineMeeting"):
            return body
        return with_tail(body["content"], str((item.get("body") or {}).get("content") or ""))

    def _with_exceptions(self, wanted: Event, provider_id: str) -> Tracked:
        """Make single occurrences what ``wanted`` says; the event as it then is."""
        item = self._items.item(provider_id)
        if item is None:
            raise NotFound("the event was removed while it was written")
        current = _read(item)
        if wanted.rrule is None:
            return current
        ids = {_instant(each.get("originalStart")): str(each["id"]) for each in item.get("exceptionOccurrences") or ()}
        done = 0
        for original in sorted(set(wanted.exdates) - set(current.event.exdates)):
            occurrence = ids.get(original.astimezone(UTC)) or self._occurrence(provider_id, original)
            if occurrence is not None:
                self._delete(occurrence)
                done += 1
        for original, fields in differences(wanted, current.event, override_fields, _essence):
            occurrence = ids.get(original.astimezone(UTC)) or self._occurrence(provider_id, original)
            if occurrence is not None:
                if "body" in fields:
                    fields["body"] = self._kept_tail(occurrence, fields["body"])
                self._client.call("PATCH", f"{self._client.user()}/events/{quote(occurrence)}", json=fields)
                done += 1
        if not done:
            return current
        item = self._items.item(provider_id)
        if item is None:
            raise NotFound("the event was removed while it was written")
        return _read(item)

    def _occurrence(self, provider_id: str, original: datetime) -> str | None:
        """The id of the occurrence that the rule alone puts at ``original``."""
        start = original.astimezone(UTC)
        params = {"startDateTime": _stamp(start), "endDateTime": _stamp(start + _MOMENT), "$select": "id,start,type"}
        path = f"{self._client.user()}/events/{quote(provider_id)}/instances"
        for item in self._client.listed(path, params=params):
            if item.get("type") == "occurrence" and _instant(item["start"]["dateTime"]) == start:
                return str(item["id"])
        return None

    def _delete(self, provider_id: str) -> None:
        """The organiser's deletion tells the attendees."""
        try:
            self._client.call("DELETE", f"{self._client.user()}/events/{quote(provider_id)}")
        except NotFound:
            return


def _read(item: Json) -> Tracked:
    try:
        return tracked(item)
    except BadItem as error:
        raise NotFound("the event was written, but cannot be read back") from error


def _essence(name: str, value: Any) -> object:
    if name == "body":
        return words(str((value or {}).get("content", "")))
    if name == "attendees":
        return {(each["emailAddress"]["address"], each["type"]) for each in value or ()}
    if name in ("subject", "location"):
        return str(value["displayName"] if name == "location" else value).strip()
    return value


def _instant(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
