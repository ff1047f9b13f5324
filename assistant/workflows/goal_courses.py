"""A key result in danger: its owner and lead are told once, and choose by reply to track, revise or replace it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from assistant.domain import audience as audiences
from assistant.domain.goals import KeyResult, Stage, Standing
from assistant.domain.people import Person, next_working
from assistant.domain.views_goals import GoalDangerView
from assistant.inbound import measures
from assistant.inbound.measures import ResultRead, World
from assistant.render import Section
from assistant.store import choices as choices_store
from assistant.store import goals as store
from assistant.store import people as people_store
from assistant.workflows import outbox
from assistant.workflows.desk import Desk
from assistant.workflows.goal_book import Book, Match, answerable, lead_of, today


def look_at_all(desk: Desk, now: datetime, cycle: int) -> None:
    for objective in store.objectives(desk.db, [cycle], stages=[Stage.PUBLISHED]):
        for result in objective.counted:
            if result.standing is Standing.OPEN:
                look(desk, now, Match(result, objective))


def look(desk: Desk, now: datetime, match: Match, comment: str = "") -> str | None:
    """Why it is in danger, if it is; told once for each reason, and no more while somebody tracks it."""
    book = Book(desk, now)
    why = book.danger(match.result, match.objective)
    if why is None:
        store.all_clear(desk.db, match.result.id)
    elif (match.result.tracked is None or why == "overdue") and store.warn(desk.db, match.result.id, why):
        _tell(desk, now, book, match, comment)
    return why


def _tell(desk: Desk, now: datetime, book: Book, match: Match, comment: str) -> None:
    result, objective = match.result, match.objective
    owners = answerable(desk.setup, objective, result)
    for address in dict.fromkeys((*owners, lead_of(desk.setup, objective.team) or objective.owner)):
        person = desk.setup.people.get(address)
        if person is None:
            continue
        view = GoalDangerView(
            book.result(result, objective), objective.text, book.team(objective.team),
            book.cycle(book.cycles[objective.cycle]), address in owners, comment,
        )  # fmt: skip
        key = f"goal-danger {result.id} {today(desk, now)} {view.result.danger} {address}"
        mail = mail_to(desk, now, person, Section("goal-danger", view), key, f"goal:{result.id}")
        if mail is not None:
            lines = [(f"{choice} {result.code}", f"kr:{result.id}") for choice in ("track", "revise", "replace")]
            choices_store.offer(desk.db, now, address, None, lines, mail)


def mail_to(
    desk: Desk, now: datetime, person: Person, section: Section, key: str, about: str, *, at_once: bool = False
) -> int | None:
    """At their next working moment, in the thread of what it is about; ``at_once`` where it answers their own mail."""
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    moment = now if at_once else next_working(person, now, absences)
    return outbox.write(
        desk,
        now,
        person,
        [section],
        key=key,
        occurrence=about,
        thread=about,
        audience=audiences.person(person.address),
        because=f"{section.kind} {about}",
        not_before=None if moment is None or moment <= now else moment,
    )


def track(desk: Desk, now: datetime, person: Person, match: Match, inbound: int) -> None:
    """Go on, eyes open: the same danger is told no more."""
    store.change_result(desk.db, replace(match.result, tracked=today(desk, now)))
    store.add_change(desk.db, now, match.result.id, "tracked", "", "", person.address, inbound)


def revise(desk: Desk, now: datetime, person: Person, match: Match, new: KeyResult, inbound: int) -> None:
    """The old target stays in the history."""
    store.change_result(desk.db, replace(new, tracked=None))
    store.add_change(
        desk.db, now, match.result.id, "revised", aim(match.result), aim(new), person.address, inbound
    )  # fmt: skip
    store.all_clear(desk.db, match.result.id)


def aim(result: KeyResult) -> str:
    """Its target and date as the history keeps them; ``read_aim`` reads it."""
    return f"{result.target!r}|{result.due.isoformat() if result.due else ''}"


def read_aim(kept: str) -> tuple[float, date | None]:
    target, _, due = kept.partition("|")
    return float(target), date.fromisoformat(due) if due else None


def substitute(desk: Desk, now: datetime, person: Person, match: Match, read: ResultRead, inbound: int) -> KeyResult:
    """The old one counts no more and stays in the history; the new one has its place, weight and owners."""
    old = match.result
    fresh = from_read(read, match, store.next_number(desk.db, match.objective.cycle, match.objective.team))
    fresh = replace(fresh, id=store.add_result(desk.db, fresh))
    store.change_result(desk.db, replace(old, standing=Standing.REPLACED))
    store.add_change(desk.db, now, old.id, "replaced", old.text, f"{fresh.code} {fresh.text}", person.address, inbound)
    return fresh


def from_read(read: ResultRead, match: Match, number: int) -> KeyResult:
    old = match.result
    return KeyResult(
        0, old.objective, number, read.text, read.name, read.measure, read.target, read.start, read.unit, read.at_most,
        old.weight if read.weight is None else read.weight, read.owners or old.owners, read.label or old.label,
        read.due, needs=read.needs,
    )  # fmt: skip


def world(desk: Desk, now: datetime, person: Person) -> World:
    teams = measures.teams_by_words({name: team.title for name, team in desk.setup.teams.items()})
    people = list(desk.setup.people.values())
    return World(people, teams, person.local(now).date(), outbox.language_of(desk, person))
