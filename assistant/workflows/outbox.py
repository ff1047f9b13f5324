"""Writing mails: rendered, composed and stored as rows in the transaction of their cause. Sending is another's work."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.compose import CalendarPart, Letter, Picture, compose
from assistant.domain.people import Person
from assistant.domain.views import Frame, Who
from assistant.inbound.message import message_id, parse, sender_address
from assistant.render import Section
from assistant.store import database, inbox, outbox, trail
from assistant.store import people as people_store
from assistant.workflows.desk import Desk, Mailbox

_LONGEST_ID = 250


def write(
    desk: Desk,
    now: datetime,
    person: Person,
    sections: Sequence[Section],
    *,
    key: str,
    occurrence: str,
    thread: str,
    audience: str,
    because: str,
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    calendar: CalendarPart | None = None,
    sender: str | None = None,
    picture: Picture | None = None,
) -> int | None:
    """Queue one mail to one person; None where one with this ``key`` was queued before, or they stopped its kinds.

    ``key`` says what the mail is ("digest check-in.product/2026-11-24 mia@example.com"): Message-ID and token derive
    from it. ``thread`` joins a person's mails about one thing. ``because`` is the code that ``why`` explains.
    It goes through the account of the person, or the one where our address is ``sender``.
    """
    if outbox.exists(desk.db, key) or all(is_stopped(desk, person.address, section.kind) for section in sections):
        return None
    kinds = [section.kind for section in sections]
    mailbox = desk.mailbox(person) if sender is None else desk.mailbox_at(sender, person)
    leaves = now if not_before is None else max(now, not_before)  # dated, and read, when it leaves
    letter = _letter(desk, leaves, person, mailbox, sections, key, thread)
    letter = replace(letter, headers={"X-Assistant-Kind": ", ".join(kinds), **(headers or {})}, calendar=calendar)
    letter = replace(letter, picture=picture)
    id_ = outbox.add(
        desk.db,
        now,
        outbox.NewMail(
            key=key,
            account=mailbox.account,
            person=person.address,
            kinds=kinds,
            occurrence=occurrence,
            thread=thread,
            audience=audience,
            message_id=letter.message_id,
            token=token_of(desk, key),
            sender=letter.sender[1],
            recipient=person.address,
            subject=letter.subject,
            raw=compose(letter),
            text=letter.text,
            because=because,
            not_before=not_before,
            not_after=not_after,
        ),
    )
    trail.record(desk.db, now, person.address, f"mailed {' + '.join(kinds)}", f"mail {id_}", because)
    return id_


def _letter(
    desk: Desk, now: datetime, person: Person, mailbox: Mailbox, sections: Sequence[Section], key: str, thread: str
) -> Letter:
    """The rendered mail, addressed and threaded."""
    mail = desk.render.mail(sections, replace(frame(desk, now, person, len(sections)), address=mailbox.address))
    return Letter(
        message_id=message_id_of(key, mailbox.address),
        sender=(desk.setup.assistant.name, mailbox.address),
        reply_to=tagged(mailbox.address, mailbox.subaddress, token_of(desk, key)),
        recipient=(person.name, person.address),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        date=now.astimezone(person.zone),
        thread=[*_own_mail(desk, thread, person), *outbox.thread_of(desk.db, thread, person.address)],
    )


def _own_mail(desk: Desk, thread: str, person: Person) -> list[str]:
    """The Message-ID of the person's mail that a thread begins with, where one does."""
    number = thread.removeprefix("inbound ")
    inbound = inbox.by_id(desk.db, int(number)) if number != thread and number.isdecimal() else None
    if inbound is None:
        return []
    message = parse(inbound.raw)
    id_ = message_id(message) or ""
    theirs = sender_address(message) in (person.address, *person.aliases)
    return [id_] if theirs and id_.isascii() and 0 < len(id_) < _LONGEST_ID else []


def settle_accounts(desk: Desk, now: datetime) -> None:
    """The configuration may have lost an account for which mails are waiting."""
    if desk.mailboxes and (lost := outbox.rehome(desk.db, list(desk.mailboxes))):
        trail.trouble(desk.db, now, "mail", f"{lost} may or may not have left through an account that is gone")


ALWAYS = frozenset({"receipt", "help", "notice", "invitation", "other-times", "found", "why"})
"""What answers a person's own mail, calls for a human or is for their calendar comes whatever was stopped."""


def is_stopped(desk: Desk, person: str, kind: str) -> bool:
    """Whether the person has asked for no more of this kind, or their address takes no mail."""
    found = people_store.settings(desk.db, person)
    if kind in ALWAYS:
        return people_store.SUSPENDED in found
    return people_store.SUSPENDED in found or "stopped" in found or f"stopped:{kind}" in found


def frame(desk: Desk, now: datetime, person: Person, parts: int = 1) -> Frame:
    """The reader and the sender as templates see them."""
    assistant = desk.setup.assistant
    return Frame(
        reader=who(person),
        assistant=Who(assistant.name, assistant.name.split()[0]),
        address=desk.mailbox(person).address,
        now=person.local(now),
        language=language_of(desk, person),
        parts=parts,
    )


def who(person: Person) -> Who:
    return Who(person.name, person.first_name, person.zone.key.rpartition("/")[2].replace("_", " "))


def name_of(desk: Desk, address: str) -> str:
    """As people call them; somebody who left keeps the name they had here."""
    person = desk.setup.people.get(address)
    if person is not None:
        return person.name
    return people_store.former_names(desk.db).get(address, address)


def language_of(desk: Desk, person: Person) -> str:
    return people_store.setting(desk.db, person.address, "language") or person.language


def message_id_of(key: str, address: str) -> str:
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"<{digest}@{address.rpartition('@')[2]}>"


def token_of(desk: Desk, key: str) -> str:
    """80 bits, lower-case base32: what ties a reply to its mail and cannot be guessed."""
    digest = hmac.new(secret(desk), key.encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def secret(desk: Desk) -> bytes:
    """Made with the store: what nobody else can derive anything from."""
    return bytes.fromhex(database.read_meta(desk.db, "secret") or "")


def tagged(address: str, separator: str | None, token: str) -> str:
    """``ada+token@example.com`` (RFC 5233), or the plain address where the account takes no tags."""
    if separator is None:
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}{separator}{token}@{domain}"
