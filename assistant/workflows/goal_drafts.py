"""Drafts of goals, by mail: called for before a cycle, understood, judged by their design and improved by reply.

Everybody of a team may draft (bottom-up); whoever leads it publishes, and then everybody is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from assistant.domain import audience as audiences
from assistant.domain.goal_design import design
from assistant.domain.goals import Cycle, KeyResult, Label, Length, Objective, Stage, makes_circle
from assistant.domain.people import Person, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_goals import AdviceLine, DesignLine, DesignView, DraftCallView, ExampleView
from assistant.inbound import objectives as reading
from assistant.inbound.commands import (
    Away,
    Command,
    Goals,
    Help,
    History,
    NewObjective,
    Praise,
    Reminders,
    Resume,
    Search,
    Skip,
    Stop,
    Tasks,
    Why,
    Win,
)
from assistant.inbound.measures import Extras, ResultRead
from assistant.inbound.objectives import DraftRead, ObjectiveRead
from assistant.inbound.reply import Segment
from assistant.render import Section
from assistant.store import goals as store
from assistant.store import outbox as outbox_store
from assistant.store import rounds as rounds_store
from assistant.store.rounds import AskedQuestion, Prompt, PromptState
from assistant.workflows import goal_news, goal_results, outbox, prompting
from assistant.workflows.desk import Desk, Habit, Request, Taken
from assistant.workflows.goal_book import Book, answerable, current, cycle_now, lead_of, teams_of, today
from assistant.workflows.goal_courses import world
from assistant.workflows.goal_updates import act

KIND = "okr-draft"


def parent_of(cycle: int, team: str) -> str:
    return f"{KIND}:{cycle}.{team}"


def scope(prompt: Prompt) -> tuple[int, str]:
    """The cycle and the team that a draft is for."""
    cycle, _, team = prompt.parent.partition(":")[2].partition(".")
    return int(cycle), team


# What is asked


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> object:
    book = Book(desk, now)
    cycle, team = scope(prompt)
    drafts = store.objectives(desk.db, [cycle], teams=[team], stages=[Stage.DRAFT])
    lessons = goal_results.lessons(desk, team, book.cycles[cycle])
    return DraftCallView(
        book.team(team), book.cycle(book.cycles[cycle]), asked, person.local(closes),
        lead=lead_of(desk.setup, team) == person.address,
        above=tuple(book.line(objective) for objective in above(desk, now, team)),
        proposed=tuple(f"{o.text} ({book.who(o.owner)})" for o in drafts if o.owner != person.address),
        lessons=lessons, examples=examples(desk, outbox.language_of(desk, person)),
        beginner=not lessons and not goal_results.has_goals(desk, team),
    )  # fmt: skip


def above(desk: Desk, now: datetime, team: str) -> list[Objective]:
    """What a team's goals could serve: those of its manager's teams, and every annual one, its own among them."""
    lead = desk.setup.people.get(lead_of(desk.setup, team) or "")
    manager = desk.setup.people.get(lead.manager or "") if lead else None
    upper = {t.name for t in desk.setup.teams_led_by(manager.address)} | set(manager.teams) if manager else set()
    annual = {cycle.id for cycle in store.cycles(desk.db).values() if cycle.length is Length.YEAR}
    return [o for o in current(desk, now) if (o.team in upper and o.team != team) or o.cycle in annual]


def examples(desk: Desk, language: str) -> tuple[ExampleView, ...]:
    """The library by area; data of the templates."""
    return tuple(
        ExampleView(str(each["area"]), str(each["objective"]), tuple(map(str, each["results"])))
        for each in desk.render.library("goals/examples.yaml", language)
    )


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(KIND, language)


# What a reply makes of it


def _takes(
    desk: Desk, now: datetime, request: Request, prompt: Prompt, segments: Sequence[Segment], said: Sequence[Command]
) -> Taken | None:
    """The reply is read as a whole: its lines belong together. What is about something else stays a command."""
    others = [command for command in said if isinstance(command, _NO_DRAFT) and command.confidence >= CONFIDENCE_FLOOR]
    lines = {command.line.strip() for command in others}
    rows = [row for segment in segments for row in segment.text.split("\n") if row.strip() not in lines]
    if not any(row.strip() for row in rows):
        return None
    text = "\n".join(rows)
    if request.about is None and not reading.read(text, world(desk, now, request.person)).objectives:
        return None  # a mail of its own that drafts nothing is about something else
    acts = take(desk, now, request.person, prompt, text, request.inbound)
    prompting.end(desk, now, prompt, PromptState.ANSWERED)
    return Taken(acts, others)


_NO_DRAFT = (Help, Why, Skip, Away, Stop, Resume, Reminders, Goals, History, Tasks, Search, Praise, Win)
"""What no line of a draft can be taken for."""


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    """Where other things were asked in the same mail: what stands under its number."""
    told = rounds_store.answers_in(desk.db, prompt.id, inbound).values()
    text = "\n".join(answer.text for answer in told if answer.confidence >= CONFIDENCE_FLOOR)
    return take(desk, now, person, prompt, text, inbound) if text.strip() else [Act("mailed")]


def take(desk: Desk, now: datetime, person: Person, prompt: Prompt, text: str, inbound: int) -> Sequence[Act]:
    """Bring the drafts in line with what was written, and answer with what they look like now."""
    cycle, team = scope(prompt)
    read = reading.read(text, world(desk, now, person))
    told = _apply(desk, now, person, prompt, read, inbound)
    if read.publish:
        return [*told, *publish(desk, now, person, cycle, team)]
    if read.empty and not told:
        drafts = _drafts(desk, person, prompt)
        codes = tuple(r.code for objective in drafts for r in objective.results)
        return [act("no-change", codes=codes[:1] or ("KR1",)) if drafts else act("no-draft")]
    show(desk, now, person, prompt, f"okr-design {inbound}", read.rest)
    lead = desk.setup.people.get(lead_of(desk.setup, team) or "")
    if lead is not None and lead.address != person.address and read.objectives:
        _tell_lead(desk, now, lead, person, prompt, inbound)
    return told or [Act("mailed")]


def _apply(desk: Desk, now: datetime, person: Person, prompt: Prompt, read: DraftRead, inbound: int) -> list[Act]:
    told: list[Act] = []
    if read.objectives:
        for old in _drafts(desk, person, prompt, own=True):
            store.drop_draft(desk.db, old.id)
        for each in read.objectives:
            told += _add(desk, now, person, prompt, each, inbound)
    drafts = _drafts(desk, person, prompt)
    if drafts:
        told += _edit(desk, drafts, read)
    return told


def _drafts(desk: Desk, person: Person, prompt: Prompt, *, own: bool = False) -> list[Objective]:
    """What this person may still change: their own drafts, and for the lead all of the team's."""
    cycle, team = scope(prompt)
    every = store.objectives(desk.db, [cycle], teams=[team], stages=[Stage.DRAFT])
    mine = [objective for objective in every if objective.owner == person.address]
    return mine if own or lead_of(desk.setup, team) != person.address else every


