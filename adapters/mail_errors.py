"""One table from what IMAP, SMTP, TLS and the network say to our errors, each with a sentence and what to do.

Replies of servers are never quoted: they may hold addresses. Their codes say enough.
"""

from __future__ import annotations

import imaplib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import NotFound, ProviderError, Rejected, Unauthorized, Unavailable

from .reaching import why

_HOUR = 3600.0
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ABSENT = re.compile(r"exist|no such|unknown|not found")
_CODE = re.compile(r"\[([A-Z][A-Z-]{1,40})[\] ]")

_Made = tuple[type[ProviderError], str]
_WRONG_SIGN_IN = "the server refuses user name and password or token; check them, or make an app password"

_IMAP: dict[str, _Made] = {
    "AUTHENTICATIONFAILED": (Unauthorized, _WRONG_SIGN_IN),
    "AUTHORIZATIONFAILED": (Unauthorized, "this user may not use this mailbox; check `username`"),
    "EXPIRED": (Unauthorized, "the password or token has expired; renew it"),
    "PRIVACYREQUIRED": (Unauthorized, "the server takes a sign-in only over TLS; set `security`"),
    "CONTACTADMIN": (Unauthorized, "the server asks to contact its administrator"),
    "NOPERM": (Unauthorized, "this user lacks a right on the folder"),
    "ALERT": (Unauthorized, "the server wants something done by hand first, such as an app password or enabling IMAP"),
    "NONEXISTENT": (NotFound, "there is no such folder; check `inbox`"),
    "UNAVAILABLE": (Unavailable, "a part of the server is down"),
    "INUSE": (Unavailable, "the mailbox is in use by something else"),
    "LIMIT": (Unavailable, "a limit of the server is reached"),
    "OVERQUOTA": (Unavailable, "the mailbox is full or has used up its traffic; make room in it"),
    "SERVERBUG": (Unavailable, "the server reports a fault of its own"),
    "CORRUPTION": (Unavailable, "the server reports that the mailbox is damaged"),
    "THROTTLED": (Unavailable, "the server asks to slow down"),
}
"""Response codes of RFC 5530, 9051 and Gmail."""

_SMTP_STATUS: dict[str, _Made] = {
    "1.1": (Rejected, "nobody has the recipient's address"),
    "1.2": (Rejected, "the recipient's domain takes no mail"),
    "1.3": (Rejected, "the recipient's address is not valid"),
    "1.6": (Rejected, "the recipient has moved away"),
    "1.10": (Rejected, "the recipient's domain takes no mail"),
    "1.7": (Unauthorized, "the server does not accept our own address; check `address`"),
    "1.8": (Unauthorized, "the server has blocked our own address from sending; see its administrator"),
    "2.1": (Rejected, "the recipient's mailbox is switched off"),
    "2.2": (Rejected, "the recipient's mailbox is full"),
    "2.3": (Rejected, "the mail is too big"),
    "3.4": (Rejected, "the mail is too big"),
    "4.5": (Unavailable, "this account has sent as much as it may for now"),
    "5.1": (Unavailable, "the connection got out of step"),
    "6.7": (Rejected, "the server cannot take an address with such letters"),
    "7.0": (Rejected, "the server's rules refuse the mail"),
    "7.1": (Rejected, "the server's rules refuse the mail"),
    "7.8": (Unauthorized, _WRONG_SIGN_IN),
    "7.9": (Unauthorized, "the server wants another way of signing in, such as an app password or a token"),
    "7.57": (Unauthorized, "the server wants a sign-in; check `username`"),
    "7.60": (Unauthorized, "this account may not send as our address; check `address`"),
    "7.139": (Unauthorized, "sign-in by password is switched off for this mailbox; use a token"),
}
"""The last two numbers of the enhanced status of a permanent refusal (RFC 3463 and what providers add)."""

