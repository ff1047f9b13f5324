"""Opening, migrating and copying the one SQLite file."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from assistant.errors import StoreError
from assistant.store.schema import SHIPPED, migrations
from assistant.store.text import instant, read_optional_instant

FILE = "assistant.db"
LOCK = "lock"
"""Held by the daemon that has the folder."""
_COPIED, _RESTORED = "copied", "restored"
_CATCHING_UP = timedelta(minutes=15)
_ROOM = 1 << 20
_PASSING = {
    sqlite3.SQLITE_FULL: "has no room to grow; make some",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write it; see to the disk",
    sqlite3.SQLITE_READONLY: "cannot be written; change its owner or rights",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; see that it is yours to read and write",
    sqlite3.SQLITE_BUSY: "another program holds it; try again",
    sqlite3.SQLITE_LOCKED: "another program holds it; try again",
    sqlite3.SQLITE_PERM: "cannot be written; change its owner or rights",
}
"""By SQLite's primary result code: what does not call for an older copy."""


def open_store(folder: Path) -> Database:
    """The store in ``folder``, made and migrated where needed.

    WAL with full sync: what was committed survives a power cut. The connection is in autocommit, so a write outside
    ``db.atomic()`` is its own transaction. Raises StoreError where the folder cannot be written, the file is damaged or
    a newer version made it.
    """
    make_private_folder(folder)
    try:
        db = _connect(folder / FILE)
        db.execute("PRAGMA journal_mode = WAL")
        prepare(db, folder / FILE)
    except sqlite3.Error as error:
        raise unusable(error, folder / FILE) from error
    (folder / FILE).chmod(0o600)
    return db


def has_failed(error: sqlite3.Error) -> bool:
    """Whether it is the store or its disk that failed, and not what was asked of it."""
    return _code(error) in {*_PASSING, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; the rest of it says where in SQLite it was met."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def unusable(error: sqlite3.Error, path: Path) -> StoreError:
    """What SQLite met at ``path``, as a sentence with the way out. Only a damaged file calls for a copy of it."""
    code = _code(error)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and shutil.disk_usage(path.parent).free < _ROOM:
        return StoreError(f"{path}: the disk is full; make room, then go on: nothing is lost")
    if code in _PASSING:
        return StoreError(f"{path}: {_PASSING[code]} ({error})")
    return StoreError(f"{path}: cannot be used ({error}); restore the newest copy from {path.parent / 'backups'}")


def prepare(db: Database, path: Path) -> Database:
    """Migrate an open store to this version. Raises StoreError where a newer version made it."""
    _refuse_newer(db, path)
    migrations.apply(db)
    db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('secret', ?)", [secrets.token_hex(32)])
    return db


def make_private_folder(folder: Path) -> None:
    """Create it where missing, readable by its owner alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot make the data folder ({error.strerror}); choose another with `data:`"
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreError(
            f"{folder}: the data folder cannot be written; change its owner or choose another with `data:`"
        )


def _connect(path: Path) -> Database:
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted leaves no trace in the file
    return Database(connection)


def _refuse_newer(db: Database, path: Path) -> None:
    applied = {migration.name for migration in migrations.applied(db)}
    unknown = sorted(applied - SHIPPED)
    if unknown:
        raise StoreError(f"{path}: was made by a newer version ({unknown[-1]}); install that version or a later one")


def read_meta(db: Database, name: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def write_meta(db: Database, name: str, value: str) -> None:
    db.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value])


def backup(db: Database, folder: Path, now: datetime, keep: int) -> Path:
    """A checked copy under ``backups/``, named by the day; the oldest beyond ``keep`` go.

    The copy appears under its name only once it was opened and found whole. Raises StoreError where it was not.
    """
    backups = folder / "backups"
    make_private_folder(backups)
    target = backups / f"assistant-{now:%Y-%m-%d}.db"
    draft = target.with_suffix(".part")
    draft.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", [str(draft)])
    _strip(draft)
    _verify(draft)
    draft.chmod(0o600)
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(target)
    for old in sorted(backups.glob("assistant-*.db"))[:-keep]:
        old.unlink()
    return target


def restored(db: Database, now: datetime) -> datetime | None:
    """Until when mails may have left in a life that the store does not know: where it is a copy that was put back.

    Such a store catches up with what became due since it was copied; what that writes has probably left already.
    """
    if read_meta(db, _COPIED) is not None:
        with db.atomic():
            write_meta(db, _RESTORED, instant(now + _CATCHING_UP))
            db.execute("DELETE FROM meta WHERE name = ?", [_COPIED])
    return read_optional_instant(read_meta(db, _RESTORED))


def _strip(copy: Path) -> None:
    """Marked as a copy. Without the mails that still wait to be read and whose words nobody may tell apart
    (``store.sealed``).
    """
    connection = _connect(copy).conn
    try:
        connection.execute(
            "UPDATE inbound SET raw = x'' WHERE state IN ('stored', 'shunted', 'quarantined')"
            " AND EXISTS (SELECT 1 FROM sealed_mails AS m WHERE instr(inbound.raw, m.token))"
        )
        connection.execute("INSERT OR IGNORE INTO meta (name, value) VALUES (?, '')", [_COPIED])
    finally:
        connection.close()


def _verify(copy: Path) -> None:
    connection = sqlite3.connect(copy)
    try:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    if found != "ok" or broken:
        raise StoreError(f"{copy}: the copy is not whole ({found}); check the disk")
