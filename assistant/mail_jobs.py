"""What is done for one mail account or channel: reading, sending, posting. Each is a job of ``network``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from assistant.errors import Conflict, CursorExpired, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.network import Answer, Errand, Job, wished
from assistant.ports import FetchedMail, Forgets, LooksBack, MailBatch, MailProvider
from assistant.store import channels as channel_store
from assistant.store import inbox, outbox, sealed, trail
from assistant.store.channels import Post, PostState
from assistant.store.outbox import Mail, MailState
from assistant.store.text import instant, read_instant
from assistant.wiring import House
from assistant.workflows import channels, prompting, returned

log = logging.getLogger("assistant")

_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=5), timedelta(seconds=4000)
_GIVE_UP = timedelta(days=5)
_GIVE_UP_POST = timedelta(days=2)
_LOOKS = (timedelta(minutes=2), timedelta(minutes=8), timedelta(minutes=20))
"""A mail in doubt is looked for 2, 10 and 30 minutes after: mailboxes show what arrived with some delay."""
RATHER_TWICE = frozenset({"digest", "rollup", "summary", "agenda", "invitation", "notice"})
"""Mails that nobody may miss: when it stays unknown whether one left, it goes again with its Message-ID.

A question asked twice is worse than one not asked: those are left, and the operator is told.
"""
_EVERY, _BACK, _CLOCKS_APART = timedelta(hours=6), timedelta(days=3), timedelta(days=1)
"""How often we look back, how far, and how far the server's clock may be from ours."""
_LISTENING = 1.0
"""Seconds; so long may a mail that is to be sent wait for somebody who listens."""


def reading(house: House) -> Iterator[Errand]:
    """New mail of every account into the store, before anything looks at it."""
    for name, provider in house.mail.items():
        yield Errand(f"account {name}", "reading", partial(_read, house, name, provider))


def listening(house: House) -> Iterator[Errand]:
    """Wait a moment for new mail, and read it. Holds up whatever else the account has to do."""
    for name, provider in house.mail.items():
        yield Errand(f"account {name}", "reading", partial(_listen, house, name, provider))


def looking_back(house: House, now: datetime) -> Iterator[Errand]:
    """Where it is time: whether there is mail of the last days that the cursor went past."""
    for name, provider in house.mail.items():
        if isinstance(provider, LooksBack) and _is_time(house, now, name):
            yield Errand(f"account {name}", "looking back", partial(_look_back, house, name, provider))


def looking_up(house: House, now: datetime) -> Iterator[Errand]:
    """Find out about mails in doubt: what was being handed over when we stopped or the line broke."""
    for name, provider in house.mail.items():
        if outbox.in_doubt(house.db, now, name):
            yield Errand(f"account {name}", "looking up", partial(_look_up, house, name, provider))


def forgetting(house: House) -> Iterator[Errand]:
    """Replies to anonymous rounds do not stay in the mailbox either, where the provider can take them out."""
    for name in dict.fromkeys(account for account, _ in sealed.to_forget(house.db)):
        yield Errand(f"account {name}", "forgetting", partial(_forget, house, name))


def sending(house: House, now: datetime) -> Iterator[Errand]:
    """One mail of each account that has any; to be repeated until it did nothing."""
    for name, provider in house.mail.items():
        if outbox.claim(house.db, now, name, 1):
            yield Errand(f"account {name}", "sending", partial(_send, house, name, provider))


def posting(house: House, now: datetime) -> Iterator[Errand]:
    for name in channel_store.waiting(house.db, now):
        yield Errand(f"channel {name}", "posting", partial(_post, house, name))


def _read(house: House, name: str, provider: MailProvider, now: datetime) -> Job:
    new, more = 0, True
    while more:
        answer: Answer[MailBatch] = yield partial(provider.fetch, inbox.cursor(house.db, f"mail:{name}"))
        try:
            batch = answer.result()
        except CursorExpired:
            log.warning("place lost", extra={"ids": {"place": f"account {name}"}})  # nothing to do: it is read anew
            answer = yield partial(provider.fetch, "")
            batch = answer.result()
        new += inbox.store_batch(house.db, answer.now, name, batch)
        more = batch.more and house.mail.get(name) is provider
    return new


