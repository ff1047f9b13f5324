"""What every first sign-in has in common: asking until it works, and keeping a secret where only we read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from assistant.errors import ProviderError
from assistant.ports import Ask, Say

from .files import make_folder, replace_file, translated

T = TypeVar("T")


def until_it_works(say: Say, attempt: Callable[[], T]) -> T:
    """``attempt`` asks and tries; what the provider says to it is shown, and it is asked anew."""
    while True:
        try:
            return attempt()
        except ProviderError as error:
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
