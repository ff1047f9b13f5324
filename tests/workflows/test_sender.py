"""Who a mail's From line names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.inbound.message import parse
from assistant.inbound.sender import without_subaddress
from assistant.workflows.desk import Desk
from assistant.workflows.inbox import sender
from tests.workflows.small_team import LEE, MIA, SETUP, desk_in


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    people = dict(SETUP.people)
    people[MIA] = replace(people[MIA], aliases=("m.chen@example.org",))
    people["lee+x@example.com"] = replace(people.pop(LEE), address="lee+x@example.com")
    return desk_in(tmp_path, replace(SETUP, people=people))


@pytest.mark.parametrize(("written", "wanted"), [
    ("mia@example.com", MIA), ("Mia Chen <mia@example.com>", MIA), ("MIA@Example.COM", MIA),
    ("M <m.chen@example.org>", MIA), ("mia+phone@example.com", MIA), ("m.chen+x@example.org", MIA),
    ("mia+a+b@example.com", MIA), ("lee+x@example.com", "lee+x@example.com"),
    ("mia@example.com.evil.org", None), ("stranger@example.com", None), ("ada+x@example.com", None),
    ("mia@example.com, sam@example.com", None), ("not an address", None), ("", None),
    ('"mia@example.com" <stranger@example.org>', None), ("+mia@example.com", None),
])  # fmt: skip
def test_a_person_is_found_by_the_one_valid_from_address(desk: Desk, written: str, wanted: str | None) -> None:
    found = sender(desk, parse(f"From: {written}\r\nSubject: x\r\n\r\nhello\r\n".encode()))
    assert (found.address if found else None) == wanted


def test_two_from_lines_name_nobody(desk: Desk) -> None:
    assert sender(desk, parse(b"From: mia@example.com\r\nFrom: sam@example.com\r\n\r\nx")) is None


def test_a_subaddress_is_cut_only_when_a_name_stays() -> None:
    assert without_subaddress("mia+work@example.com") == "mia@example.com"
    assert without_subaddress("+work@example.com") == "+work@example.com"
