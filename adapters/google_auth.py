"""Signing in to Google: a service account that acts for the assistant's mailbox, or a stored refresh token.

Secrets come from files or, written ``env:NAME``, from the environment. They are never shown: errors name where a secret
came from and what to do, not what it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from google.auth.exceptions import MalformedError
from google.oauth2 import service_account
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import InstalledAppFlow  # type: ignore[import-untyped]  # it ships no types
from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]  # as above
from requests import RequestException

from assistant.errors import Unauthorized, Unavailable

from .files import make_folder, replace_file, translated
from .google_account import Account, token_path

SCOPES: Mapping[str, str] = {
    "https://www.googleapis.com/auth/gmail.modify": "read what people reply, write drafts and send them",
    "https://www.googleapis.com/auth/calendar.events": "put meetings on calendars and see who answered",
    "https://www.googleapis.com/auth/calendar.freebusy": "see when people are free",
}
"""The least that works, and why each is asked for."""

_ENVIRONMENT = "env:"
_TOKEN_FIELDS = ("client_id", "client_secret", "refresh_token")
_LONGEST = 64 * 1024


def credentials(account: Account) -> Any:
    """google-auth credentials with our scopes. Raises Unauthorized where there are none that could work."""
    return _service_account(account) if account.key is not None else _user(account)


def _service_account(account: Account) -> Any:
    source = account.key or ""
    try:
        return service_account.Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # of the library
            _secret(source), scopes=list(SCOPES), subject=account.subject or account.address
        )
    except (MalformedError, ValueError, KeyError) as error:
        raise Unauthorized(
            f"{source} is not the key of a Google service account; make a new JSON key in the Google Cloud console"
        ) from error


def _user(account: Account) -> Any:
    source = account.token_source
    info = _secret(source)
    missing = [name for name in _TOKEN_FIELDS if not info.get(name)]
    if missing:
        raise Unauthorized(f"{source} has no {missing[0]}; sign in again with `assistant connect google`")
    keep = None if source.startswith(_ENVIRONMENT) else Path(source).expanduser()
    signed_in = _Rotating(  # type: ignore[no-untyped-call]  # of the library
        None,
        refresh_token=info["refresh_token"],
        token_uri=info.get("token_uri", "https://oauth2.googleapis.com/token"),
        client_id=info["client_id"],
        client_secret=info["client_secret"],
        scopes=list(SCOPES),
    )
    signed_in.file, signed_in.info = keep, info
    return signed_in


class _Rotating(Credentials):
    """A user's credentials that keep a new refresh token on disk before it is used."""

    file: Path | None = None
    info: Mapping[str, Any] = MappingProxyType({})

    def refresh(self, request: Any) -> None:
        before = self.refresh_token
        super().refresh(request)  # type: ignore[no-untyped-call]  # of the library
        if self.file is not None and self.refresh_token and self.refresh_token != before:
            write_private(self.file, {**self.info, "refresh_token": self.refresh_token})


def _secret(source: str) -> dict[str, Any]:
    """The JSON in a file or an environment variable. Raises Unauthorized where there is none."""
    try:
        if source.startswith(_ENVIRONMENT):
            text = os.environ[source.removeprefix(_ENVIRONMENT)]
        else:
            with Path(source).expanduser().open(encoding="utf-8") as file:
                text = file.read(_LONGEST)
        content = json.loads(text)
    except FileNotFoundError as error:
        raise Unauthorized(f"{source} does not exist; sign in with `assistant connect google`") from error
    except OSError as error:
        raise Unauthorized(f"{source} cannot be read; check its owner and rights") from error
    except KeyError as error:
        raise Unauthorized(f"the environment variable {error.args[0]} is not set") from error
    except ValueError as error:
        # Not chained: the decoder's error carries the text, and with it the secret.
        error.args = ("not JSON",)
        raise Unauthorized(f"{source} does not hold JSON") from None
    if not isinstance(content, dict):
        raise Unauthorized(f"{source} does not hold a JSON object")
    return content


def write_private(path: Path, content: Mapping[str, Any]) -> None:
    """Replace the file in one step, readable by its owner only."""
    with translated("the sign-in cannot be stored"):
        make_folder(path.parent)
        replace_file(path, json.dumps(content, indent=1).encode(), path.with_name(f".{path.name}.tmp"))


def connect(
    folder: Path | str,
    address: str,
    client_file: Path,
    *,
    open_browser: bool = True,
    port: int = 0,
    prompt: str = "{url}",
    run: Callable[..., Any] | None = None,
) -> Path:
    """Sign a user in through the browser and store the refresh token; returns its file.

    ``client_file`` is the JSON of an OAuth client of type "Desktop app". ``prompt`` is printed with ``{url}`` filled
    in. ``run`` replaces waiting for the browser. Raises Unauthorized where Google gave no lasting sign-in.
    """
    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(client_file), scopes=list(SCOPES))
    except (OSError, ValueError) as error:
        raise Unauthorized(f"{client_file} is not the JSON of an OAuth client of type Desktop app") from error
    local = run or flow.run_local_server
    try:
        # "consent" makes Google give a refresh token also to somebody who signed in before.
        signed_in = local(
            port=port,
            open_browser=open_browser,
            authorization_prompt_message=prompt,
            login_hint=address,
            prompt="consent",
            access_type="offline",
        )
    except (OAuth2Error, Warning) as error:  # a Warning where somebody granted less than was asked for
        raise Unauthorized("Google gave no sign-in; begin again and grant all that is asked for") from error
    except RequestException as error:
        raise Unavailable("Google cannot be reached to sign in; check the network") from error
    if not signed_in.refresh_token:
        raise Unauthorized("Google gave no lasting sign-in; remove the app's access in the Google account, then again")
    path = token_path(folder, address)
    write_private(
        path,
        {
            "client_id": signed_in.client_id,
            "client_secret": signed_in.client_secret,
            "refresh_token": signed_in.refresh_token,
            "token_uri": signed_in.token_uri,
            "scopes": sorted(signed_in.scopes or SCOPES),
        },
    )
    return path
