"""Polls, announcements and decisions, as a team lives them by mail."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from assistant.domain import audience
from assistant.store import polls
from tests.journeys.office import Letter, Office, check_invariants, office, utc

MIA, SAM, LEE, ANA, INES, TOM = (f"{name}@example.com" for name in ("mia", "sam", "lee", "ana", "ines", "tom"))
ALL = (MIA, SAM, LEE, ANA, INES)
TEAM = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: product}
  - {name: Ana Ruiz, email: ana@example.com, zone: Europe/Berlin, team: product, language: de}
  - {name: Ines Duarte, email: ines@example.com, zone: Europe/Berlin, teams: [product, sales]}
  - {name: Tom Weber, email: tom@example.com, zone: Europe/Berlin, team: sales, lead: true}
"""
SUNDAY, MONDAY = utc("2026-11-22 12:00"), utc("2026-11-23 09:00")
POLL = "poll: Where do we eat? a) Thai b) Pizza c) Canteen d) Sushi"


def day(number: int, clock: str = "09:00") -> datetime:
    return utc(f"2026-11-{number} {clock}")


def started(it: Office, text: str = POLL, author: str = MIA) -> Letter:
    """A poll, asked of everybody; the receipt of its author."""
    it.until(MONDAY)
    return receipt_of(it.write(author, text))


def receipt_of(letters: list[Letter]) -> Letter:
    (receipt,) = (letter for letter in letters if "receipt" in letter.kinds)
    return receipt


def test_an_open_poll_is_asked_voted_changed_and_told_with_a_picture(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        receipt = started(it)
        assert "5 people in Product" in receipt and "closes on Wednesday at 17:00" in receipt, (
            "two working days, at 17:00"
        )
        mails = [it.last(who, "poll") for who in ALL]
        assert it.inbox(TOM, "poll") == []
        assert "b) Pizza" in mails[0] and "Where do we eat?" in mails[1] and "Mia Chen" in mails[1]
        assert "sieht, wer was gewählt hat" in mails[3]
        assert it.reply(mails[0], "b") == [], "a routine vote needs no answer"
        assert it.reply(mails[1], "2") == []
        assert it.reply(mails[2], "Thai, please") == []
        (changed,) = it.reply(mails[2], "d")
        assert "Your vote is now: Sushi" in changed
        assert it.reply(mails[3], "Sushi") == []
        it.until(day(24, "15:00"))
        assert [len(it.inbox(who, "reminder")) for who in ALL] == [0, 0, 0, 0, 1], "only who has not voted"
        it.reply(it.last(INES, "reminder"), "vote b")
        it.until(day(24, "16:00"))
        for who in ALL:
            result = it.last(who, "poll-result")
            assert "Pizza" in result and "Mia Chen" in result
        mail = it.last(MIA, "poll-result")
        assert "Pizza: that is the choice, with 3 votes." in mail
        assert "5 of 5 voted" in mail and "Sam Osei" in mail
        pictures = [part for part in mail.mail.walk() if part.get_content_type() == "image/png"]
        assert len(pictures) == 1
        assert pictures[0].get_content().startswith(b"\x89PNG")
        name = str(pictures[0]["Content-ID"]).strip("<>")
        assert f'src="cid:{name}"' in mail.html and 'alt="Bars: Thai 0, Pizza 3' in mail.html
        (late,) = it.reply(mails[0], "a")
        assert "closed" in late
        assert polls.open_polls(it.house.db) == []
        check_invariants(it)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("9", "no such option"),
        ("a and c", "Only one choice"),
        ("not pizza", "no clear vote"),
        ("I have no idea what this is about, sorry", "no clear vote"),
    ],
)
def test_what_is_no_vote_gets_one_clear_answer_and_counts_nothing(tmp_path: Path, said: str, told: str) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        started(it)
        (receipt,) = it.reply(it.last(SAM, "poll"), said)
        assert told in receipt
        assert it.rows("SELECT count(*) FROM answers") == [(0,)]
        assert it.rows("SELECT state FROM prompts WHERE person = ?", SAM) == [("asked",)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("poll: Where do we eat?", "at least two options"),
        ("poll: Where do we eat? a) Thai b) thai", "there twice"),
        ("poll for product: When? a) now b) later until 20 November", "20 Nov 2027 is too far off"),
        ("poll: Which?\n" + "\n".join(f"- number {n}" for n in range(41)), "40 options at most"),
        ("secret poll for sales: Who? a) Tom b) Ines", "needs five people"),
    ],
)
def test_a_poll_that_cannot_be_is_refused_with_its_reason(tmp_path: Path, text: str, told: str) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        receipt = started(it, text, INES)
        assert told in receipt
        assert it.rows("SELECT count(*) FROM polls") == [(0,)]
        assert it.inbox(SAM, "poll") == []


