"""Finding again by mail, and what a 1:1 opens with: all of it only for whom it is."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.office import Office, check_invariants, office, utc
from tests.journeys.test_journey_rounds import CHECK_IN, LEE, MIA, SAM, SUNDAY, monday, numbered, tuesday

MEETINGS = (
    CHECK_IN
    + """
series:
  - {kind: one-on-one, managers: all, every: week, length: 30 min}
  - {kind: review, name: Product review, team: product, every: week, length: 60 min}
"""
)


def pair_call(it: Office, who: str) -> object:
    return next(letter for letter in it.inbox(who, "agenda-call") if "agenda-call/points" in letter.asked)


def test_what_a_colleague_did_yesterday_is_answered_from_what_they_told_the_team(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Imported the harbours", "The quays"))
        it.reply(it.last(MIA, "check-in"), numbered("Seat map"))
        it.until(tuesday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Walked the dog"))
        [found] = it.write(LEE, "what did Sam do yesterday?")
        assert found.kinds == ("found",)
        assert "Imported the harbours" in found and "Sam Osei, Mon 23 Nov: done" in found
        assert not {"quays", "Seat map", "dog"} & set(found.text.replace(".", " ").split())
        [found] = it.write(LEE, "what did we do on Monday?")
        assert "Imported the harbours" in found and "Seat map" in found
        check_invariants(it)


def test_what_was_decided_is_found_by_who_took_part(tmp_path: Path) -> None:
    with office(tmp_path, MEETINGS, SUNDAY) as it:
        it.until(utc("2026-11-27 18:00"))
        for who in (MIA, SAM, LEE):
            for asked in it.inbox(who, "meeting-notes")[:1]:
                questions = [each for each in asked.asked if each.startswith("meeting-notes/")]
                first = asked.asked.index(questions[0]) + 1
                it.reply(asked, f"{first}. Pricing stays at 40 a month")
        assert it.rows("SELECT 1 FROM records WHERE kind = 'decision'")
        label = it.rows("SELECT audience FROM records WHERE kind = 'decision' LIMIT 1")[0][0]
        readers = {MIA, SAM} if label.startswith("pair:") and "sam" in label else {MIA, LEE}
        readers = {MIA, SAM, LEE} if label.startswith("series:") else readers
        for who in readers:
            [found] = it.write(who, "what did we decide about pricing?")
            assert "Pricing stays at 40 a month" in found
        [none] = it.write(MIA, "what did we decide about tortoises?")
        assert "no decisions about tortoises" in none


def test_canaries_of_a_pair_and_private_feedback_are_found_by_nobody_else(tmp_path: Path) -> None:
    with office(tmp_path, MEETINGS, SUNDAY) as it:
        it.until(tuesday("09:30"))
        call = next(letter for letter in it.inbox(SAM, "agenda-call"))
        it.reply(call, "agenda:\n- canary salary of Sam" if "4. " not in call.text else "4. canary salary of Sam")
        it.write(LEE, "private feedback for Sam: canary, you shine in demos")
        it.write(SAM, "task: canary errand by Friday")
        for who, said in ((MIA, "canary"), (LEE, "canary"), (SAM, "canary")):
            [found] = it.write(who, f"search {said}")
            mails = found.text
            assert ("shine in demos" in mails) == (who in (LEE, SAM)), who
            assert "canary salary" not in mails or who in (MIA, SAM), who
        check_invariants(it)


def test_who_changes_teams_finds_the_new_one_s_text_and_no_more_the_old_one_s(tmp_path: Path) -> None:
    two = CHECK_IN + '  - {kind: check-in, team: design, at: "09:00"}\n'
    people = two.replace(
        "rounds:",
        "  - {name: Ana Lind, email: ana@example.com, zone: Europe/Berlin, team: design, lead: true}\nrounds:",
    )
    with office(tmp_path, people, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("Canary harbours"))
        it.reply(it.last("ana@example.com", "check-in"), numbered("Canary colours"))
        [found] = it.write(LEE, "search canary")
        assert "harbours" in found.text and "colours" not in found.text
        it.reconfigure(people.replace("email: lee@example.com, zone: Europe/Berlin, team: product",
                                      "email: lee@example.com, zone: Europe/Berlin, team: design"))  # fmt: skip
        [found] = it.write(LEE, "search canary")
        assert "colours" in found.text and "harbours" not in found.text


def test_a_word_in_japanese_is_found_inside_a_sentence_and_one_without_umlauts_too(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        it.reply(it.last(SAM, "check-in"), numbered("ステージング環境の障害を直した", "Die Größe prüfen"))
        [found] = it.write(LEE, "search 障害")
        assert "障害を直した" in found
        [found] = it.write(LEE, "search Groesse")
        assert "Die Größe prüfen" in found


def test_a_long_answer_is_shown_around_the_words(tmp_path: Path) -> None:
    with office(tmp_path, CHECK_IN, SUNDAY) as it:
        it.until(monday("09:30"))
        lines = [f"- Step number {n}" for n in range(200)]
        lines[150] = "- The staging outage was the router"
        it.reply(it.last(SAM, "check-in"), "1. Much:\n" + "\n".join(lines) + "\n2. Rest\n3. Nothing")
        [found] = it.write(LEE, "search staging outage")
        assert "was the router" in found and "Step number 149" in found
        assert "Step number 20 " not in found.text and len(found.text.splitlines()) < 80


GOALS = MEETINGS + "goals: {draft: 5 days, grade: 14 days}\n"


def test_a_1_1_opens_with_the_week_tasks_and_goals_that_both_may_see(tmp_path: Path) -> None:
    with office(tmp_path, GOALS, SUNDAY) as it:
        it.until(monday("09:30"))
        it.write(MIA, "objective: Serve small harbours as measured by signups from 0 to 40 (Sam)")
        it.reply(it.last(MIA, "okr-design"), "publish")
        it.until(monday("10:00"))
        it.reply(it.last(SAM, "check-in"), numbered("Imported the harbours"))
        it.write(SAM, "task: write the port guide by Friday")
        it.reply(next(each for each in it.inbox(LEE, "agenda-call")), "task: canary: ask Mia for a raise by Friday")
        it.write(LEE, "private feedback for Sam: canary, you shine")
        it.until(utc("2026-11-27 18:00"))
        for who in (MIA, SAM):
            agenda = next(letter for letter in it.inbox(who, "agenda") if "write the port guide" in letter.text)
            assert "Imported the harbours" in agenda
            assert "KR1 signups from 0 to 40: 0 %" in agenda
            with_sam = agenda.text.partition("Mia / Sam 1:1")[2].partition("Only the two of you see this.")[0]
            assert "write the port guide" in with_sam and "canary" not in with_sam
            assert who == MIA or "canary" not in agenda.text, "it is Mia's with Lee, and in her mail only there"
        between = next(letter for letter in it.inbox(LEE, "agenda") if "canary: ask Mia" in letter.text)
        assert "port guide" not in between.text and "you shine" not in between.text


def test_an_answer_that_names_a_key_result_leads_to_it_and_back(tmp_path: Path) -> None:
    with office(tmp_path, GOALS, SUNDAY) as it:
        it.until(monday("09:30"))
        it.write(MIA, "objective: Serve small harbours as measured by signups from 0 to 40 (Sam)")
        it.reply(it.last(MIA, "okr-design"), "publish")
        it.reply(it.last(SAM, "check-in"), numbered("Asked twenty harbours, for KR1"))
        it.write(SAM, "KR1 12")
        it.until(monday("14:00"))
        assert "KR1 signups from 0 to 40: 30 %, a week ago 0 %" in it.last(LEE, "digest")
        [history] = it.write(MIA, "history of KR1")
        assert "Asked twenty harbours, for KR1" in history
        [found] = it.write(LEE, "search harbours")
        assert "Serve small harbours" in found and "Asked twenty harbours" in found
