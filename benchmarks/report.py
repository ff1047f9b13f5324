"""What a benchmark tells: a table, the goals it was held to, and how to read it; and the page of all of them."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assistant import clock


@dataclass(frozen=True, slots=True)
class Goal:
    """``met`` None: only told, not judged."""

    text: str
    measured: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """``lead`` says what was measured, ``notes`` how to read it. Cells are text as it is to be shown."""

    title: str
    lead: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        parts = [f"## {self.title}", self.lead, table(self.columns, self.rows)]
        if self.goals:
            parts.append(table(("goal", "measured", ""), [(g.text, g.measured, _VERDICT[g.met]) for g in self.goals]))
        parts += ["\n".join(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n\n".join(parts)


_VERDICT = {True: "met", False: "**missed**", None: ""}


def at_most(text: str, value: float, limit: float, unit: str = "x") -> Goal:
    return Goal(text, f"{figure(value)}{unit}", value <= limit)


def at_least(text: str, value: float, limit: float, unit: str = "x") -> Goal:
    return Goal(text, f"{figure(value)}{unit}", value >= limit)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [" | ".join(columns), " | ".join(["---"] + ["---:"] * (len(columns) - 1)), *map(" | ".join, rows)]
    return "\n".join(f"| {line} |" for line in lines)


def figure(value: float) -> str:
    """Three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3g}"


def duration(seconds: float) -> str:
    """In the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{figure(seconds / size)} {unit}"
    return f"{figure(seconds * 1e9)} ns"


def page(reports: Sequence[Report], seconds: float, *, quick: bool) -> str:
    goals = [goal for report in reports for goal in report.goals if goal.met is not None]
    lead = (
        f"{sum(bool(goal.met) for goal in goals)} of {len(goals)} goals met. Ours, the peers and the limit take turns"
        " in one run; every figure is the median of several. Compare the ratios: absolute times differ from machine"
        " to machine, and drift on a shared one. `make bench` measures again and rewrites this page."
    )
    about = [
        f"Measured {clock.now():%Y-%m-%d} in {seconds / 60:.1f} minutes on {_machine()}.",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_versions()}.",
    ]
    if quick:
        about.append("**A quick run, to see that everything works: these figures mean little.**")
    return "\n\n".join(["# Performance", lead, "\n".join(about), *(report.markdown() for report in reports)]) + "\n"


def _versions() -> str:
    ours = ("sqlite-utils", "jinja2", "css-inline", "icalendar", "recurring-ical-events", "pydantic", "schedule")
    return ", ".join(f"{name} {version(name)}" for name in ours)


def _machine() -> str:
    """Linux tells the processor's name and the memory; elsewhere the architecture must do."""
    name, memory = platform.machine(), ""
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    return f"{os.cpu_count()} cores ({name}){memory}, {platform.system()}"
