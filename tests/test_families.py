"""A daemon pays for the providers that it uses, and for no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.families import HEAVY
from tests.servers.loopback import free_port

CONFIG = """
assistant: {{name: Ada, address: ada@example.com}}
people:
  - {{name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
series:
  - {{kind: review, team: product}}
accounts:
{accounts}"""
IMAP = "mail: imap, host: 127.0.0.1, security: none, imap_port: {port}, smtp_port: {port}, password: x"
FAMILIES = {
    "folders": "  main: {{mail: local, calendar: local}}\n",
    "IMAP and CalDAV": f"  main: {{{{{IMAP}}}}}\n"
    "  dates: {{calendar: caldav, url: 'http://127.0.0.1:{port}/', username: ada, password: x}}\n",
    "IMAP and calendars by mail": f"  main: {{{{{IMAP}, calendar: imip}}}}\n",
    "folders and Teams": "  main: {{mail: local, calendar: local}}\n"
    "  chat: {{channel: teams, webhooks: {{Product: 'https://127.0.0.1:{port}/'}}}}\n",
}
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant import config, loops
from assistant.daemon import Daemon, guard_for
from assistant.wiring import open_house
now = datetime(2026, 11, 23, 8, tzinfo=UTC)
with open_house(config.load(Path(sys.argv[1])), now) as house:
    Daemon(house)
    loops.everything(house, now, guard_for(house, now))
print(sorted({name.split(".")[0] for name in sys.modules} & set(sys.argv[2:])))
"""


@pytest.mark.parametrize("family", FAMILIES)
def test_who_uses_no_cloud_imports_none_of_its_libraries(tmp_path: Path, family: str) -> None:
    """Settings read, adapters made, a daemon built, and everything tried that is due."""
    path = tmp_path / "config.yaml"
    accounts = FAMILIES[family].format(port=free_port())
    path.write_text(CONFIG.format(accounts=accounts), encoding="utf-8")
    given = [sys.executable, "-c", PROGRAM, str(path), *HEAVY]
    ran = subprocess.run(given, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "[]\n"
