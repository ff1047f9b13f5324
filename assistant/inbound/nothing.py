"""Answers that mean "nothing", in every language: "none", "no blockers at the moment", "rien à signaler"."""

from __future__ import annotations

import re
from functools import cache

from assistant.inbound.phrases import languages
from assistant.inbound.words import phrases
from assistant.inbound.words.fold import Lexicon, near, words

_SENSES = {
    "nothing": "nothing",
    "negatives": "negative",
    "obstacles": "noun",
    "fillers": "filler",
    "closings": "filler",
}
SIGNS_OF_NOTHING = frozenset(
    {"-", "--", "---", "–", "—", "/", "./.", "x", "0", "👍", "✅", "✔", "ok", "n/a", "👌", "🟢", "∅"}
)
ITEM_NOUNS = frozenset(
    {
        *("point", "points", "topic", "topics", "item", "items", "agenda", "question", "questions", "time", "add"),
        *("decision", "decisions", "decided", "action", "actions", "task", "tasks", "talk", "about", "discuss"),
        *("punkt", "punkte", "punkten", "thema", "themen", "frage", "fragen", "mal", "entscheidung", "entscheidungen"),
        *("beschluss", "beschlusse", "beschlossen", "aufgabe", "aufgaben", "sujet", "sujets", "fois", "cette"),
        *("tema", "temas", "punto", "puntos", "vez", "argomento", "argomenti", "punti", "volta", "assunto", "assuntos"),
        *("onderwerp", "onderwerpen", "punten", "keer"),
    }
)
"""Words for what was asked, where points were."""
MAX_NOTHING_WORDS = 14
MAX_FREE = 400
_CLAUSE = re.compile(r"[.!;:,(\n]\s|\s[-–—]\s|[.!;,]?\n|[…]")
PURE_DENIALS = frozenset({"nein", "nee", "no", "nope", "nah", "non", "nej", "nei", "nie"})
"""Words that only deny. "No" stands before a noun as well, so it counts before these only:"""
AFTER_NO = frozenset({"the", "it", "that", "this", "everything", "all", "we", "i", "things", "they"})
MISSPELT_FROM = 5
"""Shorter words must be spelled right."""


@cache
def _emptiness() -> Lexicon[str]:
    """The words that an answer meaning "nothing" may be made of."""
    entries = Lexicon[str]()
    for field, sense in _SENSES.items():
        for spelling in phrases(field):
            entries.add(" ".join(spelling), sense)
    for language in languages():  # those that are read in no other way
        for sense, said in (("nothing", language.nothings), ("noun", language.obstacles), ("filler", language.asides)):
            for phrase in said:
                entries.add(phrase, sense)
    return entries


@cache
def _alone() -> frozenset[tuple[str, ...]]:
    """Whole answers, also of words that mean something else in another language ("nu", "ne")."""
    return frozenset(words(phrase) for language in languages() for phrase in language.nothings)


@cache
def _settled() -> Lexicon[str]:
    entries = Lexicon[str]()
    for field in ("settled", "fillers"):
        for spelling in phrases(field):
            entries.add(" ".join(spelling), field)
    return entries


@cache
def _troubles() -> Lexicon[bool]:
    return Lexicon((" ".join(spelling), True) for spelling in phrases("troubles"))


def is_nothing(text: str, of: str = "") -> bool:
    """Whether an answer says, in any language, that there is nothing: none of its words may say more.

    ``of`` is "items" where points were asked for: "no topics this time" is nothing then.
    """
    bare = text.strip().strip(".!,;:*_ ").lower()
    if not bare:
        return bool(text.strip())
    if bare in SIGNS_OF_NOTHING:
        return True
    if len(bare) > 20 * MAX_NOTHING_WORDS:
        return False
    folded = words(text)
    if not folded or len(folded) > MAX_NOTHING_WORDS:
        return False
    if folded in _alone():
        return True
    if of == "items":
        folded = tuple(word for word in folded if word not in ITEM_NOUNS) or folded
    return _made_of(folded, _emptiness(), ("negative", "nothing"))


def is_free(text: str) -> bool:
    """Whether an answer says that nothing is in the way: a plain "nothing", or "no" with words that only explain it.

    "No, the translations arrived" is free; "No, but I need Ana" and "No staging database" are not.
    """
    if is_nothing(text):
        return True
    if len(text) > MAX_FREE:
        return False
    first, *others = [clause for clause in _CLAUSE.split(text) if words(clause)] or [""]
    folded = words(first)
    if not (is_nothing(first) or _made_of(folded, _settled(), ("settled",)) or _misspelt(folded)):
        denied = len(folded) > 1 and folded[0] in PURE_DENIALS and (folded[0] != "no" or folded[1] in AFTER_NO)
        if not denied or _troubled(folded[1:]):
            return False
    return all(is_nothing(clause) or not _troubled(words(clause)) for clause in others)


def _made_of(folded: tuple[str, ...], known: Lexicon[str], wanted: tuple[str, ...]) -> bool:
    """Whether all words are known there, and one of them in a wanted sense."""
    found = False
    at = 0
    while at < len(folded):
        match = known.match(folded, at)
        if match is None:
            return False
        found = found or match[0] in wanted
        at += match[1]
    return found


def _troubled(folded: tuple[str, ...]) -> bool:
    return any(_troubles().match(folded, at) for at in range(len(folded)))


def _misspelt(folded: tuple[str, ...]) -> bool:
    """ "Nothign" """
    if len(folded) != 1 or len(folded[0]) < MISSPELT_FROM:
        return False
    return any(
        len(spelling) == 1 and len(spelling[0]) >= MISSPELT_FROM and near(folded[0], spelling[0])
        for spelling in phrases("negatives")
    )
