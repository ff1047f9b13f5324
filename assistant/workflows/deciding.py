"""Decisions: taken in a line of a mail, or asked for with what is at stake, the options and the cost, until a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from assistant.domain import audience as audiences
from assistant.domain.kinds import started
from assistant.domain.people import Person, Team, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.records import Draft, RecordKind, RecordState
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_polls import BallotAct, DecidedView, DecisionView
from assistant.inbound import answers as reading
from assistant.inbound import commands as grammar
from assistant.inbound import times
from assistant.inbound.commands import AskDecision, Command, Decide
from assistant.inbound.commands.polls import apart
from assistant.inbound.reply import Segment
from assistant.inbound.values import named
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import polls as store
from assistant.store import records
from assistant.store import rounds as rounds_store
from assistant.store.polls import Wanted
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import meeting_steps, outbox, prompting, teams
from assistant.workflows.desk import Desk, Do, Habit, Request, Taken

ASKS, DETAILS = "decision", "decision-details"
_DAYS, _AT = 3, time(17)
_ASKED_BACK = timedelta(hours=24)
_BEFORE = timedelta(hours=32)
"""A reminder of what is due at the end of a day comes in the morning of the day before."""
_NEEDED = ("stakes", "options", "cost", "deadline")
_MOST_OPTIONS = 26


def act(what: str, **more: Any) -> Act:
    return Act(what, family="deciding", view=BallotAct(**more))


# Taken


def _decide(desk: Desk, now: datetime, request: Request, said: Decide) -> list[Act]:
    """Kept for the team, or for those of the meeting whose mail this replies to."""
    person, about = request.person, request.about
    told = meeting_steps.told_of(desk, about)
    label, context = about.audience if about is not None else "", ""
    label = told[0] if len(told) == 1 else label
    if label.startswith(("series:", "pair:")) and audiences.may_read(label, person.address, desk.setup):
        context = label.partition(":")[2]
    elif any(audiences.is_private(each) for each in told):
        label = audiences.person(person.address)  # nobody can tell in which of the meetings it was made
    else:
        own = teams.own(desk, person)
        if not own:
            return [act("no-team")]
        team = teams.meant(desk, now, request, own, said.line)
        if isinstance(team, Act):
            return [team]
        label, context = audiences.team(team.name), team.name
    text = said.text.strip()
    records.add(
        desk.db, now, Draft(RecordKind.DECISION, text), owner=person.address, author=person.address, audience=label,
        context=context, occurrence="", inbound=request.inbound,
    )  # fmt: skip
    return [act("recorded", text=text)]


# Asked for


def _ask(desk: Desk, now: datetime, request: Request, said: AskDecision) -> list[Act]:
    """What is missing is asked of its author first, once; then it goes to who decides."""
    person = request.person
    own = teams.own(desk, person)
    if not own:
        return [act("no-team")]
    team = teams.meant(desk, now, request, own, said.line)
    if isinstance(team, Act):
        return [team]
    due = resolve(said.due, _AT, person.zone) if said.due is not None else None
    if due is not None and due <= now:
        return [act("over-already", closes=person.local(due))]
    wanted, decider = _read(desk, now, person, team, said.text, due)
    if decider is None:
        return [act("who-decides")]
    wanted = replace(wanted, decider=decider)
    wanted = replace(wanted, id=store.add_wanted(desk.db, wanted, request.inbound))
    if not _missing(wanted):
        _put(desk, now, wanted)
        return [act("asked", who=outbox.name_of(desk, decider), text=wanted.question)]
    parent, day = started(DETAILS, wanted.id), person.local(now).date()
    key = f"{parent}/{day.isoformat()}"
    rounds_store.open_occurrence(desk.db, now, key, DETAILS, parent, day, {})
    closes = min(now + _ASKED_BACK, now + (wanted.due - now) / 2) if wanted.due is not None else now + _ASKED_BACK
    prompting.plan(
        desk, now, occurrence=key, kind=DETAILS, parent=parent, person=person.address,
        audience=audiences.team(team.name), day=day, due=now, closes=closes,
    )  # fmt: skip
    return [Act("mailed")]


def _missing(wanted: Wanted) -> tuple[str, ...]:
    there = {"stakes": wanted.stakes, "options": wanted.options, "cost": wanted.cost, "deadline": wanted.due}
    return tuple(key for key in _NEEDED if not there[key])


def _read(
    desk: Desk, now: datetime, person: Person, team: Team, text: str, due: datetime | None
) -> tuple[Wanted, str | None]:
    """The first row is the question; of the rows below, those that say what they are are told apart."""
    first, _, below = text.strip().partition("\n")
    language = outbox.language_of(desk, person)
    first = _without_day(first, person.local(now).date(), language)
    asked, inline = apart(first)
    options = tuple(inline) if len(inline) > 1 and "?" in asked else ()
    questions = desk.render.questions(DETAILS, language, QuestionContext(now.date()))
    found = reading.read(
        questions, [Segment(below, "")], mixed_audience=True, people=list(desk.setup.people.values()),
        today=person.local(now).date(), language=language,
    )  # fmt: skip
    answers = {answer.question: answer for answer in found.sure}
    loose = [answer.text for answer in found.unsure] + [found.rest]
    reason = "\n".join(each.strip() for each in loose if each.strip())
    wanted = Wanted(0, asked if options else first.strip(), team.name, person.address, "", reason, "", options, "", due)
    return _with(wanted, answers, person), _decider(desk, person, team, text, answers.get("decider"))


def _without_day(question: str, today: date, language: str) -> str:
    """Less the "by Friday" that ends it: until when is told beside it."""
    found = list(times.find_days(question, today, language))
    if not found or words(question[found[-1].end :]):
        return question
    head = question[: found[-1].start].rstrip(" ,;(")
    told = head.split(" ")
    while told and words(told[-1]) and words(told[-1])[0] in _UNTIL:
        told.pop()
    return " ".join(told).rstrip(" ,;(") or question


_UNTIL = frozenset(
    {"by", "until", "till", "before", "bis", "zum", "vor", "avant", "antes", "entro", "ate", "voor", "the"}
)


def _decider(desk: Desk, person: Person, team: Team, text: str, told: Answer | None) -> str | None:
    """Who is named, else the lead; of a lead's own question their manager."""
    everybody = list(desk.setup.people.values())
    said = told.text if told is not None else next((word[1:] for word in text.split() if word[:1] == "@"), "")
    if said:
        found = named(said.strip(" ,.;:"), everybody)
        return found[0].address if len(found) == 1 and found[0] != person else None
    if team.lead and team.lead != person.address:
        return team.lead
    return person.manager if person.manager in desk.setup.people else None


