"""One Gmail mailbox, as the API shows it: labels, history, drafts, search; and what arrives at other people's."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses
from itertools import count
from typing import Any

from tests.fakes.google_faults import ApiError

Json = dict[str, Any]
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+=?^_`{|}~.-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(slots=True)
class Stored:
    id: str
    thread: str
    labels: list[str]
    raw: bytes
    date: datetime
    history: int = 0

    def header(self, name: str) -> str:
        return str(message_from_bytes(self.raw, policy=policy.compat32)[name] or "")

    def brief(self) -> Json:
        return {"id": self.id, "threadId": self.thread, "labelIds": list(self.labels)}


@dataclass(slots=True)
class Mailbox:
    """``rewrites`` makes Gmail give each sent mail a Message-ID of its own; ``lags`` hides everything from search.

    ``hollow`` is how many pages of a history have nothing in them before the first that has.
    """

    me: str
    now: Callable[[], datetime]
    messages: dict[str, Stored] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    history: list[Json] = field(default_factory=list)
    floor: int = 0
    inboxes: dict[str, list[bytes]] = field(default_factory=dict)
    rewrites: bool = False
    lags: bool = False
    hollow: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    # what happens in the world

    def arrive(self, raw: bytes, labels: tuple[str, ...] = ("INBOX", "UNREAD")) -> str:
        id_ = f"{0x190000000000000 + next(self._ids):016x}"
        stored = Stored(id_, id_, list(labels), raw, self.now())
        self.messages[id_] = stored
        stored.history = self._tick({"messagesAdded": [{"message": stored.brief()}]})
        return id_

    def label(self, id_: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        stored = self.messages[id_]
        stored.labels = [*(label for label in stored.labels if label not in remove), *add]
        if add:
            self._tick({"labelsAdded": [{"message": stored.brief(), "labelIds": list(add)}]})
        if remove:
            self._tick({"labelsRemoved": [{"message": stored.brief(), "labelIds": list(remove)}]})

    def delete(self, id_: str) -> None:
        stored = self.messages.pop(id_)
        self._tick({"messagesDeleted": [{"message": stored.brief()}]})

    def lose_history(self) -> None:
        """Google keeps it "typically at least a week", sometimes for hours."""
        self.floor = self._latest + 1
        self.history.append({"id": str(self.floor)})

    @property
    def _latest(self) -> int:
        return int(self.history[-1]["id"]) if self.history else 1000

    def _tick(self, record: Json) -> int:
        number = self._latest + 3  # ids grow, not by one
        self.history.append({"id": str(number), **record})
        return number

    # the API

    def users_getProfile(self, _path: Json, _query: Json, _body: Json) -> Json:  # noqa: N802 - Google's name
        count_ = len(self.messages)
        profile = {"emailAddress": self.me, "historyId": str(self._latest)}
        return {**profile, "messagesTotal": count_, "threadsTotal": count_}

    def users_history_list(self, _path: Json, query: Json, _body: Json) -> Json:
        start = int(query["startHistoryId"])
        if start < self.floor:
            raise ApiError(404, "notFound", "Requested entity was not found.")
        wanted = {_HISTORY[kind] for kind in query.get("historyTypes", _HISTORY)}
        records = [r for r in self.history if int(r["id"]) > start and wanted & r.keys()]
        first, size = int(query.get("pageToken", -self.hollow)), int(query.get("maxResults", 100))
        answer: Json = {"historyId": str(self._latest)}
        if first < 0:
            return {**answer, "nextPageToken": str(first + 1)}
        if records[first : first + size]:
            answer["history"] = records[first : first + size]
        if first + size < len(records):
            answer["nextPageToken"] = str(first + size)
        return answer

    def users_messages_list(self, _path: Json, query: Json, _body: Json) -> Json:
        found = [m for m in self._search(query.get("q", "")) if set(query.get("labelIds", ())) <= set(m.labels)]
        first, size = int(query.get("pageToken", 0)), int(query.get("maxResults", 100))
        answer: Json = {"resultSizeEstimate": len(found)}
        if found[first : first + size]:  # absent, not empty, where there is nothing
            answer["messages"] = [{"id": m.id, "threadId": m.thread} for m in found[first : first + size]]
        if first + size < len(found):
            answer["nextPageToken"] = str(first + size)
        return answer

    def users_messages_get(self, path: Json, query: Json, _body: Json) -> Json:
        return self._shown(self._message(path["id"]), query.get("format", "full"))

    def users_drafts_create(self, _path: Json, _query: Json, body: Json) -> Json:
        raw = base64.urlsafe_b64decode(body["message"]["raw"] + "==")
        message = self.arrive(raw, ("DRAFT",))
        id_ = f"r{next(self._ids):019d}"
        self.drafts[id_] = message
        return {"id": id_, "message": self.messages[message].brief()}

    def users_messages_trash(self, path: Json, _query: Json, _body: Json) -> Json:
        message = self._message(path["id"])
        self.label(message.id, ("TRASH",), ("INBOX",))
        return message.brief()

    def users_drafts_list(self, _path: Json, query: Json, _body: Json) -> Json:
        found = {message.id for message in self._search(query.get("q", ""))}
        listed = [{"id": i, "message": {"id": m, "threadId": m}} for i, m in self.drafts.items() if m in found]
        return {"resultSizeEstimate": len(listed)} | ({"drafts": listed} if listed else {})

    def users_drafts_get(self, path: Json, query: Json, _body: Json) -> Json:
        message = self.messages[self._draft(path["id"])]
        return {"id": path["id"], "message": self._shown(message, query.get("format", "full"))}

    def users_drafts_delete(self, path: Json, _query: Json, _body: Json) -> None:
        self.delete(self._draft(path["id"]))
        del self.drafts[path["id"]]

    def users_drafts_send(self, _path: Json, _query: Json, body: Json) -> Json:
        draft = self.messages[self._draft(body["id"])]
        parsed = message_from_bytes(draft.raw, policy=policy.compat32)
        values = [str(value) for name in ("to", "cc", "bcc") for value in parsed.get_all(name, ())]
        addresses = [address for _, address in getaddresses(values)]
        if not addresses:
            raise ApiError(400, "invalidArgument", "Recipient address required")
        if not all(_ADDRESS.fullmatch(address) for address in addresses):
            raise ApiError(400, "invalidArgument", "Invalid To header")
        raw = draft.raw
        if self.rewrites:
            own = f"\r\nMessage-ID: <CA{next(self._ids)}@mail.gmail.com>".encode()
            raw = re.sub(rb"(?i)\r\nMessage-ID:[^\r]*", own, raw, count=1)
        del self.drafts[body["id"]]
        del self.messages[draft.id]
        labels = ["SENT"]
        for address in {plain(address) for address in addresses}:
            if address == self.me:
                labels += ["INBOX", "UNREAD"]
            self.inboxes.setdefault(address, []).append(raw)
        return self.messages[self.arrive(raw, tuple(labels))].brief()

    def _message(self, id_: str) -> Stored:
        if id_ not in self.messages:
            raise ApiError(404, "notFound", "Requested entity was not found.")
        return self.messages[id_]

    def _draft(self, id_: str) -> str:
        if id_ not in self.drafts:
            raise ApiError(404, "notFound", "Requested entity was not found.")
        return self.drafts[id_]

    @staticmethod
    def _shown(message: Stored, kind: str) -> Json:
        milliseconds = str(int(message.date.timestamp() * 1000))
        shown = {**message.brief(), "historyId": str(message.history), "internalDate": milliseconds}
        shown |= {"sizeEstimate": len(message.raw), "snippet": ""}
        if kind == "raw":
            shown["raw"] = base64.urlsafe_b64encode(message.raw).decode()
        return shown

    def _search(self, query: str) -> list[Stored]:
        """Newest first, neither spam nor trash."""
        if self.lags and query:
            return []
        oldest = sorted(self.messages.values(), key=lambda m: m.date)
        found = [m for m in oldest[::-1] if not {"SPAM", "TRASH"} & set(m.labels)]
        for term in query.split():
            matches = self._term(term)
            found = [message for message in found if matches(message)]
        return found

    def _term(self, term: str) -> Callable[[Stored], bool]:
        name, _, value = term.partition(":")
        if name == "rfc822msgid":
            return lambda m: m.header("message-id").strip().strip("<>") == value
        if name == "newer_than" and re.fullmatch(r"\d+d", value):
            return lambda m: m.date > self.now() - timedelta(days=int(value[:-1]))
        if name == "after" and value.isdigit():
            return lambda m: m.date.timestamp() >= int(value)
        if name == "to":
            return lambda m: value.lower() in m.header("to").lower()
        if name == "-in" and value in ("sent", "drafts", "chats"):
            return lambda m: {"sent": "SENT", "drafts": "DRAFT", "chats": "CHAT"}[value] not in m.labels
        raise ApiError(400, "invalidArgument", f"the fake knows no search term {term}")


_HISTORY = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def plain(address: str) -> str:
    """The mailbox an address means: lower case, without its tag."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
