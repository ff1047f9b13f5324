"""The demo team's days spread over four systems, with an account of the assistant on each."""

from __future__ import annotations

from tests.journeys.providers.life import Life
from tests.journeys.providers.mixed import Mixed
from tests.journeys.providers.promises import SameDays


class TestMixed(SameDays):
    opening = Mixed

    def test_guests_on_another_system_are_invited_by_mail_and_answer_by_mail(self, lived: Life) -> None:
        ways = {method: {(a, b) for each, a, b in lived.crossed if each == method} for method in ("REQUEST", "REPLY")}
        assert len({sender for sender, _ in ways["REQUEST"]}) > 1
        assert {(organizer, guest) for guest, organizer in ways["REPLY"]} >= ways["REQUEST"]
