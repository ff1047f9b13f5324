"""The demo's team lived through a quarter: what all of it costs together."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant import config, loops
from assistant.demo import team
from assistant.demo.run import run_demo
from assistant.store import inbox, outbox
from assistant.wiring import House, open_house
from benchmarks.companies import ROOT, no_guard
from benchmarks.measure import clean_environment
from benchmarks.report import Report, duration, figure

END = datetime(2026, 11, 21, tzinfo=UTC)


def run(*, quick: bool) -> Report:
    """In a process of its own, whose memory is then its own too."""
    days = 7 if quick else 91
    command = [sys.executable, "-m", "benchmarks.quarter", str(days)]
    told: dict[str, Any] = json.loads(subprocess.check_output(command, text=True, cwd=ROOT, env=clean_environment()))
    sent, got = told["sent"], told["received"]
    own = told["assistant"]
    rows = [
        ["in all, the people too", duration(told["seconds"]), duration(told["cpu"])],
        ["the assistant", duration(own), duration(told["assistant-cpu"])],
        [
            "the assistant, per mail sent or read",
            duration(own / (sent + got)),
            duration(told["assistant-cpu"] / (sent + got)),
        ],
        ["the assistant, per simulated day", duration(own / days), duration(told["assistant-cpu"] / days)],
        ["the longest it worked at one instant", duration(told["longest"]), ""],
    ]
    return Report(
        f"The demo, {days} days",
        f"Eight people in four zones with all rounds, 1:1s and reviews: {sent:,} mails sent, {got:,} read,"
        f" {told['instants']:,} instants at which something was due. Peak memory, simulated people included,"
        f" {figure(told['peak'])} MiB; the store then holds {figure(told['store'] / 2**20)} MiB.",
        ("", "wall", "CPU"),
        rows,
    )


class Timed:
    """The assistant as the demo drives it, with a watch."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.seconds, self.cpu, self.longest, self.instants = 0.0, 0.0, 0.0, 0

    def tick(self, now: datetime) -> None:
        start, cpu = time.perf_counter(), time.process_time()
        loops.everything(self._house, now, no_guard)
        taken = time.perf_counter() - start
        self.seconds += taken
        self.cpu += time.process_time() - cpu
        self.longest = max(self.longest, taken)
        self.instants += 1

    def next_due(self) -> datetime | None:
        return loops.next_due(self._house)


def live(folder: Path, days: int) -> dict[str, float]:
    start = END - timedelta(days=days)
    settings = config.load(team.lay_out(folder, start))
    with open_house(settings, start) as house:
        assistant = Timed(house)
        begun, cpu = time.perf_counter(), time.process_time()
        run_demo(folder, assistant, start, END)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "seconds": seconds,
            "cpu": cpu,
            "assistant": assistant.seconds,
            "assistant-cpu": assistant.cpu,
            "longest": assistant.longest,
            "instants": assistant.instants,
            "sent": outbox.counts(house.db).get("sent", 0),
            "received": sum(inbox.counts(house.db).values()),
            "peak": peak / (2**20 if sys.platform == "darwin" else 2**10),
            "store": sum(file.stat().st_size for file in folder.glob("assistant.db*")),
        }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(json.dumps(live(Path(scratch) / "demo", int(sys.argv[1]))))
