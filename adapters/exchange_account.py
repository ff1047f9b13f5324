"""One account on an Exchange server of one's own, and its answers as our six errors: one table."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
from exchangelib import DELEGATE, Account, Configuration, Credentials, Version
from exchangelib import errors as ews
from exchangelib.protocol import BaseProtocol, FailFast
from exchangelib.version import (
    EXCHANGE_2013_SP1,
    EXCHANGE_2016,
    EXCHANGE_2019,
)
from requests.adapters import HTTPAdapter

from assistant.errors import (
    AssistantError,
    Conflict,
    CursorExpired,
    NotFound,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
)

from .files import folder_name
from .throttle import Backoff, Bucket, waited
from .xoauth import SignIn

# Below that it logs headers with the password in them, and whole mails where it meets an error.
logging.getLogger("exchangelib").setLevel(logging.CRITICAL)

_ONLINE = ("office365.com", "outlook.com", "office.com", "outlook.de", "partner.outlook.cn", "office365.us")
_VERSIONS = {"2013": EXCHANGE_2013_SP1, "2016": EXCHANGE_2016, "2019": EXCHANGE_2019, "se": EXCHANGE_2019}
_PIECE = 64 * 1024
_LATER = "it is tried again"
_START_OVER = "everything is read again"
_ERRORS: Sequence[tuple[tuple[type[BaseException], ...], type[ProviderError], str]] = (
    ((ews.ErrorInvalidSyncStateData, ews.ErrorSyncFolderNotFound), CursorExpired, _START_OVER),
    (
        (ews.UnauthorizedError, ews.ErrorAccessDenied, ews.ErrorSendAsDenied, ews.ErrorImpersonateUserDenied,
         ews.ErrorAccountDisabled, ews.ErrorPasswordExpired, ews.ErrorPasswordChangeRequired),
        Unauthorized,
        "check user name and password, and what docs/connect/exchange.md asks for",
    ),
    (
        (ews.ErrorIrresolvableConflict, ews.ErrorChangeKeyRequired, ews.ErrorChangeKeyRequiredForWriteOperations,
         ews.ErrorStaleObject),
        Conflict,
        "somebody changed it meanwhile",
    ),
    (
        (ews.ErrorItemNotFound, ews.ErrorFolderNotFound, ews.ErrorNonExistentMailbox, ews.ErrorInvalidIdMalformed,
         ews.ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange, ews.ErrorCalendarOccurrenceIsDeletedFromRecurrence),
        NotFound,
        "it is not there",
    ),
    ((ews.ErrorQuotaExceeded,), Unavailable, "the mailbox is full: make room, it is tried again"),
    ((ews.ErrorSubmissionQuotaExceeded,), Unavailable, "the day's limit of mails is used up; it is tried again"),
    (
        (ews.ErrorServerBusy, ews.RateLimitError, ews.ErrorTimeoutExpired, ews.ErrorInternalServerError,
         ews.ErrorInternalServerTransientError, ews.ErrorMailboxStoreUnavailable, ews.ErrorMailboxMoveInProgress,
         ews.ErrorExceededConnectionCount, ews.ErrorTooManyObjectsOpened, ews.ErrorNoRespondingCASInDestinationSite,
         ews.ErrorADOperation, ews.ErrorADUnavailable, ews.ErrorConnectionFailed,
         ews.ErrorConnectionFailedTransientError, ews.ErrorInsufficientResources, ews.ErrorNotEnoughMemory,
         ews.ErrorMailboxFailover, ews.ErrorMailboxLogonFailed, ews.ErrorProxyCallFailed,
         ews.ErrorProxyRequestProcessingFailed),
        Unavailable,
        _LATER,
    ),
    (
        (ews.ErrorOccurrenceCrossingBoundary,),
        Rejected,
        "Exchange keeps the occurrences of a series in order, one a day: choose another day for this one",
    ),
    ((ews.ResponseMessageError,), Rejected, "it will never be accepted"),
    (
        (ews.TransportError, requests.RequestException),
        Unavailable,
        "the server gave no proper answer; check address, network and certificate; it is tried again",
    ),
    ((ews.EWSError,), Rejected, "it will never be accepted"),
)  # fmt: skip


class _InPieces(HTTPAdapter):
    """exchangelib reads answers in the pieces that requests gives by default, which are single bytes."""

    def build_response(self, *args: Any) -> requests.Response:
        response = super().build_response(*args)
        plain = response.iter_content
        response.iter_content = lambda size=_PIECE, *rest: plain(size, *rest)  # type: ignore[method-assign]  # as said
        return response


BaseProtocol.HTTP_ADAPTER_CLS = _InPieces  # where the library has one's own adapter put


@dataclass(frozen=True, slots=True)
class Options:
    """What both adapters need of an ``exchange`` account; see ``exchange``. Raises AssistantError for what is wrong."""

    endpoint: str
    username: str
    password: str | None = field(default=None, repr=False)
    password_env: str | None = None
    password_file: str | None = None
    auth: str = "ntlm"
    version: str = "2016"
    mailbox: str | None = None
    per_minute: float = 300.0

    def __post_init__(self) -> None:
        host = (urlsplit(self.endpoint).hostname or "").lower()
        if any(host == each or host.endswith(f".{each}") for each in _ONLINE):
            raise AssistantError(
                f"accounts: {host} is Exchange Online, which closes the way that `exchange` takes; use `graph` for it"
            )
        if not self.endpoint.startswith("https://") and host not in ("127.0.0.1", "localhost", "::1"):
            raise AssistantError("accounts: exchange: endpoint must be a whole address that begins with https://")
        if self.version not in _VERSIONS or self.auth not in ("ntlm", "basic"):
            raise AssistantError("accounts: exchange: version is 2013, 2016, 2019 or se; auth is ntlm or basic")


class Server:
    """The account as exchangelib has it, made when it is first asked. One call at a time.

    exchangelib keeps one connection and one policy for each address and user: here it is always the one that repeats
    nothing by itself, because a repeated send is a second mail.
    """

    def __init__(self, address: str, options: Options) -> None:
        self.address = folder_name(address)
        self.mailbox = folder_name(options.mailbox or address)
        self._options = options
        secret = Path(options.password_file) if options.password_file else None
        self._sign_in = SignIn(options.username, options.password, options.password_env, secret)
        self._accounts: dict[str, Account] = {}
        self._secret = ""
        self._lock = RLock()
        self._bucket = Bucket(options.per_minute)
        self._backoff = Backoff()

    def account(self, owner: str | None = None) -> Account:
        """That of the assistant, or another's as far as it may be read. Only inside ``with server``."""
        owner = owner or self.mailbox
        if owner not in self._accounts:
            configuration = Configuration(
                service_endpoint=self._options.endpoint,
                credentials=Credentials(self._options.username, self._secret),
                auth_type="NTLM" if self._options.auth == "ntlm" else "basic",
                version=Version(build=_VERSIONS[self._options.version]),
                retry_policy=FailFast(),
                max_connections=2,
            )
            self._accounts[owner] = Account(owner, config=configuration, autodiscover=False, access_type=DELEGATE)
        return self._accounts[owner]

    def __enter__(self) -> Server:
        self._lock.acquire()
        try:
            secret = self._sign_in.secret()
            if secret != self._secret:  # a new one is worth a try at once
                self._accounts, self._secret, self._backoff = {}, secret, Backoff()
            self._backoff.check()
            waited(self._bucket)
        except ProviderError:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        problem = None if error is None else translated(error)
        if problem is None:
            if error is None:
                self._backoff.worked()
            return
        # Repeating a refused sign-in locks accounts; and who asks to be left alone is left alone.
        if isinstance(error, ews.UnauthorizedError) or getattr(problem, "retry_after", None) is not None:
            self._backoff.failed(problem)
        raise problem from error


