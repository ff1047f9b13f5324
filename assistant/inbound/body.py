"""Which parts of a message are its text, and that text decoded: MIME structure, transfer encoding, format=flowed."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32

from assistant.inbound.charsets import decode
from assistant.inbound.headers import header, parameters, raw_values

TEXT = 64 * 1024
LINES = 2_000
HTML = 512 * 1024
"""Markup is looked at up to here (characters); its text is held to ``TEXT`` and ``LINES`` like any other."""
DEPTH = 20
PARTS = 200

_FIRST_ONLY = {"multipart/signed", "multipart/related", "multipart/report"}
_CLOSED = {"multipart/encrypted", "multipart/digest", "multipart/form-data"}
_ENRICHED = re.compile(r"</?[A-Za-z-]{1,40}>")


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of one part. Lines end in ``\\n``; for HTML it is the markup. ``attached`` where it came as a file."""

    text: str
    html: bool = False
    attached: bool = False


def content_type(part: Message) -> tuple[str, dict[str, str]]:
    """(type/subtype, parameters), ``text/plain`` where it is absent or no type at all (RFC 2045 section 5.2)."""
    kind, given = parameters(next(raw_values(part, "Content-Type"), ""))
    return (kind if kind.count("/") == 1 and not kind.endswith("/") else "text/plain"), given


def children(part: Message) -> list[Message]:
    """The direct parts of a multipart or message/* part; [] for any other."""
    if not part.is_multipart():
        return []
    payload = _plain(part).get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def walk(message: Message) -> Iterator[Message]:
    """Every part, outermost first, to ``DEPTH`` and ``PARTS``."""
    waiting = [(message, 0)]
    for _ in range(PARTS):
        if not waiting:
            return
        part, depth = waiting.pop()
        yield part
        if depth < DEPTH:
            waiting += [(child, depth + 1) for child in reversed(children(part))]


def content(part: Message) -> bytes:
    """The bytes of a part with its transfer encoding undone, as far as it can be; b"" for a multipart."""
    try:
        data = _plain(part).get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def text_of(part: Message) -> str:
    """A text part's text in its own charset. Never raises; lines end in ``\\n``."""
    data = content(part)
    if part.is_multipart():
        return ""
    given = content_type(part)[1]
    text = None
    if not data.isascii() or b"\\u" in data:
        text = _unicode_payload(part, data)
    if text is None:
        text = decode(data[: 4 * HTML], given.get("charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return text.replace("\0", "")


def _unicode_payload(part: Message, data: bytes) -> str | None:
    """The payload of a message that was built from text, not from bytes: ``get_payload`` mangles it to ``data``."""
    if header(part, "Content-Transfer-Encoding").lower() in {"base64", "quoted-printable", "x-uuencode", "uuencode"}:
        return None
    try:
        payload = _plain(part).get_payload()
    except (ValueError, LookupError, TypeError):  # it looks the declared charset up, whatever that is
        return None
    if isinstance(payload, str) and "\ufffd" not in payload and payload.encode("raw-unicode-escape", "replace") == data:
        return payload
    return None


def _plain(part: Message) -> Message:
    """The same part under the compat32 policy: the newer ones parse headers on access and raise on bad ones."""
    if part.policy is compat32:
        return part
    other = copy.copy(part)
    other.policy = compat32
    return other


def text_parts(message: Message) -> list[TextPart]:
    """The parts a reader would see as the message, in order; of alternatives the plain one unless it is empty.

    A nested message is not entered. A text that came as a file counts only where there is no other.
    """
    parts = _visible(message, 0)
    shown = [part for part in parts if not part.attached]
    return shown or parts[:1]


def _visible(part: Message, depth: int) -> list[TextPart]:
    kind, given = content_type(part)
    inner = children(part)
    if kind.startswith("multipart/") and inner:
        if depth >= DEPTH or kind in _CLOSED:
            return []
        if kind == "multipart/alternative":
            return _best([_visible(child, depth + 1) for child in inner])
        found: list[TextPart] = []
        for child in inner[:PARTS]:
            found += _visible(child, depth + 1)
            if kind in _FIRST_ONLY and found:
                break
        return found
    if inner or kind.startswith("message/") or not kind.startswith(("text/", "multipart/")) or kind == "text/calendar":
        return []
    disposition, named = parameters(next(raw_values(part, "Content-Disposition"), ""))
    attached = disposition == "attachment" or bool(named.get("filename") or given.get("name"))
    text = text_of(part)
    if kind == "text/html":
        return [TextPart(text[:HTML], html=True, attached=attached)]
    if kind in {"text/enriched", "text/richtext"}:
        text = _ENRICHED.sub("", text[:HTML])
    if given.get("format", "").lower() == "flowed":
        text = unflow(text[: 2 * TEXT], given.get("delsp", "").lower() == "yes")
    return [TextPart(_capped(text), attached=attached)]


def _best(choices: list[list[TextPart]]) -> list[TextPart]:
    """Of multipart/alternative: plain text is what was written; markup where the plain one is missing or empty."""
    filled = [choice for choice in choices if any(part.text.strip() for part in choice)]
    plain = [choice for choice in filled if not any(part.html for part in choice)]
    return (plain or filled[-1:] or [[]])[0]


def _capped(text: str) -> str:
    text = text[:TEXT]
    if text.count("\n") > LINES:
        text = "\n".join(text.split("\n", LINES)[:LINES])
    return text


def unflow(text: str, delsp: bool) -> str:
    """format=flowed (RFC 3676) undone: soft-broken lines of one quote depth joined, stuffed spaces removed."""
    out: list[str] = []
    open_depth = -1  # the quote depth of a line that waits for its continuation
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        flowed = bare.endswith(" ") and bare != "-- "
        joins = depth == open_depth and bare != "-- "
        bare = bare[:-1] if flowed and delsp else bare
        if joins:
            out.append(bare)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + bare)
        open_depth = depth if flowed else -1
    return "".join(out)
