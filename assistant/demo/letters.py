"""The mails in the Maildirs of a data folder, as the pages show them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from assistant.demo.script import kinds_of, parts_of

_HEADERS = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To"),
    *("Auto-Submitted", "X-Mailer", "User-Agent"),
)
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Letter:
    """``box`` is the address whose Maildir holds it; ``html`` is "" without one, ``text`` all of a broken mail."""

    box: str
    path: Path
    message_id: str
    sender: str
    sender_name: str
    subject: str
    at: datetime
    kinds: tuple[str, ...]
    asks: bool
    answers_to: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]

    @property
    def page(self) -> str:
        return f"{hashlib.sha256(f'{self.box} {self.message_id}'.encode()).hexdigest()[:12]}.html"

    @property
    def first_line(self) -> str:
        return next((line for line in map(str.strip, self.text.splitlines()) if line), "")[:160]

    @property
    def height(self) -> int:
        """How tall its HTML is about, in lines."""
        return min(48, max(18, round(self.text.count("\n") * 1.5) + 12))


@dataclass(slots=True)
class Letters:
    """``boxes`` newest first by address."""

    boxes: dict[str, list[Letter]]
    by_id: dict[str, Letter] = field(default_factory=dict)
    replies: dict[str, list[Letter]] = field(default_factory=dict)
    """By the Message-ID they answer, oldest first."""


def load(folder: Path) -> Letters:
    boxes = {root.name: sorted(_in_box(root), key=lambda each: each.at, reverse=True) for root in _roots(folder)}
    letters = Letters(boxes)
    for box in boxes.values():
        for letter in reversed(box):
            letters.by_id[letter.message_id] = letter
            if letter.answers_to and not letter.kinds:
                letters.replies.setdefault(letter.answers_to, []).append(letter)
    return letters


def _roots(folder: Path) -> Iterator[Path]:
    mail = folder / "mail"
    return (root for root in sorted(mail.iterdir()) if root.is_dir()) if mail.is_dir() else iter(())


def _in_box(root: Path) -> Iterator[Letter]:
    for part in ("new", "cur"):
        for path in sorted((root / part).iterdir()) if (root / part).is_dir() else []:
            yield read_letter(root.name, path)


def read_letter(box: str, path: Path) -> Letter:
    with path.open("rb") as file:
        raw = file.read(_LONGEST)
    mail = message_from_bytes(raw, policy=policy.default)
    name, address = parseaddr(_header(mail, "From"))
    broken = bool(mail.defects)
    return Letter(
        box=box,
        path=path,
        message_id=_header(mail, "Message-ID").strip() or f"<{hashlib.sha256(raw).hexdigest()[:16]}@no.id>",
        sender=address.lower(),
        sender_name=name or address,
        subject=_header(mail, "Subject"),
        at=_date(mail),
        kinds=tuple(kinds_of(mail)),
        asks=bool(parts_of(mail)),
        answers_to=_header(mail, "In-Reply-To").strip(),
        text=raw.decode("utf-8", "replace") if broken else _body(mail, "plain"),
        html="" if broken else _body(mail, "html"),
        headers=tuple((name, _header(mail, name)) for name in _HEADERS if name in mail),
    )


def _header(mail: EmailMessage, name: str) -> str:
    return "".join(letter for letter in str(mail[name] or "") if letter.isprintable())


def _date(mail: EmailMessage) -> datetime:
    try:
        found = parsedate_to_datetime(_header(mail, "Date"))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    if part is None or part.get_content_maintype() != "text":
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):
        return ""


def names(letters: Letters) -> Mapping[str, str]:
    """Display names as the mails give them, for addresses that nobody else names."""
    return {letter.sender: letter.sender_name for box in letters.boxes.values() for letter in box}
