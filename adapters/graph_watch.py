"""Microsoft Graph's change lists of calendars. Each watches a stretch of time, which is moved on once a month."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from assistant.errors import CursorExpired

from .exchange_record import Tracked
from .exchange_watch import Look, Source
from .graph_calendar import Items
from .graph_client import GraphClient

_BEFORE, _AFTER = timedelta(days=7), timedelta(days=120)
_STANDS = timedelta(days=30)  # how long the stretch of a change list is good for
_PAGE = "odata.maxpagesize=200"


class GraphLists(Source):
    """A mark is when its list is to be replaced, a space, and the link where it goes on."""

    def __init__(self, client: GraphClient, items: Items) -> None:
        self._client = client
        self._items = items

    def look(self, owner: str, mark: str | None) -> Look:
        now = self._client.lately()
        until, link = (now + _STANDS).isoformat(), self._first(owner, now)
        if mark is not None:
            until, _, link = mark.partition(" ")
            if now.isoformat() >= until:
                raise CursorExpired("the list's stretch of time is to be moved on")
        look = Look(whole=mark is None, over=now - _BEFORE)
        for page in self._client.pages(link, prefer=[_PAGE]):
            for item in page.get("value", ()):
                if "@removed" in item:
                    look.removed.add(str(item.get("id")))
                elif item.get("seriesMasterId") or item.get("type") == "seriesMaster":
                    look.touched.add(str(item.get("seriesMasterId") or item.get("id")))
                elif owner == self._client.mailbox:  # of other people only series are of interest
                    look.touched.add(str(item.get("id")))
            look.mark = f"{until} {page.get('@odata.deltaLink') or ''}"
        return look

    def load(self, provider_ids: Iterable[str], owner: str) -> list[Tracked]:
        loaded = self._client.each(lambda provider_id: self._items.load(provider_id, owner), provider_ids)
        return [item for item in loaded if item is not None]

    def _first(self, owner: str, now: datetime) -> str:
        start, end = ((now + step).strftime("%Y-%m-%dT00:00:00Z") for step in (-_BEFORE, _AFTER))
        return f"{self._client.user(owner)}/calendarView/delta?startDateTime={start}&endDateTime={end}"
