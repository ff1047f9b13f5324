"""Values of key results: said in a reply to the weekly question, in a check-in or in any other mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.domain.goals import KeyResult, Objective, Stage, Standing, reached
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Question
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_goals import GoalAct, GoalUpdateView
from assistant.inbound import commands as grammar
from assistant.inbound.commands import Known, Update
from assistant.inbound.measures import same_unit
from assistant.store import goals as store
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.workflows import choices, goal_courses, outbox, prompting
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Habit, Request
from assistant.workflows.goal_book import Book, Found, Match, answerable, find, today

FAMILY = "goals"
_MEANWHILE = timedelta(days=2)
"""Another's value of so lately is told to who says a different one."""


def act(what: str, match: Match | None = None, **more: object) -> Act:
    shown = GoalAct(code=match.result.code, text=match.result.text, unit=match.result.unit) if match else GoalAct()
    return Act(what, family=FAMILY, view=replace(shown, **more))  # type: ignore[arg-type]  # fields by name


def meant(desk: Desk, now: datetime, request: Request, measure: str, line: str) -> Match | list[Act]:
    """The one key result that is meant and theirs to change; else what to say.

    Empty where nothing of that name is known and it is no "KR…": then it may be something else's.
    """
    context = request.context
    if not measure and request.about is not None and request.about.occurrence.startswith("goal:"):
        context = request.about.occurrence.replace("goal:", "kr:", 1)
    found = find(desk, now, request.person, measure, context)
    if len(found.mine) == 1:
        return found.mine[0]
    if found.mine:
        return [ask_which(desk, now, request, found, line)]
    if found.over is not None:
        return [act("finished", found.over, said=found.over.result.standing.value)]
    if found.others:
        owner = desk.setup.people.get(found.others[0].objective.owner)
        return [act("not-yours", found.others[0], who=owner.first_name if owner else "")]
    coded = measure[:2].lower() == "kr" and measure[2:].strip(" .")[:1].isdecimal()
    return [act("unknown", said=measure)] if coded else []


def ask_which(desk: Desk, now: datetime, request: Request, found: Found, line: str) -> Act:
    """Two go by that name: by number, each with its team."""
    options = [
        Option(f"{each.result.code} {each.result.text} ({_team(desk, each)})", line, f"kr:{each.result.id}")
        for each in found.mine
    ]
    return choices.offer(desk, now, request, options)


def _team(desk: Desk, match: Match) -> str:
    team = desk.setup.teams.get(match.objective.team)
    return team.title if team is not None else match.objective.team


def update(desk: Desk, now: datetime, request: Request, said: Update) -> Sequence[Act] | None:
    """None where no key result is meant: then it is a KPI's, or an answer."""
    if said.kpi or is_drafting(request):
        return None
    if desk.setup.goals is None:
        return [act("not-set-up")] if is_code(said.measure) else None
    match = meant(desk, now, request, said.measure, said.line)
    if isinstance(match, list):
        return match or None
    done = record(desk, now, request, match, said)
    end_answered(desk, now, request.person)
    if any(prompt.kind == "okr-update" for prompt in request.prompts):  # who was asked knows what they said
        done = [each for each in done if each.what != "updated"]
    return done or [Act("mailed")]


def is_code(words: str) -> bool:
    """ "KR2": what can be nothing but a key result."""
    return words[:2].upper() == "KR" and words[2:].isdigit()


def is_drafting(request: Request) -> bool:
    """A reply about a draft is read as a whole; a mail of its own that drafts nothing is about what is published."""
    return request.about is not None and any(prompt.kind == "okr-draft" for prompt in request.prompts)


def record(desk: Desk, now: datetime, request: Request, match: Match, said: Update) -> list[Act]:
    """Keep the value, or say why not; nothing by halves."""
    result, person = match.result, request.person
    if said.finished:
        return _finish(desk, now, request, match)
    if said.more and said.value is not None:
        before = result.start if result.value is None else result.value
        said = replace(said, value=round(before + said.value, 6), more=False)
    value = result.value if said.value is None else said.value
    if value is None:
        return [act("no-figure", match, said=said.line)]
    refusal = _refusal(desk, now, request, match, said) if said.value is not None else []
    if refusal:
        return refusal
    last = next(reversed(store.values(desk.db, [result.id])), None)
    now_is = store.add_value(desk.db, now, result, value, said.outlook, said.comment, person.address, request.inbound)
    told = goal_courses.look(desk, now, Match(now_is, match.objective), said.comment)
    if last is not None and last.by != person.address and now - last.at < _MEANWHILE and last.value != value:
        who = desk.setup.people.get(last.by)
        return [act("both", match, value=value, before=last.value, who=who.first_name if who else "")]
    share = round(100 * reached(result, value))
    return [act("updated", match, value=value, before=result.value, share=share, said=told or "")]


