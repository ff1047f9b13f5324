"""Occurrences of rounds, the prompts of each, and the answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from assistant.domain.questions import Answer, AnswerType, Question
from assistant.store.text import dumps, instant, loads, optional_instant, read_day, read_instant, read_optional_instant


class PromptState(StrEnum):
    """``planned`` and ``asked`` are open; every prompt ends in exactly one of the others."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    MISSED = "missed"
    SKIPPED = "skipped"
    EXPIRED = "expired"


OPEN = (PromptState.PLANNED, PromptState.ASKED)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One run of a round. ``parent`` is the round or the series; ``data`` what the kind needs to remember."""

    key: str
    kind: str
    parent: str
    day: date
    open: bool
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it was put to one person, with its number in the mail."""

    number: int
    question: Question


@dataclass(frozen=True, slots=True)
class Prompt:
    id: int
    occurrence: str
    kind: str
    parent: str
    person: str
    audience: str
    day: date
    state: PromptState
    reason: str
    due: datetime
    asked_at: datetime | None
    closes: datetime | None
    finished_at: datetime | None
    reminded: int
    late: bool
    mail: int | None
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    prompt: int
    person: str
    answer: Answer
    at: datetime
    late: bool
    versions: int = 1


def open_occurrence(
    db: Database, now: datetime, key: str, kind: str, parent: str, day: date, data: Mapping[str, Any]
) -> bool:
    """False where that occurrence is there already."""
    made = db.execute(
        "INSERT OR IGNORE INTO occurrences (key, kind, parent, day, state, opened_at, data)"
        " VALUES (?, ?, ?, ?, 'open', ?, ?)",
        [key, kind, parent, day.isoformat(), instant(now), dumps(dict(data))],
    )
    return made.rowcount == 1


def close_occurrence(db: Database, now: datetime, key: str) -> bool:
    """False where it was closed already."""
    closed = db.execute(
        "UPDATE occurrences SET state = 'closed', closed_at = ? WHERE key = ? AND state = 'open'", [instant(now), key]
    )
    return closed.rowcount == 1


_OCCURRENCE = "SELECT key, kind, parent, day, state, data FROM occurrences"


def _occurrence(row: Sequence[Any]) -> Occurrence:
    key, kind, parent, day, state, data = row
    return Occurrence(key, kind, parent, date.fromisoformat(day), state == "open", loads(data))


def occurrence(db: Database, key: str) -> Occurrence | None:
    row = db.execute(f"{_OCCURRENCE} WHERE key = ?", [key]).fetchone()
    return None if row is None else _occurrence(row)


def occurrences(db: Database, parent: str, first: date, last: date) -> list[Occurrence]:
    rows = db.execute(
        f"{_OCCURRENCE} WHERE parent = ? AND day BETWEEN ? AND ? ORDER BY day",
        [parent, first.isoformat(), last.isoformat()],
    )
    return [_occurrence(row) for row in rows]


def open_occurrences(db: Database) -> list[tuple[str, str]]:
    """(key, parent) of all that are open."""
    return list(db.execute("SELECT key, parent FROM occurrences WHERE state = 'open' ORDER BY key").fetchall())


def count_occurrences(db: Database, parent: str) -> int:
    return int(db.execute("SELECT count(*) FROM occurrences WHERE parent = ?", [parent]).fetchone()[0])


def add_prompt(
    db: Database,
    occurrence: str,
    kind: str,
    parent: str,
    person: str,
    audience: str,
    day: date,
    due: datetime,
    closes: datetime | None,
) -> int | None:
    """Its id, or None where that person has this prompt already."""
    made = db.execute(
        "INSERT OR IGNORE INTO prompts (occurrence, kind, parent, person, audience, day, state, due, closes)"
        " VALUES (?, ?, ?, ?, ?, ?, 'planned', ?, ?)",
        [occurrence, kind, parent, person, audience, day.isoformat(), instant(due), optional_instant(closes)],
    )
    return made.lastrowid if made.rowcount == 1 else None


_PROMPT = (
    "SELECT id, occurrence, kind, parent, person, audience, day, state, reason, due, asked_at, closes, finished_at,"
    " reminded, late, mail, questions FROM prompts"
)


