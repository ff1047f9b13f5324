"""What of an account works, tried out: a mail to ourselves, an event of our own far ahead, and nothing of anybody else.

Every adapter is tried through its port alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from functools import partial
from threading import Event as Pause
from zoneinfo import ZoneInfo

from assistant import clock
from assistant.commands import findings
from assistant.commands.findings import Finding, Mark, tried
from assistant.compose import Letter, compose, one_line
from assistant.domain.calendar import Attendee, Event, Partstat, Period
from assistant.domain.setup import Setup
from assistant.ports import (
    CalendarProvider,
    ChannelProvider,
    FetchedMail,
    Inspected,
    InvitesByMail,
    MailProvider,
    OutgoingMail,
    TellsTime,
)

PATIENCE = timedelta(seconds=90)
"""How long our own mail may be under way."""
_LOOK = 2.0
_AHEAD = timedelta(days=500)
_HEAD = 65536
_NAMED = 5
_NAME = "assistant check --online"
"""Names what is sent and written, for whoever meets it in a mailbox or calendar."""


def try_mail(mail: MailProvider, setup: Setup, now: datetime, patience: timedelta = PATIENCE) -> Iterator[Finding]:
    """Sends one mail to our own address and one to a tagged one."""
    looked, wrong = tried("sign-in", lambda: mail.check() if isinstance(mail, Inspected) else mail.fetch(None))
    yield wrong or Finding("sign-in", Mark.WORKS, "")
    yield from findings.lacks(looked)
    cursor, unread = tried("read", lambda: mail.fetch(mail.fetch(None).cursor).cursor)
    yield unread or Finding("read", Mark.WORKS, "")
    if cursor is None:
        yield Finding("send, find again", Mark.NOTE, "not tried, since the mailbox cannot be read")
        ahead = _ahead(mail)
        if ahead is not None:  # it may be why
            yield findings.clock(ahead)
    else:
        yield from _to_ourselves(mail, setup, now, cursor, patience)
    if wrong is None:
        yield findings.quota(looked)


def try_calendar(calendar: CalendarProvider, setup: Setup, now: datetime) -> Iterator[Finding]:
    """Makes one event of our own and takes it away again; nobody is invited."""
    cursor, wrong = tried("sign-in", lambda: calendar.changes(None).cursor)
    yield wrong or Finding("sign-in", Mark.WORKS, "")
    ahead = _ahead(calendar)
    if ahead is not None:
        yield findings.clock(ahead)
    if cursor is None:
        yield Finding("all else", Mark.NOTE, "not tried")
        return
    looked, unseen = tried("server", lambda: calendar.check() if isinstance(calendar, Inspected) else None)
    yield from [unseen] if unseen is not None else findings.lacks(looked)
    _, unread = tried("read", lambda: calendar.changes(cursor))
    yield unread or Finding("read", Mark.WORKS, "")
    yield _write(calendar, setup, now)
    yield _free_busy(calendar, setup, now)
    yield _invitations(calendar, setup, now)
    yield findings.quota(looked)
    problems: Mapping[object, str] = getattr(calendar, "problems", {})
    for about, said in list(problems.items()):
        yield Finding("to look at", Mark.NOTE, f"{about}: {said}")


def try_channel(channel: ChannelProvider, names: Sequence[str]) -> Iterator[Finding]:
    """Posts nothing. ``names`` are the channels that teams have there."""
    for name in names:
        told, wrong = tried(name, partial(channel.check, name))
        yield wrong or Finding(name, Mark.WORKS, told or "")
    if not names:
        yield Finding("sign-in", Mark.NOTE, "not tried, since no team has a channel there")


# --- Mail ------------------------------------------------------------------------------------------------------------


def _to_ourselves(
    mail: MailProvider, setup: Setup, now: datetime, cursor: str, patience: timedelta
) -> Iterator[Finding]:
    token = secrets.token_hex(8)
    local, _, domain = setup.assistant.address.rpartition("@")
    plain = _probe(setup, now, setup.assistant.address, f"{token}.plain")
    sent_at = clock.now()
    _, wrong = tried("send to self", lambda: mail.send(plain))
    yield wrong or Finding("send to self", Mark.WORKS, "")
    if wrong is not None:
        return
    sent, tagged, refused = [plain], None, None
    if mail.subaddress is not None:
        tagged = _probe(setup, now, f"{local}{mail.subaddress}check@{domain}", f"{token}.tagged")
        _, refused = tried("tagged address", lambda: mail.send(tagged))
        sent += [tagged] if refused is None else []
    came, unread = tried("find it again", lambda: _awaited(mail, cursor, [each.message_id for each in sent], patience))
    arrived = came or {}
    yield unread or _found_again(mail, plain, arrived, patience)
    if refused is not None:
        yield Finding("tagged address", Mark.FAILS, refused.told, "Set `subaddress: null` for this account.")
    elif tagged is not None and arrived and tagged.message_id not in arrived:
        told = f"what was sent to {tagged.recipient} did not arrive"
        yield Finding("tagged address", Mark.FAILS, told, "Set `subaddress: null` for this account.")
    elif tagged is not None and arrived:
        yield Finding("tagged address", Mark.WORKS, f"{tagged.recipient} arrives")
    ahead = _ahead(mail)
    if plain.message_id in arrived:
        yield _stamp(arrived[plain.message_id])
        ahead = ahead if ahead is not None else _by_the_mail(arrived[plain.message_id], sent_at, clock.now())
    yield findings.clock(ahead)


def _ahead(provider: object) -> timedelta | None:
    """Of the server's clock before ours, where the provider tells it."""
    told = provider.server_time() if isinstance(provider, TellsTime) else None
    return None if told is None else told - clock.now()


