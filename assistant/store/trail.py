"""Why the assistant did what it did, and what went wrong: ids and codes only, never anybody's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from assistant.store.database import read_meta, write_meta
from assistant.store.text import dumps, instant, loads, read_instant

_RESTS = "rests"


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    person: str
    act: str
    subject: str
    because: str


def record(db: Database, now: datetime, person: str, act: str, subject: str, because: str) -> None:
    """``act`` and ``because`` are short codes ("asked", "round check-in.product"); ``subject`` is the row acted on."""
    db.execute(
        "INSERT INTO trail (at, person, act, subject, because) VALUES (?, ?, ?, ?, ?)",
        [instant(now), person, act, subject, because],
    )


def of(db: Database, person_or_subject: str, limit: int = 50) -> list[Step]:
    """The newest steps about a person or a row, oldest first."""
    rows = db.execute(
        "SELECT at, person, act, subject, because FROM (SELECT * FROM trail WHERE person = ? OR subject = ?"
        " ORDER BY id DESC LIMIT ?) ORDER BY id",
        [person_or_subject, person_or_subject, limit],
    )
    return [Step(read_instant(at), *rest) for at, *rest in rows]


def of_series(db: Database, series: str, limit: int = 50) -> list[Step]:
    """The same about a series and each of its meetings."""
    rows = db.execute(
        "SELECT at, person, act, subject, because FROM (SELECT * FROM trail WHERE subject = ?"
        " OR subject >= ? AND subject < ? ORDER BY id DESC LIMIT ?) ORDER BY id",
        [series, f"meeting/{series}/", f"meeting/{series}0", limit],
    )
    return [Step(read_instant(at), *rest) for at, *rest in rows]


def bounces(db: Database, person: str, since: datetime) -> int:
    """How many mails to a person came back for good since then, and since their address was last taken up again."""
    row = db.execute(
        "SELECT count(DISTINCT subject) FROM trail WHERE person = ? AND act = 'bounced' AND because = 'permanent'"
        " AND at >= ? AND id > (SELECT coalesce(max(id), 0) FROM trail WHERE person = ? AND act = 'resumed')",
        [person, instant(since), person],
    ).fetchone()
    return int(row[0])


@dataclass(frozen=True, slots=True)
class Trouble:
    place: str
    message: str
    first_at: datetime
    times: int


def trouble(db: Database, now: datetime, place: str, message: str, patience: timedelta = timedelta()) -> None:
    """Note a problem once per place and message; a repeat only counts up.

    The operator is mailed about it at once, or with ``patience`` when it is noted again after so long: till then it
    is only to be seen.
    """
    db.execute(
        "INSERT INTO problems (key, place, message, first_at, last_at, told_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET times = times + 1, last_at = excluded.last_at,"
        " told_at = CASE WHEN told_at = '' AND first_at <= ? THEN NULL ELSE told_at END",
        [
            f"{place}: {message}", place, message, instant(now), instant(now), "" if patience else None,
            instant(now - patience),
        ],
    )  # fmt: skip


def note_all(db: Database, now: datetime, kind: str, found: Mapping[str, str]) -> None:
    """All the problems of one ``kind``, by place, as they are now: what is not among them any more is over.

    ``kind`` is what their places, and no others, begin with.
    """
    places = [f"{kind}{place}" for place in found]
    marks = ", ".join("?" * len(places))
    db.execute(
        f"DELETE FROM problems WHERE substr(place, 1, ?) = ? AND place NOT IN ({marks})", [len(kind), kind, *places]
    )
    for place, message in zip(places, found.values(), strict=True):
        trouble(db, now, place, message)


def forget_mails(db: Database, before: datetime) -> None:
    """What became of single mails is no news after a while, and nothing that passes by itself."""
    db.execute("DELETE FROM problems WHERE place LIKE 'mail %' AND last_at < ?", [instant(before)])


def settled(db: Database, place: str) -> None:
    db.execute("DELETE FROM problems WHERE place = ?", [place])


def troubles(db: Database) -> list[Trouble]:
    """All that are not over. What is wrong with an account is the last that it said: before that it said otherwise."""
    rows = db.execute(
        "SELECT place, message, first_at, times FROM problems AS p WHERE last_at = (SELECT max(last_at) FROM problems"
        " WHERE place = p.place) OR NOT (place GLOB 'account *' OR place GLOB 'calendar *' OR place GLOB 'channel *')"
        " ORDER BY first_at, key"
    )
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]


@dataclass(frozen=True, slots=True)
class Rest:
    """A place that is left alone ``until`` then, after it failed so many times running."""

    place: str
    until: datetime
    times: int
    error: str


def put_rests(db: Database, rests: Sequence[Rest]) -> None:
    """All there are just now, in place of those noted before."""
    rows = [[rest.place, instant(rest.until), rest.times, rest.error] for rest in rests]
    write_meta(db, _RESTS, dumps(rows))


def rests(db: Database) -> list[Rest]:
    return [
        Rest(place, read_instant(until), times, error)
        for place, until, times, error in loads(read_meta(db, _RESTS) or "[]")
    ]


def untold(db: Database, now: datetime) -> list[Trouble]:
    """Problems the operator was not mailed about yet; asking marks them told."""
    if db.execute("SELECT 1 FROM problems WHERE told_at IS NULL LIMIT 1").fetchone() is None:
        return []
    rows = db.execute(
        "SELECT place, message, first_at, times FROM problems WHERE told_at IS NULL ORDER BY first_at, key"
    ).fetchall()
    db.execute("UPDATE problems SET told_at = ? WHERE told_at IS NULL", [instant(now)])
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]