def _prompt(row: Sequence[Any]) -> Prompt:
    (id_, occurrence_, kind, parent, person, audience, day, state, reason, due, asked_at, closes, finished_at, reminded,
     late, mail, questions) = row  # fmt: skip
    return Prompt(
        id_, occurrence_, kind, parent, person, audience, date.fromisoformat(day), PromptState(state), reason,
        read_instant(due), read_optional_instant(asked_at), read_optional_instant(closes),
        read_optional_instant(finished_at), reminded, bool(late), mail, tuple(map(_asked, loads(questions))),
    )  # fmt: skip


def _asked(stored: Mapping[str, Any]) -> AskedQuestion:
    number = stored["number"]
    rest = {name: value for name, value in stored.items() if name != "number"}
    return AskedQuestion(
        number,
        Question(
            rest["key"], rest["text"], rest["short"], AnswerType(rest["type"]), tuple(rest["labels"]),
            tuple(rest["options"]), rest["optional"],
        ),
    )  # fmt: skip


def _question_row(asked: AskedQuestion) -> dict[str, Any]:
    question = asked.question
    return {
        "number": asked.number,
        "key": question.key,
        "text": question.text,
        "short": question.short,
        "type": question.type.value,
        "labels": question.labels,
        "options": question.options,
        "optional": question.optional,
    }


def prompt(db: Database, id_: int) -> Prompt | None:
    row = db.execute(f"{_PROMPT} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _prompt(row)


def prompts_of(db: Database, occurrence: str) -> list[Prompt]:
    return [_prompt(row) for row in db.execute(f"{_PROMPT} WHERE occurrence = ? ORDER BY id", [occurrence])]


def prompts_in_mail(db: Database, mail: int) -> list[Prompt]:
    return [_prompt(row) for row in db.execute(f"{_PROMPT} WHERE mail = ? ORDER BY id", [mail])]


def open_prompts(db: Database, person: str) -> list[Prompt]:
    """Those asked and not yet finished, newest first."""
    rows = db.execute(f"{_PROMPT} WHERE person = ? AND state = 'asked' ORDER BY asked_at DESC, id", [person])
    return [_prompt(row) for row in rows]


def unfinished_prompts(db: Database, person: str) -> list[Prompt]:
    rows = db.execute(f"{_PROMPT} WHERE person = ? AND state IN ('planned', 'asked') ORDER BY id", [person])
    return [_prompt(row) for row in rows]


def planned_prompts(db: Database) -> list[Prompt]:
    """Everybody's that wait to be asked."""
    rows = db.execute(
        f"{_PROMPT} WHERE occurrence IN (SELECT key FROM occurrences WHERE state = 'open') AND state = 'planned'"
        " ORDER BY id"
    )
    return [_prompt(row) for row in rows]


def is_complete(db: Database, occurrence: str) -> bool:
    """Nobody of this occurrence is still to be asked or to answer."""
    found = db.execute(
        "SELECT 1 FROM prompts WHERE occurrence = ? AND state IN ('planned', 'asked') LIMIT 1", [occurrence]
    )
    return found.fetchone() is None


def last_asked(db: Database, parent: str, person: str, before: date) -> Prompt | None:
    """The newest prompt of this round that reached the person before that day."""
    row = db.execute(
        f"{_PROMPT} WHERE parent = ? AND person = ? AND day < ? AND asked_at IS NOT NULL ORDER BY day DESC LIMIT 1",
        [parent, person, before.isoformat()],
    ).fetchone()
    return None if row is None else _prompt(row)


def prompt_before(db: Database, parent: str, person: str, day: date) -> Prompt | None:
    """The newest prompt of this round for the person before that day, whatever became of it."""
    row = db.execute(
        f"{_PROMPT} WHERE parent = ? AND person = ? AND day < ? ORDER BY day DESC LIMIT 1",
        [parent, person, day.isoformat()],
    ).fetchone()
    return None if row is None else _prompt(row)


def mark_asked(
    db: Database, now: datetime, id_: int, mail: int, closes: datetime, questions: Iterable[AskedQuestion]
) -> None:
    db.execute(
        "UPDATE prompts SET state = 'asked', asked_at = ?, mail = ?, closes = ?, questions = ? WHERE id = ?",
        [instant(now), mail, instant(closes), dumps([_question_row(asked) for asked in questions]), id_],
    )


def move_prompt(db: Database, id_: int, due: datetime | None, closes: datetime | None) -> None:
    db.execute(
        "UPDATE prompts SET due = coalesce(?, due), closes = coalesce(?, closes)"
        " WHERE id = ? AND state IN ('planned', 'asked')",
        [optional_instant(due), optional_instant(closes), id_],
    )


def mark_reminded(db: Database, id_: int) -> None:
    db.execute("UPDATE prompts SET reminded = reminded + 1 WHERE id = ?", [id_])


def finish(db: Database, now: datetime, id_: int, state: PromptState, reason: str = "") -> bool:
    """Move an open prompt to its end; False where it had one."""
    done = db.execute(
        "UPDATE prompts SET state = ?, reason = ?, finished_at = ? WHERE id = ? AND state IN ('planned', 'asked')",
        [state.value, reason, instant(now), id_],
    )
    return done.rowcount == 1


def answered_late(db: Database, id_: int) -> None:
    """A missed prompt that was answered after all: it still counts as missed, and what was said is kept."""
    db.execute("UPDATE prompts SET late = 1 WHERE id = ?", [id_])


def add_answer(db: Database, now: datetime, prompt_: int, answer: Answer, inbound: int, late: bool) -> bool:
    """True where it replaces an earlier one, which is kept."""
    replaced = db.execute(
        "UPDATE answers SET newest = 0 WHERE prompt = ? AND question = ? AND newest = 1", [prompt_, answer.question]
    )
    db.execute(
        "INSERT INTO answers (prompt, question, text, value, confidence, how, inbound, at, late)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            prompt_, answer.question, answer.text, None if answer.value is None else dumps(answer.value),
            answer.confidence, answer.how, inbound, instant(now), int(late),
        ],
    )  # fmt: skip
    return replaced.rowcount > 0


