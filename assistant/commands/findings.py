"""What was found out about an account: a line each, with what to do where something is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlite_utils import Database

from assistant.errors import Conflict, CursorExpired, NotFound, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.store import database
from assistant.workflows.operator import clock_apart

T = TypeVar("T")

_FULL = 0.95
_KEPT = "check online"
UNTOLD = "not told by this server"
_AGAIN = "`assistant connect"
_CONNECT, _RIGHTS = f"Sign in again with {_AGAIN}`, and see docs/connect/", "See docs/connect/"
_ADVICE = ("check", "give", "make", "see", "set", "use")
"""How an error of an adapter says itself what to do."""
_REMEDIES: Mapping[type[ProviderError], str] = {
    Unauthorized: f"{_CONNECT} for the rights that are needed.",
    Unavailable: "See that host, port and network are right, then check again.",
    Rejected: "docs/connect/ says what the account must be allowed to do.",
    NotFound: "Make what is missing, or name another in the account's options.",
    Conflict: "Somebody else writes there at the same time; check again.",
    CursorExpired: "Somebody changes the account at the same time; check again.",
}


class Mark(StrEnum):
    WORKS = "works"
    FAILS = "fails"
    NOTE = "note"  # works less well than it could; the daemon copes


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` is a sentence, empty where there is nothing to do."""

    what: str
    mark: Mark
    told: str
    remedy: str = ""


def tried(what: str, attempt: Callable[[], T]) -> tuple[T | None, Finding | None]:
    """What it gives, or what is to be said of its failing."""
    try:
        return attempt(), None
    except ProviderError as error:
        remedy = next((text for kind, text in _REMEDIES.items() if isinstance(error, kind)), "")
        told = f"{error}."
        if isinstance(error, Unavailable | Rejected) and any(f"; {word} " in told for word in _ADVICE):
            remedy = "Then check again."
        return None, Finding(what, Mark.FAILS, told, remedy.replace(_CONNECT, _RIGHTS) if _AGAIN in told else remedy)


def said_once(found: Iterable[Finding]) -> Iterator[Finding]:
    """What fails for the same reason as something before it is not said again."""
    said: set[str] = set()
    for each in found:
        if each.mark is not Mark.FAILS or each.told not in said:
            yield each
        said.add(each.told)


def quota(looked: object) -> Finding:
    """Of what ``Inspected`` gives."""
    told, junk = getattr(looked, "quota", None), getattr(looked, "junk", None)
    spam = f"; {junk} mails lie in junk" if junk else ""
    if told is None:
        return Finding("quota", Mark.NOTE, f"{UNTOLD}{spam}")
    used, allowed = told
    left = max(0, allowed - used)
    said = f"{used / 1024:.0f} of {allowed / 1024:.0f} MiB are used, {left / 1024:.0f} MiB are left{spam}"
    if allowed and used / allowed > _FULL:
        return Finding("quota", Mark.FAILS, f"{said}.", "Make room there, or have it enlarged.")
    return Finding("quota", Mark.WORKS, said)


def lacks(looked: object) -> Iterator[Finding]:
    """Of what ``Inspected`` gives: what the server has not, and how we get along."""
    for sentence in getattr(looked, "lacks", None) or ():
        yield Finding("server", Mark.NOTE, sentence)


def clock(ahead: timedelta | None) -> Finding:
    """``ahead`` is by how much the server's clock is before ours; None where it cannot be told."""
    if ahead is None:
        return Finding("clock", Mark.NOTE, UNTOLD)
    apart = clock_apart(ahead)
    if not apart:
        return Finding("clock", Mark.WORKS, "agrees with the server's")
    remedy = "Have it set by the network (`timedatectl set-ntp true`): else mails leave at the wrong time."
    return Finding("clock", Mark.FAILS, f"{apart}.", remedy)


def keep(db: Database, now: datetime, found: Mapping[str, Sequence[tuple[str, Finding]]]) -> None:
    """Have ``status`` know of all that did not simply work, by account; replaces what was kept before."""
    lines = [
        {"account": account, "part": part, **asdict(each)}
        for account, several in found.items()
        for part, each in several
        if each.mark is not Mark.WORKS and each.told != UNTOLD
    ]
    database.write_meta(db, _KEPT, json.dumps({"at": now.isoformat(), "found": lines}))


def kept(db: Database) -> dict[str, Any] | None:
    """``at`` and ``found``, as ``keep`` left them; None where nothing was checked yet."""
    text = database.read_meta(db, _KEPT)
    read: dict[str, Any] | None = None if text is None else json.loads(text)
    return read
