"""Every exception of ours.

    AssistantError            something a person should read, in one sentence
    ├── ConfigError           the configuration; carries every problem with its place
    ├── StoreError            the data folder or the store: unwritable, newer, already in use
    ├── UnknownName           a name given on the command line that we do not know
    └── ProviderError         what an adapter may raise, and nothing else
        ├── Unauthorized      stop this account and tell the operator
        ├── Unavailable       try later; ``retry_after`` seconds where the provider said so
        ├── Conflict          an old ref: read again, then decide
        ├── NotFound          it is not there
        ├── CursorExpired     start over from the beginning; the store sorts out what it knows
        └── Rejected          never try this again

Adapters chain the provider's own exception as ``__cause__``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class AssistantError(Exception):
    """The text is a sentence for people: what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a configuration: where it is and what to do about it."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class ConfigError(AssistantError):
    """The configuration cannot be used; ``problems`` lists everything found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class StoreError(AssistantError):
    """The data folder or the store cannot be used."""


class UnknownName(AssistantError):
    """Nothing goes by that name."""


class ProviderError(AssistantError):
    """A provider's answer, translated. Texts never hold mail content or secrets."""


class Unauthorized(ProviderError):
    """Sign-in was refused."""


class Unavailable(ProviderError):
    """It may work later; ``retry_after`` is in seconds, None where the provider did not say.

    ``in_doubt``: it broke off when the provider may already have done it. Look before doing it again.
    """

    def __init__(self, message: str, retry_after: float | None = None, in_doubt: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.in_doubt = in_doubt


class Conflict(ProviderError):
    """Somebody changed it since our ref was read."""


class NotFound(ProviderError):
    """What the call names is not there."""


class CursorExpired(ProviderError):
    """The provider no longer knows the cursor."""


class Rejected(ProviderError):
    """The provider will never accept this. ``address``: since nobody is at the address that the mail was for."""

    def __init__(self, message: str, address: bool = False) -> None:
        super().__init__(message)
        self.address = address
