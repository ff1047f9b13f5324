"""The embedded default, on real files."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.local import LocalCalendar, LocalMail, deliver

from assistant import registry
from assistant.domain.calendar import Attendee, BusyKind, Event, Override, Partstat, Period
from assistant.errors import CursorExpired
from assistant.ical import from_ical, to_ical
from assistant.ports import OutgoingMail
from tests.adapters.folders import FolderWorld, takes_no_secret
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarContract,
    answered,
    at,
    ics,
    weekly,
)
from tests.contract.mail_contract import MailContract, MailWorld, follow, letter, outgoing, subjects


class LocalMailWorld(MailWorld):
    refusal = None
    absence = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.restart()

    def arrive(self, raw: bytes) -> None:
        deliver(self.folder, BOT, raw)

    def inbox(self, address: str) -> list[bytes]:
        maildir = self.folder / "mail" / address
        return [path.read_bytes() for name in ("new", "cur") for path in sorted((maildir / name).glob("*"))]

    def restart(self) -> None:
        self.mail = LocalMail(folder=self.folder, address=BOT)

    def break_off(self) -> None:
        (self.folder / "mail").mkdir(exist_ok=True)
        (self.folder / "mail").rename(self.folder / "aside")
        (self.folder / "mail").write_text("in the way")

    def repair(self) -> None:
        (self.folder / "mail").unlink()
        (self.folder / "aside").rename(self.folder / "mail")

    def lock_out(self) -> None:
        """It takes no secret that could be wrong."""
        assert takes_no_secret(registry.MAIL, "local")

    def let_in(self) -> None:
        self.restart()

    def lose_mailbox(self) -> None:
        shutil.rmtree(self.folder / "mail", ignore_errors=True)

    def forgotten(self, cursor: str) -> str:
        """The clock was set back since."""
        return json.dumps(json.loads(cursor) | {"until": time.time_ns() + 86_400 * 10**9})

    def send_unheard(self, mail: OutgoingMail) -> None:
        self.mail.send(mail)

    def without_tags(self) -> None:
        self.mail = LocalMail(folder=self.folder, address=BOT, subaddress=None)


class TestLocalMail(MailContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> LocalMailWorld:
        return LocalMailWorld(tmp_path)


@pytest.fixture
def mail(tmp_path: Path) -> LocalMail:
    return LocalMail(tmp_path, BOT)


def test_a_reader_that_flags_a_mail_hides_nothing(tmp_path: Path, mail: LocalMail) -> None:
    """mutt moves what was read from new to cur: same mail, same id, still found as sent."""
    cursor = mail.fetch(None).cursor
    path = deliver(tmp_path, BOT, letter("one"))
    (before,) = follow(mail, cursor)
    path.rename(path.parent.parent / "cur" / f"{path.name}:2,S")
    assert [found.provider_id for found in follow(mail, cursor)] == [before.provider_id]
    mail.send(outgoing("prompt"))
    (sent,) = (tmp_path / "mail" / ANA / "new").iterdir()
    sent.rename(sent.parent.parent / "cur" / f"{sent.name}:2,FRS")
    assert mail.find_sent(outgoing("prompt"))
    mail.send(outgoing("prompt"))
    assert not list((tmp_path / "mail" / ANA / "new").iterdir())


def test_a_mail_with_an_old_date_is_still_new(tmp_path: Path, mail: LocalMail) -> None:
    """Copied from elsewhere with its dates kept."""
    cursor = mail.fetch(None).cursor
    path = deliver(tmp_path, BOT, letter("one"))
    os.utime(path, (1, 1))
    assert subjects(follow(mail, cursor)) == ["one"]


def test_a_half_written_delivery_is_not_seen(tmp_path: Path, mail: LocalMail) -> None:
    cursor = mail.fetch(None).cursor
    (tmp_path / "mail" / BOT / "tmp" / "half").write_bytes(b"From: ")
    (tmp_path / "mail" / BOT / "new" / "empty").touch()
    (tmp_path / "mail" / BOT / "new" / ".hidden").write_bytes(b"x")
    (tmp_path / "mail" / BOT / "new" / "folder").mkdir()
    assert list(follow(mail, cursor)) == []
    (tmp_path / "mail" / BOT / "new" / "empty").write_bytes(letter("now whole"))
    assert subjects(follow(mail, cursor)) == ["now whole"]


def test_a_crash_while_sending_leaves_nothing_half(tmp_path: Path, mail: LocalMail) -> None:
    """Killed before the rename, the mail is not sent; the repeat sends it once and takes the leftover's place."""
    mail.send(outgoing("other"))
    mail.send(outgoing("prompt"))
    (path,) = (p for p in (tmp_path / "mail" / ANA / "new").iterdir() if b"prompt" in p.read_bytes())
    leftover = path.parent.parent / "tmp" / path.name
    path.unlink()
    leftover.write_bytes(b"From: bot@te")
    assert mail.find_sent(outgoing("prompt")) is False
    mail.send(outgoing("prompt"))
    assert len(list((tmp_path / "mail" / ANA / "new").iterdir())) == 2
    assert not leftover.exists()


