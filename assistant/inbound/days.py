"""Days in plain words: "Fri", "4.12.", "next week Tue", "fin de mois", "in drei Tagen".

A grammar of our own over atoms. Weekdays without more are the next to come, never today. Dates without a year are
the next to come, today included.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.inbound.atoms import HYPHENS, Atom

WEEK = 7
ABBREVIATED = 5
"""A longer name of a weekday is written out, and a dot behind it ends the sentence."""
YEAR_DIGITS = 4
SURE, LIKELY, EVEN = 0.95, 0.85, 0.55
ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "ere", "o", "a", "º", "ª", "e", "°"})
MONTH_FIRST = frozenset({"en"})
DASHES = HYPHENS | {"–", "—"}
YEARS = (1970, 2200)
_THIRDS = {"early": (0, 1), "mid": (1, 3), "late": (3, 4)}
"""Which days of a week its beginning, middle and end are, from Monday."""
_MONTH_THIRDS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_DOTTED_AFTER = frozenset({"am", "den", "dem", "zum", "bis zum", "vom", "ab dem"})
_DAY_ARTICLES = {"le": ("fr",), "el": ("es",), "dia": ("pt", "es"), "il": ("it",)}
"""What stands before the bare number of a day of the month, by language."""


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Whole local days, both inclusive. ``grain`` is "day", "weekday", "week" or "month"; ``at`` and ``after`` are
    places of atoms. ``other`` is the second reading of an ambiguous phrase.
    """

    first: date
    last: date
    at: int
    after: int
    confidence: float = SURE
    grain: str = "day"
    other: date | None = None


def single(day: date, at: int, after: int, confidence: float = SURE, grain: str = "day") -> DaySpan:
    return DaySpan(day, day, at, after, confidence, grain)


def safe_date(year: int, month: int, number: int) -> date | None:
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    return (
        date(year, month, number) if 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1] else None
    )


def coming(month: int, number: int, today: date) -> date | None:
    """The next such day of the year; 29 February waits for its year."""
    days = (safe_date(year, month, number) for year in range(today.year, today.year + 9))
    return next((day for day in days if day is not None and day >= today), None)


def add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


