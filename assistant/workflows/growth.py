"""A person's development plan: where they want to go, what they can, what they lack, and steps with dates.

It is between the two of a person and their manager. Steps are action items like any other, so that they are done,
moved and shown in the 1:1 by the same lines. Where the manager changes, what was written stays with the one it was
written for until its owner writes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from assistant.domain import audience as audiences
from assistant.domain.kinds import lines_of
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR
from assistant.domain.records import Draft, Record, RecordKind, RecordState
from assistant.domain.views import Act, ActionLine, Asked
from assistant.domain.views_people import AboutView, GrowthView
from assistant.inbound import notes
from assistant.inbound.commands import Command, MyPlan, PlanPart
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import records
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Prompt
from assistant.workflows import feedback, feedback_asked, outbox
from assistant.workflows.desk import Desk, Do, Habit, Request

KIND = "growth-plan"
_PARTS: Mapping[str, RecordKind] = {
    "aspirations": RecordKind.ASPIRATION,
    "skills": RecordKind.SKILL,
    "gaps": RecordKind.GAP,
    "steps": RecordKind.ACTION,
}
_RHYTHMS = ("weekly", "monthly", "quarterly", "never")
_MOST = 20
"""Lines of one answer that become entries of a plan."""


def context_of(address: str) -> str:
    """What the records of a plan belong to."""
    return f"plan:{address}"


def label_of(desk: Desk, person: Person) -> str:
    manager = person.manager if person.manager in desk.setup.people else None
    return audiences.two(person.address, manager or person.address)


def plan_of(desk: Desk, owner: str, reader: str) -> dict[RecordKind, list[Record]]:
    """The open entries of a plan that this reader may see, by kind."""
    return {
        kind: [
            record
            for record in records.open_records(desk.db, kind, context=context_of(owner))
            if audiences.may_read(record.audience, reader, desk.setup)
        ]
        for kind in _PARTS.values()
    }


def view(desk: Desk, now: datetime, owner: Person, reader: Person) -> GrowthView:
    own = owner.address == reader.address
    plan, today = plan_of(desk, owner.address, reader.address), owner.local(now).date()
    steps = sorted(plan[RecordKind.ACTION], key=lambda record: (record.due or date.max, record.id))
    manager = desk.setup.people.get(owner.manager or "")
    return GrowthView(
        who=None if own else outbox.who(owner),
        other=manager.first_name if manager is not None else "",
        aspirations=tuple(record.text for record in plan[RecordKind.ASPIRATION]),
        skills=tuple(record.text for record in plan[RecordKind.SKILL]),
        gaps=tuple(record.text for record in plan[RecordKind.GAP]),
        steps=tuple(
            ActionLine(r.id, r.text, owner.first_name, r.due, overdue=r.due is not None and r.due < today)
            for r in steps
        ),
        rhythm=people_store.setting(desk.db, owner.address, feedback_asked.RHYTHM) or "",
    )


def _show(desk: Desk, now: datetime, request: Request, command: MyPlan) -> list[Act]:
    reader = request.person
    owner = reader if command.owner in (None, "me") else feedback.colleague(desk, command.owner or "")
    if owner is None:
        return [feedback.said("unknown-person", text=command.owner or "")]
    if reader.address not in (owner.address, owner.manager):
        return [feedback.said("not-your-plan")]
    outbox.write(
        desk, now, reader, [Section("growth", view(desk, now, owner, reader))],
        key=f"plan {request.inbound} {owner.address}", occurrence=f"inbound {request.inbound}",
        thread=f"inbound {request.inbound}", audience=label_of(desk, owner), because=f"your mail {request.inbound}",
    )  # fmt: skip
    return [Act("mailed")]


def _part(desk: Desk, now: datetime, request: Request, command: PlanPart) -> list[Act]:
    """One line more; what is there stays."""
    kind = _PARTS[f"{command.part}s"]
    number = _add(desk, now, request.person, kind, command.text, command.due, request.inbound)
    step = kind is RecordKind.ACTION
    return [Act("planned", text=command.text, number=number if step else None, first=command.due, family="people")]


def _add(
    desk: Desk, now: datetime, person: Person, kind: RecordKind, text: str, due: date | None, inbound: int,
    prompt: Prompt | None = None,
) -> int:  # fmt: skip
    return records.add(
        desk.db, now, Draft(kind, text, due=due), owner=person.address, author=person.address,
        audience=label_of(desk, person), context=context_of(person.address),
        occurrence=prompt.occurrence if prompt is not None else "", prompt=prompt.id if prompt is not None else None,
        inbound=inbound,
    )  # fmt: skip


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> AboutView:
    manager = desk.setup.people.get(person.manager or "")
    title = desk.render.title(prompt.kind, outbox.language_of(desk, person))
    who = outbox.who(manager) if manager is not None else None
    return AboutView(title, prompt.day, asked, person.local(closes), who)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> list[Act]:
    """What an answer says of a part takes the place of what stood there; steps are added."""
    answers = rounds_store.answers_in(desk.db, prompt.id, inbound)
    sure = {key: answer for key, answer in answers.items() if answer.confidence >= CONFIDENCE_FLOOR}
    for key in ("aspirations", "skills", "gaps"):
        if key in sure:
            _replace(desk, now, person, prompt, inbound, _PARTS[key], lines_of(sure[key])[:_MOST])
    if "steps" in sure:
        _add_steps(desk, now, person, prompt, inbound, sure["steps"].text)
    rhythm = sure.get("rhythm")
    if rhythm is not None and isinstance(rhythm.value, int) and rhythm.value < len(_RHYTHMS):
        feedback_asked.set_rhythm(desk, now, person, _RHYTHMS[rhythm.value], inbound)
    return [feedback.said("plan-kept")] if sure else []


def _replace(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int, kind: RecordKind, lines: Sequence[str]
) -> None:
    for record in records.open_records(desk.db, kind, context=context_of(person.address)):
        records.close(desk.db, now, record.id, RecordState.DROPPED, person.address, inbound)
    for text in lines:
        _add(desk, now, person, kind, text, None, inbound, prompt)


def _add_steps(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int, text: str) -> None:
    """Each with the day it names; one that is there already stays as it is."""
    known = {r.text for r in records.open_records(desk.db, RecordKind.ACTION, context=context_of(person.address))}
    today = person.local(now).date()
    for item in notes.action_items(text, [], today, outbox.language_of(desk, person))[:_MOST]:
        if item.text not in known:
            _add(desk, now, person, RecordKind.ACTION, item.text, item.due, inbound, prompt)


HABITS: Mapping[str, Habit] = {KIND: Habit(view=_view, answered=_answered, speaks=True)}
COMMANDS: Mapping[type[Command], Do] = {MyPlan: _show, PlanPart: _part}
