"""Xandikos with scheduling (RFC 6638): a team for each first part of the path, made when first asked for.

``python -m tests.servers.xandikos_server FOLDER PORT DOMAIN NAME...`` serves; everybody may read and write everything.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.servers.loopback import free_port, running

PEOPLE = ("bot", "ana", "ben")


@contextmanager
def xandikos(folder: Path, people: Sequence[str] = PEOPLE, domain: str = "team.example") -> Iterator[str]:
    """The server's address. Without a ``domain`` of addresses it has no scheduling, as it once was."""
    port = free_port()
    command = [sys.executable, "-m", "tests.servers.xandikos_server", str(folder), str(port), domain, *people]
    with running(command, port, folder / "log"):
        yield f"http://127.0.0.1:{port}/"


def _serve(folder: Path, port: int, domain: str, people: Sequence[str]) -> None:
    from aiohttp import web
    from xandikos.web import SingleUserFilesystemBackend, XandikosApp

    @cache
    def team(name: str) -> Any:
        backend: Any = SingleUserFilesystemBackend(str(folder / name))
        for person in people:
            backend.create_principal(f"/{person}/", create_defaults=True)
            principal = backend.get_principal(f"/{person}")
            if domain:
                principal.set_calendar_user_address_set([f"mailto:{person}@{domain}"])
        return XandikosApp(backend, f"/{people[0]}/")

    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["team"]
        answer: web.StreamResponse = await team(name).aiohttp_handler(request, f"/{name}/")
        return answer

    async def before_scheduling(_request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["DAV"] = answer.headers.get("DAV", "1").replace("calendar-auto-schedule, ", "")

    app = web.Application(client_max_size=64 * 1024 * 1024)
    if not domain:
        app.on_response_prepare.append(before_scheduling)
    app.router.add_route("*", "/{team:\\w+}/{path_info:.*}", handle)
    web.run_app(app, host="127.0.0.1", port=port, print=None, handle_signals=False)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    _serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
