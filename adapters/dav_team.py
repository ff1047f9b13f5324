"""The calendars of a CalDAV account that we know of: our own, and those that people opened to us."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

from assistant.errors import NotFound, Rejected, Unauthorized
from assistant.ical.events import plain_address

from .dav import Dav, ServerFault
from .dav_account import Account, discover, people
from .dav_shelf import DavShelf
from .holdings import Held

UNREADABLE = (NotFound, Rejected, ServerFault, Unauthorized)
"""What one calendar may answer without the whole server being out of order."""

SEARCH = "search"
_T = TypeVar("_T")


class Team:
    """``places`` says where people's calendars are: by address, as a pattern for all, or "search"."""

    def __init__(self, dav: Dav, address: str, name: str | None, places: Mapping[str, str] | str) -> None:
        self.dav = dav
        self.address = address
        self.zones: Mapping[str, ZoneInfo] = {}
        self.problems: dict[str, str] = {}
        self._name = name
        self._places = places if isinstance(places, str) else {plain_address(a): url for a, url in places.items()}
        self._account: Account | None = None
        self._shelves: dict[str, DavShelf | None] = {}

    @property
    def account(self) -> Account:
        if self._account is None:
            self._account = discover(self.dav, self.address, self._name)
            if self._account.problem:
                self.problems["scheduling"] = self._account.problem
        return self._account

    def own(self) -> DavShelf:
        """Ours, as it is now."""
        shelf = self._shelves.get(self.address)
        if shelf is None:
            shelf = DavShelf(self.dav, self.account.calendar, self.address, self.address)
            self._shelves[self.address] = shelf
        shelf.refresh()
        return shelf

    def everybody(self) -> Iterator[tuple[str, DavShelf]]:
        """Whose calendar we know the place of, without us."""
        names = {plain_address(address) for address in self.zones}
        if not isinstance(self._places, str):
            names |= self._places.keys()
        for address in sorted(names - {self.address}):
            shelf = self.shelf(address)
            if shelf is not None:
                yield address, shelf

    def readable(self, addresses: Iterable[str]) -> dict[str, DavShelf]:
        """Of these, the calendars that we may read, as they are now."""
        shelves = ((address, self.shelf(address)) for address in sorted(set(addresses) - {self.address}))
        return {a: shelf for a, shelf in shelves if shelf is not None and self.read(shelf, shelf.refresh) is not None}

    def held(self, addresses: Collection[str]) -> Iterator[tuple[str, Held]]:
        """What is on the calendars of these, ours included, that we may read."""
        if self.address in addresses:
            yield from ((self.address, held) for held in self.own().held())
        for address, shelf in self.readable(addresses).items():
            yield from ((address, held) for held in shelf.held())

    def shelf(self, address: str) -> DavShelf | None:
        """That of another person; None where we do not know of any."""
        if address not in self._shelves:
            place = self._place(address)
            self._shelves[address] = DavShelf(self.dav, place, address, self.address) if place else None
        shelf = self._shelves[address]
        if shelf is not None:
            shelf.zone = self.zones.get(address)
        return shelf

    def read(self, shelf: DavShelf, how: Callable[[], _T]) -> _T | None:
        """None where this one calendar cannot be read: its owner is unknown to us, and all others go on."""
        label = f"calendar of {shelf.owner}"
        self.problems.pop(label, None)
        try:
            result = how()
        except UNREADABLE as error:
            if not isinstance(error, NotFound):
                self.problems[label] = str(error)
            return None
        unread = next(shelf.problems, None)
        if unread is not None:
            self.problems[label] = unread
        return result

    def _place(self, address: str) -> str | None:
        if not isinstance(self._places, str):
            named = self._places.get(address)
            return None if named is None else urljoin(self.dav.url, named)
        if self._places == SEARCH:
            collection = self.account.principals
            found = people(self.dav, collection, address) if collection is not None else []
            return found[0] if found else None
        user = quote(address.rpartition("@")[0], safe="")
        path = self._places.replace("{address}", quote(address, safe="@")).replace("{user}", user)
        return urljoin(self.dav.url, path)
