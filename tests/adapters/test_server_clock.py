"""A server's clock goes on between its answers, and is unknown before the first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assistant.adapters.server_clock import ServerClock

SAID = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_it_is_carried_on_from_the_latest_answer() -> None:
    seconds = [100.0]
    clock = ServerClock(lambda: seconds[0])
    assert clock.now() is None
    clock.note(SAID)
    seconds[0] += 90
    assert clock.now() == SAID + timedelta(seconds=90)
    clock.note(SAID + timedelta(hours=1))
    assert clock.now() == SAID + timedelta(hours=1)


def test_no_time_and_a_time_without_a_zone_say_nothing() -> None:
    clock = ServerClock(lambda: 0.0)
    clock.note(None)
    clock.note(SAID.replace(tzinfo=None))
    assert clock.now() is None
