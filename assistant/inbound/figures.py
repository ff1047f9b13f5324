"""Figures in plain words: "4.2k", "1,5 Mio", "45 %", "from 12 to 17"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.inbound.spelled import LONGEST, compounds
from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import fold, spellings, split, words

READABLE, UNSURE = 0.9, 0.6
DECIMAL_POINT = frozenset({"en"})
"""Languages that write 1,000.5; the others here write 1.000,5."""


@cache
def spelled_numbers() -> dict[str, float]:
    known: dict[str, float] = {}
    for language in LANGUAGES.values():
        for number, written in enumerate(language.numbers):
            for phrase in split(written):
                for spelling in spellings(phrase):
                    known.setdefault(" ".join(spelling), float(number))
    return {**compounds(), **known}


def spelled(word: str) -> float | None:
    return spelled_numbers().get(word)


_NUMBER = re.compile(r"[-−]?\d[\d.,'’\u00a0\u202f]*")
_SCALES = {
    "k": 1e3, "tsd": 1e3, "mille": 1e3, "mil": 1e3, "thousand": 1e3, "tausend": 1e3, "duizend": 1e3, "mila": 1e3,
    "m": 1e6, "mio": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "miljoen": 1e6, "millones": 1e6,
    "milioni": 1e6, "milhoes": 1e6, "mln": 1e6, "millon": 1e6, "milhao": 1e6, "milione": 1e6,
    "bn": 1e9, "b": 1e9, "mrd": 1e9, "billion": 1e9, "milliarden": 1e9, "milliards": 1e9, "mld": 1e9, "miliardi": 1e9,
    "miljard": 1e9, "milliarde": 1e9,
}  # fmt: skip
_AIM = frozenset(
    {
        "target",
        "goal",
        "aim",
        "ziel",
        "soll",
        "cible",
        "objectif",
        "meta",
        "objetivo",
        "obiettivo",
        "doel",
        "plan",
        "of",
    }
) - {"of"}
_BEFORE = frozenset(
    {"was", "war", "waren", "were", "previously", "before", "vorher", "zuvor", "avant", "antes", "prima", "era"}
)
"""Before a figure they say that it holds no more."""
_NOW = frozenset({"to", "auf", "a", "au", "naar", "bis", "para", "until", "now", "jetzt", "al", "tot"})
_THEN = frozenset(
    {"from", "von", "de", "da", "van", "was", "war", "vs", "desde", "up", "previously", "before", "vorher"}
)
OF = frozenset({"of", "von", "sur", "de", "su", "van"})
MAX_DIGITS = 18
GROUP = 3


@dataclass(frozen=True, slots=True)
class Figure:
    value: float
    start: int
    end: int
    certain: bool


ARTICLES = frozenset({"a", "an", "un", "une", "una", "um", "uma", "ein", "eine", "einen", "einer", "een", "uno", "o"})
"""They are number words as well, but alone they count nothing."""
_DOZENS = frozenset({"dozen", "dutzend", "douzaine", "docena", "duzia", "dozzina", "dozijn"})


def spelled_in(folded: Sequence[str]) -> list[float]:
    """The numbers told in words."""
    told: list[float] = []
    at = 0
    while at < len(folded):
        sizes = range(min(LONGEST, len(folded) - at), 0, -1)
        said = ((size, spelled(" ".join(folded[at : at + size]))) for size in sizes)
        size, value = next(((size, value) for size, value in said if value is not None), (1, None))
        if folded[at] in _DOZENS:
            told.append(12.0)
        elif value is not None and (size > 1 or folded[at] not in ARTICLES):
            told.append(value + _half(folded, at + size))
        at += size
    return told


def _half(folded: Sequence[str], at: int) -> float:
    """The half of "seven and a half", "sieben einhalb", "sept et demi"."""
    phrase = " ".join(folded[at : at + 3])
    return 0.5 if any(phrase == half or phrase.startswith(f"{half} ") for half in _HALVES) else 0.0


_HALVES = ("and a half", "einhalb", "und ein halb", "et demi", "et demie", "y medio", "y media", "e meio", "e meia",
           "e mezzo", "en een half", "en half")  # fmt: skip


def find(text: str, language: str) -> list[Figure]:
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        start, written = match.start(), match.group().rstrip(".,'’\u00a0\u202f")
        if written[0] in "-−" and start and text[start - 1].isalnum():
            start, written = start + 1, written[1:]  # a range, not a sign: 12-17
        end = start + len(written)
        if written.isdecimal() and len(written) <= GROUP:
            # "4 200": groups of three after a space.
            while (group := text[end : end + GROUP + 2]) and _is_group(group):
                written, end = written + group[1 : GROUP + 1], end + GROUP + 1
            if end > start + GROUP and text[end : end + 1] in {",", "."} and text[end + 1 : end + 2].isdecimal():
                fraction = _NUMBER.match(text, end + 1)
                written += "." + fraction.group().rstrip(".,") if fraction else ""
                end = fraction.end() if fraction else end
        if sum(letter.isdecimal() for letter in written) > MAX_DIGITS or _inside_word(text, start):
            continue
        value, certain = decimal(written, language)
        if value is None:
            continue
        unit = re.match(r"\s?([^\W\d_]{1,10})\.?", text[end : end + 14])
        factor = _SCALES.get(fold(unit.group(1))) if unit else None
        spaced = text[end : end + 1].isspace()
        if factor is not None and unit is not None and not (spaced and len(unit.group(1)) == 1):
            value, end, certain = value * factor, end + unit.end(), True
        found.append(Figure(round(value, 6), start, end, certain))
    return found


def _is_group(text: str) -> bool:
    return (
        text[0] == " " and text[1 : GROUP + 1].isdecimal() and len(text) > GROUP and not text[GROUP + 1 :].isdecimal()
    )


def _inside_word(text: str, start: int) -> bool:
    """The 2 of "KR2" and "Q3" is a name."""
    return start > 0 and text[start - 1].isalpha()


def decimal(written: str, language: str) -> tuple[float | None, bool]:
    """The number, and whether its separators can only be read one way: "4,200" in German may be either."""
    negative = written[0] in "-−"
    digits = written.lstrip("-−").replace("\u00a0", "").replace("\u202f", "").replace("'", "").replace("’", "")
    marks = [letter for letter in digits if letter in ".,"]
    certain = True
    if len(set(marks)) == 2:
        thousands = marks[0]
        digits = digits.replace(thousands, "").replace(",", ".")
        if digits.count(".") > 1:
            return None, False
    elif marks:
        mark, groups = marks[0], digits.split(marks[0])
        grouped = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
        separates = "," if language[:2] in DECIMAL_POINT else "."
        if len(marks) > 1 or (grouped and mark == separates):
            if not grouped:
                return None, False
            digits = digits.replace(mark, "")
        else:
            certain = not grouped
            digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None, False
    return (-value if negative else value), certain


def current(text: str, found: list[Figure]) -> tuple[Figure, float]:
    """The figure that holds now: 17 in "from 12 to 17", in "17 (was 12)" and in "12 -> 17"."""
    if len(found) == 1:
        return found[0], 1.0
    first, second = found[0], found[1]
    between = text[first.end : second.start]
    joined = set(words(between))
    onwards = "->" in between or "→" in between or "=>" in between
    before = set(words(text[: first.start])[-2:])
    no_more = joined & _THEN and not (before & _THEN) and not joined <= OF
    if joined & (_BEFORE | _AIM) or no_more:
        return first, READABLE
    if onwards or joined & _NOW:
        return second, READABLE
    if between.strip() == "/" or joined & OF:
        return first, 0.75
    return first, UNSURE
