"""Addresses into which anybody who knows them may post: by channel, each kept as the secret that it is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import requests

from assistant.errors import AssistantError, NotFound, ProviderError, Rejected, Unauthorized, Unavailable

_TIMEOUT = (10, 30)  # seconds to connect, and between two bytes
_FILE = "file:"
_JSON = {"Content-Type": "application/json"}


class Webhooks:
    """``given`` maps a channel, as the teams name it, to the webhook's address, to the name of the environment variable
    that holds it, or to ``file:NAME`` in the data folder; it is read anew each time. ``service`` names the chat.

    What it raises never holds an address: whoever has one may post.
    """

    def __init__(
        self, service: str, given: Mapping[str, str], folder: Path | str = ".", *, allow_http: bool = False
    ) -> None:
        if not isinstance(given, Mapping) or not all(isinstance(each, str) for each in given.values()):
            raise AssistantError("accounts: webhooks: should be names of channels, each with the webhook's address")
        self._service, self._given, self._folder = service, dict(given), Path(folder)
        self._schemes = ("https", "http") if allow_http else ("https",)

    def __contains__(self, channel: str) -> bool:
        return channel in self._given

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def post(self, channel: str, body: bytes) -> requests.Response:
        """Whatever it answers. Raises Unavailable where it does not, NotFound and Unauthorized as ``url`` does."""
        return self._ask("POST", channel, body)

    def look(self, channel: str) -> requests.Response:
        """As ``post``, asking with a method that posts nothing."""
        return self._ask("GET", channel, None)

    def url(self, channel: str) -> str:
        given = self._given.get(channel)
        if given is None:
            raise NotFound(f"{channel}: the account has no webhook for it; add one under `webhooks`")
        found = self._read(channel, given)
        if urlsplit(found).scheme not in self._schemes:
            raise Unauthorized(f"{channel}: the address of its webhook should begin with https://")
        return found

    def _read(self, channel: str, given: str) -> str:
        if "://" in given:
            return given
        if given.startswith(_FILE):
            try:
                return (self._folder / given.removeprefix(_FILE)).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Unauthorized(f"{channel}: the file with the address of its webhook cannot be read") from error
        if not (found := os.environ.get(given, "").strip()):
            raise Unauthorized(f"{channel}: the environment variable with its webhook is not set")
        return found

    def _ask(self, method: str, channel: str, body: bytes | None) -> requests.Response:
        url = self.url(channel)
        try:
            return requests.request(
                method, url, data=body, headers=_JSON if body else {}, timeout=_TIMEOUT, allow_redirects=False
            )
        except requests.exceptions.SSLError:
            said = f"the certificate of {self._service} does not match; check proxy, clock and list of authorities"
            raise Unavailable(f"{channel}: {said}") from None  # the address would be in the cause
        except requests.ConnectTimeout:
            raise Unavailable(f"{channel}: {self._service} cannot be reached") from None
        except requests.RequestException:
            raise Unavailable(f"{channel}: the line to {self._service} broke", in_doubt=body is not None) from None


def refusal(service: str, channel: str, answer: requests.Response, gone: str) -> ProviderError:
    """What an answer that is no success means; ``gone`` says what is to be done where there is no such webhook."""
    status = answer.status_code
    if status in (401, 403):
        return Unauthorized(f"{channel}: {service} refuses the webhook ({status}); take its address anew")
    if status in (404, 410):
        return NotFound(f"{channel}: {gone} ({status})")
    if status == 429 or status >= 500:
        wait = answer.headers.get("Retry-After", "")
        return Unavailable(f"{channel}: {service} says {status}", float(wait) if wait.isdecimal() else None)
    return Rejected(f"{channel}: {service} refuses the post ({status})")
