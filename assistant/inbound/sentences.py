"""Sentences that tell by their first word what they answer: "Yesterday I …. Today I will …. No blockers."."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from assistant.domain.questions import AnswerType, Question
from assistant.inbound.labels import Labels
from assistant.inbound.nothing import is_nothing
from assistant.inbound.points import Row
from assistant.inbound.sections import Section
from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import Lexicon, split, words

FITTING, AMBIGUOUS = 0.82, 0.6
_SURELY = 4
"""Among so many first words one such as "blocked" tells of a blocker."""


def blockers_of(questions: Sequence[Question], open_at: Sequence[int]) -> list[int]:
    return [at for at in open_at if questions[at].type is AnswerType.BLOCKER]


@cache
def openers() -> Lexicon[str]:
    """The words a sentence about done or next begins with."""
    opened = Lexicon[str]()
    for language in LANGUAGES.values():
        for offset, concept in ((-1, "done"), (0, "next")):
            for phrase in split(language.days[offset]):
                opened.add(phrase, concept)
    return opened


def spoken(
    questions: Sequence[Question], open_at: Sequence[int], groups: list[list[Row]], marks: Labels
) -> list[Section] | None:
    """Sections from sentences or clauses with such openings, where they name at least two questions."""
    pieces = [piece for group in groups for piece in _sentences(group)]
    sections: list[tuple[int | None, list[Row]]] = []
    used: set[int] = set()
    for piece in pieces:
        target = _target(questions, open_at, piece, marks)
        if target is not None and target not in used:
            used.add(target)
            sections.append((target, [piece]))
        elif sections:
            sections[-1][1].append(piece)
        else:
            sections.append((None, [piece]))
    if len(used) < 2:
        return None
    missing = [at for at in open_at if at not in used]
    result: list[Section] = []
    for target, rows in sections:
        if target is not None:
            result.append(Section(target, _merged(rows), FITTING, "order", bare=len(rows) == 1))
        elif missing:
            first = missing[0]
            sure = FITTING if len(missing) == 1 else AMBIGUOUS
            result.append(Section(first, _merged(rows), sure, "order", bare=len(rows) == 1))
        else:
            return None
    return result


def _target(questions: Sequence[Question], open_at: Sequence[int], piece: Row, marks: Labels) -> int | None:
    blockers = blockers_of(questions, open_at)
    folded = words(piece.body)
    while folded and folded[0] in CONNECTIVES:
        folded = folded[1:]
    if len(blockers) == 1 and is_nothing(piece.body):
        return blockers[0]
    if len(blockers) == 1 and folded[:1] and (folded[0] in BLOCKED or set(folded[:_SURELY]) & _STUCK):
        return blockers[0]
    match = openers().match(folded, 0)
    named = [at for at in marks.concept(match[0]) if at in open_at] if match else []
    return named[0] if len(named) == 1 else None


CONNECTIVES = frozenset({"and", "und", "et", "y", "e", "en", "then", "so", "ed", "dann", "puis"})
BLOCKED = frozenset({
    "waiting", "wait", "waits", "need", "needs", "warte", "warten", "brauche", "fehlt", "attends", "attente", "besoin",
    "espero", "esperando", "necesito", "aguardando", "preciso", "aspetto", "attesa", "wacht", "nodig", "missing",
    "blocked", "blocker", "blockers", "stuck", "blockiert", "bloque", "bloqueado", "bloqueada", "bloccato", "bloccata",
    "geblokkeerd", "blocage", "bloqueo", "bloqueio", "blocco",
})  # fmt: skip
_STUCK = frozenset({
    "blocked", "blocker", "blockers", "stuck", "blockiert", "bloque", "bloquee", "bloqueado", "bloqueada", "bloccato",
    "bloccata", "geblokkeerd", "blocage", "bloqueo", "bloqueio", "blocco", "waiting", "warte",
})  # fmt: skip


def _sentences(rows: Sequence[Row]) -> list[Row]:
    """The sentences of some lines, and of these the clauses that open with a telling word."""
    pieces: list[Row] = []
    for row in rows:
        start = 0
        body = row.body
        for at, letter in enumerate(body):
            ends = letter in ".!?;" and (at + 1 == len(body) or body[at + 1].isspace())
            if ends or (letter == "," and _opens(body[at + 1 : at + 60])):
                pieces.append(
                    replace(
                        row,
                        body=body[start : at + 1].strip(),
                        raw=body[start : at + 1].strip(),
                        blank_before=row.blank_before and start == 0,
                    )
                )
                start = at + 1
        tail = body[start:].strip()
        if tail:
            pieces.append(replace(row, body=tail, raw=tail, blank_before=row.blank_before and start == 0))
    return [piece for piece in pieces if piece.body]


def _opens(clause: str) -> bool:
    folded = words(clause)
    while folded and folded[0] in CONNECTIVES:
        folded = folded[1:]
    return openers().match(folded, 0) is not None or is_nothing(clause) or bool(folded and folded[0] in BLOCKED)


def _merged(rows: Sequence[Row]) -> list[Row]:
    """Sentences of one line put together again."""
    merged: list[Row] = []
    for row in rows:
        body = row.body.rstrip(",") if row is rows[-1] else row.body
        if merged and not row.marked and not row.blank_before and not merged[-1].marked:
            merged[-1] = replace(merged[-1], body=f"{merged[-1].body} {body}", raw=f"{merged[-1].raw} {body}")
        else:
            merged.append(replace(row, body=body, raw=row.raw if row.marked else body))
    return merged
