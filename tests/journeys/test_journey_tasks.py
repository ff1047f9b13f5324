"""Tasks as a team lives with them: made, given, talked about, moved, held up and finished, all in lines of mails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.office import Letter, Office, check_invariants, office, utc

MIA, SAM, LEE = "mia@example.com", "sam@example.com", "lee@example.com"
CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, language: de, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
series:
  - {kind: one-on-one, managers: all, every: week, at: "Tue 11:00", length: 30 min}
projects:
  launch:
    - {task: Write the brief, before: 4 weeks, estimate: 4h}
    - {task: Draw the pages, owner: Sam Osei, before: 2 weeks, after: 1, priority: high}
    - {task: Tell the customers, owner: Lee Park, before: 2 days, after: [1, 2]}
"""
MONDAY = utc("2026-11-23 10:00")


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, CONFIG, utc("2026-11-22 12:00")) as made:
        made.until(MONDAY)
        yield made
        made.until(made.now + timedelta(hours=1))
        check_invariants(made)


def said(letters: list[Letter]) -> str:
    """What the one mail that came back says, on one line."""
    assert len(letters) == 1, [letter.text for letter in letters]
    return " ".join(letters[0].text.partition("\n-- \n")[0].split())


def tasks(it: Office) -> list[tuple[object, ...]]:
    return it.rows("SELECT id, text, owner, state, due, audience FROM records WHERE kind = 'action' ORDER BY id")


def test_a_task_given_in_a_line_is_told_once_and_taken_by_saying_nothing(it: Office) -> None:
    told = said(it.write(MIA, "task: write the launch brief by Friday @Sam #high est 3h"))
    assert told == "No. 1, by Fri 27 Nov: write the launch brief. Sam hears of it now."
    letter = it.last(SAM, "task")
    assert letter.subject == "Task 1"
    assert "Mia has asked you to take this on" in letter
    assert "(by Fri 27 Nov; important; about 3 h)" in letter
    it.until(MONDAY + timedelta(days=2))
    assert len(it.inbox(SAM, "task")) == 1
    assert "write the launch brief" in said(it.write(SAM, "my tasks"))


def test_who_cannot_take_it_says_no_and_it_goes_back(it: Office) -> None:
    it.write(MIA, "task: print the posters @Lee")
    assert said(it.reply(it.last(LEE, "task"), "nein")) == "Nr. 1 geht an Mia zurück."
    assert "Lee cannot take this on" in it.last(MIA, "task")
    assert tasks(it)[0][2] == MIA


def test_what_is_said_in_its_thread_is_kept_and_read_by_owner_and_author(it: Office) -> None:
    it.write(MIA, "task: write the launch brief @Sam")
    assert it.reply(it.last(SAM, "task"), "Which format do you want?\n\nThanks\nSam") == []
    asked = it.last(MIA, "task")
    assert "Sam about no. 1: Which format do you want?" in asked
    assert asked.mail["In-Reply-To"] is None or asked.subject.endswith("Task 1")
    it.reply(asked, "Two pages at most.")
    assert "Two pages at most." in it.last(SAM, "task")
    it.reply(it.last(SAM, "task"), "Good, on it.\n\ndoing 1")
    it.reply(it.last(SAM, "task"), "spent 90 min on 1")
    history = said(it.write(MIA, "history of 1"))
    for line in (
        "Sam wrote: Which format do you want?",
        "Mia wrote: Two pages at most.",
        "under way",
        "1 h 30 min spent",
    ):
        assert line in history


def test_the_board_has_what_is_to_do_doing_blocked_and_done(it: Office) -> None:
    for line in ("task: one by Friday", "task: two", "task: three", "task: four"):
        it.write(SAM, line)
    it.write(SAM, "doing 2\nblocked 3: no access\ndone 4")
    board = it.write(SAM, "my tasks")[0].text
    columns = [board.index(heading) for heading in ("\nDoing\n", "\nBlocked\n", "\nTo do\n", "\nDone this week\n")]
    assert columns == sorted(columns)
    assert "three (no access)" in board
    it.until(MONDAY + timedelta(days=8))
    assert "four" not in it.write(SAM, "my tasks")[0]


