"""Where a quoted mail's header fields or a client's divider begin: "From: …", "-----Original Message-----"."""

from __future__ import annotations

from assistant.inbound.evidence import has_address, has_date, has_time, vocabulary
from assistant.inbound.lines import LOOK, MARKS, Hint, Kind, Line, is_rule, next_text
from assistant.inbound.phrases import fold, words

_DAY_LENGTH = 30
_STAMP_ABOVE = 5
_STAMP_LENGTH = 80
_DASHES = "‐‑‒"
"""Hyphens that some programs draw with."""


def is_original_line(lines: list[Line], at: int) -> bool:
    """ "-----Original Message-----", "Begin forwarded message:" and the like, in any language."""
    text = lines[at].text
    end = text.find("--", len(text) - len(text.lstrip("-")), 80) if text.startswith("--") else 0
    if end > 0 and fold(text[:end].strip("- ")) in vocabulary().originals:  # the header fields may stand behind it
        return True
    if len(text) > 120:
        return False
    if "&nbsp;" in text:
        text = text.replace("&nbsp;", " ")
    bare = text.strip(MARKS + _DASHES + "-–—=:：<>[]#~")
    drawn = (
        text.startswith("**")
        or text.lstrip(MARKS).startswith(("--", "==", "__", "—", "––", "<<", "[", "##", "~~", *_DASHES))
        or text.endswith("--")
    )
    if not bare or not (drawn or text.rstrip(MARKS).endswith((":", "："))):
        return False
    folded = fold(bare)
    if drawn and any(phrase in folded for phrase in words("reply_above")):
        return True
    known = folded in vocabulary().originals
    if not known and drawn:
        known = any(
            folded.startswith(word + " ") for word in vocabulary().originals if " " in word or not word.isascii()
        )
    if known and not drawn:
        following = next_text(lines, at + 1)
        known = following < len(lines) and (lines[following].depth > 0 or label(lines[following].text) != "")
    return known


def names_original(line: Line) -> bool:
    """ "Original Message" without any mark: enough only right above the header fields of a quoted mail."""
    return line.new and len(line.text) < 40 and line.folded.strip(" -–—:") in vocabulary().originals


def begins_like_original(line: Line) -> bool:
    """ "Message du 22/07/11": the words of a divider with something behind them."""
    return len(line.text) < _STAMP_LENGTH and line.folded.startswith(tuple(f"{word} " for word in words("originals")))


def label(text: str) -> str:
    """The kind of header field a line looks like ("from_", "sent", "to", …), "" for none."""
    head = text[:60].lstrip(MARKS)
    colon = head.find(":")
    wide = head.find("：")
    colon = wide if colon < 0 or 0 <= wide < colon else colon
    if not 0 < colon <= 30:
        return ""
    return vocabulary().labels.get(fold(head[:colon].rstrip(MARKS)), "")


def header_block(lines: list[Line], at: int, marked: bool = False) -> tuple[int, bool]:
    """(index after the fields that begin in line ``at``, whether they are a quoted mail's header).

    ``marked`` where a dividing line stands above: then labels of a language we do not know count too.
    """
    kinds: set[str] = set()
    seen: list[str] = []
    place, continued, end, gaps, between = at, 0, at, 0, 0
    while place < len(lines) and place < at + 24:
        line = lines[place]
        if line.depth != lines[at].depth and line.text:
            break  # quoted lines right under the header
        kind = label(line.text) or (_foreign_label(line.text) if marked else "")
        if kind == "from_" and place == at:
            kinds |= _labels_inside(line.text)
        if line.blank:
            following = next_text(lines, place)
            kind = label(lines[following].text) if following == place + 1 and following < len(lines) else ""
            if not kind or (kind == "from_" and kinds):  # the header itself, under lines that look like one
                break
        elif kind:
            kinds.add(kind)
            seen.append(line.text[:LOOK])
            continued, end = 0, place + 1
            between = gaps
        elif not kinds or continued >= 3:
            break
        else:
            continued += 1
            gaps += 1
            seen.append(line.text[:LOOK])
        place += 1
    known = {kind for kind in kinds if not kind.startswith("?")}
    joined = fold(" ".join(seen)[: 2 * LOOK])
    proof = has_address(joined) or has_date(joined)
    whole = proof or marked or not between  # words between what looks like fields: somebody's own lines
    named = "from_" in known and (
        (len(known) >= 3 and whole) or (bool(known & {"sent", "subject"}) and (proof or marked))
    )
    if named or (len(known) >= 3 and "sent" in known and proof):
        return place, not _span(lines[at:place])
    foreign = marked and len(kinds) >= 3 and has_address(joined) and has_date(joined)
    return (end if foreign else place), foreign


