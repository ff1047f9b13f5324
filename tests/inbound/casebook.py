"""Replies to our own prompts, as people write them and as their mail programs dress them, with what they say.

``cases/*.yaml`` has replies written by hand with the answers they give; each is sent by several programs in turn, those
of the demo and those of ``cases/clients.yaml``. A reply counts as read right where every answer is sure and exactly the
expected one; as wrong where a sure answer is not what was said to that question.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from email.message import EmailMessage
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from assistant.demo import clients as demo
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender, catalogue
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, AnswerType, Question, Reading
from assistant.domain.views import AgendaCallView, Asked, FeedbackView, NotesView, PromptView, QuestionContext
from assistant.inbound import answers, commands
from assistant.inbound.message import parse
from assistant.inbound.reply import VisibleReply, read_reply
from assistant.render import Mail, Section
from tests.samples import BERLIN, TODAY, at, frame, renderer, sample

FOLDER = Path(__file__).parent / "cases"
NOW = at(TODAY, 10, 12)
PEOPLE = tuple(
    Person(f"{name.split()[0].lower()}@example.com", name, ZoneInfo("Europe/Berlin"))
    for name in ("Mia Chen", "Sam Osei", "Ana Lindqvist", "Lee Park")
)
SENDER = "Sam Osei"
DEMO_LANGUAGES = ("en", "de", "fr")
RESERVED = {"reply", "inline", "prompt", "in", "previous", "values", "free", "commands", "doubtful"}
CLIENTS_EACH = 8
"""A reply is sent by so many programs, each time the next ones in the row."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A mail of ours as it was sent, and what it asks."""

    mail: EmailMessage
    text: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """``wrote`` is the reply, one entry a question where it stands inline. ``answers`` are by question key, ``values``
    where the type has one; ``free`` in a file says that the blocker is none. ``doubtful``: asking back is right too,
    since the words can be read in two ways.
    """

    name: str
    prompt: str
    language: str
    wrote: str | tuple[str | None, ...]
    answers: Mapping[str, str]
    values: Mapping[str, object]
    previous: Mapping[str, str]
    commands: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one reply: how many answers were right, and which were missing or wrong."""

    right: int
    missing: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@cache
def prompt(kind: str, language: str) -> Prompt:
    """``kind`` may be several joined by "+": they go out as one mail, numbered through."""
    sections: list[Section] = []
    asked: list[Question] = []
    first = 1
    for part in kind.split("+"):
        context = QuestionContext(TODAY, date(2026, 11, 23))
        questions = renderer().questions(part, language, context)
        view = sample(part, language)
        if not isinstance(view, (PromptView, NotesView, FeedbackView, AgendaCallView)):
            raise TypeError(f"{part} asks nothing")
        numbered = tuple(
            Asked(number, q.key, q.text, q.short, options=q.options, optional=q.optional)
            for number, q in enumerate(questions, first)
        )
        sections.append(Section(part, replace(view, questions=numbered)))
        asked += questions
        first += len(questions)
    if "+" in kind:
        asked = [replace(question, key=str(number)) for number, question in enumerate(asked, 1)]
    rendered = renderer().mail(sections, frame(language))
    return Prompt(_sent(rendered, f"{kind}-{language}"), rendered.text, tuple(asked))


def _sent(rendered: Mail, name: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ada <ada@example.com>"
    mail["To"] = "Sam Osei <sam@example.com>"
    mail["Subject"] = rendered.subject
    mail["Date"] = "Tue, 24 Nov 2026 09:00:00 +0100"
    mail["Message-ID"] = f"<{name}@example.com>"
    mail.set_content(rendered.text)
    mail.add_alternative(rendered.html, subtype="html")
    return mail


@cache
def cases() -> tuple[Case, ...]:
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem == "clients":
            continue
        book = YAML(typ="safe").load(path.read_text("utf-8"))
        found += [_case(f"{path.stem} {number}", book, entry) for number, entry in enumerate(book["replies"], 1)]
    return tuple(found)


def _case(name: str, book: Mapping[str, Any], entry: Mapping[str, Any]) -> Case:
    wrote = tuple(entry["inline"]) if "inline" in entry else entry["reply"]
    said = {str(key): str(text).strip() for key, text in entry.items() if key not in RESERVED}
    values = {str(key): value for key, value in entry.get("values", {}).items()}
    if entry.get("free"):
        values.setdefault("blockers", [])
    return Case(
        name=name,
        prompt=entry.get("prompt", book["prompt"]),
        language=entry.get("in", book.get("in", "en")),
        wrote=wrote,
        answers=said,
        values=values,
        previous=entry.get("previous", {}),
        commands=tuple(entry.get("commands", ())),
        doubtful=bool(entry.get("doubtful", False)),
    )


@cache
def layouts() -> tuple[Mapping[str, Any], ...]:
    return tuple(YAML(typ="safe").load((FOLDER / "clients.yaml").read_text("utf-8")))


@cache
def programs(inline: bool) -> tuple[str, ...]:
    """Names of programs, those of the demo with a language behind: "outlook/de"."""
    known = catalogue()["clients"]
    ours = [
        f"{client}/{language}"
        for client in Client
        for language in DEMO_LANGUAGES
        if not inline or known[client].get("inline")
    ]
    return (*ours, *(layout["name"] for layout in layouts() if not inline or layout.get("inline")))


def expanded(each: int = CLIENTS_EACH) -> Iterator[tuple[Case, str]]:
    """Every case with the programs that send it."""
    turn = {True: 0, False: 0}
    for case in cases():
        inline = not isinstance(case.wrote, str)
        row = programs(inline)
        for _ in range(min(each, len(row))):
            yield case, row[turn[inline] % len(row)]
            turn[inline] += 1


def raw_mail(case: Case, program: str) -> bytes:
    asked = prompt(case.prompt, case.language)
    client, _, language = program.partition("/")
    if language:
        sender = Sender(SENDER, "sam@example.com", language)
        return demo.reply(Client(client), to_mail=asked.mail, sender=sender, text=case.wrote, now=NOW)
    return dressed(next(layout for layout in layouts() if layout["name"] == client), asked, case.wrote)


def dressed(layout: Mapping[str, Any], asked: Prompt, wrote: str | Sequence[str | None]) -> bytes:
    """A reply in one of the layouts of ``clients.yaml``."""
    original = asked.text.rstrip("\n")
    text = wrote if isinstance(wrote, str) else ""
    if layout.get("wrap"):
        text = "\n".join(textwrap.fill(line, layout["wrap"], break_long_words=False) for line in text.split("\n"))
    quoted = _marked(original, "> ") if isinstance(wrote, str) else _answered(original, wrote)
    known = {
        "reply": text,
        "reply_html": "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n")),
        "reply_p": "".join(f"<p>{escape(line)}</p>" for line in text.split("\n")),
        "reply_mso": "".join(
            f'<p class="MsoNormal">{escape(line) or "&nbsp;"}<o:p></o:p></p>' for line in text.split("\n")
        ),
        "original": original,
        "original_html": _page(asked.mail),
        "quoted": quoted,
        "deeper": _marked(original, ">> "),
        "indented": "\n".join(f"  {line}".rstrip() for line in original.split("\n")),
        "rewrapped": _rewrapped(original),
        "subject": str(asked.mail["Subject"]),
    }
    mail = EmailMessage()
    mail["From"] = f"{SENDER} <sam@example.com>"
    mail["To"] = "Ada <ada@example.com>"
    mail["Subject"] = f"Re: {asked.mail['Subject']}"
    mail["In-Reply-To"] = asked.mail["Message-ID"]
    if "plain" in layout:
        body = _filled(layout["plain"], known).lstrip("\n")
        mail.set_content(body)
        if layout.get("flowed"):
            mail.set_param("format", "flowed")
    if "html" in layout:
        add = mail.add_alternative if "plain" in layout else mail.set_content
        add(_filled(layout["html"], known), subtype="html")
    return mail.as_bytes()


def _filled(template: str, known: Mapping[str, str]) -> str:
    """The names in braces replaced, once: what people wrote may have braces too."""
    out, rest = [], template
    while "{" in rest:
        before, _, behind = rest.partition("{")
        name, closed, after = behind.partition("}")
        if closed and name in known:
            out += [before, known[name]]
            rest = after
        else:
            out += [before, "{"]
            rest = behind
    return "".join([*out, rest])


def _marked(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}" if line else mark.rstrip() for line in text.split("\n"))


def _answered(original: str, wrote: Sequence[str | None]) -> str:
    """Our text behind "> " with each answer below its numbered question and what hangs on it."""
    lines = original.split("\n")
    starts = [at for at, line in enumerate(lines) if line[:1].isdigit() and line[1:3] == ". "]
    out: list[str] = [_marked("\n".join(lines[: starts[0]]), "> ")] if starts else [_marked(original, "> ")]
    for place, begin in enumerate(starts):
        end = begin
        until = starts[place + 1] if place + 1 < len(starts) else len(lines)
        while end < until and lines[end]:
            end += 1
        out.append(_marked("\n".join(lines[begin:end]), "> "))
        answer = wrote[place] if place < len(wrote) else None
        if answer:
            out.append(f"\n{answer}\n")
        if lines[end:until]:
            out.append(_marked("\n".join(lines[end:until]), "> "))
    return "\n".join(out)


def _rewrapped(text: str) -> str:
    """As relays do it: marked first, then broken at a width that is too small for it."""
    out: list[str] = []
    for line in _marked(text, "> ").split("\n"):
        first, *others = textwrap.wrap(line, 66) or [line]
        out += [first, *others]
    return "\n".join(out)


def _page(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    html = str(part.get_content()) if part is not None else ""
    start = html.find(">", html.find("<body")) + 1
    return html[start : html.find("</body>")]


def read(case: Case, raw: bytes) -> tuple[VisibleReply, Reading, list[str]]:
    asked = prompt(case.prompt, case.language)
    visible = read_reply(parse(raw), asked.text)
    known = commands.Known(PEOPLE, (), asked.questions)
    acts = commands.read(visible.text, language=case.language, zone=BERLIN, now=NOW, known=known).commands
    sure = [act for act in acts if act.confidence >= CONFIDENCE_FLOOR and not isinstance(act, commands.CONTEXTUAL)]
    taken = {row.strip() for act in sure for row in act.line.splitlines()}
    segments = [
        replace(one, text="\n".join(line for line in one.text.split("\n") if line.strip() not in taken))
        for one in visible.segments
    ]
    found = answers.read(
        asked.questions,
        segments,
        previous=case.previous,
        people=PEOPLE,
        today=TODAY,
        language=case.language,
    )
    return visible, found, [type(act).__name__ for act in sure]


def judge(case: Case, found: Reading, acts: Sequence[str]) -> Result:
    kinds = {question.key: question.type for question in prompt(case.prompt, case.language).questions}
    right, wrong = 0, []
    if list(acts) != list(case.commands):
        wrong.append(f"commands: {acts}")
    sure = {answer.question: answer for answer in found.sure}
    for key, answer in sure.items():
        expected = case.answers.get(key)
        if expected is None or _plain(answer.text) != _plain(expected):
            wrong.append(f"{key}: {answer.text!r} ({answer.how} {answer.confidence})")
        elif not _same_value(case, key, kinds[key], answer.value):
            wrong.append(f"{key}: {answer.text!r} is {answer.value!r}")
        else:
            right += 1
    missing = [] if case.doubtful else [key for key in case.answers if key not in sure]
    told = {answer.question: answer for answer in found.answers}
    return Result(right, tuple(f"{key} {_told(told.get(key))}" for key in missing), tuple(wrong))


def _told(answer: object) -> str:
    return "not found" if answer is None else f"unsure: {answer}"


def _same_value(case: Case, key: str, kind: AnswerType, value: object) -> bool:
    """A blocker whose value the case does not tell must be a real one."""
    if key in case.values:
        wanted = case.values[key]
        if kind is AnswerType.BLOCKER and isinstance(value, list) and isinstance(wanted, list):
            return [_plain(str(told["text"])) for told in value] == wanted if wanted else not value
        return value == wanted
    return kind is not AnswerType.BLOCKER or bool(value)


def _plain(text: str) -> str:
    """Without differences of spacing and of bullets, which pages make their own."""
    lines = (line.strip() for line in text.split("\n"))
    return " ".join(" ".join(f"- {line[2:]}" if line[:2] in {"* ", "• "} else line for line in lines).split())
