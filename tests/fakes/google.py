"""A loopback stand-in for Google: sign-in, Gmail and Calendar.

Every request is checked against the discovery documents that google-api-python-client bundles, and so is every answer
of the fake itself; what does not fit is in ``violations``. ``fail`` and its kin make it fail on command.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from tests.fakes.google_calendars import Book, Calendars
from tests.fakes.google_contract import Contract, Json, Method
from tests.fakes.google_faults import ApiError, Fault
from tests.fakes.google_mailbox import Mailbox

_AUDIENCE = "https://oauth2.googleapis.com/token"
_CONTRACTS: dict[str, Contract] = {}
Answer = tuple[int, dict[str, str], bytes]


class FakeGoogle:
    """A context manager; ``root`` is its address. ``people`` have calendars, next to ``me``.

    ``granted`` are the scopes that sign-ins may have, ``tokens`` the refresh tokens that are good; ``rotates`` makes
    each sign-in give a new one. ``keys`` maps a service account to its public key. ``offline`` hangs up on everybody.
    """

    def __init__(self, me: str, people: Iterable[str] = ()) -> None:
        self.me = me
        self.now = datetime(2026, 10, 30, 8, tzinfo=UTC)
        self.mailbox = Mailbox(me, lambda: self.now)
        self.calendars = Calendars(me, lambda: self.now)
        self.calendars.books = {me: Book(), **{address: Book("reader") for address in people}}
        self.violations: list[str] = []
        self.calls: list[str] = []
        self.faults: list[Fault] = []
        self.offline = False
        self.granted: set[str] = set()
        self.tokens = {"refresh-0"}
        self.keys: dict[str, bytes] = {}
        self.rotates = False
        self.sign_ins: list[Json] = []
        self._access: dict[str, tuple[str, set[str]]] = {}
        self._lock = threading.RLock()
        self.apis = {name: _contract(name, version) for name, version in (("gmail", "v1"), ("calendar", "v3"))}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail(self, method: str, status: int, reason: str = "", **how: Any) -> None:
        """The next call of ``method`` ("gmail.users.drafts.send", "token" or "*") fails; see ``Fault``."""
        self.faults.append(Fault(method, status, reason, **how))

    def drop(self, method: str, *, after: bool, times: int = 2) -> None:
        """No answer. Twice, because the client's transport asks again by itself."""
        self.faults.append(Fault(method, 0, after=after, times=times))

    def revoke(self) -> None:
        """All sign-ins end: the refresh tokens, the keys and the access tokens made of them."""
        self.tokens.clear()
        self.keys.clear()
        self._access.clear()

    # requests

    def answer(self, verb: str, target: str, headers: Mapping[str, str], raw: bytes) -> Answer | None:
        """Status, headers, body; None to hang up."""
        with self._lock:
            if self.offline:
                return None
            url = urlsplit(target)
            if url.path == "/token":
                return self._faulty("token", lambda: self._token(raw))
            for contract in self.apis.values():
                found = contract.match(verb, url.path)
                if found is not None:
                    query = parse_qs(url.query, keep_blank_values=True)
                    return self._call(contract, *found, query, headers, raw)
            self.violations.append(f"there is no method {verb} {url.path}")
            return _error(ApiError(404, "notFound"))

    def _faulty(self, name: str, work: Any) -> Answer | None:
        self.calls.append(name)
        fault = next((f for f in self.faults if f.method in (name, "*") and f.times > 0), None)
        if fault is not None and fault.skip > 0:
            fault.skip -= 1
            fault = None
        if fault is not None:
            fault.times -= 1
        if fault is not None and not fault.after:
            return _failed(fault)
        answer: Answer = work()
        return answer if fault is None else _failed(fault)

    def _call(
        self,
        contract: Contract,
        method: Method,
        path: dict[str, str],
        query: dict[str, list[str]],
        headers: Mapping[str, str],
        raw: bytes,
    ) -> Answer | None:
        wrong = list(contract.wrong_parameters(method, path, query))
        body: Any = None
        if "request" in method.spec:
            body, problems = _body(contract, method, headers, raw)
            wrong += problems
        elif raw:
            wrong.append("there should be no body")
        if wrong:
            self.violations += [f"{method.id}: {text}" for text in wrong]
            self.calls.append(method.id)
            return _error(ApiError(400, "invalid", "; ".join(wrong)))
        flat = {
            n: v if method.spec.get("parameters", {}).get(n, {}).get("repeated") else v[0] for n, v in query.items()
        }
        if "if-match" in headers:
            flat["if-match"] = headers["if-match"]
        return self._faulty(method.id, lambda: self._work(contract, method, path, flat, body, headers))

    def _work(
        self, contract: Contract, method: Method, path: Json, query: Json, body: Any, headers: Mapping[str, str]
    ) -> Answer:
        api, _, name = method.id.partition(".")
        try:
            self._authorized(method, headers.get("authorization", ""))
            target: Any = self.mailbox if api == "gmail" else self.calendars
            work = getattr(target, name.replace(".", "_"), None)
            if work is None:
                self.violations.append(f"{method.id}: the fake does not know it")
                raise ApiError(501, "notImplemented")
            answer = work(path, query, body)
        except ApiError as error:
            return _error(error)
        except Exception as error:
            self.violations.append(f"{method.id}: the fake broke: {error!r}")
            raise
        if "response" not in method.spec:
            return 204, {}, b""
        lies = contract.wrong(method.spec["response"], answer, "answer")
        self.violations += [f"{method.id}: {text}" for text in lies]
        return 200, {}, json.dumps(answer).encode()

    def _authorized(self, method: Method, header: str) -> None:
        subject, scopes = self._access.get(header.removeprefix("Bearer "), ("", set()))
        if not subject:
            raise ApiError(401, "authError", "Invalid Credentials")
        if not scopes & set(method.spec["scopes"]):
            raise ApiError(403, "insufficientPermissions", "Request had insufficient authentication scopes.")

    def _token(self, raw: bytes) -> Answer:
        form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        claims: Mapping[str, Any] = {"sub": self.me, "scope": form.get("scope", "")}
        if "assertion" in form:
            unread: Json = jwt.decode(form["assertion"], verify=False)  # type: ignore[no-untyped-call]  # of the library
            key = self.keys.get(str(unread.get("iss")))
            if key is None:
                return _refused("Invalid grant: account not found")
            try:
                jwt.decode(form["assertion"], certs=key, audience=_AUDIENCE)  # type: ignore[no-untyped-call]  # as above
            except (GoogleAuthError, ValueError) as error:
                self.violations.append(f"token: {error}")
                return _refused("Invalid JWT")
            claims = unread
        elif form.get("grant_type") == "refresh_token" and form.get("refresh_token") not in self.tokens:
            return _refused("Token has been expired or revoked.")
        self.sign_ins.append({**form, "claims": claims})
        number = len(self.sign_ins)
        wanted = set(str(claims["scope"]).split()) or self.granted
        self._access[f"access-{number}"] = (str(claims["sub"]), wanted & self.granted if self.granted else wanted)
        scope = " ".join(sorted(self._access[f"access-{number}"][1]))
        answer: Json = {"access_token": f"access-{number}", "expires_in": 3599, "token_type": "Bearer", "scope": scope}
        if form.get("grant_type") == "authorization_code" or self.rotates:
            self.tokens = {f"refresh-{number}"}
            answer["refresh_token"] = f"refresh-{number}"
        return 200, {}, json.dumps(answer).encode()

    def headers(self) -> dict[str, str]:
        return {"Date": format_datetime(self.now, usegmt=True), "Content-Type": "application/json; charset=UTF-8"}

    def pass_time(self, **time: float) -> None:
        self.now += timedelta(**time)


