"""Time zones as exchangelib has them <-> ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import CalendarItem, EWSTimeZone
from exchangelib.errors import UnknownTimeZone
from exchangelib.fields import TimeZoneField

from assistant.ical.zones import by_name

from .exchange_record import Note, same_clock, windows


class _Named(TimeZoneField):  # type: ignore[misc]  # the library ships no types
    """By more names than the library's, which stops at an item whose zone some calendar program made itself."""

    def from_xml(self, elem: Any, account: Any) -> EWSTimeZone | None:
        found = elem.find(self.response_tag())
        zone = None if found is None else by_name(str(found.get("Id") or found.get("Name") or ""))
        return None if zone is None else _ews(zone)


for _field in CalendarItem.FIELDS:
    if isinstance(_field, TimeZoneField):
        _field.__class__ = _Named


def ews_zone(moment: datetime) -> EWSTimeZone:
    return _ews(moment.tzinfo if isinstance(moment.tzinfo, ZoneInfo) else ZoneInfo("UTC"))


def zone_of(item: Any, note: Note | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The zone whose wall clock recurs; ``otherwise`` where the item names none.

    Windows has fewer zones than we: ours counts where its clock is the same.
    """
    named = ZoneInfo(item._start_timezone.key) if item._start_timezone is not None else otherwise
    mine = note.base.start.tzinfo if note is not None else None
    return mine if isinstance(mine, ZoneInfo) and same_clock(mine, named) else named


def _ews(zone: ZoneInfo) -> EWSTimeZone:
    try:
        return EWSTimeZone(zone.key)
    except UnknownTimeZone:
        return EWSTimeZone.from_ms_id(windows(zone))
