"""A key result gets other owners, said by whoever has it or leads its team; both sides are told, the history knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain.goals import KeyResult
from assistant.domain.views import Act
from assistant.domain.views_goals import GoalGivenView
from assistant.inbound.commands import Command, Give
from assistant.inbound.measures import teams_by_words
from assistant.inbound.values import named
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import goals as store
from assistant.workflows import goal_courses
from assistant.workflows.desk import Desk, Do, Request
from assistant.workflows.goal_book import Book, Match, answerable, lead_of
from assistant.workflows.goal_updates import act, end_answered, is_drafting, meant

BETWEEN = ", "
"""Joins owners in the history; no address or name of a team holds it."""


def _give(desk: Desk, now: datetime, request: Request, said: Give) -> Sequence[Act] | None:
    if desk.setup.goals is None or is_drafting(request):
        return None
    match = meant(desk, now, request, said.measure, said.line)
    if isinstance(match, list):
        return match or None
    result, objective = match.result, match.objective
    by, had = request.person.address, answerable(desk.setup, objective, result)
    lead = lead_of(desk.setup, objective.team)
    if by not in (*had, objective.owner, lead):
        who = desk.setup.people.get(next(iter(had), objective.owner))
        return [act("not-yours", match, who=who.first_name if who else "")]
    given = []
    for name in said.owners:
        owner = _owner(desk, by if name == "me" else name)
        if owner is None:
            return [act("whose", said=name)]
        given.append(owner)
    now_is = replace(result, owners=_after(result, by, tuple(dict.fromkeys(given))))
    if set(now_is.owners) == set(result.owners):
        return [act("already", match, codes=Book(desk, now).owners(result))]
    _keep(desk, now, request, match, now_is)
    told = _tell(desk, now, request, match, Match(now_is, objective))
    return [act("given", match, codes=Book(desk, now).owners(now_is), number=told)]


def _owner(desk: Desk, said: str) -> str | None:
    """As key results name them: an address, or "team:" and its name."""
    if said in desk.setup.people:
        return said
    team = teams_by_words({name: team.title for name, team in desk.setup.teams.items()}).get(" ".join(words(said)))
    if team is not None:
        return f"team:{team}"
    meant = named(said, list(desk.setup.people.values()))
    return meant[0].address if len(meant) == 1 else None


def _after(result: KeyResult, by: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """One of several owners gives their own part; anybody else who may says whose it is altogether."""
    others = tuple(owner for owner in result.owners if owner != by)
    keep = others if by in result.owners and by not in given else ()
    return tuple(dict.fromkeys((*given, *keep)))


def _keep(desk: Desk, now: datetime, request: Request, match: Match, now_is: KeyResult) -> None:
    by, before, after = request.person.address, match.result.owners, now_is.owners
    store.change_result(desk.db, now_is)
    store.add_change(
        desk.db, now, now_is.id, "given", BETWEEN.join(before), BETWEEN.join(after), by, request.inbound
    )  # fmt: skip


def _tell(desk: Desk, now: datetime, request: Request, before: Match, after: Match) -> int:
    """Who has it now, and who need not think of it any more; how many have it now and were told."""
    book, by = Book(desk, now), request.person
    had = answerable(desk.setup, before.objective, before.result)
    have = answerable(desk.setup, after.objective, after.result)
    told = 0
    for address in dict.fromkeys((*have, *had)):
        person = desk.setup.people.get(address)
        if person is None or (address in have and address in had):
            continue
        if address in had:
            end_answered(desk, now, person)
        if address == by.address:
            continue
        view = GoalGivenView(
            book.result(after.result, after.objective), after.objective.text, book.team(after.objective.team),
            book.cycle(book.cycles[after.objective.cycle]), by.first_name, book.owners(after.result), address in have,
        )  # fmt: skip
        key = f"goal-given {after.result.id} {request.inbound} {address}"
        goal_courses.mail_to(desk, now, person, Section("goal-given", view), key, f"goal:{after.result.id}")
        told += address in have
    return told


COMMANDS: Mapping[type[Command], Do] = {Give: _give}
