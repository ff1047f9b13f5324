"""A store that an earlier version made is brought to this one with all that is in it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from assistant.domain.audience import team
from assistant.domain.records import Draft, RecordKind
from assistant.store import database, records, search
from assistant.store.schema import SHIPPED, m001_first

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _earlier(folder: Path) -> None:
    """As the first version left it: a question, its answer, an action item."""
    db = Database(sqlite3.connect(folder / database.FILE, isolation_level=None))
    first = Migrations("assistant")
    first()(m001_first)
    first.apply(db)
    db.execute("INSERT INTO meta VALUES ('secret', 'ab')")
    db.execute(
        "INSERT INTO inbound (id, account, provider_id, raw, sha256, stored_at, state)"
        " VALUES (1, 'main', '1', x'00', '', '2026-11-23T09:00:00Z', 'applied')"
    )
    db.execute(
        "INSERT INTO occurrences (key, kind, parent, day, state, opened_at)"
        " VALUES ('check-in.product/2026-11-20', 'check-in', 'check-in.product', '2026-11-20', 'closed', '')"
    )
    db.execute(
        "INSERT INTO prompts (id, occurrence, kind, parent, person, audience, day, state, due) VALUES (1,"
        " 'check-in.product/2026-11-20', 'check-in', 'check-in.product', 'sam@example.com', 'team:product',"
        " '2026-11-20', 'answered', '')"
    )
    db.execute(
        "INSERT INTO answers (prompt, question, text, confidence, how, inbound, at)"
        " VALUES (1, 'done', 'Fixed the staging outage', 1.0, 'numbered', 1, '2026-11-20T09:20:00Z')"
    )
    records.add(
        db, NOW, Draft(RecordKind.ACTION, "Ask two vendors"), owner="sam@example.com", author="sam@example.com",
        audience=team("product"), context="product", occurrence="",
    )  # fmt: skip
    db.close()


def test_a_store_of_the_first_version_keeps_everything_and_is_searched_like_a_new_one(tmp_path: Path) -> None:
    _earlier(tmp_path)
    db = database.open_store(tmp_path)
    assert {migration[0] for migration in db.execute("SELECT name FROM _sqlite_migrations").fetchall()} == SHIPPED
    [action] = records.open_records(db, RecordKind.ACTION)
    assert action.text == "Ask two vendors"
    [found] = search.find(db, ["staging"], [team("product")])
    assert (found.person, found.text) == ("sam@example.com", "Fixed the staging outage")
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
