"""Reminders: who has not answered is asked once more or twice, at a working moment, and never on their last minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.domain.kinds import KINDS
from assistant.domain.people import Person, is_away, next_working
from assistant.domain.views import ReminderView
from assistant.render import Section
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store import timers
from assistant.store.rounds import Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import channels, outbox, prompt_views, prompting
from assistant.workflows.desk import Desk

REMINDER_USEFUL_FOR = timedelta(hours=1)
MEETING_REMINDER_USEFUL_FOR = timedelta(hours=20)


def half_way(desk: Desk, person: Person, due: datetime, closes: datetime) -> list[datetime]:
    """When to remind of what is asked at ``due``: once, at a working moment after half of the time."""
    absences = people_store.absences(desk.db, person.address, person.local(due).date())
    moment = next_working(person, due + (closes - due) / 2, absences)
    return [moment] if moment is not None and due < moment <= closes - timedelta(minutes=15) else []


def times(desk: Desk, now: datetime, prompt: Prompt, person: Person, closes: datetime) -> list[datetime]:
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
        later = prompting.postponed(desk, now, person, timer.due)
        if later is not None:
            if later - timer.due <= _reminder_useful_for(desk, prompt):
                timers.put(desk.db, replace(timer, due=later))
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
                    questions=tuple(prompt_views.as_view(asked) for asked in prompt.questions),
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


def _reminder_useful_for(desk: Desk, prompt: Prompt) -> timedelta:
    return REMINDER_USEFUL_FOR if desk.setup.round_named(prompt.parent) else MEETING_REMINDER_USEFUL_FOR
