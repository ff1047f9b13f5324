"""``assistant connect``"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import click
from ruamel.yaml import YAML

from assistant import config, registry
from assistant.config import Config
from assistant.config.accounts import own_address
from assistant.store import database


def run(path: Path, adapter: str, *, account: str = "", address: str = "") -> None:
    """``account`` and ``address`` are empty for what is usual: the adapter's name, and the assistant's own address.

    Raises AssistantError where the configuration cannot be read, nothing of that name can be signed in to, or the
    address is none.
    """
    connect = registry.connect(adapter)
    settings = config.load(path)
    name = account.strip() or adapter
    own = own_address(address) if address else _address(settings, name)
    database.make_private_folder(settings.data)
    options: dict[str, Any] = {}
    if own != settings.setup.assistant.address:
        options["address"] = own
    options |= connect(settings.data, own, _ask, click.echo, account="" if name == adapter else name)
    click.echo(f"\nPut this into {path}, with what stands under `accounts:` there already:\n\n{_block(name, options)}")
    if "channel" in options:
        click.echo(f"A team's posts go there with, under `teams`:  channel: {{account: {name}, name: ...}}\n")
    elif second := [part for part in ("mail", "calendar") if part in options and _has_other(settings, name, part)]:
        said = ", ".join(f"{part}: {name}" for part in second)
        click.echo(f"It is for those who are given it, under `people`:  {said}\nWho is given none has the first.\n")
    click.echo("Then: assistant check --online")


def _address(settings: Config, name: str) -> str:
    """The assistant's own at an account that there may be already."""
    known = settings.accounts.get(name)
    return known.address if known is not None and known.address else settings.setup.assistant.address


def _has_other(settings: Config, name: str, part: str) -> bool:
    """Whether another account serves that too; folders on this machine make room for what is connected."""
    others = [each for each in settings.accounts.values() if each.name != name]
    return any(getattr(each, part) not in (None, "local") for each in others)


def _block(name: str, options: dict[str, Any]) -> str:
    block = io.StringIO()
    writer = YAML()
    writer.width = 4096
    writer.dump({"accounts": {name: options}}, block)
    return block.getvalue()


def _ask(question: str, *, default: str = "", secret: bool = False) -> str:
    """A secret has no default, which would be shown."""
    shown = bool(default) and not secret
    answer: str = click.prompt(question, default=default, show_default=shown, hide_input=secret)
    return answer
