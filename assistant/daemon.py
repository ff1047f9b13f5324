"""The daemon: ``schedule`` says how often each loop looks; a guard around each keeps a fault from stopping the rest."""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

import schedule

from assistant import calendar_jobs, clock, config, loops, mail_jobs
from assistant.errors import AssistantError, ConfigError, ProviderError
from assistant.network import Network
from assistant.store import database, trail
from assistant.wiring import House
from assistant.workflows import operator
from assistant.workflows.desk import Guard

log = logging.getLogger("assistant")

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_BETWEEN_READS = 60
"""Where nothing is heard of new mail."""
_SECONDS_BETWEEN_CALENDARS = 15
_SECONDS_BETWEEN_CONFIG = 5
_SECONDS_BETWEEN_LOOKS_BACK = 600
_WAITS_TO_LEAVE, _WAIT_TO_LEAVE = 15, 0.1

_PIECES = ("mail ", "timer ", "kpi file ")
"""What a loop's own guards are for: one thing among many, which is put off or aside where it fails."""

Loop = Callable[[House, datetime, Guard], int]


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
            note(place, str(error))
        except Exception as error:  # the guard: whatever it is, the other loops go on
            where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
            log.error("fault", extra={"ids": {"place": place, "error": type(error).__name__, "where": where}})
            note(place, f"{type(error).__name__} in {where[-1]}")
            if isinstance(error, sqlite3.Error) and database.has_failed(error) and place.startswith(_PIECES):
                raise  # no fault of this mail or timer, which must not be put aside for it: the loop ends instead

    def note(place: str, message: str) -> None:
        with suppress(sqlite3.Error):  # it may be the store that failed, as on a full disk; the log has it
            trail.trouble(house.db, now, place, message)

    return guard


class Daemon:
    """``run`` returns when SIGTERM or SIGINT asked for it and the loop at work has ended.

    The main thread alone uses the store. It sleeps until a provider has answered or the next look is due, and what
    it wants of providers is done by ``network``: one that hangs holds up nobody but itself.
    """

    def __init__(self, house: House, now: Callable[[], datetime] = clock.now) -> None:
        self.house = house
        self.now = now
        self.stopping = False
        self.network = Network(lambda place: trail.settled(house.db, place))
        self.rests: list[trail.Rest] | None = None
        self.jobs = schedule.Scheduler()
        self.config_stamp = self._stamp()
        self._every(_SECONDS_BETWEEN_LOOKS, "mail", self._mail)
        self._every(_SECONDS_BETWEEN_READS, "reading", self._read)
        self._every(_SECONDS_BETWEEN_CALENDARS, "calendars", self._calendars)
        self._every(_SECONDS_BETWEEN_CONFIG, "configuration", self._reload)
        self._every(_SECONDS_BETWEEN_LOOKS_BACK, "looking back", self._look_back)
        self._every(3600, "upkeep", loops.upkeep)
        self._every(3600, "clocks", loops.clocks)

    def _every(self, seconds: float, name: str, loop: Loop) -> None:
        self.jobs.every(int(seconds)).seconds.do(self._once, name, loop)

    def _once(self, name: str, loop: Loop) -> None:
        """The loop inside the guard, with the time as it is now."""
        now = self.now()
        guard = guard_for(self.house, now)
        with guard(f"loop {name}"):
            did = loop(self.house, now, guard)
            if did:
                log.info("worked", extra={"ids": {"loop": name, "did": did}})

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        log.info("started", extra={"ids": {"people": len(self.house.desk.setup.people)}})
        try:
            self.start()
            while not self.stopping:
                self.step(max(0.05, min(_SECONDS_BETWEEN_LOOKS, self.jobs.idle_seconds or 0)))
        finally:
            self._leave()

    def start(self) -> None:
        self._once("catching up", loops.catch_up)
        self.jobs.run_all()

    def step(self, seconds: float) -> None:
        """Sleep so long, or until a provider has answered, and do what follows."""
        if self.network.wait(seconds) and self._go_on():
            self._once("mail", self._mail)
        self.jobs.run_pending()
        now = self.now()
        self.network.begin(now, guard_for(self.house, now))
        self.network.add_idle(mail_jobs.listening(self.house), now)
        self.network.begin(now, guard_for(self.house, now))
        self._note_rests()

    def _go_on(self) -> int:
        """Take what providers answered."""
        now = self.now()
        return self.network.go_on(now, guard_for(self.house, now))

    def _mail(self, house: House, now: datetime, guard: Guard) -> int:
        did = loops.handle(house, now, guard) + loops.work(house, now, guard) + operator.tell(house.desk, now)
        ailing = (each for each in mail_jobs.reading(house) if not self.network.is_well(each))
        self.network.add(ailing, now)
        self.network.add(mail_jobs.looking_up(house, now), now)
        self.network.add(mail_jobs.sending(house, now), now)
        self.network.add(mail_jobs.posting(house, now), now)
        self.network.add(mail_jobs.forgetting(house), now)
        return did

    def _read(self, house: House, now: datetime, _guard: Guard) -> int:
        self.network.add(mail_jobs.reading(house), now)
        return 0

    def _look_back(self, house: House, now: datetime, _guard: Guard) -> int:
        self.network.add(mail_jobs.looking_back(house, now), now)
        return 0

    def _calendars(self, house: House, now: datetime, _guard: Guard) -> int:
        self.network.add(calendar_jobs.noting(house), now)
        self.network.add(calendar_jobs.reading(house, now), now)
        self.network.add(calendar_jobs.writing(house, now), now)
        return 0

    def _note_rests(self) -> None:
        """For ``status``: whom we leave alone, until when and why."""
        rests = [
            trail.Rest(place, pause.until, pause.times, pause.error) for place, pause in self.network.pauses.items()
        ]
        if rests != self.rests:
            self.rests = rests
            with guard_for(self.house, self.now())("status"):
                trail.put_rests(self.house.db, rests)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True
        self.network.wake()

    def _leave(self) -> None:
        """Take what is answered within a moment, and go, whatever is still under way.

        A call cannot be ended but with the process. While it goes on the folder is ours, or the next daemon might ask
        about a mail that is just leaving: so the process ends here, with the lock. Its row says ``submitting``.
        """
        self.network.close()
        for _ in range(_WAITS_TO_LEAVE):
            if self.network.under_way() and self.network.wait(_WAIT_TO_LEAVE):
                self._go_on()
        left_behind = self.network.under_way()
        log.info("stopped", extra={"ids": {"left": left_behind}} if left_behind else {})
        if left_behind:
            failed = sys.exc_info()[1] is not None
            if failed:
                traceback.print_exc()
            logging.shutdown()
            os._exit(1 if failed else 0)

    def _reload(self, house: House, now: datetime, _guard: Guard) -> int:
        """Read the configuration again when its file changed; a broken one changes nothing and is reported."""
        stamp = self._stamp()
        if stamp == self.config_stamp:
            return 0
        self.config_stamp = stamp
        try:
            house.adopt(config.load(house.config.path), now)
            self.network.start_over()
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
