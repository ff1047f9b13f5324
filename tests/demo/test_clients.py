"""Replies as mail programs write them."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from assistant.demo.clients import Client, message_id_of, reply
from assistant.demo.dressing import Sender
from assistant.demo.machines import auto_reply, bounce, malformed
from tests.demo.standin import prompt

BERLIN = ZoneInfo("Europe/Berlin")
ASKED = datetime(2026, 11, 24, 9, 0, tzinfo=BERLIN)
NOW = datetime(2026, 11, 24, 10, 5, tzinfo=BERLIN)
TEXT = "1. Zwölf Prüfungen\n2. Les contrôles, déjà écrits\n3. Nothing at all"
LANGUAGES = ("en", "de", "fr")


def asked() -> EmailMessage:
    return read(prompt("ines@demo.example", ASKED).as_bytes())


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def text_parts(mail: EmailMessage) -> list[str]:
    return [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("client", Client)
def test_every_version_of_every_reply_holds_the_words_and_the_quote(client: Client, language: str) -> None:
    sender = Sender("Ines Vogel", "ines@demo.example", language)
    mail = read(reply(client, to_mail=asked(), sender=sender, text=TEXT, now=NOW))
    assert not mail.defects
    for content in text_parts(mail):
        flat = " ".join(content.split())
        for line in TEXT.splitlines():
            assert line in flat
        assert "What is on for today?" in flat
        assert flat.index("Zwölf") < flat.index("What is on for today?")


@pytest.mark.parametrize("client", Client)
def test_a_reply_goes_to_the_reply_address_and_names_what_it_answers(client: Client) -> None:
    sender = Sender("Sam Osei", "sam@demo.example")
    raw = reply(client, to_mail=asked(), sender=sender, text="1. Done", now=NOW)
    mail = read(raw)
    assert mail["To"] == "Ada <ada+t1a2b3@demo.example>"
    assert mail["In-Reply-To"] == asked()["Message-ID"]
    assert str(asked()["Message-ID"]) in str(mail["References"])
    assert str(mail["Message-ID"]).strip() == message_id_of(raw)
    assert mail["Date"].datetime == NOW
    assert str(mail["Subject"]).lower().startswith(("re: ", "re : ", "aw: "))


def test_the_same_reply_is_the_same_bytes() -> None:
    def once() -> bytes:
        return reply(Client.GMAIL, to_mail=asked(), sender=Sender("S", "s@demo.example"), text=TEXT, now=NOW)

    assert once() == once()


@pytest.mark.parametrize(
    ("client", "language", "said"),
    [
        (Client.GMAIL, "en", "On Tue, Nov 24, 2026 at 9:00 AM Ada <ada@demo.example> wrote:"),
        (Client.GMAIL, "de", "Am Di., 24. Nov. 2026 um 09:00 Uhr schrieb Ada <ada@demo.example>:"),
        (Client.OUTLOOK, "de", "Gesendet: Dienstag, 24. November 2026 09:00"),
        (Client.OUTLOOK_WEB, "en", "Sent: Tuesday, November 24, 2026 9:00 AM"),
        (Client.IPHONE, "de", "Von meinem iPhone gesendet"),
        (Client.THUNDERBIRD, "en", "On 24/11/2026 09:00, Ada wrote:"),
        (Client.YAHOO, "fr", "Le mardi 24 novembre 2026 à 09:00:00 CET, Ada <ada@demo.example> a écrit :"),
        (Client.SAMSUNG, "en", "-------- Original message --------"),
    ],
)
def test_programs_speak_the_language_of_their_user(client: Client, language: str, said: str) -> None:
    sender = Sender("Ines Vogel", "ines@demo.example", language)
    mail = read(reply(client, to_mail=asked(), sender=sender, text="1. Done", now=NOW))
    assert said in " ".join(text_parts(mail)[0].split())


@pytest.mark.parametrize("client", [Client.THUNDERBIRD, Client.GMAIL])
def test_inline_answers_stand_below_their_questions(client: Client) -> None:
    sender = Sender("Jonas Weber", "jonas@demo.example", "de")
    mail = read(reply(client, to_mail=asked(), sender=sender, text=["Zertifikate", None, "Nichts"], now=NOW))
    lines = [line for line in text_parts(mail)[0].splitlines() if line.strip(" >")]
    at = lines.index("> 1. What did you get done?")
    assert lines[at + 1] == "Zertifikate"
    assert lines[at + 2] == "> 2. What is on for today?"
    assert lines[lines.index("> 3. Anything in your way?") + 1] == "Nichts"


def test_a_program_without_inline_answers_says_so() -> None:
    with pytest.raises(ValueError, match="inline"):
        reply(Client.OUTLOOK, to_mail=asked(), sender=Sender("I", "i@demo.example"), text=["a"], now=NOW)


def test_html_only_mail_has_no_text_version_and_thunderbird_no_html() -> None:
    def kind(client: Client) -> str:
        return read(
            reply(client, to_mail=asked(), sender=Sender("C", "c@demo.example"), text="x", now=NOW)
        ).get_content_type()

    assert kind(Client.GMX) == "text/html"
    assert kind(Client.THUNDERBIRD) == "text/plain"
    assert kind(Client.OUTLOOK) == "multipart/alternative"


def test_an_out_of_office_notice_says_so_in_headers_unless_it_is_silent() -> None:
    ines = Sender("Ines Vogel", "ines@demo.example", "de")
    loud = read(auto_reply(to_mail=asked(), sender=ines, until=NOW, deputy="Mia", now=NOW))
    silent = read(auto_reply(to_mail=asked(), sender=ines, until=NOW, deputy="Mia", now=NOW, silent=True))
    assert loud["Auto-Submitted"] == "auto-replied"
    assert silent["Auto-Submitted"] is None
    assert "Dienstag, 24. November" in silent.get_content()


def test_a_bounce_is_a_delivery_status_with_the_message_id_that_failed() -> None:
    mail = read(bounce(of=asked(), recipient="claire@demo.example", now=NOW))
    assert mail.get_content_type() == "multipart/report"
    _, status, returned = mail.iter_parts()
    assert status.get_content_type() == "message/delivery-status"
    assert "Action: failed" in status.as_string()
    assert str(asked()["Message-ID"]) in returned.get_content()


def test_a_malformed_mail_is_broken_and_yet_has_an_identity() -> None:
    raw = malformed(to_mail=asked(), sender=Sender("J", "j@demo.example"), text="1. Fertig", now=NOW)
    assert read(raw).defects
    assert message_id_of(raw).endswith("@gateway.invalid>")
