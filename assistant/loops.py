"""The handful of things the assistant does again and again.

Each takes ``now``, works until nothing is left and returns how much it did, calling the providers there and then:
so ``run --once``, the demo and the tests live through time. The daemon has the same errands done by ``network``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant import calendar_jobs, kpi_files, mail_jobs
from assistant.network import run, run_all
from assistant.store import calendar as calendar_store
from assistant.store import channels as channel_store
from assistant.store import database, inbox, outbox, sealed, timers, trail
from assistant.wiring import House
from assistant.workflows import due, operator
from assistant.workflows import inbox as inbox_workflow
from assistant.workflows.desk import Guard

_RAW_KEPT = timedelta(days=90)
_TOLD_OF_MAILS = timedelta(days=14)


def everything(house: House, now: datetime, guard: Guard) -> int:
    """All loops, again and again, until nothing is due at ``now``."""
    total = catch_up(house, now, guard)
    while True:
        did = fetch(house, now, guard) + handle(house, now, guard) + work(house, now, guard)
        did += operator.tell(house.desk, now) + calendars(house, now, guard) + send(house, now, guard)
        did += post(house, now, guard)
        total += did
        if not did:
            return total


def catch_up(house: House, now: datetime, guard: Guard) -> int:
    """A store that was put back writes again what it has forgotten, each mail at its own moment.

    So these are the mails that left then, gathered as they were, and the answers that are read next belong to them.
    """
    did, moment = 0, timers.next_due(house.db, timers.CALENDAR)
    while house.restored is not None and moment is not None and moment < now <= house.restored:
        did += work(house, moment, guard)
        before, moment = moment, timers.next_due(house.db, timers.CALENDAR)
        if moment is not None and moment <= before:  # something is in its way: it is left to the usual loops
            break
    return did


def next_timer(house: House) -> datetime | None:
    return timers.next_due(house.db)


def next_due(house: House) -> datetime | None:
    """The next instant at which a loop has something to do."""
    moments = [
        timers.next_due(house.db),
        outbox.next_ready(house.db),
        calendar_store.next_retry(house.db),
        channel_store.next_retry(house.db),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def fetch(house: House, now: datetime, guard: Guard) -> int:
    """New mail of every account into the store, before anything looks at it."""
    return run_all(mail_jobs.reading(house), now, guard)


def handle(house: House, now: datetime, guard: Guard) -> int:
    did = inbox_workflow.run(house.desk, now, guard)
    sealed.sweep(house.db)
    house.keep_up(now)
    return did


def work(house: House, now: datetime, guard: Guard) -> int:
    did = kpi_files.take_all(house, now, guard) + due.run(house.desk, now, guard)
    sealed.sweep(house.db)
    house.keep_up(now)
    return did


def send(house: House, now: datetime, guard: Guard) -> int:
    """Hand over what is ready. A mail in doubt is looked up before anything else leaves."""
    sent = run_all(mail_jobs.looking_up(house, now), now, guard)
    run_all(mail_jobs.forgetting(house), now, guard)
    for errand in mail_jobs.sending(house, now):
        with guard(errand.place):
            while did := run(errand.job(now), now):
                sent += did
    return sent


def post(house: House, now: datetime, guard: Guard) -> int:
    """Put what is ready into the channels."""
    return run_all(mail_jobs.posting(house, now), now, guard)


def calendars(house: House, now: datetime, guard: Guard) -> int:
    """Read what changed and who is free when that is due, then put our own changes on the calendars."""
    did = read_calendars(house, now, guard)
    return did + run_all(calendar_jobs.writing(house, now), now, guard)


def read_calendars(house: House, now: datetime, guard: Guard) -> int:
    """Where a look at the calendars is due: what others changed, who is free, and what follows for our meetings."""
    return run_all(calendar_jobs.reading(house, now), now, guard)


def clocks(house: House, now: datetime, guard: Guard) -> int:
    """Tell the operator where a server's clock and ours differ: then everybody is asked at the wrong time."""
    providers: dict[str, object] = {f"account {name}": provider for name, provider in house.mail.items()}
    providers |= {f"calendar {name}": provider for name, provider in house.calendars.items()}
    with guard("clocks"):
        operator.compare_clocks(house.desk, now, providers)
    return 0


def upkeep(house: House, now: datetime, guard: Guard) -> int:
    """Once a day: a checked copy of the store, and old raw mail forgotten."""
    today = now.date().isoformat()
    if database.read_meta(house.db, "upkeep") == today:
        return 0
    with guard("backup"):
        database.backup(house.db, house.config.data, now, house.desk.setup.backups)
        inbox.forget_raw(house.db, now - _RAW_KEPT)
        trail.forget_mails(house.db, now - _TOLD_OF_MAILS)
        database.write_meta(house.db, "upkeep", today)
    return 1
