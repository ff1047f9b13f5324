"""Timing side by side: whoever is compared takes turns, so that a busy machine is busy for all of them."""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """Wall and CPU seconds. CPU is steadier on a shared machine and knows nothing of the disk."""

    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Several runs, each of which did ``count`` things. Properties are of the median."""

    runs: tuple[Spent, ...]
    count: int = 1

    @property
    def seconds(self) -> float:
        return statistics.median(run.seconds for run in self.runs)

    @property
    def cpu_each(self) -> float:
        return statistics.median(run.cpu for run in self.runs) / self.count

    @property
    def each(self) -> float:
        return self.seconds / self.count

    @property
    def rate(self) -> float:
        return self.count / self.seconds


Contender = Callable[[], Spent]
"""One run; returns what counts, so that preparing is not among it."""


def side_by_side(contenders: Mapping[str, tuple[Contender, int]], runs: int, warm: int = 1) -> dict[str, Timing]:
    """Each contender with how many things one run does; in turn, ``runs`` times, after ``warm`` rounds not counted."""
    found: dict[str, list[Spent]] = {name: [] for name in contenders}
    for number in range(warm + runs):
        for name, (contender, _) in contenders.items():
            gc.collect()
            spent = contender()
            if number >= warm:
                found[name].append(spent)
    return {name: Timing(tuple(found[name]), count) for name, (_, count) in contenders.items()}


class Watch:
    """Runs from its making."""

    def __init__(self) -> None:
        self._seconds, self._cpu = time.perf_counter(), time.process_time()

    def spent(self) -> Spent:
        return Spent(time.perf_counter() - self._seconds, time.process_time() - self._cpu)


def timed(act: Callable[[], object], times: int = 1) -> Contender:
    def run() -> Spent:
        watch = Watch()
        for _ in range(times):
            act()
        return watch.spent()

    return run


@dataclass(frozen=True, slots=True)
class Exit:
    """What a process took to its end; ``peak`` is resident memory in MiB."""

    spent: Spent
    peak: float


_LAUNCHER = """
import json, os, sys, time
start = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
print(json.dumps([os.waitstatus_to_exitcode(status), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss]))
"""
"""A process inherits the peak memory of the one that starts it, so a small one must do it."""


def process(command: Sequence[str | Path], folder: Path | None = None) -> Exit:
    """Run it to its end, output thrown away. Raises RuntimeError where it fails."""
    given = [sys.executable, "-I", "-S", "-c", _LAUNCHER, *map(str, command)]
    ended = subprocess.run(given, cwd=folder, capture_output=True, text=True, env=clean_environment(), check=False)
    if ended.returncode:
        raise RuntimeError(f"{command[0]} cannot be started: {ended.stderr[-2000:]}")
    code, seconds, cpu, peak = json.loads(ended.stdout)
    if code:
        raise RuntimeError(f"{command[0]} ended with {code}: {ended.stderr[-2000:]}")
    return Exit(Spent(seconds, cpu), peak / (2**20 if sys.platform == "darwin" else 2**10))


def clean_environment() -> dict[str, str]:
    """Of this process, without what changes how Python starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
