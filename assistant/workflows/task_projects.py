"""A project from a plan of the configuration: one task for the whole, and its steps as parts with days and owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person, next_working
from assistant.domain.setup import Setup
from assistant.domain.tasks import Task, Template
from assistant.domain.views import Act
from assistant.inbound.commands import Command, NewProject
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import people as people_store
from assistant.workflows import outbox, task_book, task_making
from assistant.workflows.desk import Desk, Do, Request
from assistant.workflows.task_news import THREAD, act


def _begin(desk: Desk, now: datetime, request: Request, said: NewProject) -> list[Act] | None:
    """None for a line that only begins like one, in an answer."""
    plans, person = desk.setup.projects, request.person
    template = next((plan for name, plan in plans.items() if words(name) == words(said.template)), None)
    if template is None:
        known = ", ".join(plans)
        return None if request.about is not None and request.prompts else [
            act("no-template", said=said.template, text=known)
        ]  # fmt: skip
    if said.due is None:
        return [act("no-day", said=said.line.partition(" ")[2])]
    where = _where(desk.setup, person)
    whole = task_making.add(
        desk, now, said.name, person.address, person.address, where, due=said.due, inbound=request.inbound
    )
    parts = _parts(desk, now, request, template, whole, said.due)
    for address in dict.fromkeys((person.address, *(part.owner for part in parts))):
        _tell(desk, now, whole, address, person)
    return [Act("mailed")]


def _where(setup: Setup, person: Person) -> tuple[str, str]:
    """The first team they belong to or lead."""
    team = next(iter((*person.teams, *(team.name for team in setup.teams_led_by(person.address)))), "")
    return (audiences.team(team), team) if team else (audiences.person(person.address), "")


def _parts(desk: Desk, now: datetime, request: Request, template: Template, whole: Task, day: date) -> Sequence[Task]:
    author, today = request.person.address, request.person.local(now).date()
    made: dict[int, Task] = {}
    waiting = dict(enumerate(template.steps, 1))
    while waiting:  # plans that wait for themselves were refused with the configuration
        for number, step in list(waiting.items()):
            if any(before not in made for before in step.after):
                continue
            owner = step.owner if step.owner in desk.setup.people else author
            made[number] = task_making.add(
                desk, now, step.text, owner or author, author, (whole.audience, whole.context),
                due=max(today, day - step.before), parent=whole.id, after=[made[n].id for n in step.after],
                priority=step.priority, estimate=step.estimate, inbound=request.inbound,
            )  # fmt: skip
            del waiting[number]
    return list(made.values())


def _tell(desk: Desk, now: datetime, whole: Task, address: str, by: Person) -> None:
    """The board of the whole, once for each who has a part in it; replies are comments on the whole."""
    reader = desk.setup.people[address]
    absences = people_store.absences(desk.db, address, reader.local(now).date())
    moment = now if reader is by else next_working(reader, now, absences)
    view = task_book.project_board(desk, now, whole, reader, "" if reader is by else by.first_name)
    outbox.write(
        desk, now, reader, [Section("tasks", view)], key=f"project {whole.id} {address}",
        occurrence=f"{THREAD}{whole.id}", thread=f"{THREAD}{whole.id}", audience=whole.audience,
        because=f"task {whole.id}", not_before=None if moment is None or moment <= now else moment,
    )  # fmt: skip


COMMANDS: Mapping[type[Command], Do] = {NewProject: _begin}
