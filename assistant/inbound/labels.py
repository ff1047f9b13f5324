"""Labels before answers: "Today: …", "blockers - none", "**Done**", "Heute:", or the question itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.domain.questions import AnswerType, Question
from assistant.inbound.words import labels
from assistant.inbound.words.fold import Lexicon, Token, tokens, words

MAX_LABEL = 200
ENDS = frozenset({":", "：", "=", "?"})
DASHES = frozenset("-–—→")
EMPHASIS = frozenset("*_#~`")
BOUNDARIES = frozenset(".;,|/•!")
MAX_LOOSE = 8
SPECIFIC_WORDS = 3
"""A question copied before its answer is recognised from this many words on."""


@dataclass(frozen=True, slots=True)
class Found:
    """``question`` is its index; ``start`` and ``end`` are offsets of the label with its mark. A ``weak`` one is a
    word on a line of its own without any mark, which might be the answer itself; a ``loose`` one has more words in it.
    """

    question: int
    start: int
    end: int
    weak: bool = False
    doubtful: bool = False
    loose: bool = False


class Labels:
    """The labels of some questions."""

    def __init__(self, questions: Sequence[Question]) -> None:
        own: dict[str, list[int]] = {}
        self._concepts: dict[str, list[int]] = {}
        self._texts: list[tuple[str, ...]] = []
        for index, question in enumerate(questions):
            for label in (*question.labels, question.short, question.key.replace("-", " ").replace("_", " ")):
                if index not in own.setdefault(label.casefold(), []):
                    own[label.casefold()].append(index)
            self._texts.append(words(question.text))
            for concept in _concepts(question):
                self._concepts.setdefault(concept, []).append(index)
        self._own = Lexicon[list[int]](own.items())

    def at_start(self, body: str) -> Found | None:
        """The label a line begins with."""
        found = tokens(body[:MAX_LABEL])
        begin = 0
        while begin < len(found) and not found[begin].is_word:
            begin += 1
        emphasised = 0 < begin <= len(found) and found[0].folded in EMPHASIS
        bracketed = begin > 0 and found[begin - 1].folded == "["
        copied = self._copied(body, found, begin)
        if copied is not None:
            return copied
        match = self._match(found, begin)
        if match is None:
            return self._loose(body, found, begin)
        questions, after = match
        after = _past_parenthesis(found, _past(found, after, EMPHASIS))
        question, doubtful = questions[0], len(questions) > 1
        if after >= len(found) and after - begin == 1 and len(found[begin].folded) == 1:
            return None
        if after >= len(found):
            return Found(question, 0, len(body), not emphasised, doubtful) if len(body) <= MAX_LABEL else None
        mark = found[after]
        spaced = body[mark.start - 1 : mark.start].isspace() and body[mark.end : mark.end + 1].isspace()
        arrow = mark.folded == "-" and body[mark.end : mark.end + 1] == ">"
        if (
            mark.folded in ENDS
            or (bracketed and mark.folded == "]")
            or (mark.folded in DASHES and (spaced or mark.end == len(body.rstrip())))
            or arrow
        ):
            end = _past(found, after + 1, EMPHASIS | ({">"} if arrow or mark.folded == "=" else frozenset()))
            return Found(question, 0, found[end].start if end < len(found) else len(body), False, doubtful)
        return self._loose(body, found, begin)

    def _loose(self, body: str, found: list[Token], begin: int) -> Found | None:
        """A label with further words before its colon: "Anything in my way: no", "Today I will: audit"."""
        colon = next((at for at in range(begin, min(begin + MAX_LOOSE, len(found))) if found[at].folded == ":"), 0)
        if not colon or not all(token.is_word for token in found[begin:colon]):
            return None
        named = {index for at in range(begin, colon) for index in (self._match(found[:colon], at) or ([], 0))[0]}
        end = found[colon + 1].start if colon + 1 < len(found) else len(body)
        return Found(named.pop(), 0, end, loose=True) if len(named) == 1 else None

    def inside(self, body: str, known: set[int]) -> list[Found]:
        """Further labels with a colon in the middle of a line, for questions not in ``known``: "Done: x. Today: y"."""
        found, places, seen = tokens(body), [], set(known)
        for at in range(1, len(found)):
            before = found[at - 1].folded
            if before not in BOUNDARIES and before not in DASHES and before not in EMPHASIS:
                continue
            match = self._match(found, at)
            if match is None or match[0][0] in seen:
                continue
            end = _past(found, match[1], EMPHASIS)
            dashed = (
                end < len(found) and found[end].folded in DASHES and before in BOUNDARIES and _apart(body, found[end])
            )
            if end < len(found) and (found[end].folded in ENDS or dashed):
                seen.add(match[0][0])
                begin = found[at].start
                last = _past(found, end + 1, EMPHASIS)
                after = found[last].start if last < len(found) else len(body)
                places.append(Found(match[0][0], begin, after, doubtful=len(match[0]) > 1))
        return places

    def leading(self, body: str) -> tuple[int, int] | None:
        """The question whose label a text begins with, mark or none, and the end of the label; of several none."""
        found = tokens(body[:MAX_LABEL])
        match = self._match(found, 0) if found else None
        return (match[0][0], found[match[1] - 1].end) if match is not None and len(match[0]) == 1 else None

    def concept(self, name: str) -> list[int]:
        """The questions that ask for that concept."""
        return self._concepts.get(name, [])

    def _match(self, found: list[Token], at: int) -> tuple[list[int], int] | None:
        """The questions whose label is the words at a place, and the place behind."""
        only: list[tuple[int, str]] = []
        for place, token in enumerate(found[at : at + 20], at):
            if token.is_word:
                only.append((place, token.folded))
            elif token.folded in ENDS:
                break
        if not only or only[0][0] != at:
            return None
        folded = [word for _, word in only]
        own = self._own.match(folded, 0)
        shared = labels().match(folded, 0)
        if own is not None and (shared is None or own[1] >= shared[1]):
            return own[0], only[own[1] - 1][0] + 1
        if shared is None:
            return None
        questions = sorted({index for concept in shared[0] for index in self._concepts.get(concept, [])})
        return (questions, only[shared[1] - 1][0] + 1) if questions else None

    def _copied(self, body: str, found: list[Token], at: int) -> Found | None:
        only = [token for token in found[at:] if token.is_word]
        for index, text in enumerate(self._texts):
            if len(text) >= SPECIFIC_WORDS and tuple(token.folded for token in only[: len(text)]) == text:
                end = only[len(text) - 1].end
                while end < len(body) and not body[end].isalnum() and body[end] not in "-•([\"'":
                    end += 1
                return Found(index, 0, end, doubtful=self._texts.count(text) > 1)
        return None


@lru_cache(maxsize=64)
def labels_of(questions: tuple[Question, ...]) -> Labels:
    """The labels of these questions: a round asks all its people the same."""
    return Labels(questions)


def _concepts(question: Question) -> set[str]:
    name = question.key.replace("-", " ").replace("_", " ")
    found = set(labels().get(words(name)) or ())
    if question.type is AnswerType.BLOCKER:
        found.add("blockers")
    return found | {name}


def _apart(body: str, mark: Token) -> bool:
    """Whether a dash stands between spaces."""
    return body[mark.start - 1 : mark.start].isspace() and body[mark.end : mark.end + 1].isspace()


def _past(found: list[Token], at: int, marks: frozenset[str]) -> int:
    while at < len(found) and found[at].folded in marks:
        at += 1
    return at


def _past_parenthesis(found: list[Token], at: int) -> int:
    """Behind a short remark such as "(Mon)" between label and colon."""
    if at < len(found) and found[at].folded == "(":
        for place in range(at + 1, min(at + 6, len(found) - 1)):
            if found[place].folded == ")":
                return place + 1 if found[place + 1].folded in ENDS else at
    return at
