"""A prompt's life: planned, asked, reminded, answered or missed. What one person is asked at one time is one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.cadence import Frequency, Window
from assistant.domain.kinds import KINDS, Asks
from assistant.domain.people import Person, is_away, next_working, resolve
from assistant.domain.views import Asked, ReminderView
from assistant.render import Section
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store import timers, trail
from assistant.store.rounds import AskedQuestion, Prompt, PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import channels, outbox, prompt_views, rounds, welcome
from assistant.workflows.desk import Desk

REMINDER_USEFUL_FOR = timedelta(hours=1)
MEETING_REMINDER_USEFUL_FOR = timedelta(hours=20)
_SOON = timedelta(hours=4)
_MOST_DAYS = 60


def plan(
    desk: Desk,
    now: datetime,
    *,
    occurrence: str,
    kind: str,
    parent: str,
    person: str,
    audience: str,
    day: date,
    due: datetime,
    closes: datetime | None = None,
    remind_at: Sequence[datetime] = (),
) -> int | None:
    """Have one person asked at ``due``; None where this occurrence has a prompt of this kind for them already.

    Without ``closes`` and ``remind_at`` the round's window and reminders apply from the moment of asking.
    """
    id_ = store.add_prompt(desk.db, occurrence, kind, parent, person, audience, day, due, closes)
    if id_ is None:
        return None
    timers.put(desk.db, Timer(f"ask:{id_}", due, "ask", str(id_), person, MAIL))
    if closes is not None:
        timers.put(desk.db, Timer(f"close:{id_}", closes, "close", str(id_)))
    _remind_at(desk, id_, person, remind_at)
    return id_


def reschedule(
    desk: Desk,
    prompt: Prompt,
    *,
    due: datetime | None = None,
    closes: datetime | None = None,
    remind_at: Sequence[datetime] | None = None,
) -> None:
    """Move what is still to come of an open prompt."""
    store.move_prompt(desk.db, prompt.id, due, closes)
    if due is not None and prompt.state is PromptState.PLANNED:
        timers.put(desk.db, Timer(f"ask:{prompt.id}", due, "ask", str(prompt.id), prompt.person, MAIL))
    if closes is not None:
        timers.put(desk.db, Timer(f"close:{prompt.id}", closes, "close", str(prompt.id)))
    if remind_at is not None:
        timers.drop_prefix(desk.db, f"remind:{prompt.id}:")
        _remind_at(desk, prompt.id, prompt.person, remind_at)


def cancel(desk: Desk, now: datetime, occurrence: str, reason: str) -> None:
    """Nobody is to answer this any more: its open prompts end and it closes without a report."""
    for prompt in store.prompts_of(desk.db, occurrence):
        end(desk, now, prompt, PromptState.SKIPPED, reason, settle=False)
    store.close_occurrence(desk.db, now, occurrence)


def end(
    desk: Desk, now: datetime, prompt: Prompt, state: PromptState, reason: str = "", *, settle: bool = True
) -> bool:
    """Bring an open prompt to its end state and, where it was the last of its occurrence, close that."""
    if not store.finish(desk.db, now, prompt.id, state, reason):
        return False
    timers.drop(desk.db, f"ask:{prompt.id}", f"close:{prompt.id}")
    timers.drop_prefix(desk.db, f"remind:{prompt.id}:")
    if state is not PromptState.ANSWERED:
        trail.record(desk.db, now, prompt.person, f"prompt {state.value}", f"prompt {prompt.id}", reason or "window")
    if settle:
        rounds.settle(desk, now, prompt.occurrence)
    return True


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
        if refusal is None:
            askable.append(prompt)
        else:
            end(desk, now, prompt, *refusal)
    if person is not None and askable:
        askable += _soon(desk, now, person, askable)
        welcome.write(desk, now, person, at_once=True)
        first = askable[0]
        key = f"ask {' '.join(str(prompt.id) for prompt in askable)}"
        because = ", ".join(dict.fromkeys(f"{prompt.kind} {prompt.parent}" for prompt in askable))
        ask_together(
            desk,
            now,
            person,
            (),
            askable,
            key=key,
            occurrence=first.occurrence,
            thread=thread_of(first),
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
            if any(who == person and moment - now <= _SOON for who, _, moment in rounds.expected(desk, round_, day)):
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


def thread_of(prompt: Prompt) -> str:
    """Threads are per person and occurrence; what hangs around one meeting is one thread."""
    occurrence = prompt.occurrence
    return occurrence[occurrence.index("meeting/") :] if "/meeting/" in occurrence else occurrence


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


def ask_together(
    desk: Desk,
    now: datetime,
    person: Person,
    lead_sections: Sequence[Section],
    prompts: Sequence[Prompt],
    *,
    key: str,
    occurrence: str,
    thread: str,
    because: str,
    not_after: datetime | None = None,
) -> int | None:
    """One mail: the given sections, then the questions of these prompts, numbered through."""
    language = outbox.language_of(desk, person)
    sections, numbered = list(lead_sections), {}
    header: list[str] = []
    for group in _groups(prompts):
        by_prompt = prompt_views.questions(desk, now, person, group, language, len(header) + 1)
        asked = prompt_views.union(by_prompt)
        if not asked:
            continue
        numbered.update(by_prompt)
        header += [f"{group[0].kind}/{each.question.key}" for each in asked]
        sections.append(
            Section(
                group[0].kind, prompt_views.view(desk, now, person, group, asked, closing(desk, now, group[0], person))
            )
        )
    silent = [prompt for prompt in prompts if not numbered.get(prompt.id)]
    for prompt in silent:
        end(desk, now, prompt, PromptState.SKIPPED, "nothing to ask")
    prompts = [prompt for prompt in prompts if prompt not in silent]
    if not prompts:
        return None
    mail = outbox.write(
        desk,
        now,
        person,
        sections,
        key=key,
        occurrence=occurrence,
        thread=thread,
        audience=audiences.person(person.address) if len(prompts) != 1 else prompts[0].audience,
        because=because,
        headers={"X-Assistant-Questions": ", ".join(header)},  # in the order of their numbers, for mail filters
        not_after=not_after,
    )
    for prompt in prompts:
        if mail is None:
            end(desk, now, prompt, PromptState.SKIPPED, "stopped")
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
    closes = closing(desk, now, prompt, person)
    store.mark_asked(desk.db, now, prompt.id, mail, closes, asked)
    timers.drop(desk.db, f"ask:{prompt.id}")
    timers.put(desk.db, Timer(f"close:{prompt.id}", closes, "close", str(prompt.id)))
    if not timers.keys(desk.db, f"remind:{prompt.id}:") and prompt.closes is None:
        _remind_at(desk, prompt.id, person.address, _reminder_times(desk, now, prompt, person, closes))


def closing(desk: Desk, now: datetime, prompt: Prompt, person: Person) -> datetime:
    """When the window of a prompt asked now ends."""
    if prompt.closes is not None:
        return prompt.closes
    round_ = desk.setup.round_named(prompt.parent)
    return window_end(round_.window if round_ else KINDS[prompt.kind].window, now, person)


def window_end(window: Window, asked: datetime, person: Person) -> datetime:
    if window.working_days is not None:
        return after_working_days(person, asked, window.working_days)
    if window.until is None:
        return asked + (window.length or timedelta(hours=4))
    weekday, wall = window.until
    day = person.local(asked).date()
    ahead = (weekday - day.weekday()) % 7
    end_ = resolve(day + timedelta(days=ahead), wall, person.zone)
    return end_ if end_ > asked else resolve(day + timedelta(days=ahead + 7), wall, person.zone)


def after_working_days(person: Person, since: datetime, days: int, wall: time | None = None) -> datetime:
    """At ``wall``, or the same time of day, on the person's working day that is so many after ``since``.

    Nobody works for ever on no day: after two months it is that day, whatever it is.
    """
    local = person.local(since)
    day, left = local.date(), days
    for _ in range(_MOST_DAYS):
        if left <= 0:
            break
        day += timedelta(days=1)
        left -= person.works_on(day)
    return resolve(day, wall or local.time(), person.zone)


def half_way(desk: Desk, person: Person, due: datetime, closes: datetime) -> list[datetime]:
    """When to remind of what is asked at ``due``: once, at a working moment after half of the time."""
    absences = people_store.absences(desk.db, person.address, person.local(due).date())
    moment = next_working(person, due + (closes - due) / 2, absences)
    return [moment] if moment is not None and due < moment <= closes - timedelta(minutes=15) else []


def _reminder_times(desk: Desk, now: datetime, prompt: Prompt, person: Person, closes: datetime) -> list[datetime]:
    """Each after half of the time that is left, in working hours, and never in the last quarter of an hour."""
    round_ = desk.setup.round_named(prompt.parent)
    wanted = round_.reminders if round_ else KINDS[prompt.kind].reminders
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    times: list[datetime] = []
    last = now
    for _ in range(min(2, wanted)):
        moment = next_working(person, last + (closes - last) / 2, absences)
        if moment is None or moment > closes - timedelta(minutes=15) or moment <= last:
            break
        times.append(moment)
        last = moment
    return times


def _remind_at(desk: Desk, id_: int, person: str, moments: Sequence[datetime]) -> None:
    for number, moment in enumerate(moments, 1):
        timers.put(desk.db, Timer(f"remind:{id_}:{number}", moment, "remind", str(id_), person, MAIL))


def remind(desk: Desk, now: datetime, person: Person | None, due: Sequence[Timer]) -> None:
    """One reminder per mail that still waits for an answer, about the prompts in it that do."""
    if person is None:
        return
    today = person.local(now).date()
    if is_away(people_store.absences(desk.db, person.address, today), person.address, today):
        return
    wanted = people_store.setting(desk.db, person.address, "reminders")
    by_mail: dict[int, list[Prompt]] = {}
    for timer in due:
        prompt = store.prompt(desk.db, int(timer.ref))
        if prompt is None or prompt.state is not PromptState.ASKED or prompt.mail is None:
            continue
        if now - timer.due > _reminder_useful_for(desk, prompt) or prompt.reminded >= 2:
            continue
        if (wanted is None or prompt.reminded < int(wanted)) and not outbox.is_stopped(
            desk, person.address, prompt.kind
        ):
            by_mail.setdefault(prompt.mail, []).append(prompt)
    for mail, prompts in by_mail.items():
        _write_reminder(desk, now, person, mail, prompts)


def _write_reminder(desk: Desk, now: datetime, person: Person, mail: int, prompts: Sequence[Prompt]) -> None:
    original = outbox_store.by_id(desk.db, mail)
    if original is None:
        return
    language = outbox.language_of(desk, person)
    sections: list[Section] = []
    seen: set[int] = set()
    for prompt in prompts:
        store.mark_reminded(desk.db, prompt.id)
        if prompt.questions and prompt.questions[0].number in seen:
            continue  # the same questions for another team
        seen.update(asked.number for asked in prompt.questions)
        sections.append(
            Section(
                "reminder",
                ReminderView(
                    kind=prompt.kind,
                    title=prompt_views.title(desk, person, prompt, language),
                    day=prompt.day,
                    questions=tuple(as_view(asked) for asked in prompt.questions),
                    closes=person.local(prompt.closes or now),
                    subject=outbox_store.subject(desk.db, mail),
                    last=not timers.keys(desk.db, f"remind:{prompt.id}:{prompt.reminded + 2}"),
                ),
            )
        )
    outbox.write(
        desk,
        now,
        person,
        sections,
        key=f"remind {mail} {prompts[0].reminded + 1}",
        occurrence=f"mail {mail}",
        thread=original.thread,
        audience=original.audience,
        because=f"no answer yet to mail {mail}",
        not_after=now + max(_reminder_useful_for(desk, prompt) for prompt in prompts),
    )
    for prompt in prompts:
        channels.remind(desk, now, prompt)


def never_left(desk: Desk, now: datetime, mail: int) -> None:
    """The mail could not be sent while it was of use: whoever was not asked has missed nothing."""
    for prompt in store.prompts_in_mail(desk.db, mail):
        end(desk, now, prompt, PromptState.EXPIRED, "late")


def _reminder_useful_for(desk: Desk, prompt: Prompt) -> timedelta:
    return REMINDER_USEFUL_FOR if desk.setup.round_named(prompt.parent) else MEETING_REMINDER_USEFUL_FOR


def as_view(asked: AskedQuestion) -> Asked:
    question = asked.question
    return Asked(
        asked.number,
        question.key,
        question.text,
        question.short or question.text,
        (),
        question.options,
        question.optional,
    )


def close(desk: Desk, timer: Timer, now: datetime) -> None:
    """A prompt's window has ended."""
    prompt = store.prompt(desk.db, int(timer.ref))
    if prompt is None:
        return
    if prompt.state is PromptState.PLANNED:
        end(desk, now, prompt, PromptState.EXPIRED, "late")
    else:
        end(desk, now, prompt, PromptState.MISSED)


HANDLERS = {"close": close}
