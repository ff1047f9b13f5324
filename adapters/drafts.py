"""What is known of mails that are handed over in two steps, a draft first: the one thing worth a note of our own.

The id of a draft is on disk before the draft is sent. After a crash or a lost answer the draft is still there, so the
mail did not leave, or it is gone, so it did. No index of the provider has to have caught up for that.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import NotFound, Rejected, Unavailable
from assistant.ports import OutgoingMail

from .files import folder_name, make_folder, replace_file, sync_folder, translated

_MOST = 4000  # lines before the oldest are forgotten
_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """``draft`` is the provider's id, "" while it is not known; ``sent`` once the provider said so."""

    draft: str = ""
    sent: bool = False


class DraftJournal:
    """Lines of JSON, one a step, each synced; ``path`` may not exist yet. For one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._steps: dict[str, Step] | None = None
        self._lines = 0

    def get(self, message_id: str) -> Step | None:
        """The latest step of this mail; None where we never began, or it is long ago."""
        return self._load().get(_key(message_id))

    def note(self, message_id: str, step: Step) -> None:
        """On disk when it returns."""
        steps = self._load()
        key = _key(message_id)
        steps.pop(key, None)
        steps[key] = step
        with translated("the journal of drafts cannot be written"):
            make_folder(self._path.parent)
            if self._lines >= _MOST:
                self._forget_oldest(steps)
            else:
                self._append(_line(key, step))

    def _load(self) -> dict[str, Step]:
        if self._steps is not None:
            return self._steps
        steps: dict[str, Step] = {}
        with translated("the journal of drafts cannot be read"):
            try:
                lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
            except FileNotFoundError:
                lines = []
        for line in lines:
            try:
                key, draft, sent = json.loads(line)
                steps.pop(key, None)
                steps[key] = Step(str(draft), bool(sent))
            except (TypeError, ValueError):  # torn by a crash: that step was not taken
                continue
        self._steps, self._lines = steps, len(lines)
        return steps

    def _append(self, line: bytes) -> None:
        new = not self._path.exists()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_folder(self._path.parent)
        self._lines += 1

    def _forget_oldest(self, steps: dict[str, Step]) -> None:
        for key in list(steps)[:-_KEPT]:
            del steps[key]
        content = b"".join(_line(key, step) for key, step in steps.items())
        replace_file(self._path, content, self._path.with_name(f".{self._path.name}.tmp"))
        self._lines = len(steps)


class Drafts:
    """Sending a mail in two steps and finding out how far it came; ``path`` is where the steps are noted."""

    def __init__(self, path: Path) -> None:
        self._journal = DraftJournal(path)

    def send(self, mail: OutgoingMail, make: Callable[[OutgoingMail], str], submit: Callable[[str], None]) -> None:
        """``make`` gives the id of a new draft; ``submit`` sends it, and raises NotFound where it is gone."""
        folder_name(mail.recipient)  # raises Rejected for what is no address
        if any(letter.isspace() for letter in mail.recipient):
            raise Rejected("the recipient's address has a space in it")
        step = self._journal.get(mail.message_id) or Step()
        if step.sent:
            return
        draft = step.draft
        if not draft:
            draft = make(mail)
            self._journal.note(mail.message_id, Step(draft))
        try:
            submit(draft)
        except NotFound as error:
            raise Unavailable("the draft is gone: the mail may have left and is looked for", in_doubt=True) from error
        self._journal.note(mail.message_id, Step(draft, sent=True))

    def find(
        self, mail: OutgoingMail, left: Callable[[str], bool | None], among_sent: Callable[[str], bool]
    ) -> bool | None:
        """``left`` says whether that draft was sent, None where it is gone; ``among_sent`` searches by Message-ID."""
        step = self._journal.get(mail.message_id)
        if step is not None and step.sent:
            return True
        known = left(step.draft) if step is not None else None
        if known is not None:
            return known
        if among_sent(mail.message_id):
            return True
        # A draft that is gone was sent, or somebody deleted it. Without one we never came to sending.
        return None if step is not None else False


@contextmanager
def leaving() -> Iterator[None]:
    """Around the call that sends: whatever breaks off there leaves it in doubt."""
    try:
        yield
    except Unavailable as error:
        raise Unavailable(str(error), error.retry_after, in_doubt=True) from (error.__cause__ or error)


def _key(message_id: str) -> str:
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:32]


def _line(key: str, step: Step) -> bytes:
    # The line feed comes first as well, so that a torn line spoils itself only.
    return b"\n" + json.dumps([key, step.draft, step.sent]).encode() + b"\n"
