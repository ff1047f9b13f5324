"""Replies as real mail programs write them, down to the raw bytes."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from assistant.demo.dressing import Sender, catalogue, rendered, reply_context

_PREFIX = re.compile(r"(re|aw|antw|sv|rif) ?: ", re.IGNORECASE)


class Client(StrEnum):
    GMAIL = "gmail"
    OUTLOOK = "outlook"
    OUTLOOK_WEB = "outlook-web"
    APPLE_MAIL = "apple-mail"
    IPHONE = "iphone"
    THUNDERBIRD = "thunderbird"
    GMX = "gmx"
    """HTML only: this webmail sends no text version."""
    YAHOO = "yahoo"
    SAMSUNG = "samsung"


def reply(
    client: Client,
    *,
    to_mail: EmailMessage,
    sender: Sender,
    text: str | Sequence[str | None],
    now: datetime,
) -> bytes:
    """A reply with everything this program adds around it. ``now`` carries the sender's zone.

    A sequence answers the numbered questions of the prompt inline, one entry a question, None for one left out; only
    programs that quote for it (``inline`` in the data) can do so, others raise ValueError.
    """
    spec = catalogue()["clients"][client]
    mail = _reply_headers(spec, to_mail, sender, text, now)
    context = reply_context(spec, to_mail, sender, text, now) | {"subject": str(to_mail["Subject"])}
    shape = spec["shape"]
    if shape != "html":
        _set_text(mail, spec, rendered(client, "txt", context))
    if shape != "plain":
        html = rendered(client, "html", context)
        _set_html(mail, spec, html, as_alternative=shape == "alternative")
    return finish(mail)


def message_id_of(raw: bytes) -> str:
    """The Message-ID with its angle brackets, read without parsing what may be broken."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    for line in head.replace(b"\r\n ", b" ").split(b"\r\n"):
        if line.lower().startswith(b"message-id:"):
            return line.split(b":", 1)[1].strip().decode("ascii")
    raise ValueError("a simulated mail always has a Message-ID")


def addressed(to_mail: EmailMessage, sender: Sender, subject: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = sender.header
    mail["To"] = str(to_mail["Reply-To"] or to_mail["From"])
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    return mail


def thread(mail: EmailMessage, to_mail: EmailMessage) -> None:
    answered = str(to_mail["Message-ID"])
    earlier = str(to_mail["References"] or "").split()
    mail["In-Reply-To"] = answered
    mail["References"] = " ".join([*earlier, answered])


def _reply_headers(
    spec: Mapping[str, Any],
    to_mail: EmailMessage,
    sender: Sender,
    text: str | Sequence[str | None],
    now: datetime,
) -> EmailMessage:
    subject = str(to_mail["Subject"])
    if not _PREFIX.match(subject):
        subject = spec["prefix"][sender.language] + subject
    mail = addressed(to_mail, sender, subject, now)
    seed = seed_of(sender, now, to_mail, str(text))
    identifier = spec["message-id"].format(
        hash=seed.upper(),
        uuid=str(uuid.uuid5(uuid.NAMESPACE_OID, seed)).upper(),
        number=int(seed, 16) % 10**10,
    )
    mail["Message-ID"] = f"<{identifier}>"
    thread(mail, to_mail)
    for name, value in spec.get("headers", {}).items():
        mail[name] = value
    return mail


def seed_of(sender: Sender, now: datetime, to_mail: EmailMessage, text: str = "") -> str:
    whole = "\n".join([sender.address, now.isoformat(), str(to_mail["Message-ID"]), text])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _set_text(mail: EmailMessage, spec: Mapping[str, Any], text: str) -> None:
    mail.set_content(text, charset=_charset(spec, text), cte=spec["encoding"])
    if spec.get("flowed"):
        mail.set_param("format", "flowed")


def _set_html(mail: EmailMessage, spec: Mapping[str, Any], html: str, *, as_alternative: bool) -> None:
    add = mail.add_alternative if as_alternative else mail.set_content
    add(html, subtype="html", charset=_charset(spec, html), cte=spec["encoding"])


def _charset(spec: Mapping[str, Any], text: str) -> str:
    """The program's own charset where the text fits into it, as programs decide it mail by mail."""
    charset: str = spec.get("charset", "utf-8")
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return "utf-8"
    return charset


def finish(mail: EmailMessage) -> bytes:
    """Bytes with boundaries that depend on the mail alone, so that the same run gives the same mails."""
    seed = hashlib.sha256(str(mail["Message-ID"]).encode()).hexdigest()[:24]
    if mail.is_multipart():
        mail.set_boundary(f"=_{seed}")
    return mail.as_bytes(policy=policy.SMTP.clone(cte_type="8bit"))
