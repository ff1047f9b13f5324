"""Whom Exchange itself vouches for."""

from __future__ import annotations

from .envelope import vouched_sender


def internal_sender(head: list[tuple[str, str]]) -> str | None:
    """The From address, where Exchange says that a signed-in user of the organisation sent the mail.

    Exchange strips these headers from whatever comes from outside ("header firewall").
    """
    stamps = [value for name, value in head if name == "x-ms-exchange-organization-authas"]
    if [value.lower() for value in stamps] != ["internal"]:
        return None
    sender = next((value.rpartition("@")[2].rstrip("> ").lower() for name, value in head if name == "from"), "")
    results = f"assistant; dmarc=pass header.from={sender}"
    checked = [field for field in head if field[0] == "from"]
    return vouched_sender([*checked, ("authentication-results", results)], ["assistant"])
