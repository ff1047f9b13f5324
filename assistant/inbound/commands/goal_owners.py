"""Lines that give a key result to somebody else: "give KR2 to Sam", "KR2 an Sam", "geef KR2 aan Sam"."""

from __future__ import annotations

from assistant.inbound.commands.goals import measure_in
from assistant.inbound.commands.line import MAX_NAME_WORDS, Found, Line, Rule, Who, World, one, people
from assistant.inbound.commands.matters import Give
from assistant.inbound.commands.tasks import receiver
from assistant.inbound.keywords import TYPO, keywords
from assistant.inbound.words.fold import words


def _given(line: Line, world: World) -> Found | None:
    """ "give KR2 to Sam", "give Sam KR2", "KR2 @Sam", "signups to Sam and Ana"."""
    head = line.head("assign", typos=True)
    measure, name, linked = _handed(line, world, head.after if head else 0)
    whom = people(name, world) if not any(letter.isdecimal() for letter in name) else []
    if not measure or not whom or (head is None and not (linked and _only_names(name, whom, world))):
        return None
    sure = min([*(who.sure for who in whom), head.sure if head else TYPO])
    others = whom[0].others if len(whom) == 1 else ()
    return one(
        Give(
            measure,
            tuple(who.name for who in whom),
            line=line.text,
            confidence=sure,
            alternatives=tuple(Give(measure, (other,), line=line.text) for other in others),
        )
    )


def _handed(line: Line, world: World, begin: int) -> tuple[str, str, bool]:
    """The measure, to whom in words, and whether a word such as "to" leads there; the name may be first."""
    found = measure_in(line, begin, world)
    if found is not None:
        return (found[0], *receiver(line, found[1]))
    for at in range(begin + 1, min(begin + MAX_NAME_WORDS, len(line.tokens)) if begin else 0):
        found = measure_in(line, at, world)
        if found is not None and found[1] == len(line.folded):
            return found[0], line.text[line.tokens[begin].start : line.tokens[at].start].strip(), False
    return "", "", False


def _only_names(name: str, whom: list[Who], world: World) -> bool:
    """Nothing but the names of people that are known: "KR2 for Sam was hard" gives nothing away."""
    meant = {who.name for who in whom}
    known = {word for p in world.known.people if p.address in meant for word in (*words(p.name), *words(p.address))}
    return set(words(name)) <= known | keywords("and") | ({name.casefold()} if meant == {"me"} else set())


RULES: tuple[Rule, ...] = (_given,)
