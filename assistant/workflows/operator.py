"""What needs a human is told to the operator once, by mail."""

from __future__ import annotations

from datetime import UTC, datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.views import NoticeView
from assistant.render import Section
from assistant.store import trail
from assistant.workflows import outbox
from assistant.workflows.desk import Desk


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
