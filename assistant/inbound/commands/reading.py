"""The loop: which lines of a reply are commands.

A command stands on a line of its own; one with a body ("feedback for Sam: …") takes what is below it as well. Case,
plurals, politeness, closing marks and one wrong letter in a keyword do not matter; look-alike letters are folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.inbound.commands import (
    finding,
    goal_owners,
    goals,
    habits,
    incomplete,
    kpis,
    meetings,
    new_tasks,
    people,
    polls,
    projects,
    requests,
    settings,
    tasks,
)
from assistant.inbound.commands.base import Command, CommandsRead, Known
from assistant.inbound.commands.everyday import Accept, Choose, Decline, No, Yes
from assistant.inbound.commands.line import Found, Line, Rule, World, less_sure
from assistant.inbound.commands.matters import Seen, Share, Vote
from assistant.inbound.courtesy import without_courtesy
from assistant.inbound.keywords import GUESSED
from assistant.inbound.labels import labels_of
from assistant.inbound.words import labels

NOTHING_KNOWN = Known()
MAX_LINES = 300
"""So many lines with words in them are looked at; the rest of a longer mail is prose, and stays."""
MAX_TEXT = 2_000
"""A longer line is not read as a command."""
MAX_BELOW = 400
MAX_READ, SHORT = 16_000, 200
"""Beyond so much text only short lines are looked at: commands stand at the top of a mail, not on its tenth page."""
CONTEXTUAL = (Yes, No, Choose, Vote, Accept, Decline, Seen, Share)
"""What only means something where something is open, and is an answer elsewhere."""
RULES: tuple[Rule, ...] = (
    *tasks.RULES,
    *new_tasks.RULES,
    *projects.RULES,
    *kpis.RULES,
    *goals.RULES,
    *goal_owners.RULES,
    *polls.RULES,
    *people.RULES,
    *finding.RULES,
    *settings.RULES,
    *meetings.RULES,
    *incomplete.RULES,
)


def read(text: str, *, language: str, zone: ZoneInfo, now: datetime, known: Known = NOTHING_KNOWN) -> CommandsRead:
    """The commands in what a person newly wrote; quoted text must have been cut. ``now`` is aware."""
    world = World(now.astimezone(zone).date(), zone, now, language, known)
    bare = without_courtesy(text)
    bare = bare if bare.strip() else text  # "later" is a farewell as well
    reply = habits.whole_reply(bare)
    if reply is not None:
        return CommandsRead((reply,), text)
    found, kept = _rows(text, bare.strip(), world)
    lone = bare.strip()
    if not found and "\n" not in lone and lone:
        # "Hi Ada, skip today please" is one line with its greeting.
        read_ = _line(Line(lone), world)
        found = read_.commands if read_ else []
        kept = [] if found and not _answers(found) else kept
    return CommandsRead(tuple(found), "\n".join(kept).strip("\n"))


def _rows(text: str, lone: str, world: World) -> tuple[list[Command], list[str]]:
    """The commands line by line, and the rows that hold none."""
    rows = text.splitlines()
    until = len(without_courtesy(text, top=False).splitlines()) if len(rows) > 1 else len(rows)
    found: list[Command] = []
    kept: list[str] = []
    at, first, lines, looked_at = 0, True, 0, 0
    while at < len(rows) and lines < MAX_LINES:
        stripped = rows[at].strip()
        lines += bool(stripped)
        below = tuple(rows[at + 1 : max(at + 1, min(until, at + MAX_BELOW))])
        line = Line(stripped, stripped == lone, first or lone.startswith(stripped), below)
        looked_at += len(stripped)
        within = looked_at < MAX_READ or len(stripped) < SHORT
        read_ = _line(line, world) if stripped and within else None
        if read_ is None and stripped and within and (stripped[0] in "-*•(" or stripped[0].isdecimal()):
            read_ = requests.itemised((stripped, *below), world, _ruled, whole=line.first)
            if read_ is not None and kept and requests.announces(kept[-1]):
                kept.pop()
        if read_ is not None:
            found.extend(read_.commands)
        if read_ is None or _answers(read_.commands):
            kept.append(rows[at])
        first = first and not stripped
        at += read_.rows if read_ is not None else 1
    return found, [*kept, *rows[at:]]


def _answers(commands: Sequence[Command]) -> bool:
    return all(isinstance(command, CONTEXTUAL) for command in commands)


def _line(line: Line, world: World) -> Found | None:
    """The commands of one line: none where it may be anything else."""
    if len(line.text) > MAX_TEXT or line.text[0] in "-*•>|":
        return None
    commands = habits.line_commands(line.text, world.today, world.language, alone=line.alone)
    if commands:
        return Found(commands)
    if not line.folded or _is_answer(line, world):
        return None
    if _is_item(line):
        return tasks.numbered(line, world)
    found = requests.together(line, world, _ruled) or _ruled(line, world)
    if found is None or requests.has_own_asking(found.commands) or requests.is_unsure(found.commands):
        found = requests.asked(line, world, _ruled) or found
    return found and _with_doubt(line, found, world)


def _ruled(line: Line, world: World) -> Found | None:
    for rule in RULES:
        found = rule(line, world)
        if found is not None and found.commands:
            return found
    return None


def _is_item(line: Line) -> bool:
    """ "3. import", "(3) import": an answer by its number, or a point of a list."""
    first = line.folded[0]
    lead = line.text.lstrip("([#")
    behind = lead[len(first) :].lstrip()
    mark = "" if behind[1:2].isdecimal() else behind[:1]  # "1:1" is a meeting
    return first.isdecimal() and lead.startswith(first) and mark in {")", ".", ":", "-", "–", "]", "—"}


def _is_answer(line: Line, world: World) -> bool:
    """Whether the line is labelled for a question that was asked."""
    if not world.known.questions:
        return False
    label = labels_of(tuple(world.known.questions)).at_start(line.text)
    return label is not None and not (label.weak or label.loose)


def _with_doubt(line: Line, found: Found, world: World) -> Found:
    """Between answers to questions that nobody told us, "decision: …" may label one of them."""
    if world.known.questions or line.first or ":" not in line.text:
        return found
    head = Line(line.text.partition(":")[0]).folded
    return Found(less_sure(found.commands, GUESSED), found.rows) if head in labels() else found
