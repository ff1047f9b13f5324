"""Values of KPIs: asked for in their rhythm, said in any mail or put down by a program; what is weak twice in a row
proposes an objective, and a KPI of a key result's name moves that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.goals import Standing
from assistant.domain.kpis import Kpi, Stage, calls_for_objective, is_weak, next_day
from assistant.domain.kpis import aim as wanted
from assistant.domain.people import Person, next_working, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR, Question
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_kpis import KpiValuesView
from assistant.inbound import commands as grammar
from assistant.inbound.commands import Known, Update
from assistant.inbound.measures import same_unit
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import choices as choices_store
from assistant.store import goals as goals_store
from assistant.store import kpis as store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import asking, choices, goal_courses, goals, kpi_book, outbox, prompting
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Habit, Request
from assistant.workflows.kpi_book import Page, act, answerable

KIND = "kpi-values"
_AT = time(10)
_DAY = timedelta(days=1)
_MEANWHILE = timedelta(days=2)


# Said


def update(desk: Desk, now: datetime, request: Request, said: Update) -> Sequence[Act] | None:
    """None where no KPI is meant: then it is a key result's, or an answer."""
    person = request.person
    if said.finished or any(prompt.kind in ("okr-draft", "kpi-card") for prompt in request.prompts if request.about):
        return None
    chosen = store.by_id(desk.db, int(request.context[4:])) if request.context.startswith("kpi:") else None
    found = [chosen] if chosen is not None else kpi_book.find(desk, person, said.measure)
    if not found:
        return [act("unknown", said=said.measure)] if said.kpi else None
    if len(found) > 1:
        page = Page(desk, found)
        options = [Option(f"{kpi.name} ({page.team(kpi.team)})", said.line, f"kpi:{kpi.id}") for kpi in found]
        return [choices.offer(desk, now, request, options)]
    [kpi] = found
    if not kpi_book.may_change(desk.setup, kpi, person):
        owner = desk.setup.people.get(kpi.owner)
        return [act("not-yours", kpi, who=owner.first_name if owner else "")]
    if said.value is None:
        return [act("no-figure", kpi)]
    value = said.value
    if said.more:
        last = store.values(desk.db, [kpi.id]).get(kpi.id, [])
        value = round(value + (last[-1].value if last else kpi.baseline or 0.0), 6)
    told = record(desk, now, kpi, Said(value, said.unit, said.comment), person.address, inbound=request.inbound)
    end_answered(desk, now, person)
    return told


@dataclass(frozen=True, slots=True)
class Said:
    """A value as somebody said it; ``unit`` "" where none was told."""

    value: float
    unit: str = ""
    comment: str = ""


def refusal(kpi: Kpi, said: Said) -> str:
    """Why it can be no value of this KPI: "wrong-unit", "over" or "below"; "" where it can."""
    if said.unit and not same_unit(said.unit, kpi.unit):
        return "wrong-unit"
    edges = [edge for edge in (kpi.low, kpi.high, kpi.target) if edge is not None]
    if kpi.unit == "%" and said.value > 100 and all(edge <= 100 for edge in edges):
        return "over"
    return "below" if said.value < 0 and all(edge >= 0 for edge in edges) else ""


def record(
    desk: Desk, now: datetime, kpi: Kpi, said: Said, by: str, day: date | None = None, inbound: int | None = None
) -> list[Act]:
    """Keep the value, or say why not; nothing by halves. ``by`` is an address."""
    wrong = refusal(kpi, said)
    if wrong:
        return [act(wrong, kpi, value=said.value, said=said.unit)]
    owner = desk.setup.people.get(answerable(desk.setup, kpi) or "")
    zone = owner.zone if owner is not None else desk.setup.assistant.zone
    day = day or now.astimezone(zone).date()
    earlier = store.of_day(desk.db, kpi.id, day)
    values = store.values(desk.db, [kpi.id]).get(kpi.id, [])
    before = next((value for value in reversed(values) if value.day < day), None)
    store.add_value(desk.db, now, kpi.id, day, said.value, by, said.comment, inbound)
    codes = _flow(desk, now, kpi, said, by, inbound) if not values or values[-1].day <= day else ()
    _propose(desk, now, kpi)
    if earlier is not None and earlier.by != by and earlier.value != said.value and now - earlier.at < _MEANWHILE:
        who = desk.setup.people.get(earlier.by)
        return [act("both", kpi, value=said.value, before=earlier.value, who=who.first_name if who else "")]
    last = before.value if before is not None else None
    return [act("value", kpi, value=said.value, before=last, weak=is_weak(kpi, said.value), codes=codes, day=day)]


