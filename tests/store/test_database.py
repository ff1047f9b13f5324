"""The store opens, refuses, migrates and is copied as promised."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.store import database, timers
from assistant.store.database import FILE, backup, open_store
from assistant.store.timers import CALENDAR, MAIL, STRUCTURE, Timer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_what_was_committed_is_synced_to_disk(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_only_the_owner_can_read_the_folder_and_the_file(tmp_path: Path) -> None:
    open_store(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600


def test_opening_twice_keeps_the_secret_that_ties_replies_to_mails(tmp_path: Path) -> None:
    first = database.read_meta(open_store(tmp_path), "secret")
    assert first is not None
    assert database.read_meta(open_store(tmp_path), "secret") == first


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('assistant', 'm999_later', '')"
    )
    db.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError, match="newer version"):
        open_store(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_damaged_store_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="restore"):
        open_store(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="data"):
        open_store(tmp_path / "data")


def test_a_backup_is_a_whole_store_and_the_oldest_go(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    database.write_meta(db, "mark", "kept")
    made = [backup(db, tmp_path, NOW + timedelta(days=n), keep=3) for n in range(5)]
    assert sorted((tmp_path / "backups").glob("*")) == made[2:]
    copy = sqlite3.connect(made[-1])
    assert copy.execute("SELECT value FROM meta WHERE name = 'mark'").fetchone() == ("kept",)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_failed_piece_of_work_leaves_nothing_behind(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    with pytest.raises(ZeroDivisionError), db.atomic():
        database.write_meta(db, "half", "done")
        _ = 1 / 0
    assert database.read_meta(db, "half") is None


def test_timers_come_by_stage_and_a_persons_mails_come_together(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    for key, minutes, person, stage in (
        ("b", 2, "", STRUCTURE),
        ("a", 3, "", STRUCTURE),
        ("m1", 0, "sam", MAIL),
        ("m2", 1, "mia", MAIL),
        ("m3", 2, "sam", MAIL),
        ("late", 99, "sam", MAIL),
        ("c", 0, "", CALENDAR),
    ):
        timers.put(db, Timer(key, NOW + timedelta(minutes=minutes), "h", "", person, stage))
    soon = NOW + timedelta(minutes=10)
    assert [t.key for t in timers.due(db, soon, STRUCTURE, 9)] == ["b", "a"]
    assert [t.key for t in timers.due(db, soon, MAIL, 9)] == ["m2", "m1", "m3"]
    assert timers.next_due(db) == NOW


def test_setting_a_timer_again_moves_it(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    timers.put(db, Timer("round:x", NOW, "round", "x|2026-11-23"))
    timers.put(db, Timer("round:x", NOW + timedelta(days=1), "round", "x|2026-11-24"))
    assert timers.due(db, NOW, STRUCTURE, 9) == []
    assert timers.keys(db, "round:") == {"round:x"}


def test_an_idle_tick_looks_into_an_index_and_reads_no_table(tmp_path: Path) -> None:
    plan = open_store(tmp_path).execute(
        "EXPLAIN QUERY PLAN SELECT key FROM timers WHERE stage = 0 AND due <= '2026' ORDER BY due, key LIMIT 9"
    )
    assert "SEARCH timers USING INDEX timers_due" in plan.fetchone()[3]


def test_only_a_damaged_store_calls_for_a_copy_of_it(tmp_path: Path) -> None:
    path = tmp_path / FILE
    db = open_store(tmp_path)
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with pytest.raises(sqlite3.Error) as found:
        reader.execute("DELETE FROM meta")
    assert "change its owner or rights" in str(database.unusable(found.value, path))
    db.execute("BEGIN IMMEDIATE")
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.Error) as found:
        other.execute("BEGIN IMMEDIATE")
    assert "another program holds it" in str(database.unusable(found.value, path))
    db.execute("ROLLBACK")
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(sqlite3.Error) as found:
        database.write_meta(db, "large", "x" * 100_000)
    assert "make" in str(database.unusable(found.value, path))
    assert "backups" not in str(database.unusable(found.value, path))
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 500)
    with pytest.raises(sqlite3.Error) as found:
        sqlite3.connect(tmp_path / "broken.db").execute("SELECT * FROM meta")
    assert "restore the newest copy" in str(database.unusable(found.value, path))
