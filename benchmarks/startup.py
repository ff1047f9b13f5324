"""Start-up of the commands, and the daemon at rest with few and with many people."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant import clock
from benchmarks.companies import write_config
from benchmarks.measure import Spent, Timing, clean_environment, process, side_by_side
from benchmarks.report import Goal, Report, at_most, duration

FEW, MANY = 8, 10_000
HELP, STATUS, TOOL, EAGER = (
    "assistant --help",
    "assistant status",
    "sqlite-utils --version",
    "all dependencies imported",
)
_EAGER = (
    "import click, pydantic, sqlite_utils, jinja2, schedule, dateutil.rrule, icalendar, recurring_ical_events,"
    " ruamel.yaml, css_inline, email.message, smtplib, imaplib"
)
_REST = 5.0


def run(*, quick: bool) -> Report:
    sizes = (FEW, 1_000) if quick else (FEW, MANY)
    with tempfile.TemporaryDirectory() as scratch:
        timings, peaks = _commands(write_config(Path(scratch) / "small", FEW), 3 if quick else 9)
        daemons = {size: _daemon(Path(scratch) / f"{size}", size) for size in sizes}
    rows = [[name, duration(t.each), duration(t.cpu_each), f"{peaks[name]:.0f} MiB"] for name, t in timings.items()]
    for size, (ready, resident) in daemons.items():
        rows.append([f"daemon, {size:,} people in a CSV", duration(ready), "", f"{resident:.0f} MiB"])
    tool, memory = timings[TOOL].each, daemons[sizes[-1]][1] / peaks[EAGER]
    return Report(
        "Start-up and memory",
        "Whole processes from nothing to their exit, and their peak memory; for daemons, the time until they had"
        f" started on an empty store and what is resident {_REST:.0f} s later.",
        ("", "wall", "of it CPU", "memory"),
        rows,
        [
            at_most("`--help` <= 0.5x `sqlite-utils --version`", timings[HELP].each / tool, 0.5),
            Goal("`--help` <= 0.25 s", duration(timings[HELP].each), timings[HELP].each <= 0.25),
            at_most("`status` <= 2x `sqlite-utils --version`", timings[STATUS].each / tool, 2),
            at_most(f"daemon with {sizes[-1]:,} people <= 1.5x the memory of the imports", memory, 1.5),
        ],
    )


def _commands(config: Path, runs: int) -> tuple[dict[str, Timing], dict[str, float]]:
    commands: dict[str, Sequence[str | Path]] = {
        "python, nothing": [sys.executable, "-c", "pass"],
        "python, click imported": [sys.executable, "-c", "import click"],
        HELP: [_script("assistant"), "--help"],
        STATUS: [_script("assistant"), "-c", config, "status"],
        TOOL: [_script("sqlite-utils"), "--version"],
        EAGER: [sys.executable, "-c", _EAGER],
    }
    peaks: dict[str, float] = {}

    def once(name: str) -> Spent:
        ended = process(commands[name])
        peaks[name] = max(peaks.get(name, 0.0), ended.peak)
        return ended.spent

    return side_by_side({name: (partial(once, name), 1) for name in commands}, runs), peaks


def _script(name: str) -> Path:
    """As installed beside the interpreter that runs us."""
    return Path(sys.executable).parent / name


def _daemon(folder: Path, people: int) -> tuple[float, float]:
    """Seconds until it says that it has started, and its resident MiB at rest. It is night where its people are."""
    config = write_config(folder, people, _where_it_is_night())
    start = time.perf_counter()
    with subprocess.Popen(
        [_script("assistant"), "-c", config, "run"], stderr=subprocess.PIPE, text=True, env=clean_environment()
    ) as child:
        assert child.stderr is not None
        try:
            for line in child.stderr:
                if '"started"' in line:
                    break
            ready = time.perf_counter() - start
            time.sleep(_REST)
            resident = _resident(child.pid)
        finally:
            child.terminate()
            child.communicate()
    if child.returncode != 0:
        raise RuntimeError(f"the daemon ended with {child.returncode}")
    return ready, resident


def _where_it_is_night() -> ZoneInfo:
    """A zone in which it is about ten in the evening, so that nobody is asked, told or welcomed."""
    ahead = (22 - clock.now().hour + 11) % 24 - 11
    return ZoneInfo(f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT")  # POSIX signs: GMT-5 is five hours ahead


def _resident(pid: int) -> float:
    """MiB, from ``ps``, which every Unix has."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)], text=True)) / 1024
