"""The page of commands for people: each example on it is understood as what it says."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR
from assistant.inbound import commands
from assistant.inbound.commands import (
    Accept,
    AddPoint,
    Announce,
    AskAt,
    AskDecision,
    AskFeedback,
    Assign,
    Away,
    Blocked,
    CancelMeeting,
    Choose,
    ClosePoll,
    Command,
    Course,
    Decide,
    Decline,
    Doing,
    Done,
    Drop,
    Estimate,
    FeedbackRhythm,
    Give,
    GiveFeedback,
    Goals,
    Help,
    History,
    Hours,
    KeepFaq,
    Known,
    Kpis,
    Language,
    MoveMeeting,
    MoveTask,
    MyPlan,
    NewKpi,
    NewObjective,
    NewPoll,
    NewProject,
    NewTask,
    No,
    PlanPart,
    Praise,
    Prioritise,
    Reminders,
    Reopen,
    Resume,
    Retarget,
    Search,
    Share,
    Skip,
    Spent,
    Stop,
    Tasks,
    Update,
    Vote,
    Why,
    Win,
    Yes,
    Zone,
)

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)  # a Tuesday
PAGE = (Path(__file__).parents[2] / "docs" / "replies.md").read_text(encoding="utf-8")
PEOPLE = tuple(
    Person(f"{name.split()[0].lower()}@example.com", name, ZONE) for name in ("Mia Chen", "Sam Osei", "Ana Lindqvist")
)
KNOWN = Known(PEOPLE, ("KR1", "KR2", "signups", "churn"))


def moved(*windows: str) -> tuple[str, ...]:
    """What a meeting may be moved to, local: "26 Nov 15:00 - 15:00"."""
    return windows


MEANT: dict[str, list[object]] = {
    "help": [Help()],
    "why did I get this?": [Why()],
    "yes": [Yes()],
    "no": [No()],
    "2": [Choose(2)],
    "option 2": [Choose(2)],
    "skip": [Skip()],
    "not today": [Skip()],
    "away until Monday": [Away(date(2026, 11, 24), date(2026, 11, 29))],
    "on holiday from 1 to 5 Dec": [Away(date(2026, 12, 1), date(2026, 12, 5))],
    "sick today": [Away(date(2026, 11, 24), date(2026, 11, 24))],
    "back": [Resume()],
    "stop": [Stop()],
    "stop check-ins": [Stop(kind="check-in")],
    "resume": [Resume()],
    "start check-ins": [Resume(kind="check-in")],
    "reminders never": [Reminders(0)],
    "remind me once": [Reminders(1)],
    "remind me twice": [Reminders(2)],
    "check-in at 8:30": [AskAt(time(8, 30), kind="check-in")],
    "at 8:30 from now on": [AskAt(time(8, 30))],
    "my hours 8-16": [Hours(time(8), time(16))],
    "zone Europe/Lisbon": [Zone("Europe/Lisbon")],
    "time zone New York": [Zone("America/New_York")],
    "I am in Lisbon now": [Zone("Europe/Lisbon")],
    "I am in Tokyo next week": [Zone("Asia/Tokyo", first=date(2026, 11, 30), last=date(2026, 12, 6))],
    "I'm in Porto from Monday until Friday": [Zone("Europe/Lisbon", first=date(2026, 11, 30), last=date(2026, 12, 4))],
    "language German": [Language("de")],
    "auf Deutsch": [Language("de")],
    "accept": [Accept()],
    "decline": [Decline()],
    "can't make it": [Decline()],
    "move to Thursday 3pm": [moved("26 Nov 15:00 - 15:00")],
    "could we do Thursday afternoon instead?": [moved("26 Nov 12:00 - 18:00")],
    "next week Tue or Wed before 11": [moved("01 Dec 00:00 - 11:00", "02 Dec 00:00 - 11:00")],
    "move to early next week": [moved("30 Nov 00:00 - 00:00")],
    "move to the end of next week": [moved("04 Dec 00:00 - 00:00")],
    "an hour later": [MoveMeeting(shift=timedelta(minutes=60))],
    "30 minutes earlier": [MoveMeeting(shift=timedelta(minutes=-30))],
    "later": [MoveMeeting()],
    "cancel the meeting": [CancelMeeting()],
    "cancel this week's 1:1": [CancelMeeting(kind="one-on-one", first=date(2026, 11, 23), last=date(2026, 11, 29))],
    "cancel the 1:1 on Tuesday": [CancelMeeting(kind="one-on-one", first=date(2026, 12, 1), last=date(2026, 12, 1))],
    "agenda: talk about prices": [AddPoint("talk about prices")],
    "add to agenda talk about prices": [AddPoint("talk about prices")],
    "add prices to the agenda": [AddPoint("prices")],
    "agenda for the review: prices": [AddPoint("prices", kind="review")],
    "point: prices": [AddPoint("prices")],
    "task Write the report by Friday @Sam #high": [
        NewTask("Write the report", owner="sam@example.com", due=date(2026, 11, 27), priority="high")
    ],
    "task: Pay the rent every month": [NewTask("Pay the rent", repeat="FREQ=MONTHLY")],
    "task: Review the contract after 12, est 3h": [NewTask("Review the contract", after=(12,), estimate=180)],
    "task: Fix the login under 12": [NewTask("Fix the login", under=12)],
    "task: Call five users for KR2": [NewTask("Call five users", goal="KR2")],
    "task: Book rooms for Sam by 4 December, high priority": [
        NewTask("Book rooms", owner="sam@example.com", due=date(2026, 12, 4), priority="high")
    ],
    "done 12": [Done(12)],
    "done 12, 14 and 15": [Done(12), Done(14), Done(15)],
    "doing 12": [Doing(12)],
    "start 12": [Doing(12)],
    "drop 12": [Drop(12)],
    "reopen 12": [Reopen(12)],
    "blocked 12 by 14": [Blocked(12, by=14)],
    "blocked 12: no access yet": [Blocked(12, reason="no access yet")],
    "move 12 to Friday": [MoveTask(12, date(2026, 11, 27))],
    "move 12 by 2 days": [MoveTask(12, date(2026, 11, 26), 2)],
    "assign 12 to Sam": [Assign(12, "sam@example.com")],
    "priority 12 high": [Prioritise(12, "high")],
    "spent 2h on 12": [Spent(12, 120)],
    "estimate 12: 3h": [Estimate(12, 180)],
    "my tasks": [Tasks()],
    "tasks of Sam": [Tasks(owner="sam@example.com")],
    "tasks of Product": [Tasks(owner="Product")],
    "history of 12": [History("12")],
    "project Website relaunch from launch by 15 January": [NewProject("Website relaunch", "launch", date(2027, 1, 15))],
    "KR2 45 %": [Update("KR2", value=45.0, unit="%")],
    "KR2: 45%": [Update("KR2", value=45.0, unit="%")],
    "signups 4.2k, confidence 6": [Update("signups", value=4200.0, outlook=6.0)],
    "signups from 3k to 4.2k": [Update("signups", value=4200.0, previous=3000.0)],
    "KR2 done": [Update("KR2", finished=True)],
    "kpi churn 3.2 %": [Update("churn", value=3.2, unit="%", kpi=True)],
    "new kpi churn": [NewKpi("churn")],
    "kpi: churn": [NewKpi("churn")],
    "kpis": [Kpis()],
    "kpis of Product": [Kpis("Product")],
    "kpi help": [Kpis("help")],
    "objective: I will make onboarding easy as measured by activation 60 % and NPS 40": [
        NewObjective("I will make onboarding easy", measures=("activation 60 %", "NPS 40"))
    ],
    "KR2 target 50": [Retarget("KR2", 50.0)],
    "give KR2 to Sam": [Give("KR2", ("sam@example.com",))],
    "KR2 @Sam": [Give("KR2", ("sam@example.com",))],
    "give KR2 to Sam and Ana": [Give("KR2", ("sam@example.com", "ana@example.com"))],
    "track KR2": [Course("KR2", "track")],
    "revise KR2: 40 % by June": [Course("KR2", "revise", text="40 % by June")],
    "replace KR2 with weekly active teams": [Course("KR2", "replace", text="weekly active teams")],
    "goals": [Goals()],
    "goals of Sam": [Goals(owner="sam@example.com")],
    "history of KR2": [History("KR2")],
    "poll: Where do we eat? a) Thai b) Pizza until Friday": [
        NewPoll("Where do we eat?", options=("Thai", "Pizza"), closes=date(2026, 11, 27))
    ],
    "poll: Which day? Mon, Tue or Wed": [NewPoll("Which day?", options=("Mon", "Tue", "Wed"))],
    "secret poll: Who hosts? a) Sam b) Ana": [NewPoll("Who hosts?", options=("Sam", "Ana"), secret=True)],
    "poll: Which days? Mon, Tue or Wed. Choose several": [
        NewPoll("Which days?", options=("Mon", "Tue", "Wed"), several=True)
    ],
    "ranked poll: Where? Lisbon, Porto or Faro": [NewPoll("Where?", options=("Lisbon", "Porto", "Faro"), ranked=True)],
    "vote 2": [Vote((2,))],
    "vote 2 and 4": [Vote((2, 4))],
    "vote b": [Vote((2,))],
    "vote 2 > 1 > 3": [Vote((2, 1, 3), ranked=True)],
    "close the poll": [ClosePoll()],
    "feedback for Sam: great demo, a bit long": [GiveFeedback("sam@example.com", "great demo, a bit long")],
    "private feedback for Sam: please speak slower": [
        GiveFeedback("sam@example.com", "please speak slower", private=True)
    ],
    "ask Sam for feedback on the demo": [AskFeedback(("sam@example.com",), topic="the demo")],
    "public": [Share()],
    "feedback monthly": [FeedbackRhythm("monthly")],
    "feedback never": [FeedbackRhythm("never")],
    "my plan": [MyPlan()],
    "plan of Sam": [MyPlan(owner="sam@example.com")],
    "plan step: take the course by 15 March": [PlanPart("step", "take the course by 15 March", date(2027, 3, 15))],
    "plan aspiration: lead a team": [PlanPart("aspiration", "lead a team")],
    "plan skill: writing": [PlanPart("skill", "writing")],
    "plan gap: SQL": [PlanPart("gap", "SQL")],
    "praise Sam: fixed the outage at night": [Praise(("sam@example.com",), "fixed the outage at night")],
    "thanks to Sam for the quick review": [Praise(("sam@example.com",), "the quick review")],
    "kudos to Sam and Ana: great demo": [Praise(("sam@example.com", "ana@example.com"), "great demo")],
    "win: first customer live": [Win("first customer live")],
    "announce: the office is closed on Friday": [Announce("the office is closed on Friday")],
    "decision: we go with Postgres": [Decide("we go with Postgres")],
    "decision needed: which database do we take? by Friday": [
        AskDecision("which database do we take? by Friday", due=date(2026, 11, 27))
    ],
    "search: staging outage": [Search("staging outage")],
    "find pricing deck": [Search("pricing deck")],
    "what did I do in October": [Search("", among="done", who="me", first=date(2026, 10, 1), last=date(2026, 10, 31))],
    "what did we do last week": [Search("", among="done", who="us", first=date(2026, 11, 16), last=date(2026, 11, 22))],
    "what did Sam do yesterday?": [
        Search("", among="done", who="sam@example.com", first=date(2026, 11, 23), last=date(2026, 11, 23))
    ],
    "what did we decide about pricing": [Search("pricing", among="decisions", who="us")],
    "faq holidays": [Search("holidays", among="faq")],
    "keep as faq": [KeepFaq()],
}


def examples() -> list[str]:
    """What stands in the first column of the page's tables."""
    rows = [row.partition(" | ")[0] for row in PAGE.splitlines() if row.startswith("| `")]
    return [example for row in rows for example in re.findall("`([^`]+)`", row)]


