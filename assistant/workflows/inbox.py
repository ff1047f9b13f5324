"""What came in: whose it is, what kind of mail, which of our mails it answers. Raw bytes were stored before this."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import Message

from assistant.domain.people import Absence, Person
from assistant.inbound.absence import absence
from assistant.inbound.classify import MessageClass, classify, fingerprint, sounds_automatic
from assistant.inbound.message import addresses, header, message_id, parse, references, sender_address
from assistant.inbound.reply import Letter
from assistant.inbound.sender import without_subaddress
from assistant.store import inbox as store
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import sealed, trail
from assistant.store.inbox import Inbound, InboundState
from assistant.store.outbox import Mail
from assistant.workflows import meetings, replies, returned
from assistant.workflows.desk import Desk, Guard

STRIKES = 3
_AUTO_REPLY_PAUSE = timedelta(days=3)
_REPEATS, _REPEATS_WITHIN, _AT_ONCE = 3, timedelta(days=1), timedelta(minutes=3)
_CALENDAR = {
    MessageClass.CALENDAR_REPLY,
    MessageClass.CALENDAR_COUNTER,
    MessageClass.CALENDAR_REQUEST,
    MessageClass.CALENDAR_CANCEL,
    MessageClass.CALENDAR_OTHER,
}


def run(desk: Desk, now: datetime, guard: Guard, batch: int = 100) -> int:
    """Deal with every stored mail; one that fails is tried again later and put aside the third time.

    Returns how many reached an end state.
    """
    done = 0
    failed: set[int] = set()
    while waiting := [inbound for inbound in store.waiting(desk.db, batch + len(failed)) if inbound.id not in failed]:
        with desk.db.atomic():
            for inbound in waiting:
                handled = False
                with guard(f"mail {inbound.id}"):
                    with desk.db.atomic():
                        if inbound.strikes or inbound.again:
                            trail.settled(desk.db, f"mail {inbound.id}")  # what went wrong the last time
                        handle(desk, now, inbound)
                    handled = True
                    done += 1
                if not handled:
                    failed.add(inbound.id)
                    if store.strike(desk.db, now, inbound.id, "could not be read", STRIKES):
                        trail.trouble(
                            desk.db,
                            now,
                            f"mail {inbound.id}",
                            "could not be read and was put aside; see `assistant replay`",
                        )
    return done


def handle(desk: Desk, now: datetime, inbound: Inbound) -> None:
    """Bring one stored mail to its end state, with all that it changes, in the caller's transaction."""
    if store.twin(desk.db, inbound.id, inbound.sha256):
        store.finish(desk.db, now, inbound.id, InboundState.IGNORED, reason="the same mail came before")
        return
    message = parse(inbound.raw)
    own_id = message_id(message) or ""
    person = sender(desk, message, inbound.vouched)
    mail = answered_mail(desk, message, inbound.recipient, person) if person else None
    letter = Letter(message, mail.text if mail else None)
    class_ = classify(message, letter)
    said = ""
    if class_ is MessageClass.HUMAN and person is not None and mail is not None:
        said, automatic = _repeated(desk, person, inbound, letter, mail)
        class_ = MessageClass.AUTO_REPLY if automatic else class_
        said = "" if sealed.is_about(desk.db, mail.thread) else said
    state, reason = InboundState.IGNORED, str(class_)
    if class_ is MessageClass.AUTO_REPLY:
        reason = _auto_reply(desk, now, person, letter, inbound)
    elif class_ is MessageClass.BOUNCE:
        reason = returned.note(desk, now, message, _tag_of(message, inbound.recipient))
    elif class_ in _CALENDAR:
        if inbound.vouched == "" and person is not None:
            reason = "the server says that somebody else sent it"
            what = f"an answer to an invitation in the name of {person.address} has no effect: {reason}"
            trail.trouble(desk.db, now, f"mail {inbound.id}", what)
        elif person is not None and meetings.invitation_mail(desk, now, person, message):
            state = InboundState.APPLIED
    elif class_ is MessageClass.HUMAN:
        if person is None:
            reason = "sender is nobody we know"
        elif own_id and not inbound.again and store.came_elsewhere(desk.db, inbound.id, own_id, person.address):
            reason = "the same mail came to another account"
        elif own_id and not inbound.again and store.same_message_id(desk.db, inbound.id, own_id, person.address):
            state, reason = InboundState.QUARANTINED, "its Message-ID was used by another mail"
            trail.trouble(
                desk.db, now, f"mail {inbound.id}", "uses the Message-ID of another mail; see `assistant replay`"
            )
        else:
            returned.lift(desk.db, now, person.address, f"mail {inbound.id}")
            reason = replies.handle(desk, now, person, inbound.id, message, mail, letter.reply)
            state = InboundState.APPLIED
    store.finish(
        desk.db,
        now,
        inbound.id,
        state,
        reason=reason,
        class_=class_.value,
        message_id=own_id,
        person=person.address if person else "",
        mail=mail.id if mail else None,
        said=said,
    )


