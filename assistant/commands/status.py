"""``assistant status``"""

from __future__ import annotations

import fcntl
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import config
from assistant.commands.console import console, table
from assistant.config import Config
from assistant.store import database, inbox, outbox, timers, trail
from assistant.store import rounds as rounds_store


def run(path: Path, *, as_json: bool) -> int:
    """1 where something needs a human."""
    settings = config.load(path)
    found = gather(settings)
    if as_json:
        print(json.dumps(found, indent=2))
    else:
        _show(found)
    return 1 if found["problems"] or found["set_aside"] else 0


def gather(settings: Config) -> dict[str, Any]:
    """Counts, ids and times; nobody's words."""
    db = database.open_store(settings.data)
    try:
        coming = timers.next_due(db)
        return {
            "data": str(settings.data),
            "running": is_running(settings.data),
            "people": len(settings.setup.people),
            "next": coming.isoformat() if coming else None,
            "prompts": rounds_store.counts(db),
            "outbox": outbox.counts(db),
            "inbound": inbox.counts(db),
            "set_aside": [
                {"id": id_, "state": state, "reason": reason, "at": at.isoformat()}
                for id_, state, reason, at in inbox.set_aside(db)
            ],
            "problems": [
                {"place": t.place, "message": t.message, "since": t.first_at.isoformat(), "times": t.times}
                for t in trail.troubles(db)
            ],
        }
    finally:
        db.close()


def is_running(folder: Path) -> bool:
    """Whether a daemon holds the folder's lock."""
    try:
        with (folder / database.LOCK).open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _show(found: dict[str, Any]) -> None:
    out = console()
    state = "running" if found["running"] else "not running"
    coming = datetime.fromisoformat(found["next"]).strftime("%a %d %b %H:%M UTC") if found["next"] else "nothing"
    out.print(f"The daemon is {state} on {found['data']}; {found['people']} people; next: {coming}.", soft_wrap=True)
    counts = table("what", "state", "count")
    for what in ("prompts", "outbox", "inbound"):
        for name, number in found[what].items():
            counts.add_row(what, name, str(number))
    if counts.row_count:
        out.print(counts)
    for mail in found["set_aside"]:
        out.print(f"mail {mail['id']} is {mail['state']}: {mail['reason']}", markup=False)
    if found["problems"]:
        problems = table("place", "problem", "times", title="Needs a look")
        for problem in found["problems"]:
            problems.add_row(problem["place"], problem["message"], str(problem["times"]))
        out.print(problems)
