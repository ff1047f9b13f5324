"""Absences in plain words: "away until Monday", "on holiday from 1 to 5 Dec", "krank heute", "bin bis Montag weg"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from assistant.inbound import times
from assistant.inbound.days import ORDINALS
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, misspelt
from assistant.inbound.words import LANGUAGES, phrases
from assistant.inbound.words.fold import Lexicon, Token, split, tokens, words

TOO_LITTLE = frozenset({"off", "out", "frei", "fuera", "fuori", "fora", "vrij", "leave", "via", "libre"})
"""Alone they are not enough to be sure."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Whole local days, both inclusive; ``last`` None is until further notice."""

    first: date
    last: date | None
    confidence: float


def read(line: str, today: date, language: str) -> list[Spell]:
    """ "away", "away until Monday", "I'm on holiday from 1 Dec to 5 Dec", "bin bis Montag weg", "krank heute"."""
    folded = words(line)
    if not any(_phrases().match(folded, at) or _misspelt(word) for at, word in enumerate(folded)):
        return []  # a quick look before the grammar
    found = list(times.find_days(line, today, language))
    returning = _return(line, found)
    if returning is not None:
        return _until_return(line[: returning.start], returning.day, today, language)
    if len(found) > 2 or any(match.first < today - timedelta(days=7) and match.last < today for match in found):
        return []
    left = _outside(line, found)
    span = _bare_range(line, today, language) if len(found) == 1 else None
    confidence = _absence_words(left, bool(found), span is not None)
    if not confidence:
        return []
    if found and any(token.folded in _dangling() for token in left):
        confidence = min(confidence, GUESSED)  # "away Monday until"
    if len(found) == 2 and _apart(line, found):
        spells = [_span([match], line, today) for match in found]
    else:
        spells = [span or _span(found, line, today)]
    return [replace(spell, confidence=min(spell.confidence, confidence)) for spell in spells if spell is not None]


class _Return(NamedTuple):
    """The day somebody is back, and where in the line that is said."""

    day: date
    start: int


def _return(line: str, found: list[times.DayMatch]) -> _Return | None:
    """ "…, back on Monday", "…, ab Montag wieder da": a clause with that day, and nothing else in it."""
    if not found or found[-1].first != found[-1].last:
        return None
    row, back = tokens(line), found[-1]
    earlier = found[-2].end if len(found) > 1 else 1
    ends = [token for token in row if earlier <= token.start < back.start and _parts_clauses(token)]
    starts = [earlier, *(token.start for token in ends)] if len(found) > 1 else [token.start for token in ends]
    for start in reversed(starts):
        clause = [token for token in row if token.is_word and token.start >= start]
        if _says_back([token.folded for token in clause if not back.start <= token.start < back.end]):
            return _Return(back.first, start)
    return None


def _parts_clauses(token: Token) -> bool:
    return token.folded in {",", ".", ";", "-", "–", "—", "("} or token.folded in keywords("and")


def _says_back(folded: list[str]) -> bool:
    at, told = 0, False
    while at < len(folded):
        match, around = _returning().match(folded, at), _around().match(folded, at)
        if match is None and around is None and folded[at] not in keywords("and"):
            return False
        told = told or match is not None
        at += match[1] if match is not None else around[1] if around is not None else 1
    return told


def _until_return(line: str, back: date, today: date, language: str) -> list[Spell]:
    """The absence that the line tells, until the day before."""
    spells = read(line, today, language)
    if not spells or back <= spells[-1].first:
        return []
    last = back - timedelta(days=1)
    earlier = [spell.last for spell in spells if spell.last is not None]
    if earlier and max(earlier) > last:
        return [replace(spell, confidence=GUESSED) for spell in spells]
    # "From 1 Dec" alone is not sure, with the day of the return it is.
    return [Spell(spells[0].first, last, min(CLEAR, max(spell.confidence for spell in spells) + CLEAR - GUESSED))]


@cache
def _returning() -> Lexicon[bool]:
    return Lexicon((phrase, True) for phrase in keywords("returning"))


@cache
def _phrases() -> Lexicon[bool]:
    return Lexicon((phrase, True) for key in ("away", "sick") for phrase in keywords(key))


@lru_cache(maxsize=8192)
def _misspelt(word: str) -> bool:
    return any(misspelt(word, key) for key in ("away", "sick"))