def _add(desk: Desk, now: datetime, person: Person, prompt: Prompt, read: ObjectiveRead, inbound: int) -> list[Act]:
    cycle, team = scope(prompt)
    draft = Objective(0, cycle, team, person.address, read.text, every=read.every or 1)
    id_ = store.add_objective(desk.db, now, draft, prompt.id, inbound)
    for result in read.results:
        _add_result(desk, id_, cycle, team, result)
    return _link(desk, id_, read.parent) if read.parent is not None else []


def _add_result(desk: Desk, objective: int, cycle: int, team: str, read: ResultRead) -> None:
    number = store.next_number(desk.db, cycle, team)
    store.add_result(
        desk.db,
        KeyResult(
            0, objective, number, read.text, read.name, read.measure, read.target, read.start, read.unit, read.at_most,
            read.weight, read.owners, read.label or Label.ROOFSHOT, read.due, needs=read.needs,
        ),
    )  # fmt: skip


def _link(desk: Desk, id_: int, parent: int) -> list[Act]:
    """To the objective it serves; one that does not exist, or a circle, is refused by name."""
    above_, child = store.objective(desk.db, parent), store.objective(desk.db, id_)
    if above_ is None or child is None:
        return [act("no-parent", number=parent)]
    circle = makes_circle(store.parents(desk.db), id_, parent)
    if circle:
        return [act("circle", codes=tuple(f"O{each}" for each in circle))]
    store.change_objective(desk.db, replace(child, parent=parent))
    return []


