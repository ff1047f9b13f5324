"""A team on two systems, and one of it by mail alone: one assistant, one event a meeting, one way to each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import pytest
from assistant.adapters.maildir import deliver

from assistant.domain.calendar import Event, Partstat
from assistant.errors import Unavailable
from assistant.store import calendar as calendar_store
from assistant.store import meetings as store
from assistant.store.meetings import MeetingState, Placement
from tests.journeys.office import Letter, Office, utc

MIA, SAM, ANA, LEE = (f"{name}@example.com" for name in ("mia", "sam", "ana", "lee"))
NORTH, SOUTH = "ada@example.com", "ada@south.example"
REVIEW = "review.product-review"

CONFIG = """
assistant: {{name: Ada, address: ada@example.com, operator: mia@example.com}}
accounts:
  north: {{mail: local, calendar: local}}
  south-mail: {{mail: local, address: ada@south.example}}
  south: {{calendar: local, address: ada@south.example, folder: {south}}}
defaults: {{zone: Europe/Berlin}}
people:
  - {{name: Mia Chen, email: mia@example.com, team: product, manager: none}}
  - {{name: Sam Osei, email: sam@example.com, team: product}}
  - {{name: Ana Ruiz, email: ana@example.com, teams: [product, design]}}
  - {{name: Lee Park, email: lee@example.com, team: product, calendar: mail}}
teams:
  product: {{lead: {lead}}}
  design: {{calendar: {home}, mail: south-mail}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
series:
  - {{kind: one-on-one, managers: all, every: week, at: "Wed 11:00"}}
  - {{kind: review, name: Product review, team: product, every: week, at: "Thu 14:00", length: 60 min}}
"""


class Both(Office):
    """With the calendars of the south in a folder of their own."""

    @property
    def south(self) -> Path:
        return self.folder / "south"

    def configuration(self, lead: str = "Mia", home: str = "south") -> str:
        return CONFIG.format(south=self.south, lead=lead, home=home)

    def lives_in_the_south(self, address: str) -> dict[str, Any]:
        """Every file of somebody's calendar there, by UID."""
        folder = self.south / "calendars" / address
        read = (icalendar.Calendar.from_ical(path.read_bytes()) for path in sorted(folder.glob("*.ics")))
        return {str(each.walk("VEVENT")[0]["UID"]): each for each in read}

    def placement(self, series: str = REVIEW) -> Placement:
        found = store.placement(self.house.db, series)
        assert found is not None
        return found

    def wanted(self, series: str = REVIEW) -> Event:
        event = calendar_store.wanted(self.house.db, self.placement(series).uid)
        assert event is not None
        return event

    def invitations(self, who: str, method: str) -> list[tuple[str, Letter]]:
        """UID and mail."""
        found = []
        for letter in self.inbox(who, "invitation"):
            (part,) = [part for part in letter.mail.walk() if part.get_content_type() == "text/calendar"]
            if part.get_param("method") == method:
                read: Any = icalendar.Calendar.from_ical(part.get_content())
                found.append((str(read.walk("VEVENT")[0]["UID"]), letter))
        return found

    def answer(self, who: str, uid: str, partstat: str, *, to: str) -> None:
        self._written += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = who, to, f"{partstat.title()}"
        mail["Message-ID"] = f"<{self._written}@client.example>"
        lines = (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid}",
            f"DTSTAMP:{self.now:%Y%m%dT%H%M%SZ}", "DTSTART:20261203T130000Z",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}", "END:VEVENT", "END:VCALENDAR", "",
        )  # fmt: skip
        mail.set_content("\r\n".join(lines), "calendar", params={"method": "REPLY"})
        deliver(self.data, to, mail.as_bytes(), f"{self._written:06}")
        self.tick()

    def answers(self, series: str = REVIEW) -> dict[str, Partstat]:
        return store.answers(self.house.db, self.placement(series).uid, None)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    made = Both(tmp_path, utc("2026-11-22 12:00"))
    for who, folder in ((MIA, tmp_path / "data"), (SAM, tmp_path / "data"), (ANA, tmp_path / "south")):
        (folder / "calendars" / who).mkdir(parents=True)
    (tmp_path / "config.yaml").write_text(made.configuration(), encoding="utf-8")
    made.open()
    made.tick()
    yield made
    made.close()


