"""What the second migration adds, by concern. A statement ends with a semicolon and holds none."""

_CHOICES = """
CREATE TABLE choices (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL,
    inbound INTEGER NOT NULL REFERENCES inbound (id),
    mail INTEGER REFERENCES outbox (id),
    options TEXT NOT NULL,
    offered_at TEXT NOT NULL,
    settled_at TEXT
);
CREATE INDEX choices_mail ON choices (mail)
"""

_GOALS = """
"""

_TASKS = """
"""

_KPIS = """
"""

_PEOPLE = """
"""

_SEARCH = """
"""

_ACCOUNTS = """
"""

SECOND = (_CHOICES, _GOALS, _TASKS, _KPIS, _PEOPLE, _SEARCH, _ACCOUNTS)
