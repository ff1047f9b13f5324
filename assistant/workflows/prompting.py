"""A prompt's life: planned, asked, answered or missed. ``asking`` writes its mail, ``reminding`` what follows that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain.cadence import Window
from assistant.domain.kinds import KINDS
from assistant.domain.people import Person, next_working, resolve
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store import timers, trail
from assistant.store.rounds import Prompt, PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import rounds
from assistant.workflows.desk import Desk

_MOST_DAYS = 60
_LATE = timedelta(minutes=30)


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
    set_reminders(desk, id_, person, remind_at)
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
        set_reminders(desk, prompt.id, prompt.person, remind_at)


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


def thread_of(prompt: Prompt) -> str:
    """Threads are per person and occurrence; what hangs around one meeting is one thread."""
    occurrence = prompt.occurrence
    return occurrence[occurrence.index("meeting/") :] if "/meeting/" in occurrence else occurrence


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

    Who leaves before that has until the end of their last day. Nobody works for ever on no day: after two months it is
    that day, whatever it is.
    """
    local = person.local(since)
    day, left = local.date(), days
    for _ in range(_MOST_DAYS):
        if left <= 0:
            break
        if day == person.end:
            return resolve(day, time(23, 59), person.zone)
        day += timedelta(days=1)
        left -= person.works_on(day)
    return resolve(day, wall or local.time(), person.zone)


def set_reminders(desk: Desk, id_: int, person: str, moments: Sequence[datetime]) -> None:
    for number, moment in enumerate(moments, 1):
        timers.put(desk.db, Timer(f"remind:{id_}:{number}", moment, "remind", str(id_), person, MAIL))


def postponed(desk: Desk, now: datetime, person: Person, due: datetime) -> datetime | None:
    """When to mail what could not leave at its time: not at night because we are back at night. None: now."""
    if now - due < _LATE:
        return None  # whatever time it was, that was its time
    moment = next_working(person, now, people_store.absences(desk.db, person.address, person.local(now).date()))
    return moment if moment is not None and moment > now else None


def never_left(desk: Desk, now: datetime, mail: int) -> None:
    """The mail could not be sent while it was of use: whoever was not asked has missed nothing."""
    for prompt in store.prompts_in_mail(desk.db, mail):
        end(desk, now, prompt, PromptState.EXPIRED, "late")


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
