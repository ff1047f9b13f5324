"""A web server of a few fixed answers: published calendars, and servers that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """``headers`` come on top of an ETag, which the server answers with 304."""

    content: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Act = Callable[[str, str, bytes], Page]


@dataclass
class Pages:
    """``pages`` by path; ``act``, where set, answers (method, path, body) instead. ``asked`` is what came, in order."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    act: Act | None = None
    asked: list[tuple[str, str, int]] = field(default_factory=list)


@contextmanager
def pages() -> Iterator[Pages]:
    site = Pages()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            page = site.act(self.command, self.path, body) if site.act else site.pages.get(self.path, Page(status=404))
            etag = f'"{sha256(page.content).hexdigest()[:8]}"'
            status = 304 if page.status == 200 and self.headers.get("If-None-Match") == etag else page.status
            site.asked.append((self.command, self.path, status))
            self.send_response_only(status)
            for name, value in {"ETag": etag, **page.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if status == 304 else str(len(page.content)))
            self.end_headers()
            if status != 304:
                self.wfile.write(page.content)

        do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = do_OPTIONS = do_POST = do_MKCALENDAR = _answer  # noqa: N815 - http.server looks for these names

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
