"""What people ask of goals in a line of any mail: to see them, their history, another target or another course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.goals import KeyResult, Measure, Objective, reached
from assistant.domain.people import Person
from assistant.domain.views import Act
from assistant.domain.views_goals import GoalHistoryView, GoalsView, TeamGoals, ValueLine
from assistant.inbound import figures, measures
from assistant.inbound.commands import Command, Course, Goals, History, Retarget, Update
from assistant.inbound.measures import same_unit
from assistant.inbound.values import named
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import goals as store
from assistant.store.goals import Change
from assistant.workflows import goal_courses, outbox, task_book
from assistant.workflows.desk import Desk, Do, Request
from assistant.workflows.goal_book import Book, Match, find, has_part, teams_of, today
from assistant.workflows.goal_owners import BETWEEN
from assistant.workflows.goal_updates import act, is_code, is_drafting, meant, update

_MOST_LINES = 60


def _retarget(desk: Desk, now: datetime, request: Request, said: Retarget) -> Sequence[Act] | None:
    if desk.setup.goals is None or is_drafting(request):
        return None
    match = meant(desk, now, request, said.measure, said.line)
    if isinstance(match, list):
        return match or None
    return _revise(desk, now, request, match, said.target, said.unit, match.result)


def _revise(
    desk: Desk, now: datetime, request: Request, match: Match, target: float | None, unit: str, new: KeyResult
) -> list[Act]:
    """``new`` has what else changed, its date or start."""
    old = match.result
    if target is not None:
        if unit and old.unit and not same_unit(unit, old.unit):
            return [act("wrong-unit", match, value=target, said=unit)]
        if old.unit == "%" and target > 100 >= old.target:
            return [act("over", match, value=target)]
        new = replace(new, target=target)
    if new == old:
        return [act("how-revised", match)]
    goal_courses.revise(desk, now, request.person, match, new, request.inbound)
    before = old.target if new.target != old.target else None
    return [act("revised", match, target=new.target, before=before, day=new.due)]


def _course(desk: Desk, now: datetime, request: Request, said: Course) -> Sequence[Act] | None:
    if desk.setup.goals is None or is_drafting(request):
        return None
    match = meant(desk, now, request, said.measure, said.line)
    if isinstance(match, list):
        return match or None
    if said.choice == "drop":
        return [act("not-dropped", match)]
    if said.choice == "track":
        goal_courses.track(desk, now, request.person, match, request.inbound)
        return [act("tracked", match)]
    if said.due is not None:
        return _revise(desk, now, request, match, None, "", replace(match.result, due=said.due))
    return _new_course(desk, now, request, match, said)


def _new_course(desk: Desk, now: datetime, request: Request, match: Match, said: Course) -> list[Act]:
    """Another target or day, or another key result in its place."""
    person = request.person
    if not said.text.strip():
        return [act("how-replaced" if said.choice == "replace" else "how-revised", match)]
    read = measures.read(said.text, goal_courses.world(desk, now, person))
    if said.choice == "replace":
        fresh = goal_courses.substitute(desk, now, person, match, read, request.inbound)
        return [act("replaced", match, said=fresh.code, who=fresh.text)]
    numbers = figures.find(said.text, outbox.language_of(desk, person))
    dated = replace(match.result, due=read.due or match.result.due)
    figure = bool(numbers) and read.measure is not Measure.MILESTONE
    return _revise(
        desk, now, request, match, read.target if figure else None, read.unit if figure else "", dated
    )  # fmt: skip


def _goals(desk: Desk, now: datetime, request: Request, said: Goals) -> Sequence[Act]:
    """Their own teams', those of somebody, of a team; or what the two kinds of goals are."""
    if desk.setup.goals is None:
        return [act("not-set-up")]
    person = request.person
    key = f"goals {request.inbound} {person.address}"
    who = (said.owner or "").strip()
    if who and set(words(who)) <= _HELP:
        return _mailed(desk, now, request, Section("goals-help", GoalsView("asked", ())), f"{key} help")
    found, title = _asked_for(desk, now, person, who)
    if found is None:
        return [act("whose", said=who)]
    if not found:
        return [act("no-goals", who=title)]
    return _mailed(desk, now, request, Section("goals", goals_view(desk, now, found, "asked", title)), key)


_HELP = frozenset({"help", "hilfe", "explained", "erklart"})


