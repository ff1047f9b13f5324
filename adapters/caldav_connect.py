"""A first sign-in to a calendar server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import Unauthorized
from assistant.ports import Ask, Say

from .connecting import HIDDEN, Secret, file_of, until_it_works, wanted

_FILE = "caldav-password"


def connect(folder: Path, address: str, ask: Ask, say: Say, *, account: str = "") -> Mapping[str, Any]:
    """Finds the calendar, and makes it where it does not exist, before the password is stored."""
    say(
        f"The calendar on which {address} organises. The assistant reads and writes that one, and asks the server when"
        " people are busy. A password opens the whole account: give the assistant an account of its own, and an app"
        " password where the server has them."
    )
    before = {"username": address}

    def attempt() -> Mapping[str, Any]:
        for name, question in (("url", "Address of the server (https://…)"), ("username", "User name")):
            before[name] = wanted(ask, say, question, default=before.get(name, ""))
        calendar = ask("Calendar (empty: the server's own choice)", default=before.get("calendar_name", "")).strip()
        before.update({"calendar_name": calendar} if calendar else {})
        password = Secret.given(wanted(ask, say, f"Password {HIDDEN}", secret=True))
        options = {**before, **_tried(address, before, password.value)}
        options |= password.kept(folder, file_of(account, _FILE), "password")
        say("Signed in, and the calendar is there.")
        return options

    return {"calendar": "caldav", **until_it_works(say, attempt)}


def _tried(address: str, options: Mapping[str, Any], password: str) -> Mapping[str, Any]:
    """What these options need besides. Raises ProviderError."""
    from .caldav import CalDavCalendar  # noqa: PLC0415 (its libraries only where they are used)

    try:
        CalDavCalendar(address=address, password=password, **options).changes(None)
    except Unauthorized:
        # Some servers take no other way; one that does not know it is shown nothing by it.
        try:
            CalDavCalendar(address=address, password=password, digest=True, **options).changes(None)
        except Unauthorized:
            pass
        else:
            return {"digest": True}
        raise
    return {}
