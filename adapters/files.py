"""Writing files so that a crash leaves the old or the new one, and an address as a folder name."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import Rejected, Unavailable

_NAME_MAX = 200
_LATER = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EBUSY, errno.ESTALE}


def folder_name(address: str) -> str:
    """The address lower case and without tag. Raises Rejected where it cannot name a folder."""
    local, _, domain = address.strip().lower().rpartition("@")
    name = f"{local.partition('+')[0]}@{domain}"
    hostile = any(letter in "/\\\0" or unicodedata.category(letter)[0] in "CZ" for letter in name)
    if not local or not domain or hostile or name.startswith((".", "@")) or len(name.encode()) > _NAME_MAX:
        raise Rejected("an address cannot be a folder name: it needs a local part, @ and a domain, without slashes")
    return name


def replace_file(path: Path, content: bytes, tmp: Path) -> None:
    """Write ``tmp``, sync it, rename it to ``path``, sync the folder. Both must be on one file system."""
    descriptor = os.open(tmp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    tmp.replace(path)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Create it with its parents, each entry synced; readable by its owner only."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Errors of the file system as ours: all may pass, once somebody has seen to disk, rights or path."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown error"
        remedy = "it is tried again" if error.errno in _LATER else "check the folder's owner and rights"
        raise Unavailable(f"{what}: {reason} ({error.filename or 'no path'}); {remedy}") from error
