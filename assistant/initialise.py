"""From five answers to a configuration: what ``assistant init`` writes, without the asking."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from assistant.config import phrases
from assistant.errors import AssistantError


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody with a name and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the five questions ask. ``you`` leads the team and is the operator; ``others`` are the rest of it."""

    assistant: Mailbox
    you: Mailbox
    zone: str
    team: str
    others: Sequence[Mailbox]


def mailbox(said: str) -> Mailbox:
    """ "Mia Chen <mia@example.com>", or an address alone, whose first part then serves as the name.

    Raises ValueError with a sentence for the person who typed it.
    """
    name, written = parseaddr(phrases.text(said))
    address = phrases.address(written or said)
    return Mailbox(phrases.text(name) if name else _name_in(address), address)


def mailboxes(said: str) -> list[Mailbox]:
    """Several, with commas or semicolons between them. Raises ValueError about the first that cannot be read."""
    return [mailbox(part) for part in said.replace(";", ",").split(",") if part.strip()]


def zone(said: str) -> str:
    """The name of a time zone that exists. Raises ValueError, with the nearest name."""
    return phrases.zone(said).key


def team(said: str) -> str:
    """The title of a team. Raises ValueError where it is no line of text."""
    return phrases.text(said)


def initialise(answers: Answers) -> str:
    """The text of a config.yaml that ``config.load`` takes as it is.

    Raises AssistantError where an address is there twice.
    """
    counted = Counter(each.address for each in (answers.assistant, answers.you, *answers.others))
    for address, times in counted.items():
        if times > 1:
            raise AssistantError(
                f"{address} is there {times} times; everybody, the assistant too, needs an address of their own"
            )
    key = phrases.slug(answers.team) or "team"
    return _TEXT.format(
        assistant=_scalar(answers.assistant.name),
        address=_scalar(answers.assistant.address),
        operator=_scalar(answers.you.address),
        zone=_scalar(answers.zone),
        people="\n".join(
            [_person(answers.you, key, ", lead: true"), *(_person(other, key) for other in answers.others)]
        ),
        team=_scalar(key),
        title=_scalar(answers.team),
        review=_scalar(f"{answers.team} review"),
    )


def _person(person: Mailbox, team: str, more: str = "") -> str:
    return f"  - {{name: {_scalar(person.name)}, email: {_scalar(person.address)}, team: {_scalar(team)}{more}}}"


def _scalar(text: str) -> str:
    """Plain where YAML takes it for text whatever stands around it, in quotes elsewhere."""
    plain = text[:1].isalpha() and all(letter.isalnum() or letter in " .@_/-" for letter in text)
    reserved = text.lower() in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
    return text if plain and not reserved and text == text.strip() else json.dumps(text, ensure_ascii=False)


def _name_in(address: str) -> str:
    words = address.partition("@")[0].replace(".", " ").replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() for word in words) or address


_TEXT = """\
# What the assistant does for whom. config.example.yaml shows every option, docs/configuration.md explains them.

assistant:
  name: {assistant}
  address: {address}
  operator: {operator}

defaults:
  zone: {zone}
  hours: 9-17
  # country: DE                     # whose public holidays are days off

people:                             # a person elsewhere says so: zone: Africa/Accra
{people}

teams:
  {team}: {{title: {title}}}

rounds:
  - {{kind: check-in, team: {team}, at: "09:00"}}
  - {{kind: weekly-update, team: {team}, at: "Fri 15:00"}}

series:
  - {{kind: one-on-one, managers: all, every: week, length: 30 min}}
  - {{kind: review, name: {review}, team: {team}, every: first Tuesday, length: 60 min}}
"""
