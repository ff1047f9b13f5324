"""Times of day in plain words: "10:30", "3pm", "15 Uhr", "halb drei", "before 11", "entre 10 et 12", "afternoon"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from assistant.inbound.atoms import Atom
from assistant.inbound.days import DASHES

HOUR, DAY = 60, 24 * 60
NOON = 12
PARTS = {
    "morning": (6 * HOUR, 12 * HOUR), "noon": (12 * HOUR, 14 * HOUR), "afternoon": (12 * HOUR, 18 * HOUR),
    "evening": (17 * HOUR, 22 * HOUR), "day-end": (15 * HOUR, 18 * HOUR),
}  # fmt: skip
OFFICE_FROM = 7
"""A bare hour below it is meant in the afternoon: nobody meets at three in the morning."""

_AFTER = ("after", "nach", "apres", "despues", "depois", "dopo", "na")
_SMALL = frozenset({5, 10, 20, 25})
_PAST, _TO = frozenset({"past", "nach"}), frozenset({"vor"})
_BEFORE_HOUR = {"plus-15": 15, "plus-30": 30, "minus-15": -15}
_BEHIND_HOUR = {"and-15": 15, "and-30": 30, "less-15": -15}

ABBREVIATIONS = {
    "UTC": "UTC", "GMT": "UTC", "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin",
    "MESZ": "Europe/Berlin", "WET": "Europe/Lisbon", "EET": "Europe/Helsinki", "BST": "Europe/London",
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York", "CST": "America/Chicago",
    "CDT": "America/Chicago", "CT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles", "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul", "SGT": "Asia/Singapore", "AEST": "Australia/Sydney", "AEDT": "Australia/Sydney",
}  # fmt: skip


_COASTS = {
    "Eastern": "America/New_York", "Central": "America/Chicago", "Mountain": "America/Denver",
    "Pacific": "America/Los_Angeles",
}  # fmt: skip
"""Only right behind a time: they name much else."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A window of the day in minutes from midnight; ``exact`` when ``first`` is the start that was meant.

    ``at`` and ``after`` are places of atoms. ``last`` equals ``first`` when only a start was told.
    """

    first: int
    last: int
    exact: bool
    at: int
    after: int
    confidence: float = 0.95

    def within(self, other: Clock) -> Clock | None:
        """This one narrowed by another: "in the afternoon at 3", "tomorrow morning, before 11"."""
        if self.exact and not other.exact:
            return other.within(self)
        if other.exact:
            if self.exact:
                return None
            for shift in (0, NOON * HOUR):
                if self.first <= other.first + shift <= self.last and other.last + shift <= DAY:
                    return replace(other, first=other.first + shift, last=other.last + shift, at=self.at)
            return None
        first, last = max(self.first, other.first), min(self.last, other.last)
        return replace(other, first=first, last=last, at=self.at) if first < last else None


class ClockGrammar:
    """Reads one time of day at a place in a row of atoms. ``loose`` allows a bare "10-12", as after a day."""

    def __init__(self, row: list[Atom]) -> None:
        self.row = row

    def atom(self, at: int) -> Atom:
        return self.row[at] if 0 <= at < len(self.row) else Atom("", "", -1, -1)

    def past_at(self, at: int) -> int:
        while self.atom(at).has("noise") or self.atom(at).means("rel", "at"):
            at += 1
        return at

    def read(self, at: int, loose: bool = False) -> Clock | None:  # noqa: PLR0911 - each return is one way to say it
        head = self.atom(at)
        if head.means("rel", "between", "from"):
            found = self._range(self.past_at(at + 1), True)
            if found is not None:
                return replace(found, at=at)
        if head.means("rel", "before", "until", "by") and not self.atom(at + 1).has("weekday"):
            edge = self._edge(at + 1)
            if edge is not None:
                return Clock(0, edge[0], False, at, edge[1])
        if head.means("rel", "after", "from") or (head.means("clock", "onwards") and head.word.endswith(_AFTER)):
            edge = self._edge(at + 1, after=True)
            if edge is not None:
                return Clock(edge[0], DAY, False, at, edge[1])
        shared = self._shared(at) if loose else None
        if shared is not None:
            return shared
        led = head.means("rel", "at")
        place = self.past_at(at) if led else at
        found = self._range(place, loose or led) or self._single(place, led or (loose and self._dotted(place)))
        if found is not None:
            if self.atom(found.after).means("clock", "onwards"):
                return Clock(found.first, DAY, False, at, found.after + 1)
            return replace(found, at=at)
        part = head.which("part")
        return None if part is None else Clock(*PARTS[part], exact=False, at=at, after=at + 1)

    def bare(self, at: int) -> Clock | None:
        """A start where only a time can stand, so that a bare hour is one."""
        return self.read(at, loose=True) or self._single(at, True)

    def _dotted(self, at: int) -> bool:
        """ "10.30", which behind a day is a time."""
        mark, tail = self.atom(at + 1), self.atom(at + 2)
        touching = mark.start == self.atom(at).end and tail.start == mark.end
        return mark.word == "." and touching and len(tail.word) == 2 and tail.number is not None

    def _shared(self, at: int) -> Clock | None:
        """The first of "2 or 3pm": its half of the day is told with the second."""
        hour, other = self._hour(at), self._point(at + 2, True) if self.atom(at + 1).means("rel", "or") else None
        if hour is None or other is None or not other[2] or self.atom(at).number is None:
            return None
        minutes = hour * HOUR
        minutes += NOON * HOUR * (minutes < other[0] - NOON * HOUR + 1 and hour < NOON)
        return Clock(minutes, minutes, True, at, at + 1) if minutes < other[0] else None

    def _edge(self, at: int, *, after: bool = False) -> tuple[int, int] | None:
        """The time after "before" or "after", in minutes, and the place behind it."""
        place = self.past_at(at)
        found = self._single(place, True)
        if found is not None:
            return found.first, found.after
        part = self.atom(place).which("part")
        if part == "noon" and after:
            return PARTS[part][0] + HOUR, place + 1  # "after lunch"
        return None if part is None else (PARTS[part][0] if part != "day-end" else PARTS[part][1], place + 1)

    def _range(self, at: int, loose: bool) -> Clock | None:
        one = self._point(at, True)
        if one is None:
            return None
        place = one[1]
        joined = self.atom(place).word in DASHES or self.atom(place).means("rel", "to", "until", "and")
        joined = joined or self.atom(place).word == "as"  # Portuguese "das 10 às 11"
        if not joined:
            return None
        other_place = self.past_at(place + 1)
        two = self._point(other_place, True)
        if two is None:
            return None
        if not loose and not (one[2] or two[2]):
            return None
        first, last = one[0], two[0]
        if one[3] and not two[3] and first > last and last + NOON * HOUR <= DAY:
            last += NOON * HOUR
        # "1-3 pm": the half of the day is said once, at the end.
        if two[3] and not one[3] and first + NOON * HOUR < last:
            first += NOON * HOUR
        first, last = self._daylight(first, one), self._daylight(last, two)
        return Clock(first, last, True, at, two[1]) if first < last else None

    def _single(self, at: int, led: bool) -> Clock | None:
        point = self._point(at, led)
        if point is None or not (led or point[2]):
            return None
        minutes = self._daylight(point[0], point)
        return Clock(minutes, minutes, True, at, point[1])

    def _daylight(self, minutes: int, point: tuple[int, int, bool, bool]) -> int:
        """A bare hour early in the day is one of the afternoon."""
        return minutes + NOON * HOUR if not point[3] and HOUR <= minutes < OFFICE_FROM * HOUR else minutes

    def _point(self, at: int, loose: bool) -> tuple[int, int, bool, bool] | None:  # noqa: PLR0911, PLR0912 - ways to say it
        """Minutes, the place behind, whether it can only be a time, whether its half of the day is certain."""
        for sense, shift in _BEFORE_HOUR.items():
            hour = self._hour(at + 1) if self.atom(at).means("clock", sense) else None
            if hour is not None:
                after = at + 2 + self.atom(at + 2).means("clock", "hour")
                return self._with_part(hour * HOUR + shift, after, True, hour > NOON)
        if self.atom(at).means("clock", "half"):
            hour = self._hour(at + 1)
            if hour is not None and 1 <= hour <= NOON:
                return hour * HOUR - 30, at + 2 + self.atom(at + 2).means("clock", "hour"), True, False
        counted = self._minutes_past(at)
        if counted is not None:
            return counted
        if self.atom(at).which("part") == "noon" and self.atom(at + 1).means("clock", "and-30"):
            return NOON * HOUR + 30, at + 2, True, True
        hour = self._hour(at)
        if hour is None:
            return None
        zero_led = self.atom(at).word.startswith("0")
        place, minutes, marked = at + 1, 0, False
        mark, tail = self.atom(place), self.atom(place + 1)
        two_digits = len(tail.word) == 2 and tail.number is not None and tail.number < HOUR
        touching = mark.start == self.atom(at).end and tail.start == mark.end
        if two_digits and touching and (mark.word in {":", "h"} or (mark.word == "." and loose)):
            minutes, place, marked = tail.number or 0, place + 2, mark.word != "."
        halves = self.atom(place)
        if halves.means("clock", "am", "pm"):
            if hour > NOON:
                return None
            hour = hour % NOON + NOON * halves.means("clock", "pm")
            return hour * HOUR + minutes, self._past_dot(place + 1), True, True
        if halves.means("clock", "hour"):
            place, marked = place + 1, True
            more = self.atom(place)
            if minutes == 0 and len(more.word) == 2 and more.number is not None and more.number < HOUR:
                minutes, place = more.number, place + 1
        for sense, shift in _BEHIND_HOUR.items():
            if minutes == 0 and self.atom(place).means("clock", sense):
                minutes, place, marked = shift, place + 1, True
        return self._with_part(hour * HOUR + minutes, place, marked, zero_led)

    def _minutes_past(self, at: int) -> tuple[int, int, bool, bool] | None:
        """ "Ten past three", "zehn nach drei", "zehn vor drei"."""
        minutes, word = self.atom(at).number or self.atom(at).value("num"), self.atom(at + 1).word
        hour = self._hour(at + 2) if minutes in _SMALL and word in _PAST | _TO else None
        if hour is None or minutes is None or hour > NOON:
            return None
        after = at + 3 + self.atom(at + 3).means("clock", "hour")
        return self._with_part(hour * HOUR + (minutes if word in _PAST else -minutes), after, True, False)

    def _with_part(self, minutes: int, place: int, marked: bool, certain: bool) -> tuple[int, int, bool, bool]:
        part_at = place
        while self.atom(part_at).has("noise") and self.atom(part_at).which("part") is None:
            part_at += 1
        part = self.atom(part_at).which("part")
        if part in ("afternoon", "evening") and minutes < NOON * HOUR:
            return minutes + NOON * HOUR, part_at + 1, True, True
        if part == "morning" and minutes < NOON * HOUR:
            return minutes, part_at + 1, True, True
        return minutes, place, marked, certain or minutes >= NOON * HOUR

    def _hour(self, at: int) -> int | None:
        atom = self.atom(at)
        hour = atom.number if len(atom.word) <= 2 else None
        if hour is None and not atom.has("noise"):
            hour = atom.value("num")
            hour = hour if hour != 1 else None
        return hour if hour is not None and 0 <= hour < 24 else None

    def _past_dot(self, at: int) -> int:
        """The last dot of "p.m."."""
        atom = self.atom(at)
        return at + (
            atom.word == "." and self.atom(at - 1).written.count(".") > 0 and atom.start == self.atom(at - 1).end
        )


@cache
def cities() -> dict[str, str]:
    """Zone names by the folded name of their city."""
    names = sorted(name for name in available_timezones() if name.count("/") == 1 and not name.startswith("Etc/"))
    return {name.split("/")[1].replace("_", " ").lower(): name for name in names}


def zone_at(row: list[Atom], at: int) -> tuple[ZoneInfo, int] | None:
    """A zone named after a time ("CET", "Berlin time", "heure de Paris", "(Accra)") and the place behind it."""
    atom = row[at]
    if atom.written in _COASTS and at and (row[at - 1].number is not None or row[at - 1].has("clock")):
        return ZoneInfo(_COASTS[atom.written]), at + 1
    if atom.written in ABBREVIATIONS:
        return ZoneInfo(ABBREVIATIONS[atom.written]), at + 1
    if at + 2 < len(row) and row[at + 2].means("clock", "zone"):
        name = cities().get(f"{atom.word} {row[at + 1].word}")  # "New York time"
        if name:
            return ZoneInfo(name), at + 3
    following = row[at + 1] if at + 1 < len(row) else None
    before = row[at - 1] if at else None
    named = (
        following is not None and (following.means("clock", "zone") or (following.word == ")" and before is not None))
    ) or (before is not None and before.means("clock", "zone"))
    if not named or not atom.word.isalpha():
        return None
    name = cities().get(atom.word) or (cities().get(atom.word[:-2]) if atom.word.endswith("er") else None)
    return (
        (ZoneInfo(name), at + 2 if following is not None and following.means("clock", "zone") else at + 1)
        if name
        else None
    )
