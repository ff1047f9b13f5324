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
);
CREATE INDEX goal_mentions_prompt ON goal_mentions (prompt)
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
    goal INTEGER REFERENCES key_results (id),
    meant TEXT
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
CREATE TABLE kpis (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    team TEXT NOT NULL,
    owner TEXT NOT NULL,
    author TEXT NOT NULL,
    stage TEXT NOT NULL,
    what TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    measured TEXT NOT NULL DEFAULT '',
    unit TEXT NOT NULL DEFAULT '',
    baseline REAL,
    rule TEXT NOT NULL DEFAULT '',
    target REAL,
    low REAL,
    high REAL,
    asked TEXT,
    proposed TEXT,
    opened_at TEXT NOT NULL,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX kpis_team ON kpis (team, stage);
CREATE INDEX kpis_owner ON kpis (owner, stage);

CREATE TABLE kpi_values (
    id INTEGER PRIMARY KEY,
    kpi INTEGER NOT NULL REFERENCES kpis (id),
    day TEXT NOT NULL,
    value REAL NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT '',
    newest INTEGER NOT NULL DEFAULT 1,
    inbound INTEGER REFERENCES inbound (id)
);
CREATE INDEX kpi_values_kpi ON kpi_values (kpi, newest, day)
"""

_PEOPLE = """
CREATE TABLE twos (
    person TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (person, label)
) WITHOUT ROWID;
CREATE TRIGGER records_of_two AFTER INSERT ON records WHEN new.audience LIKE 'two:%' BEGIN
    INSERT OR IGNORE INTO twos (person, label) VALUES
        (substr(new.audience, 5, instr(new.audience, ',') - 5), new.audience),
        (substr(new.audience, instr(new.audience, ',') + 1), new.audience);
END;
CREATE TRIGGER prompts_of_two AFTER INSERT ON prompts WHEN new.audience LIKE 'two:%' BEGIN
    INSERT OR IGNORE INTO twos (person, label) VALUES
        (substr(new.audience, 5, instr(new.audience, ',') - 5), new.audience),
        (substr(new.audience, instr(new.audience, ',') + 1), new.audience);
END;
CREATE INDEX records_cheers ON records (context, opened_at) WHERE kind IN ('praise', 'win')
"""

_POLLS = """
CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    options TEXT NOT NULL,
    several INTEGER NOT NULL,
    ranked INTEGER NOT NULL,
    secret INTEGER NOT NULL,
    team TEXT NOT NULL,
    author TEXT NOT NULL,
    day TEXT NOT NULL,
    closes TEXT NOT NULL,
    outcome TEXT,
    inbound INTEGER REFERENCES inbound (id)
);

CREATE TABLE pulses (
    occurrence TEXT PRIMARY KEY REFERENCES occurrences (key),
    team TEXT NOT NULL,
    day TEXT NOT NULL,
    answers INTEGER,
    score REAL,
    balance REAL,
    reasons TEXT NOT NULL DEFAULT '[]'
);
CREATE INDEX pulses_team ON pulses (team, day);

CREATE TABLE sealed_answers (
    round TEXT NOT NULL,
    slot TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (round, slot)
) WITHOUT ROWID;

CREATE VIEW sealed_mails AS
    SELECT o.id, o.token, c.key AS round FROM outbox AS o JOIN occurrences AS c ON c.key = o.thread
    WHERE c.kind = 'pulse'
        OR c.kind = 'poll' AND EXISTS (SELECT 1 FROM polls AS p WHERE c.parent = 'poll:' || p.id AND p.secret = 1);

CREATE TABLE announcements (
    id INTEGER PRIMARY KEY,
    team TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    inbound INTEGER REFERENCES inbound (id)
);

CREATE TABLE seen (
    what TEXT NOT NULL,
    person TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (what, person)
) WITHOUT ROWID;

CREATE TABLE decision_requests (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    stakes TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL DEFAULT '[]',
    cost TEXT NOT NULL DEFAULT '',
    team TEXT NOT NULL,
    author TEXT NOT NULL,
    decider TEXT NOT NULL,
    due TEXT,
    decision TEXT NOT NULL DEFAULT '',
    record INTEGER REFERENCES records (id),
    inbound INTEGER REFERENCES inbound (id)
)
"""

UNSPACED = "ぁ-ヿ㐀-䶿一-鿿가-힣豈-﫿ｦ-ﾟ𠀀-𳿿々"
"""Letters of scripts that put no space between words: each is indexed as a word of its own, and a word is a phrase."""

_SEARCH = f"""
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

