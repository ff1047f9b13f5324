"""What the second migration adds, by concern."""

_CHOICES = """
CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    inbound INTEGER REFERENCES inbound (id),
    mail INTEGER REFERENCES outbox (id),
    options TEXT NOT NULL,
    offered_at TEXT NOT NULL,
    settled_at TEXT
);
CREATE INDEX choices_mail ON choices (mail)
"""

_GOALS = """
CREATE TABLE goal_cycles (
    id INTEGER PRIMARY KEY,
    length TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    UNIQUE (length, first)
);

CREATE TABLE objectives (
    id INTEGER PRIMARY KEY,
    cycle INTEGER NOT NULL REFERENCES goal_cycles (id),
    team TEXT NOT NULL,
    owner TEXT NOT NULL,
    text TEXT NOT NULL,
    stage TEXT NOT NULL,
    parent INTEGER REFERENCES objectives (id),
    every INTEGER NOT NULL DEFAULT 1,
    prompt INTEGER REFERENCES prompts (id),
    inbound INTEGER REFERENCES inbound (id),
    drafted_at TEXT NOT NULL,
    published TEXT
);
CREATE INDEX objectives_cycle ON objectives (cycle, team, stage);
CREATE INDEX objectives_team ON objectives (team, stage);
CREATE INDEX objectives_prompt ON objectives (prompt);

CREATE TABLE key_results (
    id INTEGER PRIMARY KEY,
    objective INTEGER NOT NULL REFERENCES objectives (id),
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    name TEXT NOT NULL,
    measure TEXT NOT NULL,
    target REAL NOT NULL,
    start REAL NOT NULL,
    unit TEXT NOT NULL,
    at_most INTEGER NOT NULL,
    weight REAL,
    owners TEXT NOT NULL,
    label TEXT NOT NULL,
    due TEXT,
    standing TEXT NOT NULL,
    value REAL,
    said_at TEXT,
    outlook REAL,
    tracked TEXT,
    needs TEXT NOT NULL,
    warned TEXT NOT NULL DEFAULT ''
);
CREATE INDEX key_results_objective ON key_results (objective, number);

CREATE TABLE goal_values (
    id INTEGER PRIMARY KEY,
    key_result INTEGER NOT NULL REFERENCES key_results (id),
    value REAL NOT NULL,
    outlook REAL,
    comment TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX goal_values_key_result ON goal_values (key_result, at);
CREATE INDEX goal_values_at ON goal_values (at);

CREATE TABLE goal_history (
    id INTEGER PRIMARY KEY,
    key_result INTEGER NOT NULL REFERENCES key_results (id),
    what TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX goal_history_key_result ON goal_history (key_result);

CREATE TABLE goal_grades (
    id INTEGER PRIMARY KEY,
    key_result INTEGER NOT NULL REFERENCES key_results (id),
    score REAL NOT NULL,
    how TEXT NOT NULL,
    learned TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    newest INTEGER NOT NULL DEFAULT 1,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX goal_grades_key_result ON goal_grades (key_result, newest);

CREATE TABLE goal_mentions (
    key_result INTEGER NOT NULL REFERENCES key_results (id),
    prompt INTEGER NOT NULL REFERENCES prompts (id),
    question TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (key_result, prompt, question)
)
"""

_TASKS = """
CREATE TABLE tasks (
    record INTEGER PRIMARY KEY REFERENCES records (id),
    status TEXT NOT NULL DEFAULT 'todo',
    reason TEXT NOT NULL DEFAULT '',
    priority INTEGER NOT NULL DEFAULT 1,
    parent INTEGER REFERENCES records (id),
    rule TEXT NOT NULL DEFAULT '',
    following INTEGER REFERENCES records (id),
    estimate INTEGER,
    spent INTEGER NOT NULL DEFAULT 0,
    goal INTEGER REFERENCES key_results (id)
);
CREATE INDEX tasks_parent ON tasks (parent) WHERE parent IS NOT NULL;
CREATE INDEX tasks_goal ON tasks (goal) WHERE goal IS NOT NULL;

CREATE TABLE task_waits (
    task INTEGER NOT NULL REFERENCES records (id),
    after INTEGER NOT NULL REFERENCES records (id),
    PRIMARY KEY (task, after)
) WITHOUT ROWID;
CREATE INDEX task_waits_after ON task_waits (after);

CREATE TABLE task_notes (
    id INTEGER PRIMARY KEY,
    task INTEGER NOT NULL REFERENCES records (id),
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    minutes INTEGER,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX task_notes_task ON task_notes (task, id)
"""

