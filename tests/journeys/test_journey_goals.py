"""A quarter of goals by mail alone: drafted, improved, published, updated, in danger, revised, replaced and graded.

The next draft knows what was learned.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.office import Letter, Office, check_invariants, office, utc

MIA, SAM, LEE = "mia@example.com", "sam@example.com", "lee@example.com"
CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: platform, lead: true, language: de}
rounds:
  - {kind: check-in, team: product, every: Wednesday, at: "09:00"}
goals: {draft: 5 days, grade: 14 days}
"""
DRAFT = """Hi Ada,

I will make ordering effortless for small harbours as measured by
1. signups from 3,000 to 4,200 (weight 40, Sam)
2. NPS at least 40 (30 %, moonshot)
3. organise four workshops

Mia"""


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, list[Letter]]]]:
    """Lived through once; by name what came back to each reply."""
    said: dict[str, list[Letter]] = {}
    with office(tmp_path_factory.mktemp("goals"), CONFIG, utc("2026-12-24 12:00")) as it:
        it.until(utc("2026-12-28 13:00"))
        said["drafted"] = it.reply(it.last(MIA, "okr-draft"), DRAFT)
        it.until(utc("2026-12-28 13:30"))
        better = "KR3: launch the Spanish site by 15 March (team platform)\nKR2 Mia\nweights 50 20 30"
        said["improved"] = it.reply(it.last(MIA, "okr-design"), better)
        said["not the lead"] = it.write(SAM, "objective: Write better code")
        said["published"] = it.reply(it.last(MIA, "okr-design"), "publish")
        it.until(utc("2027-01-11 12:00"))
        said["first week"] = it.reply(it.last(SAM, "okr-update"), "1. 3,050")
        it.reply(it.last(LEE, "okr-update"), "KR3 20 %")
        it.until(utc("2027-01-13 12:00"))
        it.reply(it.last(SAM, "check-in"), "1. Imported the harbours (#KR1)\n2. More of it\n3. Nothing")
        it.until(utc("2027-01-18 12:00"))
        said["second week"] = it.reply(it.last(SAM, "okr-update"), "KR1 3,060, confidence 3 - the import is late")
        said["asked how"] = it.reply(it.last(SAM, "goal-danger"), "2")
        said["revised"] = it.reply(it.last(SAM, "goal-danger"), "revise KR1: 3,800 by 20 March")
        said["replaced"] = it.write(MIA, "replace KR2: 12 customer interviews by 15 March")
        said["too late for it"] = it.write(MIA, "KR2 44")
        it.until(utc("2027-01-25 12:00"))
        said["third week"] = it.reply(it.last(SAM, "okr-update"), "no change")
        said["by a check-in"] = it.write(SAM, "signups 3.4k")
        said["history"] = it.write(LEE, "Verlauf von KR1")
        said["own history"] = it.write(SAM, "history of KR1")
        it.until(utc("2027-03-19 12:00"))
        lesson = "3,800. Through the harbour fairs. Learned: adverts bring nobody."
        it.reply(it.last(SAM, "okr-grade"), lesson)
        it.reply(it.last(MIA, "okr-grade"), "7; learned: people like to talk")
        it.reply(it.last(LEE, "okr-grade"), "85 %, gelernt: früher übersetzen")
        it.until(utc("2027-04-08 12:00"))
        yield it, said


Quarter = tuple[Office, dict[str, list[Letter]]]


def test_leads_are_asked_for_drafts_before_the_cycle_in_their_own_language(quarter: Quarter) -> None:
    it, _ = quarter
    called = it.inbox(MIA, "okr-draft")[0]
    assert called.subject == "Goals for Q1 2027: Product"
    assert called.at.isoformat() == "2026-12-28T09:00:00+01:00", "five days before, on the next working day"
    assert "Be the first choice of small customers" in called, "the library offers a start"
    assert it.inbox(SAM, "okr-draft") == []
    assert it.inbox(LEE, "okr-draft")[0].subject == "Ziele für Q1 2027: Platform"


def test_a_draft_is_answered_as_understood_with_score_and_advice(quarter: Quarter) -> None:
    _, said = quarter
    (mail,) = said["drafted"]
    assert mail.kinds == ("okr-design",)
    assert "Make ordering effortless for small harbours" in mail
    assert "signups from 3,000 to 4,200: 3,000 → 4,200; roofshot; 38 % of the whole; Sam" in mail
    assert "Design: 71 of 100" in mail
    for advice in ("KR3: add a figure to reach", "KR2 and KR3: say who owns it", "KR3: this is something to do"):
        assert advice in mail


