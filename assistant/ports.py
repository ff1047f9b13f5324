"""What an adapter must do.

An adapter names the Protocol as its base, takes its options as keyword arguments of its constructor, and raises only
the six ``ProviderError`` leaves of ``assistant.errors``. It decides nothing: what a server cannot do is data here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from assistant.domain.calendar import Busy, Event, Partstat, Period


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server holds it.

    ``provider_id`` is stable for this mail in this account. ``recipient`` is the envelope recipient with its
    subaddress, where the server tells. ``vouched`` is the sender address the server itself vouches for, "" where
    it says that somebody else sent the mail, None where it gives no word.
    """

    provider_id: str
    raw: bytes
    recipient: str | None = None
    vouched: str | None = None


@dataclass(frozen=True, slots=True)
class MailBatch:
    """``mails`` oldest first; ``cursor`` is to be stored with them; ``more`` asks to be fetched again at once."""

    mails: Sequence[FetchedMail]
    cursor: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One recipient, final bytes (RFC 5322, CRLF), Message-ID already inside."""

    message_id: str
    sender: str
    recipient: str
    raw: bytes


class MailProvider(Protocol):
    subaddress: str | None
    """The separator that this account's addresses take before a tag ("+"), or None where it has none."""
    find_lags: bool = False
    """Whether what left may be found only minutes later: then one "no" of ``find_sent`` proves nothing."""

    def fetch(self, cursor: str | None) -> MailBatch:
        """What came after ``cursor``, oldest first; the same cursor gives at least what it gave before.

        None means "from now on": no mails, a first cursor; "" means everything that is still there (the way to start
        over after CursorExpired). Never marks, moves or deletes. Raises CursorExpired.
        """

    def send(self, mail: OutgoingMail) -> None:
        """Hand the mail over. A repeat of one Message-ID is recognisable to ``find_sent``.

        Raises Unavailable with ``in_doubt`` where it may have left all the same.
        """

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        """Whether an in-doubt mail left. None: this provider cannot tell."""

    def wait(self, timeout: float) -> bool:
        """Block up to ``timeout`` seconds for new mail; True if there may be some."""


@runtime_checkable
class LooksBack(Protocol):
    """What a mail provider is besides where it can look behind its cursor: the net under ``fetch``."""

    def missed(self, since: datetime, known: Collection[str]) -> Sequence[FetchedMail]:
        """What arrived at or after ``since``, by the server's clock, and is not among the ``known`` provider ids.

        Oldest first, no more than one batch of them, none only where there are none. Only what is unknown is read;
        cursors and what ``fetch`` and ``wait`` remember stay as they are.
        """


@runtime_checkable
class Forgets(Protocol):
    """What a mail provider is besides where it can take a mail out of the mailbox: what answered an anonymous round."""

    def forget(self, provider_id: str) -> None:
        """Take that mail, named as ``fetch`` named it, out of the folder that is read; no other one is touched.

        For good, or into the bin where the account is not allowed more. One that is not there any more succeeds.
        """


class ChannelProvider(Protocol):
    """A chat that teams have channels in. One-way: nothing is read from it."""

    def post(self, channel: str, text: str, key: str) -> None:
        """Put plain text into a channel, as it is laid out; nothing in it is markup, a link or a mention.

        ``channel`` is the name that the configuration uses. ``key`` is the same for a repeat, for a provider that can
        tell one: it posts nothing then. Raises NotFound where there is no such channel for us.
        """

    def check(self, channel: str) -> str:
        """Try the sign-in and, as far as that goes without posting, the channel; in a few words what was found.

        Posts nothing. Raises what ``post`` would raise.
        """


