"""Google calendars, as the API shows them."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.google_books import Book, Books
from tests.fakes.google_faults import ApiError
from tests.fakes.google_times import complete, in_utc, instant, key_of, merged, moment_in

__all__ = ["Book", "Calendars"]

Json = dict[str, Any]
_OFFSET = r"(Z|[+-]\d\d:\d\d)$"
_KEPT = (
    *("id", "kind", "iCalUID", "organizer", "creator", "created", "sequence", "status", "etag"),
    *("originalStartTime", "recurringEventId"),
)


@dataclass(slots=True)
class Calendars(Books):
    def events_insert(self, path: Json, query: Json, body: Json) -> Json:
        address, book = self._book(path)
        event = deepcopy(body)
        if "id" in event and "iCalUID" in event:
            raise ApiError(400, "invalid", "only one of id and iCalUID should be supplied")
        id_ = event.setdefault("id", f"fake{self.number:022d}")
        if not re.fullmatch(r"[a-v0-9]{5,1024}", id_):
            raise ApiError(400, "invalid", "Invalid resource id value.")
        if id_ in book.events:  # also where it was deleted
            raise ApiError(409, "duplicate", "The requested identifier already exists.")
        self._rules(event)
        self._conference(event, {}, query)
        who = {"email": address, "self": True}
        event |= {"kind": "calendar#event", "organizer": who, "creator": who, "created": self._stamp()}
        event = {"status": "confirmed", "iCalUID": f"{id_}@google.com", "sequence": 0, **event}
        complete(event)
        book.events[id_] = event
        self._notify(event, {}, query)
        self._touch(address, id_)
        return self._shown(address, id_)

    def events_get(self, path: Json, _query: Json, _body: Json) -> Json:
        address, book = self._book(path)
        stored = book.events.get(path["eventId"], {})
        if stored.get("conferenceData", {}).get("createRequest", {}).get("status") == {"statusCode": "pending"}:
            self._meet(stored)
        return self._found(address, path["eventId"])

    def events_patch(self, path: Json, query: Json, body: Json) -> Json:
        return self._write(path, query, body, whole=False)

    def events_update(self, path: Json, query: Json, body: Json) -> Json:
        return self._write(path, query, body, whole=True)

    def events_delete(self, path: Json, query: Json, _body: Json) -> None:
        address, book = self._book(path)
        event = self._found(address, path["eventId"])
        self._matches(event, query)
        if event["status"] == "cancelled":
            raise ApiError(410, "deleted", "Resource has been deleted")
        stored = book.events[path["eventId"]]
        stored["status"] = "cancelled"
        self._notify(stored, stored, query, "cancellation")
        self._touch(address, path["eventId"])

    def events_instances(self, path: Json, query: Json, _body: Json) -> Json:
        address, book = self._book(path)
        if path["eventId"] not in book.events:
            raise ApiError(404, "notFound")
        items = list(
            self._instances(address, path["eventId"], moment_in(query, "timeMin"), moment_in(query, "timeMax"))
        )
        if "originalStart" in query:
            wanted = datetime.fromisoformat(query["originalStart"])
            items = [item for item in items if instant(item["originalStartTime"], self.zone) == wanted]
        if query.get("showDeleted") != "true":
            items = [item for item in items if item["status"] != "cancelled"]
        return {**self._header(address), "items": items[: int(query.get("maxResults", 250))]}

    def events_list(self, path: Json, query: Json, _body: Json) -> Json:
        address, book = self._book(path)
        single = query.get("singleEvents") == "true"
        limits = {"iCalUID", "orderBy", "privateExtendedProperty", "q", "timeMin", "timeMax", "updatedMin"} & set(query)
        if "syncToken" in query:
            items = self._since(address, query, single, limits)
        else:
            deleted = query.get("showDeleted") == "true"
            ids = [i for i, e in book.events.items() if deleted or e["status"] != "cancelled"]
            if "iCalUID" in query:
                ids = [i for i in ids if book.events[i]["iCalUID"] == query["iCalUID"]]
            low, high = moment_in(query, "timeMin"), moment_in(query, "timeMax")
            items = [item for id_ in ids for item in self._listed(address, id_, single, low, high)]
            items = [item for item in items if deleted or item["status"] != "cancelled" or "recurringEventId" in item]
        if book.role == "freeBusyReader":
            items = [{k: v for k, v in i.items() if k in ("id", "status", "start", "end", "kind")} for i in items]
        first, size = int(query.get("pageToken", 0)), int(query.get("maxResults", 250))
        answer = {**self._header(address), "items": items[first : first + size]}
        if first + size < len(items):
            answer["nextPageToken"] = str(first + size)
        elif not limits - {"timeMin", "timeMax"}:
            answer["nextSyncToken"] = f"s{self.number}-{single}"
        return answer

    def freebusy_query(self, _path: Json, _query: Json, body: Json) -> Json:
        low, high = (datetime.fromisoformat(body[name]) for name in ("timeMin", "timeMax"))
        if len(body["items"]) > 50:
            raise ApiError(400, "tooManyCalendarsRequested")
        if high - low > timedelta(days=90):
            raise ApiError(400, "timeRangeTooLong", "The requested time range is too long.")
        calendars: Json = {}
        for address in (item["id"] for item in body["items"]):
            if address not in self.books:
                calendars[address] = {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
                continue
            spans: list[list[datetime]] = []
            for start, end in sorted(self._taken(address, low, high)):
                if spans and start <= spans[-1][1]:
                    spans[-1][1] = max(end, spans[-1][1])
                else:
                    spans.append([start, end])
            calendars[address] = {"busy": [{"start": in_utc(start), "end": in_utc(end)} for start, end in spans]}
        kind = "calendar#freeBusy"
        return {"kind": kind, "timeMin": body["timeMin"], "timeMax": body["timeMax"], "calendars": calendars}

    # inside

    def _found(self, address: str, id_: str) -> Json:
        book = self.books[address]
        if id_ in book.events:
            return self._shown(address, id_)
        series, _, original = id_.rpartition("_")
        if series in book.events:
            for item in self._instances(address, series, None, None):
                if item["id"].rpartition("_")[2] == original:
                    return item
        raise ApiError(404, "notFound", "Not Found")

    @staticmethod
    def _matches(event: Json, query: Json) -> None:
        if query.get("if-match") not in (None, "*", event["etag"]):
            raise ApiError(412, "conditionNotMet", "Precondition Failed")

    def _write(self, path: Json, query: Json, body: Json, whole: bool) -> Json:
        address, book = self._book(path)
        if book.role != "owner":
            raise ApiError(403, "forbidden")
        id_, before = path["eventId"], deepcopy(self._found(address, path["eventId"]))
        self._matches(before, query)
        if "start" not in before:  # an occurrence that was taken out is brought back
            original = key_of(instant(before["originalStartTime"], self.zone))
            before = {**self._exception(address, before["recurringEventId"], original, {}), **before}
        if "sequence" in body and body["sequence"] < before["sequence"]:
            raise ApiError(400, "invalid", "Invalid sequence value.")
        after = {**{k: before[k] for k in _KEPT if k in before}, **body} if whole else merged(before, body)
        self._rules(after)
        self._conference(after, before, {"conferenceDataVersion": "1", **query} if not whole else query)
        complete(after)
        times = [(event["start"], event["end"], event.get("recurrence")) for event in (before, after)]
        if times[0] != times[1] and after["sequence"] == before["sequence"]:
            after["sequence"] += 1
        if "recurringEventId" in before:
            original = key_of(instant(before["originalStartTime"], self.zone))
            exceptions = book.exceptions.setdefault(before["recurringEventId"], {})
            exceptions[original] = {**exceptions.get(original, {}), **deepcopy(body)}
            self._notify(after, before, query)
            self._touch(address, before["recurringEventId"])
        else:
            # The exceptions were of occurrences that are no more.
            if times[0] != times[1] and not self.keeps_exceptions:
                book.exceptions.pop(id_, None)
            book.events[id_] = {k: v for k, v in after.items() if k != "etag"}
            self._notify(after, before, query)
            self._touch(address, id_)
        return self._found(address, path["eventId"])

    def _rules(self, event: Json) -> None:
        for name in ("start", "end"):
            moment = event.get(name, {})
            if ("date" in moment) == ("dateTime" in moment):
                raise ApiError(400, "required", f"{name} needs one of date and dateTime")
            if "dateTime" in moment and "timeZone" not in moment and not re.search(_OFFSET, moment["dateTime"]):
                raise ApiError(400, "required", f"Missing time zone definition for {name} time.")
        if instant(event["end"], self.zone) < instant(event["start"], self.zone):
            raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.")
        if event.get("recurrence") and "dateTime" in event["start"] and "timeZone" not in event["start"]:
            raise ApiError(400, "required", "a recurring event needs a named time zone")
        if any(not line.startswith(("RRULE:", "EXDATE", "RDATE", "EXRULE:")) for line in event.get("recurrence", ())):
            raise ApiError(400, "invalid", "Invalid recurrence rule.")
        properties = event.get("extendedProperties", {})
        for scope in ("private", "shared"):
            for name, value in properties.get(scope, {}).items():
                if len(name) > 44 or len(value) > 1024:
                    raise ApiError(400, "invalid", "an extended property is too long")

    def _conference(self, event: Json, before: Json, query: Json) -> None:
        asked, had = (each.get("conferenceData", {}).get("createRequest", {}) for each in (event, before))
        if int(query.get("conferenceDataVersion", 0)) != 1:
            event.pop("conferenceData", None)  # dropped without a word: the classic mistake
        elif asked and "status" not in asked and asked["requestId"] == had.get("requestId"):
            del event["conferenceData"]  # "the same as for the previous request": ignored
        elif asked and "status" not in asked:
            event["conferenceData"] = {"createRequest": {**asked, "status": {"statusCode": "pending"}}}
            if not self.meets_later:
                self._meet(event)

    @staticmethod
    def _meet(event: Json) -> None:
        link = f"https://meet.google.com/{event['id'][:3]}-{event['id'][3:7]}-{event['id'][7:10]}"
        request = {**event["conferenceData"]["createRequest"], "status": {"statusCode": "success"}}
        entry = {"entryPointType": "video", "uri": link}
        event["conferenceData"] = {"conferenceId": link[-12:], "createRequest": request, "entryPoints": [entry]}
        event["hangoutLink"] = link

    def _notify(self, event: Json, before: Json, query: Json, what: str = "") -> None:
        if query.get("sendUpdates", "none") == "none":
            return
        known = {guest["email"] for guest in before.get("attendees", ())}
        for guest in event.get("attendees", ()):
            if query["sendUpdates"] == "all" or guest["email"] not in self.books:
                kind = what or ("update" if guest["email"] in known else "invitation")
                self.notices.append((guest["email"], event["id"], kind))
        gone = known - {guest["email"] for guest in event.get("attendees", ())}
        self.notices += [(address, event["id"], "cancellation") for address in sorted(gone)]
