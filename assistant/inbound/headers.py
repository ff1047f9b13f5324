"""Header fields of a message, safely: whatever stands there, whichever policy parsed it, nothing here raises.

The standard library raises on a dozen short header values, and only when they are read (``From: "``). So the raw
values are taken and decoded here, in linear time, with control and direction-changing characters removed.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from assistant.inbound.charsets import decode

ONE_HEADER = 16 * 1024
ADDRESSES = 200

_HIDDEN = dict.fromkeys(
    [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x61C,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
    ]
)  # C0, C1, zero-width and bidirectional controls
_SPACED = _HIDDEN | {0x09: " ", 0x0A: " ", 0x0D: " ", 0x2028: " ", 0x2029: " "}
_IDENTIFIER = re.compile(r"<[^<>\s]{1,500}>")
_ONE_MAILBOX = re.compile(r'(?:"([^"\\<>]{0,200})" ?|([^"()<>,;:\\@]{0,200}))<([^<>"()\\,;:\s]{1,320})>')
"""The one mailbox that most fields have, with or without a name: what is left to the machine is the rest."""
_ADDRESS = re.compile(r'[^\s@<>()\[\],;:\\"]{1,64}@[^\s@<>()\[\],;:\\"]{1,255}')


def raw_values(message: Message, name: str) -> Iterator[str]:
    """Each value of the field, unfolded but not decoded, at most ``ONE_HEADER`` characters."""
    wanted = name.lower()
    for field, value in message.raw_items():
        if field.lower() == wanted:
            text = str(value)[:ONE_HEADER]
            if not text.isascii():
                text = _without_surrogates(text)
            if "\n" in text or "\r" in text:
                text = text.replace("\r", "").replace("\n", "")
            yield text


def header(message: Message, name: str) -> str:
    """The first such field as text for people, "" where there is none. One line, no control characters."""
    return next((clean(decode_words(value)) for value in raw_values(message, name)), "")


def clean(text: str) -> str:
    """One line without control, zero-width and direction-changing characters."""
    return text.strip() if text.isprintable() else text.translate(_SPACED).strip()


def decode_words(text: str) -> str:
    """Encoded words (RFC 2047) to text, also ones that break the rules; what cannot be read stays as it is."""
    if "=?" not in text:
        return text
    out: list[str] = []
    run = b""  # neighbours in one charset are joined before decoding: some senders split a character
    run_charset = ""
    at = 0
    for start, end, charset, data in _encoded_words(text):
        between = text[at:start]
        if run and (charset != run_charset or between.strip()):
            out.append(decode(run, run_charset))
            run = b""
        if between.strip() or at == 0:
            out.append(between)
        run, run_charset, at = run + data, charset, end
    if run:
        out.append(decode(run, run_charset))
    out.append(text[at:])
    return "".join(out)


def _encoded_words(text: str) -> Iterator[tuple[int, int, str, bytes]]:
    """(start, end, charset, bytes) of each ``=?charset?b?...?=``."""
    start = text.find("=?")
    while start >= 0:
        mark = text.find("?", start + 2)
        if mark < 0:
            return
        end = -1
        if text[mark + 1 : mark + 2] in set("bBqQ") and text[mark + 2 : mark + 3] == "?" and mark - start < 80:
            end = text.find("?=", mark + 3)
            if end < 0:
                return
            charset = text[start + 2 : mark].partition("*")[0].lower()
            body = text[mark + 3 : end]
            yield start, end + 2, charset, _base64(body) if text[mark + 1] in "bB" else _q(body)
        start = text.find("=?", mark if end < 0 else end + 2)


def _base64(text: str) -> bytes:
    data = text.encode("ascii", "ignore").rstrip(b"=")
    try:
        return binascii.a2b_base64(data + b"===")
    except binascii.Error:  # one character too many for whole bytes
        try:
            return binascii.a2b_base64(data[:-1] + b"===")
        except binascii.Error:
            return data


def _q(text: str) -> bytes:
    return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)


def _without_surrogates(text: str) -> str:
    """Undo the parser's way of keeping 8-bit bytes in a string."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return decode(text.encode("utf-8", "surrogateescape"), None)
    return text


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured value such as ``text/plain; charset=utf-8`` as (lower-case value, parameters by lower-case name)."""
    pieces = _split_quoted(value, ";") if '"' in value else value.split(";")
    found: dict[str, str] = {}
    for piece in pieces[1:]:
        name, equals, content = piece.partition("=")
        if equals:
            name = name.strip().lower().removesuffix("*")
            content = content.strip().strip('"')
            found.setdefault(name, content.rpartition("''")[2] if "''" in content else content)
    return "".join(pieces[0].split()).lower(), found


def _split_quoted(value: str, separator: str) -> list[str]:
    pieces: list[str] = []
    waiting: list[str] = []  # pieces of one quoted string that has the separator in it
    for piece in value.split(separator):
        waiting.append(piece)
        if (piece.count('"') % 2 == 1) == (len(waiting) == 1):  # a quote opens here, or the open one does not close
            continue
        pieces.append(separator.join(waiting))
        waiting = []
    return [*pieces, separator.join(waiting)] if waiting else pieces


@dataclass(slots=True)
class _Mailbox:
    """One entry of an address list while it is read. ``bare`` is what stood outside quotes, comments and <>."""

    phrase: str = ""
    bare: str = ""
    comment: str = ""
    angle: str | None = None
    defect: bool = False

    @property
    def address(self) -> str:
        return (self.angle if self.angle is not None else self.bare).strip().lower()

    @property
    def name(self) -> str:
        text = self.phrase if self.angle is not None else self.comment
        return clean(decode_words(" ".join(text.split())))

    def sound(self) -> bool:
        """Whether it can be read in one way only; ``a@b.example <evil@c.example>`` cannot."""
        twice = self.angle is not None and "@" in self.bare
        return not self.defect and not twice and bool(_ADDRESS.fullmatch(self.address))


def _mailboxes(value: str) -> list[_Mailbox]:  # noqa: PLR0912 - one small machine over characters reads best in one place
    """An address list (RFC 5322 section 3.4), leniently: what is odd becomes a defect of its entry."""
    if plain := _ONE_MAILBOX.fullmatch(value):
        quoted, bare, angle = plain.groups("")
        return [_Mailbox(phrase=quoted + bare, bare=bare, angle=angle)]
    found: list[_Mailbox] = []
    box = _Mailbox()
    state = ""  # "", '"' in a quoted string, "(" in a comment, "<" in an angle address
    depth = 0
    skip = False
    for character in value:
        if skip:
            skip = False
            if state == '"':
                box.phrase += character
        elif character == "\\" and state in {'"', "("}:
            skip = True
        elif state == '"':
            state = "" if character == '"' else state
            box.phrase += "" if character == '"' else character
        elif state == "(":
            depth += (character == "(") - (character == ")")
            state = state if depth else ""
            box.comment += character if depth else ""
        elif state == "<":
            state = "" if character == ">" else state
            box.angle = (box.angle or "") + ("" if character == ">" else character)
        elif character == "(":
            state, depth = "(", 1
        elif character == '"':
            state = '"'
            box.defect = box.defect or box.angle is not None
        elif character == "<":
            state = "<"
            box.defect = box.defect or box.angle is not None
            box.angle = ""
        elif character in ",;:":
            box.defect = box.defect or character != ","
            if character != ":" and len(found) < ADDRESSES:
                found.append(box)
            box = _Mailbox(defect=character == ":")
        else:
            box.defect = box.defect or (box.angle is not None and not character.isspace()) or character == ">"
            box.bare += character
            box.phrase += character
    box.defect = box.defect or bool(state)
    if (box.bare.strip() or box.angle is not None or box.phrase) and len(found) < ADDRESSES:
        found.append(box)
    return found


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """(display name, lower-case address) of each entry that has an address, from all fields of that name."""
    boxes = [box for value in raw_values(message, name) for box in _mailboxes(value)]
    return [(box.name, clean(box.address)) for box in boxes[:ADDRESSES] if "@" in box.address]


def sender_address(message: Message) -> str | None:
    """The one From address in lower case; None where there is not exactly one, or any doubt which it is."""
    values = list(raw_values(message, "From"))
    if len(values) != 1:
        return None
    boxes = _mailboxes(values[0])
    if len(boxes) != 1 or not boxes[0].sound() or not boxes[0].address.isprintable():
        return None
    return boxes[0].address


def message_id(message: Message) -> str | None:
    """The Message-ID with its angle brackets, as it is written in In-Reply-To."""
    return next(iter(_identifiers(message, "Message-ID")), None)


def references(message: Message) -> list[str]:
    """Message-IDs this one answers, nearest first: In-Reply-To, then References from its end. No repeats."""
    nearest = [*_identifiers(message, "In-Reply-To"), *reversed(_identifiers(message, "References"))]
    return list(dict.fromkeys(nearest))[:ADDRESSES]


def _identifiers(message: Message, name: str) -> list[str]:
    found: list[str] = []
    for value in raw_values(message, name):
        text = clean(value)
        bracketed = _IDENTIFIER.findall(text)
        found += bracketed or [f"<{word}>" for word in text.split() if _ADDRESS.fullmatch(word)]
    return found
