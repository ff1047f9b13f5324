"""A submission server with sign-in, which gives each mail to a function of the test."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiosmtpd.smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from .loopback import free_port

# It warns at every connection of sign-in without TLS, which loopback is for.
aiosmtpd.smtp.warn = lambda *_args, **_names: None  # type: ignore[attr-defined]  # its own import

Deliver = Callable[[str, str, bytes], None]
"""(sender, recipient with its tag, the mail as received)."""


class _Handler:
    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        for recipient in envelope.rcpt_tos:
            await asyncio.get_running_loop().run_in_executor(
                None, self._deliver, envelope.mail_from, recipient, envelope.original_content
            )
        return "250 2.0.0 taken"


class _Controller(Controller):
    """Hangs up on everybody before it stops: aiosmtpd leaves their connections to the garbage collector."""

    def factory(self) -> Any:
        made = super().factory()  # type: ignore[no-untyped-call]  # half of aiosmtpd has no types
        self.__dict__.setdefault("lines", []).append(made)
        return made

    def hang_up(self) -> None:
        async def close() -> None:
            for line in self.__dict__.get("lines", []):
                if line.transport is not None:
                    line.transport.abort()
            await asyncio.sleep(0.01)

        asyncio.run_coroutine_threadsafe(close(), self.loop).result(5)


@contextmanager
def submission(users: Mapping[str, str], deliver: Deliver) -> Iterator[int]:
    """Its port; each recipient of an accepted mail is handed to ``deliver`` before the 250."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        ok = users.get(given.login.decode()) == given.password.decode()
        return AuthResult(success=ok, handled=False)

    logging.getLogger("mail.log").setLevel(logging.ERROR)
    port = free_port()
    controller = _Controller(
        _Handler(deliver),
        hostname="127.0.0.1",
        port=port,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
        data_size_limit=33_554_432,
    )
    controller.start()
    try:
        yield port
    finally:
        controller.hang_up()
        controller.stop()
