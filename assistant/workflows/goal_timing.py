"""When goals come round: drafts before a cycle, values every week, grades at its end. Only where goals are set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.goals import Cycle, GoalsPlan, Stage
from assistant.domain.people import Person, next_working, resolve
from assistant.store import goals as store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import PromptState
from assistant.store.timers import Timer
from assistant.workflows import goal_drafts, goal_results, goal_updates, prompting
from assistant.workflows.desk import Desk, Handler
from assistant.workflows.goal_book import cycle_now, lead_of, today

_DAY = timedelta(days=1)
_WORTH_DRAFTING = timedelta(days=42)
"""Where goals are set up in the middle of a cycle: as long as so much of it is left, it is drafted at once."""
_APART = timedelta(hours=3)
"""Between two drafts that one person is asked for: an answer belongs to one of them."""
_DRAFT_OPEN = timedelta(days=14)
_PREFIX = "goals:"


def sync(desk: Desk, now: datetime) -> None:
    """Bring the timers in line with the setup. One that came due while we were down is left to fire."""
    plan = desk.setup.goals
    wanted = _wanted(desk, plan, now) if plan is not None else {}
    known = {timer.key: timer for timer in timers.with_prefix(desk.db, _PREFIX)}
    gone = [key for key, timer in known.items() if key not in wanted and (plan is None or timer.due > now)]
    timers.drop(desk.db, *gone)
    for key, timer in wanted.items():
        if key not in known or (known[key].due > now and not known[key].strikes):
            timers.put(desk.db, timer)


def _wanted(desk: Desk, plan: GoalsPlan, now: datetime) -> dict[str, Timer]:
    found: dict[str, Timer] = {}
    for length in plan.lengths:
        running = cycle_now(desk, now, length)
        coming = cycle_now(desk, now, length, running.last + _DAY)
        for cycle in (running, coming):
            for timer in _of_cycle(desk, plan, cycle, now):
                found[timer.key] = timer
    update = _next_update(desk, plan, today(desk, now), now)
    found["goals:update"] = Timer("goals:update", update[1], "goals", f"update|{update[0].isoformat()}")
    return found


def _of_cycle(desk: Desk, plan: GoalsPlan, cycle: Cycle, now: datetime) -> list[Timer]:
    """What of a cycle is still to come."""
    moments = {
        "draft": _moment(desk, cycle.first - plan.draft),
        "begin": _moment(desk, cycle.first),
        "grade": _moment(desk, cycle.last - plan.grade),
    }
    coming = {what: moment for what, moment in moments.items() if moment > now}
    if "draft" not in coming and cycle.last - today(desk, now) >= _WORTH_DRAFTING and not _drafted(desk, plan, cycle):
        coming["draft"] = now
    return [Timer(f"goals:{what}:{cycle.id}", moment, "goals", f"{what}|{cycle.id}") for what, moment in coming.items()]


def _moment(desk: Desk, day: date) -> datetime:
    """At the beginning of that day where the assistant is; each person is asked at their own time from then on."""
    return resolve(day, time(0), desk.setup.assistant.zone)


def _drafted(desk: Desk, plan: GoalsPlan, cycle: Cycle) -> bool:
    stages = (Stage.DRAFT, Stage.PUBLISHED, Stage.CLOSED)
    called = (
        rounds_store.occurrence(desk.db, f"{goal_drafts.parent_of(cycle.id, team)}/{cycle.first.isoformat()}")
        for team in plan.teams
    )
    return not plan.teams or bool(store.objectives(desk.db, [cycle.id], stages=stages)) or any(called)


def _next_update(desk: Desk, plan: GoalsPlan, after: date, now: datetime) -> tuple[date, datetime]:
    for day in plan.update.dates(after):
        moment = _moment(desk, day)
        if moment > now:
            return day, moment
    return after, now + timedelta(days=7)


def fire(desk: Desk, timer: Timer, now: datetime) -> None:
    what, _, ref = timer.ref.partition("|")
    plan = desk.setup.goals
    if plan is None:
        return
    if what == "update":
        _ask_updates(desk, now, plan, date.fromisoformat(ref))
    else:
        cycle = store.cycle_by_id(desk.db, int(ref))
        if cycle is not None:
            _ACTS[what](desk, now, plan, cycle)
    sync(desk, now)


def _at(desk: Desk, plan: GoalsPlan, person: Person, day: date, now: datetime) -> datetime:
    """The person's own time on that day, or on the next day they work."""
    wished = max(resolve(day, plan.at, person.zone), now)
    absences = people_store.absences(desk.db, person.address, person.local(wished).date())
    return next_working(person, wished, absences) or wished


