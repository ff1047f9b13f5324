"""Who is here: texts for two people, and a setup that goes on without those whose last day is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.domain import audience
from assistant.domain.leaving import last_day, without_leavers
from assistant.domain.people import Person, workdays_after
from assistant.domain.records import Draft, RecordKind
from assistant.store import between, records
from tests.workflows.small_team import ANA, LEE, MIA, PAIR, REVIEW, SAM, SETUP, VERA, at, desk_in

FRIDAY = date(2026, 11, 27)


def leaving(address: str, end: date = FRIDAY) -> dict[str, Person]:
    return {**SETUP.people, address: replace(SETUP.people[address], end=end)}


def test_a_text_for_two_is_private_and_read_by_these_two_alone() -> None:
    """The same label whoever comes first; of one person alone it is theirs."""
    label = audience.two(SAM, MIA)
    assert label == audience.two(MIA, SAM)
    assert audience.is_private(label)
    assert audience.readers(label, SETUP) == {MIA, SAM}
    assert [who for who in SETUP.people if audience.may_read(label, who, SETUP)] == [MIA, SAM]
    assert audience.two(SAM, SAM) == audience.person(SAM)


def test_who_left_reads_no_more_of_what_was_for_two() -> None:
    people = {address: person for address, person in SETUP.people.items() if address != MIA}
    assert audience.readers(audience.two(SAM, MIA), replace(SETUP, people=people)) == {SAM}


def test_the_store_knows_which_labels_of_two_are_in_use(tmp_path: Path) -> None:
    """So that a search needs no label of somebody with everybody else."""
    desk = desk_in(tmp_path)
    label = audience.two(SAM, MIA)
    records.add(
        desk.db, at(16, 9), Draft(RecordKind.FEEDBACK, "kind words"), owner=MIA, author=SAM, audience=label,
        context="feedback", occurrence="",
    )  # fmt: skip
    assert between.twos(desk.db, SAM) == between.twos(desk.db, MIA) == {label}
    assert between.twos(desk.db, LEE) == frozenset()


def test_a_last_day_is_worked_and_the_day_after_they_are_gone() -> None:
    """From teams, as a manager, and from meetings: a 1:1 ends, a review goes on."""
    setup = replace(SETUP, people=leaving(MIA))
    assert without_leavers(setup, at(27, 22)) is setup
    left = without_leavers(setup, at(27, 23))
    assert MIA not in left.people and left.people[SAM].manager is None
    assert left.teams["product"].members == (SAM, LEE) and left.teams["product"].lead is None
    (review,) = left.series
    assert review.participants == (SAM, LEE) and review.lead == SAM
    assert PAIR in setup.series and REVIEW.name == review.name


def test_who_is_not_concerned_is_left_as_they_were() -> None:
    left = without_leavers(replace(SETUP, people=leaving(ANA)), at(30, 9))
    assert left.series == SETUP.series and left.people[VERA] == SETUP.people[VERA]


@pytest.mark.parametrize(("end", "last"), [(FRIDAY, FRIDAY), (FRIDAY + timedelta(days=2), FRIDAY)])
def test_the_last_day_is_one_that_they_work(end: date, last: date) -> None:
    assert last_day(replace(SETUP.people[SAM], end=end)) == last


def test_working_days_are_counted_both_ways() -> None:
    sam = SETUP.people[SAM]
    assert workdays_after(sam, FRIDAY, 3) == date(2026, 12, 2)
    assert workdays_after(sam, FRIDAY, -5) == date(2026, 11, 20)
    assert workdays_after(sam, FRIDAY, 0) == FRIDAY
