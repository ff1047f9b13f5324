"""Plans for projects in the configuration: read as they stand, and refused where a step cannot be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assistant import config
from assistant.domain.tasks import Step
from assistant.errors import ConfigError

BEGIN = """
assistant: {address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
projects:
  launch:
"""


def load(folder: Path, *steps: str) -> config.Config:
    path = folder / "config.yaml"
    path.write_text(BEGIN + "".join(f"    - {step}\n" for step in steps), encoding="utf-8")
    return config.load(path)


def test_a_plan_has_its_steps_in_order(tmp_path: Path) -> None:
    plan = load(
        tmp_path,
        "{task: Write the brief, before: 2 weeks, estimate: 2 days}",
        "{task: Tell all, owner: Mia Chen, after: 1, priority: high}",
    ).setup.projects["launch"]
    assert plan.steps == (
        Step("Write the brief", None, timedelta(days=14), estimate=960),
        Step("Tell all", "mia@example.com", after=(1,), priority=2),
    )


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{task: b, owner: Bob}", "nobody is called Bob"),
        ("{task: b, after: 7}", "no other step 7"),
        ("{task: b, after: 2}", "no other step 2"),
        ("{task: b, after: one}", "should be a number"),
        ("{task: b, priority: huge}", "there is no priority huge"),
        ("{task: b, estimate: long}", "no length of time"),
        ("{owner: Mia Chen}", "task"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_with_its_line(tmp_path: Path, step: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as raised:
        load(tmp_path, "{task: a}", step)
    assert "config.yaml:8" in str(raised.value)


def test_steps_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="wait for each other: 2, 1, 2"):
        load(tmp_path, "{task: a, after: 2}", "{task: b, after: 1}")
