"""Foreign text made comparable: letters folded, words cut out with their place in the original.

Only what is compared is folded; what is stored stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

MAX_TOKENS = 20_000
"""Beyond it a text is not read as phrases any more (it is still kept)."""

# Letters of other scripts that look like Latin ones, as they turn up in spoofed or badly typed words.
LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһкмтвнгԛԝ" + "αορνικτυχε" + "øłđı’‘ʼ`´",
    "aeopcyxijsdhkmtbhrqw" + "aopviktuxe" + "oldi'''''",
)
LIGATURES = {"æ": "ae", "œ": "oe"}

# One character class per alternative and no overlap between neighbours: the scan never steps back.
_ASCII_WORD = re.compile(r"\d+|[a-z]+")
SHORT = 200
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*|[^\w\s]|_")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, without accents, look-alike letters replaced inside words that hold Latin ones."""
    if text.isascii():
        return text.lower()
    low = text.casefold()
    plain = low.translate(LOOKALIKES) if any("a" <= letter <= "z" for letter in low) else low
    for ligature, letters in LIGATURES.items():
        plain = plain.replace(ligature, letters)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


class Token(NamedTuple):
    """A word, a number or one mark; ``folded`` to compare, ``start`` and ``end`` in the original text."""

    folded: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.folded[:1].isalnum()


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        found.append(Token(fold(match.group()), match.start(), match.end()))
        if len(found) >= MAX_TOKENS:
            break
    return found


def words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, without marks."""
    return _short_words(text) if len(text) <= SHORT else _words(text)


def _words(text: str) -> tuple[str, ...]:
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text.lower())[:MAX_TOKENS])
    return tuple(token.folded for token in tokens(text) if token.is_word)


@lru_cache(maxsize=2048)
def _short_words(text: str) -> tuple[str, ...]:
    """The same for a line, which several readers look at one after another."""
    return _words(text)


def split(phrases: str) -> tuple[str, ...]:
    """The phrases of ``"one|two words|…"``."""
    return tuple(phrase.strip() for phrase in phrases.split("|") if phrase.strip())


_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}


def spellings(phrase: str) -> set[tuple[str, ...]]:
    """The folded words of a phrase, and those of its spelling without umlauts (naechste)."""
    other = "".join(_UMLAUTS.get(letter, letter) for letter in phrase.lower())
    return {words(phrase), words(other)} - {()}


T = TypeVar("T")


class Lexicon(Generic[T]):
    """Phrases of several words with a meaning each; the first meaning given to a phrase stays."""

    def __init__(self, entries: Iterable[tuple[str, T]] = ()) -> None:
        self._meaning: dict[tuple[str, ...], T] = {}
        self._longest: dict[str, int] = {}
        for phrase, meaning in entries:
            self.add(phrase, meaning)

    def add(self, phrase: str, meaning: T) -> None:
        for spelling in spellings(phrase):
            if spelling not in self._meaning:
                self._meaning[spelling] = meaning
                first = spelling[0]
                self._longest[first] = max(self._longest.get(first, 0), len(spelling))

    def __contains__(self, spelling: tuple[str, ...]) -> bool:
        return spelling in self._meaning

    def get(self, spelling: tuple[str, ...]) -> T | None:
        return self._meaning.get(spelling)

    def firsts(self) -> Mapping[str, int]:
        """The first words, each with the length in words of its longest phrase."""
        return self._longest

    def match(self, folded: tuple[str, ...] | list[str], at: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase that begins at word ``at``, and its length in words."""
        if at >= len(folded):
            return None
        for length in range(min(self._longest.get(folded[at], 0), len(folded) - at), 0, -1):
            spelling = tuple(folded[at : at + length])
            if spelling in self._meaning:
                return self._meaning[spelling], length
        return None


def near(word: str, keyword: str) -> bool:
    """Whether a keyword was meant: one letter missing, added, wrong, or two neighbours swapped. Linear."""
    if word == keyword:
        return True
    if len(keyword) < 4 or abs(len(word) - len(keyword)) > 1:
        return False
    start = 0
    while start < min(len(word), len(keyword)) and word[start] == keyword[start]:
        start += 1
    rest, wanted = word[start:], keyword[start:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (len(rest) > 1 and len(wanted) > 1 and rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    )