def _body(contract: Contract, method: Method, headers: Mapping[str, str], raw: bytes) -> tuple[Any, list[str]]:
    try:
        body = json.loads(raw or b"null")
    except ValueError:
        return None, ["the body is no JSON"]
    problems = [] if body is None else list(contract.wrong(method.spec["request"], body, "body", method.id))
    if body is not None and headers.get("content-type", "").split(";")[0] != "application/json":
        problems.append("the content type is not application/json")
    return body, problems


def _failed(fault: Fault) -> Answer | None:
    if fault.status == 0:
        return None
    if fault.status == -1:
        return 200, {}, b"<html>busy</html>"
    return _error(ApiError(fault.status, fault.reason, fault.message, fault.headers))


def _error(error: ApiError) -> Answer:
    entry = {"domain": "global", "reason": error.reason, "message": str(error)}
    body = {"error": {"code": error.status, "message": str(error), "errors": [entry]}}
    return error.status, error.headers, json.dumps(body).encode()


def _refused(why: str) -> Answer:
    return 400, {}, json.dumps({"error": "invalid_grant", "error_description": why}).encode()


def _contract(api: str, version: str) -> Contract:
    if api not in _CONTRACTS:
        _CONTRACTS[api] = Contract(api, version)
    return _CONTRACTS[api]


def _handler(fake: FakeGoogle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one write: without it each answer waits 40 ms for a delayed acknowledgement
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            return

        def _any(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = fake.answer(
                self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, raw
            )
            if answer is None:
                self.close_connection = True
                return
            status, more, body = answer
            self.send_response_only(status)
            for name, value in {**fake.headers(), **more, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any  # noqa: N815 - the names are the library's

    return Handler
