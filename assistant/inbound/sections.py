"""Replies cut at their marks: numbers and labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.inbound import points
from assistant.inbound.labels import Found, Labels
from assistant.inbound.points import Row

LABELLED, DOUBTFUL_LABEL = 0.96, 0.75
NUMBERED, TOO_MANY = 0.95, 0.6


@dataclass(frozen=True, slots=True)
class Section:
    """The lines that answer one question. ``bare``: the first line's own bullet or number is a mark, not a point."""

    question: int
    rows: Sequence[Row]
    confidence: float
    how: str
    bare: bool = False

    @property
    def text(self) -> str:
        return points.joined(self.rows, bare=self.bare)


def labelled(rows: Sequence[Row], marks: Labels, open_at: Sequence[int]) -> tuple[list[Section], list[Row]]:
    """The labelled answers, and the lines before the first label."""
    wanted = set(open_at)
    starts = _starts(rows, marks, wanted)
    if not starts:
        return [], list(rows)
    sections: list[Section] = []
    for place, at in enumerate(sorted(starts)):
        until = sorted(starts)[place + 1] if place + 1 < len(starts) else len(rows)
        sections.extend(_cut(rows[at], rows[at + 1 : until], starts[at], marks, wanted))
    return sections, list(rows[: min(starts)])


def _starts(rows: Sequence[Row], marks: Labels, wanted: set[int]) -> dict[int, Found]:
    """The first label of each question by line; weak ones only where they are not alone."""
    found: dict[int, Found] = {}
    seen: set[int] = set()
    for at, row in enumerate(rows):
        label = marks.at_start(row.body)
        if label is not None and label.loose and (row.marked or row.indent):
            continue
        if label is not None and label.question in wanted and label.question not in seen:
            follows = at + 1 < len(rows) or not label.weak
            if follows:
                found[at] = label
                seen.add(label.question)
    if sum(1 for label in found.values()) < 2:
        return {at: label for at, label in found.items() if not label.weak and not label.loose}
    return found


def _cut(head: Row, tail: Sequence[Row], label: Found, marks: Labels, wanted: set[int]) -> list[Section]:
    """The section that a labelled line begins, and those of further labels on the same line."""
    inner = [place for place in marks.inside(head.body, {label.question}) if place.question in wanted]
    places = [label, *inner]
    sections = []
    for at, place in enumerate(places):
        end = places[at + 1].start if at + 1 < len(places) else len(head.body)
        body = head.body[place.end : end].strip()
        body = body.rstrip("|;/•*_ ,") if at + 1 < len(places) else _unclosed(body)
        more = list(tail) if at + 1 == len(places) else []
        rows = [*([replace(head, body=body, raw=body, bullet=False, number=None)] if body else []), *more]
        sections.append(Section(place.question, rows, DOUBTFUL_LABEL if place.doubtful else LABELLED, "labelled"))
    return sections


def with_numbers(sections: Sequence[Section], open_at: Sequence[int], first_number: int) -> list[Section]:
    """Labelled answers with a number below that can only be a question's: a list of points would begin with 1."""
    taken = {section.question for section in sections}
    found: list[Section] = []
    for section in sections:
        place = next((at for at, row in enumerate(section.rows) if at and row.number is not None), 0)
        number = section.rows[place].number if place else None
        index = (number or 0) - first_number
        listed = not place or section.rows[0].number is not None or number == 1 or section.rows[place].letter
        if listed or index not in open_at or index in taken or index <= section.question:
            found.append(section)
            continue
        taken.add(index)
        found.append(replace(section, rows=section.rows[:place]))
        found.append(Section(index, section.rows[place:], NUMBERED, "numbered", True))
    return found


def _unclosed(body: str) -> str:
    """Without the end of an emphasis that began before the label."""
    for mark in ("**", "__"):
        if body.endswith(mark) and body.count(mark) % 2:
            body = body[: -len(mark)]
    return body.strip()