def test_a_reply_improves_the_draft_and_shows_what_it_needs_of_other_teams(quarter: Quarter) -> None:
    _, said = quarter
    (mail,) = said["improved"]
    assert "Design: 100 of 100" in mail
    assert "KR3 of Product needs Platform" in mail
    assert "organise" not in mail


def test_the_lead_publishes_and_everybody_is_told_once(quarter: Quarter) -> None:
    it, said = quarter
    (receipt,) = said["published"]
    assert "published" in receipt and "O1" in receipt
    for who in (MIA, SAM, LEE):
        (news,) = it.inbox(who, "goals")[:1]
        assert "signups from 3,000 to 4,200" in news
        assert len([letter for letter in it.inbox(who, "goals") if "goals" in letter.kinds]) == 1
    assert it.inbox(LEE, "goals")[0].subject == "Neue Ziele: Product"


def test_each_owner_is_asked_weekly_for_their_own_with_last_value_and_line(quarter: Quarter) -> None:
    it, said = quarter
    asked = it.inbox(SAM, "okr-update")
    assert [letter.at.weekday() for letter in asked] == [0] * len(asked) and len(asked) >= 9
    assert "KR1" in asked[0] and "KR2" not in asked[0] and "KR3" not in asked[0]
    assert "At 3,050 (4 % of the way) since Mon 11 Jan; the straight line would be at 19 %." in asked[2]
    assert said["first week"] == [], "a clear value gets no receipt"
    assert "KR3" in it.inbox(LEE, "okr-update")[0], "a team's key result is asked of its lead"


def test_danger_is_told_to_owner_and_lead_once_and_revised_by_reply(quarter: Quarter) -> None:
    it, said = quarter
    for who in (SAM, MIA):
        told = [letter for letter in it.inbox(who, "goal-danger") if "KR1" in letter.subject]
        assert told[0].at.date().isoformat() == "2027-01-18" and "the import is late" in told[0]
        assert len([letter for letter in told if letter.at.date() == told[0].at.date()]) == 1
    assert "revise KR1" in said["asked how"][-1]
    assert "KR1 has a new course: 3,800 instead of 4,200, by Sat 20 Mar." in said["revised"][-1]


def test_a_key_result_is_replaced_and_the_old_one_takes_no_values(quarter: Quarter) -> None:
    _, said = quarter
    assert "KR2 is replaced by KR4: 12 customer interviews by 15 March" in said["replaced"][-1]
    assert "takes no values any more: it is replaced" in said["too late for it"][-1]


def test_no_change_keeps_a_value_fresh_and_a_bare_name_is_enough_in_any_mail(quarter: Quarter) -> None:
    it, said = quarter
    assert said["third week"] == []
    values = it.rows("SELECT value, by FROM goal_values WHERE key_result = 1 ORDER BY id")
    assert values[:4] == [(3050.0, SAM), (3060.0, SAM), (3060.0, SAM), (3400.0, SAM)]
    assert "is now 3,400, before it was 3,060" in said["by a check-in"][-1]


def test_the_history_holds_every_value_change_and_what_moved_it_for_everybody(quarter: Quarter) -> None:
    _, said = quarter
    (mail,) = said["history"]
    assert mail.subject == "Verlauf von KR1, Product"
    for line in ("Sam: 3.050 (6 %)", "Zuversicht 3, the import is late", "geändert von 4.200 auf 3.800"):
        assert line in mail
    assert "Imported the harbours (#KR1)" in said["own history"][0]
    assert "harbours (#KR1)" not in mail, "a check-in stays with the team that it was written to"


def test_the_rollup_shows_goal_movement_beside_what_was_done(quarter: Quarter) -> None:
    it, _ = quarter
    rollup = next(letter for letter in it.inbox(MIA, "rollup") if letter.subject.endswith("week 3"))
    assert "KR1 signups from 3,000 to 4,200: 8 %, before it was 6 %" in rollup
    assert "Imported the harbours" in next(x for x in it.inbox(MIA, "rollup") if x.subject.endswith("week 2"))


def test_the_end_tells_the_team_what_was_reached_how_and_what_it_means(quarter: Quarter) -> None:
    it, _ = quarter
    results = it.inbox(SAM, "okr-results")
    assert len(results) == 1
    assert "KR1 signups from 3,000 to 4,200 (1.00)" in results[0] and "adverts bring nobody" in results[0]
    assert "under 0.60, so it was not planned well enough" in results[0]
    assert "not reached in full: to be talked about" in results[0]


def test_the_next_draft_is_called_for_with_what_was_learned(quarter: Quarter) -> None:
    it, _ = quarter
    call = it.inbox(MIA, "okr-draft")[-1]
    assert call.subject == "Goals for Q2 2027: Product"
    assert "KR1 signups: adverts bring nobody" in call


