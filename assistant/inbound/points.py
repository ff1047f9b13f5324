"""A written text as rows with their marks (bullets, numbers, letters), and as points with wrapped rows joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

BULLETS = frozenset("-*•‣◦·–—+▪●○→➢✓✔☐☑■□➜►>")
TIGHT_BULLETS = frozenset("-•–·‣▪●")
BOXES = ("[ ]", "[x]", "[X]", "[]", "☐", "☑", "✓", "✔", "✅")
NUMBER_ENDS = frozenset(".):]-–—/")
PREFACES = frozenset(
    {"ad", "zu", "re", "to", "question", "frage", "answer", "antwort", "punkt", "point", "item", "nr", "no"}
)
DASHES = frozenset("-–—")
WRAP_WIDTH = 60
"""A row at least this long may have been wrapped by a client; shorter ones end where the writer ended them."""
DRAWN = 4
"""A longer line of dashes is no answer."""
_LONE = frozenset(str(number) for number in range(1, 41))
KEYCAPS = "\ufe0f\u20e3"


@dataclass(frozen=True, slots=True)
class Row:
    """``body`` is the row without its marks. ``number`` is that of "2.", "(2)", "#2", "b)"; ``letter`` says which."""

    body: str
    indent: int = 0
    bullet: bool = False
    number: int | None = None
    letter: bool = False
    blank_before: bool = False
    raw: str = ""

    @property
    def marked(self) -> bool:
        return self.bullet or self.number is not None


def parse(text: str) -> list[Row]:
    """The rows that are not blank. Linear in the text."""
    found: list[Row] = []
    blank = False
    for raw in text.splitlines():
        stripped = raw.strip()
        if not stripped:
            blank = True
            continue
        found.append(_row(raw, stripped, blank))
        blank = False
    return _with_lone_numbers(found)


def _with_lone_numbers(rows: list[Row]) -> list[Row]:
    """A number on a row of its own above each answer, counted up: the answer's row takes it."""
    alone = [at for at, row in enumerate(rows) if row.body in _LONE and not row.marked]
    counted = [int(rows[at].body) for at in alone]
    answered = all(at + 1 < len(rows) and at + 1 not in alone and not rows[at + 1].marked for at in alone)
    if len(alone) < 2 or alone[0] or not answered or counted != list(range(counted[0], counted[0] + len(counted))):
        return rows
    taken = {at + 1: number for at, number in zip(alone, counted, strict=True)}
    return [
        replace(row, number=taken[at], blank_before=rows[at - 1].blank_before) if at in taken else row
        for at, row in enumerate(rows)
        if at not in alone
    ]


def _row(raw: str, stripped: str, blank: bool) -> Row:
    indent = len(raw) - len(raw.lstrip())
    body, bullet = without_bullet(stripped)
    emphasised = body[:1] in {"*", "_"}
    number, rest, letter = numbered(body.lstrip("*_ ") if emphasised else body)
    if number is not None:
        if emphasised:
            rest = rest.lstrip("*_ ") if rest[:1] in {"*", "_"} else rest.removesuffix("**")
        return Row(rest, indent, False, number, letter, blank, raw)
    return Row(body, indent, bullet, None, False, blank, raw)


def without_bullet(stripped: str) -> tuple[str, bool]:
    """A row without bullet or tick box, and whether it had one."""
    for box in BOXES:
        if stripped.startswith(box) and (len(box) > 1 or stripped[1:2].isspace()):
            return stripped[len(box) :].strip(), True
    if stripped[:1] not in BULLETS:
        return stripped, False
    rest = stripped[1:]
    if rest[:1].isspace():
        inner = rest.strip()
        for box in BOXES:
            if inner.startswith(box):
                return inner[len(box) :].strip(), True
        return inner, True
    # "-none" and "•none" are bullets too; "-5", "**bold**" and "--" are not.
    if stripped[0] in TIGHT_BULLETS and rest[:1].isalpha():
        return rest.strip(), True
    return stripped, False


def numbered(text: str) -> tuple[int | None, str, bool]:
    """The number or letter that leads a text, what follows it, and whether it was a letter."""
    text = _without_preface(text)
    opened = text[:1] in {"(", "[", "#"}
    core = text[1:] if opened else text
    if core[:1] in {"Q", "q", "A", "a"} and core[1:2].isdigit():
        core = core[1:]
    digits = 0
    while digits < len(core) and digits < 3 and core[digits] in "0123456789":
        digits += 1
    if 0 < digits < 3:
        rest = _after_number(core[digits:], opened)
        return (None, text, False) if rest is None else (int(core[:digits]), rest, False)
    first, mark, after = core[:1], core[1:2], core[2:3]
    # "a." only in lower case: "A. Miller" is a name.
    marked = mark == ")" or (mark == "." and first.islower())
    if marked and first.isalpha() and first.isascii() and (not after or after.isspace()):
        return ord(first.lower()) - ord("a") + 1, core[2:].strip(), True
    return None, text, False


