"""Goals where something is unusual: bad input, two of one name, several teams, missed roofshots, annual cycles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.domain.goals import (
    GoalsPlan,
    KeyResult,
    Label,
    Length,
    Measure,
    Objective,
    Stage,
    Standing,
)
from assistant.domain.records import Draft, RecordKind, RecordState
from assistant.inbound.commands import Course, Give, Goals, History, NewObjective, Retarget, Update
from assistant.store import goals as store
from assistant.store import records, rounds, timers
from assistant.store import tasks as tasks_store
from assistant.store.timers import Timer
from assistant.workflows import goal_commands, goal_courses, goal_results, goal_weeks, goals
from assistant.workflows.desk import Desk, Request
from assistant.workflows.goal_book import answerable
from tests.workflows.small_team import LEE, MIA, REVIEW, SAM, SETUP, VERA, at, desk_in, inbound

NOW = at(18, 10)
PLAN = GoalsPlan(teams=("product", "design"))
FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = desk_in(tmp_path, replace(SETUP, goals=PLAN))
    yield made
    made.db.close()


def objective(
    desk: Desk, *results: KeyResult, team: str = "product", owner: str = MIA, length: Length = Length.QUARTER
) -> Objective:
    """A published one of the running cycle."""
    cycle = store.cycle(desk.db, length, FIRST, LAST)
    draft = Objective(0, cycle.id, team, owner, "Be the first choice", Stage.PUBLISHED)
    id_ = store.add_objective(desk.db, NOW, draft, None, None)
    store.change_objective(desk.db, replace(draft, id=id_, published=FIRST))
    for result in results:
        number = store.next_number(desk.db, cycle.id, team)
        store.add_result(desk.db, replace(result, objective=id_, number=number))
    found = store.objective(desk.db, id_)
    assert found is not None
    return found


def kr(text: str = "Signups", *owners: str, **more: object) -> KeyResult:
    made = KeyResult(0, 0, 0, text, text.lower(), Measure.METRIC, 100.0, owners=owners or (SAM,))
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def request(desk: Desk, who: str = SAM, context: str = "") -> Request:
    return Request(desk.setup.people[who], inbound(desk), context=context)


def say(desk: Desk, command: object, who: str = SAM, context: str = "") -> list[str]:
    """What a command came to, by the names of its acts; empty where it was none."""
    handler = desk.commands[type(command)]  # type: ignore[index]  # any command
    acts = handler(desk, NOW, request(desk, who, context), command)
    return [act.what for act in acts or ()]


def value(desk: Desk, id_: int = 1) -> float | None:
    found = store.result(desk.db, id_)
    assert found is not None
    return found.value


def nothing_kept(desk: Desk) -> bool:
    return store.values(desk.db, [1, 2, 3]) == [] and store.changes(desk.db, [1, 2, 3]) == []


@pytest.mark.parametrize(
    ("command", "acts"),
    [
        (Update("KR9", 5.0), ["unknown"]),
        (Update("KR1", 120.0, "%"), ["over"]),
        (Update("KR1", 5.0, "h"), ["wrong-unit"]),
        (Update("KR1", -5.0), ["below"]),
        (Update("KR1"), ["no-figure"]),
        (Retarget("KR1", 130.0, "%"), ["over"]),
        (Retarget("KR1", 5.0, "h"), ["wrong-unit"]),
        (Retarget("KR9", 5.0), ["unknown"]),
        (Course("KR1", "revise"), ["how-revised"]),
        (Course("KR1", "replace"), ["how-replaced"]),
        (Course("KR1", "revise", "somehow"), ["how-revised"]),
        (Course("KR1", "drop"), ["not-dropped"]),
        (Give("KR1", ("Zorro",)), ["whose"]),
        (Give("KR1", (SAM,)), ["already"]),
        (History("KR9"), ["unknown"]),
        (Goals("Zorro"), ["whose"]),
    ],
)
def test_bad_input_has_one_answer_and_nothing_is_kept(desk: Desk, command: object, acts: list[str]) -> None:
    objective(desk, kr(unit="%"))
    assert say(desk, command) == acts
    assert nothing_kept(desk)


def test_a_value_may_be_told_as_more_than_before(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Update("KR1", 5.0, more=True)) == ["updated"]
    assert say(desk, Update("KR1", 2.5, more=True)) == ["updated"]
    assert value(desk) == 7.5


def test_a_new_day_is_no_value(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Course("KR1", "revise", due=date(2026, 12, 4))) == ["revised"]
    found = store.result(desk.db, 1)
    assert found is not None
    assert (found.due, found.target, found.value) == (date(2026, 12, 4), 100.0, None)


def test_one_of_several_owners_gives_their_own_part_and_a_lead_all_of_it(desk: Desk) -> None:
    objective(desk, kr("Signups", SAM, LEE))
    assert say(desk, Give("KR1", ("design",))) == ["given"]
    found = store.result(desk.db, 1)
    assert found is not None and found.owners == ("team:design", LEE)
    assert say(desk, Give("KR1", ("me",)), MIA) == ["given"]
    found = store.result(desk.db, 1)
    assert found is not None and found.owners == (MIA,)
    assert say(desk, Give("KR1", ("me",))) == ["not-yours"]


def test_a_name_that_is_no_key_result_is_left_to_others(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Update("churn", 3.0)) == []
    assert say(desk, Update("signups", 3.0, kpi=True)) == ["unknown"], "there is no KPI of that name"


def test_percent_of_what_is_not_counted_so_is_offered_as_a_share_of_the_way(desk: Desk) -> None:
    objective(desk, kr(target=4200.0, start=3000.0))
    assert say(desk, Update("KR1", 50.0, "%")) == ["wrong-unit", "choose"]
    assert nothing_kept(desk)


@pytest.mark.parametrize("standing", [Standing.DONE, Standing.REPLACED, Standing.GRADED])
def test_what_is_finished_takes_no_values(desk: Desk, standing: Standing) -> None:
    objective(desk, kr(standing=standing), kr("Fairs"))
    assert say(desk, Update("KR1", 5.0)) == ["finished"]
    assert say(desk, Retarget("KR1", 5.0)) == ["finished"]
    assert nothing_kept(desk)


def test_only_those_with_a_part_in_it_change_it_and_everybody_may_read(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Update("KR1", 5.0), VERA) == ["not-yours"]
    assert say(desk, History("KR1"), VERA) == ["mailed"]
    assert say(desk, Update("KR1", 5.0), LEE) == ["updated"], "the team of its objective"


def test_ones_own_comes_before_the_teams_and_two_of_ones_own_are_asked_about(desk: Desk) -> None:
    objective(desk, kr("Signups", MIA))
    objective(desk, kr("Themes", LEE), team="design", owner=LEE)
    assert [m.objective.team for m in goals.find(desk, NOW, desk.setup.people[LEE], "KR1").mine] == ["design"]
    objective(desk, kr("Fairs", LEE))
    store.change_result(desk.db, replace(store.result(desk.db, 1) or kr(), owners=(LEE,)))
    assert say(desk, Update("KR1", 5.0), LEE) == ["choose"]
    assert nothing_kept(desk)
    assert say(desk, Update("KR1", 5.0), LEE, "kr:2") == ["updated"]
    assert (value(desk, 1), value(desk, 2)) == (None, 5.0)


def test_two_people_updating_one_value_are_both_kept_and_the_newest_counts(desk: Desk) -> None:
    objective(desk, kr("Signups", SAM, MIA))
    assert say(desk, Update("signups", 40.0), MIA) == ["updated"]
    assert say(desk, Update("signups", 45.0), SAM) == ["both"]
    assert [(v.value, v.by) for v in store.values(desk.db, [1])] == [(40.0, MIA), (45.0, SAM)]
    assert value(desk) == 45.0


def test_done_reaches_the_target_for_good(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Update("KR1", finished=True)) == ["done"]
    assert value(desk) == 100.0
    assert say(desk, Update("KR1", 45.0)) == ["finished"]


def test_a_revision_keeps_the_old_target_in_the_history(desk: Desk) -> None:
    objective(desk, kr())
    assert say(desk, Retarget("KR1", 80.0)) == ["revised"]
    (change,) = store.changes(desk.db, [1])
    assert (change.what, change.before, change.after, change.by) == ("revised", "100.0|", "80.0|", SAM)


def test_a_tracked_key_result_warns_no_more_until_its_day_is_over(desk: Desk) -> None:
    objective(desk, kr(due=date(2026, 11, 25)))
    say(desk, Update("KR1", 10.0))
    assert len(danger_mails(desk)) == 2, "owner and lead"
    assert say(desk, Course("KR1", "track")) == ["tracked"]
    say(desk, Update("KR1", 11.0))
    assert len(danger_mails(desk)) == 2
    goal_courses.look_at_all(desk, at(26, 10), 1)
    assert len(danger_mails(desk)) == 4


def danger_mails(desk: Desk) -> list[str]:
    return [row[0] for row in desk.db.execute("SELECT person FROM outbox WHERE kinds LIKE '%goal-danger%'")]


def test_goals_that_are_not_switched_on_say_so(tmp_path: Path) -> None:
    plain = desk_in(tmp_path, SETUP)
    assert say(plain, NewObjective("Grow", line="objective: Grow")) == ["not-set-up"]
    assert say(plain, Goals()) == ["not-set-up"]
    assert say(plain, Update("KR1", 5.0)) == ["not-set-up"]
    assert say(plain, Update("signups", 5.0)) == [], "no key result: perhaps a KPI"
    goals.sync(plain, NOW)
    assert timers.with_prefix(plain.db, "goals:") == []
    plain.db.close()


def test_an_objective_in_any_mail_is_a_draft_that_the_lead_sees(desk: Desk) -> None:
    line = "objective: I will grow as measured by signups 4.2k, NPS at least 40"
    assert say(desk, NewObjective("I will grow", ("signups 4.2k", "NPS at least 40"), line=line)) == ["mailed"]
    cycle = store.cycle(desk.db, Length.QUARTER, FIRST, LAST)
    (draft,) = store.objectives(desk.db, [cycle.id], stages=[Stage.DRAFT])
    assert (draft.team, draft.owner, len(draft.results)) == ("product", SAM, 2)
    mailed = desk.db.execute("SELECT person FROM outbox WHERE kinds LIKE '%okr-design%' ORDER BY id").fetchall()
    assert mailed == [(SAM,), (MIA,)]


def test_needs_of_other_teams_are_found_by_words_and_by_owners(desk: Desk) -> None:
    found = objective(desk, kr("Themes", LEE), kr("Pages", SAM, needs=("design",)), kr("Site", "team:design"))
    needed = [goals.needed(desk.setup, found, result) for result in found.results]
    assert needed == [(), ("design",), ("design",)], "Lee is of both teams"


def test_a_missed_roofshot_is_a_point_of_the_teams_next_review(desk: Desk) -> None:
    objective(desk, kr("Signups", value=85.0), kr("Leap", label=Label.MOONSHOT), kr("Fairs", standing=Standing.DONE))
    say(desk, Update("KR1", 85.0))
    rounds.open_occurrence(desk.db, NOW, "okr-grade:1/x", "okr-grade", "okr-grade:1", LAST, {})
    occurrence = rounds.occurrence(desk.db, "okr-grade:1/x")
    assert occurrence is not None and goal_results.HABIT.closed is not None
    goal_results.HABIT.closed(desk, NOW, occurrence)
    points = records.open_records(desk.db, RecordKind.POINT, context=REVIEW.name)
    assert [point.text for point in points] == ["KR1 Signups: 0.85"]
    assert points[0].audience == f"series:{REVIEW.name}"
    assert {g.score for g in store.grades(desk.db, [1, 2, 3]).values()} == {0.85, 0.0, 1.0}
    assert goals.current(desk, NOW) == []


def test_current_goals_are_those_of_a_team_or_those_a_person_has_a_part_in(desk: Desk) -> None:
    objective(desk, kr("Signups", SAM))
    objective(desk, kr("Themes", "team:design"), team="design", owner=VERA)
    assert [o.team for o in goals.current(desk, NOW)] == ["design", "product"]
    assert [o.team for o in goals.current(desk, NOW, "product")] == ["product"]
    assert [o.team for o in goals.current(desk, NOW, SAM)] == ["product"]
    assert [o.team for o in goals.current(desk, NOW, VERA)] == ["design"]


def test_the_timers_of_a_cycle_fire_once_and_annual_cycles_stand_beside_quarters(tmp_path: Path) -> None:
    plan = replace(PLAN, lengths=(Length.QUARTER, Length.YEAR))
    desk = desk_in(tmp_path, replace(SETUP, goals=plan))
    goals.sync(desk, NOW)
    keys = timers.keys(desk.db, "goals:")
    cycles = store.cycles(desk.db)
    assert {cycle.name for cycle in cycles.values()} == {"2026-Q4", "2027-Q1", "2026", "2027"}
    assert {key.split(":")[1] for key in keys} == {"draft", "begin", "grade", "update"}
    draft = next(t for t in timers.with_prefix(desk.db, "goals:draft") if "2027-Q1" in cycles[int(t.ref[6:])].name)
    goals.HANDLERS["goals"](desk, Timer(draft.key, draft.due, "goals", draft.ref), draft.due)
    assert len(timers.of_person(desk.db, MIA, "ask")) == 1
    timers.drop(desk.db, draft.key)
    goals.sync(desk, draft.due)
    assert draft.key not in timers.keys(desk.db, "goals:draft")
    desk.db.close()


def test_a_key_results_history_lists_what_is_done_for_it_as_far_as_the_reader_may_see_it(desk: Desk) -> None:
    result = objective(desk, kr()).results[0]
    for text, audience, done in (
        ("print flyers", "team:product", True),
        ("book a stand", "team:product", False),
        ("ask for a raise", f"person:{SAM}", False),
    ):
        draft = Draft(RecordKind.ACTION, text, due=date(2026, 11, 20))
        number = records.add(
            desk.db,
            NOW,
            draft,
            owner=SAM,
            author=SAM,
            audience=audience,
            context="product",
            occurrence="",
            inbound=None,
        )
        tasks_store.set_(desk.db, number, goal=result.id)
        if done:
            records.close(desk.db, NOW, number, RecordState.DONE, SAM)
    [match] = goals.find(desk, NOW, desk.setup.people[SAM], "KR1").readable

    def listed(reader: str) -> list[tuple[str, str, bool]]:
        view = goal_commands.history_view(desk, NOW, match, desk.setup.people[reader])
        return [(task.text, task.who, task.done) for task in view.tasks]

    shared = [("book a stand", "Sam", False), ("print flyers", "Sam", True)]
    assert listed(LEE) == shared
    assert listed(SAM) == [shared[0], ("ask for a raise", "Sam", False), shared[1]]
    assert listed(VERA) == [], "what is done stays with the team"


def test_the_rollup_asks_the_store_once_for_all_goals(desk: Desk) -> None:
    objective(desk, kr())
    objective(desk, kr("Themes", LEE), team="design")
    say(desk, Update("KR1", 50.0))
    statements: list[str] = []
    desk.db.conn.set_trace_callback(statements.append)
    found = goal_weeks.by_team(desk, ["product", "design"], date(2026, 11, 16))
    desk.db.conn.set_trace_callback(None)
    assert len(statements) == 1
    assert [(m.code, m.before, m.share) for m in found["product"].moves] == [("KR1", 0, 50)]
    assert (found["product"].fresh, found["product"].average) == (100, 50)
    assert found["design"].fresh == 0 and found["design"].moves[0].danger == "behind"


def test_goals_are_of_people_that_are_here(desk: Desk) -> None:
    """A leaver's key result is asked of who owns the objective."""
    found = objective(desk, kr("Signups", "gone@example.com"))
    assert answerable(desk.setup, found, found.results[0]) == (MIA,)