def test_a_series_is_one_event_on_the_calendar_of_who_leads_it_and_reaches_each_in_one_way(both: Both) -> None:
    uid = both.placement().uid
    assert set(both.calendar(NORTH)) == set(both.calendar(MIA)) and uid in both.calendar(SAM)
    assert both.lives_in_the_south(SOUTH) == {} and both.lives_in_the_south(ANA) == {}
    assert not (both.data / "calendars" / ANA).exists() and not (both.data / "calendars" / LEE).exists()
    both.until(utc("2026-11-23 09:00"))
    for who in (ANA, LEE):
        told = Counter(of for of, _ in both.invitations(who, "REQUEST"))
        assert told == {uid: 1, both.placement(f"one-on-one.{MIA}.{who}").uid: 1}
    assert both.inbox(MIA, "invitation") == both.inbox(SAM, "invitation") == []


def test_each_is_written_to_through_their_own_account_and_their_replies_are_understood(both: Both) -> None:
    both.until(utc("2026-11-23 08:30"))
    for who, own in ((MIA, NORTH), (ANA, SOUTH), (LEE, NORTH)):
        asked = both.last(who, "check-in")
        assert own in str(asked.mail["From"])
        local, _, domain = own.partition("@")
        tagged = str(asked.mail["Reply-To"])
        assert f"{local}+" in tagged and f"@{domain}" in tagged
        assert str(asked.mail["Message-ID"]).endswith(f"@{domain}>")
    asked = both.last(ANA, "check-in")
    deliver(both.data, SOUTH, both.reply_bytes(asked, "1. Design\n2. More of it\n3. none"), "reply")
    both.tick()
    assert both.rows("SELECT p.state FROM prompts p WHERE p.person = ? AND kind = 'check-in'", ANA) == [("answered",)]
    accounts = dict(both.rows("SELECT person, group_concat(DISTINCT account) FROM outbox GROUP BY person"))
    assert accounts == {MIA: "north", SAM: "north", ANA: "north,south-mail", LEE: "north"}
    asked_as = {str(letter.mail["From"]) for _, letter in both.invitations(ANA, "REQUEST")}
    assert asked_as == {"Ada <ada@example.com>"}, "an invitation comes from its organiser"


def test_a_mail_to_two_of_our_addresses_is_answered_once(both: Both) -> None:
    both.until(utc("2026-11-23 08:30"))
    for number, address in enumerate((NORTH, SOUTH)):
        raw = f"Received: at {address}\nFrom: {SAM}\nTo: {NORTH}, {SOUTH}\nMessage-ID: <one@client.example>\n\nhelp\n"
        deliver(both.data, address, raw.encode(), f"two{number}")
    both.tick()
    assert len(both.inbox(SAM, "help")) == 1
    assert both.rows("SELECT state FROM inbound ORDER BY id") == [("applied",), ("ignored",)]
    assert not both.rows("SELECT * FROM problems")


