"""Microsoft Teams: posts through the webhook of a workflow, one for each channel."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.ports import ChannelProvider

from .throttle import PER_MINUTE, Bucket, waited
from .webhooks import Webhooks, refusal

_LARGEST = 27_000
"""Bytes of a request: Teams refuses messages above 28 KB."""
_GAPS = re.compile(r"^ +| {2,}", re.M)
_GONE = "there is no such workflow any more"


class TeamsChannel(ChannelProvider):
    """``webhooks`` is as ``Webhooks`` takes it; ``folder`` is the data folder.

    A webhook takes no key: what broke off may be posted twice.
    """

    def __init__(
        self, *, webhooks: Mapping[str, str] | None = None, folder: Path | str = ".", allow_http: bool = False,
        per_minute: float = PER_MINUTE,
    ) -> None:  # fmt: skip
        if not webhooks:
            raise AssistantError("accounts: webhooks: should be names of channels, each with the webhook's address")
        self._webhooks = Webhooks("Teams", webhooks, folder, allow_http=allow_http)
        self._bucket = Bucket(per_minute)

    def post(self, channel: str, text: str, key: str) -> None:
        waited(self._bucket)
        answer = self._webhooks.post(channel, _request(text))
        if answer.status_code not in (200, 201, 202):
            raise refusal("Teams", channel, answer, _GONE)

    def check(self, channel: str) -> str:
        """Asks with GET, which starts no workflow: whether it would post, only a post can tell."""
        answer = self._webhooks.look(channel)
        if answer.status_code in (401, 403) or answer.status_code == 410 or answer.status_code >= 500:
            raise refusal("Teams", channel, answer, _GONE)
        return "its webhook answers; whether it posts shows with the first post"


def _request(text: str) -> bytes:
    """As much of the text as fits."""
    kept, made = text.strip("\n"), _message(text.strip("\n"))
    while len(made) > _LARGEST:
        kept = kept[: len(kept) * _LARGEST // len(made)]
        made = _message(f"{kept}…")
    return made


def _message(text: str) -> bytes:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [_line(line, first=number == 0) for number, line in enumerate(text.split("\n"))],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def _line(line: str, *, first: bool) -> dict[str, Any]:
    """Text runs know no markdown and no mentions: what people wrote stays what they wrote."""
    kept = _GAPS.sub(lambda gap: "\N{NO-BREAK SPACE}" * len(gap[0]), line) or "\N{NO-BREAK SPACE}"
    style = {"weight": "Bolder"} if first else {"fontType": "Monospace"}
    return {"type": "RichTextBlock", "spacing": "None", "inlines": [{"type": "TextRun", "text": kept, **style}]}