def _with(wanted: Wanted, answers: Mapping[str, Answer], person: Person) -> Wanted:
    """With what the answers say of it."""
    texts = {key: answer.text.strip() for key, answer in answers.items()}
    if "options" in texts:
        told = texts["options"]
        _, listed = apart(f"?\n{told}") if "\n" in told else apart(f"? {told}")
        wanted = replace(wanted, options=tuple(listed[:_MOST_OPTIONS]) or wanted.options)
    deadline = answers.get("deadline")
    if deadline is not None and isinstance(deadline.value, str):
        wanted = replace(wanted, due=resolve(date.fromisoformat(deadline.value), _AT, person.zone))
    return replace(wanted, stakes=texts.get("stakes", wanted.stakes), cost=texts.get("cost", wanted.cost))


def _put(desk: Desk, now: datetime, wanted: Wanted) -> None:
    """To who decides, when they work; with a reminder the day before it is due."""
    decider = desk.setup.people.get(wanted.decider)
    if decider is None:
        return
    due = wanted.due if wanted.due is not None and wanted.due > now else None
    if due is None:
        due = prompting.after_working_days(decider, now, _DAYS, _AT)
    if due != wanted.due:
        wanted = replace(wanted, due=due)
        store.complete(desk.db, wanted)
    parent, day = started(ASKS, wanted.id), decider.local(now).date()
    key = f"{parent}/{day.isoformat()}"
    rounds_store.open_occurrence(desk.db, now, key, ASKS, parent, day, {})
    at = teams.when_at_work(desk, decider, now) or now
    before = teams.when_at_work(desk, decider, due - _BEFORE)
    prompting.plan(
        desk, now, occurrence=key, kind=ASKS, parent=parent, person=decider.address,
        audience=audiences.team(wanted.team), day=day, due=at, closes=due,
        remind_at=[before] if before is not None and at < before < due else (),
    )  # fmt: skip


# What its author is asked back


def _of(desk: Desk, parent: str) -> Wanted:
    wanted = store.wanted(desk.db, int(parent.partition(":")[2]))
    if wanted is None:
        raise LookupError(parent)
    return wanted


