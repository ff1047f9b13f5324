"""Free/busy and recurrence, against recurring-ical-events with dateutil's own rules as the oracle."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.domain.calendar import Busy, BusyKind, Event, Period
from assistant.domain.recurrence import BadRule, Rule, occurrences, recur
from assistant.ical import busy
from assistant.ical.busy import taken
from assistant.ical.reading import read

ANA = "ana@team.example"
BERLIN = ZoneInfo("Europe/Berlin")
NOVEMBER = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar(*lines: str, head: tuple[str, ...] = ()) -> bytes:
    """One calendar; each VEVENT's lines are given, BEGIN and END of further ones included."""
    start = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *head)
    return "\r\n".join((*start, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


def hours(*lines: str, head: tuple[str, ...] = (), zone: ZoneInfo | None = None) -> list[tuple[str, str, str]]:
    """Start and end in UTC as "dd HHMM", and the kind."""
    blocks = busy([calendar("UID:a", *lines, head=head)], ANA, NOVEMBER, zone=zone)
    return [(f"{b.period.start:%d %H%M}", f"{b.period.end:%d %H%M}", b.kind.value) for b in blocks]


TIMED = ("DTSTART:20261105T090000Z", "DTEND:20261105T100000Z")
ONE_HOUR = ("05 0900", "05 1000")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("STATUS:CONFIRMED",), "busy"),
        (("STATUS:TENTATIVE",), "tentative"),
        (("STATUS:CANCELLED",), None),
        (("TRANSP:TRANSPARENT",), None),
        (("TRANSP:OPAQUE",), "busy"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), "away"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:FREE",), None),
        (("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",), None),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), "tentative"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:BUSY",), "busy"),
        (("X-GOOGLE-EVENT-TYPE:outOfOffice",), "away"),
        ((f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANA}",), "busy"),
        ((f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{ANA.upper()}",), None),
        ((f"ATTENDEE;PARTSTAT=TENTATIVE:mailto:{ANA}",), "tentative"),
        ((f"ATTENDEE:mailto:{ANA}",), "tentative"),
        (("ATTENDEE;PARTSTAT=DECLINED:mailto:ben@team.example",), "busy"),
        ((f"ORGANIZER:mailto:{ANA}", f"ATTENDEE:mailto:{ANA}"), "busy"),
        ((f"ATTENDEE;PARTSTAT=DECLINED;EMAIL={ANA}:urn:uuid:1",), None),
    ],
)
def test_what_an_event_takes(lines: tuple[str, ...], kind: str | None) -> None:
    assert hours(*TIMED, *lines) == ([(*ONE_HOUR, kind)] if kind else [])


def test_whole_days_are_away_in_the_owner_s_zone() -> None:
    lines = ("DTSTART;VALUE=DATE:20261105", "DTEND;VALUE=DATE:20261107")
    assert hours(*lines, zone=BERLIN) == [("04 2300", "06 2300", "away")]
    assert hours(*lines, head=("X-WR-TIMEZONE:America/New_York",)) == [("05 0500", "07 0500", "away")]
    assert hours("DTSTART;VALUE=DATE:20261105") == [("05 0000", "06 0000", "away")]


def test_exchange_s_whole_day_is_one_too() -> None:
    assert hours("DTSTART:20261105T000000Z", "DTEND:20261106T000000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE") == [
        ("05 0000", "06 0000", "away")
    ]


def test_floating_times_are_the_owner_s() -> None:
    lines = ("DTSTART:20261105T090000", "DURATION:PT45M")
    assert hours(*lines, zone=BERLIN) == [("05 0800", "05 0845", "busy")]
    assert hours(*lines, head=("X-WR-TIMEZONE:Asia/Tokyo",)) == [("05 0000", "05 0045", "busy")]


def test_a_recurring_floating_time_follows_the_clock() -> None:
    lines = ("DTSTART:20261019T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert hours(*lines, zone=BERLIN) == [("02 0800", "02 0900", "busy")]


@pytest.mark.parametrize(
    "tzid",
    [
        "Europe/Berlin",
        '"Europe/Berlin"',
        "W. Europe Standard Time",
        '"W. Europe Standard Time"',
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "europe/berlin",
    ],
)
def test_zone_names_of_all_clients(tzid: str) -> None:
    assert hours(f"DTSTART;TZID={tzid}:20261105T090000", f"DTEND;TZID={tzid}:20261105T100000") == [
        ("05 0800", "05 0900", "busy")
    ]


OUTLOOK = (
    "BEGIN:VTIMEZONE", "TZID:{name}",
    "BEGIN:STANDARD", "DTSTART:16011028T030000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:16010325T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT", "END:VTIMEZONE",
)  # fmt: skip
APPLE = (
    "BEGIN:VTIMEZONE", "TZID:Europe/Berlin",
    "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "DTSTART:19810329T020000",
    "TZNAME:MESZ", "TZOFFSETTO:+0200", "END:DAYLIGHT",
    "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "DTSTART:19961027T030000",
    "TZNAME:MEZ", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip
GOOGLE = (
    "X-WR-TIMEZONE:Europe/Berlin", "BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "X-LIC-LOCATION:Europe/Berlin",
    "BEGIN:DAYLIGHT", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:GMT+2", "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
    "BEGIN:STANDARD", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:GMT+1", "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@pytest.mark.parametrize("name", ["Customized Time Zone", "tzone://Microsoft/Custom", "(UTC+01:00) Bern\\, Rome"])
def test_a_zone_under_a_name_of_its_own_is_known_by_its_definition(name: str) -> None:
    """October in summer time and November in winter time: a fixed offset would miss one."""
    head = tuple(line.format(name=name) for line in OUTLOOK)
    tzid = '"' + name.replace("\\", "") + '"'
    lines = (f"DTSTART;TZID={tzid}:20261023T090000", f"DTEND;TZID={tzid}:20261023T100000", "RRULE:FREQ=WEEKLY;COUNT=4")
    raw = calendar("UID:a", *lines, head=head)
    blocks = busy([raw], ANA, Period(datetime(2026, 10, 1, tzinfo=UTC), NOVEMBER.end))
    assert [f"{block.period.start:%d %H%M}" for block in blocks] == ["23 0700", "30 0800", "06 0800", "13 0800"]
    assert read(raw).problems == []


@pytest.mark.parametrize("head", [APPLE, GOOGLE])
def test_known_zones_are_taken_from_the_zone_database(head: tuple[str, ...]) -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20261105T090000", "DTEND;TZID=Europe/Berlin:20261105T100000")
    assert hours(*lines, head=head) == [("05 0800", "05 0900", "busy")]


def test_a_file_cannot_redefine_a_zone_for_the_next() -> None:
    """Two files may each have their own "Customized Time Zone"."""
    berlin = tuple(line.format(name="Mine") for line in OUTLOOK)
    fixed = ("BEGIN:VTIMEZONE", "TZID:Mine", "BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0800",
             "TZOFFSETTO:+0800", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
    lines = ("DTSTART;TZID=Mine:20261105T090000", "DTEND;TZID=Mine:20261105T100000")
    assert hours(*lines, head=berlin) == [("05 0800", "05 0900", "busy")]
    assert hours(*lines, head=fixed) == [("05 0100", "05 0200", "busy")]
    assert hours(*lines, zone=BERLIN) == [("05 0800", "05 0900", "busy")]


SERIES = ("DTSTART;TZID=Europe/Berlin:20261102T100000", "DTEND;TZID=Europe/Berlin:20261102T103000")


def test_overrides_exdates_and_rdates() -> None:
    lines = (
        *SERIES, "RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20261109T100000",
        "RDATE;TZID=Europe/Berlin:20261112T150000", "END:VEVENT",
        "BEGIN:VEVENT", "UID:a", "RECURRENCE-ID;TZID=Europe/Berlin:20261116T100000",
        "DTSTART;TZID=Europe/Berlin:20261117T080000", "DTEND;TZID=Europe/Berlin:20261117T090000", "END:VEVENT",
        "BEGIN:VEVENT", "UID:a", "RECURRENCE-ID:20261123T090000Z", "STATUS:CANCELLED",
        "DTSTART;TZID=Europe/Berlin:20261123T100000", "DTEND;TZID=Europe/Berlin:20261123T103000",
    )  # fmt: skip
    assert [start for start, _, _ in hours(*lines)] == ["02 0900", "12 1400", "17 0700", "30 0900"]


def test_an_invitation_to_one_occurrence_alone_counts() -> None:
    assert hours("RECURRENCE-ID:20261105T090000Z", *TIMED) == [(*ONE_HOUR, "busy")]


def test_a_declined_occurrence_is_free() -> None:
    lines = (
        *SERIES, "RRULE:FREQ=WEEKLY;COUNT=2", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANA}", "END:VEVENT",
        "BEGIN:VEVENT", "UID:a", "RECURRENCE-ID;TZID=Europe/Berlin:20261109T100000",
        "DTSTART;TZID=Europe/Berlin:20261109T100000", "DTEND;TZID=Europe/Berlin:20261109T103000",
        f"ATTENDEE;PARTSTAT=DECLINED:mailto:{ANA}",
    )  # fmt: skip
    assert hours(*lines) == [("02 0900", "02 0930", "busy")]


def test_what_began_before_the_period_is_clipped() -> None:
    assert hours("DTSTART:20261030T000000Z", "DTEND:20261101T030000Z") == [("01 0000", "01 0300", "busy")]


def test_no_duration_takes_no_time() -> None:
    assert hours("DTSTART:20261105T090000Z") == []


def test_ignored_uids_are_left_out() -> None:
    assert busy([calendar("UID:a", *TIMED)], ANA, NOVEMBER, ignoring={"a"}) == []


def test_unreadable_calendars_are_left_out() -> None:
    period = Period(datetime(2026, 11, 5, 9, tzinfo=UTC), datetime(2026, 11, 5, 10, tzinfo=UTC))
    assert busy([b"\xff\xfe", b"", calendar("UID:a", *TIMED)], ANA, NOVEMBER) == [Busy(period, BusyKind.BUSY)]


HOSTILE = [
    "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=99999999",
    "FREQ=YEARLY;BYEASTER=0", "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=0,1,2", "FREQ=DAILY;BYDAY=1MO", "FREQ=WEEKLY;X=1",
    "FREQ=DAILY;UNTIL=never", "FREQ=MONTHLY;BYDAY=" + ",".join(["MO"] * 90),
    "FREQ=DAILY;INTERVAL=" + "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("rule", HOSTILE)
def test_a_hostile_rule_is_skipped_and_told(rule: str) -> None:
    content = read(calendar("UID:a", *TIMED, f"RRULE:{rule}", "END:VEVENT", "BEGIN:VEVENT", "UID:b", *TIMED))
    result = taken(content, ANA, NOVEMBER)
    assert [uid for uid, _ in result.blocks] == ["b"]
    assert len(result.problems) == 1


@pytest.mark.parametrize("rule", ["", "RRULE", "FREQ=DAILY;COUNT=1;COUNT=2", "FREQ=DAILY;BYDAY=0MO", *HOSTILE])
def test_a_bad_rule_says_so(rule: str) -> None:
    with pytest.raises(BadRule):
        Rule.parse(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=20",
        "FREQ=DAILY;INTERVAL=7;BYDAY=FR",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1",
    ],
)
def test_a_rule_that_never_matches_ends_at_once(rule: str) -> None:
    """General expanders look until the year 9999. The first start counts all the same."""
    lines = ("DTSTART:20261105T090000Z", "DTEND:20261105T100000Z", f"RRULE:{rule}")
    assert hours(*lines) == [(*ONE_HOUR, "busy")]


def test_thousands_of_hostile_series_end_soon() -> None:
    slow = ("DTSTART:19750101T000000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30")
    lines = [line for number in range(1000) for line in ("END:VEVENT", "BEGIN:VEVENT", f"UID:{number}", *slow)]
    before = time.perf_counter()
    result = taken(read(calendar("UID:first", *TIMED, *lines)), ANA, NOVEMBER)
    assert time.perf_counter() - before < 30
    assert result.problems[-1] == "too much to expand, the rest was left out"
    assert [uid for uid, _ in result.blocks] == ["first"]


def test_a_count_from_the_beginning_of_time_is_refused() -> None:
    with pytest.raises(BadRule):
        list(recur(Rule.parse("FREQ=DAILY;COUNT=5;BYMONTH=2;BYMONTHDAY=30"), date(1, 1, 1), (date(2026, 1, 1),) * 2))


def test_a_daily_series_since_year_one_costs_nothing() -> None:
    days = recur(Rule.parse("FREQ=DAILY;INTERVAL=3"), date(1, 1, 1), (date(2026, 11, 1), date(2026, 11, 30)))
    assert len(list(days)) == 10


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={freq}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=5, unique=True)
    if freq in ("MONTHLY", "YEARLY"):
        form = draw(st.sampled_from(("none", "weekday", "nth", "day", "day", "position", "both")))
        nth = st.tuples(st.sampled_from((1, 2, 3, 4, 5, -1, -2)), st.sampled_from(DAYS)).map(lambda p: f"{p[0]}{p[1]}")
        numbers = st.lists(st.sampled_from((1, 2, 13, 15, 28, 29, 30, 31, -1, -2)), min_size=1, max_size=3, unique=True)
        if form in ("weekday", "position", "both"):
            parts.append("BYDAY=" + ",".join(draw(days)))
        if form == "nth":
            parts.append("BYDAY=" + ",".join(draw(st.lists(nth, min_size=1, max_size=2, unique=True))))
        if form in ("day", "both"):
            parts.append("BYMONTHDAY=" + ",".join(map(str, draw(numbers))))
        if form == "position":
            parts.append(f"BYSETPOS={draw(st.sampled_from((1, 2, 3, -1, -2)))}")
    elif draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(draw(days)))
    if draw(st.integers(0, 4)) == 0:
        months = st.lists(st.integers(1, 12), min_size=4, max_size=6, unique=True)
        parts.append("BYMONTH=" + ",".join(map(str, draw(months))))
    if freq == "WEEKLY" and draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(DAYS))}")
    end = draw(st.sampled_from(("open", "count", "until")))
    if end == "count":
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    if end == "until":
        parts.append(f"UNTIL={draw(st.dates(date(2026, 1, 1), date(2028, 1, 1))):%Y%m%d}T120000Z")
    return ";".join(parts)


