"""From the answers to one prompt to the records they call for. A correction takes back what it no longer says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from assistant.domain.kinds import KINDS
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question, Reading
from assistant.domain.records import Draft, Record, RecordKind, RecordState, same_matter
from assistant.inbound import notes
from assistant.store import records
from assistant.store import rounds as store
from assistant.store.rounds import Prompt
from assistant.workflows import outbox
from assistant.workflows.desk import Desk


def apply(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> None:
    """Bring the records of this prompt in line with its newest answers."""
    kind = KINDS[prompt.kind]
    if kind.apply is None:
        return
    answers = {
        key: _with_owners(desk, now, person, answer)
        for key, answer in store.answers_to(desk.db, prompt.id).items()
        if answer.confidence >= CONFIDENCE_FLOOR
    }
    round_ = desk.setup.round_named(prompt.parent)
    context = round_.team if round_ else prompt.parent
    existing = records.from_prompt(desk.db, prompt.id)
    kept: set[int] = set()
    for draft in kind.apply(answers):
        match = _match(draft, existing) or _open_blocker(desk, draft, person, context)
        if match is not None:
            kept.add(match.id)
            continue
        kept.add(
            records.add(
                desk.db, now, draft, owner=draft.owner or person.address, author=person.address,
                audience=prompt.audience, context=context, occurrence=prompt.occurrence,
                prompt=prompt.id, inbound=inbound,
            )
        )  # fmt: skip
    for record in existing if not kind.adds_up else ():
        if record.id not in kept and record.state is RecordState.OPEN:
            records.close(desk.db, now, record.id, RecordState.DROPPED, person.address, inbound)
    blocker = answers.get("blockers")
    if blocker is not None and blocker.value == []:
        for record in records.open_records(desk.db, RecordKind.BLOCKER, context=context, owner=person.address):
            records.close(desk.db, now, record.id, RecordState.DONE, person.address, inbound)


def _with_owners(desk: Desk, now: datetime, person: Person, answer: Answer) -> Answer:
    """Action items know their owners and dates; who and when they name is read with the people known."""
    if answer.question != "actions":
        return answer
    today = person.local(now).date()
    found = notes.action_items(answer.text, list(desk.setup.people.values()), today, outbox.language_of(desk, person))
    value = [{"text": item.text, "owner": item.owner, "due": item.due} for item in found]
    return replace(answer, value=value)


def _match(draft: Draft, existing: Sequence[Record]) -> Record | None:
    return next(
        (r for r in existing if r.kind is draft.kind and r.text == draft.text and _day(r.due) == _day(draft.due)), None
    )


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _open_blocker(desk: Desk, draft: Draft, person: Person, context: str) -> Record | None:
    """A blocker named again is the same one, so that it shows since when."""
    if draft.kind is not RecordKind.BLOCKER:
        return None
    for record in records.open_records(desk.db, RecordKind.BLOCKER, context=context, owner=person.address):
        if same_matter(record.text, draft.text):
            return record
    return None


LOOSE: Mapping[str, str] = {"meeting-notes": "takeaways", "feedback-request": "else", "onboarding": "going"}
"""Kinds whose answers may be written as one piece, and the question that such a piece answers."""


def place_loose(found: Reading, questions: Sequence[Question], to: str) -> Reading:
    """What was written as one piece is kept there: whatever question it answers, the readers are the same."""
    keys = [question.key for question in questions]
    loose = [answer.text for answer in found.unsure] + ([found.rest] if found.rest.strip() else [])
    if to not in keys or not loose:
        return found
    own = next((answer for answer in found.sure if answer.question == to), None)
    text = "\n".join(([own.text] if own else []) + loose)
    answer = Answer(to, text, CONFIDENCE_FLOOR, "only", notes.lines(text) if to == "takeaways" else None)
    return Reading([*(a for a in found.sure if a.question != to), answer])
