"""What a family of servers promises: the days of the demo's team once more, with the same mails and the same calendars.

Two days as part of ``make test``; ``JOURNEY_DAYS=14`` lives the whole fortnight. Each family has a test file of its own
that subclasses ``SameDays``, so that they run side by side.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pytest

from tests.journeys.providers.family import Opening
from tests.journeys.providers.life import Life, live
from tests.journeys.providers.people import START

DAYS = int(os.environ.get("JOURNEY_DAYS", "2"))
STAGED = ("address ", "mail ")
"""Where the story has troubles of its own: an address that bounces, a broken mail."""


@functools.cache
def life_at_home() -> Life:
    """On the files of the demo itself; lived once, whichever families a process looks at."""
    with TemporaryDirectory() as folder:
        return live(Path(folder), START, DAYS, None)


class SameDays:
    opening: ClassVar[Opening]

    @pytest.fixture(scope="class")
    @classmethod
    def at_home(cls) -> Life:
        return life_at_home()

    @pytest.fixture(scope="class")
    @classmethod
    def lived(cls, tmp_path_factory: pytest.TempPathFactory) -> Life:
        return live(tmp_path_factory.mktemp("family"), START, DAYS, cls.opening)

    def test_the_same_mails_reach_the_same_people(self, lived: Life, at_home: Life) -> None:
        """Besides invitations, which only calendars by mail need."""
        mails = [mail for mail in lived.mails if mail[1] != "invitation"]
        assert mails == list(at_home.mails)
        assert lived.replies == at_home.replies > 8 * DAYS

    def test_every_reply_is_understood_as_it_was_meant(self, lived: Life) -> None:
        assert not lived.wrong, "\n".join(lived.wrong)

    def test_no_mail_comes_twice_and_none_is_lost_on_either_way(self, lived: Life, at_home: Life) -> None:
        received = [message_id for _, message_id in lived.ids]
        assert len(received) == len(set(received))
        assert set(received) == lived.sent
        assert lived.unfinished == ()
        assert lived.heard == at_home.heard

    def test_mails_come_while_their_readers_work(self, lived: Life) -> None:
        """Unless they answer their own mail or are about a meeting that is soon."""
        assert lived.untimely == ()

    def test_only_the_staged_trouble_is_noted(self, lived: Life, at_home: Life) -> None:
        assert [trouble for trouble in lived.troubles if not trouble[0].startswith(STAGED)] == []
        assert len(lived.troubles) == len(at_home.troubles)

    def test_the_same_meetings_stand_on_the_same_calendars(self, lived: Life, at_home: Life) -> None:
        assert lived.planned == at_home.planned
        assert lived.meetings == at_home.meetings
        assert any(at_home.meetings.values())

    def test_the_answers_to_invitations_come_back(self, lived: Life, at_home: Life) -> None:
        """Some sooner: a mail need not wait for the next look at a calendar."""
        assert lived.answers >= at_home.answers
        assert at_home.answers

    def test_the_servers_are_asked_and_answer_as_their_contracts_say(self, lived: Life) -> None:
        assert lived.violations == ()
