"""How people write times, days and rhythms in the configuration: "Fri 15:00", "first Tuesday", "mon-thu 9-18".

Every function takes what YAML or CSV gave and raises ValueError with a sentence that says what was expected.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.people import WorkWeek

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {day[:size]: number for number, day in enumerate(DAYS) for size in (3, len(day))}
_WEEKDAYS |= {"tues": 1, "thur": 3, "thurs": 3}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}
_INTERVALS = {"other": 2, "two": 2, "three": 3, "four": 4, "six": 6}
_FILLERS = {"every", "each", "of", "the", "a", "on", "per"}
_UNITS = {
    "day": Frequency.DAILY,
    "daily": Frequency.DAILY,
    "week": Frequency.WEEKLY,
    "weekly": Frequency.WEEKLY,
    "month": Frequency.MONTHLY,
    "monthly": Frequency.MONTHLY,
    "quarter": Frequency.QUARTERLY,
    "quarterly": Frequency.QUARTERLY,
    "year": Frequency.YEARLY,
    "yearly": Frequency.YEARLY,
}
_MINUTES = {
    "m": 1,
    "min": 1,
    "minute": 1,
    "h": 60,
    "hr": 60,
    "hour": 60,
    "d": 1440,
    "day": 1440,
    "w": 10080,
    "week": 10080,
}
_AMOUNT = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)\s*([a-z]+)")
_LONGEST = 400
_LONGEST_ADDRESS, _LONGEST_LOCAL_PART = 254, 64
"""RFC 5321, 4.5.3.1."""
_MOST_BETWEEN = 366
_LISTED = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time with what may stand before it: "09:00", "Fri 15:00", "first Mon 10:00", or a day alone."""

    weekday: int | None
    nth: int | None
    wall: time | None


