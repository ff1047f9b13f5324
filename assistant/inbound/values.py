"""What an answer's words make of its question's type.

Each reader returns the value and how well the words fit, from 0 (not such a value) to 1 (nothing else it could be).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from assistant.domain.people import Person
from assistant.domain.questions import AnswerType, Question
from assistant.inbound import figures, points, times
from assistant.inbound.figures import READABLE, UNSURE
from assistant.inbound.nothing import is_free, is_nothing
from assistant.inbound.words import phrases
from assistant.inbound.words.fold import fold, near, words

SCALE_TOP = 10.0


@dataclass(frozen=True, slots=True)
class Value:
    """``value`` as `Answer.value` documents it; ``fit`` from 0 to 1."""

    value: object
    fit: float


NO_VALUE = Value(None, 0.0)


@dataclass(frozen=True, slots=True)
class Context:
    """What a value may need besides its words."""

    people: Sequence[Person] = ()
    today: date | None = None
    language: str = "en"


def read(question: Question, text: str, context: Context) -> Value:
    reader = _READERS.get(question.type)
    return Value(None, 1.0) if reader is None else reader(question, text, context)


# Blockers


def _blocker(question: Question, text: str, context: Context) -> Value:
    if is_free(text):
        return Value([], 1.0)
    told = [point for point in points.items(points.parse(text)) if not is_free(point)]
    return Value([{"text": point, "minutes": minutes_of(point)} for point in told], 1.0)


@cache
def _unit_words(field: str) -> frozenset[str]:
    return frozenset(word[0] for word in phrases(field) if len(word) == 1)


_AMOUNT = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?|[^\W\d_]+|[^\w\s]")


def minutes_of(text: str) -> int | None:
    """The size of a blocker when it is told: "needs 30 min with Ana", "1.5 h", "eine halbe Stunde"."""
    parts = [fold(match.group()) for match in _AMOUNT.finditer(text)]
    if _holds_half_hour(parts):
        return 30
    for number, unit in pairwise(parts):
        digits = number.replace(",", ".")
        amount = float(digits) if digits.replace(".", "").isdecimal() else figures.spelled(number)
        if amount is None:
            continue
        if unit in _unit_words("minutes"):
            return round(amount)
        if unit in _unit_words("hours"):
            return round(amount * 60)
    return None


def _holds_half_hour(parts: Sequence[str]) -> bool:
    only = tuple(part for part in parts if part[:1].isalnum())
    wanted = phrases("half_hour")
    return any(only[at : at + size] in wanted for at in range(len(only)) for size in (2, 3) if at + size <= len(only))


def _number(question: Question, text: str, context: Context) -> Value:
    found = figures.find(text, context.language)
    if not found:
        told = [value for value in map(figures.spelled, words(text)) if value is not None]
        return Value(told[0], READABLE) if len(told) == 1 and len(words(text)) <= 3 else NO_VALUE
    chosen, fit = figures.current(text, found)
    return Value(chosen.value, fit if chosen.certain else min(fit, 0.75))


def _scale(question: Question, text: str, context: Context) -> Value:
    found = figures.find(text, context.language)
    if not found:
        told = [value for value in map(figures.spelled, words(text)) if value is not None and value <= SCALE_TOP]
        return Value(told[0], READABLE) if len(told) == 1 and len(words(text)) <= 4 else NO_VALUE
    chosen, fit = found[0], 1.0
    before = words(text[: chosen.start])
    if len(found) > 1:
        second = found[1]
        between = text[chosen.end : second.start].strip().lower()
        out_of = between == "/" or (set(words(between)) & (figures.OF | {"out"}) and len(words(between)) <= 2)
        if out_of and second.value != SCALE_TOP:
            fraction = chosen.value / second.value if 0 < chosen.value <= second.value else -1
            return Value(round(fraction * SCALE_TOP, 2), UNSURE) if fraction >= 0 else NO_VALUE
        if between in {"-", "–", "to", "or", "bis", "oder"}:
            return Value((chosen.value + second.value) / 2, UNSURE)
        if not out_of and len(before) > 3:
            fit = UNSURE
    elif len(before) > 6:
        # A figure late in a sentence may count something else.
        fit = 0.75
    return Value(chosen.value, fit) if 0 <= chosen.value <= SCALE_TOP else NO_VALUE


# Yes or no, choices, days, people


def _yes_no(question: Question, text: str, context: Context) -> Value:
    folded = words(text)
    bare = text.strip()
    if bare[:1] in {"👍", "✅", "✔"}:
        return Value(True, READABLE)
    if bare[:1] in {"👎", "❌"}:
        return Value(False, READABLE)
    yes, no = _leading("yes", folded), _leading("no", folded)
    if yes == no:
        return NO_VALUE
    fit = 1.0 if max(yes, no) == len(folded) else READABLE
    return Value(yes > no, fit)


def _leading(field: str, folded: tuple[str, ...]) -> int:
    """The number of words of the longest phrase of a field that a text begins with."""
    known = phrases(field)
    return max((size for size in range(1, min(5, len(folded)) + 1) if folded[:size] in known), default=0)


def _choice(question: Question, text: str, context: Context) -> Value:
    folded, options = words(text), [words(option) for option in question.options]
    if folded in options:
        return Value(options.index(folded), 1.0)
    number, _, _ = points.numbered(text.strip())
    if number is None:
        picked = [token for token in folded if token.isdecimal()]
        told = [value for value in map(figures.spelled, folded) if value]
        small = len(folded) <= 4
        if len(picked) == 1 and small and len(picked[0]) < 4:
            number = int(picked[0])
        elif not picked and len(told) == 1 and small:
            number = int(told[0])
        elif len(folded) == 1 and len(folded[0]) == 1 and folded[0].isascii():
            number = ord(folded[0]) - ord("a") + 1
    held = [at for at, option in enumerate(options) if option and _holds(folded, option)]
    if len(held) == 1:
        return Value(held[0], READABLE)
    if len(held) > 1:
        longest = max(held, key=lambda at: len(options[at]))
        inside = all(_holds(options[longest], options[at]) for at in held)
        return Value(longest, READABLE if inside else 0.5)
    if number is not None and 1 <= number <= len(options):
        return Value(number - 1, READABLE)
    begun = [at for at, option in enumerate(options) if folded and option[: len(folded)] == folded]
    if len(begun) == 1:
        return Value(begun[0], READABLE)
    alike = [at for at, option in enumerate(options) if near(" ".join(folded), " ".join(option))]
    return Value(alike[0], 0.85) if len(alike) == 1 else NO_VALUE


def _holds(text: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return f" {' '.join(wanted)} " in f" {' '.join(text)} "


def _date(question: Question, text: str, context: Context) -> Value:
    if context.today is None:
        return NO_VALUE
    found = list(times.find_days(text, context.today, context.language))
    if not found:
        return NO_VALUE
    days = {times.due(match) for match in found}
    return Value(times.due(found[0]).isoformat(), found[0].confidence if len(days) == 1 else UNSURE)


def _person(question: Question, text: str, context: Context) -> Value:
    owners = named(text, context.people)
    return Value(owners[0].address, 1.0) if len(owners) == 1 else Value(None, 0.5 if owners else 0.0)


def named(text: str, people: Sequence[Person]) -> list[Person]:
    """The people a text names by address, alias, full name or a first name that only one of them has."""
    low, padded = text.lower(), f" {' '.join(words(text))} "
    found = [
        person
        for person in people
        if any(address in low for address in (person.address, *person.aliases))
        or f" {' '.join(words(person.name))} " in padded
    ]
    if found:
        return found
    return [person for person in people if f" {' '.join(words(person.first_name))} " in padded]


def _items(question: Question, text: str, context: Context) -> Value:
    if is_nothing(text, "items"):
        return Value([], 1.0)
    rows = points.parse(text)
    # "Two points from me:" above the points is none of them.
    headed = len(rows) > 1 and not rows[0].marked and rows[0].body.endswith(":") and rows[1].marked
    return Value(points.items(rows[1:] if headed else rows), 1.0)


def _text(question: Question, text: str, context: Context) -> Value:
    rows = points.parse(text)
    bulleted = sum(row.marked for row in rows) > 1 or (len(rows) == 1 and rows[0].marked)
    return Value(points.items(rows) if bulleted else None, 1.0)


_READERS: dict[AnswerType, Callable[[Question, str, Context], Value]] = {
    AnswerType.TEXT: _text,
    AnswerType.ITEMS: _items,
    AnswerType.BLOCKER: _blocker,
    AnswerType.NUMBER: _number,
    AnswerType.SCALE: _scale,
    AnswerType.YES_NO: _yes_no,
    AnswerType.CHOICE: _choice,
    AnswerType.DATE: _date,
    AnswerType.PERSON: _person,
}
