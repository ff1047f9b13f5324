"""What goes into chat channels: rows like mails, written with their cause and posted by a loop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database

from assistant.store.text import instant, read_instant, read_optional_instant


class PostState(StrEnum):
    READY = "ready"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Post:
    id: int
    key: str
    account: str
    channel: str
    audience: str
    text: str
    attempt: int
    created_at: datetime


def add(db: Database, now: datetime, key: str, account: str, channel: str, audience: str, text: str) -> bool:
    """False where one with this key was written before."""
    made = db.execute(
        "INSERT INTO channel_outbox (key, account, channel, audience, text, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, 'ready', ?) ON CONFLICT (key) DO NOTHING",
        [key, account, channel, audience, text, instant(now)],
    )
    return made.rowcount == 1


def waiting(db: Database, now: datetime) -> list[str]:
    """The accounts for which there is something to post."""
    rows = db.execute(
        "SELECT DISTINCT account FROM channel_outbox"
        " WHERE state = 'ready' AND (not_before IS NULL OR not_before <= ?) ORDER BY account",
        [instant(now)],
    )
    return [row[0] for row in rows]


def claim(db: Database, now: datetime, account: str, limit: int) -> list[Post]:
    """The next posts of an account, oldest first."""
    rows = db.execute(
        "SELECT id, key, account, channel, audience, text, attempt, created_at FROM channel_outbox"
        " WHERE state = 'ready' AND account = ? AND (not_before IS NULL OR not_before <= ?) ORDER BY id LIMIT ?",
        [account, instant(now), limit],
    )
    return [
        Post(id_, key, account_, channel, audience, text, attempt, read_instant(created_at))
        for id_, key, account_, channel, audience, text, attempt, created_at in rows
    ]


def finish(db: Database, now: datetime, id_: int, state: PostState, error: str = "") -> None:
    sent_at = instant(now) if state is PostState.SENT else None
    db.execute(
        "UPDATE channel_outbox SET state = ?, sent_at = ?, error = ? WHERE id = ?", [state.value, sent_at, error, id_]
    )


def retry(db: Database, id_: int, at: datetime, error: str) -> None:
    db.execute(
        "UPDATE channel_outbox SET attempt = attempt + 1, not_before = ?, error = ? WHERE id = ? AND state = 'ready'",
        [instant(at), error, id_],
    )


def next_retry(db: Database) -> datetime | None:
    """When the next held-back post may go; None where nothing waits for a time."""
    row = db.execute("SELECT min(not_before) FROM channel_outbox WHERE state = 'ready'").fetchone()
    return read_optional_instant(row[0])