@dataclass(frozen=True, slots=True)
class EventRef:
    """How the provider knows an event: ``etag`` guards against overwriting somebody's change.

    ``icaluid`` is the UID that it gives the event in what it sends to attendees, "" where that is ours. ``link`` is
    where people meet by video, "" where the provider made no such link.
    """

    provider_id: str
    uid: str
    etag: str | None
    icaluid: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class EventChange:
    """Something others did to an event that we organise, or an adopted event that changed.

    ``event`` is the event as it now stands, None where it was deleted. ``by`` is the address whose copy tells, where
    known; ``partstats`` maps (address, original start of the occurrence or None for the series) to the answer.
    ``moved`` maps an original start to the start that ``by`` gave that occurrence; ``removed`` lists original starts of
    occurrences that ``by`` took out of their calendar.
    """

    uid: str
    event: Event | None
    by: str | None = None
    partstats: Mapping[tuple[str, datetime | None], Partstat] | None = None
    moved: Mapping[datetime, datetime] | None = None
    removed: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    changes: Sequence[EventChange]
    cursor: str


class CalendarProvider(Protocol):
    def free_busy(
        self,
        addresses: Sequence[str],
        period: Period,
        ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:
        """Merged per kind, UTC, clipped to ``period``. Unknown people are absent, not free.

        Events whose UID is in ``ignoring`` are left out. ``ours`` are our events among them, on whatever calendar:
        where somebody's busy times do not say which event they come from, those of these are left out.
        """

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        """The recurring events with an occurrence in ``period`` on the calendars that may be read, once per UID."""

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        """Put the whole series with its overrides on the organiser's and every attendee's calendar.

        Keyed by ``event.uid``: a repeat is no second event. ``ref`` None means "as far as we know it is new".
        Raises Conflict where ``ref`` is older than what is there. Answers that attendees gave are kept.
        """

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        """Tell the attendees and take it off; cancelling the unknown succeeds."""

    def changes(self, cursor: str | None) -> ChangeBatch:
        """What moved and who answered since ``cursor``. Raises CursorExpired.

        None starts now; "" tells of every answer that there is (the way to start over after CursorExpired).
        """


@runtime_checkable
class InvitesByMail(Protocol):
    """What a calendar provider is besides where it does not reach every attendee: those are invited by mail.

    That is RFC 6047. The workflow writes these mails; the provider says to whom, and what its calendar part is.
    """

    def by_mail(self, event: Event) -> Collection[str]:
        """The attendees of ``event``, as it was last written, whom nobody but us will tell."""

    def calendar_part(self, event: Event, method: str, now: datetime) -> bytes:
        """iCalendar with METHOD REQUEST or CANCEL; ``now`` tells mails about one SEQUENCE apart."""


@runtime_checkable
class MakesLinks(Protocol):
    """What a calendar provider is besides where its people can meet by video."""

    makes_links: bool
    """Whether ``upsert`` gives each meeting a link that has none of its own, also one that was made without."""


@runtime_checkable
class Inspected(Protocol):
    """What a provider is besides where it can try its sign-ins without sending or changing anything."""

    def check(self) -> object:
        """Raises ProviderError where something is wrong.

        What it gives may have ``quota`` (used and allowed, in KiB), ``junk`` (how many mails lie there) and ``lacks``
        (sentences about what the server has not, and how we get along), or None for any of them.
        """


@runtime_checkable
class TellsTime(Protocol):
    """What a provider is besides where its server says what time it is."""

    def server_time(self) -> datetime | None:
        """The server's clock now, going by its latest answer; None where it has not said."""


class Ask(Protocol):
    """A question to the person at the terminal. Empty answers give ``default``; a ``secret`` is not shown."""

    def __call__(self, question: str, *, default: str = "", secret: bool = False) -> str: ...


Say = Callable[[str], None]
"""Tells the person at the terminal something. It may stay on the screen: never a secret."""


class Connect(Protocol):
    """What an entry point of the group ``assistant.connect`` is: a first sign-in, asked for and tried out."""

    def __call__(self, folder: Path, address: str, ask: Ask, say: Say, *, account: str = "") -> Mapping[str, Any]:
        """The options of an account, without any secret: those are in ``folder`` by then, mode 0600.

        ``account`` is its name where it is not called like the adapter; its secrets are kept apart from another's.
        Raises AssistantError where it did not come to a sign-in.
        """