def translated(error: BaseException) -> ProviderError | None:
    """Of exchangelib's exceptions ours; None for what is none of them. Texts hold their names only, never content."""
    unreached = _unreached(error)
    if unreached:
        return Unavailable(f"the Exchange server {unreached}; it is tried again")
    for kinds, ours, remedy in _ERRORS:
        if isinstance(error, kinds):
            text = f"the Exchange server answered {type(error).__name__}: {remedy}"
            pause = getattr(error, "back_off", None) or getattr(error, "wait", None)
            return Unavailable(text, float(pause) if pause else None) if ours is Unavailable else ours(text)
    return None


def _unreached(error: BaseException) -> str:
    """Where no answer came at all, why; the library says so as if the server had."""
    network = error.__context__
    if not isinstance(error, (ews.TransportError, ews.ErrorTimeoutExpired)):
        return ""
    if isinstance(network, requests.exceptions.SSLError):
        return "shows a certificate that is not accepted; check the name in `endpoint` and who is trusted here"
    if isinstance(network, (requests.Timeout, TimeoutError)):
        return "did not answer in time; check network and proxy"
    if isinstance(network, (requests.RequestException, OSError)):
        return "cannot be reached, or broke off; check the name in `endpoint`, network and proxy"
    return ""


def is_gone(item: Any) -> bool:
    """Whether it was not found; raises what else the server said instead of the item."""
    gone = (ews.ErrorItemNotFound, ews.ErrorCalendarOccurrenceIsDeletedFromRecurrence)
    if isinstance(item, Exception) and not isinstance(item, gone):
        raise item
    return isinstance(item, gone)


def is_unknown(view: Any) -> bool:
    """Whether the server cannot tell when this person is free; raises where it cannot tell of anybody."""
    if isinstance(view, ews.ErrorServerBusy):
        raise view
    return isinstance(view, Exception)
