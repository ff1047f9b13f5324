"""``assistant connect``"""

from __future__ import annotations

import io
from pathlib import Path

import click
from ruamel.yaml import YAML

from assistant import config, registry
from assistant.store import database


def run(path: Path, name: str) -> None:
    """Raises AssistantError where the configuration cannot be read, or nothing of that name can be signed in to."""
    connect = registry.connect(name)
    settings = config.load(path)
    database.make_private_folder(settings.data)
    options = connect(settings.data, settings.setup.assistant.address, _ask, click.echo)
    block = io.StringIO()
    writer = YAML()
    writer.width = 4096
    writer.dump({"accounts": {name: dict(options)}}, block)
    click.echo(f"\nPut this into {path}, with what stands under `accounts:` there already:\n\n{block.getvalue()}")
    if "channel" in options:
        click.echo(f"A team's posts go there with, under `teams`:  channel: {{account: {name}, name: ...}}\n")
    click.echo("Then: assistant check --online")


def _ask(question: str, *, default: str = "", secret: bool = False) -> str:
    """A secret has no default, which would be shown."""
    shown = bool(default) and not secret
    answer: str = click.prompt(question, default=default, show_default=shown, hide_input=secret)
    return answer
