"""Run all and write the page, or run the named ones and print them."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks.report import Report, page

ALL = ("ingest", "replies", "send", "tick", "startup", "families", "freebusy", "rollups", "search", "quarter")
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(ALL)}")
    arguments.add_argument("--quick", action="store_true", help="fewer and smaller runs, to see that all works")
    given = arguments.parse_args()
    unknown = sorted(set(given.names) - set(ALL))
    if unknown:
        arguments.error(f"there is no benchmark {unknown[0]}; there are {', '.join(ALL)}")
    begun = time.perf_counter()
    reports = [_run(name, quick=given.quick) for name in given.names or ALL]
    if not given.names and not given.quick:
        PAGE.write_text(page(reports, time.perf_counter() - begun, quick=False), encoding="utf-8")
        print(f"written to {PAGE}")
    return 0


def _run(name: str, *, quick: bool) -> Report:
    begun = time.perf_counter()
    report = cast(Report, import_module(f"benchmarks.{name}").run(quick=quick))
    print(report.markdown(), f"\n\n({name} took {time.perf_counter() - begun:.0f} s)\n", flush=True)
    return report


if __name__ == "__main__":
    sys.exit(main())