_TOO_BIG = frozenset({"2.3", "3.4"})
_ABSENT_ADDRESS = frozenset({"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
"""Nobody is there to be written to: as good as a mail that came back."""

_SMTP_CODE: dict[int, _Made] = {
    530: (Unauthorized, "the server wants a sign-in or TLS first; check `security` and `username`"),
    534: (Unauthorized, "the server wants another way of signing in, such as an app password or a token"),
    535: (Unauthorized, _WRONG_SIGN_IN),
    538: (Unauthorized, "the server takes a sign-in only over TLS; set `security`"),
    500: (Unavailable, "it does not understand a command; it is tried again"),
    502: (Unavailable, "it does not know a command; it is tried again"),
    503: (Unavailable, "the connection got out of step"),
    504: (Unavailable, "it does not know a command; it is tried again"),
    552: (Rejected, "the mail is too big or the recipient's mailbox is full"),
}


def is_full(code: int, text: bytes) -> bool:
    """Whether a reply says that a mailbox has no room."""
    status, _ = _status(code, text)
    return status == "2.2" or (code in (452, 552) and not status)


def _status(code: int, text: bytes) -> tuple[str, str]:
    """The last two numbers of the enhanced status, "" where there is none that fits, and the code with it."""
    found = _ENHANCED.search(text[:60].decode("ascii", "replace"))
    status = f"{found[2]}.{found[3]}" if found and found[1] == str(code)[:1] else ""
    return status, f"{code} {found[0]}" if found else str(code)


def smtp_refusal(where: str, code: int, text: bytes, step: str) -> ProviderError:
    """The error for a reply that is not the hoped-for one. What is no reply at all ends in Unavailable."""
    status, named = _status(code, text)
    if code // 100 not in (4, 5) and step in ("connection", "greeting"):
        return Unavailable(f"{where}: what answers there speaks no SMTP; check host and port")
    if code // 100 != 5:
        slow = status == "7.28"  # Gmail: too many mails too fast
        said = f"it put us off ({named})" if code // 100 == 4 else "its answer makes no sense"
        return Unavailable(f"{where}: at {step} {said}; it is tried again", _HOUR / 6 if slow else None)
    kind, sentence = _SMTP_STATUS.get(status) or _SMTP_CODE.get(code) or (Rejected, "the server refuses the mail")
    if step in ("connection", "greeting"):  # before any mail was spoken of: it says nothing of ours
        return Unavailable(f"{where}: the server turns this machine away ({named}); see its administrator")
    if step == "sign-in":
        kind, sentence = Unauthorized, sentence if kind is Unauthorized else _WRONG_SIGN_IN
    elif step == "sender" and kind is Rejected and status not in _TOO_BIG and code != 552:
        kind, sentence = Unauthorized, "the server does not let this account send as our address; check `address`"
    elif step == "recipient" and kind is Rejected and b"relay" in text[:500].lower():
        kind, sentence = (
            Unauthorized,
            "the server passes no mail on for us; check `smtp_host`, the port and the sign-in",
        )
    message = f"{where}: {sentence} ({named})"
    if kind is Rejected:
        return Rejected(message, address=step == "recipient" and status in _ABSENT_ADDRESS)
    return Unavailable(message, _HOUR) if kind is Unavailable and status == "4.5" else kind(message)


@contextmanager
def translated(where: str, greeting: bool = False) -> Iterator[None]:
    """Whatever a mail library raises, as ours; ``where`` is the server's host and port.

    ``greeting``: it has not said its first word yet, so that nonsense shows another kind of server.
    """
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unavailable(f"{where}: {why(error)}") from error
    except ssl.SSLError as error:
        raise Unavailable(f"{where}: TLS could not be set up; check `security` and the port") from error
    except imaplib.IMAP4.abort as error:
        foreign = greeting and str(error).startswith("unexpected response")
        said = "what answers there speaks no IMAP" if foreign else "the connection broke off"
        raise Unavailable(f"{where}: {said}; {'check host and port' if foreign else 'it is tried again'}") from error
    except imaplib.IMAP4.error as error:
        raise _imap_refusal(where, error) from error
    except smtplib.SMTPResponseException as error:
        text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
        raise smtp_refusal(where, error.smtp_code, text, "greeting") from error
    except smtplib.SMTPException as error:
        raise Unavailable(f"{where}: the connection broke off; it is tried again") from error
    except OSError as error:
        raise Unavailable(f"{where}: {why(error)}") from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what IMAPClient makes of garbage
        raise Unavailable(f"{where}: its answer makes no sense; it is tried again") from error


def _imap_refusal(where: str, error: imaplib.IMAP4.error) -> ProviderError:
    text = str(error)[:1000]
    found = _CODE.search(text.upper())
    code = found[1] if found else ""
    busy = "too many" in text.lower() or "temporar" in text.lower()
    made: _Made = _IMAP.get(code, (Unavailable, "the server refuses a command; it is tried again"))
    if text.upper().startswith(("B'* BYE", "* BYE")):
        made = (Unavailable, "it turns us away just now; it is tried again")
    elif busy and code in ("", "ALERT"):
        made = (Unavailable, "it takes no more sign-ins just now")
    elif type(error).__name__ == "LoginError" and code not in _IMAP:
        made = (Unauthorized, _WRONG_SIGN_IN)
    elif not code and text.startswith("select failed") and _ABSENT.search(text.lower()):
        made = _IMAP["NONEXISTENT"]  # Dovecot gives no code
    kind, sentence = made
    shown = f" ({code})" if code in _IMAP else ""
    if code in ("OVERQUOTA", "THROTTLED", "LIMIT"):
        return Unavailable(f"{where}: {sentence}{shown}", _HOUR / 12)
    return kind(f"{where}: {sentence}{shown}")
