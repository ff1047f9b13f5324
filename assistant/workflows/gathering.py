"""What a team celebrates together comes while most of it is there: before the holidays, not in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.domain.people import Person, is_away
from assistant.store import people as people_store
from assistant.workflows.desk import Desk

_EARLIER = timedelta(days=21)
"""Holidays at the end of a year, with the leave that people take around them, are no longer."""
_DAY = timedelta(days=1)


def day_for(desk: Desk, people: Sequence[Person], nominal: date, today: date) -> date:
    """The last day up to the nominal one, from today on, on which more than half of them work; else the nominal one."""
    first = max(today, nominal - _EARLIER)
    if first > nominal or not people:
        return nominal
    absences = people_store.all_absences(desk.db, first, nominal)
    for back in range((nominal - first).days + 1):
        day = nominal - back * _DAY
        there = [p for p in people if p.works_on(day) and not is_away(absences, p.address, day)]
        if 2 * len(there) > len(people):
            return day
    return nominal


def look_again(moment: datetime, now: datetime) -> datetime:
    """When to look whether that moment still holds, since leave is told late: at its hour, daily before it comes."""
    days = min((moment - now) // _DAY, _EARLIER // _DAY)
    earlier = moment - days * _DAY
    return earlier if earlier > now else min(moment, earlier + _DAY)
