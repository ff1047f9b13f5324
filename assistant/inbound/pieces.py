"""From lines that are all decided: what was written, in one text or in pieces, and an account of what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.inbound.lines import Kind, Line
from assistant.inbound.tails import closing_start


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of new text and the quoted lines right above it, "" where there are none.

    ``followed``: more of the answered mail stands below it.
    """

    text: str
    quoted: str
    followed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """Lines left out together: what they were, what showed it, the first line's number (from 1) and how many.

    ``text`` is the first of them that has any.
    """

    kind: str
    reason: str
    line: int
    count: int
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class VisibleReply:
    """``text`` is all that was newly written; ``segments`` the same in pieces, without a closing such as "Regards"."""

    text: str
    segments: tuple[Segment, ...]
    cuts: tuple[Cut, ...]


@dataclass(slots=True)
class Run:
    """New lines without others between them, and the quoted ones above."""

    quoted: list[str]
    lines: list[Line]
    text: str = ""


def runs_of(lines: list[Line]) -> list[Run]:
    """The written pieces of a mail, from lines that are all decided; each has some text."""
    runs: list[Run] = []
    above: list[str] = []
    inside = False
    for line in lines:
        if line.kind is Kind.NEW:
            if not line.text and not inside:
                if above and above[-1]:
                    above.append("")
                continue
            if line.asked:
                above.append(line.asked)
                inside = False
            if not inside:
                runs.append(Run(above, []))
                above, inside = [], True
            runs[-1].lines.append(line)
        elif line.kind in {Kind.QUOTE, Kind.OURS}:
            above.append(line.text)
            inside = False
        elif line.text:
            inside = False
    for run in runs:
        run.text = _text(run.lines)
    return [run for run in runs if run.text]


def joined(runs: list[Run]) -> str:
    """All that was newly written, in one text."""
    return "\n\n".join(run.text for run in runs)


def segments(runs: list[Run], lines: list[Line]) -> list[Segment]:
    """The pieces with what each answers; the last one without its closing."""
    last = max((line.number for line in lines if line.text and line.kind in {Kind.QUOTE, Kind.OURS}), default=0)
    found = [Segment(run.text, "\n".join(run.quoted).strip("\n"), run.lines[-1].number < last) for run in runs]
    if runs:
        run = runs[-1].lines
        shorter = _text(run[: closing_start(run)])
        found[-1:] = [replace(found[-1], text=shorter)] if shorter else []
    return found


def _text(run: list[Line]) -> str:
    return "\n".join(line.text for line in run).strip("\n").rstrip()


def account(lines: list[Line]) -> tuple[Cut, ...]:
    """What was left out and why, neighbours together."""
    found: list[Cut] = []
    for line in lines:
        if line.kind is Kind.NEW:
            continue
        last = found[-1] if found else None
        together = last and (last.kind, last.reason) == (line.kind.value, line.reason)
        if last and together and last.line + last.count == line.number:
            found[-1] = Cut(last.kind, last.reason, last.line, last.count + 1, last.text or line.text)
        else:
            found.append(Cut(line.kind.value, line.reason, line.number, 1, line.text))
    return tuple(found)
