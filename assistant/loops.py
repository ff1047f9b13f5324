"""The handful of things the assistant does again and again.

Each takes ``now``, works until nothing is left and returns how much it did. The daemon calls them by the clock;
``run --once``, the demo and the tests call them at the time they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from assistant.domain.calendar import Busy, Event
from assistant.errors import Conflict, CursorExpired, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ports import ChannelProvider, InvitesByMail, MailProvider
from assistant.store import calendar as calendar_store
from assistant.store import channels as channel_store
from assistant.store import database, inbox, outbox, timers, trail
from assistant.store.channels import Post, PostState
from assistant.store.outbox import Mail, MailState
from assistant.wiring import House
from assistant.workflows import calendar_mail, channels, due, meetings, operator, prompting
from assistant.workflows import inbox as inbox_workflow
from assistant.workflows.desk import Guard

_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=5), timedelta(seconds=4000)
_GIVE_UP = timedelta(days=5)
_GIVE_UP_POST = timedelta(days=2)
_RAW_KEPT = timedelta(days=90)
_LOOKS = (timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=20))
"""A mail in doubt is looked for 2, 10 and 30 minutes after: mailboxes show what arrived with some delay."""
_RATHER_TWICE = frozenset({"digest", "rollup", "summary", "agenda", "invitation", "notice"})
"""Mails that nobody may miss: when it stays unknown whether one left, it goes again with its Message-ID.

