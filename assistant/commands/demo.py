"""``assistant demo``"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from sqlite_utils import Database

from assistant import clock, config, loops
from assistant.commands.console import console
from assistant.daemon import guard_for
from assistant.demo import pages, team
from assistant.demo.expectations import verify
from assistant.demo.run import STORY, Timeline, run_demo
from assistant.domain.kinds import KINDS, Asks
from assistant.errors import AssistantError
from assistant.store import inbox, outbox, trail
from assistant.store.database import FILE
from assistant.wiring import House, open_house


class Driven:
    """The assistant as the demo drives it: every loop, at the instant it is told."""

    def __init__(self, house: House) -> None:
        self._house = house

    def tick(self, now: datetime) -> None:
        loops.everything(self._house, now, guard_for(self._house, now))

    def next_due(self) -> datetime | None:
        return loops.next_due(self._house)


def run(folder: Path, *, days: int, seed: int) -> None:
    """Raises Misunderstood where the store says otherwise than the people of the demo meant."""
    out = console()
    end = clock.now()
    start = end - timedelta(days=days)
    _clear(folder)
    settings = config.load(team.lay_out(folder, start))
    with open_house(settings, start) as house:
        with Timeline(out, start, end) as timeline:
            story = run_demo(folder, Driven(house), start, end, timeline, seed)
        index = pages.build(folder, lambda id_: understood(house.db, id_))
        verify(story.expectations, lambda id_: understood(house.db, id_), lambda id_: acted(house.db, id_))
        _close(out, house.db, folder, index, len(story.expectations))


def _clear(folder: Path) -> None:
    """Only a folder that a demo made is replaced. Raises AssistantError about any other."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not ((folder / STORY).exists() or ((folder / "config.yaml").exists() and (folder / FILE).exists())):
        raise AssistantError(f"{folder}: holds something that no demo made; name another folder with --folder")
    shutil.rmtree(folder)


def understood(db: Database, message_id: str) -> Mapping[str, str]:
    """What the store took from a reply: "check-in/done" to text."""
    found: dict[str, str] = {}
    for kind, question, text in inbox.answers_from(db, message_id):
        key = f"{kind}/{question}"
        again = KINDS[kind].asks is Asks.MEMBERS and text in found.get(key, "")
        if not again:  # asked once for several teams
            found[key] = f"{found[key]}\n{text}" if key in found else text
    return found


def acted(db: Database, message_id: str) -> Collection[str]:
    """The commands carried out because of a mail."""
    id_ = inbox.id_of(db, message_id)
    return [] if id_ is None else [step.act for step in trail.of(db, f"mail {id_}") if step.because == "your reply"]


def _close(out: Console, db: Database, folder: Path, index: Path, replies: int) -> None:
    sent = outbox.counts(db).get("sent", 0)
    out.print(f"\n{sent} mails sent; all {replies} that people wrote were understood as they meant them.")
    out.print(f"\nOpen [bold]{index}[/bold]: every inbox, every calendar, the two weeks as they went.", soft_wrap=True)
    out.print("Then go on from here:")
    out.print(f"  assistant -c {folder}/config.yaml run        the daemon, on this folder", markup=False)
    out.print(f"  assistant -c {folder}/config.yaml upcoming   what comes next", markup=False)
    out.print(f"  answer a mail: put a file into {folder}/mail/ada@demo.example/new/", markup=False)
    for trouble in trail.troubles(db):
        out.print(f"  (noted on the way: {trouble.place}: {trouble.message})", markup=False)
