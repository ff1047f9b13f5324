"""Calendars on CalDAV servers, people's opened to the assistant, which puts its invitations there."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import requests
from assistant.adapters.holdings import file_name

from tests.journeys.providers.mail_host import OnImap
from tests.journeys.providers.people import ADA, PEOPLE, Answered, Office, stamp_of, uid_of
from tests.servers.radicale_server import PASSWORD as DAV_PASSWORD
from tests.servers.radicale_server import radicale
from tests.servers.xandikos_server import xandikos


class OnDav(OnImap):
    """``home`` is where somebody's calendar is on the server, ``shelf`` where that has it on this machine."""

    home: str
    shelf: str

    def serve(self, stack: ExitStack, folder: Path, users: list[str]) -> str:
        """The server's address."""
        raise NotImplementedError

    def __init__(
        self, office: Office, stack: ExitStack, folder: Path, people: tuple[str, ...] = PEOPLE, ada: str = ADA
    ) -> None:
        super().__init__(office, stack, folder, people, ada)
        users = [address.partition("@")[0] for address in people]
        self._web = stack.enter_context(requests.Session())
        self._folder = folder
        self._url = self.serve(stack, folder, users)
        self.accounts["calendars"] = {
            "calendar": "caldav", "url": f"{self._url}{self.home.partition('{')[0]}", "username": "ada",
            "password": DAV_PASSWORD, "allow_http": True, "calendar_name": "Assistant", "calendars": f"/{self.home}",
            "invite": "calendars",
        }  # fmt: skip
        self._seen: dict[Path, tuple[int, int, int]] = {}
        for address, path in office.touched(people):
            self.put(address, path.read_bytes())

    def _http(self, method: str, user: str, name: str, raw: bytes | None = None) -> bytes:
        headers = {"Content-Type": "text/calendar"} if raw is not None else {}
        place = f"{self._url}{self.home.format(user=user)}{name}"
        answer = self._web.request(method, place, auth=(user, DAV_PASSWORD), data=raw, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.content

    def answer(self, answered: Answered, now: datetime) -> None:
        self.put(answered.address, self.office.held(answered.address, answered.uid))

    def put(self, address: str, raw: bytes) -> None:
        """On somebody's calendar, by their own program."""
        user, uid = address.partition("@")[0], uid_of(raw)
        there = next((name for name, held in self._names(user).items() if held == uid), file_name(uid))
        self._http("PUT", user, quote(there), raw.replace(b"METHOD:PUBLISH\r\n", b""))
        self._seen[self._shelf(user) / there] = stamp_of(self._shelf(user) / there)

    def drop(self, address: str, uid: str) -> None:
        user = address.partition("@")[0]
        for name in [name for name, held in self._names(user).items() if held == uid]:
            self._http("DELETE", user, quote(name))
            del self._seen[self._shelf(user) / name]

    def _shelf(self, user: str) -> Path:
        return self._folder / self.shelf.format(user=user)

    def _names(self, user: str) -> dict[str, str]:
        """UID by file name."""
        return {path.name: uid_of(path.read_bytes()) for path in self._shelf(user).glob("*.ics")}

    def pull(self, now: datetime) -> None:
        """A look at the files of the server tells when to ask it."""
        for address in self.people:
            user = address.partition("@")[0]
            here = {path: stamp_of(path) for path in self._shelf(user).glob("*.ics")}
            known = {path for path in self._seen if path.parent == self._shelf(user)}
            changed = [path for path, stamp in here.items() if self._seen.get(path) != stamp]
            for path in changed:
                raw = self._http("GET", user, quote(path.name))
                self.office.write(address, uid_of(raw), raw)
            if known - here.keys():
                held = {file_name(uid_of(path.read_bytes())) for path in here}
                for path in (self.office.folder / "calendars" / address).glob("*.ics"):
                    if path.name not in held:
                        path.unlink()
            self._seen = {path: stamp for path, stamp in self._seen.items() if path not in known} | here


class OnRadicale(OnDav):
    home, shelf = "{user}/team/", "data/collection-root/{user}/team"

    def serve(self, stack: ExitStack, folder: Path, users: list[str]) -> str:
        self._url = stack.enter_context(radicale(folder, "ada", users))
        for user in users:
            self._http("MKCALENDAR", user, "")
        return self._url


class OnXandikos(OnDav):
    """Which does not invite here: it lets nobody answer to a single occurrence."""

    home, shelf = "team/{user}/calendars/calendar/", "team/{user}/calendars/calendar"

    def serve(self, stack: ExitStack, folder: Path, users: list[str]) -> str:
        return stack.enter_context(xandikos(folder, ["ada", *users], domain=""))
