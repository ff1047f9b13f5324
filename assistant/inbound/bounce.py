"""Mail that came back: RFC 3464 reports, and the free forms of mail servers that send none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from assistant.inbound.body import content, content_type, text_of, text_parts, walk
from assistant.inbound.headers import addresses, header, message_id
from assistant.inbound.phrases import fold, words

_LOOK = 8_000
_SEPARATORS = re.compile(r"[+=]")
_CODE = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\w.#-])([45])\d\d(?=[- ][^\d])")
_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"'\uff1a\uff08\uff09\uff0c]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}\.[A-Za-z]{2,24}"
)
_IDENTIFIER = re.compile(r"^\W{0,5}message-id:\s{0,5}(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """``address`` did not get the mail ``message_id`` (with angle brackets; both None where the report does not say).

    ``permanent`` is false for a delay and for what may pass, such as a full mailbox.
    """

    address: str | None
    permanent: bool
    message_id: str | None


def looks_bounced(message: Message, parts: list[Message]) -> bool:
    """Whether a mail without a delivery report is a bounce: sent by a mail system, and saying so."""
    if header(message, "X-Failed-Recipients"):
        return True
    senders = addresses(message, "From")
    local = senders[0][1].partition("@")[0] if senders else ""
    name = fold(header(message, "From"))
    path = fold(header(message, "Return-Path")).replace(" ", "")
    daemon = _is_daemon(name, fold(senders[0][0]) if senders else "", local) or name in {"", "<>"}
    null = path == "<>" or "mailer-daemon" in path or "postmaster" in path
    subject = fold(header(message, "Subject"))
    submitted = header(message, "Auto-Submitted").lower()
    machine = submitted != "" and not submitted.startswith("no")
    automatic = daemon or null or machine or "no-reply" in name or "noreply" in name
    if not automatic and (subject.startswith(("re:", "fw")) or header(message, "In-Reply-To")):
        return False
    said = any(word in subject for word in words("bounces"))
    text = fold(_text(message)[:_LOOK])
    body = any(phrase in text for phrase in words("bounce_texts"))
    codes = bool(_CODE.search(text) or _REPLY.search(text))
    returned = any(content_type(part)[0] in {"message/rfc822", "text/rfc822-headers"} for part in parts[1:])
    if not automatic:
        return said and body and codes and (returned or any(mark in text for mark in words("returned_below")))
    score = 2 * daemon + null + 2 * said + 2 * body + codes + returned
    return (
        score >= 4
        and (body or said or codes)
        and (daemon or (said and (body or codes)) or (body and (codes or returned)))
    )


def _is_daemon(whole: str, shown: str, local: str) -> bool:
    """Whether a From field is a mail system's; people are called Mailer too, and work for a postmaster."""
    if any(name in whole for name in words("mail_systems")):
        return True
    daemons = words("daemons")
    begins = _SEPARATORS.split(local, maxsplit=1)[0]
    if local.startswith("microsoftexchange"):  # of Office 365, in whatever language it says the rest
        return True
    return local in daemons or shown.strip() in daemons or begins in daemons or (not local and whole in daemons)


def bounced(message: Message) -> Bounce | None:
    """What a bounce says; None where the message is none. Never raises."""
    parts = list(walk(message))
    fields = [entry for part in parts if "delivery-status" in content_type(part)[0] for entry in report_fields(part)]
    entries = [
        entry for entry in fields if entry.get("action", "failed").lower() not in {"delivered", "relayed", "expanded"}
    ]
    entries = [entry for entry in entries if {"action", "status", "final-recipient"} & entry.keys()]
    if not entries and (fields or not looks_bounced(message, parts)):
        return None
    text = _text(message)[:_LOOK]
    address = _reported(entries) or _failed(message, text)
    return Bounce(address, _permanent(entries, text, header(message, "Subject")), _original_id(parts, text))


def report_fields(part: Message) -> list[dict[str, str]]:
    """The groups of fields of a message/delivery-status part, lower-case names, folded values joined."""
    inner = part.get_payload() if part.is_multipart() else None
    if isinstance(inner, list):
        groups = [
            {name.lower(): header(group, name) for name in group} for group in inner if isinstance(group, Message)
        ]
        groups += [entry for group in inner if isinstance(group, Message) for entry in _fields(text_of(group))]
    else:
        groups = _fields(content(part).decode("utf-8", "replace"))
    return [group for group in groups if group]


def _fields(text: str) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = [{}]
    last = ""
    for line in text[:_LOOK].splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            groups.append({})
        elif line[0] in " \t" and last in groups[-1]:
            groups[-1][last] += " " + line.strip()
        elif colon and " " not in name.strip():
            last = name.strip().lower()
            groups[-1].setdefault(last, value.strip())
    return groups


def _reported(entries: list[dict[str, str]]) -> str | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        for entry in entries:
            found = _ADDRESS.search(entry.get(name, ""))
            if found:
                return found[0].lower()
    return None


def _failed(message: Message, text: str) -> str | None:
    """The first address a free-form bounce names above the returned mail, that is neither its sender nor ours."""
    named = _ADDRESS.search(header(message, "X-Failed-Recipients"))
    if named:
        return named[0].lower()
    mail_system = {address for name in ("From", "To") for _, address in addresses(message, name)}
    told = [line for line in text.splitlines() if not _IDENTIFIER.match(line)]
    above = _above_original("\n".join(told))
    for lines in (above, told[len(above) :]):  # a transcript below may be all that names it
        others = [
            found[0].lower()
            for line in lines
            for found in _ADDRESS.finditer(line)
            if found[0].lower() not in mail_system
        ]
        if others:
            break
    people = [address for address in others if not address.startswith(("postmaster@", "mailer-daemon@", "support@"))]
    return next(iter([*people, *others]), None)


def _above_original(text: str) -> list[str]:
    lines = text.splitlines()
    for place, line in enumerate(lines):
        folded = line.lower()
        if place > 2 and (folded.startswith("received:") or any(mark in folded for mark in words("returned_below"))):
            return lines[:place]
    return lines


def _permanent(entries: list[dict[str, str]], text: str, subject: str) -> bool:
    if entries:
        if all(entry.get("action", "").lower() == "delayed" for entry in entries):
            return False
        statuses = [found[1] for entry in entries if (found := _CODE.search(entry.get("status", "")))]
        if statuses:
            return "5" in statuses and not all(entry.get("status", "").startswith(("5.2.2", "4")) for entry in entries)
    folded = fold("\n".join([subject, *_above_original(text)]))
    if any(phrase in folded for phrase in words("delays")):
        return False
    code = _CODE.search(folded) or _REPLY.search(folded)
    return code[1] == "5" if code else True


def _original_id(parts: list[Message], text: str) -> str | None:
    for part in parts[1:]:
        kind = content_type(part)[0]
        if kind == "message/rfc822" and part.is_multipart():
            inner = part.get_payload()
            found = message_id(inner[0]) if isinstance(inner, list) and isinstance(inner[0], Message) else None
        elif kind in {"text/rfc822-headers", "message/rfc822-headers", "message/rfc822"}:
            known = _IDENTIFIER.search(text_of(part)[: 4 * _LOOK])
            found = known[1] if known else None
        else:
            found = None
        if found:
            return found
    known = _IDENTIFIER.search(text)
    return known[1] if known else None


def _text(message: Message) -> str:
    """All text of a report, in order: returned mails come as plain parts too."""
    return "\n".join(part.text for part in text_parts(message))
