"""Radicale with a few people: a calendar server without scheduling."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.loopback import free_port, running

PASSWORD = "secret"
_RIGHTS = """
[root]
user: .+
collection:
permissions: R

[home]
user: .+
collection: {user}
permissions: RW

[own]
user: .+
collection: {user}/[^/]+
permissions: rwOD

[shut]
user: bot
collection: [^/]+/shut[^/]*
permissions:

[told]
user: bot
collection: [^/]+/told[^/]*
permissions: f

[open]
user: bot
collection: [^/]+/[^/]+
permissions: rwf

[others]
user: .+
collection: .*
permissions:
"""
_CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[rights]
type = from_file
file = {folder}/rights
[storage]
filesystem_folder = {folder}/data
[reporting]
max_freebusy_occurrence = 10000
[logging]
level = warning
"""


@contextmanager
def radicale(folder: Path, bot: str = "bot", people: Sequence[str] = ("ana", "ben")) -> Iterator[str]:
    """The server's address; what is stored lies in ``folder/data/collection-root/<user>``.

    The bot may write on people's calendars, only ask about time on those named ``told…`` and do nothing at ``shut…``.
    """
    port = free_port()
    (folder / "users").write_text("".join(f"{user}:{PASSWORD}\n" for user in (bot, *people)))
    (folder / "rights").write_text(_RIGHTS.replace("user: bot", f"user: {bot}"))
    (folder / "config").write_text(_CONFIG.format(port=port, folder=folder))
    with running([sys.executable, "-m", "radicale", "--config", str(folder / "config")], port, folder / "log"):
        yield f"http://127.0.0.1:{port}/"
