"""Calendar mail: what a text/calendar part answers or proposes."""

from __future__ import annotations

from email.message import Message

from assistant.ical.itip import Itip, read_itips
from assistant.ical.reading import BadCalendar
from assistant.inbound.message import content, content_type, walk


def read(message: Message) -> list[Itip]:
    """Empty where there is no such part, or none that can be read. All of it is the sender's claim."""
    for part in walk(message):
        if content_type(part)[0] in ("text/calendar", "application/ics"):
            try:
                return read_itips(content(part))
            except BadCalendar:
                continue
    return []
