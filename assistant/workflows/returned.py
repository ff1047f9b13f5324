"""Mail of ours that came back: noted, and after three within two weeks no more is sent, which the operator is told.

A suspended address gets nothing at all until its person writes again or the operator lifts it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import Message

from sqlite_utils import Database

from assistant.inbound.bounce import Bounce, bounced
from assistant.inbound.message import header, references
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import trail
from assistant.store.outbox import Mail
from assistant.workflows.desk import Desk

ENOUGH = 3
WITHIN = timedelta(days=14)
_CAME_BACK = "mail to this address came back; check it in the configuration. After three in two weeks it gets no more"

_OPERATOR = "mail to the operator came back: what needs a human is told nobody; check `operator` in the configuration"


def _suspended(person: str) -> str:
    return (
        f"three mails to this address came back within {WITHIN.days} days, so it gets no more. Check it in the"
        f" configuration; `assistant resume {person}` sends there again, and so does a mail from its person"
    )


def note(desk: Desk, now: datetime, message: Message, token: str) -> str:
    """Count a bounce; the reason code for its row. ``token`` is the tag of the address it came to, "" for none.

    It counts only where it names a mail of ours, or came to the tag of one: a forged one changes nothing.
    """
    report = bounced(message)
    mail = _about(desk, message, report, token) if report else None
    if report is None or mail is None:
        return "bounce of no mail of ours"
    return _count(desk, now, mail, report.permanent)


def refused(desk: Desk, now: datetime, mail: Mail) -> None:
    """The server that was to take it knows that nobody is at its address: it never left, and counts all the same."""
    _count(desk, now, mail, permanent=True)


def _count(desk: Desk, now: datetime, mail: Mail, permanent: bool) -> str:
    because = "permanent" if permanent else "temporary"
    trail.record(desk.db, now, mail.person, "bounced", f"mail {mail.id}", because)
    if not permanent:
        return "bounce"
    if mail.person == desk.setup.assistant.operator:  # who cannot be told of it by mail, and must not be cut off
        trail.trouble(desk.db, now, _place(mail.person), _OPERATOR, patience=WITHIN)
        return "bounce"
    # Till it is suspended it is only to be seen; who comes back now and then for longer than that is told of too.
    trail.trouble(desk.db, now, _place(mail.person), _CAME_BACK, patience=WITHIN)
    since = now - WITHIN
    if not is_suspended(desk, mail.person) and trail.bounces(desk.db, mail.person, since) >= ENOUGH:
        people_store.set_(desk.db, now, mail.person, people_store.SUSPENDED, now.date().isoformat(), None)
        outbox_store.suppress_for(desk.db, mail.person, "its address is suspended")
        trail.settled(desk.db, _place(mail.person))
        trail.trouble(desk.db, now, _place(mail.person), _suspended(mail.person))
        trail.record(desk.db, now, mail.person, "suspended", f"person {mail.person}", "mails came back")
        return "bounce: suspended"
    return "bounce"


def _about(desk: Desk, message: Message, report: Bounce, token: str) -> Mail | None:
    """The mail of ours that came back, where the report says its Message-ID, refers to it or came to its tag."""
    named = [report.message_id] if report.message_id else []
    failed = header(message, "X-Failed-Recipients").lower()
    found = [outbox_store.by_message_id(desk.db, id_) for id_ in (*named, *references(message))]
    found.append(outbox_store.by_token(desk.db, token) if token else None)
    for place, mail in enumerate(found):
        sure = place < len(named) or report.address in {None, mail.recipient if mail else None}
        if mail is not None and (sure or mail.recipient in failed):
            return mail
    return None


def is_suspended(desk: Desk, person: str) -> bool:
    return people_store.setting(desk.db, person, people_store.SUSPENDED) is not None


def lift(db: Database, now: datetime, person: str, because: str) -> bool:
    """Send there again; False where it was not suspended. Bounces before now count no more."""
    trail.settled(db, _place(person))
    if not people_store.unset(db, person, people_store.SUSPENDED):
        return False
    trail.record(db, now, person, "resumed", f"person {person}", because)
    return True


def _place(person: str) -> str:
    return f"address {person}"