CREATE VIEW entries_spaced AS
    SELECT id, readers, CASE WHEN text GLOB '*[{UNSPACED}]*' THEN (
        WITH RECURSIVE letters (at, letter) AS (
            SELECT 1, substr(text, 1, 1)
            UNION ALL SELECT at + 1, substr(text, at + 1, 1) FROM letters WHERE at < length(text)
        )
        SELECT group_concat(CASE WHEN letter GLOB '[{UNSPACED}]' THEN ' ' || letter || ' ' ELSE letter END, '')
        FROM letters
    ) ELSE text END AS text
    FROM entries;
CREATE VIRTUAL TABLE entries_text USING fts5(
    text, readers, content = 'entries_spaced', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER entries_added AFTER INSERT ON entries BEGIN
    INSERT INTO entries_text (rowid, text, readers) SELECT id, text, readers FROM entries_spaced WHERE id = new.id;
END;
CREATE TRIGGER entries_gone BEFORE DELETE ON entries BEGIN
    INSERT INTO entries_text (entries_text, rowid, text, readers)
        SELECT 'delete', id, text, readers FROM entries_spaced WHERE id = old.id;
END;

CREATE VIEW findable_answers AS
    SELECT 'answer' AS source, a.id AS ref, a.question AS about, p.person, p.audience, p.day, a.text
    FROM answers AS a JOIN prompts AS p ON p.id = a.prompt
    WHERE a.newest = 1 AND a.text <> '' AND p.kind NOT IN ('pulse', 'poll', 'okr-draft', 'okr-update', 'okr-grade');
CREATE VIEW findable_records AS
    SELECT 'record' AS source, id AS ref, kind AS about, author AS person, audience, substr(opened_at, 1, 10) AS day,
        text
    FROM records WHERE state <> 'dropped';
CREATE VIEW findable_task_notes AS
    SELECT 'task-note' AS source, n.id AS ref, 'comment' AS about, n.by AS person, r.audience,
        substr(n.at, 1, 10) AS day, n.text
    FROM task_notes AS n JOIN records AS r ON r.id = n.task
    WHERE n.text <> '' AND r.state <> 'dropped';
CREATE VIEW findable_objectives AS
    SELECT 'objective' AS source, id AS ref, 'objective' AS about, owner AS person, 'everyone' AS audience,
        published AS day, text
    FROM objectives WHERE stage <> 'draft' AND published IS NOT NULL;
CREATE VIEW findable_key_results AS
    SELECT 'key-result' AS source, k.id AS ref, 'key-result' AS about, o.owner AS person, 'everyone' AS audience,
        o.published AS day, 'KR' || k.number || ' ' || k.text AS text
    FROM key_results AS k JOIN objectives AS o ON o.id = k.objective
    WHERE o.stage <> 'draft' AND o.published IS NOT NULL;
CREATE VIEW findable_goal_values AS
    SELECT 'goal-value' AS source, v.id AS ref, 'goal-comment' AS about, v.by AS person, 'everyone' AS audience,
        substr(v.at, 1, 10) AS day, 'KR' || k.number || ' ' || k.name || ': ' || v.comment AS text
    FROM goal_values AS v JOIN key_results AS k ON k.id = v.key_result
    WHERE v.comment <> '';
CREATE VIEW findable_goal_grades AS
    SELECT 'goal-grade' AS source, g.id AS ref, 'lesson' AS about, g.by AS person, 'everyone' AS audience,
        substr(g.at, 1, 10) AS day, 'KR' || k.number || ' ' || k.name || ': ' || trim(g.how || char(10) || g.learned,
        ' ' || char(10)) AS text
    FROM goal_grades AS g JOIN key_results AS k ON k.id = g.key_result
    WHERE g.newest = 1 AND g.how || g.learned <> '';
CREATE VIEW findable_kpis AS
    SELECT 'kpi' AS source, id AS ref, 'kpi' AS about, owner AS person, 'team:' || team AS audience,
        substr(opened_at, 1, 10) AS day, trim(name || ': ' || what || char(10) || why || char(10) || measured,
        ': ' || char(10)) AS text
    FROM kpis WHERE stage = 'live';
CREATE VIEW findable_kpi_values AS
    SELECT 'kpi-value' AS source, v.id AS ref, 'kpi-comment' AS about, v.by AS person, 'team:' || k.team AS audience,
        v.day, k.name || ': ' || v.comment AS text
    FROM kpi_values AS v JOIN kpis AS k ON k.id = v.kpi
    WHERE v.newest = 1 AND v.comment <> '';
CREATE VIEW findable_announcements AS
    SELECT 'announcement' AS source, id AS ref, 'announcement' AS about, author AS person,
        'team:' || team AS audience, substr(at, 1, 10) AS day, text
    FROM announcements;
CREATE VIEW findable_polls AS
    SELECT 'poll' AS source, id AS ref, 'poll' AS about, author AS person, 'team:' || team AS audience, day,
        question || (SELECT coalesce(group_concat(char(10) || '- ' || value, ''), '') FROM json_each(options)) AS text
    FROM polls;
CREATE VIEW findable_decision_requests AS
    SELECT 'decision-request' AS source, d.id AS ref, 'decision-request' AS about, d.author AS person,
        'team:' || d.team AS audience, substr(i.stored_at, 1, 10) AS day,
        trim(d.question || char(10) || d.reason || char(10) || d.stakes, char(10)) AS text
    FROM decision_requests AS d JOIN inbound AS i ON i.id = d.inbound;
"""


def _findable(table: str, source: str, changes: str, id_: str = "id") -> str:
    """Triggers that keep what may be found in step with a table; ``changes`` are the columns its view looks at."""
    view = f"findable_{table}"
    gone = f"DELETE FROM entries WHERE source = '{source}' AND ref ="
    copied = f"INSERT INTO entries (source, ref, about, person, audience, day, text) SELECT * FROM {view}"
    return f"""
{copied};
CREATE TRIGGER {table}_findable AFTER INSERT ON {table} BEGIN
    {copied} WHERE ref = new.{id_};
END;
CREATE TRIGGER {table}_changed AFTER UPDATE OF {changes} ON {table} BEGIN
    {gone} new.{id_};
    {copied} WHERE ref = new.{id_};
END;
CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN
    {gone} old.{id_};
END
"""


def _findable_with(table: str, whose: str, changes: str, source: str, column: str) -> str:
    """Where rows of ``whose`` decide about those of ``table``: its column ``column`` points to them."""
    view = f"findable_{table}"
    refs = f"(SELECT id FROM {table} WHERE {column} = new.id)"
    return f"""
CREATE TRIGGER {whose}_change_{table} AFTER UPDATE OF {changes} ON {whose} BEGIN
    DELETE FROM entries WHERE source = '{source}' AND ref IN {refs};
    INSERT INTO entries (source, ref, about, person, audience, day, text) SELECT * FROM {view} WHERE ref IN {refs};
END
"""


_FOUND = (
    _findable("answers", "answer", "newest, text"),
    _findable("records", "record", "text, audience, state"),
    _findable("task_notes", "task-note", "text"),
    _findable("objectives", "objective", "text, owner, stage, published"),
    _findable("key_results", "key-result", "text, number"),
    _findable("goal_values", "goal-value", "comment"),
    _findable("goal_grades", "goal-grade", "how, learned, newest"),
    _findable("kpis", "kpi", "name, owner, stage, what, why, measured"),
    _findable("kpi_values", "kpi-value", "comment, newest"),
    _findable("announcements", "announcement", "text"),
    _findable("polls", "poll", "question, options"),
    _findable("decision_requests", "decision-request", "question, reason, stakes"),
    _findable_with("answers", "prompts", "audience", "answer", "prompt"),
    _findable_with("task_notes", "records", "audience, state", "task-note", "task"),
    _findable_with("key_results", "objectives", "owner, stage, published", "key-result", "objective"),
)

_ACCOUNTS = """
"""

_REPEATS = """
ALTER TABLE inbound ADD COLUMN said TEXT NOT NULL DEFAULT ''
"""

_SHARED = """audience = 'everyone' OR audience GLOB 'team:*' OR audience IN (
        SELECT 'series:' || series FROM placements
        WHERE series NOT GLOB 'one-on-one.*' AND json_array_length(participants) > 2)"""
"""What is not private: a meeting of two is as private as a 1:1, whatever it is called."""

_VIEWS = f"""
CREATE VIEW kept_answers AS
    SELECT a.id, p.day, p.person, p.kind, p.parent AS round, p.audience, a.question, a.text, a.at, a.late
    FROM answers AS a JOIN prompts AS p ON p.id = a.prompt
    WHERE a.newest = 1 AND p.kind NOT IN ('pulse', 'poll');
CREATE VIEW kept_records AS
    SELECT id, kind, state, text, owner, author, audience, context, opened_at, closed_at, due, minutes
    FROM records WHERE kind <> 'action';
CREATE VIEW kept_tasks AS
    SELECT r.id, r.text, CASE r.state WHEN 'open' THEN coalesce(t.status, 'todo') ELSE r.state END AS status, r.owner,
        r.author, r.audience, r.context,
        CASE coalesce(t.priority, 1) WHEN 0 THEN 'low' WHEN 1 THEN 'normal' WHEN 2 THEN 'high' ELSE 'urgent' END
        AS priority,
        r.opened_at, r.closed_at, r.due, t.parent, t.goal AS key_result, t.rule, t.estimate AS estimate_minutes,
        coalesce(t.spent, 0) AS spent_minutes, coalesce(t.reason, '') AS reason
    FROM records AS r LEFT JOIN tasks AS t ON t.record = r.id
    WHERE r.kind = 'action';
CREATE VIEW kept_task_notes AS
    SELECT n.id, n.task, n.what, n.by, n.at, n.text, n.minutes, r.audience
    FROM task_notes AS n JOIN records AS r ON r.id = n.task;

CREATE VIEW public_people AS
    SELECT address, name, joined_at, left_at FROM people;
CREATE VIEW public_answers AS
    SELECT * FROM kept_answers WHERE {_SHARED};
CREATE VIEW public_records AS
    SELECT * FROM kept_records WHERE {_SHARED};
CREATE VIEW public_tasks AS
    SELECT * FROM kept_tasks WHERE {_SHARED};
CREATE VIEW public_task_notes AS
    SELECT * FROM kept_task_notes WHERE {_SHARED};
CREATE VIEW public_meetings AS
    SELECT m.key, m.series, substr(m.series, 1, instr(m.series || '.', '.') - 1) AS kind, m.start, m.end, m.state,
        m.series GLOB 'one-on-one.*' AS private, p.participants
    FROM meetings AS m LEFT JOIN placements AS p ON p.series = m.series
    WHERE m.state <> 'dropped';
CREATE VIEW public_objectives AS
    SELECT o.id, c.length AS cycle, c.first, c.last, o.team, o.owner, o.text, o.stage, o.parent, o.published
    FROM objectives AS o JOIN goal_cycles AS c ON c.id = o.cycle
    WHERE o.stage <> 'draft' AND o.published IS NOT NULL;
CREATE VIEW public_key_results AS
    SELECT k.id, k.objective, 'KR' || k.number AS code, k.text, k.name, k.measure, k.start, k.target, k.unit,
        k.at_most, k.weight, k.owners, k.label, k.due, k.standing, k.value, k.outlook AS confidence,
        k.said_at AS valued_at
    FROM key_results AS k JOIN public_objectives AS o ON o.id = k.objective;
CREATE VIEW public_key_result_values AS
    SELECT v.id, v.key_result, v.value, v.outlook AS confidence, v.comment, v.by, v.at
    FROM goal_values AS v JOIN public_key_results AS k ON k.id = v.key_result;
CREATE VIEW public_key_result_changes AS
    SELECT h.id, h.key_result, h.what, h.before, h.after, h.by, h.at
    FROM goal_history AS h JOIN public_key_results AS k ON k.id = h.key_result;
CREATE VIEW public_key_result_grades AS
    SELECT g.id, g.key_result, g.score, g.how, g.learned, g.by, g.at
    FROM goal_grades AS g JOIN public_key_results AS k ON k.id = g.key_result
    WHERE g.newest = 1;
CREATE VIEW public_kpis AS
    SELECT id, name, team, owner, what, why, measured, unit, baseline, rule, target, low, high, opened_at
    FROM kpis WHERE stage = 'live';
CREATE VIEW public_kpi_values AS
    SELECT v.id, v.kpi, v.day, v.value, v.comment, v.by, v.at
    FROM kpi_values AS v JOIN public_kpis AS k ON k.id = v.kpi
    WHERE v.newest = 1;
CREATE VIEW public_polls AS
    SELECT id, question, options, several, ranked, team, author, day, closes, outcome
    FROM polls WHERE secret = 0;
CREATE VIEW public_pulses AS
    SELECT occurrence AS id, team, day, answers, score, balance
    FROM pulses WHERE answers >= 5 AND score IS NOT NULL;
CREATE VIEW public_announcements AS
    SELECT id, team, author, text, at FROM announcements;
CREATE VIEW public_decision_requests AS
    SELECT id, team, author, decider, question, reason, stakes, options, cost, due, decision
    FROM decision_requests
"""

SECOND = (_CHOICES, _GOALS, _TASKS, _KPIS, _PEOPLE, _POLLS, _SEARCH, *_FOUND, _ACCOUNTS, _REPEATS, _VIEWS)
