"""The one-way rule, and the homes of SQL, prose and the clock, read off the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_SEE = {
    "domain": {"domain"},
    "errors": set(),
    "ical": {"ical", "domain"},
    "ports": {"domain", "errors"},
    "inbound": {"inbound", "domain", "ical"},
    "compose": set(),
    "typeset": {"domain"},
    "render": {"domain", "errors", "typeset"},
    "store": {"store", "domain", "ports", "errors"},
    "clock": set(),
    "workflows": {"workflows", "domain", "inbound", "ports", "errors", "store", "render", "compose"},
    "config": {"config", "domain", "errors"},
    "initialise": {"config", "errors"},
    "registry": {"ports", "errors"},
    "wiring": {"config", "errors", "ports", "registry", "render", "store", "workflows"},
    "network": {"errors", "workflows"},
    "mail_jobs": {"errors", "network", "ports", "store", "wiring", "workflows"},
    "calendar_jobs": {"domain", "errors", "mail_jobs", "network", "ports", "store", "wiring", "workflows"},
    "kpi_files": {"inbound", "store", "wiring", "workflows"},
    "loops": {"calendar_jobs", "kpi_files", "mail_jobs", "network", "store", "wiring", "workflows"},
    "rehearsal": {"config", "loops", "store", "wiring", "workflows"},
    "daemon": {
        "calendar_jobs",
        "clock",
        "config",
        "errors",
        "loops",
        "mail_jobs",
        "network",
        "store",
        "wiring",
        "workflows",
    },
    "adapters": {"adapters", "domain", "ical", "ports", "errors"},
}
"""What each part may import of ours. The command line and the demo stand above and see everything."""

FREE = {"__main__", "cli", "commands", "demo", "templates", "__init__"}


def sources() -> Iterator[tuple[str, Path]]:
    """(part, file) of every module of ours."""
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        yield path.relative_to(ROOT / "assistant").parts[0].removesuffix(".py"), path
    for path in sorted((ROOT / "adapters").rglob("*.py")):
        yield "adapters", path


MODULES = [pytest.param(part, path, id=str(path.relative_to(ROOT))) for part, path in sources()]


def imported(path: Path) -> set[str]:
    """The parts of ours that a module imports, at its top or anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("assistant.")}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            if node.module == "assistant":
                found |= {alias.name for alias in node.names if alias.name != "__version__"}
            elif node.module.startswith("assistant."):
                found.add(node.module.split(".")[1])
    return found


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_each_part_imports_only_what_stands_below_it(part: str, path: Path) -> None:
    if part in FREE:
        return
    assert part in MAY_SEE, f"{part} is new: say in MAY_SEE what it may see"
    assert imported(path) <= MAY_SEE[part]


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_sql_is_only_in_the_store(part: str, path: Path) -> None:
    statement = re.compile(
        r"\b(SELECT\s.+?\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.S
    )
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert part == "store" or not any(statement.search(text) for text in texts)


CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_only_the_clock_reads_the_wall_clock(part: str, path: Path) -> None:
    """``monotonic`` may pace an adapter's waiting; nothing else asks what time it is."""
    if part == "clock":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            allowed = part == "adapters" and node.func.attr == "monotonic"
            assert name not in {"datetime", "date", "time"} or allowed, f"line {node.lineno} reads the clock"


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_nothing_but_the_guard_catches_everything(part: str, path: Path) -> None:
    if part == "daemon":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            names = {child.id for child in ast.walk(node.type) if isinstance(child, ast.Name)} if node.type else {"all"}
            assert not names & {"Exception", "BaseException", "all"}, f"line {node.lineno} catches everything"


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_networks_are_only_in_the_adapters(part: str, path: Path) -> None:
    libraries = {"socket", "smtplib", "imaplib", "http", "requests", "imapclient", "ssl"}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    reached = {name for name in found if name.split(".")[0] in libraries or name.startswith("urllib.request")}
    assert part == "adapters" or not reached


@pytest.mark.parametrize(("part", "path"), MODULES)
def test_no_provider_is_named_outside_the_adapters(part: str, path: Path) -> None:
    """The layers that decide know no provider; calendars and replies name the dialects they read."""
    if part not in {"domain", "workflows", "store", "loops", "daemon", "ports", "wiring", "registry"}:
        return
    text = path.read_text(encoding="utf-8").lower()
    assert not re.search(r"\b(google|gmail|exchange|microsoft|graph|icloud)\b|\boutlook\.", text)
