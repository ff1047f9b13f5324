"""What each person of the demo says and when: reading the script, and turning its words into the text of a reply."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from assistant.demo.dressing import Sender, catalogue, text_of

_HERE = Path(__file__).parent
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered question of a mail."""

    number: int
    kind: str
    key: str

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.key}"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person does about one mail: the answers they give and what the script says of how they give them.

    ``manner`` may hold client, style, delay, then, malformed, command with text, and out-of-office.
    """

    said: tuple[tuple[Part, str], ...]
    manner: Mapping[str, Any]


@dataclass(slots=True)
class Player:
    """One person of the cast, with what they have said so far."""

    data: Mapping[str, Any]
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    held: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """Entries kept for a reminder, by kind."""
    away_until: date | None = None
    asked: dict[str, list[Part]] = field(default_factory=dict)
    """The questions of the mails that asked, by Message-ID."""

    @property
    def address(self) -> str:
        return str(self.data["address"])

    @property
    def sender(self) -> Sender:
        return Sender(self.data["name"], self.address, self.data.get("language", "en"))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.data["zone"])

    @property
    def key(self) -> str:
        return self.address.partition("@")[0]

    def chance(self, *about: object) -> random.Random:
        """Chance that depends on what it is about, never on the order in which mails were read."""
        return random.Random(":".join(map(str, (self.seed, self.address, *about))))  # noqa: S311  # a story, no secret

    def reply_time(self, arrived: datetime, entry: Mapping[str, Any], *about: object) -> datetime:
        """Some minutes later, in the person's own zone, and not in their sleep."""
        first, last = self.data["delay"]
        chance = self.chance("delay", *about)
        minutes = entry.get("delay", chance.randint(first, last))
        due = (arrived + timedelta(minutes=minutes)).astimezone(self.zone).replace(second=chance.randint(0, 59))
        wakes, sleeps = self.data["awake"]
        if due.hour >= sleeps:
            due = (due + timedelta(days=1)).replace(hour=wakes, minute=chance.randint(0, 40))
        elif due.hour < wakes:
            due = due.replace(hour=wakes, minute=chance.randint(0, 40))
        return due

    def local_day(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def nth(self, what: str) -> int:
        """How often before this; counts it."""
        self.counts[what] += 1
        return self.counts[what] - 1


def parts_of(mail: EmailMessage) -> list[Part]:
    """The questions of one of the assistant's mails, in the order of their numbers."""
    listed = [path.strip() for path in str(mail["X-Assistant-Questions"] or "").split(",") if path.strip()]
    pairs = [path.partition("/") for path in listed]
    return [Part(number, kind, key) for number, (kind, _, key) in enumerate(pairs, 1)]


def kinds_of(mail: EmailMessage) -> list[str]:
    return [kind.strip() for kind in str(mail["X-Assistant-Kind"] or "").split(",") if kind.strip()]


@cache
def read(name: str) -> Any:
    """A file of the script as plain data."""
    return YAML(typ="safe").load(_HERE / name)


def players(seed: int) -> dict[str, Player]:
    """The cast by address, in the order of the configuration."""
    addresses = [person["email"] for person in read("team.yaml")["configuration"]["people"]]
    return {address: Player(read(f"people/{address.partition('@')[0]}.yaml"), seed) for address in addresses}


def asked_in(player: Player, mail: EmailMessage) -> list[Part]:
    """The questions that a mail puts, or those of the mail that it reminds of."""
    parts = parts_of(mail)
    if parts:
        player.asked[str(mail["Message-ID"])] = parts
    elif "reminder" in kinds_of(mail):
        thread = str(mail["References"] or "").split()
        return next((player.asked[earlier] for earlier in reversed(thread) if earlier in player.asked), [])
    return parts


def turn(player: Player, mail: EmailMessage, now: datetime) -> Turn | None:
    """What this person does about a mail that asks; None where they let it pass."""
    kept: dict[tuple[str, str | None], Mapping[str, Any] | None] = {}
    said: list[tuple[Part, str]] = []
    manner: dict[str, Any] = {}
    fresh = kinds_of(mail)
    for part in asked_in(player, mail):
        meeting = _meeting(player, mail, part) if part.kind in ("agenda-call", "meeting-notes") else None
        if (part.kind, meeting) not in kept:
            entry = _entry(player, part, meeting, reminder=part.kind not in fresh)
            kept[part.kind, meeting] = entry
            manner = {**(entry or {}), **manner}
        entry = kept[part.kind, meeting]
        if entry is not None and (part.key in entry or "*" in entry):
            words = str(entry.get(part.key, entry.get("*")))
            said.append(
                (
                    part,
                    filled(
                        words,
                        player.local_day(now),
                        entry.get("language", player.sender.language),
                    ),
                )
            )
    if said or manner.keys() & {"command", "out-of-office"}:
        return Turn(tuple(said), manner)
    return None


def _entry(player: Player, part: Part, meeting: str | None, *, reminder: bool) -> Mapping[str, Any] | None:
    """The piece of the script that answers this kind of question now; None where nothing is said."""
    if reminder:
        return player.held.pop(part.kind, None)
    if part.kind == "agenda-call":
        return None if player.data.get("agenda-silent") or meeting is None else _points(player, meeting)
    if part.kind == "meeting-notes" and meeting is not None:
        notes = read("meetings.yaml")[meeting]
        noted: Mapping[str, Any] = notes["notes"][player.nth(f"notes of {meeting}") % len(notes["notes"])]
        return {"language": notes.get("language", "en"), **noted}
    entries = player.data.get(part.kind, player.data["otherwise"])
    entry = entries[player.nth(part.kind) % len(entries)]
    if isinstance(entry, str):
        return {"*": entry}
    if entry.get("remind"):
        player.held[part.kind] = entry
        return None
    return None if entry.get("skip") else entry


def _points(player: Player, meeting: str) -> Mapping[str, Any] | None:
    """One of the points this person brings to that meeting, another each time, until there are no more."""
    points = read("meetings.yaml")[meeting]["points"].get(player.key, [])
    index = player.nth(f"points for {meeting}")
    return {"*": points[index]} if index < len(points) else None


def _meeting(player: Player, mail: EmailMessage, part: Part) -> str | None:
    """The meeting that a question is about: the last one named before it, subject included."""
    names: dict[str, str] = {}
    for meeting in read("meetings.yaml"):
        pair = meeting.split("+")
        if len(pair) == 1:
            names[meeting] = meeting
        elif player.key in pair:
            names[pair[1 - pair.index(player.key)].capitalize()] = meeting
    text = f"{mail['Subject']}\n{text_of(mail)}"
    at = text.find(f"\n{part.number}. ")
    before = text[:at] if at > 0 else text
    places = {before.rfind(name): meeting for name, meeting in names.items()}
    if max(places, default=-1) < 0:
        places = {text.find(name): meeting for name, meeting in names.items()}
    last = max(places, default=-1)
    return places[last] if last >= 0 else None


def filled(text: str, today: date, language: str) -> str:
    """``{+3}`` becomes the name of the third working day from today."""
    head, *pieces = text.split("{+")
    for piece in pieces:
        ahead, _, rest = piece.partition("}")
        head += str(catalogue()["calendar"][language]["days"][working_day(today, int(ahead)).weekday()]) + rest
    return head


def working_day(today: date, ahead: int) -> date:
    """Monday to Friday; holidays are no concern of people who say "by Thursday"."""
    day = today
    while ahead:
        day += timedelta(days=1)
        ahead -= day.weekday() < _SATURDAY
    return day


def written(
    player: Player, said: Sequence[tuple[Part, str]], asked: Sequence[Part], style: str
) -> str | list[str | None]:
    """The answers in this person's manner: by number, after labels, in order, or one beneath each quoted question."""
    if len(asked) == 1:
        return _framed(player, said[0][1])
    by_number = {part.number: text for part, text in said}
    if style == "inline":
        return [by_number.get(part.number) for part in asked]
    # Only numbers say which question is meant when some are left out or several subjects share one mail.
    plain = len({part.kind for part in asked}) == 1 and len({part.key for part in asked}) == len(asked)
    labels = player.data.get("labels", {})
    if style == "labelled" and plain and all(part.key in labels for part, _ in said):
        return "\n".join(f"{labels[part.key]}: {text}" for part, text in said)
    if style == "paragraphs" and plain and len(said) == len(asked):
        return _framed(player, "\n\n".join(text for _, text in said))
    return _framed(player, "\n".join(_numbered(part.number, text) for part, text in said))


def _numbered(number: int, text: str) -> str:
    return f"{number}.\n{text}" if text.startswith("- ") else f"{number}. {text}"


def _framed(player: Player, text: str) -> str:
    """With the greeting and the name that some people write around everything."""
    framed = [player.data.get("greeting", ""), text, player.data.get("closing", "")]
    return "\n\n".join(piece for piece in framed if piece)
