"""Greetings, thanks, closings and names around an answer. They are dropped; everything else is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from assistant.domain.people import Person
from assistant.inbound.nothing import is_nothing
from assistant.inbound.words import labels, phrases, singles
from assistant.inbound.words.fold import Lexicon, Token, fold, tokens, words

MAX_NAME_WORDS = 3
MAX_NAME_LINES = 3
MAX_COURTESY = 90
"""A longer line says more than a greeting."""
BULLETS = "-*•–"
AROUND = frozenset({"and", "und", "et", "y", "for", "now", "aus", "from", "de", "da", "uit", "depuis", "desde"})
AND = frozenset({"and", "und", "et", "y", "e", "en"})
GREETING_ENDS = frozenset(",!.;-–—")
DOUBLE_MEANING = frozenset({"morgen", "morning", "evening", "afternoon", "dag", "re", "dear", "servus", "tach", "yo"})
"""Greetings that also begin ordinary sentences ("Morgen, wenn …"): alone or before a name only."""


@cache
def _known(field: str) -> Lexicon[bool]:
    return Lexicon((" ".join(spelling), True) for spelling in phrases(field))


def without_courtesy(text: str, *, people: Sequence[Person] = (), top: bool = True, bottom: bool = True) -> str:
    """The text without greeting at its top and thanks, closing and name at its bottom."""
    rows = text.splitlines()
    if top:
        rows = _without_greeting(rows)
    if bottom:
        rows = _without_closing(rows, people)
    return "\n".join(rows).strip("\n")


def is_intro(line: str) -> bool:
    """A line that only announces the answers: "here is my update:"."""
    return words(line) in phrases("intros") if len(line) < MAX_COURTESY else False


def _without_greeting(rows: list[str]) -> list[str]:
    first = next((at for at, row in enumerate(rows) if row.strip()), None)
    if first is None:
        return rows
    remaining = _after_greeting(rows[first])
    if remaining is None:
        return rows
    return [*([remaining] if remaining else [""]), *rows[first + 1 :]]


def _after_greeting(line: str) -> str | None:
    """What follows the greeting on its line, or None where there is no greeting."""
    found = tokens(line[:MAX_COURTESY])
    match = _known("greetings").match([token.folded for token in found], 0)
    if match is None:
        return None
    at, names = match[1], 0
    while at < len(found) and _may_be_name(line, found[at]):
        at, names = at + 1, names + 1
    if names > MAX_NAME_WORDS or (at < len(found) and not _ends_greeting(found[at].folded, names)):
        return None
    remaining = line[found[at].end :].lstrip(" ,!.-–—;") if at < len(found) else line[MAX_COURTESY:]
    if not any(letter.isalnum() for letter in remaining):
        return "" if len(line) <= MAX_COURTESY else None
    alone = at < len(found) and found[at].folded == "!"  # "Morning! Not much yesterday"
    return None if at == len(found) or (not names and not alone and found[0].folded in DOUBLE_MEANING) else remaining


def _ends_greeting(mark: str, names: int) -> bool:
    """A comma, an exclamation mark, an emoji; a colon only behind a name ("Morning:" is a label)."""
    if mark[:1].isalnum() or mark in "'’":
        return False
    return mark in GREETING_ENDS or not mark.isascii() or (mark == ":" and names > 0)


def _may_be_name(line: str, token: Token) -> bool:
    written = line[token.start : token.end]
    return token.is_word and written[0].isalpha() and (written[0].isupper() or token.folded in singles("everybody"))


def _without_closing(rows: list[str], people: Sequence[Person]) -> list[str]:
    kept = list(rows)
    while True:
        while kept and not kept[-1].strip():
            kept.pop()
        cut = _closing_at(kept, people)
        if cut is None:
            break
        del kept[cut:]
    if kept:
        kept[-1] = _without_last_thanks(kept[-1])
    return kept


def _closing_at(rows: list[str], people: Sequence[Person]) -> int | None:
    """Where the last closing begins: a line of thanks or regards, with at most a name below it."""
    names = 0
    for at in range(len(rows) - 1, max(-1, len(rows) - 2 * MAX_NAME_LINES - 2), -1):
        line = rows[at].strip()
        if not line:
            continue
        if _is_closing(line):
            return at
        if not names and _is_known_name(line, people):
            return None if _is_listed(rows, at) else at
        names += 1
        if names > MAX_NAME_LINES or not _is_name_line(line):
            return None
    return None


def _is_closing(line: str) -> bool:
    """ "Thanks, Sam", "LG Mia", "Best regards", "Merci !"."""
    if len(line) > MAX_COURTESY or line[:1].isdigit():
        return False
    found = [token for token in tokens(line) if token.is_word]
    folded = [token.folded for token in found]
    at = 1 if folded[:1] and folded[0] in AND and len(folded) > 1 else 0
    begin = at
    while (match := _known("closings").match(folded, at)) is not None:
        at += match[1]
        while at < len(folded) and folded[at] in singles("everybody") | AROUND:
            at += 1
    if at == begin or ":" in line or "?" in line:
        return False
    names = found[at:]
    return (
        len(names) <= MAX_NAME_WORDS
        and all(_may_be_name(line, token) for token in names)
        and not is_nothing(line[names[0].start :] if names else "…x")
    )


def _is_listed(rows: list[str], at: int) -> bool:
    """Whether a name belongs to the line right above it: a label, or another point of the same list."""
    place = at - 1
    while place >= 0 and not rows[place].strip():
        place -= 1
    above = rows[place].strip() if place >= 0 else ""
    if not above:
        return False
    bulleted = above[0] in BULLETS and rows[at].strip()[:1] == above[0]
    labelled = labels().get(words(above)) is not None or (above.endswith(":") and place == at - 1)
    return bulleted or (labelled and not is_nothing(above))


def _is_known_name(line: str, people: Sequence[Person]) -> bool:
    bare = words(line.lstrip("-–—/ "))
    return bool(bare) and any(bare in (words(person.name), words(person.first_name)) for person in people)


def _is_name_line(line: str) -> bool:
    """One to four capitalised words that mean nothing here."""
    found = tokens(line)
    names = [token for token in found if token.is_word]
    if not 0 < len(names) <= MAX_NAME_WORDS + 1 or any(token.folded in {":", "?", "*", "#", "•"} for token in found):
        return False
    if labels().match([token.folded for token in names], 0) is not None or is_nothing(line):
        return False
    return line[0] not in "-*" and all(line[token.start].isupper() for token in names)


def _without_last_thanks(line: str) -> str:
    """ "none. Thanks, Sam" without its last sentence."""
    for mark in (". ", "! ", "; "):
        before, found, last = line.rpartition(mark)
        if found and _is_closing(last.strip()) and len(fold(last)) < MAX_COURTESY // 2 and before.strip():
            return before + mark.strip()
    return line
