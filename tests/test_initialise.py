"""Five answers make a configuration that is valid whatever people are called."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import config
from assistant.errors import AssistantError
from assistant.initialise import Answers, Mailbox, initialise, mailbox, mailboxes, zone

ADA = Mailbox("Ada", "ada@example.com")
MIA = Mailbox("Mia Chen", "mia@example.com")


def loaded(answers: Answers) -> config.Config:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(initialise(answers), encoding="utf-8")
        return config.load(path)


def test_five_answers_start_a_team_with_check_ins_reviews_and_one_on_ones() -> None:
    others = mailboxes("Sam Osei <sam@example.com>, lee.park@example.com")
    setup = loaded(
        Answers(mailbox("Ada <ADA@example.com>"), MIA, zone("Europe/Berlin"), "Product design", others)
    ).setup
    assert setup.assistant.address == "ada@example.com"
    assert setup.assistant.operator == "mia@example.com"
    assert [person.name for person in setup.people.values()] == ["Mia Chen", "Sam Osei", "Lee Park"]
    assert setup.teams["product-design"].title == "Product design"
    assert [each.name for each in setup.rounds] == ["check-in.product-design", "weekly-update.product-design"]
    assert [each.kind for each in setup.series] == ["one-on-one", "one-on-one", "review"]


letters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
names = st.text(letters, min_size=1, max_size=30).filter(lambda name: bool(name.strip()))


@given(names, names, names, st.sampled_from(["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"]))
def test_any_names_give_a_valid_configuration(assistant: str, you: str, team: str, where: str) -> None:
    answers = Answers(Mailbox(assistant, "ada@example.com"), Mailbox(you, "on@example.com"), where, team, [MIA])
    setup = loaded(answers).setup
    assert setup.people["on@example.com"].name == you.strip()
    assert setup.assistant.name == assistant.strip()
    assert next(iter(setup.teams.values())).title == team.strip()


@pytest.mark.parametrize(
    "said", ["", "Mia", "mia@", "Mia <mia>", "a b@example.com", "mia@example.com\nBcc: x@example.com"]
)
def test_what_is_no_mailbox_is_refused_in_a_sentence(said: str) -> None:
    with pytest.raises(ValueError, match=r"is no mail address|is empty|should be one line"):
        mailbox(said)


def test_an_unknown_zone_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean Europe/Berlin"):
        zone("Berlin")


def test_one_address_for_two_is_refused() -> None:
    with pytest.raises(AssistantError, match=r"mia@example.com is there 2 times"):
        initialise(Answers(ADA, MIA, "UTC", "product", [MIA]))
