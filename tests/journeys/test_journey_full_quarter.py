"""What a quarter of a team of eight left in inboxes, calendars and the store; the story is in ``quarter.py``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.inbound import commands
from tests.journeys.office import Letter, check_invariants, utc
from tests.journeys.quarter import (
    ANA,
    EIGHT,
    END,
    INES,
    JONAS,
    LENA,
    MIA,
    PLATFORM,
    PRODUCT,
    RAVI,
    SAM,
    START,
    TOM,
    ZOE,
    Quarter,
    lived,
)

NINE = (*EIGHT, ZOE)
FIRST, LAST = date(2027, 1, 4), date(2027, 4, 2)


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    with lived(tmp_path_factory.mktemp("full-quarter")) as made:
        yield made


def everything(quarter: Quarter) -> list[Letter]:
    return [letter for who in NINE for letter in quarter.it.inbox(who)]


def test_every_reply_that_a_mail_offers_is_one_command(quarter: Quarter) -> None:
    """With the numbers, names and days of the real ones; ``test_offers`` looks at how such a reply reaches us."""
    offered = {
        (" ".join(words.split()), "de" if letter.to == LENA else "en")
        for letter in everything(quarter)
        for words in re.findall("[“„]([^”“„]+)[”“]", letter.text)
        if not words.endswith(":")  # how a line begins
    }
    assert len(offered) > 100
    for words, language in offered:
        read = commands.read(words, language=language, zone=ZoneInfo("Europe/Berlin"), now=quarter.it.now)
        assert len(read.commands) == 1, words


def works(quarter: Quarter, who: str, day: date) -> bool:
    return quarter.it.house.desk.setup.people[who].works_on(day)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_goals_are_drafted_scored_improved_and_told_to_all_when_published(quarter: Quarter) -> None:
    (design,) = quarter.said["drafted"]
    assert "signups from 3,000 to 4,200" in design and "KR3: say who owns it" in design
    (better,) = quarter.said["improved"]
    assert "Design: 100 of 100" in better
    (german,) = quarter.said["drafted in German"]
    assert "Jede Bestellung kommt sofort an" in german and "Aufbau:" in german
    for who in EIGHT:
        news = [x for x in quarter.it.inbox(who, "goals") if x.at.date() < FIRST]
        assert len(news) in (1, 2) and any("effortless" in x for x in news)


@pytest.mark.parametrize("who", [SAM, ANA, INES, LENA, RAVI, JONAS])
def test_thirteen_weeks_of_check_ins_at_nine_of_each_ones_clock_and_on_no_day_off(quarter: Quarter, who: str) -> None:
    asked = [letter.at for letter in quarter.it.inbox(who, "check-in") if FIRST <= letter.at.date() <= LAST]
    assert [at.date() for at in asked] == [day for day in days(FIRST, LAST) if works(quarter, who, day)]
    assert {at.hour for at in asked} == {9}


def test_every_week_is_written_about_and_rolled_up(quarter: Quarter) -> None:
    for who in (SAM, LENA, RAVI):
        fridays = [x for x in quarter.it.inbox(who, "weekly-update") if FIRST <= x.at.date() <= LAST]
        mondays = [x for x in quarter.it.inbox(who, "rollup") if FIRST <= x.at.date() <= LAST + timedelta(days=7)]
        assert len(fridays) >= 11 and len(mondays) >= 12, who
        assert {x.at.hour for x in fridays} == {15}
        assert {x.at.hour for x in mondays if x.at.weekday() == 0} == {11}, "later only where Monday is a day off"
    (fourth,) = [x for x in quarter.it.inbox(MIA, "rollup") if "Product, week 4\n" in x.text]
    week = fourth.text.partition("Product, week 4\n")[2].partition("Put together for you")
    assert "KR1" in week[0] and week[1], "in the part that is the week's, whatever else the mail tells"


def test_one_on_ones_are_on_both_calendars_with_agenda_and_summary_for_the_two_alone(quarter: Quarter) -> None:
    for lead, report in ((MIA, SAM), (MIA, ANA), (MIA, INES), (MIA, LENA), (LENA, RAVI), (LENA, JONAS)):
        name = quarter.it.house.desk.setup.people[report].first_name
        held = [start for start, _, title in quarter.it.meetings(report, utc("2027-01-04 00:00"), END) if name in title]
        assert len(held) >= 6, (report, held)
        assert {start for start, _, _ in quarter.it.meetings(lead, START, END)}.issuperset(held)
    for who in (SAM, RAVI):
        told = [x for x in quarter.it.inbox(who, "summary") if ONE_ON_ONE.search(f"{x.subject}\n{x.text}")]
        assert len(told) >= 5


ONE_ON_ONE = re.compile("([A-Z][a-z]+) / ([A-Z][a-z]+) 1:1")


def test_no_mail_tells_of_a_one_on_one_of_others_and_one_that_tells_of_two_is_its_readers_alone(
    quarter: Quarter,
) -> None:
    first_names = {who: who.partition("@")[0].capitalize() for who in NINE}
    several = Counter[str]()
    for letter in everything(quarter):
        pairs = set(ONE_ON_ONE.findall(f"{letter.subject}\n{letter.text}"))
        assert all(first_names[letter.to] in pair for pair in pairs), (letter.to, letter.subject)
        if {"agenda", "summary"} & set(letter.kinds):
            ((audience, thread),) = quarter.it.rows(
                "SELECT audience, thread FROM outbox WHERE message_id = ?", letter.id
            )
            alone = not {"digest", "rollup"} & set(letter.kinds) and len(pairs) == 1
            if len(pairs) > 1 or (pairs and not alone):
                assert audience == f"person:{letter.to}" and not thread.startswith("meeting/"), letter.subject
                several[letter.to] += len(pairs) > 1
            elif pairs and "Product review" not in letter.text:
                assert audience.startswith("pair:"), letter.subject
    assert set(several) >= {MIA, LENA} and several[MIA] > 10
    assert not +several - Counter({MIA: several[MIA], LENA: several[LENA]}), "only who leads has several"


def test_an_agenda_brings_the_week_in_writing_and_nothing_of_what_is_not_there(quarter: Quarter) -> None:
    agenda = [x for x in quarter.it.inbox(SAM, "agenda") if "1:1" in x.subject][3]
    assert "Your week, in writing" in agenda and "Done" in agenda and "KR1" in agenda
    assert not re.search(r"^ *\(", agenda.text, re.MULTILINE), "a heading has its words before the day"


def test_a_key_result_in_danger_is_told_and_revised_and_its_history_says_so(quarter: Quarter) -> None:
    told = next(x for x in quarter.it.inbox(SAM, "goal-danger") if "the import is late" in x)
    assert told.at.date() == date(2027, 1, 18)
    assert "3,800 instead of 4,200" in quarter.said["revised"][-1]
    (history,) = quarter.said["history"]
    assert "revised from 4,200 to 3,800" in history and "confidence 3, the import is late" in history
    assert "What moved it" in history


def test_a_weak_kpi_becomes_a_published_objective_by_one_word(quarter: Quarter) -> None:
    """Its card is made of six answers; twice under its band proposes an objective to its owner."""
    (card,) = quarter.said["kpi card"]
    assert "complete" in card and "at least 40 %" in card
    values = [row[0] for row in quarter.it.rows("SELECT value FROM kpi_values ORDER BY id")]
    assert values[:5] == [43.0, 42.0, 41.0, 38.0, 37.0]
    weak = [x for x in quarter.it.inbox(ANA, "kpi") if x.at.date() == date(2027, 2, 10)]
    assert len(weak) == 1
    assert quarter.said["weak KPI"][-1].kinds in {("okr-design",), ("receipt",)}
    drafted = quarter.it.rows("SELECT count(*) FROM objectives WHERE owner = ?", ANA)
    assert drafted == [(1,)]


def test_private_feedback_is_read_by_the_two_and_by_nobody_else(quarter: Quarter) -> None:
    for who in NINE:
        found = [x for x in quarter.it.inbox(who) if "a greeting would help" in x]
        assert bool(found) == (who == SAM), who
    (nudge,) = [x for x in quarter.it.inbox(ANA, "reminder") if "Sam" in x.text and "feedback" in x.text.lower()]
    assert nudge.at.date() == date(2027, 2, 8), "after three working days"
    assert any("The clear notes" in x for x in quarter.it.inbox(SAM, "feedback"))


def test_the_poll_is_counted_and_told_to_all_of_the_team(quarter: Quarter) -> None:
    for who in (*PRODUCT, ZOE):
        (result,) = quarter.it.inbox(who, "poll-result")
        assert "6 of 6 voted" in result
    assert all(quarter.it.inbox(who, "poll-result") == [] for who in PLATFORM)


def test_the_pulse_tells_averages_and_nothing_is_left_of_who_said_what(quarter: Quarter) -> None:
    results = quarter.it.inbox(ANA, "pulse-result")
    assert [x.at.month for x in results] == [1, 2, 3]
    assert "answered: work is at" in results[0]
    assert quarter.it.rows("SELECT a.id FROM answers a JOIN prompts p ON p.id = a.prompt WHERE p.kind = 'pulse'") == []


def test_somebody_new_is_introduced_helped_and_asked_after_thirty_days(quarter: Quarter) -> None:
    assert min(x.at.date() for x in quarter.it.inbox(ZOE)) >= date(2027, 1, 28)
    assert min(x.at.date() for x in quarter.it.inbox(ZOE, "check-in")) == date(2027, 2, 1)
    assert any("bicycle" in x for x in quarter.it.inbox(SAM, "digest")), "introduced in her own words"
    assert [len(quarter.it.inbox(who, "newcomer")) for who in (ZOE, MIA, INES, SAM)] == [1, 1, 1, 0]
    asked = [x.at.date() for x in quarter.it.inbox(ZOE, "onboarding")]
    assert asked[0] == date(2027, 3, 3)
    for who in NINE:
        told = [x for x in quarter.it.inbox(who, "confided") if "onto the start page" in x]
        assert bool(told) == (who == MIA), who


def test_a_leaver_takes_kind_words_along_and_hears_no_more(quarter: Quarter) -> None:
    (words,) = quarter.it.inbox(TOM, "goodbye")
    assert "thank you for five years" in words and "six good weeks" in words
    assert max(x.at.date() for x in quarter.it.inbox(TOM)) == date(2027, 3, 12)
    assert quarter.it.rows("SELECT count(*) FROM timers WHERE person = ?", TOM) == [(0,)]
    assert len(quarter.it.inbox(MIA, "handover")) == 1
    later = quarter.it.meetings(MIA, utc("2027-03-13 00:00"), END)
    assert not any("Tom" in title for _, _, title in later)


def test_news_is_read_and_a_decision_is_made_by_a_letter(quarter: Quarter) -> None:
    who_read = quarter.it.last(MIA, "read-by")
    assert "Tom Berg" in who_read
    assert any("move" in x for x in quarter.it.inbox(JONAS, "decided"))


def test_the_end_is_graded_looked_back_on_celebrated_and_the_next_cycle_runs(quarter: Quarter) -> None:
    results = quarter.it.last(SAM, "okr-results")
    assert "adverts bring nobody" in results and "0.60, moonshot" in results
    party = quarter.it.last(JONAS, "celebrating")
    assert "Only two outages" in party
    assert "the port of Vigo" in quarter.it.last(SAM, "celebrating")
    assert "published" in quarter.said["next published"][-1]
    asked = [x for x in quarter.it.inbox(SAM, "okr-update") if x.at.date() > date(2027, 4, 1)]
    assert any("ferries from 2 to 6" in x for x in asked)


def test_who_reads_german_gets_no_english_sentence_of_ours(quarter: Quarter) -> None:
    ours = ("Reply “", "Good morning", "Hello, ", "This went to", "You get this", "A reply goes to me", "Thank you")
    for letter in quarter.it.inbox(LENA):
        frame = letter.text.partition("\n")[0] + letter.text.partition("\n-- \n")[2]
        assert not any(words in frame for words in ours), (letter.subject, frame)


def test_no_mail_shows_what_only_a_program_would_write(quarter: Quarter) -> None:
    broken = re.compile(r"\bNone\b|\{\{|\}\}|\[\]|\bUndefined\b|@example\.com|\b0 of 0\b|kr:\d|\S  \(|\(\)| ,|\n\n\n\n")
    for letter in everything(quarter):
        found = broken.search(letter.text)
        assert found is None, (letter.kinds, letter.subject, letter.text)
        assert letter.subject and len(letter.subject) <= 78 and "\n" not in letter.subject
        assert max(map(len, letter.text.splitlines())) <= 78, letter.text
        assert len(letter.html) > 500


def test_nobody_gets_more_mail_than_a_day_bears(quarter: Quarter) -> None:
    """On average over the working days of thirteen weeks; who leads five people has five 1:1s around them."""
    for who, most in {SAM: 3.1, ANA: 3.3, INES: 3.2, RAVI: 2.9, JONAS: 2.9, LENA: 3.3, MIA: 4.0}.items():
        got = Counter(x.at.date() for x in quarter.it.inbox(who) if FIRST <= x.at.date() <= LAST)
        worked = [day for day in days(FIRST, LAST) if works(quarter, who, day)]
        assert sum(got.values()) / len(worked) <= most, (who, sum(got.values()) / len(worked))


def test_everything_ended_once_and_nothing_came_at_night(quarter: Quarter) -> None:
    check_invariants(quarter.it)
    assert quarter.it.rows("SELECT place, message FROM problems") == []
    assert quarter.it.rows("SELECT state, count(*) FROM inbound WHERE state != 'applied' GROUP BY state") == []
