"""``assistant init``"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from assistant import initialise
from assistant.errors import AssistantError

T = TypeVar("T")


def run(path: Path, *, force: bool) -> None:
    """Raises AssistantError where a configuration is there already or cannot be written."""
    if path.exists() and not force:
        raise AssistantError(f"{path}: is there already; --force writes over it")
    answers = initialise.Answers(
        assistant=_ask("What is the assistant's mailbox? (Ada <ada@example.com>)", initialise.mailbox),
        you=_ask("And yours? You lead the team and hear of problems. (Mia Chen <mia@example.com>)", initialise.mailbox),
        zone=_ask("Your time zone? (Europe/Berlin)", initialise.zone),
        team=_ask("What is the team called? (Product)", initialise.team),
        others=_ask("Who else is in it? (Sam Osei <sam@example.com>, ...)", initialise.mailboxes),
    )
    text = initialise.initialise(answers)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AssistantError(f"{path}: cannot be written ({error.strerror})") from error
    click.echo(f"\n{path}: written. Look at it, then: assistant check, assistant upcoming, assistant run")


def _ask(question: str, read: Callable[[str], T]) -> T:
    """Again until it can be read."""
    while True:
        try:
            return read(click.prompt(question, prompt_suffix="\n> "))
        except ValueError as error:
            click.echo(str(error), err=True)
