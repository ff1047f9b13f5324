"""Tables pasted into a reply, a question and its answer in each row: they become labelled lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.inbound.labels import Labels
from assistant.inbound.points import Row

LEAST = 2


def as_lines(rows: Sequence[Row], marks: Labels) -> list[Row]:
    """The rows with those of a table as "label: answer"; its heading and its drawn lines are dropped."""
    cells = [_cells(row) for row in rows]
    told = [at for at, parts in enumerate(cells) if len(parts) == LEAST and _is_label(parts[0], marks)]
    if len(told) < LEAST:
        return list(rows)
    heading = told[0] - 1 if told[0] and len(cells[told[0] - 1]) == LEAST else -1
    found: list[Row] = []
    for at, row in enumerate(rows):
        if at in told:
            text = f"{cells[at][0].rstrip('?: ')}: {cells[at][1]}"
            found.append(replace(row, body=text, raw=text, bullet=False, number=None))
        elif at != heading and row.body.strip("|-:+= "):
            found.append(row)
    return found


def _cells(row: Row) -> list[str]:
    text = row.raw.strip()
    if "\t" in text:
        return [cell.strip() for cell in text.split("\t") if cell.strip()]
    if text.startswith("|") and text.endswith("|"):
        return [cell.strip() for cell in text.strip("|").split("|") if cell.strip()]
    if text.count(" | ") == 1:
        return [cell.strip() for cell in text.split(" | ") if cell.strip()]
    return []


def _is_label(cell: str, marks: Labels) -> bool:
    label = marks.at_start(f"{cell.rstrip('?: ')}: x")
    return label is not None and not label.weak and not label.loose and label.end > len(cell.rstrip("?: "))
