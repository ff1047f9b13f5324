"""Microsoft Graph and its sign-in on loopback: what the adapters use of it, checked against Graph's own metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from .graph_base import GraphError, failed
from .graph_event_api import EventApi
from .graph_mail_api import MailApi
from .graph_sign_in import SignInApi
from .graph_store import Refused
from .loopback import Answer, Request

Route = tuple[str, re.Pattern[str], Callable[..., Answer]]


class FakeGraph(SignInApi, MailApi, EventApi):
    def __init__(self, me: str, people: list[str], now: datetime) -> None:
        super().__init__(me, people, now)
        user, event = r"/users/(?P<user>[^/]+)", r"/events/(?P<id>[^/]+)"
        self._routes: list[Route] = [
            (method, re.compile(f"{user}{path}"), answer)
            for method, path, answer in (
                ("GET", r"/mailFolders/(?P<folder>\w+)", self._folder),
                ("GET", r"/mailFolders/(?P<folder>\w+)/messages/delta", self._mail_delta),
                ("GET", r"/messages", self._messages),
                ("POST", r"/messages", self._draft),
                ("GET", r"/messages/(?P<id>[^/]+)", self._message),
                ("PATCH", r"/messages/(?P<id>[^/]+)", self._name_message),
                ("DELETE", r"/messages/(?P<id>[^/]+)", self._delete_mail),
                ("GET", r"/messages/(?P<id>[^/]+)/\$value", self._mime),
                ("POST", r"/messages/(?P<id>[^/]+)/send", self._send),
                ("GET", r"/events", self._events),
                ("POST", r"/events", self._new_event),
                ("GET", event, self._event),
                ("PATCH", event, self._change_event),
                ("DELETE", event, self._delete_event),
                ("GET", f"{event}/instances", self._instances),
                ("GET", r"/calendarView", self._view),
                ("GET", r"/calendarView/delta", self._view_delta),
                ("POST", r"/calendar/getSchedule", self._schedule),
            )
        ]

    @property
    def date(self) -> str:
        return format_datetime(self.store.now.replace(microsecond=0), usegmt=True)

    def serve(self, request: Request) -> Answer:
        if request.host.startswith("login."):
            return self._sign_in(request)
        path = urlsplit(request.target).path
        query = dict(parse_qsl(urlsplit(request.target).query, keep_blank_values=True))
        if not path.startswith("/v1.0/"):
            self.violations.append(f"no such address: {path}")
            return failed(404, "ResourceNotFound")
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return failed(401, "InvalidAuthenticationToken")
        if 'IdType="ImmutableId"' not in request.headers.get("prefer", ""):
            self.violations.append(f"{path}: asked without immutable ids")
        for method, pattern, answer in self._routes:
            found = pattern.fullmatch(path.removeprefix("/v1.0"))
            if method == request.method and found:
                parts = {name: unquote(value) for name, value in found.groupdict().items()}
                try:
                    return answer(request, query, **parts)
                except GraphError as error:
                    return failed(error.status, error.code)
                except Refused as error:
                    return failed(400, str(error))
        self.violations.append(f"{request.method} {path} is not something that Graph does")
        return failed(405, "MethodNotAllowed")
