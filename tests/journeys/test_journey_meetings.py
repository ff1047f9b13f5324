"""What hangs around a meeting, from the first point to the summary, and who never hears of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant.demo.clients import Client
from tests.journeys.office import Letter, Office, check_invariants, office, utc

RUTH, MIA, SAM, LEE = (f"{name}@example.com" for name in ("ruth", "mia", "sam", "lee"))

CONFIG = """
assistant: {name: Ada, address: ada@example.com, operator: ruth@example.com}
people:
  - {name: Ruth Adler, email: ruth@example.com, zone: Europe/Berlin}
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true, manager: Ruth}
  - {name: Sam Osei, email: sam@example.com, zone: Europe/Berlin, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: product}
series:
  - {kind: one-on-one, managers: [Mia], except: [Lee Park], every: week, at: "Wed 11:00", length: 30 min}
  - {kind: review, name: Product review, team: product, every: week, at: "Thu 14:00", length: 60 min}
"""
POINT, NOTE, LATER = "Peregrine salary wish", "Osprey goes part time", "Kestrel course in spring"
CANARIES = (POINT, NOTE, LATER, "Peregrine", "Osprey", "Kestrel")
FIRST = utc("2026-11-25 10:00")


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three weeks: a 1:1 with points and notes, one that is skipped, and one to which points are carried over."""
    with office(tmp_path_factory.mktemp("weeks"), CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 10:00"))
        call, number = own_call(it, SAM)
        it.reply(call, f"{number}. {POINT}", client=Client.OUTLOOK)
        it.until(FIRST + timedelta(minutes=45))
        (writer,) = [who for who in (MIA, SAM) if it.inbox(who, "meeting-notes")]
        notes = it.last(writer, "meeting-notes")
        said = f"1. {NOTE} from March\n2. Sam: write the offer by Friday\n3. {NOTE}"
        it.reply(notes, said, client=Client.GMAIL)
        it.reply(notes, f"1. {NOTE} from April")
        it.until(utc("2026-11-27 10:00"))
        call, number = own_call(it, SAM)
        it.reply(call, f"{number}. {LATER}")
        it.write(SAM, "away from 30 Nov to 4 Dec")
        it.until(utc("2026-12-14 12:00"))
        yield it


def own_call(it: Office, who: str) -> tuple[Letter, int]:
    """The newest agenda call for the 1:1, and the number under which it asks for points."""
    newest = it.rows(
        "SELECT o.message_id, p.questions FROM prompts p JOIN outbox o ON o.id = p.mail"
        " WHERE p.person = ? AND p.parent LIKE 'one-on-one%' AND p.kind = 'agenda-call' ORDER BY p.id DESC LIMIT 1",
        who,
    )
    ((message_id, questions),) = newest
    (letter,) = [letter for letter in it.inbox(who) if letter.id == message_id]
    return letter, int(json.loads(questions)[0]["number"])


def of_events(it: Office, who: str) -> list[Any]:
    return [event for read in it.calendar(who).values() for event in read.walk("VEVENT")]


def test_the_agenda_reaches_both_two_hours_before_with_the_point_and_is_in_the_event(weeks: Office) -> None:
    for who in (MIA, SAM):
        agenda = next(letter for letter in weeks.inbox(who, "agenda") if POINT in letter)
        assert agenda.at.astimezone(UTC) == FIRST - timedelta(hours=2)
        private = [event for event in of_events(weeks, who) if POINT in str(event.get("DESCRIPTION", ""))]
        assert private and all(str(event.get("CLASS")) == "PRIVATE" for event in private)


def test_the_summary_goes_to_the_two_with_one_question_and_the_corrected_one_again(weeks: Office) -> None:
    for who in (MIA, SAM):
        first, second = [letter for letter in weeks.inbox(who, "summary") if NOTE in letter][:2]
        assert "meeting-feedback" in first.kinds and "meeting-feedback" not in second.kinds
        assert f"{NOTE} from March" in first
        assert f"{NOTE} from April" in second and f"{NOTE} from March" not in second


def test_the_action_has_its_owner_and_date(weeks: Office) -> None:
    found = weeks.rows("SELECT owner, text, due FROM records WHERE kind = 'action'")
    assert len(found) == 1 and found[0][0] == SAM and "offer" in found[0][1] and found[0][2] == "2026-11-27"


def test_notes_stay_out_of_every_calendar(weeks: Office) -> None:
    for path in (weeks.data / "calendars").rglob("*.ics"):
        assert "Osprey" not in path.read_text(encoding="utf-8").replace("\r\n ", "")


def test_nothing_of_the_two_reaches_a_third(weeks: Office) -> None:
    assert weeks.inbox(RUTH, "rollup") and weeks.inbox(LEE, "rollup")
    for who in (RUTH, LEE):
        for letter in weeks.inbox(who):
            assert not any(word in part for word in CANARIES for part in (letter.text, letter.html, letter.subject))
        for path in (weeks.data / "calendars" / who).glob("*.ics"):
            assert not any(word in path.read_text(encoding="utf-8") for word in CANARIES)
    assert not any(word in str(weeks.rows("SELECT * FROM trail")) for word in CANARIES)
    assert not any(word in str(weeks.rows("SELECT * FROM problems")) for word in CANARIES)
    for who in (MIA, SAM):
        for letter in weeks.inbox(who, "rollup"):
            assert not any(word in letter.text for word in CANARIES), "not even in their own, but for what they do"


def test_a_point_survives_a_meeting_that_did_not_take_place(weeks: Office) -> None:
    states = weeks.rows("SELECT original_start, state FROM meetings WHERE series LIKE 'one%' ORDER BY original_start")
    assert [state for _, state in states[:3]] == ["held", "skipped", "held"], states[:3]
    agenda = weeks.inbox(SAM, "agenda")[-1]
    carried = [letter for letter in weeks.inbox(SAM, "agenda") if LATER in letter]
    assert [letter.at.date() for letter in carried] == [date(2026, 12, 9)], agenda.text
    assert POINT not in carried[0], "what had its turn is done with"


def test_who_takes_notes_changes_from_meeting_to_meeting(weeks: Office) -> None:
    one_on_ones = weeks.rows(
        "SELECT documentarian FROM meetings WHERE series LIKE 'one%' AND state = 'held' ORDER BY start"
    )
    assert len({row[0] for row in one_on_ones[:2]}) == 2
    held = "SELECT documentarian FROM meetings WHERE series LIKE 'review%' AND state = 'held' ORDER BY start"
    reviews = weeks.rows(held)
    assert len(reviews) >= 2 and all(a != b for a, b in pairwise(reviews))


def test_suggested_questions_are_never_those_of_the_time_before(weeks: Office) -> None:
    offered = weeks.rows("SELECT offered FROM meetings WHERE series LIKE 'one%' ORDER BY original_start")
    sets = [set(row[0].strip("[]").split(",")) for row in offered if row[0] != "[]"]
    assert len(sets) >= 3 and all(len(each) == 3 for each in sets)
    assert all(not a & b for a, b in pairwise(sets))


def test_whoever_takes_notes_is_chased_after_two_hours_and_only_they(weeks: Office) -> None:
    for meeting, writer, end in weeks.rows(
        "SELECT key, documentarian, end FROM meetings WHERE series LIKE 'review%' AND state = 'held' LIMIT 1"
    ):
        reminded = weeks.rows("SELECT person, reminded FROM prompts WHERE occurrence = ?", f"meeting-notes/{meeting}")
        assert reminded[0][0] == writer and len(reminded) == 1 and reminded[0][1] >= 1
        nudged = [letter.at for letter in weeks.inbox(writer, "reminder")]
        assert any(at >= datetime.fromisoformat(end) + timedelta(hours=2) for at in nudged)


def test_everything_ended_once(weeks: Office) -> None:
    check_invariants(weeks)
    assert weeks.rows("SELECT * FROM problems") == []


def test_a_second_reply_to_an_agenda_call_adds_to_the_first(tmp_path: Path) -> None:
    with office(tmp_path, CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 10:00"))
        call, number = own_call(it, SAM)
        it.reply(call, f"{number}. The budget")
        it.reply(call, f"{number}. The trip to Oslo")
        it.until(FIRST)
        agenda = next(letter for letter in it.inbox(MIA, "agenda") if "1:1" in letter.subject)
        assert "The budget" in agenda and "The trip to Oslo" in agenda
