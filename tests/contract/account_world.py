"""What can happen to any account, of mail or of calendars."""

from __future__ import annotations

from abc import ABC, abstractmethod

from assistant.errors import NotFound, ProviderError, Unauthorized


class AccountWorld(ABC):
    refusal: type[ProviderError] | None = Unauthorized
    """What a sign-in that no longer works raises; None where nobody signs in."""
    absence: type[ProviderError] | None = NotFound
    """What a mailbox or calendar of ours that is not there raises; None where the adapter makes it."""

    @abstractmethod
    def restart(self) -> None:
        """A new adapter on the same account, as after a crash."""

    @abstractmethod
    def break_off(self) -> None:
        """The account cannot be reached from now on."""

    @abstractmethod
    def repair(self) -> None:
        """It can again."""

    @abstractmethod
    def lock_out(self) -> None:
        """The secret that the account has is no longer good; where nobody signs in, nothing happens."""

    @abstractmethod
    def let_in(self) -> None:
        """Somebody gave the account a secret that is."""
