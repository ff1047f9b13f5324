"""Who may read a piece of text. Every row with people's words carries one label, and one function decides.

Labels: ``person:<address>``, ``two:<address>,<address>`` (these two and nobody else), ``pair:<series>`` (the two of a
1:1), ``series:<series>`` (participants of a meeting), ``team:<team>`` (members and lead) and ``everyone``.
"""

from __future__ import annotations

from assistant.domain.setup import Setup


def person(address: str) -> str:
    return f"person:{address}"


def two(one: str, other: str) -> str:
    """The same whichever of them comes first; of one and the same person it is theirs alone."""
    return person(one) if one == other else f"two:{','.join(sorted((one, other)))}"


def pair(series: str) -> str:
    return f"pair:{series}"


def series(name: str) -> str:
    return f"series:{name}"


def team(name: str) -> str:
    return f"team:{name}"


EVERYONE = "everyone"


def is_private(label: str) -> bool:
    """Never shown beyond the people it names: not in team digests, rollups, events, exports or logs."""
    return label.startswith(("person:", "two:", "pair:"))


def readers(label: str, setup: Setup) -> frozenset[str]:
    """The addresses that may read it now; people who left are not among them."""
    scope, _, name = label.partition(":")
    if scope == "everyone":
        return frozenset(setup.people)
    if scope in ("person", "two"):
        return frozenset(name.split(",")) & setup.people.keys()
    if scope == "team":
        found = setup.teams.get(name)
        if found is None:
            return frozenset()
        return frozenset((*found.members, *([found.lead] if found.lead else [])))
    found_series = setup.series_named(name)
    if found_series is None:
        return frozenset()
    return frozenset((*found_series.participants, *found_series.optional)) & setup.people.keys()


def readable(address: str, setup: Setup) -> frozenset[str]:
    """Every label that this person may read now: the inverse of ``readers``.

    But for the labels of two, of which there would be one with everybody else: the store knows those that are in use.
    """
    if address not in setup.people:
        return frozenset()
    teams = {team(t.name) for t in setup.teams.values() if address in t.members or address == t.lead}
    own = [s for s in setup.series if address in s.participants or address in s.optional]
    meetings = {label(s.name) for s in own for label in (pair, series)}
    return frozenset({EVERYONE, person(address), *teams, *meetings})


def may_read(label: str, address: str, setup: Setup) -> bool:
    return address in readers(label, setup)
