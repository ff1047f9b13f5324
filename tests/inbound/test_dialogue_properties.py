"""Replies composed at random around known answers: order, marks, greetings, wrapping, programs change nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.inbound import answers, commands
from assistant.inbound.message import parse
from assistant.inbound.reply import Segment, read_reply
from tests.inbound.casebook import Case, judge, programs, prompt, raw_mail, read
from tests.inbound.test_reply import ATTRIBUTIONS, mail
from tests.inbound.test_reply_properties import PARAGRAPHS, PUMPS
from tests.inbound.work import calls
from tests.samples import BERLIN, TODAY, at

DID = st.sampled_from(
    [
        "the import is live, at last",
        "answered nine of the auditors' questions (of 14)",
        "two interviews, both want the export; neither cares about colours",
        "reviewed Lee's change and fixed the totals in #4711",
        "v2.1 of the API is out, see https://docs.example.com/r/17?x=1",
        "finished the report and sent it to legal@example.com so that they can look at it before the meeting",
        "den Import fertig gemacht",
        "réponses aux auditeurs envoyées",
    ]
)
WILL = st.sampled_from(
    [
        "pricing page with Mia at 2",
        "the rest of the list, then the slow query that Ana found",
        "write down what we know so far, and ask two customers what they would pay for it if it came in spring",
        "Preisseite",
        "10:30 call, rest of the day docs",
    ]
)
HINDERED = st.sampled_from(
    [
        ("none", True),
        ("nothing at the moment", True),
        ("No, the translations arrived", True),
        ("nichts", True),
        ("waiting for the staging database", False),
        ("no access to the build server yet", False),
        ("warte auf die Freigabe von Ana", False),
    ]
)
MARKS = (
    "{0}. {2}",
    "{0}) {2}",
    "({0}) {2}",
    "{0}: {2}",
    "{0} - {2}",
    "#{0} {2}",
    "{1}: {2}",
    "**{1}:** {2}",
    "{1} - {2}",
)
LABELS = (("Yesterday", "Today", "Blockers"), ("Done", "Next", "In the way"), ("Gestern", "Heute", "Hindernisse"))
GREETINGS = st.sampled_from(["", "Hi Ada,\n\n", "Hello!\n\n", "Guten Morgen,\n\n", "Bonjour,\n"])
CLOSINGS = st.sampled_from(["", "\n\nThanks,\nSam", "\n\nBest regards\nSam Osei", "\nLG Sam", "\n\nMerci !"])
KEYS = ("done", "next", "blockers")


@st.composite
def replies(draw: st.DrawFn) -> tuple[Case, str]:
    did, will, (hindered, free) = draw(DID), draw(WILL), draw(HINDERED)
    said = dict(zip(KEYS, (did, will, hindered), strict=True))
    mark, labels = draw(st.sampled_from(MARKS)), draw(st.sampled_from(LABELS))
    order = draw(st.permutations(range(3)))
    left_out = draw(st.sampled_from([None, None, None, 0, 1, 2]))
    chosen = [place for place in order if place != left_out]
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    lines = [mark.format(place + 1, labels[place], said[KEYS[place]]) for place in chosen]
    text = draw(GREETINGS) + gap.join(lines) + draw(CLOSINGS)
    program = draw(st.sampled_from(programs(False)))
    width = draw(st.sampled_from([0, 0, 66, 72]))
    if width and program != "thunderbird-html":  # it makes a paragraph of each line, and breaks none itself
        text = "\n".join(textwrap.fill(line, width, break_long_words=False) for line in text.split("\n"))
    case = Case(
        name="composed",
        prompt="check-in",
        language=draw(st.sampled_from(["en", "de"])),
        wrote=text,
        answers={KEYS[place]: said[KEYS[place]] for place in chosen},
        values={"blockers": []} if free else {},
        previous={},
    )
    return case, program


@given(replies())
@settings(max_examples=250, deadline=None)
def test_marked_answers_in_any_order_from_any_program_are_read_exactly(reply: tuple[Case, str]) -> None:
    case, program = reply
    _, found, acts = read(case, raw_mail(case, program))
    result = judge(case, found, acts)
    assert not result.wrong, (program, case.wrote)
    assert not result.missing, (program, case.wrote)


@given(st.lists(DID | WILL | st.none(), min_size=3, max_size=3), st.sampled_from(programs(True)))
@settings(max_examples=60, deadline=None)
def test_answers_below_their_quoted_questions_are_read_exactly(wrote: list[str | None], program: str) -> None:
    if not any(wrote):
        return
    said = {key: text for key, text in zip(KEYS, wrote, strict=True) if text}
    case = Case("composed", "check-in", "en", tuple(wrote), said, {}, {})
    _, found, acts = read(case, raw_mail(case, program))
    assert judge(case, found, acts).wrong == ()


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS, PARAGRAPHS, st.sampled_from(ATTRIBUTIONS))
@settings(max_examples=100, deadline=None)
def test_text_around_a_quote_never_changes_what_is_cut(
    above: str, below: str, other_above: str, quoted: str, attribution: str
) -> None:
    quote = attribution + "\n" + "\n".join(f"> {line}" for line in quoted.split("\n"))
    plain = read_reply(mail(f"{above}\n\n{quote}\n\n{below}\n"))
    other = read_reply(mail(f"{other_above}\n\n{quote}\n"))
    assert [(cut.kind, cut.count) for cut in plain.cuts] == [(cut.kind, cut.count) for cut in other.cuts]
    assert plain.text == f"{above}\n\n{below}"


class TestPumped:
    """Answers and commands read foreign text as well: the work grows with its length and no faster.

    Work is counted in calls, which are the same on a busy machine; `python -m benchmarks replies` has the times.
    """

    QUESTIONS = prompt("check-in", "en").questions

    def calls(self, pump: str, size: int) -> int:
        text = ("1. import\n" + pump * (size // len(pump) + 1))[:size]
        segments: Sequence[Segment] = [Segment(text, ""), Segment(text[: size // 2], text[: size // 2])]

        def act() -> None:
            answers.read(self.QUESTIONS, segments, today=TODAY)
            commands.read(text, language="en", zone=BERLIN, now=at(TODAY, 9))

        return calls(act)

    @pytest.mark.parametrize("pump", [*PUMPS, "none ", "no. ", "Today: a\n", "1. ", "1) a\n", "away ", "until ", "Mo "])
    def test_work_is_linear(self, pump: str) -> None:
        """At most 2.5 times the work for twice the text, so 6.25 for four times; small texts are free."""
        self.calls(pump, 1024)  # words are loaded once
        small, large = self.calls(pump, 4 * 1024), self.calls(pump, 16 * 1024)
        assert large <= max(small, 2_000) * 2.5 * 2.5


def test_a_reply_is_read_the_same_with_either_line_end() -> None:
    text = "1. import\n2. audit\n3. none\n\nOn Mon, 1 Jan 2024 at 10:00, Ada <ada@x.example> wrote:\n> 1. What?\n"
    for ends in ("\r\n", "\r"):
        raw = ("From: Bob <bob@x.example>\nContent-Type: text/plain\n\n" + text).replace("\n", ends).encode()
        assert read_reply(parse(raw)).text == "1. import\n2. audit\n3. none"
