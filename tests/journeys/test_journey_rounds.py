"""A team's rounds, mail by mail: who is asked, reminded and told, and what every kind of reply does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.demo import machines
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender
from tests.journeys.office import check_invariants, office, utc

MIA, SAM, LEE = "mia@example.com", "sam@example.com", "lee@example.com"
SUNDAY = utc("2026-11-22 12:00")

PEOPLE = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: product}
"""
CHECK_IN = (
    PEOPLE
    + """
rounds:
  - {kind: check-in, team: product, at: "09:00"}
"""
)


def monday(clock: str) -> datetime:
    return utc(f"2026-11-23 {clock}")


def tuesday(clock: str) -> datetime:
    return utc(f"2026-11-24 {clock}")


def numbered(done: str, coming: str = "More of it", blockers: str = "Nothing") -> str:
    return f"1. {done}\n2. {coming}\n3. {blockers}"


def test_each_is_asked_at_their_own_nine_only_the_silent_are_reminded_and_the_digest_names_them(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        assert [(x.at.hour, x.at.minute) for x in it.inbox(MIA, "check-in")] == [(9, 0)]
        assert [(x.at.hour, x.at.minute) for x in it.inbox(SAM, "check-in")] == [(9, 0)]
        assert it.inbox(SAM, "check-in")[0].at.astimezone(UTC) == monday("09:00")
        assert it.reply(it.last(MIA, "check-in"), numbered("Seat map is live")) == [], "routine answers get no receipt"
        assert it.reply(it.last(SAM, "check-in"), numbered("Harbours imported"), client=Client.OUTLOOK) == []
        it.until(monday("23:00"))
        assert [len(it.inbox(who, "reminder")) for who in (MIA, SAM, LEE)] == [0, 0, 1]
        assert it.inbox(LEE, "reminder")[0].at.hour == 11, "after half the window"
        for who in (MIA, SAM, LEE):
            digest = it.inbox(who, "digest")
            assert len(digest) == 1
            assert digest[0].at.astimezone(UTC) == monday("12:00"), "when the last window has closed"
            assert "Seat map is live" in digest[0] and "Harbours imported" in digest[0] and "Lee" in digest[0]
            assert "Seat map is live" in digest[0].html
        check_invariants(it)


def test_the_digest_leaves_as_soon_as_the_last_answer_is_in(tmp_path: Path) -> None:
    """Where the week is told within two hours it waits for that: once a week one mail instead of two."""
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:10"))
        for who in (MIA, LEE, SAM):
            it.reply(it.last(who, "check-in"), numbered(f"Work of {who}"))
        assert [len(it.inbox(who, "digest")) for who in (MIA, SAM, LEE)] == [0, 0, 0]
        it.until(tuesday("09:10"))
        assert [(x.at.hour, x.at.minute) for who in (MIA, SAM, LEE) for x in it.inbox(who, "digest")] == [(11, 0)] * 3
        for who in (MIA, LEE, SAM):
            it.reply(it.last(who, "check-in"), numbered(f"Work of {who}"))
        assert [len(it.inbox(who, "digest")) for who in (MIA, SAM, LEE)] == [2, 2, 2]
        assert [len(it.inbox(who, "reminder")) for who in (MIA, SAM, LEE)] == [0, 0, 0]


def test_a_second_reply_corrects_the_first_and_the_receipt_says_so(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        prompt = it.last(MIA, "check-in")
        it.reply(prompt, numbered("The wrong thing", "Rest"))
        (receipt,) = it.reply(prompt, "1. The right thing")
        assert receipt.kinds == ("receipt",)
        assert "instead of what you wrote before" in receipt and "The right thing" in receipt
        it.until(monday("13:00"))
        digest = it.last(SAM, "digest")
        assert "The right thing" in digest and "Rest" in digest and "The wrong thing" not in digest
        assert it.rows("SELECT text, newest FROM answers WHERE question = 'done' ORDER BY id") == [
            ("The wrong thing", 0),
            ("The right thing", 1),
        ], "all versions are kept"


def test_a_late_answer_is_kept_marked_and_shown_in_the_next_digest(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("15:00"))
        (receipt,) = it.reply(it.last(LEE, "check-in"), numbered("Forgot to say: the ferry floats"))
        assert "after the others had theirs" in receipt
        it.until(tuesday("08:30"))
        it.reply(it.last(MIA, "check-in"), numbered("Tuesday work"))
        it.until(tuesday("15:00"))
        assert "the ferry floats" not in it.inbox(SAM, "digest")[0]
        assert "the ferry floats" in it.inbox(SAM, "digest")[1]
        assert it.rows("SELECT state, late FROM prompts WHERE person = ? ORDER BY id", LEE)[0] == ("missed", 1)


def test_a_prompt_that_is_three_hours_late_is_dropped_and_noted(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("07:00"))
        it.sleep_until(monday("11:05"))
        it.until(monday("23:00"))
        assert it.inbox(MIA, "check-in") == [] and it.inbox(LEE, "check-in") == [], "asked for 08:00 UTC"
        assert it.inbox(SAM, "check-in") == [], "asked for 09:00 UTC"
        assert {row[0] for row in it.rows("SELECT reason FROM prompts")} == {"late"}
        it.until(tuesday("09:30"))
        assert "I was out of order when I should have asked last time" in it.last(MIA, "check-in")
        check_invariants(it)


def test_an_hour_late_is_still_asked(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("07:00"))
        it.sleep_until(monday("09:05"))
        it.until(monday("09:30"))
        assert [len(it.inbox(who, "check-in")) for who in (MIA, SAM, LEE)] == [1, 1, 1]


TWO_TEAMS = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Europe/Berlin, teams: [product, platform]}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: platform, lead: true}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
  - kind: check-in
    team: platform
    at: "09:00"
    questions: [What did you ship?, {key: blockers, text: What hurts?, short: Pain, type: blocker}]
    extra: [{text: What should we stop doing?, every: Tuesday}]
    rotating: [What did you learn?, Who helped you?]
