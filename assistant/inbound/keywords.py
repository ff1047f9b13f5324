"""The keywords of commands in all languages, and how far a word may be from one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import Lexicon, near, spellings, split

CLEAR, TYPO, GUESSED = 0.95, 0.85, 0.7
TYPO_LENGTH = 4
"""Keywords shorter than this must be spelled right."""


@cache
def keywords(keyword: str) -> frozenset[str]:
    """The folded phrases of a command in all languages."""
    return frozenset(
        " ".join(spelling)
        for language in LANGUAGES.values()
        for table in (language.commands, language.asks)
        for phrase in split(table.get(keyword, ""))
        for spelling in spellings(phrase)
    )


@cache
def lexicon(keyword: str) -> Lexicon[bool]:
    """The same, to be looked for inside a row of folded words."""
    return Lexicon((phrase, True) for phrase in keywords(keyword))


def sureness(folded: Sequence[str], keyword: str) -> float:
    """How sure it is that the words are that keyword's phrase and nothing else; 0 when they are not."""
    phrase = " ".join(folded)
    known = keywords(keyword)
    if phrase in known:
        return CLEAR
    return TYPO if len(folded) == 1 and misspelt(phrase, keyword) else 0.0


@lru_cache(maxsize=8192)
def misspelt(word: str, keyword: str) -> bool:
    """Whether a word is one letter off one of the keyword's spellings, and no other word that we know."""
    if len(word) < TYPO_LENGTH or word in _ordinary() or word in _spelled_right():
        return False
    return any(_slip(word, wanted) for wanted in keywords(keyword) if " " not in wanted and len(wanted) >= TYPO_LENGTH)


def _slip(word: str, wanted: str) -> bool:
    """In words of four letters only swapped ones count: "shop" and "step" are not "stop"."""
    short = len(wanted) == TYPO_LENGTH == len(word)
    return near(word, wanted) and (not short or sorted(word) == sorted(wanted))


@cache
def _spelled_right() -> frozenset[str]:
    """The words of all keywords: "done" is no slip of "donne"."""
    known = {key for language in LANGUAGES.values() for key in (*language.commands, *language.asks)} - {"move_talk"}
    return frozenset(phrase for key in known for phrase in keywords(key) if " " not in phrase)


@cache
def _ordinary() -> frozenset[str]:
    """Words one letter away from a keyword that are words of their own."""
    return frozenset(
        {
            *("store", "stomp", "stoop", "stops", "smart", "stark", "assume", "resumes", "resumed", "hilft", "passt"),
            *("pasta", "faits", "paroi", "paris", "pager", "haste", "cause", "clause", "aides", "heiter", "leiter"),
            *("finish", "closed", "closer", "those", "chose", "loser", "leaves", "leaver", "resumen", "completes"),
        }
    )
