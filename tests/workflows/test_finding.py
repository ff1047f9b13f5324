"""What a search finds, for whom; and how much of it a mail shows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain import audience as audiences
from assistant.domain.people import Team
from assistant.domain.records import RecordKind, RecordState
from assistant.inbound.commands import Search
from assistant.store import between, records, search
from assistant.store import goals as goals_store
from assistant.store import tasks as tasks_store
from assistant.workflows import finding
from assistant.workflows.desk import Desk
from tests.workflows.small_team import (
    ANA,
    LEE,
    MIA,
    MONDAY,
    PAIR,
    REVIEW,
    SAM,
    VERA,
    answer,
    asked,
    at,
    desk_in,
    inbound,
    prompt_of,
    record,
)

PEOPLE = (VERA, MIA, SAM, LEE, ANA)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_in(tmp_path)
    yield made
    made.db.close()


def found(desk: Desk, asker: str, words: str) -> list[str]:
    """Texts, newest first."""
    return [entry.text for entry in finding.find(desk, desk.setup.people[asker], Search(words))]


# --- Words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("Fixed the staging outage", "STAGING Outage"),
        ("Fixed the staging outage", "outage: staging?"),
        ("Deployed on Friday", "deploy"),
        ("Die Größe der Straße geprüft", "größe"),
        ("Die Größe der Straße geprüft", "Groesse"),
        ("Die Größe der Straße geprüft", "Strasse"),
        ("Groesse der Strasse geprueft", "Größe Straße geprüft"),
        ("Déjà vu au café", "deja CAFE"),
        ("Deja vu au cafe", "de\u0301ja\u0300 cafe\u0301"),
        ("Починил выгрузку отчётов", "ВЫГРУЗКУ"),
        ("Διορθώθηκε η εφαρμογή", "ΕΦΑΡΜΟΓΉ"),
        ("ステージング環境の障害を直した", "障害"),
        ("ステージング環境の障害を直した", "ステージング"),
        ("修复了预发布环境的故障", "故障"),
        ("스테이징 장애를 고쳤다", "장애"),
        ("API障害を直した", "API障害"),
        ("Set x=1; DROP TABLE entries", "drop table"),
        ("NEAR and far AND beyond", "near AND beyond"),
        ('He said "no"', '"no"'),
        ("Kept under text : readers", "text : readers"),
    ],
)
def test_a_word_is_found_in_whatever_script_and_spelling(desk: Desk, text: str, asked_for: str) -> None:
    record(desk, RecordKind.DECISION, text, MIA, at(16, 9))
    record(desk, RecordKind.DECISION, "Something else altogether", MIA, at(16, 9))
    assert found(desk, SAM, asked_for) == [text]


@pytest.mark.parametrize("asked_for", ["害障", "直障", "outages staged", "readers", "r7465616d", "*", '"', "OR", "😀"])
def test_what_nobody_wrote_is_not_found(desk: Desk, asked_for: str) -> None:
    record(desk, RecordKind.DECISION, "ステージングの障害 staging outage", MIA, at(16, 9))
    assert found(desk, SAM, asked_for) == []


def test_changed_and_removed_text_in_a_script_without_spaces_leaves_the_index_whole(desk: Desk) -> None:
    one = record(desk, RecordKind.DECISION, "会議は来週", MIA, at(16, 9))
    record(desk, RecordKind.DECISION, "会議は今日", MIA, at(16, 9))
    records.close(desk.db, at(17, 9), one, RecordState.DROPPED, MIA)
    assert found(desk, SAM, "会議") == ["会議は今日"]
    desk.db.execute("INSERT INTO entries_text (entries_text) VALUES ('integrity-check')")
    desk.db.execute("INSERT INTO entries_text (entries_text) VALUES ('rebuild')")
    assert found(desk, SAM, "会議") == ["会議は今日"]


def test_a_decision_is_found_once_although_the_notes_hold_it_too(desk: Desk) -> None:
    key = asked(desk, MONDAY, {SAM: {"done": "Price stays at 40"}})
    record(desk, RecordKind.DECISION, "Price stays at 40", SAM, at(16, 9))
    assert found(desk, MIA, "price") == ["Price stays at 40"]
    answer(desk, prompt_of(desk, key, SAM), {"next": "Price list; price stays at 40"}, at(16, 10))
    assert found(desk, MIA, "price") == ["Price list; price stays at 40"]


# --- Who may find it -------------------------------------------------------------------------------------------------


def test_what_is_private_is_found_by_those_it_belongs_to(desk: Desk) -> None:
    record(desk, RecordKind.POINT, "Canary salary", SAM, at(16, 9), PAIR.name, audiences.pair(PAIR.name))
    record(desk, RecordKind.FEEDBACK, "Canary feedback", LEE, at(16, 9), "feedback", audiences.two(LEE, ANA))
    record(desk, RecordKind.GAP, "Canary plan", LEE, at(16, 9), "", audiences.person(LEE))
    record(desk, RecordKind.DECISION, "Canary review", MIA, at(16, 9), REVIEW.name, audiences.series(REVIEW.name))
    assert {who: sorted(found(desk, who, "canary")) for who in PEOPLE} == {
        VERA: [],
        MIA: ["Canary review", "Canary salary"],
        SAM: ["Canary review", "Canary salary"],
        LEE: ["Canary feedback", "Canary plan", "Canary review"],
        ANA: ["Canary feedback"],
    }


def test_who_leaves_a_team_finds_its_old_text_no_more_and_who_joins_does(desk: Desk) -> None:
    record(desk, RecordKind.DECISION, "Canary of product", MIA, at(16, 9))
    assert found(desk, SAM, "canary") and not found(desk, ANA, "canary")
    product = Team("product", "Product", (MIA, ANA), MIA)
    desk = replace(desk, setup=replace(desk.setup, teams={**desk.setup.teams, "product": product}))
    assert found(desk, ANA, "canary") and not found(desk, SAM, "canary")


def test_a_task_s_comments_have_the_readers_of_the_task(desk: Desk) -> None:
    label = audiences.pair(PAIR.name)
    task = record(desk, RecordKind.ACTION, "Ask for a raise", SAM, at(16, 9), PAIR.name, label)
    tasks_store.note(desk.db, at(16, 10), task, "canary: they said yes", SAM, None)
    assert found(desk, MIA, "canary") == ["canary: they said yes"]
    assert found(desk, LEE, "canary") == []
    desk.db.execute("UPDATE records SET audience = 'team:product' WHERE id = ?", [task])
    assert found(desk, LEE, "canary") == ["canary: they said yes"]
    records.close(desk.db, at(17, 9), task, RecordState.DROPPED, SAM)
    assert found(desk, MIA, "canary") == []


def test_goals_are_found_by_all_once_they_are_published_and_their_comments_with_them(desk: Desk) -> None:
    desk.db.execute("INSERT INTO goal_cycles VALUES (1, 'quarter', '2026-10-01', '2026-12-31')")
    desk.db.execute(
        "INSERT INTO objectives (id, cycle, team, owner, text, stage, drafted_at)"
        " VALUES (1, 1, 'product', ?, 'Canary for harbours', 'draft', '2026-09-28T08:00:00Z')",
        [MIA],
    )
    desk.db.execute(
        "INSERT INTO key_results (id, objective, number, text, name, measure, target, start, unit, at_most, owners,"
        " label, standing, needs) VALUES (1, 1, 2, 'canary signups to 40', 'signups', 'metric', 40, 0, '', 0, '[]',"
        " 'roofshot', 'open', '[]')"
    )
    assert found(desk, MIA, "canary") == []
    desk.db.execute("UPDATE objectives SET stage = 'published', published = '2026-10-01'")
    assert sorted(found(desk, ANA, "canary")) == ["Canary for harbours", "KR2 canary signups to 40"]
    result = goals_store.result(desk.db, 1)
    assert result is not None
    goals_store.add_value(desk.db, at(16, 9), result, 4, None, "the import is late", SAM, inbound(desk))
    goals_store.add_grade(desk.db, at(17, 9), 1, 0.7, "By fairs.", "Adverts bring nobody.", SAM, None)
    assert found(desk, ANA, "import late") == ["KR2 signups: the import is late"]
    assert found(desk, ANA, "adverts") == ["KR2 signups: By fairs.\nAdverts bring nobody."]


def test_what_is_shared_later_is_found_by_its_new_readers(desk: Desk) -> None:
    key = asked(desk, MONDAY, {SAM: {"done": "canary"}})
    between.share(desk.db, prompt_of(desk, key, SAM), audiences.team("design"))
    assert found(desk, ANA, "canary") == ["canary"]
    between.share(desk.db, prompt_of(desk, key, SAM), audiences.person(SAM))
    assert found(desk, ANA, "canary") == []


def test_a_draft_of_goals_is_not_found_and_no_answer_to_a_pulse_or_poll(desk: Desk) -> None:
    key = asked(desk, MONDAY, {SAM: {"done": "nothing"}})
    for kind in ("pulse", "poll", "okr-draft"):
        desk.db.execute("UPDATE prompts SET kind = ? WHERE occurrence = ?", [kind, key])
        answer(desk, prompt_of(desk, key, SAM), {"next": f"canary {kind}"}, at(16, 11))
    assert found(desk, SAM, "canary") == []


LABELS = st.sampled_from(
    [
        audiences.EVERYONE, "team:product", "team:design", "team:gone", audiences.pair(PAIR.name),
        audiences.series(REVIEW.name), *map(audiences.person, PEOPLE), audiences.two(LEE, ANA),
        audiences.two(SAM, "gone@example.com"), "", "team:", 'team:"product" OR text', "everyone*",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    ["canary", "AND", "OR", "NOT", "NEAR", "readers", "text", "障害", "Größe", '"', "*", "^", "(", ")", "{text}", "-",
     "canary*", 'x" OR readers : "r', "\0", "'", "\u0301"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts=st.lists(st.tuples(st.lists(WORDS | st.text(max_size=6), max_size=4).map(" ".join), LABELS), max_size=12),
    asked_for=st.lists(WORDS | st.text(max_size=6), min_size=1, max_size=4).map(" ".join),
    who=st.sampled_from(PEOPLE),
    whose=st.sampled_from([None, "me", "us", SAM, "nobody"]),
    among=st.sampled_from([None, "done", "decisions", "faq"]),
)
def test_nothing_is_ever_found_that_the_asker_may_not_read(
    texts: list[tuple[str, str]], asked_for: str, who: str, whose: str | None, among: str | None
) -> None:
    desk = shared_desk()
    desk.db.execute("DELETE FROM entries")
    desk.db.execute("DELETE FROM twos")
    for text, label in texts:
        record(desk, RecordKind.DECISION, f"canary {text}", MIA, at(16, 9), label=label)
    search_for = replace(Search(asked_for), who=whose, among=among, first=date(2026, 1, 1))
    seen = finding.find(desk, desk.setup.people[who], search_for, 100)
    assert all(audiences.may_read(entry.audience, who, desk.setup) for entry in seen)
    if asked_for.split() == ["canary"] and whose in (None, "us") and among in (None, "decisions"):
        readable = {f"canary {text}" for text, label in texts if audiences.may_read(label, who, desk.setup)}
        assert {entry.text for entry in seen} <= readable
        assert bool(seen) == bool(readable)


_SHARED: list[Desk] = []


def shared_desk() -> Desk:
    """Made once: a hundred stores would take longer than all else."""
    if not _SHARED:
        _SHARED.append(desk_in(Path(tempfile.mkdtemp())))
    return _SHARED[0]


def test_a_person_with_very_many_teams_still_finds(desk: Desk) -> None:
    record(desk, RecordKind.DECISION, "canary", MIA, at(16, 9), label="team:t700")
    labels = {f"team:t{number}" for number in range(1000)}
    assert [entry.text for entry in search.find(desk.db, ["canary"], labels)] == ["canary"]


# --- How much is shown -----------------------------------------------------------------------------------------------


def test_a_long_entry_is_shown_around_what_was_looked_for() -> None:
    lines = [f"Line {number}" for number in range(200)]
    lines[120] = "The staging outage"
    shown = finding.excerpt("\n".join(lines), "outage", 4).splitlines()
    assert shown == ["…", "Line 119", "The staging outage", "Line 121", "Line 122", "…"]
    assert finding.excerpt("One.\n\nTwo.", "one", 4) == "One.\n\nTwo."
    assert finding.excerpt("\n".join(lines[:3]), "outage", 4) == "Line 0\nLine 1\nLine 2"


def test_a_line_without_end_is_cut_on_both_sides() -> None:
    shown = finding.excerpt("x" * 5000 + " outage " + "y" * 5000, "outage", 4)
    assert "outage" in shown and len(shown) < 450 and shown.startswith("…") and shown.endswith("…")


def test_what_the_pair_or_the_round_said_yesterday_is_narrowed_by_days(desk: Desk) -> None:
    asked(desk, MONDAY, {SAM: {"done": "Harbours"}, LEE: {"done": "Ferries"}})
    asked(desk, MONDAY + timedelta(days=1), {SAM: {"done": "Quays"}})
    search_for = Search("", "done", SAM, MONDAY, MONDAY)
    assert [entry.text for entry in finding.find(desk, desk.setup.people[MIA], search_for)] == ["Harbours"]
