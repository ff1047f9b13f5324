"""Drafts of goals in people's own words, and what improves them."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.goals import Label, Measure
from assistant.domain.people import Person
from assistant.inbound import grades, measures, objectives
from assistant.inbound.grades import GradeRead
from assistant.inbound.measures import Extras, ResultRead, World

BERLIN = ZoneInfo("Europe/Berlin")
MIA, SAM = Person("mia@example.com", "Mia Chen", BERLIN), Person("sam@example.com", "Sam Osei", BERLIN)
TEAMS = measures.teams_by_words({"product": "Product", "platform": "Platform and tools"})
WORLD = World((MIA, SAM), TEAMS, date(2026, 12, 18))
GERMAN = World((MIA, SAM), TEAMS, date(2026, 12, 18), "de")


def read(text: str, world: World = WORLD) -> ResultRead:
    return measures.read(text, world)


@pytest.mark.parametrize(
    ("text", "measure", "start", "target", "unit"),
    [
        ("signups from 3,000 to 4,200", Measure.METRIC, 3000, 4200, ""),
        ("Raise revenue from 1.2m to 2m €", Measure.METRIC, 1_200_000, 2_000_000, "€"),
        ("lead time 10 days -> 2 days", Measure.METRIC, 10, 2, "d"),
        ("traffic by 10 %", Measure.METRIC, 0, 10, "%"),
        ("conversion to 4.5 %", Measure.METRIC, 0, 4.5, "%"),
        ("NPS at least 40", Measure.THRESHOLD, 0, 40, ""),
        ("uptime > 99.9 %", Measure.THRESHOLD, 0, 99.9, "%"),
        ("12 customer interviews", Measure.COUNT, 0, 12, ""),
        ("Spanish site live by 15 March", Measure.MILESTONE, 0, 100, "%"),
        ("Win the 2027 award", Measure.MILESTONE, 0, 100, "%"),
    ],
)
def test_the_four_kinds_of_key_results(text: str, measure: Measure, start: float, target: float, unit: str) -> None:
    """C163 to C166."""
    found = read(text)
    assert (found.measure, found.start, found.target, found.unit) == (measure, start, target, unit)
    assert not found.at_most


@pytest.mark.parametrize("text", ["churn under 3 %", "churn at most 3 %", "churn < 3 %", "churn no more than 3 %"])
def test_at_most_is_a_threshold_from_above(text: str) -> None:
    found = read(text)
    assert (found.measure, found.target, found.at_most, found.name) == (Measure.THRESHOLD, 3, True, "churn")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Raise signups from 3 to 4", "signups"),
        ("12 customer interviews", "customer interviews"),
        ("launch the Spanish site by 1 March", "Spanish site"),
        ("NPS at least 40", "NPS"),
    ],
)
def test_the_name_is_what_people_will_call_it(text: str, name: str) -> None:
    assert read(text).name == name


def test_weight_owners_label_and_needs_stand_in_brackets_or_after_a_comma() -> None:
    found = read("signups from 3 to 4 (weight 40, Sam and Mia; moonshot; needs platform)")
    assert (found.text, found.weight, found.label) == ("signups from 3 to 4", 40, Label.MOONSHOT)
    assert found.owners == ("sam@example.com", "mia@example.com")
    assert found.needs == ("platform",)
    assert read("NPS at least 40, Sam, 30 %").owners == ("sam@example.com",)
    assert read("NPS at least 40 (30 %)").weight == 30
    assert read("NPS at least 40 (team Platform and tools)").owners == ("team:platform",)
    assert read("NPS (of all who answer) at least 40 (Sam)").text == "NPS (of all who answer) at least 40"
    assert read("@Sam 12 interviews by 1 Feb").due == date(2027, 2, 1)


def test_an_objective_with_a_list_below_it() -> None:
    found = objectives.read(
        "Hello Ada,\n\nObjective: Be the first choice (moonshot)\nKey results:\n* Signups from 3k to 4k\n"
        "* NPS at least 40 (roofshot)\nsupports O3\nevery 2 weeks\n\nShip faster\n- lead time from 10 days to 2 days\n"
        "\nMia",
        WORLD,
    )
    first, second = found.objectives
    assert (first.text, first.parent, first.every) == ("Be the first choice", 3, 2)
    assert [result.label for result in first.results] == [Label.MOONSHOT, Label.ROOFSHOT]
    assert second.text == "Ship faster" and len(second.results) == 1, "who signs adds nothing"


@pytest.mark.parametrize(
    ("text", "world"),
    [
        ("I will grow in Spain as measured by signups 4.2k, churn under 3 % and 12 interviews", WORLD),
        ("Ich werde in Spanien wachsen, gemessen an Anmeldungen 4,2k, Abgang unter 3 % und 12 Interviews", GERMAN),
    ],
)
def test_one_sentence_is_enough(text: str, world: World) -> None:
    """C146."""
    (found,) = objectives.read(text, world).objectives
    assert [(result.target, result.measure) for result in found.results] == [
        (4200, Measure.COUNT),
        (3, Measure.THRESHOLD),
        (12, Measure.COUNT),
    ]


def test_what_improves_a_draft() -> None:
    found = objectives.read(
        "KR2: NPS at least 45\nKR1 weight 40\nKR3 Sam\nKR4 moonshot\ndrop KR5\nweights 50, 30, 20\nsupports O4\n"
        "monthly\n- 20 partners",
        WORLD,
    )
    assert found.rewritten[2].target == 45
    assert found.changed == {
        1: Extras(weight=40),
        3: Extras(owners=("sam@example.com",)),
        4: Extras(label=Label.MOONSHOT),
    }
    assert (found.dropped, found.weights, found.parent, found.every) == ((5,), (50, 30, 20), 4, 4)
    assert [result.target for result in found.added] == [20]
    assert not found.publish and not found.objectives


@pytest.mark.parametrize(
    "text",
    [
        *("publish", "Publish.", "Please publish", "veröffentlichen", "Thanks\n\npublish", "Looks good, publish it"),
        *("ok veröffentlichen", "yes", "Ja, stimmt so"),
    ],
)
def test_publish_is_one_word_whatever_stands_around_it_or_a_yes(text: str) -> None:
    assert objectives.read(text, WORLD).publish


@pytest.mark.parametrize(
    "text", ["don't publish yet", "publish next week", "nicht veröffentlichen", "who publishes it?"]
)
def test_what_says_more_than_publish_publishes_nothing(text: str) -> None:
    assert not objectives.read(text, WORLD).publish


@pytest.mark.parametrize(
    "text", ["Sam owns KR1, Mia KR2", "KR1 Sam, KR2 Mia", "give KR1 to Sam and KR2 to Mia", "KR1 gehört Sam\nKR2: Mia"]
)
def test_owners_of_several_are_said_in_a_line(text: str) -> None:
    """And no key result is worded anew by another's name."""
    found = objectives.read(text, WORLD)
    assert {number: extras.owners for number, extras in found.changed.items()} == {
        1: ("sam@example.com",),
        2: ("mia@example.com",),
    }
    assert not found.rewritten


