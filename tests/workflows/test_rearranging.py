"""Meetings moved, cancelled and answered in a line of a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.domain.calendar import Partstat
from assistant.domain.records import RecordKind
from assistant.store import meetings as store
from assistant.store import records
from assistant.store.meetings import MeetingState
from tests.workflows.meeting_world import (
    ANA,
    DAY,
    HOUR,
    MIA,
    MONDAY,
    PAIR,
    REVIEW,
    SAM,
    WEEK,
    World,
    berlin,
    block,
    kinds_to,
)  # fmt: skip

TUESDAY = MONDAY + 8 * DAY
"""Of the first 1:1 that is far enough away to be asked about."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[World]:
    world = World.open(tmp_path, PAIR)
    world.run(MONDAY + DAY + 8 * HOUR)
    world.mails()
    yield world
    world.desk.db.close()


@pytest.mark.parametrize(
    "words",
    [
        "Could we do Thursday afternoon instead?",
        "move to Thursday 15:00",
        "Move it to Thu 10 Dec at 15:00, please",
    ],
)
def test_a_wish_in_words_moves_this_one_for_both_and_keeps_the_cadence(pair: World, words: str) -> None:
    first, second = pair.planned()[1:3]
    pair.run(first.start - 4 * DAY)
    pair.reply(SAM, "agenda-call", words)
    moved = store.by_key(pair.desk.db, first.key)
    assert moved is not None
    assert moved.start.date() == (first.start + 2 * DAY).date()
    assert second in pair.planned()
    told = kinds_to(pair.mails())
    assert "moved" in told[SAM]
    assert "moved" in told[MIA]
    assert pair.event().rrule == "FREQ=WEEKLY;BYDAY=TU"


def test_a_time_that_does_not_suit_is_answered_with_times_that_do_and_a_number_settles_it(pair: World) -> None:
    first = pair.planned()[1]
    pair.run(first.start - 4 * DAY)
    pair.busy[MIA].append(block(berlin(first.start + 2 * DAY, 8), 10 * HOUR))
    pair.reply(SAM, "agenda-call", "Could we do Thursday afternoon instead?")
    stays = store.by_key(pair.desk.db, first.key)
    assert stays is not None
    assert stays.start == first.start
    [(_, _, offered)] = [mail for mail in pair.mails() if mail[0] == "other-times"]
    assert "3. Wed 9 Dec, 13:00" in offered
    assert "Mia" not in offered.partition("suit everybody")[2].partition("-- ")[0]
    pair.reply(SAM, "other-times", "3")
    moved = store.by_key(pair.desk.db, first.key)
    assert moved is not None
    assert moved.start.date() == (first.start + DAY).date()


def test_a_number_that_was_not_offered_changes_nothing(pair: World) -> None:
    first = pair.planned()[1]
    pair.run(first.start - 4 * DAY)
    pair.busy[MIA].append(block(berlin(first.start + 2 * DAY, 8), 10 * HOUR))
    pair.reply(SAM, "agenda-call", "Could we do Thursday afternoon instead?")
    pair.mails()
    pair.reply(SAM, "other-times", "7")
    stays = store.by_key(pair.desk.db, first.key)
    assert stays is not None
    assert stays.start == first.start
    [(_, _, receipt)] = pair.mails()
    assert "There is no such number; the last one is 3." in receipt


def test_an_hour_later_on_the_day_itself_is_granted_to_who_asks(pair: World) -> None:
    first = pair.planned()[1]
    pair.run(first.start - 3 * HOUR)
    pair.reply(MIA, "agenda-call", "an hour later")
    moved = store.by_key(pair.desk.db, first.key)
    assert moved is not None
    assert moved.start == first.start + HOUR


def test_either_of_the_two_cancels_one_and_the_points_wait(pair: World) -> None:
    first = pair.planned()[1]
    pair.run(first.start - 4 * DAY)
    pair.reply(SAM, "agenda-call", "agenda: the budget")
    pair.reply(SAM, "agenda-call", "cancel this meeting")
    skipped = store.by_key(pair.desk.db, first.key)
    assert skipped is not None
    assert skipped.state is MeetingState.SKIPPED
    assert "moved" in kinds_to(pair.mails())[MIA]
    assert [point.text for point in records.open_records(pair.desk.db, RecordKind.POINT)] == ["the budget"]


def test_who_does_not_lead_a_review_only_declines_it(tmp_path: Path) -> None:
    world = World.open(tmp_path, REVIEW)
    world.run(MONDAY + 5 * DAY)
    first = world.planned(REVIEW)[1]
    world.mails()
    world.reply(ANA, "agenda-call", "cancel the meeting")
    kept = store.by_key(world.desk.db, first.key)
    assert kept is not None
    assert kept.state is MeetingState.PLANNED
    world.desk.db.close()


def test_out_of_the_blue_with_two_meetings_it_is_asked_which(tmp_path: Path) -> None:
    world = World.open(tmp_path, PAIR, REVIEW)
    world.run(MONDAY + 2 * HOUR)
    world.mails()
    world.write(SAM, "Add the new prices to the agenda")
    assert records.open_records(world.desk.db, RecordKind.POINT) == []
    [(_, _, receipt)] = world.mails()
    assert "1. Mia / Sam 1:1" in receipt
    assert "2. Product review" in receipt
    world.reply(SAM, "receipt", "2")
    [point] = records.open_records(world.desk.db, RecordKind.POINT)
    assert (point.context, point.audience) == (REVIEW.name, f"series:{REVIEW.name}")
    [(_, _, receipt)] = world.mails()
    assert "On the agenda of Product review" in receipt
    world.desk.db.close()


def test_accept_and_decline_are_kept_as_answers_to_that_meeting(pair: World) -> None:
    first = pair.planned()[1]
    pair.run(first.start - 4 * DAY)
    pair.reply(SAM, "agenda-call", "accept")
    rows = pair.desk.db.execute("SELECT address, partstat FROM rsvps").fetchall()
    assert rows == [(SAM, Partstat.ACCEPTED.value)]
    pair.reply(SAM, "agenda-call", "Can't make it")
    moved = store.by_key(pair.desk.db, first.key)
    assert moved is not None
    assert moved.start != first.start
    assert moved.start - first.start < WEEK
    assert timedelta() < abs(moved.start - first.start)
