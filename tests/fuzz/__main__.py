"""``python -m tests.fuzz --minutes 10``: mutated mails through all of the reading; what fails is kept in a folder."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

from tests.fuzz.campaign import run


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--minutes", type=float, default=1.0)
    arguments.add_argument("--seed", type=int, help="repeat a campaign")
    arguments.add_argument("--found", type=Path, default=Path("fuzz-found"), help="folder for the mails that fail")
    given = arguments.parse_args()
    seed = secrets.randbits(32) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    outcome = run(60 * given.minutes, seed)
    print(f"{outcome.mails} mails, slowest {outcome.slowest:.3f} s, {len(outcome.failures)} failures")
    for failure in outcome.failures:
        given.found.mkdir(exist_ok=True)
        kept = given.found / failure.name
        kept.write_bytes(failure.raw)
        print(f"{kept}: {failure.what}")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