def _asked_for(desk: Desk, now: datetime, person: Person, who: str) -> tuple[list[Objective] | None, str]:
    every = store.coming(desk.db, today(desk, now))
    if not who:
        near = teams_of(desk.setup, person)
        return [o for o in every if o.team in near or has_part(desk.setup, o, person.address)], ""
    if who.casefold() in ("all", "everybody", "alle"):
        return every, ""
    teams = measures.teams_by_words({name: team.title for name, team in desk.setup.teams.items()})
    team = teams.get(" ".join(words(who)))
    if team is not None:
        return [o for o in every if o.team == team], desk.setup.teams[team].title
    colleague = desk.setup.person(who)
    people = [colleague] if colleague else named(who, list(desk.setup.people.values()))
    if len(people) != 1:
        return None, who
    return [o for o in every if has_part(desk.setup, o, people[0].address)], people[0].first_name


def goals_view(desk: Desk, now: datetime, objectives: Sequence[Objective], what: str, who: str = "") -> GoalsView:
    """Grouped by team, annual ones first."""
    book = Book(desk, now)
    ordered = sorted(objectives, key=lambda o: (book.cycles[o.cycle].length.value != "year", o.id))
    teams = dict.fromkeys(objective.team for objective in ordered)
    shown = tuple(
        TeamGoals(book.team(team), tuple(book.objective(o) for o in ordered if o.team == team)) for team in teams
    )
    return GoalsView(what, shown, book.health(objectives) if what == "asked" else None, book.needs(objectives), who)


def _mailed(desk: Desk, now: datetime, request: Request, section: Section, key: str) -> list[Act]:
    goal_courses.mail_to(desk, now, request.person, section, key, f"inbound {request.inbound}", at_once=True)
    return [Act("mailed")]


def _history(desk: Desk, now: datetime, request: Request, said: History) -> Sequence[Act] | None:
    """Everybody may read it: goals are announced to all. What nothing here is called is said."""
    if said.subject.strip(" #").isdecimal():
        return None
    if desk.setup.goals is None:
        return [act("not-set-up" if is_code(said.subject) else "unknown-name", said=said.subject)]
    found = find(desk, now, request.person, said.subject, request.context).readable
    if not found:
        return [act("unknown" if is_code(said.subject) else "unknown-name", said=said.subject)]
    section = Section("goal-history", history_view(desk, now, found[0], request.person))
    key = f"goal-history {found[0].result.id} {request.inbound}"
    return _mailed(desk, now, request, section, key)


def history_view(desk: Desk, now: datetime, match: Match, reader: Person) -> GoalHistoryView:
    """Values are for everybody; of what people wrote about it elsewhere only what this reader may read."""
    book = Book(desk, now)
    result, objective = match.result, match.objective
    lines = [
        ValueLine(
            v.at.date(), book.who(v.by), v.value, round(100 * reached(result, v.value)), v.outlook, v.comment
        )
        for v in store.values(desk.db, [result.id])
    ]  # fmt: skip
    lines += [_change(book, change) for change in store.changes(desk.db, [result.id])]
    lines.sort(key=lambda line: (line.day, bool(line.what)))
    mentions = tuple(
        (day, book.who(by), _naming(text, result.code))
        for day, by, text, label in store.mentions(desk.db, result.id)
        if audiences.may_read(label, reader.address, desk.setup)
    )
    return GoalHistoryView(
        book.result(result, objective), objective.text, book.team(objective.team),
        book.cycle(book.cycles[objective.cycle]), tuple(lines[-_MOST_LINES:]), mentions,
        task_book.of_goal(desk, now, result.id, reader),
    )  # fmt: skip


def _naming(text: str, code: str) -> str:
    """Of several lines the one that names it."""
    lines = (line.strip(" -*•–") for line in text.splitlines() if code.casefold() in line.casefold())
    return next(lines, text)


def _change(book: Book, change: Change) -> ValueLine:
    line = ValueLine(change.at.date(), book.who(change.by), what=change.what)
    if change.what == "given":
        return replace(line, text=BETWEEN.join(book.called(change.after.split(BETWEEN))))
    if change.what != "revised":
        return replace(line, text=change.after)
    before, was_due = goal_courses.read_aim(change.before)
    after, due = goal_courses.read_aim(change.after)
    return replace(line, before=before, after=after, was_due=was_due, due=due)


COMMANDS: Mapping[type[Command], Do] = {
    Update: update,
    Retarget: _retarget,
    Course: _course,
    Goals: _goals,
    History: _history,
}
