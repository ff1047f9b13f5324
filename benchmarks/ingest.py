"""Ingest: from a reply's bytes to committed answers, beside Roundup's and the least that parsing and storing cost."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from functools import partial
from pathlib import Path

from assistant.adapters.local import deliver

from assistant.ports import FetchedMail, MailBatch
from assistant.store import inbox as store
from assistant.store import rounds
from assistant.wiring import House
from assistant.workflows import inbox as workflow
from benchmarks.companies import ADDRESS, SPAN, answer, asked, company, house, inbox, no_guard, write_config
from benchmarks.companies import SOON as NOW
from benchmarks.measure import Contender, Spent, Timing, Watch, process, side_by_side
from benchmarks.peering import peer_python, versions
from benchmarks.report import Goal, Report, at_least, duration, figure

GROUP = 100
ONE, GROUPED, LONG = "ours, a mail at a time", f"ours, {GROUP} at a time", f"ours, {GROUP} long ones at a time"
LIMIT_ONE, LIMIT_GROUPED = "limit, a commit a mail", f"limit, a commit for {GROUP}"
OURS, ROUNDUP = "whole process, ours", "whole process, Roundup"
_TRACKER = Path(__file__).parent / "peers" / "tracker.py"


def run(*, quick: bool) -> Report:
    people, runs = (120, 2) if quick else (336, 5)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        short, long = _prepare(folder / "asked", people)
        inner = side_by_side(_in_process(folder, people, short, long), runs)
        outer = side_by_side(_whole_processes(folder, people, short), 1 if quick else 3, warm=0)
    sizes = [figure(sum(map(len, raws)) / len(raws) / 1024) for raws in (short, long)]
    return Report(
        "Ingest",
        f"{len(short)} replies to check-ins, from raw bytes to committed answers: stored, prompt and sender found,"
        f" the reply cut, three questions answered, records and timers moved. Short ones have {sizes[0]} KB, long"
        f" ones {sizes[1]} KB. The limit parses (compat32, six headers, one text part) and inserts the raw mail and"
        " three answers; it understands nothing. Whole processes: `assistant run --once` on a Maildir, and the"
        f" mailbox mode of {versions('roundup')}.",
        ("", "mails/s", "per mail", "of it CPU"),
        [[name, f"{t.rate:,.0f}", duration(t.each), duration(t.cpu_each)] for name, t in (inner | outer).items()],
        _goals(inner, outer),
    )


def _goals(inner: Mapping[str, Timing], outer: Mapping[str, Timing]) -> list[Goal]:
    each = {name: timing.each for name, timing in inner.items()}
    return [
        at_least("whole process >= 15x Roundup's", outer[ROUNDUP].each / outer[OURS].each, 15),
        at_least("grouped, in process, >= 25x Roundup's", outer[ROUNDUP].each / each[GROUPED], 25),
        at_least("a mail at a time >= 60 % of its limit", each[LIMIT_ONE] / each[ONE] * 100, 60, " %"),
        at_least("grouped >= 50 % of its limit", each[LIMIT_GROUPED] / each[GROUPED] * 100, 50, " %"),
        at_least("long mails >= 40 % of the rate of short ones", each[GROUPED] / each[LONG] * 100, 40, " %"),
    ]


def _prepare(folder: Path, people: int) -> tuple[list[bytes], list[bytes]]:
    """A store in which all were just asked, and the answers of seven in eight: nobody's round is over with them."""
    with asked(folder, people) as home:
        writers = [person for n, person in enumerate(home.desk.setup.people.values()) if n % SPAN < SPAN - 1]
        prompts = [inbox(folder, person.address)[0] for person in writers]
        asked_by = list(enumerate(zip(prompts, writers, strict=True)))
        short = [answer(prompt, person, number, NOW) for number, (prompt, person) in asked_by]
        long = [answer(prompt, person, number, NOW, long=True) for number, (prompt, person) in asked_by]
    return short, long


def _in_process(
    folder: Path, people: int, short: Sequence[bytes], long: Sequence[bytes]
) -> dict[str, tuple[Contender, int]]:
    def ours(mails: Sequence[bytes], size: int) -> tuple[Contender, int]:
        return partial(_ours, folder, people, mails, size), len(mails)

    def limit(mails: Sequence[bytes], size: int) -> tuple[Contender, int]:
        return partial(_limit, folder, mails, size), len(mails)

    return {
        ONE: ours(short, 1),
        GROUPED: ours(short, GROUP),
        LONG: ours(long, GROUP),
        LIMIT_ONE: limit(short, 1),
        LIMIT_GROUPED: limit(short, GROUP),
        LIMIT_GROUPED.replace(f"{GROUP}", f"{GROUP} long ones"): limit(long, GROUP),
    }


def _ours(folder: Path, people: int, mails: Sequence[bytes], size: int) -> Spent:
    copy = _fresh(folder / "asked", folder / "ours")
    with house(copy, company(people)) as home:
        watch = Watch()
        for number, group in enumerate(_groups(mails, size)):
            found = [FetchedMail(f"{number}.{place}", raw) for place, raw in enumerate(group)]
            store.store_batch(home.db, NOW, "main", MailBatch(found, f"{number}"))
            workflow.run(home.desk, NOW, no_guard)
        spent = watch.spent()
        _check(home, len(mails))
    return spent


