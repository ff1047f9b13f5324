"""A mail that may have left is looked for before anything is decided, and then by what it is."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from assistant.adapters.local import LocalMail

from assistant import config, loops, mail_jobs
from assistant.errors import Unavailable
from assistant.ports import OutgoingMail
from assistant.store import outbox, trail
from assistant.store.text import instant
from assistant.wiring import House, open_house
from tests.journeys import day

MINUTE = timedelta(minutes=1)
START = day.MOMENTS[3]


class Doubtful(LocalMail):  # type: ignore[misc]  # mypy sees adapters under their folder's name only
    """Loses the answer to every mail, once. What it took is found ``after`` so many looks; None: never."""

    find_lags = True

    def __init__(self, folder: Path, takes: bool, after: int | None) -> None:
        super().__init__(folder, day.ADA)
        self.takes, self.after = takes, after
        self.met: set[str] = set()
        self.looks: dict[str, int] = {}

    def send(self, mail: OutgoingMail) -> None:
        if mail.message_id in self.met:
            super().send(mail)
            return
        self.met.add(mail.message_id)
        if self.takes:
            super().send(mail)
        raise Unavailable("it took the mail but did not say so", in_doubt=True)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        self.looks[mail.message_id] = self.looks.get(mail.message_id, 0) + 1
        if self.after is None:
            return None
        return self.takes and self.looks[mail.message_id] >= self.after


def states(house: House) -> dict[str, int]:
    """Of the first mails only: others become due meanwhile."""
    found = house.db.execute("SELECT state, count(*) FROM outbox WHERE created_at = ? GROUP BY 1", [instant(START)])
    return dict(found.fetchall())


def opened(house: House, takes: bool, after: int | None) -> Doubtful:
    mail = Doubtful(house.config.data, takes, after)
    house.mail = {"main": mail}
    loops.everything(house, START, lambda _place: nullcontext())
    return mail


def look(house: House, minutes: int) -> dict[str, int]:
    loops.everything(house, START + minutes * MINUTE, lambda _place: nullcontext())
    return states(house)


@pytest.fixture
def folder(tmp_path: Path) -> config.Config:
    (tmp_path / "config.yaml").write_text(day.CONFIG, encoding="utf-8")
    return config.load(tmp_path / "config.yaml")


def test_it_is_looked_for_after_two_minutes_and_found(folder: config.Config) -> None:
    with open_house(folder, day.SUNDAY) as house:
        opened(house, takes=True, after=1)
        (count,) = states(house).values()
        assert states(house) == {"submitting": count}
        assert loops.next_due(house) == START + 2 * MINUTE
        assert look(house, 1) == {"submitting": count}
        assert look(house, 2) == {"sent": count}
    assert sum(len(day.mails(folder.data, who)) for who in day.PEOPLE) == count


def test_it_is_looked_for_again_after_ten_and_thirty(folder: config.Config) -> None:
    with open_house(folder, day.SUNDAY) as house:
        mail = opened(house, takes=True, after=3)
        for minutes in (2, 5, 10, 29):
            assert "sent" not in look(house, minutes)
        assert set(mail.looks.values()) == {2}
        assert set(look(house, 30)) == {"sent"}


@pytest.mark.parametrize(("after", "minutes"), [(1, (2, 10, 30)), (None, (2,))])
def test_a_question_that_stays_unknown_is_not_asked_twice_and_the_operator_is_told(
    folder: config.Config, after: int | None, minutes: tuple[int, ...]
) -> None:
    with open_house(folder, day.SUNDAY) as house:
        opened(house, takes=False, after=after)
        for minute in minutes:
            found = look(house, minute)
        assert set(found) >= {"uncertain"} and "sent" not in found
        assert any("may or may not have left" in trouble.message for trouble in trail.troubles(house.db))


def test_a_digest_that_stays_unknown_goes_again_with_its_message_id(
    folder: config.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_house(folder, day.SUNDAY) as house:
        opened(house, takes=False, after=1)
        kinds = {kind for mail in outbox.in_doubt(house.db, START + 2 * MINUTE, "main") for kind in mail.kinds}
        monkeypatch.setattr(mail_jobs, "RATHER_TWICE", kinds)  # as if they were digests
        for minute in (2, 10, 30):
            found = look(house, minute)
        assert set(found) == {"sent"}


def test_a_crash_is_looked_into_at_once_and_then_with_patience(folder: config.Config) -> None:
    with open_house(folder, day.SUNDAY) as house:
        mail = opened(house, takes=True, after=2)
        house.db.execute("UPDATE outbox SET looks = 0, not_before = NULL")  # as a crash leaves it
        assert set(look(house, 1)) == {"submitting"}
        assert set(mail.looks.values()) == {1}
        assert set(look(house, 3)) == {"sent"}