def _listen(house: House, name: str, provider: MailProvider, now: datetime) -> Job:
    answer: Answer[bool] = yield partial(provider.wait, _LISTENING)
    if not answer.result():
        return 0
    return (yield from _read(house, name, provider, answer.now))


def _is_time(house: House, now: datetime, name: str) -> bool:
    last = inbox.cursor(house.db, f"looked back:{name}")
    return last is None or read_instant(last) + _EVERY <= now


def _look_back(house: House, name: str, provider: LooksBack, now: datetime) -> Job:
    """What was there before we first looked back is old mail, none that was missed."""
    began = inbox.cursor(house.db, f"began:{name}")
    cursor = inbox.cursor(house.db, f"mail:{name}")
    if began is None or cursor is None:
        inbox.set_cursor(house.db, now, f"began:{name}", instant(now))
        inbox.set_cursor(house.db, now, f"looked back:{name}", instant(now))
        return 0
    since, new = max(read_instant(began), now - _BACK), 0
    known = inbox.known_since(house.db, name, since - _CLOCKS_APART)
    more = True
    while more:
        answer: Answer[Sequence[FetchedMail]] = yield partial(provider.missed, since, frozenset(known))
        found = answer.result()
        known |= {mail.provider_id for mail in found}
        cursor = inbox.cursor(house.db, f"mail:{name}") or ""
        new += inbox.store_batch(house.db, answer.now, name, MailBatch(found, cursor))
        more = bool(found)
    inbox.set_cursor(house.db, answer.now, f"looked back:{name}", instant(answer.now))
    return new


def _look_up(house: House, name: str, provider: MailProvider, now: datetime) -> Job:
    for mail in outbox.in_doubt(house.db, now, name):
        answer: Answer[bool | None] = yield partial(provider.find_sent, outbox.outgoing(house.db, mail))
        try:
            left = answer.result()
        except Unavailable:  # reading will say so; what else is ready need not wait for it
            continue
        now = answer.now
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
    return 0


def _undecided(house: House, now: datetime, mail: Mail, what: str) -> None:
    if RATHER_TWICE.issuperset(mail.kinds):
        outbox.retry(house.db, mail.id, now, what)
    else:
        outbox.finish(house.db, now, mail.id, MailState.UNCERTAIN, what)
        trail.trouble(house.db, now, f"mail {mail.id}", what)


def _forget(house: House, name: str, now: datetime) -> Job:
    provider, did = house.mail.get(name), 0
    waiting = [each for account, each in sealed.to_forget(house.db) if account == name]
    if not isinstance(provider, Forgets):
        sealed.forgotten(house.db, name, waiting)
        return 0
    for each in waiting:
        answer: Answer[None] = yield partial(provider.forget, each)
        try:
            answer.result()
        except Rejected as error:
            trail.trouble(house.db, answer.now, f"account {name}", f"a reply in secret stays in the mailbox: {error}")
        sealed.forgotten(house.db, name, [each])
        did += 1
    return did


def _send(house: House, name: str, provider: MailProvider, now: datetime) -> Job:
    """The next mail alone: so an account reads between mails, and who stops us stops us between two of them.

    The row says ``submitting`` on disk before the provider hears of it: after a crash we know to ask.
    """
    for mail in outbox.claim(house.db, now, name, 1):
        if house.restored is not None and mail.created_at <= house.restored:
            before: Answer[bool | None] = yield partial(provider.find_sent, outbox.outgoing(house.db, mail))
            if _left_before(house, mail, before):
                return 1
        refusal = _refusal(house, now, mail)
        if refusal:
            with house.db.atomic():
                outbox.finish(house.db, now, mail.id, MailState.SUPPRESSED, refusal)
                prompting.never_left(house.desk, now, mail.id)
            return 1
        if outbox.submitting(house.db, mail):
            answer: Answer[None] = yield partial(provider.send, outbox.outgoing(house.db, mail))
            _note_sent(house, mail, answer)
            return 1
    return 0


