"""Not asking more of a provider than it allows: a token bucket per account, and a growing pause after failures."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Signal

from assistant.errors import ProviderError, Unauthorized, Unavailable

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
_PAUSE_UNAUTHORIZED = 900.0
_PATIENCE = 5.0
PER_MINUTE = 60.0
"""Posts to a chat, where its account says nothing else."""


class Bucket:
    """``per_minute`` on average, at most ``burst`` at once (default: a minute's worth). ``clock`` counts seconds."""

    def __init__(
        self, per_minute: float, burst: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute if burst is None else burst)
        self._clock = clock
        self._tokens, self._at = self._size, clock()

    def take(self, count: float = 1) -> float:
        """Reserve ``count`` and return how many seconds to wait before using them, 0 where they are there."""
        now = self._clock()
        self._tokens = min(self._size, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= count
        return max(0.0, -self._tokens / self._rate)


class Backoff:
    """Leaves a failing server alone, longer each time: a dead account must not hold up the others.

    The first failure costs nothing, since most pass at once; then 2 s doubling to 5 minutes, or what the server asked
    for. A refused sign-in rests 15 minutes, because repeating it locks accounts.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0
        self._last: ProviderError | None = None

    def check(self) -> None:
        """Raise the last error again while the pause lasts."""
        left = self._until - self._clock()
        if self._last is None or left <= 0:
            return
        if isinstance(self._last, Unavailable):
            raise Unavailable(str(self._last), retry_after=left) from self._last
        raise type(self._last)(str(self._last)) from self._last

    def failed(self, error: ProviderError) -> None:
        pause = 0.0 if self._failures == 0 else min(_FIRST_PAUSE * 2 ** (self._failures - 1), _LONGEST_PAUSE)
        if isinstance(error, Unauthorized):
            pause = _PAUSE_UNAUTHORIZED
        elif isinstance(error, Unavailable) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        self._failures = min(self._failures + 1, 20)
        self._until, self._last = self._clock() + pause, error

    def worked(self) -> None:
        self._failures, self._until, self._last = 0, 0.0, None


def waited(bucket: Bucket, count: float = 1, patience: float = _PATIENCE) -> None:
    """Wait until ``count`` may be used. Who would have to wait longer is told when to come back: Unavailable."""
    pause = bucket.take(count)
    if pause > patience:
        bucket.take(-count)
        raise Unavailable("this account's quota of calls is used up; it goes on by itself", retry_after=pause)
    if pause > 0:
        Signal().wait(pause)


class Watch:
    """Of providers that do not call back: looks every ``poll`` seconds, however short the waits between are."""

    def __init__(self, poll: float) -> None:
        self._poll = max(poll, 0.1)
        self._next = time.monotonic() + self._poll

    def sees(self, timeout: float, look: Callable[[], bool]) -> bool:
        """Whether ``look`` found something within ``timeout`` seconds."""
        pause, end = Signal(), time.monotonic() + timeout
        while (now := time.monotonic()) < end:
            if now < self._next:
                pause.wait(min(end, self._next) - now)
            else:
                self._next = now + self._poll
                if look():
                    return True
        return False
