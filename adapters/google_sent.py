"""Whether a mail that was sent is the one handed over: Gmail may have written a Message-ID of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime

_SLACK = timedelta(minutes=10)


def parsed(raw: bytes) -> Message:
    return message_from_bytes(raw, policy=policy.compat32)


def values(message: Message, *names: str) -> list[str]:
    return [str(value) for name in names for value in message.get_all(name, ())]


def is_same(ours: Message, theirs: Message) -> bool:
    """Same people and subject, and the same tag to reply to (it is this mail's alone) or the same body."""
    for name in ("to", "subject"):
        if _flat(values(ours, name)) != _flat(values(theirs, name)):
            return False
    reply_to = _flat(values(ours, "reply-to"))
    if "+" in reply_to:
        return reply_to == _flat(values(theirs, "reply-to"))
    return _body(ours) == _body(theirs)


def _body(message: Message) -> list[list[bytes]]:
    leaves = (part.get_payload(decode=True) for part in message.walk() if not part.is_multipart())
    return [leaf.split() for leaf in leaves if isinstance(leaf, bytes)]


def _flat(several: Iterable[str]) -> str:
    return " ".join(" ".join(several).split())


def epoch(message: Message) -> int | None:
    """A little before the mail's own date, in seconds since 1970; None where it has none."""
    try:
        return int((parsedate_to_datetime(str(message["date"] or "")) - _SLACK).timestamp())
    except ValueError:
        return None


def bare(message_id: str) -> str:
    return message_id.strip().strip("<>")
