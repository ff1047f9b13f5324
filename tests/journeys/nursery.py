"""Lives through the day in a child process and kills it again and again.

``python -m tests.journeys.nursery FOLDER KILLS SEED``

Each life is a fork of this process, so that a kill costs no new start of Python; it runs the real command once for each
instant. Prints one line of JSON: how many lives were ended, and in how many days.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from assistant import cli
from assistant.commands import run as _run  # noqa: F401  # imported once, before the forks
from tests.journeys import day

_LIVES_A_DAY = 400


def live(folder: Path) -> None:
    """From the first instant not finished to the end of the day."""
    done = folder / "done"
    finished = int(done.read_text()) if done.exists() else 0
    for number, moment in enumerate(day.MOMENTS[finished:], finished + 1):
        day.speak(folder / "data", moment)
        words = ["-c", str(folder / "config.yaml"), "run", "--once", "--now", moment.isoformat()]
        cli.main(words, standalone_mode=False)
        part = folder / "done.part"
        part.write_text(str(number))
        part.replace(done)


def fork(folder: Path) -> int:
    child = os.fork()
    if child:
        return child
    try:
        live(folder)
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  # a child must never return into the parent's loop
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(70)


def one_day(folder: Path, kills: int, chance: random.Random, longest: float) -> int:
    """Until the day is through; how many lives it took besides the last."""
    folder.mkdir(parents=True)
    (folder / "config.yaml").write_text(day.CONFIG, encoding="utf-8")
    for killed in range(_LIVES_A_DAY):
        child = fork(folder)
        if killed < kills:
            time.sleep(chance.uniform(0, longest))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            if os.WEXITSTATUS(status):
                raise SystemExit(f"a life ended with {os.WEXITSTATUS(status)} in {folder}")
            return killed
    raise SystemExit(f"the day never ended in {folder}")


def main(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)  # no secret
    started = time.monotonic()
    one_day(folder / "undisturbed", 0, chance, 0)
    longest = (time.monotonic() - started) / 6
    days, left = 0, kills
    while left > 0:
        left -= one_day(folder / f"day-{days}", left, chance, longest)
        days += 1
    print(json.dumps({"killed": kills - left, "days": days}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
