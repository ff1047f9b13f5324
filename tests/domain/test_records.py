"""A blocker said again in other words is the same blocker; another one is not."""

from __future__ import annotations

import pytest

from assistant.domain.records import same_matter


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I am waiting for the staging database, Jonas knows", "Still waiting for the staging database"),
        ("Still waiting for the staging database", "Staging database, third day now"),
        ("Mir fehlen noch die Übersetzungen für die Fehlermeldungen", "Die Übersetzungen fehlen weiterhin"),
        ("VPN", "VPN"),
        ("budget", "Budgets"),
    ],
)
def test_the_same_matter_in_other_words_is_recognised(one: str, other: str) -> None:
    assert same_matter(one, other) or one == other
    assert same_matter(other, one) or one == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The laptop is broken", "Waiting for legal to sign the contract"),
        ("Still waiting 3 days for Ana", "Still waiting 3 days for the printer"),
        ("staging database", "production certificates"),
    ],
)
def test_another_matter_stays_another(one: str, other: str) -> None:
    assert not same_matter(one, other)
