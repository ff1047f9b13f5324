"""Any bytes become a message; header fields and text are read without a crash, under any policy."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.inbound.body import LINES, TEXT, text_of, text_parts, unflow, walk
from assistant.inbound.charsets import decode
from assistant.inbound.message import (
    addresses,
    content_type,
    header,
    message_id,
    parse,
    references,
    sender_address,
)


def with_header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value
    return message


def text_in(message: Message) -> str:
    return "\n".join(part.text for part in text_parts(message))


def everything(message: Message) -> None:
    """Read all that can be read."""
    for part in walk(message):
        content_type(part)
        text_of(part)
    text_parts(message)
    for name in ("From", "To", "Subject", "Message-ID", "References", "Date", "Content-Type"):
        header(message, name)
        addresses(message, name)
    sender_address(message)
    message_id(message)
    references(message)


class TestParse:
    @given(st.binary(max_size=2000))
    @settings(max_examples=150, deadline=None)
    def test_any_bytes_become_a_message_that_can_be_read(self, raw: bytes) -> None:
        everything(parse(raw))

    PIECES = (
        *("From: ", "To: ", "<", ">", '"', "@", "[", "(", "\\", "a@b.c", ",", ":", ";", "=?utf-8?q?=41?=", "=?", "?="),
        *("\r\n", "\n", "\r", "\n\n", " ", "\t", "\0", "é", "Subject: x", "Message-ID: <", "Content-Type: text/html"),
        *("Content-Type: multipart/mixed; boundary=b\n\n--b\n", "--b", "--b--", 'charset="', "charset=utf-7", "=C3"),
        *("Content-Transfer-Encoding: base64\n\n", "format=flowed", "Content-Type: message/rfc822\n\n", "//8=", "=="),
    )

    @given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
    @settings(max_examples=200, deadline=None)
    def test_mail_like_bytes_are_read_under_every_policy(self, text: str) -> None:
        raw = text.encode()
        everything(parse(raw))
        everything(email.message_from_bytes(raw))
        everything(email.message_from_bytes(raw, policy=email.policy.default))
        everything(email.message_from_string(text, policy=email.policy.default))

    def test_a_header_block_over_the_limit_is_cut_and_the_body_stays(self) -> None:
        raw = b"From: a@b.example\r\n" + b"X-Long: y\r\n" * 20_000 + b"\r\nbody\r\n"
        message = parse(raw)
        assert sender_address(message) == "a@b.example"
        assert text_in(message).strip() == "body"
        assert len(message.items()) < 12_000

    def test_a_field_over_the_limit_is_cut(self) -> None:
        message = parse(b"Subject: " + b"x" * 300_000 + b"\nFrom: a@b.example\n\nbody")
        assert len(header(message, "Subject")) <= 16 * 1024

    def test_a_body_over_ten_megabytes_is_cut_and_headers_stay(self) -> None:
        message = parse(b"From: a@b.example\n\n" + b"line of text\n" * 1_000_000)
        assert sender_address(message) == "a@b.example"
        assert len(text_in(message)) <= TEXT
        assert text_in(message).count("\n") <= LINES

    @pytest.mark.parametrize("depth", [30, 150, 1_000, 3_000])
    def test_deep_nesting_is_flattened(self, depth: int) -> None:
        raw = "From: a@b.example\n" + "".join(
            f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(depth)
        )
        everything(parse(raw.encode() + b"\nhello"))
        nested = "From: a@b.example\n" + "Content-Type: message/rfc822\n\n" * depth
        everything(parse(nested.encode()))

    def test_parts_over_the_limit_are_left_out(self) -> None:
        raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000 + b"--b--\n"
        message = parse(raw)
        assert sum(1 for _ in walk(message)) <= 201
        assert text_in(message).startswith("x")

    def test_a_patch_with_many_dashed_lines_is_kept_whole(self) -> None:
        body = "--- a/file\n+++ b/file\n" * 400
        assert text_in(parse(b"From: a@b.example\n\n" + body.encode())) == body

    def test_bare_carriage_returns_end_lines(self) -> None:
        message = parse(b"From: a@b.example\rSubject: hi\r\rone\rtwo")
        assert header(message, "Subject") == "hi"
        assert text_in(message) == "one\ntwo"

    @pytest.mark.parametrize("charset", ['"a\0b"', "x" * 500, "*=utf-8''x", '"', "unicode_escape"])
    def test_a_strange_charset_does_no_harm(self, charset: str) -> None:
        raw = f"Content-Type: text/plain; charset={charset}\n\nGr\xfc\xdfe".encode("latin-1")
        assert text_in(parse(raw)) == "Grüße"

    def test_a_boundary_folded_in_its_quotes_is_found(self) -> None:
        raw = b'Content-Type: multipart/mixed; boundary="one\n two"\n\n--one two\n\nhello\n--one two--\n'
        assert text_in(parse(raw)).strip() == "hello"

    def test_a_nested_message_in_base64_is_decoded(self) -> None:
        raw = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCmhlbGxvCg==\n"
        inner = list(walk(parse(raw)))[1]
        assert header(inner, "Subject") == "in"
        assert text_of(inner).strip() == "hello"


class TestHeaders:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("=?utf-8?q?J=C3=B6rg?= <j@b.example>", "Jörg <j@b.example>"),
            ("=?utf-8?B?w6Q=?= =?utf-8?B?w7Y=?=", "äö"),
            ("=?utf-8?B?w6Q=?= and =?iso-8859-1?q?=F6?=", "ä and ö"),
            ("=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
            ("=?nonsense?q?=E4?=", "ä"),
            ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
            ("=?utf-8?b?YQ?=", "a"),
            ("a\r\n b", "a b"),
            ("pay\u202eexe.tab\u202c", "payexe.tab"),
            ("a\x00b\x07c", "abc"),
            ("=?utf-8?q?hi=0ABcc=3A_x@y.z?=", "hi Bcc: x@y.z"),
        ],
    )
    def test_a_value_is_one_clean_line(self, value: str, text: str) -> None:
        assert header(with_header("Subject", value), "Subject") == text

    def test_raw_eight_bit_headers_are_read(self) -> None:
        assert header(parse("Subject: Grüße\n\n".encode()), "Subject") == "Grüße"
        assert header(parse("Subject: Grüße\n\n".encode("latin-1")), "Subject") == "Grüße"

    def test_it_agrees_with_the_standard_library_on_sound_headers(self) -> None:
        message = EmailMessage()
        message["Subject"] = (
            "Zwölf große Boxkämpfer jagen Viktor quer über den Sylter Deich, 日本語, and more to fold it"
        )
        message["From"] = "Jörg Ärger <joerg@b.example>"
        raw = message.as_bytes(policy=email.policy.SMTP)
        assert header(parse(raw), "Subject") == str(message["Subject"])
        assert addresses(parse(raw), "From") == [("Jörg Ärger", "joerg@b.example")]
        assert addresses(message, "From") == [("Jörg Ärger", "joerg@b.example")]

    @pytest.mark.parametrize(
        ("value", "address"),
        [
            ("Alice <Alice@Example.ORG>", "alice@example.org"),
            ("alice@example.org", "alice@example.org"),
            ("alice@example.org (Alice)", "alice@example.org"),
            ('"Smith, John" <j@x.example>', "j@x.example"),
            ('"alice@example.org" <evil@x.example>', "evil@x.example"),
            ("John Q. Public <j@x.example>", "j@x.example"),
            ("alice@example.org <evil@x.example>", None),
            ("alice@example.org, bob@example.org", None),
            ("Smith, John <j@x.example>", None),
            ("<a@b.example> trailing", None),
            ("<a@b.example> <c@d.example>", None),
            ("group: a@b.example;", None),
            ("a@b@c.example", None),
            ("a b@c.example", None),
            ("<>", None),
            ("<", None),
            ('"', None),
            ("((((" * 500, None),
            ("", None),
        ],
    )
    def test_the_sender_is_one_address_without_doubt_or_nobody(self, value: str, address: str | None) -> None:
        assert sender_address(with_header("From", value)) == address

    def test_two_from_fields_are_nobody(self) -> None:
        assert sender_address(parse(b"From: a@b.example\nFrom: c@d.example\n\n")) is None

    def test_references_come_nearest_first_without_repeats(self) -> None:
        message = parse(b"In-Reply-To: <c@x>\nReferences: <a@x>\n <b@x> <c@x>\nMessage-ID: <d@x>\n\n")
        assert references(message) == ["<c@x>", "<b@x>", "<a@x>"]
        assert message_id(message) == "<d@x>"

    def test_identifiers_without_brackets_get_them(self) -> None:
        assert references(with_header("In-Reply-To", "a.b@x.example")) == ["<a.b@x.example>"]
        assert message_id(with_header("Message-ID", "<")) is None


class TestBody:
    def test_of_alternatives_the_plain_one_is_read_unless_it_is_empty(self) -> None:
        message = EmailMessage()
        message.set_content("plain")
        message.add_alternative("<p>rich</p>", subtype="html")
        assert text_in(message).strip() == "plain"
        message = EmailMessage()
        message.set_content(" \n")
        message.add_alternative("<p>rich</p>", subtype="html")
        assert text_parts(message)[0].html

    def test_text_around_an_attachment_is_read_and_the_attachment_is_not(self) -> None:
        message = EmailMessage()
        message.set_content("one")
        message.add_attachment("log", filename="a.log")
        message.add_attachment(b"x", maintype="image", subtype="png")
        extra = EmailMessage()
        extra.set_content("two")
        message.attach(extra)
        assert text_in(message).split() == ["one", "two"]

    def test_a_forwarded_message_is_not_entered(self) -> None:
        inner = EmailMessage()
        inner.set_content("private")
        message = EmailMessage()
        message.set_content("see below")
        message.add_attachment(inner)
        assert text_in(message).strip() == "see below"

    def test_a_message_built_from_text_keeps_its_letters(self) -> None:
        for policy in (email.policy.default, email.policy.compat32):
            assert (
                text_in(email.message_from_string("From: a@b.example\n\nGrüße, 日本", policy=policy)) == "Grüße, 日本"
            )

    @pytest.mark.parametrize(
        ("data", "charset", "text"),
        [
            ("ä".encode(), "utf-8", "ä"),
            ("ä".encode("latin-1"), "iso-8859-1", "ä"),
            ("ä".encode("latin-1"), None, "ä"),
            ("ä".encode(), "us-ascii", "ä"),
            ("日本".encode("iso2022_jp"), "ISO-2022-JP", "日本"),
            ("\u201cquote\u201d".encode("cp1252"), "iso-8859-1", "\u201cquote\u201d"),
            (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-"),
            (rb"\u003cscript", "unicode_escape", r"\u003cscript"),
            (b"x", "no\0such", "x"),
            (b"x", "zip", "x"),
        ],
    )
    def test_charsets_of_mail_are_decoded_and_no_others(self, data: bytes, charset: str | None, text: str) -> None:
        assert decode(data, charset) == text

    def test_flowed_lines_are_joined_within_their_quote_depth(self) -> None:
        assert unflow("a \nb\nc\n> d \n> e\n>f\n  x\n-- \nsig", False) == "a b\nc\n> d e\n> f\n x\n-- \nsig"
        assert unflow("日 \n本", True) == "日本"
