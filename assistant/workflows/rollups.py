"""The weekly rollup: each person's own week, and the weeks of the teams they belong to, lead or answer for.

A team's chat channel gets the team's week besides, without what is a single person's.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Absence, Person, Team, next_working, resolve
from assistant.domain.setup import Setup
from assistant.domain.views import RollupView, TeamWeek
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import reports, timers
from assistant.store.timers import MAIL, Timer
from assistant.workflows import channels
from assistant.workflows.desk import Desk
from assistant.workflows.news import News
from assistant.workflows.weeks import Week

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_USEFUL_FOR = timedelta(hours=48)
_POST = "week-post:"
_WITHIN = timedelta(days=6)
"""How long the rollup of somebody who is off may wait; then the next one is near."""


def sync(desk: Desk, now: datetime) -> None:
    """One timer for each person, at their next rollup; one that waits keeps its week and moves with the setup.

    A timer's ``ref`` is the Monday of the week it will tell of.
    """
    waiting = {timer.person: timer for timer in timers.with_prefix(desk.db, "rollup:")}
    absences = _absences(desk, now)
    for person in desk.setup.people.values():
        timer = waiting.pop(person.address, None)
        monday = date.fromisoformat(timer.ref) if timer else _coming(desk.setup, person, now)
        wanted = _timer(desk.setup, person, monday, absences)
        if wanted != timer:
            timers.put(desk.db, wanted)
    timers.drop(desk.db, *(timer.key for timer in waiting.values()))
    _sync_posts(desk, now)


def _sync_posts(desk: Desk, now: datetime) -> None:
    """One timer for each team with a channel, at the rollup's time of whose clock it goes by."""
    waiting = {timer.key: timer for timer in timers.with_prefix(desk.db, _POST)}
    for team in desk.setup.teams.values():
        if team.channel is not None:
            whose = channels.stand_in(desk.setup, team)
            timer = waiting.pop(f"{_POST}{team.name}", None)
            monday = date.fromisoformat(timer.ref) if timer else _coming(desk.setup, whose, now)
            wanted = _post_timer(desk.setup, team, whose, monday)
            if wanted != timer:
                timers.put(desk.db, wanted)
    timers.drop(desk.db, *waiting)


def _post_timer(setup: Setup, team: Team, whose: Person, monday: date) -> Timer:
    due = _nominal(setup, whose, monday)
    return Timer(f"{_POST}{team.name}", due, "week-post", monday.isoformat(), stage=MAIL)


def _nominal(setup: Setup, person: Person, monday: date) -> datetime:
    """When the rollup of the week from ``monday`` is due: in the week after it."""
    weekday, wall = setup.rollup_at
    return resolve(monday + _WEEK + weekday * _DAY, wall, person.zone)


def _coming(setup: Setup, person: Person, now: datetime) -> date:
    """The Monday of the first week whose rollup is still to come."""
    today = person.local(now).date()
    monday = today - today.weekday() * _DAY - _WEEK
    return monday if _nominal(setup, person, monday) > now else monday + _WEEK


def _timer(setup: Setup, person: Person, monday: date, absences: Mapping[str, Sequence[Absence]]) -> Timer:
    """At its time, or at the next working moment after it."""
    nominal = _nominal(setup, person, monday)
    moment = next_working(person, nominal, absences.get(person.address, ()))
    due = nominal if moment is None or moment - nominal > _WITHIN else moment
    return Timer(f"rollup:{person.address}", due, "rollup", monday.isoformat(), person.address, MAIL)


def _absences(desk: Desk, now: datetime) -> Mapping[str, Sequence[Absence]]:
    found: dict[str, list[Absence]] = defaultdict(list)
    for absence in people_store.all_absences(desk.db, now.date() - 2 * _DAY, now.date() + 3 * _WEEK):
        found[absence.person].append(absence)
    return found


def bring(desk: Desk, now: datetime, due: Sequence[Timer]) -> Iterator[tuple[Person, News]]:
    """The rollups of these timers; sets those of the next week.

    One that is too late, or whose reader is off until the next, is left out.
    """
    absences = _absences(desk, now)
    ready: dict[date, list[Person]] = defaultdict(list)
    for timer in due:
        person = desk.setup.people.get(timer.person)
        if person is None:
            continue
        monday = date.fromisoformat(timer.ref)
        moment = next_working(person, now, absences.get(person.address, ()))
        if now - timer.due <= _USEFUL_FOR and moment is not None:
            if now < moment <= _nominal(desk.setup, person, monday) + _WITHIN:
                timers.put(desk.db, replace(timer, due=moment))
                continue
            if moment <= now:
                ready[monday].append(person)
        timers.put(desk.db, _timer(desk.setup, person, _coming(desk.setup, person, now), absences))
    for monday, readers in ready.items():
        yield from _week(desk, monday, readers, now)