def numbered(
    rows: Sequence[Row], count: int, open_at: Sequence[int], first_number: int, last_number: int | None
) -> tuple[list[Section], list[Row], list[str]]:
    """The numbered answers, the lines before the first of them or all where numbers do not fit, and others' answers."""
    spread = _spread(rows, first_number, max(first_number + count - 1, last_number or 0))
    starts = _top_numbers(spread)
    if not starts:
        return [], list(rows), []
    numbers = [spread[at].number or 0 for at in starts]
    highest = first_number + count - 1
    foreign = [number for number in numbers if not first_number <= number <= highest]
    known = [
        number for number in foreign if number < first_number or (last_number is not None and number <= last_number)
    ]
    if len(set(numbers)) < len(numbers) or len(foreign) == len(numbers) != len(known):
        # Numbers that come twice, or none that was asked, count points inside the answers.
        return [], list(rows), []
    if any(spread[at].letter for at in starts) and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return [], list(rows), []
    confidence = TOO_MANY if len(known) < len(foreign) else NUMBERED
    if confidence == TOO_MANY and len(starts) == len(spread):
        return [], list(rows), []
    sections, others = [], []
    for place, at in enumerate(starts):
        until = starts[place + 1] if place + 1 < len(starts) else len(spread)
        own = spread[at:until]
        index = (spread[at].number or 0) - first_number
        if index in open_at:
            if own[0].body or own[1:]:
                sections.append(Section(index, own, confidence, "numbered", bare=True))
        else:
            others.append(points.joined(own))
    return sections, list(spread[: starts[0]]), others


def loosely_numbered(rows: Sequence[Row], count: int, first_number: int) -> list[Row]:
    """Rows such as "1 import", "2 audit", "3 none", where these are as many as the questions and nothing else stands
    there: so much is no list of amounts.
    """
    if count < 2 or len(rows) != count or any(row.marked for row in rows):
        return list(rows)
    found: list[Row] = []
    for number, row in enumerate(rows, first_number):
        head, space, body = row.body.partition(" ")
        if head != str(number) or not space or not body.strip():
            return list(rows)
        found.append(replace(row, body=body.strip().removeprefix("= "), number=number))
    return found


def _top_numbers(rows: Sequence[Row]) -> list[int]:
    """The places of numbered lines at the outermost level, of the kind (digits or letters) that comes first."""
    marked = [at for at, row in enumerate(rows) if row.number is not None]
    if not marked:
        return []
    letters = rows[marked[0]].letter
    outer = min(rows[at].indent for at in marked if rows[at].letter == letters)
    return [at for at in marked if rows[at].letter == letters and rows[at].indent <= outer + 1]


def _spread(rows: Sequence[Row], first_number: int, highest: int) -> list[Row]:
    """Lines such as "1) done 2) next 3) none" cut at their inner numbers, where these go on from the first."""
    present = {row.number for row in rows if row.number is not None}
    spread: list[Row] = []
    for row in rows:
        if row.number is None or row.letter or row.number + 1 in present or row.number >= highest:
            spread.append(row)
            continue
        spread.extend(_inner(row, highest))
    return spread


def _inner(row: Row, highest: int) -> list[Row]:
    pieces: list[Row] = []
    current, body = row, row.body
    while current.number is not None and current.number < highest:
        place, length = _next_mark(body, current.number + 1)
        if place < 0:
            break
        head, body = body[:place].rstrip(" ,;|/"), body[place + length :].strip()
        pieces.append(replace(current, body=head, raw=head))
        current = replace(row, body=body, raw=body, number=current.number + 1, blank_before=False)
    return [*pieces, replace(current, body=body, raw=body) if pieces else row]


def _next_mark(body: str, number: int) -> tuple[int, int]:
    """Where the next number stands as a mark between words, and its length; -1 where it does not."""
    best = (-1, 0)
    for mark in (f" {number}) ", f" {number}. ", f" ({number}) ", f" {number}: ", f" {number} - ", f" #{number} "):
        place = body.find(mark)
        if place >= 0 and (best[0] < 0 or place < best[0]):
            best = (place, len(mark))
    return best
