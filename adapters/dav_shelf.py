"""One person's calendar on a CalDAV server, read again only where the server says that something changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Period
from assistant.errors import Conflict, CursorExpired, NotFound, Rejected
from assistant.ical.reading import FROM_FOLDER, BadCalendar

from .dav import C, D, Dav, Item, ServerFault, canonical
from .holdings import Held, Holdings, Reader, file_name, widened

_AT_ONCE = 50
_MAX_OBJECTS = 50_000
_MAX_ROUNDS = 100  # answers to one question, where the server gives it in pieces
_NOTHING = Holdings(frozenset(), {}, (), ())


@dataclass(frozen=True, slots=True)
class Copy:
    """One calendar object. ``raw`` is kept only until it is known which stretch of time is asked for."""

    url: str
    etag: str
    holdings: Holdings
    raw: bytes | None = None


class DavShelf:
    """The calendar at ``url`` of ``owner``. ``zone`` is that of floating times; it may be set at any time."""

    def __init__(self, dav: Dav, url: str, owner: str, organizer: str) -> None:
        self.url = canonical(url if url.endswith("/") else f"{url}/")
        self.owner = owner
        self.zone: ZoneInfo | None = None
        self.seen: set[str] = set()
        """UIDs of ours that this calendar has held since we started."""
        self._dav = dav
        self._reader = Reader(owner, organizer)
        self._token = ""
        self._can_sync = True
        self._copies: dict[str, Copy] = {}
        self._blocks: list[tuple[str, Busy]] = []

    def refresh(self) -> Mapping[str, Copy]:
        """What is there now, by address. Raises NotFound and Rejected where it cannot be read."""
        if self.zone != self._reader.zone:
            self._read_with(replace(self._reader, zone=self.zone))
        stale = self._changed() if self._token and self._can_sync else None
        if stale is None:
            stale = self._listed()
        if stale:
            self._fetch(stale)
        return self._copies

    def busy(self, period: Period) -> list[tuple[str, Busy]]:
        """Blocks with their UID that overlap ``period``, as it is now."""
        window = self._reader.window
        if window is None or not window.contains(period):
            self._read_with(replace(self._reader, window=widened(window, period)))
        self.refresh()
        return [(uid, block) for uid, block in self._blocks if block.period.overlaps(period)]

    def find(self, uid: str) -> Copy | None:
        """As of the last refresh."""
        named = self._copies.get(self.address(uid))
        if named is not None and uid in named.holdings.uids:
            return named
        return next((copy for copy in self._copies.values() if uid in copy.holdings.uids), None)

    def held(self) -> Iterator[Held]:
        """As of the last refresh."""
        for copy in self._copies.values():
            yield from copy.holdings.held.values()

    def address(self, uid: str) -> str:
        """Where we put an event of ours."""
        return canonical(urljoin(self.url, quote(file_name(uid))))

    @property
    def problems(self) -> Iterator[str]:
        for copy in self._copies.values():
            if copy.holdings.problems:
                yield "; ".join(dict.fromkeys(copy.holdings.problems))

    def put(self, uid: str, content: bytes) -> None:
        """In place of what the last refresh saw there. Raises Conflict where that is old."""
        copy = self.find(uid)
        if copy is not None and len(copy.holdings.uids) > 1:
            raise Rejected("the server keeps several events in one object; give the assistant a calendar of its own")
        self._dav.put(self.address(uid) if copy is None else copy.url, content, None if copy is None else copy.etag)

    def delete(self, uid: str) -> None:
        """Deleting what is not there succeeds. Raises Conflict."""
        copy = self.find(uid)
        if copy is None or copy.holdings.uids != {uid}:
            return
        try:
            self._dav.delete(copy.url, copy.etag)
        except NotFound:
            return

    @property
    def syncs(self) -> bool:
        """Whether the server tells what changed (RFC 6578); known for sure after the second look."""
        return self._can_sync and bool(self._token)

    def _read_with(self, reader: Reader) -> None:
        """Another window or zone: what we still have is read anew, all else is fetched again."""
        self._reader = reader
        if all(copy.raw is not None for copy in self._copies.values()):
            self._copies = {url: self._copy(url, copy.etag, copy.raw or b"") for url, copy in self._copies.items()}
            self._sort()
        else:
            self._copies, self._token = {}, ""

    def _changed(self) -> dict[str, str] | None:
        """What to fetch since the last token, by address and etag; None where the server cannot say."""
        stale: dict[str, str] = {}
        try:
            for _ in range(_MAX_ROUNDS):
                before = self._token
                found, self._token = self._dav.since(self.url, before)
                whole = True
                for item in found:
                    if item.url.rstrip("/") == self.url.rstrip("/"):
                        whole = whole and item.status != 507  # RFC 6578, 3.6: there is more
                    elif item.status == 404:
                        stale.pop(item.url, None)
                        self._drop(item.url)
                    elif self._is_new(item):
                        stale[item.url] = item.text(f"{D}getetag")
                if whole:
                    return stale
                if self._token == before:
                    raise Rejected("the server says that there is more, and gives the same again")
        except (CursorExpired, Conflict, NotFound, ServerFault):
            pass  # each server has its own way to say that it no longer knows the token; listing shows what is wrong
        except Rejected:
            self._can_sync = False
        self._token = ""
        return None

    def _listed(self) -> dict[str, str]:
        """The same by listing everything; the token is of the same answer, so nothing falls between."""
        found = self._dav.find(self.url, ("D:getetag", "D:resourcetype", "D:sync-token"), depth=1)
        stale: dict[str, str] = {}
        there: set[str] = set()
        for item in found:
            if item.url.rstrip("/") == self.url.rstrip("/"):
                self._token = item.text(f"{D}sync-token")
            elif _is_object(item):
                there.add(item.url)
                if self._is_new(item):
                    stale[item.url] = item.text(f"{D}getetag")
        if len(there) > _MAX_OBJECTS:
            raise Rejected(f"a calendar has more than {_MAX_OBJECTS} entries")
        for url in self._copies.keys() - there:
            self._drop(url)
        return stale

    def _is_new(self, item: Item) -> bool:
        known = self._copies.get(item.url)
        return known is None or known.etag != item.text(f"{D}getetag")

    def _drop(self, url: str) -> None:
        if self._copies.pop(url, None) is not None:
            self._sort()

    def _fetch(self, stale: Mapping[str, str]) -> None:
        urls = list(stale)
        token, self._token = self._token, ""  # where we do not get through, what was not fetched must not count as seen
        for first in range(0, len(urls), _AT_ONCE):
            self._take(self._dav.objects(self.url, urls[first : first + _AT_ONCE]), urls)
        self._token = token
        self._sort()

    def _take(self, found: Sequence[Item], wanted: Sequence[str]) -> None:
        asked = set(wanted)
        for item in found:
            if item.url not in asked:
                continue
            if f"{C}calendar-data" not in item.properties:
                self._copies.pop(item.url, None)  # gone since it was listed
                continue
            raw = (item.properties[f"{C}calendar-data"].text or "").encode()
            self._copies[item.url] = self._copy(item.url, item.text(f"{D}getetag"), raw)

    def _copy(self, url: str, etag: str, raw: bytes) -> Copy:
        try:
            holdings = self._reader.read(raw[: FROM_FOLDER.size + 1])
        except BadCalendar as error:
            holdings = replace(_NOTHING, problems=(str(error),))
        self.seen |= {uid for uid, held in holdings.held.items() if held.revision is not None}
        return Copy(url, etag, holdings, raw if self._reader.window is None else None)

    def _sort(self) -> None:
        blocks = (pair for copy in self._copies.values() for pair in copy.holdings.blocks)
        self._blocks = sorted(blocks, key=_by_time)


def _by_time(pair: tuple[str, Busy]) -> tuple[datetime, datetime]:
    return pair[1].period.start, pair[1].period.end


def _is_object(item: Item) -> bool:
    kind = item.properties.get(f"{D}resourcetype")
    return (kind is None or kind.find(f"{D}collection") is None) and item.status in (None, 200)
