"""What time a server says it is: a machine whose clock is wrong asks at the wrong hour and is refused its sign-ins."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class ServerClock:
    """Carried on from the server's latest answer; ``elapsed`` counts seconds."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._said: tuple[datetime, float] | None = None

    def note(self, moment: datetime | None) -> None:
        """None, or a time without a zone, says nothing."""
        if moment is not None and moment.tzinfo is not None:
            self._said = moment, self._elapsed()

    def now(self) -> datetime | None:
        """None where the server never said."""
        if self._said is None:
            return None
        moment, at = self._said
        return moment + timedelta(seconds=self._elapsed() - at)
