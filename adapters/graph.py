"""Microsoft 365 by Microsoft Graph. Its libraries are imported when an account that uses them is made.

Without any secret the sign-in is delegated (`assistant connect graph`). ``mailbox`` is the user to act as (default: the
assistant's address). ``base`` and ``authority`` differ in national clouds. ``session`` carries proxy and certificate
settings; the default one takes them from the environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .exchange_door import DoorCalendar, DoorMail, installed

if TYPE_CHECKING:
    import requests

    from .graph_auth import Delegated

_LIBRARIES = "msal and requests"
_BASE = "https://graph.microsoft.com/v1.0"
_AUTHORITY = "https://login.microsoftonline.com"
_PER_MINUTE = 500.0  # half of the 10,000 in 10 minutes that are allowed


class GraphMail(DoorMail):
    """``vouch_internal`` believes Exchange when it says that a mail was sent by a signed-in user of the organisation.

    Exchange Online sends 30 mails a minute for a mailbox.
    """

    def __init__(
        self, folder: Path | str, address: str, *,
        tenant: str, client_id: str, secret: str | None = None, secret_env: str | None = None,
        secret_file: str | None = None, certificate: str | None = None, mailbox: str | None = None,
        subaddress: str | None = "+", mail_folder: str = "inbox", poll: float = 20.0, vouch_internal: bool = True,
        per_minute: float = _PER_MINUTE, mails_per_minute: float = 30.0,
        base: str = _BASE, authority: str = _AUTHORITY, session: requests.Session | None = None,
    ) -> None:  # fmt: skip
        with installed("graph", _LIBRARIES):
            from .graph_client import GraphClient, Options  # noqa: PLC0415 (msal only where it is used)
            from .graph_mail import Mailbox, Reading  # noqa: PLC0415 (as above)
        account = Options(
            tenant=tenant, client_id=client_id, secret=secret, secret_env=secret_env, secret_file=secret_file,
            certificate=certificate, mailbox=mailbox, per_minute=per_minute, base=base, authority=authority,
        )  # fmt: skip
        reading = Reading(mail_folder, subaddress, poll, vouch_internal)
        self._client = GraphClient(folder, address, account, session)
        super().__init__(Mailbox(self._client, reading, Path(folder), mails_per_minute), subaddress)

    def server_time(self) -> datetime | None:
        return self._client.clock.now()


class GraphCalendar(DoorCalendar):
    """``zones`` names the people whose series may be adopted, where their calendars may be read.

    ``teams`` gives meetings a Teams link.
    """

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None, *,
        tenant: str, client_id: str, secret: str | None = None, secret_env: str | None = None,
        secret_file: str | None = None, certificate: str | None = None, mailbox: str | None = None,
        teams: bool = False, per_minute: float = _PER_MINUTE,
        base: str = _BASE, authority: str = _AUTHORITY, session: requests.Session | None = None,
    ) -> None:  # fmt: skip
        with installed("graph", _LIBRARIES):
            from .exchange_watch import Watch  # noqa: PLC0415 (msal only where it is used)
            from .graph_busy import GraphBusy  # noqa: PLC0415 (as above)
            from .graph_calendar import Items, Writer  # noqa: PLC0415 (as above)
            from .graph_client import GraphClient, Options  # noqa: PLC0415 (as above)
            from .graph_watch import GraphLists  # noqa: PLC0415 (as above)
        account = Options(
            tenant=tenant, client_id=client_id, secret=secret, secret_env=secret_env, secret_file=secret_file,
            certificate=certificate, mailbox=mailbox, per_minute=per_minute, base=base, authority=authority,
        )  # fmt: skip
        self._client = client = GraphClient(folder, address, account, session)
        items = Items(client, zones or {})
        watch = Watch(GraphLists(client, items), client.mailbox, list(zones or ()))
        super().__init__(GraphBusy(client, items), Writer(client, items, teams), watch)
        self.makes_links = teams

    def server_time(self) -> datetime | None:
        return self._client.clock.now()


def sign_in(
    folder: Path | str, session: requests.Session | None = None, *,
    tenant: str, client_id: str, base: str = _BASE, authority: str = _AUTHORITY,
) -> Delegated:  # fmt: skip
    """A delegated sign-in to begin and to finish; afterwards the adapters find it in the data folder."""
    with installed("graph", _LIBRARIES):
        from .graph_client import Options, delegated  # noqa: PLC0415 (msal only where it is used)
    return delegated(folder, Options(tenant=tenant, client_id=client_id, base=base, authority=authority), session)
