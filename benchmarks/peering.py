"""Peers live in virtual environments of their own, made once under ``.bench/``, so that none of them is in ours."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.measure import Contender, Spent, clean_environment

ROOT = Path(__file__).parent.parent
_KEPT = ROOT / ".bench"


@cache
def peer_python() -> Path:
    """The interpreter of an environment with every peer that pyproject.toml lists under ``bench``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted: list[str] = project["project"]["optional-dependencies"]["bench"]
    folder = _KEPT / "peers"
    python, receipt = folder / "bin" / "python", folder / "installed.json"
    if not receipt.exists() or json.loads(receipt.read_text(encoding="utf-8")) != wanted:
        print("installing the peers …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted], check=True)
        receipt.write_text(json.dumps(wanted), encoding="utf-8")
    return python


def versions(*names: str) -> str:
    """Of what is installed among the peers, each after its name."""
    ask = (
        "import sys; from importlib.metadata import version as v; print(', '.join(f'{n} {v(n)}' for n in sys.argv[1:]))"
    )
    return subprocess.check_output([peer_python(), "-c", ask, *names], text=True, env=clean_environment()).strip()


class Worker:
    """A process among the peers that holds their imports and what they work on, and times itself."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, act: str, **given: object) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(json.dumps({"act": act, **given}) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"the peers' process ended at {act!r}")
        return json.loads(answer)

    def contender(self, act: str, **given: object) -> Contender:
        return lambda: Spent(*self.ask(act, **given))


@contextmanager
def worker(name: str, arguments: Sequence[str | Path] = ()) -> Iterator[Worker]:
    """``name`` is a module in ``peers/``."""
    command = [peer_python(), "-m", f"benchmarks.peers.{name}", *arguments]
    process = subprocess.Popen(
        list(map(str, command)),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    try:
        yield Worker(process)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait(timeout=60)
        if process.stdout:
            process.stdout.close()
