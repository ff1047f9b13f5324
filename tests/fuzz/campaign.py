"""A run of mutated mails, each at most a second, and what went wrong."""

from __future__ import annotations

import hashlib
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.fuzz.mutation import mutated
from tests.fuzz.target import read_all

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 1.0
"""Seconds of processor time that a mail may take."""
ENOUGH = 20
"""Failures after which a campaign ends."""


@dataclass(frozen=True, slots=True)
class Failure:
    raw: bytes
    what: str

    @property
    def name(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()[:16] + ".eml"


@dataclass(slots=True)
class Outcome:
    mails: int = 0
    slowest: float = 0.0
    failures: list[Failure] = field(default_factory=list)


def corpus() -> list[bytes]:
    return [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]


def run(seconds: float, seed: int, at_least: int = 0) -> Outcome:
    """So long, and so many mails ``at_least``."""
    random, seeds = Random(seed), corpus()
    outcome = Outcome()
    seen: set[str] = set()
    read_all(seeds[0])  # what is loaded once is not the first mail's time
    end = time.monotonic() + seconds
    while (time.monotonic() < end or outcome.mails < at_least) and len(outcome.failures) < ENOUGH:
        raw = mutated(random, seeds)
        begun = time.process_time()
        what = _tried(raw)
        taken = time.process_time() - begun
        if taken > LONGEST and not what:
            again = time.process_time()
            _tried(raw)
            taken = min(taken, time.process_time() - again)  # a busy machine is not our slowness
            what = f"took {taken:.1f} s" if taken > LONGEST else ""
        outcome.mails += 1
        outcome.slowest = max(outcome.slowest, taken)
        if what and what not in seen:
            seen.add(what)
            outcome.failures.append(Failure(raw, what))
    return outcome


def _tried(raw: bytes) -> str:
    """What happened, "" when all was well."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            read_all(raw)
    except Exception as fault:  # noqa: BLE001 - to catch whatever it may be is what this is for
        last = traceback.extract_tb(fault.__traceback__)[-1]
        return f"{type(fault).__name__}: {str(fault)[:200]} in {Path(last.filename).name}:{last.lineno}"
    return ""
