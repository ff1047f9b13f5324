"""A mailbox read by IMAP and sent from by SMTP: any mail host, Gmail and Exchange Online with a token included.

The mailbox stays as it is: nothing is marked, moved or deleted but what is to be forgotten. Where IMAP offers IDLE,
mail is noticed at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event as Signal

from assistant.errors import AssistantError, CursorExpired, NotFound, ProviderError, Unavailable
from assistant.ports import FetchedMail, MailBatch, MailProvider, OutgoingMail

from .envelope import headers, own_recipient, vouched_sender
from .imap_session import LARGEST, Session, Standing
from .smtp import DOT_PATIENCE, Server, Submission
from .throttle import Bucket
from .xoauth import SignIn

_BATCH = 200
_BATCH_BYTES = 20 * 1024 * 1024
_DAYS_BACK = 14
_RESCAN = 300.0
"""Seconds after which silence in IDLE is no longer believed: it may have died."""
_MISSED = 100
_COPY_TAG = "sent-copy"
_PORTS = {("imap", "ssl"): 993, ("imap", "starttls"): 143, ("smtp", "ssl"): 465, ("smtp", "starttls"): 587}


@dataclass(frozen=True, slots=True)
class Check:
    """What ``check --online`` shows of this account. ``quota`` is (used, allowed) in KiB."""

    idle: bool
    condstore: bool
    sent_folder: str | None
    junk: int | None
    quota: tuple[int, int] | None
    smtp: frozenset[str]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a folder was read. ``missed`` are UIDs that the server listed and would not give: asked for again."""

    account: str
    folder: str
    validity: int
    uid: int
    modseq: int | None = None
    missed: tuple[int, ...] = ()

    def __str__(self) -> str:
        fields = [self.account, self.folder, self.validity, self.uid, self.modseq, list(self.missed)]
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> _Place:
        try:
            account, folder, validity, uid, modseq, missed = json.loads(text)
            found = None if modseq is None else int(modseq)
            return cls(str(account), str(folder), int(validity), int(uid), found, tuple(map(int, missed)))
        except (TypeError, ValueError) as error:
            raise CursorExpired("the mail cursor is not one of ours") from error

    def check(self, known: _Place, standing: Standing) -> None:
        """Raises CursorExpired where ``known`` belongs to another mailbox, or to this one before it was restored."""
        if (known.account, known.folder, known.validity) != (self.account, self.folder, self.validity):
            raise CursorExpired("the server has numbered the mailbox anew")
        older = known.modseq is not None and standing.modseq is not None and standing.modseq < known.modseq
        if standing.next <= known.uid or older:
            raise CursorExpired("the mailbox is older than when it was read last, as after a restored backup")


