"""Start-up and memory by provider family: what a daemon pays for the providers that it uses, and for no others."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from assistant.adapters.google_account import token_path

from assistant import clock
from assistant.commands.run import APPROVED
from assistant.store import database
from benchmarks.companies import ADDRESS
from benchmarks.measure import Spent, clean_environment, process, side_by_side
from benchmarks.report import Goal, Report, at_most, duration

LOCAL, OWN = "folders", "IMAP and CalDAV"
HEAVY = ("google", "googleapiclient", "httplib2", "msal", "exchangelib", "slack_sdk")
"""Top-level packages of provider libraries."""
_CONFIG = """
assistant: {{name: Ada, address: {address}}}
people:
  - {{name: Mia Chen, email: mia@example.org, zone: Etc/GMT, team: product, lead: true}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
accounts:
{accounts}"""
_ACCOUNTS: Mapping[str, str] = {
    LOCAL: "  main: {{mail: local, calendar: local}}\n",
    OWN: (
        "  main: {{mail: imap, host: 127.0.0.1, security: none, imap_port: {port}, smtp_port: {port}, password: x}}\n"
        "  dates: {{calendar: caldav, url: 'http://127.0.0.1:{port}/', username: ada, password: x}}\n"
    ),
    "IMAP, calendars by mail": (
        "  main: {{mail: imap, host: 127.0.0.1, security: none, imap_port: {port}, smtp_port: {port}, password: x,"
        " calendar: imip}}\n"
    ),
    "Google": "  main: {{mail: google, calendar: google, endpoint: 'http://127.0.0.1:{port}/'}}\n",
    "Microsoft 365": (
        "  main: {{mail: graph, calendar: graph, tenant: t, client_id: c, secret: x,"
        " base: 'https://127.0.0.1:{port}', authority: 'https://127.0.0.1:{port}'}}\n"
    ),
    "Exchange": (
        "  main: {{mail: exchange, calendar: exchange, endpoint: 'http://127.0.0.1:{port}/EWS/Exchange.asmx',"
        " username: ada, password: x, auth: basic}}\n"
    ),
    "folders and Slack": "  main: {{mail: local, calendar: local}}\n  chat: {{channel: slack, token: x}}\n",
}
_LOADED = """
import contextlib, io, json, sys
from assistant.cli import main
with contextlib.redirect_stderr(io.StringIO()):
    try: main(["-c", sys.argv[1], "run", "--once"])
    except SystemExit: pass
print(json.dumps([name for name in sys.argv[2:] if any(m.split(".")[0] == name for m in sys.modules)]))
"""


def run(*, quick: bool) -> Report:
    with tempfile.TemporaryDirectory() as scratch:
        configs = {name: _laid_out(Path(scratch) / str(number), name) for number, name in enumerate(_ACCOUNTS)}
        peaks: dict[str, float] = {}
        once = {name: (partial(_once, name, path, peaks), 1) for name, path in configs.items()}
        timings = side_by_side(once, 1 if quick else 5)
        loaded = {name: _loaded(path) for name, path in configs.items()}
    rows = []
    for name, timing in timings.items():
        more = f"{peaks[name] - peaks[LOCAL]:+.0f} MiB"
        times = [duration(timing.each), duration(timing.cpu_each)]
        rows.append([name, *times, f"{peaks[name]:.0f} MiB", more, ", ".join(loaded[name]) or "none"])
    foreign = [package for package in loaded[OWN] if package in HEAVY]
    return Report(
        "Start-up and memory by provider",
        "`assistant run --once` from nothing to its exit, with accounts of one family: settings read, store opened,"
        " adapters made, one try of everything that is due. Nobody answers, so what is measured is ours and the"
        " libraries', not a network's. Libraries are those of providers alone.",
        ("", "wall", "of it CPU", "peak memory", "beside folders", "provider libraries loaded"),
        rows,
        [
            Goal("IMAP and CalDAV load nothing of Google, Microsoft or Exchange", f"{len(foreign)}", not foreign),
            at_most("IMAP and CalDAV <= 1.3x the memory of folders", peaks[OWN] / peaks[LOCAL], 1.3),
            at_most("the heaviest family <= 2.5x the memory of folders", max(peaks.values()) / peaks[LOCAL], 2.5),
        ],
    )


def _laid_out(folder: Path, name: str) -> Path:
    """A configuration whose servers are a port at which nobody listens, with what a sign-in would have left."""
    data = folder / "data"
    database.make_private_folder(data)
    with closing(database.open_store(data)) as db:
        database.write_meta(db, APPROVED, clock.now().isoformat())
    token = token_path(data, ADDRESS)
    token.parent.mkdir()
    port = _silent_port()
    signed_in = {"client_id": "c", "client_secret": "s", "refresh_token": "r", "token_uri": f"http://127.0.0.1:{port}/"}
    token.write_text(json.dumps(signed_in), encoding="utf-8")
    path = folder / "config.yaml"
    accounts = _ACCOUNTS[name].format(port=port)
    path.write_text(_CONFIG.format(address=ADDRESS, accounts=accounts), encoding="utf-8")
    return path


def _silent_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _once(name: str, config: Path, peaks: dict[str, float]) -> Spent:
    ended = process([Path(sys.executable).parent / "assistant", "-c", config, "run", "--once"])
    peaks[name] = max(peaks.get(name, 0.0), ended.peak)
    return ended.spent


def _loaded(config: Path) -> Sequence[str]:
    """The provider libraries that such a run imports."""
    given = [sys.executable, "-c", _LOADED, str(config), *HEAVY]
    ran = subprocess.run(given, capture_output=True, text=True, check=True, env=clean_environment())
    found: list[str] = json.loads(ran.stdout.splitlines()[-1])
    return found
