"""What each simulated mail means, and the check that the assistant understood it so."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import AssistantError

Stored = Callable[[str], Mapping[str, str]]
"""From the Message-ID of a reply to what the store took from it: question key ("check-in/done" or "done") to text.

Where one mail asked one thing several times (two agendas), the texts stand one after the other, a line break between.
"""

Acted = Callable[[str], Collection[str]]
"""From the Message-ID of a reply to the commands that were carried out because of it: "away", "skip", "help"."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one mail means. ``what`` is "reply", "correction", "command", "auto-reply", "bounce" or "malformed".

    ``answers`` are (kind/key, text) in the order of the questions; two questions of one key may both be there.
    ``exact`` is False for a mail so broken that reading some of it is as good as reading none.
    """

    message_id: str
    sender: str
    at: datetime
    what: str
    client: str
    answers: tuple[tuple[str, str], ...] = ()
    command: str | None = None
    exact: bool = True


class Misunderstood(AssistantError):  # noqa: N818  # ours are named for what happened
    """The store says otherwise than the people of the demo meant."""


def differences(expectations: Iterable[Expectation], stored: Stored, acted: Acted | None = None) -> list[str]:
    """One block of text for each mail that was understood otherwise than meant."""
    found = []
    for expected in expectations:
        if not expected.exact:
            continue
        wanted = [(key.rpartition("/")[2], plain(text)) for key, text in expected.answers]
        got = [(key.rpartition("/")[2], plain(text)) for key, text in stored(expected.message_id).items()]
        if expected.command and acted is not None:
            wanted.append(("command", expected.command))
            got += [("command", act) for act in acted(expected.message_id)]
        if _merged(wanted) != _merged(got):
            found.append(_block(expected, _merged(wanted), _merged(got)))
    return found


def verify(expectations: Collection[Expectation], stored: Stored, acted: Acted | None = None) -> None:
    """Raises Misunderstood with the whole difference when the store says otherwise than the people meant."""
    found = differences(expectations, stored, acted)
    if found:
        raise Misunderstood(
            "\n\n".join(
                [
                    f"{len(found)} of {len(expectations)} mails were misunderstood:",
                    *found,
                ]
            )
        )


def plain(text: str) -> str:
    """Words alone: how a program wraps lines or draws bullets does not change what was said."""
    lines = (line.strip().removeprefix("- ").removeprefix("* ").removeprefix("• ") for line in text.splitlines())
    return " ".join(" ".join(lines).replace("\xa0", " ").split())


def _merged(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By key; answers to several questions of one key, as two agendas ask, as one text in their order."""
    merged: dict[str, str] = {}
    for key, text in pairs:
        merged[key] = f"{merged[key]} {text}" if key in merged else text
    return dict(sorted(merged.items()))


def _block(expected: Expectation, wanted: Mapping[str, str], got: Mapping[str, str]) -> str:
    head = (
        f"{expected.sender}, {expected.at:%a %d %b %H:%M %Z}, {expected.client} {expected.what} {expected.message_id}"
    )
    before = [f"{key}: {text}" for key, text in wanted.items()]
    after = [f"{key}: {text}" for key, text in got.items()]
    lines = list(difflib.unified_diff(before, after, "meant", "stored", lineterm="", n=3))
    return "\n".join([head, *(f"  {line}" for line in lines)])
