"""A provider is asked no more often than it allows, and a failing one less and less."""

from __future__ import annotations

import pytest
from assistant.adapters.throttle import Backoff, Bucket

from assistant.errors import Unauthorized, Unavailable


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_minutes_worth_goes_at_once_and_the_rest_by_the_rate() -> None:
    clock = Clock()
    bucket = Bucket(30, clock=clock)
    assert [bucket.take() for _ in range(30)] == [0] * 30
    assert bucket.take() == pytest.approx(2)
    assert bucket.take() == pytest.approx(4)
    clock.seconds += 4
    assert bucket.take() == pytest.approx(2)
    clock.seconds += 3600
    assert [bucket.take() for _ in range(30)] == [0] * 30
    assert bucket.take() > 0


def test_however_it_is_asked_no_hour_has_more_than_its_rate_and_one_burst() -> None:
    clock = Clock()
    bucket = Bucket(60, burst=5, clock=clock)
    taken = 0
    while clock.seconds < 3700:
        clock.seconds += bucket.take()
        taken += 1
    assert taken <= 3600 + 5 + 1


def test_the_pause_grows_and_ends_with_the_first_success() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    pauses = []
    for _ in range(12):
        backoff.failed(Unavailable("down"))
        started = clock.seconds
        while True:
            try:
                backoff.check()
            except Unavailable as error:
                clock.seconds += error.retry_after or 1
            else:
                break
        pauses.append(round(clock.seconds - started))
    assert pauses[:5] == [0, 2, 4, 8, 16]
    assert pauses[-1] == 300
    backoff.failed(Unavailable("down"))
    backoff.worked()
    backoff.check()


def test_a_server_that_names_a_time_is_left_alone_for_it() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    backoff.failed(Unavailable("slow down", retry_after=60))
    clock.seconds += 59
    with pytest.raises(Unavailable, match="slow down"):
        backoff.check()
    clock.seconds += 2
    backoff.check()


def test_a_refused_sign_in_rests_a_quarter_of_an_hour() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    backoff.failed(Unauthorized("no"))
    clock.seconds += 899
    with pytest.raises(Unauthorized):
        backoff.check()
    clock.seconds += 2
    backoff.check()
