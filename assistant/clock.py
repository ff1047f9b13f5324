"""The only reader of the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Aware UTC, whole seconds: what the store can hold."""
    return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - this is the one place