def plainly(raw: bytes, period: Period) -> list[Period]:
    """The library by itself, with dateutil expanding the rules; it ends a start that is skipped before it begins."""
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(period.start, period.end)
    starts = (event.start.astimezone(UTC).astimezone(event.start.tzinfo) for event in events)
    spans = (Period(start.astimezone(UTC), (start + timedelta(minutes=45)).astimezone(UTC)) for start in starts)
    return sorted(span for span in spans if span.overlaps(period))


@settings(max_examples=100, deadline=None)
@given(
    rule=rules(),
    first=st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1)).map(  # noqa: DTZ001 (wall-clock times)
        lambda m: m.replace(second=0, microsecond=0, fold=0)
    ),
    zone=st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")),
    since=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    length=st.integers(1, 120),
    excluded=st.lists(st.integers(0, 60), max_size=3),
)
def test_expands_as_the_library_does(
    rule: str, first: datetime, zone: str, since: date, length: int, excluded: list[int]
) -> None:
    """Any rule within our limits, over clock changes: the same blocks, from the file and from the Event."""
    start = first.replace(tzinfo=ZoneInfo(zone))
    assume(start.utcoffset() == start.replace(fold=1).utcoffset())  # else there is no such time, or it comes twice
    form = f";TZID={zone}:{first:%Y%m%dT%H%M%S}"
    out = [f"EXDATE;TZID={zone}:{first + timedelta(days=days):%Y%m%dT%H%M%S}" for days in excluded]
    raw = calendar("UID:a", f"DTSTART{form}", "DURATION:PT45M", f"RRULE:{rule}", *out)
    opening = datetime(since.year, since.month, since.day, tzinfo=UTC)
    period = Period(opening, opening + timedelta(days=length))
    expected = plainly(raw, period)
    result = taken(read(raw), ANA, Period(period.start - timedelta(days=2), period.end + timedelta(days=2)))
    assert result.problems == []
    assert sorted(block.period for _, block in result.blocks if block.period.overlaps(period)) == expected
    exdates = tuple(start + timedelta(days=days) for days in excluded)
    event = Event("a", start, timedelta(minutes=45), "", "", rrule=rule, exdates=exdates)
    ours = [occurrence.period for occurrence in occurrences(event, period)]
    assert ours == expected
