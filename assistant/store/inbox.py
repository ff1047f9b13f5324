"""Mail as it came: bytes first, then what became of them. Every row reaches one end state."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from assistant.ports import MailBatch
from assistant.store.text import instant, read_instant


class InboundState(StrEnum):
    STORED = "stored"
    APPLIED = "applied"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"
    SHUNTED = "shunted"


@dataclass(frozen=True, slots=True)
class Inbound:
    id: int
    account: str
    recipient: str | None
    vouched: str | None
    raw: bytes
    sha256: str
    stored_at: datetime
    strikes: int
    again: bool
    """It was read before and somebody put it back."""


def cursor(db: Database, name: str) -> str | None:
    row = db.execute("SELECT cursor FROM cursors WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def set_cursor(db: Database, now: datetime, name: str, value: str) -> None:
    db.execute(
        "INSERT INTO cursors VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, at = excluded.at",
        [name, value, instant(now)],
    )


def store_batch(db: Database, now: datetime, account: str, batch: MailBatch) -> int:
    """The raw bytes and the cursor in one transaction; mails known by provider id are passed over. Returns the new."""
    new = 0
    with db.atomic():
        for mail in batch.mails:
            made = db.execute(
                "INSERT OR IGNORE INTO inbound"
                " (account, provider_id, recipient, vouched, raw, sha256, stored_at, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'stored')",
                [
                    account, mail.provider_id, mail.recipient, mail.vouched, mail.raw,
                    hashlib.sha256(mail.raw).hexdigest(), instant(now),
                ],
            )  # fmt: skip
            new += made.rowcount
        if batch.cursor != cursor(db, f"mail:{account}"):
            set_cursor(db, now, f"mail:{account}", batch.cursor)
    return new


def known_since(db: Database, account: str, since: datetime) -> set[str]:
    """The provider ids of what was stored then or later."""
    rows = db.execute("SELECT provider_id FROM inbound WHERE account = ? AND stored_at >= ?", [account, instant(since)])
    return {row[0] for row in rows}


_INBOUND = "SELECT id, account, recipient, vouched, raw, sha256, stored_at, strikes, class <> '' FROM inbound"


def _inbound(row: Sequence[Any]) -> Inbound:
    id_, account, recipient, vouched, raw, sha256, stored_at, strikes, again = row
    return Inbound(id_, account, recipient, vouched, bytes(raw), sha256, read_instant(stored_at), strikes, bool(again))


def waiting(db: Database, limit: int) -> list[Inbound]:
    return [_inbound(row) for row in db.execute(f"{_INBOUND} WHERE state = 'stored' ORDER BY id LIMIT ?", [limit])]


def by_id(db: Database, id_: int) -> Inbound | None:
    row = db.execute(f"{_INBOUND} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _inbound(row)


def finish(
    db: Database,
    now: datetime,
    id_: int,
    state: InboundState,
    *,
    reason: str = "",
    class_: str = "",
    message_id: str = "",
    person: str = "",
    mail: int | None = None,
    said: str = "",
) -> None:
    """``said`` is a fingerprint of what was newly written."""
    db.execute(
        "UPDATE inbound SET state = ?, reason = ?, class = ?, message_id = ?, person = ?, mail = ?, said = ?,"
        " handled_at = ? WHERE id = ?",
        [state.value, reason, class_, message_id, person, mail, said, instant(now), id_],
    )


def said_before(db: Database, person: str, said: str, since: datetime) -> list[tuple[int, datetime, datetime]]:
    """(mail of ours, when it left, when the answer was stored) of the same words to other mails since then."""
    rows = db.execute(
        "SELECT o.id, o.sent_at, i.stored_at FROM inbound i JOIN outbox o ON o.id = i.mail"
        " WHERE i.person = ? AND i.said = ? AND i.stored_at >= ? AND o.sent_at IS NOT NULL",
        [person, said, instant(since)],
    )
    return [(id_, read_instant(sent_at), read_instant(at)) for id_, sent_at, at in rows]


def strike(db: Database, now: datetime, id_: int, reason: str, limit: int) -> bool:
    """Count a failed attempt; True when it was the last and the mail is put aside."""
    db.execute("UPDATE inbound SET strikes = strikes + 1, reason = ? WHERE id = ?", [reason, id_])
    out = db.execute(
        "UPDATE inbound SET state = 'shunted', handled_at = ? WHERE id = ? AND strikes >= ?", [instant(now), id_, limit]
    )
    return out.rowcount == 1


def put_back(db: Database, ids: Sequence[int]) -> int:
    """Shunted or quarantined mails to be tried again."""
    count = 0
    for id_ in ids:
        back = db.execute(
            "UPDATE inbound SET state = 'stored', strikes = 0 WHERE id = ? AND state IN ('shunted', 'quarantined')",
            [id_],
        )
        count += back.rowcount
    return count


def set_aside(db: Database) -> list[tuple[int, str, str, datetime]]:
    """(id, state, reason, when) of what needs a human."""
    rows = db.execute(
        "SELECT id, state, reason, stored_at FROM inbound WHERE state IN ('shunted', 'quarantined') ORDER BY id"
    )
    return [(id_, state, reason, read_instant(at)) for id_, state, reason, at in rows]


def twin(db: Database, id_: int, sha256: str) -> bool:
    """Whether the same bytes came before and were dealt with."""
    row = db.execute(
        "SELECT 1 FROM inbound WHERE sha256 = ? AND id < ? AND state <> 'stored' LIMIT 1", [sha256, id_]
    ).fetchone()
    return row is not None


def came_elsewhere(db: Database, id_: int, message_id: str, person: str) -> bool:
    """Whether the same mail came to another of our accounts: its Message-ID, and the same bytes below the header."""
    rows = db.execute(
        "SELECT a.raw, b.raw FROM inbound a JOIN inbound b ON b.account <> a.account"
        " WHERE a.id = ? AND b.message_id = ? AND b.person = ? AND b.state = 'applied'",
        [id_, message_id, person],
    )
    return any(_body(own) == _body(other) != b"" for own, other in rows)


def _body(raw: bytes) -> bytes:
    return bytes(raw).replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()


def same_message_id(db: Database, id_: int, message_id: str, person: str) -> bool:
    """Whether an earlier mail of this person, with other bytes, claimed this Message-ID."""
    row = db.execute(
        "SELECT 1 FROM inbound WHERE message_id = ? AND person = ? AND id <> ? AND state = 'applied' LIMIT 1",
        [message_id, person, id_],
    ).fetchone()
    return row is not None


def counts(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT state, count(*) FROM inbound GROUP BY state ORDER BY state").fetchall())


def forget_raw(db: Database, before: datetime) -> int:
    """Drop the bytes of mails handled before that instant; the rows stay."""
    gone = db.execute(
        "UPDATE inbound SET raw = x'' WHERE handled_at < ? AND state IN ('applied', 'ignored') AND length(raw) > 0",
        [instant(before)],
    )
    return int(gone.rowcount)


def answers_from(db: Database, message_id: str) -> list[tuple[str, str, str]]:
    """(kind, question, text) that one mail was understood as."""
    rows = db.execute(
        "SELECT p.kind, a.question, a.text FROM inbound i JOIN answers a ON a.inbound = i.id"
        " JOIN prompts p ON p.id = a.prompt WHERE i.message_id = ? ORDER BY a.id",
        [message_id],
    )
    return [(kind, question, text) for kind, question, text in rows]


def id_of(db: Database, message_id: str) -> int | None:
    row = db.execute("SELECT id FROM inbound WHERE message_id = ? ORDER BY id LIMIT 1", [message_id]).fetchone()
    return None if row is None else int(row[0])
