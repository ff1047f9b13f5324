"""Builds everything once: the one module that sees all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assistant import registry
from assistant.config import Account, Config
from assistant.config.phrases import meant
from assistant.errors import AssistantError, StoreError, UnknownName
from assistant.ports import CalendarProvider, ChannelProvider, MailProvider, MakesLinks
from assistant.render import Renderer
from assistant.store import calendar as calendar_store
from assistant.store import database, trail
from assistant.workflows import outbox, staff, wishes
from assistant.workflows.desk import Desk, Mailbox
from assistant.workflows.habits import COMMANDS, HABITS
from assistant.workflows.looks import Look

_BY_MAIL, _ELSEWHERE = "by_mail", "elsewhere"


@dataclass(slots=True)
class House:
    """Everything a running assistant has. All but the store is replaced when the configuration changes."""

    config: Config
    db: Database
    mail: Mapping[str, MailProvider]
    calendars: Mapping[str, CalendarProvider]
    desk: Desk
    channels: Mapping[str, ChannelProvider] = field(default_factory=dict)
    wished: str = ""
    """The state of what people set for themselves that the desk goes by."""
    look: Look = field(default_factory=Look)
    restored: datetime | None = None
    """Where the store is a copy that was put back: a mail written before then may have left in another life."""

    def keep_up(self, now: datetime) -> None:
        """Have what people set for themselves in force: their zone, hours, language and times of asking."""
        state = wishes.state(self.db)
        if state == self.wished:
            return
        with self.db.atomic():
            fresh = replace(self.desk, setup=wishes.in_force(self.db, self.config.setup, now))
            staff.sync(fresh, now)
        self.desk, self.wished = fresh, state

    def adopt(self, config: Config, now: datetime) -> None:
        """Go on with a new configuration: who joined is greeted, who left gets nothing more, timers move.

        Raises AssistantError, and changes nothing, where it names an adapter or option that is not there, or another
        data folder: that one would need another store.
        """
        if config.data != self.config.data:
            raise AssistantError(f"{config.path}: data: the folder has changed; stop the assistant and start it again")
        mail, calendars = adapters(config)
        chats = channels(config)
        fresh = desk(config, self.db, mail, calendars, now)
        with self.db.atomic():
            outbox.settle_accounts(fresh, now)
            staff.sync(fresh, now)
            ask_for_links(self.db, calendars)
        self.config, self.mail, self.calendars, self.channels, self.desk = config, mail, calendars, chats, fresh
        self.look = Look()

    def hang_up(self) -> None:
        """End the connections that adapters keep. For one thread alone: nothing may be under way."""
        for provider in (*self.mail.values(), *self.calendars.values()):
            close = getattr(provider, "close", None)
            if close is not None:
                close()

    def note_calendar_problems(self, now: datetime, name: str) -> None:
        """What a calendar had to pass over, for ``status``: files, or the calendars of people."""
        problems: Mapping[Any, str] = getattr(self.calendars[name], "problems", {})
        found = {place.name if isinstance(place, Path) else str(place): reason for place, reason in problems.items()}
        trail.note_all(self.db, now, f"calendar {name}, passed over: ", found)


@contextmanager
def open_house(config: Config, now: datetime) -> Iterator[House]:
    """A house of our own: locked against a second daemon, store open, adapters made, timers in line with the setup.

    Raises StoreError where the data folder cannot be used or another daemon has it.
    """
    mail, calendars = adapters(config)
    chats = channels(config)
    database.make_private_folder(config.data)
    with _locked(config.data):
        db = database.open_store(config.data)
        try:
            house = House(config, db, mail, calendars, desk(config, db, mail, calendars, now), chats, wishes.state(db))
            house.restored = database.restored(db, now)
            with db.atomic():
                outbox.settle_accounts(house.desk, now)
                staff.sync(house.desk, now)
                ask_for_links(db, calendars)
            yield house
        finally:
            db.close()


def ask_for_links(db: Database, calendars: Mapping[str, CalendarProvider]) -> None:
    """Where a calendar makes links to meet at since its options changed, meetings that have none get one: once."""
    for name, provider in calendars.items():
        makes = "yes" if isinstance(provider, MakesLinks) and provider.makes_links else "no"
        if database.read_meta(db, f"links {name}") != makes:
            database.write_meta(db, f"links {name}", makes)
            if makes == "yes":
                calendar_store.ask_for_links(db, name)


def desk(
    config: Config,
    db: Database,
    mail: Mapping[str, MailProvider],
    calendars: Mapping[str, CalendarProvider],
    now: datetime,
) -> Desk:
    own = {name: account.address or config.setup.assistant.address for name, account in config.accounts.items()}
    return Desk(
        db=db,
        setup=wishes.in_force(db, config.setup, now),
        render=_renderer(config),
        mailboxes={name: Mailbox(name, own[name], provider.subaddress) for name, provider in mail.items()},
        calendars={name: own[name] for name in calendars},
        habits=HABITS,
        commands=COMMANDS,
    )


def _renderer(config: Config) -> Renderer:
    """People's own templates are read anew with the configuration; the shipped ones stay as they are."""
    if config.templates is not None:
        return Renderer(config.templates, config.links)
    return _shipped(tuple(config.links.items()))


