"""What the parts of the fake Microsoft Graph share."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from .graph_metadata import metadata
from .graph_store import Mail, Organisation
from .loopback import Answer, Loopback, Request

BASE = "https://graph.microsoft.com/v1.0"


class GraphError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class GraphBase(Loopback):
    """``me`` is the mailbox that the token is for; ``closed`` are those it may not read.

    ``rewrite_ids``: sent mails get a Message-ID of the server's own. ``forgotten``: no change list is known any more.
    """

    most_at_once = 4

    def __init__(self, me: str, people: list[str], now: datetime) -> None:
        super().__init__()
        self.me = me
        self.store = Organisation([me, *people], now)
        self.closed: set[str] = set()
        self.rewrite_ids = False
        self.forgotten = False
        self.forgotten_up_to = -1
        self.mails_forgotten_up_to = -1
        self.tokens = {"token-0"}
        self.refresh = "refresh-0"
        self.issued = 0
        self.device_codes = 0
        self.sign_in_error = ""
        self.full = False
        self.conflict_on_repeat = True
        self.delivered: list[Mail] = []

    def forget_lists(self) -> None:
        """The change lists given so far are worth nothing any more."""
        self.forgotten_up_to = len(self.store.log)
        self.mails_forgotten_up_to = len(self.store.mail_log)

    def _mailbox(self, user: str) -> str:
        if user.lower() not in self.store.mails:
            raise GraphError(404, "ErrorInvalidUser")
        if user.lower() in self.closed:
            raise GraphError(403, "ErrorAccessDenied")
        return user.lower()

    def _checked(self, body: dict[str, Any], kind: str, where: str) -> None:
        self.violations += metadata().check(body, kind, where)

    def _asked(self, request: Request, query: dict[str, str], kind: str) -> None:
        self.violations += metadata().check_query(query, kind, request.target)

    def _json(self, request: Request, kind: str) -> dict[str, Any]:
        if not request.headers.get("content-type", "").startswith("application/json"):
            self.violations.append(f"{request.target}: a body that is no JSON")
        body: dict[str, Any] = json.loads(request.body)
        self._checked(body, kind, f"{request.method} {request.target}")
        return body

    def _listing(self, kind: str, items: list[dict[str, Any]], **links: str) -> Answer:
        for item in items:
            self._checked(item, kind, f"answer of {kind}")
        return answered({"value": items, **{f"@odata.{name}": link for name, link in links.items()}})


def answered(body: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def failed(status: int, code: str) -> Answer:
    return answered({"error": {"code": code, "message": "as the code says"}}, status)
