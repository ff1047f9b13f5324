"""Phrases about time and the intervals they mean, seen from Tuesday 24 November 2026, 09:00 in Berlin."""

from __future__ import annotations

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.inbound import times

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)
FLOOR = 0.8


def told(text: str, language: str) -> list[str]:
    """The sure candidates in Berlin time: "26.11. 12:00-18:00", a start alone when it is exact."""
    found = []
    for candidate in times.read(text, zone=ZONE, now=NOW, language=language):
        if candidate.confidence >= FLOOR:
            first, last = candidate.period.start.astimezone(ZONE), candidate.period.end.astimezone(ZONE)
            end = "" if first == last else f"-{last:%H:%M}" if last.date() == first.date() else f"-{last:%d.%m. %H:%M}"
            found.append(f"{first:%d.%m. %H:%M}{end}")
    return found


@pytest.mark.parametrize(("language", "text", "wanted"), [
    ("en", "Thursday afternoon", ["26.11. 12:00-18:00"]),
    ("en", "next week Tue or Wed before 11", ["01.12. 00:00-11:00", "02.12. 00:00-11:00"]),
    ("en", "Tue or Wed next week", ["01.12. 00:00-02.12. 00:00", "02.12. 00:00-03.12. 00:00"]),
    ("en", "tomorrow 10:30 Berlin time", ["25.11. 10:30"]),
    ("en", "tomorrow at 10:30 EST", ["25.11. 16:30"]),
    ("en", "tomorrow 9am (Accra)", ["25.11. 10:00"]),
    ("en", "in two weeks", ["08.12. 00:00-09.12. 00:00"]),
    ("en", "eod Friday", ["27.11. 15:00-18:00"]),
    ("en", "Friday at 3", ["27.11. 15:00"]),
    ("en", "Friday at 3pm", ["27.11. 15:00"]),
    ("en", "3 p.m. on Friday", ["27.11. 15:00"]),
    ("en", "Friday 15:00-16:00", ["27.11. 15:00-16:00"]),
    ("en", "Mon 1-3 pm", ["30.11. 13:00-15:00"]),
    ("en", "between 10 and 12 on Monday", ["30.11. 10:00-12:00"]),
    ("en", "Thursday after 2", ["26.11. 14:00-27.11. 00:00"]),
    ("en", "Thu or Fri morning", ["26.11. 06:00-12:00", "27.11. 06:00-12:00"]),
    ("en", "Thursday in the afternoon at 3", ["26.11. 15:00"]),
    ("en", "could we do Thursday afternoon instead?", ["26.11. 12:00-18:00"]),
    ("en", "I can't do Thursday, but Friday at 3 works", ["27.11. 15:00"]),
    ("en", "Thursday instead of Friday", ["26.11. 00:00-27.11. 00:00"]),
    ("en", "Move it from Friday to Thursday 3pm", ["26.11. 15:00"]),
    ("en", "4 Dec at 14:00", ["04.12. 14:00"]),
    ("en", "Dec 4th, 2pm", ["04.12. 14:00"]),
    ("de", "nächsten Montag um 15 Uhr", ["30.11. 15:00"]),
    ("de", "Donnerstagnachmittag", ["26.11. 12:00-18:00"]),
    ("de", "Freitag früh", ["27.11. 06:00-12:00"]),
    ("de", "Donnerstag Morgen", ["26.11. 06:00-12:00"]),
    ("de", "am Freitag um halb drei", ["27.11. 14:30"]),
    ("de", "morgen um 10.30 Uhr", ["25.11. 10:30"]),
    ("de", "Freitag zwischen 10 und 12 Uhr", ["27.11. 10:00-12:00"]),
    ("de", "Donnerstag geht nicht, lieber Freitag ab 14 Uhr", ["27.11. 14:00-28.11. 00:00"]),
    ("de", "übermorgen vor 11", ["26.11. 00:00-11:00"]),
    ("de", "am 4.12. um 9 Uhr", ["04.12. 09:00"]),
    ("fr", "demain après-midi", ["25.11. 12:00-18:00"]),
    ("fr", "jeudi à 10h30", ["26.11. 10:30"]),
    ("fr", "lundi matin", ["30.11. 06:00-12:00"]),
    ("es", "el jueves a las 3 de la tarde", ["26.11. 15:00"]),
    ("es", "mañana por la mañana", ["25.11. 06:00-12:00"]),
    ("pt", "quinta-feira às 15h", ["26.11. 15:00"]),
    ("pt", "amanhã de manhã", ["25.11. 06:00-12:00"]),
    ("it", "giovedì alle 15", ["26.11. 15:00"]),
    ("it", "domani pomeriggio", ["25.11. 12:00-18:00"]),
    ("nl", "donderdag om half drie", ["26.11. 14:30"]),
    ("nl", "morgen 's middags", ["25.11. 12:00-18:00"]),
    ("nl", "vrijdagochtend", ["27.11. 06:00-12:00"]),
])  # fmt: skip
def test_a_phrase_becomes_its_intervals(language: str, text: str, wanted: list[str]) -> None:
    assert told(text, language) == wanted


