"""What a person newly wrote in a reply: no quoted text, signature, client footer or legal banner.

A line is cut only on evidence; without it, it stays. Answers written between quoted lines are kept, each with the
lines it stands under. Plain text and HTML become lines first, then the same steps run over both:

1. the line where the answered mail begins: an attribution, its header fields, the client's divider
2. what stands in the quoted part but is not of our mail, where our mail is known: answers typed into it
3. the ends of each written part: signatures, footers, legal text, list footers
"""

from __future__ import annotations

from dataclasses import replace
from email.message import Message
from functools import cached_property

from assistant.inbound.attributions import attribution, may_begin_original, shared_line
from assistant.inbound.body import text_parts
from assistant.inbound.evidence import has_date
from assistant.inbound.headers import addresses
from assistant.inbound.lines import BARE_QUOTE, Hint, Kind, Line, cut_all, next_text, plain_lines, previous_text
from assistant.inbound.originals import (
    begins_like_original,
    begins_original,
    divider_inside,
    header_block,
    is_drawn,
    is_original_line,
    label,
    names_original,
    stamped_above,
)
from assistant.inbound.ours import Sent, mark_ours
from assistant.inbound.pieces import Cut, Segment, VisibleReply, account, joined, runs_of, segments
from assistant.inbound.smallprint import cut_banners
from assistant.inbound.tails import cut_tails

__all__ = ["Cut", "Letter", "Segment", "VisibleReply", "read_reply", "visible_reply"]


_FENCE = "```"
"""Under it stands something copied, and the person's words go on below."""


class Letter:
    """A mail and what its sender newly wrote, which is cut when it is first asked for and only once."""

    def __init__(self, message: Message, sent: str | None = None) -> None:
        self.message = message
        self._sent = sent

    @cached_property
    def reply(self) -> VisibleReply:
        return read_reply(self.message, self._sent)


def visible_reply(message: Message, sent: str | None = None) -> str:
    """Only what the person newly wrote. ``sent`` is the plain text of the mail it answers, where that is known."""
    return joined(runs_of(_decided(message, sent)))


def read_reply(message: Message, sent: str | None = None) -> VisibleReply:
    """The new text of a reply with what each piece answers, and an account of what was left out. Never raises."""
    lines = _decided(message, sent)
    runs = runs_of(lines)
    return VisibleReply(joined(runs), tuple(segments(runs, lines)), account(lines))


def _decided(message: Message, sent: str | None) -> list[Line]:
    """All lines of a mail, each with what it was found to be."""
    lines: list[Line] = []
    for part in text_parts(message):
        if part.html:
            from assistant.inbound.html import html_lines  # noqa: PLC0415 - brings lxml, which plain text needs not

            found = html_lines(part.text)
        else:
            found = plain_lines(part.text)
        for line in found if lines else ():
            line.number += len(lines)
        if lines and found:
            found.insert(0, Line("", found[0].number))
        lines += found
    _mend_broken_quotes(lines)
    cut_banners(lines)
    rest = _cut_original(lines)
    _keep_own_quotes(lines)
    if sent:
        _find_ours(lines, rest, Sent(sent))
    cut_tails(lines, addresses(message, "From"))
    return lines


def _mend_broken_quotes(lines: list[Line]) -> None:
    """A quoted line that a client broke leaves its end without a mark between two marked ones."""
    for place in range(1, len(lines) - 1):
        line, above, below = lines[place], lines[place - 1], lines[place + 1]
        if not line.new or above.kind is not Kind.QUOTE or below.kind is not Kind.QUOTE or line.hint:
            continue
        text = line.text.strip()
        single = len(text.split()) == 1 and text.endswith((")", ">", "]"))
        opened = single and _open_bracket(above.text)
        stray = text.endswith(") >") or text == ">"
        full = len(above.text) + len(text.split(maxsplit=1)[0]) > 68 and not above.text.endswith(
            (".", "!", "?", ":", ";")
        )
        carried = full and text[:1].islower() and len(text) < len(above.text) and not below.blank
        if opened or stray or carried:
            line.depth = above.depth
            line.cut(Kind.QUOTE, "end of a broken quoted line")


def _open_bracket(text: str) -> bool:
    return text.count("(") > text.count(")") or text.count("<") > text.count(">")


def _cut_original(lines: list[Line]) -> int:
    """Cut from where the answered mail begins, unless its lines are marked; the index where that is, or the end."""
    place = 0
    before = False  # something was written above
    no_header = 0  # header fields were looked for up to here
    while place < len(lines):
        line = lines[place]
        if line.kind is not Kind.NEW or (line.blank and not line.hint):
            place += 1
            continue
        if not line.hint and not may_begin_original(line.text):
            before = True
            place += 1
            continue
        start, end, kind = _boundary(lines, place, place >= no_header)
        if kind is Kind.NEW:
            before = before or line.new
            no_header = max(no_header, end)
            place += 1
            continue
        inside = divider_inside(line.text) if kind is Kind.HEADERS and start == place else -1
        kept = (
            shared_line(line.text)
            if kind is Kind.ATTRIBUTION and start == place
            else line.text[: max(0, inside)].rstrip()
        )
        if kept:
            line.text = kept
            start, before = start + 1, True
        _cut_rules_above(lines, start, kind)
        cut_all(lines[start:end], kind, "begins the quoted mail")
        before = before and any(known.new for known in lines[:start])
        following = next_text(lines, end)
        if following == len(lines):
            return following
        if lines[following].text.startswith("|"):
            table = label(lines[following].text.strip("| ").replace(" |", ":", 1)) != ""
            cut_all((line for line in lines[following:] if line.text.startswith("|")), Kind.QUOTE, "quoted by bars")
            while table and following < len(lines) and not lines[following].new:
                following += 1
            if following == len(lines):
                return following
        if lines[following].kind is Kind.QUOTE or not before:
            place = following
            continue
        if kind is Kind.ATTRIBUTION and (indented := _indented(lines, following)):
            cut_all(lines[following:indented], Kind.QUOTE, "quoted by indentation")
            place = indented
            continue
        cut_all(lines[following:], Kind.QUOTE, "below the line that begins the quoted mail")
        return following
    return len(lines)


