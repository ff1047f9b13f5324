"""The pulse: how work is, from 0 to 10 and why, so that nobody can tell who said what.

Answers are sealed until it closes (``store.sealed``) and gone after that; only averages and reasons of at least five
are told. A person is asked in one team's pulse only, so that no two results could be set off against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.views import Act, QuestionContext
from assistant.domain.views_polls import BallotAct, PulseLine, PulseView
from assistant.inbound.commands import Command
from assistant.inbound.reply import Segment
from assistant.render import Section
from assistant.store import polls as store
from assistant.store import rounds as rounds_store
from assistant.store import sealed
from assistant.store.polls import Pulse
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import outbox, prompting, replies, teams
from assistant.workflows.desk import Desk, Habit, Request, Taken
from assistant.workflows.secrecy import harmless

KIND = "pulse"
ENOUGH = 5
"""Answers, below which nothing is told."""
_NEAR_TOP = 9.5
"""An average of ten would tell what each has said; so it ends here, and as far above nothing."""
_TREND = timedelta(days=400)
_SHOWN = 6


def act(what: str, **more: Any) -> Act:
    return Act(what, family="pulse", view=BallotAct(**more))


def own(desk: Desk, person: Person) -> str | None:
    """The round that asks them: that of their first team with one, so that they count in no other."""
    rounds = [round_ for round_ in desk.setup.rounds if round_.kind == KIND]
    return next((round_.name for team in person.teams for round_ in rounds if round_.team == team), None)


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    if own(desk, person) != prompt.parent:
        return []
    return desk.render.questions(KIND, language, QuestionContext(prompt.day))


def _takes(
    desk: Desk, now: datetime, request: Request, prompt: Prompt, segments: Sequence[Segment], said: Sequence[Command]
) -> Taken | None:
    """Sealed as far as it was understood; the mail itself is forgotten, and what was unclear is not repeated."""
    others = [c for c in said if type(c) in desk.commands and harmless(c) and c.confidence >= CONFIDENCE_FLOOR]
    to_it = request.about is not None
    if to_it:
        sealed.forget(desk.db, request.inbound)
    lines = {command.line.strip() for command in others}
    if all(row.strip() in {*lines, ""} for segment in segments for row in segment.text.splitlines()):
        return Taken((), others) if to_it else None
    content = _read(desk, now, request.person, prompt, segments)
    if not to_it and "score" not in content:
        return None
    occurrence = rounds_store.occurrence(desk.db, prompt.occurrence)
    if occurrence is None or not occurrence.open:
        told = act("closed")
    elif "score" not in content and "balance" not in content:
        told = act("no-figure")
    elif not sealed.fits(content):
        told = act("too-long")
    else:
        kept = sealed.earlier(desk.db, prompt.occurrence, request.person.address) | content
        changed = sealed.keep(desk.db, prompt.occurrence, request.person.address, kept)
        sealed.forget(desk.db, request.inbound)
        prompting.end(desk, now, prompt, PromptState.ANSWERED)
        told = act("taken", changed=changed)
    return Taken([told], others)


def _read(desk: Desk, now: datetime, person: Person, prompt: Prompt, segments: Sequence[Segment]) -> dict[str, object]:
    """As answers to questions, else a figure at the head of a row for each in their order, else the first alone."""
    slots = replies.slots([prompt])
    rows = [row.strip() for segment in segments for row in segment.text.splitlines() if row.strip()]
    begun = [at for at, row in enumerate(rows) if row[:1].isdigit()]
    in_order = len(begun) == len(slots) and begun[:1] == [0]
    parts = [" ".join(rows[at:end]) for at, end in zip(begun, [*begun[1:], len(rows)], strict=False)]
    numbered = "\n".join(f"{slot.asked.number}. {part}" for slot, part in zip(slots, parts, strict=False))
    content: dict[str, object] = {}
    for of, said in (
        (slots, segments),
        (slots, [Segment(numbered, "")] if in_order else ()),
        (slots[:1], [Segment("\n".join(rows), "")]),
    ):
        if of and said and not {"score", "balance"} & content.keys():
            found = replies.understand(desk, now, person, of, said)
            content = _content([placed.answer for placed in found.placed], found.rest)
    return content


def _content(answers: Sequence[Answer], rest: str) -> dict[str, object]:
    """The two figures, as far as they are clear, and everything that was written beside them."""
    sure = [answer for answer in answers if answer.confidence >= CONFIDENCE_FLOOR]
    found: dict[str, object] = {a.question: a.value for a in sure if isinstance(a.value, float)}
    texts = [_reason(answer) for answer in answers if answer in sure or answer.value is None]
    reasons = [text for text in (*texts, rest.strip()) if any(letter.isalpha() for letter in text)]
    return found | ({"reasons": reasons} if reasons else {})


def _reason(answer: Answer) -> str:
    """The words without the figure that they begin with."""
    first, *behind = answer.text.split(maxsplit=1) or [""]
    figure = isinstance(answer.value, float) and first[:1].isdigit()
    text = "".join(behind) if figure else answer.text
    return text.strip().removeprefix("/10").lstrip(" -–—:;,.=/").strip()


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    round_ = desk.setup.round_named(occurrence.parent)
    said = sealed.contents(desk.db, occurrence.key)
    sealed.destroy(desk.db, occurrence.key)
    if round_ is None:
        return
    store.add_pulse(desk.db, _counted(occurrence, round_.team, said))
    team = desk.setup.teams.get(round_.team)
    ended = (PromptState.ANSWERED, PromptState.MISSED)
    asked = any(prompt.state in ended for prompt in rounds_store.prompts_of(desk.db, occurrence.key))
    if team is not None and asked:
        teams.tell(desk, now, "pulse-result", occurrence.key, teams.people(desk, team))


def _counted(occurrence: Occurrence, team: str, said: Sequence[Mapping[str, object]]) -> Pulse:
    """Depends on what was said and not on who said it; below five on nothing of it."""
    scores, balances = _figures(said, "score"), _figures(said, "balance")
    if len(scores) < ENOUGH:
        return Pulse(occurrence.key, team, occurrence.day, None, None, None, ())
    texts = [each for content in said if isinstance(content.get("reasons"), list) for each in _texts(content)]
    balance = _average(balances) if len(balances) >= ENOUGH else None
    reasons = tuple(sorted(texts, key=lambda text: (text.casefold(), text)))
    return Pulse(occurrence.key, team, occurrence.day, len(scores), _average(scores), balance, reasons)


def _texts(content: Mapping[str, object]) -> list[str]:
    reasons = content["reasons"]
    return [str(each) for each in reasons] if isinstance(reasons, list) else []


def _figures(said: Iterable[Mapping[str, object]], key: str) -> list[float]:
    return sorted(value for content in said if isinstance(value := content.get(key), float))


def _average(figures: Sequence[float]) -> float:
    return min(_NEAR_TOP, max(10 - _NEAR_TOP, round(sum(figures) / len(figures), 1)))


def write_results(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    views: dict[str, PulseView | None] = {}
    for timer in due:
        reader, key = desk.setup.people.get(timer.person), timer.ref
        view = views.setdefault(key, result(desk, key))
        if reader is None or view is None:
            continue
        closed = store.pulse(desk.db, key)
        outbox.write(
            desk, now, reader, [Section("pulse-result", view)], key=f"pulse-result {key} {reader.address}",
            occurrence=key, thread=key, audience=audiences.team(closed.team if closed is not None else ""),
            because=f"pulse {key.rpartition('/')[0]}",
        )  # fmt: skip


def result(desk: Desk, occurrence: str) -> PulseView | None:
    pulse = store.pulse(desk.db, occurrence)
    if pulse is None:
        return None
    team = desk.setup.teams.get(pulse.team)
    title = team.title if team is not None else pulse.team
    if pulse.answers is None or pulse.score is None:
        return PulseView(title, pulse.day, told=False)
    before = trend(desk, [pulse.team], pulse.day - timedelta(days=1)).get(pulse.team, ())
    return PulseView(title, pulse.day, True, pulse.answers, pulse.score, pulse.balance, pulse.reasons, before[-_SHOWN:])


def trend(desk: Desk, of: Iterable[str], until: date) -> Mapping[str, tuple[PulseLine, ...]]:
    """The closed pulses of these teams that told something, oldest first: one query, and none where no pulse is asked.

    Only for those who may read the team's answers.
    """
    if not any(round_.kind == KIND for round_ in desk.setup.rounds):
        return {}
    found: dict[str, list[PulseLine]] = {}
    for each in store.pulses(desk.db, of, until - _TREND, until):
        if each.score is not None:
            found.setdefault(each.team, []).append(PulseLine(each.day, each.score, each.balance))
    return {team: tuple(lines) for team, lines in found.items()}


HABITS: Mapping[str, Habit] = {KIND: Habit(questions=_questions, closed=_closed, takes=_takes)}
WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {"pulse-result": write_results}
