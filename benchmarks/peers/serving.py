"""How a worker listens: a JSON object a line with ``act`` and its arguments; the answer is one line too."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any


def serve(acts: Mapping[str, Callable[..., Any]]) -> None:
    for line in sys.stdin:
        given = json.loads(line)
        print(json.dumps(acts[given.pop("act")](**given)), flush=True)


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    gc.collect()
    start, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - start, time.process_time() - cpu
