"""What follows from a series alone: its names, when it recurs, who writes, what is suggested, what it adopts."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Event, Period
from assistant.domain.kinds import MEETINGS
from assistant.domain.people import Absence, Person, is_away, next_working
from assistant.domain.recurrence import Occurrence, Rule, occurrences, starts
from assistant.domain.setup import Documentarian, Series, Setup

_DAY = timedelta(days=1)
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
_NEAR, _FAR = 44, 100
_BACKWARDS = 14  # days in which a reminder looks for an earlier working hour


def uid(name: str, address: str, secret: bytes) -> str:
    """Of the event of a series: the same after any crash, and known to those invited only. ``address`` is ours."""
    digest = hmac.new(secret, f"event {name}".encode(), hashlib.sha256).hexdigest()
    return f"{digest[:40]}@{address.rpartition('@')[2]}"


def meeting_key(name: str, original: datetime) -> str:
    """``original`` is the original start, in the zone whose wall clock recurs."""
    return f"meeting/{name}/{original.date().isoformat()}"


def wish(series: Series) -> str:
    """What placing depends on, as text: where it changes, the series is placed anew."""
    cadence = series.cadence
    parts = (cadence.frequency.value, cadence.interval, cadence.weekday, cadence.nth, cadence.day, cadence.anchor)
    at = series.at.isoformat("minutes") if series.at else None
    return " ".join(str(part) for part in (*parts, at, series.length // timedelta(minutes=1)))


def horizon(cadences: Iterable[Cadence]) -> int:
    """How many days of calendars are worth reading for meetings that recur so."""
    return max((_FAR if cadence.frequency in _MONTHS else _NEAR for cadence in cadences), default=_NEAR)


def recurs(start: datetime, rrule: str | None, period: Period) -> Iterator[datetime]:
    """The original starts of one of our own series inside ``period``, in ``start``'s zone."""
    if rrule is None:
        if period.start <= start < period.end:
            yield start
    else:
        yield from starts(start, Rule.parse(rrule), period)


def room_to_move(cadence: Cadence, original: datetime) -> Period:
    """The week, fortnight, month, quarter … that an occurrence belongs to and stays within when it moves."""
    day, zone = original.date(), original.tzinfo
    months = _MONTHS.get(cadence.frequency)
    if months is None:
        first = day if cadence.frequency is Frequency.DAILY else day - day.weekday() * _DAY
        last = first + (1 if cadence.frequency is Frequency.DAILY else 7 * cadence.interval) * _DAY
    else:
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
        last = date(year, month + 1, 1)
    bounds = (datetime(edge.year, edge.month, edge.day, tzinfo=zone).astimezone(UTC) for edge in (first, last))
    return Period(*bounds)


def documentarian(series: Series, previous: str | None, away: Collection[str]) -> str | None:
    """Who writes this time; ``previous`` wrote the last time. None where everyone is away."""
    people = list(series.participants)
    if series.documentarian is Documentarian.LEAD:
        order = [series.lead, *people]
    elif series.documentarian is Documentarian.REPORT:
        order = [*(person for person in people if person != series.lead), series.lead]
    else:
        after = people.index(previous) + 1 if previous in people else 0
        order = people[after:] + people[:after]
    return next((person for person in order if person not in away), None)


def suggest(groups: Sequence[str], count: int, before: Sequence[int], turn: int = 0) -> list[int]:
    """Which questions of a bank to offer, as indexes; ``groups`` names the group of each.

    They go round the groups, so that three come from three, and never repeat what was offered ``before``. ``turn`` is
    how far on to begin where nothing was, so that who has several such meetings is not offered the same for each.
    """
    seen: dict[str, int] = {}
    ranks = []
    for index, group in enumerate(groups):
        ranks.append((seen.get(group, 0), index))
        seen[group] = seen.get(group, 0) + 1
    order = [index for _, index in sorted(ranks)]
    first = count * turn % len(order) if order else 0
    after = max((order.index(index) + 1 for index in before[-1:] if index in order), default=first)
    return [index for index in order[after:] + order[:after] if index not in before][:count]


def call_at(start: datetime, previous_end: datetime | None) -> datetime:
    """When the agenda call of an occurrence opens."""
    week_before = start - timedelta(days=7)
    return max(week_before, previous_end) if previous_end is not None else week_before


def nudge_at(person: Person, wanted: datetime, latest: datetime, absences: Sequence[Absence]) -> datetime | None:
    """``wanted`` or the next time the person works, before ``latest``; else the last hour they work before it."""
    moment = next_working(person, wanted, absences)
    if moment is not None and moment < latest:
        return moment
    day = person.local(wanted).date()
    for back in range(_BACKWARDS):
        worked = person.working_period(day - back * _DAY)
        if worked is not None and worked.start < wanted and not is_away(absences, person.address, day - back * _DAY):
            return max(worked.start, min(worked.end, wanted) - timedelta(hours=1))
    return None


class Adoptable:
    """The recurring events of people's calendars that may be one of our meetings already; each is taken once.

    ``taken`` are UIDs that belong to a series; what the assistant organises is its own.
    """

    def __init__(self, events: Iterable[Event], setup: Setup, taken: Collection[str] = ()) -> None:
        self._setup = setup
        self._taken = set(taken)
        self._by_people: dict[frozenset[str], list[Event]] = {}
        for event in events:
            if event.rrule and not event.cancelled and not setup.assistant.is_at(event.organizer.lower()):
                self._by_people.setdefault(self._people(event), []).append(event)

    def _people(self, event: Event) -> frozenset[str]:
        invited = {attendee.address for attendee in event.attendees} | {event.organizer.lower()}
        known = self._setup.by_any_address
        return frozenset(known.get(a, a) for a in invited if a and not self._setup.assistant.is_at(a))

    def take(self, series: Series) -> Event | None:
        """The event that is this meeting: of exactly the two, or of the team by its title or by who is invited."""
        if not series.adopt:
            return None
        wanted = frozenset(series.participants)
        if MEETINGS[series.kind].private:
            found = self._by_people.get(wanted, [])
        else:
            found = [e for people, es in self._by_people.items() for e in es if self._is_it(series, e, people)]
        event = next((event for event in found if event.uid not in self._taken), None)
        if event is not None:
            self._taken.add(event.uid)
        return event

    def _is_it(self, series: Series, event: Event, people: frozenset[str]) -> bool:
        wanted, summary = set(series.participants), event.summary.casefold()
        if summary.strip() in {series.title.casefold(), series.name.partition(".")[2].replace("-", " ")} - {""}:
            return bool(people & wanted)
        team = self._setup.teams.get(series.team or "")
        names = {team.name.casefold(), team.title.casefold()} if team else set()
        return wanted <= people and series.kind in summary and any(name in summary for name in names)


def starts_of(event: Event, period: Period) -> list[Occurrence]:
    """Those of an adopted event that begin inside ``period``."""
    return [one for one in occurrences(event, period) if period.start <= one.period.start < period.end]