def _probe(setup: Setup, now: datetime, recipient: str, token: str) -> OutgoingMail:
    own = setup.assistant
    message_id = f"<check.{token}@{own.address.rpartition('@')[2]}>"
    names = {"sender": (own.name, own.address), "reply_to": own.address, "recipient": ("", recipient)}
    text = f"{_NAME} {token}"
    raw = compose(Letter(message_id, **names, subject=text, text=text, html=f"<p>{text}</p>", date=now))  # type: ignore[arg-type]  # the values differ in kind
    return OutgoingMail(message_id, own.address, recipient, raw)


def _awaited(mail: MailProvider, cursor: str, ids: Sequence[str], patience: timedelta) -> dict[str, FetchedMail]:
    """Those that arrived in time. Known by their subject as well: some hosts write a Message-ID of their own."""
    marks = {message_id.partition("@")[0].removeprefix("<check.").encode(): message_id for message_id in ids}
    found: dict[str, FetchedMail] = {}
    until = clock.now() + patience
    while len(found) < len(ids) and clock.now() <= until:
        batch = mail.fetch(cursor)
        cursor = batch.cursor
        found |= {marks[mark]: each for each in batch.mails for mark in marks if mark in each.raw}
        if len(found) < len(ids) and not batch.more and mail.wait(_LOOK):
            Pause().wait(_LOOK / 10)  # some answer at once, again and again
    return found


def _found_again(
    mail: MailProvider, plain: OutgoingMail, arrived: Mapping[str, FetchedMail], patience: timedelta
) -> Finding:
    if plain.message_id in arrived:
        return Finding("find it again", Mark.WORKS, "it arrived")
    left, wrong = tried("find it again", lambda: mail.find_sent(plain))
    if wrong is not None:
        return wrong
    if left:
        return Finding("find it again", Mark.WORKS, "among what was sent; such hosts deliver nothing to oneself")
    told = f"it did not arrive within {patience.total_seconds():.0f} seconds."
    remedy = "Look in the junk folder and for filters; docs/connect/ tells what the host must allow."
    return Finding("find it again", Mark.FAILS, told, remedy)


