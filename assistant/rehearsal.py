"""What would happen, worked out on a copy of the store in memory: nothing is sent and nothing on disk changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime

from sqlite_utils import Database

from assistant import loops
from assistant.config import Config
from assistant.store import database
from assistant.wiring import House, adapters, desk
from assistant.workflows import staff


@contextmanager
def rehearsal(config: Config, now: datetime) -> Iterator[House]:
    """A house whose store is a copy. Its calendars are the real ones, for reading; its mail is only written as rows."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    source = config.data / database.FILE
    if source.exists():
        with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as original:
            original.backup(copy)
    db = database.prepare(Database(copy), source)
    try:
        mail, calendars = adapters(config)
        house = House(config, db, mail, calendars, desk(config, db, mail, calendars, now))
        staff.sync(house.desk, now)
        yield house
    finally:
        db.close()


def live_until(house: House, now: datetime, until: datetime) -> None:
    """Let everything become due up to ``until``, as if nobody answered."""
    moment = now
    while moment <= until:
        loops.work(house, moment, nullcontext_guard)
        loops.read_calendars(house, moment, nullcontext_guard)
        upcoming = loops.next_timer(house)
        if upcoming is None:
            return
        moment = max(upcoming, moment)
        if moment > until:
            return


def nullcontext_guard(_place: str) -> nullcontext[None]:
    return nullcontext()
