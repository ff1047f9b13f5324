"""The steps that whatever hangs around a meeting shares: who reads, who is asked, who writes, one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person, is_away, next_working
from assistant.domain.series import documentarian
from assistant.domain.setup import Series
from assistant.render import Section
from assistant.store import meetings as store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import trail
from assistant.store.meetings import Meeting
from assistant.store.outbox import Mail
from assistant.store.rounds import Prompt
from assistant.workflows import invitations, outbox, prompting
from assistant.workflows.desk import Desk
from assistant.workflows.news import News

LEAST_AHEAD = timedelta(minutes=30)
"""So long before a meeting one should know of it; what waits for its reader's day to begin comes no later."""


def audience(series: Series) -> str:
    return audiences.pair(series.name) if invitations.is_private(series) else audiences.series(series.name)


def told_of(desk: Desk, mail: Mail | None) -> list[str]:
    """The labels of the meetings that an agenda or a summary in this mail is about; several, where it tells of such."""
    causes = [cause.partition(" ") for cause in mail.because.split(", ")] if mail is not None else []
    series = (desk.setup.series_named(name) for kind, _, name in causes if kind in ("agenda", "summary"))
    return list(dict.fromkeys(audience(each) for each in series if each is not None))


def readers(desk: Desk, series: Series) -> list[str]:
    """Everybody invited who is still here, who leads first."""
    return [address for address in (*series.participants, *series.optional) if address in desk.setup.people]


def find(desk: Desk, key: str) -> tuple[Series, Meeting] | None:
    meeting = store.by_key(desk.db, key)
    series = desk.setup.series_named(meeting.series) if meeting is not None else None
    return None if meeting is None or series is None else (series, meeting)


def open_occurrence(desk: Desk, now: datetime, kind: str, series: Series, meeting: Meeting) -> bool:
    day = meeting.start.astimezone(desk.setup.people[series.lead].zone).date()
    return rounds_store.open_occurrence(
        desk.db, now, f"{kind}/{meeting.key}", kind, series.name, day, {"meeting": meeting.key}
    )


def plan_prompt(
    desk: Desk, now: datetime, kind: str, series: Series, meeting: Meeting, address: str, due: datetime,
    closes: datetime, remind_at: Sequence[datetime] = (),
) -> int | None:  # fmt: skip
    return prompting.plan(
        desk,
        now,
        occurrence=f"{kind}/{meeting.key}",
        kind=kind,
        parent=series.name,
        person=address,
        audience=audience(series),
        day=desk.setup.people[address].local(meeting.start).date(),
        due=due,
        closes=closes,
        remind_at=remind_at,
    )


def appoint(desk: Desk, series: Series, meeting: Meeting) -> str | None:
    """Who writes: whoever was named, unless they are away after all."""
    away = {address for address in series.participants if is_off(desk, address, meeting.start)}
    if meeting.documentarian in series.participants and meeting.documentarian not in away:
        return meeting.documentarian
    previous = store.previous(desk.db, meeting)
    writer = documentarian(series, previous.documentarian if previous else None, away)
    if writer is not None:
        store.appoint(desk.db, meeting.key, writer)
    return writer


def is_off(desk: Desk, address: str, instant: datetime) -> bool:
    person = desk.setup.people.get(address)
    if person is None:
        return True
    day = person.local(instant).date()
    return is_away(people_store.absences(desk.db, address, day), address, day)


def leaves(desk: Desk, now: datetime, person: Person, soonest: datetime) -> datetime | None:
    """When to mail somebody of what is at ``soonest``: while they work. None, at once, where that would be too late."""
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    at_work = next_working(person, now, absences)
    return None if at_work is None or at_work > soonest - LEAST_AHEAD else at_work


def told(
    desk: Desk, now: datetime, address: str, section: Section, series: Series, meeting: Meeting, key: str,
    question: Prompt | None = None,
) -> News | None:  # fmt: skip
    """To be told to one who is invited, with a question where there is one; None where they stopped its kind."""
    if outbox.is_stopped(desk, address, section.kind):
        trail.record(desk.db, now, address, f"not mailed {section.kind}", meeting.key, "stopped")
        return None
    because = f"{section.kind} {series.name}"
    return News(section, key, meeting.key, meeting.key, audience(series), because, question)


def mail(
    desk: Desk, now: datetime, address: str, section: Section, series: Series, meeting: Meeting, key: str,
    not_before: datetime | None,
) -> None:  # fmt: skip
    """One mail about a meeting to one who is invited."""
    news = told(desk, now, address, section, series, meeting, key)
    if news is not None:
        outbox.write(
            desk, now, desk.setup.people[address], [section], key=key, occurrence=news.occurrence, thread=news.thread,
            audience=news.audience, because=news.because, not_before=not_before,
        )  # fmt: skip
