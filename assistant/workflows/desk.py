"""What every workflow works with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from assistant.domain.setup import Setup
from assistant.render import Renderer
from assistant.store.timers import Timer

Guard = Callable[[str], AbstractContextManager[None]]
"""Entered around one piece of work, named by its argument, so that a fault in it stops only itself.

The daemon's guard notes the fault and goes on; ``no_guard`` of the tests lets it through."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The open store, the setup now in force and the templates.

    ``account`` names the mail account we send from, ``calendar`` the calendar account; ``subaddress`` is what the mail
    account's addresses take before a tag, None where they take none.
    """

    db: Database
    setup: Setup
    render: Renderer
    account: str = "main"
    calendar: str = "main"
    subaddress: str | None = "+"


Handler = Callable[[Desk, Timer, datetime], None]
"""What a due timer calls, inside a transaction in which the timer itself is gone already."""
