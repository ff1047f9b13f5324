"""``assistant backup``"""

from __future__ import annotations

from pathlib import Path

from assistant import clock, config
from assistant.commands.console import console
from assistant.store import database


def run(path: Path) -> None:
    settings = config.load(path)
    db = database.open_store(settings.data)
    try:
        made = database.backup(db, settings.data, clock.now(), settings.setup.backups)
    finally:
        db.close()
    console().print(f"{made}: made and checked.", soft_wrap=True)
