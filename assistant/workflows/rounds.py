"""The round: ask some people some questions, remind the silent, close, and mail what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from assistant.domain import audience as audiences
from assistant.domain.cadence import Frequency
from assistant.domain.kinds import KINDS, Asks, Kind, Readers, is_started
from assistant.domain.people import Person, resolve
from assistant.domain.setup import Round, Setup
from assistant.store import rounds as store
from assistant.store import timers
from assistant.store.rounds import OPEN, PromptState
from assistant.store.timers import Timer
from assistant.workflows import around, gathering, news, prompting
from assistant.workflows.desk import Desk

_BEFORE_THEY_LEAVE = timedelta(hours=1)
"""Who leaves before a round's time is asked so long before that."""
_DAYS_TRIED = 10
"""Days of a round looked at for one on which somebody is asked: a fortnight's holiday is passed over."""
_DAYS_LATER = 14
"""How much later a newcomer may be asked than planned: over a holiday, say."""
_LOOK_AHEAD = 400
"""Nominal dates tried for the next occurrence; a daily round of a team that is off finds one long before."""


def sync(desk: Desk, now: datetime) -> None:
    """Bring the timers of all rounds in line with the setup: new ones start, gone ones stop, changed ones move.

    One that came due while we were down is left to fire, so that nobody's question is passed over without a word.
    """
    _end_orphans(desk, now)
    current = {f"round:{round_.name}" for round_ in desk.setup.rounds}
    known = {timer.key: timer for timer in timers.with_prefix(desk.db, "round:")}
    timers.drop(desk.db, *(known.keys() - current))
    for round_ in desk.setup.rounds:
        timer = known.get(f"round:{round_.name}")
        if timer is None or (timer.due > now and not timer.strikes):
            _set_next(desk, round_, now)


def _end_orphans(desk: Desk, now: datetime) -> None:
    """What a round or series that is no more left open, and questions to people who are no longer asked them."""
    asked = {round_.name: {person.address for person in _asked_people(desk, round_)} for round_ in desk.setup.rounds}
    known = asked.keys() | {series.name for series in desk.setup.series}
    for key, parent in store.open_occurrences(desk.db):
        if parent not in known and not is_started(parent):
            prompting.cancel(desk, now, key, "ended")
    for prompt in store.planned_prompts(desk.db):
        if prompt.parent in asked and prompt.person not in asked[prompt.parent]:
            prompting.end(desk, now, prompt, PromptState.SKIPPED, "moved")


def _set_next(desk: Desk, round_: Round, now: datetime, after: date | None = None) -> None:
    """Wake at the first local time of the next day on which anybody is asked."""
    found = next_day(desk, round_, now, after)
    if found is None:
        timers.drop(desk.db, f"round:{round_.name}")
        return
    day, moment = found
    if KINDS[round_.kind].together:
        moment = gathering.look_again(moment, now)
    timers.put(desk.db, Timer(f"round:{round_.name}", moment, "round", f"{round_.name}|{day.isoformat()}"))


def next_day(desk: Desk, round_: Round, now: datetime, after: date | None = None) -> tuple[date, datetime] | None:
    """The next nominal day and the instant at which its first person is asked.

    Without ``after``, days whose occurrence exists are passed over, and so is whoever's time is gone: a round that
    begins at noon in Berlin begins today for New York and tomorrow for Berlin.
    """
    assistant_day = now.astimezone(desk.setup.assistant.zone).date()
    first = assistant_day - timedelta(days=1) if after is None else after + timedelta(days=1)
    for day in islice(_dates(desk, round_, first), _LOOK_AHEAD):
        moments = [moment for _, _, moment in expected(desk, now, round_, day)]
        if after is None:
            moments = [moment for moment in moments if moment >= now]
        if not moments or (after is None and store.occurrence(desk.db, key_of(round_, day)) is not None):
            continue
        return day, min(moments)
    return None


def _dates(desk: Desk, round_: Round, first: date) -> Iterable[date]:
    kind = KINDS[round_.kind]
    if kind.asks is Asks.COLLEAGUES:
        return []  # begins with whoever leaves
    if kind.asks is not Asks.NEWCOMER:
        return round_.cadence.dates(first)
    recent = first - timedelta(days=max(kind.after) + _DAYS_LATER)
    people = (p for p in _asked_people(desk, round_) if p.start is not None and p.start >= recent)
    return sorted({day for person in people for day in _newcomer_days(person, kind) if day >= first})


