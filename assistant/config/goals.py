"""The section `goals`: whose objectives and key results are kept, and in which rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from assistant.config.models import GoalsModel
from assistant.config.phrases import meant
from assistant.config.plan import combined
from assistant.config.reading import Source
from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.goals import GoalsPlan, Length
from assistant.domain.people import Team

_WEEKLY = Cadence(Frequency.WEEKLY, weekday=0)


def goals_plan(model: GoalsModel | None, teams: Mapping[str, Team], source: Source) -> GoalsPlan | None:
    """None where goals are not switched on. What is wrong is reported at its place."""
    if model is None:
        return None
    for number, name in enumerate(model.teams):
        if name not in teams:
            source.problem(("goals", "teams", number), f"there is no team {name}{meant(name, list(teams))}")
    led = tuple(name for name, team in teams.items() if team.lead is not None)
    update = _WEEKLY
    try:
        update = combined(_WEEKLY, model.every, model.at, None)
    except ValueError as error:
        source.problem(("goals", "at"), str(error))
    if update.weekday is None:
        update = replace(update, weekday=0)  # a question has to be asked on a day
    wall = model.at.wall if model.at is not None and model.at.wall is not None else time(10)
    return GoalsPlan(
        lengths=tuple(dict.fromkeys(Length(each) for each in model.cycle)) or (Length.QUARTER,),
        teams=tuple(name for name in model.teams if name in teams) or led,
        everybody=model.everybody,
        draft=model.draft,
        grade=model.grade,
        update=update,
        at=wall,
        first_month=model.first_month,
    )
