"""Signatures without a mark: visiting cards, contacts under a name or a closing, places of pictures."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.evidence import has_contact
from assistant.inbound.footers import name_like
from assistant.inbound.lines import LOOK, Kind, Line, cut_all, previous_text
from assistant.inbound.phrases import fold, words
from assistant.inbound.smallprint import WRAP

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
BLOCK = 8
"""Signatures without a delimiter have at most so many lines."""
_SHORT_LINE = 60
_LOOK_CARD = 300
_CARD_WORDS = 3
"""A visiting card has at most so many words without a capital in a line: "Head of data and analytics"."""
_POINT = re.compile(r"\s{0,8}(?:[-*+•>]|\d{1,2}[.)]|[a-z]\))\s")


def cut_contacts(run: list[Line], name: str) -> bool:  # noqa: PLR0911 - each return is one piece of evidence
    """A block with phone, address or link under a closing or the sender's name, or that begins like a name itself."""
    written = [place for place, line in enumerate(run) if line.new]
    tail = written[-BLOCK - 4 :]
    flags = {place: has_contact(run[place].text[:LOOK]) for place in tail}
    last = tail[-1] if tail else -1
    alone = len(tail) > 1 and flags[last] and run[last - 1].blank
    if alone and (headed_by(name, run[last].folded) or _is_card_line(run, last)):
        run[last].cut(Kind.SIGNATURE, "a name and contacts in one line")
        return True
    if not any(flags.values()) and not any(names_sender(name, run[place].folded) for place in tail):
        return False
    for at, place in enumerate(tail):
        rest = tail[at + 1 :]
        block = [run[other] for other in rest]
        if place == written[0] or not block or len(block) > BLOCK + 2 or any(len(line.text) > 120 for line in block):
            continue
        contacts = sum(flags[other] for other in rest)
        text = run[place].folded.strip(WRAP + ",.!:")
        if not all(on_card(line.text) for line in block):
            continue
        if contacts and headed_by(name, text):
            cut_all(run[place:], Kind.SIGNATURE, "the sender's name with contacts under it")
            return True
        if names_sender(name, text) and (contacts or _right_under(run, place, rest)):
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


def names_sender(name: str, text: str) -> bool:
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


def on_card(text: str) -> bool:
    """Whether a line may be of a visiting card: no sentence, no point of a list, no answer behind a label."""
    bare = text.strip(WRAP)
    if is_picture(text):
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


def headed_by(name: str, text: str) -> bool:
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


def is_picture(text: str) -> bool:
    """The place of a picture in a signature: "[image: logo]", "[cid:image001.png@01D9]"."""
    bare = text.strip().lower()
    return bare.endswith(("]", ">")) and (bare.startswith(_PICTURES) or "automatically generated" in bare)
