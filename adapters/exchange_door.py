"""What the two doors to Exchange look like from outside: Microsoft Graph and Exchange Web Services.

What is behind them, and the libraries that it needs, is imported when an account that uses them is made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from assistant.domain.calendar import Busy, Event, Period
from assistant.errors import AssistantError
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, FetchedMail, MailBatch, MailProvider, OutgoingMail


class Box(Protocol):
    """A mailbox behind one of the doors; see ``MailProvider``."""

    def fetch(self, cursor: str | None) -> MailBatch: ...

    def send(self, mail: OutgoingMail) -> None: ...

    def find_sent(self, mail: OutgoingMail) -> bool | None: ...

    def wait(self, timeout: float) -> bool: ...

    def missed(self, since: datetime, known: Collection[str]) -> Sequence[FetchedMail]: ...

    def forget(self, provider_id: str) -> None: ...


class Diaries(Protocol):
    """What calendars say; see ``CalendarProvider``."""

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str], ours: Sequence[Event]
    ) -> Mapping[str, Sequence[Busy]]: ...

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]: ...


class Writing(Protocol):
    """What is put on the assistant's calendar; see ``CalendarProvider``."""

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef: ...

    def cancel(self, event: Event, ref: EventRef | None) -> None: ...


class Watching(Protocol):
    def changes(self, cursor: str | None) -> ChangeBatch: ...


class DoorMail(MailProvider):
    def __init__(self, box: Box, subaddress: str | None) -> None:
        self.subaddress = subaddress
        self._box = box

    def fetch(self, cursor: str | None) -> MailBatch:
        """ "" gives the last 14 days, by the server's clock."""
        return self._box.fetch(cursor)

    def send(self, mail: OutgoingMail) -> None:
        """As a draft that is then sent: whether it left can be asked for as long as the mailbox keeps it."""
        self._box.send(mail)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        return self._box.find_sent(mail)

    def wait(self, timeout: float) -> bool:
        return self._box.wait(timeout)

    def missed(self, since: datetime, known: Collection[str]) -> Sequence[FetchedMail]:
        return self._box.missed(since, known)

    def forget(self, provider_id: str) -> None:
        self._box.forget(provider_id)


class DoorCalendar(CalendarProvider):
    def __init__(self, diaries: Diaries, writing: Writing, watching: Watching) -> None:
        self._diaries, self._writing, self._watching = diaries, writing, watching

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:  # fmt: skip
        return self._diaries.free_busy(addresses, period, ignoring, ours)

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        return self._diaries.recurring(addresses, period)

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        return self._writing.upsert(event, ref)

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        self._writing.cancel(event, ref)

    def changes(self, cursor: str | None) -> ChangeBatch:
        """Answers, proposed times and deletions; of other people's events those that recur."""
        return self._watching.changes(cursor)


@contextmanager
def installed(adapter: str, libraries: str) -> Iterator[None]:
    """Around the imports of what an adapter needs: a missing library is a sentence for people."""
    try:
        yield
    except ImportError as error:
        raise AssistantError(
            f"{adapter} needs {libraries}; install with: pip install 'async-assistant[{adapter}]'"
        ) from error
