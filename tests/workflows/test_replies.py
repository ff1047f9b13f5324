"""What becomes of a person's mail, from raw bytes to who reads it, on the local adapter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant import config, loops
from assistant.domain.records import RecordKind
from assistant.store import inbox, records, rounds
from assistant.wiring import House, open_house

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Pat Diaz, email: pat@example.com, zone: Africa/Accra, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
series:
  - {kind: one-on-one, managers: all, every: week, length: 30 min}
  - {kind: review, name: Product review, team: product, every: week, length: 60 min}
"""
SAM, TEAM = "sam@example.com", ("mia@example.com", "pat@example.com")
MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
"""Today Sam gets one mail with three questions of the team (1-3), one of his 1:1 (4) and one of the review (5)."""
TUESDAY_NINE = MONDAY + timedelta(days=1, hours=3, minutes=5)
SECRET = "canary"


class Office:
    """One house in simulated time; ``now`` moves on with ``until``."""

    def __init__(self, house: House) -> None:
        self.house, self.now, self.written = house, MONDAY, 0

    def until(self, moment: datetime) -> None:
        while (due := loops.next_due(self.house)) is not None and due <= moment:
            self.now = max(due, self.now)
            loops.everything(self.house, self.now, lambda _place: nullcontext())
        self.now = moment
        loops.everything(self.house, self.now, lambda _place: nullcontext())

    def inbox(self, address: str, kind: str = "") -> list[EmailMessage]:
        """Oldest first."""
        files = (self.house.config.data / "mail" / address / "new").iterdir()
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return sorted((m for m in mails if kind in m["X-Assistant-Kind"]), key=lambda m: m["Date"].datetime)

    def reply(self, text: str, to: EmailMessage | None) -> None:
        """From Sam, a minute later."""
        self.written += 1
        mail = EmailMessage()
        mail["From"], mail["To"] = SAM, "ada@example.com" if to is None else to["Reply-To"]
        mail["Message-ID"], mail["Subject"] = f"<{self.written}@client.example>", "Re:"
        mail.set_content(text)
        folder = self.house.config.data / "mail" / "ada@example.com" / "new"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.written}.reply").write_bytes(mail.as_bytes())
        self.until(self.now + timedelta(minutes=1))

    def answers(self, occurrence: str) -> dict[str, str]:
        """Sam's, by question."""
        said = rounds.answers_of(self.house.db, occurrence).get(SAM, {})
        return {key: stored.answer.text for key, stored in said.items()}

    def reads(self, address: str) -> str:
        return "\n".join(body.get_content() for m in self.inbox(address) if (body := m.get_body(("plain",))))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with open_house(config.load(tmp_path / "config.yaml"), MONDAY) as house:
        found = Office(house)
        found.until(MONDAY)
        yield found


def points(office: Office, series: str) -> list[str]:
    query = "SELECT a.text FROM answers a JOIN prompts p ON p.id = a.prompt WHERE p.parent LIKE ? AND p.person = ?"
    return [row[0] for row in office.house.db.execute(query, [f"{series}%", SAM])]


@pytest.mark.parametrize(
    "reply",
    [
        "> What would you like to talk about?\n\ncanary",
        "> Mia / Sam 1:1\n> 4. What would you like to talk about?\n> 5. What would you like to talk about?\n\ncanary",
        "Agenda: canary",
        "To talk about: canary",
        "What would you like to talk about? canary",
        "1:1 - canary",
        "1:1: canary\nreview: the roadmap",
        "Done this week, and canary",
    ],
)
def test_what_may_belong_to_a_one_on_one_reaches_nobody_else_on_a_guess(office: Office, reply: str) -> None:
    office.until(MONDAY + timedelta(hours=3, minutes=5))
    [together] = office.inbox(SAM, "agenda-call")
    assert together["X-Assistant-Kind"] == "check-in, agenda-call, agenda-call"
    office.reply(reply, together)
    office.until(MONDAY + timedelta(days=3))
    assert points(office, "") == []
    assert SECRET not in office.reads("mia@example.com") + office.reads("pat@example.com")
    assert SECRET in office.reads(SAM)  # the receipt asks


def test_the_number_of_a_quoted_question_tells_it_from_another_meetings(office: Office) -> None:
    office.until(MONDAY + timedelta(hours=3, minutes=5))
    [together] = office.inbox(SAM, "agenda-call")
    asked = "What would you like to talk about?"
    office.reply(f"> 4. {asked}\n\ncanary\n\n> 5. {asked}\n\nthe roadmap", together)
    assert points(office, "one-on-one") == ["canary"]
    assert points(office, "review") == ["the roadmap"]


