"""The pulse: asked, taken in sealed, told in averages, and nothing left by which anybody could be told from another."""

from __future__ import annotations

import sqlite3
from atexit import register
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import TemporaryDirectory, mkdtemp

from assistant.adapters.envelope import headers, own_recipient
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from assistant.ports import FetchedMail, MailBatch
from assistant.rehearsal import nullcontext_guard
from assistant.store import database, inbox, sealed
from assistant.wiring import desk
from assistant.workflows import due
from assistant.workflows import inbox as inbox_workflow
from tests.journeys.office import Letter, Office, check_invariants, office, utc

PEOPLE = ("mia", "sam", "lee", "ana", "ines", "tom")
ALL = tuple(f"{name}@example.com" for name in PEOPLE)
MIA, SAM = ALL[:2]
TEAM = (
    "assistant: {name: Ada, address: ada@example.com}\npeople:\n"
    "  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}\n"
    + "".join(
        f"  - {{name: {name.title()} Park, email: {name}@example.com, zone: Europe/Berlin, team: product}}\n"
        for name in PEOPLE[1:]
    )
    + 'rounds:\n  - {kind: pulse, team: product, at: "10:00", every: second Tuesday}\n'
    "  - {kind: weekly-update, team: product}\n"
)
START, ASKED = utc("2026-12-07 12:00"), utc("2026-12-08 09:30")


def day(number: int, clock: str = "12:00") -> datetime:
    return utc(f"2026-12-{number:02} {clock}")


def files(it: Office) -> bytes:
    """Everything the store leaves on the disk, raw: its file, its log and its copies; and the assistant's mailbox."""
    found = [*it.data.glob("assistant.db*"), *(it.data / "backups").glob("*"), *(it.data / "sealed").glob("*")]
    found += [path for path in (it.data / "mail" / "ada@example.com").rglob("*") if path.is_file()]
    return b"".join(path.read_bytes() for path in found)


def test_a_pulse_is_taken_in_sealed_and_told_in_averages(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, START) as it:
        it.until(ASKED)
        mail = it.last(SAM, "pulse")
        assert "Nobody learns what you said" in mail and mail.kinds == ("pulse",)
        for number, who in enumerate(ALL):
            receipt, *_ = it.reply(it.last(who, "pulse"), f"1. {4 + number} - reason zebra{number}\n2. 7")
            assert "It lies sealed, without your name" in receipt
            assert "zebra" not in receipt.text
            assert number == 5 or b"zebra" not in files(it), "not even before it closes"
            if number == 2:
                (again,) = it.reply(it.last(who, "pulse"), "10, actually")
                assert "instead of what you wrote before" in again
        assert it.rows("SELECT count(*) FROM answers") == [(0,)]
        assert it.rows("SELECT count(*) FROM sealed_answers") == [(0,)], "closed as soon as all had answered"
        it.until(day(8, "14:00"))
        for who in ALL:
            result = it.last(who, "pulse-result")
            assert "6 answered: work is at 7.2" in result and "8 would be good" in result
            words = result.text
            places = [words.index(f"zebra{n}") for n in (0, 1, 3, 4, 5)]
            assert places == sorted(places) and "zebra2" not in words, "a second reply replaces the first"
            assert "Park" not in words
        (late,) = it.reply(it.last(SAM, "pulse"), "1. 0 because zorro\n2. 0")
        assert "nothing is added" in late and b"zorro" not in files(it)
        it.until(day(14))
        assert "7.2 (Tue 8 Dec)" in it.last(SAM, "rollup")
        check_invariants(it)


def test_fewer_than_five_are_told_nothing_and_leave_nothing(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, START) as it:
        it.until(ASKED)
        for number, who in enumerate(ALL[:4]):
            it.reply(it.last(who, "pulse"), f"{number} zebra{number}")
        it.until(day(15, "08:30"))
        assert it.inbox(MIA, "pulse-result") == [], "open for five working days"
        it.until(day(15))
        told = it.last(MIA, "pulse-result")
        assert "Fewer than five answered" in told and "zebra" not in told.text
        assert b"zebra" not in files(it)
        assert list((it.data / "sealed").iterdir()) == []
        check_invariants(it)


def test_what_is_not_understood_is_asked_again_without_repeating_it(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, START) as it:
        it.until(ASKED)
        (receipt,) = it.reply(it.last(SAM, "pulse"), "thanks to Tom for the zebra\ntask: feed the zebra")
        assert "no figure" in receipt and "zebra" not in receipt.text
        assert b"zebra" not in files(it)
        assert it.rows("SELECT count(*) FROM records") == [(0,)], "no line of it is a command"


def test_a_reason_between_the_two_figures_stays_whole_and_both_count(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, START) as it:
        it.until(ASKED)
        (why,) = it.reply(it.last(SAM, "pulse"), "why?")
        assert "read by nobody" in why and "Mia Chen" not in why.text.partition("set me up")[2]
        it.write(SAM, "pulse 3")
        assert not any("15:00" in str(row) for row in it.rows("SELECT * FROM settings WHERE person = ?", SAM))
        for who in ALL:
            it.reply(it.last(who, "pulse"), "7\nToo many meetings\n6")
        it.until(day(8, "14:00"))
        result = it.last(MIA, "pulse-result")
        assert "Too many meetings" in result and "Workload 6" in result


