"""How values stand in the store: instants, days and JSON as text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any


def instant(value: datetime) -> str:
    """``2026-11-24T08:00:00Z``. Sub-seconds are dropped."""
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return utc.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def optional_instant(value: datetime | None) -> str | None:
    return None if value is None else instant(value)


def read_instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def read_optional_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encode)


def _encode(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not go into the store")


def loads(text: str) -> Any:
    return json.loads(text)