def _newcomer_days(person: Person, kind: Kind) -> list[date]:
    """When somebody new is asked: so many days after their start, or on the next day they work."""
    if person.start is None:
        return []
    nominal = [person.start + timedelta(days=n) for n in kind.after]
    later = [[day + timedelta(days=n) for n in range(_DAYS_LATER)] for day in nominal]
    return [next((day for day in days if person.works_on(day)), days[0]) for days in later]


def key_of(round_: Round, day: date) -> str:
    return f"{round_.name}/{day.isoformat()}"


def _asked_people(desk: Desk, round_: Round) -> list[Person]:
    team = desk.setup.teams[round_.team]
    if KINDS[round_.kind].asks is Asks.LEAD:
        return [desk.setup.people[team.lead]] if team.lead else []
    members = [desk.setup.people[address] for address in team.members]
    if KINDS[round_.kind].readers is Readers.MANAGER:  # about the person: asked once, for their home team
        return [person for person in members if person.teams[:1] == (team.name,)]
    return members


def audience_of(setup: Setup, round_: Round, person: Person) -> str:
    """Who will read what this person answers."""
    readers, team = KINDS[round_.kind].readers, setup.teams[round_.team]
    if readers in (Readers.MANAGER, Readers.LEAD):
        other = person.manager if readers is Readers.MANAGER else team.lead
        return audiences.two(person.address, other if other in setup.people and other else person.address)
    return audiences.team(round_.team)


def expected(desk: Desk, now: datetime, round_: Round, day: date) -> list[tuple[Person, date, datetime]]:
    """Who is asked for a nominal day, on which local day of theirs and when.

    Daily rounds leave out who is off that weekday. Rarer ones ask such a person on their last working day before it,
    in the same week, so that a holiday does not cost them the week's question.
    """
    found = []
    if KINDS[round_.kind].together:
        today = now.astimezone(desk.setup.assistant.zone).date()
        day = gathering.day_for(desk, _asked_people(desk, round_), day, today)
    for person in _asked_people(desk, round_):
        newcomer = KINDS[round_.kind].asks is Asks.NEWCOMER
        if newcomer and day not in _newcomer_days(person, KINDS[round_.kind]):
            continue
        asked_on = _day_for(person, day, shift=round_.cadence.frequency is not Frequency.DAILY and not newcomer)
        if asked_on is not None:
            found.append((person, asked_on, time_of(person, round_, asked_on)))
    return found


def time_of(person: Person, round_: Round, day: date) -> datetime:
    """When they are asked on a day of theirs: at the round's time, in their hours, or whenever they said themselves."""
    chosen = person.asked_at.get(round_.kind)
    moment = resolve(day, chosen or round_.at, person.zone)
    worked = person.working_period(day)
    if chosen is not None or worked is None:
        return moment
    last = moment if moment <= worked.end else worked.end - _BEFORE_THEY_LEAVE
    return max(worked.start, last)


def next_for(desk: Desk, now: datetime, person: Person, round_: Round) -> datetime | None:
    """When this round next asks this person; None where it never does, or not for long."""
    team = desk.setup.teams[round_.team]
    if person.address not in ((team.lead,) if KINDS[round_.kind].asks is Asks.LEAD else team.members):
        return None
    found = next_day(desk, round_, now)
    for _ in range(_DAYS_TRIED):
        if found is None:
            return None
        for asked, _, moment in expected(desk, now, round_, found[0]):
            if asked.address == person.address and moment >= now:
                return moment
        found = next_day(desk, round_, now, found[0])
    return None


def _day_for(person: Person, day: date, *, shift: bool) -> date | None:
    if person.works_on(day):
        return day
    if not shift:
        return None
    earlier = (day - timedelta(days=n) for n in range(1, day.weekday() + 1))
    return next((other for other in earlier if person.works_on(other)), None)


def open_round(desk: Desk, timer: Timer, now: datetime) -> None:
    """A round's day has come: plan everybody's prompt, and wake again for the next day."""
    name, _, day_text = timer.ref.partition("|")
    round_ = desk.setup.round_named(name)
    if round_ is None:
        timers.drop(desk.db, timer.key)
        return
    day = date.fromisoformat(day_text)
    together = KINDS[round_.kind].together
    if together and not timer.strikes:
        coming = next_day(desk, round_, now)
        if coming is not None and coming[0] == day and coming[1] > now:
            _set_next(desk, round_, now)
            return
    _set_next(desk, round_, now, after=day)
    open_day(desk, now, round_, day, since=None if timer.strikes or together else timer.due)


