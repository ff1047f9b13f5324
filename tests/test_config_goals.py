"""The section `goals` of the configuration."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from assistant import config
from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.goals import GoalsPlan, Length
from assistant.errors import ConfigError

PEOPLE = """
assistant: {address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Ana Ruiz, email: ana@example.com, zone: Europe/Madrid, team: platform}
"""


def load(folder: Path, goals: str) -> GoalsPlan | None:
    (folder / "config.yaml").write_text(PEOPLE + goals, encoding="utf-8")
    return config.load(folder / "config.yaml").setup.goals


def test_without_the_section_there_are_no_goals(tmp_path: Path) -> None:
    assert load(tmp_path, "") is None


def test_an_empty_section_has_sensible_defaults(tmp_path: Path) -> None:
    plan = load(tmp_path, "goals: {}")
    assert plan == GoalsPlan(teams=("product",)), "teams that have a lead"
    assert plan.update == Cadence(Frequency.WEEKLY, weekday=0)
    assert (plan.at, plan.draft, plan.grade) == (time(10), timedelta(days=14), timedelta(days=4))


def test_everything_can_be_said(tmp_path: Path) -> None:
    said = "cycle: [year, quarter], teams: [platform], everybody: true, draft: 3 days, at: Fri 15:00, every: 2 weeks"
    plan = load(tmp_path, f"goals: {{{said}}}")
    assert plan is not None
    assert (plan.lengths, plan.teams, plan.everybody) == ((Length.YEAR, Length.QUARTER), ("platform",), True)
    assert (plan.update, plan.at) == (Cadence(Frequency.WEEKLY, 2, weekday=4), time(15))


@pytest.mark.parametrize(
    ("goals", "said"),
    [
        ("goals: {cycle: month}", "length of a cycle"),
        ("goals: {teams: [prodct]}", "no team prodct"),
        ("goals: {draft: soon}", "length of time"),
        ("goals: {every: first Friday, at: Mon 10:00}", "does not go together"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, goals: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(tmp_path, goals)
