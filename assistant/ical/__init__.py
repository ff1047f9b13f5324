"""Event <-> iCalendar (RFC 5545), calendar mail (RFC 5546) and free/busy from real files. Pure."""

from assistant.ical.busy import busy
from assistant.ical.events import from_ical
from assistant.ical.itip import Itip, read_itip, read_itips
from assistant.ical.reading import BadCalendar
from assistant.ical.writing import to_ical

__all__ = ["BadCalendar", "Itip", "busy", "from_ical", "read_itip", "read_itips", "to_ical"]
