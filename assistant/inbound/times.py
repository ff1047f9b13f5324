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
from assistant.inbound.days import DASHES, LIKELY, WEEK, DayGrammar, DaySpan, monday_of
from assistant.inbound.words import singles

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
    denied_last: bool = False
    """Nothing was named since the word that turned down."""
    zone: ZoneInfo | None = None


def read(text: str, *, zone: ZoneInfo, now: datetime, language: str = "en") -> list[Candidate]:
    """The intervals a text proposes, best first in the order told; past ones are left out. ``now`` is aware."""
    row = atoms(text, language)
    today = now.astimezone(zone).date()
    found: list[Candidate] = []
    found.extend(_from_now(row, text, now))
    if found and next(find_days(text, today, language), None) is None:
        return found  # "in two hours" is not two o'clock
    for clause in _Clauses(row, today, language).read():
        if clause.denied:
            continue
        for candidate in _candidates(clause, clause.zone or zone, today, now, text, row):
            if candidate.period.end > now or (candidate.exact and candidate.period.start > now):
                found.append(candidate)
            if len(found) >= MAX_CANDIDATES:
                return found
    return found


def _from_now(row: list[Atom], text: str, now: datetime) -> Iterator[Candidate]:
    """ "In an hour", "in 30 minutes", "in einer Stunde"."""
    for at in range(len(row) - 2):
        if not row[at].means("mod", "in"):
            continue
        count = row[at + 1].number or row[at + 1].value("num")
        unit = row[at + 2].word
        minutes = HOUR if unit in singles("hours") else 1 if unit in singles("minutes") else 0
        if count and minutes and len(unit) > 1 and count * minutes <= DAY:
            moment = (now + timedelta(minutes=count * minutes)).astimezone(UTC).replace(second=0, microsecond=0)
            yield Candidate(Period(moment, moment), True, LIKELY, text[row[at].start : row[at + 2].end])


def day(text: str, today: date, language: str = "en") -> date | None:
    """The day a due date or absence names: "Fri", "by next Wednesday", "end of month". Weeks mean their Friday."""
    match = next(find_days(text, today, language), None)
    return None if match is None else due(match)


def due(match: DayMatch) -> date:
    """The day by which something is due that is due "next week" or "this month"."""
    whole = match.grain == "week" and match.last.weekday() > 4  # "early next week" has its own last day
    return monday_of(match.first) + timedelta(days=4) if whole else match.last


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


class _Clauses:
    """The days and times of each clause; a clause ends with its sentence and before "but"."""

    def __init__(self, row: list[Atom], today: date, language: str) -> None:
        self.row, self.days, self.clocks = row, DayGrammar(row, today, language), ClockGrammar(row)
        self.clause, self.moving, self.edge = _Clause(), False, ""
        self.last_day = self.last_clock = -1
        """The places behind the last day and the last time; -1 before the first."""

    def read(self) -> Iterator[_Clause]:
        at = 0
        while at < len(self.row):
            excepted = self._skipped(at) if self.row[at].word == "but" else None
            if excepted:
                at = excepted
            elif _ends_clause(self.row, at, self.clause):
                yield self.clause
                self.clause, self.moving, self.last_clock = _Clause(), False, -1
                if self.row[at].word in SENTENCE_ENDS:
                    self.days.base = None
                at += 1
            else:
                at = self._skipped(at) or self._told(at) or self._other(at)
        yield self.clause

    def _skipped(self, at: int) -> int | None:
        """Behind the day that "instead of" turns down; a new "to" forgets the old time of what is moved."""
        skipped = _skip_day(self.days, at + 1) if self.row[at].has("instead") else None
        but = self.row[at].word == "but" and self.days.past_noise(at + 1) == at + 1
        if skipped is None and but and self.clause.slots and self.clause.slots[-1].span.grain == "week":
            skipped = _skip_day(self.days, at + 1)  # "any day next week but Monday"
        if skipped is not None and self.clause.slots:
            out = self.days.read(self.days.past_noise(at + 1))
            if out is not None:
                _leave_out(self.clause, out)
        if skipped is None and self.moving and self.clause.slots and self.row[at].means("rel", "to"):
            # "Move it from Tuesday to Thursday": what came before is the old time.
            self.clause.slots.clear()
        return skipped

    def _told(self, at: int) -> int | None:
        """Behind the zone, day or time that stands here."""
        row = self.row
        zone = zone_at(row, at)
        weekday_part = _is_part_of_weekday(row, at, self.last_day)
        span = self.days.read(at) if zone is None and not weekday_part else None
        if span is not None:
            return self._day(span, at)
        if zone is not None:
            self.clause.zone, after = zone
            return after
        clock = self.clocks.read(at, loose=self.last_day >= 0)
        if clock is None and weekday_part:
            clock = ClockGrammar([replace(row[at], meanings=frozenset({("part", "morning")}))]).read(0)
            clock = replace(clock, at=at, after=at + 1) if clock else None
        if clock is None:
            return None
        _add_clock(self.clause, self._bounded(clock), self.last_clock, row)
        self.last_clock = clock.after
        return clock.after

    def _between(self, span: DaySpan) -> int | None:
        """Adds the days of "Monday to Wednesday" behind the first; gives the place behind the last."""
        join = self.row[span.after] if span.after < len(self.row) else None
        # "Mon-Wed": a hyphen inside words is no atom.
        hyphen = join is not None and join.has("weekday") and join.start - self.row[span.after - 1].end == 1
        hyphen = hyphen and self.row[span.after - 1].has("weekday") and join is not None and join.written[:1].isupper()
        between = span.at > 0 and self.row[span.at - 1].means("rel", "between")
        joins = hyphen or (between and join is not None and join.means("rel", "and"))
        joins = joins or (join is not None and (join.word in DASHES or join.means("rel", "to", "through", "until")))
        if span.grain != "weekday" or not joins or self.moving or span.other is not None:
            return None
        last = self.days.read(span.after if hyphen else self.days.past_noise(span.after + 1))
        if last is None or last.grain != "weekday" or last.other is not None:
            return None
        end = last.last if last.last > span.first else last.last + timedelta(days=WEEK)
        count = (end - span.first).days
        if not 0 < count < WEEK:
            return None
        for ahead in range(1, count + 1):
            day = span.first + timedelta(days=ahead)
            self.clause.slots.append(_Slot(replace(last, first=day, last=day)))
        self.last_day = last.after
        return last.after

    def _day(self, span: DaySpan, at: int) -> int:
        _add_day(self.clause, span, self.row)
        self.clause.denied_last, self.edge = False, _edge_of(self.row, at)
        self.last_day = span.after
        if self.row[at].which("part") is not None and self.row[span.at].has("part"):
            clock = ClockGrammar([self.row[span.at]]).read(0)
            if clock is not None:
                bounded = self._bounded(replace(clock, at=span.at, after=span.after))
                _add_clock(self.clause, bounded, -1, self.row)
                self.last_clock = span.after
        return self._between(span) or span.after

    def _bounded(self, clock: Clock) -> Clock:
        """ "By Friday 5pm", "ab Donnerstag 14 Uhr": the word before the day bounds the time behind it."""
        if self.edge == "until" and self.last_day >= 0 and not clock.exact and clock.last < DAY:
            noon = self.row[clock.at].which("part") == "noon"  # "by Friday noon"
            return replace(clock, first=0, last=clock.first) if noon else clock
        if not self.edge or self.last_day < 0 or not clock.exact or clock.first != clock.last:
            return clock
        first, last = (0, clock.first) if self.edge == "until" else (clock.first, DAY)
        return replace(clock, first=first, last=last, exact=False)

    def _other(self, at: int) -> int:
        if self.row[at].has("deny"):
            self.clause.denied, self.clause.denied_last = True, bool(self.clause.slots)
        self.moving |= self.row[at].has("move")
        return at + 1


