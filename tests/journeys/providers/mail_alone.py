"""Invitations and answers are mails; people's mail programs keep their calendars, which they publish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from tests.journeys.providers.invitations import calendar_in, reply
from tests.journeys.providers.mail_host import OnImap
from tests.journeys.providers.people import ADA, PEOPLE, Answered, Office
from tests.servers.pages import Page, Pages, pages


class MailAlone(OnImap):
    def __init__(self, office: Office, stack: ExitStack, folder: Path) -> None:
        super().__init__(office, stack, folder)
        self.site: Pages = stack.enter_context(pages())
        self.accounts["calendars"] = {"calendar": "imip", "free_busy": f"{self.site.url}{{user}}.ics"}
        self.accounts["calendars"]["allow_http"] = True
        self.readers.append(self._read)
        self._publish(PEOPLE)

    def _publish(self, addresses: Iterator[str] | tuple[str, ...]) -> None:
        for address in addresses:
            self.site.pages[f"/{address.partition('@')[0]}.ics"] = Page(self.office.published(address))

    def _read(self, address: str, raw: bytes) -> None:
        calendar = calendar_in(raw)
        if calendar is None:
            return
        cancelled = str(calendar.pop("METHOD")) == "CANCEL"
        uid = str(calendar.walk("VEVENT")[0]["UID"])
        self.office.write(address, uid, None if cancelled else calendar.to_ical())
        self._publish((address,))

    def answer(self, answered: Answered, now: datetime) -> None:
        self.keeper.append(reply(answered, ADA, now))
        self._publish((answered.address,))