def _apart(line: str, found: list[times.DayMatch]) -> bool:
    """ "Tomorrow and Friday" are two days, not the days between them."""
    between = words(line[found[0].end : found[1].start])
    return (
        found[0].relation is None
        and found[1].relation in (None, "at", "and")
        and between[-1:] != ()
        and any(between[-1] in split(language.relations["and"]) for language in LANGUAGES.values())
    )


def _outside(line: str, found: list[times.DayMatch]) -> list[Token]:
    """The words that are not part of a day phrase."""
    return [
        token
        for token in tokens(line)
        if token.is_word and not any(match.start <= token.start < match.end for match in found)
    ]


def _absence_words(left: list[Token], dated: bool, ranged: bool) -> float:
    """Whether the words beside the days say "I am away" and nothing else."""
    folded = [token.folded for token in left]
    at, named, confidence = 0, False, CLEAR
    while at < len(folded):
        size = _absence_size(folded, at)
        if size:
            named, at = True, at + size
            continue
        match = _around().match(folded, at)
        if match is not None:
            at += match[1]
        elif ranged and (folded[at].isdecimal() or folded[at] in ORDINALS):
            at += 1
        elif not named and any(misspelt(folded[at], key) for key in ("away", "sick")):
            named, confidence, at = True, TYPO, at + 1
        else:
            return 0.0
    if not named:
        return 0.0
    # "Off", "frei" or "out" alone is too little to be sure.
    weak = not dated and len(folded) == 1 and folded[0] in TOO_LITTLE
    return GUESSED if weak else confidence


@cache
def _dangling() -> frozenset[str]:
    """Words that lead to a day, which they have lost where they stand apart."""
    return (
        frozenset(
            word
            for language in LANGUAGES.values()
            for sense in ("until", "through")
            for phrase in split(language.relations.get(sense, ""))
            for word in words(phrase)
            if len(word) > 2
        )
        - {word for phrase in keywords("inclusive") for word in words(phrase)}
        - {"the", "und", "and", "para", "los"}
    )


def _absence_size(folded: list[str], at: int) -> int:
    for size in range(min(4, len(folded) - at), 0, -1):
        phrase = " ".join(folded[at : at + size])
        if phrase in keywords("away") or phrase in keywords("sick"):
            return size
    return 0


@cache
def _around() -> Lexicon[bool]:
    """What may stand around an absence: "I am", "please", "from", "the"."""
    around = Lexicon[bool]()
    for word in keywords("regret"):
        around.add(word, True)
    for field in ("myself", "politeness"):
        for spelling in phrases(field):
            around.add(" ".join(spelling), True)
    for language in LANGUAGES.values():
        for sense in ("until", "through", "from", "to", "and", "at", "between"):
            for phrase in split(language.relations.get(sense, "")):
                around.add(phrase, True)
        for phrase in split(language.commands.get("inclusive", "")):
            around.add(phrase, True)
        for phrase in ("on", "the", "am", "den", "le", "el", "il", "op", "back", "no", "em", "of"):
            around.add(phrase, True)
    return around


def _span(found: list[times.DayMatch], line: str, today: date) -> Spell | None:
    """First and last day, and how sure. "Until Monday" ends on Sunday, "through" and "from … to" include the last."""
    if not found:
        return Spell(today, today, CLEAR)
    first = found[0]
    sure = min(match.confidence for match in found)
    if len(found) == 2:
        return Spell(first.first, found[1].last, sure) if first.first <= found[1].last else None
    if first.relation in ("until", "by", "before"):
        inclusive = first.grain == "week" or set(words(line)) & {w for p in keywords("inclusive") for w in p.split()}
        last = first.last if inclusive else first.first - timedelta(days=1)
        return Spell(today, last, sure) if last >= today else None
    if first.relation == "through":
        return Spell(today, first.last, sure)
    if first.relation == "from":
        # From a day on, and nobody said until when: that day and no more is certain.
        return Spell(first.first, None, min(sure, GUESSED))
    return Spell(first.first, first.last, sure) if first.last >= today else None


def _bare_range(line: str, today: date, language: str) -> Spell | None:
    """ "1 - 5 Dec", "vom 1. bis 5.12.": the first day's month is told with the last one."""
    for match in times.find_days(line, today, language):
        numbers = [
            token for token in tokens(line[: match.start]) if token.folded.isdecimal() and len(token.folded) <= 2
        ]
        if len(numbers) != 1 or not 1 <= int(numbers[0].folded) < match.last.day:
            return None
        start = match.last.replace(day=int(numbers[0].folded))
        return Spell(start, match.last, match.confidence) if start >= today else None
    return None