def told(command: Command) -> object:
    """The command without the line it stood on."""
    if isinstance(command, MoveMeeting) and command.candidates:
        local = [(c.period.start.astimezone(ZONE), c.period.end.astimezone(ZONE)) for c in command.candidates]
        return tuple(f"{start:%d %b %H:%M} - {end:%H:%M}" for start, end in local)
    own = (name for name in type(command).__slots__)
    return type(command)(**{name: getattr(command, name) for name in own})


def test_the_page_has_every_example_that_is_tested_and_no_other() -> None:
    assert set(examples()) == set(MEANT)


@pytest.mark.parametrize("example", examples())
def test_each_example_of_the_page_is_understood_as_what_it_says(example: str) -> None:
    found = commands.read(example, language="en", zone=ZONE, now=NOW, known=KNOWN).commands
    assert [told(command) for command in found] == MEANT[example]
    assert all(command.confidence >= CONFIDENCE_FLOOR for command in found)


@pytest.mark.parametrize("example", examples())
def test_case_politeness_and_a_greeting_change_nothing(example: str) -> None:
    for dressed in (f"Hi Ada,\n\n{example}\n\nThanks,\nMia", f"{example[0].upper()}{example[1:]}"):
        found = commands.read(dressed, language="en", zone=ZONE, now=NOW, known=KNOWN).commands
        assert [told(command) for command in found] == MEANT[example], dressed


def test_every_command_is_on_the_page() -> None:
    on_page = {type(one).__name__ for meant in MEANT.values() for one in meant} | {"MoveMeeting"}
    here = {name for name in commands.__all__ if isinstance(getattr(commands, name), type)}
    assert here - on_page == {"Command", "CommandsRead", "Incomplete", "Known", "Seen"}
    assert "`read`" in PAGE
