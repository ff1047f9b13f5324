"""Where the demo begins: its folder with a configuration, empty mailboxes and calendars that are already in use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2

from assistant.demo.maildir import box
from assistant.demo.script import read

_HERE = Path(__file__).parent
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def lay_out(folder: Path, start: datetime) -> Path:
    """Fills an empty data folder for a story that begins at ``start``; the path of its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    team = read("team.yaml")
    configuration: Mapping[str, Any] = team["configuration"]
    for address in [
        configuration["assistant"]["address"],
        *(person["email"] for person in configuration["people"]),
    ]:
        box(folder, address)
        (folder / "calendars" / address).mkdir(parents=True, exist_ok=True)
    for address, names in team["calendars"].items():
        for name in names:
            text = calendar_file(name, start.date())
            path = folder / "calendars" / address / f"{quote(_uid(text), safe='@.-_')}.ics"
            path.write_bytes(text.replace("\n", "\r\n").encode())
    config = folder / "config.yaml"
    config.write_text(configuration_text(configuration), encoding="utf-8")
    return config


def configuration_text(configuration: Mapping[str, Any]) -> str:
    """YAML as a person would write it: what fits on one line stands on one line."""
    lines: list[str] = []
    for section, content in configuration.items():
        lines.append(f"{section}:" if isinstance(content, list | dict) else f"{section}: {_flow(content)}")
        if isinstance(content, list):
            lines += [f"  - {_flow(entry)}" for entry in content]
        elif isinstance(content, dict):
            lines += [f"  {key}: {_flow(value)}" for key, value in content.items()]
        lines.append("")
    return "\n".join(lines)


def calendar_file(name: str, start: date) -> str:
    """One file of ``calendars/``, its dates counted from the week in which the story begins."""
    monday = start - timedelta(days=start.weekday())

    def day(week: int, weekday: str) -> str:
        return f"{monday + timedelta(weeks=week, days=_DAYS.index(weekday)):%Y%m%d}"

    template = _environment().get_template(f"{name}.ics.j2")
    lines = template.render(day=day, stamp=f"{day(-1, 'sun')}T200000Z").split("\n")
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "calendars"),
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(),
    )


def _uid(text: str) -> str:
    unfolded = text.replace("\n ", "")
    return next(line for line in unfolded.split("\n") if line.startswith("UID:")).removeprefix("UID:")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f'"{text}"' if ":" in text or "," in text else text
