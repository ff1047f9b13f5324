"""Moments, recurrence and small changes in the JSON of Google Calendar, for the fake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from tests.fakes.google_mailbox import plain

Json = dict[str, Any]


def key_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def instant(moment: Json, zone: str) -> datetime:
    """Aware, in the zone that it names; a day begins at midnight of the calendar's zone."""
    if "date" in moment:
        return datetime.combine(date.fromisoformat(moment["date"]), time(), ZoneInfo(zone))
    found = datetime.fromisoformat(moment["dateTime"])
    named = ZoneInfo(moment.get("timeZone", zone))
    return found.astimezone(named) if found.tzinfo else found.replace(tzinfo=named)


def told(moment: datetime, zone: str) -> Json:
    return {"dateTime": moment.isoformat(), "timeZone": zone}


def moment_in(query: Json, name: str) -> datetime | None:
    return datetime.fromisoformat(query[name]) if name in query else None


def in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def complete(event: Json) -> None:
    for guest in event.get("attendees", ()):
        guest.setdefault("responseStatus", "needsAction")
        guest.pop("self", None)


def with_answer(guests: list[Json], address: str, status: str) -> list[Json]:
    return [{**g, "responseStatus": status} if plain(g["email"]) == address else dict(g) for g in guests]


def merged(old: Any, new: Any) -> Any:
    """Objects are merged, null takes away, arrays are replaced whole."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return deepcopy(new)
    result = dict(old)
    for name, value in new.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def expanded(lines: list[str], start: datetime, stop: datetime) -> Iterator[datetime]:
    """By dateutil, on the wall clock: another expansion than ours."""
    zone, naive = start.tzinfo, start.replace(tzinfo=None)
    moments: set[datetime] = set()
    left_out: set[datetime] = set()
    for line in lines:
        name, _, value = line.partition(":")
        if name == "RRULE":
            text = re.sub(r"UNTIL=(\d{8}T\d{6})Z", lambda m: f"UNTIL={_local(m[1] + 'Z', zone)}", value)
            rule = rrulestr(text, dtstart=naive)
            for moment in rule:
                if moment >= stop.astimezone(zone).replace(tzinfo=None):
                    break
                moments.add(moment)
            moments.add(naive)
        else:
            listed = {datetime.fromisoformat(_local(text, zone)) for text in value.split(",")}
            (left_out if name.startswith("EXDATE") else moments).update(listed)
    yield from (moment.replace(tzinfo=zone) for moment in sorted(moments - left_out))


def _local(text: str, zone: Any) -> str:
    if not text.endswith("Z"):
        return text
    moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return moment.astimezone(zone).strftime("%Y%m%dT%H%M%S")
