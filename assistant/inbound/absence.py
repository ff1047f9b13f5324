"""From an out-of-office note: the first and last day somebody is away, in the languages of ``phrases``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.inbound.phrases import fold, languages, words

_LOOK = 4_000
_TOKENS = 800
_TOKEN = re.compile(r"\d{1,8}|[^\W\d_]+|[^\w\s]")
_EAST = re.compile(r"(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]")
_VIETNAMESE = re.compile(r"(\d{1,2})\s(?:tháng|thg|tháng)\s?(\d{1,2})(?:,?\s(?:năm\s)?(\d{4}))?", re.IGNORECASE)
_FIRST_PERSON = frozenset({"ich", "ik", "jeg", "jag"})
_BEFORE = 8
_PAST = timedelta(days=60)
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Absence:
    """Both days are days away; ``first`` is None where the note does not tell."""

    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class _Found:
    day: date
    start: int
    end: int
    kind: str
    """"until", "return" or ""."""


def absence(text: str, today: date) -> Absence | None:
    """What an out-of-office note tells; years left out are the ones nearest to ``today``. Never raises."""
    found = _dates(_prepared(text), today)
    for place, one in enumerate(found):
        if one.kind == "until":
            before = found[place - 1] if place and one.start - found[place - 1].end <= _BEFORE else None
            return _sound(before.day if before else None, one.day, today)
    for one in found:
        if one.kind == "return":
            earlier = [other.day for other in found if other.end <= one.start]
            return _sound(earlier[0] if earlier else None, one.day - timedelta(days=1), today)
    return None


def _sound(first: date | None, last: date, today: date) -> Absence | None:
    if last < today or last - today > _LONGEST:
        return None
    return Absence(first if first and first <= last else None, last)


def _prepared(text: str) -> list[str]:
    """Tokens, with the dates of scripts that write the unit after each number made plain."""
    text = _EAST.sub(lambda found: f" {found[1] or '0000'}-{found[2]}-{found[3]} ", text[:_LOOK])
    text = _VIETNAMESE.sub(lambda found: f" {found[3] or '0000'}-{found[2]}-{found[1]} ", text)
    return _TOKEN.findall(fold(text).replace("t/m", "tot"))[:_TOKENS]  # Dutch: until and with


@lru_cache(maxsize=1)
def _fillers() -> frozenset[str]:
    """What may stand between the parts of a date."""
    return frozenset(words("fillers"))


@lru_cache(maxsize=1)
def _joiners() -> frozenset[str]:
    """What may stand between the two days of a range."""
    return frozenset(words("joiners"))


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, int], dict[str, int]]:
    """Month and weekday numbers by name, from 1 and from 0."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for language in languages():
        for number, forms in enumerate(language.months, 1):
            months.update((form, number) for form in forms.split() if not form[0].isdigit())
        for number, forms in enumerate(language.weekdays):
            weekdays.update((form, number) for form in forms.split() if len(form) > 2 or not form.isascii())
    return months, {name: number for name, number in weekdays.items() if name not in months}


@lru_cache(maxsize=1)
def _leading() -> frozenset[str]:
    """Month names that come before their day: in English and Hungarian ("out 30" is no Portuguese October)."""
    months = [entry for language in languages() if language.code in {"en", "hu"} for entry in language.months]
    return frozenset(form for entry in months for form in entry.split())


@lru_cache(maxsize=1)
def _markers() -> tuple[tuple[str, str], ...]:
    """(words as joined tokens, kind), longest first, so that "up to and including" wins over "to"."""
    before = [language for language in languages() if language.code not in {"ja", "ko"}]  # there they follow
    both = [(phrase, "until") for language in before for phrase in language.untils]
    both += [(phrase, "return") for language in before for phrase in language.returns]
    joined = {(" ".join(_TOKEN.findall(phrase)), kind) for phrase, kind in both}
    return tuple(sorted(joined, key=lambda marker: (-len(marker[0]), marker)))


def _dates(tokens: list[str], today: date) -> list[_Found]:
    found: list[_Found] = []
    place = 0
    while place < len(tokens):
        span = _range(tokens, place, today) or _single(tokens, place, today)
        if not span:
            place += 1
            continue
        for day, kind in span[0]:
            marked = kind or _kind(tokens, place, span[1])
            joined = found and found[-1].end < place and set(tokens[found[-1].end : place]) <= _joiners() | _fillers()
            if not marked and joined:
                marked = "until"
            found.append(_Found(day, place, span[1], marked))
        place = span[1]
    return [one for one in found if one.kind != "weekday"]


def _range(tokens: list[str], place: int, today: date) -> tuple[list[tuple[date, str]], int] | None:
    """ "10-31 July", "1.-7. Dezember" and "July 10-31"."""
    months, _ = _names()
    if tokens[place].isdigit():
        dash = (
            place + 1
            if tokens[place + 1 : place + 2] and tokens[place + 1] in _joiners()
            else _after_fillers(tokens, place + 1)
        )
        if dash < len(tokens) and tokens[dash] in _joiners() and not tokens[dash].isdigit():
            begin = _after_fillers(tokens, dash + 1)
            last = _single(tokens, begin, today) if begin < len(tokens) else None
            if last and last[0][0][1] == "" and any(token in months for token in tokens[dash + 1 : last[1]]):
                day = last[0][0][0]
                number = int(tokens[place])
                if 0 < number <= day.day:
                    return [(day.replace(day=number), "start"), (day, "until")], last[1]
    elif tokens[place] in _leading() and place + 3 < len(tokens) and tokens[place + 2] in {"-", "–", "—", "to"}:
        first, last_number = tokens[place + 1], tokens[place + 3]
        if first.isdigit() and last_number.isdigit():
            year, end = _year(tokens, place + 4)
            start = _resolved(year, months[tokens[place]], int(first), today)
            stop = _resolved(year, months[tokens[place]], int(last_number), today)
            if start and stop:
                return [(start, "start"), (stop, "until")], end
    return None


