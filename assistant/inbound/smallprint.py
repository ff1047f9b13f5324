"""What mail gateways, companies and mailing lists put around a mail: warnings, legal text, list footers."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache

from assistant.inbound.lines import LOOK, Kind, Line, cut_all, is_rule
from assistant.inbound.phrases import fold, words

WRAP = " \t*_<>[](){}|~•\u200e\u200f\u202a\u202b\u202c\u200b\ufeff\xa0\"'"
"""What stands around a line of small print."""
_WORD = re.compile(r"\w+")
_PRINTED = (
    *("print", "druck", "imprim", "stampa", "afdruk", "wydruk", "tisk", "environment", "environnement", "umwelt"),
    *("papier", "paper", "ambient", "milieu", "before", "avant", "antes", "prima", "green", "planet", "tree"),
)
_SCANNERS = (
    "utm",
    "gateway",
    "mimecast",
    "symantec",
    "email security",
    "forcepoint",
    "proofpoint",
    "barracuda",
    "clamav",
    "messagelabs",
    "trend micro",
    "libra esva",
    "avast",
    "avg",
    "kaspersky",
    "eset",
    "norton",
    "mcafee",
    "sophos",
    "bitdefender",
    "avira",
    "mailscanner",
)
_VIRUS = ("virus", "viren", "malware", "scan", "checked", "gepruft", "analizzato", "вирус", "ウイルス", "病毒")
_FIRST_PERSON = frozenset(
    {*("I", "ich", "yo", "io", "ik", "eu", "jeg", "jag"), *("Ich", "Je", "Yo", "Io", "Ik", "Eu", "Jeg", "Jag")}
)
_AMBIGUOUS = (
    ("i", frozenset({"the", "this", "and", "is", "you"})),
    ("je", frozenset({"vous", "les", "et", "que", "des", "est"})),
)
"""Words that are a first person only beside others of their language: Italian, Polish and Czech have them too."""
_SCAN_NOTE = 90
"""The note of a virus scanner is short."""
_LEGAL_LENGTH = 130
_LEGAL_TERMS = 4
_SENTENCES = 6
_LONG = 140
_BANNER_LINES = 12
_WRAPPED = 40
_ALONE = 3
"""A heading such as "Unsubscribe here:" has at most so many words."""
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


def cut_banners(lines: list[Line]) -> None:
    """The warning that a mail gateway put on top: at most the first two paragraphs."""
    place = 0
    for _ in range(2):
        while place < len(lines) and (not lines[place].text or is_rule(lines[place].text)):
            place += 1
        end = _banner_end(lines, place)
        if end == place or not any(line.new for line in lines[end:]):
            return
        drawn = [line for line in lines[:place] if line.text and is_rule(line.text)]
        if end < len(lines) and is_rule(lines[end].text):
            end += 1
        cut_all([*drawn, *lines[place:end]], Kind.BANNER, "warning of a mail gateway")
        place = end


def _banner_end(lines: list[Line], start: int) -> int:
    """Where the warning that begins in line ``start`` ends; ``start`` where none does.

    A person's words may stand right under it: so each line must be known for a part of it, or begin in the middle of a
    sentence of it.
    """
    end = start
    while end < len(lines) and end - start < _BANNER_LINES and lines[end].new:
        end += 1
    if not _is_banner(" ".join(line.text for line in lines[start:end])[:600]) or not _begins_banner(lines, start, end):
        return start + (end > start and _is_mark(lines[start].text))
    sure = start + 1
    while sure < end and not _is_banner(" ".join(line.text for line in lines[start:sure])):
        sure += 1
    while sure < end and (_warns(lines[sure].folded) or _goes_on(lines[sure - 1].text, lines[sure].text)):
        sure += 1
    return sure


def _begins_banner(lines: list[Line], start: int, end: int) -> bool:
    """Whether the warning has begun in the first line: what stands above one may be a person's greeting."""
    first = lines[start]
    opening = first.text.split(maxsplit=1)[0]
    if first.text[0] in "[*⚠!(" or (len(opening) > 4 and opening.isupper()):
        return True
    if said("banners", first.folded) or said("banner_terms", first.folded):
        return True
    both = f"{first.folded} {lines[start + 1].folded}" if start + 1 < end else ""
    return len(said("banners", both)) > len(said("banners", lines[start + 1].folded)) if both else False


def _warns(folded: str) -> bool:
    """Whether a line goes on with a warning: a sentence of theirs, or their words, of which some are common alone."""
    terms = said("banner_terms", folded)
    return len(terms) > 1 or any(" " in phrase for phrase in terms + said("banners", folded))


def _goes_on(above: str, text: str) -> bool:
    """Whether a line was wrapped into the next one."""
    return len(above) > _WRAPPED and above.rstrip(WRAP)[-1:].isalpha() and not text[:1].isupper()


def said(field: str, folded: str, parts: Set[str] | None = None) -> list[str]:
    """The phrases of a field that a text has. ``parts``: the words of the text, where they are known already."""
    starts, others = _by_first_word(field)
    begun = starts.keys() & (set(_WORD.findall(folded)) if parts is None else parts)
    found = [phrase for word in begun for phrase in starts[word] if phrase in folded]
    return found if folded.isascii() else found + [phrase for phrase in others if phrase in folded]


