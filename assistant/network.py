"""Where calls to providers run: each account's mail, calendar and channel have a thread of their own.

A job is a generator. Between two yields it is in the main thread and may use the store; what it yields is a call, which
runs in its account's thread and never touches the store. A thread has one job at a time: whatever a job wrote just
before a call, nobody else's call comes between.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from assistant.errors import ProviderError, Unavailable
from assistant.workflows.desk import Guard

log = logging.getLogger("assistant")
T = TypeVar("T")

_FIRST_PAUSE, _FIRST_PAUSE_REFUSED, _LAST_PAUSE = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1)
_LONGEST_WISH = 86_400.0
"""Seconds for which a provider may ask to be left alone."""
_UNTOLD = timedelta(minutes=5)
"""An outage that is over sooner is logged and no trouble: most pass by themselves."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What came of a call: ``result``, to be asked for once, gives it or raises. ``now`` is when it came."""

    now: datetime
    result: Callable[[], T]


Call = Callable[[], Any]
Job = Generator[Call, Answer[Any], int]
"""Returns how much it did. It may be ended for good at any yield, as by a crash."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do for one account: ``line`` names the thread, ``what`` tells it from the others on that line."""

    line: str
    what: str
    job: Callable[[datetime], Job]

    @property
    def place(self) -> str:
        return f"{self.line}, {self.what}"


def run(job: Job, now: datetime) -> int:
    """The whole job here and now: each call is made where its answer is asked for."""
    try:
        call = next(job)
        while True:
            call = job.send(Answer(now, call))
    except StopIteration as end:
        return int(end.value)


def run_all(errands: Iterable[Errand], now: datetime, guard: Guard) -> int:
    did = 0
    for errand in errands:
        with guard(errand.place):
            did += run(errand.job(now), now)
    return did


@dataclass(frozen=True, slots=True)
class Pause:
    """A place is left alone ``until`` then: it has failed ``times`` times running, the first at ``since``."""

    since: datetime
    until: datetime
    times: int
    error: str


@dataclass(slots=True)
class _UnderWay:
    errand: Errand
    job: Job
    answer: Future[Any] | None = None


@dataclass(slots=True)
class _Line:
    thread: ThreadPoolExecutor
    waiting: dict[str, Errand] = field(default_factory=dict)
    current: _UnderWay | None = None