def stamped_above(lines: list[Line], at: int) -> int | None:
    """Where a mail begins that Notes quotes: a name, when it was written, and then only "To: … cc: … Subject: …"."""
    if label(lines[at].text) != "to":
        return None
    kinds = {label(line.text) for line in lines[at : at + 4]}
    if "subject" not in kinds:
        return None
    for place in range(at - 1, max(-1, at - _STAMP_ABOVE), -1):
        line = lines[place]
        if line.blank:
            continue
        if not line.new or len(line.text) > _STAMP_LENGTH or not (has_date(line.folded) and has_time(line.folded)):
            return None
        above = lines[place - 1] if place else None
        named = above is not None and above.new and 0 < len(above.text.split()) <= 4 and not above.text.endswith(".")
        return place - 1 if named and line.text.lstrip()[:1].isdigit() else place
    return None


def divider_inside(text: str) -> int:
    """Where a divider of the client begins behind words in the same line; -1 where none does."""
    text = text[:LOOK]
    at = text.find("----", 1)
    while at > 0:
        rest = text[at : at + _STAMP_LENGTH].lstrip("-")
        named = fold(rest.partition("--")[0].strip()) in vocabulary().originals
        if named and "--" in rest and text[:at].strip(MARKS + "-"):
            return at
        at = text.find("----", len(text) - len(text[at:].lstrip("-")))
    return -1


def _span(block: list[Line]) -> bool:
    """Whether "From: 1 Dec" in these lines names a day or a time: somebody's own from and to."""
    for line in block:
        if label(line.text) == "from_":
            value = line.text[:LOOK].replace("：", ":").partition(":")[2].strip(MARKS)
            if not value or len(value) > _DAY_LENGTH or "@" in value or not any(map(str.isdigit, value)):
                return False
            folded = fold(value)
            plain = [word for word in folded.replace(",", " ").split() if word.isalpha()]
            return (has_date(folded) or has_time(folded)) and vocabulary().dates.issuperset(plain)
    return False


def _labels_inside(text: str) -> set[str]:
    """The further header fields of a line that has them all: "From: … Sent: … To: … Subject: …"."""
    found: set[str] = set()
    colon = text.find(":", 0, LOOK)
    while colon > 0:
        before = text[max(0, colon - 30) : colon].split()
        for count in (1, 2, 3):
            kind = vocabulary().labels.get(fold(" ".join(before[-count:]).strip(MARKS))) if before else None
            if kind:
                found.add(kind)
        colon = text.find(":", colon + 1, LOOK)
    return found if len(found) >= 3 else set()


def _foreign_label(text: str) -> str:
    head, colon, rest = text[:60].replace("：", ":").partition(":")
    return f"?{fold(head)}" if colon and rest and len(head) <= 25 and len(head.split()) <= 3 else ""


def begins_original(lines: list[Line], at: int) -> bool:
    """Whether the markup's divider at ``at`` has a quoted mail below it."""
    following = next_text(lines, at + 1)
    if lines[at].hint is Hint.ORIGINAL:
        return True
    return following < len(lines) and header_block(lines, following, marked=True)[1]


def is_drawn(line: Line) -> bool:
    return line.hint is Hint.RULE or (line.kind is Kind.NEW and is_rule(line.text))