@cache
def _shipped(links: tuple[tuple[str, str], ...]) -> Renderer:
    return Renderer(links=dict(links))


def adapters(config: Config) -> tuple[dict[str, MailProvider], dict[str, CalendarProvider]]:
    """One of each that the accounts name. Nothing is read or written yet.

    Every adapter is told, as far as it asks for them, the options of its account, the data folder, our address there
    and the zones of the people whose calendars it has.
    """
    mail, calendars = {}, {}
    for name, account in config.accounts.items():
        address = account.address or config.setup.assistant.address
        given: dict[str, Any] = {"folder": config.data, "address": address, "zones": {}}
        try:
            _refuse_unknown(account, (*given, _ELSEWHERE))
            if account.mail is not None:
                mail[name] = registry.mail(account.mail, {**given, **account.options})
            if account.calendar is not None:
                calendars[name] = registry.calendar(account.calendar, {**given, **_calendar_options(config, account)})
        except AssistantError as error:
            raise _of_account(config, name, error) from error
    if not mail:
        raise AssistantError(
            f"{config.path}: accounts: none of them has `mail`; name an adapter, for example `mail: local`"
        )
    return mail, calendars


def _calendar_options(config: Config, account: Account) -> dict[str, Any]:
    """With whose calendars it has and, for an adapter that asks, who is invited by mail and who is elsewhere."""
    first = next(name for name, each in config.accounts.items() if each.calendar is not None)
    own, by_mail, elsewhere = {}, [], []
    for person in config.setup.people.values():
        if person.by_mail:
            by_mail.append(person.address)
        elif (person.calendar or first) == account.name:
            own[person.address] = person.zone
        else:
            elsewhere.append(person.address)
    asks = registry.options(registry.CALENDAR, account.calendar) or ()
    found: dict[str, Any] = {"zones": own, **account.options}
    if _BY_MAIL in asks:
        said = account.options.get(_BY_MAIL, ())
        found[_BY_MAIL] = [*([said] if isinstance(said, str) else said), *by_mail]
    if _ELSEWHERE in asks:
        found[_ELSEWHERE] = elsewhere
    return found


def channels(config: Config) -> dict[str, ChannelProvider]:
    """One of each chat adapter that the accounts name. Nothing is posted yet."""
    found = {}
    for name, account in config.accounts.items():
        if account.channel is not None:
            try:
                given = {"folder": config.data}
                _refuse_unknown(account, given.keys())
                found[name] = registry.channel(account.channel, {**given, **account.options})
            except AssistantError as error:
                raise _of_account(config, name, error) from error
    return found


def _of_account(config: Config, name: str, error: AssistantError) -> AssistantError:
    """An adapter knows neither the file nor which of several accounts is its own."""
    return AssistantError(f"{config.path}: accounts.{name}: {str(error).removeprefix('accounts: ')}")


def _refuse_unknown(account: Account, given: Collection[str]) -> None:
    mail = registry.options(registry.MAIL, account.mail)
    calendar = registry.options(registry.CALENDAR, account.calendar)
    channel = registry.options(registry.CHANNEL, account.channel)
    if mail is None or calendar is None or channel is None:
        return
    known = mail | calendar | channel
    for option in account.options.keys() - known:
        raise UnknownName(f"there is no option {option!r}{meant(option, known - set(given))}")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One daemon per data folder, held for life; the kernel lets go of it when the process ends, however it ends."""
    handle = os.open(folder / database.LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            raise StoreError(
                f"{folder}: another assistant is running on it (process {owner}); stop that one first"
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
