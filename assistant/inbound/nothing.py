"""Answers that mean "nothing", in every language: "none", "no blockers at the moment", "rien à signaler"."""

from __future__ import annotations

from functools import cache

from assistant.inbound.words import phrases
from assistant.inbound.words.fold import Lexicon, words

_SENSES = {
    "nothing": "nothing",
    "negatives": "negative",
    "obstacles": "noun",
    "fillers": "filler",
    "closings": "filler",
}


@cache
def _emptiness() -> Lexicon[str]:
    """The words that an answer meaning "nothing" may be made of."""
    entries = Lexicon[str]()
    for field, sense in _SENSES.items():
        for spelling in phrases(field):
            entries.add(" ".join(spelling), sense)
    return entries


SIGNS_OF_NOTHING = frozenset(
    {"-", "--", "---", "–", "—", "/", "./.", "x", "0", "👍", "✅", "✔", "ok", "n/a", "👌", "🟢", "∅"}
)
MAX_NOTHING_WORDS = 14


def is_nothing(text: str) -> bool:
    """Whether an answer says, in any language, that there is nothing: none of its words may say more."""
    bare = text.strip().strip(".!,;:*_ ").lower()
    if not bare:
        return bool(text.strip())
    if bare in SIGNS_OF_NOTHING:
        return True
    folded = words(text)
    if not folded or len(folded) > MAX_NOTHING_WORDS:
        return False
    found = False
    at = 0
    while at < len(folded):
        match = _emptiness().match(folded, at)
        if match is None:
            return False
        found = found or match[0] in ("negative", "nothing")
        at += match[1]
    return found
