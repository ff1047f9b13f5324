"""Handing one mail to a submission server (RFC 6409), step by step, so that a fault tells whether it may have left.

``smtplib.sendmail`` raises the same for a connection lost before and after the final dot. Until the dot nothing was
taken and a repeat is safe; from the dot to the answer both sides own the mail (RFC 1047), and only a look-up helps.
"""

from __future__ import annotations

import base64
import ipaddress
import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.errors import AssistantError, ProviderError, Rejected, Unauthorized, Unavailable

from .mail_errors import is_full, smtp_refusal, translated
from .throttle import Backoff
from .xoauth import SignIn, xoauth2

BODY_PATIENCE = 180.0
DOT_PATIENCE = 600.0
"""RFC 5321 4.5.3.2.6: giving up sooner after the dot makes duplicates."""
_FRESH = 5.0  # seconds in which a connection needs no NOOP before it is used again
_LONGEST_LINE = 998
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f/]{1,253}")
_DOT = re.compile(rb"(?m)^\.")
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


class Phase(StrEnum):
    """How far the last hand-over came."""

    IDLE = "idle"
    CONNECT = "connection"
    SIGN_IN = "sign-in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect. ``security`` is ssl, starttls, or none for a server on this machine."""

    host: str
    port: int
    security: str
    timeout: float
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.security not in ("ssl", "starttls", "none"):
            raise AssistantError(f"accounts: security: {self.security!r} is none of ssl, starttls and none")
        if self.security == "none" and not _is_here(self.host):
            raise AssistantError(
                f"accounts: security: none would send the password in clear to {self.host}; use ssl or starttls"
            )
        self.context()

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def context(self) -> ssl.SSLContext:
        """Certificates are verified, always. Raises AssistantError where ``ca_file`` cannot be read."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise AssistantError(f"accounts: ca_file: {self.ca_file} is no readable file of certificates") from error


@dataclass(frozen=True, slots=True)
class _Options:
    """What of a mail matters to MAIL FROM."""

    size: int
    seven_bit: bool
    ascii_addresses: bool


class Submission:
    """One connection, kept between mails and asked with NOOP before it is used again. ``phase`` is the last step."""

    def __init__(self, server: Server, sign_in: SignIn | None, hello: str, patience: float = DOT_PATIENCE) -> None:
        self._server, self._sign_in, self._hello, self._patience = server, sign_in, hello, patience
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0
        self._backoff = Backoff()
        self._refused: str | None = None
        self.phase = Phase.IDLE
        self.copied = False

    def send(self, sender: str, recipient: str, raw: bytes, copy: str | None = None) -> None:
        """Hand over to one recipient, and to ``copy``, an address of our own; ``copied`` says whether it was taken too.

        Raises Unavailable with ``in_doubt`` where the mail may have left.
        """
        self.copied = False
        body = _wire(raw)
        from_, to = _address(sender), _address(recipient)
        options = _Options(len(raw), body.isascii(), (from_ + to).isascii())
        self._check_pause()
        smtp, kept = self._ready()
        try:
            self._announce(smtp, from_, to, options)
        except Unavailable:
            if not kept:
                raise
            smtp, _ = self._ready()  # servers allow so many mails a connection, and the first refusal says so
            self._announce(smtp, from_, to, options)
        with self._settling():
            self.copied = copy is not None and self._add_copy(smtp, _address(copy))
            if not self._hand_over(smtp, body):
                self.copied = False
                self._announce(smtp, from_, to, options)
                self._hand_over(smtp, body)
        self._backoff.worked()
        self.phase, self._used = Phase.IDLE, time.monotonic()

    def try_out(self) -> frozenset[str]:
        """Connect and sign in; the extensions that the server offers."""
        self._check_pause()
        smtp, _ = self._ready()
        return frozenset(smtp.esmtp_features)

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _check_pause(self) -> None:
        if self._refused is None or (self._sign_in is not None and self._sign_in.secret() == self._refused):
            self._backoff.check()

    @contextmanager
    def _settling(self) -> Iterator[None]:
        """A refused mail leaves the connection usable; after anything else a new one is made."""
        try:
            yield
        except ProviderError as error:
            if not (isinstance(error, Rejected) and self._start_over()):
                self.close()
            raise

    def _start_over(self) -> bool:
        with suppress(smtplib.SMTPException, OSError):
            if self._smtp is not None and self._smtp.rset()[0] == 250:
                self._used = time.monotonic()
                return True
        return False

    def _ready(self) -> tuple[smtplib.SMTP, bool]:
        """The connection, signed in, and whether it was there before."""
        if self._smtp is not None and not self._alive(self._smtp):
            self.close()
        if self._smtp is not None:
            return self._smtp, True
        try:
            self._smtp = self._connect()
        except ProviderError as error:
            self._backoff.failed(error)
            raise
        return self._smtp, False

    def _alive(self, smtp: smtplib.SMTP) -> bool:
        if time.monotonic() - self._used < _FRESH:
            return True
        try:
            return smtp.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _connect(self) -> smtplib.SMTP:
        self.phase = Phase.CONNECT
        server = self._server
        smtp = (
            smtplib.SMTP_SSL(local_hostname=self._hello, timeout=server.timeout, context=server.context())
            if server.security == "ssl"
            else smtplib.SMTP(local_hostname=self._hello, timeout=server.timeout)
        )
        try:
            with translated(str(server)):
                smtp._host = server.host  # type: ignore[attr-defined]  # where smtplib looks for the name to verify
                _expect(server, smtp.connect(server.host, server.port), 220, self.phase)
                _expect(server, smtp.ehlo(), 250, self.phase)
                if server.security == "starttls":
                    self._encrypt(smtp)
                self.phase = Phase.SIGN_IN
                if self._sign_in is not None:
                    self._authenticate(smtp, self._sign_in)
        except ProviderError:
            smtp.close()
            raise
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        """Never on in clear: a missing STARTTLS may be somebody in between."""
        if not smtp.has_extn("starttls"):
            raise Unavailable(f"{self._server}: it offers no STARTTLS, and nothing is sent in clear; check the port")
        _expect(self._server, smtp.starttls(context=self._server.context()), 220, self.phase)
        _expect(self._server, smtp.ehlo(), 250, self.phase)

    def _authenticate(self, smtp: smtplib.SMTP, sign_in: SignIn) -> None:
        secret = sign_in.secret()
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if sign_in.by_token:
            wanted, steps = "XOAUTH2", [xoauth2(sign_in.username, secret), ""]
        elif "PLAIN" in offered or "LOGIN" not in offered:
            wanted, steps = "PLAIN", [f"\0{sign_in.username}\0{secret}"]
        else:
            wanted, steps = "LOGIN", ["", sign_in.username, secret]
        if wanted not in offered:
            other = "give a password instead" if sign_in.by_token and offered else "check port and `security`"
            raise Unauthorized(f"{self._server}: it does not offer to sign in by {wanted}; {other}")
        first, *rest = [base64.b64encode(step.encode()).decode() for step in steps]
        code, text = smtp.docmd("AUTH", f"{wanted} {first}".rstrip())
        while code == 334 and rest:
            code, text = smtp.docmd(rest.pop(0))
        if code != 235:
            self._refused = secret if code // 100 == 5 else None
            raise smtp_refusal(str(self._server), code, text, self.phase)
        self._refused = None

    def _announce(self, smtp: smtplib.SMTP, sender: str, recipient: str, mail: _Options) -> None:
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < mail.size:
            raise Rejected(f"{self._server}: the mail has {mail.size} bytes and the server takes {limit}")
        if not mail.ascii_addresses and not smtp.has_extn("smtputf8"):
            raise Rejected(f"{self._server}: it cannot take an address with letters outside ASCII")
        options = [f"SIZE={mail.size}"] if "size" in smtp.esmtp_features else []
        options += ["BODY=8BITMIME"] if not mail.seven_bit and smtp.has_extn("8bitmime") else []
        options += [] if mail.ascii_addresses else ["SMTPUTF8"]
        with self._settling():
            self._step(Phase.SENDER, 250, lambda: smtp.mail(sender, options))
            self._step(Phase.RECIPIENT, 250, lambda: smtp.rcpt(recipient))

    def _add_copy(self, smtp: smtplib.SMTP, address: str) -> bool:
        """Our own copy in the same transaction: what shows later that the mail left. The mail goes without it too."""
        with translated(str(self._server)):
            code, text = smtp.rcpt(address)
        if code == 421:
            raise smtp_refusal(str(self._server), code, text, self.phase)
        return code in (250, 251)

    def _hand_over(self, smtp: smtplib.SMTP, body: bytes) -> bool:
        """False where it was refused for a full mailbox, which may be our own: then it is to go without our copy."""
        self._step(Phase.DATA, 354, lambda: smtp.docmd("DATA"))
        self.phase = Phase.BODY
        sock: socket.socket = smtp.sock  # type: ignore[assignment]  # typeshed allows for none; we are connected
        with translated(str(self._server)):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the dot waits 40 ms for the body's ACK
            sock.settimeout(max(BODY_PATIENCE, self._server.timeout))
            smtp.send(body)
            sock.settimeout(self._patience)
            if _readable(sock):  # it spoke or hung up before the dot, so it took nothing
                raise Unavailable(f"{self._server}: it broke off before the end of the mail; it is tried again")
        self.phase = Phase.DOT
        try:
            with translated(str(self._server)):
                smtp.send(b".\r\n")
                code, text = smtp.getreply()
                sock.settimeout(self._server.timeout)
        except Unavailable as error:
            raise self._doubt() from error
        if code // 100 in (4, 5):
            if self.copied and is_full(code, text):
                return False
            raise smtp_refusal(str(self._server), code, text, self.phase)
        if code // 100 != 2:
            raise self._doubt()
        return True

    def _doubt(self) -> Unavailable:
        return Unavailable(
            f"{self._server}: it took the mail but did not say so; whether it left is looked up", in_doubt=True
        )

    def _step(self, phase: Phase, wanted: int, command: Callable[[], tuple[int, bytes]]) -> None:
        self.phase = phase
        with translated(str(self._server)):
            code, text = command()
        if code != wanted and not (wanted == 250 and code == 251):
            raise smtp_refusal(str(self._server), code, text, phase)


def _readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _expect(server: Server, reply: tuple[int, bytes], wanted: int, step: Phase) -> None:
    if reply[0] != wanted:
        raise smtp_refusal(str(server), *reply, step)


def _address(address: str) -> str:
    """For the envelope: no line end, no bracket, a domain as DNS knows it. Raises Rejected."""
    local, _, domain = address.strip().rpartition("@")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        plain = ""
    found = f"{local}@{plain}"
    if _ADDRESS.fullmatch(found) is None:
        raise Rejected("an address is none: it needs a local part, @ and a domain")
    return found


def _wire(raw: bytes) -> bytes:
    """The bytes between DATA and the dot. Raises Rejected for what servers read in different ways (SMTP smuggling)."""
    if _BARE.search(raw):
        raise Rejected("the mail has a line that does not end in CRLF")
    if any(len(line) > _LONGEST_LINE for line in raw.split(b"\r\n")):
        raise Rejected("the mail has a line of more than 998 bytes")
    return _DOT.sub(b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
