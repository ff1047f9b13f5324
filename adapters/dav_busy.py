"""When people are busy, as far as a CalDAV server tells: their events, their free time, or its own word."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC
from functools import cache

from assistant.domain.calendar import Busy, Event, Period, merge_busy
from assistant.ical.events import plain_address
from assistant.ical.freebusy import free_busy, times_of, without
from assistant.ical.reading import BadCalendar

from .dav import C, D, stamp, xml
from .dav_team import UNREADABLE, Team
from .holdings import clipped


def ask(
    team: Team, addresses: Sequence[str], period: Period, ignoring: Collection[str], ours: Sequence[Event] = ()
) -> dict[str, Sequence[Busy]]:
    """Merged per kind, in UTC. Events tell most, so they are asked first; whom nobody knows is absent."""
    period = Period(period.start.astimezone(UTC), period.end.astimezone(UTC))
    ignored = frozenset(ignoring)

    @cache
    def own() -> Sequence[Event]:
        return [*(held.event for held in team.own().held()), *ours]

    def foreign(blocks: Sequence[Busy], address: str) -> list[Busy]:
        return without(blocks, times_of(own(), address, period, ignored))

    found: dict[str, Sequence[Busy]] = {}
    unread: dict[str, str] = {}
    for asked in addresses:
        address = plain_address(asked)
        blocks = _from_events(team, address, period, ignored)
        if blocks is None and (told := _from_query(team, address, period)) is not None:
            blocks = foreign(told, address)
        if blocks is None:
            unread[address] = asked
        else:
            found[asked] = blocks
    if unread and team.account.outbox is not None:
        told_of = _from_outbox(team, team.account.outbox, list(unread), period)
        found |= {unread[address]: foreign(blocks, address) for address, blocks in told_of.items()}
    return found


def _from_events(team: Team, address: str, period: Period, ignored: frozenset[str]) -> list[Busy] | None:
    shelf = team.shelf(address)
    found = None if shelf is None else team.read(shelf, lambda: shelf.busy(period))
    return None if found is None else merge_busy(clipped(block, period) for uid, block in found if uid not in ignored)


def _from_query(team: Team, address: str, period: Period) -> list[Busy] | None:
    """Where we may only ask when somebody is busy (RFC 4791, 7.10)."""
    shelf = team.shelf(address)
    if shelf is None:
        return None
    try:
        found = free_busy(team.dav.busy(shelf.url, period), period)
    except (*UNREADABLE, BadCalendar):
        return None
    team.problems.pop(f"calendar of {address}", None)
    return found


def _from_outbox(team: Team, outbox: str, addresses: Sequence[str], period: Period) -> Mapping[str, list[Busy]]:
    """The server's word for people whose calendar we cannot read (RFC 6638, 5)."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//async-assistant//EN", "METHOD:REQUEST", "BEGIN:VFREEBUSY",
        f"UID:{hashlib.sha256(repr((addresses, period)).encode()).hexdigest()[:32]}",
        f"DTSTAMP:{stamp(period.start)}", f"DTSTART:{stamp(period.start)}", f"DTEND:{stamp(period.end)}",
        f"ORGANIZER:mailto:{team.address}", *(f"ATTENDEE:mailto:{address}" for address in addresses),
        "END:VFREEBUSY", "END:VCALENDAR", "",
    ]  # fmt: skip
    kind = {"Content-Type": "text/calendar; charset=utf-8"}
    team.problems.pop("busy times", None)
    try:
        answer = team.dav.request("POST", outbox, "\r\n".join(lines), kind)
        responses = list(xml(answer).iter(f"{C}response"))
    except UNREADABLE as error:
        team.problems["busy times"] = str(error)
        return {}
    told: dict[str, list[Busy]] = {}
    for response in responses:
        recipient = response.findtext(f"{C}recipient/{D}href") or response.findtext(f"{C}recipient") or ""
        address = plain_address(recipient.strip().lower().removeprefix("mailto:"))
        data = response.findtext(f"{C}calendar-data")
        granted = (response.findtext(f"{C}request-status") or "").strip().startswith("2")
        if address not in addresses or not data or not granted:
            continue
        try:
            blocks = free_busy(data.encode(), period)
        except BadCalendar:
            continue
        if blocks is not None:
            told[address] = blocks
    return told
