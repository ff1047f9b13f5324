"""A team whose members live on four systems. The assistant has an account on each.

Where a meeting of one system has guests on another, the systems write to each other as real ones do: the organiser's
sends an invitation by mail, the guest's puts it on their calendar and mails their answer to the organiser.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from assistant.adapters.copies import substance

from assistant.domain.calendar import Event
from assistant.ical import to_ical
from tests.journeys.providers.dav import OnRadicale
from tests.journeys.providers.exchange import OnExchange
from tests.journeys.providers.family import Accounts, Family
from tests.journeys.providers.google import OnGoogle
from tests.journeys.providers.graph import OnGraph
from tests.journeys.providers.invitations import calendar_in, mail, reply
from tests.journeys.providers.people import ADA, TEAM, Answered, Office, organizer_of, uid_of
from tests.servers.imap_world import owner

System = OnGoogle | OnGraph | OnExchange | OnRadicale
HOMES: Mapping[str, tuple[type[System], str, tuple[str, ...]]] = {
    "google": (OnGoogle, ADA, ("mia@demo.example", "sam@demo.example")),
    "microsoft": (OnGraph, "ada-microsoft@demo.example", ("ruth@demo.example", "ines@demo.example")),
    "exchange": (OnExchange, "ada-exchange@demo.example", ("lee@demo.example", "jonas@demo.example")),
    "host": (OnRadicale, "ada-host@demo.example", ("ravi@demo.example", "claire@demo.example")),
}
"""By the name of the account: the system, the assistant's address there, and who lives there."""
BY_MAIL = "claire@demo.example"
"""Has a calendar that nobody else may see."""


class Mixed(Family):
    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        super().__init__(office)
        office.others = tuple(address for _, address, _ in HOMES.values() if address != ADA)
        self.systems: dict[str, System] = {}
        self.accounts: Accounts = {}
        wires: dict[str, Mapping[str, object]] = {}
        for name, (kind, address, people) in HOMES.items():
            (folder / name).mkdir()
            system = self.systems[name] = kind(office, stack, folder / name, people, address)
            system.readers.append(self._read)
            for account, said in system.accounts.items():
                called = name if account == "main" else f"{name}-{account}"
                self.accounts[called] = {**said, "address": address}
                wires[called] = system.wires.get(account, {})
        self.wires = wires
        self._crossed: list[bytes] = []
        self._guests: dict[tuple[str, str], str] = {}  # the organizer's address, by guest and UID
        self._sent: dict[tuple[str, str], tuple[str, Event]] = {}  # what the guest was told last, by guest and UID
        self._states: dict[str, int] = {}

    @property
    def settings(self) -> dict[str, Any]:
        calendars = {name: f"{name}-calendars" if f"{name}-calendars" in self.accounts else name for name in HOMES}
        homes = {
            person: {"mail": name, "calendar": calendars[name]} for name, (*_, each) in HOMES.items() for person in each
        }
        homes[BY_MAIL]["calendar"] = "mail"
        return {**super().settings, "people": [{**person, **homes[person["email"]]} for person in TEAM["people"]]}

    @property
    def crossed(self) -> Sequence[bytes]:
        return self._crossed

    @property
    def violations(self) -> Sequence[str]:
        return [f"{name}: {each}" for name, system in self.systems.items() for each in system.violations]

    def turn(self, now: datetime) -> None:
        for system in self.systems.values():
            system.turn(now)

    def arrive(self, raw: bytes) -> None:
        """At the account that it is addressed to; of a broken one the sender's house knows where it belongs."""
        head = message_from_bytes(raw, policy=policy.compat32)
        to = {owner(address) for _, address in getaddresses([str(head["to"] or "")])}
        sender = [address for _, address in getaddresses([str(head["from"] or "")])]
        found = [system for system in self.systems.values() if system.ada in to]
        (found or [self._home(sender[0])])[0].arrive(raw)

    def answer(self, answered: Answered, now: datetime) -> None:
        home, organizer = self._home(answered.address), self._guests.get((answered.address, answered.uid))
        if organizer is None:
            home.answer(answered, now)
            return
        home.put(answered.address, self.office.held(answered.address, answered.uid))
        (organizing,) = [system for system in self.systems.values() if system.ada == organizer]
        raw = reply(answered, organizer, now)
        self._crossed.append(raw)
        organizing.arrive(raw)
        if not isinstance(organizing, OnRadicale):
            organizing.hear(answered)

    def pull(self, now: datetime) -> None:
        for system in self.systems.values():
            system.pull(now)
        for name, system in self.systems.items():
            if not isinstance(system, OnRadicale) and self._states.get(name) != system.state:
                self._states[name] = system.state
                self._invite(system, now)

    def _invite(self, system: OnGoogle | OnGraph | OnExchange, now: datetime) -> None:
        """Guests of other houses hear what became of a meeting, and of each only what is new."""
        invited = dict(_invited(system))
        for key, event in invited.items():
            mark = substance(event)
            if self._sent.get(key, ("",))[0] != mark:
                self._sent[key] = mark, event
                self._cross(system.ada, key[0], event, "REQUEST", now)
        for key, (_, event) in list(self._sent.items()):
            if event.organizer == system.ada and key not in invited:
                del self._sent[key]
                self._cross(system.ada, key[0], replace(event, cancelled=True), "CANCEL", now)

    def _cross(self, sender: str, guest: str, event: Event, method: str, now: datetime) -> None:
        content = to_ical(event, now=now, method=method)
        self._crossed.append(mail(sender, guest, event.summary, content, now))
        self._read(guest, self._crossed[-1])

    def _read(self, address: str, raw: bytes) -> None:
        """An invitation goes into the calendar of who gets it."""
        calendar = calendar_in(raw)
        if calendar is None:
            return
        cancelled = str(calendar.pop("METHOD")) == "CANCEL"
        content = bytes(calendar.to_ical())
        uid = uid_of(content)
        if cancelled:
            del self._guests[address, uid]
            self._home(address).drop(address, uid)
            self.office.write(address, uid, None)
        else:
            self._guests[address, uid] = organizer_of(content)
            self._home(address).put(address, content)
            self.office.write(address, uid, content)

    def _home(self, address: str) -> System:
        return next(system for system in self.systems.values() if address in system.people)


def _invited(system: OnGoogle | OnGraph | OnExchange) -> Iterator[tuple[tuple[str, str], Event]]:
    """By guest of another house and UID."""
    for event in system.organized():
        for attendee in event.attendees:
            if attendee.address not in system.people:
                yield (attendee.address, event.uid), event
