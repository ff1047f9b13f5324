"""Who a mail's From line names."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from assistant.domain.people import Person
from assistant.inbound.message import parse
from assistant.inbound.sender import identify, person_of, without_subaddress

ZONE = ZoneInfo("Europe/Berlin")
MIA = Person("mia@example.com", "Mia Chen", ZONE, aliases=("m.chen@example.org",))
SAM = Person("sam@example.com", "Sam Osei", ZONE, aliases=("shared@example.com",))
LEE = Person("lee+x@example.com", "Lee Wong", ZONE, aliases=("shared@example.com",))
PEOPLE = {person.address: person for person in (MIA, SAM, LEE)}


@pytest.mark.parametrize(("sender", "wanted"), [
    ("mia@example.com", MIA), ("Mia Chen <mia@example.com>", MIA), ("MIA@Example.COM", MIA),
    ("M <m.chen@example.org>", MIA), ("mia+phone@example.com", MIA), ("m.chen+x@example.org", MIA),
    ("lee+x@example.com", LEE), ("mia@example.com.evil.org", None), ("stranger@example.com", None),
    ("shared@example.com", None), ("mia@example.com, sam@example.com", None), ("not an address", None), ("", None),
    ('"mia@example.com" <stranger@example.org>', None), ("+mia@example.com", None),
])  # fmt: skip
def test_a_person_is_found_by_the_one_valid_from_address(sender: str, wanted: Person | None) -> None:
    message = parse(f"From: {sender}\r\nSubject: x\r\n\r\nhello\r\n".encode())
    assert identify(message, PEOPLE) == wanted


def test_two_from_lines_name_nobody() -> None:
    assert identify(parse(b"From: mia@example.com\r\nFrom: sam@example.com\r\n\r\nx"), PEOPLE) is None


def test_a_subaddress_is_cut_only_when_a_name_stays() -> None:
    assert without_subaddress("mia+work@example.com") == "mia@example.com"
    assert without_subaddress("+work@example.com") == "+work@example.com"
    assert person_of(" Mia+a+b@example.com ", PEOPLE) == MIA
