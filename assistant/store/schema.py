"""The tables, as forward-only migrations: each runs in one transaction and is never edited once released.

Instants are UTC text (``2026-11-24T08:00:00Z``) and days ISO text, so that they sort as they read and any SQLite tool
can show them. People's words stand beside the ``audience`` that may read them.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from assistant.store.second import SECOND

migrations = Migrations("assistant")


@migrations()
def m001_first(db: Database) -> None:
    _run(db, _FIRST)


@migrations()
def m002_goals_tasks_people(db: Database) -> None:
    for part in SECOND:
        _run(db, part)


def _run(db: Database, script: str) -> None:
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):  # a trigger holds semicolons
            if statement.strip(" \n;"):
                db.execute(statement)
            statement = ""


SHIPPED = frozenset({"m001_first", "m002_goals_tasks_people"})
"""The names this version knows; a store with another was made by a newer one."""

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE people (
    address TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    joined_at TEXT NOT NULL,
    welcomed_at TEXT,
    left_at TEXT
);
CREATE INDEX people_left ON people (address, name) WHERE left_at IS NOT NULL;

CREATE TABLE settings (
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    set_at TEXT NOT NULL,
    inbound INTEGER,
    PRIMARY KEY (person, name)
);

CREATE TABLE absences (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT,
    source TEXT NOT NULL,
    set_at TEXT NOT NULL,
    inbound INTEGER
);
CREATE INDEX absences_person ON absences (person, last);

CREATE TABLE timers (
    key TEXT PRIMARY KEY,
    due TEXT NOT NULL,
    stage INTEGER NOT NULL,
    handler TEXT NOT NULL,
    ref TEXT NOT NULL,
    person TEXT NOT NULL DEFAULT '',
    strikes INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX timers_due ON timers (stage, due);
CREATE INDEX timers_person ON timers (person, handler) WHERE person <> '';

CREATE TABLE occurrences (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    data TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX occurrences_parent ON occurrences (parent, day);
CREATE INDEX occurrences_open ON occurrences (state) WHERE state = 'open';

CREATE TABLE prompts (
    id INTEGER PRIMARY KEY,
    occurrence TEXT NOT NULL REFERENCES occurrences (key),
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    person TEXT NOT NULL,
    audience TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    due TEXT NOT NULL,
    asked_at TEXT,
    closes TEXT,
    finished_at TEXT,
    reminded INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0,
    mail INTEGER REFERENCES outbox (id),
    questions TEXT NOT NULL DEFAULT '[]',
    UNIQUE (occurrence, kind, person)
);
CREATE INDEX prompts_person ON prompts (person, state);
CREATE INDEX prompts_mail ON prompts (mail);
CREATE INDEX prompts_parent_day ON prompts (parent, day);
CREATE INDEX prompts_person_day ON prompts (person, day);

CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    prompt INTEGER NOT NULL REFERENCES prompts (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL,
    value TEXT,
    confidence REAL NOT NULL,
    how TEXT NOT NULL,
    inbound INTEGER NOT NULL REFERENCES inbound (id),
    at TEXT NOT NULL,
    late INTEGER NOT NULL DEFAULT 0,
    newest INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX answers_prompt ON answers (prompt, question);
CREATE INDEX answers_inbound ON answers (inbound);

CREATE TABLE records (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    owner TEXT NOT NULL,
    author TEXT NOT NULL,
    audience TEXT NOT NULL,
    context TEXT NOT NULL,
    occurrence TEXT NOT NULL,
    prompt INTEGER REFERENCES prompts (id),
    inbound INTEGER REFERENCES inbound (id),
    state TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    due TEXT,
    minutes INTEGER
);
CREATE INDEX records_owner ON records (owner, kind, state);
CREATE INDEX records_context ON records (context, kind, state);
CREATE INDEX records_prompt ON records (prompt);

CREATE TABLE record_history (
    id INTEGER PRIMARY KEY,
    record INTEGER NOT NULL REFERENCES records (id),
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    change TEXT NOT NULL,
    inbound INTEGER
);
CREATE INDEX record_history_record ON record_history (record);

CREATE TABLE meetings (
    key TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    original_start TEXT NOT NULL,
    start TEXT NOT NULL,
    end TEXT NOT NULL,
    state TEXT NOT NULL,
    documentarian TEXT,
    agenda_sent_at TEXT,
    summary_sent_at TEXT,
    reason TEXT NOT NULL DEFAULT '',
    offered TEXT NOT NULL DEFAULT '[]',
    asked TEXT NOT NULL DEFAULT '',
    UNIQUE (series, original_start)
);
CREATE INDEX meetings_series ON meetings (series, start);
CREATE INDEX meetings_start ON meetings (start);

CREATE TABLE rsvps (
    uid TEXT NOT NULL,
    address TEXT NOT NULL,
    original_start TEXT NOT NULL DEFAULT '',
    partstat TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (uid, address, original_start)
);

CREATE TABLE placements (
    series TEXT PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    adopted INTEGER NOT NULL DEFAULT 0,
    unchecked INTEGER NOT NULL DEFAULT 0,
    start TEXT NOT NULL,
    zone TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    rrule TEXT NOT NULL,
    participants TEXT NOT NULL,
    wish TEXT NOT NULL DEFAULT '',
    placed_at TEXT NOT NULL,
    ended_at TEXT
);

CREATE TABLE calendar_outbox (
    uid TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    account TEXT NOT NULL,
    event TEXT NOT NULL,
    revision INTEGER NOT NULL,
    done_revision INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    ref TEXT,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX calendar_outbox_state ON calendar_outbox (state);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    kinds TEXT NOT NULL,
    occurrence TEXT NOT NULL,
    thread TEXT NOT NULL,
    audience TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    raw BLOB NOT NULL,
    text TEXT NOT NULL,
    because TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    looks INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    not_after TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_state ON outbox (state, account);
CREATE INDEX outbox_person ON outbox (person, created_at);
CREATE INDEX outbox_thread ON outbox (thread, person);

CREATE TABLE channel_outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    channel TEXT NOT NULL,
    audience TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    not_before TEXT,
    created_at TEXT NOT NULL,
    sent_at TEXT,
    error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX channel_outbox_ready ON channel_outbox (account) WHERE state = 'ready';

CREATE TABLE inbound (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    recipient TEXT,
    vouched TEXT,
    raw BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    class TEXT NOT NULL DEFAULT '',
    message_id TEXT NOT NULL DEFAULT '',
    person TEXT NOT NULL DEFAULT '',
    mail INTEGER REFERENCES outbox (id),
    handled_at TEXT,
    strikes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (account, provider_id)
);
CREATE INDEX inbound_state ON inbound (state);
CREATE INDEX inbound_sha ON inbound (sha256);
CREATE INDEX inbound_message ON inbound (message_id);
CREATE INDEX inbound_person ON inbound (person, stored_at);

CREATE TABLE cursors (name TEXT PRIMARY KEY, cursor TEXT NOT NULL, at TEXT NOT NULL);

CREATE TABLE trail (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    because TEXT NOT NULL
);
CREATE INDEX trail_person ON trail (person, at);
CREATE INDEX trail_subject ON trail (subject);

CREATE TABLE problems (
    key TEXT PRIMARY KEY,
    place TEXT NOT NULL,
    message TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    told_at TEXT
)
"""
