"""Events to iCalendar and back, and calendar mail."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.calendar import Attendee, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.ical import BadCalendar, from_ical, read_itip, read_itips, to_ical

NOW = datetime(2026, 10, 30, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Santiago", "Australia/Sydney", "Asia/Kolkata",
    "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC",
)  # fmt: skip
YEAR_AND_MORE = timedelta(days=400)


def event(**changes: object) -> Event:
    base = Event(
        uid="a@team.example",
        start=datetime(2026, 11, 3, 10, tzinfo=BERLIN),
        duration=timedelta(minutes=30),
        summary="1:1; Ana, Ben",
        organizer="bot@team.example",
        attendees=(Attendee("ana@team.example", "Ana Ünal, Dr.", Partstat.ACCEPTED), Attendee("ben@team.example")),
        description='1. hiring\n2. \\plan; "x"\n' + "long " * 40,
        location="Room 1, 2nd floor",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        sequence=2,
        private=True,
        stamp=NOW,
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the test gives fields of Event


def itip(method: str, *lines: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", f"METHOD:{method}", "BEGIN:VEVENT")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


def test_round_trip() -> None:
    there = event(exdates=(datetime(2026, 11, 10, 10, tzinfo=BERLIN),)).with_override(
        Override(
            datetime(2026, 11, 17, 10, tzinfo=BERLIN), datetime(2026, 11, 18, 9, tzinfo=BERLIN), timedelta(hours=1),
            "moved", attendees=(Attendee("ana@team.example", "Ana", Partstat.DECLINED, required=False),),
        )
    )  # fmt: skip
    (back,) = from_ical(to_ical(there, now=NOW))
    assert back == there
    assert back.stamp == NOW


def test_says_what_clients_need() -> None:
    """RFC 5545, 3.6.1, and RFC 6047, 2.4: one zone definition, a stamp, a method, the usual parameters."""
    text = to_ical(event(), now=NOW, method="REQUEST").replace(b"\r\n ", b"").decode()
    for line in (
        "METHOD:REQUEST", "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "DTSTART;TZID=Europe/Berlin:20261103T100000", "DTEND;TZID=Europe/Berlin:20261103T103000",
        "DTSTAMP:20261030T080000Z", "SEQUENCE:2", "CLASS:PRIVATE", "STATUS:CONFIRMED",
        "ORGANIZER:mailto:bot@team.example", "RRULE:FREQ=WEEKLY;BYDAY=TU",
        'ATTENDEE;CN="Ana Ünal, Dr.";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:ana@team.example',  # noqa: E501 (one property)
    ):  # fmt: skip
        assert line in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert all(len(line) <= 75 for line in to_ical(event(), now=NOW).split(b"\r\n"))


def test_cancelled_says_so() -> None:
    raw = to_ical(event(cancelled=True), now=NOW, method="CANCEL")
    assert b"STATUS:CANCELLED" in raw
    assert from_ical(raw)[0].cancelled
    assert read_itip(raw).method == "CANCEL"


def test_what_people_typed_is_no_property() -> None:
    evil = event(summary="x\r\nATTENDEE:mailto:evil@x", location="a\nb", attendees=(Attendee("a@b", 'A" ;X=1\r\nZ:1'),))
    (back,) = from_ical(to_ical(evil, now=NOW))
    assert [attendee.address for attendee in back.attendees] == ["a@b"]
    assert back.summary == "x ATTENDEE:mailto:evil@x"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", [datetime(2026, 11, 3, 10), datetime(2027, 3, 25, 1, 30)])  # noqa: DTZ001 (wall-clock times)
def test_the_vtimezone_means_the_zone(zone: str, start: datetime) -> None:
    """A reader without a zone database finds the same instants, until long after the next two clock changes."""
    there = event(start=start.replace(tzinfo=ZoneInfo(zone)), rrule="FREQ=DAILY")
    calendar = icalendar.Calendar.from_ical(to_ical(there, now=NOW))
    definitions = calendar.walk("VTIMEZONE")
    if zone == "UTC":
        assert definitions == []
        return
    (definition,) = (each for each in definitions if isinstance(each, icalendar.Timezone))
    read = definition.to_tz(lookup_tzid=False)
    for days in range(0, 400):
        noon = start.replace(hour=12) + timedelta(days=days)
        assert noon.replace(tzinfo=read).utcoffset() == noon.replace(tzinfo=ZoneInfo(zone)).utcoffset(), noon


@st.composite
def events(draw: st.DrawFn) -> Event:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    wall = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001 (wall-clock times)
    start = wall.replace(second=0, microsecond=0, tzinfo=zone)
    start = start.astimezone(UTC).astimezone(zone).replace(fold=0)  # a time that exists
    rule = draw(st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY", None)))
    base = event(start=start, rrule=rule, summary=draw(st.text(max_size=30)), description=draw(st.text(max_size=60)))
    if rule is None:
        return base
    moments = [o.recurrence_id for o in occurrences(base, Period(start, start + YEAR_AND_MORE))]
    chosen = draw(st.lists(st.sampled_from(moments), max_size=4, unique=True)) if moments else []
    base = replace(base, exdates=tuple(sorted(chosen[:2])))
    for moment in chosen[2:]:
        later = moment + timedelta(minutes=draw(st.integers(-3000, 3000)))
        base = base.with_override(Override(moment, later, timedelta(minutes=45), cancelled=draw(st.booleans())))
    return base


@settings(max_examples=60, deadline=None)
@given(there=events())
def test_read_back_it_is_at_the_same_instants(there: Event) -> None:
    """Over more than a year, so over the next two clock changes."""
    (back,) = from_ical(to_ical(there, now=NOW))
    period = Period(there.start.astimezone(UTC), there.start.astimezone(UTC) + YEAR_AND_MORE)
    assert [o.period for o in occurrences(back, period)] == [o.period for o in occurrences(there, period)]
    assert from_ical(to_ical(back, now=NOW)) == [back]


REPLY = (
    "UID:a@team.example", "SEQUENCE:2", "DTSTAMP:20261101T080000Z", "ORGANIZER:mailto:bot@team.example",
    "ATTENDEE;CN=Ana;PARTSTAT=DECLINED:MAILTO:Ana+x@Team.Example", "DTSTART:20261103T090000Z",
    "DTEND:20261103T093000Z", "SUMMARY:Declined: 1:1", "COMMENT:on leave",
)  # fmt: skip


def test_a_reply() -> None:
    answer = read_itip(itip("REPLY", *REPLY, "RECURRENCE-ID:20261110T090000Z"))
    assert (answer.method, answer.uid, answer.sequence) == ("REPLY", "a@team.example", 2)
    assert (answer.attendee, answer.partstat) == ("ana@team.example", Partstat.DECLINED)
    assert answer.recurrence_id == datetime(2026, 11, 10, 9, tzinfo=UTC)
    assert answer.comment == "on leave"


def test_a_counter_proposes_a_time() -> None:
    lines = [line for line in REPLY if not line.startswith(("DTSTART", "DTEND"))]
    zone = "TZID=W. Europe Standard Time"
    counter = read_itip(itip("COUNTER", *lines, f"DTSTART;{zone}:20261104T140000", f"DTEND;{zone}:20261104T150000"))
    assert counter.attendee == "ana@team.example"
    assert counter.start == datetime(2026, 11, 4, 13, tzinfo=UTC)
    assert counter.duration == timedelta(hours=1)


def test_one_reply_for_several_occurrences() -> None:
    raw = itip("REPLY", *REPLY, "END:VEVENT", "BEGIN:VEVENT", *REPLY, "RECURRENCE-ID:20261110T090000Z")
    assert [answer.recurrence_id is None for answer in read_itips(raw)] == [True, False]


def test_a_reply_that_names_two_people_answers_for_nobody() -> None:
    assert read_itip(itip("REPLY", *REPLY, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ben@team.example")).attendee is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
        itip("REPLY", *REPLY)[:200],
        itip("NONSENSE", *REPLY),
        itip("REPLY", *REPLY).replace(b"METHOD:REPLY\r\n", b""),
        itip("REPLY", "UID:a"),
        itip("REPLY", "UID:a", "DTSTART:tomorrow"),
        itip("REPLY", "UID:a", "DTSTART;TZID=Mars/Olympus:20261103T090000"),
        itip("REPLY", "UID:a", "DTSTART;TZID=" + "A" * 5000 + ":20261103T090000"),
        itip("REQUEST", *REPLY, "RRULE:FREQ=SECONDLY"),
        itip("REPLY", *REPLY, "DESCRIPTION:" + "x" * 300_000),
        itip("REPLY", *(("BEGIN:VALARM", "END:VALARM") * 60), *REPLY),
        itip("REPLY", *(("BEGIN:A",) * 5000), *REPLY),
        itip("REPLY", *(f"ATTENDEE:mailto:a{number}@x" for number in range(3000))),
        b"BEGIN:VCALENDAR\r\n" * 40,
        b"END:VCALENDAR\r\n",
        b"\x00" * 1000,
    ],
)
def test_what_is_beyond_the_limits_is_refused(raw: bytes) -> None:
    with pytest.raises(BadCalendar):
        read_itip(raw)


def test_fifty_hostile_zones_cost_nothing() -> None:
    """A small file with daily VTIMEZONE rules makes readers that execute them work for seconds."""
    rule = "DTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=DAILY\r\n"
    part = f"BEGIN:STANDARD\r\n{rule}END:STANDARD\r\n"
    zone = "BEGIN:VTIMEZONE\r\nTZID:Z{0}\r\n" + part * 30 + "END:VTIMEZONE\r\n"
    zones = "".join(zone.format(number) for number in range(40))
    raw = itip("REQUEST", *REPLY).replace(b"BEGIN:VEVENT", zones.encode() + b"BEGIN:VEVENT")
    before = time.perf_counter()
    with pytest.raises(BadCalendar):
        read_itip(raw)
    from_ical(raw)
    assert time.perf_counter() - before < 2


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), max_size=8))
def test_a_damaged_file_is_read_or_refused(edits: list[tuple[int, bytes]]) -> None:
    """Whatever is overwritten, there is no other error."""
    raw = bytearray(to_ical(event(exdates=(datetime(2026, 11, 10, 10, tzinfo=BERLIN),)), now=NOW, method="REQUEST"))
    for place, patch in edits:
        raw[place : place + len(patch)] = patch
    for reader in (read_itip, from_ical):
        try:
            reader(bytes(raw))
        except BadCalendar:
            continue
