"""The ends of what was written: signatures and client footers, and the small print under them."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.evidence import has_contact
from assistant.inbound.footers import cut_footer, last_new, name_like
from assistant.inbound.lines import LOOK, Hint, Kind, Line, cut_all, is_rule, previous_text
from assistant.inbound.phrases import fold, words
from assistant.inbound.smallprint import WRAP, heads_legal, is_legal, is_list_footer, names_list

_DELIMITERS = {"--", "—", "–", "––", "——", "-- --"}
_WEAK_DELIMITERS = {"---", "___", "__", "***", "==", "===", "- - -", "~~~", "-"}
_DRAWN = "-—–_*=~#─━⎯‐‑‒―＊＝－"
_MARKS_ABOVE = " +~•·.:*=#_-|/\\<>°"
"""What people draw right above their signature."""
_PICTURES = (
    "[signature_",
    "[image:",
    "[cid:",
    "<cid:",
    "[logo",
    "<image0",
    "[inline image",
    "[bild:",
    "[imagem:",
    "[immagine:",
)
_BLOCK = 8
"""Signatures without a delimiter have at most so many lines."""
_SMALL_PRINT = 80
"""In so many last lines legal text and list footers may begin."""
_SHORT = 80
_SHORT_LINE = 60
_LOOK_CARD = 300
_CARD_WORDS = 3
"""A visiting card has at most so many words without a capital in a line: "Head of data and analytics"."""
_POINT = re.compile(r"\s{0,8}(?:[-*+•>]|\d{1,2}[.)]|[a-z]\))\s")


def cut_tails(lines: list[Line], senders: list[tuple[str, str]]) -> None:
    """Cut the end of each written part: from a signature mark, a footer or legal text to where the part ends."""
    name = senders[0][0] or senders[0][1].partition("@")[0].replace(".", " ") if senders else ""
    start = 0
    before = False
    quoted = any(line.kind is Kind.QUOTE for line in lines)
    name = fold(name)
    for place in range(len(lines) + 1):
        if place < len(lines) and (lines[place].kind is Kind.NEW or not lines[place].text):
            continue
        run = lines[start:place]
        if any(line.new for line in run):
            _cut_tail(run, before, before or quoted, name)
            before = before or any(line.new for line in run)
        start = place + 1


def _cut_tail(run: list[Line], before: bool, elsewhere: bool, name: str) -> None:
    """``before``: something was written above this part; ``elsewhere``: or quoted, so that it may all be a tail."""
    _cut_delimited(run, elsewhere, name)
    _cut_paragraphs(run, before, elsewhere)
    _cut_dangling(run)
    found = _cut_footers(run, elsewhere, name)
    if found:
        _cut_delimited(run, elsewhere, name)
    if _cut_contacts(run, name):
        _cut_footers(run, elsewhere, name)
    elif not found:
        return
    _cut_dangling(run)


def _cut_footers(run: list[Line], elsewhere: bool, name: str) -> bool:
    rounds = 0
    while rounds < _BLOCK and (cut_footer(run, name, elsewhere) or _cut_dashed_name(run, name)):
        rounds += 1
    return rounds > 0


def _cut_delimited(run: list[Line], elsewhere: bool, name: str) -> None:
    written = [
        place
        for place, line in enumerate(run)
        if (line.text and line.kind is Kind.NEW) or line.hint is Hint.RULE  # spelled out: this runs for every line
    ]
    for count, place in enumerate(written):
        if not (count or elsewhere):
            continue
        text = run[place].text or "---"  # a line drawn by the markup
        bare = text.strip()
        if bare[:1] not in _DRAWN:
            continue
        if bare.strip("_,.") == "" and "_,_." in bare:
            cut_all(run[place:], Kind.LIST, "footer of a group")
            return
        if bare in _DELIMITERS and text[:1] not in " \t":
            cut_all(run[place:], Kind.SIGNATURE, "signature mark")
            return
        if bare in _WEAK_DELIMITERS or is_rule(bare):
            rest = [run[other] for other in written[count + 1 : count + _BLOCK + 2] if run[other].text]
            if len(bare) > 1 and _signature_like(rest, name) and not (rest and _underlines(run, place)):
                cut_all(run[place:], Kind.SIGNATURE, "short block under a line")
                return
            if len(bare) >= 10 and names_list(rest):
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                return


def _underlines(run: list[Line], place: int) -> bool:
    """Whether a drawn line is as long as the heading right above it."""
    above = run[place - 1].text if place else ""
    return bool(above) and len(run[place].text) > 3 and abs(len(above) - len(run[place].text)) <= 2


def _signature_like(rest: list[Line], name: str) -> bool:
    if len(rest) > _BLOCK or any(len(line.text) > _SHORT for line in rest):
        return False
    first = rest[0].text.split("|")[0].split() if rest else []
    named = len(first) <= 4 and all(word[:1].isupper() or not word[:1].isascii() for word in first)
    alone = len(rest) == 1 and named and len(first) <= 3 and not rest[0].text.endswith((".", "!", "?", ",", ":"))
    alone = alone and ": " not in rest[0].text
    if not rest or alone:
        return True
    sentences = sum(not _on_card(line.text) for line in rest)
    if not sentences and (_names(name, rest[0].folded) or _headed_by(name, rest[0].folded)):
        return True
    return named and sentences < 2 and any(has_contact(line.text) for line in rest)


def _cut_paragraphs(run: list[Line], before: bool, elsewhere: bool) -> None:
    """Legal text and list footers begin a paragraph and go on to the end."""
    written, below = elsewhere, before
    first = len(run) - _SMALL_PRINT
    for place, line in enumerate(run):
        if not line.new:
            continue
        if place < first:
            written = below = True
            continue
        if line.text[0] in _DRAWN and is_rule(line.text):
            continue
        if written and (
            place == 0 or not run[place - 1].new or len(line.text) > _SHORT or _is_drawn(run[place - 1].text)
        ):
            if is_legal(run, place, below):
                head = previous_text(run, place - 1)
                headed = head > 0 and run[head].new and heads_legal(run[head])
                cut_all(run[head if headed else place :], Kind.LEGAL, "legal or security text")
                break
            if is_list_footer(run, place):
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                break
        written = below = True


def _cut_dangling(run: list[Line]) -> None:
    """Lines that are only drawn, and places of pictures, at the end of what was written."""
    last = previous_text(run, len(run) - 1)
    while last >= 0 and (
        not run[last].new
        or _is_drawn(run[last].text)
        or _is_picture(run[last].text)
        or (last + 1 < len(run) and run[last + 1].kind is Kind.SIGNATURE and not run[last].text.strip(_MARKS_ABOVE))
    ):
        if run[last].new and any(line.new for line in run[:last]):
            run[last].cut(Kind.SIGNATURE, "divider")
        elif run[last].new:
            return
        last = previous_text(run, last - 1)


def _is_picture(text: str) -> bool:
    """The place of a picture in a signature: "[image: logo]", "[cid:image001.png@01D9]"."""
    bare = text.strip().lower()
    return bare.endswith(("]", ">")) and (bare.startswith(_PICTURES) or "automatically generated" in bare)


def _is_drawn(text: str) -> bool:
    return text.lstrip()[:1] in _DRAWN and (is_rule(text) or (len(text) > 1 and text.strip() in _WEAK_DELIMITERS))


def _cut_dashed_name(run: list[Line], name: str) -> bool:
    """A last line such as ``--Daniel``; after one dash only the sender's own name, since it may be a list.

    ``name`` is "" where the mail names no sender: then a word after a dash, under a whole sentence, is taken for it.
    """
    last = last_new(run)
    if last < 1 or not any(line.new for line in run[:last]):
        return False
    text = run[last].text.strip()
    bare = text.lstrip("-–—").strip()
    dashes = text[: len(text) - len(text.lstrip("-–—"))]
    if not dashes or not 0 < len(bare) <= 40 or not all(part.replace(".", "").isalpha() for part in bare.split()):
        return False
    above = run[previous_text(run, last - 1)].text.strip()
    known = name and fold(bare) in {name, *name.split()}
    drawn = len(dashes) > 1 and bare[:1].isupper() and len(bare.split()) <= 3
    unknown = not name and dashes == "-" and " " not in bare and above.endswith((".", "!", "?"))
    if above.startswith(dashes) or above.endswith(":") or not (known or drawn or unknown):
        return False
    run[last].cut(Kind.SIGNATURE, "name after a dash")
    return True


def _cut_contacts(run: list[Line], name: str) -> bool:  # noqa: PLR0911 - each return is one piece of evidence
    """A block with phone, address or link under a closing or the sender's name, or that begins like a name itself."""
    written = [place for place, line in enumerate(run) if line.new]
    tail = written[-_BLOCK - 4 :]
    flags = {place: has_contact(run[place].text[:LOOK]) for place in tail}
    last = tail[-1] if tail else -1
    alone = len(tail) > 1 and flags[last] and run[last - 1].blank
    if alone and (_headed_by(name, run[last].folded) or _is_card_line(run, last)):
        run[last].cut(Kind.SIGNATURE, "a name and contacts in one line")
        return True
    if not any(flags.values()) and not any(_names(name, run[place].folded) for place in tail):
        return False
    for at, place in enumerate(tail):
        rest = tail[at + 1 :]
        block = [run[other] for other in rest]
        if place == written[0] or not block or len(block) > _BLOCK + 2 or any(len(line.text) > 120 for line in block):
            continue
        contacts = sum(flags[other] for other in rest)
        text = run[place].folded.strip(WRAP + ",.!:")
        if not all(_on_card(line.text) for line in block):
            continue
        if contacts and _headed_by(name, text):
            cut_all(run[place:], Kind.SIGNATURE, "the sender's name with contacts under it")
            return True
        if _names(name, text) and (contacts or _right_under(run, place, rest)):
            cut_all(run[place:], Kind.SIGNATURE, "the sender's name with contacts under it")
            return True
        if contacts and text in closings() and len(block) > 1:
            under = run[rest[0]].text
            named = len(under.split()) <= 4 and under[:1].isupper() and not has_contact(under)
            kept = rest[0] + 1 if named else rest[0]
            cut_all(run[kept:], Kind.SIGNATURE, "contacts under a closing")
            return True
        alone = run[place - 1].blank and all(run[other].new for other in range(place, rest[-1] + 1))
        card = contacts and len(block) > 1 and _is_card(run, place, block)
        if (contacts > 1 or card) and alone and name_like(run[place].text.partition("|")[0]):
            start = _name_above(run, place, written[0])
            cut_all(run[start:], Kind.SIGNATURE, "a name with contacts under it")
            return True
    return False


