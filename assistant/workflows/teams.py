"""Which team a person speaks to: their own where they have one, the one they name, else they choose by number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person, Team, next_working
from assistant.domain.views import Act
from assistant.inbound.words.fold import words
from assistant.store import people as people_store
from assistant.store import timers
from assistant.store.timers import MAIL, Timer
from assistant.workflows import choices
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Request

_CONTEXT = "team:"


def own(desk: Desk, person: Person) -> list[Team]:
    """Those they belong to, home first, and those they lead."""
    led = [team for team in desk.setup.teams_led_by(person.address) if team.name not in person.teams]
    return [desk.setup.teams[name] for name in person.teams] + led


def meant(desk: Desk, now: datetime, request: Request, among: Sequence[Team], line: str, named: str = "") -> Team | Act:
    """The one of several that is meant; else the question which, to be answered by number.

    ``named`` is what was said to be its name; a title anywhere in the first row of ``line`` names it as well.
    """
    if request.context.startswith(_CONTEXT):
        among = [team for team in among if team.name == request.context.removeprefix(_CONTEXT)] or among
    if len(among) == 1:
        return among[0]
    said = f" {' '.join(words(named or line.partition(chr(10))[0]))} "
    told = [team for team in among if any(f" {' '.join(words(name))} " in said for name in (team.title, team.name))]
    if len(told) == 1:
        return told[0]
    options = [Option(team.title, line, f"{_CONTEXT}{team.name}") for team in among]
    return choices.offer(desk, now, request, options)


def people(desk: Desk, team: Team) -> list[Person]:
    """Members in their order, then a lead who is none."""
    readers = audiences.readers(audiences.team(team.name), desk.setup)
    return [desk.setup.people[each] for each in dict.fromkeys((*team.members, team.lead or "")) if each in readers]


def when_at_work(desk: Desk, person: Person, moment: datetime) -> datetime | None:
    """Then, or when they next work."""
    absences = people_store.absences(desk.db, person.address, person.local(moment).date())
    return next_working(person, moment, absences)


def tell(desk: Desk, now: datetime, writer: str, key: str, whom: Sequence[Person], ref: str = "") -> None:
    """Have ``writer`` (``due.WRITERS``) write to each of them when they next work; ``key`` says of what."""
    for person in whom:
        moment = when_at_work(desk, person, now) or now + timedelta(days=60)
        timer = Timer(f"{writer}:{key}:{person.address}", moment, writer, ref or key, person.address, MAIL)
        timers.put(desk.db, timer)
