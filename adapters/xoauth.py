"""Signing in: whose name, and the secret read anew each time, so that a changed password or token counts at once."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import AssistantError, Unauthorized

_LONGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class SignIn:
    """Exactly one source of a secret. ``token_file`` holds an OAuth access token, bare or as JSON, kept by others.

    Never shown: the secret is in no ``repr`` and in no error.
    """

    username: str
    password: str | None = field(default=None, repr=False)
    password_env: str | None = None
    password_file: Path | None = None
    token_file: Path | None = None

    def __post_init__(self) -> None:
        given = [self.password, self.password_env, self.password_file, self.token_file]
        if sum(source is not None for source in given) != 1:
            raise AssistantError(
                "accounts: give exactly one of password, password_env, password_file and token_file, so that it is"
                " clear how to sign in"
            )

    @property
    def by_token(self) -> bool:
        return self.token_file is not None

    def secret(self) -> str:
        """The password or access token as it now is. Raises Unauthorized where there is none."""
        if self.password is not None:
            return self.password
        if self.password_env is not None:
            value = os.environ.get(self.password_env, "")
            if not value:
                raise Unauthorized(f"the environment variable {self.password_env} with the password is not set")
            return value
        if self.password_file is not None:
            return _first_line(self.password_file)
        return _access_token(_content(self.token_file or Path()), self.token_file or Path())


def xoauth2(username: str, token: str) -> str:
    """The initial response of SASL XOAUTH2, before base64."""
    return f"user={username}\1auth=Bearer {token}\1\1"


def _first_line(path: Path) -> str:
    lines = _content(path).splitlines()
    if not lines or not lines[0]:
        raise Unauthorized(f"{path}: the first line should be the password, but it is empty")
    return lines[0]


def _access_token(text: str, path: Path) -> str:
    token = text.strip()
    if token.startswith("{"):
        try:
            token = str(json.loads(token)["access_token"])
        except (KeyError, ValueError) as error:
            raise Unauthorized(f"{path}: there is no access_token in it; sign in again") from error
    if not token or not token.isascii() or not token.isprintable():
        raise Unauthorized(f"{path}: there is no access token in it; sign in again")
    return token


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST)
    except (OSError, UnicodeDecodeError) as error:
        raise Unauthorized(f"{path}: the secret to sign in with cannot be read") from error
