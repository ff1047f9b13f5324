"""``assistant parse``"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from assistant import clock, config
from assistant.commands.console import console, table
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Reading
from assistant.domain.views import QuestionContext
from assistant.errors import AssistantError
from assistant.inbound import answers
from assistant.inbound import commands as grammar
from assistant.inbound.classify import MessageClass, judged
from assistant.inbound.commands import Command
from assistant.inbound.message import parse, sender_address
from assistant.inbound.reply import Segment, VisibleReply, read_reply
from assistant.rehearsal import rehearsal
from assistant.render import Renderer
from assistant.store.outbox import Mail
from assistant.wiring import House
from assistant.workflows import inbox, replies

_ASSUMED = "check-in"
_WHY = {
    "numbered": "it stands behind the number of the question",
    "labelled": "it stands behind a label of the question",
    "inline": "it stands below the quoted question",
    "order": "by its place: nothing says which question it answers",
    "only": "no other question is open for it",
    "same-as-before": "it says that the answer of last time holds",
}
_BEGINS = 60
"""So much of what was cut is shown."""


def run(path: Path, file: Path, *, as_json: bool) -> None:
    """With a configuration the mail is read as the daemon would; without one, as an answer to a check-in."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise AssistantError(f"{file}: cannot be read ({error.strerror})") from error
    message = parse(raw)
    now = clock.now()
    if path.exists():
        with rehearsal(config.load(path), now) as house:
            found = _known(house, message, now)
    else:
        found = _alone(message, now)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _show(found)


def _known(house: House, message: Message, now: datetime) -> dict[str, Any]:
    person = inbox.sender(house.desk, message)
    mail = inbox.answered_mail(house.desk, message, None, person) if person else None
    visible = read_reply(message, sent=mail.text if mail else None)
    if person is None or mail is None:
        return _report(message, visible, *_assumed(visible, now, person), None, _ASSUMED)
    prompts, guessed = replies.prompts_for(house.desk, person, replies.asking(house.desk, mail))
    slots = replies.slots(prompts)
    said = replies.commands_in(house.desk, now, person, visible.text, prompts)
    left = _without(visible, said)
    found = replies.understand(house.desk, now, person, slots, left, guessed=guessed) if slots else None
    reading = Reading([placed.answer for placed in found.placed], found.rest) if found else Reading(())
    return _report(message, visible, reading, said, mail, ", ".join(dict.fromkeys(p.kind for p in prompts)))


def _alone(message: Message, now: datetime) -> dict[str, Any]:
    visible = read_reply(message)
    return _report(message, visible, *_assumed(visible, now, None), None, _ASSUMED)


def _assumed(visible: VisibleReply, now: datetime, person: Person | None) -> tuple[Reading, Sequence[Command]]:
    """What it would say to a check-in; without our store nobody is known by name."""
    language, zone = (person.language, person.zone) if person else ("en", ZoneInfo("UTC"))
    questions = Renderer().questions(_ASSUMED, language, QuestionContext(today=now.date()))
    known = grammar.Known(questions=questions)
    said = grammar.read(visible.text, language=language, zone=zone, now=now, known=known).commands
    return answers.read(questions, _without(visible, said), today=now.date(), language=language), said


def _without(visible: VisibleReply, said: Sequence[Command]) -> list[Segment]:
    """What is left for answers, as the daemon takes out what it does."""
    sure = [one for one in said if one.confidence >= CONFIDENCE_FLOOR and not isinstance(one, grammar.CONTEXTUAL)]
    return replies.without(visible.segments, [one.line for one in sure])


def _report(
    message: Message, visible: VisibleReply, reading: Reading, said: Sequence[Command], mail: Mail | None, asked: str
) -> dict[str, Any]:
    class_, shown = judged(message)
    human = class_ is MessageClass.HUMAN
    return {
        "class": class_.value,
        "class_shown_by": shown,
        "sender": sender_address(message),
        "reply": visible.text,
        "answers": [
            {
                "question": a.question,
                "text": a.text,
                "value": a.value,
                "confidence": a.confidence,
                "how": a.how,
                "why": _WHY.get(a.how, a.how),
                "lines": _lines(a.text, visible.text),
            }
            for a in (reading.answers if human else ())
        ],
        "commands": [_told(command, visible.text) for command in (said if human else ())],
        "rest": reading.rest if human else "",
        "asked": asked,
        "answers_mail": mail.id if mail else None,
        "cuts": [
            {"kind": c.kind, "reason": c.reason, "line": c.line, "lines": c.count, "text": c.text} for c in visible.cuts
        ],
    }


