"""``assistant status``"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from assistant import config
from assistant.commands import findings
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
            "accounts": _accounts(settings),
            "next": coming.isoformat() if coming else None,
            "resting": [
                {"place": rest.place, "until": rest.until.isoformat(), "times": rest.times, "error": rest.error}
                for rest in (trail.rests(db) if is_running(settings.data) else ())
            ],
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
            "checked": findings.kept(db),
        }
    finally:
        db.close()


def _accounts(settings: Config) -> list[dict[str, Any]]:
    """What each is used for, and for how many people."""
    people, accounts = settings.setup.people.values(), settings.accounts.values()
    mail = next((each.name for each in accounts if each.mail is not None), "")
    calendar = next((each.name for each in accounts if each.calendar is not None), "")
    return [
        {
            "name": each.name,
            "mail": each.mail,
            "calendar": each.calendar,
            "channel": each.channel,
            "address": each.address or settings.setup.assistant.address,
            "written_to": sum((person.mail or mail) == each.name for person in people),
            "calendars": sum((person.calendar or calendar) == each.name and not person.by_mail for person in people),
        }
        for each in accounts
    ]


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
    if len(found["accounts"]) > 1:
        accounts = table("account", "mail", "people", "calendar", "people", "address")
        for each in found["accounts"]:
            mail, calendar = (each["mail"], each["written_to"]), (each["calendar"], each["calendars"])
            shown = [str(part) if kind else "" for kind, number in (mail, calendar) for part in (kind, number)]
            accounts.add_row(each["name"], *shown, each["address"] if each["mail"] or each["calendar"] else "")
        out.print(accounts)
    counts = table("what", "state", "count")
    for what in ("prompts", "outbox", "inbound"):
        for name, number in found[what].items():
            counts.add_row(what, name, str(number))
    if counts.row_count:
        out.print(counts)
    for rest in found["resting"]:
        until = datetime.fromisoformat(rest["until"]).strftime("%a %H:%M:%S UTC")
        out.print(f"{rest['place']}: left alone until {until}; {rest['error']}", markup=False, soft_wrap=True)
    for mail in found["set_aside"]:
        out.print(f"mail {mail['id']} is {mail['state']}: {mail['reason']}", markup=False)
    show_problems(out, [(each["place"], each["message"], each["times"]) for each in found["problems"]])
    if found["checked"] and found["checked"]["found"]:
        at = datetime.fromisoformat(found["checked"]["at"]).strftime("%a %d %b %H:%M UTC")
        checked = table("account", "", "what", "", "", title=f"At the last `check --online`, {at}")
        for each in found["checked"]["found"]:
            told = Text(f"{each['told']} {each['remedy']}".strip())
            checked.add_row(each["account"], each["part"], each["what"], each["mark"], told)
        out.print(checked)


def show_problems(out: Console, problems: Sequence[tuple[str, str, int]]) -> None:
    """(place, what is wrong, how often); nothing where there are none."""
    if problems:
        shown = table("place", "problem", "times", title="Needs a look")
        for place, message, times in problems:
            shown.add_row(place, Text(message), str(times))
        out.print(shown)
