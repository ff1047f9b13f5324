"""The days of the demo's team once more, with the assistant on real servers: same mails, same calendars.

Two days as part of ``make test``; ``JOURNEY_DAYS=14`` lives the whole fortnight.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.providers.dav import OnRadicale, OnXandikos
from tests.journeys.providers.exchange import OnExchange
from tests.journeys.providers.family import Opening
from tests.journeys.providers.google import OnGoogle
from tests.journeys.providers.graph import OnGraph
from tests.journeys.providers.life import Life, live
from tests.journeys.providers.mail_alone import MailAlone
from tests.journeys.providers.mixed import Mixed
from tests.journeys.providers.people import START

DAYS = int(os.environ.get("JOURNEY_DAYS", "2"))
FAMILIES: dict[str, Opening] = {
    "mail-alone": MailAlone,
    "radicale": OnRadicale,
    "xandikos": OnXandikos,
    "google": OnGoogle,
    "graph": OnGraph,
    "exchange": OnExchange,
    "mixed": Mixed,
}
STAGED = ("address ", "mail ")
"""Where the story has troubles of its own: an address that bounces, a broken mail."""


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return live(tmp_path_factory.mktemp("local"), START, DAYS, None)


@pytest.fixture(scope="module", params=FAMILIES)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder: Path = tmp_path_factory.mktemp(request.param)
    return live(folder, START, DAYS, FAMILIES[request.param])


def test_the_same_mails_reach_the_same_people(lived: Life, at_home: Life) -> None:
    """Besides invitations, which only calendars by mail need."""
    mails = [mail for mail in lived.mails if mail[1] != "invitation"]
    assert mails == list(at_home.mails)
    assert lived.replies == at_home.replies > 10 * DAYS


def test_every_reply_is_understood_as_it_was_meant(lived: Life) -> None:
    assert not lived.wrong, "\n".join(lived.wrong)


def test_no_mail_comes_twice_and_none_is_lost_on_either_way(lived: Life, at_home: Life) -> None:
    received = [message_id for _, message_id in lived.ids]
    assert len(received) == len(set(received))
    assert set(received) == lived.sent
    assert lived.unfinished == ()
    assert lived.heard == at_home.heard


def test_only_the_staged_trouble_is_noted(lived: Life, at_home: Life) -> None:
    assert [trouble for trouble in lived.troubles if not trouble[0].startswith(STAGED)] == []
    assert len(lived.troubles) == len(at_home.troubles)


def test_the_same_meetings_stand_on_the_same_calendars(lived: Life, at_home: Life) -> None:
    assert lived.planned == at_home.planned
    assert lived.meetings == at_home.meetings
    assert any(at_home.meetings.values())


def test_the_answers_to_invitations_come_back(lived: Life, at_home: Life) -> None:
    """Some sooner: a mail need not wait for the next look at a calendar."""
    assert lived.answers >= at_home.answers
    assert at_home.answers


def test_the_servers_are_asked_and_answer_as_their_contracts_say(lived: Life) -> None:
    assert lived.violations == ()


@pytest.mark.parametrize("lived", ["mixed"], indirect=True)
def test_guests_on_another_system_are_invited_by_mail_and_answer_by_mail(lived: Life) -> None:
    ways = {method: {(a, b) for each, a, b in lived.crossed if each == method} for method in ("REQUEST", "REPLY")}
    assert len({sender for sender, _ in ways["REQUEST"]}) > 1
    assert {(organizer, guest) for guest, organizer in ways["REPLY"]} >= ways["REQUEST"]
