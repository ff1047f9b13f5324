"""Answers that nobody may tell apart: without a person, unreadable until their round closes, and gone after that.

A row's slot is an HMAC of the person under the round's key, so that a second reply replaces the first. Its content is
encrypted with that key and always of one length. The key lies in a file of its own beside the store, which no backup
copies, and is destroyed when the round closes: what copies of the store still hold can be read by nobody then.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from pathlib import Path

from sqlite_utils import Database

from assistant.store.database import read_meta, write_meta

FOLDER = "sealed"
_SIZE = 16_384
_KEY, _NONCE = 32, 16
_TO_SWEEP, _IN_MAILBOXES = "sealed to sweep", "sealed in mailboxes"


def fits(content: Mapping[str, object]) -> bool:
    """Whether it is short enough to be kept: all are stored in one length, so that none stands out."""
    return len(json.dumps(content).encode()) < _SIZE


def keep(db: Database, round_: str, person: str, content: Mapping[str, object]) -> bool:
    """Keep a person's answer to an open round instead of an earlier one; True where there was one."""
    key = _key(db, round_) or _new_key(db, round_)
    slot = hmac.new(key, person.encode(), hashlib.sha256).hexdigest()
    replaced = db.execute("DELETE FROM sealed_answers WHERE round = ? AND slot = ?", [round_, slot])
    padded = json.dumps(content).encode().ljust(_SIZE)
    nonce = secrets.token_bytes(_NONCE)
    db.execute("INSERT INTO sealed_answers VALUES (?, ?, ?)", [round_, slot, nonce + _mixed(key, nonce, padded)])
    return replaced.rowcount > 0


def earlier(db: Database, round_: str, person: str) -> dict[str, object]:
    """What they said before; empty where nothing."""
    key = _key(db, round_)
    if key is None:
        return {}
    slot = hmac.new(key, person.encode(), hashlib.sha256).hexdigest()
    row = db.execute("SELECT content FROM sealed_answers WHERE round = ? AND slot = ?", [round_, slot]).fetchone()
    found: dict[str, object] = {} if row is None else json.loads(_plain(key, row[0]))
    return found


def contents(db: Database, round_: str) -> list[dict[str, object]]:
    """What was said, in an order that tells nothing. Empty where the key is not at hand, as in a copy of the store."""
    key = _key(db, round_)
    if key is None:
        return []
    rows = db.execute("SELECT content FROM sealed_answers WHERE round = ?", [round_]).fetchall()
    return [json.loads(text) for text in sorted(_plain(key, row[0]) for row in rows)]


def is_about(db: Database, round_: str) -> bool:
    """Whether what is said there must not be kept as it came."""
    found = db.execute(
        "SELECT 1 FROM occurrences AS c WHERE c.key = ? AND (c.kind = 'pulse' OR c.kind = 'poll' AND EXISTS"
        " (SELECT 1 FROM polls AS p WHERE c.parent = 'poll:' || p.id AND p.secret = 1))",
        [round_],
    )
    return found.fetchone() is not None


def forget(db: Database, inbound: int) -> None:
    """The words of a mail that was taken in; its row stays."""
    _forget_at_providers(db, "id = ?", inbound)
    db.execute("UPDATE inbound SET raw = x'' WHERE id = ?", [inbound])
    write_meta(db, _TO_SWEEP, "yes")


def to_forget(db: Database) -> list[tuple[str, str]]:
    """(account, provider id) of the mails that still lie in a mailbox and are to be taken out of it."""
    kept = read_meta(db, _IN_MAILBOXES)
    return [] if kept is None else [(str(account), str(name)) for account, name in json.loads(kept)]


def forgotten(db: Database, account: str, names: Collection[str]) -> None:
    """These need not be taken out any more."""
    left = [(each, name) for each, name in to_forget(db) if each != account or name not in names]
    if left:
        write_meta(db, _IN_MAILBOXES, json.dumps(left))
    else:
        db.execute("DELETE FROM meta WHERE name = ?", [_IN_MAILBOXES])


