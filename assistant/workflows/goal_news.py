"""Published goals are announced to everybody: what several teams publish within a while is one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.goals import Objective
from assistant.domain.people import next_working
from assistant.domain.views_goals import GoalsView
from assistant.render import Section
from assistant.store import goals as store
from assistant.store import people as people_store
from assistant.store import timers
from assistant.store.timers import MAIL, Timer
from assistant.workflows import goal_commands, outbox
from assistant.workflows.desk import Desk

GATHER = timedelta(hours=1)
_BEFORE = timedelta(days=400)


def plan(desk: Desk, now: datetime) -> None:
    """To each at their next working moment, an hour from now at the earliest; one that waits takes this along."""
    waiting = timers.keys(desk.db, "goal-news:")
    for person in desk.setup.people.values():
        key = f"goal-news:{person.address}"
        absences = people_store.absences(desk.db, person.address, person.local(now).date())
        moment = next_working(person, now + GATHER, absences)
        if key not in waiting and moment is not None:
            timers.put(desk.db, Timer(key, moment, "goal-news", "", person.address, MAIL))


def write_all(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    """What each was not told yet; their own teams first."""
    since = (now - _BEFORE).date()
    running = [cycle.id for cycle in store.cycles(desk.db).values() if cycle.first >= since]
    published = store.objectives(desk.db, running)
    views: dict[frozenset[int], GoalsView] = {}
    for timer in due:
        person = desk.setup.people.get(timer.person)
        if person is None:
            continue
        told = _told(desk, person.address)
        news = [objective for objective in published if objective.id not in told]
        if not news:
            continue
        ids = frozenset(objective.id for objective in news)
        view = views.setdefault(ids, goal_commands.goals_view(desk, now, _ordered(news), "news"))
        last = max(objective.id for objective in news)
        outbox.write(
            desk, now, person, [Section("goals", view)], key=f"goals news {last} {person.address}",
            occurrence="goals/news", thread="goals/news", audience=audiences.EVERYONE, because="goals published",
        )  # fmt: skip
        people_store.set_(desk.db, now, person.address, _SETTING, " ".join(map(str, sorted(told | ids))), None)


_SETTING = "goals-told"


def _told(desk: Desk, address: str) -> set[int]:
    said = people_store.setting(desk.db, address, _SETTING)
    return {int(number) for number in said.split()} if said else set()


def _ordered(news: Sequence[Objective]) -> list[Objective]:
    return sorted(news, key=lambda objective: (objective.published or date.min, objective.team, objective.id))
