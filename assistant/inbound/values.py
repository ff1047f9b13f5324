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
from assistant.inbound.spelled import places
from assistant.inbound.words import phrases, singles
from assistant.inbound.words.fold import fold, near, words

SCALE_TOP = 10.0
_BETWEEN = frozenset({"between", "zwischen", "entre", "tra", "fra", "tussen"})
_NOT = frozenset({"not", "nicht", "non", "no", "nao", "niet", "pas"})
_ECHOES = frozenset(tuple(words(said)) for said in ("I do", "it does", "we do", "we did", "it is", "I did", "it did"))
"""A whole answer that says the question's verb again."""
_SIGHS = frozenset(
    {
        *("unfortunately", "sadly", "well", "leider", "malheureusement", "helas", "lamentablemente", "infelizmente"),
        *("purtroppo", "helaas", "hm", "hmm", "oh", "also", "puh", "na", "err", "um"),
    }
)
"""What may stand before a yes or no and changes nothing."""


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
    for at, (number, unit) in enumerate(pairwise(parts)):
        amount = _amount(number)
        if amount is None:
            continue
        if unit in _unit_words("minutes"):
            return round(amount)
        if unit in _unit_words("hours"):
            return round(amount * 60) + _odd_minutes(parts[at + 2 :])
    return None


def _amount(number: str) -> float | None:
    digits = number.replace(",", ".")
    if number in _ONE_AND_A_HALF:
        return 1.5
    return float(digits) if digits.replace(".", "").isdecimal() else figures.spelled(number)


_ONE_AND_A_HALF = frozenset({"anderthalb", "eineinhalb", "anderhalf", "anderhalve"})


def _odd_minutes(parts: Sequence[str]) -> int:
    """The 30 of "1h30" and of "1 hour and 30 minutes"."""
    rest = [part for part in parts[:3] if part not in {"and", "und", "et", "y", "e", "en"}]
    if not rest or not rest[0].isdecimal() or int(rest[0]) >= 60:
        return 0
    minutes = len(rest) > 1 and rest[1] in _unit_words("minutes")
    return int(rest[0]) if minutes or len(rest[0]) == 2 else 0


def _holds_half_hour(parts: Sequence[str]) -> bool:
    only = tuple(part for part in parts if part[:1].isalnum())
    wanted = phrases("half_hour")
    return any(only[at : at + size] in wanted for at in range(len(only)) for size in (2, 3) if at + size <= len(only))


def _number(question: Question, text: str, context: Context) -> Value:
    found = figures.find(text, context.language)
    if not found:
        told = figures.spelled_in(words(text))
        return Value(told[0], READABLE) if len(told) == 1 and len(words(text)) <= 3 else NO_VALUE
    chosen, fit = figures.current(text, found)
    return Value(chosen.value, fit if chosen.certain else min(fit, 0.75))


def _scale(question: Question, text: str, context: Context) -> Value:
    found = figures.find(text, context.language)
    if not found:
        told = [value for value in figures.spelled_in(words(text)) if value <= SCALE_TOP]
        if len(told) == 2 and set(words(text)) & figures.OF:
            told = told[:1]  # "ten out of ten"
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
        joined = between in {"and", "und", "et", "y", "e", "en"} and before[-1:] and before[-1] in _BETWEEN
        if joined or between in {"-", "–", "to", "or", "bis", "oder"}:
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
    while len(folded) > 1 and folded[0] in _SIGHS:
        folded = folded[1:]
    if folded in _ECHOES:
        return Value(True, READABLE)
    bare = text.strip()
    if bare[:1] in {"👍", "✅", "✔"}:
        return Value(True, READABLE)
    if bare[:1] in {"👎", "❌"}:
        return Value(False, READABLE)
    yes, no = _leading("yes", folded), _leading("no", folded)
    if yes == no:
        return NO_VALUE
    rest = folded[max(yes, no) :]
    if yes > no and rest:
        behind = rest[1:] if rest[0] in {"que", "di", "and", "und", "et", "y", "e", "en"} else rest
        if behind[:1] and behind[0] in _NOT | {"nein", "nee"}:
            # "Of course not" is a no, "yes and no" is neither.
            both = rest[0] != behind[0] and rest[0] not in {"que", "di"}
            return NO_VALUE if both else Value(False, READABLE)
    return Value(yes > no, READABLE if rest else 1.0)


def _leading(field: str, folded: tuple[str, ...]) -> int:
    """The number of words of the longest phrase of a field that a text begins with."""
    known = phrases(field)
    return max((size for size in range(1, min(5, len(folded)) + 1) if folded[:size] in known), default=0)


def _choice(question: Question, text: str, context: Context) -> Value:
    folded, options = words(text), [words(option) for option in question.options]
    if folded in options:
        return Value(options.index(folded), 1.0)
    named = _held(folded, options)
    if named is not None:
        return named
    number = _place(text, folded, len(options))
    if number is not None and 1 <= number <= len(options):
        return Value(number - 1, READABLE)
    return _nearly(folded, options)


def _place(text: str, folded: tuple[str, ...], count: int) -> int | None:
    """The number or letter of an option, from 1: "2", "b)", "the second one"."""
    number, _, _ = points.numbered(text.strip())
    if number is not None:
        return number
    picked = [token for token in folded if token.isdecimal()]
    told = places(folded, count) or [value for value in figures.spelled_in(folded) if value]
    small = len(folded) <= 4
    if len(picked) == 1 and small and len(picked[0]) < 4:
        return int(picked[0])
    if not picked and len(told) == 1 and small:
        return int(told[0])
    if len(folded) == 1 and len(folded[0]) == 1 and folded[0].isascii():
        return ord(folded[0]) - ord("a") + 1
    return None


def _held(folded: tuple[str, ...], options: Sequence[tuple[str, ...]]) -> Value | None:
    """The option whose words stand in the text; below the floor where it is turned down or two of them do."""
    held = [at for at, option in enumerate(options) if option and _holds(folded, option)]
    if not held:
        return None
    longest = max(held, key=lambda at: len(options[at]))
    inside = all(_holds(options[longest], options[at]) for at in held)
    denied = any(word in _NOT and word not in options[longest] for word in folded)
    return Value(longest, READABLE if inside and not denied else 0.5)


def _nearly(folded: tuple[str, ...], options: Sequence[tuple[str, ...]]) -> Value:
    """The one option that begins so, or that is one letter away."""
    said = tuple(word for word in folded if word not in singles("politeness"))
    begun = [at for at, option in enumerate(options) if said and option[: len(said)] == said]
    if len(begun) == 1:
        return Value(begun[0], READABLE)
    if len(said) == 1:
        slips = [at for at, option in enumerate(options) if any(near(said[0], word) for word in option)]
        if len(slips) == 1:
            return Value(slips[0], 0.85)
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
    owners = named(text, context.people) or _by_last_name(text, context.people)
    if owners and not {"me", "myself", "ich", "moi", "yo", "eu", "io", "ik"}.isdisjoint(words(text)):
        return Value(None, 0.5)  # "me and Sam"
    return Value(owners[0].address, 1.0) if len(owners) == 1 else Value(None, 0.5 if owners else 0.0)


def _by_last_name(text: str, people: Sequence[Person]) -> list[Person]:
    """A last name is enough where little else was written: "Park" is a word as well."""
    folded = words(text)
    return [p for p in people if words(p.name)[-1:] and words(p.name)[-1] in folded] if len(folded) <= 2 else []


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
