"""Digests, on a real store with the shipped templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.domain.people import Absence
from assistant.domain.records import RecordKind, RecordState
from assistant.domain.views import AnswerView, AwayLine, DigestView, QuestionContext
from assistant.store import outbox as outbox_store
from assistant.store import people, records
from assistant.store.rounds import PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import digests, outbox, telling
from assistant.workflows.desk import Desk
from tests.workflows.small_team import (
    ANA,
    CHECK_IN,
    LEE,
    MIA,
    SAM,
    SETUP,
    VERA,
    answer,
    asked,
    at,
    desk_in,
    prompt_of,
    record,
)

TUESDAY = date(2026, 11, 17)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


def seen(desk: Desk, key: str, reader: str = MIA, day: int = 17, hour: int = 14) -> DigestView:
    outcome = digests.load(desk, key, at(day, hour))
    assert outcome is not None
    return digests.view(desk, outcome, desk.setup.people[reader], at(day, hour))


def send(desk: Desk, key: str, *readers: str, day: int = 17, hour: int = 14) -> None:
    due = [Timer(f"digest:{key}:{who}", at(day, hour), "digest", key, who, MAIL) for who in readers]
    telling.write_all(desk, due, at(day, hour))


def test_people_stand_in_team_order_and_their_answers_in_the_order_of_the_questions(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {LEE: {"done": "shipped"}, SAM: {"next": "tests", "done": "import"}})
    view = seen(desk, key)
    assert [each.who.name for each in view.people] == ["Sam Osei", "Lee Park"]
    assert [answer.text for answer in view.people[0].answers] == ["import", "tests"]
    assert (view.asked, view.answered) == (2, 2)


def test_who_was_silent_away_on_holiday_or_never_asked_is_told_apart(desk: Desk) -> None:
    people.add_absence(desk.db, at(16, 8), Absence(SAM, TUESDAY, date(2026, 11, 20)), "reply")
    key = asked(desk, TUESDAY, {MIA: PromptState.MISSED, SAM: "away", LEE: PromptState.EXPIRED})
    view = seen(desk, key)
    assert view.silent == ("Mia",)
    assert view.away == (AwayLine("Sam", date(2026, 11, 20)),)
    assert view.not_asked == ("Lee",)
    assert (view.asked, view.answered) == (1, 0)


def test_an_open_absence_has_no_last_day_and_a_holiday_lasts_its_day(desk: Desk) -> None:
    people.add_absence(desk.db, at(16, 8), Absence(SAM, TUESDAY, None), "auto-reply")
    key = asked(desk, TUESDAY, {SAM: "away", LEE: "holiday", MIA: "stopped"})
    assert seen(desk, key).away == (AwayLine("Sam", None), AwayLine("Lee", TUESDAY))


def test_what_could_not_be_placed_is_shown_whole_at_the_end_without_a_heading(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"": "by the way", "next": ("perhaps", 0.5), "done": "import"}})
    shown = seen(desk, key).people[0].answers
    assert shown == (AnswerView("Done", "import"), AnswerView("", "by the way"), AnswerView("", "perhaps"))


def test_headings_of_shipped_questions_are_in_the_readers_language(desk: Desk) -> None:
    """Of a round's own questions there is one wording."""
    key = asked(desk, TUESDAY, {SAM: {"done": "import"}})
    people.set_(desk.db, at(16, 8), LEE, "language", "de", None)
    asked_in_german = desk.render.questions("check-in", "de", QuestionContext(today=TUESDAY))
    assert seen(desk, key, LEE).people[0].answers[0].short == asked_in_german[0].short
    own = replace(CHECK_IN, questions=())
    desk = replace(desk, setup=replace(SETUP, rounds=(own,)))
    assert seen(desk, key, LEE).people[0].answers[0].short == "Done"


def test_highlights_are_the_first_sure_lines(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"done": "import; tests"}, LEE: {"done": ("something", 0.4)}})
    assert seen(desk, key).highlights == (("Sam", "import"),)


def test_open_blockers_show_since_when_and_closed_ones_once(desk: Desk) -> None:
    key = asked(desk, date(2026, 11, 16), {SAM: {"done": "a"}}, closed_at=at(16, 13))
    record(desk, RecordKind.BLOCKER, "database", SAM, at(12, 9), minutes=30)
    done = record(desk, RecordKind.BLOCKER, "access", LEE, at(13, 9))
    record(desk, RecordKind.BLOCKER, "elsewhere", LEE, at(13, 9), "design", "team:design")
    record(desk, RecordKind.BLOCKER, "private", SAM, at(13, 9), "product", f"person:{SAM}")
    records.close(desk.db, at(17, 9), done, RecordState.DONE, LEE)
    view = seen(desk, asked(desk, TUESDAY, {SAM: {"done": "b"}}, closed_at=at(17, 13)))
    assert [(line.text, line.who, line.days, line.minutes, line.closed) for line in view.blockers] == [
        ("database", "Sam", 5, 30, False),
        ("access", "Lee", 4, None, True),
    ]
    send(desk, f"{CHECK_IN.name}/{TUESDAY}", MIA)
    following = seen(desk, asked(desk, date(2026, 11, 18), {SAM: {"done": "c"}}), day=18)
    assert [line.text for line in following.blockers] == ["database"]
    assert key != f"{CHECK_IN.name}/{TUESDAY}"