def _left_before(house: House, mail: Mail, found: Answer[bool | None]) -> bool:
    """Whether a mail that a restored store wrote again need not, or had better not, leave once more."""
    left = found.result()
    if left:
        outbox.finish(house.db, found.now, mail.id, MailState.SENT)
    elif "reminder" in mail.kinds:  # what it reminds of may have been answered since
        outbox.finish(house.db, found.now, mail.id, MailState.SUPPRESSED, "the store was put back")
        return True
    elif left is None and not RATHER_TWICE.issuperset(mail.kinds):
        _undecided(house, found.now, mail, "may have left before the store was put back; the provider cannot tell")
        return True
    return bool(left)


def _note_sent(house: House, mail: Mail, answer: Answer[None]) -> None:
    now = answer.now
    try:
        answer.result()
    except Unauthorized:
        outbox.retry(house.db, mail.id, now + _LAST_RETRY, "sign-in was refused")
        raise
    except (Rejected, Conflict) as error:
        outbox.finish(house.db, now, mail.id, MailState.FAILED, type(error).__name__)
        if isinstance(error, Rejected) and error.address:
            returned.refused(house.desk, now, mail)
        else:
            trail.trouble(house.db, now, f"mail {mail.id}", f"to {mail.recipient} was refused for good: {error}")
    except ProviderError as error:
        if isinstance(error, Unavailable) and error.in_doubt:
            outbox.look_again(house.db, mail.id, now + _LOOKS[0], "broke off while handing it over")
        else:
            _retry(house, now, mail, error)
    else:
        outbox.finish(house.db, now, mail.id, MailState.SENT)
        if mail.attempt:
            trail.settled(house.db, _retrying(mail.account))


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
    outbox.retry(house.db, mail.id, now + pause_after(error, mail.attempt), type(error).__name__)
    message = f"mail could not be handed over and is being retried: {error}"
    trail.trouble(house.db, now, _retrying(mail.account), message, _FIRST_RETRY)  # some put off whoever is new to them


def _retrying(account: str) -> str:
    return f"account {account}: handing over"


def pause_after(error: ProviderError, attempt: int) -> timedelta:
    """Until what failed is tried again: longer each time, and as long as the provider wants."""
    pause: timedelta = _FIRST_RETRY * 2 ** min(attempt, 20)
    return max(wished(error), min(pause, _LAST_RETRY))


def _post(house: House, name: str, now: datetime) -> Job:
    """A repeat carries its key; where nobody can tell, it is rather seen twice."""
    did = 0
    for waiting in channel_store.claim(house.db, now, name, 100):
        did += 1
        provider = house.channels.get(name)
        if provider is None or not channels.may_go(house.desk, waiting):
            channel_store.finish(house.db, now, waiting.id, PostState.SUPPRESSED, "no longer their channel")
        else:
            answer: Answer[None] = yield partial(provider.post, waiting.channel, waiting.text, waiting.key)
            now = answer.now
            _note_posted(house, waiting, answer)
    return did


def _note_posted(house: House, waiting: Post, answer: Answer[None]) -> None:
    now = answer.now
    try:
        answer.result()
    except Rejected as error:
        channel_store.finish(house.db, now, waiting.id, PostState.FAILED, type(error).__name__)
        trail.trouble(house.db, now, f"account {waiting.account}", str(error))
    except ProviderError as error:
        if now - waiting.created_at > _GIVE_UP_POST:
            channel_store.finish(house.db, now, waiting.id, PostState.FAILED, "given up after two days")
        else:
            retry_at = now + pause_after(error, waiting.attempt)
            channel_store.retry(house.db, waiting.id, retry_at, type(error).__name__)
        trail.trouble(house.db, now, f"account {waiting.account}", str(error))
    else:
        channel_store.finish(house.db, now, waiting.id, PostState.SENT)