"""


def test_who_is_in_two_teams_gets_one_mail_and_the_answers_go_to_each_team(tmp_path: Path) -> None:
    both = TWO_TEAMS.split("    questions:", maxsplit=1)[0]
    with office(tmp_path, both, SUNDAY) as it:
        it.until(monday("08:10"))
        assert len(it.inbox(SAM, "check-in")) == 1
        assert it.last(SAM, "check-in").asked == ("check-in/done", "check-in/next", "check-in/blockers")
        it.reply(it.last(SAM, "check-in"), numbered("Did it for everybody"))
        it.until(monday("13:00"))
        assert "Did it for everybody" in it.last(MIA, "digest")
        assert "Did it for everybody" in it.last(LEE, "digest")
        check_invariants(it)


def test_a_team_has_its_own_questions_with_extra_and_rotating_ones(tmp_path: Path) -> None:
    with office(tmp_path, TWO_TEAMS, SUNDAY) as it:
        it.until(tuesday("08:30"))
        first, second = it.inbox(LEE, "check-in")
        assert "What did you ship?" in first and "What hurts?" in first
        assert "What are you" not in first and "What is on for today" not in first
        assert "What did you learn?" in first and "What should we stop doing?" not in first
        assert "Who helped you?" in second and "What should we stop doing?" in second
        (two,) = [x for x in it.inbox(SAM, "check-in") if x.at.date() == first.at.date()]
        assert "What is on for today" in two and "What did you ship?" in two, "both teams' questions in one mail"


def test_what_only_one_team_asked_goes_to_that_team_alone(tmp_path: Path) -> None:
    with office(tmp_path, TWO_TEAMS, SUNDAY) as it:
        it.until(monday("08:30"))
        prompt = it.last(SAM, "check-in")
        numbers = {key: number for number, key in enumerate(prompt.asked, 1)}
        shipped = next(number for key, number in numbers.items() if "ship" in key)
        it.reply(prompt, f"{numbers['check-in/done']}. For product\n{shipped}. Zanzibar cluster")
        it.until(monday("13:00"))
        assert "Zanzibar cluster" in it.last(LEE, "digest") and "For product" not in it.last(LEE, "digest")
        assert "For product" in it.last(MIA, "digest") and "Zanzibar cluster" not in it.last(MIA, "digest")


def test_two_questions_about_blockers_in_one_mail_are_told_apart(tmp_path: Path) -> None:
    with office(tmp_path, TWO_TEAMS, SUNDAY) as it:
        it.until(monday("08:30"))
        prompt = it.last(SAM, "check-in")
        first, second = (number for number, key in enumerate(prompt.asked, 1) if key == "check-in/blockers")
        it.reply(prompt, f"{first}. The platform burns\n{second}. Nothing")
        assert it.rows("SELECT context, text FROM records") == [("platform", "The platform burns")]


def test_unnumbered_paragraphs_to_a_mail_with_different_readers_are_asked_about_not_guessed(tmp_path: Path) -> None:
    with office(tmp_path, TWO_TEAMS, SUNDAY) as it:
        it.until(monday("08:30"))
        (receipt,) = it.reply(it.last(SAM, "check-in"), "Zanzibar cluster is up.\n\nKilimanjaro is next.\n\nNothing.")
        assert receipt.kinds == ("receipt",) and "did not guess" in receipt
        it.until(monday("13:00"))
        for who in (MIA, LEE):
            digest = it.last(who, "digest")
            assert "Zanzibar" not in digest.text and "Kilimanjaro" not in digest.text


def test_changed_questions_of_a_team_are_asked_from_the_next_time_on(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("12:30"))
        it.reconfigure(CHECK_IN.replace('at: "09:00"}', 'at: "10:00", questions: [What made you smile?]}'))
        it.until(tuesday("10:30"))
        prompt = it.last(MIA, "check-in")
        assert (prompt.at.hour, prompt.at.minute) == (10, 0)
        assert "What made you smile?" in prompt and "Anything in your way" not in prompt


def test_stop_and_resume(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        (receipt,) = it.reply(it.last(LEE, "check-in"), "stop")
        assert "I have stopped" in receipt and "resume" in receipt
        it.until(tuesday("16:00"))
        assert len(it.inbox(LEE, "check-in")) == 1 and it.inbox(LEE, "reminder") == []
        (back,) = it.write(LEE, "resume")
        assert back.kinds == ("receipt",)
        it.until(utc("2026-11-25 08:30"))
        assert len(it.inbox(LEE, "check-in")) == 2


def test_skip_leaves_out_this_one_and_nobody_is_reminded(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        (receipt,) = it.reply(it.last(LEE, "check-in"), "skip today")
        assert "Skipped" in receipt
        it.until(tuesday("08:30"))
        assert it.inbox(LEE, "reminder") == []
        assert it.rows("SELECT state, reason FROM prompts WHERE person = ? ORDER BY id", LEE)[0] == ("skipped", "asked")
        assert len(it.inbox(LEE, "check-in")) == 2, "tomorrow comes as usual"


def test_help_says_what_a_reply_can_do_and_what_comes_next(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        (answer,) = it.write(LEE, "help")
        assert answer.kinds == ("help",)
        assert "away until Monday" in answer and "Check-in" in answer


def test_done_closes_ones_own_action_and_never_somebody_elses(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        it.reply(it.last(LEE, "check-in"), numbered("A", "B", "The staging database is down"))
        ((number, owner),) = it.rows("SELECT id, owner FROM records WHERE kind = 'blocker'")
        assert owner == LEE
        (refused,) = it.write(SAM, f"done {number}")
        assert "belongs to somebody else" in refused
        assert it.rows("SELECT state FROM records") == [("open",)]
        (closed,) = it.write(LEE, f"done {number}")
        assert "The staging database is down" in closed
        assert it.rows("SELECT state FROM records") == [("done",)]
        (unknown,) = it.write(LEE, "done 4711")
        assert "no number 4711" in unknown


def test_a_stranger_gets_no_answer_and_changes_nothing(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        assert it.write("mallory@evil.example", numbered("I am in")) == []
        it.reply(it.last(LEE, "check-in"), numbered("I am in"), sender="mallory@evil.example")
        it.until(monday("16:00"))
        assert not (it.data / "mail" / "mallory@evil.example").exists()
        assert it.rows("SELECT count(*) FROM answers") == [(0,)]
        assert it.rows("SELECT state, reason FROM inbound") == [("ignored", "sender is nobody we know")] * 2


def test_a_reply_from_another_address_of_ours_with_somebodys_token_answers_nothing_of_theirs(tmp_path: Path) -> None:
    """A forwarded prompt carries the token: whoever holds it is still only themselves."""
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        it.reply(it.last(LEE, "check-in"), numbered("Written by Mia, who was forwarded this"), sender=MIA)
        assert LEE not in {row[0] for row in it.rows("SELECT person FROM prompts JOIN answers ON prompts.id = prompt")}
        assert it.rows("SELECT state FROM prompts WHERE person = ?", LEE) == [("asked",)]


@pytest.mark.parametrize("name", ['"lee@example.com" <mallory@evil.example>', "lee@example.com <mallory@evil.example>"])
def test_a_from_line_that_only_looks_like_somebody_is_nobody(tmp_path: Path, name: str) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        raw = it.reply_bytes(it.last(LEE, "check-in"), numbered("I am Lee"))
        assert b"From: Lee Park <lee@example.com>" in raw
        it.put(raw.replace(b"From: Lee Park <lee@example.com>", b"From: " + name.encode()), LEE)
        assert it.rows("SELECT state FROM prompts WHERE person = ?", LEE) == [("asked",)]
        assert it.rows("SELECT count(*) FROM answers") == [(0,)]


def test_mail_that_answers_nothing_gets_one_helpful_reply_a_day(tmp_path: Path) -> None:
    with office(tmp_path, PEOPLE, SUNDAY) as it:
        it.until(monday("10:00"))
        first = it.write(LEE, "What a lovely day it is in the harbour!")
        assert [letter.kinds for letter in first] == [("help",)]
        assert it.write(LEE, "And again I say something.") == []
        it.until(tuesday("11:00"))
        assert len(it.write(LEE, "Once more with feeling.")) == 1


def test_automatic_replies_build_up_no_loop(tmp_path: Path) -> None:
    """Even one that carries no mark of a robot: every answer of ours is answered at once, a hundred times."""
    with office(tmp_path, PEOPLE, SUNDAY) as it:
        it.until(monday("10:00"))
        waiting = it.write(LEE, "Your request was received and has the number 123.")
        for _ in range(100):
            it.now += timedelta(minutes=1)
            waiting = [
                answer
                for letter in waiting
                for answer in it.put(it.reply_bytes(letter, "Your request was received and has the number 124."), LEE)
            ]
        assert len(it.inbox(LEE)) <= 4


def test_an_out_of_office_excuses_until_it_says_and_gets_no_answer(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        raw = machines.auto_reply(
            to_mail=it.last(LEE, "check-in").mail, sender=Sender("Lee Park", LEE), until=tuesday("12:00"),
            deputy="Mia Chen", now=it.now,
        )  # fmt: skip
        assert it.put(raw, LEE) == []
        it.until(utc("2026-11-25 08:30"))
        assert it.inbox(LEE, "reminder") == []
        assert [letter.at.day for letter in it.inbox(LEE, "check-in")] == [23, 25]
        assert "Lee" in it.inbox(MIA, "digest")[0]


def test_a_bounce_is_noted_for_the_operator_and_answered_to_nobody(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        full = machines.bounce(of=it.last(LEE, "check-in").mail, recipient=LEE, now=it.now)
        it.put(full.replace(b"5.2.2", b"5.1.1"), LEE)
        ((place, message),) = it.rows("SELECT place, message FROM problems")
        assert LEE in place and "came back" in message
        assert it.inbox(MIA, "notice") == [], "only once nothing more is sent there"
        assert len(it.inbox(LEE)) == 2, "the welcome and the question"


ONE_MAIL = (
    PEOPLE
    + """