class Network:
    """The threads, seen from the main one. ``works`` is called with a place whose errand went well after a failure.

    It is also called the first time that an errand of that place goes well: who ran before may have left a failure.
    """

    def __init__(self, works: Callable[[str], None]) -> None:
        self.pauses: dict[str, Pause] = {}
        self._works = works
        self._well: set[str] = set()
        self._closed = False
        self._lines: dict[str, _Line] = {}
        self._answered: SimpleQueue[_Line | None] = SimpleQueue()

    def add(self, errands: Iterable[Errand], now: datetime) -> None:
        """Have them done as soon as their threads are free; not what is on its way already, or rests."""
        for errand in errands:
            pause = self.pauses.get(errand.place)
            if pause is None or pause.until <= now:
                line = self._lines.get(errand.line)
                if line is None:
                    line = self._lines[errand.line] = _Line(ThreadPoolExecutor(1, thread_name_prefix=errand.line))
                if line.current is None or line.current.errand.what != errand.what:
                    line.waiting.setdefault(errand.what, errand)

    def add_idle(self, errands: Iterable[Errand], now: datetime) -> None:
        """The same, for what is only worth while where a thread has nothing else to do and its place is well."""
        for errand in errands:
            line = self._lines.get(errand.line)
            if line is not None and line.current is None and not line.waiting and self.is_well(errand):
                self.add([errand], now)

    def is_well(self, errand: Errand) -> bool:
        """Whether what was done last at its place went well."""
        return errand.place in self._well

    def begin(self, now: datetime, guard: Guard) -> int:
        """Set every free thread to what waits for it. Returns how much was done without any call."""
        did = 0
        for line in self._lines.values():
            while line.current is None and line.waiting and not self._closed:
                errand = line.waiting.pop(next(iter(line.waiting)))
                line.current = _UnderWay(errand, errand.job(now))
                did += self._advance(line, line.current, now, guard)
        return did

    def wait(self, timeout: float) -> bool:
        """Block until there is an answer for ``go_on``, or ``wake`` was called; False after ``timeout`` seconds."""
        try:
            line = self._answered.get(timeout=timeout)
        except Empty:
            return False
        self._answered.put(line)
        return True

    def wake(self) -> None:
        """End a ``wait``. May be called by a signal's handler."""
        self._answered.put(None)

    def go_on(self, now: datetime, guard: Guard) -> int:
        """Resume every job whose answer has come. Returns how much was done by those that ended."""
        did = 0
        for _ in range(self._answered.qsize()):
            line = self._answered.get()
            if line is not None and line.current is not None:
                did += self._advance(line, line.current, now, guard)
        return did

    def start_over(self) -> None:
        """There are other adapters now: what waits was for the old ones, and nobody needs to rest any longer."""
        self.pauses.clear()
        for line in self._lines.values():
            line.waiting.clear()

    def under_way(self) -> list[str]:
        """The places whose call has not been answered."""
        return [line.current.errand.place for line in self._lines.values() if line.current is not None]

    def close(self) -> None:
        """Begin nothing more: a job whose answer still comes may note it, and gets no further call."""
        self._closed = True
        for line in self._lines.values():
            line.waiting.clear()
            line.thread.shutdown(wait=False)

    def _advance(self, line: _Line, current: _UnderWay, now: datetime, guard: Guard) -> int:
        """From one call to the next, or to the end: then the line is free, and what was done is returned."""
        errand, job, answer = current.errand, current.job, current.answer
        did: int | None = None
        trouble = ("a fault", _FIRST_PAUSE, timedelta())
        with guard(errand.place):
            try:
                call = next(job) if answer is None else job.send(Answer(now, answer.result))
                if not self._closed:
                    current.answer = line.thread.submit(call)
                    current.answer.add_done_callback(lambda _: self._answered.put(line))
                    return 0
                job.close()
            except StopIteration as end:
                did = int(end.value)
                self._has_worked(errand.place)
            except ProviderError as error:
                first = _FIRST_PAUSE if isinstance(error, Unavailable) else _FIRST_PAUSE_REFUSED
                trouble = (str(error), first, wished(error))
                if not (isinstance(error, Unavailable) and self._is_new(errand.place, now)):
                    raise
                log.warning("provider", extra={"ids": {"place": errand.place, "error": type(error).__name__}})
        line.current = None
        if did is None:
            self._leave_alone(errand.place, now, *trouble)
        elif did:
            log.info("worked", extra={"ids": {"place": errand.place, "did": did}})
        return did or 0

    def _has_worked(self, place: str) -> None:
        if place not in self._well:
            self._well.add(place)
            self.pauses.pop(place, None)
            self._works(place)

    def _is_new(self, place: str, now: datetime) -> bool:
        pause = self.pauses.get(place)
        return pause is None or now - pause.since < _UNTOLD

    def _leave_alone(self, place: str, now: datetime, error: str, first: timedelta, wish: timedelta) -> None:
        before = self.pauses.get(place)
        times = 1 if before is None else before.times + 1
        pause = max(wish, min(_LAST_PAUSE, first * 2 ** min(times - 1, 20)))
        self.pauses[place] = Pause(now if before is None else before.since, now + pause, times, error)
        self._well.discard(place)


def wished(error: ProviderError) -> timedelta:
    """How long the provider wants to be left alone at least, within reason."""
    wish = error.retry_after if isinstance(error, Unavailable) else None
    return timedelta(seconds=min(wish or 0, _LONGEST_WISH))
