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
    subaddress, where the server tells. ``vouched`` is the sender address the server itself vouches for, or None.
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


class ChannelProvider(Protocol):
    """A chat that teams have channels in. One-way: nothing is read from it."""

    def post(self, channel: str, text: str, key: str) -> None:
        """Put plain text into a channel, as it is laid out; nothing in it is markup, a link or a mention.

        ``channel`` is the name that the configuration uses. ``key`` is the same for a repeat, for a provider that can
        tell one: it posts nothing then. Raises NotFound where there is no such channel for us.
        """


@dataclass(frozen=True, slots=True)
class EventRef:
    """How the provider knows an event: ``etag`` guards against overwriting somebody's change."""

    provider_id: str
    uid: str
    etag: str | None


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
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset()
    ) -> Mapping[str, Sequence[Busy]]:
        """Merged per kind, UTC, clipped to ``period``. Unknown people are absent, not free.

        Events whose UID is in ``ignoring`` are left out where the provider can tell them apart.
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
        """What moved and who answered since ``cursor``; None starts now. Raises CursorExpired."""


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
class Inspected(Protocol):
    """What a mail provider is besides where it can try its sign-ins without sending or changing anything."""

    def check(self) -> object:
        """Raises ProviderError where something is wrong.

        What it gives may have ``quota`` (used and allowed, in KiB) and ``junk`` (how many mails lie there), or None.
        """


class Ask(Protocol):
    """A question to the person at the terminal. Empty answers give ``default``; a ``secret`` is not shown."""

    def __call__(self, question: str, *, default: str = "", secret: bool = False) -> str: ...


Say = Callable[[str], None]
"""Tells the person at the terminal something. It may stay on the screen: never a secret."""


class Connect(Protocol):
    """What an entry point of the group ``assistant.connect`` is: a first sign-in, asked for and tried out."""

    def __call__(self, folder: Path, address: str, ask: Ask, say: Say) -> Mapping[str, Any]:
        """The options of an account, without any secret: those are in ``folder`` by then, mode 0600.

        Raises AssistantError where it did not come to a sign-in.
        """
