"""Microsoft 365 by Microsoft Graph. Its libraries are imported when an account that uses them is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Event, Period
from assistant.errors import AssistantError
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, MailBatch, MailProvider, OutgoingMail

if TYPE_CHECKING:
    import requests

    from .graph_auth import Delegated

_MISSING = "graph needs msal and requests; install them with: pip install 'async-assistant[graph]'"


class GraphMail(MailProvider):
    """``options`` are those of ``graph_client.Options``; ``zones`` is of no interest here."""

    def __init__(
        self,
        folder: Path | str,
        address: str,
        zones: Mapping[str, ZoneInfo] | None = None,
        session: requests.Session | None = None,
        **options: Any,
    ) -> None:
        try:
            from .graph_client import GraphClient, Options  # noqa: PLC0415 (msal only where it is used)
            from .graph_mail import Mailbox  # noqa: PLC0415 (as above)
        except ImportError as error:
            raise AssistantError(_MISSING) from error
        chosen = Options.of(options)
        self.subaddress = chosen.subaddress
        self._box = Mailbox(GraphClient(folder, address, chosen, session), chosen, Path(folder))

    def fetch(self, cursor: str | None) -> MailBatch:
        """ "" gives the last 14 days."""
        return self._box.fetch(cursor)

    def send(self, mail: OutgoingMail) -> None:
        """As a draft that is then sent: whether it left can be asked for as long as the mailbox keeps it."""
        self._box.send(mail)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        return self._box.find_sent(mail)

    def wait(self, timeout: float) -> bool:
        return self._box.wait(timeout)


class GraphCalendar(CalendarProvider):
    """``zones`` names the people whose series may be adopted, where their calendars may be read."""

    def __init__(
        self,
        folder: Path | str,
        address: str,
        zones: Mapping[str, ZoneInfo] | None = None,
        session: requests.Session | None = None,
        **options: Any,
    ) -> None:
        try:
            from .graph_calendar import Calendars  # noqa: PLC0415 (msal only where it is used)
            from .graph_client import GraphClient, Options  # noqa: PLC0415 (as above)
        except ImportError as error:
            raise AssistantError(_MISSING) from error
        chosen = Options.of(options)
        self._calendars = Calendars(GraphClient(folder, address, chosen, session), chosen, list(zones or ()))

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


def sign_in(folder: Path | str, session: requests.Session | None = None, **options: Any) -> Delegated:
    """A delegated sign-in to begin and to finish; afterwards the adapters find it in the data folder."""
    try:
        from .graph_client import Options, delegated  # noqa: PLC0415 (msal only where it is used)
    except ImportError as error:
        raise AssistantError(_MISSING) from error
    return delegated(folder, Options.of(options), session)
