"""Time zones in iCalendar: which one a TZID means, and the VTIMEZONE that goes with ours.

A VTIMEZONE from outside is never executed: it is compared with the zones we know (RFC 5545, 3.6.5). That settles
Outlook's "Customized Time Zone" and its display names, and a hostile one can neither hang us nor redefine Berlin.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from assistant.domain.recurrence import BadRule, Rule, recur

_PROBE_YEARS = (2031, 2032)  # any two years of the rules now in force
_MAX_OBSERVANCES = 40
_MAX_NAME = 128
_SPECIAL = {"tzone://microsoft/utc": "UTC", "z": "UTC", "utc": "UTC"}
_YEARS_AHEAD = 10
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """STANDARD or DAYLIGHT: from ``start`` (local, before the change) on, ``before`` becomes ``after``."""

    start: datetime
    before: timedelta
    after: timedelta
    rule: str | None = None


@lru_cache(maxsize=1)
def _known() -> Mapping[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones()}


@lru_cache(maxsize=1)
def _windows() -> Mapping[str, str]:
    return {name.lower(): known for name, known in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=512)
def by_name(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID names: IANA, Windows, or a vendor's prefix before an IANA name. None where unknown."""
    if len(tzid) > _MAX_NAME:
        return None
    name = tzid.strip(' "').lower()
    found = _SPECIAL.get(name) or _windows().get(name)
    parts = name.strip("/").split("/")
    suffixes = ("/".join(parts[number:]) for number in range(len(parts)))
    found = found or next((_known()[suffix] for suffix in suffixes if suffix in _known()), None)
    return ZoneInfo(found) if found else None


@lru_cache(maxsize=128)
def by_definition(observances: tuple[Observance, ...]) -> ZoneInfo | None:
    """The zone we know that has these offsets and changes them at these moments, in the years to come."""
    if not observances or len(observances) > _MAX_OBSERVANCES:
        return None
    try:
        changes = [change for year in _PROBE_YEARS for change in _defined_changes(observances, year)]
    except (BadRule, OverflowError):
        return None
    probes = [probe for at, before, after in changes for probe in ((at - _SECOND, before), (at, after))]
    if not probes:
        standing = max(observances, key=lambda observance: observance.start).after
        probes = [(datetime(year, month, 1, tzinfo=UTC), standing) for year in _PROBE_YEARS for month in range(1, 13)]
    for name in dict.fromkeys((*WINDOWS_TO_OLSON.values(), *sorted(_known().values()))):
        zone = ZoneInfo(name)
        if all(at.astimezone(zone).utcoffset() == offset for at, offset in probes):
            return zone
    return None


Change = tuple[datetime, timedelta, timedelta]  # instant, offset before, offset after


def _defined_changes(observances: tuple[Observance, ...], year: int) -> list[Change]:
    changes: list[Change] = []
    for observance in observances:
        if observance.rule is None or observance.before == observance.after:
            continue
        rule = Rule.parse(observance.rule, observance.start.time())
        if rule.until is not None and rule.until.year < year:
            continue
        for day in recur(rule, observance.start.date(), (date(year, 1, 1), date(year, 12, 31))):
            local = datetime.combine(day, observance.start.time(), UTC)
            changes.append((local - observance.before, observance.before, observance.after))
    return changes


@lru_cache(maxsize=256)
def vtimezone(name: str, year: int) -> icalendar.Timezone:
    """The VTIMEZONE of an IANA zone for events from ``year`` on.

    One rule for each change where the coming years follow one (last or n-th weekday), else the changes themselves.
    """
    zone = ZoneInfo(name)
    component = icalendar.Timezone()
    component.add("TZID", name)
    kinds: dict[tuple[timedelta, timedelta], list[datetime]] = {}
    for at, before, after in _changes(zone, year - 1, year + _YEARS_AHEAD):
        kinds.setdefault((before, after), []).append((at + before).replace(tzinfo=None))
    if not kinds:
        offset = datetime(year, 1, 1, tzinfo=zone).utcoffset() or timedelta(0)
        kinds[offset, offset] = [datetime(1970, 1, 1)]  # noqa: DTZ001 (RFC 5545 wants local time here)
    for (before, after), moments in sorted(kinds.items(), key=lambda kind: kind[1]):
        component.add_component(_observance(zone, before, after, moments))
    return component


def _observance(zone: ZoneInfo, before: timedelta, after: timedelta, moments: list[datetime]) -> icalendar.Component:
    part = icalendar.TimezoneDaylight() if after > before else icalendar.TimezoneStandard()
    part.add("DTSTART", moments[0])
    part.add("TZOFFSETFROM", before)
    part.add("TZOFFSETTO", after)
    part.add("TZNAME", (moments[0].replace(tzinfo=zone) + _DAY).tzname() or zone.key)
    rule = _yearly(moments) if len(moments) > _YEARS_AHEAD else None
    if rule is not None:
        part.add("RRULE", icalendar.vRecur.from_ical(rule))
    elif moments[1:]:
        part.add("RDATE", moments[1:])
    return part


def _changes(zone: ZoneInfo, first: int, last: int) -> list[Change]:
    """The changes of offset from the year ``first`` to ``last``, each found to the second by halving a week."""
    found: list[Change] = []
    low, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while low < end:
        high = low + 7 * _DAY
        before, after = _offset(zone, low), _offset(zone, high)
        if before != after:
            left, right = low, high
            while right - left > _SECOND:
                middle = left + (right - left) // 2
                middle = middle.replace(microsecond=0)
                left, right = (middle, right) if _offset(zone, middle) == before else (left, middle)
            found.append((right, before, after))
        low = high
    return found


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _yearly(moments: list[datetime]) -> str | None:
    """The yearly rule that all of these follow, if there is one."""
    if len({(moment.month, moment.weekday(), moment.time()) for moment in moments}) > 1:
        return None
    if len({moment.year for moment in moments}) != len(moments):
        return None
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[moments[0].weekday()]
    ordinals = {(moment.day - 1) // 7 + 1 for moment in moments}
    if all((moment + 7 * _DAY).month != moment.month for moment in moments):
        ordinals = {-1}
    return f"FREQ=YEARLY;BYMONTH={moments[0].month};BYDAY={ordinals.pop()}{weekday}" if len(ordinals) == 1 else None
