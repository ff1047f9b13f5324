"""Somebody leaves: who takes over what, a few words from everybody on the last day, and after it they are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.goals import Objective, Standing
from assistant.domain.leaving import last_day
from assistant.domain.people import Person, next_working, resolve, workdays_after
from assistant.domain.setup import Round
from assistant.domain.views import ActionLine, AnswerView, Asked, PersonAnswers
from assistant.domain.views_people import AboutView, GoodbyeView, HandoverView
from assistant.render import Section
from assistant.store import kpis as kpis_store
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import OPEN, Occurrence, Prompt
from assistant.store.timers import Timer
from assistant.workflows import feedback, goals, outbox, prompting, rounds, task_book
from assistant.workflows.desk import Desk, Habit, Handler
from assistant.workflows.goal_book import lead_of
from assistant.workflows.reporting import Names

KIND = "farewell"
_BEGINS, _REMINDS = 10, 2
"""Working days before the last one."""
_NOON = time(12)
_DAY = timedelta(days=1)


def parent_of(address: str) -> str:
    return f"{KIND}:{address}"


def key_of(address: str) -> str:
    return f"{parent_of(address)}/notes"


def sync(desk: Desk, now: datetime) -> None:
    """One timer for the midnight after each last day, and where their team says goodbye, for its beginning."""
    wanted: dict[str, Timer] = {}
    for person in desk.setup.people.values():
        last, round_ = last_day(person), _round(desk, person)
        if person.end is None or last is None:
            continue
        gone = resolve(person.end + _DAY, time(), person.zone)
        wanted[f"leaving:{person.address}:gone"] = Timer(f"leaving:{person.address}:gone", gone, "wishes", "")
        if round_ is not None and person.local(now).date() <= last:
            _follow(desk, now, person, last, round_, wanted)
    known = {timer.key: timer for timer in timers.with_prefix(desk.db, "leaving:")}
    timers.drop(desk.db, *(key for key in known.keys() - wanted.keys() if known[key].due > now))
    for key, timer in wanted.items():
        if known.get(key) != timer:
            timers.put(desk.db, timer)
    for key, parent in rounds_store.open_occurrences(desk.db):
        address = parent.removeprefix(f"{KIND}:")
        if parent != address and (address not in desk.setup.people or desk.setup.people[address].end is None):
            prompting.cancel(desk, now, key, "ended")


def _round(desk: Desk, person: Person) -> Round | None:
    return next((r for r in desk.setup.rounds if r.kind == KIND and r.team in person.teams), None)


def _follow(desk: Desk, now: datetime, person: Person, last: date, round_: Round, wanted: dict[str, Timer]) -> None:
    """What is still to begin begins; what has begun ends when their last day does."""
    address, closes = person.address, _closes(person, last)
    begun = rounds_store.occurrence(desk.db, key_of(address))
    if begun is None:
        begins = resolve(workdays_after(person, last, -_BEGINS), round_.at, person.zone)
        key = f"leaving:{address}:begin"
        wanted[key] = Timer(key, max(begins, now), "farewell", address)
    elif begun.open:
        key = f"leaving:{address}:end"
        wanted[key] = Timer(key, closes, "farewell-end", address)
        for prompt in rounds_store.prompts_of(desk.db, begun.key):
            if prompt.state in OPEN and prompt.closes != closes:
                prompting.reschedule(desk, prompt, closes=closes)


def _closes(person: Person, last: date) -> datetime:
    """Noon of the last day, or half of it where they work at other hours."""
    worked, noon = person.working_period(last), resolve(last, _NOON, person.zone)
    if worked is None or worked.start < noon < worked.end:
        return noon
    return worked.start + (worked.end - worked.start) / 2


def _begin(desk: Desk, timer: Timer, now: datetime) -> None:
    """Their manager gets what is to be handed over, their colleagues are asked for a few words."""
    person = desk.setup.people.get(timer.ref)
    last = last_day(person) if person is not None else None
    round_ = _round(desk, person) if person is not None else None
    if person is None or last is None or round_ is None:
        return
    lead = desk.setup.teams[round_.team].lead
    manager = desk.setup.people.get(person.manager or (lead if lead != person.address else None) or "")
    if manager is not None:
        moment = feedback.at_work(desk, now, manager)
        timers.put(desk.db, Timer(f"handover:{person.address}", moment, "handover", person.address, manager.address))
    parent, key, closes = parent_of(person.address), key_of(person.address), _closes(person, last)
    if not rounds_store.open_occurrence(desk.db, now, key, KIND, parent, last, {"leaver": person.address}):
        return
    near = dict.fromkeys(address for name in person.teams for address in desk.setup.teams[name].members)
    for address in (*near, *([manager.address] if manager is not None and manager.address not in near else [])):
        if address != person.address:
            _ask(desk, now, desk.setup.people[address], person, round_, last, closes)
    sync(desk, now)


def _ask(
    desk: Desk, now: datetime, colleague: Person, leaver: Person, round_: Round, last: date, closes: datetime
) -> None:
    absences = people_store.absences(desk.db, colleague.address, colleague.local(now).date())
    due = next_working(colleague, max(now, resolve(colleague.local(now).date(), round_.at, colleague.zone)), absences)
    if due is None or due >= closes:
        return
    nudge = next_working(
        colleague, resolve(workdays_after(leaver, last, -_REMINDS), round_.at, colleague.zone), absences
    )
    prompting.plan(
        desk, now, occurrence=key_of(leaver.address), kind=KIND, parent=parent_of(leaver.address),
        person=colleague.address, audience=audiences.two(colleague.address, leaver.address), day=last, due=due,
        closes=closes, remind_at=[nudge] if nudge is not None and due + _DAY < nudge < closes else [],
    )  # fmt: skip


def _leaver(desk: Desk, prompt: Prompt) -> Person | None:
    return desk.setup.people.get(prompt.parent.removeprefix(f"{KIND}:"))


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(KIND, language)


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> AboutView:
    leaver = _leaver(desk, prompt)
    title = _title(desk, person, prompt, outbox.language_of(desk, person))
    who = outbox.who(leaver) if leaver is not None else None
    return AboutView(title, prompt.day, asked, person.local(closes), who)


def _end(desk: Desk, timer: Timer, now: datetime) -> None:
    rounds.close(desk, now, key_of(timer.ref))


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """The notes, to the one they are for and nobody else."""
    leaver = desk.setup.people.get(str(occurrence.data.get("leaver")))
    if leaver is None:
        return
    names, notes = Names(desk), []
    for prompt in rounds_store.prompts_of(desk.db, occurrence.key):
        said = [a.text for a in rounds_store.answers_to(desk.db, prompt.id).values() if a.text.strip()]
        if said and audiences.may_read(prompt.audience, leaver.address, desk.setup):
            notes.append(PersonAnswers(names.who(prompt.person), tuple(AnswerView("", text) for text in said)))
    if notes:
        outbox.write(
            desk, now, leaver, [Section("goodbye", GoodbyeView(tuple(notes)))], key=f"goodbye {occurrence.key}",
            occurrence=f"goodbye {leaver.address}", thread=f"goodbye {leaver.address}",
            audience=audiences.person(leaver.address), because="your last day",
        )  # fmt: skip


def _handover(desk: Desk, timer: Timer, now: datetime) -> None:
    """To the manager of somebody who leaves, or of somebody who left to who is asked about it now."""
    address = timer.ref
    person, manager = desk.setup.people.get(address), desk.setup.people.get(timer.person)
    last = last_day(person) if person is not None else None
    if manager is None or (person is not None and last is None):
        return
    if person is not None and last is not None:
        view, key = handover(desk, now, person, manager, last), _told_key(address)
    elif (left_over := _left_over(desk, now, address).get(manager.address)) is not None:
        view, key = left_over, f"left {address} {timer.due.date()} {manager.address}"
    else:
        return
    outbox.write(
        desk, now, manager, [Section("handover", view)], key=key, occurrence=f"handover {address}",
        thread=f"handover {address}", audience=audiences.person(manager.address), because="somebody leaves",
    )  # fmt: skip


def _told_key(address: str) -> str:
    return f"handover {address}"


def left(desk: Desk, now: datetime, address: str) -> None:
    """Who is asked now about what somebody left behind hears of it, unless their manager did in time."""
    timers.drop(desk.db, f"handover:{address}")
    if outbox_store.exists(desk.db, _told_key(address)):
        return
    for reader in _left_over(desk, now, address):
        moment = feedback.at_work(desk, now, desk.setup.people[reader])
        timers.put(desk.db, Timer(f"handover:{address}:{reader}", moment, "handover", address, reader))


def _left_over(desk: Desk, now: datetime, address: str) -> dict[str, HandoverView]:
    """By reader what somebody who is gone still owns: of each thing its team's lead, else of a task who gave it."""
    setup, names = desk.setup, Names(desk)
    found: dict[str, HandoverView] = {}

    def of(reader: str) -> HandoverView:
        return found.get(reader) or HandoverView(names.who(address), None, (), ())

    for task in task_book.shared(desk, now, address, []):
        reader = task_book.lead_of(setup, task) or task.author
        if reader in setup.people and task.context != f"plan:{address}":
            overdue = task.is_overdue(names.day(address, now))
            line = ActionLine(task.id, task.text, names.first(address), task.due, overdue)
            found[reader] = replace(of(reader), tasks=(*of(reader).tasks, line))
    for objective in goals.current(desk, now) if setup.goals is not None else ():
        lead = lead_of(setup, objective.team)
        if lead is not None and (owned := _owned(objective, address)):
            found[lead] = replace(of(lead), goals=(*of(lead).goals, *owned))
    for kpi in kpis_store.of_teams(desk.db, setup.teams):
        lead = lead_of(setup, kpi.team)
        if kpi.owner == address and lead is not None:
            found[lead] = replace(of(lead), kpis=(*of(lead).kpis, kpi.name))
    return found


def _owned(objective: Objective, address: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (result.code, result.text)
        for result in objective.counted
        if address in result.owners and result.standing is Standing.OPEN
    )


def handover(desk: Desk, now: datetime, person: Person, reader: Person, last: date) -> HandoverView:
    """Open tasks, key results and KPIs of somebody who leaves, as far as the reader may see them."""
    own_plan = f"plan:{person.address}"
    tasks = tuple(
        ActionLine(task.id, task.text, person.first_name, task.due, task.is_overdue(person.local(now).date()))
        for task in task_book.shared(desk, now, person.address, [reader.address])
        if task.context != own_plan
    )
    current = goals.current(desk, now, person.address) if desk.setup.goals is not None else ()
    owned = tuple(each for objective in current for each in _owned(objective, person.address))
    kpis = tuple(kpi.name for kpi in kpis_store.of_teams(desk.db, desk.setup.teams) if kpi.owner == person.address)
    return HandoverView(outbox.who(person), last, tasks, owned, kpis)


HABITS: Mapping[str, Habit] = {KIND: Habit(title=_title, view=_view, closed=_closed)}
HANDLERS: Mapping[str, Handler] = {"farewell": _begin, "farewell-end": _end, "handover": _handover}
