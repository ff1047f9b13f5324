"""What machines write: out-of-office notices, bounces, and what a broken gateway makes of a reply."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from assistant.demo.clients import addressed, finish, seed_of, thread
from assistant.demo.dressing import Sender, catalogue, moment_words


def auto_reply(
    *,
    to_mail: EmailMessage,
    sender: Sender,
    until: datetime,
    deputy: str,
    now: datetime,
    silent: bool = False,
) -> bytes:
    """An out-of-office notice; a ``silent`` one says so in its words alone, without the headers of RFC 3834."""
    words = catalogue()["auto-reply"][sender.language]
    mail = addressed(to_mail, sender, f"{words['subject']}{to_mail['Subject']}", now)
    thread(mail, to_mail)
    mail["Message-ID"] = f"<OOF{seed_of(sender, now, to_mail)}@mail.demo.example>"
    if not silent:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Precedence"] = "bulk"
    day = moment_words(until, sender.language)
    shown = {
        "en": "{weekday}, {day} {month}",
        "de": "{weekday}, {day}. {month}",
        "fr": "{weekday} {day} {month}",
    }
    until_words = shown[sender.language].format_map(day)
    mail.set_content(
        words["text"].format(until=until_words, deputy=deputy, name=sender.name),
        cte="quoted-printable",
    )
    return finish(mail)


def bounce(*, of: EmailMessage, recipient: str, now: datetime) -> bytes:
    """A delivery status notification (RFC 3464) that refuses ``of`` for good because the mailbox is full."""
    words = catalogue()["bounce"]
    mail = EmailMessage(policy=policy.SMTP)
    mail["Return-Path"] = "<>"
    mail["From"] = Address("Mail Delivery System", addr_spec="mailer-daemon@mx.demo.example")
    mail["To"] = str(of["From"])
    mail["Subject"] = words["subject"]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{hashlib.sha256(str(of['Message-ID']).encode()).hexdigest()[:16]}@mx.demo.example>"
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(words["text"].format(recipient=recipient))
    mail.make_mixed()
    mail.set_type("multipart/report")
    mail.set_param("report-type", "delivery-status")
    report = EmailMessage(policy=policy.SMTP)
    report["Content-Type"] = "message/delivery-status"
    about, outcome = EmailMessage(policy=policy.SMTP), EmailMessage(policy=policy.SMTP)
    about["Reporting-MTA"] = "dns; mx.demo.example"
    about["Arrival-Date"] = format_datetime(now)
    outcome["Final-Recipient"] = f"rfc822; {recipient}"
    outcome["Action"] = "failed"
    outcome["Status"] = "5.2.2"
    outcome["Diagnostic-Code"] = "smtp; 552 5.2.2 Recipient address rejected: Mailbox full"
    report.set_payload([about, outcome])
    returned = EmailMessage(policy=policy.SMTP)
    returned["Content-Type"] = "text/rfc822-headers"
    returned.set_payload("".join(f"{name}: {value}\n" for name, value in of.items()))
    mail.attach(report)
    mail.attach(returned)
    return finish(mail)


def malformed(*, to_mail: EmailMessage, sender: Sender, text: str, now: datetime) -> bytes:
    """What a broken gateway makes of a reply: raw 8-bit headers, an unknown charset, a boundary that never closes."""
    answered = str(to_mail["Message-ID"]).encode()
    written = text.replace("\n", "\r\n").encode()
    lines = [
        f"From: {sender.name} <{sender.address}>".encode("latin-1", "replace"),
        b"To: " + str(to_mail["From"]).encode(),
        b"Subject: Re: \xdcbermittelt: " + str(to_mail["Subject"]).encode(),
        b"Date: " + format_datetime(now).encode(),
        f"Message-ID: <{seed_of(sender, now, to_mail)}@gateway.invalid>".encode(),
        b"In-Reply-To: " + answered,
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="=_frontier',
        b"",
        b"--=_frontier",
        b"Content-Type: text/plain; charset=utf-9",
        b"Content-Transfer-Encoding: quoted-unprintable",
        b"",
        written + b" =ZZ \xff\xfe",
        b"--=_frontie",
        b"Content-Type: image/png",
        b"Content-Transfer-Encoding: base64",
        b"",
        b"iVBORw0KGgo*not base64*",
        b"",
    ]
    return b"\r\n".join(lines)
