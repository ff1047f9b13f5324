"""How a Google server can fail, on command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class ApiError(Exception):
    """An answer that is an error, with Google's word for the reason."""

    def __init__(self, status: int, reason: str, message: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message or reason)
        self.status = status
        self.reason = reason
        self.headers = dict(headers or {})


@dataclass(slots=True)
class Fault:
    """Before or ``after`` the work: an error's ``status``, 0 to drop the connection, -1 for an answer of noise."""

    method: str
    status: int
    reason: str = ""
    times: int = 1
    after: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    skip: int = 0
