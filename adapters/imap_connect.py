"""A first sign-in to a mailbox by IMAP and SMTP."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.ports import Ask, Say

from .connecting import HIDDEN, Secret, file_of, one_of, until_it_works, wanted

_FILE = "imap-password"
_SECURITY = ("ssl", "starttls", "none")
_PORTS = {"imap": {"ssl": "993", "starttls": "143"}, "smtp": {"ssl": "465", "starttls": "587"}}


def connect(folder: Path, address: str, ask: Ask, say: Say, *, account: str = "") -> Mapping[str, Any]:
    """Signs in on both sides before anything is stored; sends nothing."""
    from .imap import ImapMail  # noqa: PLC0415 (IMAPClient only where it is used)

    say(
        f"The mailbox of {address}. The assistant reads it and sends from it by IMAP and SMTP; it marks, moves and"
        " deletes nothing. A password opens all of the mailbox: give it one of its own, and an app password where the"
        " host has them."
    )
    before: dict[str, str] = {"username": address}

    def attempt() -> Mapping[str, Any]:
        asked = {"host": wanted(ask, say, "IMAP server", default=before.get("host", "")), **_door(ask, say, "imap")}
        before.update(asked)
        before["smtp_host"] = wanted(ask, say, "SMTP server", default=before.get("smtp_host", asked["host"]))
        asked |= {"smtp_host": before["smtp_host"], **_door(ask, say, "smtp")}
        before["username"] = asked["username"] = wanted(ask, say, "User name", default=before["username"])
        options = _options(asked, address)
        password = Secret.given(wanted(ask, say, f"Password {HIDDEN}", secret=True))
        with closing(ImapMail(folder, address, password=password.value, **options)) as mail:
            found = mail.check()
        options |= password.kept(folder, file_of(account, _FILE), "password")
        noticed = "at once" if found.idle else "every half minute, since the server has no IDLE"
        say(f"Signed in on both sides. New mail is noticed {noticed}.")
        return options

    return {"mail": "imap", **until_it_works(say, attempt)}


def _door(ask: Ask, say: Say, protocol: str) -> dict[str, str]:
    name = protocol.upper()
    security = one_of(ask, say, f"{name}: how the line is secured", _SECURITY, "ssl")
    while not (port := wanted(ask, say, f"{name}: port", default=_PORTS[protocol].get(security, ""))).isdecimal():
        say("A port is a number.")
    return {f"{protocol}_security": security, f"{protocol}_port": port}


def _options(asked: Mapping[str, str], address: str) -> dict[str, Any]:
    """Without what is the default anyway."""
    security, outgoing = asked["imap_security"], asked["smtp_security"]
    found: dict[str, Any] = {"host": asked["host"]}
    if security != "ssl":
        found["security"] = security
    if asked["imap_port"] != _PORTS["imap"].get(security):
        found["imap_port"] = int(asked["imap_port"])
    if asked["smtp_host"] != asked["host"]:
        found["smtp_host"] = asked["smtp_host"]
    if outgoing != security:
        found["smtp_security"] = outgoing
    if asked["smtp_port"] != _PORTS["smtp"].get(outgoing):
        found["smtp_port"] = int(asked["smtp_port"])
    if asked["username"] != address:
        found["username"] = asked["username"]
    return found
