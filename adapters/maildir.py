"""Mail in one Maildir per address: ``<folder>/mail/<address>/{tmp,new,cur}``.

Sending is delivering into the recipient's Maildir, fetching is reading the assistant's own. mutt opens them all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event as Signal

from assistant.errors import CursorExpired
from assistant.ports import FetchedMail, MailBatch, MailProvider, OutgoingMail

from .envelope import headers, own_recipient
from .files import folder_name, make_folder, replace_file, translated

_BATCH = 200
_OVERLAP = 5_000_000_000  # ns: how far apart a file's change and its being listed may be
_TICK = 100_000_000  # ns: file dates may be this coarse
_POLL = 0.2  # seconds
_SUBFOLDERS = ("tmp", "new", "cur")


@dataclass(frozen=True, slots=True)
class _Entry:
    """``name`` is the part before ":2,", which stays the same when a reader moves or flags the mail."""

    changed: int
    name: str
    path: str

    @property
    def key(self) -> str:
        return hashlib.sha256(self.name.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Cursor:
    """``until`` is the latest change (ctime, ns) handed out; ``seen`` are the keys handed out close before it.

    ctime, because a rename into ``new`` renews it whatever the file's own date; it goes backwards with the clock only.
    """

    until: int
    seen: frozenset[str]

    def __str__(self) -> str:
        return json.dumps({"until": self.until, "seen": sorted(self.seen)}, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> _Cursor:
        if not text:
            return cls(0, frozenset())
        try:
            fields = json.loads(text)
            return cls(int(fields["until"]), frozenset(map(str, fields["seen"])))
        except (KeyError, TypeError, ValueError) as error:
            raise CursorExpired("the mail cursor is not one of ours") from error


class LocalMail(MailProvider):
    """``folder`` is the data folder, ``address`` the assistant's own."""

    def __init__(self, folder: Path | str, address: str, subaddress: str | None = "+") -> None:
        self.subaddress = subaddress
        self._root = Path(folder) / "mail"
        self._address = folder_name(address)
        self._inbox = self._root / self._address
        # The cursor after which there was nothing, and the folders' dates then: no need to list while they stand.
        self._settled: tuple[str, tuple[int, int]] | None = None

    def fetch(self, cursor: str | None) -> MailBatch:
        with translated("the assistant's Maildir cannot be read"):
            _make_maildir(self._inbox)
            marks = self._now_marks()
            if cursor is not None and (cursor, marks) == self._settled:
                return MailBatch((), cursor)
            entries = list(_entries(self._inbox))
            now = _file_system_time(self._inbox)
            if cursor is None:
                return MailBatch((), str(_after(entries, now, frozenset(entry.key for entry in entries))))
            known = _Cursor.parse(cursor)
            if now is not None and now < known.until:
                raise CursorExpired("the clock was set back, so the order of mails is lost")
            fresh = [e for e in entries if e.changed >= known.until - _OVERLAP and e.key not in known.seen]
            fresh.sort(key=lambda entry: (entry.changed, entry.name))
            batch = fresh[:_BATCH]
            mails = [(entry, mail) for entry in batch if (mail := self._read(entry)) is not None]
        until = max([known.until, *(entry.changed for entry in batch)])
        seen = known.seen | {entry.key for entry, _ in mails}
        after = str(_after(entries, until, seen))
        settled = len(mails) == len(fresh) and now is not None and now - max(marks) > _TICK
        self._settled = (after, marks) if settled else None
        return MailBatch([mail for _, mail in mails], after, more=len(fresh) > len(batch))

    def send(self, mail: OutgoingMail) -> None:
        maildir = self._root / folder_name(mail.recipient)
        name = _sent_name(mail)
        with translated("a mail cannot be delivered"):
            _make_maildir(maildir)
            if not _holds(maildir, name):
                # Local delivery ends lines as files do; every reader of a Maildir expects it.
                content = mail.raw.replace(b"\r\n", b"\n")
                replace_file(maildir / "new" / name, content, maildir / "tmp" / name)

    def find_sent(self, mail: OutgoingMail) -> bool | None:
        with translated("a Maildir cannot be read"):
            return _holds(self._root / folder_name(mail.recipient), _sent_name(mail))

    def wait(self, timeout: float) -> bool:
        pause = Signal()
        for _ in range(max(1, round(timeout / _POLL))):
            pause.wait(min(_POLL, timeout))
            with translated("the assistant's Maildir cannot be read"):
                # Not settled: something may have come within the clock's last tick, or was not yet whole.
                if self._settled is None or self._now_marks() != self._settled[1]:
                    return True
        return False

    def missed(self, since: datetime, known: Collection[str]) -> list[FetchedMail]:
        earliest = int(since.timestamp() * 1_000_000_000)
        with translated("the assistant's Maildir cannot be read"):
            _make_maildir(self._inbox)
            listed = [e for e in _entries(self._inbox) if e.changed >= earliest and e.name not in known]
            listed.sort(key=lambda entry: (entry.changed, entry.name))
            return [mail for entry in listed[:_BATCH] if (mail := self._read(entry)) is not None]

    def forget(self, provider_id: str) -> None:
        with translated("a mail cannot be removed from the assistant's Maildir"):
            for path in list(_flagged(self._inbox, provider_id)):
                path.unlink(missing_ok=True)

    def _now_marks(self) -> tuple[int, int]:
        """Changes with every arrival, without listing."""
        return (self._inbox / "new").stat().st_mtime_ns, (self._inbox / "cur").stat().st_mtime_ns

    def _read(self, entry: _Entry) -> FetchedMail | None:
        """None where the mail is gone, or is being written in place by somebody who skipped ``tmp``."""
        for path in (Path(entry.path), *_flagged(self._inbox, entry.name)):
            try:
                with path.open("rb") as file:
                    raw = file.read()
                    status = os.fstat(file.fileno())
            except FileNotFoundError:  # a reader moved it from new to cur meanwhile
                continue
            if raw and status.st_size == len(raw):
                return FetchedMail(entry.name, raw, own_recipient(headers(raw), self._address, self.subaddress))
        return None


