"""The daemon: ``schedule`` says how often each loop looks; a guard around each keeps a fault from stopping the rest."""

from __future__ import annotations

import json
import logging
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import schedule

from assistant import clock, config, loops
from assistant.errors import AssistantError, ConfigError, ProviderError
from assistant.store import trail
from assistant.wiring import House
from assistant.workflows import operator
from assistant.workflows.desk import Guard

log = logging.getLogger("assistant")

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_BETWEEN_CALENDARS = 15
_SECONDS_BETWEEN_CONFIG = 5


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, event and ids. Never a text, a subject, an address or a token."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": clock.now().isoformat(), "level": record.levelname.lower(), "event": record.getMessage()}
        line.update(getattr(record, "ids", {}))
        return json.dumps(line)


def log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)


def guard_for(house: House, now: datetime) -> Guard:
    """The one place that catches everything. A fault is logged with its place in our code, and noted for the operator.

    The exception's own text is left out: it may hold what people wrote.
    """

    @contextmanager
    def guard(place: str) -> Iterator[None]:
        try:
            yield
        except ProviderError as error:
            log.warning("provider", extra={"ids": {"place": place, "error": type(error).__name__}})
            trail.trouble(house.db, now, place, f"{type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - the guard: whatever it is, the other loops go on
            where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
            log.error("fault", extra={"ids": {"place": place, "error": type(error).__name__, "where": where}})
            trail.trouble(house.db, now, place, f"{type(error).__name__} in {where[-1]}")

    return guard


class Daemon:
    """``run`` returns when SIGTERM or SIGINT asked for it and the loop at work has ended."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.stopping = False
        self.jobs = schedule.Scheduler()
        self.config_stamp = self._stamp()
        self._every(_SECONDS_BETWEEN_LOOKS, "mail", self._mail)
        self._every(_SECONDS_BETWEEN_CALENDARS, "calendars", self._calendars)
        self._every(_SECONDS_BETWEEN_CONFIG, "configuration", self._reload)
        self._every(3600, "upkeep", loops.upkeep)

    def _every(self, seconds: float, name: str, loop: Callable[[House, datetime, Guard], int]) -> None:
        def once() -> None:
            now = clock.now()
            guard = guard_for(self.house, now)
            with guard(f"loop {name}"):
                did = loop(self.house, now, guard)
                if did:
                    log.info("worked", extra={"ids": {"loop": name, "did": did}})

        self.jobs.every(int(seconds)).seconds.do(once)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        log.info("started", extra={"ids": {"people": len(self.house.desk.setup.people)}})
        self.jobs.run_all()
        while not self.stopping:
            self.jobs.run_pending()
            with guard_for(self.house, clock.now())("push"):
                push, *others = self.house.mail.values()
                push.wait(max(0.05, min(_SECONDS_BETWEEN_LOOKS, self.jobs.idle_seconds or 0)))
                for other in others:
                    other.wait(0)  # lets it see for itself whether a look is worth a question to the server
        log.info("stopped")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _mail(self, house: House, now: datetime, guard: Guard) -> int:
        did = loops.fetch(house, now, guard) + loops.handle(house, now, guard) + loops.work(house, now, guard)
        did += operator.tell(house.desk, now)
        return did + loops.send(house, now, guard) + loops.post(house, now, guard)

    def _calendars(self, house: House, now: datetime, guard: Guard) -> int:
        did = 0
        for name in house.calendars:
            with guard(f"calendar {name}"):
                did += loops.note_changes(house, now, name)
        return did + loops.calendars(house, now, guard)

    def _reload(self, house: House, now: datetime, _guard: Guard) -> int:
        """Read the configuration again when its file changed; a broken one changes nothing and is reported."""
        stamp = self._stamp()
        if stamp == self.config_stamp:
            return 0
        self.config_stamp = stamp
        try:
            house.adopt(config.load(house.config.path), now)
        except AssistantError as error:
            for problem in error.problems if isinstance(error, ConfigError) else [error]:
                trail.trouble(house.db, now, "configuration", str(problem))
            return 0
        trail.settled(house.db, "configuration")
        return 1

    def _stamp(self) -> tuple[tuple[int, int], ...]:
        """Of the configuration and the CSV files it names."""
        return tuple(map(_file_stamp, self.house.config.files))


def _file_stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size
