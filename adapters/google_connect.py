"""A first sign-in to Google: the key of a service account, or a user at a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.ports import Ask, Say

from .connecting import one_of, until_it_works, wanted

_MISSING = "google needs its libraries; install them with: pip install 'async-assistant[google]'"


def connect(
    folder: Path, address: str, ask: Ask, say: Say, *, account: str = "", run: Callable[..., Any] | None = None,
    **more: Any,
) -> Mapping[str, Any]:  # fmt: skip
    """What is kept goes by the address, so that ``account`` is not needed. ``run`` replaces waiting for the browser;
    ``more`` are options to try it with."""
    try:
        from . import google_auth  # noqa: PLC0415 (Google's libraries only where they are used)
        from .google import GoogleCalendar, GoogleMail  # noqa: PLC0415 (as above)
    except ImportError as error:
        raise AssistantError(_MISSING) from error

    say(f"Google, as {address}. What is asked for, and why:")
    for scope, why in google_auth.SCOPES.items():
        say(f"  {scope}\n      {why}")

    def attempt() -> Mapping[str, Any]:
        way = one_of(ask, say, "Sign in with a service account's key, or as a user", ("key", "user"), "user")
        options: dict[str, Any] = {}
        if way == "key":
            options["key"] = str(_file(ask, say, "File of the key (JSON)"))
        else:
            client = _file(ask, say, "File of the OAuth client, type Desktop app (JSON)")
            here = one_of(ask, say, f"Is there a browser on this machine? Sign in there as {address}", _YES_NO, "yes")
            page = "Open this page to sign in:\n{url}"
            google_auth.connect(folder, address, client, open_browser=here == "yes", prompt=page, run=run)
        mail = GoogleMail(folder=folder, address=address, **options, **more)
        mail.fetch(None)
        GoogleCalendar(folder=folder, address=address, **options, **more).changes(None)
        say("Signed in; mailbox and calendar can be read.")
        if (whose := mail.signed_in_as().lower()) != address.lower():
            say(f"This is the mailbox of {whose}: right only where {address} is another address of it.")
        return options

    return {"mail": "google", "calendar": "google", **until_it_works(say, attempt)}


_YES_NO = ("yes", "no")


def _file(ask: Ask, say: Say, question: str) -> Path:
    while not (path := Path(wanted(ask, say, question)).expanduser().resolve()).is_file():
        say(f"{path}: there is no such file.")
    return path
