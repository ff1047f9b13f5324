"""Google Workspace and Gmail, under the names that the configuration uses."""

from __future__ import annotations

from .google_calendar import GoogleCalendar
from .google_mail import GoogleMail

__all__ = ["GoogleCalendar", "GoogleMail"]