@pytest.mark.parametrize("text", ["next Friday", "at 3", "4/12 at 14:00"])
def test_an_ambiguous_phrase_gives_candidates_but_none_for_sure(text: str) -> None:
    assert times.read(text, zone=ZONE, now=NOW)
    assert told(text, "en") == []


@pytest.mark.parametrize(
    "text", ["", "the sun is out", "we sat down", "version 2.10", "I may be late", "not on Thursday", "1:1"]
)
def test_what_names_no_time_gives_none(text: str) -> None:
    assert told(text, "en") == []


def test_times_are_utc_and_follow_the_clock_change() -> None:
    zone, now = ZoneInfo("Europe/Berlin"), datetime(2026, 10, 23, 9, tzinfo=ZONE)
    before, after = times.read("Saturday at 10:00 or Monday at 10:00", zone=zone, now=now)
    assert before.period.start.isoformat() == "2026-10-24T08:00:00+00:00"
    assert after.period.start.isoformat() == "2026-10-26T09:00:00+00:00"


def test_a_time_of_today_that_has_passed_is_left_out() -> None:
    assert times.read("today at 8:00", zone=ZONE, now=NOW) == []


@pytest.mark.parametrize(("language", "text", "wanted"), [
    ("en", "Fri", (11, 27)), ("en", "Friday 4 Dec", (12, 4)), ("en", "by Friday", (11, 27)), ("en",
    "2026-12-04", (12, 4)),
    ("en", "by next Wednesday", (12, 2)), ("en", "end of month", (11, 30)), ("en", "in 3 days", (11, 27)),
    ("en", "in a week", (12, 1)), ("en", "two weeks from now", (12, 8)), ("en", "tomorrow", (11, 25)), ("en",
    "4/12", (12, 4)),
    ("en", "Dec 4th, 2026", (12, 4)), ("en", "the 4th of December", (12, 4)), ("en", "next week", (12, 4)),
    ("en", "end of next week", (12, 4)), ("en", "EOW", (11, 27)), ("en", "end of November", (11, 30)), ("en",
    "Monday", (11, 30)),
    ("en", "Tuesday", (12, 1)), ("en", "day after tomorrow", (11, 26)), ("en", "in 5 working days", (12, 1)),
    ("de", "4.12.", (12, 4)), ("de", "4.12.2026", (12, 4)), ("de", "04.12.26", (12, 4)), ("de", "morgen", (11, 25)),
    ("de", "übermorgen", (11, 26)), ("de", "uebermorgen", (11, 26)), ("de", "bis Freitag", (11, 27)),
    ("de", "Fr 27.11.", (11, 27)), ("de", "4. Dezember", (12, 4)), ("de", "in drei Tagen", (11, 27)),
    ("de", "in einer Woche", (12, 1)), ("de", "Ende nächster Woche", (12, 4)), ("de", "Monatsende", (11, 30)),
    ("de", "nächsten Mittwoch", (12, 2)), ("de", "Mi", (11, 25)), ("fr", "vendredi", (11, 27)), ("fr",
    "d'ici vendredi", (11, 27)),
    ("fr", "le 4 décembre", (12, 4)), ("fr", "après-demain", (11, 26)), ("fr", "dans trois jours", (11, 27)),
    ("fr", "fin novembre", (11, 30)), ("fr", "lundi prochain", (11, 30)), ("es", "el viernes", (11, 27)),
    ("es", "4 de diciembre", (12, 4)), ("es", "pasado mañana", (11, 26)), ("es", "en 3 días", (11, 27)),
    ("es", "a fin de mes", (11, 30)), ("pt", "sexta-feira", (11, 27)), ("pt", "até sexta", (11, 27)),
    ("pt", "4 de dezembro", (12, 4)), ("pt", "depois de amanhã", (11, 26)), ("it", "venerdì", (11, 27)),
    ("it", "entro il 4 dicembre", (12, 4)), ("it", "dopodomani", (11, 26)), ("it", "fine mese", (11, 30)),
    ("nl", "vrijdag", (11, 27)), ("nl", "4 december", (12, 4)), ("nl", "overmorgen", (11, 26)), ("nl",
    "over 3 dagen", (11, 27)),
    ("fr", "Friday 4 December", (12, 4)),
])  # fmt: skip
def test_a_due_date_is_a_day(language: str, text: str, wanted: tuple[int, int]) -> None:
    assert times.day(text, date(2026, 11, 24), language) == date(2026, *wanted)


