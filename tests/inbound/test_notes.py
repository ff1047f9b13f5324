"""Action items, decisions and points out of meeting notes."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.people import Person
from assistant.inbound import notes
from assistant.inbound.notes import ActionItemRead

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)
ANA, LEE, MIA = "ana@example.com", "lee@example.com", "mia@example.com"
PEOPLE = (
    Person(ANA, "Ana Díaz", ZONE),
    Person(LEE, "Lee Wong", ZONE),
    Person(MIA, "Mia Chen", ZONE, aliases=("m.chen@example.com",)),
)
FOURTH, WEDNESDAY = date(2026, 12, 4), date(2026, 11, 25)


@pytest.mark.parametrize(("line", "text", "owner", "due"), [
    ("Ana: venue contract by Fri 4 Dec", "venue contract", ANA, FOURTH),
    ("venue contract (Ana, 4 Dec)", "venue contract", ANA, FOURTH),
    ("venue contract (4 Dec, Ana)", "venue contract", ANA, FOURTH),
    ("venue contract, Ana, Fri 4 Dec", "venue contract", ANA, FOURTH),
    ("venue contract - Ana - 2026-12-04", "venue contract", ANA, FOURTH),
    ("venue contract → Ana → 4.12.", "venue contract", ANA, FOURTH),
    ("@Lee speaker list until Wednesday", "speaker list", LEE, WEDNESDAY),
    ("speaker list @lee by Wed", "speaker list", LEE, WEDNESDAY),
    ("[ ] send the deck - Mia", "send the deck", MIA, None),
    ("- [ ] send the deck (Mia)", "send the deck", MIA, None),
    ("TODO book the room", "book the room", None, None),
    ("TODO: Ana to book the room tomorrow", "book the room", ANA, WEDNESDAY),
    ("Mia Chen - draft the plan (by end of month)", "draft the plan", MIA, date(2026, 11, 30)),
    ("lee@example.com: invite speakers", "invite speakers", LEE, None),
    ("m.chen@example.com will call the venue by 2026-12-04", "will call the venue", MIA, FOURTH),
    ("* **Ana**: contract", "contract", ANA, None),
    ("1. Ana will call the venue", "call the venue", ANA, None),
    ("prepare the Monday meeting", "prepare the Monday meeting", None, None),
    ("Lee", "Lee", None, None),
    ("Decide on pricing", "Decide on pricing", None, None),
    ("Ana: Vertrag bis Freitag", "Vertrag", ANA, date(2026, 11, 27)),
    ("Ana Diaz: contract", "contract", ANA, None),
    ("ana: contract, due next Monday", "contract", ANA, date(2026, 11, 30)),
])  # fmt: skip
def test_owner_and_date_are_taken_out_of_an_item(line: str, text: str, owner: str | None, due: date | None) -> None:
    assert notes.action_items(line, PEOPLE, TODAY) == [ActionItemRead(text, owner, due)]


def test_each_point_is_an_item_and_none_is_no_item() -> None:
    found = notes.action_items("Action items:\n- Ana: contract\n- Lee: speakers\n\nnone", PEOPLE, TODAY)
    assert [(item.text, item.owner) for item in found] == [("contract", ANA), ("speakers", LEE)]


def test_german_notes_use_german_dates() -> None:
    found = notes.action_items("Mia: Vertrag bis 4.12.\nLee: Liste nächste Woche", PEOPLE, TODAY, "de")
    assert [(item.owner, item.due) for item in found] == [(MIA, FOURTH), (LEE, FOURTH)]


def test_a_decision_loses_its_label() -> None:
    text = "Decided:\n- run it online in November (budget 30k)\n- Decision: keep Bob\nBeschlossen: Vertrag"
    assert notes.decisions(text) == ["run it online in November (budget 30k)", "keep Bob", "Vertrag"]
    assert notes.decisions("none") == []


def test_wrapped_lines_of_a_point_stay_together() -> None:
    text = "- a long point that a mail client wrapped at some column or other\nand that goes on here\n- b\n\nc\nd"
    assert notes.lines(text) == [
        "a long point that a mail client wrapped at some column or other and that goes on here",
        "b",
        "c",
        "d",
    ]