def _flow(desk: Desk, now: datetime, kpi: Kpi, said: Said, by: str, inbound: int | None) -> tuple[str, ...]:
    """A key result of the same name, team and unit has the KPI's value as its own."""
    codes = []
    for objective in goals.current(desk, now, kpi.team) if desk.setup.goals is not None else ():
        for result in objective.counted:
            named = words(result.name) == words(kpi.name) or words(result.text)[: len(words(kpi.name))] == words(
                kpi.name
            )
            if named and result.standing is Standing.OPEN and same_unit(result.unit, kpi.unit):
                moved = goals_store.add_value(desk.db, now, result, said.value, None, said.comment, by, inbound)
                goal_courses.look(desk, now, goals.Match(moved, objective), said.comment)
                codes.append(result.code)
    return tuple(codes)


def _propose(desk: Desk, now: datetime, kpi: Kpi) -> None:
    """To its owner, once until it was well again; a "yes" drafts the objective."""
    values = store.values(desk.db, [kpi.id]).get(kpi.id, [])
    owner = desk.setup.people.get(answerable(desk.setup, kpi) or "")
    if owner is None or not calls_for_objective(kpi, values):
        return
    store.change(desk.db, replace(kpi, proposed=values[-1].day))
    language = outbox.language_of(desk, owner)
    proposal = ""
    if desk.setup.goals is not None and wanted(kpi) is not None:
        line = Page(desk, [kpi]).line(kpi)
        proposal = desk.render.phrase("kpis/objective.txt.j2", language, replace(line, target=wanted(kpi)))
    section = Section("kpi", kpi_book.view(desk, now, kpi, owner, "weak", proposal=proposal.partition(": ")[2]))
    absences = people_store.absences(desk.db, owner.address, owner.local(now).date())
    moment = next_working(owner, now, absences)
    mail = outbox.write(
        desk, now, owner, [section], key=f"kpi {kpi.id} weak {values[-1].id}", occurrence=f"kpi-note:{kpi.id}",
        thread=f"kpi-note:{kpi.id}", audience=audiences.team(kpi.team), because=f"kpi {kpi.id}",
        not_before=None if moment is None or moment <= now else moment,
    )  # fmt: skip
    if mail is not None and proposal:
        choices_store.offer(desk.db, now, owner.address, None, [(proposal, "")], mail)


def end_answered(desk: Desk, now: datetime, person: Person) -> None:
    """Who has said all their values by other ways is not reminded of the question."""
    for prompt in rounds_store.open_prompts(desk.db, person.address):
        if prompt.kind == KIND and not _due(desk, person, prompt):
            prompting.end(desk, now, prompt, PromptState.ANSWERED)


# Asked


def plan(desk: Desk, kpi: Kpi, after: date) -> None:
    """One timer for the next day on which its value is due."""
    key, who = f"kpi:{kpi.id}", desk.setup.people.get(answerable(desk.setup, kpi) or "")
    day = next_day(kpi.rule, kpi.asked or after, after) if kpi.rule and kpi.stage is Stage.LIVE else None
    if day is None or who is None:
        timers.drop(desk.db, key)
    else:
        due = asking.daily_on(desk, who, day) or resolve(day, _AT, who.zone)
        timers.put(desk.db, Timer(key, due, "kpi-due", f"{kpi.id} {day}"))


