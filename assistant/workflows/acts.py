"""What a person asks for in a line of a reply, done at once and only to what is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.domain.kinds import KINDS, MEETINGS
from assistant.domain.people import Absence, Person
from assistant.domain.records import Record, RecordKind, RecordState
from assistant.domain.views import Act
from assistant.inbound.commands import Away, Command, Done, Help, Reminders, Resume, Skip, Stop, Why
from assistant.store import people as people_store
from assistant.store import records, trail
from assistant.store.rounds import Prompt, PromptState
from assistant.workflows import prompting, replies
from assistant.workflows.desk import Desk

UNDERSTOOD = (Skip, Away, Stop, Resume, Done, Reminders, Help, Why)
"""A line that is one of these is a command; "yes", "no" and a bare number may be answers and are left to be read so."""


def apply(
    desk: Desk,
    now: datetime,
    person: Person,
    inbound: int,
    commands: Sequence[Command],
    prompts: Sequence[Prompt],
    done: list[Act],
) -> bool:
    """Carry the commands out, noting each in ``done``; True where help was asked for."""
    wants_help = False
    for command in commands:
        match command:
            case Skip():
                done.append(_skip(desk, now, prompts))
            case Away(first=first, last=last):
                absence = Absence(person.address, first, last)
                people_store.add_absence(desk.db, now, absence, "reply", inbound)
                replies.excuse(desk, now, person, absence)
                done.append(Act("away", first=first, last=last))
            case Stop(kind=kind):
                done.append(_stop(desk, now, person, inbound, kind))
            case Resume(kind=kind):
                done.append(_resume(desk, now, person, kind))
            case Done(number=number):
                done.append(_done(desk, now, person, inbound, number))
            case Reminders(times=times):
                people_store.set_(desk.db, now, person.address, "reminders", str(times), inbound)
                done.append(Act("reminders", number=times))
            case Help() | Why():
                wants_help = True
            case _:
                continue
        trail.record(desk.db, now, person.address, type(command).__name__.lower(), f"mail {inbound}", "your reply")
    return wants_help


def _skip(desk: Desk, now: datetime, prompts: Sequence[Prompt]) -> Act:
    skipped = [prompting.end(desk, now, prompt, PromptState.SKIPPED, "asked") for prompt in prompts]
    return Act("skip" if any(skipped) else "nothing-open")


STOPS: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in (*KINDS, "digest", "rollup", "summary", "reminder")},
    "agenda": ("agenda-call", "agenda"),
    "feedback": ("meeting-feedback",),
    "refinement": ("backlog-refinement",),
    "retrospective": ("missed-deliverable",),
    **dict.fromkeys(MEETINGS, ("agenda-call", "agenda", "meeting-notes", "summary", "meeting-feedback")),
}
"""What people call a thing, to the kinds of mail that stop with it."""


def _stop(desk: Desk, now: datetime, person: Person, inbound: int, kind: str | None) -> Act:
    kinds = STOPS.get(kind or "", ())
    if kind and not kinds:
        return Act("nothing-open")
    for name in [f"stopped:{stopped}" for stopped in kinds] or ["stopped"]:
        people_store.set_(desk.db, now, person.address, name, "yes", inbound)
    return Act("stop", kind=kinds[0] if kinds else "")


def _resume(desk: Desk, now: datetime, person: Person, kind: str | None) -> Act:
    """Without a kind, or where everything was stopped, everything comes again."""
    kinds = STOPS.get(kind or "", ())
    stopped = [name for name in people_store.settings(desk.db, person.address) if name.startswith("stopped")]
    for name in stopped:
        if not kinds or name == "stopped" or name.removeprefix("stopped:") in kinds:
            people_store.unset(desk.db, person.address, name)
    back = people_store.end_absences(desk.db, person.address, person.local(now).date())
    return Act("back" if back and not stopped else "resume", kind=kinds[0] if kinds else "")


def _done(desk: Desk, now: datetime, person: Person, inbound: int, number: int) -> Act:
    record = records.by_id(desk.db, number)
    if record is None or record.kind not in (RecordKind.ACTION, RecordKind.BLOCKER):
        return Act("unknown-number", number=number)
    if record.owner != person.address:
        return Act("not-yours", number=number)
    for twin in _twins(desk, record):
        records.close(desk.db, now, twin.id, RecordState.DONE, person.address, inbound)
    return Act("done", text=record.text, number=number)


def _twins(desk: Desk, record: Record) -> list[Record]:
    """The record and its like in the other teams that were told the same."""
    same = [
        other for other in records.open_records(desk.db, record.kind, owner=record.owner) if other.text == record.text
    ]
    return [record, *(other for other in same if other.id != record.id)]
