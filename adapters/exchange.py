"""An Exchange server of one's own, by Exchange Web Services. Exchange Online is not for this adapter: see ``graph``.

``endpoint`` is the address of the service, as a rule ``https://mail.example.com/EWS/Exchange.asmx``; ``auth`` is ntlm
or basic; ``version`` is 2013, 2016, 2019 or se. ``mailbox`` is the mailbox to work in (default: the assistant's
address). Its library is imported when an account that uses it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from .exchange_door import DoorCalendar, DoorMail, installed

_LIBRARIES = "exchangelib"
_PER_MINUTE = 300.0


class ExchangeMail(DoorMail):
    """``vouch_internal`` believes Exchange when it says that a mail was sent by a signed-in user."""

    def __init__(
        self, folder: Path | str, address: str, *,
        endpoint: str, username: str, password: str | None = None, password_env: str | None = None,
        password_file: str | None = None, auth: str = "ntlm", version: str | int = "2016", mailbox: str | None = None,
        subaddress: str | None = None, poll: float = 20.0, vouch_internal: bool = True,
        per_minute: float = _PER_MINUTE,
    ) -> None:  # fmt: skip
        with installed("exchange", _LIBRARIES):
            from .exchange_account import Options, Server  # noqa: PLC0415 (exchangelib only where it is used)
            from .exchange_mail import Mailbox, Reading  # noqa: PLC0415 (as above)
        account = Options(
            endpoint=endpoint, username=username, password=password, password_env=password_env,
            password_file=password_file, auth=auth, version=str(version).lower(), mailbox=mailbox,
            per_minute=per_minute,
        )  # fmt: skip
        reading = Reading(subaddress, poll, vouch_internal)
        super().__init__(Mailbox(Server(address, account), reading, Path(folder)), subaddress)


class ExchangeCalendar(DoorCalendar):
    """``zones`` names the people whose series may be adopted, where their calendars may be read."""

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None, *,
        endpoint: str, username: str, password: str | None = None, password_env: str | None = None,
        password_file: str | None = None, auth: str = "ntlm", version: str | int = "2016", mailbox: str | None = None,
        per_minute: float = _PER_MINUTE,
    ) -> None:  # fmt: skip
        with installed("exchange", _LIBRARIES):
            from .exchange_account import Options, Server  # noqa: PLC0415 (exchangelib only where it is used)
            from .exchange_availability import Availability  # noqa: PLC0415 (as above)
            from .exchange_calendar import Items, Writer  # noqa: PLC0415 (as above)
            from .exchange_watch import Watch  # noqa: PLC0415 (as above)
        account = Options(
            endpoint=endpoint, username=username, password=password, password_env=password_env,
            password_file=password_file, auth=auth, version=str(version).lower(), mailbox=mailbox,
            per_minute=per_minute,
        )  # fmt: skip
        server = Server(address, account)
        items = Items(server, zones or {})
        watch = Watch(items, server.mailbox, list(zones or ()))
        super().__init__(Availability(server, items), Writer(server, items), watch)
