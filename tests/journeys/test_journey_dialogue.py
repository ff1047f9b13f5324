"""What people set, look up and ask about by mail, and what it changes."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from tests.journeys.office import check_invariants, office
from tests.journeys.test_journey_rounds import CHECK_IN, LEE, MIA, SAM, SUNDAY, monday, numbered, tuesday

PAIR = CHECK_IN + "series:\n  - {kind: one-on-one, managers: all, every: week, length: 30 min}\n"


def test_who_asks_to_be_asked_at_another_time_is_from_the_next_day_on(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        [receipt] = it.reply(it.last(SAM, "check-in"), f"{numbered('Imported')}\n\nat 10:30 from now on")
        assert "comes at 10:30, your time: Check-in." in receipt
        it.until(tuesday("12:00"))
        assert [f"{letter.at:%H:%M}" for letter in it.inbox(SAM, "check-in")] == ["09:00", "10:30"]
        assert [f"{letter.at:%H:%M}" for letter in it.inbox(MIA, "check-in")] == ["09:00", "09:00"]
        check_invariants(it)


def test_a_wish_outlives_a_restart_and_a_new_configuration(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), "check-in at 10:30")
        it.close()
        it.open()
        it.reconfigure(CHECK_IN + "rollup: Tue 11:00\n")
        it.until(tuesday("12:00"))
        assert f"{it.last(SAM, 'check-in').at:%H:%M}" == "10:30"


def test_who_travels_is_asked_at_nine_where_they_are_and_at_home_again_afterwards(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        [receipt] = it.reply(it.last(LEE, "check-in"), "I am in New York from Tuesday until Wednesday")
        assert "From Tue 24 Nov to Wed 25 Nov I go by the time in New York" in receipt
        it.until(tuesday("23:00"))
        asked = [letter.at.astimezone(UTC) for letter in it.inbox(LEE, "check-in")]
        assert asked == [monday("08:00"), tuesday("14:00")]
        it.until(tuesday("23:00").replace(day=26))
        assert it.inbox(LEE, "check-in")[-1].at.astimezone(UTC) == tuesday("08:00").replace(day=26)


def test_hours_and_language_are_set_by_a_reply_and_the_receipt_is_in_the_new_one(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        [receipt] = it.reply(it.last(MIA, "check-in"), "my hours 7-15")
        assert "Your working hours are 07:00 to 15:00 from now on." in receipt
        [receipt] = it.reply(it.last(MIA, "check-in"), "auf Deutsch")
        assert "Ich schreibe dir ab jetzt auf Deutsch." in receipt
        it.until(tuesday("09:30"))
        assert "Was steht heute an?" in it.last(MIA, "check-in") or "heute" in it.last(MIA, "check-in").text


def test_a_search_finds_what_the_asker_may_read_and_nothing_of_others(tmp_path: Path) -> None:
    with office(tmp_path, PAIR, SUNDAY) as it:
        it.until(tuesday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Fixed the staging outage"))
        call = next(letter for letter in it.inbox(SAM, "agenda-call"))
        it.reply(call, "4. My staging salary")
        [found] = it.write(LEE, "search staging")
        assert found.kinds == ("found",)
        assert "Fixed the staging outage" in found
        assert "salary" not in found.text
        [found] = it.write(MIA, "search staging")
        assert "My staging salary" in found
        [none] = it.write(LEE, "search salary")
        assert "that you may read" in none
        check_invariants(it)


def test_an_answer_is_kept_by_its_number_and_found_by_the_next_who_asks(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Deploys: run ship.sh on the old box"))
        [found] = it.write(LEE, "search deploys")
        [receipt] = it.reply(found, "1")
        assert "Kept for the next who asks: Deploys: run ship.sh" in receipt
        [faq] = it.write(MIA, "search faq deploys")
        assert "run ship.sh" in faq
        assert "Sam Osei" in faq


def test_what_somebody_did_in_a_month_is_answered_from_their_own_words(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Imported the harbours", coming="The quays"))
        it.reply(it.last(MIA, "check-in"), numbered("Seat map"))
        [found] = it.write(SAM, "what did I do in November?")
        assert "Imported the harbours" in found
        assert "quays" not in found.text
        assert "Seat map" not in found.text


def test_why_tells_what_caused_a_mail_who_reads_it_and_how_to_stop_it(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        [why] = it.reply(it.last(SAM, "check-in"), "Why did I get this?")
        assert why.kinds == ("why",)
        assert "because you belong to Product, which has this: Check-in." in why
        assert "Lee Park and Mia Chen" in why
        it.until(monday("12:00"))
        reminder = it.last(LEE, "reminder")
        [why] = it.reply(reminder, "why?")
        assert "I had no answer to an earlier mail yet" in why
        check_invariants(it)


def test_only_the_first_answer_ever_is_thanked_for_with_how_it_was_read(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY, newcomers=True) as it:
        it.until(monday("09:30"))
        [receipt] = it.reply(it.last(SAM, "check-in"), numbered("Imported the harbours"))
        assert "This was your first answer, so here is how I took it:" in receipt
        assert "Imported the harbours" in receipt
        it.until(tuesday("09:30"))
        assert it.reply(it.last(SAM, "check-in"), numbered("The quays")) == []
        check_invariants(it)


TWO_SAMS = CHECK_IN.replace(
    "rounds:", "  - {name: Sam Reed, email: reed@example.com, zone: Europe/Berlin, team: product}\nrounds:"
)


def test_a_name_that_two_people_have_is_asked_about_and_a_number_settles_it(tmp_path: Path) -> None:
    with office(tmp_path, TWO_SAMS, SUNDAY) as it:
        [receipt] = it.write(MIA, "task: Write the report by Friday for Sam")
        assert "1. Sam Reed" in receipt or "1. Sam Osei" in receipt
        assert it.rows("SELECT count(*) FROM records") == [(0,)]
        number = 1 if "1. Sam Osei" in receipt else 2
        [done] = it.reply(receipt, f"{number}")
        assert "Write the report" in done
        assert it.rows("SELECT owner, text FROM records") == [(SAM, "Write the report")]
        it.until(monday("23:00"))
        check_invariants(it)


def test_each_offered_reading_is_done_by_its_number_and_none_before(tmp_path: Path) -> None:
    with office(tmp_path, TWO_SAMS, SUNDAY) as it:
        it.write(MIA, "task: Write the report by Friday")
        owner = MIA
        for number in (1, 2):
            [receipt] = it.write(MIA, "assign 1 to Sam")
            assert it.rows("SELECT owner FROM records") == [(owner,)]
            owner = SAM if f"{number}. Sam Osei" in receipt else "reed@example.com"
            it.reply(receipt, f"{number}")
            assert it.rows("SELECT owner FROM records") == [(owner,)]


@pytest.mark.parametrize("doubtful", ["back on Friday", "away from Wednesday", "out\nor not"])
def test_below_the_floor_nothing_is_done_until_yes_comes(tmp_path: Path, doubtful: str) -> None:
    changed = "SELECT (SELECT count(*) FROM absences), (SELECT count(*) FROM settings)"
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        before = it.rows(changed)
        [receipt] = it.write(SAM, doubtful)
        assert it.rows(changed) == before
        assert "Reply “yes” and I do it." in receipt
        [done] = it.reply(receipt, "yes")
        assert "I am not sure" not in done
        assert it.rows(changed) != before


def test_a_person_who_writes_of_an_absence_is_heard_and_told(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        [receipt] = it.reply(it.last(SAM, "check-in"), "I'm out of office tomorrow, back Friday.")
        assert "You are away from Tue 24 Nov to Thu 26 Nov." in receipt


def test_a_receipt_hangs_on_the_mail_that_called_for_it(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        for said in ("task: Write the report", "How many roads must a man walk down"):
            [receipt] = it.write(SAM, said, {"Message-ID": f"<{len(said)}@client.example>"})
            assert receipt.mail["In-Reply-To"] == f"<{len(said)}@client.example>"


def test_a_value_of_something_nobody_knows_is_answered_in_one_sentence(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        [receipt] = it.write(MIA, "KR9 45 %")
        assert receipt.kinds == ("receipt",)
        assert "Goals are not switched on here." in receipt
