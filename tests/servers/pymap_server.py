"""A real IMAP server from PyPI: in memory, one user, IDLE and OBJECTID, no CONDSTORE and no special use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .loopback import free_port, running


@contextmanager
def pymap(folder: Path, user: str, password: str) -> Iterator[int]:
    """Its port; gone with the block."""
    port = free_port()
    program = "import sys; from pymap.main import main; sys.exit(main())"
    service = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "admin"]
    backend = ["dict", "--demo-user", user, "--demo-password", password]
    with running([sys.executable, "-c", program, *service, *backend], port, folder / "pymap.log"):
        yield port
