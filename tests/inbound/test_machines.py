"""Mails of machines without a header that says so: automatic replies and mails that came back; and plain nothings."""

from __future__ import annotations

from datetime import date
from email.header import Header
from pathlib import Path
from typing import Any

import pytest

from assistant.inbound.absence import Absence, absence
from assistant.inbound.bounce import Bounce, bounced
from assistant.inbound.classify import MessageClass, classify
from assistant.inbound.message import parse
from assistant.inbound.nothing import is_free
from tests.inbound.test_visible import loaded

TODAY = date(2026, 11, 24)  # a Tuesday
AUTOMATIC: list[dict[str, Any]] = loaded("automatic.yaml")
RETURNED: list[dict[str, Any]] = loaded("returned.yaml")
NOTHING: dict[str, list[str]] = loaded("nothing.yaml")


def written(sender: str, subject: str, text: str) -> bytes:
    kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8"
    return f"From: {sender}\nTo: ada@x.example\nSubject: {subject}\n{kind}\n\n{text}\n".encode()


@pytest.mark.parametrize("case", AUTOMATIC, ids=[case["text"][:40] for case in AUTOMATIC])
def test_an_automatic_reply_is_known_by_its_words_and_tells_until_when(case: dict[str, Any]) -> None:
    message = parse(written("Ana <ana@x.example>", case["subject"], case["text"]))
    assert classify(message) is (MessageClass.HUMAN if case.get("human") else MessageClass.AUTO_REPLY)
    told = absence(f"{case['subject']}\n{case['text']}", TODAY)
    assert told is not None
    assert told.last == case["last"]
    assert "first" not in case or told == Absence(case["first"], case["last"])


@pytest.mark.parametrize("case", RETURNED, ids=[case["name"] for case in RETURNED])
def test_a_mail_that_came_back_is_known_in_any_form(case: dict[str, Any]) -> None:
    message = parse(written(case["from"], case["subject"], case["text"]))
    assert classify(message) is MessageClass.BOUNCE
    found = bounced(message)
    assert found is not None
    assert found == Bounce("lee@gone.example", case["permanent"], found.message_id)


PEOPLE = ["Max Bounce <max.bounce@x.example>", "Peter Mailer <peter.mailer@x.example>", "info@x.example"]
SAID = [
    (
        "Mail delivery service",
        "Delivery to the following recipient failed is what they see. I fix the text.",
    ),
    ("Re: Undelivered Mail", "The server says 550 5.1.1 user unknown, it could not be delivered. I look into it."),
    ("automation plan", "I am out of office on Friday, Max covers. When I am back we talk."),
    ("OOO Friday", "Can we move it? I am on leave and have limited access to my email, in urgent cases call me."),
    ("Re: Check-in", "Ich bin im Urlaub. Je suis absent. In urgent cases call me."),
]


@pytest.mark.parametrize("sender", PEOPLE)
@pytest.mark.parametrize(("subject", "text"), SAID)
def test_people_are_no_machines_whatever_they_are_called_and_write_about(sender: str, subject: str, text: str) -> None:
    assert classify(parse(written(sender, subject, text))) is MessageClass.HUMAN


LOOKALIKES = [
    row.partition("|")[::2]
    for row in (Path(__file__).parent / "visible" / "people.txt").read_text("utf-8").splitlines()
    if not row.startswith("#")
]
BELOW = "\n\nOn Tue, 24 Nov 2026 at 09:00, Ada <ada@x.example> wrote:\n> 1. What did you get done yesterday?"


@pytest.mark.parametrize("below", ["", BELOW])
def test_no_mail_of_a_person_is_taken_for_a_machines(below: str) -> None:
    lost = []
    for subject, text in LOOKALIKES:
        head = Header(subject, "utf-8").encode()
        raw = written("Sam Osei <sam@x.example>", head, text.replace("\\n", "\n") + below)
        if classify(parse(raw)) is not MessageClass.HUMAN:
            lost.append((subject, text))
    assert lost == []


ABSENT = [
    "I'm on leave from Monday. When I'm back I will respond to the audit.",
    "Thank you for your message, I am on sick leave and will be back tomorrow, in urgent cases call me.",
    "Danke für Ihre Nachricht, ich bin ab morgen im Urlaub. In dringenden Fällen bitte an Max wenden.",
]
HUMAN = {
    "a mail program": ("X-Mailer: Apple Mail (2.3774)\nPrecedence: bulk", "", "{}"),
    "a phone": ("X-Priority: 3", "", "{}\n\nSent from my iPhone"),
    "numbered answers": ("Precedence: bulk", "", "1. the import\n2. the audit\n3. none\n\n{}"),
    "labelled answers": ("X-Priority: 3", "", "Yesterday: the import\nToday: the audit\n\n{}"),
    "our name": ("X-Priority: 3", "Hi Ada,\n\n", "{}"),
    "our prompt below": (
        "X-Priority: 3",
        "",
        "{}\n\nOn Mon, 23 Nov 2026, Ada <a@x.example> wrote:\n> 1. What?",
    ),
}


@pytest.mark.parametrize("shown", HUMAN)
@pytest.mark.parametrize("absent", ABSENT)
def test_who_speaks_of_an_absence_and_shows_to_be_a_person_is_one(shown: str, absent: str) -> None:
    headers, opening, text = HUMAN[shown]
    raw = f"From: Sam <sam@x.example>\nTo: Ada <ada@x.example>\nSubject: Re: Check-in\n{headers}\n"
    body = opening + text.format(absent)
    message = parse(f"{raw}Content-Type: text/plain; charset=utf-8\n\n{body}\n".encode())
    assert classify(message) is MessageClass.HUMAN


@pytest.mark.parametrize("language", NOTHING)
def test_nothing_is_nothing_in_every_language(language: str) -> None:
    assert [said for said in NOTHING[language] if not is_free(said)] == []


MISSING = """
нет доступа к базе
brak dostępu do bazy
nincs hozzáférés az adatbázishoz
ingen adgang til databasen
ei pääsyä tietokantaan
没有权限访问数据库
데이터베이스 문제
veritabanına erişim yok
データベースに問題があります
"""


@pytest.mark.parametrize("said", MISSING.split("\n")[1:-1])
def test_what_is_missing_is_no_nothing(said: str) -> None:
    assert not is_free(said)
