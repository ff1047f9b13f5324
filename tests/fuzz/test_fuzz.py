"""The first mails of the long campaign, with the same seed each time."""

from __future__ import annotations

from tests.fuzz.campaign import CORPUS, corpus, run
from tests.fuzz.target import read_all


def test_mutated_mails_neither_crash_nor_take_a_second() -> None:
    outcome = run(0, seed=20261124, at_least=60)
    assert [failure.what for failure in outcome.failures] == []


def test_every_mail_of_the_corpus_can_be_read_as_it_is() -> None:
    assert len(corpus()) >= 10, CORPUS
    for raw in corpus():
        read_all(raw)