def _call_drafts(desk: Desk, now: datetime, plan: GoalsPlan, cycle: Cycle) -> None:
    """Each team through its lead, or all of its members."""
    for team in plan.teams:
        parent = goal_drafts.parent_of(cycle.id, team)
        key = f"{parent}/{cycle.first.isoformat()}"
        rounds_store.open_occurrence(desk.db, now, key, goal_drafts.KIND, parent, cycle.first, {})
        for address in _drafters(desk, plan, team):
            person = desk.setup.people[address]
            due = _at(desk, plan, person, today(desk, now), now) + _APART * _drafts_asked(desk, address)
            first = resolve(cycle.first, plan.at, person.zone)
            prompting.plan(
                desk, now, occurrence=key, kind=goal_drafts.KIND, parent=parent, person=address,
                audience=audiences.team(team), day=cycle.first, due=due, closes=max(first, due) + _DRAFT_OPEN,
                remind_at=_reminders(desk, person, due, max(first, due + 7 * _DAY)),
            )  # fmt: skip


def _drafts_asked(desk: Desk, address: str) -> int:
    """How many other drafts the person is about to be asked for: of other teams, or for the year."""
    waiting = rounds_store.unfinished_prompts(desk.db, address)
    return sum(prompt.kind == goal_drafts.KIND and prompt.state is PromptState.PLANNED for prompt in waiting)


def _drafters(desk: Desk, plan: GoalsPlan, team: str) -> list[str]:
    lead = lead_of(desk.setup, team)
    members = desk.setup.teams[team].members if plan.everybody else ()
    return [a for a in dict.fromkeys((*([lead] if lead else []), *members)) if a in desk.setup.people]


def _reminders(desk: Desk, person: Person, due: datetime, until: datetime) -> list[datetime]:
    """One, after half the time that is left."""
    absences = people_store.absences(desk.db, person.address, person.local(due).date())
    moment = next_working(person, due + (until - due) / 2, absences)
    return [moment] if moment is not None and moment > due else []


def _begin(desk: Desk, now: datetime, plan: GoalsPlan, cycle: Cycle) -> None:
    """The cycle has begun: a lead whose team's drafts are not published is shown them once more."""
    for team in plan.teams:
        drafts = store.objectives(desk.db, [cycle.id], teams=[team], stages=[Stage.DRAFT])
        lead = desk.setup.people.get(lead_of(desk.setup, team) or "")
        if lead is not None and any(objective.results for objective in drafts):
            prompt = goal_drafts.own_prompt(desk, now, lead, cycle.id, team)
            goal_drafts.show(desk, now, lead, prompt, f"okr-design begin {cycle.id} {team}", waiting=True)


def _ask_updates(desk: Desk, now: datetime, plan: GoalsPlan, day: date) -> None:
    for cycle in store.cycles(desk.db).values():
        if not cycle.first < day < cycle.last - plan.grade:  # then their grades are asked, and nothing twice
            continue
        whom = goal_updates.due(desk, cycle.id, now)
        _ask(desk, now, plan, "okr-update", cycle, day, list(whom))


def _call_grades(desk: Desk, now: datetime, plan: GoalsPlan, cycle: Cycle) -> None:
    _ask(desk, now, plan, "okr-grade", cycle, cycle.last, goal_results.graders(desk, cycle.id))


def _ask(desk: Desk, now: datetime, plan: GoalsPlan, kind: str, cycle: Cycle, day: date, people: Sequence[str]) -> None:
    """One occurrence for all of a cycle: goals are read by everybody."""
    parent = f"{kind}:{cycle.id}"
    key = f"{parent}/{day.isoformat()}"
    if not people or not rounds_store.open_occurrence(desk.db, now, key, kind, parent, day, {}):
        return
    for address in people:
        person = desk.setup.people[address]
        due = _at(desk, plan, person, today(desk, now), now)
        local = person.local(due).date()
        prompting.plan(
            desk, now, occurrence=key, kind=kind, parent=parent, person=address, audience=audiences.EVERYONE,
            day=local, due=due,
        )  # fmt: skip


_ACTS = {"draft": _call_drafts, "begin": _begin, "grade": _call_grades}
HANDLERS: Mapping[str, Handler] = {"goals": fire}
