"""Raw bytes to a message, whatever they are, within limits that are checked before any parser sees them."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from assistant.inbound.body import DEPTH, PARTS, TextPart, children, content, content_type, text_of, text_parts, walk
from assistant.inbound.headers import (
    ONE_HEADER,
    addresses,
    clean,
    header,
    message_id,
    raw_values,
    references,
    sender_address,
)

__all__ = [
    "TextPart",
    "addresses",
    "children",
    "clean",
    "content",
    "content_type",
    "header",
    "message_id",
    "parse",
    "raw_values",
    "references",
    "sender_address",
    "text_of",
    "text_parts",
    "walk",
]

RAW = 10 * 1024 * 1024
HEADERS = 100 * 1024

_BLANK = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb'boundary\*?0?\*?\s{0,9}=\s{0,9}(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_FIELD = re.compile(rb"\r?\n(?![ \t])")
_FOLDED = re.compile(rb'(oundary="[^"\r\n]{0,100})\r?\n(?=[ \t])')


def parse(raw: bytes) -> Message:
    """A message of any bytes; never raises. What is over a limit is cut: headers stay before body, outer before inner.

    The tree has the ``compat32`` policy: it does not look at headers until asked, which makes it ten times faster.
    """
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    raw = _FOLDED.sub(rb"\1", _within_parts(_within_headers(raw[:RAW])))  # compat32 would not find such parts
    parser = BytesParser(policy=compat32)
    try:
        message = parser.parsebytes(raw)
        deep = raw.count(b"oundary") > DEPTH or raw.count(b"essage/") > DEPTH or b"BOUNDARY" in raw
        if deep:
            _prune(message)
        if b"base64" in raw and b"/rfc822" in raw:
            _decode_nested(message)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        message = parser.parsebytes(raw, headersonly=True)
    return message


def _within_headers(raw: bytes) -> bytes:
    """The raw mail with a header block of at most ``HEADERS`` bytes, each field at most ``ONE_HEADER``."""
    blank = _BLANK.search(raw, 0, len(raw))
    end = blank.start() if blank else len(raw)
    if end <= ONE_HEADER or raw.startswith((b"\n", b"\r")):
        return raw
    block = raw[: min(end, HEADERS)]
    fields = _FIELD.split(block)
    if end > HEADERS and len(fields) > 1:
        fields.pop()  # cut in the middle
    separator = b"\r\n" if b"\r\n" in block else b"\n"
    kept = [field[:ONE_HEADER].rstrip() for field in fields]
    return separator.join(kept) + (raw[end:] if blank else b"")


def _within_parts(raw: bytes) -> bytes:
    """The raw mail, ended before the part or the nesting that is one too many."""
    if raw.count(b"\n--") <= PARTS and raw.count(b"/rfc822") <= PARTS:
        return raw
    names: set[bytes] = set()
    for count, found in enumerate(_BOUNDARY.finditer(raw)):
        if count >= PARTS:
            raw = raw[: found.start()]
            break
        names.add((found[1] or found[2]).strip())
    nested = list(re.finditer(rb"/rfc822", raw))
    if len(nested) > PARTS:
        raw = raw[: nested[PARTS].start()]
    parts = 0
    at = raw.find(b"\n--")
    while at >= 0:
        end = raw.find(b"\n", at + 1)
        line = raw[at + 3 : end if end >= 0 else len(raw)][:210].strip()
        parts += line in names
        if parts > PARTS:
            return raw[:at]
        at = raw.find(b"\n--", at + 1)
    return raw


def _prune(message: Message) -> None:
    """Empty what lies deeper than ``DEPTH``."""
    level = [message]
    for _ in range(DEPTH):
        level = [child for part in level for child in children(part)]
    for part in level:
        if part.is_multipart():
            part.set_payload("")


def _decode_nested(message: Message) -> None:
    """Undo a transfer encoding on a nested message: forbidden (RFC 2046 section 5.2.1), but it is sent."""
    for part in walk(message):
        encoding = header(part, "Content-Transfer-Encoding").lower()
        inner = children(part)
        if encoding == "base64" and len(inner) == 1 and not inner[0].is_multipart() and not inner[0].items():
            inner[0]["Content-Transfer-Encoding"] = encoding
            part.set_payload([BytesParser(policy=compat32).parsebytes(content(inner[0]))])