def _edit(desk: Desk, drafts: Sequence[Objective], read: DraftRead) -> list[Act]:
    """Changes to what is there; numbers that are not there are named."""
    last = drafts[-1]
    found = {result.number: result for objective in drafts for result in objective.results}
    changed = dict(found)
    for number, new in read.rewritten.items():
        if number in changed:
            changed[number] = _rewritten(changed[number], new)
    for number, extras in read.changed.items():
        if number in changed:
            changed[number] = _changed(changed[number], extras)
    weighed = [result.number for result in last.results if result.number not in read.dropped]
    for number, weight in zip(weighed, read.weights, strict=False):
        changed[number] = replace(changed[number], weight=weight)
    for number, result in changed.items():
        if result != found[number]:
            store.change_result(desk.db, result)
        if number in read.dropped:
            store.drop_result(desk.db, result.id)
    for added in read.added:
        _add_result(desk, last.id, last.cycle, last.team, added)
    for objective in drafts if read.every is not None else ():
        store.change_objective(desk.db, replace(objective, every=read.every or 1))
    told = _link(desk, last.id, read.parent) if read.parent is not None else []
    unknown = [n for n in (*read.rewritten, *read.changed, *read.dropped) if n not in found]
    return [*told, *(act("unknown", said=f"KR{number}") for number in unknown)]


def _rewritten(old: KeyResult, new: ResultRead) -> KeyResult:
    """Said anew; weight, owners and label stay where nothing new was said of them."""
    return replace(
        old, text=new.text, name=new.name, measure=new.measure, target=new.target, start=new.start, unit=new.unit,
        at_most=new.at_most, weight=old.weight if new.weight is None else new.weight, owners=new.owners or old.owners,
        label=new.label or old.label, due=new.due, needs=new.needs or old.needs,
    )  # fmt: skip


def _changed(old: KeyResult, extras: Extras) -> KeyResult:
    return replace(
        old, weight=old.weight if extras.weight is None else extras.weight, owners=extras.owners or old.owners,
        label=extras.label or old.label, needs=extras.needs or old.needs,
    )  # fmt: skip


# What comes back


def show(
    desk: Desk,
    now: datetime,
    person: Person,
    prompt: Prompt,
    key: str,
    unclear: Iterable[str] = (),
    *,
    author: str = "",
    waiting: bool = False,
) -> None:
    """The drafts as they stand, in the thread of the mail that asked; a reply to it improves them."""
    cycle, team = scope(prompt)
    every = store.objectives(desk.db, [cycle], teams=[team], stages=[Stage.DRAFT])
    lead = lead_of(desk.setup, team) or ""
    mine = [o for o in every if person.address in (o.owner, lead)]
    book = Book(desk, now)
    view = DesignView(
        book.team(team), book.cycle(book.cycles[cycle]), tuple(_line(book, objective) for objective in mine),
        book.who(lead) if lead else "", lead == person.address, author, tuple(unclear), book.needs(mine),
        goal_results.lessons(desk, team, book.cycles[cycle]), waiting,
    )  # fmt: skip
    section = Section("okr-design", view)
    if prompt.mail is not None:
        asked = outbox_store.by_id(desk.db, prompt.mail)
        thread = asked.thread if asked is not None else prompt.occurrence
        outbox.write(
            desk, now, person, [section], key=key, occurrence=f"mail {prompt.mail}", thread=thread,
            audience=prompt.audience, because=f"{KIND} {prompt.parent}",
        )  # fmt: skip
        return
    mail = outbox.write(
        desk, now, person, [section], key=key, occurrence=prompt.occurrence, thread=prompt.occurrence,
        audience=prompt.audience, because=f"{KIND} {prompt.parent}",
    )  # fmt: skip
    if mail is not None:
        _becomes_asked(desk, now, person, prompt, mail)


def _line(book: Book, objective: Objective) -> DesignLine:
    found = design(objective)
    advice = tuple(AdviceLine(a.what, tuple(f"KR{n}" for n in a.about), a.figure) for a in found.advice)
    return DesignLine(book.objective(objective), found.score, advice)


def _becomes_asked(desk: Desk, now: datetime, person: Person, prompt: Prompt, mail: int) -> None:
    """Nobody asked for this draft: the mail that shows it is what its replies belong to."""
    language = outbox.language_of(desk, person)
    questions = desk.render.questions(KIND, language, QuestionContext(prompt.day))
    asked = [AskedQuestion(number, question) for number, question in enumerate(questions, 1)]
    closes = resolve(prompt.day, desk.setup.goals.at, person.zone) if desk.setup.goals else now
    rounds_store.mark_asked(desk.db, now, prompt.id, mail, max(closes, now), asked)
    prompting.end(desk, now, prompt, PromptState.ANSWERED)