def _told(command: Command, reply: str) -> dict[str, Any]:
    """The command with what was read into it, and why it would be done or not."""
    common = ("line", "confidence", "alternatives")
    means = {each.name: getattr(command, each.name) for each in fields(command) if each.name not in common}
    if isinstance(command, grammar.CONTEXTUAL):
        why = "it counts only where a choice, a vote or an invitation is open"
    elif command.alternatives:
        why = f"it may mean {len(command.alternatives) + 1} things: they are offered by number"
    elif command.confidence < CONFIDENCE_FLOOR:
        why = "it may be a sentence: it is offered and not done"
    else:
        why = "every word of its line belongs to this command"
    return {
        "command": type(command).__name__,
        "means": {name: str(value) for name, value in means.items() if value not in (None, "", ())},
        "confidence": command.confidence,
        "lines": _lines(command.line, reply),
        "why": why,
    }


def _lines(text: str, reply: str) -> list[int]:
    """The lines of the reply, from 1, that a text was taken from; none where it stands in an earlier mail."""
    rows = [" ".join(row.split()) for row in reply.split("\n")]
    found: list[int] = []
    for piece in filter(None, (" ".join(row.split()).lstrip("-*• ") for row in text.split("\n"))):
        start = found[-1] if found else 0
        place = next((at for at in range(start, len(rows)) if piece in rows[at]), None)
        place = next((at for at in range(len(rows)) if piece in rows[at]), None) if place is None else place
        if place is None:  # an answer may be one line of what was wrapped
            found += [at + 1 for at, row in enumerate(rows) if row and row in piece]
        else:
            found.append(place + 1)
    return sorted(set(found))


def _show(found: dict[str, Any]) -> None:
    out = console()
    out.print(f"class   {found['class']}: {found['class_shown_by']}", markup=False)
    out.print(f"sender  {found['sender'] or 'nobody: the From line names no single address'}", markup=False)
    out.print(
        f"asked   {found['asked']}{'' if found['answers_mail'] else ' (assumed: it answers no mail we know)'}",
        markup=False,
    )
    out.print("\nreply")
    rows = found["reply"].split("\n") if found["reply"] else []
    for number, row in enumerate(rows, 1):
        out.print(f"{number:>3}  {row}", markup=False, soft_wrap=True)
    if not rows:
        out.print("(nothing)")
    if found["answers"]:
        shown = table("question", "answer", "lines", "sure", "because")
        for each in found["answers"]:
            shown.add_row(each["question"], escape(each["text"]), _span(each), f"{each['confidence']:.2f}", each["why"])
        out.print()
        out.print(shown)
    if found["commands"]:
        shown = table("command", "means", "lines", "sure", "because")
        for each in found["commands"]:
            means = ", ".join(f"{name} {value}" for name, value in each["means"].items())
            shown.add_row(each["command"], escape(means), _span(each), f"{each['confidence']:.2f}", each["why"])
        out.print()
        out.print(shown)
    if found["rest"]:
        out.print(f"\nfits no question\n{found['rest']}", markup=False, soft_wrap=True)
    if found["cuts"]:
        shown = table("cut", "as", "because", "begins")
        for cut in found["cuts"]:
            last = cut["line"] + cut["lines"] - 1
            lines = f"line {last}" if cut["lines"] == 1 else f"lines {cut['line']}-{last}"
            shown.add_row(lines, cut["kind"], cut["reason"], escape(cut["text"][:_BEGINS]))
        out.print()
        out.print(shown)


def _span(each: dict[str, Any]) -> str:
    lines = each["lines"]
    whole = len(lines) > 2 and lines[-1] - lines[0] + 1 == len(lines)
    return f"{lines[0]}-{lines[-1]}" if whole else ", ".join(map(str, lines)) or "-"
