"""What happens to mails that the mail server does not take for hours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from assistant.adapters.local import LocalMail

from assistant import config, loops
from assistant.errors import Unavailable
from assistant.ports import OutgoingMail
from assistant.store import outbox, rounds
from assistant.store.rounds import PromptState
from assistant.wiring import House, open_house

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
"""
SAM = "sam@example.com"
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


class Down(LocalMail):  # type: ignore[misc] # mypy does not follow the mapping of adapters
    """A server that takes nothing until ``works``."""

    works = False

    def send(self, message: OutgoingMail) -> None:
        if not self.works:
            raise Unavailable("down")
        super().send(message)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with open_house(config.load(tmp_path / "config.yaml"), NINE - timedelta(hours=1)) as opened:
        opened.mail = {"main": Down(tmp_path / "data", "ada@example.com")}
        yield opened


def live(house: House, until: datetime) -> None:
    while (moment := loops.next_due(house)) is not None and moment <= until:
        loops.everything(house, moment, lambda _place: nullcontext())
    loops.everything(house, until, lambda _place: nullcontext())


@pytest.mark.parametrize(("hours", "state"), [(1, PromptState.ASKED), (3, PromptState.EXPIRED)])
def test_a_question_leaves_within_two_hours_or_not_at_all_and_who_was_not_asked_missed_nothing(
    house: House, hours: int, state: PromptState
) -> None:
    loops.everything(house, NINE - timedelta(hours=1), lambda _place: nullcontext())
    live(house, NINE + timedelta(hours=hours, minutes=-10))
    house.mail["main"].works = True  # type: ignore[attr-defined] # our own adapter, seen through its port
    live(house, NINE + timedelta(hours=hours, minutes=70))
    [prompt] = rounds.prompts_of(house.db, "check-in.product/2026-11-24")
    assert prompt.state is state
    sent = {kind for mail in outbox.sent_to(house.db, SAM, 9) if mail.sent_at for kind in mail.kinds}
    assert ("check-in" in sent) is (state is PromptState.ASKED)
    assert "welcome" in sent
