"""Calendars by mail: the adapter with people's calendar programs around it, and the mails that a day brings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.imip import ImipCalendar
from assistant.adapters.maildir import deliver

from assistant import config, loops
from assistant.domain import series as rules
from assistant.domain.calendar import Busy, BusyKind, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.ical import from_ical, read_itip
from assistant.ical.freebusy import without
from assistant.ical.itip import write_itip
from assistant.ports import FetchedMail, MailBatch
from assistant.store import inbox, trail
from assistant.store import meetings as meeting_store
from assistant.wiring import House, open_house
from tests.adapters.imip_world import NOW, ImipWorld, answering_mail, reply
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarContract,
    at,
    ics,
    weekly,
)
from tests.servers.pages import Page, Pages, pages


@pytest.fixture
def site() -> Iterator[Pages]:
    with pages() as made:
        yield made


class TestImip(CalendarContract):
    @pytest.fixture
    def world(self, tmp_path: Path, site: Pages) -> ImipWorld:
        return ImipWorld(tmp_path, site)


def test_a_published_file_is_fetched_again_only_when_it_changed(tmp_path: Path, site: Pages) -> None:
    world = ImipWorld(tmp_path, site)
    world.put(ANA, ics("UID:a", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    first = world.calendar.free_busy([ANA], MONTH)
    assert world.calendar.free_busy([ANA], MONTH) == first
    assert [status for _, _, status in site.asked] == [200, 304]
    world.put(ANA, ics("UID:b", "DTSTART:20261106T090000Z", "DTEND:20261106T100000Z"))
    assert len(world.calendar.free_busy([ANA], MONTH)[ANA]) == 2


FREE_BUSY = b"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VFREEBUSY
FREEBUSY;FBTYPE=BUSY:20261103T090000Z/20261103T110000Z,20261104T090000Z/PT1H
FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261105T090000Z/PT30M
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261106T000000Z/P1D
FREEBUSY;FBTYPE=FREE:20261109T000000Z/P1D
END:VFREEBUSY
END:VCALENDAR
"""


def test_published_free_busy_is_read_and_our_own_meeting_taken_out(tmp_path: Path, site: Pages) -> None:
    world = ImipWorld(tmp_path, site)
    world.calendar.upsert(weekly(), None)  # Tuesdays at 9:00 UTC for half an hour
    site.pages[f"/{ANA}.ics"] = Page(FREE_BUSY)
    busy = world.calendar.free_busy([ANA], MONTH, ignoring={weekly().uid})[ANA]
    assert [(block.period.start.isoformat()[5:16], block.kind) for block in busy] == [
        ("11-03T09:30", BusyKind.BUSY),
        ("11-04T09:00", BusyKind.BUSY),
        ("11-05T09:00", BusyKind.TENTATIVE),
        ("11-06T00:00", BusyKind.AWAY),
    ]


@pytest.mark.parametrize(
    "page",
    [
        Page(status=404),
        Page(status=503),
        Page(b"<html>sign in</html>"),
        Page(status=302, headers={"Location": "http://localhost:1/x"}),
        Page(
            FREE_BUSY.replace(b"BEGIN:VFREEBUSY", b"BEGIN:VFREEBUSY\nDTSTART:20260801T000000Z\nDTEND:20261001T080000Z")
        ),
        Page(b"BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nFREEBUSY:soon\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"),
    ],
)
def test_who_publishes_nothing_readable_is_unknown(tmp_path: Path, site: Pages, page: Page) -> None:
    world = ImipWorld(tmp_path, site)
    site.pages[f"/{ANA}.ics"] = page
    assert list(world.calendar.free_busy([ANA, BEN], MONTH)) == [BEN]
    assert list(world.calendar.problems) == [f"busy times of {ANA}"]
    assert "ics" not in str(world.calendar.problems)