def _forget_at_providers(db: Database, which: str, *values: object) -> None:
    """Of the mails with words that are about to be wiped here."""
    rows = db.execute(f"SELECT account, provider_id FROM inbound WHERE length(raw) > 0 AND {which}", list(values))
    found = rows.fetchall()
    if found:
        waiting = dict.fromkeys([*to_forget(db), *((str(account), str(name)) for account, name in found)])
        write_meta(db, _IN_MAILBOXES, json.dumps(sorted(waiting)))


def destroy(db: Database, round_: str) -> None:
    """All that ties a person to an answer of a round that closes: answers, raw mails and what was derived of them."""
    db.execute("DELETE FROM sealed_answers WHERE round = ?", [round_])
    _forget_at_providers(db, "mail IN (SELECT id FROM sealed_mails WHERE round = ?)", round_)
    db.execute(
        "UPDATE inbound SET raw = x'', sha256 = '', said = ''"
        " WHERE mail IN (SELECT id FROM sealed_mails WHERE round = ?)",
        [round_],
    )
    db.execute(
        "UPDATE inbound SET raw = x'', sha256 = '', said = '' WHERE state IN ('stored', 'shunted', 'quarantined')"
        " AND EXISTS (SELECT 1 FROM sealed_mails AS m WHERE m.round = ? AND instr(inbound.raw, m.token))",
        [round_],
    )
    write_meta(db, _TO_SWEEP, "yes")


def sweep(db: Database) -> None:
    """After a transaction that took in or destroyed answers: nothing of them stays in the log, and no key too long."""
    if read_meta(db, _TO_SWEEP) is None:
        return
    ended = "SELECT s.round FROM sealed_answers s JOIN occurrences o ON o.key = s.round WHERE o.state <> 'open'"
    for (round_,) in db.execute(f"{ended} GROUP BY s.round").fetchall():
        destroy(db, round_)  # one that ended without a result
    db.execute(  # also of the reply that closed it, which was being read then, and of those that came too late
        "UPDATE inbound SET raw = x'', sha256 = '', said = '', message_id = '' WHERE message_id <> '' AND mail IN"
        " (SELECT m.id FROM sealed_mails AS m JOIN occurrences AS o ON o.key = m.round WHERE o.state <> 'open')"
    )
    wanted = {_name(row[0]) for row in db.execute("SELECT DISTINCT round FROM sealed_answers")}
    folder = _folder(db)
    for path in folder.iterdir() if folder is not None and folder.is_dir() else ():
        if path.name not in wanted:
            path.write_bytes(bytes(_KEY))
            path.unlink()
    db.execute("DELETE FROM meta WHERE name = ?", [_TO_SWEEP])
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:  # somebody reads the store just now: another time
        write_meta(db, _TO_SWEEP, "yes")


def _plain(key: bytes, content: bytes) -> bytes:
    return _mixed(key, content[:_NONCE], content[_NONCE:])


def _mixed(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """Encrypted or decrypted: a stream of SHAKE-256 under the key and a nonce that is used once."""
    stream = hashlib.shake_256(key + nonce).digest(len(text))
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))


def _name(round_: str) -> str:
    return hashlib.sha256(round_.encode()).hexdigest()[:32]


def _folder(db: Database) -> Path | None:
    """Beside the store; None for one in memory, which keeps its keys there."""
    file = next(row[2] for row in db.execute("PRAGMA database_list") if row[1] == "main")
    return Path(file).parent / FOLDER if file else None


def _key(db: Database, round_: str) -> bytes | None:
    folder = _folder(db)
    if folder is None:
        return None
    path = folder / _name(round_)
    return path.read_bytes() if path.is_file() else None


def _new_key(db: Database, round_: str) -> bytes:
    folder, key = _folder(db), secrets.token_bytes(_KEY)
    if folder is not None:
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / _name(round_)
        path.touch(mode=0o600)
        path.write_bytes(key)
    return key
