"""Signing in to Microsoft 365: as an application, or as a person who typed a code once.

Tokens are in no log, error or ``repr``. The refresh token rotates: the new one is on disk before it is used.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import msal
import requests

from assistant.errors import AssistantError, Unauthorized, Unavailable

from .files import make_folder, replace_file, translated
from .graph_errors import refused, unreachable

logging.getLogger("msal").setLevel(logging.WARNING)  # below that it logs device codes and claims

_LONGEST = 64 * 1024
_APPLICATION = ["https://graph.microsoft.com/.default"]
_DELEGATED = ["Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "Calendars.Read.Shared"]


class Tokens(Protocol):
    def token(self, *, renewed: bool = False) -> str:
        """An access token; ``renewed`` after the last one was refused. Raises Unauthorized and Unavailable."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One source of a client secret, or a certificate (``.pfx``); none of them for a delegated sign-in."""

    value: str | None = field(default=None, repr=False)
    env: str | None = None
    file: Path | None = None
    certificate: Path | None = None

    def __bool__(self) -> bool:
        given = [source for source in (self.value, self.env, self.file, self.certificate) if source is not None]
        if len(given) > 1:
            raise AssistantError("accounts: give one of secret, secret_env, secret_file and certificate, not several")
        return bool(given)

    def credential(self) -> str | Mapping[str, str]:
        """As msal takes it, read anew each time."""
        if self.certificate is not None:
            return {"private_key_pfx_path": str(self.certificate)}
        if self.env is not None:
            text: str | None = os.environ.get(self.env)
        elif self.file is not None:
            try:
                text = self.file.read_text(encoding="utf-8")[:_LONGEST].strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Unauthorized(f"{self.file}: the client secret cannot be read") from error
        else:
            text = self.value
        if not text:
            raise Unauthorized("there is no client secret; set the environment variable or the file that is configured")
        return text


class Application:
    """Signs in with the secret of an app registration; its tokens live in memory only."""

    def __init__(self, authority: str, client_id: str, secret: Secret, session: requests.Session) -> None:
        self._make: Callable[[], Any] = lambda: msal.ConfidentialClientApplication(
            client_id,
            client_credential=secret.credential(),
            authority=authority,
            http_client=session,
            instance_discovery=False,
        )
        self._app: Any = None
        self._lock = Lock()

    def token(self, *, renewed: bool = False) -> str:
        with self._lock:
            if self._app is None or renewed:  # the secret may have been renewed too
                self._app = _checked(self._make)
            return _token(_checked(lambda: self._app.acquire_token_for_client(_APPLICATION)))


class Delegated:
    """Signs in as the person who once typed the device code. ``path`` holds the token cache, mode 0600."""

    def __init__(self, authority: str, client_id: str, path: Path, session: requests.Session) -> None:
        self._path = path
        self._cache = msal.SerializableTokenCache()
        self._read_at: int | None = None
        self._make: Callable[[], Any] = lambda: msal.PublicClientApplication(
            client_id, authority=authority, token_cache=self._cache, http_client=session, instance_discovery=False
        )
        self._app: Any = None
        self._lock = Lock()

    def token(self, *, renewed: bool = False) -> str:
        with self._lock:
            self._load()
            accounts = _checked(self._ready().get_accounts)
            if not accounts:
                raise Unauthorized("nobody has signed in yet; run `assistant connect graph`")
            answer = _checked(
                lambda: self._ready().acquire_token_silent_with_error(_DELEGATED, accounts[0], force_refresh=renewed)
            )
            self._save()
            return _token(answer or {"error": "no_token"})

    def begin(self) -> Mapping[str, Any]:
        """Start a sign-in: ``verification_uri`` and ``user_code`` are to be shown to the person."""
        flow: Mapping[str, Any] = _checked(lambda: self._ready().initiate_device_flow(_DELEGATED))
        if "user_code" not in flow:
            raise refused(flow)
        return flow

    def finish(self, flow: Mapping[str, Any]) -> None:
        """Wait until the person has typed the code, and keep the sign-in. Raises Unauthorized where they did not."""
        answer = _checked(lambda: self._ready().acquire_token_by_device_flow(flow))
        _token(answer)
        self._save()

    def _ready(self) -> Any:
        if self._app is None:
            self._app = _checked(self._make)
        return self._app

    def _load(self) -> None:
        """Again where another adapter or another process has signed in or rotated the token since."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._read_at:
                self._cache.deserialize(self._path.read_text(encoding="utf-8"))
                self._read_at = changed
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise Unauthorized(f"{self._path}: the sign-in cannot be read; run `assistant connect graph`") from error

    def _save(self) -> None:
        if self._cache.has_state_changed:
            with translated("the sign-in cannot be stored"):
                make_folder(self._path.parent)
                content = self._cache.serialize().encode()
                replace_file(self._path, content, self._path.with_name(f".{self._path.name}.tmp"))
                self._read_at = self._path.stat().st_mtime_ns
            self._cache.has_state_changed = False


def _token(answer: Mapping[str, Any]) -> str:
    if "access_token" not in answer:
        raise refused(answer)
    return str(answer["access_token"])


def _checked(ask: Callable[[], Any]) -> Any:
    """msal's own troubles as ours; it raises ValueError for an authority or a certificate that is none."""
    try:
        return ask()
    except (requests.RequestException, json.JSONDecodeError) as error:
        raise unreachable(error) from error
    except msal.exceptions.MsalError as error:
        raise Unavailable("Microsoft's sign-in service failed; it is tried again") from error
    except ValueError as error:
        if isinstance(error.__context__, json.JSONDecodeError):  # a torn answer, which msal takes for a wrong tenant
            raise unreachable(error) from error
        raise Unauthorized("the sign-in is not possible; check tenant, client_id and certificate") from error
