"""Replies without marks that tell in another way what answers what: figures in a row, tick boxes, counting words,
and text that was dictated, without any punctuation.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.domain.questions import CONFIDENCE_FLOOR, AnswerType, Question
from assistant.inbound import figures, points
from assistant.inbound.labels import Labels
from assistant.inbound.nothing import is_nothing
from assistant.inbound.points import Row
from assistant.inbound.sections import Section
from assistant.inbound.sentences import AMBIGUOUS, CONNECTIVES, FITTING, blockers_of, openers
from assistant.inbound.spelled import place
from assistant.inbound.values import Context
from assistant.inbound.values import read as read_value
from assistant.inbound.words.fold import Token, tokens, words

FIGURES = (AnswerType.SCALE, AnswerType.NUMBER)
TICKED, UNTICKED = ("[x]", "[X]", "☑", "✓", "✔", "✅"), ("[ ]", "[]", "☐")
MAX_TEXT = 1_000
MAX_LEAD = 3
MOST_FIGURES = 6
_NO_CONTEXT = Context()
_STOPS = frozenset(".!?;:\n•")
_NOT_BEFORE = frozenset({
    "for", "of", "due", "until", "by", "is", "from", "since", "before", "after", "till", "für", "fur", "bis", "von",
    "vor", "seit", "ab", "pour", "de", "d", "avant", "depuis", "para", "hasta", "desde", "del", "até", "ate", "per",
    "da", "fino", "di", "entro", "voor", "tot", "van", "was", "and",
})  # fmt: skip
"""Behind these "today" only says of which day something is."""


def unmarked(
    questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row], marks: Labels
) -> list[Section] | None:
    """Sections for the open questions, or None where nothing of the kind is told."""
    if len(open_at) < 2 or not rows:
        return None
    return (
        _figures(questions, open_at, rows, marks)
        or _ticked(questions, open_at, rows, marks)
        or _counted(questions, open_at, rows)
        or _dictated(questions, open_at, rows, marks)
    )


def fits_figure(question: Question, text: str) -> bool:
    """Whether a text is a figure for a question that wants one."""
    value = read_value(question, text, _NO_CONTEXT)
    return question.type in FIGURES and value.value is not None and value.fit >= CONFIDENCE_FLOOR


def _row(first: Row, text: str) -> Row:
    return replace(first, body=text, raw=text, bullet=False, number=None, blank_before=False)


# Figures


def _figures(
    questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row], marks: Labels
) -> list[Section] | None:
    """ "8, 6", "7/10" above "5/10", "work 7, workload 4": as many figures as questions that want one."""
    if any(questions[at].type not in FIGURES for at in open_at) or any(row.number is not None for row in rows):
        return None
    if len(rows) == len(open_at):
        return _placed(questions, open_at, [(row, row.body) for row in rows], marks)
    if len(rows) > 1 or len(rows[0].body) > MAX_TEXT:
        return None
    for pieces in _pieces(rows[0].body):
        if len(pieces) == len(open_at):
            found = _placed(questions, open_at, [(rows[0], piece) for piece in pieces], marks)
            if found is not None:
                return found
    return None


def _pieces(text: str) -> Iterator[list[str]]:
    """The text cut at semicolons, commas, "and", slashes or spaces."""
    for mark in (";", ", ", ",", "|"):
        yield [piece.strip() for piece in text.split(mark) if piece.strip()]
    found = tokens(text)
    cuts = [token for token in found if token.folded in CONNECTIVES or token.folded in {"&", "+"}]
    begins, ends = [0, *(token.end for token in cuts)], [*(token.start for token in cuts), len(text)]
    yield [text[begin:end].strip(" ,") for begin, end in zip(begins, ends, strict=True) if text[begin:end].strip(" ,")]
    yield [piece.strip() for piece in text.split("/") if piece.strip()]
    if len(found) <= MOST_FIGURES:
        yield text.split()


def _placed(
    questions: Sequence[Question], open_at: Sequence[int], pieces: Sequence[tuple[Row, str]], marks: Labels
) -> list[Section] | None:
    """By their labels where each has one, else in order; every piece must be a figure and little else."""
    led = [marks.leading(text) for _, text in pieces]
    named = [lead[0] for lead in led if lead is not None]
    if named and (sorted(named) != sorted(open_at) or len(named) != len(pieces)):
        return None
    sections = []
    for at, (row, text), lead in zip(named or open_at, pieces, led, strict=True):
        body = text[lead[1] :].strip(" :=-–") if lead is not None else text
        value = read_value(questions[at], body, _NO_CONTEXT)
        counted = len(figures.find(body, "en")) or len(figures.spelled_in(words(body)))
        if value.value is None or value.fit < CONFIDENCE_FLOOR or not counted:
            return None
        sections.append(Section(at, [_row(row, body)], FITTING, "order", bare=True))
    return sections


# Tick boxes


def _ticked(
    questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row], marks: Labels
) -> list[Section] | None:
    """What is ticked is done, what is not comes next; a plain "nothing" is about blockers."""
    done = [at for at in marks.concept("done") if at in open_at]
    following = [at for at in marks.concept("next") if at in open_at]
    if len(done) != 1 or len(following) != 1:
        return None
    ticked = [row for row in rows if _box(row) in TICKED]
    open_ = [row for row in rows if _box(row) in UNTICKED]
    others = [row for row in rows if not _box(row)]
    blockers = blockers_of(questions, open_at)
    if not ticked or not open_ or len(others) > 1:
        return None
    if others and not (blockers and is_nothing(others[0].body)):
        return None
    sections = [
        Section(done[0], ticked, FITTING, "order", bare=len(ticked) == 1),
        Section(following[0], open_, FITTING, "order", bare=len(open_) == 1),
    ]
    return [*sections, *([Section(blockers[0], others, FITTING, "order", bare=True)] if others else [])]


def _box(row: Row) -> str:
    text = row.raw.strip().lstrip("-*•+ ")
    return next((box for box in (*TICKED, *UNTICKED) if text.startswith(box)), "")


# Words


def _paragraph(rows: Sequence[Row]) -> str:
    """The rows as one running text; "" where they are anything else."""
    if any(row.marked or (row.blank_before and at) for at, row in enumerate(rows)):
        return ""
    wrapped = all(points.continues(before, row) for before, row in itertools.pairwise(rows))
    text = " ".join(row.body for row in rows)
    return text if wrapped and len(text) <= MAX_TEXT else ""


def _counted(questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row]) -> list[Section] | None:
    """ "First: import. Second: audit. Third: nothing", "one import two audit three nothing"."""
    text = _paragraph(rows)
    said = [token for token in tokens(text) if token.is_word]
    starts: list[Token] = []
    for token in said:
        wanted = len(starts) + 1
        if wanted <= len(open_at) and _counts(token.folded) == wanted and (starts or token is said[0]):
            starts.append(token)
    if len(starts) != len(open_at):
        return None
    ends = [*(token.start for token in starts[1:]), len(text)]
    pieces = [text[token.end : end].strip(" ,;:-–") for token, end in zip(starts, ends, strict=True)]
    blockers = blockers_of(questions, open_at)
    told = all(piece.strip(" .") for piece in pieces)
    ordinal = place(starts[0].folded, 0) == 1 or starts[0].folded in _FIRSTLY
    clear = ordinal or any(at in blockers and is_nothing(piece) for at, piece in zip(open_at, pieces, strict=True))
    sure = FITTING if clear else AMBIGUOUS
    return (
        [
            Section(at, [_row(rows[0], piece)], sure, "order", bare=True)
            for at, piece in zip(open_at, pieces, strict=True)
        ]
        if told
        else None
    )


def _counts(word: str) -> int | None:
    if word in _FIRSTLY:
        return _FIRSTLY[word]
    number = figures.spelled(word)
    return place(word, 0) or (int(number) if number is not None else None)


_FIRSTLY = {
    word: number
    for number, row in enumerate(
        (
            "firstly erstens premierement",
            "secondly zweitens deuxiemement",
            "thirdly drittens troisiemement",
            "fourthly viertens quatriemement",
        ),
        1,
    )
    for word in row.split()
}


def _dictated(
    questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row], marks: Labels
) -> list[Section] | None:
    """ "yesterday i finished the import today i start the audit and nothing is in my way", without a full stop."""
    text = _paragraph(rows)
    done = [at for at in marks.concept("done") if at in open_at]
    following = [at for at in marks.concept("next") if at in open_at]
    if not text or len(done) != 1 or len(following) != 1 or set(text.rstrip(".")) & _STOPS:
        return None
    said = [token for token in tokens(text) if token.is_word]
    folded = [token.folded for token in said]
    lead = 1 if folded[:1] and folded[0] in CONNECTIVES | _LEADS else 0
    opened = [(at, match[0], match[1]) for at in range(len(folded)) if (match := openers().match(folded, at))]
    if [concept for _, concept, _ in opened] != ["done", "next"] or opened[0][0] not in (0, lead):
        return None
    at, _, size = opened[1]
    if folded[at - 1] in _NOT_BEFORE - CONNECTIVES or len(folded) < at + size + 1 or at < 2:
        return None
    cut = said[at - 1].start if folded[at - 1] in CONNECTIVES and at > 2 else said[at].start
    first, rest = text[:cut].rstrip(" ,"), text[said[at].start :]
    sections = [Section(done[0], [_row(rows[0], first)], FITTING, "order", bare=True)]
    blockers = blockers_of(questions, open_at)
    end = _nothing_from(rest) if len(blockers) == 1 else None
    if end is not None:
        free = _without_lead(rest[end:])
        sections.append(Section(blockers[0], [_row(rows[0], free)], FITTING, "order", bare=True))
        rest = rest[:end].rstrip(" ,")
    sections.append(Section(following[0], [_row(rows[0], rest)], FITTING, "order", bare=True))
    return sections


_LEADS = frozenset({"also", "well", "okay", "ok", "hi", "hey", "alors", "bueno", "pues", "bom", "allora", "dus", "nou"})


def _nothing_from(text: str) -> int | None:
    """Where the longest "nothing" at the end of a text begins, two words of it at least."""
    said = [token for token in tokens(text) if token.is_word]
    for at in range(max(2, len(said) - 8), len(said) - 1):
        if is_nothing(_without_lead(text[said[at].start :])):
            return said[at].start
    return None


def _without_lead(text: str) -> str:
    """Without "and" before a clause."""
    said = tokens(text)
    return text[said[1].start :] if len(said) > 1 and said[0].folded in CONNECTIVES else text
