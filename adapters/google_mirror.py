"""One calendar of Google as we know it, kept up by sync tokens. What the tokens lose is read anew, so nothing is."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.errors import NotFound, Rejected

from .google_events import FAULTS, REVISION, UID, held_of, ids_of, item_of, uid_of
from .holdings import Held

if TYPE_CHECKING:
    from .google_client import Client

_PAGE = 2500
_BACK = timedelta(days=60)
Json = Mapping[str, Any]


class Mirror:
    """The recurring meetings on ``calendar``, and those that the assistant organises; ``whole`` goes back to the start.

    Reading costs one call where nothing changed. ``zone`` is that of whole days.
    """

    def __init__(self, google: Client, calendar: str, whole: bool) -> None:
        self._google = google
        self._request = {"calendarId": calendar, "showDeleted": True, "maxResults": _PAGE}
        self._whole = whole
        self._token: str | None = None
        self._items: dict[str, Json] = {}
        self._gone: set[str] = set()
        self._moved: set[str] = set()
        self._held: dict[str, Held] | None = None
        self.zone: ZoneInfo | None = None
        self.readable = False
        self.read_at = 0.0
        """When by the monotonic clock; 0 for never."""
        self.problems: dict[str, str] = {}

    def refresh(self) -> bool:
        """Whether the calendar may be read."""
        self.read_at = time.monotonic()
        self.readable = self._refreshed()
        return self.readable

    def _refreshed(self) -> bool:
        try:
            if self._token is not None:
                try:
                    self._read({"syncToken": self._token})
                    return True
                except NotFound:  # 410: the token is too old, or 404: the calendar is gone
                    self._token = None
            self._items.clear()
            self._gone.clear()
            self._held = None
            since = {}
            if not self._whole and self._google.server_time is not None:
                since = {"timeMin": (self._google.server_time - _BACK).isoformat()}
            self._read(since)
        except (NotFound, Rejected):
            return False
        return True

    @property
    def held(self) -> Mapping[str, Held]:
        """By UID."""
        if self._held is None:
            self._held = self._understand()
        return self._held

    def took_off(self, uid: str) -> bool:
        """Whether somebody deleted it here; what was never here, or is long over, is not."""
        return not self._gone.isdisjoint({uid, *ids_of(uid)})

    def _read(self, place: Mapping[str, str]) -> None:
        page: str | None = ""
        while page is not None:
            answer = self._page({**self._request, **place} | ({"pageToken": page} if page else {}))
            for item in answer.get("items", ()):
                self._take(item)
            page = answer.get("nextPageToken")
            self._token = answer.get("nextSyncToken", self._token)
        for id_ in self._moved:
            self._read_exceptions(id_)
        self._moved.clear()

    def _read_exceptions(self, id_: str) -> None:
        """Of a series whose times changed: which of its exceptions still stand, a sync token does not tell."""
        master = self._items[id_]
        answer = self._page({**self._request, "iCalUID": master["iCalUID"]})
        self._drop(id_)
        self._items |= {str(item["id"]): item for item in answer.get("items", ())}
        self._items.setdefault(id_, master)

    def _page(self, wanted: Json) -> Json:
        answer: Json = self._google.call(lambda g: g("events").list(**wanted))
        return answer

    def _take(self, item: Json) -> None:
        self._held = None
        id_, series = str(item["id"]), item.get("recurringEventId")
        # Of a deleted event no more may be told than its id.
        names = {id_, uid_of(item) or id_, uid_of(self._items.get(id_, {})) or id_}
        if series is not None:
            self._items[id_] = item
        elif item.get("status") == "cancelled" and not _is_cancelled_by_us(item):
            self._drop(id_)
            self._gone |= names
        else:
            self._gone -= names
            if "recurrence" not in item and not _is_ours(item):
                self._drop(id_)
                return
            before = self._items.get(id_)
            if before is not None and _times(before) != _times(item):
                self._moved.add(id_)
            self._items[id_] = item

    def _drop(self, id_: str) -> None:
        self._items.pop(id_, None)
        for other in [key for key, item in self._items.items() if item.get("recurringEventId") == id_]:
            del self._items[other]

    def _understand(self) -> dict[str, Held]:
        exceptions: dict[str, list[Json]] = {}
        for item in self._items.values():
            if "recurringEventId" in item:
                exceptions.setdefault(item["recurringEventId"], []).append(item)
        found: dict[str, Held] = {}
        self.problems = {}
        for id_, item in self._items.items():
            if "recurringEventId" in item or "date" in item.get("start", {}):
                continue
            try:
                held = held_of(item_of(item, exceptions.get(id_, ())), self.zone or ZoneInfo("UTC"))
            except FAULTS:
                self.problems[id_] = "an event cannot be read"
                continue
            found[held.event.uid] = held
        return found


def _is_ours(item: Json) -> bool:
    shared = item.get("extendedProperties", {}).get("shared", {})
    return REVISION in shared and UID in shared


def _is_cancelled_by_us(item: Json) -> bool:
    return bool(item.get("extendedProperties", {}).get("private", {}).get("assistantCancelled"))


def _times(item: Json) -> tuple[Any, ...]:
    return item.get("start"), item.get("end"), item.get("recurrence")
