"""An Exchange server of one's own, by Exchange Web Services. Exchange Online is not for this adapter: see ``graph``.

Its library is imported when an account that uses it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Event, Period
from assistant.errors import AssistantError
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, MailBatch, MailProvider, OutgoingMail

_MISSING = "exchange needs exchangelib; install it with: pip install 'async-assistant[exchange]'"


class ExchangeMail(MailProvider):
    """``options`` are those of ``exchange_account.Options``; ``zones`` is of no interest here."""

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None, **options: Any
    ) -> None:
        try:
            from .exchange_account import Options, Server  # noqa: PLC0415 (exchangelib only where it is used)
            from .exchange_mail import Mailbox  # noqa: PLC0415 (as above)
        except ImportError as error:
            raise AssistantError(_MISSING) from error
        chosen = Options.of(options)
        self.subaddress = chosen.subaddress
        self._box = Mailbox(Server(address, chosen), chosen, Path(folder))

    def fetch(self, cursor: str | None) -> MailBatch:
        """ "" gives the 14 days before the newest mail."""
        return self._box.fetch(cursor)

    def send(self, mail: OutgoingMail) -> None:
        """As a draft that is then sent: whether it left can be asked for as long as the mailbox keeps it."""
        self._box.send(mail)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        return self._box.find_sent(mail)

    def wait(self, timeout: float) -> bool:
        return self._box.wait(timeout)


class ExchangeCalendar(CalendarProvider):
    """``zones`` names the people whose series may be adopted, where their calendars may be read."""

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None, **options: Any
    ) -> None:
        try:
            from .exchange_account import Options, Server  # noqa: PLC0415 (exchangelib only where it is used)
            from .exchange_calendar import Calendars  # noqa: PLC0415 (as above)
        except ImportError as error:
            raise AssistantError(_MISSING) from error
        chosen = Options.of(options)
        self._calendars = Calendars(Server(address, chosen), list(zones or ()))

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset()
    ) -> Mapping[str, Sequence[Busy]]:
        return self._calendars.free_busy(addresses, period, ignoring)

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        return self._calendars.recurring(addresses, period)

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        return self._calendars.upsert(event, ref)

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        self._calendars.cancel(event, ref)

    def changes(self, cursor: str | None) -> ChangeBatch:
        """Answers, proposed times and deletions; of other people's events those that recur."""
        return self._calendars.changes(cursor)
