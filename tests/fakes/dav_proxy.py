"""In front of a real calendar server, which it makes worse on command."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

import requests

from assistant import clock
from tests.fakes.loopback import Answer, Loopback, Request

_TOKEN = re.compile(rb"<(?:\w+:)?sync-token>[^<]*</(?:\w+:)?sync-token>")
_PASSED_ON = ("authorization", "content-type", "depth", "if-match", "if-none-match")


class DavProxy(Loopback):
    """``read_only`` refuses what writes, ``syncs`` False knows no sync-collection (RFC 6578), its clock is ``ahead`` of
    ours, and ``quota`` is what it tells of bytes used and left (RFC 4331).
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        self.read_only, self.syncs = False, True
        self.ahead = timedelta()
        self.quota: tuple[int, int] | None = None
        self._target = urlsplit(target).netloc

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def date(self) -> str:
        return format_datetime(clock.now() + self.ahead, usegmt=True)

    def serve(self, request: Request) -> Answer:
        if self.read_only and request.method in ("PUT", "DELETE", "MKCALENDAR"):
            return Answer(403)
        if not self.syncs and b"sync-collection" in request.body:
            return Answer(403)
        if self.quota is not None and b"quota-used-bytes" in request.body:
            return _told(request.target, *self.quota)
        given = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
        answer = requests.request(
            request.method, f"http://{self._target}{request.target}", headers=given, data=request.body, timeout=10,
            allow_redirects=False,
        )  # fmt: skip
        body = answer.content if self.syncs else _TOKEN.sub(b"", answer.content)
        kept = {
            name: answer.headers[name] for name in ("Content-Type", "DAV", "ETag", "Location") if name in answer.headers
        }
        return Answer(answer.status_code, body, kept)


def _told(target: str, used: int, left: int) -> Answer:
    body = (
        f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>{target}</D:href><D:propstat><D:prop>'
        f"<D:quota-used-bytes>{used}</D:quota-used-bytes><D:quota-available-bytes>{left}</D:quota-available-bytes>"
        "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>"
    )
    return Answer(207, body.encode(), {"Content-Type": "application/xml"})
