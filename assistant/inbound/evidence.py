"""What shows that a line was put there by a mail client: dates, times, addresses and each language's fixed words.

Only bounded patterns and plain string searches: nothing here takes more than linear time over foreign text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.inbound.phrases import languages, words

_TIME = re.compile(r"\d{1,2}\s?[:h\u6642\u65f6\u70b9\uc2dc]\s?\d{2}|\d{1,2}\.\d{2}(?![.\d])|\d{1,2}\s?[ap]\.?m\b")
_DATE = re.compile(
    r"\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}\s?[\u6708\uc6d4]\s?\d{1,2}\s?[\u65e5\uc77c]"
)
_NUMERIC = re.compile(r"\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}|[\u6708\uc6d4]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}")
_DAY = re.compile(r"(?<![\d:.])\d{1,2}(?![\d:])")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]@[^\s@<>()\[\],;:]{1,100}\.\w|mailto:")
WORD = re.compile(r"[^\W\d_]+")
_PHONE = re.compile(r"(?:\+|\(|\b)\d[\d ()./-]{5,20}\d")
_STAMP = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|\d[./]\d{1,2}[./](?:19|20)\d\d")
_LINK = re.compile(r"https?://|\bwww\.|\w@\w")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    verbs: frozenset[str]
    verb_phrases: tuple[str, ...]
    """Those with spaces or signs, or of scripts without spaces; ``plain_phrases`` are those of ASCII letters, by
    their first word."""
    plain_phrases: dict[str, list[str]]
    openers: tuple[str, ...]
    dates: frozenset[str]
    labels: dict[str, str]
    originals: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> _Vocabulary:
    verbs = words("verbs")
    single = frozenset(verb for verb in verbs if (WORD.fullmatch(verb) and verb.isascii()) or len(verb.split()) == 1)
    spaced = {verb for language in languages() if language.spaced for verb in language.verbs}
    phrases = tuple(verb for verb in verbs if verb not in spaced or not WORD.fullmatch(verb))
    kinds = ("subject", "cc", "reply_to", "to", "sent", "from_")
    return _Vocabulary(
        verbs=frozenset(verb for verb in single if verb in spaced and WORD.fullmatch(verb)),
        verb_phrases=phrases,
        plain_phrases=_by_first_word(phrase for phrase in phrases if phrase.isascii()),
        openers=tuple(f"{opener} " for opener in words("openers") if opener),
        dates=frozenset(
            form
            for field in ("months", "weekdays")
            for entry in words(field)
            for form in entry.split()
            if len(form) > 2 or not form.isascii()  # "to", "so", "do" are weekdays somewhere
        ),
        labels={label: kind for kind in kinds for label in words(kind)},
        originals=frozenset(words("originals")),
    )


def _by_first_word(phrases: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for phrase in phrases:
        if first := WORD.search(phrase):
            found.setdefault(first[0], []).append(phrase)
    return found


def has_date(folded: str) -> bool:
    """A numeric date, a year, or a day with a month or weekday by name."""
    if _DATE.search(folded):
        return True
    return bool(_DAY.search(folded)) and not vocabulary().dates.isdisjoint(WORD.findall(folded))


def has_full_date(folded: str) -> bool:
    """A day of a year: "In 2024 they wrote" has none."""
    if not _YEAR.search(folded):
        return False
    return bool(_NUMERIC.search(folded)) or (
        bool(_DAY.search(folded)) and not vocabulary().dates.isdisjoint(WORD.findall(folded))
    )


def has_time(folded: str) -> bool:
    return bool(_TIME.search(folded))


def has_address(folded: str) -> bool:
    return "@" in folded and bool(_ADDRESS.search(folded))


def has_contact(text: str) -> bool:
    """A phone number, a link or an address: what signatures hold."""
    if _LINK.search(text):
        return True
    phone = _PHONE.search(text)
    return phone is not None and not _STAMP.search(phone[0])


def has_verb(folded: str) -> bool:
    known = vocabulary()
    found = WORD.findall(folded)
    if not known.verbs.isdisjoint(found):
        return True
    if not folded.isascii():
        return any(phrase in folded for phrase in known.verb_phrases)
    return any(phrase in folded for word in known.plain_phrases.keys() & found for phrase in known.plain_phrases[word])