class ImapMail(MailProvider):
    """``folder`` is the data folder, ``address`` the assistant's own; see docs/connect/imap.md for every option.

    ``copies`` says what shows that a mail left: ``self`` sends each to our own address too, in the same transaction;
    ``server`` relies on a server that files what it sends (Gmail, Exchange Online); ``none`` has nothing to look at.
    """

    find_lags = True

    def __init__(
        self,
        folder: Path | str,
        address: str,
        *,
        host: str,
        imap_port: int | None = None,
        security: str = "ssl",
        smtp_host: str | None = None,
        smtp_port: int | None = None,
        smtp_security: str | None = None,
        smtp_sign_in: bool = True,
        ca_file: str | None = None,
        username: str | None = None,
        password: str | None = None,
        password_env: str | None = None,
        password_file: str | None = None,
        token_file: str | None = None,
        inbox: str = "INBOX",
        sent: str | None = None,
        junk: str | None = None,
        copies: str = "self",
        subaddress: str | None = "+",
        trusted_stamps: Sequence[str] = (),
        mails_per_minute: float = 30,
        poll: float = 30,
        timeout: float = 30,
        patience: float = DOT_PATIENCE,
    ) -> None:
        if copies not in ("self", "server", "none"):
            raise AssistantError(f"accounts: copies: {copies!r} is none of self, server and none")
        root, user = Path(folder), username or address
        sign_in = SignIn(
            user,
            password=password,
            password_env=password_env,
            password_file=None if password_file is None else root / password_file,
            token_file=None if token_file is None else root / token_file,
        )
        authority = None if ca_file is None else root / ca_file
        outgoing = smtp_security or security
        reading = Server(host, _port("imap", security, imap_port), security, timeout, authority)
        sending = Server(smtp_host or host, _port("smtp", outgoing, smtp_port), outgoing, timeout, authority)
        self.subaddress: str | None = subaddress or None
        self._address, self._account = address.lower(), f"{user}@{host}"
        local, _, domain = self._address.rpartition("@")
        self._copy_address = f"{local}{self.subaddress}{_COPY_TAG}@{domain}" if self.subaddress else self._address
        self._inbox = inbox
        self._session = Session(reading, sign_in, inbox)
        self._submission = Submission(sending, sign_in if smtp_sign_in else None, address.rpartition("@")[2], patience)
        self._named = {"sent": sent, "junk": junk}
        self._copies, self._stamps, self._poll = copies, tuple(trusted_stamps), poll
        self._bucket = Bucket(mails_per_minute)
        self._uncopied: set[str] = set()
        self._copies_seen: set[str] = set()  # need not be read again to know that they are none of people's mails
        self._pause = Signal()
        self._pending: tuple[str, list[int]] = ("", [])
        self._settled: str | None = None  # the cursor after which there was nothing at the last scan
        self._scanned = self._retried = float("-inf")
        self._silent = False  # whether somebody has waited since, in vain
        self._special: dict[str, str] | None = None

    def fetch(self, cursor: str | None) -> MailBatch:
        silent, self._silent = self._silent, False
        if cursor is not None and silent and cursor == self._settled:
            return MailBatch((), cursor)
        if cursor and cursor == self._pending[0] and self._session.is_open:
            return self._batch(_Place.parse(cursor), self._pending[1])
        known = _Place.parse(cursor) if cursor else None
        standing = self._session.examine()
        self._scanned = time.monotonic()
        here = _Place(self._account, self._inbox, standing.validity, max(0, standing.next - 1), standing.modseq)
        if cursor is None:
            return MailBatch((), str(here))
        if known is None:
            known = replace(here, uid=self._session.days_before_last(_DAYS_BACK) - 1)
        here.check(known, standing)
        fresh = self._session.after(known.uid) if standing.next > known.uid + 1 else []
        return self._batch(replace(known, modseq=standing.modseq), [*self._to_retry(known), *fresh])

    def send(self, mail: OutgoingMail) -> None:
        self._pause.wait(self._bucket.take())
        copy = self._copy_address if self._copies == "self" and mail.recipient.lower() != self._address else None
        try:
            self._submission.send(mail.sender, mail.recipient, mail.raw, copy)
        except Unavailable as error:
            if error.in_doubt and copy and not self._submission.copied:
                self._uncopied.add(mail.message_id)
            raise

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        if self._copies == "none" or mail.message_id in self._uncopied:
            return None
        marks = [("Message-ID", mail.message_id)]
        tagged = dict(reversed(headers(mail.raw))).get("reply-to", "").rpartition("<")[2].rstrip(">").lower()
        if self.subaddress is not None and tagged.startswith(f"{self._address.partition('@')[0]}{self.subaddress}"):
            marks.append(("Reply-To", tagged))  # some hosts write a Message-ID of their own
        return any(self._holds(folder, name, value) for folder in self._places() for name, value in marks)

    def wait(self, timeout: float) -> bool:
        """Never raises: what is wrong is for the next ``fetch`` to tell."""
        started = time.monotonic()
        news = False
        try:
            if self._session.idles:
                news = self._session.idle(timeout)
            else:
                self._pause.wait(max(0.0, min(timeout, self._scanned + self._poll - started)))
        except ProviderError:
            news = True
            self._pause.wait(max(0.0, timeout - (time.monotonic() - started)))
        quiet = _RESCAN if self._session.idles else self._poll
        self._silent = not news and time.monotonic() < self._scanned + quiet
        return not self._silent

    def missed(self, since: datetime, known: Collection[str]) -> list[FetchedMail]:
        validity = self._session.examine().validity
        place = _Place(self._account, self._inbox, validity, 0)
        names = {uid: _name(place, uid, own_id) for uid, own_id in self._session.since(since).items()}
        left = [uid for uid, name in names.items() if name not in known and name not in self._copies_seen]
        mails: list[FetchedMail] = []
        while left and not mails:
            sizes = self._session.sizes(left[:_BATCH])
            chosen = _fitting(left[:_BATCH], sizes)
            found = self._read([uid for uid in chosen if uid in sizes], sizes)
            read = [self._mail(place, uid, *found[uid]) for uid in chosen if uid in found]
            mails, left = [mail for mail in read if mail is not None], left[len(chosen) :]
        return mails

    def forget(self, provider_id: str) -> None:
        folder, _, name = provider_id.rpartition(":")
        if folder == "gmail":
            self._session.bin(name)
            return
        folder, _, validity = folder.rpartition(":")
        if folder == self._inbox and validity.isdecimal() and name.isdecimal():
            self._session.remove(int(name), int(validity))

    def check(self) -> Check:
        """Sign in on both sides and look around; changes nothing. Raises what is wrong."""
        session = self._session
        session.examine()
        special = session.special_folders()
        junk = self._named["junk"] or special.get("junk")
        idle = session.offers("IDLE")
        return Check(
            idle=idle,
            condstore=session.offers("CONDSTORE"),
            sent_folder=self._named["sent"] or special.get("sent"),
            junk=None if junk is None else session.count(junk),
            quota=session.quota(),
            smtp=self._submission.try_out(),
            lacks=() if idle else (f"the server has no IDLE: new mail is noticed within {self._poll:.0f} seconds",),
        )

    def close(self) -> None:
        self._session.close()
        self._submission.close()

    def _to_retry(self, known: _Place) -> Sequence[int]:
        """What the server would not give, asked for again now and then: one bad mail must not hold up the others."""
        if not known.missed or time.monotonic() - self._retried < _RESCAN:
            return ()
        self._retried = time.monotonic()
        return known.missed

    def _batch(self, known: _Place, uids: list[int]) -> MailBatch:
        """The next mails of ``uids``; those that have gone meanwhile are passed over."""
        sizes = self._session.sizes(uids[:_BATCH])
        chosen = _fitting(uids[:_BATCH], sizes)
        there = [uid for uid in chosen if uid in sizes]
        found = self._read(there, sizes)
        missing = [uid for uid in there if uid not in found]
        still = set(self._session.sizes(missing)) if missing and self._reopened() else set()
        missed = (set(known.missed) - set(chosen)) | still
        after = replace(known, uid=max([known.uid, *chosen]), missed=tuple(sorted(missed)[-_MISSED:]))
        left = uids[len(chosen) :]
        self._pending = (str(after), left) if left else ("", [])
        self._settled = None if left else str(after)
        mails = [self._mail(known, uid, *found[uid]) for uid in there if uid in found]
        return MailBatch([mail for mail in mails if mail is not None], str(after), more=bool(left))

    def _read(self, uids: list[int], sizes: dict[int, int]) -> dict[int, tuple[bytes, str | None]]:
        """One at a time where all together fail: one mail may be what the server chokes on."""
        large = [uid for uid in uids if sizes[uid] > LARGEST]
        small = [uid for uid in uids if sizes[uid] <= LARGEST]
        try:
            found = self._session.read(small) if small else {}
        except Unavailable:
            found = {}
            for uid in small:
                found |= self._read_one(uid)
        for uid in large:
            found |= self._read_one(uid, partly=True)
        return found

    def _read_one(self, uid: int, partly: bool = False) -> dict[int, tuple[bytes, str | None]]:
        self._reopened()
        try:
            return self._session.read([uid], partly)
        except Unavailable:
            return {}

    def _reopened(self) -> bool:
        """Open the folder again where the connection has gone. Raises Unavailable where it cannot be."""
        if not self._session.is_open:
            self._session.examine()
        return True

    def _mail(self, place: _Place, uid: int, raw: bytes, own_id: str | None) -> FetchedMail | None:
        """None for the copy of a mail of ours that shows that it left."""
        head = headers(raw)
        recipient = own_recipient(head, self._address, self.subaddress)
        name = _name(place, uid, own_id)
        if recipient == self._copy_address and recipient != self._address:
            self._copies_seen.add(name)
            return None
        return FetchedMail(name, raw, recipient, vouched_sender(head, self._stamps))

    def _places(self) -> list[str]:
        """Where a sent mail may lie: what files it first, then where a copy arrives or is sorted to."""
        if self._special is None:
            self._special = self._session.special_folders()
        named = [self._named["sent"] or self._special.get("sent"), self._special.get("all"), self._inbox]
        named += [self._named["junk"] or self._special.get("junk"), self._special.get("archive")]
        return [folder for folder in dict.fromkeys(named) if folder]

    def _holds(self, folder: str, header: str, value: str) -> bool:
        try:
            return self._session.find(folder, header, value)
        except NotFound:
            return False


def _name(place: _Place, uid: int, own_id: str | None) -> str:
    return f"gmail:{own_id}" if own_id else f"{place.folder}:{place.validity}:{uid}"


def _fitting(uids: list[int], sizes: dict[int, int]) -> list[int]:
    """The first of them that are not too big to hold together; one at least."""
    total = 0
    for place, uid in enumerate(uids):
        total += min(sizes.get(uid, 0), LARGEST)
        if place and total > _BATCH_BYTES:
            return uids[:place]
    return uids


def _port(protocol: str, security: str, given: int | None) -> int:
    if given is not None:
        return given
    found = _PORTS.get((protocol, security))
    if found is None:
        raise AssistantError(f"accounts: {protocol}_port: it has no default with security {security}; give one")
    return found
