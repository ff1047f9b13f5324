"""A text as lines with what is known of each: how deep it is quoted, what its markup says, what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assistant.inbound.phrases import fold

LOOK = 1_000
"""Only so many characters of a line are looked at; all of it is kept or cut."""
MARKS = " \t*_>|«»\u200e\u200f\u202a\u202b\u202c\u200b\ufeff\xa0"
"""What clients put around a line: spaces, emphasis, quote and direction marks."""

_WIDE_MARK = "＞"
"""What Japanese programs quote with."""
_INITIALS = re.compile(r"^[ \t]{0,2}([A-Z]{1,3}>)(?=[ >])", re.MULTILINE)

BARE_QUOTE = "block quote"
"""Reason of lines in a block quote that no client marked as its own: a person may have made it."""


class Kind(StrEnum):
    """What a line turned out to be. Only ``NEW`` is shown."""

    NEW = "new"
    QUOTE = "quote"
    OURS = "ours"
    ATTRIBUTION = "attribution"
    HEADERS = "headers"
    SIGNATURE = "signature"
    FOOTER = "footer"
    LEGAL = "legal"
    BANNER = "banner"
    LIST = "list"


class Hint(StrEnum):
    """What the markup says of a line."""

    NONE = ""
    ATTRIBUTION = "attribution"
    RULE = "rule"
    """A visible dividing line; it has no text."""
    ORIGINAL = "original"
    """The client's own mark that the answered mail begins here."""


@dataclass(slots=True)
class Line:
    """``text`` is without quote marks and trailing space, ``depth`` how many there were, ``number`` counts from 1."""

    text: str
    number: int
    depth: int = 0
    hint: Hint = Hint.NONE
    kind: Kind = Kind.NEW
    reason: str = ""
    asked: str = ""
    """A question of ours that stood before ``text`` in the same line."""
    _folded: str | None = None

    @property
    def blank(self) -> bool:
        return not self.text

    @property
    def new(self) -> bool:
        return self.kind is Kind.NEW and bool(self.text)

    @property
    def folded(self) -> str:
        """The first ``LOOK`` characters for comparing, without marks around them."""
        if self._folded is None:
            self._folded = fold(self.text[:LOOK].strip(MARKS))
        return self._folded

    def cut(self, kind: Kind, reason: str) -> None:
        self.kind, self.reason = kind, reason


def plain_lines(text: str) -> list[Line]:
    """Lines of a text/plain body, ``>`` counted and taken off."""
    lines = []
    initials = _initials(text)
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip()
        if line.startswith("> ") and line[2:3].isalnum() and not line.endswith(("<<", ":")):  # as most of them are
            lines.append(Line(line[2:], number, 1, Hint.NONE, Kind.QUOTE, "quote mark"))
            continue
        if line.startswith(_WIDE_MARK):
            line = line.replace(_WIDE_MARK, ">", 1)
        start = line.lstrip(" \t\u200e\u200f\u202a\u202b\ufeff")[:1] if ">" in line[:8] else ""
        if start == ">" and names_sender(line):
            lines.append(Line(line, number, hint=Hint.ATTRIBUTION))
        elif start == ">" and line.endswith(":") and len(line) < 20 and lines and _opens_address(lines[-1].text):
            lines.append(Line(line, number))  # "Ana <ana@x.example" was folded right before its end
        elif start == ">" and not line.endswith("<<"):
            text_part, depth = _unquoted(line)
            lines.append(Line(text_part, number, depth, kind=Kind.QUOTE, reason="quote mark"))
        elif initials and line.lstrip().startswith(initials):
            rest = line.lstrip().partition(">")[2].lstrip("> ")
            lines.append(Line(rest, number, 1, kind=Kind.QUOTE, reason="initials and a quote mark"))
        else:
            lines.append(Line(line, number))
    return lines


def _opens_address(text: str) -> bool:
    return text.count("<") > text.count(">") and "@" in text


def names_sender(line: str) -> bool:
    """ ">>> Ana <ana@x.example> 23.11.2026 09:00 >>>": the attribution of GroupWise, with unmarked text below it."""
    return line.startswith(">>> ") and line.endswith(" >>>") and len(line) < 200 and sum(map(str.isdigit, line)) >= 4


def _initials(text: str) -> tuple[str, ...]:
    """The marks "AB>" that some programs quote with, where at least two lines have the same."""
    seen: dict[str, int] = {}
    for found in _INITIALS.finditer(text) if text.count(">") > 1 else ():
        seen[found[1]] = seen.get(found[1], 0) + 1
    return tuple(mark for mark, count in seen.items() if count > 1)


def _unquoted(line: str) -> tuple[str, int]:
    depth = at = 0
    for place, character in enumerate(line):
        if character == ">":
            depth += 1
            at = place + 1
        elif character not in " \t\u200e\u200f\u202a\u202b\ufeff":
            break
    return line[at:].removeprefix(" "), depth


def is_rule(text: str) -> bool:
    """Whether a line is only drawn: five or more of ``_ - = * — ─`` and spaces."""
    bare = text.replace(" ", "").strip("\t\xa0")
    bare = bare.strip("*") or bare
    return len(bare) >= 5 and not bare.strip("_-=*#—–─━⎯‐‑‒―＊＝－")


def next_text(lines: list[Line], at: int) -> int:
    """The index of the first line with text at or after ``at``, or ``len(lines)``."""
    while at < len(lines) and lines[at].blank:
        at += 1
    return at


def previous_text(lines: list[Line], at: int) -> int:
    """The index of the last line with text at or before ``at``, or -1."""
    while at >= 0 and lines[at].blank:
        at -= 1
    return at


def cut_all(lines: Iterable[Line], kind: Kind, reason: str) -> None:
    for line in lines:
        if line.kind is Kind.NEW:
            line.cut(kind, reason)
