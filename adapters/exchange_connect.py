"""A first sign-in to an Exchange server of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.ports import Ask, Say

from .connecting import HIDDEN, Secret, file_of, one_of, until_it_works, wanted

_FILE = "exchange-password"
_RIGHTS = {
    "EWS for its own mailbox": "read what people reply, write and send; only what answered in secret is deleted",
    "its own calendar": "put meetings on calendars and see who answered",
    "free/busy of the organisation": "see when people are free; every user may",
    "Reviewer on people's calendars": "take over meetings that exist already; only where you want that",
}


def connect(folder: Path, address: str, ask: Ask, say: Say, *, account: str = "") -> Mapping[str, Any]:
    """Reads mailbox and calendar before the password is stored; Exchange Online is refused with a word on ``graph``."""
    from .exchange import ExchangeCalendar, ExchangeMail  # noqa: PLC0415 (exchangelib only where it is used)

    say(f"An Exchange server of your own, as {address}. What is needed, and why:")
    for right, why in _RIGHTS.items():
        say(f"  {right}: {why}")
    before = {"username": address}

    def attempt() -> Mapping[str, Any]:
        for name, question in (
            ("endpoint", "Address of the service (https://mail.example.com/EWS/Exchange.asmx)"),
            ("username", "User name (EXAMPLE\\ada or the mail address)"),
        ):
            before[name] = wanted(ask, say, question, default=before.get(name, ""))
        auth = one_of(ask, say, "How the server asks for the password", ("ntlm", "basic"), before.get("auth", "ntlm"))
        before["auth"] = auth
        options = {name: value for name, value in before.items() if (name, value) != ("auth", "ntlm")}
        password = Secret.given(wanted(ask, say, f"Password {HIDDEN}", secret=True))
        tried: dict[str, Any] = {**options, "password": password.value}
        ExchangeMail(folder, address, **tried).fetch(None)
        ExchangeCalendar(folder, address, **tried).changes(None)
        say("Signed in; mailbox and calendar can be read.")
        return {**options, **password.kept(folder, file_of(account, _FILE), "password", absolute=True)}

    return {"mail": "exchange", "calendar": "exchange", **until_it_works(say, attempt, AssistantError)}
