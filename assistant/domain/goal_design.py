"""How well an objective is made, 0 to 100, and one line of advice for each thing that could be better.

Advice is given, nothing is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.goals import (
    KeyResult,
    Label,
    Measure,
    Objective,
    moonshot_share,
    share_is_sound,
    weights_add_up,
)

WANTED = 75
FEWEST, BEST, MOST = 3, 3, 5
_LONGEST = 24
"""Words of an objective that can still be said in one breath."""


@dataclass(frozen=True, slots=True)
class Advice:
    """``what``: "few", "many", "fewer", "measurable", "owner", "weights", "weights-missing", "no-moonshot",
    "too-little", "too-much", "two-ideas", "long" or "activity".

    ``about`` are the numbers of the key results it concerns; ``figure`` is what it says a number of: how many there
    are, what the weights sum to, the moonshot share in percent.
    """

    what: str
    about: tuple[int, ...] = ()
    figure: int = 0


@dataclass(frozen=True, slots=True)
class Design:
    score: int
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    points: float
    out_of: int
    advice: Advice | None = None


def design(objective: Objective) -> Design:
    results = objective.counted
    marks = [_count(results), _measurable(results), _owners(results), _weights(results), _share(results)]
    marks += [_one_idea(objective.text), _outcomes(results)]
    gained, most = sum(mark.points for mark in marks), sum(mark.out_of for mark in marks)
    return Design(round(100 * gained / most), tuple(mark.advice for mark in marks if mark.advice))


def _count(results: Sequence[KeyResult]) -> _Mark:
    """Three to five; three is best."""
    found = len(results)
    if found < FEWEST:
        return _Mark(6 if found == FEWEST - 1 else 0, 15, Advice("few", figure=found))
    if found > MOST:
        return _Mark(6 if found == MOST + 1 else 0, 15, Advice("many", figure=found))
    return _Mark(15, 15) if found == BEST else _Mark(12, 15, Advice("fewer", figure=found))


def is_measurable(result: KeyResult) -> bool:
    """It says a figure to reach, or is a milestone with its date."""
    if result.measure is Measure.MILESTONE:
        return result.due is not None
    return result.target != result.start


def _measurable(results: Sequence[KeyResult]) -> _Mark:
    return _each(results, "measurable", 25, [not is_measurable(result) for result in results])


def _owners(results: Sequence[KeyResult]) -> _Mark:
    return _each(results, "owner", 15, [not result.owners for result in results])


def _outcomes(results: Sequence[KeyResult]) -> _Mark:
    """What changes for somebody, not what we do. A dated milestone is allowed to be a deed."""
    return _each(results, "activity", 15, [is_activity(result) for result in results])


def is_activity(result: KeyResult) -> bool:
    dated = result.measure is Measure.MILESTONE and result.due is not None
    return not dated and _first_word(result.text) in _ACTIVITIES


def _each(results: Sequence[KeyResult], what: str, out_of: int, lacks: Sequence[bool]) -> _Mark:
    """As many of the points as the share of key results that are in order."""
    about = tuple(result.number for result, lack in zip(results, lacks, strict=True) if lack)
    if not results:
        return _Mark(0, out_of)
    points = out_of * (1 - len(about) / len(results))
    return _Mark(points, out_of, Advice(what, about) if about else None)


def _weights(results: Sequence[KeyResult]) -> _Mark:
    if weights_add_up(results):
        return _Mark(10 if results else 0, 10)
    without = tuple(result.number for result in results if result.weight is None)
    if without:
        return _Mark(4, 10, Advice("weights-missing", without))
    total = round(sum(result.weight or 0 for result in results))
    return _Mark(4, 10, Advice("weights", figure=total))


def _share(results: Sequence[KeyResult]) -> _Mark:
    """Beginners start with roofshots, so that having no moonshot costs less than having only those."""
    if not results:
        return _Mark(0, 10)
    share = moonshot_share(results)
    if share_is_sound(share):
        return _Mark(10, 10)
    percent = round(100 * share)
    if not any(result.label is Label.MOONSHOT for result in results):
        return _Mark(6, 10, Advice("no-moonshot"))
    return _Mark(5, 10, Advice("too-little" if percent < 10 else "too-much", figure=percent))


def _one_idea(text: str) -> _Mark:
    words = _words(text)
    if sum(word in _AND for word in words) > 1 or text.rstrip(". ").count(". ") or ";" in text:
        return _Mark(3, 10, Advice("two-ideas"))
    return _Mark(6, 10, Advice("long", figure=len(words))) if len(words) > _LONGEST else _Mark(10, 10)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "'" else " " for c in text.casefold()).split()


def _first_word(text: str) -> str:
    return next(iter(_words(text)), "")


_AND = frozenset({"and", "und", "sowie", "plus"})
_ACTIVITIES_TEXT = """
hold organise organize attend work support help continue discuss review analyse analyze explore investigate
research meet visit write prepare plan participate do try improve create build develop
abhalten organisieren teilnehmen arbeiten unterstützen helfen weitermachen besprechen prüfen untersuchen
erforschen treffen besuchen schreiben vorbereiten planen versuchen erstellen bauen entwickeln
"""
_ACTIVITIES = frozenset(_ACTIVITIES_TEXT.split())
"""Verbs of being busy, in the languages of our mails: what a key result begins with that tells no outcome."""
