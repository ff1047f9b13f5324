"""KPIs as data: the band, the trend, weak twice in a row; and what the answers of a card mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.domain.kpis import Kpi, Value, calls_for_objective, course, is_weak, next_day, trend, weak_since
from assistant.inbound import kpi_cards, kpi_rows
from assistant.inbound.kpi_cards import Aim

MONDAY = date(2026, 11, 23)
CHURN = Kpi(1, "churn", "product", "sam", "sam", unit="%", rule="FREQ=WEEKLY;BYDAY=MO", target=5, high=5)


def values(*said: float) -> list[Value]:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return [Value(n, 1, MONDAY + timedelta(weeks=n), value, "sam", at) for n, value in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("low", "high", "value", "weak"),
    [(None, 5, 5, False), (None, 5, 5.1, True), (12, None, 12, False), (12, None, 11.9, True), (2, 4, 1, True),
     (2, 4, 3, False), (2, 4, 5, True)],
)  # fmt: skip
def test_weak_is_outside_its_band(low: float | None, high: float | None, value: float, weak: bool) -> None:
    kpi = Kpi(1, "x", "product", "sam", "sam", low=low, high=high)
    assert is_weak(kpi, value) is weak


def test_twice_in_a_row_proposes_once_until_it_was_well_again() -> None:
    assert not calls_for_objective(CHURN, values(6))
    assert not calls_for_objective(CHURN, values(6, 4, 6))
    assert calls_for_objective(CHURN, values(4, 6, 6))
    told = replace(CHURN, proposed=MONDAY + timedelta(weeks=3))
    assert not calls_for_objective(told, values(4, 6, 6, 7)), "told already"
    assert calls_for_objective(told, values(4, 6, 6, 4, 6, 6)), "it was well in between"
    assert weak_since(CHURN, values(6, 6, 6)) == 3


def test_a_trend_is_against_the_mean_of_those_before_and_good_where_it_should_go() -> None:
    assert trend(values(4)) is None
    assert (trend(values(4, 5, 6, 8)), course(CHURN, values(4, 5, 6, 8))) == ("up", "bad")
    assert (trend(values(6, 5)), course(CHURN, values(6, 5))) == ("down", "good")
    assert (trend(values(5, 5.01)), course(CHURN, values(5, 5.01))) == ("level", "")


@pytest.mark.parametrize(
    ("said", "aim"),
    [
        ("at most 5 %", Aim(None, 5, 5, "%")),
        ("<= 5%", Aim(None, 5, 5, "%")),
        ("at least 12 %", Aim(12, None, 12, "%")),
        ("between 2 and 4 h", Aim(2, 4, None, "h")),
        ("2-4", Aim(2, 4, None, "")),
        ("15 %, at least 12 %", Aim(12, None, 15, "%")),
        ("€12,000", Aim(12000, None, 12000, "€")),
        ("somewhere better", None),
    ],
)
def test_where_it_should_be(said: str, aim: Aim | None) -> None:
    assert kpi_cards.aim(said, "en") == aim


def test_a_bare_figure_is_reached_from_where_it_is_now() -> None:
    assert kpi_cards.aim("5 %", "en", 8.0) == Aim(None, 5, 5, "%")
    assert kpi_cards.aim("höchstens 5,5 %", "de") == Aim(None, 5.5, 5.5, "%")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("every Monday", "FREQ=WEEKLY;BYDAY=MO"),
        ("weekly", "FREQ=WEEKLY;BYDAY=MO"),
        ("weekly, on Fridays", "FREQ=WEEKLY;BYDAY=FR"),
        ("every day", "FREQ=DAILY"),
        ("jeden Dienstag", "FREQ=WEEKLY;BYDAY=TU"),
        ("monatlich", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("every other week on Wednesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("when I have time", None),
    ],
)
def test_how_often_it_is_looked_at(said: str, rule: str | None) -> None:
    assert kpi_cards.rhythm(said, "de" if said.startswith(("jeden", "mon")) else "en") == rule


def test_how_it_is_measured_has_unit_and_baseline() -> None:
    assert kpi_cards.measured("Stripe report 2026, 4.2 % now", "en") == ("%", 4.2)
    assert kpi_cards.measured("helpdesk, in hours; currently 9 h", "en") == ("h", 9.0)
    assert kpi_cards.measured("counted by hand", "en") == ("", None)


def test_the_next_day_is_after_the_given_one() -> None:
    assert next_day("FREQ=WEEKLY;BYDAY=MO", MONDAY, MONDAY) == MONDAY + timedelta(weeks=1)


def test_a_sheet_is_read_with_its_decimal_mark_or_says_what_is_wrong_by_line() -> None:
    found = kpi_rows.read("kpi;day;value;comment\nchurn;2026-11-23;3,2 %;calm\n")
    [row] = found.rows
    assert (row.kpi, row.day, row.value, row.unit, row.comment) == ("churn", MONDAY, 3.2, "%", "calm")
    wrong = kpi_rows.read("kpi,day,value\nchurn,23.11.2026,3\n,2026-11-23,3\nchurn,2026-11-23,much\n")
    assert [problem.split(":")[0] for problem in wrong.problems] == ["line 2", "line 3", "line 4"]
    assert "no column kpi" in kpi_rows.read("a,b\n1,2\n").problems[0]
    assert kpi_rows.read("").problems
