"""What mail gateways, companies and mailing lists put around a mail: warnings, legal text, list footers."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.lines import Kind, Line, cut_all, is_rule
from assistant.inbound.phrases import fold, words

WRAP = " \t*_<>[](){}|~•\u200e\u200f\u202a\u202b\u202c\u200b\ufeff\xa0\"'"
"""What stands around a line of small print."""
_WORD = re.compile(r"\w+")
_PRINTED = ("print", "druck", "imprim", "stampa", "afdruk", "environment", "umwelt", "papier", "paper", "ambient")
_SCANNERS = ("avast", "avg", "kaspersky", "eset", "norton", "mcafee", "sophos", "bitdefender", "avira", "mailscanner")
_VIRUS = ("virus", "viren", "вирус", "ウイルス", "病毒")
_FIRST_PERSON = frozenset({"i", "ich", "je", "yo", "io", "ik", "eu", "jeg", "jag"})
_LEGAL_LENGTH = 130
_LEGAL_TERMS = 4
_LONG = 140
_COMPANIES = frozenset(
    {
        *(
            "gmbh",
            "ag",
            "se",
            "kg",
            "ug",
            "ltd",
            "limited",
            "plc",
            "llc",
            "llp",
            "inc",
            "sarl",
            "sas",
            "sa",
            "srl",
            "spa",
        ),
        *("bv", "nv", "ab", "oy", "oyj", "as", "asa", "aps", "sro", "kft", "zrt", "lda", "ltda", "sl", "spa", "doo"),
    }
)


@lru_cache(maxsize=1)
def _legal() -> tuple[str, ...]:
    return words("legal")


def cut_banners(lines: list[Line]) -> None:
    """The warning that a mail gateway put on top: at most the first two paragraphs."""
    place = 0
    for _ in range(2):
        while place < len(lines) and (not lines[place].text or is_rule(lines[place].text)):
            place += 1
        end = place
        while end < len(lines) and lines[end].text and lines[end].kind is Kind.NEW:
            end += 1
        if not _is_banner(" ".join(line.text for line in lines[place:end])[:600]) or not any(
            line.new for line in lines[end:]
        ):
            return
        drawn = [line for line in lines[:place] if line.text and is_rule(line.text)]
        if end < len(lines) and is_rule(lines[end].text):
            end += 1
        cut_all([*drawn, *lines[place:end]], Kind.BANNER, "warning of a mail gateway")
        place = end


def _of(field: str, folded: str) -> list[str]:
    """The phrases of a field whose first word a text has, and all of scripts without spaces."""
    starts, others = _by_first_word(field)
    said = starts.keys() & _WORD.findall(folded)
    found = [phrase for word in said for phrase in starts[word]]
    return found if folded.isascii() else [*found, *others]


@lru_cache(maxsize=4)
def _by_first_word(field: str) -> tuple[dict[str, list[str]], list[str]]:
    starts: dict[str, list[str]] = {}
    others: list[str] = []
    for phrase in words(field):
        first = _WORD.match(phrase)
        if first and (phrase.isascii() or " " in phrase):
            starts.setdefault(first[0], []).append(phrase)
        else:
            others.append(phrase)
    return starts, others


def _is_banner(text: str) -> bool:
    """By a sentence only such warnings have, or by several of their words with a mark before them ("CAUTION:")."""
    folded = fold(text)
    likely, terms = (_of("banners", folded), _of("banner_terms", folded))
    if len(folded) >= 20 and any(phrase in folded for phrase in likely):
        return True
    said = [term for term in terms if term in folded]
    said = [term for term in said if not any(term in other for other in said if other != term)]
    opening = text.split(maxsplit=1)[0] if said else ""
    marked = opening[:1] in "[*⚠!(" or (len(opening) > 4 and opening.isupper())
    if not any(" " in term or not term.isascii() for term in said):
        return False
    return len(said) >= 3 or (marked and (len(said) > 1 or folded.strip(WRAP + ".!:") == said[0]))


def is_legal(run: list[Line], place: int, below: bool) -> bool:
    """Whether a paragraph is legal text: it begins like one and uses its words, or uses several of them.

    ``below``: something was written above it.
    """
    if not _FIRST_PERSON.isdisjoint(_WORD.findall(run[place].folded)):
        return False  # small print speaks of nobody but "we"
    text = _paragraph(run, place)
    if text.strip(WRAP).startswith(_legal()) and _goes_on_legal(text):
        return True
    if "?" in text:
        return False
    if len(text) >= _LEGAL_LENGTH and text.lstrip()[:1] not in "-*•1234567890" and _terms(text) >= _LEGAL_TERMS:
        return True
    return below and _is_imprint(run[place].folded, text)


def _goes_on_legal(text: str) -> bool:
    """A person's own sentence may begin like legal text; its words tell."""
    terms = _terms(text)
    if terms >= 2 or (terms and len(text) >= _LONG) or sum(word in text for word in _PRINTED) >= 2:
        return True
    return any(word in text for word in _VIRUS) and ("www." in text or any(name in text for name in _SCANNERS))


def _terms(text: str) -> int:
    return sum(term in text for term in words("legal_terms"))


def _is_imprint(first: str, text: str) -> bool:
    """What the law wants to be told of a company: its form, register, number and office."""
    if len(text) < 40 or not any(map(str.isdigit, text)):
        return False
    form = not _COMPANIES.isdisjoint(text.replace(".", "").replace(",", " ").replace("/", "").split())
    told = sum(term in text for term in words("imprint"))
    begins = any(term in first for term in words("imprint")) or not _COMPANIES.isdisjoint(
        first.replace(".", "").replace(",", " ").split()
    )
    return begins and told >= 3 - form


def is_list_footer(run: list[Line], place: int) -> bool:
    """Whether a paragraph begins like the footer of a list, and has a link or address, or says it in two ways."""
    folded = fold(run[place].text[:120].strip(WRAP))
    if len(folded) <= 20 or not folded.startswith(words("lists")):
        return False
    text = _paragraph(run, place)
    if "http" in text or "@" in text or "www." in text:
        return True
    said = [phrase for phrase in words("lists") if phrase in text]
    return sum(not any(phrase in other for other in said if other != phrase) for phrase in said) > 1


def names_list(rest: list[Line]) -> bool:
    """Whether the lines under a long rule are of a mailing list."""
    text = fold(" ".join(line.text for line in rest[:4])[:600])
    return any(phrase in text for phrase in words("lists")) or "listinfo" in text or "/groups" in text


def _paragraph(run: list[Line], place: int) -> str:
    """What is left of the paragraph that goes on in line ``place``, folded."""
    end = place
    while end < len(run) and run[end].new and end < place + 40:
        end += 1
    return fold(" ".join(line.text for line in run[place:end])[:2_000])