def _check(home: House, mails: int) -> None:
    """What was fast but not done does not count."""
    states = rounds.counts(home.db)
    if states.get("answered") != mails:
        raise RuntimeError(f"of {mails} replies not all were answers: {states}, {store.counts(home.db)}")


def _fresh(prepared: Path, folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    with closing(sqlite3.connect(prepared / "assistant.db")) as source:
        source.execute("VACUUM INTO ?", [str(folder / "assistant.db")])
    return folder


def _groups(mails: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    return (mails[first : first + size] for first in range(0, len(mails), size))


# The limit: what nobody who parses in Python and stores in SQLite gets below.

_TABLES = (
    "CREATE TABLE replies (id INTEGER PRIMARY KEY, message_id TEXT UNIQUE, answers TEXT, sender TEXT, subject TEXT,"
    " date TEXT, recipient TEXT, body TEXT, raw BLOB, sha256 TEXT)",
    "CREATE TABLE answers (id INTEGER PRIMARY KEY, reply INTEGER REFERENCES replies (id), question TEXT, text TEXT)",
    "CREATE INDEX by_reply ON answers (reply)",
)
_NUMBERED = re.compile(r"^([123])\. (.*)$", re.MULTILINE)


def _limit(folder: Path, mails: Sequence[bytes], size: int) -> Spent:
    path = folder / "limit.db"
    for old in folder.glob("limit.db*"):
        old.unlink()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        for statement in _TABLES:
            db.execute(statement)
        watch = Watch()
        for group in _groups(mails, size):
            db.execute("BEGIN IMMEDIATE")
            for raw in group:
                _store(db, raw)
            db.execute("COMMIT")
        return watch.spent()


def _store(db: sqlite3.Connection, raw: bytes) -> None:
    message = message_from_bytes(raw)
    names = ("Message-ID", "In-Reply-To", "From", "Subject", "Date", "To")
    identity, about, sender, subject, date, recipient = (_decoded(message[name] or "") for name in names)
    body = _body(message)
    made = db.execute(
        "INSERT INTO replies (message_id, answers, sender, subject, date, recipient, body, raw, sha256)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [identity, about, parseaddr(sender)[1], subject, date, recipient, body, raw, hashlib.sha256(raw).hexdigest()],
    )
    rows = [(made.lastrowid, number, text) for number, text in _NUMBERED.findall(body)[:3]]
    db.executemany("INSERT INTO answers (reply, question, text) VALUES (?, ?, ?)", rows)


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value))) if "=?" in value else value


def _body(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return (
                payload.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(payload, bytes) else ""
            )
    return ""


# Whole processes.


def _whole_processes(folder: Path, people: int, mails: Sequence[bytes]) -> dict[str, tuple[Contender, int]]:
    tracker, spool = folder / "tracker", folder / "spool"
    subprocess.run([peer_python(), _TRACKER, tracker, str(people)], check=True)
    spool.write_bytes(b"".join(_in_mailbox(raw, number) for number, raw in enumerate(mails)))
    return {
        OURS: (partial(_process_ours, folder, people, mails), len(mails)),
        ROUNDUP: (partial(_process_roundup, folder, tracker, spool), len(mails)),
    }


def _process_ours(folder: Path, people: int, mails: Sequence[bytes]) -> Spent:
    copy = _fresh(folder / "asked", folder / "whole")
    config = write_config(copy, people)
    for number, raw in enumerate(mails):
        deliver(copy, ADDRESS, raw, f"{number:05}")
    ended = process([sys.executable, "-m", "assistant.cli", "-c", config, "run", "--once", "--now", NOW.isoformat()])
    with house(copy, company(people)) as home:
        _check(home, len(mails))
    return ended.spent


def _in_mailbox(raw: bytes, number: int) -> bytes:
    """The same reply as Roundup knows it: to its address, about an issue, in mbox form."""
    text = raw.replace(b"\r\n", b"\n")
    head, _, body = text.partition(b"\n\n")
    head = re.sub(rb"(?m)^To: .*(\n[ \t].*)*", b"To: issue_tracker@in.example.com", head)
    head = re.sub(rb"(?m)^Subject: .*(\n[ \t].*)*", b"Subject: Re: [issue%d] Check-in" % (number + 1), head)
    body = re.sub(rb"(?m)^From ", b">From ", body)
    return b"From u Mon Nov 23 10:00:00 2026\n" + head + b"\n\n" + body + b"\n\n"


def _process_roundup(folder: Path, tracker: Path, spool: Path) -> Spent:
    copy = folder / "tracker-copy"
    if copy.exists():
        shutil.rmtree(copy)
    shutil.copytree(tracker, copy)
    shutil.copy(spool, folder / "spool-copy")
    gateway = peer_python().parent / "roundup-mailgw"
    ended = process([gateway, copy, "mailbox", folder / "spool-copy"], folder)
    with closing(sqlite3.connect(copy / "db" / "db")) as db:
        stored = db.execute("SELECT count(*) FROM _msg").fetchone()[0]
    if stored != spool.read_bytes().count(b"\nSubject: Re: [issue"):
        raise RuntimeError(f"Roundup stored {stored} messages, not all")
    return ended.spent
