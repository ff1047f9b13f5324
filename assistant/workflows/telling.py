"""Writes what people are told: from the timers that are due to one mail for each reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.store import timers
from assistant.store.timers import Timer
from assistant.workflows import around, asking, digests, news, prompting, rollups, summaries
from assistant.workflows.asking import Part
from assistant.workflows.desk import Desk
from assistant.workflows.news import News

Brings = Callable[[Desk, datetime, Sequence[Timer]], Iterable[tuple[Person, News]]]

BRINGS: Mapping[str, Brings] = {
    "digest": digests.bring,
    "rollup": rollups.bring,
    "agenda": around.bring,
    "summary": summaries.bring,
}


def write_all(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    """Tell what is due, and with it what was held back for the same readers."""
    ready = [timer for timer in due if not _put_off(desk, now, timer)]
    held = [timer for timer in news.waiting(desk, [timer.person for timer in ready]) if timer not in ready]
    timers.drop(desk.db, *(timer.key for timer in held))
    found: dict[str, list[News]] = defaultdict(list)
    for handler, bring in BRINGS.items():
        mine = [timer for timer in (*ready, *held) if timer.handler == handler]
        for person, each in bring(desk, now, mine) if mine else ():
            found[person.address].append(each)
    for address, told in found.items():
        for together in _mails(told):
            _write(desk, now, desk.setup.people[address], together)


def _mails(told: Sequence[News]) -> list[list[News]]:
    """One, and one for each further round's digest: a reply to a digest goes on from its round."""
    first, *more = news.in_order(told)
    further = [n for n in more if n.section.kind == first.section.kind == "digest" and n.because != first.because]
    return [[first, *(each for each in more if each not in further)], *([each] for each in further)]


def _put_off(desk: Desk, now: datetime, timer: Timer) -> bool:
    """A rollup knows by itself when it is too late."""
    person = desk.setup.people.get(timer.person)
    later = None if person is None else prompting.postponed(desk, now, person, timer.due)
    if later is None or timer.handler == "rollup":
        return False
    timers.put(desk.db, replace(timer, due=later))
    return True


def _write(desk: Desk, now: datetime, person: Person, found: Sequence[News]) -> None:
    """One mail. What is about several meetings, or several days, is in no thread of theirs: nothing is read into it."""
    first = found[0]
    if len(found) > 1:
        first = replace(
            first,
            key=" + ".join(each.key for each in found),
            audience=audiences.person(person.address),
            because=", ".join(dict.fromkeys(each.because for each in found)),
        )
    threads = {each.thread for each in found if each.section.kind == first.section.kind}
    if len(threads) > 1 or (first.thread.startswith("meeting/") and len({each.thread for each in found}) > 1):
        day = f"{news.SEVERAL}{person.local(now).date()}"
        first = replace(first, occurrence=day, thread=day)
    parts = [Part([each.section], [each.question] if each.question is not None else ()) for each in found]
    asking.write(
        desk, now, person, parts, key=first.key, occurrence=first.occurrence, thread=first.thread,
        audience=first.audience, because=first.because,
    )  # fmt: skip
