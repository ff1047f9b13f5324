"""A project from a plan: "project Website relaunch from launch by 15 January"."""

from __future__ import annotations

from assistant.inbound.commands import new_tasks
from assistant.inbound.commands.line import Found, Line, Rule, World, one
from assistant.inbound.commands.matters import NewProject
from assistant.inbound.keywords import CLEAR, GUESSED, lexicon

MAX_WORDS = 16
MARKS = " ,;:-–—\"“”„'"


def _project(line: Line, world: World) -> Found | None:
    head = line.head("project")
    if head is None or len(line.folded) > MAX_WORDS or len(line.folded) <= head.after:
        return None
    body = line.body(head.after)
    draft = new_tasks.read(body if body is not None else line.behind(head.after), world)
    name, template = _apart(draft.text)
    if not template or (body is None and draft.task.due is None and template == name):
        return None
    sure = min(draft.sure, CLEAR if line.alone or line.first or draft.task.due else GUESSED)
    return one(NewProject(name, template, draft.task.due, line=line.text, confidence=sure))


def _apart(text: str) -> tuple[str, str]:
    """Its name, and the plan it is made from: what stands behind the last "from"."""
    row = Line(text.strip(MARKS))
    for at in range(len(row.folded) - 2, 0, -1):
        match = lexicon("from").match(row.folded, at)
        if match is not None and at + match[1] < len(row.folded):
            return row.text[: row.tokens[at].start].strip(MARKS), row.behind(at + match[1]).strip(MARKS)
    return row.text, row.text


RULES: tuple[Rule, ...] = (_project,)
