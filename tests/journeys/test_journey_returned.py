"""Mails that come back, and machines that answer: what becomes of the address and of the answers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from assistant.cli import main
from assistant.demo import machines
from tests.journeys.office import Office, office, utc
from tests.journeys.test_journey_rounds import CHECK_IN, LEE, MIA, SAM, SUNDAY


def _returns(it: Office, letters: int) -> None:
    """Each of Lee's last mails comes back for good."""
    for letter in it.inbox(LEE)[-letters:]:
        full = machines.bounce(of=letter.mail, recipient=LEE, now=it.now)
        it.put(full.replace(b"5.2.2", b"5.1.1"), LEE)


def _until_suspended(it: Office) -> None:
    """Lee's check-ins of three mornings come back."""
    for day in (23, 24, 25):
        it.until(utc(f"2026-11-{day} 08:30"))
        _returns(it, 1)


def test_three_mails_that_come_back_suspend_the_address_and_the_operator_is_told_once(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        _until_suspended(it)
        before = len(it.inbox(LEE))
        it.until(utc("2026-11-26 18:00"))
        assert len(it.inbox(LEE)) == before, "no question, reminder or digest goes there"
        assert len(it.inbox(SAM, "check-in")) == 4, "the others are asked as ever"
        [notice] = [notice for notice in it.inbox(MIA, "notice") if LEE in notice]
        assert f"assistant resume {LEE}" in notice
        ((said,),) = it.rows("SELECT message FROM problems")
        assert "gets no more" in said


def test_a_mail_from_the_person_lifts_it(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        _until_suspended(it)
        answer = it.write(LEE, "help")
        assert answer, "what answers the mail goes there at once"
        it.until(utc("2026-11-26 08:30"))
        assert "check-in" in it.inbox(LEE)[-1].kinds
        assert it.rows("SELECT message FROM problems") == []
        _returns(it, 1)
        it.until(utc("2026-11-27 08:30"))
        assert "check-in" in it.inbox(LEE)[-1].kinds, "what came back before does not count any more"


def test_the_operator_lifts_it(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        _until_suspended(it)
        said = [
            CliRunner().invoke(main, ["--config", str(tmp_path / "config.yaml"), "resume", who]).output
            for who in (LEE, LEE, "nobody@example.com")
        ]
        assert said[0] == f"{LEE} gets mail again.\n"
        assert said[1] == f"{LEE} is not suspended.\n"
        assert "nobody@example.com is nobody" in said[2]
        it.until(utc("2026-11-26 08:30"))
        assert "check-in" in it.inbox(LEE)[-1].kinds


def test_mails_that_come_back_for_now_or_seldom_suspend_nobody(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        for day in (23, 24):
            it.until(utc(f"2026-11-{day} 08:30"))
            it.put(machines.bounce(of=it.last(LEE, "check-in").mail, recipient=LEE, now=it.now), LEE)
        _returns(it, 2)
        _returns(it, 2)
        it.until(utc("2026-11-25 08:30"))
        assert len(it.inbox(LEE, "check-in")) == 3, "the same mail counts once, however often it comes back"


MACHINE = "Hello and welcome to my mailbox. This text comes to everybody who writes here this week, from a rule."


def test_the_same_words_to_three_mails_at_once_are_a_machines(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.habits[LEE] = lambda letter: MACHINE
        it.answer_after = timedelta(seconds=20)
        it.until(utc("2026-11-24 12:00"))
        assert it.rows("SELECT class FROM inbound WHERE person = ? ORDER BY id", LEE)[-1] == ("auto-reply",)


def test_a_person_may_say_the_same_every_day(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.habits[LEE] = lambda letter: (
            "1. The import of the harbours\n2. The import of the harbours\n3. Nothing"
            if "check-in" in letter.kinds
            else None
        )
        it.until(utc("2026-11-25 12:00"))
        assert {row[0] for row in it.rows("SELECT class FROM inbound WHERE person = ?", LEE)} == {"human"}