def _finish(desk: Desk, now: datetime, request: Request, match: Match) -> list[Act]:
    result, person = match.result, request.person
    if reached(result, result.value) < 1:
        store.add_value(desk.db, now, result, result.target, None, "", person.address, request.inbound)
    store.change_result(desk.db, replace(result, standing=Standing.DONE))
    store.add_change(desk.db, now, result.id, "done", "", "", person.address, request.inbound)
    return [act("done", match)]


def _refusal(desk: Desk, now: datetime, request: Request, match: Match, said: Update) -> list[Act]:
    """What cannot be a value of this key result."""
    result, value = match.result, said.value or 0.0
    if said.unit and not same_unit(said.unit, result.unit):
        if said.unit == "%" and 0 <= value <= 100:
            return _share_said(desk, now, request, match, value)
        if said.unit == "%" or result.unit:
            return [act("wrong-unit", match, value=value, said=said.unit)]
    whole = result.unit == "%" and max(result.target, result.start) <= 100
    if whole and value > 100:
        return [act("over", match, value=value)]
    if value < 0 <= min(result.target, result.start):
        return [act("below", match, value=value)]
    return []


def _share_said(desk: Desk, now: datetime, request: Request, match: Match, percent: float) -> list[Act]:
    """Percent of something that is not counted so: of the way, perhaps."""
    result = match.result
    value = round(result.start + (result.target - result.start) * percent / 100, 2)
    line = f"{result.code} {value:g}"
    option = Option(line, line, f"kr:{result.id}")
    wrong = act("wrong-unit", match, value=percent, said="%")
    return [wrong] if result.at_most else [wrong, choices.offer(desk, now, request, [option])]


def end_answered(desk: Desk, now: datetime, person: Person) -> None:
    """Who has said all their values by other ways, or given away the rest, is not reminded of the question."""
    for prompt in rounds_store.open_prompts(desk.db, person.address):
        if prompt.kind != "okr-update" or prompt.asked_at is None:
            continue
        asked = [match_of(desk, each.question.key) for each in prompt.questions]
        if all(_is_settled(desk, person, match, prompt.asked_at) for match in asked):
            prompting.end(desk, now, prompt, PromptState.ANSWERED)


def _is_settled(desk: Desk, person: Person, match: Match, asked_at: datetime) -> bool:
    result = match.result
    theirs = person.address in answerable(desk.setup, match.objective, result)
    return not theirs or result.standing is not Standing.OPEN or _since(result, asked_at)


def _since(result: KeyResult, asked_at: datetime) -> bool:
    return result.said_at is not None and result.said_at >= asked_at


def _id(key: str) -> int:
    return int(key.removeprefix("kr:"))


# The round


def due(desk: Desk, cycle: int, now: datetime) -> dict[str, list[Match]]:
    """Whom to ask now for which key results, by the rhythm of each objective."""
    return _due(desk, cycle, now, store.objectives(desk.db, [cycle], stages=[Stage.PUBLISHED]))


def _due(desk: Desk, cycle: int, now: datetime, objectives: Sequence[Objective]) -> dict[str, list[Match]]:
    asked: dict[str, list[Match]] = {}
    week = (today(desk, now) - store.cycles(desk.db)[cycle].first).days // 7
    for objective in objectives:
        if week % max(1, objective.every):
            continue
        for result in objective.counted:
            if result.standing is Standing.OPEN:
                for address in answerable(desk.setup, objective, result):
                    asked.setdefault(address, []).append(Match(result, objective))
    return asked


def near(desk: Desk, cycle: int, person: Person) -> list[Objective]:
    """The published ones that the person may be asked about."""
    led = [team.name for team in desk.setup.teams_led_by(person.address)]
    return store.objectives_near(desk.db, cycle, person.address, led)


