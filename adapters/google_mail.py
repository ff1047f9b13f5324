"""Mail through the Gmail API: read by the mailbox's history, sent by way of a draft.

Why a draft: httplib2 repeats a request by itself when a connection breaks before the answer, and nobody can say
whether a plain send was done. A draft can be sent once only, so sending it again is harmless.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from assistant.errors import CursorExpired, NotFound, Rejected, Unavailable
from assistant.ports import FetchedMail, MailBatch, MailProvider, OutgoingMail

from .drafts import DraftJournal, Step
from .envelope import headers, own_recipient, vouched_sender
from .files import folder_name
from .google_account import Account
from .google_sent import bare, epoch, is_same, parsed, values
from .throttle import Watch

_BATCH = 100
_BATCH_BYTES = 25_000_000
_PAGE = 500
_CANDIDATES = 50
_RESYNC = "newer_than:14d"
_NOT_INCOMING = {"SENT", "DRAFT", "SPAM", "TRASH", "CHAT"}
_TO = ("to", "cc", "bcc")

# Google's units (the table of 2026-05-01).
_PROFILE, _HISTORY, _LIST, _DRAFT, _GET, _SEND = 1, 2, 5, 10, 20, 100


class GoogleMail(MailProvider):
    """Signs in as ``Account`` says. A cursor is ``h:<history id>``, or a place in a listing of everything.

    ``mail_quota`` is in Gmail's units a minute; ``poll`` is how many seconds a quiet mailbox is left alone;
    ``authorities`` are whose Authentication-Results count.
    """

    def __init__(
        self, *, folder: Path | str, address: str, key: str | None = None, subject: str | None = None,
        token: str | None = None, timeout: float = 30.0, endpoint: str | None = None, subaddress: str | None = "+",
        authorities: Sequence[str] = ("mx.google.com",), mail_quota: float = 6000, poll: float = 5.0,
    ) -> None:  # fmt: skip
        from .google_client import Client  # noqa: PLC0415 - Google's libraries load where an account uses them only

        account = Account(
            folder=folder, address=address, key=key, subject=subject, token=token, timeout=timeout, endpoint=endpoint
        )
        self._address, self._authorities, self._poll = address, authorities, poll
        self._google = Client(account, "gmail", "v1", mail_quota)
        self._journal = DraftJournal(account.state / f"{folder_name(address)}.drafts")
        self._watch = Watch(poll)
        self._quiet = ("", 0.0)  # the cursor after which there was nothing, and when
        self._history = ""  # the latest history id that somebody was told of
        self.subaddress = subaddress

    def fetch(self, cursor: str | None) -> MailBatch:
        if cursor is None:
            return MailBatch((), f"h:{self._now()}")
        if cursor == self._quiet[0] and time.monotonic() - self._quiet[1] < self._poll:
            return MailBatch((), cursor)
        kind, _, place = cursor.partition(":")
        if not cursor:
            return self._everything(self._now(), "")
        if kind == "h" and place.isascii() and place.isdigit():
            return self._since(place)
        history, _, last = place.partition(":")
        if kind == "all" and history.isascii() and history.isdigit():
            return self._everything(history, last)
        raise CursorExpired("the mail cursor is not one of Gmail's")

    def send(self, mail: OutgoingMail) -> None:
        """Gmail reads the recipients off the headers: a mail whose headers name anybody else is Rejected."""
        _check_recipient(mail)
        step = self._journal.get(mail.message_id)
        if step is not None and step.sent:
            return
        draft = step.draft if step is not None else ""
        if not draft:
            draft = self._draft(mail, again=step is not None)
            self._journal.note(mail.message_id, Step(draft))
        try:
            self._google.call(lambda g: g("users.drafts").send(userId="me", body={"id": draft}), _SEND)
        except NotFound as error:
            if not self._is_among_sent(mail):
                raise Unavailable("the draft is gone, the mail not yet found; looking again later") from error
        except Rejected:
            self._drop(draft)
            self._journal.note(mail.message_id, Step())
            raise
        self._journal.note(mail.message_id, Step(draft, sent=True))

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        step = self._journal.get(mail.message_id)
        if step is None:  # never begun; or the data folder was lost, and then only the mailbox knows
            return self._is_among_sent(mail)
        if step.sent or not step.draft:
            return step.sent
        try:
            self._google.call(lambda g: g("users.drafts").get(userId="me", id=step.draft, format="minimal"), _DRAFT)
        except NotFound:
            # Sent, most likely; but a person may have thrown the draft away, or the index lags.
            return self._is_among_sent(mail) or None
        return False

    def wait(self, timeout: float) -> bool:
        """Gmail pushes only through Pub/Sub; asking for the history is cheap, so it is asked every ``poll`` seconds."""
        if not self._watch.sees(timeout, self._is_new):
            return False
        self._quiet = ("", 0.0)
        return True

    def server_time(self) -> datetime | None:
        return self._google.clock.now()

    def signed_in_as(self) -> str:
        """The mailbox's own address: whoever signs in at a browser may pick another account than was meant."""
        return str(self._google.call(lambda g: g("users").getProfile(userId="me"), _PROFILE)["emailAddress"])

    def _now(self) -> str:
        self._history = str(self._google.call(lambda g: g("users").getProfile(userId="me"), _PROFILE)["historyId"])
        return self._history

    def _is_new(self) -> bool:
        if not self._history:
            return True
        try:
            answer = self._list_history(self._history, 1)
        except CursorExpired:
            return True
        return "history" in answer

    def _list_history(self, start: str, size: int) -> Mapping[str, Any]:
        """The first page that has anything in it: Gmail may give empty ones before it."""
        # labelAdded: what somebody rescues from the spam folder comes back to the inbox.
        kinds = ["messageAdded", "labelAdded"]
        wanted = {"userId": "me", "startHistoryId": start, "historyTypes": kinds, "maxResults": size}
        while True:
            try:
                answer: Mapping[str, Any] = self._google.call(lambda g: g("users.history").list(**wanted), _HISTORY)
            except NotFound as error:
                raise CursorExpired("Gmail no longer has the history since then") from error
            if "history" in answer or "nextPageToken" not in answer:
                return answer
            wanted["pageToken"] = answer["nextPageToken"]

    def _since(self, start: str) -> MailBatch:
        answer = self._list_history(start, _BATCH)
        records = answer.get("history", ())
        mails: dict[str, FetchedMail] = {}
        size, last, done = 0, start, 0
        for record in records:
            for id_ in _arrived(record):
                mail = None if id_ in mails else self._get(id_)
                if mail is not None:
                    mails[id_] = mail
                    size += len(mail.raw)
            last, done = str(record["id"]), done + 1
            if len(mails) >= _BATCH or size >= _BATCH_BYTES:
                break
        more = done < len(records) or "nextPageToken" in answer
        # An idle cursor moves on too, or it would be too old after a quiet week.
        self._history = last if records else str(answer["historyId"])
        if not records:
            self._quiet = (f"h:{self._history}", time.monotonic())
        return MailBatch(list(mails.values()), f"h:{self._history}", more)

    def _everything(self, history: str, last: str) -> MailBatch:
        """What is there of the last 14 days, after the mail ``last``; then on from ``history``, noted at the start."""
        ids = self._incoming(_RESYNC)
        if last and last not in ids:
            raise CursorExpired("a mail was deleted while everything was listed")
        rest = ids[ids.index(last) + 1 :] if last else ids
        mails: list[FetchedMail] = []
        size = 0
        for number, id_ in enumerate(rest, 1):
            mail = self._get(id_)
            if mail is not None:
                mails.append(mail)
                size += len(mail.raw)
            if number < len(rest) and (len(mails) >= _BATCH or size >= _BATCH_BYTES):
                return MailBatch(mails, f"all:{history}:{id_}", more=True)
        return MailBatch(mails, f"h:{history}", more=True)

    def missed(self, since: datetime, known: Collection[str]) -> list[FetchedMail]:
        unknown = [id_ for id_ in self._incoming(f"after:{int(since.timestamp())}") if id_ not in known]
        mails: list[FetchedMail] = []
        for id_ in unknown:
            mail = self._get(id_)
            if mail is not None:
                mails.append(mail)
            if len(mails) >= _BATCH or sum(len(mail.raw) for mail in mails) >= _BATCH_BYTES:
                break
        return mails

    def forget(self, provider_id: str) -> None:
        """Into the bin, which Gmail empties after 30 days: to delete for good takes the right to the whole mailbox."""
        try:
            self._google.call(lambda g: g("users.messages").trash(userId="me", id=provider_id), _GET)
        except NotFound:
            return

    def _incoming(self, query: str) -> list[str]:
        """The ids of what was received, oldest first but for mails to ourselves, which are at the end."""
        ids = list(self._listed(q=f"{query} -in:sent -in:drafts -in:chats"))
        ours = self._listed(q=query, labelIds=["INBOX"])  # a mail to ourselves is both sent and received
        return [*ids, *[id_ for id_ in ours if id_ not in set(ids)][::-1]]

    def _listed(self, **wanted: Any) -> Iterable[str]:
        """Ids, oldest first (Gmail lists the newest first)."""
        ids: list[str] = []
        token: str | None = ""
        while token is not None:
            page = {**wanted, "userId": "me", "maxResults": _PAGE} | ({"pageToken": token} if token else {})
            answer = self._page(page)
            ids += [str(message["id"]) for message in answer.get("messages", ())]
            token = answer.get("nextPageToken")
        return dict.fromkeys(reversed(ids))

    def _page(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._google.call(lambda g: g("users.messages").list(**wanted), _LIST)
        return answer

    def _get(self, id_: str) -> FetchedMail | None:
        """None where it was deleted meanwhile."""
        raw = self._raw(id_)
        if raw is None:
            return None
        head = headers(raw)
        recipient = own_recipient(head, self._address, self.subaddress)
        return FetchedMail(id_, raw, recipient, vouched_sender(head, self._authorities))

    def _raw(self, id_: str) -> bytes | None:
        try:
            answer = self._google.call(lambda g: g("users.messages").get(userId="me", id=id_, format="raw"), _GET)
        except NotFound:
            return None
        return base64.urlsafe_b64decode(answer["raw"] + "==")

    def _draft(self, mail: OutgoingMail, again: bool) -> str:
        """The id of its draft; ``again`` when an earlier attempt may have left one."""
        if again:
            query = f"rfc822msgid:{bare(mail.message_id)}"
            found = self._google.call(lambda g: g("users.drafts").list(userId="me", q=query), _LIST)
            if found.get("drafts"):
                return str(found["drafts"][0]["id"])
        else:
            self._journal.note(mail.message_id, Step())
        body = {"message": {"raw": base64.urlsafe_b64encode(mail.raw).decode()}}
        return str(self._google.call(lambda g: g("users.drafts").create(userId="me", body=body), _DRAFT)["id"])

    def _drop(self, draft: str) -> None:
        try:
            self._google.call(lambda g: g("users.drafts").delete(userId="me", id=draft), _DRAFT)
        except (NotFound, Unavailable):  # a draft that stays does no harm
            return

    def _is_among_sent(self, mail: OutgoingMail) -> bool:
        """By Message-ID; or, where Gmail wrote its own, by what else only this mail has."""
        for _ in self._listed(q=f"rfc822msgid:{bare(mail.message_id)}", labelIds=["SENT"]):
            return True
        ours = parsed(mail.raw)
        since = epoch(ours)
        when = _RESYNC if since is None else f"after:{since}"
        candidates = list(self._listed(q=f"to:{mail.recipient} {when}", labelIds=["SENT"]))[-_CANDIDATES:]
        return any(is_same(ours, parsed(raw)) for raw in map(self._raw, candidates) if raw is not None)


def _arrived(record: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the mails that came to us by this step of the history."""
    for entry in record.get("messagesAdded", ()):
        labels = set(entry["message"].get("labelIds", ()))
        if "INBOX" in labels or not labels & _NOT_INCOMING:
            yield str(entry["message"]["id"])
    for entry in record.get("labelsAdded", ()):
        if "INBOX" in entry.get("labelIds", ()):
            yield str(entry["message"]["id"])


def _check_recipient(mail: OutgoingMail) -> None:
    named = {address.lower() for _, address in getaddresses(values(parsed(mail.raw), *_TO))}
    if named != {mail.recipient.lower()}:
        raise Rejected("Gmail sends to everybody in the headers, and they do not name the recipient alone")
