"""Mails that ask: what one person is asked at one time is one mail, its questions numbered through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.cadence import Frequency
from assistant.domain.kinds import KINDS, Asks
from assistant.domain.people import Person, is_away
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store import timers
from assistant.store.rounds import AskedQuestion, Prompt, PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import outbox, prompt_views, prompting, reminding, rounds, welcome
from assistant.workflows.desk import Desk

_SOON = timedelta(hours=4)
_A_WEEK = 7


def ask(desk: Desk, now: datetime, person: Person | None, prompt_ids: Sequence[int]) -> None:
    """Mail these prompts, as far as they may still be asked, in one mail; what is asked alone in one of its own."""
    found = [prompt for id_ in prompt_ids if (prompt := store.prompt(desk.db, id_)) is not None]
    alone = [prompt.id for prompt in found if KINDS[prompt.kind].alone]
    together = [prompt.id for prompt in found if prompt.id not in alone]
    for group in ([together] if together else []) + [[id_] for id_ in alone]:
        _ask(desk, now, person, group)


def _ask(desk: Desk, now: datetime, person: Person | None, prompt_ids: Sequence[int]) -> None:
    askable = []
    for id_ in prompt_ids:
        prompt = store.prompt(desk.db, id_)
        if prompt is None or prompt.state is not PromptState.PLANNED:
            continue
        refusal = _refusal(desk, now, person, prompt)
        later = None if refusal or person is None else prompting.postponed(desk, now, person, prompt.due)
        if later is not None:
            timers.put(desk.db, Timer(f"ask:{id_}", later, "ask", str(id_), prompt.person, MAIL))
        elif refusal is None:
            askable.append(prompt)
        else:
            prompting.end(desk, now, prompt, *refusal)
    if person is not None and askable:
        askable += _soon(desk, now, person, askable)
        welcome.write(desk, now, person, at_once=True)
        first = askable[0]
        key = f"ask {' '.join(str(prompt.id) for prompt in askable)}"
        because = ", ".join(dict.fromkeys(f"{prompt.kind} {prompt.parent}" for prompt in askable))
        write(
            desk,
            now,
            person,
            [Part(prompts=group) for group in _groups(askable)],
            key=key,
            occurrence=first.occurrence,
            thread=prompting.thread_of(first),
            because=because,
            not_after=max(prompt.due + KINDS[prompt.kind].useful_for for prompt in askable),
        )


def _soon(desk: Desk, now: datetime, person: Person, asked: Sequence[Prompt]) -> list[Prompt]:
    """The daily questions of the person's other teams, to come a little later: one such mail a day is enough.

    A second one of the same team, in the evening say, stays a mail of its own.
    """
    teams = {(prompt.kind, prompt.day): team for prompt in asked if (team := _daily_team(desk, prompt.parent))}
    found = []
    for round_ in desk.setup.rounds if len(person.teams) > 1 else ():
        for kind, day in teams:
            if round_.kind != kind or round_.team in teams.values() or _daily_team(desk, round_.name) is None:
                continue
            coming = rounds.expected(desk, now, round_, day)
            if any(who == person and moment - now <= _SOON for who, _, moment in coming):
                rounds.open_day(desk, now, round_, day, since=now)
                found += [
                    p for p in store.prompts_of(desk.db, rounds.key_of(round_, day)) if p.person == person.address
                ]
    known = {prompt.id for prompt in asked}
    return [prompt for prompt in found if prompt.state is PromptState.PLANNED and prompt.id not in known]


def _daily_team(desk: Desk, name: str) -> str | None:
    """The team of a round that asks its members every day."""
    round_ = desk.setup.round_named(name)
    daily = (
        round_ is not None and round_.cadence.frequency is Frequency.DAILY and KINDS[round_.kind].asks is Asks.MEMBERS
    )
    return round_.team if round_ is not None and daily else None


def next_daily(desk: Desk, now: datetime, person: Person) -> datetime | None:
    """When they are next asked what they are asked every working day; None where that is not within a week."""
    today = person.local(now).date()
    absences = people_store.absences(desk.db, person.address, today)
    days = (today + timedelta(days=n) for n in range(_A_WEEK))
    there = (day for day in days if not is_away(absences, person.address, day))
    moments = (moment for day in there if (moment := daily_on(desk, person, day)) is not None and moment >= now)
    return next(moments, None)


def daily_on(desk: Desk, person: Person, day: date) -> datetime | None:
    """When they are asked that on a day of theirs, the first time where several teams do; absence is not looked at."""
    if not person.works_on(day):
        return None
    asked = (
        rounds.time_of(person, round_, day)
        for round_ in desk.setup.rounds
        if round_.team in person.teams
        and _daily_team(desk, round_.name)
        and next(round_.cadence.dates(day), None) == day
        and not outbox.is_stopped(desk, person.address, round_.kind)
    )
    return min(asked, default=None)


def daily_is_open(desk: Desk, person: Person) -> bool:
    """Whether one of their teams is answering its daily question, so that its digest is still to come."""
    open_ = {parent for _, parent in store.open_occurrences(desk.db)}
    return any(_daily_team(desk, parent) in person.teams for parent in open_)


def _refusal(desk: Desk, now: datetime, person: Person | None, prompt: Prompt) -> tuple[PromptState, str] | None:
    """Why this prompt must not be asked now, if so."""
    if person is None:
        return PromptState.SKIPPED, "left"
    if outbox.is_stopped(desk, person.address, prompt.kind):
        return PromptState.SKIPPED, "stopped"
    today = person.local(now).date()
    if is_away(people_store.absences(desk.db, person.address, today), person.address, today):
        return PromptState.SKIPPED, "away"
    if now - prompt.due > KINDS[prompt.kind].useful_for or (prompt.closes is not None and prompt.closes <= now):
        return PromptState.EXPIRED, "late"
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """Of a mail: what is to be read, then the questions of prompts of one kind."""

    sections: Sequence[Section] = ()
    prompts: Sequence[Prompt] = ()


def write(
    desk: Desk,
    now: datetime,
    person: Person,
    parts: Sequence[Part],
    *,
    key: str,
    occurrence: str,
    thread: str,
    because: str,
    audience: str | None = None,
    not_after: datetime | None = None,
) -> int | None:
    """One mail, its questions numbered through. Who reads it: as said, or who reads the answers, if that is the same
    for all of them."""
    language = outbox.language_of(desk, person)
    sections: list[Section] = []
    numbered: dict[int, tuple[AskedQuestion, ...]] = {}
    header: list[str] = []
    for part in parts:
        sections += part.sections
        group = part.prompts
        by_prompt = prompt_views.questions(desk, now, person, group, language, len(header) + 1)
        asked = prompt_views.union(by_prompt)
        if asked:
            numbered.update(by_prompt)
            header += [f"{group[0].kind}/{each.question.key}" for each in asked]
            closes = prompting.closing(desk, now, group[0], person)
            sections.append(Section(group[0].kind, prompt_views.view(desk, now, person, group, asked, closes)))
    every = [prompt for part in parts for prompt in part.prompts]
    prompts = [prompt for prompt in every if numbered.get(prompt.id)]
    for prompt in every:
        if prompt not in prompts:
            prompting.end(desk, now, prompt, PromptState.SKIPPED, "nothing to ask")
    if not sections:
        return None
    if audience is None:
        audience = prompts[0].audience if len(prompts) == 1 else audiences.person(person.address)
    mail = outbox.write(
        desk,
        now,
        person,
        sections,
        key=key,
        occurrence=occurrence,
        thread=thread,
        audience=audience,
        because=because,
        headers={"X-Assistant-Questions": ", ".join(header)} if header else None,  # by number, for mail filters
        not_after=not_after,
    )
    for prompt in prompts:
        if mail is None:
            prompting.end(desk, now, prompt, PromptState.SKIPPED, "stopped")
        else:
            _mark_asked(desk, now, person, prompt, mail, numbered[prompt.id])
    return mail


def _groups(prompts: Sequence[Prompt]) -> list[list[Prompt]]:
    """Prompts of one kind to several teams are asked once; the answers go to each team."""
    groups: dict[str, list[Prompt]] = {}
    for prompt in sorted(prompts, key=lambda p: (list(KINDS).index(p.kind), p.id)):
        shared = KINDS[prompt.kind].asks is Asks.MEMBERS
        groups.setdefault(prompt.kind if shared else f"{prompt.kind} {prompt.id}", []).append(prompt)
    return list(groups.values())


def _mark_asked(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, mail: int, asked: tuple[AskedQuestion, ...]
) -> None:
    closes = prompting.closing(desk, now, prompt, person)
    store.mark_asked(desk.db, now, prompt.id, mail, closes, asked)
    timers.drop(desk.db, f"ask:{prompt.id}")
    timers.put(desk.db, Timer(f"close:{prompt.id}", closes, "close", str(prompt.id)))
    if not timers.keys(desk.db, f"remind:{prompt.id}:") and prompt.closes is None:
        prompting.set_reminders(desk, prompt.id, person.address, reminding.times(desk, now, prompt, person, closes))
