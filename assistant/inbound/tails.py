"""The ends of what was written, and its top: signatures, client footers, legal text, list footers, warning banners."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.evidence import has_contact
from assistant.inbound.lines import LOOK, Hint, Kind, Line, cut_all, is_rule, previous_text
from assistant.inbound.phrases import fold, words

_DELIMITERS = {"--", "—", "––", "——", "-- --"}
_WEAK_DELIMITERS = {"---", "___", "__", "***", "==", "===", "- - -", "~~~", "-"}
_DRAWN = "-—–_*=~#─━⎯"
_WRAP = " \t*_<>[](){}|~•\u200e\u200f\u202a\u202b\u202c\u200b\ufeff\xa0\"'"
_BLOCK = 8
"""Signatures without a delimiter have at most so many lines."""
_SHORT = 80
_ENOUGH = ("virus", "confidential", "print", "druck", "imprim", "stampa", "afdruk", "environment")
_SCANNED = ("virus", "viren", "вирус", "ウイルス", "病毒")
_OWN_DEVICE = ("sent from my ", "sent via my ", "typed on my ")
_LEGAL_LENGTH = 130
_LEGAL_TERMS = 4


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
        text = fold(" ".join(line.text for line in lines[place:end])[:600])
        if not any(phrase in text for phrase in words("banners")) or len(text) < 20:
            return
        drawn = [line for line in lines[:place] if line.text and is_rule(line.text)]
        if end < len(lines) and is_rule(lines[end].text):
            end += 1
        cut_all([*drawn, *lines[place:end]], Kind.BANNER, "warning of a mail gateway")
        place = end


def cut_tails(lines: list[Line], senders: list[tuple[str, str]]) -> None:
    """Cut the end of each written part: from a signature mark, a footer or legal text to where the part ends."""
    name = senders[0][0] if senders else ""
    start = 0
    before = False
    quoted = any(line.kind is Kind.QUOTE for line in lines)
    for place in range(len(lines) + 1):
        if place < len(lines) and (lines[place].kind is Kind.NEW or not lines[place].text):
            continue
        run = lines[start:place]
        if any(line.new for line in run):
            _cut_tail(run, before or quoted, fold(name))
            before = before or any(line.new for line in run)
        start = place + 1


def _cut_tail(run: list[Line], elsewhere: bool, name: str) -> None:
    """``elsewhere``: there is other text, so that all of this part may turn out to be a tail."""
    _cut_delimited(run, elsewhere)
    _cut_paragraphs(run, elsewhere)
    for _ in range(_BLOCK):
        if not (_cut_footer(run, name) or _cut_dashed_name(run, name)):
            break
    _cut_delimited(run, elsewhere)
    _cut_contacts(run, name)


def _cut_delimited(run: list[Line], elsewhere: bool) -> None:
    written = [place for place, line in enumerate(run) if line.new or line.hint is Hint.RULE]
    for count, place in enumerate(written):
        if not (count or elsewhere):
            continue
        text = run[place].text or "---"  # a line drawn by the markup
        bare = text.strip()
        if bare[:1] not in _DRAWN:
            continue
        if bare in _DELIMITERS and text[:1] not in " \t":
            cut_all(run[place:], Kind.SIGNATURE, "signature mark")
            return
        if bare in _WEAK_DELIMITERS or is_rule(bare):
            rest = [run[other] for other in written[count + 1 : count + _BLOCK + 2] if run[other].text]
            if len(bare) > 1 and _signature_like(rest):
                cut_all(run[place:], Kind.SIGNATURE, "short block under a line")
                return
            if len(bare) >= 10 and _list_footer(rest):
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                return


def _signature_like(rest: list[Line]) -> bool:
    if len(rest) > _BLOCK or any(len(line.text) > _SHORT for line in rest):
        return False
    first = rest[0].text.split("|")[0].split() if rest else []
    named = len(first) <= 4 and all(word[:1].isupper() for word in first)
    alone = len(rest) == 1 and named and len(first) <= 3 and not rest[0].text.endswith((".", "!", "?"))
    return not rest or alone or (named and any(has_contact(line.text) for line in rest))


def _list_footer(rest: list[Line]) -> bool:
    text = fold(" ".join(line.text for line in rest[:4])[:600])
    return any(phrase in text for phrase in words("lists")) or "listinfo" in text or "/groups" in text


def _cut_paragraphs(run: list[Line], elsewhere: bool) -> None:
    """Legal text and list footers begin a paragraph and go on to the end."""
    written = elsewhere
    for place, line in enumerate(run):
        if not line.new:
            continue
        if is_rule(line.text):
            continue
        if written and (place == 0 or not run[place - 1].new or len(line.text) > _SHORT):
            folded = fold(line.text[:120].strip(_WRAP))
            if folded.startswith(_legal()) and _long_enough(run[place:], folded):
                cut_all(run[place:], Kind.LEGAL, "legal or security text")
                break
            if folded.startswith(words("lists")) and len(folded) > 20:
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                break
            if _reads_legal(run, place):
                cut_all(run[place:], Kind.LEGAL, "legal or security text")
                break
        written = True
    last = previous_text(run, len(run) - 1)
    while last >= 0 and (not run[last].new or is_rule(run[last].text)):
        if run[last].new and any(line.new for line in run[:last]):
            run[last].cut(Kind.SIGNATURE, "divider")
        elif run[last].new:
            return
        last = previous_text(run, last - 1)


def _long_enough(rest: list[Line], folded: str) -> bool:
    """Legal text is long; a person's own sentence may begin like it."""
    long = sum(len(line.text) for line in rest if line.new) >= 140
    return long or any(word in folded for word in _ENOUGH)


