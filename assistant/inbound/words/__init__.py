"""The words people use in answers, commands and times, one file for each language, all understood at once.

People answer in whichever language they like, whatever the prompt was written in; only where a word means two things
(German "do", Spanish "mar") does the reader's language decide.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from assistant.inbound.words import de, en, es, fr, it, nl, pt
from assistant.inbound.words.fold import Lexicon, spellings, split
from assistant.inbound.words.model import Words

LANGUAGES: dict[str, Words] = {module.WORDS.code: module.WORDS for module in (en, de, fr, es, pt, it, nl)}


def languages(first: str = "en") -> list[Words]:
    """Every language, that of the reader ("de", "de-AT") first."""
    code = first.lower().replace("_", "-").split("-")[0]
    return sorted(LANGUAGES.values(), key=lambda words: words.code != code)


@cache
def phrases(field: str) -> frozenset[tuple[str, ...]]:
    """The folded phrases that all languages have in a field of plain phrases."""
    return frozenset(
        spelling
        for words in LANGUAGES.values()
        for phrase in split(getattr(words, field))
        for spelling in spellings(phrase)
    )


@cache
def singles(field: str) -> frozenset[str]:
    """The single folded words out of which a field's phrases are made."""
    return frozenset(word for phrase in phrases(field) for word in phrase)


@cache
def labels() -> Lexicon[frozenset[str]]:
    """What stands before an answer, with the concepts it may stand for."""
    meanings: dict[str, set[str]] = {}
    for words in LANGUAGES.values():
        for concept, written in words.labels.items():
            for phrase in split(written):
                meanings.setdefault(phrase, set()).add(concept)
    return Lexicon((phrase, frozenset(concepts)) for phrase, concepts in meanings.items())


def lexicon(pick: Callable[[Words], dict[str, str]], language: str) -> Lexicon[str]:
    """The phrases of a field by meaning, where a word in the reader's language wins over the others."""
    return Lexicon(
        (phrase, meaning)
        for words in languages(language)
        for meaning, written in pick(words).items()
        for phrase in split(written)
    )