def deliver(folder: Path | str, address: str, raw: bytes, name: str | None = None) -> Path:
    """Put these very bytes into the Maildir of ``address`` under the data folder; a repeat is a second mail."""
    maildir = Path(folder) / "mail" / folder_name(address)
    _make_maildir(maildir)
    stem = name or hashlib.sha256(raw).hexdigest()[:24]
    number, unique = 1, stem
    while _holds(maildir, unique):
        number += 1
        unique = f"{stem}-{number}"
    path = maildir / "new" / unique
    replace_file(path, raw, maildir / "tmp" / unique)
    return path


def _after(entries: list[_Entry], until: int | None, seen: frozenset[str]) -> _Cursor:
    """The cursor at ``until``; of ``seen`` only what is close enough to be listed again."""
    latest = until if until is not None else max((entry.changed for entry in entries), default=0)
    close = (entry.key for entry in entries if entry.changed >= latest - _OVERLAP)
    return _Cursor(latest, frozenset(key for key in close if key in seen))


def _entries(maildir: Path) -> Iterator[_Entry]:
    """Each mail once. ``new`` before ``cur``: what moves between the two listings is met in the second."""
    met: dict[str, _Entry] = {}
    for folder in ("new", "cur"):
        with os.scandir(maildir / folder) as listing:
            for item in listing:
                if item.name.startswith("."):
                    continue
                try:
                    if item.is_file(follow_symlinks=False):
                        changed = item.stat(follow_symlinks=False).st_ctime_ns
                        name = item.name.partition(":2,")[0]
                        met[name] = _Entry(changed, name, item.path)
                except FileNotFoundError:
                    continue
    yield from met.values()


def _file_system_time(maildir: Path) -> int | None:
    """The clock that dates our files, in ns: by touching ``tmp``. None where that is not allowed."""
    try:
        os.utime(maildir / "tmp")
    except PermissionError:
        return None
    return (maildir / "tmp").stat().st_ctime_ns


def _make_maildir(maildir: Path) -> None:
    for name in _SUBFOLDERS:
        make_folder(maildir / name)


def _sent_name(mail: OutgoingMail) -> str:
    """The same for the same Message-ID, so that a repeat is the same file."""
    return hashlib.sha256(mail.message_id.strip().encode()).hexdigest()[:32] + ".assistant"


def _holds(maildir: Path, name: str) -> bool:
    return (maildir / "new" / name).exists() or any(True for _ in _flagged(maildir, name))


def _flagged(maildir: Path, name: str) -> Iterator[Path]:
    """Where a reader may have put it: in ``cur`` with any flags, or flagged where it was."""
    for folder in (maildir / "cur", maildir / "new"):
        if folder.is_dir():
            with os.scandir(folder) as listing:
                yield from (Path(item.path) for item in listing if item.name.partition(":2,")[0] == name)
