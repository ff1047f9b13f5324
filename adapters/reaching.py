"""Why a server cannot be reached, said the same way whatever protocol it speaks."""

from __future__ import annotations

import errno
import os
import socket
import ssl

_DEEP = 12


def why(error: OSError) -> str:  # noqa: PLR0911 - each return is one cause
    """In a few words, with what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not accepted ({error.verify_message.rstrip('.')}); give the name that the certificate"
            " is for, or the file of its authority in `ca_file`"
        )
    if isinstance(error, ssl.SSLError):
        return "TLS could not be set up; check the address, the port and what the server wants there"
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return "the name cannot be looked up just now; check this machine's network"
        return "no machine has that name; check the host"
    if isinstance(error, TimeoutError):
        return "it does not answer; it is tried again"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there; check host and port"
    if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "there is no way to it; check this machine's network"
    return f"the connection broke off ({os.strerror(error.errno) if error.errno else 'no reason given'})"


def cause(error: BaseException) -> OSError | None:
    """What the network itself said, below what libraries wrapped around it; None where nothing of it is left."""
    found: OSError | None = None
    below: BaseException | None = error
    for _ in range(_DEEP):
        if below is None:
            break
        if type(below).__module__ in ("builtins", "socket", "ssl") and isinstance(below, OSError):
            found = below
        reason = getattr(below, "reason", None)  # as urllib3 says it
        inner = reason if isinstance(reason, BaseException) else None
        below = inner or below.__cause__ or below.__context__
    return found
