"""Many events in one file, as calendar programs import it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import icalendar

from assistant.domain.calendar import Event
from assistant.ical.writing import PRODID, to_ical


def collection(events: Iterable[Event], *, now: datetime) -> bytes:
    """One iCalendar stream with all of them, each zone told once. ``now`` becomes DTSTAMP. CRLF line ends."""
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    zones = set()
    for event in events:
        for component in icalendar.Calendar.from_ical(to_ical(event, now=now)).subcomponents:
            if component.name != "VTIMEZONE" or component["TZID"] not in zones:
                calendar.add_component(component)
            if component.name == "VTIMEZONE":
                zones.add(component["TZID"])
    return bytes(calendar.to_ical())