class DayGrammar:
    """Reads one day phrase at a place in a row of atoms."""

    def __init__(self, row: list[Atom], today: date, language: str) -> None:
        self.row, self.today, self.language = row, today, language[:2].lower()
        self.base: date | None = None
        """The Monday of the week that was named before: "next week Tue or Wed"."""

    def atom(self, at: int) -> Atom:
        return self.row[at] if 0 <= at < len(self.row) else _NOTHING

    def past_noise(self, at: int) -> int:
        while self.atom(at).has("noise") and not self.atom(at).has("weekday"):
            at += 1
        return at

    def read(self, at: int) -> DaySpan | None:
        for rule in (
            self._numeric,
            self._named_month,
            self._weekday,
            self._relative,
            self._count,
            self._unit,
            self._end,
            self._ordinal,
        ):
            found = rule(at)
            if found is not None:
                return found
        return None

    # 2026-12-04, 4.12., 4.12.2026, 4/12
    def _numeric(self, at: int) -> DaySpan | None:
        first, mark, second = self.atom(at), self.atom(at + 1), self.atom(at + 2)
        if first.number is None or second.number is None or not self._touch(at, 3):
            return None
        mark2, third = self.atom(at + 3), self.atom(at + 4)
        triple = mark2.word == mark.word and third.number is not None and self._touch(at, 5)
        if mark.word in HYPHENS | {"/"} and triple and len(first.word) == YEAR_DIGITS and third.number is not None:
            day = safe_date(first.number, second.number, third.number)
            return single(day, at, at + 5) if day else None
        if (
            triple
            and third.number is not None
            and len(third.word) in (2, YEAR_DIGITS)
            and mark.word in {".", "/", *HYPHENS}
        ):
            year = third.number if len(third.word) == YEAR_DIGITS else 2000 + third.number
            return self._day_month(first.number, second.number, mark.word, at, at + 5, year)
        if mark.word == "." and len(second.word) <= 2:
            closed = mark2.word == "." and mark2.start == second.end
            # "10.30" is a time unless it could only be a date: German writes 4.12. with its last dot.
            german = (
                self.language == "de" and len(first.word) <= 2 and self._led(at) and not self._clock_follows(at + 3)
            )
            if closed or german:
                return self._day_month(first.number, second.number, ".", at, at + 3 + closed, None)
        if mark.word == "/" and len(second.word) <= 2 and not triple:
            return self._day_month(first.number, second.number, "/", at, at + 3, None)
        return None

    def _led(self, at: int) -> bool:
        """Whether a date may stand here: at the beginning, after a mark or after a word of time ("version 1.2" not)."""
        return at == 0 or bool(self.atom(at - 1).meanings) or not self.atom(at - 1).word.isalnum()

    def _clock_follows(self, at: int) -> bool:
        return self.atom(at).has("clock")

    def _touch(self, at: int, count: int) -> bool:
        return all(self.atom(place).end == self.atom(place + 1).start for place in range(at, at + count - 1))

    def _day_month(self, one: int, two: int, mark: str, at: int, after: int, year: int | None) -> DaySpan | None:
        def make(number: int, month: int) -> date | None:
            return safe_date(year, month, number) if year else coming(month, number, self.today)

        day_first = make(one, two)
        month_first = make(two, one) if mark == "/" and self.language in MONTH_FIRST else None
        both = [day for day in (day_first, month_first) if day is not None]
        if not both:
            return None
        if len(set(both)) == 1:
            return single(both[0], at, after)
        # English 4/12 is December here and April there: the nearer one, with doubt.
        near, far = sorted(both)
        return replace(single(near, at, after, EVEN), other=far)

    # 4 December, 4th of Dec, Dec 4, 4. Dezember 2026
    def _named_month(self, at: int) -> DaySpan | None:
        number, month_at = self.atom(at).number, at + 1
        if number is not None and len(self.atom(at).word) <= 2:
            month_at = self._past_ordinal(month_at)
            while self.atom(month_at).has("noise") and not self.atom(month_at).has("month"):
                month_at += 1
            month = self.atom(month_at).value("month")
            if month is not None:
                return self._dated(number, month + 1, at, self._past_dot(month_at + 1))
        month = self.atom(at).value("month")
        if month is None:
            return None
        number_at = self._past_dot(at + 1)
        number_at += self.atom(number_at).word == "the"
        number = self.atom(number_at).number
        if number is None or len(self.atom(number_at).word) > 2 or self.atom(number_at + 1).word == ":":
            return None
        return self._dated(number, month + 1, at, self._past_ordinal(number_at + 1, dot=False))

    def _past_ordinal(self, at: int, dot: bool = True) -> int:
        if self.atom(at).word in ORDINALS and self.atom(at).start == self.atom(at - 1).end:
            return at + 1
        return at + (dot and self.atom(at).word == ".")

    def _past_dot(self, at: int) -> int:
        """An abbreviated month may end in a dot."""
        atom = self.atom(at)
        follows = self.atom(at + 1).number is not None
        return at + (atom.word == "." and atom.start == self.atom(at - 1).end and follows)

    def _dated(self, number: int, month: int, at: int, after: int) -> DaySpan | None:
        year_at = after
        while self.atom(year_at).word == "," or self.atom(year_at).means("noise", "noise"):
            year_at += 1
        year = self.atom(year_at).number
        if year is not None and len(self.atom(year_at).word) == YEAR_DIGITS and YEARS[0] <= year <= YEARS[1]:
            day = safe_date(year, month, number)
            return single(day, at, year_at + 1) if day else None
        day = coming(month, number, self.today)
        return single(day, at, after) if day else None

    # Fri, Friday 4 Dec, next Tuesday, mardi prochain, Tuesday next week
    def _weekday(self, at: int) -> DaySpan | None:
        place, modifier = at, self.atom(at).which("mod")
        if modifier in ("next", "this"):
            place = self.past_noise(at + 1)
        else:
            modifier = None
        weekday = self.atom(place).value("weekday")
        if weekday is None or not self._is_weekday(place):
            return None
        after = place + 1
        short = len(self.atom(place).word) <= ABBREVIATED
        if short and self.atom(after).word == "." and self.atom(after).start == self.atom(place).end:
            after += self.atom(after + 1).word != ""
        dated = self._date_after(after)
        if dated is not None:
            agrees = dated.first.weekday() == weekday
            return replace(dated, at=at, confidence=dated.confidence if agrees else EVEN)
        weeks = self._in_weeks(place, weekday, at, after)
        if weeks is not None:
            return weeks
        if modifier is None and self.atom(after).means("mod", "next") and not self.atom(after + 1).has("unit"):
            modifier, after = "next", after + 1
        return self._resolve_weekday(weekday, modifier, at, after)

    def _in_weeks(self, place: int, weekday: int, at: int, after: int) -> DaySpan | None:
        """ "Monday in two weeks", "lundi en huit", "a week from Thursday"."""
        this_week = monday_of(self.today) + timedelta(days=weekday)
        nearest = this_week if this_week > self.today else this_week + timedelta(days=WEEK)
        english = self.atom(after).word == "week" and self.language == "en"
        counted = self.atom(after + 1).number is not None or self.atom(after + 1).has("rel")
        if self.atom(after).means("mod", "week-on") or (english and place == at and not counted):
            return single(nearest + timedelta(days=WEEK), at, after + 1, LIKELY, "weekday")
        if self.atom(place - 1).means("mod", "plus-week"):
            return single(nearest + timedelta(days=WEEK), at, after, LIKELY, "weekday")
        count = self.atom(after + 1).number or self.atom(after + 1).value("num")
        if not self.atom(after).means("mod", "in") or not count or self.atom(after + 2).which("unit") != "week":
            return None
        day = this_week + timedelta(days=WEEK * min(count, 60))
        return replace(single(day, at, after + 3, LIKELY, "weekday"), other=day + timedelta(days=WEEK))

    def _date_after(self, at: int) -> DaySpan | None:
        place = at
        while self.atom(place).word == "," or (self.atom(place).has("noise") and not self.atom(place).has("weekday")):
            place += 1
        return self._numeric(place) or self._named_month(place) or (self._ordinal(place) if place > at else None)

    def _is_weekday(self, place: int) -> bool:
        """Short ones are words as well ("sun", "do", "mar"): they need a capital letter or a word before a day."""
        atom = self.atom(place)
        if len(atom.word) > 3 or len(self.row) == 1:
            return True
        before = self.atom(place - 1)
        led = before.has("rel") or before.has("mod") or before.word in {",", "/", "("}
        if len(atom.word) == 3 and self.language == "en":
            return led or atom.written[:1].isupper()
        following = self.atom(place + 1)
        hyphen = following.has("weekday") and following.start == atom.end + 1  # "Mo-Mi"
        listed = hyphen or (following.has("rel") and self.atom(place + 2).has("weekday"))
        return (
            led or listed or self.atom(place + 1).number is not None or self.atom(place + 1).word == "." or place > 0
        ) and (atom.written[:1].isupper() or led)

    def _resolve_weekday(self, weekday: int, modifier: str | None, at: int, after: int) -> DaySpan:
        this_week = monday_of(self.today) + timedelta(days=weekday)
        if self.base is not None and modifier is None:
            return single(self.base + timedelta(days=weekday), at, after, SURE, "weekday")
        nearest = this_week if this_week > self.today else this_week + timedelta(days=WEEK)
        if modifier == "next" and this_week > self.today:
            # "Next Friday" on a Monday: in English mostly that of next week, but one in three means the coming one.
            later = this_week + timedelta(days=WEEK)
            return replace(single(later, at, after, EVEN, "weekday"), other=nearest)
        if modifier == "this" and this_week == self.today:
            return single(this_week, at, after, LIKELY, "weekday")
        if this_week == self.today:
            return replace(single(nearest, at, after, LIKELY, "weekday"), other=self.today)
        return single(nearest, at, after, SURE, "weekday")

    # today, tomorrow
    def _relative(self, at: int) -> DaySpan | None:
        offset = self.atom(at).value("day")
        if offset is None:
            return None
        counted = self._count(at + 1) if self.atom(at + 1).means("mod", "in") else None
        if offset == 0 and counted is not None:
            return replace(counted, at=at)  # "heute in einer Woche"
        if self.atom(at - 1).means("mod", "plus-week"):
            return single(self.today + timedelta(days=offset + WEEK), at, at + 1, LIKELY)
        return single(self.today + timedelta(days=offset), at, at + 1)

    # in 3 days, two weeks from now, dans deux semaines
    def _count(self, at: int) -> DaySpan | None:
        led = self.atom(at).means("mod", "in") or self.atom(at).means("rel", "by", "after")
        place = at + 1 if led else at
        count = self.atom(place).number
        if count is None:
            count = self.atom(place).value("num")
        unit = self.atom(place + 1).which("unit")
        if count is None or unit is None or count > 1_000:
            return None
        later = self.atom(place + 2).means("mod", "later")
        if not (self.atom(at).means("mod", "in") or later):
            return None
        return self._shifted(count, unit, at, place + 2 + later)

    def _shifted(self, count: int, unit: str, at: int, after: int) -> DaySpan | None:
        if unit == "month":
            return single(add_months(self.today, count), at, after, LIKELY)
        if unit == "workday":
            day = self.today
            while count:
                day += timedelta(days=1)
                count -= day.weekday() < 5
            return single(day, at, after)
        if unit not in _LENGTHS:
            return None
        return single(self.today + timedelta(days=count * _LENGTHS[unit]), at, after)

    # next week, semaine prochaine, this month, the weekend
    def _unit(self, at: int) -> DaySpan | None:
        modifier, unit, after = self.atom(at).which("mod"), self.atom(at + 1).which("unit"), at + 2
        if modifier not in ("next", "this") or unit is None:
            unit, modifier, after = self.atom(at).which("unit"), self.atom(at + 1).which("mod"), at + 2
            if unit == "weekend" and modifier not in ("next", "this"):
                modifier, after = "this", at + 1
        double = self.atom(at).means("mod", "week-2")
        if double:
            modifier, unit, after = "next", "week", at + 1
        if modifier not in ("next", "this") or unit not in ("week", "month", "weekend"):
            return None
        steps = int(modifier == "next") + double
        if unit == "month":
            month = add_months(self.today.replace(day=1), steps)
            return DaySpan(month, month_end(month), at, after, SURE, "month")
        monday = monday_of(self.today) + timedelta(days=WEEK * steps)
        if unit == "weekend":
            return DaySpan(monday + timedelta(days=5), monday + timedelta(days=6), at, after, LIKELY, "week")
        found = DaySpan(monday, monday + timedelta(days=6), at, after, SURE, "week")
        self.base = monday
        place = after
        while self.atom(place).has("noise") or self.atom(place).word == ",":
            place += 1
        if self.atom(place).value("weekday") is not None and self._is_weekday(place):
            return replace(self._weekday(place) or found, at=at)
        return found

    # the 8th, am 9., le 8, el 8, dia 8
    def _ordinal(self, at: int) -> DaySpan | None:
        atom, before = self.atom(at), self.atom(at - 1)
        if atom.number is None or len(atom.word) > 2 or not 1 <= atom.number <= 31:
            return None
        mark = self.atom(at + 1)
        tight = mark.start == atom.end
        suffixed = tight and mark.word in {"st", "nd", "rd", "th"}
        dotted = tight and mark.word == "." and before.word in _DOTTED_AFTER
        named = self.language in _DAY_ARTICLES.get(before.word, ())
        after = at + 1 + (suffixed or dotted)
        following = self.atom(after)
        free = not following.word or not following.word.isalnum() or following.has("noise") or following.has("rel")
        closed = following.word in {":", "/", "%", *HYPHENS} or (named and following.word in {".", ","} and tight)
        if not (suffixed or dotted or named) or not free or closed:
            return None
        months = (add_months(self.today.replace(day=1), ahead) for ahead in range(4))
        days = (safe_date(month.year, month.month, atom.number) for month in months)
        day = next((day for day in days if day is not None and day >= self.today), None)
        return single(day, at, after, LIKELY) if day is not None else None

    # end of month, Ende nächster Woche, fin novembre, eow
    def _end(self, at: int) -> DaySpan | None:
        sense = self.atom(at).which("mod")
        if sense == "week-end":
            following = self.atom(at + 1).means("mod", "next")  # "fin de semaine prochaine"
            friday = self._friday(self.today) + timedelta(days=WEEK * following)
            return single(friday, at, at + 1 + following, LIKELY)
        if sense == "month-end":
            return single(month_end(self.today), at, at + 1)
        if sense in _THIRDS:
            return self._third_of(at, _THIRDS[sense]) or self._third_of_month(at, _MONTH_THIRDS[sense])
        return self._end_of(at, self.past_noise(at + 1)) if sense == "end" else None

    def _third_of(self, at: int, days: tuple[int, int]) -> DaySpan | None:
        """ "Early next week", "Mitte dieser Woche": two working days of it, three in its middle."""
        place = self.past_noise(at + 1)
        base, self.base = self.base, None
        span = self._unit(place)
        self.base = base
        if span is None or span.grain != "week" or span.first.weekday():
            return None
        first, last = (span.first + timedelta(days=each) for each in days)
        return DaySpan(max(first, self.today), last, at, span.after, LIKELY, "week") if last >= self.today else None

    def _third_of_month(self, at: int, days: tuple[int, int]) -> DaySpan | None:
        """ "Early December", "Mitte Dezember"; a day already past is left out."""
        place = self.past_noise(at + 1)
        month = self.atom(place).value("month")
        if month is None or self.atom(place + 1).number is not None:
            return None
        year = self.today.year + (month + 1 < self.today.month)
        last = min(days[1], calendar.monthrange(year, month + 1)[1])
        first = max(date(year, month + 1, days[0]), self.today)
        end = date(year, month + 1, last)
        return DaySpan(first, end, at, place + 1, LIKELY, "month") if first <= end else None

    def _end_of(self, at: int, place: int) -> DaySpan | None:
        """The end of the month, named or not, or of the week that stands at ``place``."""
        month, unit = self.atom(place).value("month"), self.atom(place).which("unit")
        base, self.base = self.base, None
        span = self._unit(place)
        self.base = base
        if month is not None:
            first = coming(month + 1, 1, self.today.replace(day=1))
            return single(month_end(first), at, place + 1) if first else None
        if span is not None:
            return single(span.last if span.grain == "month" else self._friday(span.first), at, span.after, LIKELY)
        if unit == "month":
            return single(month_end(self.today), at, place + 1, LIKELY)
        return single(self._friday(self.today), at, place + 1, LIKELY) if unit == "week" else None

    def _friday(self, day: date) -> date:
        friday = monday_of(day) + timedelta(days=4)
        return friday if friday >= day else friday + timedelta(days=WEEK)


_LENGTHS = {"day": 1, "week": WEEK, "fortnight": 2 * WEEK}
_NOTHING = Atom("", "", -1, -1)