@pytest.mark.parametrize("text", ["soon", "", "32 Dec", "30.2.", "99/99/9999", "version 1.2", "when done"])
def test_what_names_no_day_is_none(text: str) -> None:
    assert times.day(text, date(2026, 11, 24), "de") is None


def test_a_date_that_is_past_this_year_is_next_years() -> None:
    assert times.day("4 January", date(2026, 11, 24)) == date(2027, 1, 4)
    assert times.day("29 February", date(2026, 11, 24)) == date(2028, 2, 29)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["en", "de", "fr", "es", "pt", "it", "nl", "xx"]))
def test_any_text_at_all_can_be_read(text: str, language: str) -> None:
    times.day(text, date(2026, 11, 24), language)
    assert all(c.period.start <= c.period.end for c in times.read(text, zone=ZONE, now=NOW, language=language))


WORDS = st.sampled_from(
    [
        "next",
        "week",
        "Tue",
        "or",
        "Wed",
        "before",
        "11",
        "tomorrow",
        "10:30",
        "Berlin",
        "time",
        "in",
        "two",
        "weeks",
        "eod",
        "Friday",
        "3",
        "pm",
        "the",
        "of",
        "Dec",
        "4",
        ".",
        ",",
        "-",
        "/",
        "end",
        "month",
        "not",
        "but",
        "between",
        "and",
        "after",
        "12",
        "to",
        "from",
        "2026",
        "h",
        "Uhr",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join), st.sampled_from(["en", "de", "fr"]))
def test_any_order_of_time_words_can_be_read(text: str, language: str) -> None:
    assert all(c.period.start <= c.period.end for c in times.read(text, zone=ZONE, now=NOW, language=language))


@pytest.mark.parametrize("pump", ["next ", "1 ", "the ", "4.", "Tue ", "at 3 ", "between ", "1/", "end of ", "a "])
def test_time_grows_no_faster_than_the_text(pump: str) -> None:
    began = time.process_time()  # measures the code, not the calendar
    times.read(pump * (64_000 // len(pump)), zone=ZONE, now=NOW)
    assert time.process_time() - began < 4
