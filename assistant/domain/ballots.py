"""Counting votes: of one choice or several, or ranked by instant runoff. Options are numbered from 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Ballot = Sequence[int]
"""What one person chose, the best first where ranked."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One count of a runoff: the votes of each option still in it, and who went out after it."""

    votes: tuple[tuple[int, int], ...]
    out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """``votes`` by option, in their order: all choices, or the first ones where ranked. Several ``winners`` are tied.

    No winners where nobody voted. ``turns`` only where ranked.
    """

    votes: tuple[int, ...]
    winners: tuple[int, ...]
    ballots: int
    turns: tuple[Turn, ...] = ()


def count(options: int, ballots: Sequence[Ballot], *, ranked: bool = False) -> Outcome:
    used = [ballot for ballot in ballots if ballot]
    chosen = [option for ballot in used for option in (ballot[:1] if ranked else ballot)]
    votes = tuple(chosen.count(option) for option in range(1, options + 1))
    if ranked:
        turns, winners = _runoff(options, used)
        return Outcome(votes, winners, len(used), turns)
    most = max(votes, default=0)
    return Outcome(votes, tuple(n for n, each in enumerate(votes, 1) if each == most > 0), len(used))


def _runoff(options: int, ballots: Sequence[Ballot]) -> tuple[tuple[Turn, ...], tuple[int, ...]]:
    """Until one has more than half of the ballots that still count. The last goes out, its ballots pass on.

    Of several that are last, who was behind in the turns before goes; where that tells nothing they go together. What
    is left tied has tied.
    """
    left = list(range(1, options + 1))
    turns: list[Turn] = []
    while ballots and left:
        firsts = [next((option for option in ballot if option in left), None) for ballot in ballots]
        votes = {option: firsts.count(option) for option in left}
        ahead = max(votes.values())
        leading = tuple(option for option in left if votes[option] == ahead)
        if len(leading) == len(left) or 2 * ahead > sum(votes.values()):
            turns.append(Turn(tuple(votes.items())))
            return tuple(turns), leading
        out = _last(votes, turns)
        turns.append(Turn(tuple(votes.items()), out))
        left = [option for option in left if option not in out]
    return tuple(turns), ()


def _last(votes: dict[int, int], turns: Sequence[Turn]) -> tuple[int, ...]:
    fewest = min(votes.values())
    last = [option for option, number in votes.items() if number == fewest]
    for turn in reversed(turns):
        before = dict(turn.votes)
        low = min(before[option] for option in last)
        last = [option for option in last if before[option] == low]
    return tuple(last)
