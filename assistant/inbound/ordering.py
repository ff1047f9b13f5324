"""Replies without marks: paragraphs, bullets, lines or sentences in the order of the questions, or one text for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.questions import AnswerType, Question
from assistant.inbound import points
from assistant.inbound.labels import Labels
from assistant.inbound.nothing import is_nothing
from assistant.inbound.points import Row
from assistant.inbound.sections import Section
from assistant.inbound.sentences import AMBIGUOUS, BLOCKED, FITTING, blockers_of, spoken
from assistant.inbound.unmarked import unmarked
from assistant.inbound.values import Context
from assistant.inbound.values import read as read_value
from assistant.inbound.words import phrases
from assistant.inbound.words.fold import words

ONLY, PARAGRAPHS, IN_ROW = 0.95, 0.88, 0.85
DOUBT, GUESS = 0.75, 0.55
MANY = 5
"""So many questions and as many lines are no accident."""
NO_TYPE_CONTEXT = Context()


def in_order(  # noqa: PLR0911 - each return is one shape of an answer
    questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row], marks: Labels
) -> tuple[list[Section], list[str]]:
    """Sections for the open questions from unmarked lines, and what fits none."""
    if len(open_at) == 1 and len(questions) == 1:
        bare = len(rows) == 1 and rows[0].number == 1
        return [Section(open_at[0], rows, ONLY, "only", bare)], []
    if _says_same(points.joined(rows)):
        return [Section(at, rows, ONLY, "only") for at in open_at], []
    if is_nothing(points.joined(rows)):
        return _nothing_at_all(questions, open_at, rows), []
    told = unmarked(questions, open_at, rows, marks)
    if told is not None:
        return told, []
    groups = _groups(rows, len(open_at))
    spoken_ = spoken(questions, open_at, groups, marks)
    if spoken_ is not None:
        return spoken_, []
    if len(groups) == 1:
        return _enumerated(questions, open_at, groups[0]) or _single(questions, open_at, groups[0]), []
    return _row(questions, open_at, groups)


def partly_labelled(open_at: Sequence[int], rows: Sequence[Row], labelled: Sequence[Section]) -> list[Section] | None:
    """One paragraph a question, some of them labelled and all of these in their place: the others are in theirs."""
    paragraphs = points.paragraphs(rows)
    if len(paragraphs) != len(open_at):
        return None
    known = {section.question: section for section in labelled}
    placed: list[Section] = []
    for at, paragraph in zip(open_at, paragraphs, strict=True):
        section = known.get(at)
        if section is None:
            goes_on = placed and not paragraph[0].body[:1].isupper() and paragraph[0].body[:1].isalpha()
            placed.append(_section(at, paragraph, DOUBT if goes_on else IN_ROW))
            continue
        own = points.paragraphs(section.rows)
        if not own or own[0][-1].body not in paragraph[-1].body:
            return None
        placed.append(replace(section, rows=own[0]))
    return placed


def freed(sections: Sequence[Section], questions: Sequence[Question], open_at: Sequence[int]) -> list[Section]:
    """A plain "no blockers" on a line below another answer is its own; what follows it may be the last one missing."""
    missing = [at for at in open_at if all(section.question != at for section in sections)]
    blockers = blockers_of(questions, missing)
    if not blockers and len(missing) == 1 and questions[missing[0]].optional:
        return _thanked(sections, missing[0])
    found: list[Section] = []
    for section in sections:
        rows = section.rows
        at = next((at for at in range(1, len(rows)) if _frees(rows[at - 1], rows[at])), 0) if len(blockers) == 1 else 0
        found.append(replace(section, rows=rows[:at]) if at else section)
        if not at:
            continue
        found.append(Section(blockers[0], [rows[at]], FITTING, "order", bare=True))
        others = [place for place in missing if place != blockers[0]]
        thanks = len(rows) > at + 1 and words(rows[at + 1].body)[:1] and words(rows[at + 1].body)[0] in _THANKS
        if len(rows) > at + 1:
            target = others[0] if len(others) == 1 else blockers[0]
            sure = FITTING if thanks and len(others) == 1 and questions[target].optional else DOUBT
            found.append(Section(target, list(rows[at + 1 :]), sure, "order"))
        blockers = []
    return found


_THANKS = frozenset({
    "thanks", "thank", "kudos", "danke", "dank", "merci", "gracias", "obrigado", "obrigada", "grazie", "bedankt",
    "lob", "props", "shoutout", "shout",
})  # fmt: skip


def _thanked(sections: Sequence[Section], thanks: int) -> list[Section]:
    """With "Thanks to Ana" below the last answer as the one that is missing."""
    last = max(sections, key=lambda section: section.question, default=None)
    rows = last.rows if last is not None else ()
    told = words(rows[-1].body) if len(rows) > 1 else ()
    if last is None or told[:1] == () or told[0] not in _THANKS or told[1:2] == () or told[1] not in _TO:
        return list(sections)
    kept = [replace(section, rows=rows[:-1]) if section is last else section for section in sections]
    return [*kept, Section(thanks, [rows[-1]], FITTING, "order", bare=True)]


_TO = frozenset({"to", "an", "a", "aan", "for", "fur", "pour", "per", "para", "ao", "al"})


def _frees(before: Row, row: Row) -> bool:
    return not row.marked and len(words(row.body)) > 1 and not points.continues(before, row) and is_nothing(row.body)


def doubted(section: Section) -> Section:
    """A labelled answer with unlabelled paragraphs behind it, which may answer another question."""
    first, *others = points.paragraphs(section.rows) or [[]]
    loose = bool(first) and any(not paragraph[0].marked for paragraph in others)
    return replace(section, confidence=DOUBT) if loose else section


def _groups(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """Paragraphs; where there is but one, its bullets or lines; where these are one too, it."""
    paragraphs = _with_headings(points.paragraphs(rows))
    if len(paragraphs) > 1:
        return paragraphs
    runs: list[list[Row]] = []
    for row in rows:
        if runs and (points.continues(runs[-1][-1], row) or (row.indent > rows[0].indent and row.marked)):
            runs[-1].append(row)
        else:
            runs.append([row])
    if len(runs) == count or (len(runs) > 1 and not any(point[0].marked for point in runs)):
        return runs
    if len(runs) > 1 and is_nothing(runs[-1][0].body):
        return runs
    return [list(rows)]


def _with_headings(paragraphs: list[list[Row]]) -> list[list[Row]]:
    """A paragraph that is one line ending in a colon belongs to the next."""
    groups: list[list[Row]] = []
    for paragraph in paragraphs:
        if groups and len(groups[-1]) == 1 and groups[-1][0].body.endswith(":"):
            groups[-1].extend(paragraph)
        else:
            groups.append(list(paragraph))
    return groups


def _text(rows: Sequence[Row]) -> str:
    return points.joined(rows, bare=True) if len(rows) == 1 else points.joined(rows)


def _section(at: int, rows: Sequence[Row], confidence: float) -> Section:
    return Section(at, rows, confidence, "order", bare=len(rows) == 1 or (rows[0].marked and not rows[1].marked))


def _says_same(text: str) -> bool:
    return words(text) in phrases("same")


def _nothing_at_all(questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row]) -> list[Section]:
    """ "No blockers" answers the blocker question; "nothing to report" all of them; "none" is anybody's guess."""
    folded = words(points.joined(rows))
    blockers = blockers_of(questions, open_at)
    if len(blockers) == 1 and any((word,) in phrases("obstacles") for word in folded):
        return [Section(blockers[0], rows, IN_ROW, "order")]
    if len(folded) > 1 and blockers != list(open_at):
        return [Section(at, rows, 0.8, "only") for at in open_at if not questions[at].optional]
    return [Section((blockers or list(open_at))[0], rows, AMBIGUOUS, "only")]


