"""kill -9 at random moments of a day: no mail lost, none twice, no answer lost.

``KILLS`` says how often (`make kill` does it thousands of times), ``SEED`` repeats a run.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys import day

ROOT = Path(__file__).parent.parent
KILLS = int(os.environ.get("KILLS", "40"))
SEED = int(os.environ.get("SEED", secrets.randbelow(10**6)))


def test_after_kills_at_random_moments_all_is_as_if_none_had_been(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{KILLS} kills, SEED={SEED} ", end="", flush=True)
    words = [sys.executable, "-m", "tests.journeys.nursery", str(tmp_path / "days"), str(KILLS), str(SEED)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-4000:]
    told = json.loads(ran.stdout)
    assert told["killed"] == KILLS
    wanted = day.outcome(tmp_path / "days" / "undisturbed" / "data")
    assert len(wanted["mails"]) >= 14 and len(wanted["answers"]) >= 12
    for number in range(told["days"]):
        found = day.outcome(tmp_path / "days" / f"day-{number}" / "data")
        for what, expected in wanted.items():
            assert found[what] == expected, f"{what} on day {number} of SEED={SEED}"