def test_who_was_not_asked_cannot_vote(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        started(it)
        (receipt,) = it.write(TOM, "vote 2")
        assert "No poll is open for you" in receipt
        it.reply(it.last(SAM, "poll"), "b", sender=TOM)
        assert it.rows("SELECT count(*) FROM answers") == [(0,)]


def test_forty_options_are_numbered_and_voted_by_number(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        started(it, "poll: Which?\n" + "\n".join(f"- choice {n} of ours" for n in range(1, 41)))
        mail = it.last(SAM, "poll")
        assert "40) choice 40 of ours" in mail
        assert it.reply(mail, "40") == []
        it.write(MIA, "close the poll")
        it.until(day(23, "09:30"))
        assert "choice 40 of ours: that is the choice, with 1 vote." in it.last(SAM, "poll-result")


def test_prose_below_options_in_a_row_is_no_option(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        receipt = started(it, "ranked poll: Which first? a) one b) two\nWe need it soon.")
        assert "Which first? We need it soon." in receipt
        it.tick()
        mail = it.last(SAM, "poll")
        assert "b) two" in mail and "c)" not in mail.text


def test_in_two_teams_the_author_chooses_or_names_one(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        receipt = started(it, POLL, INES)
        assert "1. Product" in receipt.text and "2. Sales" in receipt.text
        settled = receipt_of(it.reply(receipt, "2"))
        assert "2 people in Sales" in settled
        named = receipt_of(it.write(INES, "poll for product: When? a) now b) later"))
        assert "5 people in Product" in named
        it.tick()
        (both,) = it.write(INES, "vote 1")
        assert "Several polls are open" in both


def test_only_its_author_or_the_lead_closes_a_poll(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        started(it, author=SAM)
        (refused,) = it.reply(it.last(LEE, "poll"), "close the poll")
        assert "Sam Osei started this poll" in refused
        done = receipt_of(it.reply(it.last(MIA, "poll"), "close the poll"))
        assert "The poll is closed" in done
        it.until(day(23, "10:00"))
        assert "Nobody voted" in it.last(SAM, "poll-result")
        check_invariants(it)


def test_a_ranked_poll_is_counted_in_turns_and_a_tie_is_named(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        receipt = started(it, "ranked poll: Where? a) Lisbon b) Porto c) Faro")
        for who, said in zip(ALL, ("a > b", "a", "b", "b > a", "c > b"), strict=True):
            it.reply(it.last(who, "poll"), said)
            assert it.inbox(who, "receipt") == ([receipt] if who == MIA else [])
        it.until(day(23, "10:00"))
        result = it.last(SAM, "poll-result")
        assert "Porto: that is the choice." in result
        assert "Lisbon 2, Porto 2, Faro 1; out: Faro" in result
        tied = receipt_of(it.write(MIA, "poll: Tea or coffee? a) Tea b) Coffee"))
        it.tick()
        for who, said in ((MIA, "a"), (SAM, "b")):
            it.reply(it.last(who, "poll"), said)
        it.until(day(26, "09:00"))
        assert "A tie between Tea and Coffee." in it.last(MIA, "poll-result")
        assert "5 people" in tied


def test_a_secret_poll_tells_counts_of_five_or_nothing(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        started(it, "secret poll: Who hosts? a) Sam b) Ana")
        for who in ALL:
            receipt = receipt_of(it.reply(it.last(who, "poll"), "b" if who == SAM else "a"))
            taken = "Deine Stimme ist aufgenommen" if who == ANA else "Your vote is taken"
            assert taken in receipt and "Sam" not in receipt.text.partition("-- ")[0].replace("Sam,", "")
        it.until(day(23, "10:00"))
        result = it.last(MIA, "poll-result")
        assert "Sam: 4 votes" in result and "Ana: 1 vote" in result
        assert "Lee Park" not in result.text
        it.write(MIA, "secret poll: Again? a) Yes b) No")
        it.tick()
        for who in (MIA, SAM, LEE, INES):
            it.reply(it.last(who, "poll"), "a")
        it.until(day(26, "09:00"))
        few = it.last(MIA, "poll-result")
        assert "Fewer than five voted" in few and "4" not in few.text.split("\n-- ")[0]
        check_invariants(it)


# --- Announcements


def test_an_announcement_reaches_all_is_read_by_a_word_and_told_to_its_author(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        it.until(MONDAY)
        (refused,) = it.write(SAM, "announce: free cake in the kitchen")
        assert "whoever leads a team, here Mia Chen" in refused
        (receipt,) = it.write(MIA, "announce: The office moves on 1 December.\nPack your desk.")
        assert "4 people in Product" in receipt
        it.tick()
        mail = it.last(SAM, "announced")
        assert "Pack your desk." in mail and it.inbox(MIA, "announced") == []
        assert it.reply(mail, "read") == []
        assert it.reply(it.last(ANA, "announced"), "gelesen") == []
        (heard,) = it.reply(it.last(LEE, "announced"), "Do we get boxes for the monitors?")
        assert "Your words went no further" in heard and "Mia Chen" in heard
        it.until(day(25, "12:00"))
        told = it.last(MIA, "read-by")
        assert "3 of 4" in told and "Ines Duarte" in told
        assert [len(it.inbox(who, "announced")) for who in (SAM, LEE, ANA, INES)] == [1, 1, 1, 2]
        assert "in case it slipped by" in it.last(INES, "announced")
        it.until(day(27, "12:00"))
        assert len(it.inbox(INES, "announced")) == 2 and len(it.inbox(MIA, "read-by")) == 1
        check_invariants(it)


def test_the_weekly_announcements_take_read_too(tmp_path: Path) -> None:
    weekly = TEAM + 'rounds:\n  - {kind: announcement, team: product, at: "Mon 09:30"}\n'
    with office(tmp_path, weekly, SUNDAY) as it:
        it.until(day(23, "08:45"))
        it.reply(it.last(MIA, "announcement"), "The budget is through.")
        it.until(day(23, "11:00"))
        digest = it.last(SAM, "digest")
        assert "The budget is through." in digest and "“read”" in digest
        assert it.reply(digest, "read") == []
        it.until(day(25, "12:00"))
        assert "1 of 4" in it.last(MIA, "read-by")


# --- Decisions


def test_a_decision_is_asked_with_all_that_it_needs_and_told_to_the_team(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        it.until(MONDAY)
        text = (
            "decision needed: Which database do we take? by Friday\nStakes: the launch in spring\n"
            "Options: Postgres, MySQL\nCost: two weeks of Sam\nBoth run here already."
        )
        (receipt,) = it.write(SAM, text)
        assert "on its way to Mia Chen" in receipt
        it.tick()
        asked = it.last(MIA, "decision")
        for words in (
            "a) Postgres",
            "b) MySQL",
            "the launch in spring",
            "two weeks of Sam",
            "on Friday at 18:00",
            "Both run",
        ):
            assert words in asked, words
        (back,) = it.reply(asked, "How much does MySQL cost in a year?")
        assert "reads like a question" in back and it.rows("SELECT count(*) FROM records") == [(0,)]
        it.until(day(26, "17:30"))
        assert len(it.inbox(MIA, "reminder")) == 1, "a day before"
        (done,) = it.reply(it.last(MIA, "reminder"), "b")
        assert "Decided: MySQL" in done
        it.until(day(27, "10:00"))
        for who in (SAM, LEE, INES):
            assert "MySQL" in it.last(who, "decided")
        assert it.inbox(MIA, "decided") == []
        assert it.rows("SELECT kind, text, audience FROM records") == [
            ("decision", "Which database do we take? MySQL", audience.team("product"))
        ]
        (again,) = it.reply(asked, "a")
        assert "Decided anew: Postgres" in again
        it.until(day(27, "12:00"))
        assert "has decided anew" in it.last(SAM, "decided")
        (found,) = it.write(LEE, "what did we decide about database")
        assert "Postgres" in found and "MySQL" not in found
        check_invariants(it)


def test_what_is_missing_is_asked_of_the_author_once_and_then_it_goes_on(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        it.until(MONDAY)
        (gaps,) = it.write(SAM, "decision needed: Do we hire a second designer")
        assert gaps.kinds == ("decision-details",)
        assert "What is at stake?" in gaps and "Until when" in gaps and "Who decides" not in gaps
        it.reply(gaps, "1. The release\n2. Yes, No, later\n3. 60k a year\n4. Thursday")
        it.tick()
        asked = it.last(MIA, "decision")
        assert "60k a year" in asked and "c) later" in asked and "on Thursday at" in asked and "Not told" not in asked
        it.reply(asked, "Yes, but only from spring on")
        it.until(day(23, "10:30"))
        assert "Yes" in it.last(LEE, "decided")


def test_nobody_answers_and_the_day_passes(tmp_path: Path) -> None:
    with office(tmp_path, TEAM, SUNDAY) as it:
        it.until(MONDAY)
        it.write(SAM, "decision needed: Do we hire a second designer? by Wednesday\ndecides: Lee")
        it.until(day(24, "10:00"))
        asked = it.last(LEE, "decision")
        assert "Not told: what is at stake, the options and what it costs." in asked
        it.until(day(26, "10:00"))
        assert "still open" in it.last(LEE, "decided") and "has not decided yet" in it.last(SAM, "decided")
        (done,) = it.reply(it.last(LEE, "decided"), "We do, from January")
        assert "Decided: We do, from January" in done
        it.until(day(26, "12:00"))
        assert "We do, from January" in it.last(MIA, "decided")


def test_a_decision_of_a_team_is_kept_and_in_its_next_digest_and_rollup(tmp_path: Path) -> None:
    rounds = TEAM + 'rounds:\n  - {kind: check-in, team: product, at: "09:00"}\n'
    with office(tmp_path, rounds, SUNDAY) as it:
        it.until(day(23, "08:30"))
        (receipt,) = it.write(LEE, "decision: we go with Postgres")
        assert "Kept as decided: we go with Postgres" in receipt
        it.reply(
            it.last(SAM, "check-in") if it.inbox(SAM, "check-in") else it.last(MIA, "check-in"), "1. x\n2. y\n3. no"
        )
        it.until(day(23, "14:00"))
        assert "we go with Postgres" in it.last(MIA, "digest")
        it.until(day(24, "14:00"))
        assert "we go with Postgres" not in it.last(MIA, "digest"), "told once"
        it.until(day(30, "12:00"))
        assert "we go with Postgres" in it.last(MIA, "rollup")
