"""Mail through Exchange Web Services: the inbox's sync state, raw MIME, drafts that are then sent."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from exchangelib import ExtendedProperty, Message

from assistant.errors import CursorExpired, NotFound
from assistant.ports import FetchedMail, MailBatch, OutgoingMail

from .drafts import Drafts, leaving
from .envelope import headers, own_recipient
from .exchange_account import Server, is_gone
from .exchange_door import Box
from .exchange_sender import internal_sender
from .exchange_sync import Changes, changes_since
from .throttle import Watch

_BATCH = 50
_LISTED = 500
_REMEMBERED = timedelta(days=14)


class _Mark(ExtendedProperty):  # type: ignore[misc]  # the library ships no types
    """Our Message-ID on a draft and on what became of it: it stays where the server writes one of its own."""

    distinguished_property_set_id = "PublicStrings"
    property_name = "AsyncAssistantMessageId"
    property_type = "String"


if "assistant_message_id" not in {each.name for each in Message.FIELDS}:
    Message.register("assistant_message_id", _Mark)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """The server's sync state; of a start from the beginning also what is too old to be of interest."""

    state: str
    since: str = ""

    def __str__(self) -> str:
        return json.dumps({"ews": self.state, "since": self.since})

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        if not text:
            return cls("")
        try:
            fields = json.loads(text)
            return cls(str(fields["ews"]), str(fields["since"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CursorExpired("the mail cursor is not one of ours") from error


@dataclass(frozen=True, slots=True)
class Reading:
    """How mail is read; see ``ExchangeMail``."""

    subaddress: str | None
    poll: float
    vouch_internal: bool


class Mailbox(Box):
    """``folder`` is the data folder, where the ids of drafts are noted before they are sent."""

    def __init__(self, server: Server, reading: Reading, folder: Path) -> None:
        self._server = server
        self._reading = reading
        self._drafts = Drafts(folder / "exchange" / f"{server.mailbox}.drafts")
        self._watch = Watch(reading.poll)
        self._latest: str | None = None

    def fetch(self, cursor: str | None) -> MailBatch:
        if cursor is None:
            return self._from_now_on()
        known = _Cursor.parse(cursor)
        with self._server:
            if not cursor:
                known = _Cursor("", self._fortnight_ago())
            changes = self._sync(known.state, _BATCH)
            oldest = datetime.fromisoformat(known.since) if known.since else None
            received = [item for item in changes.came if getattr(item, "datetime_received", None)]
            wanted = [item for item in received if oldest is None or item.datetime_received >= oldest]
            wanted.sort(key=lambda item: (item.datetime_received, item.id))
            mails = self._read(wanted)
        self._latest = changes.state if changes.last else None
        following = _Cursor(changes.state, "" if changes.last else known.since)
        return MailBatch(mails, str(following), more=not changes.last)

    def send(self, mail: OutgoingMail) -> None:
        self._drafts.send(mail, self._draft, self._submit)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        """A draft that is still there did not leave; what left carries our mark in Sent Items."""
        return self._drafts.find(mail, self._left, self._is_among_sent)

    def _submit(self, draft: str) -> None:
        with self._server:
            item = self._item(draft)
        if item is None:
            raise NotFound("the draft is gone")
        with leaving(), self._server:
            item.send(save_copy=True)

    def _left(self, draft: str) -> bool | None:
        with self._server:
            item = self._item(draft)
            return None if item is None else not item.is_draft

    def _is_among_sent(self, message_id: str) -> bool:
        with self._server:
            sent = self._server.account().sent
            searches = ({"assistant_message_id": message_id}, {"message_id": message_id})
            return any(sent.filter(**wanted).only("id", "changekey").exists() for wanted in searches)

    def wait(self, timeout: float) -> bool:
        return self._watch.sees(timeout, self._has_news)

    def _has_news(self) -> bool:
        if self._latest is None:
            return True
        with self._server:
            return bool(self._sync(self._latest, 1).came)

    def missed(self, since: datetime, known: Collection[str]) -> list[FetchedMail]:
        with self._server:
            newest = self._server.account().inbox.all().order_by("-datetime_received")
            listed = list(newest.only("id", "changekey", "datetime_received")[:_LISTED])
            unknown = [item for item in listed if item.datetime_received >= since and item.id not in known]
            return self._read(unknown[::-1][:_BATCH])

    def forget(self, provider_id: str) -> None:
        with self._server:
            account = self._server.account()
            found = account.fetch([(provider_id, None)], folder=account.inbox, only_fields=["is_draft"])
            for item in found:
                if not is_gone(item):
                    item.delete()

    def _from_now_on(self) -> MailBatch:
        """The list is run through once; what it tells was there before."""
        changes = Changes()
        while not changes.last:
            with self._server:
                changes = self._sync(changes.state, _LISTED)
        self._latest = changes.state
        return MailBatch((), str(_Cursor(changes.state)))

    def _sync(self, state: str, most: int) -> Changes:
        inbox = self._server.account().inbox
        return changes_since(state, inbox, ("datetime_received", "is_draft"), most, updates=False)

    def _fortnight_ago(self) -> str:
        """Before the newest mail: the server's clock counts, not ours."""
        newest = self._server.account().inbox.all().order_by("-datetime_received").only("datetime_received")[:1]
        found = [item.datetime_received for item in newest]
        return (found[0] - _REMEMBERED).isoformat() if found else ""

    def _read(self, items: Iterable[Any]) -> list[FetchedMail]:
        """Without those that were deleted since they were listed."""
        ids = [(item.id, item.changekey) for item in items]
        if not ids:
            return []
        account = self._server.account()
        found = account.fetch(ids, folder=account.inbox, only_fields=["mime_content"], chunk_size=10)
        return [self._fetched(item) for item in found if not is_gone(item)]

    def _fetched(self, item: Any) -> FetchedMail:
        raw = bytes(item.mime_content or b"")
        head = headers(raw)
        vouched = internal_sender(head) if self._reading.vouch_internal else None
        return FetchedMail(item.id, raw, own_recipient(head, self._server.address, self._reading.subaddress), vouched)

    def _draft(self, mail: OutgoingMail) -> str:
        with self._server:
            account = self._server.account()
            draft = Message(
                account=account,
                folder=account.drafts,
                mime_content=mail.raw,
                assistant_message_id=mail.message_id,
            )
            draft.save()
            return str(draft.id)

    def _item(self, provider_id: str) -> Any | None:
        account = self._server.account()
        (item,) = account.fetch([(provider_id, None)], folder=account.drafts, only_fields=["is_draft"])
        return None if is_gone(item) else item
