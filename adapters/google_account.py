"""What the configuration says about a Google account. Nothing of Google's is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assistant.errors import AssistantError

from .files import folder_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The options of a Google account; mail and calendar take the same ones.

    ``key`` is a service account's key file and ``subject`` the mailbox it acts for (default: ``address``); without a
    key ``token`` is the file of a signed-in user (default: in the data folder). Both may be ``env:NAME``. Quotas are
    Google's units a minute. ``meet`` adds a Google Meet link to each meeting. ``poll`` is how many seconds a quiet
    mailbox is left alone. ``authorities`` are whose Authentication-Results count. ``endpoint`` replaces Google's
    address.
    """

    folder: Path | str
    address: str
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    key: str | None = None
    subject: str | None = None
    token: str | None = None
    subaddress: str | None = "+"
    authorities: tuple[str, ...] | list[str] = ("mx.google.com",)
    meet: bool = False
    mail_quota: float = 6000
    calendar_quota: float = 600
    poll: float = 5.0
    timeout: float = 30.0
    endpoint: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Account:
        known = [item.name for item in fields(cls)]
        unknown = sorted(options.keys() - set(known))
        if unknown:
            raise AssistantError(
                f"accounts: google has no option {unknown[0]!r}; there are {', '.join(sorted(set(known) - _GIVEN))}"
            )
        return cls(**options)

    @property
    def state(self) -> Path:
        """Our own files about this account, in the data folder."""
        return Path(self.folder) / "google"

    @property
    def token_source(self) -> str:
        return self.token or str(token_path(self.folder, self.address))


_GIVEN = {"folder", "address", "zones", "endpoint"}


def token_path(folder: Path | str, address: str) -> Path:
    """Where ``store_token`` puts a user's sign-in, and where it is looked for."""
    return Path(folder) / "google" / f"{folder_name(address)}.json"
