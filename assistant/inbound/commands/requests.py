"""What people put around a command ("could you please … for me?") and several commands in one line or list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.inbound.commands.base import Command
from assistant.inbound.commands.everyday import CancelMeeting, MoveMeeting
from assistant.inbound.commands.line import Found, Line, World
from assistant.inbound.commands.matters import (
    AddPoint,
    Assign,
    Blocked,
    Doing,
    Done,
    Drop,
    Estimate,
    Goals,
    History,
    Kpis,
    MoveTask,
    MyPlan,
    NewTask,
    Prioritise,
    Reopen,
    Search,
    Spent,
    Tasks,
    Update,
)
from assistant.inbound.keywords import CLEAR, keywords
from assistant.inbound.points import without_bullet
from assistant.inbound.words.fold import words

MOST_PIECES = 8
MAX_INTRO_WORDS = 10
NUMBERED = (Done, Drop, Doing, Reopen, MoveTask, Assign, Prioritise, Spent, Estimate, Blocked)
"""What names a task by its number, and so is nothing else."""
_SHOWN = (Tasks, Goals, Kpis, MyPlan, History)
_LISTED = (*NUMBERED, NewTask, Update, AddPoint)
_MEETINGS = (MoveMeeting, CancelMeeting)
_NEVER = (*_MEETINGS, Search)
"""Their own rules know the words of asking: "could we do Thursday?"."""

ARTICLES = frozenset({"the", "all", "die", "alle", "les", "las", "as", "os", "los", "i", "le", "gli", "de", "al"})
Read = Callable[[Line, World], Found | None]


def asked(line: Line, world: World, read: Read) -> Found | None:
    """The command inside a request: "could you please move 12 to Friday?", "show me my tasks"."""
    begin = _past(line, "request", 0)
    end = _before_end(line, begin)
    shown = _shown(line, begin, end, world, read)
    if shown is not None:
        return shown
    if (begin or end < len(line.folded)) and begin < end:
        found = read(_part(line, begin, end), world)
        if found is not None and not any(isinstance(command, _MEETINGS) for command in found.commands):
            return _as_written(line, found)
    return None


def _shown(line: Line, begin: int, end: int, world: World, read: Read) -> Found | None:
    """ "Show me my tasks", "send me the tasks of Sam"."""
    show = line.head("show", begin)
    if show is None or show.after >= end:
        return None
    article = show.after + 1 < end and line.folded[show.after] in ARTICLES
    for at in (show.after, show.after + 1) if article else (show.after,):
        found = read(_part(line, at, end), world)
        if found is not None and all(isinstance(command, _SHOWN) for command in found.commands):
            return _as_written(line, found)
    return None


def has_own_asking(commands: Sequence[Command]) -> bool:
    """Whether these are of the rules that take "could we" themselves, and may take more of it than was meant."""
    return any(isinstance(command, _NEVER) for command in commands)


def is_unsure(commands: Sequence[Command]) -> bool:
    return any(command.confidence < CLEAR for command in commands)


def _past(line: Line, keyword: str, at: int) -> int:
    """The place behind all such phrases and politeness from word ``at`` on."""
    while at < len(line.folded):
        head = line.head(keyword, at) or line.head("request_end", at)
        if head is None:
            return at
        at = head.after
    return at


def _before_end(line: Line, begin: int) -> int:
    """The place where politeness at the end of the line begins."""
    end = len(line.folded)
    while end > begin + 1:
        sizes = (size for size in (4, 3, 2, 1) if end - size > begin)
        size = next((n for n in sizes if " ".join(line.folded[end - n : end]) in keywords("request_end")), 0)
        if not size:
            return end
        end -= size
    return end


def _part(line: Line, begin: int, end: int) -> Line:
    last = len(line.text) if end == len(line.folded) else line.tokens[end - 1].end
    text = line.text[line.tokens[begin].start : last].rstrip(" ?!,.")
    return replace(line, text=text)


def _as_written(line: Line, found: Found) -> Found:
    """The commands with the whole line as what was said; what has a body below keeps it."""
    return Found(
        [replace(one, line="\n".join([line.text, *one.line.split("\n")[1:]])) for one in found.commands], found.rows
    )


def together(line: Line, world: World, read: Read) -> Found | None:
    """Several commands in one line, "done 12, drop 14", "KR1 40, KR2 50": each piece must be one, and a sure one."""
    cuts = [token for token in line.tokens if token.folded in keywords("and")]
    marks = [at for at, letter in enumerate(line.text) if letter in ",;" and line.text[at + 1 : at + 2].isspace()]
    if not cuts and not marks:
        return None
    ends = sorted([(at, at + 1) for at in marks] + [(token.start, token.end) for token in cuts])[:MOST_PIECES]
    pieces: list[Command] = []
    begin = 0
    for end, after in [*ends, (len(line.text), len(line.text))]:
        piece = line.text[begin:end].strip(" ,;.")
        begin = after
        if not piece:
            continue
        found = _piece(Line(piece, False, line.first), world, read)
        if found is None:
            return None
        pieces += found
    return Found([replace(one, line=line.text) for one in pieces]) if len(pieces) > 1 else None


def _piece(line: Line, world: World, read: Read) -> list[Command] | None:
    bare = line if not line.folded else _part(line, _past(line, "request", 0) % len(line.folded), len(line.folded))
    found = read(bare, world) if bare.folded else None
    if found is None or found.rows != 1:
        return None
    certain = all(isinstance(one, (*NUMBERED, Update)) and one.confidence >= CLEAR for one in found.commands)
    plain = all(not (isinstance(one, Update) and (one.comment or one.value is None)) for one in found.commands)
    return found.commands if certain and plain else None


def itemised(rows: Sequence[str], world: World, read: Read, *, whole: bool) -> Found | None:
    """A list of which every point is a command, with the row that announces it.

    A point may be an answer: where questions were asked, the list must be all that was written, of two at least.
    """
    commands: list[Command] = []
    taken = 0
    for row in rows:
        item, marked = without_bullet(row.strip())
        numbered = not marked and _without_number(row.strip()) != row.strip()
        if not row.strip() or not (marked or numbered) or (numbered and world.known.questions):
            break
        text = item if marked else _without_number(row.strip())
        found = read(Line(text.strip(), False, False), world) if text.strip() else None
        sure = found is not None and found.rows == 1
        if not sure or found is None or not all(_is_point(one) for one in found.commands):
            return None
        commands += [replace(one, line=row) for one in found.commands]
        taken += 1
    if not commands or (world.known.questions and not (whole and taken > 1)):
        return None
    return Found(commands, taken)


def _is_point(command: Command) -> bool:
    return isinstance(command, _LISTED) and command.confidence >= CLEAR


def _without_number(row: str) -> str:
    head = row.split(" ", 1)
    mark = head[0].strip("()")
    return head[1] if len(head) == 2 and mark[:-1].isdecimal() and mark[-1] in ".)" else row


def announces(row: str) -> bool:
    """Whether a row only leads to the list below it: "please do these three things:"."""
    return row.rstrip().endswith(":") and len(words(row)) <= MAX_INTRO_WORDS and not any(map(str.isdecimal, row))