def _single(tokens: list[str], place: int, today: date) -> tuple[list[tuple[date, str]], int] | None:
    months, weekdays = _names()
    token = tokens[place]
    if token.isdigit():
        found = _numeric(tokens, place, today)
        if found:
            return [(found[0], "")], found[1]
        name = _after_fillers(tokens, place + 1)
        if name < len(tokens) and tokens[name] in months and len(token) <= 2:
            year, end = _year(tokens, name + 1)
            day = _resolved(year, months[tokens[name]], int(token), today)
            return ([(day, "")], end) if day else None
    elif token in _leading() and place + 1 < len(tokens):
        number = _after_fillers(tokens, place + 1)
        if number < len(tokens) and tokens[number].isdigit() and len(tokens[number]) <= 2:
            year, end = _year(tokens, number + 1)
            day = _resolved(year, months[token], int(tokens[number]), today)
            return ([(day, "")], end) if day else None
    elif token in weekdays and _kind(tokens, place, place + 1):
        following = _after_fillers(tokens, place + 1)
        if following < len(tokens) and (tokens[following].isdigit() or tokens[following] in months):
            return None
        ahead = (weekdays[token] - today.weekday() - 1) % 7 + 1
        return [(today + timedelta(days=ahead), "")], place + 1
    return None


def _after_fillers(tokens: list[str], place: int) -> int:
    for _ in range(3):
        if place < len(tokens) and tokens[place] in _fillers():
            place += 1
    return place


def _year(tokens: list[str], place: int) -> tuple[int | None, int]:
    at = _after_fillers(tokens, place)
    if at < len(tokens) and len(tokens[at]) == 4 and tokens[at].startswith("20"):
        return int(tokens[at]), at + 1
    return None, place


def _numeric(tokens: list[str], place: int, today: date) -> tuple[date, int] | None:
    """ISO dates, ``7.12.``, ``7.12.2026``, ``7/12``, ``12/7/2026``; of two readings the next to come."""
    if place + 2 >= len(tokens) or tokens[place + 1] not in {".", "/", "-"} or not tokens[place + 2].isdigit():
        return None
    separator = tokens[place + 1]
    numbers = [int(tokens[place]), int(tokens[place + 2])]
    end = place + 3
    if end + 1 < len(tokens) and tokens[end] == separator and tokens[end + 1].isdigit():
        numbers.append(int(tokens[end + 1]))
        end += 2
    if len(tokens[place]) == 4 and len(numbers) == 3:
        day = _resolved(numbers[0] or None, numbers[1], numbers[2], today)
        return (day, end) if day else None
    if separator == "-" and len(numbers) == 2:
        return None
    year = (numbers[2] if numbers[2] > 99 else 2000 + numbers[2]) if len(numbers) == 3 else None
    readings = [_resolved(year, numbers[1], numbers[0], today)]
    if separator == "/":
        readings.append(_resolved(year, numbers[0], numbers[1], today))
    days = [day for day in readings if day]
    ahead = [day for day in days if day >= today]
    return (min(ahead) if ahead else days[0], end) if days else None


def _resolved(year: int | None, month: int, day: int, today: date) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        found = date(today.year, month, day)
        return date(today.year + 1, month, day) if found < today - _PAST else found
    except ValueError:
        return None


def _kind(tokens: list[str], start: int, end: int) -> str:
    """What the words right before a date make of it, or those right after ("7. joulukuuta asti", "…까지")."""
    _, weekdays = _names()
    before = start
    while before > 0 and start - before < 5 and (tokens[before - 1] in weekdays or tokens[before - 1] in _fillers()):
        before -= 1
    for stop in range(before, start + 1):
        text = " " + " ".join(tokens[max(0, stop - _BEFORE) : stop])
        for phrase, kind in _markers():
            if text.endswith((" " + phrase, phrase) if not phrase.isascii() else " " + phrase):
                return kind
    after = "".join(tokens[end : end + 5]).lstrip("-")
    near = "".join(tokens[end : end + 3])
    for kind in ("until", "return"):
        if any(after.startswith(phrase) or near.endswith(phrase) for phrase in _following(kind)):
            return kind
    return ""


@lru_cache(maxsize=2)
def _following(kind: str) -> tuple[str, ...]:
    """Marks that follow their date: scripts without spaces, Finnish, Hungarian and Turkish, and "ben ik weer"."""
    after = [language for language in languages() if not language.spaced or language.code in {"fi", "hu", "tr"}]
    phrases = {phrase for language in after for phrase in (language.untils if kind == "until" else language.returns)}
    said = words("returns") if kind == "return" else ()
    phrases |= {phrase for phrase in said if not _FIRST_PERSON.isdisjoint(phrase.split())}
    return tuple(sorted("".join(_TOKEN.findall(phrase)) for phrase in phrases - _joiners()))
