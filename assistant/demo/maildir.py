"""Maildirs as a mail program of the demo's people uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def box(folder: Path, address: str) -> Path:
    """The Maildir of an address in the data folder, made where it is missing."""
    root = folder / "mail" / address
    for part in ("tmp", "new", "cur"):
        (root / part).mkdir(parents=True, exist_ok=True)
    return root


def take_new(folder: Path, address: str) -> Iterator[bytes]:
    """The mails in ``new`` by name, each moved to ``cur`` as seen."""
    root = box(folder, address)
    for path in sorted((root / "new").iterdir()):
        raw = path.read_bytes()
        path.rename(root / "cur" / f"{path.name}:2,S")
        yield raw