def test_a_clock_set_back_expires_the_cursor(mail: LocalMail) -> None:
    cursor = json.loads(mail.fetch(None).cursor)
    tomorrow = json.dumps(cursor | {"until": time.time_ns() + 86_400 * 10**9})
    with pytest.raises(CursorExpired):
        mail.fetch(tomorrow)


def test_nothing_is_lost_while_others_deliver_and_read(tmp_path: Path, mail: LocalMail) -> None:
    cursor = mail.fetch(None).cursor
    seen: set[str] = set()
    names = set()
    for number in range(120):
        path = deliver(tmp_path, BOT, letter(f"n{number}"))
        names.add(path.name)
        if number % 3 == 0:
            path.rename(path.parent.parent / "cur" / f"{path.name}:2,")
        if number % 7 == 0:
            batch = mail.fetch(cursor)
            cursor = batch.cursor
            seen |= {found.provider_id for found in batch.mails}
    seen |= {found.provider_id for found in follow(mail, cursor)}
    assert seen == names


def test_an_idle_cursor_stays_small(tmp_path: Path, mail: LocalMail) -> None:
    for number in range(50):
        deliver(tmp_path, BOT, letter(f"n{number}"))
    cursor = mail.fetch("").cursor
    assert len(cursor) < 2000


@pytest.mark.parametrize(
    ("header", "recipient"),
    [
        ("Delivered-To: bot+abc@team.example\r\nTo: bot@team.example", "bot+abc@team.example"),
        ("To: Bot <BOT+ABC@Team.Example>, ben@team.example", "bot+abc@team.example"),
        ("To: ben@team.example\r\nCc: x@y,\r\n bot+abc@team.example", "bot+abc@team.example"),
        ("To: robot+abc@team.example", None),
        ("To: bot+abc@team.example.evil.com", None),
        ("To: ben@team.example", None),
    ],
)
def test_the_recipient_comes_from_the_headers(
    tmp_path: Path, mail: LocalMail, header: str, recipient: str | None
) -> None:
    cursor = mail.fetch(None).cursor
    deliver(tmp_path, BOT, f"From: a@b\r\n{header}\r\n\r\nTo: bot+body@team.example".encode())
    (found,) = follow(mail, cursor)
    assert found.recipient == recipient


class LocalCalendarWorld(FolderWorld):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for address in (ANA, BEN):
            (folder / "calendars" / address).mkdir(parents=True)
        self.restart()

    def put(self, address: str, ics: str) -> None:
        uid = ics.partition("UID:")[2].partition("\r\n")[0]
        (self.folder / "calendars" / address / f"{uid}.ics").write_bytes(ics.encode())

    def on_calendar(self, address: str) -> list[Event]:
        folder = self.folder / "calendars" / address
        events = [event for path in sorted(folder.glob("*.ics")) for event in from_ical(path.read_bytes())]
        return [event for event in events if not event.cancelled]

    def change(self, address: str, event: Event) -> None:
        """As a client does: its own bytes, the properties that it does not know kept."""
        path = self.folder / "calendars" / address / f"{event.uid}.ics"
        extra = dict(line.split(":", 1) for line in path.read_text().splitlines() if line.startswith("X-ASSISTANT"))
        path.write_bytes(to_ical(event, now=datetime(2026, 11, 2, tzinfo=UTC), extra=extra))

    def remove(self, address: str, uid: str) -> None:
        (self.folder / "calendars" / address / f"{uid}.ics").unlink()

    def restart(self) -> None:
        self.calendar = LocalCalendar(folder=self.folder, address=BOT)

    def lock_out(self) -> None:
        """It takes no secret that could be wrong."""
        assert takes_no_secret(registry.CALENDAR, "local")