def _stamp(arrived: FetchedMail) -> Finding:
    """Authentication-Results (RFC 8601): by whom, and whether they are believed."""
    stamps = message_from_bytes(arrived.raw[:_HEAD], policy=policy.compat32).get_all("Authentication-Results", [])
    names = sorted({one_line(str(stamp)).partition(";")[0].split(" ")[0][:60] for stamp in stamps})
    if arrived.vouched:
        return Finding("proof of sender", Mark.WORKS, f"the server vouches for {arrived.vouched}")
    if not names:
        told = "no Authentication-Results on mail to oneself; look at a mail from outside"
        return Finding("proof of sender", Mark.NOTE, told)
    told = f"stamped by {', '.join(names[:_NAMED])}, which is not believed yet, or which did not vouch"
    return Finding(
        "proof of sender", Mark.NOTE, told, "Where it is your own server's, say so in the account's options."
    )


def _by_the_mail(arrived: FetchedMail, sent: datetime, found: datetime) -> timedelta | None:
    """How far the clock of who received it last is ahead of ours: it was under way between ``sent`` and ``found``."""
    received = message_from_bytes(arrived.raw[:_HEAD], policy=policy.compat32).get("Received")
    try:
        moment = parsedate_to_datetime(one_line(str(received or "")).rpartition(";")[2].strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(moment - found, timedelta()) or min(moment - sent, timedelta())


# --- Calendar --------------------------------------------------------------------------------------------------------


def _event(setup: Setup, now: datetime, *attendees: Attendee) -> Event:
    own = setup.assistant.address
    start = (now + _AHEAD).astimezone(ZoneInfo("UTC")).replace(hour=3, minute=0, second=0)
    uid = f"check-{secrets.token_hex(8)}@{own.rpartition('@')[2]}"
    return Event(uid, start, timedelta(minutes=15), _NAME, own, attendees, private=True, stamp=now)


def _write(calendar: CalendarProvider, setup: Setup, now: datetime) -> Finding:
    event = _event(setup, now, Attendee(setup.assistant.address, setup.assistant.name, Partstat.ACCEPTED))
    ref, wrong = tried("write", lambda: calendar.upsert(event, None))
    _, stays = tried("write", lambda: calendar.cancel(event, ref))
    if wrong is None and stays is not None:
        left = f"the event of {event.start:%d %B %Y} that was made to try it is still there."
        return Finding("write", Mark.FAILS, f"{stays.told} {left}", f"{stays.remedy} Delete that event by hand.")
    return wrong or Finding("write", Mark.WORKS, f"an event on {event.start:%d %B %Y} was made and cancelled")


def _free_busy(calendar: CalendarProvider, setup: Setup, now: datetime) -> Finding:
    asked = sorted(setup.people)
    told, wrong = tried("free/busy", lambda: calendar.free_busy(asked, Period(now, now + timedelta(days=7))))
    if told is None:
        return wrong or Finding("free/busy", Mark.FAILS, "")
    unknown = [address for address in asked if address not in told]
    if not unknown:
        return Finding("free/busy", Mark.WORKS, f"known for all {len(asked)}")
    named = ", ".join(unknown[:_NAMED]) + (f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else "")
    remedy = "Have them share free/busy with the assistant; until then their time is taken for unknown, not for free."
    return Finding("free/busy", Mark.NOTE, f"unknown for {named}.", remedy)


def _invitations(calendar: CalendarProvider, setup: Setup, now: datetime) -> Finding:
    """Who would tell the attendees; nothing is written for it."""
    if not isinstance(calendar, InvitesByMail):
        return Finding("invitations", Mark.WORKS, "by the calendar itself")
    event = _event(setup, now, *(Attendee(address) for address in sorted(setup.people)))
    by_mail, wrong = tried("invitations", lambda: calendar.by_mail(event))
    if by_mail is None:
        return wrong or Finding("invitations", Mark.FAILS, "")
    if not by_mail:
        return Finding("invitations", Mark.WORKS, "by the server")
    if len(by_mail) >= len(event.attendees):
        return Finding("invitations", Mark.WORKS, "by mail")
    named = ", ".join(sorted(by_mail)[:_NAMED])
    return Finding("invitations", Mark.WORKS, f"by the server; by mail for {len(by_mail)}: {named}")
