"""Invitations and answers as mails (RFC 6047)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

import icalendar

from tests.journeys.providers.people import Answered, attendee_of


def calendar_in(raw: bytes) -> icalendar.Calendar | None:
    """The calendar that a mail carries, with its METHOD."""
    if b"text/calendar" not in raw:
        return None
    for part in message_from_bytes(raw, policy=policy.default).walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True)
            found = icalendar.Calendar.from_ical(bytes(content) if isinstance(content, bytes) else b"")
            return found if isinstance(found, icalendar.Calendar) else None
    return None


def reply(answered: Answered, organizer: str, now: datetime) -> bytes:
    """What the program of somebody invited sends to the organizer."""
    event = icalendar.Event.from_ical(answered.event.to_ical())
    own = attendee_of(answered.event, answered.address)
    for name in ("ATTENDEE", "RRULE", "EXDATE", "DTSTAMP"):
        event.pop(name, None)
    event["ORGANIZER"] = icalendar.vCalAddress(f"mailto:{organizer}")
    event.add("ATTENDEE", own)
    event.add("DTSTAMP", now)
    calendar = icalendar.Calendar()
    for name, value in (("VERSION", "2.0"), ("PRODID", "-//somebody//EN"), ("METHOD", "REPLY")):
        calendar.add(name, value)
    calendar.add_component(event)
    subject = f"{answered.said.title()}: {event['SUMMARY']}"
    return mail(answered.address, organizer, subject, calendar.to_ical(), now)


def mail(sender: str, recipient: str, subject: str, content: bytes, now: datetime) -> bytes:
    """One that carries a calendar."""
    written = EmailMessage(policy=policy.SMTP)
    written["From"], written["To"], written["Subject"] = sender, recipient, subject
    written["Date"] = format_datetime(now)
    seed = b"|".join([sender.encode(), recipient.encode(), now.isoformat().encode(), content])
    written["Message-ID"] = f"<{hashlib.sha256(seed).hexdigest()[:24]}@{sender.partition('@')[2]}>"
    written.set_content(f"{subject}\n")
    method = str(icalendar.Calendar.from_ical(content)["METHOD"])
    written.add_alternative(content, "text", "calendar", params={"method": method})
    return written.as_bytes()
