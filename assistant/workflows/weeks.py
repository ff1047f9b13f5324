"""One ISO week of some teams, loaded with a fixed number of queries and then told to each reader in their own terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeVar

from assistant.domain import audience as audiences
from assistant.domain.kinds import MEETINGS, lines_of
from assistant.domain.people import Person, Team
from assistant.domain.setup import Series, Setup
from assistant.domain.views import ActionLine, BlockerLine, DecisionLine, HeldMeeting, PersonWeek, TeamWeek
from assistant.store import between, reports, tasks
from assistant.store.between import Cheer
from assistant.store.reports import Held, Item, Participation, Said
from assistant.workflows import cheers, goal_weeks, kpi_book, pulse
from assistant.workflows.desk import Desk
from assistant.workflows.reporting import Names

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
T = TypeVar("T")
_OWN = ""
"""Stands where a team's label would, for all that a person said, to whichever team."""
_NOTHING = TeamWeek("", 0, 0, (), (), (), (), (), ())
_NOBODY = Participation(_OWN, "", 0, 0)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a series that is a team's; ``day`` and ``held`` are as the week sees it."""

    series: Series
    start: datetime
    held: bool
    summarised: bool


class Week:
    """What was said and done in the week from ``monday``: by the readers, in their teams and in those below.

    ``near`` are the teams whose members' words somebody reads; of the others in ``teams`` only figures and open ends
    are told, so no more is loaded.

    Everything is dated where it belongs: answers by the day they were asked for, blockers and action items where their
    owner is, meetings where whoever leads them is. So a week is the same for all its readers.
    """

    def __init__(
        self,
        desk: Desk,
        now: datetime,
        monday: date,
        readers: Collection[str],
        near: Collection[str],
        teams: Collection[str],
    ) -> None:
        self.monday, self.sunday = monday, monday + 6 * _DAY
        self._setup, self._render, self._now = desk.setup, desk.render, now
        self._names = Names(desk)
        self._may_read = cache(lambda label: audiences.readers(label, desk.setup))
        self._teams: dict[str, TeamWeek] = {}
        self._people: dict[str, tuple[PersonWeek, ...]] = {}
        since = datetime.combine(monday, time(), UTC) - _DAY
        heard = [round_.name for round_ in desk.setup.rounds if round_.team in near]
        said = reports.said(desk.db, heard, ("done", "next"), self.monday, self.sunday)
        self._said = _grouped((scope, each.person, each) for each in said for scope in (each.audience, _OWN))
        rounds = [round_.name for round_ in desk.setup.rounds if round_.team in teams]
        self._part: dict[str, dict[str, Participation]] = defaultdict(dict)
        for part in reports.participation(desk.db, rounds, self.monday, self.sunday):
            self._part[part.audience][part.person] = part
        blockers = [item for item in reports.blockers(desk.db, teams, since) if self._counts(item)]
        self._blockers = _grouped((scope, item.owner, item) for item in blockers for scope in (item.audience, _OWN))
        team_of, private = _series(desk.setup, teams)
        contexts = [*teams, *team_of]
        actions = [item for item in reports.actions_in(desk.db, contexts, since) if self._counts(item)]
        self._actions = _grouped(
            (audiences.team(team), item.owner, item)
            for item in actions
            if (team := team_of.get(item.context, item.context)) and self._whole_team_reads(item, team)
        )
        own = [item for item in reports.actions_of(desk.db, readers, since) if self._counts(item)]
        self._held_up = tasks.held_up(desk.db)
        self._own_actions: dict[str, list[Item]] = defaultdict(list)
        for item in own:
            if item.owner in self._may_read(item.audience):
                self._own_actions[item.owner].append(item)
        self._meetings, self._pairs = self._held(desk, since, team_of, private)
        self._goals = goal_weeks.by_team(desk, teams, monday)
        self._kpis = kpi_book.by_team(desk, near)
        self._pulses = pulse.trend(desk, near, self.sunday)
        self._decisions: dict[str, list[DecisionLine]] = defaultdict(list)
        for item in reports.decisions(desk.db, near, since):
            if self.monday <= self._names.day(item.owner, item.opened_at) <= self.sunday:
                self._decisions[item.context].append(DecisionLine(item.text, self._names.first(item.owner)))
        self._cheers: dict[str, list[Cheer]] = defaultdict(list)
        for cheer in between.cheers(desk.db, teams, since, since + _WEEK + 3 * _DAY):
            if self.monday <= self._names.day(cheer.owner, cheer.at) <= self.sunday:
                self._cheers[cheer.team].append(cheer)

    def _counts(self, item: Item) -> bool:
        """Opened by the end of the week and not closed before it began."""
        closed = item.closed_at and self._names.day(item.owner, item.closed_at)
        return self._names.day(item.owner, item.opened_at) <= self.sunday and (closed is None or closed >= self.monday)

    def _closed(self, item: Item) -> bool:
        return item.closed_at is not None and self._names.day(item.owner, item.closed_at) <= self.sunday

    def _whole_team_reads(self, item: Item, team: str) -> bool:
        """Points of a meeting of only some of a team stay with them."""
        shared = not audiences.is_private(item.audience)  # a team may be no more than the two of a pair
        return shared and self._may_read(item.audience).issuperset(self._setup.teams[team].members)

    def _held(
        self, desk: Desk, since: datetime, team_of: Mapping[str, str], private: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, list[Meeting]], dict[str, tuple[int, int]]]:
        """By team its meetings, and of its 1:1s how many were held and how many planned."""
        meetings: dict[str, list[Meeting]] = defaultdict(list)
        pairs: dict[str, tuple[int, int]] = {}
        names = [*team_of, *private]
        for found in reports.meetings(desk.db, names, since, since + _WEEK + 3 * _DAY, self._now):
            series = desk.setup.series_named(found.series)
            meeting = self._in_week(series, found) if series else None
            if meeting is None:
                continue
            if found.series in team_of:
                meetings[team_of[found.series]].append(meeting)
            for team in private.get(found.series, ()):
                held, planned = pairs.get(team, (0, 0))
                pairs[team] = held + meeting.held, planned + 1
        return meetings, pairs

    def _in_week(self, series: Series, found: Held) -> Meeting | None:
        if self.monday <= self._names.day(series.lead, found.start) <= self.sunday:
            return Meeting(series, found.start, found.took_place, found.summarised)
        if self.monday <= self._names.day(series.lead, found.original_start) <= self.sunday:
            return Meeting(series, found.original_start, False, False)
        return None

    def own(self, address: str) -> PersonWeek | None:
        """All of a person's own week, for themselves; None where there is nothing to tell."""
        week = self._person(_OWN, address, self._own_actions.get(address, ()))
        return week if _tells(week) else None

    def _person(self, scope: str, address: str, actions: Iterable[Item]) -> PersonWeek:
        said = self._said.get(scope, {}).get(address, [])
        part = self._part[scope].get(address, _NOBODY)
        return PersonWeek(
            who=self._names.who(address),
            done=_lines(each for each in said if each.answer.question == "done"),
            next=_lines(_newest_plan(said)),
            blockers=tuple({line.text: line for line in self._blocker_lines(scope, [address])}.values()),
            actions=self._action_lines(actions),
            answered=part.answered,
            asked=part.asked,
        )

    def _blocker_lines(self, scope: str, owners: Iterable[str]) -> tuple[BlockerLine, ...]:
        """Those open now and those closed within the week; what was closed since is neither."""
        found = self._blockers.get(scope, {})
        items = sorted((item for owner in owners for item in found.get(owner, ())), key=lambda item: item.id)
        return tuple(
            self._names.blocker(item, self._now) for item in items if item.closed_at is None or self._closed(item)
        )

    def _action_lines(self, items: Iterable[Item]) -> tuple[ActionLine, ...]:
        return tuple(
            replace(self._names.action(item, self._now), holds=self._held_up.get(item.id, ()))
            for item in items
            if item.closed_at is None or self._closed(item)
        )

    def team(self, team: Team, reader: Person, language: str) -> TeamWeek | None:
        """The week of a team the reader belongs to; None where nothing happened."""
        if team.name not in self._people:
            self._people[team.name] = self._members(team)
        told = self._told(team, reader, language, self._people[team.name])
        trend = tuple((line.day, line.score) for line in self._pulses.get(team.name, ()))
        news = tuple(self._decisions.get(team.name, ()))
        figures = tuple(line for line in self._kpis.get(team.name, ()) if line.day is not None)
        if told is None and not news and not any(self._is_of_week(line.day) for line in figures):
            return None
        told = told or replace(_NOTHING, title=team.title)
        return replace(told, decisions=news, pulse=trend, kpis=figures)

    def _is_of_week(self, day: date | None) -> bool:
        return day is not None and self.monday <= day <= self.sunday

    def below(self, team: Team, reader: Person, language: str) -> TeamWeek | None:
        """The same for a manager further up: the team's numbers and open ends, without its people."""
        return self._told(team, reader, language, ())

    def _told(self, team: Team, reader: Person, language: str, people: tuple[PersonWeek, ...]) -> TeamWeek | None:
        if team.name not in self._teams:
            self._teams[team.name] = self._team(team)
        week = self._teams[team.name]
        meetings = tuple(
            HeldMeeting(
                each.series.title or self._render.title(each.series.kind, language),
                reader.local(each.start),
                each.held,
                each.summarised,
            )
            for each in self._meetings.get(team.name, ())
        )
        told = replace(week, people=people, meetings=meetings)
        return told if replace(told, title="") != _NOTHING else None

    def _team(self, team: Team) -> TeamWeek:
        """What is the same for all readers."""
        label = audiences.team(team.name)
        parts = self._part[label].values()
        blockers = self._blocker_lines(label, self._blockers.get(label, {}))
        items = [item for found in self._actions.get(label, {}).values() for item in found]
        items.sort(key=lambda item: (item.due or date.max, item.id))
        actions = self._action_lines(items)
        held, planned = self._pairs.get(team.name, (0, 0))
        soon = self.sunday + _WEEK
        return TeamWeek(
            title=team.title,
            asked=sum(part.asked for part in parts),
            answered=sum(part.answered for part in parts),
            people=(),
            blockers_open=tuple(line for line in blockers if not line.closed),
            blockers_closed=tuple(line for line in blockers if line.closed),
            actions_due=tuple(line for line in actions if not line.done and line.due is not None and line.due <= soon),
            actions_done=tuple(line for line in actions if line.done),
            meetings=(),
            one_on_ones_held=held,
            one_on_ones_planned=planned,
            goals=self._goals.get(team.name),
            cheers=tuple(cheers.line(self._names, cheer) for cheer in self._cheers.get(team.name, ())),
        )

    def _members(self, team: Team) -> tuple[PersonWeek, ...]:
        """Members in order, then who left; whoever was away all week is left out."""
        label = audiences.team(team.name)
        actions = self._actions.get(label, {})
        addresses = dict.fromkeys((*team.members, *self._said.get(label, {})))
        weeks = (self._person(label, address, actions.get(address, ())) for address in addresses)
        return tuple(week for week in weeks if _tells(week))


