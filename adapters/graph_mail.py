"""Mail through Microsoft Graph: a change list of the inbox, raw MIME, and drafts that are then sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assistant.errors import CursorExpired, NotFound, Unavailable
from assistant.ports import FetchedMail, MailBatch, OutgoingMail

from .drafts import Drafts, leaving
from .envelope import headers, own_recipient, vouched_sender
from .exchange_door import Box
from .exchange_sender import internal_sender
from .files import folder_name
from .graph_client import GraphClient, Json, wait_for
from .throttle import Bucket, Watch

SENT = "String {00020329-0000-0000-C000-000000000046} Name AsyncAssistantMessageId"
"""The named property in which a draft carries our Message-ID: it stays where the provider writes one of its own."""

_PAGE = "odata.maxpagesize=20"
_READ = 20
_REMEMBERED = timedelta(days=14)
_SKEW = timedelta(days=1)  # between the clocks that date answers and mails


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where the change list goes on: a link of the server."""

    link: str

    def __str__(self) -> str:
        return json.dumps({"graph": self.link})

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        try:
            return cls(str(json.loads(text)["graph"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CursorExpired("the mail cursor is not one of ours") from error


@dataclass(frozen=True, slots=True)
class Reading:
    """How mail is read; see ``GraphMail``."""

    folder: str
    subaddress: str | None
    poll: float
    vouch_internal: bool


class Mailbox(Box):
    """``folder`` is the data folder, where the ids of drafts are noted before they are sent."""

    def __init__(self, client: GraphClient, reading: Reading, folder: Path, mails_per_minute: float) -> None:
        self._client = client
        self._reading = reading
        self._home = client.user()
        self._drafts = Drafts(folder / "graph" / f"{folder_name(client.mailbox)}.drafts")
        self._leaving = Bucket(mails_per_minute)
        self._watch = Watch(reading.poll)
        self._latest: _Cursor | None = None

    def fetch(self, cursor: str | None) -> MailBatch:
        if cursor is None:
            return self._from_now_on()
        known = _Cursor.parse(cursor) if cursor else None
        link = known.link if known else self._since(self._client.now() - _REMEMBERED)
        page = self._client.json("GET", link, prefer=[_PAGE])
        listed = [item for item in page.get("value", ()) if "@removed" not in item and not item.get("isDraft")]
        listed.sort(key=lambda item: (str(item.get("receivedDateTime", "")), str(item.get("id"))))
        mails = [mail for mail in self._client.each(self._read, listed) if mail is not None]
        following = _Cursor(_following(page))
        more = "@odata.nextLink" in page
        self._latest = None if more else following
        return MailBatch(mails, str(following), more)

    def send(self, mail: OutgoingMail) -> None:
        self._drafts.send(mail, self._draft, self._submit)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        """By the id noted before the mail was sent; where that is gone, by our mark on it or its Message-ID."""
        return self._drafts.find(mail, self._left, self._is_among_sent)

    def _submit(self, draft: str) -> None:
        wait_for(self._leaving)
        with leaving():
            self._client.call("POST", f"{self._home}/messages/{quote(draft)}/send")

    def _left(self, draft: str) -> bool | None:
        known = self._client.found("GET", f"{self._home}/messages/{quote(draft)}", params={"$select": "isDraft"})
        return None if known is None else not known.get("isDraft")

    def _is_among_sent(self, message_id: str) -> bool:
        quoted = message_id.replace("'", "''")
        for condition in (
            f"singleValueExtendedProperties/Any(ep: ep/id eq '{SENT}' and ep/value eq '{quoted}')",
            f"internetMessageId eq '{quoted}'",
        ):
            params = {"$select": "id,isDraft", "$filter": condition}
            if any(not item.get("isDraft") for item in self._client.listed(f"{self._home}/messages", params=params)):
                return True
        return False

    def wait(self, timeout: float) -> bool:
        return self._watch.sees(timeout, self._has_news)

    def _has_news(self) -> bool:
        if self._latest is None:
            return True
        return bool(self._client.json("GET", self._latest.link, prefer=[_PAGE]).get("value"))

    def missed(self, since: datetime, known: Collection[str]) -> list[FetchedMail]:
        """By a change list of its own: it has the same ids, and names only what came since."""
        pages = self._client.pages(self._since(since), prefer=[_PAGE])
        listed = [item for page in pages for item in page.get("value", ())]
        there = [item for item in listed if "@removed" not in item and not item.get("isDraft")]
        unknown = [item for item in there if item["id"] not in known]
        unknown.sort(key=lambda item: (str(item.get("receivedDateTime", "")), str(item.get("id"))))
        return [mail for mail in self._client.each(self._read, unknown[:_READ]) if mail is not None]

    def forget(self, provider_id: str) -> None:
        try:
            self._client.call("DELETE", f"{self._home}/messages/{quote(provider_id)}")
        except NotFound:
            return

    def _from_now_on(self) -> MailBatch:
        """The change list is run through once; what it tells was there before."""
        for page in self._client.pages(self._since(self._client.now() - _SKEW), prefer=[_PAGE]):
            last = page
        self._latest = _Cursor(_following(last))
        return MailBatch((), str(self._latest))

    def _since(self, moment: datetime) -> str:
        stamp = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        folder = quote(self._reading.folder)
        query = f"changeType=created&$select=receivedDateTime,isDraft&$filter=receivedDateTime+ge+{stamp}"
        return f"{self._home}/mailFolders/{folder}/messages/delta?{query}"

    def _read(self, item: Json) -> FetchedMail | None:
        """None where it was deleted since it was listed."""
        provider_id = str(item["id"])
        try:
            response = self._client.call("GET", f"{self._home}/messages/{quote(provider_id)}/$value")
        except NotFound:
            return None
        raw = response.content
        head = headers(raw)
        recipient = own_recipient(head, self._client.address, self._reading.subaddress)
        vouched = vouched_sender(head, {""})
        if vouched is None and self._reading.vouch_internal:
            vouched = internal_sender(head)
        return FetchedMail(provider_id, raw, recipient, vouched)

    def _draft(self, mail: OutgoingMail) -> str:
        body = base64.b64encode(mail.raw)
        made: Mapping[str, Any] = self._client.json(
            "POST", f"{self._home}/messages", data=body, headers={"Content-Type": "text/plain"}
        )
        draft = str(made["id"])
        named = {"singleValueExtendedProperties": [{"id": SENT, "value": mail.message_id}]}
        self._client.call("PATCH", f"{self._home}/messages/{quote(draft)}", json=named)
        return draft


def _following(page: Json) -> str:
    link = page.get("@odata.nextLink") or page.get("@odata.deltaLink")
    if not link:
        raise Unavailable("Microsoft Graph's list of changes has no end; it is tried again")
    return str(link)
