"""A backup that is put back: what left since it was made leaves no second time, and its answers are taken."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from assistant.adapters.local import LocalMail

from assistant import config, loops
from assistant.ports import OutgoingMail
from assistant.store import database
from assistant.wiring import House, open_house
from tests.journeys import day

BEFORE = day.MOMENTS[2] - timedelta(hours=1)
"""Of the morning's first check-in."""
AFTER = day.MOMENTS[9]


class Relay(LocalMail):  # type: ignore[misc]  # mypy sees adapters under their folder's name only
    """Notes what it was given; ``mute`` as a relay that cannot be asked about what it sent."""

    def __init__(self, folder: Path, *, mute: bool = False) -> None:
        super().__init__(folder, day.ADA)
        self.sent: list[str] = []
        self.mute = mute

    def send(self, mail: OutgoingMail) -> None:
        self.sent.append(mail.message_id)
        super().send(mail)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        found: bool | None = super().find_sent(mail)
        return None if self.mute else found


@contextmanager
def living(folder: Path, now: datetime, relay: Relay) -> Iterator[House]:
    with open_house(config.load(folder / "config.yaml"), now) as house:
        house.mail = {"main": relay}
        yield house


def look(house: House, now: datetime) -> None:
    loops.everything(house, now, lambda _place: nullcontext())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """All of the morning, with a backup of before it put back; and what was sent."""
    folder = tmp_path_factory.mktemp("lived")
    (folder / "config.yaml").write_text(day.CONFIG, encoding="utf-8")
    relay = Relay(folder / "data")
    with living(folder, day.SUNDAY, relay) as house:
        look(house, day.SUNDAY)
        look(house, BEFORE)
        copy = database.backup(house.db, house.config.data, BEFORE, 3)
        for moment in day.MOMENTS[2:10]:
            day.speak(house.config.data, moment)
            look(house, moment)
        assert house.db.execute("SELECT count(*) FROM answers WHERE newest = 1").fetchone()[0] > 4
    for name in ("", "-wal", "-shm"):
        (folder / "data" / f"{database.FILE}{name}").unlink(missing_ok=True)
    copy.rename(folder / "data" / database.FILE)
    return folder, relay.sent


def again(lived: Path, folder: Path) -> Path:
    """A copy in which the mail has come in the same order."""
    copy = Path(shutil.copytree(lived, folder / "again"))
    for path in sorted((copy / "data" / "mail" / day.ADA / "new").iterdir()):
        path.touch()
    return copy


def test_a_backup_that_was_put_back_sends_nothing_twice_and_takes_what_was_answered_since(
    tmp_path: Path, lived: tuple[Path, list[str]]
) -> None:
    folder, sent = again(lived[0], tmp_path), lived[1]
    relay = Relay(folder / "data")
    with living(folder, AFTER, relay) as house:
        look(house, AFTER)
        answers = house.db.execute("SELECT text FROM answers WHERE newest = 1").fetchall()
        assert ("Harbours imported",) in answers and ("Seat map is live, with prices",) in answers
        assert [id_ for id_, times in Counter([*sent, *relay.sent]).items() if times > 1] == []
        asked = house.db.execute("SELECT DISTINCT state FROM outbox WHERE kinds LIKE '%check-in%'").fetchall()
        assert asked == [("sent",)]


def test_where_nobody_can_tell_a_question_is_left_and_the_operator_told(
    tmp_path: Path, lived: tuple[Path, list[str]]
) -> None:
    folder, sent = again(lived[0], tmp_path), lived[1]
    relay = Relay(folder / "data", mute=True)
    with living(folder, AFTER, relay) as house:
        look(house, AFTER)
        kinds = "SELECT kinds FROM outbox WHERE message_id = ?"
        twice = {str(house.db.execute(kinds, [id_]).fetchone()[0]) for id_ in set(sent) & set(relay.sent)}
        assert not any("check-in" in each for each in twice), "a question asked twice is worse than one not asked"
        told = house.db.execute("SELECT message FROM problems").fetchall()
        assert any("before the store was put back" in message for (message,) in told)


@pytest.mark.parametrize("copied", [True, False])
def test_only_a_copy_is_looked_after(tmp_path: Path, copied: bool) -> None:
    (tmp_path / "config.yaml").write_text(day.CONFIG, encoding="utf-8")
    relay = Relay(tmp_path / "data")
    with living(tmp_path, day.SUNDAY, relay) as house:
        assert house.restored is None
        copy = database.backup(house.db, house.config.data, day.SUNDAY, 3)
    if copied:
        copy.replace(tmp_path / "data" / database.FILE)
    with living(tmp_path, AFTER, relay) as house:
        assert (house.restored is not None) == copied
    with living(tmp_path, AFTER, relay) as house:
        assert (house.restored is not None) == copied, "also after another start in the middle of it"
