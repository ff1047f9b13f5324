"""Microsoft Graph's answers as our six errors: one table, by error code first, then by status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

from assistant.errors import (
    Conflict,
    CursorExpired,
    NotFound,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
)

_SIGN_IN = "sign in again with `assistant connect graph`, or renew the client secret"
_GRANT = "grant the permissions named in docs/connect/graph.md, with admin consent, for this mailbox"
_LATER = "it is tried again"
_START_OVER = "everything of late is read again"
_IN_ORDER = "Exchange keeps the occurrences of a series in order, one a day: choose another day for this one"
_DAY_OVER = "the day's limit of mails is used up; it is tried again"
_FULL = "the mailbox or its quota is full: make room, it is tried again"
_LONGEST_CODE = 60

_CODES: Mapping[str, tuple[type[ProviderError], str]] = {
    "syncstatenotfound": (CursorExpired, _START_OVER),
    "syncstateinvalid": (CursorExpired, _START_OVER),
    "resyncrequired": (CursorExpired, _START_OVER),
    "resyncchangesapplydifferences": (CursorExpired, _START_OVER),
    "errorinvalidsyncstatedata": (CursorExpired, _START_OVER),
    "invalidauthenticationtoken": (Unauthorized, _SIGN_IN),
    "erroraccessdenied": (Unauthorized, _GRANT),
    "authorization_requestdenied": (Unauthorized, _GRANT),
    "errorsendasdenied": (Unauthorized, "the account may not send as this address; " + _GRANT),
    "erroritemnotfound": (NotFound, "somebody removed it"),
    "errorfoldernotfound": (NotFound, "somebody removed it"),
    "errorinvalididmalformed": (NotFound, "no item can have this id"),
    "mailboxnotenabledforrestapi": (NotFound, "the address has no Exchange Online mailbox; check `mailbox`"),
    "errornonexistentmailbox": (NotFound, "the address has no mailbox; check `mailbox`"),
    "errorinvaliduser": (NotFound, "the tenant has no such user; check `mailbox`"),
    "errorinvalidmailboxitemid": (NotFound, "no item of this mailbox has this id"),
    "errorirresolvableconflict": (Conflict, "somebody changed it meanwhile"),
    "errorchangekeyrequired": (Conflict, "somebody changed it meanwhile"),
    "errorduplicatetransactionid": (Conflict, "it was made already"),
    "erroroccurrencecrossingboundary": (Rejected, _IN_ORDER),
    "errorquotaexceeded": (Unavailable, _FULL),
    "errormessagesubmissionblocked": (Unavailable, "the mailbox may not send for now; see the service health page"),
    "errorexceededmessagelimit": (Unavailable, _DAY_OVER),
    "errorsubmissionquotaexceeded": (Unavailable, _DAY_OVER),
    "errormailboxmoveinprogress": (Unavailable, "the mailbox is being moved; it is tried again"),
    "errorserverbusy": (Unavailable, _LATER),
    "applicationthrottled": (Unavailable, _LATER),
    "mailboxconcurrency": (Unavailable, _LATER),
    "errortoomanyobjectsopened": (Unavailable, _LATER),
}
_STATUSES: Mapping[int, tuple[type[ProviderError], str]] = {
    401: (Unauthorized, _SIGN_IN),
    403: (Unauthorized, _GRANT),
    404: (NotFound, "it is not there"),
    408: (Unavailable, _LATER),
    409: (Conflict, "somebody changed it meanwhile"),
    410: (CursorExpired, _START_OVER),
    412: (Conflict, "somebody changed it meanwhile"),
    423: (Unavailable, _LATER),
    429: (Unavailable, _LATER),
    507: (Unavailable, _FULL),
    509: (Unavailable, _LATER),
}
_SIGN_IN_LATER = {"temporarily_unavailable", "server_error"}


def answered(response: requests.Response) -> ProviderError:
    """The error that this answer is, with the library's own as its cause. Texts hold codes, never content."""
    code = error_code(response)
    status = response.status_code
    fallback = (Rejected, "it will never be accepted") if status < 500 else (Unavailable, _LATER)
    kind, remedy = _CODES.get(code.lower()) or _STATUSES.get(status) or fallback
    text = f"Microsoft Graph answered {status}{f' ({code})' if code else ''}: {remedy}"
    error = Unavailable(text, _retry_after(response)) if kind is Unavailable else kind(text)
    error.__cause__ = requests.HTTPError(f"{status} {code}", response=response)
    return error


def unreachable(error: Exception) -> ProviderError:
    """No whole answer came: whether the work was done is not known."""
    if isinstance(error, requests.exceptions.SSLError):
        text = "the certificate of Microsoft Graph does not match; check proxy, clock and list of authorities"
    elif isinstance(error, requests.Timeout):
        text = "Microsoft Graph did not answer in time; it is tried again"
    else:
        text = "Microsoft Graph cannot be reached; check network, DNS and proxy; it is tried again"
    problem = Unavailable(text)
    problem.__cause__ = error
    return problem


def refused(answer: Mapping[str, object]) -> ProviderError:
    """What msal says where it gives no token."""
    code = str(answer.get("error", "unknown"))[:_LONGEST_CODE]
    cause = RuntimeError(code)
    if code in _SIGN_IN_LATER:
        error: ProviderError = Unavailable(f"Microsoft's sign-in service is not available ({code}); it is tried again")
    else:
        error = Unauthorized(f"Microsoft refused the sign-in ({code}); {_SIGN_IN}")
    error.__cause__ = cause
    return error


def error_code(response: requests.Response) -> str:
    """The code in the body, "" where there is none: letters, digits and a few signs only."""
    try:
        code = str(response.json()["error"]["code"])
    except (KeyError, TypeError, ValueError):
        return ""
    return "".join(letter for letter in code if letter.isalnum() or letter in "._-")[:_LONGEST_CODE]


def _retry_after(response: requests.Response) -> float | None:
    """Seconds: given as such, or as a date beside the server's own."""
    text = response.headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - served_at(response)).total_seconds())
    except (TypeError, ValueError):
        return None


def served_at(response: requests.Response) -> datetime:
    """The server's clock, aware. Raises ValueError where it does not say."""
    return parsedate_to_datetime(response.headers.get("Date", ""))
