"""``assistant parse``"""

from __future__ import annotations

import json
from datetime import datetime
from email.message import Message
from pathlib import Path
from typing import Any

from rich.markup import escape

from assistant import clock, config
from assistant.commands.console import console, table
from assistant.domain.people import Person
from assistant.domain.questions import Reading
from assistant.domain.views import QuestionContext
from assistant.errors import AssistantError
from assistant.inbound import answers
from assistant.inbound.classify import MessageClass, judged
from assistant.inbound.message import parse, sender_address
from assistant.inbound.reply import VisibleReply, read_reply
from assistant.rehearsal import rehearsal
from assistant.render import Renderer
from assistant.store.outbox import Mail
from assistant.wiring import House
from assistant.workflows import inbox, replies

_ASSUMED = "check-in"
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
        return _report(message, visible, _assumed(visible, now, person), None, _ASSUMED)
    prompts, guessed = replies.prompts_for(house.desk, person, replies.asking(house.desk, mail))
    slots = replies.slots(prompts)
    found = replies.understand(house.desk, now, person, slots, visible.segments, guessed=guessed) if slots else None
    reading = Reading([placed.answer for placed in found.placed], found.rest) if found else Reading(())
    return _report(message, visible, reading, mail, ", ".join(dict.fromkeys(p.kind for p in prompts)))


def _alone(message: Message, now: datetime) -> dict[str, Any]:
    visible = read_reply(message)
    return _report(message, visible, _assumed(visible, now, None), None, _ASSUMED)


def _assumed(visible: VisibleReply, now: datetime, person: Person | None) -> Reading:
    language = person.language if person else "en"
    questions = Renderer().questions(_ASSUMED, language, QuestionContext(today=now.date()))
    return answers.read(questions, visible.segments, today=now.date(), language=language)


def _report(message: Message, visible: VisibleReply, reading: Reading, mail: Mail | None, asked: str) -> dict[str, Any]:
    class_, shown = judged(message)
    human = class_ is MessageClass.HUMAN
    return {
        "class": class_.value,
        "class_shown_by": shown,
        "sender": sender_address(message),
        "reply": visible.text,
        "answers": [
            {"question": a.question, "text": a.text, "value": a.value, "confidence": a.confidence, "how": a.how}
            for a in (reading.answers if human else ())
        ],
        "rest": reading.rest if human else "",
        "asked": asked,
        "answers_mail": mail.id if mail else None,
        "cuts": [
            {"kind": c.kind, "reason": c.reason, "line": c.line, "lines": c.count, "text": c.text} for c in visible.cuts
        ],
    }


def _show(found: dict[str, Any]) -> None:
    out = console()
    out.print(f"class   {found['class']}: {found['class_shown_by']}", markup=False)
    out.print(f"sender  {found['sender'] or 'nobody: the From line names no single address'}", markup=False)
    out.print(
        f"asked   {found['asked']}{'' if found['answers_mail'] else ' (assumed: it answers no mail we know)'}",
        markup=False,
    )
    out.print("\nreply")
    out.print(found["reply"] or "(nothing)", markup=False, soft_wrap=True)
    if found["answers"]:
        shown = table("question", "answer", "sure", "how")
        for answer in found["answers"]:
            shown.add_row(answer["question"], escape(answer["text"]), f"{answer['confidence']:.2f}", answer["how"])
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