def test_the_address_may_be_a_pattern(tmp_path: Path, site: Pages) -> None:
    site.pages["/ana"] = Page(FREE_BUSY)
    calendar = ImipCalendar(tmp_path, BOT, free_busy=f"{site.url}{{user}}")
    assert list(calendar.free_busy([ANA, BEN], MONTH)) == [ANA]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Accra", "Asia/Seoul"]
)
@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;INTERVAL=2"])
def test_an_invitation_recurs_at_the_same_instants(zone: str, rule: str) -> None:
    """Over the next two clock changes; what was skipped is left out, what was moved is moved."""
    start = datetime(2026, 11, 3, 10, tzinfo=ZoneInfo(zone))
    event = replace(weekly(), start=start, rrule=rule)
    year = Period(start.astimezone(UTC), start.astimezone(UTC) + timedelta(days=370))
    second, third = (each.recurrence_id for each in occurrences(event, year)[1:3])
    event = event.with_override(Override(second, second, HALF_HOUR, cancelled=True))
    event = event.with_override(Override(third, third + timedelta(hours=3), HALF_HOUR))
    (read_back,) = from_ical(write_itip(event, "REQUEST", NOW))
    assert [each.period for each in occurrences(read_back, year)] == [each.period for each in occurrences(event, year)]
    assert read_back.sequence == event.sequence


# The mails of a day

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
series:
  - {kind: one-on-one, managers: all, every: week, at: "Tue 14:00", length: 30 min}
"""
ADA, MIA, SAM = "ada@example.com", "mia@example.com", "sam@example.com"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Day:
    """A house on local mail with calendars by mail alone."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.now = MONDAY
        self.plug_in()

    def plug_in(self) -> None:
        self.house.calendars = {"main": ImipCalendar(self.house.config.data, ADA)}

    def go(self, hours: float = 1) -> None:
        self.now += timedelta(hours=hours)
        loops.everything(self.house, self.now, lambda _place: nullcontext())

    def invitations(self, address: str) -> list[EmailMessage]:
        folder = self.house.config.data / "mail" / address
        mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sorted(folder.glob("*/*"))]
        found = [mail for mail in mails if mail["X-Assistant-Kind"] == "invitation"]
        return sorted(found, key=lambda mail: str(mail["Date"].datetime))

    def parts(self, address: str) -> list[bytes]:
        return [calendar_part(mail) for mail in self.invitations(address)]

    def answer(self, address: str, part: bytes) -> None:
        deliver(self.house.config.data, ADA, answering_mail(address, ADA, self.now, part))


def calendar_part(mail: EmailMessage) -> bytes:
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert f"METHOD:{part.get_param('method')}".encode() in raw
    return raw


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with open_house(config.load(tmp_path / "config.yaml"), MONDAY) as house:
        yield Day(house)


def test_each_is_invited_once(day: Day) -> None:
    """Whatever is looked at again, and however often."""
    for _ in range(5):
        day.go()
    for address in (MIA, SAM):
        (part,) = day.parts(address)
        itip = read_itip(part)
        assert (itip.method, itip.sequence, itip.organizer) == ("REQUEST", 0, ADA)
        assert b"BEGIN:VTIMEZONE" in part
    (mail,) = day.invitations(SAM)
    assert mail["Subject"].startswith("Invitation: ")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]


def test_a_crash_between_calendar_and_mail_invites_nobody_twice(day: Day) -> None:
    """The wish is done again; the mails know that they were written."""
    day.go()
    day.house.db.execute("UPDATE calendar_outbox SET state = 'claimed'")
    day.go()
    assert [len(day.invitations(address)) for address in (MIA, SAM)] == [1, 1]


def test_a_reply_by_mail_is_an_answer(day: Day) -> None:
    day.go()
    (part,) = day.parts(SAM)
    (event,) = from_ical(part)
    day.answer(SAM, reply(event, SAM, Partstat.ACCEPTED))
    day.go()
    assert meeting_store.answers(day.house.db, event.uid, None) == {SAM: Partstat.ACCEPTED}
    assert len(day.invitations(SAM)) == 1