A question asked twice is worse than one not asked: those are left, and the operator is told.
"""


def everything(house: House, now: datetime, guard: Guard) -> int:
    """All loops, again and again, until nothing is due at ``now``."""
    total = 0
    while True:
        did = fetch(house, now, guard) + handle(house, now, guard) + work(house, now, guard)
        did += operator.tell(house.desk, now) + calendars(house, now, guard) + send(house, now, guard)
        did += post(house, now, guard)
        total += did
        if not did:
            return total


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
    new = 0
    for name, provider in house.mail.items():
        with guard(f"account {name}"):
            new += _fetch(house, now, name, provider)
    return new


def _fetch(house: House, now: datetime, name: str, provider: MailProvider) -> int:
    new, more = 0, True
    while more:
        cursor = inbox.cursor(house.db, f"mail:{name}")
        try:
            batch = provider.fetch(cursor)
        except CursorExpired:
            trail.trouble(
                house.db, now, f"account {name}", "the server lost our place; everything there is compared anew"
            )
            batch = provider.fetch("")
        new += inbox.store_batch(house.db, now, name, batch)
        more = batch.more
    return new


def handle(house: House, now: datetime, guard: Guard) -> int:
    return inbox_workflow.run(house.desk, now, guard)


def work(house: House, now: datetime, guard: Guard) -> int:
    return due.run(house.desk, now, guard)


def send(house: House, now: datetime, guard: Guard) -> int:
    """Hand over what is ready. A mail in doubt is looked up before anything else leaves."""
    sent = 0
    for name, provider in house.mail.items():
        with guard(f"account {name}"):
            _resolve_doubts(house, now, name, provider)
            while mails := outbox.claim(house.db, now, name, 100):
                for mail in mails:
                    sent += _send_one(house, now, provider, mail)
    return sent


def _resolve_doubts(house: House, now: datetime, name: str, provider: MailProvider) -> None:
    for mail in outbox.in_doubt(house.db, now, name):
        try:
            left = provider.find_sent(outbox.outgoing(house.db, mail))
        except Unavailable:  # fetching will say so; what else is ready need not wait for it
            continue
        if left:
            outbox.finish(house.db, now, mail.id, MailState.SENT)
        elif left is None:
            _undecided(house, now, mail, "may or may not have left; the provider cannot tell")
        elif not provider.find_lags:
            outbox.retry(house.db, mail.id, now, "stopped before it left")
        elif mail.looks < len(_LOOKS):
            outbox.look_again(house.db, mail.id, now + _LOOKS[mail.looks], "not found so far")
        else:
            _undecided(house, now, mail, "may or may not have left; it was not found in half an hour")


def _undecided(house: House, now: datetime, mail: Mail, what: str) -> None:
    if _RATHER_TWICE.issuperset(mail.kinds):
        outbox.retry(house.db, mail.id, now, what)
    else:
        outbox.finish(house.db, now, mail.id, MailState.UNCERTAIN, what)
        trail.trouble(house.db, now, f"mail {mail.id}", what)


def _send_one(house: House, now: datetime, provider: MailProvider, mail: Mail) -> int:
    """The row says ``submitting`` on disk before the provider hears of it: after a crash we know to ask."""
    refusal = _refusal(house, now, mail)
    if refusal:
        with house.db.atomic():
            outbox.finish(house.db, now, mail.id, MailState.SUPPRESSED, refusal)
            prompting.never_left(house.desk, now, mail.id)
        return 1
    if not outbox.submitting(house.db, mail):
        return 0
    try:
        provider.send(outbox.outgoing(house.db, mail))
    except Unauthorized:
        outbox.retry(house.db, mail.id, now + _LAST_RETRY, "sign-in was refused")
        raise
    except (Rejected, Conflict) as error:
        outbox.finish(house.db, now, mail.id, MailState.FAILED, type(error).__name__)
        trail.trouble(house.db, now, f"mail {mail.id}", "was refused for good")
    except ProviderError as error:
        if isinstance(error, Unavailable) and error.in_doubt:
            outbox.look_again(house.db, mail.id, now + _LOOKS[0], "broke off while handing it over")
        else:
            _retry(house, now, mail, error)
    else:
        outbox.finish(house.db, now, mail.id, MailState.SENT)
    return 1


def _refusal(house: House, now: datetime, mail: Mail) -> str:
    """Checked last of all: somebody who left gets nothing more, and what is too late is not sent."""
    setup = house.desk.setup
    if mail.person not in setup.people and mail.person != setup.assistant.operator:
        return "left"
    if mail.not_after is not None and now > mail.not_after:
        return "too late"
    return ""


def _retry(house: House, now: datetime, mail: Mail, error: ProviderError) -> None:
    if now - mail.created_at > _GIVE_UP:
        outbox.finish(house.db, now, mail.id, MailState.FAILED, "given up after five days")
        trail.trouble(house.db, now, f"mail {mail.id}", "could not be sent in five days")
        return
    pause = min(_FIRST_RETRY * 2**mail.attempt, _LAST_RETRY)
    if isinstance(error, Unavailable) and error.retry_after is not None:
        pause = max(pause, timedelta(seconds=error.retry_after))
    outbox.retry(house.db, mail.id, now + pause, type(error).__name__)
    trail.trouble(house.db, now, f"account {mail.account}", "mail could not be handed over and is being retried")


def post(house: House, now: datetime, guard: Guard) -> int:
    """Put what is ready into the channels. A repeat carries its key; where nobody can tell, it is rather seen twice."""
    did = 0
    for name in channel_store.waiting(house.db, now):
        with guard(f"account {name}"):
            for waiting in channel_store.claim(house.db, now, name, 100):
                did += 1
                provider = house.channels.get(name)
                if provider is None or not channels.may_go(house.desk.setup, waiting):
                    channel_store.finish(house.db, now, waiting.id, PostState.SUPPRESSED, "no longer their channel")
                else:
                    _post_one(house, now, provider, waiting)
    return did


def _post_one(house: House, now: datetime, provider: ChannelProvider, waiting: Post) -> None:
    try:
        provider.post(waiting.channel, waiting.text, waiting.key)
    except Rejected as error:
        channel_store.finish(house.db, now, waiting.id, PostState.FAILED, type(error).__name__)
        trail.trouble(house.db, now, f"account {waiting.account}", str(error))
    except ProviderError as error:
        if now - waiting.created_at > _GIVE_UP_POST:
            channel_store.finish(house.db, now, waiting.id, PostState.FAILED, "given up after two days")
        else:
            pause = min(_FIRST_RETRY * 2**waiting.attempt, _LAST_RETRY)
            if isinstance(error, Unavailable) and error.retry_after is not None:
                pause = max(pause, timedelta(seconds=error.retry_after))
            channel_store.retry(house.db, waiting.id, now + pause, type(error).__name__)
        trail.trouble(house.db, now, f"account {waiting.account}", str(error))
    else:
        channel_store.finish(house.db, now, waiting.id, PostState.SENT)


def calendars(house: House, now: datetime, guard: Guard) -> int:
    """Read what changed and who is free when that is due, then put our own changes on the calendars."""
    did = read_calendars(house, now, guard)
    for name in house.calendars:
        with guard(f"calendar {name}"):
            if calendar_store.is_waiting(house.db, now, name):
                note_changes(house, now, name)
                did += _write_calendar(house, now, name)
    return did


def read_calendars(house: House, now: datetime, guard: Guard) -> int:
    """Where a look at the calendars is due: what others changed, who is free, and what follows for our meetings."""
    did = 0
    for name in house.calendars:
        with guard(f"calendar {name}"):
            due_timers = timers.due(house.db, now, timers.CALENDAR, 100)
            if due_timers:
                _read_calendar(house, now, name)
                did += len(due_timers)
    return did


def note_changes(house: House, now: datetime, name: str) -> int:
    """What others did to our events since we last looked. Always before we write: an upsert would hide it."""
    provider, db = house.calendars[name], house.db
    cursor = inbox.cursor(db, f"calendar:{name}")
    try:
        changes = provider.changes(cursor)
    except CursorExpired:
        changes = provider.changes(None)
    with db.atomic():
        if changes.cursor != cursor:
            inbox.set_cursor(db, now, f"calendar:{name}", changes.cursor)
        if changes.changes:
            meetings.changed(house.desk, now, changes)
    return len(changes.changes)


def _read_calendar(house: House, now: datetime, name: str) -> None:
    note_changes(house, now, name)
    provider, db = house.calendars[name], house.db
    reading = meetings.wanted(house.desk, now)
    busy: dict[str, Sequence[Busy]] = {}
    existing: Sequence[Event] = ()
    if reading is not None:
        busy = dict(provider.free_busy(reading.addresses, reading.period, reading.ignoring))
        existing = provider.recurring(reading.addresses, reading.period)
    with db.atomic():
        for timer in timers.due(db, now, timers.CALENDAR, 100):
            timers.drop(db, timer.key)
        meetings.plan(house.desk, now, busy, existing)
    house.note_calendar_problems(now, name)


def _write_calendar(house: House, now: datetime, name: str) -> int:
    """Each wish once; an interrupted one is done again, since an upsert is no second event."""
    provider, did = house.calendars[name], 0
    for wish in calendar_store.claim(house.db, now, name):
        did += 1
        try:
            ref = None
            if wish.cancel:
                provider.cancel(wish.event, wish.ref)
            else:
                ref = provider.upsert(wish.event, wish.ref)
            by_mail = provider.by_mail(wish.event) if isinstance(provider, InvitesByMail) and not wish.cancel else ()
            with house.db.atomic():
                if isinstance(provider, InvitesByMail):
                    calendar_mail.write(house.desk, now, wish, provider, by_mail)
                calendar_store.done(house.db, wish, ref)
        except Conflict:
            calendar_store.forget_ref(house.db, wish)
        except Rejected:
            calendar_store.failed(house.db, now, wish, "Rejected", None)
            trail.trouble(house.db, now, f"calendar {name}", "an event was refused for good; may we write there?")
        except ProviderError as error:
            calendar_store.failed(house.db, now, wish, type(error).__name__, now + _FIRST_RETRY)
            trail.trouble(house.db, now, f"calendar {name}", "an event could not be written and is being retried")
    return did


def upkeep(house: House, now: datetime, guard: Guard) -> int:
    """Once a day: a checked copy of the store, and old raw mail forgotten."""
    today = now.date().isoformat()
    if database.read_meta(house.db, "upkeep") == today:
        return 0
    with guard("backup"):
        database.backup(house.db, house.config.data, now, house.desk.setup.backups)
        inbox.forget_raw(house.db, now - _RAW_KEPT)
        database.write_meta(house.db, "upkeep", today)
    return 1