def test_everybody_may_draft_for_quarter_and_year_and_only_the_lead_publishes(tmp_path: Path) -> None:
    """Bottom-up, aligned to what is there; two drafts asked of one person are two mails."""
    everybody = CONFIG.replace("{draft: 5 days, grade: 14 days}", "{cycle: [quarter, year], everybody: true}")
    with office(tmp_path, everybody, utc("2026-12-17 12:00")) as it:
        it.until(utc("2026-12-18 17:00"))
        calls = it.inbox(SAM, "okr-draft")
        assert [call.subject for call in calls] == ["Goals for Q1 2027: Product", "Goals for 2027: Product"]
        it.reply(it.inbox(MIA, "okr-draft")[1], "Objective: Be loved by harbours\n- NPS at least 40 (Mia)")
        it.reply(it.last(MIA, "okr-design"), "publish")
        (design,) = it.reply(calls[0], "Objective: Answer fast\n- first answer from 9 h to 3 h (Sam)\nsupports O1")
        assert "serves O1 Be loved by harbours (Product)" in design
        assert "Mia publishes it for the team." in design
        assert "Mia leads the team" in it.reply(design, "publish")[-1]
        assert "Sam has drafted goals for Product" in it.last(MIA, "okr-design")
        assert "no objective O99" in it.reply(it.last(MIA, "okr-design"), "supports O99")[-1]
        assert "O2: published" in it.reply(it.last(MIA, "okr-design"), "publish")[-1]
        (shown,) = it.write(LEE, "goals of Product")
        assert "dient O1 Be loved by harbours" in shown and "ihm dient O2 Answer fast" in shown
        assert it.write(SAM, "goals help")[0].kinds == ("goals-help",)
        it.until(utc("2026-12-22 12:00"))
        assert len(it.inbox(LEE, "goals")) == 2, "asked once, told once"
        check_invariants(it)


def test_everything_ended_once_and_nothing_came_at_night(quarter: Quarter) -> None:
    check_invariants(quarter[0])
    assert quarter[0].rows("SELECT place, message FROM problems") == []


def test_a_key_result_is_given_away_by_who_has_it_or_leads_and_both_sides_hear_of_it(tmp_path: Path) -> None:
    """Values, history and place stay; who had it is asked about it no more, not even reminded."""
    with office(tmp_path, CONFIG, utc("2027-01-04 08:00")) as it:
        it.until(utc("2027-01-04 13:00"))
        it.reply(it.last(MIA, "okr-draft"), DRAFT)
        it.reply(it.last(MIA, "okr-design"), "publish")
        it.until(utc("2027-01-11 12:00"))
        it.reply(it.last(SAM, "okr-update"), "KR1 3,050")
        refused = it.write(LEE, "KR1 an mich")
        assert "KR1 (signups from 3,000 to 4,200) gehört anderen; Mia kann es ändern" in refused[-1]
        assert "I know nobody and no team called Bobby" in it.write(SAM, "give KR1 to Bobby")[-1]
        assert "KR1 is with Sam already." in it.write(MIA, "give KR1 to Sam")[-1]
        it.until(utc("2027-01-18 11:00"))
        (asked,) = [letter for letter in it.inbox(SAM, "okr-update") if letter.at.date().day == 18]
        assert "with Lee and Platform now; I let them know" in it.reply(asked, "give KR1 to Lee and Platform")[-1]
        it.until(utc("2027-01-20 12:00"))
        assert [letter for letter in it.inbox(SAM, "reminder") if "KR1" in letter.text] == []
        (told,) = it.inbox(LEE, "goal-given")
        assert told.subject == "KR1 von Product gehört jetzt dir"
        assert "Sam hat dir KR1 von Product übergeben." in told and "bei 3.050 auf dem Weg" in told and "(4 %" in told
        assert it.inbox(SAM, "goal-given") == [], "who gave it away knows"
        assert "KR1" in it.reply(told, "3.300")[-1]
        assert it.write(MIA, "KR1 to me") and it.inbox(SAM, "goal-given") == []
        it.until(utc("2027-01-26 12:00"))
        (gone,) = it.inbox(LEE, "goal-given")[1:]
        assert gone.subject == "KR1 von Product hat jemand anderes"
        assert "KR1" in it.last(MIA, "okr-update").text
        assert not any("KR1" in letter.text for letter in it.inbox(SAM, "okr-update") if letter.at.date().day == 25)
        history = it.write(SAM, "history of KR1")[0]
        assert "Sam: given to Lee, Platform" in history and "Mia: given to Mia" in history and "Sam: 3,050" in history
        check_invariants(it)