def _enumerated(questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row]) -> list[Section]:
    """ "import; audit; none": one line with a part for each question, where the "nothing" stands in its place."""
    blockers = blockers_of(questions, open_at)
    if len(rows) != 1 or len(blockers) != 1 or rows[0].marked:
        return []
    for mark in (";", "|", " / ", ","):
        parts = [part.strip() for part in rows[0].body.split(mark)]
        if len(parts) == len(open_at) and all(parts):
            empty = [at for at, part in zip(open_at, parts, strict=True) if is_nothing(part)]
            if empty == blockers:
                cut = [replace(rows[0], body=part, raw=part) for part in parts]
                return [Section(at, [row], FITTING, "order") for at, row in zip(open_at, cut, strict=True)]
    return []


def _single(questions: Sequence[Question], open_at: Sequence[int], rows: Sequence[Row]) -> list[Section]:
    """One text for several questions: the only one that must be answered, or the only type it fits, else a guess."""
    required = [at for at in open_at if not questions[at].optional]
    if len(required) == 1:
        return [Section(required[0], rows, IN_ROW, "only")]
    typed = [
        at
        for at in open_at
        if questions[at].type not in (AnswerType.TEXT, AnswerType.ITEMS, AnswerType.BLOCKER)
        and read_value(questions[at], _text(rows), NO_TYPE_CONTEXT).fit >= 1
    ]
    if len(typed) == 1 and len(words(_text(rows))) <= 3:
        return [Section(typed[0], rows, IN_ROW, "only")]
    return [Section((required or list(open_at))[0], rows, GUESS, "only")]


