"""A first sign-in to Microsoft 365: an application with a secret, or a person who types a code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.ports import Ask, Say

from .connecting import HIDDEN, Secret, file_of, one_of, until_it_works, wanted

if TYPE_CHECKING:
    import requests

_FILE = "graph-secret"
_SCOPES = {
    "Mail.ReadWrite": "read what people reply, and write drafts; only what answered in secret is deleted",
    "Mail.Send": "send these drafts",
    "Calendars.ReadWrite": "put meetings on calendars, see who answered and when people are free",
    "Calendars.Read.Shared": "take over meetings on calendars that people share; an application does not need it",
}


def connect(
    folder: Path, address: str, ask: Ask, say: Say, *, account: str = "", session: requests.Session | None = None
) -> Mapping[str, Any]:
    """``session`` replaces the network. A secret is stored once it has worked."""
    from .graph import GraphCalendar, GraphMail, sign_in  # noqa: PLC0415 (msal only where it is used)

    say(f"Microsoft 365, as {address}. What is asked for, and why:")
    for scope, why in _SCOPES.items():
        say(f"  {scope}: {why}")
    before: dict[str, str] = {}

    def attempt() -> Mapping[str, Any]:
        for name, question in (("tenant", "Directory (tenant) ID"), ("client_id", "Application (client) ID")):
            before[name] = wanted(ask, say, question, default=before.get(name, ""))
        way = one_of(
            ask, say, "Sign in as the application with its secret, or as a person", ("secret", "person"), "person"
        )
        options: dict[str, Any] = dict(before)
        secret: Secret | None = None
        if way == "secret":
            secret = Secret.given(wanted(ask, say, f"Client secret: its value {HIDDEN}", secret=True))
        else:
            signing_in = sign_in(folder, session, **options)
            flow = signing_in.begin()
            say(f"Open {flow['verification_uri']}, type {flow['user_code']} and sign in as {address}.")
            signing_in.finish(flow)
        given = {**options, **({"secret": secret.value} if secret else {})}
        GraphMail(folder, address, session=session, **given).fetch(None)
        GraphCalendar(folder, address, session=session, **given).changes(None)
        if secret:
            options |= secret.kept(folder, file_of(account, _FILE), "secret", absolute=True)
        say("Signed in; mailbox and calendar can be read.")
        return options

    return {"mail": "graph", "calendar": "graph", **until_it_works(say, attempt)}