def _without_preface(text: str) -> str:
    """ "ad 1)", "zu 1:" and "question 1:" without the word; only where a number with its mark follows."""
    word, space, rest = text.partition(" ")
    if word.lower() in {"just", "only", "nur"} and (bare := _without_preface(rest)) != rest:
        return bare  # "nur Frage 3: …"
    if word.lower() in {"just", "only", "nur", "on", "for", "about"} and rest[:1] in {"Q", "q", *"123456789"}:
        number = rest[1:] if rest[:1] in "Qq" else rest
        bare = number.lstrip("0123456789")
        return number if number != bare and len(number) - len(bare) < 3 and bare[:1] in {":", ")"} else text
    if not space or word.rstrip(".").lower() not in PREFACES or not rest[:1].isdigit():
        return text
    digits = len(rest) - len(rest.lstrip("0123456789"))
    return rest if digits < 3 and rest[digits : digits + 1] in {":", ")", ".", "-"} else text


def _after_number(tail: str, opened: bool) -> str | None:
    """What follows a number that is a mark, else None: "8/10", "3-4", "1.5", "10:30" and "1-day" are values."""
    if tail[:1] and tail[0] in KEYCAPS:
        return tail.lstrip(KEYCAPS + ".: )").strip()
    spaced = tail.lstrip(" \t")
    mark, rest = spaced[:1], spaced[1:]
    if opened and mark in DASHES and not rest[:1].isspace():
        return spaced.strip()
    if not mark or mark not in NUMBER_ENDS:
        return spaced.strip() if opened and (not tail or tail[:1].isspace()) else None
    if mark in "])" or (mark in ".:" and rest[:1] == ")"):
        return rest.lstrip(".:)").strip()
    if mark in DASHES or mark == "/":
        value = not rest[:1].isspace() or (mark == "/" and spaced != tail)
    else:
        value = rest[:1].isdecimal() or (mark == "." and spaced != tail)
    return None if value else rest.strip()


def without_rules(rows: Sequence[Row]) -> list[Row]:
    """Without the lines drawn under a heading or between two parts."""
    kept: list[Row] = []
    apart = False
    for index, row in enumerate(rows):
        drawn = len(row.body) > 2 and not row.marked and not row.body.strip("=-_~*#—–─ ")
        if drawn and index and (not row.blank_before or len(row.body) > DRAWN):
            apart = apart or row.blank_before
            continue
        kept.append(replace(row, blank_before=True) if apart else row)
        apart = False
    return kept


def paragraphs(rows: Sequence[Row]) -> list[list[Row]]:
    """Runs of rows between blank lines."""
    groups: list[list[Row]] = []
    for row in rows:
        if row.blank_before or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def continues(previous: Row, row: Row) -> bool:
    """Whether a row is the wrapped rest of the one before: a client broke it, or it is indented below a mark."""
    if row.marked or row.blank_before:
        return False
    if previous.marked and row.indent > previous.indent:
        return True
    end = previous.raw.rstrip()
    if len(end) < WRAP_WIDTH:
        return previous.raw.endswith((" ", ",")) and row.body[:1].islower()
    return not end.endswith((".", "!", "?", ":", ";")) or row.body[:1].islower()


def items(rows: Sequence[Row]) -> list[str]:
    """The points of a text, one for each bullet, number or line, wrapped rows joined."""
    found: list[str] = []
    bulleted = False
    for index, row in enumerate(rows):
        # Below a bullet an unmarked row in lower case goes on with it, until a blank line.
        goes_on = bulleted and not row.marked and not row.blank_before and row.body[:1].islower()
        if index and (continues(rows[index - 1], row) or goes_on):
            found[-1] = f"{found[-1]} {row.body}".strip()
        else:
            found.append(row.body)
            bulleted = row.marked
    return [point for point in found if point]


def joined(rows: Sequence[Row], *, bare: bool = False) -> str:
    """The rows as they were written, marks and blank lines kept; ``bare`` drops the first row's own mark."""
    parts: list[str] = []
    indent = min((row.indent for row in (rows[1:] if bare else rows)), default=0)
    for index, row in enumerate(rows):
        if index and row.blank_before:
            parts.append("")
        raw, cut = row.raw.rstrip(), min(indent, row.indent)
        parts.append(row.body if index == 0 and bare else raw[cut:] if raw[:cut].isspace() else raw)
    return "\n".join(parts).strip()
