"""Events and free/busy in the fake Microsoft Graph."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from .graph_base import BASE, GraphBase, GraphError, answered
from .graph_mail_api import HAS_PROPERTY
from .graph_metadata import metadata
from .graph_store import Item, as_utc, event_json, moment
from .loopback import Answer, Request


class EventApi(GraphBase):
    def _find_event(self, user: str, event_id: str) -> tuple[Item, datetime | None]:
        """(single or series, original start of the occurrence)"""
        for item in self.store.items[self._mailbox(user)].values():
            if item.id == event_id:
                return item, None
            for original, exception in item.exceptions.items():
                if exception.id == event_id:
                    return item, original
            if event_id.startswith(f"{item.id}.OCC."):
                original = datetime.fromisoformat(event_id.removeprefix(f"{item.id}.OCC.")).astimezone(UTC)
                if original in item.originals(original, original + timedelta(seconds=1)):
                    return item, original
        raise GraphError(404, "ErrorItemNotFound")

    def _events(self, request: Request, query: dict[str, str], user: str) -> Answer:
        self._asked(request, query, "event")
        named = HAS_PROPERTY.fullmatch(query.get("$filter", ""))
        if named is None:
            self.violations.append(f"a filter that Graph does not know: {query.get('$filter')}")
            return self._listing("event", [])
        items = [item for item in self.store.items[self._mailbox(user)].values() if named[1] in item.properties]
        if named[3] is not None:
            items = [item for item in items if item.properties[named[1]] == named[3].replace("''", "'")]
        return self._listing("event", [event_json(item, query) for item in items])

    def _new_event(self, request: Request, query: dict[str, str], user: str) -> Answer:
        body, owner = self._json(request, "event"), self._mailbox(user)
        transaction = body.pop("transactionId", "")
        for item in self.store.items[owner].values():
            if transaction and item.transaction == transaction:
                if self.conflict_on_repeat:
                    raise GraphError(409, "ErrorDuplicateTransactionId")
                return answered(event_json(item, {}), 201)
        if not {"subject", "start", "end"} <= body.keys():
            self.violations.append("an event without subject, start or end")
        properties = {each["id"]: each["value"] for each in body.pop("singleValueExtendedProperties", ())}
        people = body.pop("attendees", [])
        item = Item(self.store.new_id("ev"), owner, f"0400{next(self.store.numbers):08d}", owner, body, properties,
                    response="organizer", transaction=transaction, created=self.store.now)  # fmt: skip
        if body.get("isOnlineMeeting"):
            body |= _with_link(body["body"]["content"])
        item.fields["attendees"] = []
        self.store._invite(item, people)
        self.store.add(item)
        made = event_json(item, {})
        self._checked(made, "event", "answer of a new event")
        return answered(made, 201)

    def _event(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        self._asked(request, query, "event")
        item, original = self._find_event(user, id)
        shown = event_json(item.exceptions.get(original, item) if original else item, query)
        if 'outlook.body-content-type="html"' in request.headers.get("prefer", "") and "body" in shown:
            lines = shown["body"]["content"].replace("\r\n", "\n").split("\n")
            html = f"<html><body>{''.join(f'<div>{line}</div>' for line in lines)}</body></html>"
            shown["body"] = {"contentType": "html", "content": html}
        self._checked(shown, "event", "answer of an event")
        return answered(shown)

    def _change_event(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        body = self._json(request, "event")
        item, original = self._find_event(user, id)
        match = request.headers.get("if-match")
        if match is not None and match != f'W/"{item.version}"':
            raise GraphError(412, "ErrorIrresolvableConflict")
        item.properties |= {each["id"]: each["value"] for each in body.pop("singleValueExtendedProperties", ())}
        html = body.get("body", {}).get("contentType") == "html"
        if html:
            text = re.sub(r"<[^>]*>", "", re.sub(r"<br>|</div>", "\n", body["body"]["content"]))
            body["body"] = {"contentType": "text", "content": text}
        if body.get("isOnlineMeeting") and not item.fields.get("isOnlineMeeting"):
            body |= _with_link(body.get("body", item.fields.get("body", {})).get("content", ""))
        if item.fields.get("isOnlineMeeting") and "body" in body and "_" * 20 not in body["body"]["content"]:
            self.violations.append("a Teams meeting lost its link")
        target = None if original is None else item.exception(original, self.store.new_id("ex"))
        if not item.organizes and body:
            self.violations.append("a meeting of somebody else's was changed")
        # What no meeting has in itself is no news to the invited.
        self.store.change(item, body, target, told=bool(body))
        return answered(event_json(target or item, {}, item if target else None, original))

    def _delete_event(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        self.store.delete(*self._find_event(user, id))
        return Answer(204)

    def _window(self, query: dict[str, str]) -> tuple[datetime, datetime]:
        low, high = (datetime.fromisoformat(query[name]) for name in ("startDateTime", "endDateTime"))
        if low.tzinfo is None or high.tzinfo is None:
            self.violations.append("a window without offsets")
        return low, high

    def _occurrences(self, item: Item, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        for original, start, end, exception in item.instances(*self._window(query)):
            if exception is not None:
                yield event_json(exception, query, item, original)
            elif not item.is_series:
                yield event_json(item, query)
            else:
                yield {"id": f"{item.id}.OCC.{original.isoformat()}", "type": "occurrence", "seriesMasterId": item.id,
                       "start": as_utc(start), "end": as_utc(end), "isCancelled": False,
                       "isAllDay": bool(item.fields.get("isAllDay"))}  # fmt: skip

    def _instances(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        self._asked(request, {k: v for k, v in query.items() if k.startswith("$")}, "event")
        item, _ = self._find_event(user, id)
        return self._listing("event", list(self._occurrences(item, query)))

    def _view(self, request: Request, query: dict[str, str], user: str) -> Answer:
        self._asked(request, query, "event")
        items = self.store.items[self._mailbox(user)].values()
        return self._listing("event", [each for item in items for each in self._occurrences(item, query)])

    def _view_delta(self, request: Request, query: dict[str, str], user: str) -> Answer:
        owner = self._mailbox(user)
        if any(name in query for name in ("$select", "$filter", "$expand", "$orderby")):
            self.violations.append("a change list of events takes no query options")
        token, found = query.get("$deltatoken"), []
        if token is None:
            low, high = self._window(query)
            ids = [item.id for item in self.store.items[owner].values() if any(item.instances(low, high))]
        elif self.forgotten or not token.isdigit() or int(token) <= self.forgotten_up_to:
            raise GraphError(410, "syncStateNotFound")
        else:
            ids = list(dict.fromkeys(item for whose, item in self.store.log[int(token) :] if whose == owner))
        for event_id in ids:
            item = self.store.items[owner].get(event_id)
            if item is None:
                found.append({"id": event_id, "@removed": {"reason": "deleted"}})
                continue
            found.append(event_json(item, {}))
            found += [event_json(each, {}, item, original) for original, each in item.exceptions.items()]
        link = f"{BASE}/users/{user}/calendarView/delta?{urlencode({'$deltatoken': len(self.store.log)})}"
        return self._listing("event", found, deltaLink=link)

    def _schedule(self, request: Request, query: dict[str, str], user: str) -> Answer:
        self._mailbox(user)
        body: dict[str, Any] = json.loads(request.body)
        self.violations += metadata().check_call(body, "getSchedule", "calendar", request.target)
        low, high = moment(body["startTime"]), moment(body["endTime"])
        if len(body["schedules"]) > 20 or high - low > timedelta(days=62):
            raise GraphError(400, "ErrorInvalidParameter")
        found: list[dict[str, Any]] = []
        for address in body["schedules"]:
            owner = self.store.owner_of(address)
            if owner is None:
                error = {"message": "not found", "responseCode": "ErrorMailRecipientNotFound"}
                found.append({"scheduleId": address, "availabilityView": "", "error": error})
                continue
            taken = [
                {"status": status, "subject": item.fields["subject"], "start": as_utc(start), "end": as_utc(end)}
                for start, end, status, item in self.store.schedule(owner, low, high)
            ]
            found.append({"scheduleId": address, "availabilityView": "0", "scheduleItems": taken})
        return self._listing("scheduleInformation", found)


def _with_link(text: str) -> dict[str, Any]:
    """What Teams makes of a meeting that is to be online."""
    text = f"{text}\r\n{'_' * 80}\r\nMicrosoft Teams meeting\r\nJoin: https://teams.example/1"
    return {
        "body": {"contentType": "text", "content": text},
        "location": {"displayName": "Microsoft Teams Meeting"},
        "onlineMeeting": {"joinUrl": "https://teams.example/1"},
    }
