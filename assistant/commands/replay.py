"""``assistant replay``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant import config
from assistant.commands.console import console, table
from assistant.errors import UnknownName
from assistant.store import database, inbox


def run(path: Path, ids: Sequence[int], *, everything: bool) -> None:
    """Put them back; the daemon reads them at its next look. What one already did is not done again."""
    settings = config.load(path)
    db = database.open_store(settings.data)
    try:
        aside = inbox.set_aside(db)
        unknown = set(ids) - {id_ for id_, *_ in aside}
        if unknown:
            raise UnknownName(f"mail {min(unknown)} was not put aside; `assistant replay` lists those that were")
        chosen = [id_ for id_, *_ in aside] if everything else list(ids)
        out = console()
        if chosen:
            out.print(f"{inbox.put_back(db, chosen)} put back; the daemon reads them at its next look.")
            return
        shown = table("id", "state", "reason", "since (UTC)")
        for id_, state, reason, at in aside:
            shown.add_row(str(id_), state, reason, f"{at:%Y-%m-%d %H:%M}")
        out.print(shown if aside else "No mail is put aside.")
    finally:
        db.close()
