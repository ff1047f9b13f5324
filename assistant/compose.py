"""One mail as final bytes (RFC 5322, MIME): text and HTML, one recipient, threaded, marked as automatic."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.generator import BytesGenerator
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, quote

_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_WIRE = Compat32(linesep="\r\n", max_line_length=998)


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """iCalendar for the reader's calendar program (RFC 6047). ``method`` is the METHOD inside it."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the HTML shows by ``cid:`` and its name (RFC 2392), which is worldwide this picture's alone."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says and where it belongs. ``thread`` holds Message-IDs, root first; ``reply_to`` carries the tag."""

    message_id: str
    sender: tuple[str, str]
    reply_to: str
    recipient: tuple[str, str]
    subject: str
    text: str
    html: str
    date: datetime
    thread: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    calendar: CalendarPart | None = None
    picture: Picture | None = None


def compose(letter: Letter) -> bytes:
    """CRLF line ends, no line over 998 octets, each header once.

    X-Auto-Response-Suppress names what we do not want back; bounces are wanted, so ``All`` and ``NDR`` stay out.
    """
    root = MIMEMultipart("alternative", boundary=f"=_{letter.message_id.strip('<>').split('@')[0]}")
    root["From"] = mailbox(*letter.sender)
    root["To"] = mailbox(*letter.recipient)
    if letter.reply_to != letter.sender[1]:
        root["Reply-To"] = mailbox(letter.sender[0], letter.reply_to)
    root["Subject"] = _encoded(letter.subject)
    root["Date"] = format_datetime(letter.date)
    root["Message-ID"] = letter.message_id
    if letter.thread:
        root["In-Reply-To"] = letter.thread[-1]
        root["References"] = " ".join(dict.fromkeys((letter.thread[0], letter.thread[-1])))
    root["Auto-Submitted"] = "auto-generated"
    root["X-Auto-Response-Suppress"] = "OOF, AutoReply, RN, NRN"
    for name, value in letter.headers.items():
        root[name] = one_line(value)
    root.attach(MIMEText(letter.text, "plain", _UTF8))  # type: ignore[arg-type]  # typeshed wants the charset's name; an object is documented
    root.attach(_page(letter))
    if letter.calendar is not None:
        root.attach(_calendar(letter.calendar))  # last: of alternatives a client takes the last that it understands
    out = io.BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_WIRE).flatten(root)
    return out.getvalue()


def mailbox(name: str, address: str) -> str:
    """``Name <address>``, the name quoted or encoded where it needs to be."""
    clean = one_line(name)
    if not clean:
        return address
    if clean.isascii():
        plain = clean.replace(" ", "").replace("-", "").isalnum()
        return f"{clean} <{address}>" if plain else f'"{quote(clean)}" <{address}>'
    return f"{Header(clean, 'utf-8').encode()} <{address}>"


def _encoded(text: str) -> str:
    clean = one_line(text)
    return clean if clean.isascii() else Header(clean, "utf-8", header_name="Subject").encode()


def one_line(text: str) -> str:
    """Safe in a header: control, line-separating and direction-changing characters become spaces, runs are folded."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} else c for c in str(text))
    return " ".join("".join(kept).split())


def _page(letter: Letter) -> MIMEBase:
    """The HTML, together with the picture in it (RFC 2387)."""
    html = MIMEText(letter.html, "html", _UTF8)  # type: ignore[arg-type]  # as above
    if letter.picture is None:
        return html
    picture = MIMENonMultipart("image", "png")
    picture["Content-ID"] = f"<{letter.picture.name}>"
    picture.add_header("Content-Disposition", "inline", filename="chart.png")
    picture.set_payload(letter.picture.content)
    encode_base64(picture)
    related = MIMEMultipart("related", boundary=f"=r{letter.message_id.strip('<>').split('@')[0]}", type="text/html")
    related.attach(html)
    related.attach(picture)
    return related


def _calendar(part: CalendarPart) -> MIMENonMultipart:
    """In base64: what a relay does to blanks at line ends must not reach a calendar."""
    calendar = MIMENonMultipart("text", "calendar", charset="utf-8", method=part.method)
    calendar.set_payload(part.content)
    encode_base64(calendar)
    return calendar
