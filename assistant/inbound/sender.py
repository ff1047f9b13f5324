"""Who wrote a mail, as far as its From line says so. Proof of it comes from elsewhere; this only finds the person."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import Message

from assistant.domain.people import Person
from assistant.inbound.headers import sender_address

SUBADDRESS_MARKS = "+"
"""RFC 5233 leaves the separator to the provider; "+" is the one that all the big ones share."""


def identify(message: Message, people: Mapping[str, Person]) -> Person | None:
    """The person on file with the single valid From address of a mail, else None.

    ``people`` is keyed by address, lower case. Aliases count. Where the address as written is nobody's, it is tried
    once more without its subaddress ("mia+work@…").
    """
    address = sender_address(message)
    return None if address is None else person_of(address, people)


def person_of(address: str, people: Mapping[str, Person]) -> Person | None:
    """The person with that address or alias, in any case and with or without subaddress."""
    written = address.strip().lower()
    return _exact(written, people) or _exact(without_subaddress(written), people)


def without_subaddress(address: str) -> str:
    """The address without its subaddress (RFC 5233): ``mia+work@example.com`` is ``mia@example.com``."""
    local, at, domain = address.rpartition("@")
    for mark in SUBADDRESS_MARKS:
        name, _, _ = local.partition(mark)
        if name:
            local = name
    return f"{local}{at}{domain}"


def _exact(address: str, people: Mapping[str, Person]) -> Person | None:
    if address in people:
        return people[address]
    owners = [person for person in people.values() if address in person.aliases]
    # An alias that two people claim says nothing about who wrote.
    return owners[0] if len(owners) == 1 else None
