"""Numbers of 13 to 100 and places ("the second one") as people spell them in the seven languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import split, words

LONGEST = 4
"""Words of the longest spelled number: "quatre-vingt-dix-sept"."""
_TEENS = {
    "de": "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "treize quatorze quinze seize dix-sept dix-huit dix-neuf",
    "es": "trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "pt": "treze catorze|quatorze quinze dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove",
    "it": "tredici quattordici quindici sedici diciassette diciotto diciannove",
    "nl": "dertien veertien vijftien zestien zeventien achttien negentien",
}
_TENS = {
    "en": "twenty thirty forty|fourty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig|dreissig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante septante huitante|octante nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta|cinqüenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_HUNDRED = "hundred hundert cent cien cem cento honderd einhundert"
_PLACES = tuple(
    frozenset(row.split())
    for row in (
        "first 1st erste erster erstes ersten premier premiere primero primera primeiro primeira primo prima eerste",
        "second 2nd zweite zweiter zweites zweiten deuxieme seconde segundo segunda secondo seconda tweede",
        "third 3rd dritte dritter drittes dritten troisieme tercero tercera terceiro terceira terzo terza derde",
        "fourth 4th vierte vierter viertes vierten quatrieme cuarto cuarta quarto quarta vierde",
        "fifth 5th fünfte funfte funfter funftes cinquieme quinto quinta vijfde",
        "sixth 6th sechste sechster sechstes sixieme sexto sexta sesto sesta zesde",
    )
)
_LAST = frozenset(
    {"last", "letzte", "letzter", "letztes", "letzten", "dernier", "derniere", "ultimo", "ultima", "laatste"}
)


def place(word: str, count: int) -> int | None:
    """The place from 1 that a folded word names among ``count``: "second", "letzte"."""
    if word in _LAST:
        return count
    return next((at for at, row in enumerate(_PLACES, 1) if word in row), None)


def places(folded: Sequence[str], count: int) -> list[float]:
    """The places that some words name."""
    return [float(at) for word in folded if (at := place(word, count)) is not None]


@cache
def compounds() -> dict[str, float]:
    """By the folded words with a space between."""
    known: dict[str, float] = dict.fromkeys(_HUNDRED.split(), 100.0)
    for language in LANGUAGES:
        for number, phrase in _spelled(language):
            known.setdefault(" ".join(words(phrase)), float(number))
    return known


def _spelled(language: str) -> Iterator[tuple[int, str]]:
    teens = _TEENS.get(language, "").split()
    yield from ((number, one) for number, row in enumerate(teens, 13) for one in split(row))
    for ten, row in enumerate(_TENS[language].split(), 2):
        for tens in split(row):
            yield 10 * ten, tens
            for unit in range(1, 10):
                for said in split(LANGUAGES[language].numbers[unit]):
                    yield from ((10 * ten + unit, phrase) for phrase in _joined(language, tens, said, unit))
    if language == "fr":
        yield from _by_twenty(teens)
    if language == "es":
        units = (one for unit in range(1, 10) for one in split(LANGUAGES["es"].numbers[unit])[:1])
        yield from ((20 + unit, f"veinti{said}") for unit, said in enumerate(units, 1))


def _joined(  # noqa: PLR0911 - one a language
    language: str, tens: str, unit: str, number: int
) -> tuple[str, ...]:
    match language:
        case "de":
            return (f"{unit}und{tens}",)
        case "nl":
            return (f"{unit}en{tens}",)
        case "it":
            return (f"{tens[:-1] if number in (1, 8) else tens}{unit}",)
        case "es":
            return (f"{tens} y {unit}",)
        case "pt":
            return (f"{tens} e {unit}",)
        case "fr":
            return (f"{tens} et {unit}", f"{tens} {unit}")
        case _:
            return (f"{tens} {unit}",)


def _by_twenty(teens: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The French 70 to 99."""
    low = [split(phrase)[0] for phrase in LANGUAGES["fr"].numbers[:13]] + list(teens)
    yield 80, "quatre-vingts"
    for number in range(10, 20):
        yield 60 + number, f"soixante {low[number]}"
        yield 60 + number, f"soixante et {low[number]}"
    for number in range(20):
        yield 80 + number, f"quatre-vingt {low[number] if number else ''}"