def test_loose_words_in_reply_to_a_digest_go_to_nobody_else(office: Office) -> None:
    """The digest's footer says that a reply goes to the assistant alone."""
    office.until(TUESDAY_NINE)
    digest = office.inbox(SAM, "digest")[-1]
    office.reply("canary: this worries me, please keep it to yourself", digest)
    office.until(TUESDAY_NINE + timedelta(days=2))
    assert all(SECRET not in office.reads(address) for address in TEAM)


def test_numbered_answers_in_reply_to_a_digest_are_late_answers(office: Office) -> None:
    office.until(TUESDAY_NINE)
    office.reply("1. import\n2. audit\n3. none", office.inbox(SAM, "digest")[-1])
    assert office.answers("check-in.product/2026-11-23") == {"done": "import", "next": "audit", "blockers": "none"}


@pytest.mark.parametrize("kind", ["welcome", "help", "receipt"])
def test_who_answers_below_the_wrong_mail_is_understood_by_the_numbers(office: Office, kind: str) -> None:
    office.until(TUESDAY_NINE)
    if kind == "help":
        office.reply("help", None)
    elif kind == "receipt":
        office.reply("canary", None)
    office.reply("1. import\n2. audit\n3. none", office.inbox(SAM, kind)[-1])
    assert office.answers("check-in.product/2026-11-24") == {"done": "import", "next": "audit", "blockers": "none"}


def test_plain_sentences_answer_the_three_questions(office: Office) -> None:
    office.until(TUESDAY_NINE)
    office.reply(
        "Yesterday I finished the import. Today I will answer the auditors. No blockers.",
        office.inbox(SAM, "check-in")[-1],
    )
    assert office.answers("check-in.product/2026-11-24") == {
        "done": "Yesterday I finished the import.",
        "next": "Today I will answer the auditors.",
        "blockers": "No blockers.",
    }


def test_one_more_point_in_reply_to_an_agenda_joins_the_others_and_stays_with_their_readers(office: Office) -> None:
    office.until(MONDAY + timedelta(hours=3, minutes=5))
    office.reply("4. salary", office.inbox(SAM, "agenda-call")[0])
    office.until(MONDAY + timedelta(days=2, hours=4))
    [agenda] = [m for m in office.inbox(SAM, "agenda") if m["X-Assistant-Kind"] == "agenda" and "1:1" in m["Subject"]]
    office.reply("canary\n\nThanks!\nSam", agenda)
    [one_on_one] = [series for series in office.house.desk.setup.series if SAM in series.participants][:1]
    found = records.open_records(office.house.db, RecordKind.POINT, context=one_on_one.name)
    assert [(r.text, r.audience) for r in found] == [
        ("salary", f"pair:{one_on_one.name}"),
        ("canary", f"pair:{one_on_one.name}"),
    ]
    office.until(MONDAY + timedelta(days=9, hours=6))
    assert SECRET in office.reads("mia@example.com")
    assert SECRET not in office.reads("pat@example.com")


def test_thanks_for_an_agenda_are_no_point(office: Office) -> None:
    office.until(MONDAY + timedelta(days=2, hours=4))
    agenda = next(m for m in office.inbox(SAM, "agenda") if m["X-Assistant-Kind"] == "agenda")
    office.reply("Thanks!", agenda)
    assert office.house.db.execute("SELECT count(*) FROM records").fetchone() == (0,)


def test_a_mail_put_aside_for_its_message_id_is_read_once_somebody_puts_it_back(office: Office) -> None:
    office.until(TUESDAY_NINE)
    prompt = office.inbox(SAM, "check-in")[-1]
    office.reply("1. import\n2. audit\n3. none", prompt)
    folder = office.house.config.data / "mail" / "ada@example.com" / "new"
    first = next(file for file in folder.iterdir() if b"import" in file.read_bytes())
    (folder / "9.same-id").write_bytes(first.read_bytes().replace(b"audit", b"release"))
    office.until(office.now + timedelta(minutes=1))
    [(aside, state, *_)] = inbox.set_aside(office.house.db)
    assert state == "quarantined"
    assert inbox.put_back(office.house.db, [aside]) == 1
    office.until(office.now + timedelta(minutes=1))
    assert office.answers("check-in.product/2026-11-24")["next"] == "release"
    assert inbox.set_aside(office.house.db) == []


@pytest.mark.parametrize("number", ["2", "2.", "#2"])
def test_a_bare_number_tells_a_receipt_what_the_words_before_answered(office: Office, number: str) -> None:
    office.until(TUESDAY_NINE)
    office.reply("Something about the import", office.inbox(SAM, "check-in")[-1])
    office.reply(number, office.inbox(SAM, "receipt")[-1])
    assert office.answers("check-in.product/2026-11-24") == {"next": "Something about the import"}
