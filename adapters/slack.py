"""Slack: posts into channels, with a bot's token or through incoming webhooks."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from assistant.errors import AssistantError, NotFound, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ports import ChannelProvider

from .throttle import PER_MINUTE, Bucket, waited
from .webhooks import Webhooks, refusal

_SCOPE = "chat:write"
_GONE = "Slack knows no such webhook any more, or its channel is archived; make a new one"
_TIMEOUT = 30
_LONGEST = 30_000
"""Characters of a post: Slack cuts at 40,000, and escaped ones count several times."""
_SIGN_IN = frozenset(
    {
        "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
        "no_permission", "not_allowed_token_type", "org_login_required", "ekm_access_denied", "access_denied",
    }
)  # fmt: skip
_NO_CHANNEL = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
_LATER = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class SlackChannel(ChannelProvider):
    """By a bot's token, by an incoming webhook for each channel, or both: then ``webhooks`` is for those it names.

    At most one of ``token``, ``token_env`` and ``token_file`` (in the data folder) says where the token is; it is read
    anew each time, as webhooks are. ``api_url`` is for other clouds, such as https://slack-gov.com/api/.
    """

    def __init__(
        self, *, token: str | None = None, token_env: str | None = None, token_file: Path | str | None = None,
        webhooks: Mapping[str, str] | None = None, folder: Path | str = ".", api_url: str = WebClient.BASE_URL,
        allow_http: bool = False, per_minute: float = PER_MINUTE,
    ) -> None:  # fmt: skip
        given = sum(each is not None for each in (token, token_env, token_file))
        if given > 1 or (given == 0 and not webhooks):
            raise AssistantError("accounts: give exactly one of token, token_env and token_file, or `webhooks`")
        self._by_token = given == 1
        self._token, self._env = token, token_env
        self._file = None if token_file is None else Path(folder) / token_file
        self._webhooks = Webhooks("Slack", webhooks or {}, folder, allow_http=allow_http)
        self._api, self._bucket = api_url, Bucket(per_minute)

    def post(self, channel: str, text: str, key: str) -> None:
        """By token, the key goes along as ``client_msg_id``, by which Slack tells a repeat from something new; a
        webhook knows none, so what broke off there may be posted twice.
        """
        waited(self._bucket)
        if channel in self._webhooks or not self._by_token:
            answer = self._webhooks.post(channel, json.dumps(_quiet(text)).encode())
            if answer.status_code != 200:
                raise refusal("Slack", channel, answer, _GONE)
            return
        with _translated(channel):
            self._client().chat_postMessage(
                channel=channel, client_msg_id=str(uuid.uuid5(uuid.NAMESPACE_URL, key)), link_names=False,
                **_quiet(text),
            )  # fmt: skip

    def check(self, channel: str) -> str:
        """By token its sign-in and scope; of a webhook whether Slack knows it: without a text it posts nothing."""
        if channel in self._webhooks or not self._by_token:
            refused = self._webhooks.post(channel, b"{}")
            if refused.status_code != 400:
                raise refusal("Slack", channel, refused, _GONE)
            return "its webhook is known"
        with _translated(channel):
            answer = self._client().auth_test()
            scopes = answer.headers.get("x-oauth-scopes", answer.headers.get("X-OAuth-Scopes"))
            if scopes is not None and _SCOPE not in {each.strip() for each in str(scopes).split(",")}:
                raise Unauthorized(f"Slack: the token lacks the scope {_SCOPE}; add it and install the app again")
        return "the token is good; whether the bot is a member of the channel shows with the first post"

    def _client(self) -> WebClient:
        return WebClient(self._secret(), base_url=self._api, timeout=_TIMEOUT, retry_handlers=[])

    def _secret(self) -> str:
        if self._token is not None:
            return self._token
        if self._env is not None:
            found = os.environ.get(self._env, "")
        else:
            try:
                found = (self._file or Path()).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Unauthorized(f"{self._file}: the token for Slack cannot be read") from error
        if not found:
            raise Unauthorized(f"{self._env or self._file}: there is no token for Slack in it")
        return found


def _quiet(text: str) -> dict[str, Any]:
    return {"text": _formatted(text), "unfurl_links": False, "unfurl_media": False}


@contextmanager
def _translated(channel: str) -> Iterator[None]:
    """Whatever the library raises, as ours; nothing where Slack knows the post already."""
    try:
        yield
    except SlackApiError as error:
        refused = _error(channel, error)
        if refused is not None:
            raise refused from error
    except (SlackClientError, OSError, HTTPException) as error:
        raise Unavailable("the line to Slack broke", in_doubt=True) from error


def _formatted(text: str) -> str:
    """As it is laid out, and with nothing in it that Slack would take for a link, a mention or the end of the block."""
    whole = text.strip("\n")
    kept = whole if len(whole) <= _LONGEST else whole[:_LONGEST].rpartition("\n")[0] + "\n…"
    title, _, rest = kept.replace("```", "'''").translate(_ESCAPED).partition("\n")
    return f"{title}\n```\n{rest.strip(chr(10))}\n```" if rest.strip() else title


def _error(channel: str, error: SlackApiError) -> ProviderError | None:
    """None where Slack knows the post already."""
    answer = error.response
    code = str(answer.get("error", "")) if isinstance(answer.data, dict) else ""
    if code.startswith("duplicate_message"):
        return None
    if code in _SIGN_IN or answer.status_code in (401, 403):
        return Unauthorized(f"Slack refuses the token ({code or answer.status_code})")
    if code in _NO_CHANNEL:
        return NotFound(f"{channel}: Slack says {code}; is the bot a member of that channel?")
    if code in _LATER or answer.status_code == 429 or answer.status_code >= 500:
        wait = str(answer.headers.get("Retry-After", ""))
        return Unavailable(f"Slack says {code or answer.status_code}", float(wait) if wait.isdecimal() else None)
    return Rejected(f"{channel}: Slack refuses the post ({code or answer.status_code})")
