"""The people of the demo, driven by a stand-in that asks like the assistant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from assistant import config
from assistant.demo import script
from assistant.demo.expectations import Expectation, Misunderstood, verify
from assistant.demo.pages import build
from assistant.demo.run import Stalled, Story, run_demo
from assistant.demo.simulation import Cast
from assistant.demo.team import lay_out
from tests.demo.standin import StandIn, prompt

START = datetime(2026, 11, 9, 2, 30, tzinfo=UTC)
END = START + timedelta(days=14)
MIA = "mia@demo.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def story(folder: Path) -> Story:
    lay_out(folder, START)
    return run_demo(folder, StandIn(folder, START, END), START, END)


def replies(folder: Path) -> dict[str, str]:
    box = folder / "mail" / "ada@demo.example" / "new"
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in box.iterdir()}


def test_the_same_days_give_the_same_mails(tmp_path: Path) -> None:
    end = START + timedelta(days=2)
    stories, mails = [], []
    for name in ("once", "again"):
        folder = tmp_path / name
        lay_out(folder, START)
        stories.append(run_demo(folder, StandIn(folder, START, end), START, end))
        mails.append(replies(folder))
    assert stories[0] == stories[1]
    assert mails[0] == mails[1] != {}


def test_everything_that_people_do_to_mail_happens(story: Story) -> None:
    assert {each.what for each in story.expectations} >= {"reply", "correction", "command", "auto-reply", "malformed"}
    clients = {each.client for each in story.expectations}
    assert {"gmail", "outlook", "outlook-web", "apple-mail", "iphone", "thunderbird", "gmx", "samsung"} <= clients


class Stuck:
    """Always has something to do and never does it."""

    def tick(self, now: datetime) -> None:
        return

    def next_due(self) -> datetime | None:
        return START


def test_an_assistant_that_stays_due_ends_the_story(tmp_path: Path) -> None:
    lay_out(tmp_path, START)
    with pytest.raises(Stalled):
        run_demo(tmp_path, Stuck(), START, END)


def test_nobody_answers_before_being_asked_or_in_their_sleep(story: Story) -> None:
    people = script.players(7)
    for each in story.expectations:
        assert START < each.at < END
        wakes, sleeps = people[each.sender].data["awake"]
        if each.what == "reply":
            assert wakes <= each.at.astimezone(people[each.sender].zone).hour < sleeps


def test_every_reply_lies_in_the_assistants_maildir_under_its_message_id(folder: Path, story: Story) -> None:
    box = folder / "mail" / "ada@demo.example" / "new"
    raws = [path.read_bytes() for path in box.iterdir()]
    assert len(raws) == len(story.expectations)
    for each in story.expectations:
        assert any(each.message_id.encode() in raw for raw in raws)


def test_what_the_store_says_otherwise_is_shown_beside_what_was_meant(story: Story) -> None:
    meant = {each.message_id: dict(each.answers) for each in story.expectations}
    verify(story.expectations, meant.__getitem__)

    def wrong(message_id: str) -> Mapping[str, str]:
        return {**meant[message_id], "check-in/next": "Sleep"} if message_id == some.message_id else meant[message_id]

    some = next(each for each in story.expectations if each.what == "reply")
    with pytest.raises(Misunderstood, match=r"(?s)1 of \d+ mails.*\+next: Sleep"):
        verify(story.expectations, wrong)


def test_an_answer_that_was_taken_from_a_machines_mail_is_an_error() -> None:
    notice = Expectation("<1@x>", "ines@demo.example", START, "auto-reply", "outlook")
    with pytest.raises(Misunderstood):
        verify([notice], lambda _: {"done": "out of office"})


def test_the_first_configuration_is_valid(folder: Path, story: Story) -> None:
    setup = config.load(folder / "config.yaml").setup
    assert len(setup.people) == 8
    assert len({person.zone.key for person in setup.people.values()}) == 4
    assert [series.name for series in setup.series if series.kind == "review"]


def test_calendars_begin_with_what_a_calendar_program_can_read(folder: Path, story: Story) -> None:
    files = list((folder / "calendars").glob("*/*.ics"))
    assert len(files) > 15
    for path in files:
        assert icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")


def test_pages_are_written_for_everybody_and_load_nothing_from_elsewhere(folder: Path, story: Story) -> None:
    index = build(folder)
    pages = list((folder / "pages").rglob("*.html"))
    names = {page.name for page in pages}
    assert index.name in names
    assert {"timeline.html", "inbox-ada-demo.example.html", "calendar-sam-demo.example.html"} <= names
    for page in pages:
        text = page.read_text("utf-8")
        assert "src=" not in text
        assert "<script" not in text
        assert "http" not in text.partition("<main")[0]
    assert (folder / "try" / "reply.eml").exists()


def test_pages_show_what_was_stored_otherwise(folder: Path, story: Story) -> None:
    some = next(each for each in story.expectations if each.what == "reply")
    build(folder, lambda message_id: {"done": "Slept"} if message_id == some.message_id else {})
    pages = (folder / "pages" / "mail").glob("*.html")
    assert any("stored: Slept" in page.read_text("utf-8") for page in pages)


def test_pages_of_an_empty_folder_say_that_nothing_happened(tmp_path: Path) -> None:
    lay_out(tmp_path, START)
    assert "Try next" in build(tmp_path).read_text("utf-8")


def test_an_invitation_is_accepted_in_the_persons_own_copy(tmp_path: Path) -> None:
    lay_out(tmp_path, START)
    path = tmp_path / "calendars" / "claire@demo.example" / "review.ics"
    path.write_text(INVITATION.replace("\n", "\r\n"))
    cast = Cast(tmp_path, START, 7)
    now = START
    done: list[str] = []
    cast.read_new_mail(now)
    while (due := cast.next_reply_at()) is not None:
        now = due
        done += [each.what for each in cast.deliver_due(now)]
        cast.read_new_mail(now)
    assert done == ["accepted", "declined"]
    series, declined = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert series["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert declined["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    assert series.decoded("DTSTART") + timedelta(days=7) == declined.decoded("RECURRENCE-ID")


def test_a_question_about_a_meeting_is_answered_for_that_meeting() -> None:
    at = datetime(2026, 11, 10, 9, tzinfo=UTC)
    lead_in = "1:1 Mia and Sam, Tue 17 Nov\n\n1. What should you talk about?\n\n1:1 Mia and Ines, Tue 17 Nov"
    mail = prompt(MIA, at, "Two agendas", ["agenda-call"], ["agenda-call/points"] * 2, lead_in)
    plan = script.turn(script.players(7)[MIA], mail, at)
    assert plan is not None
    points = script.read("meetings.yaml")
    assert [text for _, text in plan.said] == [
        points["mia+sam"]["points"]["mia"][0],
        points["mia+ines"]["points"]["mia"][0],
    ]


def test_somebody_who_waits_for_the_reminder_answers_it_and_only_it() -> None:
    at = datetime(2026, 11, 10, 9, tzinfo=UTC)
    lee = script.players(7)["lee@demo.example"]
    lee.counts["check-in"] = 5
    asked = prompt(lee.address, at)
    reminder = prompt(lee.address, at, kinds=["reminder"])
    assert script.turn(lee, asked, at) is None
    assert script.turn(lee, reminder, at) is not None
    assert script.turn(lee, reminder, at) is None


INVITATION = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:review
DTSTAMP:20261109T000000Z
DTSTART;TZID=Europe/Berlin:20261118T140000
DTEND;TZID=Europe/Berlin:20261118T144500
RRULE:FREQ=WEEKLY;BYDAY=WE
SUMMARY:Platform review
ORGANIZER:mailto:ada@demo.example
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:claire@demo.example
END:VEVENT
END:VCALENDAR
"""