_KPIS = """
"""

_PEOPLE = """
"""

_SEARCH = """
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    ref INTEGER NOT NULL,
    about TEXT NOT NULL,
    person TEXT NOT NULL,
    audience TEXT NOT NULL,
    readers TEXT NOT NULL GENERATED ALWAYS AS ('r' || lower(hex(audience))) VIRTUAL,
    day TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (source, ref)
);
CREATE INDEX entries_person ON entries (person, about, day);
CREATE INDEX entries_about ON entries (about, day);

CREATE VIRTUAL TABLE entries_text USING fts5(
    text, readers, content = 'entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER entries_added AFTER INSERT ON entries BEGIN
    INSERT INTO entries_text (rowid, text, readers) VALUES (new.id, new.text, new.readers);
END;
CREATE TRIGGER entries_gone AFTER DELETE ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, text, readers) VALUES ('delete', old.id, old.text, old.readers);
END;

CREATE VIEW findable_answers AS
    SELECT 'answer' AS source, a.id AS ref, a.question AS about, p.person, p.audience, p.day, a.text
    FROM answers AS a JOIN prompts AS p ON p.id = a.prompt
    WHERE a.newest = 1 AND a.text <> '' AND p.kind <> 'pulse' AND p.kind <> 'poll';
CREATE VIEW findable_records AS
    SELECT 'record' AS source, id AS ref, kind AS about, author AS person, audience, substr(opened_at, 1, 10) AS day,
        text
    FROM records WHERE state <> 'dropped';

INSERT INTO entries (source, ref, about, person, audience, day, text) SELECT * FROM findable_answers;
INSERT INTO entries (source, ref, about, person, audience, day, text) SELECT * FROM findable_records;

CREATE TRIGGER answers_findable AFTER INSERT ON answers BEGIN
    INSERT INTO entries (source, ref, about, person, audience, day, text)
        SELECT * FROM findable_answers WHERE ref = new.id;
END;
CREATE TRIGGER answers_replaced AFTER UPDATE OF newest ON answers WHEN new.newest <> old.newest BEGIN
    DELETE FROM entries WHERE source = 'answer' AND ref = new.id;
    INSERT INTO entries (source, ref, about, person, audience, day, text)
        SELECT * FROM findable_answers WHERE ref = new.id;
END;
CREATE TRIGGER answers_gone AFTER DELETE ON answers BEGIN
    DELETE FROM entries WHERE source = 'answer' AND ref = old.id;
END;
CREATE TRIGGER records_findable AFTER INSERT ON records BEGIN
    INSERT INTO entries (source, ref, about, person, audience, day, text)
        SELECT * FROM findable_records WHERE ref = new.id;
END;
CREATE TRIGGER records_changed AFTER UPDATE OF text, audience, state ON records BEGIN
    DELETE FROM entries WHERE source = 'record' AND ref = new.id;
    INSERT INTO entries (source, ref, about, person, audience, day, text)
        SELECT * FROM findable_records WHERE ref = new.id;
END;
CREATE TRIGGER records_gone AFTER DELETE ON records BEGIN
    DELETE FROM entries WHERE source = 'record' AND ref = old.id;
END
"""

_ACCOUNTS = """
"""

_REPEATS = """
ALTER TABLE inbound ADD COLUMN said TEXT NOT NULL DEFAULT ''
"""

SECOND = (_CHOICES, _GOALS, _TASKS, _KPIS, _PEOPLE, _SEARCH, _ACCOUNTS, _REPEATS)
