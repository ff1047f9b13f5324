"""The command line. Only click is imported here: what a command needs is imported when it runs.

Exit codes: 0 done, 1 something to see to was found, 2 the command, the configuration or the data folder cannot be used.
"""

from __future__ import annotations

import logging
import sqlite3
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from assistant import __version__
from assistant.errors import AssistantError


class _Instant(click.ParamType[datetime]):
    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write it like 2026-11-24T08:00:00+00:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Day(click.ParamType[date]):
    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it like 2026-11-24", param, ctx)


class _Group(click.Group):
    """Errors for people: one sentence on stderr and exit code 2, no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AssistantError as error:
            click.echo(str(error), err=True)
        except sqlite3.Error as error:
            click.echo(_of_the_store(error, ctx.obj), err=True)
        sys.exit(2)


def _of_the_store(error: sqlite3.Error, path: Path) -> str:
    from assistant import config  # noqa: PLC0415 - only where something failed
    from assistant.store import database  # noqa: PLC0415 - as above

    return str(database.unusable(error, config.load(path).data / database.FILE))


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="assistant")
@click.option(
    "-c",
    "--config",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("config.yaml"),
    envvar="ASSISTANT_CONFIG",
    show_default=True,
    help="The configuration; also taken from ASSISTANT_CONFIG.",
)
@click.pass_context
def main(ctx: click.Context, path: Path) -> None:
    """Runs a team's rhythm by mail and calendar.

    Example: assistant --config config.yaml upcoming
    """
    # Libraries warn of what servers say, which may be anybody's words: they have nowhere to say it.
    logging.getLogger().addHandler(logging.NullHandler())
    ctx.obj = path


@main.command()
@click.option("--force", is_flag=True, help="Write over a configuration that is there.")
@click.pass_obj
def init(path: Path, force: bool) -> None:
    """Ask five questions and write a valid configuration.

    Example: assistant init
    """
    from assistant.commands import init as command  # noqa: PLC0415 - imported when it runs, so that --help is quick

    command.run(path, force=force)


@main.command()
@click.option("--online", is_flag=True, help="Try out all that each account must be able to do; mails only itself.")
@click.pass_obj
def check(path: Path, online: bool) -> None:
    """Check the configuration, the data folder and the adapters, and show what would be sent first.

    Example: assistant check --online
    """
    from assistant.commands import check as command  # noqa: PLC0415 - as above

    sys.exit(command.run(path, online=online))


@main.command()
@click.argument("name")
@click.option("--account", metavar="NAME", default="", help="What the account is called; else like its adapter.")
@click.option("--address", default="", help="The assistant's address there, where it is not its usual one.")
@click.pass_obj
def connect(path: Path, name: str, account: str, address: str) -> None:
    """Sign in to a provider for the first time; NAME is its adapter, for example imap, caldav or google.

    Example: assistant connect imap --account contractors --address ada@contractors.example
    """
    from assistant.commands import connect as command  # noqa: PLC0415 - as above

    command.run(path, name, account=account, address=address)


@main.command()
@click.option("--once", is_flag=True, help="Run every loop until nothing is due, then end.")
@click.option("--now", type=_Instant(), help="With --once: the instant to take for now, in ISO 8601.")
@click.pass_obj
def run(path: Path, once: bool, now: datetime | None) -> None:
    """Run the daemon.

    Example: assistant run --once --now 2026-11-24T08:00:00+00:00
    """
    if now is not None and not once:
        raise click.UsageError("--now goes with --once")
    from assistant.commands import run as command  # noqa: PLC0415 - as above

    command.run(path, once=once, now=now)


@main.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the demo lives; what is there is replaced.",
)
@click.option(
    "--days", type=click.IntRange(1, 120), default=14, show_default=True, help="How many days to live through."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed, other delays.")
def demo(folder: Path, days: int, seed: int) -> None:
    """Watch a team of eight live through two weeks, and write pages that show every mail and calendar.

    Example: assistant demo --folder demo
    """
    from assistant.commands import demo as command  # noqa: PLC0415 - as above

    command.run(folder, days=days, seed=seed)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def status(path: Path, as_json: bool) -> None:
    """Show what is open, what waits, and what needs a human.

    Example: assistant status --json
    """
    from assistant.commands import status as command  # noqa: PLC0415 - as above

    sys.exit(command.run(path, as_json=as_json))


@main.command()
@click.option("--days", type=click.IntRange(1, 31), default=7, show_default=True, help="How far to look ahead.")
@click.option("--person", help="Only this one: an address or a name.")
@click.option("--approve", is_flag=True, help="Agree to what is shown; `run` may then mail real people.")
@click.option("--now", type=_Instant(), help="Look ahead from this instant instead.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def upcoming(path: Path, days: int, person: str | None, approve: bool, now: datetime | None, as_json: bool) -> None:
    """Show what goes out when, to whom, in their own time. Nothing is sent.

    Example: assistant upcoming --days 3 --person mia@example.com
    """
    from assistant.commands import upcoming as command  # noqa: PLC0415 - as above

    command.run(path, days=days, person=person, approve=approve, now=now, as_json=as_json)


@main.command()
@click.argument("kind")
@click.argument("person")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("preview.html"),
    show_default=True,
    help="Where the HTML version goes.",
)
@click.option("--now", type=_Instant(), help="As it would look at this instant.")
@click.pass_obj
def preview(path: Path, kind: str, person: str, html: Path, now: datetime | None) -> None:
    """Show a mail of KIND as PERSON would get it: text here, HTML in a file. Nothing is sent.

    Example: assistant preview check-in mia@example.com
    """
    from assistant.commands import preview as command  # noqa: PLC0415 - as above

    command.run(path, kind, person, html=html, now=now)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For scripts: class, sender, reply, answers.")
@click.pass_obj
def parse(path: Path, file: Path, as_json: bool) -> None:
    """Show how a mail is understood: its class, sender, visible reply and answers.

    Example: assistant parse reply.eml --json
    """
    from assistant.commands import parse as command  # noqa: PLC0415 - as above

    command.run(path, file, as_json=as_json)


@main.command()
@click.argument("what")
@click.pass_obj
def why(path: Path, what: str) -> None:
    """Explain automatic acts: WHAT is a person, a meeting, or a row such as "mail 12" or "prompt 7".

    Example: assistant why mia@example.com
    """
    from assistant.commands import why as command  # noqa: PLC0415 - as above

    command.run(path, what)


@main.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--as", "name", metavar="PERSON", help="Only what this one may read; without it, what the operator may.")
@click.option("--since", type=_Day(), help="Nothing older than this day.")
@click.option("--until", type=_Day(), help="Nothing newer than this day.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def search(
    path: Path, words: tuple[str, ...], name: str | None, since: date | None, until: date | None, as_json: bool
) -> None:
    """Find again what people wrote: everything with all of these WORDS, newest first.

    Example: assistant search staging outage --since 2026-10-01
    """
    from assistant.commands import search as command  # noqa: PLC0415 - as above

    sys.exit(command.run(path, " ".join(words), name=name, since=since, until=until, as_json=as_json))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(("csv", "json", "ics", "sqlite")),
    default="csv",
    show_default=True,
    help="A file for each view, one SQLite file, or the meetings alone for a calendar.",
)
@click.option("--as", "name", metavar="PERSON", help="All that this one may read, private words included.")
@click.pass_obj
def export(path: Path, folder: Path, kind: str, name: str | None) -> None:
    """Write everything that is not private into files in FOLDER, which must be empty or not there yet.

    Example: assistant export shared --format csv
    """
    from assistant.commands import export as command  # noqa: PLC0415 - as above

    command.run(path, folder, kind=kind, name=name)


@main.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All that were put aside.")
@click.pass_obj
def replay(path: Path, ids: tuple[int, ...], everything: bool) -> None:
    """Have mails that were put aside read again; without IDS, list them.

    Example: assistant replay --all
    """
    from assistant.commands import replay as command  # noqa: PLC0415 - as above

    command.run(path, ids, everything=everything)


@main.command()
@click.argument("address")
@click.pass_obj
def resume(path: Path, address: str) -> None:
    """Write to somebody again whose mails came back.

    Example: assistant resume lee@example.com
    """
    from assistant.commands import resume as command  # noqa: PLC0415 - as above

    command.run(path, address)


@main.command()
@click.argument("action", type=click.Choice(["list", "set", "import"]))
@click.argument("words", nargs=-1)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day a value belongs to. Default: today.")
@click.pass_obj
def kpi(path: Path, action: str, words: tuple[str, ...], day: datetime | None) -> None:
    """List the KPIs, set NAME VALUE, or import FILE, a CSV file with the columns kpi, day and value.

    Example: assistant kpi set churn "3.2 %"
    """
    from assistant.commands import kpi as command  # noqa: PLC0415 - as above

    wanted = {"list": 0, "set": 2, "import": 1}[action]
    if len(words) != wanted:
        raise click.UsageError({"list": "list takes nothing more", "set": "set takes NAME and VALUE"}.get(
            action, "import takes one FILE"
        ))  # fmt: skip
    if action == "list":
        command.list_(path)
    elif action == "set":
        command.set_(path, words[0], words[1], day.date() if day else None)
    else:
        command.import_(path, Path(words[0]))


@main.command()
@click.pass_obj
def backup(path: Path) -> None:
    """Make a checked copy of the store now.

    Example: assistant backup
    """
    from assistant.commands import backup as command  # noqa: PLC0415 - as above

    command.run(path)


if __name__ == "__main__":
    main()