rounds:
  - {kind: check-in, team: product, at: "09:00"}
  - {kind: weekly-update, team: product, at: "Mon 09:00", window: 6h}
"""
)


def test_what_is_due_together_is_one_mail_with_one_numbering(tmp_path: Path) -> None:
    with office(tmp_path, ONE_MAIL, SUNDAY) as it:
        it.until(monday("08:30"))
        (mail,) = [letter for letter in it.inbox(MIA) if "welcome" not in letter.kinds]
        assert mail.kinds == ("check-in", "weekly-update")
        assert len(mail.asked) == len(set(mail.asked)) == 7
        said = "\n".join(f"{number}. Answer {number} zz" for number in range(1, len(mail.asked) + 1))
        it.reply(mail, said)
        found = it.rows(
            "SELECT p.kind || '/' || a.question, a.text FROM answers a JOIN prompts p ON p.id = a.prompt ORDER BY a.id"
        )
        assert dict(found) == {key: f"Answer {number} zz" for number, key in enumerate(mail.asked, 1)}


def test_reminders_can_be_refused_by_reply(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        assert it.write(LEE, "no reminders")[0].kinds == ("receipt",)
        it.until(monday("16:00"))
        assert it.inbox(LEE, "reminder") == []
        assert len(it.inbox(SAM, "reminder")) == 1


@pytest.mark.parametrize("client", list(Client))
def test_a_check_in_is_read_from_every_mail_program(tmp_path: Path, client: Client) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("08:30"))
        it.reply(it.last(MIA, "check-in"), numbered("Painted the ferry", "Sell tickets", "no"), client=client)
        assert it.rows("SELECT question, text FROM answers ORDER BY id") == [
            ("done", "Painted the ferry"),
            ("next", "Sell tickets"),
            ("blockers", "no"),
        ]
