"""How the configuration signs in to Google. Nothing of Google's is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .files import folder_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What mail and calendar of one account have in common.

    ``key`` is a service account's key file and ``subject`` the mailbox it acts for (default: ``address``); without a
    key ``token`` is the file of a signed-in user (default: in the data folder). Both may be ``env:NAME``. ``endpoint``
    replaces Google's address.
    """

    folder: Path | str
    address: str
    key: str | None
    subject: str | None
    token: str | None
    timeout: float
    endpoint: str | None

    @property
    def state(self) -> Path:
        """Our own files about this account, in the data folder."""
        return Path(self.folder) / "google"

    @property
    def token_source(self) -> str:
        return self.token or str(token_path(self.folder, self.address))


def token_path(folder: Path | str, address: str) -> Path:
    """Where ``store_token`` puts a user's sign-in, and where it is looked for."""
    return Path(folder) / "google" / f"{folder_name(address)}.json"
