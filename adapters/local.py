"""The embedded default: mail and calendars as plain files in the data folder, no server."""

from __future__ import annotations

from .maildir import LocalMail, deliver
from .vdir import LocalCalendar

__all__ = ["LocalCalendar", "LocalMail", "deliver"]
