"""Tasks as data: circles, what holds up the rest, and when the next one of a recurring task is due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.tasks import Status, Step, Task, circle, first_due, next_due, spots, steady, step_circle

MONDAY = date(2026, 11, 23)


def task(
    number: int, *after: int, due: int | None = None, status: Status = Status.TODO, parent: int | None = None
) -> Task:
    day = None if due is None else date(2026, 11, due)
    return Task(
        number, f"task {number}", "sam", "mia", "team:product", "product", datetime(2026, 11, 20, tzinfo=UTC), status,
        due=day, after=after, parent=parent,
    )  # fmt: skip


def test_a_circle_is_named_from_its_beginning_back_to_it() -> None:
    assert circle({2: [3], 3: [1]}, 1, 2) == [1, 2, 3, 1]
    assert circle({2: [3]}, 1, 2) == []
    assert circle({}, 1, 1) == [1, 1], "nothing waits for itself"


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=60))
def test_whatever_is_linked_no_circle_ever_closes(links: list[tuple[int, int]]) -> None:
    """Links that would close one are refused, so each task stands before those that wait for it in some order."""
    waits: dict[int, list[int]] = {}
    for one, other in links:
        path = circle(waits, one, other)
        if not path:
            waits.setdefault(one, []).append(other)
        else:
            steps = pairwise(path)
            assert all(b in waits.get(a, ()) or (a, b) == (one, other) for a, b in steps)
    left = {n for pair in waits.items() for n in (pair[0], *pair[1])}
    while left:
        free = {n for n in left if not set(waits.get(n, ())) & left}
        assert free
        left -= free


def test_what_holds_up_the_longest_row_comes_first() -> None:
    found = spots([task(1), task(2, 1), task(3, 2), task(4), task(5, 4), task(6)], MONDAY)
    assert [(s.task.id, s.held, s.chain) for s in found] == [(1, (2, 3), 2), (2, (3,), 1), (4, (5,), 1)]
    assert not any(s.late for s in found), "nothing is late"


@pytest.mark.parametrize(
    "first",
    [task(1, due=20), task(1, status=Status.BLOCKED), task(1, due=30)],
    ids=["overdue", "blocked", "due after what waits for it"],
)
def test_it_delays_the_rest_when_it_is_late_itself(first: Task) -> None:
    [spot] = spots([first, task(2, 1, due=27)], MONDAY)
    assert spot.late


def test_what_is_done_holds_up_nobody() -> None:
    assert spots([task(1, status=Status.DONE), task(2, 1)], MONDAY) == []


def test_a_part_holds_up_its_whole_and_what_waits_for_that() -> None:
    [spot] = spots([task(1), task(2, 1, parent=3), task(3)], MONDAY)
    assert (spot.task.id, spot.held) == (1, (2, 3))


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=MONTHLY", date(2026, 12, 23)),
        ("FREQ=WEEKLY;BYDAY=FR", date(2026, 11, 27)),
        ("FREQ=WEEKLY;BYDAY=MO", MONDAY),
        ("FREQ=DAILY", MONDAY),
        ("FREQ=MONTHLY;BYMONTHDAY=1", date(2026, 12, 1)),
        ("FREQ=MONTHLY;INTERVAL=3", date(2027, 2, 23)),
    ],
)
def test_the_first_is_due_on_a_day_that_the_rule_names_else_when_its_first_stretch_is_over(
    rule: str, first: date
) -> None:
    assert first_due(rule, MONDAY) == first


def test_the_next_is_due_after_the_last_and_not_in_the_past() -> None:
    """Done early: the next stretch; done months late: no row of missed ones."""
    friday = date(2026, 11, 27)
    assert next_due("FREQ=WEEKLY;BYDAY=FR", friday, MONDAY) == date(2026, 12, 4)
    assert next_due("FREQ=WEEKLY;BYDAY=FR", friday, date(2027, 2, 3)) == date(2027, 2, 5)


def test_what_was_put_off_for_a_day_off_does_not_move_those_after_it() -> None:
    """Saturday's, due on Monday: the next is Saturday in two weeks; a daily one is not due on that Monday again."""
    saturday, monday = date(2026, 11, 28), date(2026, 11, 30)
    assert next_due("FREQ=WEEKLY;INTERVAL=2", monday, monday, saturday) == date(2026, 12, 12)
    assert next_due("FREQ=DAILY", monday, saturday, saturday) == date(2026, 12, 1)


def test_every_month_from_the_31st_means_the_last_day_of_a_shorter_one() -> None:
    rule = steady("FREQ=MONTHLY", date(2027, 1, 31))
    due = date(2027, 1, 31)
    days = []
    for _ in range(4):
        due = next_due(rule, due, due) or due
        days.append(due)
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]
    assert steady("FREQ=MONTHLY", date(2027, 1, 15)) == "FREQ=MONTHLY"


def test_the_steps_of_a_plan_may_not_wait_for_each_other() -> None:
    assert step_circle([Step("a", after=(2,)), Step("b", after=(1,))]) == [2, 1, 2]
    assert step_circle([Step("a"), Step("b", after=(1,))]) == []
