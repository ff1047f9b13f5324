"""The weekly rollup of a large company, beside the bare SQL aggregate and a store that asks person by person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.questions import Answer, Question
from assistant.domain.setup import Round
from assistant.ports import FetchedMail, MailBatch
from assistant.render import Section
from assistant.store import inbox, outbox, reports, rounds
from assistant.store import people as people_store
from assistant.store.outbox import NewMail
from assistant.store.rounds import AskedQuestion, PromptState
from assistant.wiring import House
from assistant.workflows import outbox as writing
from assistant.workflows import rollups
from assistant.workflows.rollups import Scopes
from benchmarks.companies import company, house
from benchmarks.measure import Contender, side_by_side, timed
from benchmarks.report import Goal, Report, at_least, at_most, duration

WEEKS = 4
LAST = date(2026, 11, 16)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AGGREGATE, FIGURES, EACH = "limit: one SQL aggregate by team", "ours: participation of all", "one query a person"
LOAD, TELL, RENDER = (
    "ours: load the week",
    "ours: load it, and tell every reader theirs",
    "ours: render a sample of them",
)
BODIES = "limit: aggregate and fetch every answer"
_QUESTIONS = tuple(AskedQuestion(n, Question(key, f"{key}?")) for n, key in enumerate(("done", "next", "blockers"), 1))
_WORDS = "shipped the billing migration and reviewed the design of the rollout with the platform team"


def run(*, quick: bool) -> Report:
    people, runs = (1_000, 3) if quick else (10_000, 5)
    sample = 50 if quick else 300
    small = _queries(100)
    with _filled(people) as home:
        large = _count_queries(home)
        timings = side_by_side(_contenders(home, people, sample), runs)
    seconds = {name: timing.seconds for name, timing in timings.items()}
    return Report(
        "Rollups",
        f"{people:,} people in teams of eight, {WEEKS} weekly updates each, four of five answered with"
        f" {len(_QUESTIONS)} answers, {people * WEEKS * len(_QUESTIONS) * 4 // 5:,} in all; the rollups of one"
        " week. The aggregate counts who was asked and who answered, by team; ours counts by team and person and"
        " over all teams.",
        ("", "in all", "per person", "of it CPU"),
        [[name, duration(t.seconds), duration(t.each), duration(t.cpu_each)] for name, t in timings.items()],
        [
            at_most("figures within 2x of the aggregate", seconds[FIGURES] / seconds[AGGREGATE], 2),
            at_least("figures >= 15x faster than person by person", seconds[EACH] / seconds[FIGURES], 15),
            at_most(
                "the whole week loaded within 2x of the aggregate and every answer fetched",
                seconds[LOAD] / seconds[BODIES],
                2,
            ),
            Goal(f"as many queries for {people:,} people as for 100", f"{large} and {small}", large == small),
        ],
    )


def _contenders(home: House, people: int, sample: int) -> dict[str, tuple[Contender, int]]:
    db, desk = home.db, home.desk
    names, readers = [round_.name for round_ in desk.setup.rounds], list(desk.setup.people.values())
    scopes = Scopes(desk.setup)
    views = _tell(home, scopes, readers)

    def render() -> None:
        for reader in readers[:sample]:
            desk.render.mail([Section("rollup", views[reader.address])], writing.frame(desk, NOW, reader))

    return {
        AGGREGATE: (timed(lambda: _aggregate(home)), people),
        FIGURES: (timed(lambda: reports.participation(db, names, LAST, LAST + timedelta(days=6))), people),
        EACH: (timed(lambda: _person_by_person(home)), people),
        BODIES: (timed(lambda: (_aggregate(home), _bodies(home))), people),
        LOAD: (timed(lambda: rollups.load(desk, scopes, LAST, readers, NOW)), people),
        TELL: (timed(lambda: _tell(home, scopes, readers)), people),
        RENDER: (timed(render), sample),
    }


def _tell(home: House, scopes: Scopes, readers: Sequence[Person]) -> dict[str, object]:
    week = rollups.load(home.desk, scopes, LAST, readers, NOW)
    return {reader.address: rollups.view(week, scopes, reader, reader.language) for reader in readers}


def _aggregate(home: House) -> list[Any]:
    return home.db.execute(
        "SELECT audience, count(*), sum(state = 'answered'), sum(EXISTS (SELECT 1 FROM answers a WHERE a.prompt = p.id"
        " AND a.question = 'blockers')) FROM prompts p WHERE day BETWEEN ? AND ? GROUP BY audience",
        [LAST.isoformat(), (LAST + timedelta(days=6)).isoformat()],
    ).fetchall()


def _bodies(home: House) -> list[Any]:
    return home.db.execute(
        "SELECT p.audience, p.person, a.question, a.text FROM prompts p JOIN answers a ON a.prompt = p.id"
        " WHERE p.day BETWEEN ? AND ? ORDER BY p.audience, p.person, a.question",
        [LAST.isoformat(), (LAST + timedelta(days=6)).isoformat()],
    ).fetchall()


def _person_by_person(home: House) -> dict[str, list[int]]:
    """As one writes it with sqlite-utils."""
    found: dict[str, list[int]] = {}
    where = "person = ? AND day BETWEEN ? AND ?"
    for address in home.desk.setup.people:
        given = [address, LAST.isoformat(), (LAST + timedelta(days=6)).isoformat()]
        for prompt in home.db["prompts"].rows_where(where, given):
            counts = found.setdefault(prompt["audience"], [0, 0, 0])
            counts[0] += 1
            counts[1] += prompt["state"] == "answered"
            named = home.db["answers"].count_where("prompt = ? AND question = 'blockers'", [prompt["id"]])
            counts[2] += named > 0
    return found


def _queries(people: int) -> int:
    with _filled(people) as home:
        return _count_queries(home)


def _count_queries(home: House) -> int:
    """Of one rollup run for everybody, without the mails."""
    statements: list[str] = []
    home.db.conn.set_trace_callback(statements.append)
    _tell(home, Scopes(home.desk.setup), list(home.desk.setup.people.values()))
    home.db.conn.set_trace_callback(None)
    return len(statements)


@contextmanager
def _filled(people: int) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), company(people, kind="weekly-update")) as home:
        with home.db.atomic():
            people_store.meet(home.db, NOW, home.desk.setup.people.values())
            inbox.store_batch(home.db, NOW, "main", MailBatch([FetchedMail("1", b"")], "1"))
            outbox.add(home.db, NOW, _MAIL)
            for week in range(WEEKS):
                for round_ in home.desk.setup.rounds:
                    _week(home, round_, LAST + timedelta(days=4) - timedelta(weeks=week))
        home.db.execute("ANALYZE")
        yield home


_MAIL = NewMail(
    key="1", account="main", person="", kinds=["weekly-update"], occurrence="", thread="", audience="",
    message_id="<1@example.org>", token="1", sender="", recipient="", subject="", raw=b"", text="", because="",
)  # fmt: skip
"""What all were asked in."""


def _week(home: House, round_: Round, day: date) -> None:
    """One occurrence: four of five answered."""
    db, key = home.db, f"{round_.name}/{day}"
    asked_at = datetime.combine(day, time(14), UTC)
    rounds.open_occurrence(db, asked_at, key, round_.kind, round_.name, day, {})
    for number, address in enumerate(home.desk.setup.teams[round_.team].members):
        label = audiences.team(round_.team)
        id_ = rounds.add_prompt(db, key, round_.kind, round_.name, address, label, day, asked_at, None)
        assert id_ is not None
        rounds.mark_asked(db, asked_at, id_, 1, asked_at + timedelta(days=3), _QUESTIONS)
        if (number + day.day) % 5 == 0:
            rounds.finish(db, asked_at, id_, PromptState.MISSED)
            continue
        for asked in _QUESTIONS:
            answer = Answer(asked.question.key, _WORDS, 1.0, "number", [_WORDS])
            rounds.add_answer(db, asked_at, id_, answer, 1, late=False)
        rounds.finish(db, asked_at, id_, PromptState.ANSWERED)
    rounds.close_occurrence(db, asked_at + timedelta(days=3), key)
