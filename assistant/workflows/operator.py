"""What needs a human is told to the operator once, by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.views import NoticeView
from assistant.ports import TellsTime
from assistant.render import Section
from assistant.store import trail
from assistant.workflows import outbox
from assistant.workflows.desk import Desk

_SKEW = timedelta(minutes=2)
_HOURS = 120
"""From so many minutes on, hours say it better."""


def tell(desk: Desk, now: datetime) -> int:
    """One mail about every problem not told yet; 0 where there is none."""
    untold = trail.untold(desk.db, now)
    if not untold:
        return 0
    lines = tuple(f"{trouble.place}: {trouble.message}" for trouble in untold)
    with desk.db.atomic():
        outbox.write(
            desk,
            now,
            operator(desk),
            [Section("notice", NoticeView(lines))],
            key=f"notice {now.astimezone(UTC).isoformat()}",
            occurrence="notice",
            thread=f"notice/{now.date().isoformat()}",
            audience=audiences.person(desk.setup.assistant.operator),
            because="a problem needs a human",
        )
    return 1


def operator(desk: Desk) -> Person:
    """The operator as a person, who need not be in the team."""
    assistant = desk.setup.assistant
    known = desk.setup.person(assistant.operator)
    return known or Person(
        assistant.operator, assistant.operator.partition("@")[0], assistant.zone, language=assistant.language
    )


def compare_clocks(desk: Desk, now: datetime, providers: Mapping[str, object]) -> int:
    """Note where a server's clock and ours differ, by place; gives how many do. ``now`` has to be the real one."""
    apart = 0
    for place, provider in providers.items():
        told = provider.server_time() if isinstance(provider, TellsTime) else None
        if told is None:
            continue
        sentence = clock_apart(told - now)
        if sentence:
            apart += 1
            trail.trouble(desk.db, now, f"{place}, clock", sentence)
        else:
            trail.settled(desk.db, f"{place}, clock")
    return apart


def clock_apart(ahead: timedelta) -> str:
    """What is to be said of a server whose clock is so far before ours; empty where that is nothing."""
    if abs(ahead) <= _SKEW:
        return ""
    minutes = round(abs(ahead) / timedelta(minutes=1))
    length = f"{minutes} minutes" if minutes < _HOURS else f"{minutes // 60} hours"
    return f"this machine's clock is {length} {'behind' if ahead > timedelta() else 'ahead of'} the server's"
