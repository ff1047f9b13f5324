"""Microsoft Teams: posts through the webhook of a workflow, one for each channel."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from assistant.errors import AssistantError, NotFound, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ports import ChannelProvider

_TIMEOUT = (10, 30)
_LARGEST = 27_000
"""Bytes of a request: Teams refuses messages above 28 KB."""
_GAPS = re.compile(r"^ +| {2,}", re.M)


class TeamsChannel(ChannelProvider):
    """``webhooks`` maps a channel's name, as the teams use it, to the webhook's address or to the name of the
    environment variable that holds it. The address is a secret: whoever has it may post.

    A webhook takes no key: what broke off may be posted twice.
    """

    def __init__(self, *, webhooks: Mapping[str, str] | None = None, allow_http: bool = False) -> None:
        if not isinstance(webhooks, Mapping):
            raise AssistantError("accounts: webhooks: should be names of channels, each with the webhook's address")
        self._webhooks = webhooks
        self._schemes = ("https", "http") if allow_http else ("https",)

    def post(self, channel: str, text: str, key: str) -> None:
        url = self._url(channel)
        try:
            answer = requests.post(
                url, data=_request(text), headers={"Content-Type": "application/json"}, timeout=_TIMEOUT,
                allow_redirects=False,
            )  # fmt: skip
        except requests.ConnectTimeout:
            raise Unavailable(f"{channel}: Teams cannot be reached") from None  # the address would be in the cause
        except requests.RequestException:
            raise Unavailable(f"{channel}: the line to Teams broke", in_doubt=True) from None
        if answer.status_code not in (200, 201, 202):
            raise _error(channel, answer)

    def _url(self, channel: str) -> str:
        given = self._webhooks.get(channel)
        if given is None:
            raise NotFound(f"{channel}: the account has no webhook for it; add one under `webhooks`")
        url = given if "://" in given else os.environ.get(given, "")
        if not url:
            raise Unauthorized(f"{channel}: the environment variable with its webhook is not set")
        if urlsplit(url).scheme not in self._schemes:
            raise Unauthorized(f"{channel}: the address of its webhook should begin with https://")
        return url


def _error(channel: str, answer: requests.Response) -> ProviderError:
    status = answer.status_code
    if status in (401, 403):
        return Unauthorized(f"{channel}: Teams refuses the webhook ({status}); take its address from the workflow anew")
    if status in (404, 410):
        return NotFound(f"{channel}: there is no such workflow any more ({status})")
    if status == 429 or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        return Unavailable(f"{channel}: Teams says {status}", float(wait) if wait.isdecimal() else None)
    return Rejected(f"{channel}: Teams refuses the post ({status})")


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