def test_who_knows_the_series_and_both_addresses_alone_cannot_answer_for_somebody(day: Day) -> None:
    """What the configuration calls the series is no secret; the UID that those invited have is."""
    day.go()
    (event,) = from_ical(day.parts(SAM)[0])
    (name,) = [series.name for series in day.house.desk.setup.series]
    guesses = [name, hashlib.sha256(name.encode()).hexdigest()[:40], rules.uid(name, ADA, b"").partition("@")[0]]
    assert event.uid.partition("@")[0] not in guesses
    for guess in guesses:
        day.answer(SAM, reply(replace(event, uid=f"{guess}@example.com"), SAM, Partstat.DECLINED))
    day.go()
    assert meeting_store.answers(day.house.db, event.uid, None) == {}
    assert trail.troubles(day.house.db) == []


def test_an_answer_that_our_own_server_disowns_has_no_effect_and_is_told(day: Day) -> None:
    """Somebody to whom the invitation was forwarded knows its UID, but cannot pass for its owner at the server."""
    day.go()
    (event,) = from_ical(day.parts(SAM)[0])
    forged = answering_mail(SAM, ADA, day.now, reply(event, SAM, Partstat.DECLINED))
    cursor = inbox.cursor(day.house.db, "mail:main") or ""
    inbox.store_batch(day.house.db, day.now, "main", MailBatch([FetchedMail("forged", forged, None, "")], cursor))
    day.go()
    assert meeting_store.answers(day.house.db, event.uid, None) == {}
    (told,) = trail.troubles(day.house.db)
    assert SAM in told.message and "somebody else sent it" in told.message


def test_an_event_keeps_the_uid_that_an_older_version_gave_it(day: Day, tmp_path: Path) -> None:
    """A series that goes to another time stays the same event on everybody's calendar."""
    day.go()
    (event,) = from_ical(day.parts(SAM)[0])
    for table in ("placements", "calendar_outbox"):
        day.house.db.execute(f"UPDATE {table} SET uid = 'old@example.com'")
    day.house.db.execute(
        "UPDATE outbox SET key = replace(key, ?, 'old@example.com'), thread = 'invitation old@example.com'", [event.uid]
    )
    (tmp_path / "config.yaml").write_text(CONFIG.replace("Tue 14:00", "Wed 15:00"), encoding="utf-8")
    day.house.adopt(config.load(tmp_path / "config.yaml"), day.now)
    day.plug_in()
    for _ in range(3):
        day.go()
    assert [from_ical(part)[0].uid for part in day.parts(SAM)[1:]] == ["old@example.com"]


def test_a_counter_proposal_moves_it_and_everybody_is_told_once(day: Day) -> None:
    day.go()
    (part,) = day.parts(SAM)
    (event,) = from_ical(part)
    first = occurrences(event, Period(day.now + timedelta(days=6), day.now + timedelta(days=30)))[0]
    new = first.start + timedelta(hours=1)
    day.answer(SAM, reply(event, SAM, Partstat.TENTATIVE, first.recurrence_id, counter=new))
    for _ in range(3):
        day.go()
    for address in (MIA, SAM):
        before, after = (from_ical(raw)[0] for raw in day.parts(address))
        assert after.uid == before.uid
        assert after.sequence == before.sequence + 1
        assert [(o.recurrence_id, o.start) for o in after.overrides] == [(first.recurrence_id, new)]


def test_who_is_no_longer_wanted_is_told(day: Day, tmp_path: Path) -> None:
    """The series is dropped from the configuration."""
    day.go()
    (tmp_path / "config.yaml").write_text(CONFIG.partition("series:")[0], encoding="utf-8")
    day.house.adopt(config.load(tmp_path / "config.yaml"), day.now)
    day.plug_in()
    for _ in range(3):
        day.go()
    for address in (MIA, SAM):
        request, cancel = (read_itip(raw) for raw in day.parts(address))
        assert (cancel.method, cancel.uid) == ("CANCEL", request.uid)
        assert cancel.sequence > request.sequence
    assert day.invitations(SAM)[1]["Subject"].startswith("Cancelled: ")


def test_busy_blocks_are_cut_not_dropped() -> None:
    """Our own half hour inside a longer block leaves what is before and after it."""
    block = Busy(Period(at(3, 9), at(3, 12)))
    left = without([block], [Period(at(3, 10), at(3, 11))])
    assert left == [Busy(Period(at(3, 9), at(3, 10))), Busy(Period(at(3, 11), at(3, 12)))]