def _grouped(rows: Iterable[tuple[str, str, T]]) -> dict[str, dict[str, list[T]]]:
    found: dict[str, dict[str, list[T]]] = {}
    for scope, person, row in rows:
        found.setdefault(scope, {}).setdefault(person, []).append(row)
    return found


def _series(setup: Setup, teams: Collection[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The series that are a team's, with it, and the private ones, with the teams of those who are not their lead."""
    team_of: dict[str, str] = {}
    private: dict[str, list[str]] = {}
    for series in setup.series:
        if not MEETINGS[series.kind].private:
            if series.team in teams and series.team is not None:
                team_of[series.name] = series.team
            continue
        reports_ = (setup.people.get(address) for address in series.participants if address != series.lead)
        found = [name for person in reports_ if person for name in person.teams if name in teams]
        found = [name for name in found if setup.teams[name].lead not in series.participants[1:]]
        if found:
            private[series.name] = found
    return team_of, private


def _lines(said: Iterable[Said]) -> tuple[str, ...]:
    """Each item once, although a person in two teams said it to both."""
    return tuple(dict.fromkeys(line for each in said for line in lines_of(each.answer)))


def _newest_plan(said: Sequence[Said]) -> Iterator[Said]:
    """What they said comes next: in their newest weekly update, else in their newest check-in."""
    plans = [each for each in said if each.answer.question == "next"]
    weekly = [each for each in plans if each.kind == "weekly-update"] or plans
    return (each for each in weekly if each.day == weekly[-1].day)


def _tells(week: PersonWeek) -> bool:
    return bool(week.asked or week.done or week.next or week.blockers or week.actions)
