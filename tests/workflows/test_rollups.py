"""Weekly rollups and the welcome, on a real store with the shipped templates. The week is 16 to 22 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from assistant.domain.kpis import Kpi, Stage
from assistant.domain.people import Absence, Team
from assistant.domain.records import RecordKind, RecordState
from assistant.domain.views import RollupView
from assistant.store import kpis, people, records, timers
from assistant.store import meetings as meetings_store
from assistant.store import outbox as outbox_store
from assistant.store.meetings import MeetingState
from assistant.store.rounds import PromptState
from assistant.store.timers import MAIL, Timer
from assistant.workflows import outbox, rollups, telling, welcome
from assistant.workflows.desk import Desk
from tests.workflows.small_team import (
    ANA,
    CHECK_IN,
    LEE,
    MIA,
    MONDAY,
    PAIR,
    REVIEW,
    SAM,
    SETUP,
    UPDATE,
    VERA,
    answer,
    asked,
    at,
    desk_in,
    meeting,
    person,
    prompt_of,
    record,
)

NOW = at(23, 10)
"""Monday 11:00 in Berlin and 10:00 in Accra."""
DESIGN = SETUP.rounds[2]
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


def seen(desk: Desk, reader: str, now: datetime = NOW) -> RollupView | None:
    who = desk.setup.people[reader]
    scopes = rollups.Scopes(desk.setup)
    return rollups.view(rollups.load(desk, scopes, MONDAY, [who], now), scopes, who, "en")


def shown(desk: Desk, reader: str, now: datetime = NOW) -> RollupView:
    view = seen(desk, reader, now)
    assert view is not None
    return view


def fire(desk: Desk, now: datetime) -> list[str]:
    """Who gets a rollup when all that is due by now is written."""
    due = timers.due(desk.db, now, MAIL, 100)
    timers.drop(desk.db, *(timer.key for timer in due))
    before = {who: len(outbox_store.sent_to(desk.db, who, 99)) for who in desk.setup.people}
    telling.write_all(desk, due, now)
    return [who for who, count in before.items() if len(outbox_store.sent_to(desk.db, who, 99)) > count]


def own_timer(desk: Desk, who: str) -> Timer:
    return next(timer for timer in timers.with_prefix(desk.db, "rollup:") if timer.person == who)


def test_ones_own_week_gathers_what_was_done_and_the_newest_plan(desk: Desk) -> None:
    asked(desk, DAYS[0], {SAM: {"done": "import; tests", "next": "docs"}})
    asked(desk, DAYS[3], {SAM: {"done": "docs", "next": "release"}})
    own = shown(desk, SAM).own
    assert own is not None
    assert own.done == ("import", "tests", "docs")
    assert own.next == ("release",)
    asked(desk, DAYS[4], {SAM: {"done": "tests", "next": "holiday; rest"}}, UPDATE)
    own = shown(desk, SAM).own
    assert own is not None
    assert own.done == ("import", "tests", "docs")
    assert own.next == ("holiday", "rest")


def test_who_is_in_two_teams_reads_their_own_words_once_and_each_team_only_what_it_was_told(desk: Desk) -> None:
    for round_ in (CHECK_IN, DESIGN):
        asked(desk, DAYS[0], {LEE: {"done": "logo"}}, round_)
    asked(desk, DAYS[1], {LEE: {"done": "colours"}, ANA: PromptState.MISSED}, DESIGN)
    view = shown(desk, LEE)
    assert view.own is not None
    assert view.own.done == ("logo", "colours")
    assert (view.own.answered, view.own.asked) == (2, 2)
    assert [team.title for team in view.teams] == ["Product", "Design"]
    assert [(team.answered, team.asked) for team in view.teams] == [(1, 1), (2, 3)]
    assert [[week.done for week in team.people] for team in view.teams] == [[("logo",)], [(), ("logo", "colours")]]
    assert [team.title for team in shown(desk, SAM).teams] == ["Product"]


def test_late_answers_count_and_what_was_skipped_or_is_still_open_does_not(desk: Desk) -> None:
    key = asked(desk, DAYS[0], {SAM: PromptState.MISSED, LEE: PromptState.MISSED, MIA: "away"})
    answer(desk, prompt_of(desk, key, SAM), {"done": "import"}, at(21, 9), late=True)
    team = shown(desk, MIA).teams[0]
    assert (team.answered, team.asked) == (1, 2)
    assert [week.who.first_name for week in team.people] == ["Sam", "Lee"]


def test_other_weeks_and_unsure_answers_are_left_out(desk: Desk) -> None:
    asked(desk, MONDAY - timedelta(days=1), {SAM: {"done": "before"}})
    asked(desk, MONDAY + timedelta(days=7), {SAM: {"done": "after"}})
    asked(desk, DAYS[0], {SAM: {"done": ("perhaps", 0.5)}})
    own = shown(desk, SAM).own
    assert own is not None
    assert own.done == ()
    assert own.asked == 1


def test_blockers_are_open_or_were_closed_in_the_week(desk: Desk) -> None:
    record(desk, RecordKind.BLOCKER, "database", SAM, at(12, 9), minutes=20)
    for text, closed in (("access", at(18, 9)), ("old", at(13, 9)), ("today", at(23, 9))):
        records.close(desk.db, closed, record(desk, RecordKind.BLOCKER, text, SAM, at(12, 9)), RecordState.DONE, SAM)
    record(desk, RecordKind.BLOCKER, "of this week", SAM, at(23, 9))
    team = shown(desk, MIA).teams[0]
    assert [(line.text, line.days, line.minutes) for line in team.blockers_open] == [("database", 11, 20)]
    assert [line.text for line in team.blockers_closed] == ["access"]


def test_action_items_of_the_teams_meetings_are_due_or_done(desk: Desk) -> None:
    label = f"series:{REVIEW.name}"
    record(desk, RecordKind.ACTION, "contract", SAM, at(17, 9), REVIEW.name, label, due=date(2026, 11, 20))
    record(desk, RecordKind.ACTION, "speakers", LEE, at(17, 9), REVIEW.name, label, due=date(2026, 11, 27))
    record(desk, RecordKind.ACTION, "far", LEE, at(17, 9), REVIEW.name, label, due=date(2026, 12, 24))
    done = record(desk, RecordKind.ACTION, "venue", LEE, at(17, 9), REVIEW.name, label)
    records.close(desk.db, at(19, 9), done, RecordState.DONE, LEE)
    team = shown(desk, MIA).teams[0]
    assert [(line.text, line.who, line.overdue) for line in team.actions_due] == [
        ("contract", "Sam", True),
        ("speakers", "Lee", False),
    ]
    assert [line.text for line in team.actions_done] == ["venue"]


def test_meetings_were_held_skipped_or_moved_out_and_one_on_ones_are_only_counted(desk: Desk) -> None:
    meeting(desk, REVIEW, at(17, 9))
    skipped = meeting(desk, REVIEW, at(18, 9))
    meetings_store.set_state(desk.db, skipped, MeetingState.SKIPPED)
    meeting(desk, REVIEW, at(24, 9), original=at(19, 9))
    noted = meeting(desk, REVIEW, at(20, 9), original=at(25, 9))
    meetings_store.summary_sent(desk.db, at(20, 12), noted)
    meeting(desk, REVIEW, at(24, 12))
    meeting(desk, PAIR, at(17, 12))
    meetings_store.set_state(desk.db, meeting(desk, PAIR, at(18, 12)), MeetingState.SKIPPED)
    team = shown(desk, SAM).teams[0]
    assert sorted((each.start.day, each.held, each.summarised) for each in team.meetings) == [
        (17, True, False),
        (18, False, False),
        (19, False, False),
        (20, True, True),
    ]
    assert {each.title for each in team.meetings} == {"Product review"}
    assert team.meetings[0].start.utcoffset() == timedelta(0), "in the reader's own time"
    assert (team.one_on_ones_held, team.one_on_ones_planned) == (1, 2)


def test_what_is_private_is_only_in_its_owners_own_week(desk: Desk) -> None:
    """Somebody else who was named in the notes of a 1:1 does not read them either."""
    pair = f"pair:{PAIR.name}"
    record(desk, RecordKind.ACTION, "salary", SAM, at(17, 9), PAIR.name, pair, due=date(2026, 11, 20))
    record(desk, RecordKind.ACTION, "replace Lee", LEE, at(17, 9), PAIR.name, pair, due=date(2026, 11, 20))
    record(desk, RecordKind.ACTION, "mine", SAM, at(17, 9), "product", f"person:{SAM}", due=date(2026, 11, 20))
    record(desk, RecordKind.BLOCKER, "quiet", SAM, at(17, 9), "product", f"person:{SAM}")
    asked(desk, DAYS[0], {SAM: {"done": "import"}, LEE: {"done": "logo"}, MIA: {"done": "plan"}})
    own = shown(desk, SAM).own
    assert own is not None
    assert [line.text for line in own.actions] == ["salary", "mine"]
    told = repr([replace(shown(desk, SAM), own=None), shown(desk, LEE), shown(desk, MIA), shown(desk, VERA)])
    assert "import" in told
    assert not any(word in told for word in ("salary", "replace Lee", "mine", "quiet"))


def test_points_of_a_meeting_of_some_stay_out_of_the_week_of_the_whole_team(desk: Desk) -> None:
    few = replace(REVIEW, participants=(MIA, SAM))
    desk = replace(desk, setup=replace(SETUP, series=(few,)))
    record(desk, RecordKind.ACTION, "budget", SAM, at(17, 9), few.name, f"series:{few.name}", due=date(2026, 11, 20))
    assert seen(desk, LEE) is None
    own = shown(desk, SAM).own
    assert own is not None
    assert [line.text for line in own.actions] == ["budget"]


def test_a_manager_further_up_reads_the_teams_below_without_their_people(desk: Desk) -> None:
    asked(desk, DAYS[0], {SAM: {"done": "import"}, LEE: PromptState.MISSED})
    asked(desk, DAYS[0], {ANA: {"done": "logo"}}, DESIGN)
    record(desk, RecordKind.BLOCKER, "database", SAM, at(17, 9))
    view = shown(desk, VERA)
    assert view.own is None
    assert view.teams == ()
    assert [(team.title, team.answered, team.asked, team.people) for team in view.below] == [
        ("Product", 1, 2, ()),
        ("Design", 1, 1, ()),
    ]
    assert [line.text for line in view.below[0].blockers_open] == ["database"]


def test_a_lead_who_is_no_member_reads_the_team_and_what_their_own_leads_lead(desk: Desk) -> None:
    boss = person("boss@example.com", "Bo Ek")
    led = {**SETUP.teams, "board": Team("board", "Board", (VERA,), boss.address)}
    chief = replace(SETUP.people[VERA], manager=boss.address, teams=("board",))
    setup = replace(SETUP, people={**SETUP.people, VERA: chief, boss.address: boss}, teams=led)
    desk = replace(
        desk, setup=replace(setup, rounds=(*SETUP.rounds, replace(CHECK_IN, name="check-in.board", team="board")))
    )
    asked(desk, DAYS[0], {SAM: {"done": "import"}})
    asked(desk, DAYS[0], {VERA: {"done": "budget"}}, desk.setup.rounds[-1])
    view = shown(desk, boss.address)
    assert [team.title for team in view.teams] == ["Board"]
    assert [team.title for team in view.below] == ["Product"]


def test_everybody_gets_one_mail_at_their_own_monday_morning_and_the_next_is_set(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    asked(desk, DAYS[0], {SAM: {"done": "import"}, LEE: {"done": "logo"}, MIA: {"done": "plan"}})
    assert own_timer(desk, SAM).due == at(23, 11)
    assert fire(desk, at(23, 9)) == []
    assert fire(desk, NOW) == [VERA, MIA, LEE]
    assert fire(desk, at(23, 11)) == [SAM]
    sent = outbox_store.sent_to(desk.db, SAM, 1)[0]
    assert (sent.thread, sent.audience) == ("rollup/2026-W47", f"person:{SAM}")
    assert sent.message_id == outbox.message_id_of(f"rollup 2026-W47 {SAM}", "ada@example.com")
    assert "import" in sent.text
    assert own_timer(desk, SAM).due == at(30, 11)
    assert own_timer(desk, SAM).ref == "2026-11-23"


def test_nothing_in_the_week_means_no_mail(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    assert fire(desk, at(23, 12)) == []
    assert len(timers.with_prefix(desk.db, "rollup:")) == len(SETUP.people)


def kpi(desk: Desk, name: str, team: str, *values: tuple[date, float], high: float | None = 5.0) -> None:
    number = kpis.add(desk.db, at(2, 9), name, team, MIA, None)
    kpis.change(desk.db, Kpi(number, name, team, MIA, MIA, Stage.LIVE, "lost", unit="%", high=high, target=high))
    for day, value in values:
        kpis.add_value(desk.db, at(20, 9), number, day, value, MIA, "", None)


def test_a_teams_kpis_stand_in_its_week_with_value_band_and_trend(desk: Desk) -> None:
    kpi(desk, "churn", "product", (MONDAY - timedelta(days=7), 4.0), (MONDAY, 6.2))
    kpi(desk, "returns", "product", (MONDAY - timedelta(days=30), 3.0))
    kpi(desk, "no value yet", "product")
    kpi(desk, "load", "design", (MONDAY - timedelta(days=7), 2.0))
    assert [team.title for team in shown(desk, LEE).teams] == ["Product"], "design has nothing new"
    weak, well = shown(desk, SAM).teams[0].kpis
    assert (weak.name, weak.value, weak.high, weak.weak, weak.trend, weak.course) == (
        "churn", 6.2, 5.0, True, "up", "bad",
    )  # fmt: skip
    assert (well.name, well.weak, well.trend) == ("returns", False, "")
    assert seen(desk, VERA) is None, "further up, figures alone make no mail"
    rollups.sync(desk, at(18, 9))
    fire(desk, at(23, 11))
    text = " ".join(outbox_store.sent_to(desk.db, SAM, 1)[0].text.split())
    assert "churn: 6.2 % on Mon 16 Nov; at most 5 % wanted; rising, which is not good" in text
    assert "returns: 3 % on Sat 17 Oct; at most 5 % wanted" in text


def test_kpis_cost_the_same_queries_however_many_there_are(desk: Desk) -> None:
    asked(desk, DAYS[0], {SAM: {"done": "import"}, ANA: {"done": "logo"}})
    scopes = rollups.Scopes(desk.setup)

    def queries() -> int:
        statements: list[str] = []
        desk.db.conn.set_trace_callback(statements.append)
        rollups.load(desk, scopes, MONDAY, list(desk.setup.people.values()), NOW)
        desk.db.conn.set_trace_callback(None)
        return len(statements)

    before = queries()
    for team in ("product", "design"):
        for number in range(3):
            kpi(desk, f"figure {number}", team, (MONDAY, 1.0), (DAYS[1], 2.0))
    assert queries() == before


def test_after_two_days_the_next_one_takes_over(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    asked(desk, DAYS[0], {SAM: {"done": "import"}})
    assert fire(desk, at(25, 12)) == []
    assert own_timer(desk, SAM).due == at(30, 11)


def test_who_is_off_reads_it_when_they_are_back_or_not_at_all(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    asked(desk, DAYS[0], {SAM: {"done": "import"}})
    people.add_absence(desk.db, at(20, 9), Absence(SAM, date(2026, 11, 23), date(2026, 11, 24)), "reply")
    people.add_absence(desk.db, at(20, 9), Absence(LEE, date(2026, 11, 23), date(2026, 11, 30)), "reply")
    assert fire(desk, at(23, 11)) == [VERA, MIA]
    assert own_timer(desk, SAM).due == at(25, 9)
    assert own_timer(desk, LEE).due == datetime.combine(date(2026, 12, 1), time(8), NOW.tzinfo)
    assert fire(desk, at(25, 9)) == [SAM]
    assert own_timer(desk, SAM).due == at(30, 11)


def test_syncing_again_keeps_the_week_of_a_waiting_timer_and_follows_the_setup(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    rollups.sync(desk, at(24, 9))
    assert own_timer(desk, SAM).due == at(23, 11), "the machine was down; it is still to be written"
    without_sam = {who: each for who, each in SETUP.people.items() if who != SAM}
    desk = replace(desk, setup=replace(SETUP, rollup_at=(1, time(14)), people=without_sam))
    rollups.sync(desk, at(24, 9))
    assert own_timer(desk, MIA).due == at(24, 13)
    assert SAM not in {timer.person for timer in timers.with_prefix(desk.db, "rollup:")}


def test_who_stopped_rollups_gets_none(desk: Desk) -> None:
    rollups.sync(desk, at(18, 9))
    asked(desk, DAYS[0], {SAM: {"done": "import"}})
    people.set_(desk.db, at(17, 9), MIA, "stopped:rollup", "1", None)
    assert MIA not in fire(desk, NOW)


def test_a_week_is_loaded_with_the_same_queries_for_all_its_readers(desk: Desk) -> None:
    asked(desk, DAYS[0], {SAM: {"done": "import"}, LEE: {"done": "logo"}, MIA: {"done": "plan"}})
    scopes = rollups.Scopes(desk.setup)

    def queries(*readers: str) -> int:
        statements: list[str] = []
        desk.db.conn.set_trace_callback(statements.append)
        who = [desk.setup.people[reader] for reader in readers]
        week = rollups.load(desk, scopes, MONDAY, who, NOW)
        assert None not in [rollups.view(week, scopes, each, "en") for each in who]
        desk.db.conn.set_trace_callback(None)
        return len(statements)

    assert queries(SAM) == queries(VERA, MIA, SAM, LEE)


def test_the_welcome_says_what_will_come_and_is_sent_once(desk: Desk) -> None:
    joined = at(1, 8)
    mia = desk.setup.people[MIA]
    welcome.write(desk, at(18, 7), mia)
    assert outbox_store.sent_to(desk.db, MIA, 9) == [], "it is 08:00 in Berlin"
    assert [(timer.key, timer.due) for timer in timers.of_person(desk.db, MIA, "welcome")] == [
        (f"welcome:{MIA}", at(18, 8))
    ]
    for _ in range(2):
        welcome.write(desk, at(18, 9), mia)
    [sent] = outbox_store.sent_to(desk.db, MIA, 9)
    assert sent.message_id == outbox.message_id_of(f"welcome {MIA} {joined:%Y-%m-%dT%H:%M:%SZ}", "ada@example.com")
    assert "Vera Blum" in sent.text
    people.meet(desk.db, at(20, 9), [])
    people.meet(desk.db, at(23, 9), desk.setup.people.values())
    welcome.write(desk, at(23, 9), mia)
    assert len(outbox_store.sent_to(desk.db, MIA, 9)) == 2, "who comes back is welcomed again"


def test_the_welcome_names_rounds_at_local_times_meetings_and_readers(desk: Desk) -> None:
    view = welcome.view(desk, at(18, 9), desk.setup.people[LEE])
    assert view.operator == "Vera Blum"
    assert [(kind, rhythm, moment.isoformat()) for kind, _, rhythm, moment in view.rounds] == [
        ("check-in", "daily", "2026-11-19T09:00:00+01:00"),
        ("weekly-update", "weekly", "2026-11-20T15:00:00+01:00"),
    ]
    assert view.meetings == ("Product review",)
    assert view.readers == ("Product", "Design")
    assert welcome.view(desk, at(18, 9), desk.setup.people[SAM]).meetings == ("Mia / Sam 1:1", "Product review")