def _gaps(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    missing = _missing(_of(desk, prompt.parent))
    questions = desk.render.questions(DETAILS, language, QuestionContext(prompt.day))
    return [question for question in questions if question.key in missing]


def _told_back(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    wanted = _of(desk, prompt.parent)
    return [act("asked", who=outbox.name_of(desk, wanted.decider), text=wanted.question)]


def _complete(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """It goes on with what there is now."""
    wanted = _of(desk, occurrence.parent)
    author = desk.setup.people.get(wanted.author)
    for said in rounds_store.answers_of(desk.db, occurrence.key).values():
        answers = {key: each.answer for key, each in said.items() if each.answer.confidence >= CONFIDENCE_FLOOR}
        if author is not None:
            wanted = _with(wanted, answers, author)
    store.complete(desk.db, wanted)
    _put(desk, now, wanted)


# What is put to who decides


def _question(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    wanted = _of(desk, prompt.parent)
    shipped = desk.render.questions(ASKS, language, QuestionContext(prompt.day, about=wanted.question))[0]
    return [replace(shipped, options=wanted.options)]


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(prompt.kind, language)


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> DecisionView:
    wanted = _of(desk, prompt.parent)
    return DecisionView(
        wanted.question, outbox.name_of(desk, wanted.author), _title_of(desk, wanted.team), asked,
        person.local(closes), wanted.reason, wanted.stakes, wanted.options, wanted.cost, _missing(wanted),
        outbox.name_of(desk, wanted.decider),
    )  # fmt: skip


def _title_of(desk: Desk, team: str) -> str:
    return desk.setup.teams[team].title if team in desk.setup.teams else team


def _takes(
    desk: Desk, now: datetime, request: Request, prompt: Prompt, segments: Sequence[Segment], said: Sequence[Command]
) -> Taken | None:
    """One of the options, or their own words; a question back decides nothing."""
    wanted, person = _of(desk, prompt.parent), request.person
    others = [c for c in said if type(c) in desk.commands and c.confidence >= CONFIDENCE_FLOOR]
    lines = {row.strip() for command in others for row in command.line.splitlines()}
    rows = [row for segment in segments for row in segment.text.splitlines() if row.strip() not in lines]
    text = "\n".join(rows).strip()
    if not text or request.about is None:
        return Taken((), others) if others and request.about is not None else None
    language = outbox.language_of(desk, person)
    vote = grammar.vote(text, wanted.options, language=language) if wanted.options else None
    sure = vote is not None and vote.confidence >= CONFIDENCE_FLOOR and len(vote.choices) == 1
    if vote is not None and any(not 1 <= n <= len(wanted.options) for n in vote.choices):
        return Taken([act("no-such-option", number=len(wanted.options))], others)
    if not sure and text.endswith("?"):
        return Taken([act("asked-back", who=outbox.name_of(desk, wanted.author))], others)
    chosen = wanted.options[vote.choices[0] - 1] if vote is not None and sure else text
    _record(desk, now, wanted, person, chosen, prompt, request.inbound)
    return Taken([act("decided", text=chosen, changed=bool(wanted.decision))], others)


def _record(
    desk: Desk, now: datetime, wanted: Wanted, person: Person, decision: str, prompt: Prompt, inbound: int
) -> None:
    """Kept where decisions are kept, instead of an earlier answer, and told to all whom it concerns."""
    if wanted.record is not None:
        records.close(desk.db, now, wanted.record, RecordState.DROPPED, person.address, inbound)
    mark = "" if wanted.question.endswith(("?", ":")) else ":"
    record = records.add(
        desk.db, now, Draft(RecordKind.DECISION, f"{wanted.question}{mark} {decision}"), owner=person.address,
        author=person.address, audience=audiences.team(wanted.team), context=wanted.team,
        occurrence=prompt.occurrence, prompt=prompt.id, inbound=inbound,
    )  # fmt: skip
    store.decide(desk.db, wanted.id, decision, record)
    prompting.end(desk, now, prompt, PromptState.ANSWERED)
    team = desk.setup.teams.get(wanted.team)
    whom = teams.people(desk, team) if team is not None else []
    whom += [p for p in _both(desk, wanted) if p not in whom]
    others = [each for each in whom if each.address != person.address]
    what = "changed" if wanted.decision else "decided"
    teams.tell(desk, now, "decided", f"{wanted.id}|{record}", others, f"{wanted.id}|{what}|{record}")


def _both(desk: Desk, wanted: Wanted) -> list[Person]:
    found = dict.fromkeys((wanted.author, wanted.decider))
    return [desk.setup.people[each] for each in found if each in desk.setup.people]


def _ended(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Its day has passed: both are told, and it can still be decided."""
    wanted = _of(desk, occurrence.parent)
    if not wanted.decision:
        teams.tell(desk, now, "decided", f"{wanted.id}|undecided", _both(desk, wanted), f"{wanted.id}|undecided|0")


def write_all(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    for timer in due:
        number, what, _ = timer.ref.split("|")
        wanted, reader = store.wanted(desk.db, int(number)), desk.setup.people.get(timer.person)
        if wanted is None or reader is None or (what == "undecided") is bool(wanted.decision):
            continue
        asked = rounds_store.occurrences(desk.db, started(ASKS, wanted.id), date.min, date.max)
        key = asked[-1].key if asked else started(ASKS, wanted.id)
        view = DecidedView(
            what, wanted.question, wanted.decision, outbox.name_of(desk, wanted.decider),
            outbox.name_of(desk, wanted.author), _title_of(desk, wanted.team), wanted.reason,
            yours=reader.address == wanted.decider,
        )  # fmt: skip
        outbox.write(
            desk, now, reader, [Section("decided", view)], key=f"decided {timer.ref} {reader.address}",
            occurrence=key, thread=key, audience=audiences.team(wanted.team), because=f"decision {wanted.id}",
        )  # fmt: skip


HABITS: Mapping[str, Habit] = {
    DETAILS: Habit(questions=_gaps, title=_title, view=_view, answered=_told_back, closed=_complete, speaks=True),
    ASKS: Habit(questions=_question, title=_title, view=_view, closed=_ended, takes=_takes),
}
COMMANDS: Mapping[type[Command], Do] = {Decide: _decide, AskDecision: _ask}
WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {"decided": write_all}