def test_busy_times_come_from_each_ones_own_system(tmp_path: Path) -> None:
    made = Both(tmp_path, utc("2026-11-22 12:00"))
    (tmp_path / "config.yaml").write_text(made.configuration(), encoding="utf-8")
    folder = tmp_path / "south" / "calendars" / ANA
    for week in range(7):
        start = utc("2026-11-26 12:30") + week * timedelta(days=7)
        made_by_ana = ["UID:x", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{start + timedelta(hours=2):%Y%m%dT%H%M%SZ}"]
        head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "DTSTAMP:20261101T000000Z", "SUMMARY:x"]
        text = "\r\n".join([*head, *made_by_ana, "END:VEVENT", "END:VCALENDAR", ""]).replace("UID:x", f"UID:x{week}")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{week}.ics").write_text(text, encoding="utf-8")
    made.open()
    made.tick()
    assert made.placement().start.strftime("%a %H:%M") != "Thu 14:00"
    assert made.placement().unchecked, "nobody knows when Lee is free"
    assert made.placement(f"one-on-one.{MIA}.{SAM}").unchecked
    made.close()


def test_who_is_by_mail_answers_by_mail_and_only_for_themselves(both: Both) -> None:
    uid = both.placement().uid
    both.answer(LEE, uid, "ACCEPTED", to=NORTH)
    assert both.answers() == {LEE: Partstat.ACCEPTED}
    both.answer("eve@example.org", uid, "DECLINED", to=NORTH)
    assert both.answers() == {LEE: Partstat.ACCEPTED}


def test_a_series_whose_lead_is_elsewhere_moves_there_and_nobody_ever_has_two(both: Both) -> None:
    old, start = both.placement().uid, both.placement().start
    both.reconfigure(both.configuration(lead="Ana"))
    both.tick()
    new = both.placement().uid
    assert (both.placement().start, new != old) == (start, True)
    assert old not in both.calendar(MIA) and old not in both.calendar(SAM)
    assert new in both.lives_in_the_south(SOUTH) and new in both.lives_in_the_south(ANA)
    both.until(utc("2026-11-23 09:00"))
    for who in (LEE, ANA):
        assert old in {uid for uid, _ in both.invitations(who, "CANCEL")}
    for who in (MIA, SAM, LEE):
        (came,) = [letter for uid, letter in both.invitations(who, "REQUEST") if uid == new]
        assert "ada@south.example" in str(came.mail["From"])
    assert new not in {uid for uid, _ in both.invitations(ANA, "REQUEST")}
    both.answer(SAM, new, "ACCEPTED", to=SOUTH)
    assert both.answers()[SAM] is Partstat.ACCEPTED
    both.reconfigure(both.configuration())
    both.tick()
    assert both.placement().uid == old and old in both.calendar(MIA)
    assert new not in both.lives_in_the_south(ANA)
    shown = both.rows("SELECT uid FROM calendar_outbox WHERE series = ? AND NOT event ->> '$.cancelled'", REVIEW)
    assert shown == [(old,)]


def test_the_new_event_waits_until_the_old_one_is_off(both: Both) -> None:
    old = both.placement().uid
    north = both.house.calendars["north"]
    cancel, north.cancel = north.cancel, _down  # type: ignore[method-assign, assignment]  # it is down
    both.reconfigure(both.configuration(lead="Ana"))
    both.house.calendars["north"].cancel = _down  # type: ignore[method-assign, assignment]  # it is down
    both.tick()
    new = both.placement().uid
    assert old in both.calendar(MIA) and new not in both.lives_in_the_south(SOUTH)
    both.house.calendars["north"].cancel = cancel  # type: ignore[method-assign]  # it is back
    both.until(both.now + timedelta(hours=2))
    assert old not in both.calendar(MIA) and new in both.lives_in_the_south(SOUTH)


def _down(*_: object) -> None:
    raise Unavailable("it cannot be reached")


def test_an_account_that_cannot_be_read_holds_up_only_the_meetings_of_its_people(tmp_path: Path) -> None:
    made = Both(tmp_path, utc("2026-11-22 12:00"))
    (tmp_path / "config.yaml").write_text(made.configuration(), encoding="utf-8")
    made.open()
    south = made.house.calendars["south"]
    free_busy, south.free_busy = south.free_busy, _down  # type: ignore[method-assign, assignment]  # it is down
    with pytest.raises(Unavailable):
        made.tick()
    made.tick()
    assert set(store.placements(made.house.db)) == {f"one-on-one.{MIA}.{SAM}", f"one-on-one.{MIA}.{LEE}"}
    south.free_busy = free_busy  # type: ignore[method-assign]  # it is back
    made.until(made.now + timedelta(hours=2))
    assert set(store.placements(made.house.db)) == {
        REVIEW, *(f"one-on-one.{MIA}.{who}" for who in (SAM, ANA, LEE)),
    }  # fmt: skip
    made.close()


