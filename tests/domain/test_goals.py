"""Objectives and key results: progress by weight, scores by label, the line, and what makes a good draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import goal_design
from assistant.domain.goal_design import design
from assistant.domain.goals import (
    Cycle,
    KeyResult,
    Label,
    Length,
    Measure,
    Objective,
    Standing,
    Verdict,
    colour,
    cycle_around,
    danger,
    expected,
    health,
    is_stale,
    judged,
    makes_circle,
    moonshot_share,
    overall,
    progress,
    reached,
    score,
    share_is_sound,
    verdict,
    weighted,
    weights,
    weights_add_up,
)

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
SIGNUPS = KeyResult(1, 1, 1, "Signups from 3,000 to 4,200", "signups", Measure.METRIC, 4200, 3000, weight=50)


def kr(number: int = 1, **changes: object) -> KeyResult:
    return replace(SIGNUPS, id=number, number=number, **changes)  # type: ignore[arg-type]  # fields by name


def objective(*results: KeyResult, text: str = "Be the first choice of small harbours") -> Objective:
    return Objective(1, 1, "product", "mia@example.com", text, results=results)


def test_two_of_four_weighted_key_results_done_is_not_half_done() -> None:
    """C147, C148."""
    four = [kr(n, weight=w, value=v) for n, w, v in ((1, 10, 4200), (2, 10, 4200), (3, 40, 3000), (4, 40, None))]
    assert overall(objective(*four)) == pytest.approx(0.2)


def test_seventeen_of_twenty_percent_scores_085() -> None:
    """C153: 20 % wanted, 17 % reached."""
    wanted = kr(measure=Measure.METRIC, start=0.0, target=20.0, unit="%", value=17.0)
    assert score(progress(wanted)) == 0.85
    assert score(progress(replace(wanted, measure=Measure.THRESHOLD))) == 0.85
    assert colour(progress(wanted)) == "green"


@pytest.mark.parametrize(
    ("label", "share", "expected_verdict"),
    [
        (Label.MOONSHOT, 0.6, Verdict.PASSED),
        (Label.MOONSHOT, 0.7, Verdict.PASSED),
        (Label.MOONSHOT, 0.59, Verdict.POORLY_PLANNED),
        (Label.MOONSHOT, 0.71, Verdict.TOO_EASY),
        (Label.MOONSHOT, 1.0, Verdict.TOO_EASY),
        (Label.ROOFSHOT, 1.0, Verdict.PASSED),
        (Label.ROOFSHOT, 0.999, Verdict.MISSED),
        (Label.ROOFSHOT, 0.7, Verdict.MISSED),
    ],
)
def test_pass_marks_follow_the_label(label: Label, share: float, expected_verdict: Verdict) -> None:
    """C173 to C176."""
    assert verdict(label, share) is expected_verdict


def test_a_mixed_objective_passes_by_its_roofshots() -> None:
    mixed = objective(kr(1), kr(2), kr(3, label=Label.MOONSHOT))
    assert mixed.label is Label.MIXED
    assert judged(mixed, [1.0, 1.0, 0.3]) is Verdict.PASSED
    assert judged(mixed, [1.0, 0.9, 1.0]) is Verdict.MISSED


@pytest.mark.parametrize(("weight", "sound"), [(10, True), (30, True), (9, False), (31, False), (0, False)])
def test_ten_to_thirty_percent_by_weight_are_moonshots(weight: float, sound: bool) -> None:
    """C182."""
    results = [kr(1, weight=100 - weight), kr(2, weight=weight, label=Label.MOONSHOT)]
    assert share_is_sound(moonshot_share(results)) is sound
    advice = {each.what for each in design(objective(*results)).advice}
    assert bool(advice & {"too-little", "too-much", "no-moonshot"}) is not sound


@pytest.mark.parametrize(("fresh", "enough"), [(9, True), (8, False)])
def test_nine_of_ten_key_results_updated_within_a_fortnight_is_enough(fresh: int, enough: bool) -> None:
    """C168."""
    today = date(2027, 2, 15)
    now = datetime(2027, 2, 15, tzinfo=UTC)
    results = [kr(n, said_at=now - timedelta(days=14 if n <= fresh else 15)) for n in range(1, 11)]
    found = health([replace(objective(*results), published=FIRST)], [80], today)
    assert found.fresh == pytest.approx(fresh / 10)
    assert found.fresh_enough is enough


def test_a_new_key_result_has_a_fortnight_for_its_first_value() -> None:
    assert not is_stale(kr(), FIRST, FIRST + timedelta(days=14))
    assert is_stale(kr(), FIRST, FIRST + timedelta(days=15))
    assert not is_stale(kr(standing=Standing.DONE), FIRST, LAST)


@pytest.mark.parametrize(
    ("result", "value", "share"),
    [
        (SIGNUPS, 3600, 0.5),
        (SIGNUPS, 2000, 0.0),
        (SIGNUPS, 9000, 1.0),
        (kr(start=10.0, target=2.0), 4, 0.75),
        (kr(measure=Measure.COUNT, start=0.0, target=12.0), 3, 0.25),
        (kr(measure=Measure.THRESHOLD, start=0.0, target=99.0), 99.5, 1.0),
        (kr(measure=Measure.THRESHOLD, start=0.0, target=2.0, at_most=True), 1.5, 1.0),
        (kr(measure=Measure.THRESHOLD, start=0.0, target=2.0, at_most=True), 4, 0.5),
        (kr(measure=Measure.THRESHOLD, start=6.0, target=2.0, at_most=True), 4, 0.5),
        (kr(measure=Measure.MILESTONE, start=0.0, target=100.0), 40, 0.4),
        (kr(start=5.0, target=5.0), 5, 1.0),
    ],
)
def test_each_kind_of_key_result_has_its_progress(result: KeyResult, value: float, share: float) -> None:
    assert reached(result, value) == pytest.approx(share)


def test_behind_plan_is_more_than_a_tenth_under_the_straight_line() -> None:
    half = FIRST + (LAST - FIRST) / 2
    line = expected(SIGNUPS, FIRST, LAST, half)
    assert line == pytest.approx(0.5, abs=0.01)
    assert danger(kr(value=3000 + 1200 * (line - 0.1)), FIRST, LAST, half) is None
    assert danger(kr(value=3000 + 1200 * (line - 0.11)), FIRST, LAST, half) == "behind"
    assert danger(kr(value=4200), FIRST, LAST, LAST) is None


def test_a_milestone_is_behind_only_by_what_its_owner_says_or_when_its_day_is_over() -> None:
    ship = kr(measure=Measure.MILESTONE, start=0.0, target=100.0, due=date(2027, 3, 1))
    assert danger(ship, FIRST, LAST, date(2027, 2, 25)) is None
    assert danger(replace(ship, value=20.0), FIRST, LAST, date(2027, 2, 25)) == "behind"
    assert danger(ship, FIRST, LAST, date(2027, 3, 2)) == "overdue"


def test_little_confidence_of_the_owner_is_a_danger_too() -> None:
    assert danger(kr(value=4100, outlook=3), FIRST, LAST, FIRST) == "unlikely"
    assert danger(kr(value=4100, outlook=4), FIRST, LAST, FIRST) is None


def test_a_good_draft_scores_a_hundred_without_advice() -> None:
    good = objective(
        kr(1, weight=40, owners=("mia@example.com",)),
        kr(2, weight=40, owners=("team:product",)),
        kr(3, weight=20, owners=("sam@example.com",), label=Label.MOONSHOT),
    )
    assert design(good) == goal_design.Design(100, ())


def test_each_weakness_of_a_draft_costs_points_and_has_one_line_of_advice() -> None:
    weak = objective(
        kr(1, text="Organise a fair", measure=Measure.COUNT, start=0.0, target=0.0, weight=70),
        kr(2, weight=70, owners=("mia@example.com",)),
        text="Grow in Spain and in France and make the app faster",
    )
    found = design(weak)
    said = [each.what for each in found.advice]
    assert said == ["few", "measurable", "owner", "weights", "no-moonshot", "two-ideas", "activity"]
    assert found.score < goal_design.WANTED
    assert next(each for each in found.advice if each.what == "weights").figure == 140


def test_the_days_of_quarters_and_years() -> None:
    assert cycle_around(Length.QUARTER, date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert cycle_around(Length.QUARTER, date(2027, 1, 1), 2) == (date(2026, 11, 1), date(2027, 1, 31))
    assert cycle_around(Length.YEAR, date(2027, 2, 1), 4) == (date(2026, 4, 1), date(2027, 3, 31))
    assert Cycle(1, Length.QUARTER, FIRST, LAST).name == "2027-Q1"
    assert Cycle(1, Length.YEAR, date(2026, 4, 1), LAST).name == "2026/27"


def test_a_link_that_would_close_a_circle_names_it() -> None:
    parents = {1: None, 2: 1, 3: 2}
    assert makes_circle(parents, 1, 3) == [1, 3, 2, 1]
    assert makes_circle(parents, 2, 2) == [2, 2]
    assert makes_circle(parents, 3, 1) == []


results = st.builds(
    kr,
    number=st.integers(1, 9),
    measure=st.sampled_from(Measure),
    start=st.floats(-1e6, 1e6),
    target=st.floats(-1e6, 1e6),
    at_most=st.booleans(),
    weight=st.none() | st.floats(0, 1000),
    value=st.none() | st.floats(-1e7, 1e7),
    label=st.sampled_from([Label.MOONSHOT, Label.ROOFSHOT]),
    standing=st.sampled_from(Standing),
    outlook=st.none() | st.floats(0, 10),
)
DAYS = st.dates(FIRST, LAST)


@given(st.lists(results, max_size=7), DAYS)
def test_every_share_lies_between_nothing_and_all(some: list[KeyResult], today: date) -> None:
    whole = objective(*some)
    shares = [*(progress(r) for r in some), overall(whole), moonshot_share(some)]
    shares += [expected(r, FIRST, LAST, today) for r in some]
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)
    assert 0 <= design(whole).score <= 100
    assert all(danger(r, FIRST, LAST, today) in (None, "overdue", "behind", "unlikely") for r in some)


@given(st.lists(results, min_size=1, max_size=7), st.floats(0.1, 10))
def test_weights_count_only_against_each_other(some: list[KeyResult], factor: float) -> None:
    scaled = [replace(r, weight=None if r.weight is None else r.weight * factor) for r in some]
    assert weighted(some, map(progress, some)) == pytest.approx(weighted(scaled, map(progress, scaled)), abs=1e-6)
    assert len(weights(some)) == len(some)
    if weights_add_up(some) and any(r.weight is not None for r in some):
        assert all(r.weight is not None for r in some)


@given(results, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_more_towards_the_target_is_never_less_progress(result: KeyResult, one: float, other: float) -> None:
    near, far = sorted((one, other), key=lambda value: abs(value - result.target))
    on_the_way = (near - result.target) * (far - result.target) >= 0
    if result.measure is not Measure.THRESHOLD and on_the_way and result.start != result.target:
        sign = 1 if result.target > result.start else -1
        if sign * (near - far) >= 0:
            assert reached(result, near) >= reached(result, far) - 1e-9


@given(st.floats(0, 1))
def test_only_all_of_it_is_shown_as_all(share: float) -> None:
    assert (score(share) == 1.0) == (share >= 1 - 1e-9)
    assert verdict(Label.ROOFSHOT, share) is (Verdict.PASSED if share >= 1 - 1e-9 else Verdict.MISSED)
