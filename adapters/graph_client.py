"""Talking to Microsoft Graph for one mailbox: four calls at once at most, Retry-After kept, one renewal of a token."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from assistant.errors import AssistantError, CursorExpired, NotFound, Unavailable

from .files import folder_name
from .graph_auth import Application, Delegated, Secret, Tokens
from .graph_errors import answered, served_at, unreachable
from .server_clock import ServerClock
from .throttle import Backoff, Bucket, waited

_AT_ONCE = 4  # of one app at one mailbox
_TIMEOUT = (10.0, 90.0)  # seconds to connect, and between two bytes
_LONGEST_WAIT = 30.0

Item = TypeVar("Item")
Result = TypeVar("Result")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """What both adapters need of a ``graph`` account; see ``graph``. Raises AssistantError for what is wrong."""

    tenant: str
    client_id: str
    base: str
    authority: str
    secret: str | None = field(default=None, repr=False)
    secret_env: str | None = None
    secret_file: str | None = None
    certificate: str | None = None
    mailbox: str | None = None
    per_minute: float = 500.0

    def __post_init__(self) -> None:
        if not self.base.startswith("https://") or not self.authority.startswith("https://"):
            raise AssistantError("accounts: graph: base and authority must begin with https://")


class _Shared:
    """What the adapters of one mailbox have in common: the calls under way, the quota, the pause after a failure."""

    _known: dict[tuple[str, str], _Shared] = {}  # noqa: RUF012 (one registry for the process is its purpose)
    _lock = Lock()

    def __init__(self, options: Options) -> None:
        self.gate = BoundedSemaphore(_AT_ONCE)
        self.bucket = Bucket(options.per_minute)
        self.backoff = Backoff()

    @classmethod
    def of(cls, options: Options, mailbox: str) -> _Shared:
        with cls._lock:
            return cls._known.setdefault((options.client_id, mailbox), cls(options))


class GraphClient:
    """``session`` carries proxy and certificate settings; the default one takes them from the environment."""

    def __init__(self, folder: Path | str, address: str, options: Options, session: requests.Session | None) -> None:
        self.address = folder_name(address)
        self.mailbox = (options.mailbox or self.address).lower()
        self._base = options.base.rstrip("/")
        self._http = session or requests.Session()
        self._served: datetime | None = None
        self.clock = ServerClock()
        self._tokens = sign_in(folder, options, self._http)
        self._shared = _Shared(options) if session is not None else _Shared.of(options, self.mailbox)

    def user(self, address: str | None = None) -> str:
        return f"/users/{quote(address or self.mailbox, safe='@')}"

    def call(
        self, method: str, path: str, *, prefer: Sequence[str] = (), etag: str | None = None, **sent: Any
    ) -> requests.Response:
        """One request; ``path`` may be a link that the server gave. Raises our errors, and only those."""
        url = path if path.startswith("https://") else self._base + path
        if not url.startswith(self._base + "/"):  # a token goes to nobody else
            raise CursorExpired("the cursor is not one of ours")
        headers = {"Prefer": ", ".join(('IdType="ImmutableId"', *prefer)), **sent.pop("headers", {})}
        if etag is not None:
            headers["If-Match"] = etag
        self._shared.backoff.check()
        wait_for(self._shared.bucket)
        try:
            response = self._ask(method, url, headers, sent)
        except Unavailable as error:
            if error.retry_after is not None:  # asked to be left alone; else who called us decides when to come again
                self._shared.backoff.failed(error)
            raise
        self._shared.backoff.worked()
        with suppress(TypeError, ValueError):
            self._served = served_at(response).astimezone(UTC)
            self.clock.note(self._served)
        return response

    def json(self, method: str, path: str, **sent: Any) -> Json:
        response = self.call(method, path, **sent)
        try:
            body = response.json()
        except ValueError as error:
            raise Unavailable("Microsoft Graph answered with something that is no JSON; it is tried again") from error
        if not isinstance(body, dict):
            raise Unavailable("Microsoft Graph answered with something unexpected; it is tried again")
        return body

    def pages(self, path: str, **sent: Any) -> Iterator[Json]:
        """Each page of a list; the links hold the query themselves."""
        while path:
            page = self.json("GET", path, **sent)
            yield page
            path = str(page.get("@odata.nextLink", ""))
            sent.pop("params", None)

    def listed(self, path: str, **sent: Any) -> Iterator[Json]:
        for page in self.pages(path, **sent):
            yield from page.get("value", ())

    def found(self, method: str, path: str, **sent: Any) -> Json | None:
        """As ``json``, None where it is not there."""
        try:
            return self.json(method, path, **sent)
        except NotFound:
            return None

    def each(self, ask: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """``ask`` of each, several at once, in order."""
        several = list(items)
        if len(several) <= 1:
            return [ask(item) for item in several]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(ask, several))

    def now(self) -> datetime:
        """The server's clock: cursors compare with its dates, not with ours."""
        self.call("GET", f"{self.user()}/mailFolders/inbox", params={"$select": "id"})
        if self._served is None:
            raise Unavailable("Microsoft Graph does not say what time it is; it is tried again")
        return self._served

    def lately(self) -> datetime:
        """The server's clock at its last answer, which spares asking where a day more or less is all the same."""
        return self._served or self.now()

    def _ask(self, method: str, url: str, headers: Mapping[str, str], sent: Mapping[str, Any]) -> requests.Response:
        for renewed in (False, True):
            token = {"Authorization": f"Bearer {self._tokens.token(renewed=renewed)}"}
            try:
                with self._shared.gate:
                    response = self._http.request(
                        method, url, headers={**headers, **token}, timeout=_TIMEOUT, allow_redirects=False, **sent
                    )
            except requests.RequestException as error:
                raise unreachable(error) from error
            if response.status_code != 401 or renewed:
                break
        if response.status_code >= 300:
            problem = answered(response)
            raise problem from problem.__cause__
        return response


def wait_for(bucket: Bucket) -> None:
    """Until one more may be used."""
    waited(bucket, patience=_LONGEST_WAIT)


def sign_in(folder: Path | str, options: Options, session: requests.Session) -> Tokens:
    """As the options say: an application where there is a secret, else whoever signed in by device code."""
    paths = [path and Path(path) for path in (options.secret_file, options.certificate)]
    secret = Secret(options.secret, options.secret_env, paths[0] or None, paths[1] or None)
    authority = f"{options.authority.rstrip('/')}/{options.tenant}"
    if secret:
        return Application(authority, options.client_id, secret, session)
    return delegated(folder, options, session)


def delegated(folder: Path | str, options: Options, session: requests.Session | None = None) -> Delegated:
    """The sign-in of a person, for ``begin`` and ``finish``; kept in the data folder."""
    path = Path(folder) / "tokens" / f"graph-{options.client_id}.json"
    authority = f"{options.authority.rstrip('/')}/{options.tenant}"
    return Delegated(authority, options.client_id, path, session or requests.Session())
