"""A first sign-in to Slack: a bot's token, or a webhook for each channel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.ports import Ask, Say

from .connecting import HIDDEN, Secret, ask_webhooks, file_of, one_of, until_it_works, wanted

_FILE = "slack-token"
_ABOUT = "Slack, where a team's digests, rollups and reminders are posted; nothing is read there."
_SCOPES = {
    "chat:write (by token)": "post into the channels that the bot was invited to; it can read none",
    "incoming-webhook (by webhook)": "post into the one channel that was chosen when the webhook was made",
}


def connect(folder: Path, address: str, ask: Ask, say: Say, *, account: str = "", **more: Any) -> Mapping[str, Any]:
    """Posts nothing. ``more`` are options to try it with."""
    from .slack import SlackChannel  # noqa: PLC0415 (slack_sdk only where it is used)

    say(f"{_ABOUT} What is asked for, and why:")
    for scope, why in _SCOPES.items():
        say(f"  {scope}: {why}")

    def attempt() -> Mapping[str, Any]:
        way = one_of(ask, say, "By a bot's token, or by a webhook for each channel", ("token", "webhook"), "token")
        if way == "webhook":
            return ask_webhooks(
                folder, ask, say, "slack", account, lambda given: SlackChannel(webhooks=given, folder=folder, **more)
            )
        token = Secret.given(wanted(ask, say, f"Bot User OAuth Token, xoxb-… {HIDDEN}", secret=True))
        channel = wanted(ask, say, "A channel to post to, as #name or by its ID")
        said = SlackChannel(token=token.value, folder=folder, **more).check(channel)
        say(f"Signed in: {said}.")
        return token.kept(folder, file_of(account, _FILE), "token")

    return {"channel": "slack", **until_it_works(say, attempt)}
