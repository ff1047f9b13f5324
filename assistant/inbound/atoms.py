"""Text as a row of atoms, each a word or phrase with all it may mean in a time phrase: the input of the day grammar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assistant.inbound.words import languages
from assistant.inbound.words.fold import Lexicon, Token, spellings, split, tokens
from assistant.inbound.words.model import Words

Meaning = tuple[str, int | str]
MAX_ATOMS = 2_000
APOSTROPHES = frozenset("'’‘`´")
HYPHENS = frozenset("-‐‑")
SHORT = 3
"""Words up to this length are taken from the reader's language and from English only: "do", "mar", "sex"."""


@dataclass(frozen=True, slots=True)
class Atom:
    """``word`` is folded, ``written`` as it stands at ``start``–``end`` of the text."""

    word: str
    written: str
    start: int
    end: int
    meanings: frozenset[Meaning] = frozenset()

    def value(self, kind: str) -> int | None:
        """The least number it may stand for in that kind ("weekday", "month", "day", "num")."""
        return min((value for name, value in self.meanings if name == kind and isinstance(value, int)), default=None)

    def means(self, kind: str, *values: str) -> bool:
        return any((kind, value) in self.meanings for value in values)

    def has(self, kind: str) -> bool:
        return any(name == kind for name, _ in self.meanings)

    def which(self, kind: str) -> str | None:
        """The word's sense in that kind, first in the alphabet where there are several."""
        return min((value for name, value in self.meanings if name == kind and isinstance(value, str)), default=None)

    @property
    def number(self) -> int | None:
        """The value of digits; at most four of them are a number here."""
        return int(self.word) if self.word.isdecimal() and len(self.word) <= 4 else None


def _entries(words: Words) -> Iterator[tuple[str, Meaning]]:
    for kind, rows in (("weekday", words.weekdays), ("month", words.months), ("num", words.numbers)):
        for index, row in enumerate(rows):
            yield from ((phrase, (kind, index)) for phrase in split(row))
    for offset, row in words.days.items():
        yield from ((phrase, ("day", offset)) for phrase in split(row))
    for name, table in (
        ("part", words.parts),
        ("unit", words.units),
        ("mod", words.modifiers),
        ("rel", words.relations),
        ("clock", words.clock),
    ):
        for sense, row in table.items():
            yield from ((phrase, (name, sense)) for phrase in split(row))
    for name, row in (
        ("noise", words.noise),
        ("deny", words.denials),
        ("instead", words.instead),
        ("contrast", words.contrasts),
        ("move", words.moves),
    ):
        yield from ((phrase, (name, name)) for phrase in split(row))
    yield from _compounds(words)


def _compounds(words: Words) -> Iterator[tuple[str, Meaning]]:
    """German and Dutch write day and part of day as one word: Dienstagnachmittag, maandagochtend."""
    if words.code not in ("de", "nl"):
        return
    tomorrow_is_morning = {"morning": f"{words.parts['morning']}|morgen"}
    for index, row in enumerate(words.weekdays):
        for sense, parts in {**words.parts, **tomorrow_is_morning}.items():
            for part in split(parts):
                if " " not in part:
                    yield split(row)[0] + part, ("weekday", index)
                    yield split(row)[0] + part, ("part", sense)


@cache
def time_lexicon(language: str) -> Lexicon[frozenset[Meaning]]:
    """All that a phrase may mean in the first language that knows it, the reader's before the others."""
    known: dict[tuple[str, ...], set[Meaning]] = {}
    for rank, words in enumerate(languages(language)):
        own: dict[tuple[str, ...], set[Meaning]] = {}
        for phrase, meaning in _entries(words):
            for spelling in spellings(phrase):
                length = len("".join(spelling))
                until = length == SHORT and meaning in (("rel", "until"), ("rel", "through"))
                if rank == 0 or words.code == "en" or length > SHORT or until:
                    own.setdefault(spelling, set()).add(meaning)
        for spelling, meanings in own.items():
            known.setdefault(spelling, meanings)
    return Lexicon((" ".join(spelling), frozenset(meanings)) for spelling, meanings in known.items())


def _joined(found: list[Token]) -> list[Token]:
    """Without apostrophes, and without hyphens inside words (après-midi, but not 10-12)."""
    kept: list[Token] = []
    for index, token in enumerate(found):
        if token.folded in APOSTROPHES:
            continue
        if token.folded in HYPHENS and 0 < index < len(found) - 1:
            before, after = found[index - 1], found[index + 1]
            touching = before.end == token.start and token.end == after.start
            if touching and before.folded.isalpha() and after.folded.isalpha():
                continue
        if token.folded in "./" and 0 < index < len(found) - 1:
            # p.m., t/m
            before, after = found[index - 1], found[index + 1]
            touching = before.end == token.start and token.end == after.start
            if touching and len(before.folded + after.folded) == 2 and (before.folded + after.folded).isalpha():
                continue
        kept.append(token)
    return kept


def atoms(text: str, language: str) -> list[Atom]:
    lexicon = time_lexicon(language)
    found = _joined(tokens(text))[:MAX_ATOMS]
    folded = [token.folded for token in found]
    row: list[Atom] = []
    index = 0
    while index < len(found):
        match = lexicon.match(folded, index)
        meanings, length = match if match else (frozenset[Meaning](), 1)
        start, end = found[index].start, found[index + length - 1].end
        row.append(Atom(" ".join(folded[index : index + length]), text[start:end], start, end, meanings))
        index += length
    return row
