"""What a person asks for in a line of a reply, done at once and only to what is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.domain.kinds import KINDS, MEETINGS
from assistant.domain.people import Absence
from assistant.domain.views import Act
from assistant.inbound.commands import Away, Command, Reminders, Resume, Skip, Stop
from assistant.store import people as people_store
from assistant.store import trail
from assistant.store.rounds import PromptState
from assistant.workflows import prompting, replies
from assistant.workflows.desk import Desk, Do, Request


def apply(desk: Desk, now: datetime, request: Request, commands: Sequence[Command], done: list[Act]) -> list[Command]:
    """Carry the commands out, noting in ``done`` what a receipt should say; gives those that were commands here."""
    taken = []
    for command in commands:
        said = desk.commands[type(command)](desk, now, request, command)
        if said is not None:
            taken.append(command)
            done += said
            act = type(command).__name__.lower()
            trail.record(desk.db, now, request.person.address, act, f"mail {request.inbound}", "your reply")
    return taken


def _skip(desk: Desk, now: datetime, request: Request, _: Skip) -> list[Act]:
    skipped = [prompting.end(desk, now, prompt, PromptState.SKIPPED, "asked") for prompt in request.prompts]
    return [Act("skip" if any(skipped) else "nothing-open")]


def _away(desk: Desk, now: datetime, request: Request, away: Away) -> list[Act]:
    absence = Absence(request.person.address, away.first, away.last)
    people_store.add_absence(desk.db, now, absence, "reply", request.inbound)
    replies.excuse(desk, now, request.person, absence)
    return [Act("away", first=away.first, last=away.last)]


STOPS: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in (*KINDS, "digest", "rollup", "summary", "reminder")},
    "agenda": ("agenda-call", "agenda"),
    "feedback": ("meeting-feedback", "feedback-request"),
    "refinement": ("backlog-refinement",),
    "retrospective": ("missed-deliverable",),
    **dict.fromkeys(MEETINGS, ("agenda-call", "agenda", "meeting-notes", "summary", "meeting-feedback")),
}
"""What people call a thing, to the kinds of mail that stop with it."""


def _stop(desk: Desk, now: datetime, request: Request, stop: Stop) -> list[Act]:
    kinds = STOPS.get(stop.kind or "", ())
    if stop.kind and not kinds:
        return [Act("nothing-open")]
    for name in [f"stopped:{stopped}" for stopped in kinds] or ["stopped"]:
        people_store.set_(desk.db, now, request.person.address, name, "yes", request.inbound)
    return [Act("stop", kind=kinds[0] if kinds else "")]


def _resume(desk: Desk, now: datetime, request: Request, resume: Resume) -> list[Act]:
    """Without a kind, or where everything was stopped, everything comes again."""
    person, kinds = request.person, STOPS.get(resume.kind or "", ())
    stopped = [name for name in people_store.settings(desk.db, person.address) if name.startswith("stopped")]
    for name in stopped:
        if not kinds or name == "stopped" or name.removeprefix("stopped:") in kinds:
            people_store.unset(desk.db, person.address, name)
    back = people_store.end_absences(desk.db, person.address, person.local(now).date())
    return [Act("back" if back and not stopped else "resume", kind=kinds[0] if kinds else "")]


def _reminders(desk: Desk, now: datetime, request: Request, reminders: Reminders) -> list[Act]:
    people_store.set_(desk.db, now, request.person.address, "reminders", str(reminders.times), request.inbound)
    return [Act("reminders", number=reminders.times)]


COMMANDS: Mapping[type[Command], Do] = {
    Skip: _skip,
    Away: _away,
    Stop: _stop,
    Resume: _resume,
    Reminders: _reminders,
}
