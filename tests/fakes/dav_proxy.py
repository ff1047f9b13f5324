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
_ETAG = re.compile(rb'(<(?:\w+:)?getetag>)("|&quot;)')
_MORE = (
    '<D:multistatus xmlns:D="DAV:"><D:response><D:href>{}</D:href>'
    "<D:status>HTTP/1.1 507 Insufficient Storage</D:status></D:response><D:sync-token>http://example.org/sync/same</D:sync-token></D:multistatus>"
)
_PASSED_ON = ("authorization", "content-type", "depth", "if-match", "if-none-match")


class DavProxy(Loopback):
    """``refuses`` is the status for what writes, ``syncs`` False knows no sync-collection (RFC 6578), ``endless`` says
    that more has changed, again and again, ``weakens`` makes etags weak, so that they never match; its clock is
    ``ahead`` of ours, and ``quota`` is what it tells of bytes used and left (RFC 4331).
    """

    def __init__(self, target: str) -> None:
        super().__init__()
        self.refuses = 0
        self.syncs, self.weakens, self.endless = True, False, False
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
        if self.refuses and request.method in ("PUT", "DELETE", "MKCALENDAR"):
            return Answer(self.refuses)
        if self.endless and b"sync-collection" in request.body:
            return Answer(207, _MORE.format(request.target).encode(), {"Content-Type": "application/xml"})
        if request.headers.get("if-match", "").startswith("W/"):
            return Answer(412)
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
        body = _ETAG.sub(rb"\1W/\2", body) if self.weakens else body
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
