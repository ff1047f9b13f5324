"""People come and go with the configuration: who joined is greeted, who left gets nothing more."""

from __future__ import annotations

from datetime import datetime

from assistant.domain.people import next_working
from assistant.store import outbox as outbox_store
from assistant.store import people as store
from assistant.store import rounds as rounds_store
from assistant.store import timers, trail
from assistant.store.rounds import PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import goals, kpis, leaving, meetings, people, prompting, rollups, rounds
from assistant.workflows.desk import Desk


def sync(desk: Desk, now: datetime) -> None:
    """Bring the store in line with the setup; run at start and whenever the configuration changed."""
    joined, left = store.meet(desk.db, now, desk.setup.people.values())
    for address in left:
        _leave(desk, now, address)
    for address in joined:
        trail.record(desk.db, now, address, "joined", f"person {address}", "configuration")
        person = desk.setup.people[address]
        moment = next_working(person, now) or now
        timers.put(desk.db, Timer(f"welcome:{address}", moment, "welcome", address, address, MAIL))
    rounds.sync(desk, now)
    rollups.sync(desk, now)
    meetings.sync(desk, now)
    goals.sync(desk, now)
    kpis.sync(desk, now)
    people.sync(desk, now)


def _leave(desk: Desk, now: datetime, address: str) -> None:
    """Prompts, queued mails and timers of somebody who left end here; what they wrote stays with its readers.

    Who is asked now about what they left behind is told.
    """
    for prompt in rounds_store.unfinished_prompts(desk.db, address):
        prompting.end(desk, now, prompt, PromptState.SKIPPED, "left")
    outbox_store.suppress_for(desk.db, address, "left")
    timers.drop_person(desk.db, address)
    leaving.left(desk, now, address)
    trail.record(desk.db, now, address, "left", f"person {address}", "configuration")
