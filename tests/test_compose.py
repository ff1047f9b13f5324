"""A mail's bytes say what was meant, once, and nothing that people wrote can add a header to them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from assistant.compose import Letter, compose, mailbox, one_line

ONCE = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To", "In-Reply-To", "References")


def letter(**changes: object) -> Letter:
    given_: dict[str, object] = {
        "message_id": "<abc@example.com>",
        "sender": ("Ada", "ada@example.com"),
        "reply_to": "ada+token@example.com",
        "recipient": ("Sam Osei", "sam@example.com"),
        "subject": "Check-in, Tue 24 Nov",
        "text": "Morning, Sam.\n",
        "html": "<p>Morning, Sam.</p>",
        "date": datetime(2026, 11, 24, 9, tzinfo=UTC),
        "thread": ("<root@example.com>", "<last@example.com>"),
        "headers": {"X-Assistant-Kind": "check-in"},
    }
    return Letter(**{**given_, **changes})  # type: ignore[arg-type]  # the cases above are of the right types


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_mail_has_text_and_html_of_the_same_content() -> None:
    mail = read(compose(letter(text="Grüße, Żaneta ☕\n", html="<p>Grüße, Żaneta ☕</p>")))
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None and html is not None
    assert plain.get_content().strip() == "Grüße, Żaneta ☕"
    assert html.get_content().strip() == "<p>Grüße, Żaneta ☕</p>"


def test_a_mail_is_marked_as_automatic_and_asks_for_bounces_still() -> None:
    mail = read(compose(letter()))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert set(mail["X-Auto-Response-Suppress"].split(", ")) == {"OOF", "AutoReply", "RN", "NRN"}


def test_a_mail_is_threaded_to_the_first_and_the_last_of_its_thread() -> None:
    mail = read(compose(letter()))
    assert mail["In-Reply-To"] == "<last@example.com>"
    assert mail["References"] == "<root@example.com> <last@example.com>"


def test_lines_end_in_crlf_and_none_is_longer_than_mail_allows() -> None:
    raw = compose(letter(text="x" * 5000 + "\n", html="<p>" + "ü" * 5000 + "</p>"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


hostile = st.text(alphabet=st.sampled_from("a B,;:<>@\"'\\()\r\n\t\0\x0b\x85\u2028\u202e\u200bé字=?"), max_size=40)


@given(name=hostile, subject=hostile, header=hostile)
def test_no_text_of_people_adds_or_breaks_a_header(name: str, subject: str, header: str) -> None:
    raw = compose(letter(recipient=(name, "sam@example.com"), subject=subject, headers={"X-Assistant-Kind": header}))
    mail = message_from_bytes(raw)
    assert all(len(mail.get_all(wanted, [])) == 1 for wanted in ONCE)
    assert {key.lower() for key in mail.keys()} == {  # noqa: SIM118 - a message iterates over nothing else
        *(wanted.lower() for wanted in ONCE),
        "x-auto-response-suppress",
        "x-assistant-kind",
        "content-type",
        "mime-version",
    }
    assert read(raw)["To"].addresses[0].addr_spec == "sam@example.com"


@given(st.text(max_size=80))
def test_a_header_value_is_one_line_without_control_characters(text: str) -> None:
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in one_line(text))


def test_names_are_quoted_where_they_must_be_and_plain_where_they_can_be() -> None:
    assert mailbox("Sam Osei", "s@x.org") == "Sam Osei <s@x.org>"
    assert mailbox("Osei, Sam", "s@x.org") == '"Osei, Sam" <s@x.org>'
    assert mailbox("", "s@x.org") == "s@x.org"
