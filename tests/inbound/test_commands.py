"""Commands on lines of their own, and sentences that only look like them."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.questions import CONFIDENCE_FLOOR
from assistant.inbound import commands
from assistant.inbound.commands import (
    Away,
    Choose,
    Command,
    Done,
    Help,
    MoveMeeting,
    MoveTask,
    No,
    Reminders,
    Resume,
    Skip,
    Stop,
    Tasks,
    Why,
    Yes,
)  # fmt: skip

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)  # a Tuesday
TODAY, FLOOR = NOW.date(), 0.8


def read(text: str, language: str = "en") -> commands.CommandsRead:
    return commands.read(text, language=language, zone=ZONE, now=NOW)


def bare(command: Command) -> Command:
    """The command without the line it stood on."""
    fields = {name: getattr(command, name) for name in type(command).__slots__}
    return type(command)(**fields)


def away(first: tuple[int, int], last: tuple[int, int] | None) -> Away:
    return Away(date(2026, *first), date(2026, *last) if last else None)


@pytest.mark.parametrize(("language", "line", "wanted"), [
    ("en", "help", Help()), ("en", "HELP!", Help()), ("en", "hlep", Help()), ("en", "please help", Help()),
    ("en", "hеlp", Help()), ("de", "Hilfe", Help()), ("fr", "aide", Help()), ("es", "ayuda", Help()), ("pt",
    "ajuda", Help()),
    ("it", "aiuto", Help()), ("nl", "hulp", Help()), ("en", "what can you do?", Help()),
    ("en", "skip", Skip()), ("en", "Skip.", Skip()), ("en", "skpi", Skip()), ("en", "skip today, please", Skip()),
    ("en", "Please skip me today", Skip()), ("de", "überspringen", Skip()), ("de", "ueberspringen", Skip()),
    ("de", "heute nicht", Skip()), ("fr", "je passe", Skip()), ("es", "hoy no", Skip()), ("pt", "pular", Skip()),
    ("it", "salta", Skip()), ("nl", "overslaan", Skip()), ("en", "Hi Ada, skip today please", Skip()),
    ("en", "why?", Why()), ("en", "why did I get this?", Why()), ("de", "Warum bekomme ich das?", Why()),
    ("fr", "pourquoi ?", Why()), ("es", "¿por qué?", Why()), ("it", "perché?", Why()), ("nl", "waarom", Why()),
    ("en", "stop", Stop()), ("en", "STOP", Stop()), ("en", "unsubscribe", Stop()), ("en", "stop all", Stop()),
    ("en", "stop check-ins", Stop("check-in")), ("en", "stop the check-in", Stop("check-in")),
    ("en", "stop checkins please", Stop("check-in")), ("en", "stop weekly updates", Stop("weekly-update")),
    ("en", "stop digests", Stop("digest")), ("en", "stop 1:1s", Stop("one-on-one")), ("de", "abmelden", Stop()),
    ("de", "Stopp", Stop()), ("de", "stopp Wochenberichte", Stop("weekly-update")), ("fr", "désabonner", Stop()),
    ("es", "darme de baja", Stop()), ("pt", "parar", Stop()), ("it", "disiscrivimi", Stop()), ("nl",
    "afmelden", Stop()),
    ("en", "resume", Resume()), ("en", "rseume", Resume()), ("en", "start", Resume()),
    ("en", "resume check-ins", Resume("check-in")), ("en", "start weekly updates again", Resume("weekly-update")),
    ("de", "fortsetzen", Resume()), ("fr", "reprendre", Resume()), ("es", "reanudar", Resume()), ("pt",
    "retomar", Resume()),
    ("it", "riprendi", Resume()), ("nl", "hervatten", Resume()), ("en", "I'm back", Resume()),
    ("en", "done 12", Done(12)), ("en", "Done #12", Done(12)), ("en", "12 done", Done(12)), ("en", "doen 12", Done(12)),
    ("en", "task 12 done", Done(12)), ("de", "erledigt 4", Done(4)), ("fr", "fait 4", Done(4)), ("es",
    "hecho 4", Done(4)),
    ("pt", "feito 4", Done(4)), ("it", "fatto 4", Done(4)), ("nl", "klaar 4", Done(4)), ("en", "finished 7.", Done(7)),
    ("en", "no reminders", Reminders(0)), ("en", "reminders never", Reminders(0)), ("en",
    "never remind me", Reminders(0)),
    ("en", "reminders: once", Reminders(1)), ("en", "remind me twice", Reminders(2)), ("en",
    "stop reminders", Reminders(0)),
    ("de", "keine Erinnerungen", Reminders(0)), ("de", "Erinnerungen: einmal", Reminders(1)),
    ("fr", "pas de rappels", Reminders(0)), ("fr", "rappels jamais", Reminders(0)), ("es",
    "sin recordatorios", Reminders(0)),
    ("it", "nessun promemoria", Reminders(0)), ("pt", "sem lembretes", Reminders(0)), ("nl",
    "geen herinneringen", Reminders(0)),
])  # fmt: skip
def test_a_command_is_known_by_its_line(language: str, line: str, wanted: Command) -> None:
    result = read(line, language)
    assert [bare(command) for command in result.commands] == [wanted]
    assert result.commands[0].confidence >= FLOOR
    assert result.rest == ""


@pytest.mark.parametrize(("language", "line", "wanted"), [
    ("en", "away", away((11, 24), (11, 24))), ("en", "away today", away((11, 24), (11, 24))),
    ("en", "away tomorrow", away((11, 25), (11, 25))), ("en", "away until Monday", away((11, 24), (11, 29))),
    ("en", "Away until Monday.", away((11, 24), (11, 29))), ("en", "away till monday please", away((11, 24), (11, 29))),
    ("en", "awya until Monday", away((11, 24), (11, 29))), ("en", "away until 7 Dec", away((11, 24), (12, 6))),
    ("en", "away until December 7th", away((11, 24), (12, 6))), ("en", "away until 2026-12-07", away((11, 24),
    (12, 6))),
    ("en", "away through 4 Dec", away((11, 24), (12, 4))), ("en", "away until Friday inclusive", away((11, 24),
    (11, 27))),
    ("en", "away from 1 Dec to 5 Dec", away((12, 1), (12, 5))), ("en", "away 1-5 Dec", away((12, 1), (12, 5))),
    ("en", "away 1 Dec - 5 Dec", away((12, 1), (12, 5))), ("en", "on holiday until 7 December", away((11, 24),
    (12, 6))),
    ("en", "I'm on vacation until Monday", away((11, 24), (11, 29))), ("en", "OOO until Thursday", away((11, 24),
    (11, 25))),
    ("en", "I'm out of office tomorrow", away((11, 25), (11, 25))), ("en", "off on Friday", away((11, 27), (11, 27))),
    ("en", "sick today", away((11, 24), (11, 24))), ("en", "I'm sick", away((11, 24), (11, 24))),
    ("en", "away next week", away((11, 30), (12, 6))), ("en",
    "I will be away from Thursday to Friday", away((11, 26), (11, 27))),
    ("de", "krank heute", away((11, 24), (11, 24))), ("de", "bin heute krank", away((11, 24), (11, 24))),
    ("de", "bin bis Montag weg", away((11, 24), (11, 29))), ("de", "bin bis Montag im Urlaub", away((11, 24),
    (11, 29))),
    ("de", "im Urlaub bis 7.12.", away((11, 24), (12, 6))), ("de", "Urlaub vom 1. bis 5.12.", away((12, 1), (12, 5))),
    ("de", "Ich bin morgen nicht da", away((11, 25), (11, 25))), ("de", "abwesend bis einschließlich Freitag",
                                                                 away((11, 24), (11, 27))),
    ("de", "Urlaub 1.12. - 5.12.", away((12, 1), (12, 5))), ("fr", "absent jusqu'à lundi", away((11, 24), (11, 29))),
    ("fr", "en congé jusqu'au 7 décembre", away((11, 24), (12, 6))), ("fr", "malade aujourd'hui", away((11, 24),
    (11, 24))),
    ("fr", "en vacances du 1 au 5 décembre", away((12, 1), (12, 5))), ("es", "de vacaciones hasta el lunes",
                                                                       away((11, 24), (11, 29))),
    ("es", "enferma hoy", away((11, 24), (11, 24))), ("pt", "de férias até segunda", away((11, 24), (11, 29))),
    ("pt", "doente hoje", away((11, 24), (11, 24))), ("it", "in ferie fino a lunedì", away((11, 24), (11, 29))),
    ("it", "malata oggi", away((11, 24), (11, 24))), ("nl", "op vakantie tot maandag", away((11, 24), (11, 29))),
    ("nl", "ziek vandaag", away((11, 24), (11, 24))), ("nl", "ik ben afwezig t/m vrijdag", away((11, 24), (11, 27))),
])  # fmt: skip
def test_an_absence_ends_the_day_before_the_person_is_back(language: str, line: str, wanted: Away) -> None:
    result = read(line, language)
    assert [bare(command) for command in result.commands] == [wanted]
    assert result.commands[0].confidence >= FLOOR


@pytest.mark.parametrize(("line", "wanted"), [
    ("I'm out of office tomorrow, back Monday.", away((11, 25), (11, 29))),
    ("I'll be away Thursday and Friday, back Monday.", away((11, 26), (11, 29))),
    ("on holiday until 7 Dec, back on 8 Dec", away((11, 24), (12, 7))),
    ("Bin ab morgen im Urlaub, zurück am 7.12.", away((11, 25), (12, 6))),
    ("Ich bin morgen nicht im Büro, ab Montag wieder da.", away((11, 25), (11, 29))),
    ("je suis absent demain, de retour lundi", away((11, 25), (11, 29))),
])  # fmt: skip
def test_the_day_of_the_return_is_no_day_away(line: str, wanted: Away) -> None:
    assert [bare(command) for command in read(line).commands] == [wanted]


@pytest.mark.parametrize(("line", "wanted"), [
    ("move 12 by two days", MoveTask(12, date(2026, 11, 26), 2)),
    ("push 12 by a day", MoveTask(12, date(2026, 11, 25), 1)),
    ("move 12 a week later", MoveTask(12, date(2026, 12, 1), 7)),
    ("verschiebe 12 um zwei Tage", MoveTask(12, date(2026, 11, 26), 2)),
    ("move 12 to early next week", MoveTask(12, date(2026, 12, 1))), ("12: done", Done(12)), ("#12: done", Done(12)),
    ("push by an hour", MoveMeeting((), timedelta(hours=1))),
    ("move it by 30 minutes", MoveMeeting((), timedelta(minutes=30))),
    ("um eine Stunde verschieben", MoveMeeting((), timedelta(hours=1))),
    ("Lee's tasks", Tasks("Lee")), ("hell no", No()),
])  # fmt: skip
def test_what_is_moved_by_a_length_or_named_the_other_way_round_is_understood(line: str, wanted: Command) -> None:
    assert [bare(command) for command in read(line).commands] == [wanted]


def test_a_number_that_a_question_may_have_ticks_nothing_off() -> None:
    assert read("3: done").commands == ()


def test_only_the_first_lines_of_a_long_mail_are_looked_at_and_all_of_it_stays() -> None:
    long = "\n".join(f"We spoke of matter {each} at length." for each in range(2_000)) + "\ndone 12"
    assert commands.read(long, language="en", zone=ZONE, now=NOW) == commands.CommandsRead((), long)


def test_two_days_with_and_between_them_are_two_absences() -> None:
    found = [bare(command) for command in read("out of office tomorrow and Friday").commands]
    assert found == [away((11, 25), (11, 25)), away((11, 27), (11, 27))]


def test_an_absence_with_an_open_end_is_asked_about() -> None:
    command = read("away from Thursday").commands[0]
    assert bare(command) == away((11, 26), None)
    assert command.confidence < FLOOR


@pytest.mark.parametrize("line", [
    "Done with the import", "Stop the staging server", "I was away yesterday", "Help Ana with pricing", "done",
    "1. done",
    "finished the report", "Skip the meeting with Bob", "- stop", "* help", "Off to lunch", "back on Monday", "Done: 3",
    "Stop using the old API", "resume work on the import", "started the audit", "Why did the import fail?", "no",
    "none",
    "done 3 of 5 tickets", "Reminders were sent to all customers", "The server was away until Monday", "steps", "shop",
    "away team won", "holiday calendar reviewed", "sick leave policy drafted", "ship", "step", "help desk tickets",
    "start the audit", "gestern krank gewesen und viel nachgeholt", "Urlaub beantragt", "Hilfe für Kim organisiert",
    "Erledigt: 3 Tickets", "stopp der Bauarbeiten", "j'ai fait 3 tickets", "pass the audit", "skip list implemented",
    "away from keyboard issue fixed", "Sam is away until Monday", "when is Ana back?", "remind Bob to pay",
])  # fmt: skip
def test_a_sentence_in_an_answer_is_no_command(line: str) -> None:
    text = f"Import is live.\n{line}\nand the audit"
    result = read(text)
    assert result.commands == ()
    assert result.rest == text


@pytest.mark.parametrize("line", ["45 %", "-2", "8/10", "4k", "1. import", "2 of them"])
def test_a_value_is_no_choice(line: str) -> None:
    assert read(line).commands == ()


def test_yes_no_and_a_number_are_the_whole_reply_and_stay_in_it() -> None:
    for text, wanted in (("yes", Yes()), ("Ja, gerne!", Yes()), ("No, thanks.", No()), ("2", Choose(2)),
    ("option 2", Choose(2)),
                         ("Hi Ada,\n\n2\n\nThanks, Sam", Choose(2))):  # fmt: skip
        result = read(text)
        assert [bare(command) for command in result.commands] == [wanted]
        assert result.rest == text
    assert read("1. import\nyes\n2. audit").commands == ()


def test_a_command_between_answers_is_taken_out_of_them() -> None:
    result = read("1. import\n2. audit\n3. none\n\naway tomorrow\n\nThanks, Sam")
    assert [bare(command) for command in result.commands] == [away((11, 25), (11, 25))]
    assert result.rest == "1. import\n2. audit\n3. none\n\n\nThanks, Sam"
    assert result.commands[0].line == "away tomorrow"


def test_several_tasks_are_done_by_one_line() -> None:
    assert [bare(command) for command in read("done 3, 4 and 5").commands] == [Done(3), Done(4), Done(5)]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("away until 23 November", False),  # yesterday: hardly next year
        ("away from 20 Nov to 22 Nov", False),
        ("away until 22 November 2027", True),
        ("away until 20 June", True),
    ],
)
def test_nobody_is_taken_to_be_away_for_most_of_a_year_without_saying_the_year(text: str, sure: bool) -> None:
    assert [command.confidence >= CONFIDENCE_FLOOR for command in read(text).commands] == [sure]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abcdefghij klmnop.,:\n", max_size=200))
def test_what_is_no_command_stays_word_by_word(text: str) -> None:
    result = read(text)
    lines = [command.line for command in result.commands]
    assert sorted(" ".join([*lines, result.rest]).split()) == sorted(text.split()) or result.commands


@pytest.mark.parametrize("pump", ["away ", "until Monday ", "stop ", "please ", "done 1 ", "\n", "help\n", "the "])
def test_time_grows_no_faster_than_the_text(pump: str) -> None:
    began = time.perf_counter()  # measures the code, not the calendar
    read(pump * (64_000 // len(pump)))
    assert time.perf_counter() - began < 4