def test_a_circle_is_refused_and_named(it: Office) -> None:
    it.write(SAM, "task: one")
    it.write(SAM, "task: two after 1")
    it.write(SAM, "task: three after 2")
    assert "(1 waits for 3 waits for 2 waits for 1), so nothing has changed" in said(it.write(SAM, "blocked 1 by 3"))
    assert "(1 waits for 1)" in said(it.write(SAM, "task: four under 1 after 1"))
    assert len(tasks(it)) == 3
    assert it.rows("SELECT task, after FROM task_waits ORDER BY task") == [(2, 1), (3, 2)]


UNKNOWN = (
    ("task: new shoes @Bob", "I know nobody called Bob"),
    ("assign 1 to Bob", "I know nobody called Bob"),
    ("task: new shoes after 99", "There is no number 99"),
    ("task: new shoes under 99", "There is no number 99"),
    ("task: new shoes for KR7", "I know no single key result KR7"),
    ("done 99", "There is no number 99"),
)


def test_what_is_not_there_is_said_and_nothing_is_kept_by_halves(it: Office) -> None:
    it.write(SAM, "task: one")
    before = tasks(it)
    for line, answer in UNKNOWN:
        it.until(it.now + timedelta(minutes=20))  # so many mails an hour are answered
        assert answer in said(it.write(SAM, line))
    assert tasks(it) == before
    assert not it.rows("SELECT * FROM task_waits")


def test_somebody_elses_task_is_left_alone(it: Office) -> None:
    it.write(SAM, "task: one by Friday")
    before = tasks(it)
    for line in ("erledigt 1", "1 auf Montag verschieben", "streichen 1", "weise 1 Lee zu"):
        assert "gehört jemand anderem" in said(it.write(LEE, line))
    assert tasks(it) == before
    it.write(MIA, "move 1 to Monday")
    assert tasks(it)[0][4] == "2026-11-30", "who leads the team may"
    assert "Mia has given this another day" in it.last(SAM, "task")


def test_what_holds_up_others_is_told_once_and_what_it_held_can_go_on(it: Office) -> None:
    it.write(SAM, "task: the venue by Wed")
    it.write(LEE, "Aufgabe: Plakate drucken bis Freitag nach 1")
    assert not it.inbox(SAM, "task"), "it is not late yet"
    it.until(utc("2026-11-26 16:00"))
    assert "Others cannot go on before this is done" in it.last(SAM, "task")
    assert "it is with Sam" in it.last(MIA, "task")
    it.until(utc("2026-11-27 16:00"))
    assert len(it.inbox(SAM, "task")) == len(it.inbox(MIA, "task")) == 1
    assert "What the others wait for" in it.write(MIA, "tasks of Product")[0]
    it.write(SAM, "done 1")
    it.until(utc("2026-11-30 10:00"))
    assert "Worauf das wartete, ist erledigt" in it.last(LEE, "task")


def test_an_overdue_task_stands_in_the_next_check_in_and_in_no_mail_of_its_own(it: Office) -> None:
    it.write(SAM, "task: answer the auditors by tomorrow")
    it.until(utc("2026-11-25 10:00"))
    asked = it.last(SAM, "check-in")
    assert "Overdue (“done 1”, or “move 1 to Friday”): - answer the auditors (was due Tue 24 Nov, no. 1)" in asked
    assert not it.inbox(SAM, "task")
    it.reply(asked, "1. The auditors\n2. Rest\n3. no\n\ndone 1")
    it.until(utc("2026-11-26 10:00"))
    assert "Overdue" not in it.last(SAM, "check-in")