def _opening(field: str, folded: str) -> str:
    """The longest phrase of a field that a text begins with, "" for none."""
    starts, others = _by_first_word(field)
    first = _WORD.match(folded)
    near = starts.get(first[0], []) if first else []
    return next(
        (phrase for phrase in (near if folded.isascii() else [*near, *others]) if folded.startswith(phrase)), ""
    )


@lru_cache(maxsize=8)
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


def _is_mark(text: str) -> bool:
    """Whether a line is only drawn or shouted and says "external", as some gateways have it: "[EXTERN]"."""
    bare = text[:_SCAN_NOTE].strip(WRAP + ".!:")
    shouted = text[:1] in "[*(<" or bare.partition(":")[0].isupper()
    return shouted and len(text) < _SCAN_NOTE and fold(bare) in words("banner_marks")


def _is_banner(text: str) -> bool:
    """By a sentence only such warnings have, or by several of their words with a mark before them ("CAUTION:")."""
    folded = fold(text)
    parts = set(_WORD.findall(folded))
    if (len(folded) >= 20 and said("banners", folded, parts)) or _is_mark(text):
        return True
    found = said("banner_terms", folded, parts)
    found = [term for term in found if not any(term in other for other in found if other != term)]
    opening = text.split(maxsplit=1)[0] if found else ""
    marked = opening[:1] in "[*⚠!(" or (len(opening) > 4 and opening.isupper())
    if not any(" " in term or not term.isascii() for term in found):
        return False
    return len(found) >= 3 or (marked and (len(found) > 1 or folded.strip(WRAP + ".!:") == found[0]))


def is_legal(run: list[Line], place: int, below: bool) -> bool:
    """Whether a paragraph is legal text: it begins like one and uses its words, or uses several of them.

    ``below``: something was written above it. Small print speaks of nobody but "we".
    """
    text = _paragraph(run, place)
    if _begins_legal(_undecorated(text)) and _goes_on_legal(text):
        return not _speaks(run[place].text)
    if "?" in text:
        return False
    if len(text) >= _LEGAL_LENGTH and text.lstrip()[:1] not in "-*•1234567890" and not _speaks(run[place].text):
        needed = _LEGAL_TERMS - any(_opening("legal", sentence) for sentence in text.split(". ", _SENTENCES)[1:])
        if _terms(text) >= needed:
            return any(name in text for name in words("mail_names"))
    return below and _is_imprint(run[place].folded, text) and not _speaks(run[place].text)


def _speaks(text: str) -> bool:
    """Whether a person speaks of themselves."""
    spoken = _WORD.findall(text[:LOOK])
    if not _FIRST_PERSON.isdisjoint(spoken):
        return True
    return any(word in spoken and not beside.isdisjoint(spoken) for word, beside in _AMBIGUOUS)


def _begins_legal(text: str) -> bool:
    """At once, or behind a heading in the same line: "NOTICE: This e-mail may contain …"."""
    if _opening("legal", text):
        return True
    head, colon, rest = text[:_LONG].partition(": ")
    return bool(colon) and len(head) < 30 and bool(_opening("legal", rest))


def _undecorated(text: str) -> str:
    """Without the tree or leaf before "Please consider the environment", which some fonts show for a letter P."""
    begin = _WORD.search(text, 0, _LONG)
    bare = text[begin.start() :] if begin else text
    return bare[2:] if bare.startswith("p ") else bare


def _goes_on_legal(text: str) -> bool:
    """A person's own sentence may begin like legal text; its words tell."""
    terms = _terms(text)
    if terms >= 2 or (terms and len(text) >= _LONG) or sum(word in text for word in _PRINTED) >= 2:
        return True
    scanned = any(name in text for name in _SCANNERS)
    begun = _opening("legal", _undecorated(text))
    checked = any(word in begun for word in _VIRUS + _SCANNERS)
    return checked and ("www." in text or scanned)


def _terms(text: str) -> int:
    """How many words of legal text it has; one inside another counts once."""
    found = [term for term in words("legal_terms") if term in text]
    return sum(not any(term in other for other in found if other != term) for term in found)


def heads_legal(line: Line) -> bool:
    """Whether a line is nothing but the heading of legal text: "Disclaimer", "Confidentiality notice:"."""
    return len(line.text) < _SCAN_NOTE and line.folded.strip(WRAP + ":.!-") in words("legal")


def _is_imprint(first: str, text: str) -> bool:
    """What the law wants to be told of a company: its form, register, number and office."""
    if len(text) < 40 or not any(map(str.isdigit, text)):
        return False
    if not said("imprint", first) and _COMPANIES.isdisjoint(first.replace(".", "").replace(",", " ").split()):
        return False
    form = not _COMPANIES.isdisjoint(text.replace(".", "").replace(",", " ").replace("/", "").split())
    return len(said("imprint", text)) >= 3 - form


def is_list_footer(run: list[Line], place: int) -> bool:
    """Whether a paragraph begins like the footer of a list, and has a link or address, or says it in two ways."""
    folded = fold(run[place].text[:120].strip(WRAP))
    begun = _opening("lists", folded)
    if len(folded) <= 20 or not begun:
        return False
    text = _paragraph(run, place)
    linked = folded if " " not in begun and len(folded.split()) > _ALONE else text  # "unsubscribe Ana from the list"
    if "http" in linked or "@" in linked or "www." in linked:
        return True
    found = [phrase for phrase in words("lists") if phrase in text]
    return sum(not any(phrase in other for other in found if other != phrase) for phrase in found) > 1


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
