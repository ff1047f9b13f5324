"""Questions and a visible reply become one answer a question, each with a confidence and where it came from.

People number, label, answer below the quoted question, or just write. The clearest sign wins: the quoted question, then
a label, then a number, then the order of paragraphs, bullets or lines, and last a single text for everything. Words
that fit no question go to ``Reading.rest``; only greetings, closings and the marks themselves are dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from assistant.domain.people import Person
from assistant.domain.questions import Answer, AnswerType, Question, Reading
from assistant.inbound import ordering, points, tables, values
from assistant.inbound.courtesy import is_intro, without_courtesy
from assistant.inbound.labels import Labels, labels_of
from assistant.inbound.nothing import is_free
from assistant.inbound.quoted_questions import questions_in
from assistant.inbound.sections import Section, labelled, loosely_numbered, numbered, with_numbers
from assistant.inbound.sentences import FITTING
from assistant.inbound.unmarked import fits_figure
from assistant.inbound.words import phrases
from assistant.inbound.words.fold import tokens, words

GUESS = 0.6
"""The most that a place in a row is worth where the questions have different readers."""
INLINE, INLINE_LOOSE = 0.97, 0.8
SAME = 0.9
UNREADABLE = 0.5
MAX_SAME_WORDS = 8
MAX_LINES = 2_000
"""What is written beyond so many lines is not looked into; it goes to ``Reading.rest``."""


class Segment(Protocol):
    """A stretch of what the person wrote, and the quoted text just above it that it answers, or "".

    ``followed``: more quoted text stands below it.
    """

    @property
    def text(self) -> str: ...
    @property
    def quoted(self) -> str: ...
    @property
    def followed(self) -> bool: ...


def read(
    questions: Sequence[Question],
    segments: Sequence[Segment],
    *,
    first_number: int = 1,
    last_number: int | None = None,
    previous: Mapping[str, str] | None = None,
    mixed_audience: bool = False,
    people: Sequence[Person] = (),
    today: date | None = None,
    language: str = "en",
) -> Reading:
    """At most one answer a question, in the questions' order.

    ``first_number`` is the number that the first question had in the mail, ``last_number`` that of the mail's last
    question where others' questions stood in it too: answers to those go to ``rest``. ``previous`` is the person's last
    answer by question key, for "same as yesterday". With ``mixed_audience`` an answer known by its place alone is never
    sure: private text must not reach a wider audience by a guess.
    """
    if not questions:
        return Reading((), "\n\n".join(segment.text.strip() for segment in segments if segment.text.strip()))
    segments, beyond = _within(segments)
    sections, free = _inline(questions, segments, first_number, people)
    rest: list[str] = []
    if free:
        open_at = [at for at in range(len(questions)) if all(section.question != at for section in sections)]
        found, rest = _free(questions, open_at, free, first_number, last_number)
        sections.extend(found)
    context = values.Context(people, today, language)
    sections = [_without_remarks(questions[section.question], section, rest) for section in sections]
    answers = []
    for at, question in enumerate(questions):
        own = [section for section in sections if section.question == at]
        text = "\n\n".join(section.text for section in own if section.text.strip())
        if text:
            how, confidence = own[0].how, min(section.confidence for section in own)
            if mixed_audience and (how in ("order", "only") or (how == "inline" and confidence < INLINE)):
                confidence = min(confidence, GUESS)
            answers.append(_answer(question, text, confidence, how, previous or {}, context))
    if not answers and not rest:
        # Nothing but courtesy: it is not an answer, and not lost either.
        rest = [segment.text.strip() for segment in segments if segment.text.strip()]
    return Reading(tuple(answers), "\n\n".join([*rest, *beyond]))


WARM = frozenset({"note", "celebrate", "thanks"})
"""The keys of questions that thanks may answer."""


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    quoted: str
    followed: bool


def _within(segments: Sequence[Segment]) -> tuple[Sequence[Segment], list[str]]:
    """The first ``MAX_LINES`` lines of what was written, and what is beyond."""
    if sum(segment.text.count("\n") + 1 for segment in segments) <= MAX_LINES:
        return segments, []
    kept: list[Segment] = []
    beyond: list[str] = []
    left = MAX_LINES
    for segment in segments:
        lines = segment.text.split("\n")
        kept.append(_Piece("\n".join(lines[:left]), segment.quoted, segment.followed))
        beyond += ["\n".join(lines[left:])] if lines[left:] else []
        left = max(0, left - len(lines))
    return kept, beyond


def _inline(
    questions: Sequence[Question], segments: Sequence[Segment], first_number: int, people: Sequence[Person]
) -> tuple[list[Section], str]:
    """The answers below their quoted questions, and the text that stands below none."""
    written = [segment for segment in segments if segment.text.strip()]
    matches = [questions_in(segment.quoted, questions, first_number) for segment in written]
    inline = [at for at, found in enumerate(matches) if found]
    # A single text below the whole quoted prompt answers all of it, not its last question.
    whole = len(inline) == 1 and len(matches[inline[0]]) == len(questions) > 1 and not written[inline[0]].followed
    marks = labels_of(tuple(questions)) if inline else None
    sections: list[Section] = []
    free: list[str] = []
    for at, (segment, found) in enumerate(zip(written, matches, strict=True)):
        last = at == len(written) - 1
        text = without_courtesy(segment.text, people=people, top=at == 0, bottom=last)
        text = _with_thanks(text, segment.text) if _is_warm(questions, found) else text
        if not text.strip() and found and _asks_for_name(questions[found[-1]], segment.quoted):
            text = segment.text
        if not text.strip():
            continue
        rows = points.parse(text)
        if not found or whole or (len(inline) == 1 and len(found) > 1 and any(row.number is not None for row in rows)):
            free.append(text)
            continue
        confidence = INLINE_LOOSE if len(found) > 1 and len(inline) == 1 else INLINE
        own_number = rows[0].number == first_number + found[-1] and len(rows) == 1
        rows = _without_label(rows, found[-1], marks)
        sections.append(Section(found[-1], rows, confidence, "inline", own_number))
    return sections, "\n\n".join(free)


def _is_warm(questions: Sequence[Question], found: Sequence[int]) -> bool:
    """Whether thanks are the very answer: to one who leaves, or to what is to be celebrated."""
    asked = [questions[at] for at in found] or questions
    return all(question.key in WARM for question in asked)


def _with_thanks(text: str, written: str) -> str:
    """The text with the thanks below it that are sentences, "Thank you."; "Thanks," leads to a name."""
    if not text.strip():
        return written
    lines = written.rstrip().splitlines()
    last = max(
        (at for at, line in enumerate(lines) if text.rstrip().endswith(line.strip()) and line.strip()), default=-1
    )
    end = last
    while last >= 0 and end + 1 < len(lines) and (not lines[end + 1].strip() or lines[end + 1].strip()[-1] in ".!"):
        end += 1
    return "\n".join([text, *lines[last + 1 : end + 1]]).rstrip() if end > last >= 0 else text


def _asks_for_name(question: Question, quoted: str) -> bool:
    """Whether a name alone may answer the question: it stands right below it and is no signature then."""
    wanted = words(question.text)
    right_below = words(quoted[-2 * len(question.text) - 100 :])[-len(wanted) :] == wanted
    return right_below and (
        question.type is AnswerType.PERSON or (question.type is AnswerType.TEXT and question.optional)
    )


def _without_label(rows: list[points.Row], question: int, marks: Labels | None) -> list[points.Row]:
    """Without the label of the very question an answer stands below: "Today: audit"."""
    label = marks.at_start(rows[0].body) if marks else None
    if label is None or label.question != question or label.weak or label.doubtful:
        return rows
    body = rows[0].body[label.end :].strip()
    first = [replace(rows[0], body=body, raw=body)] if body else []
    return [*first, *rows[1:]] or rows


def _free(
    questions: Sequence[Question], open_at: Sequence[int], text: str, first_number: int, last_number: int | None
) -> tuple[list[Section], list[str]]:
    """The answers in text without quotes, and what fits no question."""
    rest: list[str] = []
    rows = points.without_rules([row for row in points.parse(text) if not is_intro(row.body)])
    if not rows:
        return [], rest
    rows = loosely_numbered(rows, len(questions), first_number)
    marks = labels_of(tuple(questions))
    rows = tables.as_lines(rows, marks)
    sections, before = labelled(rows, marks, open_at)
    sections = ordering.freed(with_numbers(sections, open_at, first_number), questions, open_at)
    if sections and len(sections) < len(open_at):
        placed = ordering.partly_labelled(open_at, rows, sections)
        if placed is not None:
            return placed, rest
        sections = [ordering.doubted(section) for section in sections]
    rows = before
    taken = {section.question for section in sections}
    open_at = [at for at in open_at if at not in taken]
    if rows and open_at and (len(questions) > 1 or first_number > 1 or (last_number or 1) > 1):
        found, rows, others = numbered(rows, len(questions), open_at, first_number, last_number)
        sections.extend(found)
        rest.extend(others)
        open_at = [at for at in open_at if all(section.question != at for section in sections)]
    if rows and open_at and not sections and not (rest and first_number > 1):
        found, left = ordering.in_order(questions, open_at, rows, marks)
        return [*sections, *found], [*rest, *left]
    if rows and len(open_at) == 1 and sections and not questions[open_at[0]].optional:
        # What stands above the first label or number may be the one answer that is missing, or only a remark.
        figure = fits_figure(questions[open_at[0]], points.joined(rows, bare=True))
        return [*sections, Section(open_at[0], rows, FITTING if figure else GUESS, "order")], rest
    return sections, [*rest, *([points.joined(rows)] if rows else [])]


def _without_remarks(question: Question, section: Section, rest: list[str]) -> Section:
    """ "None" and a paragraph behind it: the paragraph is a remark, which goes to ``rest``."""
    paragraphs = points.paragraphs(section.rows)
    if len(paragraphs) < 2 or question.type in (AnswerType.TEXT, AnswerType.ITEMS):
        return section
    first = replace(section, rows=paragraphs[0])
    if question.type is AnswerType.BLOCKER and not is_free(first.text):
        return section
    rest.extend(points.joined(paragraph) for paragraph in paragraphs[1:])
    return first


def _answer(
    question: Question, text: str, confidence: float, how: str, previous: Mapping[str, str], context: values.Context
) -> Answer:
    same = _same_as_before(text)
    if same is not None:
        earlier = previous.get(question.key)
        if earlier is not None:
            joined = f"{earlier}\n{same}" if same else earlier
            value = values.read(question, joined, context)
            return Answer(question.key, joined, min(confidence, SAME), "same-as-before", value.value)
        if not same:
            confidence = min(confidence, UNREADABLE)
    value = values.read(question, text, context)
    if value.fit < 1:
        confidence = min(confidence, value.fit or UNREADABLE)
    if question.type is not AnswerType.TEXT and value.fit == 0:
        confidence = min(confidence, UNREADABLE)
    return Answer(question.key, text, confidence, how, value.value)


def _same_as_before(text: str) -> str | None:
    """What a text adds to "same as yesterday" ("" for nothing), or None where it does not say so."""
    found = tokens(text[:200])
    only = [token for token in found if token.is_word]
    folded = tuple(token.folded for token in only)
    for size in range(min(MAX_SAME_WORDS, len(folded)), 0, -1):
        if folded[:size] in phrases("same"):
            tail = text[only[size - 1].end :].strip()
            extra = tail.lstrip(" ,.;:!-–—()")
            if not any(letter.isalnum() for letter in extra):
                return ""
            joined = tail[:1] in {",", ".", ";", "(", "+", "-", "–", "—"} or tail.split()[0].lower() in _AND
            return extra if joined else None
    return None


_AND = frozenset(
    {"and", "plus", "und", "et", "y", "e", "en", "also", "but", "aber", "+", "&", "mais", "pero", "mas", "ma"}
)
