"""Xandikos with scheduling (RFC 6638): a team of three for each first part of the path, made when first asked for.

``python -m tests.servers.xandikos_server FOLDER PORT`` serves; everybody may read everything.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.servers.loopback import free_port, running

PEOPLE = ("bot", "ana", "ben")


@contextmanager
def xandikos(folder: Path) -> Iterator[str]:
    port = free_port()
    with running([sys.executable, "-m", "tests.servers.xandikos_server", str(folder), str(port)], port, folder / "log"):
        yield f"http://127.0.0.1:{port}/"


def _serve(folder: Path, port: int) -> None:
    from aiohttp import web
    from xandikos.web import SingleUserFilesystemBackend, XandikosApp

    @cache
    def team(name: str) -> Any:
        backend: Any = SingleUserFilesystemBackend(str(folder / name))
        for person in PEOPLE:
            backend.create_principal(f"/{person}/", create_defaults=True)
            principal = backend.get_principal(f"/{person}")
            principal.set_calendar_user_address_set([f"mailto:{person}@team.example"])
        return XandikosApp(backend, "/bot/")

    async def handle(request: web.Request) -> web.StreamResponse:
        name = request.match_info["team"]
        answer: web.StreamResponse = await team(name).aiohttp_handler(request, f"/{name}/")
        return answer

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{team:\\w+}/{path_info:.*}", handle)
    web.run_app(app, host="127.0.0.1", port=port, print=None, handle_signals=False)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
