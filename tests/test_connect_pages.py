"""The pages of docs/connect/ against the adapters: every option is told, and nothing that is not one."""

from __future__ import annotations

import inspect
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from assistant import registry

CONFIGURATION = Path(__file__).parents[1] / "docs" / "configuration.md"
PAGES = Path(__file__).parents[1] / "docs" / "connect"
GROUPS = (registry.MAIL, registry.CALENDAR, registry.CHANNEL)
NAMES = sorted(path.stem for path in PAGES.glob("*.md"))
OURS = {"folder", "address", "zones", "session", "elsewhere"}
"""Given to the adapters by the wiring, or replacing the network in tests; of Google also the address."""
COMMON = {"mail", "calendar", "channel"}


def options(name: str) -> set[str]:
    """What an account of these adapters may say."""
    ours = OURS | ({"endpoint"} if name == "google" else set())
    points = [point for group in GROUPS for point in entry_points(group=group, name=name)]
    assert points, f"{name} is no adapter"
    return {each for point in points for each in inspect.signature(point.load()).parameters} - ours


def told(name: str) -> set[str]:
    """The names in the first column of the tables whose head begins with "option"."""
    found: set[str] = set()
    inside = False
    for line in (PAGES / f"{name}.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("|"):
            inside = inside or cells[1] == "option"
            found |= set(re.findall(r"`(\w+)`", cells[1])) if inside else set()
        else:
            inside = False
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_page_tells_exactly_the_options_that_there_are(name: str) -> None:
    assert told(name) == options(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_page_name_only_options_that_there_are(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^accounts:\n((?: .*\n|\n)+)", text.replace("\n   ", "\n"), re.MULTILINE)
    used = {option for block in blocks for option in re.findall(r"^ {4}(\w+):", block, re.MULTILINE)}
    assert used <= options(name) | COMMON


QUOTAS = {"per_minute", "mails_per_minute", "mail_quota", "calendar_quota"}


def default(name: str, option: str) -> float:
    points = [point for group in GROUPS for point in entry_points(group=group, name=name)]
    signatures = [inspect.signature(point.load()).parameters for point in points]
    (found,) = {each[option].default for each in signatures if option in each}
    return float(found)


def test_the_quotas_of_all_adapters_are_in_the_configuration_and_told_with_their_defaults() -> None:
    section = CONFIGURATION.read_text(encoding="utf-8").partition("\n### Quotas\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| (\d+) \|", section, re.MULTILINE)
    said = {(name, option): float(number) for name, option, number in rows}
    there = {(name, option) for name in NAMES for option in QUOTAS & options(name)}
    assert said == {(name, option): default(name, option) for name, option in there}
    assert {name for name, _ in said} == set(NAMES) - {"imip"}, "each that talks to a server of somebody's"


def test_every_adapter_has_a_page_and_every_sign_in_too() -> None:
    adapters = {
        name for group in (registry.MAIL, registry.CALENDAR, registry.CHANNEL) for name in registry.names(group)
    }
    assert set(NAMES) == adapters - {"local"}
    assert set(registry.names(registry.CONNECT)) == set(NAMES) - {"imip"}


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"imip"}))
def test_a_page_begins_with_the_command_that_signs_in(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"assistant connect {name}" in text and "assistant check --online" in text