class TestLocalCalendar(CalendarContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> LocalCalendarWorld:
        return LocalCalendarWorld(tmp_path)


@pytest.fixture
def calendars(tmp_path: Path) -> LocalCalendarWorld:
    return LocalCalendarWorld(tmp_path)


def test_an_unreadable_file_is_reported_and_the_rest_goes_on(calendars: LocalCalendarWorld) -> None:
    folder = calendars.folder / "calendars" / ANA
    (folder / "torn.ics").write_text("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART")
    calendars.put(ANA, ics("UID:hostile", "DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY"))
    calendars.put(ANA, ics("UID:fine", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    calendar = LocalCalendar(calendars.folder, BOT)
    assert len(calendar.free_busy([ANA], MONTH)[ANA]) == 1
    assert {path.name for path in calendar.problems} == {"torn.ics", "hostile.ics"}
    (folder / "torn.ics").unlink()
    calendar.free_busy([ANA], MONTH)
    assert {path.name for path in calendar.problems} == {"hostile.ics"}


def test_an_unchanged_file_is_not_read_again(calendars: LocalCalendarWorld) -> None:
    """Its content could be anything: only a changed date, size or inode makes us look."""
    path = calendars.folder / "calendars" / ANA / "a.ics"
    calendars.put(ANA, ics("UID:a", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    calendar = LocalCalendar(calendars.folder, BOT)
    before, status = calendar.free_busy([ANA], MONTH), path.stat()
    with path.open("r+b") as file:
        file.write(b"X" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert calendar.free_busy([ANA], MONTH) == before
    os.utime(path)
    assert calendar.free_busy([ANA], MONTH)[ANA] == []


def test_another_period_is_read_too(calendars: LocalCalendarWorld) -> None:
    calendars.put(ANA, ics("UID:a", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z", "RRULE:FREQ=MONTHLY"))
    for year in (2027, 2026, 2031, 2027):
        period = Period(datetime(year, 12, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC))
        (block,) = calendars.calendar.free_busy([ANA], period)[ANA]
        assert block.period.start == datetime(year, 12, 5, 9, tzinfo=UTC)


def test_whole_days_are_those_of_the_owner(calendars: LocalCalendarWorld) -> None:
    calendars.put(ANA, ics("UID:a", "SUMMARY:Holiday", "DTSTART;VALUE=DATE:20261105", "DTEND;VALUE=DATE:20261107"))
    calendar = LocalCalendar(calendars.folder, BOT, zones={ANA: ZoneInfo("America/New_York")})
    (block,) = calendar.free_busy([ANA], MONTH)[ANA]
    assert block.kind is BusyKind.AWAY
    assert block.period == Period(datetime(2026, 11, 5, 5, tzinfo=UTC), datetime(2026, 11, 7, 5, tzinfo=UTC))
    calendar.zones = {ANA: ZoneInfo("Asia/Tokyo")}
    (block,) = calendar.free_busy([ANA], MONTH)[ANA]
    assert block.period.start == datetime(2026, 11, 4, 15, tzinfo=UTC)


def test_a_crash_between_the_copies_is_completed(calendars: LocalCalendarWorld) -> None:
    """The organiser's copy is the last to be written: without it, the repeat writes what is missing."""
    calendars.calendar.upsert(weekly(), None)
    calendars.remove(BOT, weekly().uid)
    calendars.remove(BEN, weekly().uid)
    (calendars.folder / "calendars" / BEN / f".{weekly().uid}.ics.tmp").write_text("BEGIN:VCAL")
    calendars.restart()
    calendars.calendar.upsert(weekly(), None)
    assert [len(calendars.on_calendar(address)) for address in (BOT, ANA, BEN)] == [1, 1, 1]


def test_a_crash_between_the_copies_looks_like_nobody_s_act(calendars: LocalCalendarWorld) -> None:
    ref = calendars.calendar.upsert(weekly(), None)
    old = (calendars.folder / "calendars" / BOT / f"{weekly().uid}.ics").read_bytes()
    cursor = calendars.calendar.changes(None).cursor
    calendars.calendar.upsert(replace(weekly(), start=at(4, 11), rrule="FREQ=WEEKLY", sequence=1), ref)
    (calendars.folder / "calendars" / BOT / f"{weekly().uid}.ics").write_bytes(old)
    assert list(calendars.calendar.changes(cursor).changes) == []


def test_a_file_that_became_unreadable_is_no_refusal(calendars: LocalCalendarWorld) -> None:
    ref = calendars.calendar.upsert(weekly(), None)
    cursor = calendars.calendar.changes(None).cursor
    path = calendars.folder / "calendars" / ANA / f"{weekly().uid}.ics"
    whole = path.read_bytes()
    path.write_bytes(whole[:300])
    batch = calendars.calendar.changes(cursor)
    assert list(batch.changes) == []
    path.unlink()
    assert len(calendars.calendar.changes(batch.cursor).changes) == 1
    path.write_bytes(whole[:300])
    calendars.calendar.upsert(replace(weekly(), description="new"), ref)
    (event,) = calendars.on_calendar(ANA)
    assert event.attendees[0].partstat is Partstat.NEEDS_ACTION


def test_somebody_moves_it_in_the_assistant_s_own_calendar(calendars: LocalCalendarWorld) -> None:
    calendars.calendar.upsert(weekly(), None)
    cursor = calendars.calendar.changes(None).cursor
    (event,) = calendars.on_calendar(BOT)
    calendars.change(BOT, event.with_override(Override(at(10, 10), at(12, 9), HALF_HOUR)))
    (change,) = calendars.calendar.changes(cursor).changes
    assert (change.by, change.moved) == (BOT, {at(10, 10): at(12, 9)})


def test_a_client_that_renames_the_file_makes_no_second_event(calendars: LocalCalendarWorld) -> None:
    ref = calendars.calendar.upsert(weekly(), None)
    path = calendars.folder / "calendars" / ANA / f"{weekly().uid}.ics"
    path.rename(path.with_name("7f3a.ics"))
    calendars.calendar.upsert(replace(weekly(), summary="new"), ref)
    (event,) = calendars.on_calendar(ANA)
    assert event.summary == "new"


def test_an_invented_uid_stays_in_its_folder(calendars: LocalCalendarWorld) -> None:
    for uid in ("../../evil", "/etc/passwd", "x" * 500, "a\nb", ".hidden", "ü b/c"):
        calendars.calendar.upsert(weekly(uid), None)
    files = [path for path in calendars.folder.rglob("*") if path.is_file()]
    assert len(files) == 6 * 3
    assert {path.parent.parent.name for path in files} == {"calendars"}


def test_tagged_and_capital_addresses_share_a_folder(calendars: LocalCalendarWorld) -> None:
    event = replace(weekly(), attendees=(Attendee("Ana+work@Team.Example", "Ana"),))
    calendars.calendar.upsert(event, None)
    assert len(calendars.on_calendar(ANA)) == 1
    assert list(calendars.calendar.free_busy(["ANA@team.example"], MONTH)) == ["ANA@team.example"]


def test_a_declined_attendee_does_not_come_back_by_a_repeat(calendars: LocalCalendarWorld) -> None:
    ref = calendars.calendar.upsert(answered(weekly(), BEN, Partstat.ACCEPTED), None)
    calendars.remove(BEN, weekly().uid)
    ref = calendars.calendar.upsert(weekly(), ref)
    calendars.calendar.upsert(replace(weekly(), summary="again"), ref)
    assert calendars.on_calendar(BEN) == []