def _row(
    questions: Sequence[Question], open_at: Sequence[int], groups: list[list[Row]]
) -> tuple[list[Section], list[str]]:
    """Several groups in the order of the questions."""
    required = [at for at in open_at if not questions[at].optional]
    blockers = blockers_of(questions, open_at)
    empty = [at for at, group in enumerate(groups) if is_nothing(_text(group))]
    bulleted = all(group[0].bullet and len(group) == 1 for group in groups)
    for wanted in (list(open_at), required):
        if len(groups) != len(wanted):
            continue
        misplaced = len(blockers) == 1 and len(empty) == 1 and wanted[empty[0]] != blockers[0]
        confidence = PARAGRAPHS if wanted == list(open_at) else FITTING
        if not empty and (bulleted or not any(group[0].blank_before for group in groups[1:])):
            # As many points as questions may still be one list of points, unless the last sounds like a blocker.
            hindered = len(blockers) == 1 and wanted[-1] == blockers[0] and _is_hindered(_text(groups[-1]))
            confidence = FITTING if hindered or len(wanted) >= MANY else AMBIGUOUS
        if misplaced:
            confidence = AMBIGUOUS
        if _fits(questions, wanted, groups):
            return [_section(at, group, confidence) for at, group in zip(wanted, groups, strict=True)], []
        return [_section(at, group, GUESS) for at, group in zip(wanted, groups, strict=True)], []
    if len(blockers) == 1 and len(empty) == 1:
        return _around_nothing(open_at, groups, blockers[0], empty[0])
    if len(groups) < len(open_at):
        return [_section(at, group, AMBIGUOUS) for at, group in zip(open_at, groups, strict=False)], []
    last = [row for group in groups[len(open_at) - 1 :] for row in group]
    shared = [*groups[: len(open_at) - 1], last]
    return [_section(at, group, GUESS) for at, group in zip(open_at, shared, strict=True)], []


def _is_hindered(text: str) -> bool:
    return any(word in BLOCKED for word in words(text)[:4])


def _around_nothing(
    open_at: Sequence[int], groups: list[list[Row]], blocker: int, empty: int
) -> tuple[list[Section], list[str]]:
    """ "None" settles the blocker question; what is before it belongs to the others, what is behind to nobody."""
    before, behind = groups[:empty], groups[empty + 1 :]
    others = [at for at in open_at if at != blocker]
    rest = [points.joined(group) for group in behind]
    sections = [_section(blocker, groups[empty], IN_ROW)]
    if len(before) == len(others):
        return [*(_section(at, group, IN_ROW) for at, group in zip(others, before, strict=True)), *sections], rest
    if len(before) < len(others):
        return [*(_section(at, group, AMBIGUOUS) for at, group in zip(others, before, strict=False)), *sections], rest
    if not others:
        return sections, [*(points.joined(group) for group in before), *rest]
    # More points than questions before it: a list for the first of them, perhaps for all.
    tail = [row for group in before[len(others) - 1 :] for row in group]
    shared = [*before[: len(others) - 1], tail]
    return [*(_section(at, group, GUESS) for at, group in zip(others, shared, strict=True)), *sections], rest


def _fits(questions: Sequence[Question], wanted: Sequence[int], groups: list[list[Row]]) -> bool:
    """Whether every typed question finds a value of its type in its group; days and people are checked later."""
    return all(
        read_value(questions[at], _text(group), NO_TYPE_CONTEXT).fit > 0
        for at, group in zip(wanted, groups, strict=True)
        if questions[at].type not in (AnswerType.DATE, AnswerType.PERSON)
    )
