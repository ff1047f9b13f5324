"""A first sign-in to Microsoft Teams: the webhook of a workflow for each channel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.ports import Ask, Say

from .connecting import ask_webhooks, until_it_works

_ABOUT = (
    "Microsoft Teams, where a team's digests, rollups and reminders are posted; nothing is read there. No scope is"
    " asked for: a workflow of the channel takes what is sent to its address. Whoever has the address may post, so it"
    " is kept like a password."
)


def connect(folder: Path, address: str, ask: Ask, say: Say, *, account: str = "", **more: Any) -> Mapping[str, Any]:
    """Posts nothing. ``more`` are options to try it with."""
    from .teams import TeamsChannel  # noqa: PLC0415 (requests only where it is used)

    say(_ABOUT)

    def attempt() -> Mapping[str, Any]:
        return ask_webhooks(
            folder, ask, say, "teams", account, lambda given: TeamsChannel(webhooks=given, folder=folder, **more)
        )

    return {"channel": "teams", **until_it_works(say, attempt)}
