"""An HTTP server on loopback that fails on command, and a session whose requests all end there."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter


@dataclass
class Request:
    method: str
    host: str
    target: str  # path and query as sent
    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """The next ``times`` requests of ``method`` whose target contains ``path`` go wrong, after ``skip`` good ones.

    ``answer`` is given instead of the true one, or with None the connection is cut; ``after`` the work was done.
    """

    path: str = ""
    method: str = ""
    answer: Answer | None = None
    after: bool = False
    times: int = 1
    skip: int = 0

    def meets(self, request: Request) -> bool:
        meant = self.times > 0 and self.method in ("", request.method) and self.path in request.target
        if meant and self.skip:
            self.skip -= 1
            return False
        return meant


class Loopback:
    """Subclasses answer in ``serve``. What breaks the contract goes to ``violations``."""

    most_at_once: int | None = None

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.down = False
        self.delay = 0.0  # seconds that each answer takes
        self.lock = threading.RLock()
        self._counting = threading.Lock()
        self.under_way = 0
        self.highest = 0
        handler = type("Handler", (_Handler,), {"fake": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True, name="fake"
        )
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def serve(self, request: Request) -> Answer:
        raise NotImplementedError

    def handle(self, request: Request) -> Answer | None:
        """None cuts the connection."""
        with self._counting:
            self.requests.append(request)
            self.under_way += 1
            self.highest = max(self.highest, self.under_way)
            if self.most_at_once is not None and self.under_way > self.most_at_once:
                self.violations.append(f"{self.under_way} requests at once")
        threading.Event().wait(self.delay)
        try:
            with self.lock:
                if self.down:
                    return None
                fault = next((fault for fault in self.faults if fault.meets(request)), None)
                if fault is None:
                    return self.serve(request)
                fault.times -= 1
                if fault.after:
                    self.serve(request)
                return fault.answer
        finally:
            with self._counting:
                self.under_way -= 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    fake: Loopback

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return str(getattr(self.fake, "date", "") or super().date_time_string(timestamp))

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, headers.get("host", ""), self.path, headers, body)
        answer = self.fake.handle(request)
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _any  # noqa: N815 (names that the base class asks for)
    do_PROPFIND = do_REPORT = do_OPTIONS = do_MKCALENDAR = _any  # noqa: N815 (as above)


class _ToLoopback(HTTPAdapter):
    """https://anything/path goes to http://127.0.0.1:port/path, with the Host of the real one."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc
        request.url = f"http://127.0.0.1:{self._port}{parts.path}{f'?{parts.query}' if parts.query else ''}"
        return super().send(request, *args, **kwargs)


def session(port: int) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    made.mount("https://", _ToLoopback(port))
    return made
