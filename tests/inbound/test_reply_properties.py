"""What holds of every reply: no crash, nothing of the person lost, no work beyond its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.inbound.absence import absence
from assistant.inbound.classify import classify
from assistant.inbound.message import parse
from assistant.inbound.reply import read_reply, visible_reply
from tests.inbound.test_classify import TODAY
from tests.inbound.test_reply import ATTRIBUTIONS, FOOTERS, mail
from tests.inbound.work import calls

WORDS = st.sampled_from(
    ["shipped", "the", "login", "page,", "then", "fixed", "tests", "and", "deployed", "it", "all", "today"]
)
SENTENCES = st.lists(WORDS, min_size=3, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map("\n\n".join)
BITS = st.sampled_from(
    [
        *(
            "> ",
            ">",
            "\n",
            "\n\n",
            " ",
            "On ",
            "wrote:",
            "From: ",
            "Sent: ",
            "To: ",
            "a@b.example",
            "2024-01-01",
            "10:00",
            ":",
        ),
        *(
            "-- \n",
            "---",
            "_____",
            "Sent from my iPhone",
            "Thanks,",
            "Bob",
            "-----Original Message-----",
            "schrieb",
            "写道：",
            "＞",
        ),
        *(
            "<div>",
            "</div>",
            "<blockquote>",
            "</blockquote>",
            "<p>",
            "<br>",
            "<table>",
            "<td>",
            "&nbsp;",
            "<li>",
            "<pre>",
            "\u202b",
        ),
    ]
)


@given(st.lists(BITS, max_size=60).map("".join), st.booleans(), st.none() | st.lists(BITS, max_size=10).map("".join))
@settings(max_examples=250, deadline=None)
def test_no_text_breaks_it_and_all_it_shows_was_in_the_mail(text: str, html: bool, sent: str | None) -> None:
    message = mail(text, html)
    reply = read_reply(message, sent)
    assert visible_reply(message, sent) == reply.text
    classify(message)
    absence(text, TODAY)
    if not html:
        shown = [word for word in reply.text.split() if word not in text]
        assert shown == []


@given(
    PARAGRAPHS, PARAGRAPHS, st.sampled_from(ATTRIBUTIONS), st.sampled_from(["", *FOOTERS]), st.sampled_from(["> ", ""])
)
@settings(max_examples=150, deadline=None)
def test_what_is_written_above_a_quote_comes_back_exactly(
    written: str, quoted: str, attribution: str, footer: str, mark: str
) -> None:
    below = "\n".join(mark + line for line in quoted.split("\n"))
    above = f"{written}\n\n{footer}" if footer else written
    assert visible_reply(mail(f"{above}\n\n{attribution}\n\n{below}\n")) == written


@given(st.lists(st.tuples(SENTENCES, PARAGRAPHS), min_size=1, max_size=5), st.sampled_from(ATTRIBUTIONS))
@settings(max_examples=100, deadline=None)
def test_answers_between_marked_questions_come_back_with_them(pairs: list[tuple[str, str]], attribution: str) -> None:
    text = attribution + "\n" + "\n".join(f"> {question}\n\n{answer}\n" for question, answer in pairs)
    assert [(one.quoted, one.text) for one in read_reply(mail(text)).segments] == pairs


@given(PARAGRAPHS)
@settings(max_examples=60, deadline=None)
def test_reading_the_visible_reply_again_changes_nothing(written: str) -> None:
    once = visible_reply(mail(written + "\n\nAna <ana@x.example> wrote:\n> hm\n"))
    assert visible_reply(mail(once)) == once == written


PUMPS = [
    *(
        "On ",
        "On a\n",
        "\n",
        "> ",
        ">\n",
        "wrote:\n",
        "wrote: ",
        "From: a\n",
        "From: a@b.c\n",
        "From: a\nSent: b\n",
        ":\n",
        "a:\n",
    ),
    *(
        "--\n",
        "- \n",
        "*",
        "_",
        "_____\n",
        "@",
        "a@b ",
        "<",
        "<a@b.c>\n",
        "1:",
        "10:00 ",
        "2024-",
        "2024-01-01 10:00\n",
        "((((",
        "[[",
    ),
    *(
        "On 2024-01-01 at 10:00 a@b.c wrote\n",
        "Sent from my iPhone\n",
        "Sent from ",
        "Thanks,\nBob\n",
        "Regards\n",
        "http://",
        "www.",
    ),
    *(
        "This email and any\n\n",
        "+49 ",
        "1 2 ",
        "\t",
        " ",
        "\u200b",
        "é",
        "日:\n",
        "написал:\n",
        ">>>> ",
        "> a\nb\n",
        "> a\n\nb\n",
    ),
    *(
        "De: a\n",
        "-----Original Message-----\n",
        "--- On ",
        "________________\nmailing list\n",
        "a b c d e f\n",
        "What did you do a\n",
    ),
    *(
        "１",
        "=?",
        "&nbsp;",
        "<div>",
        "<blockquote>",
        "<br>",
        "<b><i>",
        "<table><tr><td>",
        "<ul><li>",
        "<!--",
        '<a href="',
        "<p>a</p>",
    ),
]


def work(pump: str, size: int, html: bool) -> int:
    message = mail("Hello\n" + (pump * (size // len(pump) + 1))[:size], html)
    return calls(lambda: visible_reply(message, "What did you do?\nOn a wrote:\na b c d\n" * 5))


@pytest.mark.parametrize("html", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize("pump", PUMPS)
def test_pumped_text_takes_linear_work(pump: str, html: bool) -> None:
    """At most 2.5 times the work for twice the text; `python -m benchmarks replies` has the times."""
    work(pump, 1024, html)  # words are loaded once
    assert work(pump, 32 * 1024, html) <= max(work(pump, 16 * 1024, html), 2_000) * 2.5


def test_pumped_headers_take_linear_time() -> None:
    for pump in ("=?", "=?utf-8?q?a?= ", '"', "(", "<", "a,", "a@b.c,", ";", ":", "\\", " ", "<a@b>"):
        raw = b"From: " + (pump * (512 * 1024 // len(pump))).encode() + b"\nSubject: x\n\nhi"
        start = time.process_time()
        classify(parse(raw))
        visible_reply(parse(raw))
        assert time.process_time() - start < 0.5, pump