def text(value: object) -> str:
    """One line, without blanks around it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be text")  # noqa: TRY004  # pydantic takes only a ValueError as a finding
    line = str(value).strip()
    if not line:
        raise ValueError("is empty")
    if len(line) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in line):
        raise ValueError("should be one line without control characters")
    return line


def numbers(value: object) -> tuple[int, ...]:
    """A whole number, or a list of them."""
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in found):
        raise ValueError(f"{shown(value)} should be a number, or a list of them")
    return tuple(found)


def link(value: object) -> str:
    """An address on the web with {} where a number goes."""
    line = text(value)
    if not line.startswith(("https://", "http://")) or line.count("{}") != 1 or not line.isascii() or " " in line:
        raise ValueError(f"{shown(value)} should be a web address with {{}} where the number goes")
    return line


def texts(value: object) -> tuple[str, ...]:
    """One text, several with semicolons between them, or a list."""
    parts = value if isinstance(value, list) else str(text(value)).split(";")
    return tuple(text(part) for part in parts if part != "")


def address(value: object) -> str:
    """A bare mail address, in lower case."""
    found = text(value).lower()
    local, at, domain = found.rpartition("@")
    plain = not any(letter.isspace() or letter in '<>()[],;:\\"@' for letter in local + domain)
    short = len(found) <= _LONGEST_ADDRESS and len(local) <= _LONGEST_LOCAL_PART
    if not at or not plain or not short or not all(local.split(".")) or not all(domain.split(".")):
        raise ValueError(f"{shown(value)} is no mail address; write it like mia@example.com")
    return found


def addresses(value: object) -> tuple[str, ...]:
    return tuple(address(part) for part in texts(value))


def zone(value: object) -> ZoneInfo:
    """A zone by its IANA name."""
    name = text(value)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no zone {shown(name)}{_zone_hint(name)}") from error


@cache
def _zone_hint(name: str) -> str:
    known = available_timezones()
    cities = {each.rpartition("/")[2].replace("_", " "): each for each in sorted(known) if "/" in each}
    city = cities.get(name.rpartition("/")[2].replace("_", " ").title())
    return f"; did you mean {city}?" if city else meant(name, known) or "; write it like Europe/Berlin"


def language(value: object) -> str:
    """A language tag: "en", "de", "pt-br"."""
    tag = text(value).lower().replace("_", "-")
    first = tag.split("-")[0]
    if len(first) not in (2, 3) or not all(part.isalnum() and part.isascii() for part in tag.split("-")):
        raise ValueError(f"{shown(value)} is no language; write it like en or de")
    return tag


def country(value: object) -> str:
    """A country code, with or without a part of it: "DE", "DE-BY"."""
    code = text(value).upper().replace("_", "-")
    head = code.split("-")[0]
    if len(head) not in (2, 3) or not head.isalpha():
        raise ValueError(f"{shown(value)} is no country; write its code, like DE, or DE-BY for a part of it")
    return code


def day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError as error:
        raise ValueError(f"{shown(value)} is no date; write it like 2026-12-01") from error


def clock(value: object) -> time:
    """A time of day in 24 hours: "9", "09:00", "15:30"."""
    hour, _, minute = text(value).partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{shown(value)} is no time of day; write it like 09:00 or 15:30") from error


def weekday(value: object) -> int:
    word = text(value).lower().rstrip(".")
    if word not in _WEEKDAYS:
        raise ValueError(f"there is no weekday {shown(value)}{meant(word, DAYS) or '; write it like Mon or Monday'}")
    return _WEEKDAYS[word]


def moment(value: object) -> Moment:
    words = text(value).lower().split()
    nth = _NTH[words.pop(0)] if words[0] in _NTH else None
    on = weekday(words.pop(0)) if words and words[0][:1].isalpha() else None
    at = clock(words.pop(0)) if words else None
    if words or (nth is not None and on is None):
        raise ValueError(f"{shown(value)} is no time; write it like 09:00, Fri 15:00 or first Mon 10:00")
    return Moment(on, nth, at)


def weekly(value: object) -> tuple[int, time]:
    """A weekday and a time."""
    found = moment(value)
    if found.weekday is None or found.wall is None or found.nth is not None:
        raise ValueError(f"{shown(value)} should be a weekday and a time, like Mon 10:00")
    return found.weekday, found.wall


def span(value: object) -> timedelta:
    """A length of time: "30 min", "4h", "1h 30min", "2 days"."""
    return _length(value, _MINUTES)


def work(value: object) -> timedelta:
    """The same as time of work: a day has eight hours, a week five days."""
    return _length(value, {**_MINUTES, "d": 480, "day": 480, "w": 2400, "week": 2400})


def _length(value: object, units: Mapping[str, int]) -> timedelta:
    said = text(value).lower()
    minutes = [float(number) * units.get(unit.rstrip("s"), 0) for number, unit in _AMOUNT.findall(said)]
    if _AMOUNT.sub("", said).strip(" .,") or not minutes or not all(minutes):
        raise ValueError(f"{shown(value)} is no length of time; write it like 30 min, 4h or 2 days")
    return timedelta(minutes=sum(minutes))


def every(value: object) -> Cadence:
    """A rhythm: "day", "2 weeks", "month", "Tuesday", "first Tuesday", "last Fri of the quarter"."""
    said = f"{shown(value)} is no rhythm; write it like week, 2 weeks, month, quarter or first Tuesday"
    unit: Frequency | None = None
    found = Cadence(Frequency.WEEKLY)
    for word in text(value).lower().split():
        if word in _FILLERS:
            continue
        if word in _NTH and found.nth is None:
            found = replace(found, nth=_NTH[word])
        elif (word in _INTERVALS or word.isdecimal()) and found.interval == 1:
            found = replace(found, interval=_INTERVALS.get(word) or min(int(word[:4]), _MOST_BETWEEN + 1))
        elif word in ("biweekly", "fortnight", "fortnightly") and unit is None:
            unit, found = Frequency.WEEKLY, replace(found, interval=2)
        elif (word in _UNITS or word.removesuffix("s") in _UNITS) and unit is None:
            unit = _UNITS.get(word) or _UNITS[word.removesuffix("s")]
        elif found.weekday is None:
            try:
                found = replace(found, weekday=weekday(word))
            except ValueError as error:
                raise ValueError(said) from error
        else:
            raise ValueError(said)
    return _settled(found, unit, said)


def _settled(found: Cadence, unit: Frequency | None, said: str) -> Cadence:
    """``found`` with the frequency that its words imply."""
    if found.nth is not None and found.weekday is None:
        if unit is None or found.nth < 1:
            raise ValueError(said)
        found = replace(found, interval=found.nth, nth=None)  # "every second week"
    if unit is None:
        unit = Frequency.MONTHLY if found.nth is not None else Frequency.WEEKLY
        if found.weekday is None:
            raise ValueError(said)
    daily_or_weekly = unit in (Frequency.DAILY, Frequency.WEEKLY)
    if not 1 <= found.interval <= _MOST_BETWEEN or (found.nth is not None and daily_or_weekly):
        raise ValueError(said)
    if unit is Frequency.DAILY and found.weekday is not None:
        raise ValueError(said)
    return replace(found, frequency=unit)


def hours(value: object) -> WorkWeek:
    """Working hours: "9-17" (Monday to Friday), "Mon-Thu 9-18, Fri 9-14", or the latter as a mapping."""
    if isinstance(value, Mapping):
        parts = [(text(days), text(spans)) for days, spans in value.items()]
    else:
        parts = []
        for part in text(value).split(","):
            days, _, spans = part.strip().rpartition(" ")
            named = days[:1].isalpha()
            parts.append((days, spans) if named else ("mon-fri", part.strip()))
    week: list[tuple[time, time] | None] = [None] * len(DAYS)
    taken: set[int] = set()
    for days, spans in parts:
        for number in _day_range(days):
            if number in taken:
                raise ValueError(f"{DAYS[number].capitalize()} is there twice")
            taken.add(number)
            week[number] = _span_of_day(spans)
    if not any(week):
        raise ValueError("no working day is left")
    return WorkWeek(tuple(week))


def _ends(text: str) -> tuple[str, str, str]:
    """What stands around the hyphen, or around the dash that some editors make of it."""
    first, dash, last = text.replace("\N{EN DASH}", "-").partition("-")
    return first.strip(), dash, last.strip()


def _day_range(days: str) -> list[int]:
    first, dash, last = _ends(days)
    start = weekday(first)
    end = weekday(last) if dash else start
    return [(start + offset) % len(DAYS) for offset in range((end - start) % len(DAYS) + 1)]


def _span_of_day(spans: str) -> tuple[time, time] | None:
    if spans.lower() in ("off", "none", "free"):
        return None
    first, dash, last = _ends(spans)
    if not dash:
        raise ValueError(f"{shown(spans)} are no working hours; write them like 9-17 or 09:00-17:30")
    start, end = clock(first), clock(last)
    if end <= start:
        raise ValueError(f"working hours {spans} end before they begin")
    return start, end


def shown(value: object) -> str:
    """A value as an error quotes it: short, on one line."""
    quoted = repr(value) if isinstance(value, str) else str(value)
    return quoted if len(quoted) <= 60 else quoted[:57] + "…"


def meant(word: str, known: Iterable[str]) -> str:
    """What was probably meant: "; did you mean zone?", all there is when that is little, or nothing."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    if near:
        return f"; did you mean {by_folded[near[0]]}?"
    return f"; known: {', '.join(by_folded.values())}" if 0 < len(by_folded) <= _LISTED else ""


def slug(name: str) -> str:
    """A name as a key: lower case, without accents, words joined by hyphens."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())
