"""Every mail is a row before it is an act: written with its cause, claimed, handed over, marked sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from assistant.ports import OutgoingMail
from assistant.store.text import instant, optional_instant, read_instant, read_optional_instant


class MailState(StrEnum):
    """``submitting`` may have left when we crash: then the provider is asked. ``uncertain``: it could not tell."""

    READY = "ready"
    SUBMITTING = "submitting"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class NewMail:
    key: str
    account: str
    person: str
    kinds: Sequence[str]
    occurrence: str
    thread: str
    audience: str
    message_id: str
    token: str
    sender: str
    recipient: str
    subject: str
    raw: bytes
    text: str
    because: str
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A row of the outbox without its bytes."""

    id: int
    account: str
    person: str
    kinds: tuple[str, ...]
    occurrence: str
    thread: str
    audience: str
    message_id: str
    sender: str
    recipient: str
    text: str
    because: str
    state: MailState
    attempt: int
    not_after: datetime | None
    created_at: datetime
    sent_at: datetime | None
    looks: int = 0
    """How often a mail in doubt was looked for, or is going to be at its ``not_before``."""


def exists(db: Database, key: str) -> bool:
    return db.execute("SELECT 1 FROM outbox WHERE key = ?", [key]).fetchone() is not None


def add(db: Database, now: datetime, mail: NewMail) -> int:
    """Its id. The key is unique: who may write one twice asks ``exists`` first."""
    made = db.execute(
        "INSERT INTO outbox (key, account, person, kinds, occurrence, thread, audience, message_id, token, sender,"
        " recipient, subject, raw, text, because, state, not_before, not_after, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', ?, ?, ?)",
        [
            mail.key, mail.account, mail.person, ",".join(mail.kinds), mail.occurrence, mail.thread, mail.audience,
            mail.message_id, mail.token, mail.sender, mail.recipient, mail.subject, mail.raw, mail.text, mail.because,
            optional_instant(mail.not_before), optional_instant(mail.not_after), instant(now),
        ],
    )  # fmt: skip
    return int(made.lastrowid or 0)


_MAIL = (
    "SELECT id, account, person, kinds, occurrence, thread, audience, message_id, sender, recipient, text, because,"
    " state, attempt, not_after, created_at, sent_at, looks FROM outbox"
)


def _mail(row: Sequence[Any]) -> Mail:
    (id_, account, person, kinds, occurrence, thread, audience, message_id, sender, recipient, text, because, state,
     attempt, not_after, created_at, sent_at, looks) = row  # fmt: skip
    return Mail(
        id_, account, person, tuple(kinds.split(",")), occurrence, thread, audience, message_id, sender, recipient,
        text, because, MailState(state), attempt, read_optional_instant(not_after), read_instant(created_at),
        read_optional_instant(sent_at), looks,
    )  # fmt: skip