def _names(name: str, text: str) -> bool:
    """Whether a line is the sender's full name, the other way round or with an initial: "S. Kowal", "Stan K."."""
    if not name or len(text) > len(name) + 2:
        return False
    if text == name:
        return True
    parts, known = text.replace(",", " ").split(), name.replace(",", " ").split()
    if len(parts) < 2 or len(parts) != len(known):
        return False
    if sorted(parts) == sorted(known):
        return True
    initial = sum(len(part.rstrip(".")) == 1 and known[at][0] == part[0] for at, part in enumerate(parts))
    return initial == 1 and sum(part == known[at] for at, part in enumerate(parts)) == len(parts) - 1


def _right_under(run: list[Line], place: int, rest: list[int]) -> bool:
    """Whether the written lines ``rest`` are short and stand under a name without a gap."""
    return rest[-1] - place == len(rest) and all(len(run[other].text) < _SHORT_LINE for other in rest)


def _on_card(text: str) -> bool:
    """Whether a line may be of a visiting card: no sentence, no point of a list, no answer behind a label."""
    bare = text.strip(WRAP)
    if _is_picture(text):
        return True
    if bare.endswith(("?", "!", ":", ";")) or _POINT.match(text):
        return False
    parts = bare.split()
    if sum(part.isascii() and part.isalpha() and part.islower() for part in parts) > _CARD_WORDS:
        return False
    if bare.endswith(".") and len(parts) > 3 and len(parts[-1]) > 4 and parts[-1][:-1].isalpha():
        return False
    label, colon, rest = bare.partition(": ")
    if not (colon and rest) or len(label) < 3 or has_contact(rest) or any(map(str.isdigit, rest)):
        return True
    return fold(label.strip(" .*")) in words("contact_labels")