def test_copies_of_the_store_tell_nothing_either(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, START) as it:
        it.until(ASKED)
        it.reply(it.last(SAM, "pulse"), "3 zebra\n2")
        with it.house.db.conn:
            it.house.db.execute(
                "INSERT INTO inbound (account, provider_id, raw, sha256, stored_at, state)"
                " SELECT 'main', 'late', CAST('zebra ' || token AS BLOB), '', '', 'shunted' FROM outbox"
                " WHERE kinds LIKE '%pulse%' LIMIT 1"
            )
        copy = database.backup(it.house.db, it.data, it.now, 1)
        assert b"zebra" not in copy.read_bytes()
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("SELECT count(*) FROM sealed_answers").fetchone() == (1,)
        it.until(day(15))
        assert b"zebra" not in files(it), "what had been put aside goes as well"


def test_who_is_in_two_teams_counts_in_one(tmp_path: Path) -> None:
    ines = "email: ines@example.com, zone: Europe/Berlin, "
    both = TEAM.replace(f"{ines}team: product", f"{ines}teams: [sales, product]")
    both = both.replace("kind: pulse, team: product", "kind: pulse, team: [product, sales]")
    with office(tmp_path, both, START) as it:
        it.until(ASKED)
        assert [len(it.inbox(who, "pulse")) for who in ALL] == [1] * 6
        assert it.rows("SELECT occurrence FROM prompts WHERE person = 'ines@example.com' AND state = 'asked'") == [
            ("pulse.sales/2026-12-08",)
        ]


# --- Nobody can be told from another

VOTES = st.lists(st.integers(0, 10), min_size=6, max_size=6)
WHO = st.lists(st.integers(0, 5), min_size=3, max_size=8)


def everything(db: Database) -> list[str]:
    """The whole store as text, all mails with it, but for what is drawn by lot or is the machine's own time."""
    tables = db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'entries_text%'"
        " AND name NOT IN ('_sqlite_migrations', 'cursors')"
    ).fetchall()
    rows = [
        f"{name}: {row}"
        for (name,) in tables
        for row in db.execute(f"SELECT * FROM {name}")
        if not (name == "meta" and row[0] == "secret")
    ]
    told = "\n".join(rows)
    for token, key in db.execute("SELECT token, key FROM outbox"):
        told = told.replace(token, key)
    return told.splitlines()


@cache
def asked(poll: bool) -> tuple[Office, dict[str, Letter]]:
    """Where everybody has just been asked, lived through once; its store is copied for each course it may take."""
    folder = Path(mkdtemp())
    register(rmtree, folder)
    with office(folder, TEAM, START) as it:
        it.until(ASKED)
        if poll:
            it.write(MIA, "secret poll: Which? " + " ".join(f"{'abcdefghijk'[n]}) option{n}" for n in range(11)))
        return it, {who: it.last(who, "poll" if poll else "pulse") for who in ALL}


@cache
def reply(poll: bool, step: int, who: str, words: str) -> FetchedMail:
    it, letters = asked(poll)
    it._written = 1000 + step
    raw = it.reply_bytes(letters[who], words)
    return FetchedMail(f"reply {step}", raw, own_recipient(headers(raw), "ada@example.com", "+"))


def lived(said: Sequence[tuple[int, str]], poll: bool) -> tuple[list[str], bytes]:
    """A pulse or a secret poll in which these people wrote this, one after the other, and its end a week later."""
    it, _ = asked(poll)
    with TemporaryDirectory() as name:
        folder = Path(name)
        copyfile(it.data / database.FILE, folder / database.FILE)
        with closing(database.open_store(folder)) as db:
            db.execute("PRAGMA synchronous = OFF")
            made = desk(it.house.config, db, it.house.mail, it.house.calendars, ASKED)
            for step, (who, words) in enumerate(said):
                mail = reply(poll, step, ALL[who], words)
                inbox.store_batch(db, ASKED, "main", MailBatch([mail], str(step)))
                inbox_workflow.run(made, ASKED, nullcontext_guard)
                sealed.sweep(db)
            due.run(made, day(16), nullcontext_guard)
            sealed.sweep(db)
            return everything(db), b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@settings(max_examples=50, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(votes=VOTES, order=WHO, swap=st.tuples(st.integers(0, 5), st.integers(0, 5)), poll=st.booleans())
def test_whoever_says_what_the_store_and_every_mail_are_the_same(
    votes: list[int], order: list[int], swap: tuple[int, int], poll: bool
) -> None:
    """Two who exchange what they said leave exactly the same behind, to the byte of every row and mail. Below five
    answers the same is true whatever was said."""
    one, other = swap
    answering = set(order)
    assume({one, other} <= answering and votes[one] != votes[other])
    exchanged = list(votes)
    exchanged[one], exchanged[other] = votes[other], votes[one]

    def words(figures: Sequence[int]) -> list[tuple[int, str]]:
        return [
            (who, "abcdefghijk"[figures[who]] if poll else f"1. {figures[who]} since quagga{figures[who]}x\n2. 5")
            for who in order
        ]

    first, raw = lived(words(votes), poll)
    second, _ = lived(words(exchanged), poll)
    assert first == second
    if len(answering) < 5:
        assert b"quagga" not in raw