def by_id(db: Database, id_: int) -> Mail | None:
    row = db.execute(f"{_MAIL} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _mail(row)


def subject(db: Database, id_: int) -> str:
    row = db.execute("SELECT subject FROM outbox WHERE id = ?", [id_]).fetchone()
    return "" if row is None else str(row[0])


def by_token(db: Database, token: str) -> Mail | None:
    row = db.execute(f"{_MAIL} WHERE token = ?", [token]).fetchone()
    return None if row is None else _mail(row)


def by_message_id(db: Database, message_id: str) -> Mail | None:
    row = db.execute(f"{_MAIL} WHERE message_id = ?", [message_id]).fetchone()
    return None if row is None else _mail(row)


def sent_to(db: Database, person: str, limit: int) -> list[Mail]:
    rows = db.execute(f"{_MAIL} WHERE person = ? ORDER BY id DESC LIMIT ?", [person, limit])
    return [_mail(row) for row in rows]


def thread_of(db: Database, thread: str, person: str) -> list[str]:
    """The Message-IDs of a person's thread, oldest first."""
    rows = db.execute("SELECT message_id FROM outbox WHERE thread = ? AND person = ? ORDER BY id", [thread, person])
    return [row[0] for row in rows]


def last_of_thread(db: Database, thread: str) -> dict[str, str]:
    """By person the key of the last mail that they were written in this thread."""
    rows = db.execute("SELECT person, key FROM outbox WHERE thread = ? ORDER BY id", [thread])
    return dict(rows.fetchall())


def claim(db: Database, now: datetime, account: str, limit: int) -> list[Mail]:
    """The next mails to hand over, oldest first. They stay ``ready`` until ``submitting``."""
    rows = db.execute(
        f"{_MAIL} WHERE state = 'ready' AND account = ? AND (not_before IS NULL OR not_before <= ?)"
        " ORDER BY id LIMIT ?",
        [account, instant(now), limit],
    )
    return [_mail(row) for row in rows]


def submitting(db: Database, mail: Mail) -> bool:
    """Compare and swap: False where somebody else has moved it on."""
    moved = db.execute(
        "UPDATE outbox SET state = 'submitting', attempt = attempt + 1"
        " WHERE id = ? AND state = 'ready' AND attempt = ?",
        [mail.id, mail.attempt],
    )
    return moved.rowcount == 1


def outgoing(db: Database, mail: Mail) -> OutgoingMail:
    raw = db.execute("SELECT raw FROM outbox WHERE id = ?", [mail.id]).fetchone()[0]
    return OutgoingMail(mail.message_id, mail.sender, mail.recipient, bytes(raw))


def in_doubt(db: Database, now: datetime, account: str) -> list[Mail]:
    """What was being handed over when we stopped or the line broke, where it is time to look for it."""
    rows = db.execute(
        f"{_MAIL} WHERE state = 'submitting' AND account = ? AND (not_before IS NULL OR not_before <= ?) ORDER BY id",
        [account, instant(now)],
    )
    return [_mail(row) for row in rows]


def look_again(db: Database, id_: int, at: datetime, error: str) -> None:
    """Stays in doubt, to be looked for at that instant."""
    db.execute(
        "UPDATE outbox SET looks = looks + 1, not_before = ?, error = ? WHERE id = ? AND state = 'submitting'",
        [instant(at), error, id_],
    )


def finish(db: Database, now: datetime, id_: int, state: MailState, error: str = "") -> None:
    sent_at = instant(now) if state is MailState.SENT else None
    db.execute("UPDATE outbox SET state = ?, sent_at = ?, error = ? WHERE id = ?", [state.value, sent_at, error, id_])


def retry(db: Database, id_: int, at: datetime, error: str) -> None:
    db.execute(
        "UPDATE outbox SET state = 'ready', looks = 0, not_before = ?, error = ? WHERE id = ?",
        [instant(at), error, id_],
    )


def suppress_for(db: Database, person: str, reason: str) -> int:
    """Hold back what has not left yet for somebody who is to get nothing more."""
    held = db.execute(
        "UPDATE outbox SET state = 'suppressed', error = ? WHERE person = ? AND state = 'ready'", [reason, person]
    )
    return int(held.rowcount)


def rehome(db: Database, accounts: Sequence[str]) -> int:
    """What waits for an account that is gone leaves through the first of these; how many are uncertain for ever."""
    gone = f"account NOT IN ({', '.join('?' * len(accounts))})"
    db.execute(f"UPDATE outbox SET account = ? WHERE state = 'ready' AND {gone}", [accounts[0], *accounts])
    lost = db.execute(
        f"UPDATE outbox SET state = 'uncertain', error = 'its account is gone' WHERE state = 'submitting' AND {gone}",
        list(accounts),
    )
    return int(lost.rowcount)


def counts(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state").fetchall())


def next_ready(db: Database) -> datetime | None:
    """When the next held-back mail may leave or be looked for; None where nothing waits for a time."""
    row = db.execute(
        "SELECT min(not_before) FROM outbox WHERE state IN ('ready', 'submitting') AND not_before IS NOT NULL"
    ).fetchone()
    return read_optional_instant(row[0])


def reactive_since(db: Database, person: str, since: datetime, kinds: Sequence[str] = ("receipt", "help")) -> int:
    """How many receipts and help mails somebody's own mails have called forth."""
    row = db.execute(
        "SELECT count(*) FROM outbox WHERE person = ? AND created_at >= ?"
        f" AND kinds IN ({', '.join('?' * len(kinds))})",
        [person, instant(since), *kinds],
    ).fetchone()
    return int(row[0])


def ready(db: Database) -> list[tuple[Mail, bytes]]:
    """Everything not sent yet, with its bytes, in the order it was written."""
    mails = [_mail(row) for row in db.execute(f"{_MAIL} WHERE state = 'ready' ORDER BY created_at, id")]
    return [(mail, outgoing(db, mail).raw) for mail in mails]
