"""The keywords of commands in all languages, and how far a word may be from one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import near, split, words

CLEAR, TYPO, GUESSED = 0.95, 0.85, 0.7
TYPO_LENGTH = 4
"""Keywords shorter than this must be spelled right."""


@cache
def keywords(keyword: str) -> frozenset[str]:
    """The folded phrases of a command in all languages."""
    return frozenset(
        " ".join(words(phrase))
        for language in LANGUAGES.values()
        for phrase in split(language.commands.get(keyword, ""))
    )


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
    if len(word) < TYPO_LENGTH or word in _ordinary():
        return False
    return any(_slip(word, wanted) for wanted in keywords(keyword) if " " not in wanted and len(wanted) >= TYPO_LENGTH)


def _slip(word: str, wanted: str) -> bool:
    """In words of four letters only swapped ones count: "shop" and "step" are not "stop"."""
    short = len(wanted) == TYPO_LENGTH == len(word)
    return near(word, wanted) and (not short or sorted(word) == sorted(wanted))


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