def _week(desk: Desk, monday: date, readers: Sequence[Person], now: datetime) -> Iterator[tuple[Person, News]]:
    set_ = reports.settings(desk.db, ("language", "stopped", "stopped:rollup"))
    scopes = Scopes(desk.setup)
    wanted = [r for r in readers if not {(r.address, "stopped"), (r.address, "stopped:rollup")} & set_.keys()]
    week = load(desk, scopes, monday, wanted, now)
    year, number, _ = monday.isocalendar()
    name = f"{year}-W{number:02d}"
    for reader in wanted:
        shown = view(week, scopes, reader, set_.get((reader.address, "language"), reader.language))
        if shown is not None:
            yield (
                reader,
                News(
                    Section("rollup", shown),
                    key=f"rollup {name} {reader.address}",
                    occurrence=f"rollup/{name}",
                    thread=f"rollup/{name}",
                    audience=audiences.person(reader.address),
                    because="rollup weekly",
                ),
            )


def post_all(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    """Post the weeks of these teams to their channels and set the timers of the next; what is too late is left out."""
    for timer in due:
        team = desk.setup.teams.get(timer.key.removeprefix(_POST))
        if team is None or team.channel is None:
            continue
        whose = channels.stand_in(desk.setup, team)
        if now - timer.due <= _USEFUL_FOR:
            _post(desk, team, whose, date.fromisoformat(timer.ref), now)
        timers.put(desk.db, _post_timer(desk.setup, team, whose, _coming(desk.setup, whose, now)))


def _post(desk: Desk, team: Team, whose: Person, monday: date, now: datetime) -> None:
    week = Week(desk, now, monday, (), {team.name}, {team.name})
    told = week.team(team, whose, desk.setup.assistant.language)
    if told is not None:
        year, number, _ = monday.isocalendar()
        view = RollupView(number, week.monday, week.sunday, None, (_for_channel(told),))
        key = f"rollup {year}-W{number:02d} {team.name}"
        channels.write(desk, now, team, Section("rollup", view), key=key, audience=audiences.team(team.name))


def _for_channel(week: TeamWeek) -> TeamWeek:
    """Without a word on 1:1s, and without naming who wrote nothing."""
    wrote = tuple(person for person in week.people if person.done or person.next)
    return replace(week, people=wrote, one_on_ones_held=0, one_on_ones_planned=0)


class Scopes:
    """Whose week a person may see: their own teams, and the teams that their reports lead, all the way down."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._led: dict[str, list[Team]] = defaultdict(list)
        for team in setup.teams.values():
            if team.lead is not None:
                self._led[team.lead].append(team)

    def own(self, reader: Person) -> list[Team]:
        member = [self._setup.teams[name] for name in reader.teams]
        led = [team for team in self._led.get(reader.address, ()) if team.name not in reader.teams]
        return member + led

    def below(self, reader: Person) -> list[Team]:
        own = {team.name for team in self.own(reader)}
        found: dict[str, Team] = {}
        waiting = deque(self._setup.reports(reader.address))  # managers form no cycle: the configuration is refused
        while waiting:
            person = waiting.popleft()
            waiting += self._setup.reports(person.address)
            found.update((team.name, team) for team in self._led.get(person.address, ()) if team.name not in own)
        return list(found.values())


def load(desk: Desk, scopes: Scopes, monday: date, readers: Sequence[Person], now: datetime) -> Week:
    """The week of all the teams that any of these readers may see."""
    near = {team.name for reader in readers for team in scopes.own(reader)}
    below = {team.name for reader in readers for team in scopes.below(reader)}
    return Week(desk, now, monday, [reader.address for reader in readers], near, near | below)


def view(week: Week, scopes: Scopes, reader: Person, language: str) -> RollupView | None:
    """The rollup as this reader gets it; None where there is nothing to tell."""
    own = week.own(reader.address)
    teams = tuple(told for team in scopes.own(reader) if (told := week.team(team, reader, language)))
    below = tuple(told for team in scopes.below(reader) if (told := week.below(team, reader, language)))
    if own is None and not teams and not below:
        return None
    return RollupView(week.monday.isocalendar().week, week.monday, week.sunday, own, teams, below)