def _repeated(desk: Desk, person: Person, inbound: Inbound, letter: Letter, mail: Mail) -> tuple[str, bool]:
    """A fingerprint of the words, and whether the same ones came before as only a machine sends them.

    That is to three mails of ours in a day, each within minutes of it; or once before, where they read like it too.
    """
    said = fingerprint(letter.reply.text)
    if not said or mail.sent_at is None:
        return said, False
    before = {
        id_: at - sent_at
        for id_, sent_at, at in store.said_before(desk.db, person.address, said, inbound.stored_at - _REPEATS_WITHIN)
        if id_ != mail.id
    }
    at_once = sum(after <= _AT_ONCE for after in (*before.values(), inbound.stored_at - mail.sent_at))
    return said, at_once >= _REPEATS or (bool(before) and sounds_automatic(letter))


def sender(desk: Desk, message: Message, vouched: str | None = None) -> Person | None:
    """The person of the one valid From address; a defect in From is nobody.

    Nobody either where the server vouches for another: ``vouched`` is its word, None or "" where it vouches for none.
    """
    address = sender_address(message)
    if address is None or desk.setup.assistant.is_at(without_subaddress(address)):
        return None
    person = _at(desk, address)
    return person if not vouched or vouched.lower() == address or _at(desk, vouched) == person else None


def _at(desk: Desk, address: str) -> Person | None:
    return desk.setup.person(address) or desk.setup.person(without_subaddress(address))


def answered_mail(desk: Desk, message: Message, recipient: str | None, person: Person | None) -> Mail | None:
    """Which mail of ours this answers: by the tag it was sent to, else by the Message-IDs it refers to.

    A mail of ours to somebody else is never taken: who holds a forwarded prompt is not the person it was for.
    """
    for tag in _tags(message, recipient):
        found = outbox_store.by_token(desk.db, tag)
        if found is not None and person is not None and found.person == person.address:
            return found
    for id_ in references(message):
        found = outbox_store.by_message_id(desk.db, id_)
        if found is not None and person is not None and found.person == person.address:
            return found
    return None


def _tag_of(message: Message, recipient: str | None) -> str:
    return next(_tags(message, recipient), "")


def _tags(message: Message, recipient: str | None) -> Iterator[str]:
    """The tags of the addresses it was sent to."""
    delivered = (recipient, header(message, "Delivered-To"), header(message, "X-Original-To"))
    for address in (*delivered, *_recipients(message)):
        tag = _tag(address or "")
        if tag:
            yield tag


def _recipients(message: Message) -> list[str]:
    return [address for name in ("To", "Cc") for _, address in addresses(message, name)]


def _tag(address: str) -> str:
    local = address.strip().strip("<>").lower().rpartition("@")[0]
    for separator in "+-=":
        tag = local.rpartition(separator)[2]
        if tag != local and len(tag) == 16:
            return tag
    return ""


def _auto_reply(desk: Desk, now: datetime, person: Person | None, letter: Letter, inbound: Inbound) -> str:
    """Never an answer; an out-of-office tells until when not to ask, or at least to hold reminders for three days."""
    if person is None:
        return "auto-reply of nobody we know"
    today = person.local(now).date()
    told = absence(f"{header(letter.message, 'Subject')}\n{letter.reply.text}", today)
    if told is None:
        return "auto-reply"
    known = people_store.absences(desk.db, person.address, today)
    first, last = max(told.first or today, today), told.last or (today + _AUTO_REPLY_PAUSE)
    if not any(a.covers(first) and (a.last is None or a.last >= last) for a in known):
        people_store.add_absence(desk.db, now, Absence(person.address, first, last), "auto-reply", inbound.id)
        replies.excuse(desk, now, person, Absence(person.address, first, last))
        trail.record(desk.db, now, person.address, "noted away", f"mail {inbound.id}", "auto-reply")
    return "auto-reply: away"
