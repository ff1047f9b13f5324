"""How goals moved in a week: a team's for the rollup, with one query for all teams, and a report's for their 1:1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from assistant.domain.goals import Standing, danger, is_stale, progress, reached
from assistant.domain.setup import Series
from assistant.domain.views import GoalMove, TeamGoalsWeek
from assistant.store import goals as store
from assistant.store.goals import Moved
from assistant.workflows import invitations
from assistant.workflows.desk import Desk
from assistant.workflows.goal_book import Book, Match, answerable, by_id, current

_WEEK = timedelta(days=7)


def by_team(desk: Desk, teams: Iterable[str], monday: date) -> Mapping[str, TeamGoalsWeek]:
    """Of the week from ``monday``; nothing is asked of the store where goals are not switched on."""
    if desk.setup.goals is None:
        return {}
    since = datetime.combine(monday, time(), UTC)
    found: dict[str, list[Moved]] = {}
    for moved in store.movement(desk.db, teams, since, since + _WEEK - timedelta(days=1)):
        found.setdefault(moved.team, []).append(moved)
    return {team: _week(each, monday + _WEEK) for team, each in found.items()}


def _week(every: list[Moved], today: date) -> TeamGoalsWeek:
    told = [_move(each, today) for each in every]
    open_ = [each for each in every if each.result.standing is Standing.OPEN]
    fresh = sum(not is_stale(each.result, each.published, today) for each in open_)
    return TeamGoalsWeek(
        tuple(move for move in told if move is not None),
        round(100 * fresh / len(open_)) if open_ else 100,
        round(100 * sum(progress(each.result) for each in every) / len(every)),
    )


def _move(moved: Moved, today: date) -> GoalMove | None:
    """None where nothing was said of it and all is well."""
    result = moved.result
    why = danger(result, moved.first, moved.last, min(today, moved.last)) or ""
    if not (moved.moved or why):
        return None
    before = round(100 * reached(result, moved.before))
    return GoalMove(result.code, result.text, before, round(100 * progress(result)), why)


def of_pair(desk: Desk, now: datetime, series: Series) -> tuple[GoalMove, ...]:
    """For a 1:1, the key results that the report answers for; published ones are everybody's to read."""
    if desk.setup.goals is None or not invitations.is_private(series):
        return ()
    reports = [address for address in series.participants if address != series.lead]
    found = [
        Match(result, objective)
        for address in reports
        for objective in current(desk, now, address)
        for result in objective.counted
        if address in answerable(desk.setup, objective, result)
    ]
    return _moves(desk, now, found)


def named_in(desk: Desk, now: datetime, occurrence: str) -> tuple[GoalMove, ...]:
    """Those that a round's answers name ("KR2"), for its digest."""
    if desk.setup.goals is None:
        return ()
    found = (by_id(desk, id_) for id_ in store.named_in(desk.db, occurrence))
    return _moves(desk, now, [match for match in found if match is not None])


def _moves(desk: Desk, now: datetime, found: Sequence[Match]) -> tuple[GoalMove, ...]:
    """With where each was a week ago."""
    if not found:
        return ()
    book, before = Book(desk, now), dict[int, float]()
    for value in store.values(desk.db, [match.result.id for match in found]):
        if value.at < now - _WEEK:
            before[value.key_result] = value.value
    return tuple(
        GoalMove(
            match.result.code,
            match.result.text,
            round(100 * reached(match.result, before.get(match.result.id))),
            round(100 * progress(match.result)),
            book.danger(match.result, match.objective) or "",
        )
        for match in found
    )
