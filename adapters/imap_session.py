"""One IMAP connection, made when first needed and again after a fault. It only ever examines: nothing is changed."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]  # it has no types

from assistant.errors import ProviderError, Unauthorized, Unavailable

from .mail_errors import translated
from .smtp import Server
from .throttle import Backoff
from .xoauth import SignIn, xoauth2

_IDLE_LONGEST = 540.0
"""RFC 2177 wants IDLE left before 29 minutes; Gmail and many routers forget a quiet connection after ten."""
LARGEST = 40 * 1024 * 1024
"""Of a bigger mail only so much is read."""

T = TypeVar("T")
Uids = Sequence[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A folder as EXAMINE tells: ``next`` is above every UID in it; ``modseq`` is None without CONDSTORE."""

    validity: int
    next: int
    modseq: int | None


class _Client(IMAPClient):  # type: ignore[misc]  # IMAPClient has no types
    """What comes in one packet with the answer to IDLE lies in a buffer that polling does not see: look there once."""

    entered_idle = False

    def _poll_socket(self, sock: Any, timeout: float | None = None) -> Any:
        if self.entered_idle:
            self.entered_idle = False
            return [sock]
        return super()._poll_socket(sock, timeout)


class Session:
    """``folder`` is the one that is read and watched."""

    def __init__(self, server: Server, sign_in: SignIn, folder: str) -> None:
        self._server, self._sign_in, self.folder = server, sign_in, folder
        self.idles = True
        """Whether the server offers IDLE; believed until it is known."""
        self._client: _Client | None = None
        self._examined = ""
        self._idle_since: float | None = None
        self._backoff = Backoff()
        self._refused: str | None = None

    def examine(self, folder: str | None = None) -> Standing:
        """Open the folder anew: as cheap as NOOP, and a new UIDVALIDITY or a restored copy is always noticed."""
        return self._do(lambda client: self._examine(client, folder or self.folder))

    def after(self, uid: int) -> list[int]:
        """The UIDs above ``uid`` in the folder last examined, ascending."""
        # n:* names the last mail even where n is above it
        return self._here(lambda client: sorted(f for f in client.search(["UID", f"{uid + 1}:*"]) if f > uid))

    def days_before_last(self, days: int) -> int:
        """The lowest UID of the last ``days`` days, by the server's dates, counted back from its newest mail."""

        def first(client: _Client) -> int:
            newest = max(client.search(["UID", "*"]), default=0)
            date = client.fetch([newest], ["INTERNALDATE"]).get(newest, {}).get(b"INTERNALDATE") if newest else None
            if date is None:
                return 1
            return int(min(client.search(["SINCE", (date - timedelta(days=days)).date()]), default=1))

        return self._here(first)

    def since(self, moment: datetime) -> dict[int, str | None]:
        """The UIDs of what the server received then or later, ascending, with Gmail's own id where it has one."""

        def received(client: _Client) -> dict[int, str | None]:
            gmail = ["X-GM-MSGID"] if client.has_capability("X-GM-EXT-1") else []
            # SINCE knows days only, and of another zone perhaps; the dates are compared here
            uids = client.search(["SINCE", (moment - timedelta(days=1)).date()])
            told = client.fetch(uids, ["INTERNALDATE", *gmail]) if uids else {}
            dates = {uid: data.get(b"INTERNALDATE") for uid, data in told.items()}
            late = {uid for uid, date in dates.items() if date is None or date.astimezone(UTC) >= moment}
            ids = {uid: told[uid].get(b"X-GM-MSGID") for uid in sorted(late)}
            return {uid: None if own_id is None else str(own_id) for uid, own_id in ids.items()}

        return self._here(received)

    def sizes(self, uids: Uids) -> dict[int, int]:
        """What the server says of them; those that are gone are missing."""
        found = self._here(lambda client: client.fetch(uids, ["RFC822.SIZE"])) if uids else {}
        return {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in found.items()}

    def read(self, uids: Uids, partly: bool = False) -> dict[int, tuple[bytes, str | None]]:
        """(bytes, Gmail's own id where it has one) without marking anything as read; ``partly`` the first LARGEST."""
        what, key = (f"BODY.PEEK[]<0.{LARGEST}>", b"BODY[]<0>") if partly else ("BODY.PEEK[]", b"BODY[]")

        def fetch(client: _Client) -> dict[int, tuple[bytes, str | None]]:
            gmail = ["X-GM-MSGID"] if client.has_capability("X-GM-EXT-1") else []
            found = client.fetch(uids, [what, *gmail]).items()
            ids = {uid: str(data[b"X-GM-MSGID"]) for uid, data in found if b"X-GM-MSGID" in data}
            return {uid: (data[key], ids.get(uid)) for uid, data in found if data.get(key) is not None}

        return self._here(fetch)

    def find(self, folder: str, header: str, value: str) -> bool:
        """Whether a mail of that folder has the value in that header. A search may lie, so hits are read."""

        def look(client: _Client) -> bool:
            self._examine(client, folder)
            uids = client.search(["HEADER", header, value])[-50:]
            if client.has_capability("X-GM-EXT-1") and header == "Message-ID" and not uids:
                uids = client.gmail_search(f"rfc822msgid:{value.strip('<>')}")[-50:]
            found = client.fetch(uids, [f"BODY.PEEK[HEADER.FIELDS ({header.upper()})]"]).values() if uids else []
            wanted = value.lower().encode()
            texts = [text for data in found for text in data.values() if isinstance(text, bytes)]
            return any(wanted in b"".join(text.lower().split()) for text in texts)

        return self._do(look)

    def remove(self, uid: int, validity: int) -> None:
        """Expunge one mail; nothing where the folder has other numbers by now. What others have flagged stays."""

        def gone(client: _Client) -> None:
            self._examined = ""
            told = client.select_folder(self.folder)
            if told.get(b"UIDVALIDITY", 0) != validity:
                return
            client.delete_messages([uid], silent=True)
            if client.has_capability("UIDPLUS"):
                client.expunge([uid])
            elif client.search(["DELETED"]) == [uid]:
                client.expunge()

        self._do(gone)

    def bin(self, own_id: str) -> None:
        """Gmail's own mail of that id, which an expunge would only archive."""

        def moved(client: _Client) -> None:
            self._examined = ""
            client.select_folder(self.folder)
            uids = client.search(["X-GM-MSGID", own_id])
            if uids:
                client.add_gmail_labels(uids, ["\\Trash"], silent=True)

        self._do(moved)

    def special_folders(self) -> dict[str, str]:
        """Special use in lower case ("sent", "junk", "all", …) to the folder's name (RFC 6154)."""

        def listed(client: _Client) -> dict[str, str]:
            uses: dict[str, str] = {}
            for flags, _, name in client.list_folders():
                for flag in flags:
                    uses.setdefault(flag.decode("ascii", "replace").lstrip("\\").lower(), name)
            return uses

        return self._do(listed)

    def count(self, folder: str) -> int:
        return self._do(lambda client: int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"]))

    def quota(self) -> tuple[int, int] | None:
        """(used, allowed) in KiB, None where the server does not say."""

        def asked(client: _Client) -> tuple[int, int] | None:
            if not client.has_capability("QUOTA"):
                return None
            # of the INBOX, whatever folder is read: it is the account's, and IMAPClient sends other names unquoted
            found = [quota for quota in client.get_quota("INBOX") if quota.resource.upper() == "STORAGE"]
            return (int(found[0].usage), int(found[0].limit)) if found else None

        return self._do(asked)

    def offers(self, capability: str) -> bool:
        return self._do(lambda client: bool(client.has_capability(capability)))

    @property
    def is_open(self) -> bool:
        """Whether the folder is still open from the last ``examine``."""
        return self._client is not None and self._examined == self.folder

    def idle(self, timeout: float) -> bool:
        """Up to ``timeout`` seconds in IDLE; whether the folder may have something new. It stays in IDLE after that."""
        client = self._client
        if client is None or not self.is_open:
            self.examine()
            return True  # what came before that would not be announced
        with self._watched():
            if self._idle_since is not None and time.monotonic() - self._idle_since > _IDLE_LONGEST:
                self._leave_idle(client)
                return True
            if self._idle_since is None:
                client.idle()
                client.entered_idle, self._idle_since = True, time.monotonic()
                early = client.idle_check(timeout=0)
                if _announces(early):
                    return True
            started = time.monotonic()
            said = client.idle_check(timeout=timeout)
            if not said and time.monotonic() - started < timeout * 0.9:
                self._leave_idle(client)  # readable, yet nothing to read: the other end has gone, which this shows
                return True
            return _announces(said)

    def close(self) -> None:
        client, self._client = self._client, None
        self._examined, self._idle_since = "", None
        if client is not None:
            _shut(client)

    def _do(self, work: Callable[[_Client], T]) -> T:
        """``work`` signed in; once more on a new connection where the old one had silently gone."""
        old = self._client is not None
        try:
            return self._try(work)
        except Unavailable:
            if not old:
                raise
            return self._try(work)

    def _here(self, work: Callable[[_Client], T]) -> T:
        """``work`` in the folder that is open; what was learnt of it is void where the connection has gone."""
        if self._client is None or not self._examined:
            raise Unavailable(f"{self._server}: the connection broke off; it is tried again")
        return self._try(work)

    def _try(self, work: Callable[[_Client], T]) -> T:
        client = self._client or self._connected()
        with self._watched():
            if self._idle_since is not None:
                self._leave_idle(client)
            return work(client)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Drops the connection at any fault: its state is unknown then."""
        try:
            with translated(str(self._server)):
                yield
        except ProviderError:
            self.close()
            raise

    def _examine(self, client: _Client, folder: str) -> Standing:
        self._examined = ""
        told = client.select_folder(folder, readonly=True)
        self._examined = folder
        following = told.get(b"UIDNEXT")
        if following is None:  # RFC 3501 lets a server leave it out
            following = max(client.search(["UID", "*"]), default=0) + 1
        return Standing(told.get(b"UIDVALIDITY", 0), following, told.get(b"HIGHESTMODSEQ"))

    def _leave_idle(self, client: _Client) -> None:
        self._idle_since = None
        client.idle_done()

    def _connected(self) -> _Client:
        """Raises what the last attempt raised while that is fresh, unless there is another secret to try."""
        if self._refused is None or self._sign_in.secret() == self._refused:
            self._backoff.check()
        try:
            self._client = self._connect()
        except ProviderError as error:
            self._backoff.failed(error)
            raise
        self._backoff.worked()
        self._refused = None
        return self._client

    def _connect(self) -> _Client:
        server, secret = self._server, self._sign_in.secret()
        with translated(str(server), greeting=True):
            client = _Client(
                server.host,
                server.port,
                ssl=server.security == "ssl",
                ssl_context=server.context() if server.security == "ssl" else None,
                timeout=SocketTimeout(server.timeout, server.timeout),
            )
        client._imap.debug = 0  # its debug log would hold what is signed in with
        try:
            with translated(str(server)):
                if server.security == "starttls":
                    if not client.has_capability("STARTTLS"):
                        raise Unavailable(f"{server}: it offers no STARTTLS, and nothing is sent in clear")
                    client.starttls(server.context())
                self._authenticate(client, secret)
                if client.has_capability("ENABLE") and client.has_capability("CONDSTORE"):
                    client.enable("CONDSTORE")  # else Dovecot does not count, and tells no HIGHESTMODSEQ
                self.idles = bool(client.has_capability("IDLE"))
        except ProviderError as error:
            if isinstance(error, Unauthorized):
                self._refused = secret
            _shut(client)
            raise
        return client

    def _authenticate(self, client: _Client, secret: str) -> None:
        name = self._sign_in.username
        if self._sign_in.by_token:
            if not client.has_capability("AUTH=XOAUTH2"):
                raise Unauthorized(f"{self._server}: it takes no token (XOAUTH2); give a password instead")
            response = xoauth2(name, secret).encode()
            # a second challenge holds the error and wants an empty answer
            client.sasl_login("XOAUTH2", lambda challenge: b"" if challenge else response)
        elif client.has_capability("AUTH=PLAIN"):
            client.sasl_login("PLAIN", lambda _: f"\0{name}\0{secret}".encode())
        elif client.has_capability("LOGINDISABLED"):
            raise Unauthorized(f"{self._server}: it takes no password on this connection; set `security`")
        elif not (name + secret).isascii():
            raise Unauthorized(f"{self._server}: it takes only ASCII in a password; choose another one")
        else:
            client.login(name, secret)


def _shut(client: _Client) -> None:
    """Close without a word: the server may be gone, and a LOGOUT would wait for it."""
    try:
        client.shutdown()
    except (OSError, imaplib.IMAP4.error):
        return


def _announces(replies: Sequence[Any]) -> bool:
    """Something new, or the end. "OK Still here" and changed flags are nothing new."""
    words = {word for reply in replies if isinstance(reply, tuple) for word in reply if isinstance(word, bytes)}
    return bool(words & {b"EXISTS", b"RECENT", b"BYE"})
