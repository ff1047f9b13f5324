"""What every first sign-in has in common: asking until it works, and keeping a secret where only we read it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from assistant.errors import AssistantError, ProviderError, Unauthorized
from assistant.ports import Ask, ChannelProvider, Say

from .files import make_folder, replace_file, translated

T = TypeVar("T")

HIDDEN = "(it is not shown; env:NAME or file:PATH says where it is)"
_ENV, _FILE = "env:", "file:"


def until_it_works(say: Say, attempt: Callable[[], T], shown: type[AssistantError] = ProviderError) -> T:
    """``attempt`` asks and tries; what the provider says to it is shown, and it is asked anew."""
    while True:
        try:
            return attempt()
        except shown as error:
            say(f"That does not work: {error}\nOnce more, then; Ctrl-C ends it.")


def wanted(ask: Ask, say: Say, question: str, *, default: str = "", secret: bool = False) -> str:
    """An answer that may not be empty."""
    while not (answer := ask(question, default=default, secret=secret).strip()):
        say("An answer is needed here; Ctrl-C ends it.")
    return answer


def one_of(ask: Ask, say: Say, question: str, choices: tuple[str, ...], default: str) -> str:
    while (answer := ask(f"{question} ({', '.join(choices)})", default=default).strip()) not in choices:
        say(f"{answer!r} is none of {', '.join(choices)}.")
    return answer


def keep_secret(folder: Path, name: str, secret: str) -> str:
    """Write it to ``name`` in the data folder in one step, mode 0600; the name is what the configuration says."""
    path = folder / name
    with translated("the secret cannot be stored"):
        make_folder(path.parent)
        passing = path.with_name(f".{path.name}.tmp")
        passing.unlink(missing_ok=True)  # one left by a crash might have other rights
        replace_file(path, f"{secret}\n".encode(), passing)
    return name


def file_of(account: str, name: str) -> str:
    """Where the secret called ``name`` goes: another file for each account, whatever that is called."""
    return f"{name}-{quote(account, safe='')}" if account else name


@dataclass(frozen=True, slots=True)
class Secret:
    """What was typed, or what lies where it was said to: in the environment or in a file, and then it stays there."""

    value: str = field(repr=False)
    place: str = ""

    @classmethod
    def given(cls, said: str) -> Secret:
        """Raises Unauthorized where ``env:NAME`` or ``file:PATH`` leads to nothing."""
        if said.startswith(_ENV):
            found = os.environ.get(said.removeprefix(_ENV), "")
        elif said.startswith(_FILE):
            said = _FILE + str(Path(said.removeprefix(_FILE)).expanduser().resolve())
            try:
                found = Path(said.removeprefix(_FILE)).read_text(encoding="utf-8").partition("\n")[0].strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Unauthorized("that file cannot be read") from error
        else:
            return cls(said)
        if not found:
            raise Unauthorized("there is nothing where the secret should be")
        return cls(found, said)

    def kept(self, folder: Path, name: str, option: str, *, absolute: bool = False) -> dict[str, str]:
        """The option of the account that leads to it. What was typed goes to the data folder's file ``name`` first;
        ``absolute`` for an adapter that knows nothing of that folder.
        """
        if self.place.startswith(_ENV):
            return {f"{option}_env": self.place.removeprefix(_ENV)}
        if self.place:
            return {f"{option}_file": self.place.removeprefix(_FILE)}
        keep_secret(folder, name, self.value)
        return {f"{option}_file": str((folder / name).resolve()) if absolute else name}


def ask_webhooks(
    folder: Path, ask: Ask, say: Say, service: str, account: str, made: Callable[[Mapping[str, str]], ChannelProvider]
) -> dict[str, Any]:
    """Channels with their webhooks, until an empty name; each is tried before it is stored.

    ``made`` is the adapter for what is given. The first one must work, for later ones it is asked again.
    """
    found: dict[str, str] = {}
    while channel := ask(f"Channel{'' if not found else ' (empty: no more)'}", default="").strip():
        address = Secret.given(wanted(ask, say, f"Address of its webhook {HIDDEN}", secret=True))
        try:
            said = made({channel: address.value}).check(channel)
        except ProviderError as error:
            if not found:
                raise
            say(f"That does not work: {error}")
            continue
        if address.place:
            found[channel] = address.place.removeprefix(_ENV)
        else:
            own = file_of(account, f"{service}-webhook")
            name = f"{own}-{len(found) + 1}-{_slug(channel)}".rstrip("-")
            found[channel] = f"{_FILE}{keep_secret(folder, name, address.value)}"
        say(f"{channel}: {said}.")
    if not found:
        raise Unauthorized("at least one channel is needed")
    return {"webhooks": found}


def _slug(channel: str) -> str:
    """For the name of a file: a channel may be called anything."""
    return re.sub(r"[^a-z0-9]+", "-", channel.lower()).strip("-")[:40]