def test_a_late_answer_is_in_this_digest_if_it_came_before_it_and_else_in_the_next(desk: Desk) -> None:
    """Each reader sees it once, whenever their digest was written."""
    key = asked(desk, TUESDAY, {SAM: PromptState.MISSED, LEE: {"done": "x"}}, closed_at=at(17, 13))
    send(desk, key, MIA)
    answer(desk, prompt_of(desk, key, SAM), {"done": "after all"}, at(17, 15), late=True)
    assert [(each.who.first_name, each.late) for each in seen(desk, key, LEE, hour=16).people] == [
        ("Sam", True),
        ("Lee", False),
    ]
    send(desk, key, LEE, hour=16)
    wednesday = asked(desk, date(2026, 11, 18), {SAM: {"done": "y"}}, closed_at=at(18, 13))
    late = seen(desk, wednesday, MIA, day=18).late
    assert [(each.who.first_name, each.day, each.answers[0].text) for each in late] == [("Sam", TUESDAY, "after all")]
    assert seen(desk, wednesday, LEE, day=18).late == ()


def test_a_correction_after_closing_brings_only_what_it_changed(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"done": "x", "next": "y"}}, closed_at=at(17, 13))
    answer(desk, prompt_of(desk, key, SAM), {"next": "z"}, at(17, 15), late=True)
    late = seen(desk, asked(desk, date(2026, 11, 18), {SAM: {"done": "w"}}), day=18).late
    assert [answer.text for answer in late[0].answers] == ["z"]


def test_a_lead_alone_is_told_that_nobody_ever_names_a_blocker_once_a_week(desk: Desk) -> None:
    asked(desk, date(2026, 11, 2), {SAM: {"done": "a"}}, closed_at=at(2, 13))
    key = asked(desk, TUESDAY, {SAM: {"done": "b"}}, closed_at=at(17, 13))
    assert seen(desk, key).quiet
    assert not seen(desk, key, SAM).quiet
    send(desk, key, MIA)
    following = asked(desk, date(2026, 11, 18), {SAM: {"done": "c"}}, closed_at=at(18, 13))
    assert not seen(desk, following, day=18).quiet


@pytest.mark.parametrize(("closed", "quiet"), [(None, False), (5, False), (3, True)])
def test_a_blocker_that_stood_open_within_ten_working_days_was_named(
    desk: Desk, closed: int | None, quiet: bool
) -> None:
    asked(desk, date(2026, 11, 2), {SAM: {"done": "a"}}, closed_at=at(2, 13))
    blocker = record(desk, RecordKind.BLOCKER, "database", SAM, at(2, 10))
    if closed is not None:
        records.close(desk.db, at(closed, 9), blocker, RecordState.DONE, SAM)
    assert seen(desk, asked(desk, TUESDAY, {SAM: {"done": "b"}})).quiet is quiet


def test_a_young_round_is_not_called_quiet(desk: Desk) -> None:
    asked(desk, date(2026, 11, 5), {SAM: {"done": "a"}}, closed_at=at(5, 13))
    assert not seen(desk, asked(desk, TUESDAY, {SAM: {"done": "b"}})).quiet


def test_each_reader_gets_one_mail_in_the_thread_of_the_prompt(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"done": "import; tests", "blockers": "database"}}, closed_at=at(17, 13))
    send(desk, key, MIA, LEE)
    send(desk, key, MIA)
    sent = [mail for who in (MIA, LEE) for mail in outbox_store.sent_to(desk.db, who, 9)]
    assert [(mail.message_id, mail.thread, mail.audience) for mail in sent] == [
        (outbox.message_id_of(f"digest {key} {who}", "ada@example.com"), key, "team:product") for who in (MIA, LEE)
    ]
    assert "import" in sent[0].text


def test_nobody_outside_the_team_gets_it_nor_who_stopped_digests(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"done": "import"}}, closed_at=at(17, 13))
    people.set_(desk.db, at(16, 8), LEE, "stopped:digest", "1", None)
    send(desk, key, VERA, ANA, LEE)
    assert not [mail for who in (VERA, ANA, LEE) for mail in outbox_store.sent_to(desk.db, who, 9)]


def test_a_digest_of_a_round_that_is_gone_is_left_out(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {SAM: {"done": "import"}}, closed_at=at(17, 13))
    desk = replace(desk, setup=replace(SETUP, rounds=()))
    send(desk, key, MIA)
    assert not outbox_store.sent_to(desk.db, MIA, 9)


def test_an_occurrence_costs_the_same_queries_for_one_reader_as_for_many(desk: Desk) -> None:
    key = asked(desk, TUESDAY, {who: {"done": "import"} for who in (MIA, SAM, LEE)}, closed_at=at(17, 13))
    statements: list[str] = []
    desk.db.conn.set_trace_callback(statements.append)
    outcome = digests.load(desk, key, at(17, 14))
    loading = len(statements)
    assert outcome is not None
    for who in (MIA, SAM, LEE):
        digests.view(desk, outcome, desk.setup.people[who], at(17, 14) + timedelta(minutes=1))
    desk.db.conn.set_trace_callback(None)
    assert len(statements) - loading == 3, "only the language that each reader chose"