def test_a_recurring_task_comes_again_when_done_or_when_its_day_is_over(it: Office) -> None:
    told = said(it.write(SAM, "task: the weekly figures every Friday"))
    assert told == "No. 1, by Fri 27 Nov: the weekly figures. The next one opens by itself."
    assert "The next one, by Fri 4 Dec, is no. 2" in said(it.write(SAM, "done 1"))
    it.until(utc("2026-12-06 10:00"))
    assert [(row[0], row[3], row[4]) for row in tasks(it)] == [
        (1, "done", "2026-11-27"),
        (2, "open", "2026-12-04"),
        (3, "open", "2026-12-11"),
    ]
    it.write(SAM, "done 2")
    assert len(tasks(it)) == 3, "the one after it is there already"
    assert "does not come again" in said(it.write(SAM, "drop 3"))
    it.until(utc("2026-12-20 10:00"))
    assert len(tasks(it)) == 3


def test_a_recurring_task_on_a_day_off_is_due_on_the_next_working_day_and_keeps_its_rhythm(it: Office) -> None:
    it.write(SAM, "task: water the plants every Saturday")
    assert tasks(it)[0][4] == "2026-11-30"
    it.write(SAM, "away 7 December to 8 December")
    it.write(SAM, "done 1")
    assert tasks(it)[1][4] == "2026-12-09", "Saturday the 5th, then a weekend and two days away"
    it.until(utc("2026-12-11 10:00"))
    assert tasks(it)[2][4] == "2026-12-14", "that of the 12th"
    it.write(SAM, "move 3 to Friday 18 December")
    it.write(SAM, "done 3")
    assert tasks(it)[3][4] == "2026-12-21"


def test_a_project_is_made_from_its_plan_and_each_who_has_a_part_hears_of_it_once(it: Office) -> None:
    board = said(it.write(MIA, "project Website relaunch from launch by 15 Jan"))
    assert "0 of 3 tasks done; about 4 h of work" in board
    it.until(MONDAY + timedelta(hours=1))
    assert [len(it.inbox(who, "tasks")) for who in (MIA, SAM, LEE)] == [1, 1, 1]
    assert "Mia has begun a project in which you have a part" in it.last(SAM, "tasks")
    it.write(MIA, "spent 5h on 2\ndone 2")
    assert "1 of 3 tasks done; 5 h spent of about 4 h" in said(it.write(SAM, "tasks of Website relaunch"))
    assert "I know no plan for projects called lunch; there is launch" in said(
        it.write(MIA, "project Website relaunch from lunch by 15 Jan")
    )
    assert "By when?" in said(it.write(MIA, "project: Autumn from launch"))
    assert len(tasks(it)) == 4


def test_what_two_agree_in_their_one_on_one_stays_with_them(it: Office) -> None:
    call = it.last(SAM, "agenda-call")
    it.reply(call, "task: look for a coach by Friday")
    assert tasks(it)[0][5] == f"pair:one-on-one.{MIA}.{SAM}"
    assert "look for a coach" in it.write(MIA, "tasks of Sam")[0]
    assert "keine Aufgaben von Sam" in said(it.write(LEE, "Aufgaben von Sam"))
    assert "Nummer 1" in said(it.write(LEE, "erledigt 1")), "as if there were none"
    assert "stays there" in said(it.write(SAM, "assign 1 to Lee"))
    assert "stays there" in said(it.reply(call, "task: look for a coach @Lee"))
    it.until(utc("2026-11-30 12:00"))
    for letter in (*it.inbox(LEE), it.last(MIA, "rollup")):
        assert "coach" not in letter
    for letter in it.inbox(SAM, "check-in"):
        below_its_meeting = letter.text.partition("Mia / Sam 1:1")[2]
        assert letter.text.count("coach") == below_its_meeting.count("coach"), "not among what the team reads"
    assert "coach" in it.last(SAM, "agenda")


def test_a_one_on_one_opens_with_what_the_report_has_to_do_as_far_as_both_may_see_it(it: Office) -> None:
    it.write(SAM, "task: load test by Friday")
    it.until(utc("2026-12-01 09:30"))
    assert "load test" in it.last(MIA, "agenda")


def test_twice_the_same_mail_does_it_once(it: Office) -> None:
    it.write(SAM, "task: one", {"Message-ID": "<1@client.example>"})
    it.write(SAM, "task: one", {"Message-ID": "<1@client.example>"})
    assert len(tasks(it)) == 1
