"""A slip of the pen never makes another command: what is carried out was written, or nothing is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.domain.questions import CONFIDENCE_FLOOR
from assistant.inbound import commands
from assistant.inbound.atoms import atoms
from assistant.inbound.commands import CONTEXTUAL, Command, Incomplete, Known
from tests.inbound.test_spoken import KNOWN, NOW, PEOPLE, ZONE

ABOUT_NUMBERS = [
    "done 12", "drop 12", "doing 12", "reopen 12", "move 12 to Friday", "assign 12 to Sam", "priority 12 high",
    "spent 2h on 12", "estimate 12: 3h", "blocked 12 by 14", "12 um 2 Tage verschieben", "erledigt 12",
    "verschiebe 12 auf Freitag", "weise 12 Sam zu", "reporter 12 à vendredi", "mover 12 para sexta",
    "sposta 12 a venerdì", "taak 12 klaar", "KR2 45 %", "KR2 target 50",
]  # fmt: skip
LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyz")


def carried_out(text: str, known: Known = KNOWN) -> list[Command]:
    found = commands.read(text, language="en", zone=ZONE, now=NOW, known=known).commands
    kept = [one for one in found if not isinstance(one, (*CONTEXTUAL, Incomplete))]
    return [one for one in kept if one.confidence >= CONFIDENCE_FLOOR]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ABOUT_NUMBERS), st.data())
def test_two_wrong_letters_in_a_word_do_the_same_or_nothing(line: str, data: st.DataObject) -> None:
    parts = line.split(" ")
    # A shorter word becomes any other: "12 am" is midnight.
    long = [n for n, part in enumerate(parts) if part.isalpha() and part[0].islower() and len(part) > 3]
    at = data.draw(st.sampled_from(long or [0]))
    word = list(parts[at])
    for _ in range(2):
        place = data.draw(st.integers(0, len(word) - 1))
        word[place] = data.draw(LETTERS)
    parts[at] = "".join(word)
    assume(atoms(parts[at], "en")[0].number is None)  # "nove" is nine, and no slip
    meant = {type(one).__name__ for one in carried_out(line)}
    for one in carried_out(" ".join(parts)):
        number = getattr(one, "number", getattr(one, "measure", None))
        assert number in (12, "KR2") or type(one).__name__ in meant, (line, parts, one)


@pytest.mark.parametrize(
    "line", ["12 verschiebe auf Freitag", "12 sposta a venerdì", "12 reporter à vendredi", "mover 12 maybe para sexta"]
)
def test_the_number_of_a_task_is_never_a_time_of_day(line: str) -> None:
    assert all(type(one).__name__ == "MoveTask" for one in carried_out(line))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("decision:", "decide"), ("task:", "task"), ("announce:", "announce"), ("move 12", "move_task"),
        ("assign 12", "assign"), ("feedback for Sam:", "feedback_for"), ("Entscheidung:", "decide"), ("poll:", "poll"),
    ],
)  # fmt: skip
def test_the_head_of_a_command_alone_says_what_is_missing(line: str, what: str) -> None:
    (found,) = commands.read(line, language="en", zone=ZONE, now=NOW, known=Known(PEOPLE)).commands
    assert isinstance(found, Incomplete)
    assert found.what == what


@pytest.mark.parametrize("line", ["task: prepare the demo @me and Sam", "task for Sam and me: prepare the demo"])
def test_two_owners_of_a_task_are_asked_about(line: str) -> None:
    assert carried_out(line) == []
    (found,) = commands.read(line, language="en", zone=ZONE, now=NOW, known=KNOWN).commands
    assert {getattr(found, "owner", ""), *(getattr(one, "owner", "") for one in found.alternatives)} == {
        None,
        "sam@example.com",
    }
