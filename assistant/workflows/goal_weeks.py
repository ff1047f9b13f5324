"""How a team's goals moved in a week, for the rollup: beside what was done, with one query for all teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from assistant.domain.goals import Standing, danger, is_stale, progress, reached
from assistant.domain.views import GoalMove, TeamGoalsWeek
from assistant.store import goals as store
from assistant.store.goals import Moved
from assistant.workflows.desk import Desk

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