def withdraw_unsure(db: Database, inbound: int, floor: float) -> None:
    """What one mail was taken to say, as far as it was unsure, counts no more: its writer is saying what it was."""
    db.execute("UPDATE answers SET newest = 0 WHERE inbound = ? AND confidence < ?", [inbound, floor])


def _stored(row: Sequence[Any]) -> StoredAnswer:
    prompt_, person, question, text, value, confidence, how, at, late = row
    answer = Answer(question, text, confidence, how, None if value is None else loads(value))
    return StoredAnswer(prompt_, person, answer, read_instant(at), bool(late))


_ANSWER = (
    "SELECT a.prompt, p.person, a.question, a.text, a.value, a.confidence, a.how, a.at, a.late"
    " FROM answers a JOIN prompts p ON p.id = a.prompt WHERE a.newest = 1"
)


def answers_to(db: Database, prompt_: int) -> dict[str, Answer]:
    rows = db.execute(f"{_ANSWER} AND a.prompt = ? ORDER BY a.id", [prompt_])
    return {stored.answer.question: stored.answer for stored in map(_stored, rows)}


def answers_in(db: Database, prompt_: int, inbound: int) -> dict[str, Answer]:
    """Those that one reply gave, by question."""
    rows = db.execute(f"{_ANSWER} AND a.prompt = ? AND a.inbound = ? ORDER BY a.id", [prompt_, inbound])
    return {stored.answer.question: stored.answer for stored in map(_stored, rows)}


def answers_of(db: Database, occurrence: str) -> dict[str, dict[str, StoredAnswer]]:
    """By person, then by question; the newest of each."""
    found: dict[str, dict[str, StoredAnswer]] = {}
    rows = db.execute(f"{_ANSWER} AND p.occurrence = ? ORDER BY p.id, a.id", [occurrence])
    for stored in map(_stored, rows):
        found.setdefault(stored.person, {})[stored.answer.question] = stored
    return found


def earlier_answer(db: Database, parent: str, person: str, question: str, before: date) -> tuple[date, Answer] | None:
    """What the person last said to this question of this round, and for which day."""
    row = db.execute(
        "SELECT p.day, a.prompt, p.person, a.question, a.text, a.value, a.confidence, a.how, a.at, a.late"
        " FROM answers a JOIN prompts p ON p.id = a.prompt"
        " WHERE a.newest = 1 AND p.parent = ? AND p.person = ? AND a.question = ? AND p.day < ?"
        " ORDER BY p.day DESC LIMIT 1",
        [parent, person, question, before.isoformat()],
    ).fetchone()
    return None if row is None else (read_day(row[0]) or before, _stored(row[1:]).answer)


def counts(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT state, count(*) FROM prompts GROUP BY state ORDER BY state").fetchall())
