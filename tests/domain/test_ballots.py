"""Votes are counted as people expect, ties are named, and the picture of them is a PNG that anybody can read."""

from __future__ import annotations

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import ballots, chart


def test_most_votes_win_and_a_tie_has_several_winners() -> None:
    assert ballots.count(3, [(1,), (2,), (2,)]).winners == (2,)
    assert ballots.count(3, [(1, 3), (2, 3), (1, 2)]).winners == (1, 2, 3)
    assert ballots.count(3, []).winners == ()


def test_a_runoff_passes_the_votes_of_the_last_on() -> None:
    counted = ballots.count(3, [(1,), (1,), (2,), (2,), (3, 2)], ranked=True)
    assert counted.winners == (2,)
    assert [turn.out for turn in counted.turns] == [(3,), ()]


def test_of_two_that_are_last_who_was_behind_before_goes_out() -> None:
    said = [(1,)] * 4 + [(2,)] * 3 + [(3,)] * 2 + [(4, 3)]
    assert ballots.count(4, said, ranked=True).turns[1].out == (3,), "2 and 3 have three each; 3 had two before"


@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.permutations(range(1, n + 1)).map(tuple), max_size=9)))
def test_a_runoff_ends_and_whoever_more_than_half_put_first_wins(said: list[tuple[int, ...]]) -> None:
    options = max((len(ballot) for ballot in said), default=2)
    counted = ballots.count(options, said, ranked=True)
    assert bool(counted.winners) is bool(said)
    most = next((n for n in range(1, options + 1) if 2 * counted.votes[n - 1] > len(said)), None)
    assert most is None or counted.winners == (most,)


@given(st.lists(st.integers(0, 99_999), min_size=2, max_size=40))
def test_a_chart_is_a_png_of_the_size_it_says(figures: list[int]) -> None:
    image = chart.bars(["ab"] * len(figures), figures, [True] * len(figures))
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", image[16:24])
    assert (wide, high) == (2 * chart.WIDTH, 2 * chart.height(len(figures)))
    start = image.index(b"IDAT") + 4
    size = struct.unpack(">I", image[start - 8 : start - 4])[0]
    assert len(zlib.decompress(image[start : start + size])) == high * (wide + 1)
