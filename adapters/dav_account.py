"""Where things are on a CalDAV server, and what it can do: asked once (RFC 6764, 5397, 4791, 6638)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from assistant.errors import NotFound, Rejected
from assistant.ical.events import plain_address

from .dav import C, D, Dav, Item, ServerFault

_WHO = ("D:current-user-principal", "D:resourcetype", "D:displayname", "C:supported-calendar-component-set")
_PRINCIPAL = ("C:calendar-home-set", "C:schedule-outbox-URL", "C:schedule-inbox-URL", "C:calendar-user-address-set",
              "D:principal-collection-set")  # fmt: skip
_CALENDAR = ("D:resourcetype", "D:displayname", "C:supported-calendar-component-set")
_OWN = "assistant"


@dataclass(frozen=True, slots=True)
class Account:
    """``calendar`` is where we organise. ``schedules``: the server invites attendees itself; ``outbox`` is then where
    it tells free/busy. ``principals`` is where people can be looked up."""

    calendar: str
    schedules: bool
    outbox: str | None
    principals: str | None
    problem: str | None = None


def discover(dav: Dav, address: str, wanted: str | None) -> Account:
    """``wanted`` is the name or last part of the address of our calendar; it is made where it does not exist.

    Raises Rejected where there is no calendar server, or more than one calendar and no word which.
    """
    found = _who(dav)
    principal = found.href(f"{D}current-user-principal")
    if principal is None and not _is_calendar(found):
        raise Rejected(f"{dav.url}: no calendars were found there; give the address of the CalDAV server")
    me = dav.find(principal, _PRINCIPAL)[0] if principal is not None else found
    if _is_calendar(found) and wanted is None:
        calendar = found.url
    else:
        calendar = _choose(dav, me.href(f"{C}calendar-home-set") or me.url, me, wanted)
    return _account(dav, calendar, me, address)


def _account(dav: Dav, calendar: str, me: Item, address: str) -> Account:
    offered = "calendar-auto-schedule" in dav.options(calendar)
    known = addresses(me)
    # A server invites only for whom it knows to be the organiser; else nobody would.
    schedules = offered and address in known
    problem = None
    if offered and not schedules:
        problem = f"the server could invite people, but does not know that {address} is this account's address"
    outbox = me.href(f"{C}schedule-outbox-URL") if schedules else None
    return Account(calendar, schedules, outbox, me.href(f"{D}principal-collection-set"), problem)


def addresses(principal: Item) -> set[str]:
    """The mail addresses of a principal, plain."""
    listed = principal.properties.get(f"{C}calendar-user-address-set")
    hrefs = [] if listed is None else [(element.text or "").strip().lower() for element in listed.iter(f"{D}href")]
    return {plain_address(href.removeprefix("mailto:")) for href in hrefs if "@" in href}


def _who(dav: Dav) -> Item:
    """Who we are there: at the address as given, or where the host says that its calendars are."""
    root = urljoin(dav.url, "/.well-known/caldav")
    places = [root, dav.url] if urlsplit(dav.url).path in ("", "/") else [dav.url, root]
    first: Rejected | NotFound | ServerFault | None = None
    for place in places:
        try:
            found = dav.find(place, _WHO)
        except (Rejected, NotFound, ServerFault) as error:
            first = first or error
            continue
        if found and (found[0].href(f"{D}current-user-principal") or _is_calendar(found[0])):
            return found[0]
    why = f" ({first})" if first is not None else ""
    raise Rejected(f"{dav.url}: no calendar server answers there; check the address{why}") from first


def _choose(dav: Dav, home: str, me: Item, wanted: str | None) -> str:
    there = calendars(dav, home)
    if wanted is not None:
        named = [url for url, name in there.items() if wanted in (name, _last(url))]
        return named[0] if named else _make(dav, home, wanted)
    if not there:
        return _make(dav, home, _OWN)
    default = _default(dav, me)
    if default in there:
        return default
    own = [url for url, name in there.items() if _OWN in (name, _last(url))]
    if len(there) == 1 or own:
        return own[0] if own else next(iter(there))
    names = ", ".join(sorted(name or _last(url) for url, name in there.items()))
    raise Rejected(f"{urlsplit(home).hostname}: there are several calendars ({names}); say which in `calendar_name`")


def _default(dav: Dav, me: Item) -> str:
    """Where the server itself would put invitations to us; empty where it has no opinion."""
    inbox = me.href(f"{C}schedule-inbox-URL")
    if inbox is None:
        return ""
    try:
        found = dav.find(inbox, ("C:schedule-default-calendar-URL",))
    except (Rejected, NotFound, ServerFault):
        return ""
    return (found[0].href(f"{C}schedule-default-calendar-URL") or "") if found else ""


def calendars(dav: Dav, home: str) -> Mapping[str, str]:
    """The calendars for events in a home, with what they are called."""
    found = dav.find(home, _CALENDAR, depth=1)
    return {item.url: item.text(f"{D}displayname") for item in found if _is_calendar(item) and _takes_events(item)}


def _make(dav: Dav, home: str, name: str) -> str:
    url = urljoin(home if home.endswith("/") else f"{home}/", f"{quote(name, safe='')}/")
    dav.make_calendar(url, name)
    return url


def _is_calendar(item: Item) -> bool:
    kind = item.properties.get(f"{D}resourcetype")
    return kind is not None and kind.find(f"{C}calendar") is not None


def _takes_events(item: Item) -> bool:
    """A server that does not say takes all."""
    kinds = item.properties.get(f"{C}supported-calendar-component-set")
    return kinds is None or len(kinds) == 0 or any(kind.get("name") == "VEVENT" for kind in kinds)


def _last(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def people(dav: Dav, principals: str, address: str) -> list[str]:
    """The calendars of whoever has this address, as far as we may see them; empty where the server does not tell."""
    try:
        found = [item for item in dav.principals(principals, address) if address in addresses(item)]
        homes = [home for item in found if (home := item.href(f"{C}calendar-home-set"))]
        return [url for home in homes[:1] for url in calendars(dav, home)]
    except (Rejected, NotFound, ServerFault):
        return []