_ONLY_OF = frozenset({"de", "del", "da", "do", "dal", "du", "des", "von", "vom", "van", "dalle", "das", "dalla", "to"})


def _edge_of(row: list[Atom], at: int) -> str:
    """ "until" or "from" where such a word leads a day and so bounds the time behind it."""
    begin, relation = _relation(row, at)
    if relation in ("until", "by", "before"):
        return "until"
    return "from" if relation in ("from", "after") and row[begin].word not in _ONLY_OF else ""


def _is_part_of_weekday(row: list[Atom], at: int, last_day: int) -> bool:
    """ "Dienstag Morgen" is a morning, though Morgen alone is tomorrow."""
    return last_day == at and at > 0 and row[at].value("day") == 1 and row[at - 1].has("weekday")


def _ends_clause(row: list[Atom], at: int, clause: _Clause) -> bool:
    """At the end of a sentence, before "but", and behind a day turned down: "Thursday does not suit, Friday does"."""
    atom = row[at]
    if (
        atom.word == ","
        and clause.denied_last
        and any(row[place].meanings for place in range(at + 1, min(at + 4, len(row))))
    ):
        return True
    if atom.has("contrast") and not atom.has("noise") and not atom.has("weekday"):
        return True
    if atom.word not in SENTENCE_ENDS:
        return False
    return atom.word != "." or at + 1 >= len(row) or row[at + 1].start > atom.end


def _skip_day(days: DayGrammar, at: int) -> int | None:
    place = days.past_noise(at)
    span = days.read(place)
    return None if span is None else span.after


def _leave_out(clause: _Clause, out: DaySpan) -> None:
    """Takes a day out of the week that was named: "next week except Friday"."""
    slot = clause.slots[-1]
    first, last = slot.span.first, slot.span.last
    weekday = out.first.weekday()
    day = first + timedelta(days=weekday) if out.grain == "weekday" else out.first
    if slot.span.grain != "week" or not first <= day <= last:
        return
    spans = [(first, day - timedelta(days=1)), (day + timedelta(days=1), last)]
    clause.slots[-1:] = [
        _Slot(replace(slot.span, first=begin, last=end), list(slot.clocks)) for begin, end in spans if begin <= end
    ]


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
    further = row[clock.at].means("clock", "onwards")  # "before 11 or after 3"
    adjacent = (
        last_clock >= 0
        and not further
        and all(row[at].word == "," or row[at].has("noise") for at in range(last_clock, clock.at))
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