def test_a_name_right_behind_the_figure_is_whose_it_is() -> None:
    (read,) = objectives.read("Happier customers\n- churn from 5 to 3% Sam", WORLD).objectives[0].results
    assert (read.text, read.owners) == ("churn from 5 to 3%", ("sam@example.com",))


@pytest.mark.parametrize("text", ["", "Looks good, thanks", "What is this?", "nothing"])
def test_chat_is_no_draft(text: str) -> None:
    found = objectives.read(text, WORLD)
    assert found.empty and not found.objectives


PIECES = ("KR2:", "drop", "weight", "40", "%", "(", ")", "supports", "O3", "I", "will", "\n-", "from", "to", ",", "5")


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_read_within_limits(text: str) -> None:
    found = objectives.read(text, WORLD)
    assert len(found.objectives) <= objectives.MAX_OBJECTIVES
    assert all(len(each.results) <= objectives.MAX_RESULTS for each in found.objectives)
    grades.read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 %, through the fairs. Learned: adverts bring nobody.",
         GradeRead("17 %", "through the fairs", "adverts bring nobody")),
        ("Reached: 4,100. How: by mail; Learned: ask early", GradeRead("4,100", "by mail", "ask early")),
        ("85 %, gelernt: früher übersetzen", GradeRead("85 %", "", "früher übersetzen")),
        ("We learned a lot", GradeRead("", "We learned a lot", "")),
        ("done. learned that people talk", GradeRead("done", "", "that people talk")),
    ],
)  # fmt: skip
def test_a_grade_says_what_was_reached_how_and_what_was_learned(text: str, expected: GradeRead) -> None:
    """C153."""
    assert grades.read(text) == expected