def open_day(desk: Desk, now: datetime, round_: Round, day: date, *, since: datetime | None) -> None:
    """Plan everybody's prompt for a day, unless that was done; whoever's time was before ``since`` is left out."""
    key = key_of(round_, day)
    turn = store.count_occurrences(desk.db, round_.name)
    if not store.open_occurrence(desk.db, now, key, round_.kind, round_.name, day, {"turn": turn}):
        return
    for person, asked_on, moment in expected(desk, now, round_, day):
        if since is not None and moment < since:
            continue  # the round began after their time of that day
        prompting.plan(
            desk, now, occurrence=key, kind=round_.kind, parent=round_.name, person=person.address,
            audience=audience_of(desk.setup, round_, person), day=asked_on, due=moment,
        )  # fmt: skip
    for person in _on_holiday(desk, now, round_, day):
        audience = audience_of(desk.setup, round_, person)
        id_ = store.add_prompt(desk.db, key, round_.kind, round_.name, person.address, audience, day, now, None)
        if id_ is not None:
            store.finish(desk.db, now, id_, PromptState.SKIPPED, "holiday")
    habit, opened = desk.habits.get(round_.kind), store.occurrence(desk.db, key)
    if habit is not None and habit.opened is not None and opened is not None:
        habit.opened(desk, now, opened)


def _on_holiday(desk: Desk, now: datetime, round_: Round, day: date) -> list[Person]:
    """Those who would work that weekday but have a public holiday and are not asked on another day instead."""
    asked = {person.address for person, _, _ in expected(desk, now, round_, day)}
    return [
        person
        for person in _asked_people(desk, round_)
        if person.address not in asked and day in person.holidays and person.hours.days[day.weekday()] is not None
    ]


def settle(desk: Desk, now: datetime, key: str) -> None:
    """Close the occurrence if nobody is left to ask or to wait for, and its kind need not wait for its time."""
    occurrence = store.occurrence(desk.db, key)
    if occurrence is not None and KINDS[occurrence.kind].early and store.is_complete(desk.db, key):
        close(desk, now, key)


def close(desk: Desk, now: datetime, key: str) -> None:
    """End what is still open, close the occurrence and have its report written. Once."""
    for prompt in store.prompts_of(desk.db, key):
        if prompt.state in OPEN:
            missed = PromptState.MISSED if prompt.state is PromptState.ASKED else PromptState.EXPIRED
            prompting.end(desk, now, prompt, missed, settle=False)
    if store.close_occurrence(desk.db, now, key):
        _report(desk, now, key)


def _report(desk: Desk, now: datetime, key: str) -> None:
    occurrence = store.occurrence(desk.db, key)
    if occurrence is None:
        return
    kind, habit = KINDS[occurrence.kind], desk.habits.get(occurrence.kind)
    if habit is not None and habit.closed is not None:
        habit.closed(desk, now, occurrence)
    elif kind.report in ("agenda", "summary"):
        around.conclude(desk, occurrence, now)
    elif kind.report == "digest" and _worth_telling(desk, key, kind.asks):
        round_ = desk.setup.round_named(occurrence.parent)
        if round_ is not None:
            plan_digests(desk, now, key, round_)


def _worth_telling(desk: Desk, key: str, asks: Asks) -> bool:
    """Somebody was asked; where one person speaks to all, they also said something."""
    states = {prompt.state for prompt in store.prompts_of(desk.db, key)}
    if asks is Asks.MEMBERS:
        return bool(states & {PromptState.ANSWERED, PromptState.MISSED})
    return PromptState.ANSWERED in states


def plan_digests(desk: Desk, now: datetime, key: str, round_: Round) -> None:
    """To each reader at their next working moment, or with what else they are told soon."""
    for address in sorted(audiences.readers(audiences.team(round_.team), desk.setup)):
        person = desk.setup.people[address]
        moment = news.moment(desk, now, person)
        if moment is not None:
            news.put(desk, "digest", key, person, moment)


HANDLERS = {"round": open_round}
