"""Slack: posts into channels with a bot's token."""

from __future__ import annotations

import os
import uuid
from http.client import HTTPException
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from assistant.errors import AssistantError, NotFound, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ports import ChannelProvider

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
    """Exactly one of ``token``, ``token_env`` and ``token_file`` says where the bot's token is; it is read anew each
    time. ``api_url`` is for other clouds, such as https://slack-gov.com/api/.
    """

    def __init__(
        self, *, token: str | None = None, token_env: str | None = None, token_file: Path | str | None = None,
        api_url: str = WebClient.BASE_URL,
    ) -> None:  # fmt: skip
        if sum(given is not None for given in (token, token_env, token_file)) != 1:
            raise AssistantError("accounts: give exactly one of token, token_env and token_file")
        self._token, self._env = token, token_env
        self._file = None if token_file is None else Path(token_file)
        self._api = api_url

    def post(self, channel: str, text: str, key: str) -> None:
        """The key goes along as ``client_msg_id``, by which Slack tells a repeat from something new."""
        client = WebClient(self._secret(), base_url=self._api, timeout=_TIMEOUT, retry_handlers=[])
        try:
            client.chat_postMessage(
                channel=channel, text=_formatted(text), client_msg_id=str(uuid.uuid5(uuid.NAMESPACE_URL, key)),
                unfurl_links=False, unfurl_media=False, link_names=False,
            )  # fmt: skip
        except SlackApiError as error:
            refused = _error(channel, error)
            if refused is not None:
                raise refused from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise Unavailable("the line to Slack broke", in_doubt=True) from error

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
