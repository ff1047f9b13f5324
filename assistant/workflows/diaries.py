"""Everybody's time, while meetings are placed and moved: what calendars say, and the meetings we plan ourselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from assistant.domain.calendar import Busy, BusyKind, Period, merge
from assistant.domain.people import Absence, Person
from assistant.domain.placement import Diary, Timeline, is_open, obstacle
from assistant.store import people as people_store
from assistant.store.meetings import Meeting
from assistant.workflows.desk import Desk

_DAY = timedelta(days=1)


class Diaries:
    """``busy`` leaves out the events of our series; they are known here as meetings, by key."""

    def __init__(self, desk: Desk, timeline: Timeline, busy: Mapping[str, Sequence[Busy]]) -> None:
        self.people = desk.setup.people
        self.timeline = timeline
        self.busy = busy
        self.absences: dict[str, list[Absence]] = {}
        for absence in people_store.all_absences(desk.db, timeline.origin.date() - _DAY, timeline.period.end.date()):
            self.absences.setdefault(absence.person, []).append(absence)
        self._outside: dict[str, Diary] = {}
        self._ours: dict[str, dict[str, Period]] = {}

    def is_known(self, address: str) -> bool:
        return address in self.busy

    def note(self, meeting: Meeting, participants: Sequence[str]) -> None:
        """This meeting takes their time; noting it again moves it."""
        for address in participants:
            self._ours.setdefault(address, {})[meeting.key] = meeting.period

    def forget(self, key: str, participants: Sequence[str]) -> None:
        for address in participants:
            self._ours.get(address, {}).pop(key, None)

    def of(self, address: str, besides: Collection[str] = ()) -> Diary:
        """Their time with our meetings in it, but for those in ``besides``."""
        ours = (period for key, period in self._ours.get(address, {}).items() if key not in besides)
        return self._from_calendar(address).without(self.timeline.bits(ours))

    def _from_calendar(self, address: str) -> Diary:
        if address not in self._outside:
            person = self.people[address]
            absences = self.absences.get(address, ())
            self._outside[address] = self.timeline.diary(person, self.busy.get(address, ()), absences)
        return self._outside[address]

    def hindered(self, participants: Sequence[str], period: Period, key: str) -> dict[str, str]:
        """Who could not come then, and why: "away", "holiday", "hours" or "conflict". ``key`` is the meeting's own."""
        found: dict[str, str] = {}
        for address in participants:
            others = (taken for other, taken in self._ours.get(address, {}).items() if other != key)
            if not is_open(self.timeline, self._from_calendar(address), period):
                found[address] = obstacle(self.people[address], self.absences.get(address, ()), period)
            elif any(taken.overlaps(period) for taken in others):
                found[address] = "conflict"
        return found

    def reachable(self, participants: Sequence[str]) -> list[str]:
        """Without who is off, whatever their calendars say, for as long as we can see."""
        return [a for a in participants if self.timeline.diary(self.people[a], (), self.absences.get(a, ())).free]


def learn_absences(desk: Desk, now: datetime, timeline: Timeline, busy: Mapping[str, Sequence[Busy]]) -> None:
    """Whole working days that somebody's calendar shows as out of office become an absence."""
    last = timeline.period.end.date() - _DAY
    known = {absence.person for absence in people_store.all_absences(desk.db, now.date() - _DAY, last)}
    for address, blocks in busy.items():
        person = desk.setup.people.get(address)
        if person is None:
            continue
        first = person.local(now).date()
        days = _days_away(person, blocks, first, last)
        if days or address in known:
            people_store.set_calendar_absences(desk.db, now, address, days, first, last)


def _days_away(person: Person, blocks: Sequence[Busy], first: date, last: date) -> list[tuple[date, date]]:
    """Runs of days; days off inside or between them belong to them."""
    away = merge(block.period for block in blocks if block.kind is BusyKind.AWAY)
    if not away:
        return []
    runs: list[tuple[date, date]] = []
    whole = True
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        worked = person.working_period(day)
        if worked is None:
            continue
        gone = any(period.contains(worked) for period in away)
        if gone and runs and whole:
            runs[-1] = (runs[-1][0], day)
        elif gone:
            runs.append((day, day))
        whole = gone
    return runs