def test_an_account_with_a_new_name_keeps_its_events(both: Both) -> None:
    uids = {placement.uid for placement in store.placements(both.house.db).values()}
    files = {path.name: path.read_bytes() for path in (both.data / "calendars" / MIA).glob("*.ics")}
    both.reconfigure(both.configuration().replace("north:", "oslo:"))
    both.tick()
    assert {placement.uid for placement in store.placements(both.house.db).values()} == uids
    assert {path.name: path.read_bytes() for path in (both.data / "calendars" / MIA).glob("*.ics")} == files
    assert both.rows("SELECT DISTINCT account FROM calendar_outbox") == [("oslo",)]


def test_what_is_moved_or_taken_out_in_the_assistants_own_calendar_is_followed(both: Both) -> None:
    both.until(both.now + timedelta(hours=2))
    first, second = [m for m in store.since(both.house.db, both.now)[REVIEW] if m.state is MeetingState.PLANNED][:2]
    there = next((both.data / "calendars" / NORTH).glob(f"{both.placement().uid.partition('@')[0]}*.ics"))
    text = there.read_bytes().decode()
    zone = both.placement().zone
    original = first.original_start.astimezone(zone)
    moved = original + timedelta(hours=1)
    at = f"{zone.key}:{original:%Y%m%dT%H%M%S}"
    override = "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{both.placement().uid}", "DTSTAMP:20261122T120000Z", f"RECURRENCE-ID;TZID={at}",
         f"DTSTART;TZID={zone.key}:{moved:%Y%m%dT%H%M%S}",
         f"DTEND;TZID={zone.key}:{moved + timedelta(hours=1):%Y%m%dT%H%M%S}", "SUMMARY:Product review", "SEQUENCE:7",
         f"ORGANIZER:mailto:{NORTH}", "END:VEVENT", ""]
    )  # fmt: skip
    gone = f"EXDATE;TZID={zone.key}:{second.original_start.astimezone(zone):%Y%m%dT%H%M%S}\r\n"
    text = text.replace("END:VEVENT\r\n", f"{gone}END:VEVENT\r\n{override}", 1)
    there.write_bytes(text.encode())
    both.until(both.now + timedelta(hours=2))
    rows = {row.key: row for row in store.since(both.house.db, both.now)[REVIEW]}
    assert rows[first.key].start == moved.astimezone(UTC)
    assert rows[second.key].state is MeetingState.SKIPPED
    shown = [
        start for start, _, title in both.meetings(SAM, both.now, both.now + timedelta(days=21)) if "review" in title
    ]
    assert moved.astimezone(UTC) in shown and second.start not in shown
    revision = both.rows("SELECT revision FROM calendar_outbox WHERE series = ?", REVIEW)
    both.until(both.now + timedelta(hours=5))
    assert both.rows("SELECT revision FROM calendar_outbox WHERE series = ?", REVIEW) == revision, "no echo"


def test_a_series_deleted_in_the_assistants_own_calendar_is_written_again(both: Both) -> None:
    uid = both.placement().uid
    both.until(both.now + timedelta(hours=2))
    for path in (both.data / "calendars" / NORTH).glob(f"{uid.partition('@')[0]}*.ics"):
        path.unlink()
    both.until(both.now + timedelta(hours=2))
    assert uid in both.calendar(NORTH) and uid in both.calendar(SAM)
    assert both.answers() == {}