def _cut_rules_above(lines: list[Line], start: int, kind: Kind) -> None:
    above = previous_text(lines, start - 1)
    while above >= 0 and (is_drawn(lines[above]) or (kind is Kind.HEADERS and _heads_fields(lines[above]))):
        lines[above].cut(kind, "divider")
        above = previous_text(lines, above - 1)


def _heads_fields(line: Line) -> bool:
    """What may stand right above header fields: "Original Message", or the summary "Ana ---18.11.2026 09:12---…"."""
    if names_original(line):
        return True
    return line.new and has_date(line.folded) and (line.text.count("---") > 1 or begins_like_original(line))


def _keep_own_quotes(lines: list[Line]) -> None:
    """A block quote above any sign of the answered mail is the person's own indentation or quotation."""
    for place, line in enumerate(lines):
        if line.kind in {Kind.ATTRIBUTION, Kind.HEADERS} or (line.kind is Kind.QUOTE and line.reason != BARE_QUOTE):
            return
        if line.reason == BARE_QUOTE:
            if _attributed_inside(lines, place):
                return
            line.kind, line.reason, line.depth = Kind.NEW, "", 0


def _attributed_inside(lines: list[Line], place: int) -> bool:
    """Whether a block quote begins with the line that says whose mail it quotes."""
    if place and lines[place - 1].reason == BARE_QUOTE and lines[place - 1].text:
        return False
    for line in lines[place : place + 3]:
        bare = replace(line, kind=Kind.NEW, depth=0)
        if bare.text and attribution([bare], 0) is not None:
            return True
    block = [replace(line, text=line.text.lstrip("> "), kind=Kind.NEW, depth=0) for line in lines[place : place + 8]]
    first = next((at for at, line in enumerate(block[:3]) if label(line.text)), None)
    return first is not None and header_block(block, first)[1]


def _boundary(lines: list[Line], place: int, headers: bool) -> tuple[int, int, Kind]:
    """(start, end, what) of the lines that begin a quoted mail and that end or start at ``place``.

    The kind is ``NEW`` where none do; ``end`` is then how far header fields were looked for.
    """
    line = lines[place]
    if line.hint is Hint.ATTRIBUTION:
        return place, place + 1, Kind.ATTRIBUTION
    if line.hint and not begins_original(lines, place):
        return place, 0, Kind.NEW
    looked = 0
    if headers and label(line.text):
        above = previous_text(lines, place - 1)
        looked, found = header_block(lines, place, marked=above >= 0 and is_drawn(lines[above]))
        start = None if found else stamped_above(lines, place)
        if start is not None:
            return start, looked, Kind.HEADERS
        if found and not (above == place - 1 >= 0 and lines[above].text.lstrip().startswith(_FENCE)):
            return place, looked, Kind.HEADERS
    if line.hint or is_original_line(lines, place) or divider_inside(line.text) > 0:
        following = next_text(lines, place + 1)
        end, found = header_block(lines, following, marked=True)
        return place, end if found else _attributed_below(lines, following) or place + 1, Kind.HEADERS
    start = attribution(lines, place)
    return (place, looked, Kind.NEW) if start is None else (start, place + 1, Kind.ATTRIBUTION)


def _attributed_below(lines: list[Line], start: int) -> int:
    """The end of an attribution that begins in line ``start``, under a divider; 0 where none does."""
    for place in range(start, min(start + 3, len(lines))):
        if not lines[place].new:
            break
        if attribution(lines, place) == start:
            return place + 1
    return 0


def _indented(lines: list[Line], start: int) -> int:
    """The end of an indented block that quotes the mail just attributed; 0 where it is not indented."""
    if not lines[start].text.startswith(("  ", "\t")):
        return 0
    place = start
    while place < len(lines) and (lines[place].blank or lines[place].text[:1] in " \t"):
        place += 1
    return place if place == len(lines) or lines[place - 1].blank else 0


def _find_ours(lines: list[Line], rest: int, sent: Sent) -> None:
    """Mark our own words, and give back what was typed between them below the cut."""
    mark_ours(lines[:rest], sent, surely=False)
    below = [line for line in lines[rest:] if line.kind is Kind.QUOTE and line.depth == 0]
    for line in below:
        line.kind = Kind.NEW
    if mark_ours(below, sent, surely=True) < 2:
        inside: list[Line] = []
    else:
        ours = [place for place, line in enumerate(below) if line.kind is Kind.OURS]
        inside = [line for line in below[ours[0] : ours[-1]] if line.kind is Kind.NEW]
    kept = {id(line) for line in inside}
    cut_all([line for line in below if id(line) not in kept], Kind.QUOTE, "below the line that begins the quoted mail")
