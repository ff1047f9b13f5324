"""Calendars that we keep as files ourselves, as the contract sees them."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant import registry
from assistant.domain.calendar import Event
from assistant.ports import EventRef
from tests.contract.calendar_contract import BOT, CalendarWorld

_SECRETS = {"username", "password", "password_env", "password_file", "token_file"}


def takes_no_secret(group: str, name: str) -> bool:
    """Whether there is no option that could hold a wrong one."""
    taken = registry.options(group, name)
    return taken is not None and not taken & _SECRETS


class FolderWorld(CalendarWorld):
    """Nobody signs in to a folder, and who needs one makes it."""

    folder: Path
    refusal = None
    absence = None

    def break_off(self) -> None:
        (self.folder / "calendars").mkdir(exist_ok=True)
        (self.folder / "calendars").rename(self.folder / "aside")
        (self.folder / "calendars").write_text("in the way")

    def repair(self) -> None:
        (self.folder / "calendars").unlink()
        (self.folder / "aside").rename(self.folder / "calendars")

    def let_in(self) -> None:
        self.restart()

    def lose_calendar(self) -> None:
        shutil.rmtree(self.folder / "calendars" / BOT, ignore_errors=True)

    def forget(self) -> None:
        """There is nothing to forget: the files say what there is."""

    def upsert_unheard(self, event: Event, ref: EventRef | None) -> None:
        """Who waits for the answer dies."""
        self.calendar.upsert(event, ref)
        self.restart()