def _tell_lead(desk: Desk, now: datetime, lead: Person, author: Person, prompt: Prompt, inbound: int) -> None:
    cycle, team = scope(prompt)
    own = own_prompt(desk, now, lead, cycle, team)
    show(desk, now, lead, own, f"okr-design {inbound} {lead.address}", author=author.first_name)


def own_prompt(desk: Desk, now: datetime, person: Person, cycle: int, team: str) -> Prompt:
    """The person's prompt for this team and cycle; where nobody asked them, one of its own."""
    parent = parent_of(cycle, team)
    found = rounds_store.last_asked(desk.db, parent, person.address, date.max)
    if found is not None:
        return found
    day = today(desk, now)
    key = f"{parent}/{day.isoformat()}.{person.address}"
    rounds_store.open_occurrence(desk.db, now, key, KIND, parent, day, {})
    id_ = rounds_store.add_prompt(desk.db, key, KIND, parent, person.address, audiences.team(team), day, now, None)
    made = rounds_store.prompt(desk.db, id_ or 0)
    if made is None:
        raise LookupError(key)
    return made


def propose(desk: Desk, now: datetime, request: Request, said: NewObjective) -> Sequence[Act] | None:
    """ "objective: …" in any mail: a draft for the coming cycle where that is being drafted, else for this one."""
    if desk.setup.goals is None:
        return [act("not-set-up")]
    if any(prompt.kind == KIND for prompt in request.prompts):
        return None  # the whole reply is the draft
    team = _team_of(desk, request.person)
    if team is None:
        return [act("no-team")]
    cycle = drafted_now(desk, now)
    prompt = own_prompt(desk, now, request.person, cycle.id, team)
    read = reading.read(said.line, world(desk, now, request.person))
    for each in read.objectives:
        _add(desk, now, request.person, prompt, each, request.inbound)
    show(desk, now, request.person, prompt, f"okr-design {request.inbound}", read.rest)
    lead = desk.setup.people.get(lead_of(desk.setup, team) or "")
    if lead is not None and lead.address != request.person.address:
        _tell_lead(desk, now, lead, request.person, prompt, request.inbound)
    return [Act("mailed")]


def _team_of(desk: Desk, person: Person) -> str | None:
    """Their first team that sets goals."""
    plan, near = desk.setup.goals, teams_of(desk.setup, person)
    if plan is None:
        return None
    return next((team for team in (*person.teams, *plan.teams) if team in near and team in plan.teams), None)


def drafted_now(desk: Desk, now: datetime) -> Cycle:
    """The next cycle from the day on which its drafts are called for; before that the running one."""
    plan = desk.setup.goals
    length = plan.lengths[0] if plan else Length.QUARTER
    running = cycle_now(desk, now, length)
    day = today(desk, now)
    early = plan is not None and running.last - day < plan.draft
    return cycle_now(desk, now, length, running.last.fromordinal(running.last.toordinal() + 1)) if early else running


def publish(desk: Desk, now: datetime, person: Person, cycle: int, team: str) -> list[Act]:
    """Said by the lead, or by whom the lead answers to; everybody is told in the next hours."""
    lead = desk.setup.people.get(lead_of(desk.setup, team) or "")
    book = Book(desk, now)
    if lead is not None and person.address not in (lead.address, lead.manager):
        return [act("only-lead", who=lead.first_name)]
    drafts = store.objectives(desk.db, [cycle], teams=[team], stages=[Stage.DRAFT])
    ready = [objective for objective in drafts if objective.results]
    if not ready:
        return [act("nothing-to-publish")]
    for objective in ready:
        day = max(today(desk, now), book.cycles[cycle].first)
        store.change_objective(desk.db, replace(objective, stage=Stage.PUBLISHED, published=day))
    goal_news.plan(desk, now)
    return [act("published", codes=tuple(o.code for o in ready), number=_owners(desk, ready))]


def _owners(desk: Desk, objectives: Sequence[Objective]) -> int:
    """How many people have a part in them."""
    return len({who for o in objectives for r in o.counted for who in answerable(desk.setup, o, r)})


def _closed(desk: Desk, now: datetime, occurrence: object) -> None:
    """Nothing to report: what is published is told to everybody."""


HABIT = Habit(title=_title, view=_view, answered=_answered, closed=_closed, speaks=True, takes=_takes)