def _is_card(run: list[Line], place: int, block: list[Line]) -> bool:
    """Whether short lines under a name are a visiting card: none is a sentence, and nothing announces them."""
    above = previous_text(run, place - 1)
    return not run[above].text.endswith((":", "：")) and all(
        len(line.text) <= 60 and not line.text.endswith((".", "!", "?", ";", ":")) for line in block
    )


def _is_card_line(run: list[Line], last: int) -> bool:
    """ "Peter Moss | ACME | +1 555 010 2030": a name and at least two more pieces."""
    pieces = re.split(r"\s[|·•]\s", run[last].text[:_LOOK_CARD])
    return len(pieces) > 2 and name_like(pieces[0]) and _is_card(run, last, [])


def _headed_by(name: str, text: str) -> bool:
    """Whether a line begins with the sender's full name and goes on with a mark: "Ana Lopez, PhD"."""
    rest = text.removeprefix(name)
    return " " in name and rest != text and rest.lstrip(" *_")[:1] in {",", "|", "-", "–", "·", "•", "("}


def _name_above(run: list[Line], place: int, first: int) -> int:
    """Where a signature's block with contacts really begins: a name and a role may stand in a paragraph above it."""
    end = previous_text(run, place - 1)
    start = end
    while start > 0 and run[start - 1].text:
        start -= 1
    role = first < start and end - start < 3 and all(len(line.text) <= 40 for line in run[start : end + 1])
    return start if role and name_like(run[start].text) else place


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
        known = fold(head.strip(WRAP + ".,!:;。、，！")) in closings() and len(rest.split()) <= 3
        below = [run[other] for other in written if other > place]
        sentence = run[place].text.rstrip()[-1:] in {".", "!"}  # "Thank you." may be what was to be said
        if known and not sentence and all(len(line.text) <= 40 and len(line.text.split()) <= 4 for line in below):
            return place
    return len(run)