def _reads_legal(run: list[Line], place: int) -> bool:
    """Whether a paragraph has several of the words that only legal text has together, and no question or list."""
    end = place
    while end < len(run) and run[end].new and end < place + 40:
        end += 1
    text = fold(" ".join(line.text for line in run[place:end])[:2_000])
    if len(text) < _LEGAL_LENGTH or "?" in text or text.lstrip()[:1] in "-*•1234567890":
        return False
    return sum(term in text for term in words("legal_terms")) >= _LEGAL_TERMS


def _cut_footer(run: list[Line], name: str) -> bool:
    """ "Sent from my iPhone" as the last line, in any language, with the sender's name over it."""
    last = _last(run)
    if last < 0 or not any(line.new for line in run[:last]):
        return False
    if not _footer(run, last):
        return False
    last = _last(run)
    if name and last > 0 and fold(run[last].text.strip(_WRAP)) == name and any(line.new for line in run[:last]):
        run[last].cut(Kind.SIGNATURE, "the sender's name over a footer")
    return True


def _footer(run: list[Line], last: int) -> bool:
    text = run[last].text
    if len(text) > 300:
        return False
    bare = text.split("<http")[0].split("http")[0].strip(_WRAP + ".!")
    folded = fold(bare)
    count = len(folded.split())
    if not folded or count > 14 or len(folded) > 120:
        return False
    starts, ends = folded.startswith(words("footers")), folded.endswith(words("footers"))
    if "www." in text and count <= 6 and any(word in folded for word in _SCANNED):
        run[last].cut(Kind.FOOTER, "footer of a virus scanner")
        return True
    if not (starts or ends):
        return False
    prefix = next((phrase for phrase in words("footers") if folded.startswith(phrase)), "")
    product = bool(_products().search(folded[: len(prefix) + 30] if prefix else folded)) or "http" in text
    own = folded.startswith(_OWN_DEVICE) and count <= 8
    alone = last > 0 and (run[last - 1].blank or own) and (count <= 6 or own) and bare[:1].isupper()
    if product or (starts and alone and any(word[:1].isupper() for word in bare.split()[1:])):
        run[last].cut(Kind.FOOTER, "footer of a mail client")
        return True
    return False


@lru_cache(maxsize=1)
def _products() -> re.Pattern[str]:
    """Any product name, at the start of a word where it is of Latin letters."""
    latin = "|".join(re.escape(name) for name in words("products") if name.isascii())
    other = "|".join(re.escape(name) for name in words("products") if not name.isascii())
    return re.compile(f"(?<![a-z0-9])(?:{latin})|{other}")