def _fire(desk: Desk, timer: Timer, now: datetime) -> None:
    """Ask its owner, in one mail with what else of theirs is due that day; a day off is not asked for."""
    number, _, written = timer.ref.partition(" ")
    kpi, day = store.by_id(desk.db, int(number)), date.fromisoformat(written)
    who = desk.setup.people.get(answerable(desk.setup, kpi) or "") if kpi is not None else None
    if kpi is None or who is None or kpi.stage is not Stage.LIVE:
        return
    kpi = replace(kpi, asked=day)
    plan(desk, kpi, max(day, who.local(now).date() - _DAY))
    absences = people_store.absences(desk.db, who.address, day)
    due = next_working(who, timer.due, absences)
    daily = kpi.rule.startswith("FREQ=DAILY")
    if due is None or (daily and who.local(due).date() != day):
        return
    store.change(desk.db, kpi)
    parent = f"{KIND}:{kpi.team}"
    local = who.local(due).date()
    key = f"{parent}/{local}"
    rounds_store.open_occurrence(desk.db, now, key, KIND, parent, local, {})
    prompting.plan(
        desk, now, occurrence=key, kind=KIND, parent=parent, person=who.address, audience=audiences.team(kpi.team),
        day=local, due=max(due, now),
    )  # fmt: skip


def _due(desk: Desk, person: Person, prompt: Prompt) -> list[Kpi]:
    """Their KPIs of that team for which a value was asked and none was said since."""
    mine = [
        kpi
        for kpi in store.of_teams(desk.db, [prompt.parent.partition(":")[2]])
        if kpi.asked is not None and kpi.asked <= prompt.day and answerable(desk.setup, kpi) == person.address
    ]
    values = store.values(desk.db, [kpi.id for kpi in mine], 1)
    return [kpi for kpi in mine if not any(kpi.asked and value.day >= kpi.asked for value in values.get(kpi.id, ()))]


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    found = []
    for kpi in _due(desk, person, prompt):
        shipped = desk.render.questions(KIND, language, QuestionContext(prompt.day, about=kpi.name))[0]
        found.append(replace(shipped, key=f"kpi:{kpi.id}", labels=(kpi.name, f"kpi {kpi.name}"), short=kpi.name))
    return found


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> object:
    known = {f"kpi:{kpi.id}": kpi for kpi in store.every(desk.db)}
    kpis = [(each, known[each.key]) for each in asked if each.key in known]
    page = Page(desk, [kpi for _, kpi in kpis])
    lines = tuple(page.line(kpi, each.number) for each, kpi in kpis)
    return KpiValuesView(asked, lines, person.local(closes), prompt.day)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    """Values that stand under a number or a label; a line of its own ("kpi churn 3.2 %") came as a command before."""
    told: list[Act] = []
    for key, answer in rounds_store.answers_in(desk.db, prompt.id, inbound).items():
        kpi = store.by_id(desk.db, int(key[4:])) if key.startswith("kpi:") else None
        if kpi is None or answer.confidence < CONFIDENCE_FLOOR:
            continue
        last = store.values(desk.db, [kpi.id], 1).get(kpi.id)
        same = Said(last[-1].value) if last and answer.how == "same-as-before" else None
        said = same or _read(desk, now, person, kpi, answer.text)
        day = kpi.asked if kpi.asked is not None and kpi.asked > prompt.day else prompt.day
        if said is None:
            told.append(act("no-figure", kpi))
        else:
            acts = record(desk, now, kpi, said, person.address, day, inbound)
            told += [each for each in acts if each.what != "value"]
    return told or [Act("mailed")]


def _read(desk: Desk, now: datetime, person: Person, kpi: Kpi, text: str) -> Said | None:
    """The figure of "3.2 %, two customers left"."""
    line = " ".join(text.split())
    bare = line[len(kpi.name) :] if line.lower().startswith(kpi.name.lower()) else line
    read = grammar.read(
        f"kpi {kpi.name} {bare.strip(' :')}", language=outbox.language_of(desk, person), zone=person.zone, now=now,
        known=Known(measures=(kpi.name,)),
    )  # fmt: skip
    sure = [c for c in read.commands if isinstance(c, Update) and c.confidence >= CONFIDENCE_FLOOR]
    return Said(sure[0].value, sure[0].unit, sure[0].comment) if sure and sure[0].value is not None else None


def _previous(desk: Desk, prompt: Prompt, key: str) -> str | None:
    """What "no change" would mean."""
    last = store.values(desk.db, [int(key[4:])], 1) if key.startswith("kpi:") else {}
    return next((f"{values[-1].value:g}" for values in last.values()), None)


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Nothing to report: values are seen in the team's view and the rollup."""


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(prompt.kind, language)


HABIT = Habit(
    questions=_questions, title=_title, view=_view, answered=_answered, closed=_closed, speaks=True, previous=_previous
)
HANDLERS = {"kpi-due": _fire}