def ask_about(desk: Desk, kind: str, language: str, prompt: Prompt, matches: Sequence[Match]) -> list[Question]:
    """One question for each; what people put before a value is a label of it."""
    found = []
    for match in matches:
        context = QuestionContext(prompt.day, about=f"{match.result.code} {match.result.text}")
        shipped = desk.render.questions(kind, language, context)[0]
        labels = (match.result.code, match.result.name)
        short = f"{match.result.code} {match.result.name}"
        found.append(replace(shipped, key=f"kr:{match.result.id}", labels=labels, short=short))
    return found


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    cycle = int(prompt.parent.partition(":")[2])
    matches = _due(desk, cycle, now, near(desk, cycle, person)).get(person.address, [])
    return ask_about(desk, "okr-update", language, prompt, matches)


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> object:
    book = Book(desk, now)
    pairs = [(each, match_of(desk, each.key)) for each in asked]
    results = tuple(book.result(match.result, match.objective, each.number) for each, match in pairs)
    cycle = book.cycles[int(prompt.parent.partition(":")[2])]
    return GoalUpdateView(book.cycle(cycle), asked, results, person.local(closes), prompt.day)


def match_of(desk: Desk, key: str) -> Match:
    """Of a question's key; key results are never deleted once they were published."""
    result = store.result(desk.db, _id(key))
    objective: Objective | None = store.objective(desk.db, result.objective) if result is not None else None
    if result is None or objective is None:
        raise LookupError(key)
    return Match(result, objective)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    """Values that stand under a number or a label; a line of its own ("KR2 45 %") came as a command before."""
    told: list[Act] = []
    request = Request(person, inbound)
    for key, answer in rounds_store.answers_in(desk.db, prompt.id, inbound).items():
        if answer.confidence < CONFIDENCE_FLOOR or not key.startswith("kr:"):
            continue
        match = match_of(desk, key)
        if match.result.standing is not Standing.OPEN or match.objective.stage is not Stage.PUBLISHED:
            told.append(act("finished", match, said=match.result.standing.value))
            continue
        same = answer.how == "same-as-before" and match.result.value is not None
        unchanged = Update(match.result.code, match.result.value, line=answer.text) if same else None
        said = unchanged or read_value(desk, now, person, match.result, answer.text)
        if said is None:
            told.append(act("no-figure", match, said=answer.text))
        else:
            told += [each for each in record(desk, now, request, match, said) if each.what != "updated"]
    return told or [Act("mailed")]


def _replied(desk: Desk, now: datetime, request: Request, text: str) -> Sequence[Act] | None:
    """To a mail about one key result a bare value is enough: "45 %"."""
    match = meant(desk, now, request, "", text)
    if isinstance(match, list):
        return match or None
    said = read_value(desk, now, request.person, match.result, text)
    return [act("no-figure", match, said=text)] if said is None else record(desk, now, request, match, said)


def read_value(desk: Desk, now: datetime, person: Person, result: KeyResult, text: str) -> Update | None:
    """What stands beside a key result's name: the grammar of commands reads it as a line that begins with it."""
    line = " ".join(text.split())
    language = outbox.language_of(desk, person)
    bare = line[len(result.code) :] if line.lower().startswith(result.code.lower()) else line
    read = grammar.read(
        f"{result.code} {bare.strip(' :')}", language=language, zone=person.zone, now=now,
        known=Known(measures=(result.code,)),
    )  # fmt: skip
    sure = [c for c in read.commands if isinstance(c, Update) and c.confidence >= CONFIDENCE_FLOOR]
    return replace(sure[0], line=line) if sure else None


def _previous(desk: Desk, prompt: Prompt, key: str) -> str | None:
    """What "no change" would mean."""
    result = store.result(desk.db, _id(key)) if key.startswith("kr:") else None
    return None if result is None or result.value is None else f"{result.value:.2f}".rstrip("0").rstrip(".")


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(prompt.kind, language)


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Everybody had their say: what is in danger now is told, whoever was silent."""
    goal_courses.look_at_all(desk, now, int(occurrence.parent.partition(":")[2]))


HABIT = Habit(
    questions=_questions, title=_title, view=_view, answered=_answered, closed=_closed, speaks=True, previous=_previous
)
ABOUT_ONE = Habit(replied=_replied)
"""Mails about one key result that ask nothing."""