def _cut_dashed_name(run: list[Line], name: str) -> bool:
    """A last line such as ``--Daniel``; after one dash only the sender's own name, since it may be a list."""
    last = _last(run)
    if last < 1 or not any(line.new for line in run[:last]):
        return False
    text = run[last].text.strip()
    bare = text.lstrip("-–—").strip()
    dashes = text[: len(text) - len(text.lstrip("-–—"))]
    if not dashes or not 0 < len(bare) <= 40 or not all(part.replace(".", "").isalpha() for part in bare.split()):
        return False
    above = run[last - 1].text.strip()
    known = name and fold(bare) in {name, *name.split()}
    drawn = len(dashes) > 1 and bare[:1].isupper() and len(bare.split()) <= 3
    if above.startswith(dashes) or above.endswith(":") or not (known or drawn):
        return False
    run[last].cut(Kind.SIGNATURE, "name after a dash")
    return True


def _cut_contacts(run: list[Line], name: str) -> None:
    """A block with phone, address or link under a closing or the sender's name, or that begins like a name itself."""
    written = [place for place, line in enumerate(run) if line.new]
    tail = written[-_BLOCK - 4 :]
    flags = {place: has_contact(run[place].text[:LOOK]) for place in tail}
    last = tail[-1] if tail else -1
    if len(tail) > 1 and flags[last] and _headed_by(name, run[last].folded) and run[last - 1].blank:
        run[last].cut(Kind.SIGNATURE, "the sender's name and contacts in one line")
        return
    if not any(flags.values()) and not (name and any(run[place].folded == name for place in tail)):
        return
    for at, place in enumerate(tail):
        rest = tail[at + 1 :]
        block = [run[other] for other in rest]
        if place == written[0] or not block or len(block) > _BLOCK + 2 or any(len(line.text) > 120 for line in block):
            continue
        contacts = sum(flags[other] for other in rest)
        text = run[place].folded.strip(_WRAP + ",.!")
        if contacts and _headed_by(name, text):
            cut_all(run[place:], Kind.SIGNATURE, "the sender's name with contacts under it")
            return
        if name and text == name and (contacts or all(len(line.text) < 60 for line in block)):
            cut_all(run[place:], Kind.SIGNATURE, "the sender's name with contacts under it")
            return
        if contacts and text in closings() and len(block) > 1:
            under = run[rest[0]].text
            named = len(under.split()) <= 4 and under[:1].isupper() and not has_contact(under)
            kept = rest[0] + 1 if named else rest[0]
            cut_all(run[kept:], Kind.SIGNATURE, "contacts under a closing")
            return
        alone = run[place - 1].blank and all(run[other].new for other in range(place, rest[-1] + 1))
        if contacts > 1 and alone and _name_like(run[place].text):
            start = _name_above(run, place, written[0])
            cut_all(run[start:], Kind.SIGNATURE, "a name with contacts under it")
            return


def _headed_by(name: str, text: str) -> bool:
    """Whether a line begins with the sender's full name and goes on with a mark: "Ana Lopez, PhD"."""
    rest = text.removeprefix(name)
    return " " in name and rest != text and rest.lstrip()[:1] in {",", "|", "-", "–", "·", "•"}


def _name_above(run: list[Line], place: int, first: int) -> int:
    """Where a signature's block with contacts really begins: a name and a role may stand in a paragraph above it."""
    end = previous_text(run, place - 1)
    start = end
    while start > 0 and run[start - 1].text:
        start -= 1
    role = first < start and end - start < 3 and all(len(line.text) <= 40 for line in run[start : end + 1])
    return start if role and _name_like(run[start].text) else place


def _name_like(text: str) -> bool:
    parts = text.strip(_WRAP).split()
    return 2 <= len(parts) <= 4 and all(
        part[:1].isupper() and part.strip(".,").replace("-", "").isalpha() for part in parts
    )


@lru_cache(maxsize=1)
def closings() -> frozenset[str]:
    return frozenset(words("closings"))


def closing_start(run: list[Line]) -> int:
    """Where the closing of a written part begins ("Best regards, Tom"), or its length where it has none."""
    written = [place for place, line in enumerate(run) if line.text]
    for place in written[-4:]:
        if place == written[0]:
            continue
        head, _, rest = run[place].text.partition(",")
        known = fold(head.strip(_WRAP + ".,!:;")) in closings() and len(rest.split()) <= 3
        below = [run[other] for other in written if other > place]
        if known and all(len(line.text) <= 40 and len(line.text.split()) <= 4 for line in below):
            return place
    return len(run)


def _last(run: list[Line]) -> int:
    last = len(run) - 1
    while last >= 0 and not run[last].new:
        last -= 1
    return last
