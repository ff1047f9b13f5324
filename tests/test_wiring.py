"""One house from one configuration, and another configuration while it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import config
from assistant.errors import AssistantError
from assistant.wiring import House, open_house

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
TEXT = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
"""


def written(folder: Path, text: str) -> config.Config:
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return config.load(folder / "config.yaml")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(written(tmp_path, TEXT), NOW) as opened:
        yield opened


def test_a_new_address_and_new_people_reach_the_adapters_without_a_restart(house: House, tmp_path: Path) -> None:
    text = TEXT.replace("ada@", "bot@") + "  - {name: Sam, email: sam@example.com, zone: Africa/Accra, team: product}\n"
    house.adopt(written(tmp_path, text), NOW)
    folder = tmp_path / "data" / "mail" / "bot@example.com" / "new"
    house.mail["main"].fetch(None)
    assert folder.is_dir()
    assert "sam@example.com" in house.desk.setup.people


@pytest.mark.parametrize("change", ["data: elsewhere\n", "accounts: {main: {mail: pigeon}}\n"])
def test_what_cannot_change_while_it_runs_changes_nothing(house: House, tmp_path: Path, change: str) -> None:
    before = house.desk
    with pytest.raises(AssistantError):
        house.adopt(written(tmp_path, TEXT + change), NOW)
    assert house.desk is before


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("{mail: pigeon}", "accounts.main: no adapter is called 'pigeon'"),
        ("{mail: local, calendar: local, hots: x}", "accounts.main: there is no option 'hots'"),
    ],
)
def test_an_adapter_or_option_that_is_not_there_is_said_with_its_place_and_leaves_nothing_behind(
    tmp_path: Path, account: str, said: str
) -> None:
    with (
        pytest.raises(AssistantError, match=said),
        open_house(written(tmp_path, TEXT + f"accounts: {{main: {account}}}\n"), NOW),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]
