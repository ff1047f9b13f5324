"""Calling Google: one place for sign-in, quota, pauses and the translation of errors.

Google's libraries are imported here and in google_auth; who uses this module imports it when an account is made.
"""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import google_auth_httplib2  # type: ignore[import-untyped]  # it ships no types
import httplib2  # type: ignore[import-untyped]  # as above
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]  # as above
from googleapiclient.discovery_cache import get_static_doc  # type: ignore[import-untyped]  # as above
from googleapiclient.errors import Error, HttpError  # type: ignore[import-untyped]  # as above

from assistant.errors import Conflict, NotFound, ProviderError, Rejected, Unauthorized, Unavailable

from .google_account import Account
from .google_auth import SCOPES, credentials
from .server_clock import ServerClock
from .throttle import Backoff, Bucket, waited

_SHARE = 0.8  # of the quota: others use the mailbox too
DEAREST = 100.0  # units of a single call: a bucket that could not hold them would never let it through
_TOO_FAST = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "RATE_LIMIT_EXCEEDED",
    "RESOURCE_EXHAUSTED",
}
_NOT_ALLOWED = {
    "insufficientPermissions": "a scope is missing",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": "a scope is missing",
    "accessNotConfigured": "the API is not switched on in the Google Cloud project",
    "SERVICE_DISABLED": "the API is not switched on in the Google Cloud project",
    "domainPolicy": "an administrator of the domain does not allow it",
    "authError": "the token is not accepted",
    "delegationDenied": "the service account may not act for this mailbox",
    "failedPrecondition": "the mailbox has no Gmail, or the service account may not act for it",
    "notACalendarUser": "the mailbox has no Google Calendar",
}
_RETRY_AT = re.compile(r"Retry after (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)")


def bucket_of(quota: float, clock: Callable[[], float] = time.monotonic) -> Bucket:
    """Of ``quota`` units a minute: our share, half of it at once, and in any case as much as one call may cost."""
    return Bucket(quota * _SHARE, burst=max(quota * _SHARE / 2, min(quota, DEAREST)), clock=clock)


class Client:
    """One API of Google for one account. Nothing is loaded or signed in before the first call."""

    def __init__(self, account: Account, api: str, version: str, quota: float) -> None:
        self._account = account
        self._api = (api, version)
        self._bucket = bucket_of(quota)
        self._backoff = Backoff()
        self._service: _Service | None = None
        self.clock = ServerClock()
        self.server_time: datetime | None = None
        """What Google's clock said in its latest answer."""

    def call(self, request: Callable[[Any], Any], cost: float = 1, if_match: str | None = None) -> Any:
        """Do one request and give its JSON. ``request`` makes it from the API's collections, which it is given by name:
        ``lambda g: g("users.drafts").get(...)``. ``cost`` is in quota units.

        Raises Unauthorized, Unavailable, Conflict, NotFound or Rejected. Nothing is tried twice here: whoever calls
        knows whether a lost answer matters.
        """
        self._backoff.check()
        waited(self._bucket, cost)
        try:
            with self._translated():
                if self._service is None:
                    self._service = _Service(self._account, *self._api)
                    weakref.finalize(self, self._service.close)
                prepared = request(self._service)
                prepared.add_response_callback(self._note_time)
                if if_match is not None:
                    prepared.headers["If-Match"] = if_match
                answer = prepared.execute(num_retries=0)
                if answer and not isinstance(answer, dict):  # the library hands on what is no JSON
                    raise ValueError("the answer is no JSON object")
        except ProviderError as error:
            if isinstance(error, Unauthorized) or (isinstance(error, Unavailable) and error.retry_after is not None):
                self._backoff.failed(error)
            if isinstance(error, Unauthorized):
                self._forget_sign_in()
            raise
        self._backoff.worked()
        return answer

    def _forget_sign_in(self) -> None:
        """The next call reads the key or token anew: somebody may have put it right."""
        if self._service is not None:
            self._service.close()
            self._service = None

    def _note_time(self, response: Any) -> None:
        said = _date(response.get("date"))
        self.clock.note(said)
        self.server_time = said or self.server_time

    @property
    def _name(self) -> str:
        return f"Google ({self._account.address})"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Whatever Google's libraries raise, as one of ours with theirs as its cause."""
        try:
            yield
        except HttpError as error:
            raise _from_status(self._name, error) from error
        except RefreshError as error:
            raise self._from_refresh(error) from error
        except (TransportError, httplib2.HttpLib2Error, http.client.HTTPException, OSError) as error:
            raise _from_network(self._name, error) from error
        except GoogleAuthError as error:
            raise Unauthorized(f"{self._name}: the sign-in cannot be used; make a new key or sign in again") from error
        except (Error, ValueError) as error:  # an answer that is no JSON
            raise Unavailable(f"{self._name}: the answer cannot be read; it is tried again") from error

    def _from_refresh(self, error: Exception) -> ProviderError:
        """Google's token endpoint refused."""
        if getattr(error, "retryable", False):
            return Unavailable(f"{self._name}: signing in does not work for the moment")
        text = " ".join(str(part) for part in error.args).lower()
        if self._account.key is None:
            remedy = "it was revoked or has expired: sign in again with `assistant connect google`"
        elif "jwt" in text:
            remedy = "the key was deleted, or this machine's clock is wrong by minutes: check both"
        else:
            remedy = f"allow the service account's client ID these scopes in the admin console: {', '.join(SCOPES)}"
        return Unauthorized(f"{self._name} refused the sign-in; {remedy}")


