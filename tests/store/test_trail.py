"""What needs a human is noted once, told once, and over when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from assistant.store import database, trail

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FIVE = timedelta(minutes=5)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database.make_private_folder(tmp_path)
    made = database.open_store(tmp_path)
    yield made
    made.close()


def places(db: Database) -> list[str]:
    return [trouble.place for trouble in trail.troubles(db)]


def test_with_patience_it_is_seen_at_once_and_told_when_it_lasts(db: Database) -> None:
    trail.trouble(db, NOW, "account main", "put off", FIVE)
    assert places(db) == ["account main"] and trail.untold(db, NOW) == []
    trail.trouble(db, NOW + FIVE - timedelta(seconds=1), "account main", "put off", FIVE)
    assert trail.untold(db, NOW + FIVE) == []
    for _ in range(2):
        trail.trouble(db, NOW + FIVE, "account main", "put off", FIVE)
    (told,) = trail.untold(db, NOW + FIVE)
    assert told.times == 4
    trail.trouble(db, NOW + 2 * FIVE, "account main", "put off", FIVE)
    assert trail.untold(db, NOW + 2 * FIVE) == [], "once"


def test_of_an_account_only_what_it_said_last_is_shown_and_nothing_is_told_twice(db: Database) -> None:
    for minute, message in enumerate(["no answer", "wrong password", "no answer", "wrong password"]):
        trail.trouble(db, NOW + timedelta(minutes=minute), "account main, reading", message)
        assert [trouble.message for trouble in trail.troubles(db)] == [message]
        assert len(trail.untold(db, NOW)) == (minute < 2)
    for message in ("one thing", "another"):
        trail.trouble(db, NOW, "configuration", message)
    assert places(db).count("configuration") == 2
    trail.settled(db, "account main, reading")
    assert set(places(db)) == {"configuration"}


def test_of_one_kind_what_is_no_more_among_them_is_over(db: Database) -> None:
    trail.trouble(db, NOW, "calendar main, reading", "it does not answer")
    trail.note_all(db, NOW, "calendar main, passed over: ", {"a.ics": "no event", "b.ics": "no event"})
    trail.note_all(db, NOW, "calendar main, passed over: ", {"b.ics": "no event"})
    assert places(db) == ["calendar main, passed over: b.ics", "calendar main, reading"]
    trail.note_all(db, NOW, "calendar main, passed over: ", {})
    assert places(db) == ["calendar main, reading"]


def test_single_mails_are_forgotten_after_a_while_and_nothing_else(db: Database) -> None:
    for place in ("mail 1", "address mia@example.com"):
        trail.trouble(db, NOW, place, "came back")
    trail.trouble(db, NOW + FIVE, "mail 2", "came back")
    trail.forget_mails(db, NOW + FIVE)
    assert places(db) == ["address mia@example.com", "mail 2"]
