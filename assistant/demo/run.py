"""Two weeks in simulated time: whoever has something to do next is given the floor."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from assistant.demo.expectations import Expectation
from assistant.demo.script import read
from assistant.demo.simulation import Arrived, Cast, Delivered
from assistant.errors import AssistantError

STORY = "story.json"
SEED = 7
_SHORTEST = timedelta(seconds=1)
_PATIENCE = 20


class Stalled(AssistantError):  # noqa: N818  # ours are named for what happened
    """The assistant says that something is due and does not do it."""


class Assistant(Protocol):
    """What the demo needs of the assistant."""

    def tick(self, now: datetime) -> None:
        """Fetch, do and send all that is due at ``now``."""

    def next_due(self) -> datetime | None:
        """The next instant at which a tick would do something; None when nothing is planned."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. ``who`` are addresses: the readers of a mail, or whoever did it.

    ``what`` is "asked", "told" or "reminded" for mails of the assistant, else that of ``Delivered``. ``about`` is a
    subject or a title.
    """

    at: datetime
    what: str
    who: tuple[str, ...]
    about: str
    client: str = ""
    kind: str = ""
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    start: datetime
    end: datetime
    moments: tuple[Moment, ...]
    expectations: tuple[Expectation, ...]


Watch = Callable[[datetime, Sequence[Moment]], None]


def run_demo(
    folder: Path,
    assistant: Assistant,
    start: datetime,
    end: datetime,
    progress: Watch | None = None,
    seed: int = SEED,
) -> Story:
    """Lives from ``start`` to ``end`` and writes the story into the folder. ``progress`` hears of each step.

    Raises Stalled where the assistant stays due, tick after tick, so that a fault does not look like a long story.
    """
    cast = Cast(folder, start, seed)
    moments: list[Moment] = []
    now, stalled = start, 0
    while True:
        delivered = cast.deliver_due(now)
        assistant.tick(now)
        cast.read_new_mail(now)
        happened = [*map(_done, delivered), *_grouped(cast.arrived)]
        cast.arrived.clear()
        moments += happened
        if progress is not None:
            progress(now, happened)
        if now >= end:
            break
        due = assistant.next_due()
        stalled = stalled + 1 if due is not None and due <= now else 0
        if stalled > _PATIENCE:
            raise Stalled(f"at {now.isoformat()} something is due that does not get done; the log says why")
        wishes = [wish for wish in (due, cast.next_reply_at()) if wish is not None]
        now = min(max(min(wishes, default=end), now + _SHORTEST), end)
    story = Story(start, end, tuple(moments), tuple(cast.expectations))
    (folder / STORY).write_text(json.dumps(asdict(story), default=_plain, ensure_ascii=False, indent=1), "utf-8")
    return story


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _done(act: Delivered) -> Moment:
    return Moment(act.at, act.what, (act.who,), act.about, act.client, message_id=act.message_id)


def _grouped(arrived: Sequence[Arrived]) -> list[Moment]:
    """One moment for each mail that several people got at once."""
    groups: dict[tuple[str, str], Moment] = {}
    for mail in arrived:
        key = (mail.subject, ",".join(mail.kinds))
        what = "asked" if mail.asks else "reminded" if "reminder" in mail.kinds else "told"
        found = groups.get(key, Moment(mail.at, what, (), mail.subject, kind=", ".join(mail.kinds)))
        groups[key] = replace(found, who=(*found.who, mail.to))
    return list(groups.values())


_STYLES = {
    "asked": ("bold cyan", "asked"),
    "told": ("cyan", "told"),
    "reminded": ("yellow", "reminded"),
    "reply": ("green", "replied"),
    "correction": ("bold yellow", "corrected"),
    "command": ("magenta", "told Ada"),
    "auto-reply": ("yellow", "out of office"),
    "bounce": ("red", "bounced"),
    "malformed": ("red", "broken mail"),
    "accepted": ("blue", "accepted"),
    "declined": ("bold blue", "declined"),
}


class Timeline:
    """Prints a line for each moment under a heading for each day, and how far the story has come below."""

    def __init__(self, console: Console, start: datetime, end: datetime) -> None:
        team = read("team.yaml")["configuration"]
        self._zone = ZoneInfo(team["assistant"]["zone"])
        self._names = {person["email"]: person["name"].split()[0] for person in team["people"]}
        self._start, self._end = start, end
        self._day = ""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(None),
            TaskProgressColumn(),
        )
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=(end - start).total_seconds())

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, now: datetime, happened: Sequence[Moment]) -> None:
        day = f"{now.astimezone(self._zone):%A %d %B}".replace(" 0", " ")
        if happened and day != self._day:
            self._day = day
            self._progress.console.print(f"\n[bold]{day}[/bold]")
        for moment in happened:
            self._progress.console.print(self._line(moment), overflow="ellipsis", no_wrap=True, highlight=False)
        self._progress.update(self._task, completed=(now - self._start).total_seconds(), description=day)

    def _line(self, moment: Moment) -> str:
        style, verb = _STYLES[moment.what]
        names = ", ".join(self._names.get(address, address) for address in moment.who)
        via = f" [dim]({escape(moment.client)})[/dim]" if moment.client else ""
        clock = f"{moment.at.astimezone(self._zone):%H:%M}"
        return f"  [dim]{clock}[/dim]  [{style}]{verb:<13}[/{style}] {escape(names)}: {escape(moment.about)}{via}"