class _Service:
    """The client library for the API, from the description that comes with it: no look-up on the network.

    The library makes its collections anew at every mention, at 3 ms each; here they are kept.
    """

    def __init__(self, account: Account, api: str, version: str) -> None:
        self._root = _built(account, api, version)
        self._collections: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        if name not in self._collections:
            collection = self._root
            for part in name.split("."):
                collection = getattr(collection, part)()
            self._collections[name] = collection
        return self._collections[name]

    def close(self) -> None:
        self._root.close()


def _built(account: Account, api: str, version: str) -> Any:
    signed_in = credentials(account)
    transport = google_auth_httplib2.AuthorizedHttp(signed_in, http=httplib2.Http(timeout=account.timeout))
    document = json.loads(get_static_doc(api, version))
    if account.endpoint is not None:
        document["rootUrl"] = account.endpoint
        document["baseUrl"] = account.endpoint + document["servicePath"]
        document.pop("mtlsRootUrl", None)
    return build_from_document(document, http=transport)


def _from_status(name: str, error: Any) -> ProviderError:  # noqa: PLR0911 - a table reads best as one
    status, reasons = int(error.resp.status), _reasons(error.content)
    known = next((text for reason, text in _NOT_ALLOWED.items() if reason in reasons), None)
    if status == 429 or (status == 403 and reasons & _TOO_FAST):
        return Unavailable(f"{name}: too many requests for the moment", retry_after=_retry_after(error))
    if status == 401 or (status == 403 and known) or (status == 400 and "failedPrecondition" in reasons):
        why = known or "the token is not accepted"
        return Unauthorized(f"{name} does not allow it: {why}; see docs/connect/google.md")
    if status == 404:
        return NotFound(f"{name}: it is not there")
    if status == 410:
        return NotFound(f"{name}: it is no longer there")
    if status in (409, 412):
        return Conflict(f"{name}: it was changed or made by somebody else meanwhile")
    if status in (408, 425) or status >= 500:
        return Unavailable(f"{name}: the server has trouble ({status})", retry_after=_retry_after(error))
    if "requiredAccessLevel" in reasons:
        return Rejected(f"{name}: this calendar may only be read; its owner can let us make changes to events")
    return Rejected(f"{name} refused it for good ({status} {', '.join(sorted(reasons))})")


def _from_network(name: str, error: Exception) -> Unavailable:
    chain = [error, error.__cause__, *error.args]
    if any(isinstance(part, ssl.SSLCertVerificationError) for part in chain):
        return Unavailable(f"{name}: the server's certificate does not fit; check proxy, clock and certificates")
    return Unavailable(f"{name} cannot be reached; check the network, the name server and the proxy")


def _reasons(content: bytes) -> set[str]:
    """The words for what is wrong, from both of the shapes that Google's errors have."""
    try:
        told = json.loads(content)["error"]
        entries = [*told.get("errors", ()), *told.get("details", ())]
        reasons = {str(entry["reason"]) for entry in entries if "reason" in entry}
    except (AttributeError, KeyError, TypeError, ValueError):
        return set()
    return reasons | {str(told["status"])} if "status" in told else reasons


def _retry_after(error: Any) -> float | None:
    """Seconds, from the header in either form or from the sentence that Gmail writes."""
    told = error.resp.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return float(told)
    now = _date(error.resp.get("date"))
    found = _RETRY_AT.search(error.content[:4096].decode("utf-8", "replace"))
    try:
        at = _date(told) if found is None else datetime.fromisoformat(found[1])
    except ValueError:
        at = None
    return None if at is None or now is None else max(0.0, (at - now).total_seconds())


def _date(text: str | None) -> datetime | None:
    """An HTTP date; None where it is none."""
    try:
        found = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
