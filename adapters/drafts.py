"""What is known of mails that are handed over in two steps, a draft first: the one thing worth a note of our own.

The id of a draft is on disk before the draft is sent. After a crash or a lost answer the draft is still there, so the
mail did not leave, or it is gone, so it did. No index of the provider has to have caught up for that.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from .files import make_folder, replace_file, sync_folder, translated

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


def _key(message_id: str) -> str:
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:32]


def _line(key: str, step: Step) -> bytes:
    # The line feed comes first as well, so that a torn line spoils itself only.
    return b"\n" + json.dumps([key, step.draft, step.sent]).encode() + b"\n"
