"""Phrases about time become candidate intervals: "Thursday afternoon", "next week Tue or Wed before 11".

Days are read by `days`, times of day by `clocks`; here they are put together clause by clause, and what a person says
does not suit is left out. Ambiguity is kept: two readings are two candidates with a confidence below the floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Period
from assistant.domain.people import resolve
from assistant.inbound.atoms import Atom, atoms
from assistant.inbound.clocks import DAY, HOUR, Clock, ClockGrammar, zone_at
from assistant.inbound.days import DASHES, DayGrammar, DaySpan, monday_of

MAX_CANDIDATES = 40
SENTENCE_ENDS = frozenset({".", "!", "?", ";"})
NO_DAY_CONFIDENCE = 0.6
"""A time without a day: today or the next day, to be asked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One interval that a phrase may mean, in UTC.

    ``exact``: ``period.start`` is the very start that was told, and the period is empty unless an end was told too.
    Otherwise the meeting may lie anywhere in the period; a whole day is local midnight to midnight, to be cut to
    working hours by who uses it.
    """

    period: Period
    exact: bool
    confidence: float
    phrase: str


@dataclass(frozen=True, slots=True)
class DayMatch:
    """Days named in a text, both inclusive; ``start`` and ``end`` are offsets, with the relation ("by", "until") before
    them when there is one. ``other`` is the second reading of an ambiguous day.
    """

    first: date
    last: date
    start: int
    end: int
    confidence: float
    grain: str
    relation: str | None = None
    other: date | None = None


@dataclass(slots=True)
class _Slot:
    """A day and the times of day told for it."""

    span: DaySpan
    clocks: list[Clock] = field(default_factory=list)


@dataclass(slots=True)
class _Clause:
    slots: list[_Slot] = field(default_factory=list)
    lone: list[Clock] = field(default_factory=list)
    denied: bool = False
    zone: ZoneInfo | None = None


def read(text: str, *, zone: ZoneInfo, now: datetime, language: str = "en") -> list[Candidate]:
    """The intervals a text proposes, best first in the order told; past ones are left out. ``now`` is aware."""
    row = atoms(text, language)
    today = now.astimezone(zone).date()
    found: list[Candidate] = []
    for clause in _clauses(row, today, language):
        if clause.denied:
            continue
        for candidate in _candidates(clause, clause.zone or zone, today, now, text, row):
            if candidate.period.end > now or (candidate.exact and candidate.period.start > now):
                found.append(candidate)
            if len(found) >= MAX_CANDIDATES:
                return found
    return found


def day(text: str, today: date, language: str = "en") -> date | None:
    """The day a due date or absence names: "Fri", "by next Wednesday", "end of month". Weeks mean their Friday."""
    match = next(find_days(text, today, language), None)
    return None if match is None else due(match)


def due(match: DayMatch) -> date:
    """The day by which something is due that is due "next week" or "this month"."""
    return monday_of(match.first) + timedelta(days=4) if match.grain == "week" else match.last


def find_days(text: str, today: date, language: str = "en") -> Iterator[DayMatch]:
    """Every day named in a text, in order."""
    row = atoms(text, language)
    grammar = DayGrammar(row, today, language)
    at = 0
    while at < len(row):
        span = grammar.read(at)
        if span is None:
            if row[at].word in SENTENCE_ENDS:
                grammar.base = None
            at += 1
            continue
        begin, relation = _relation(row, at)
        start, end = row[begin].start, row[span.after - 1].end
        yield DayMatch(span.first, span.last, start, end, span.confidence, span.grain, relation, span.other)
        at = span.after


def _relation(row: list[Atom], at: int) -> tuple[int, str | None]:
    """Where the words before a day begin that belong to it, and what they say."""
    place = at
    while place > 0 and row[place - 1].has("noise") and not row[place - 1].has("rel"):
        place -= 1
    before = row[place - 1] if place else None
    if before is None or not before.has("rel"):
        return place, None
    for sense in ("through", "until", "by", "before", "after", "from", "to", "between", "and", "or", "at"):
        if before.means("rel", sense):
            return (place - 1, sense) if sense not in ("and", "or") else (place, sense)
    return place, None


def _clauses(row: list[Atom], today: date, language: str) -> Iterator[_Clause]:
    """The days and times of each clause; a clause ends with its sentence and before "but"."""
    days, clocks = DayGrammar(row, today, language), ClockGrammar(row)
    clause, at, moving, last_day, last_clock = _Clause(), 0, False, -1, -1
    while at < len(row):
        atom = row[at]
        if _ends_clause(row, at):
            yield clause
            clause, moving, last_clock = _Clause(), False, -1
            if atom.word in SENTENCE_ENDS:
                days.base = None
            at += 1
            continue
        if atom.has("instead"):
            skipped = _skip_day(days, at + 1)
            if skipped is not None:
                at = skipped
                continue
        if moving and clause.slots and atom.means("rel", "to"):
            # "Move it from Tuesday to Thursday": what came before is the old time.
            clause.slots.clear()
        zone = zone_at(row, at)
        span = days.read(at) if zone is None and not _is_part_of_weekday(row, at, last_day) else None
        clock = None
        if span is not None:
            _add_day(clause, span, row)
            parted = row[at].which("part")
            at = last_day = span.after
            if parted is not None and row[span.at].has("part"):
                clock = ClockGrammar([row[span.at]]).read(0)
                if clock is not None:
                    _add_clock(clause, replace(clock, at=span.at, after=span.after), -1, row)
                    last_clock = at
            continue
        if zone is not None:
            clause.zone, at = zone
            continue
        clock = clocks.read(at, loose=last_day >= 0)
        if clock is None and row[at].means("day") is False and _is_part_of_weekday(row, at, last_day):
            clock = ClockGrammar([replace(atom, meanings=frozenset({("part", "morning")}))]).read(0)
            clock = replace(clock, at=at, after=at + 1) if clock else None
        if clock is not None:
            _add_clock(clause, clock, last_clock, row)
            at = last_clock = clock.after
            continue
        clause.denied |= atom.has("deny")
        moving |= atom.has("move")
        at += 1
    yield clause


def _is_part_of_weekday(row: list[Atom], at: int, last_day: int) -> bool:
    """ "Dienstag Morgen" is a morning, though Morgen alone is tomorrow."""
    return last_day == at and at > 0 and row[at].value("day") == 1 and row[at - 1].has("weekday")


def _ends_clause(row: list[Atom], at: int) -> bool:
    atom = row[at]
    if atom.has("contrast") and not atom.has("noise") and not atom.has("weekday"):
        return True
    if atom.word not in SENTENCE_ENDS:
        return False
    return atom.word != "." or at + 1 >= len(row) or row[at + 1].start > atom.end


def _skip_day(days: DayGrammar, at: int) -> int | None:
    place = days.past_noise(at)
    span = days.read(place)
    return None if span is None else span.after


def _add_day(clause: _Clause, span: DaySpan, row: list[Atom]) -> None:
    """Adds a day; a week told behind weekdays ("Tue or Wed next week") moves them into it."""
    weekdays = [slot for slot in clause.slots if slot.span.grain == "weekday"]
    if span.grain == "week" and weekdays and clause.slots[-1].span.grain == "weekday":
        for slot in weekdays:
            moved = span.first + timedelta(days=slot.span.first.weekday())
            slot.span = replace(slot.span, first=moved, last=moved, other=None, confidence=span.confidence)
        return
    slot = _Slot(span)
    slot.clocks.extend(clause.lone)
    clause.slots.append(slot)


def _add_clock(clause: _Clause, clock: Clock, last_clock: int, row: list[Atom]) -> None:
    """Gives a time to the days before it that have none, or narrows the time told just before it."""
    adjacent = last_clock >= 0 and all(
        row[at].word == "," or row[at].has("noise") for at in range(last_clock, clock.at)
    )
    if adjacent:
        owners = [slot.clocks for slot in clause.slots if slot.clocks] or [clause.lone]
        for owned in owners:
            narrowed = owned[-1].within(clock) if owned else None
            if narrowed is not None:
                owned[-1] = narrowed
        return
    bare = [slot for slot in clause.slots if not slot.clocks]
    if bare:
        for slot in bare:
            slot.clocks.append(clock)
    elif clause.slots:
        clause.slots[-1].clocks.append(clock)
    else:
        clause.lone.append(clock)


def _candidates(
    clause: _Clause, zone: ZoneInfo, today: date, now: datetime, text: str, row: list[Atom]
) -> Iterator[Candidate]:
    for slot in clause.slots:
        phrase = text[row[slot.span.at].start : row[slot.span.after - 1].end]
        for clock in slot.clocks or [Clock(0, DAY, False, -1, -1)]:
            yield from _dated(slot.span, clock, zone, phrase)
    if clause.slots:
        return
    for clock in clause.lone:
        phrase = text[row[clock.at].start : row[clock.after - 1].end]
        period = _period(today, clock, zone)
        if (period.start if clock.exact else period.end) <= now:
            period = _period(today + timedelta(days=1), clock, zone)
        yield Candidate(period, clock.exact, NO_DAY_CONFIDENCE, phrase)


def _dated(span: DaySpan, clock: Clock, zone: ZoneInfo, phrase: str) -> Iterator[Candidate]:
    confidence = min(span.confidence, clock.confidence)
    whole = clock.first == 0 and clock.last == DAY
    if span.grain in ("week", "month") and whole:
        yield Candidate(
            Period(_period(span.first, clock, zone).start, _period(span.last, clock, zone).end),
            False,
            confidence,
            phrase,
        )
        return
    current = span.first
    while current <= span.last:
        yield Candidate(_period(current, clock, zone), clock.exact, confidence, phrase)
        current += timedelta(days=1)
    if span.other is not None:
        yield Candidate(_period(span.other, clock, zone), clock.exact, min(confidence, 1 - span.confidence), phrase)


def _period(on: date, clock: Clock, zone: ZoneInfo) -> Period:
    return Period(_instant(on, clock.first, zone), _instant(on, clock.last, zone))


def _instant(on: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minutes, DAY)
    return resolve(on + timedelta(days=days), time(rest // HOUR, rest % HOUR), zone).astimezone(UTC)


__all__ = ["DASHES", "Candidate", "DayMatch", "day", "due", "find_days", "read"]
