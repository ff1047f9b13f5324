"""The simulated people: each reads their own Maildir and calendar, and answers in their own time and mail program."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from assistant.adapters.local import deliver
from assistant.demo import clients, machines
from assistant.demo.attendance import Attendance
from assistant.demo.clients import Client
from assistant.demo.dressing import catalogue
from assistant.demo.expectations import Expectation
from assistant.demo.maildir import take_new
from assistant.demo.script import (
    Player,
    Turn,
    asked_in,
    filled,
    kinds_of,
    parts_of,
    players,
    read,
    turn,
    working_day,
    written,
)

_AGAIN = timedelta(minutes=20)
_AT_ONCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One thing a person did. ``what`` is that of the expectation, or "accepted" or "declined" for a calendar."""

    at: datetime
    who: str
    what: str
    about: str
    client: str = ""
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail of the assistant that somebody found in their inbox."""

    at: datetime
    to: str
    kinds: tuple[str, ...]
    subject: str
    asks: bool


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    """A mail that is written and leaves at ``due``; ``order`` keeps the sequence among equals."""

    due: datetime
    order: int
    raw: bytes
    subject: str
    meaning: Expectation


class Cast:
    """Everybody of the demo: ``read_new_mail`` is for after each tick, ``deliver_due`` for when time has passed.

    ``folder`` is the data folder; the same ``seed``, mails and times give the same replies, byte for byte.
    """

    def __init__(self, folder: Path, start: datetime, seed: int) -> None:
        self.expectations: list[Expectation] = []
        self.arrived: list[Arrived] = []
        """Mails seen since the driver last emptied this list."""
        self._folder = folder
        self._start = start
        self._assistant = str(read("team.yaml")["configuration"]["assistant"]["address"])
        self._players = players(seed)
        self._attendance = Attendance(folder / "calendars", self._assistant, self._players)
        self._waiting: list[_Waiting] = []
        self._written = 0

    def read_new_mail(self, now: datetime) -> None:
        """Everybody looks into their inbox and calendar, and decides what to answer and when."""
        for player in self._players.values():
            for raw in take_new(self._folder, player.address):
                self._consider(player, message_from_bytes(raw, policy=policy.default), now)
        self._attendance.look(now)

    def next_reply_at(self) -> datetime | None:
        """When somebody will next do something on their own."""
        mail = self._waiting[0].due if self._waiting else None
        return min(
            (moment for moment in (self._attendance.next_at(), mail) if moment is not None),
            default=None,
        )

    def deliver_due(self, now: datetime) -> list[Delivered]:
        """Drops what is due into the assistant's Maildir, and writes the answers to invitations."""
        done = [Delivered(*answer) for answer in self._attendance.answer_due(now)]
        while self._waiting and self._waiting[0].due <= now:
            mail = heapq.heappop(self._waiting)
            meaning = mail.meaning
            deliver(
                self._folder,
                self._assistant,
                mail.raw,
                f"{int(mail.due.timestamp())}.{mail.order:05}.demo",
            )
            self.expectations.append(meaning)
            done.append(
                Delivered(
                    mail.due,
                    meaning.sender,
                    meaning.what,
                    mail.subject,
                    meaning.client,
                    meaning.message_id,
                )
            )
        return sorted(done, key=lambda each: (each.at, each.who))

    # --- deciding ----------------------------------------------------------------------------------------------------

    def _consider(self, player: Player, mail: EmailMessage, now: datetime) -> None:
        if parseaddr(str(mail["Reply-To"] or mail["From"]))[1].partition("@")[2] != self._assistant.partition("@")[2]:
            return
        kinds = kinds_of(mail)
        self.arrived.append(
            Arrived(
                now,
                player.address,
                tuple(kinds),
                str(mail["Subject"]),
                bool(parts_of(mail)),
            )
        )
        if self._bounces(player, kinds):
            raw = machines.bounce(of=mail, recipient=player.address, now=now + _AT_ONCE)
            self._put(player, raw, now + _AT_ONCE, mail, "bounce", "mail server")
            return
        if player.away_until is not None and player.local_day(now) <= player.away_until:
            return
        plan = turn(player, mail, now)
        if plan is None:
            return
        if "out-of-office" in plan.manner:
            self._out_of_office(player, mail, plan, now)
        else:
            self._answer(player, mail, plan, now)

    def _bounces(self, player: Player, kinds: Sequence[str]) -> bool:
        when = player.data.get("bounces")
        if when is None or when["kind"] not in kinds:
            return False
        return player.nth("bouncing") + 1 == int(when["nth"])

    def _out_of_office(self, player: Player, mail: EmailMessage, plan: Turn, now: datetime) -> None:
        notice = plan.manner["out-of-office"]
        player.away_until = working_day(player.local_day(now), notice["days"] - 1)
        at = (now + _AT_ONCE).astimezone(player.zone)
        until = at.replace(
            year=player.away_until.year,
            month=player.away_until.month,
            day=player.away_until.day,
        )
        raw = machines.auto_reply(
            to_mail=mail,
            sender=player.sender,
            until=until,
            deputy=notice["deputy"],
            now=at,
            silent=notice.get("silent", False),
        )
        self._put(player, raw, at, mail, "auto-reply", str(player.data["client"]))

    def _answer(self, player: Player, mail: EmailMessage, plan: Turn, now: datetime) -> None:
        manner = plan.manner
        asked = asked_in(player, mail)
        due = player.reply_time(now, manner, f"{now:%F}", *(part.path for part in asked))
        client = Client(manner.get("client", player.data["client"]))
        style = str(manner.get("style", player.data["style"]))
        if style == "inline" and not catalogue()["clients"][client].get("inline"):
            style = "numbered"
        command = manner.get("command")
        words = (
            filled(str(manner["text"]), due.date(), player.sender.language)
            if command
            else written(player, plan.said, asked, style)
        )
        means = () if command else tuple((part.path, text) for part, text in plan.said)
        if manner.get("malformed"):
            numbered = written(player, plan.said, asked, "numbered")
            raw = machines.malformed(to_mail=mail, sender=player.sender, text=str(numbered), now=due)
            self._put(player, raw, due, mail, "malformed", "a broken gateway")
            due, client, words = due + _AGAIN, Client.IPHONE, numbered
        raw = clients.reply(client, to_mail=mail, sender=player.sender, text=words, now=due)
        self._put(
            player,
            raw,
            due,
            mail,
            "command" if command else "reply",
            client,
            means,
            command,
        )
        if "then" in manner:
            self._correct(player, mail, plan, due, client)

    def _correct(
        self,
        player: Player,
        mail: EmailMessage,
        plan: Turn,
        due: datetime,
        client: Client,
    ) -> None:
        then = plan.manner["then"]
        later = due + timedelta(minutes=then["after"])
        raw = clients.reply(
            client,
            to_mail=mail,
            sender=player.sender,
            text=str(then["text"]),
            now=later,
        )
        kinds = {part.key: part.path for part, _ in plan.said}
        means = tuple((kinds[key], text) for key, text in then["means"].items() if key in kinds)
        self._put(player, raw, later, mail, "correction", client, means)

    def _put(
        self,
        player: Player,
        raw: bytes,
        due: datetime,
        mail: EmailMessage,
        what: str,
        client: str,
        means: tuple[tuple[str, str], ...] = (),
        command: str | None = None,
    ) -> None:
        identifier = clients.message_id_of(raw)
        meaning = Expectation(
            identifier,
            player.address,
            due,
            what,
            str(client),
            means,
            command,
            what != "malformed",
        )
        self._written += 1
        heapq.heappush(
            self._waiting,
            _Waiting(due, self._written, raw, str(mail["Subject"]), meaning),
        )
