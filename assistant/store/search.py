"""Finding again what people wrote (SQLite FTS5). What may be found is kept in step by triggers in the schema.

Who may read an entry stands in the index beside its words, so that a search never looks at what the asker may not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from assistant.store.second import UNSPACED

_PREFIX = 4
"""A word of so many letters also finds those that begin with it: "deploy" finds "deployed"."""
_COMMON = 20_000
"""A word that so many entries hold is looked for as it stands: the index reads all of a longer one before the first."""
_SPELT = 5
"""From so many letters on a word may also be spelt the other way: "Groesse" finds "Größe"."""
_DIGRAPHS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"))
_UNSPACED = re.compile(f"([{UNSPACED}])")


@dataclass(frozen=True, slots=True)
class Entry:
    """``about`` is the question's key or the record's kind; ``day`` the local day of an answer, else UTC."""

    id: int
    about: str
    person: str
    audience: str
    day: date
    text: str


def find(
    db: Database,
    words: Sequence[str],
    readable: Collection[str],
    *,
    about: Sequence[str] = (),
    person: str | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int = 20,
) -> list[Entry]:
    """The newest entries with all of these words, or with no words all, whose audience is one of ``readable``.

    ``about`` and ``person`` narrow it; ``first`` and ``last`` are inclusive days.
    """
    if not readable:
        return []
    where, values = _narrowed(about, person, first, last)
    if words:
        source = "entries_text AS t JOIN entries AS e ON e.id = t.rowid"
        where, values = ["entries_text MATCH ?", *where], [_match(db, words, readable), *values]
        order = "t.rowid DESC"
    else:
        source, order = "entries AS e", "e.day DESC, e.id DESC"
        where.append(f"e.audience IN ({', '.join('?' * len(readable))})")
        values += readable
    rows = db.execute(
        f"SELECT e.id, e.about, e.person, e.audience, e.day, e.text FROM {source}"
        f" WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?",
        [*values, limit],
    )
    return [Entry(id_, what, who, label, date.fromisoformat(day), text) for id_, what, who, label, day, text in rows]


def _narrowed(
    about: Sequence[str], person: str | None, first: date | None, last: date | None
) -> tuple[list[str], list[object]]:
    where: list[str] = []
    values: list[object] = []
    if about:
        where.append(f"e.about IN ({', '.join('?' * len(about))})")
        values += about
    for clause, value in (
        ("e.person = ?", person),
        ("e.day >= ?", first and first.isoformat()),
        ("e.day <= ?", last and last.isoformat()),
    ):
        if value is not None:
            where.append(clause)
            values.append(value)
    return where, values


def _match(db: Database, words: Sequence[str], readable: Collection[str]) -> str:
    """An FTS5 expression. Every word is quoted, so that none can be an operator."""
    spelt = [list(dict.fromkeys(_spellings(word))) for word in words]
    terms = " AND ".join("(" + " OR ".join(_term(db, spelling) for spelling in each) + ")" for each in spelt)
    readers = " OR ".join(f'"r{label.encode().hex()}"' for label in sorted(readable))
    return f"text : ({terms}) AND readers : ({readers})"


def _term(db: Database, word: str) -> str:
    phrase = " ".join(_UNSPACED.sub(r" \1 ", word.replace('"', " ").replace("\0", " ")).split())
    if len(word) < _PREFIX or _UNSPACED.search(word) or _is_common(db, phrase):
        return f'"{phrase}"'
    return f'"{phrase}"*'


def _is_common(db: Database, phrase: str) -> bool:
    found = db.execute(
        "SELECT 1 FROM entries_text WHERE entries_text MATCH ? LIMIT 1 OFFSET ?", [f'text : "{phrase}"', _COMMON]
    )
    return found.fetchone() is not None


def _spellings(word: str) -> Iterator[str]:
    """As it stands, and with the German letters that some keyboards lack spelt the other way."""
    yield word
    lower = word.lower()
    for letter, digraph in _DIGRAPHS:
        if letter in lower:
            yield lower.replace(letter, digraph)
        elif digraph in lower and len(word) >= _SPELT:
            yield lower.replace(digraph, letter)
    spelt = lower
    for letter, digraph in _DIGRAPHS:
        spelt = spelt.replace(letter, digraph)
    yield spelt
    if len(word) >= _SPELT:
        for letter, digraph in _DIGRAPHS:
            spelt = spelt.replace(digraph, letter)
        yield spelt


def entry(db: Database, id_: int) -> Entry | None:
    row = db.execute("SELECT id, about, person, audience, day, text FROM entries WHERE id = ?", [id_]).fetchone()
    return None if row is None else Entry(row[0], row[1], row[2], row[3], date.fromisoformat(row[4]), row[5])
