"""Lines about tasks by their number: "done 12", "blocked 12 by 14", "move 12 to Friday", "spent 2h on 12"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from assistant.inbound.commands.base import Command
from assistant.inbound.commands.line import (
    MAX_NUMBER,
    WORKDAY_HOURS,
    Found,
    Head,
    Line,
    Rule,
    World,
    duration,
    joiners,
    listed,
    numbers,
    one,
    only_day,
    person,
    whose,
    without_politeness,
)
from assistant.inbound.commands.matters import (
    Assign,
    Blocked,
    Doing,
    Done,
    Drop,
    Estimate,
    MoveTask,
    Prioritise,
    Reopen,
    Spent,
    Tasks,
)
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, sureness
from assistant.inbound.words import LANGUAGES, singles
from assistant.inbound.words.fold import split, words

PRIORITIES = ("low", "normal", "high", "urgent")
MOST_SAYING = 6
MOST_QUESTIONS = 9
"""A mail that asks more is rare: "10: done" is about a task."""
_BY_NUMBER: dict[str, type[Done | Drop | Doing | Reopen]] = {
    "done": Done,
    "drop": Drop,
    "doing": Doing,
    "reopen": Reopen,
}


def _states(line: Line, world: World) -> Found | None:
    """ "done 12", "done 3, 4 and 5", "12 done", "task 12 done", "drop 7"."""
    at = next((place for place, word in enumerate(line.folded) if word.isdecimal()), None)
    if at is None or len(line.folded) > 14:
        return None
    found, after = numbers(line, at)
    if not found:
        return None
    said = (*line.folded[:at], *line.folded[after:])
    sure, keyword = max((_state(said, keyword), keyword) for keyword in _BY_NUMBER)
    if not sure:
        sure, keyword = _told(line, at, after, found, world)
    listed = at == 0 and line.text.lstrip("#(")[len(line.folded[0]) :][:1] in {".", ")", ":"}
    labelled = ":" in line.text[: line.tokens[at].start]
    if not sure or listed or labelled:
        return None
    made = _BY_NUMBER[keyword]
    return Found([made(number, line=line.text, confidence=sure) for number in found])


def _told(line: Line, at: int, after: int, found: list[int], world: World) -> tuple[float, str]:
    """The state in "12 is done", "mark 12 as done" and "drop 12, we don't need it", and how sure it is."""
    asked = len(world.known.questions)
    reason = at > 0 and line.behind(after).lstrip()[:1] in {",", ";", "-", "–", "—", "(", "."}
    if reason and (line.alone or not asked):
        sure, keyword = max((_state(line.folded[:at], keyword), keyword) for keyword in _BY_NUMBER)
        if sure:
            return min(sure, TYPO if not asked else GUESSED), keyword
    said = (*line.folded[:at], *line.folded[after:])
    bare = tuple(word for word in said if word not in _saying())
    if not bare or len(said) > MOST_SAYING or (at == 0 and min(found) <= asked):
        return 0.0, ""
    sure, keyword = max((_state(bare, keyword), keyword) for keyword in _BY_NUMBER)
    return (sure if line.alone or not asked else min(sure, GUESSED)), keyword


@cache
def _saying() -> frozenset[str]:
    """Words between a task and its state: "is", "mark … as"."""
    return frozenset(word for key in ("as_state", "mark") for phrase in keywords(key) for word in phrase.split())


def numbered(line: Line, world: World) -> Found | None:
    """ "12: done" where no question can have that number."""
    first, said = line.folded[0], line.folded[1:]
    rest = line.text.lstrip("# ")[len(first) :]
    most = max(len(world.known.questions), MOST_QUESTIONS)
    if rest[:1] != ":" or not said or len(said) > 2 or len(first) > MAX_NUMBER or int(first) <= most:
        return None
    sure, keyword = max((_state(said, keyword), keyword) for keyword in _BY_NUMBER)
    return one(_BY_NUMBER[keyword](int(first), line=line.text, confidence=min(sure, TYPO))) if sure else None


def _state(said: tuple[str, ...], keyword: str) -> float:
    bare = [word for word in said if word not in joiners()]
    polite = without_politeness(bare)
    return max(sureness(folded, keyword) if folded else 0.0 for folded in (said, bare, polite))


def _blocked(line: Line, world: World) -> Found | None:
    """ "blocked 12 by 14", "12 is blocked: no access"."""
    head = line.head("blocked", typos=True)
    found, after = numbers(line, head.after if head else 0)
    if head is None and found:
        head = line.head("blocked", after)
        after = head.after if head else after
    if head is None or not found or (line.folded[0].isdecimal() and line.text[len(line.folded[0]) :][:1] in ".):"):
        return None
    rest = line.behind(after).strip()
    by: list[int] = []
    if rest[:1] in {":", "-", "–", "—", ",", "("}:
        rest = rest.strip(":-–—,() ")
    else:
        link = line.head("blocked_by", after) or line.head("because", after)
        if rest and link is None:
            return None
        if link is not None:
            by, end = numbers(line, link.after)
            stray = bool(by) and end < len(line.folded)  # "by 14 quickly"
            by = by if end == len(line.folded) else []
            rest = "" if by else line.behind(link.after).strip()
            head = head if (by or rest) and not stray else head._replace(sure=min(head.sure, GUESSED))
    led = line.folded[0].isdecimal() and rest != "" and not by
    if led and found[0] <= len(world.known.questions):
        return None
    a_task = not world.known.questions and found[0] > MOST_QUESTIONS
    sure = GUESSED if led and not a_task else head.sure  # "3 waiting for the audit" may answer question 3
    commands: list[Command] = [
        Blocked(number, cause, rest, line=line.text, confidence=sure)
        for number in found
        for cause in (tuple(by) or (None,))
        if cause != number or len(by) == 1
    ]
    return Found(commands)


def _moved(line: Line, world: World) -> Found | None:
    """ "move 12 to Friday", "12 due Friday"."""
    head = line.head("move_task", typos=True)
    found, after = numbers(line, head.after if head else 0)
    if len(found) > 1 and after < len(line.folded) and line.folded[after] in _units():
        found, after = found[:-1], after - 1  # "12 2 Tage verschieben"
    place = after
    while place < len(line.folded) and line.folded[place] in singles("politeness"):
        place += 1
    link = (line.head("to", after) or line.head("to", place)) if found else None
    rest, last = line.behind(after), len(line.folded) - 1
    verb = head or (line.head("move_task", last) if found and last > after else None)
    if found and verb is not None and (days := _days_by(line, after)):
        return Found(
            [MoveTask(n, world.today + timedelta(days), days, line=line.text, confidence=verb.sure) for n in found]
        )
    if not found or (head is None and link is None):
        return None
    if head is None and last > after and line.head("move_task", last) is not None:
        # German and Dutch put the verb last: "12 auf Montag verschieben".
        head, rest = line.head("move_task", last), rest[: rest.rindex(line.text[line.tokens[last].start :])]
    due = only_day(rest, world)
    if due is None or (head is None and line.folded[0] != str(found[0])):
        return None
    sure = min(due.sure, head.sure if head else TYPO)
    moved = [MoveTask(number, due.day, line=line.text, confidence=sure) for number in found]
    if due.other is None:
        return Found([*moved])
    return Found([replace(m, alternatives=(replace(m, due=due.other, confidence=CLEAR),)) for m in moved])


def _days_by(line: Line, at: int) -> int:
    """The days of "by two days", "um eine Woche", "a week later"; 0 where it is nothing like that."""
    folded = [word for word in line.folded[at:] if word not in _BY]
    if folded and " ".join(folded[-1:]) in keywords("move_task"):
        folded.pop()
    while folded and (" ".join(folded[-1:]) in keywords("later_by") or folded[-1] in _FURTHER):
        folded.pop()
    earlier = bool(folded) and folded[-1] in keywords("earlier_by")
    minutes = duration(" ".join(folded[:-1] if earlier else folded)) if folded and set(line.folded) & _units() else None
    if minutes is None or minutes % DAY_OF_WORK:
        return 0
    worked = minutes // DAY_OF_WORK
    days = worked // 5 * 7 if set(line.folded) & _units(week=True) else worked
    return -days if earlier else min(days, 366)


@cache
def _units(*, week: bool = False) -> frozenset[str]:
    """The words for days and weeks, or for weeks alone."""
    senses = ("week",) if week else ("day", "week")
    return frozenset(
        word
        for language in LANGUAGES.values()
        for sense in senses
        for phrase in split(language.units[sense])
        for word in words(phrase)
    )


DAY_OF_WORK = WORKDAY_HOURS * 60
_BY = frozenset({"by", "back", "out", "um", "de", "di", "met", "por", "em"})
_FURTHER = frozenset({"op", "auf", "hinaus", "weiter", "out", "back", "further", "on", "avanti", "adelante"})
_PARTICLES = frozenset({"zu", "toe", "over", "an", "aan"})


def _assigned(line: Line, world: World) -> Found | None:
    """ "assign 12 to Sam", "give 12 to Sam", "12 @Sam"."""
    head = line.head("assign", typos=True)
    found, after = numbers(line, head.after if head else 0)
    if not found:
        return None
    name, linked = receiver(line, after)
    who = person(name, world) if name and not any(letter.isdecimal() for letter in name) else None
    if who is None or (head is None and not linked):
        return None
    if head is None and "@" not in who.name:
        return None
    sure = min(who.sure, head.sure if head else TYPO)
    return Found(
        [
            Assign(
                number,
                who.name,
                line=line.text,
                confidence=sure,
                alternatives=tuple(Assign(number, other, line=line.text) for other in who.others),
            )
            for number in found
        ]
    )


def receiver(line: Line, after: int) -> tuple[str, bool]:
    """Who gets what ends before word ``after``, in words, and whether something such as "to" or "@" leads to them."""
    at = after
    while at < len(line.folded) and line.folded[at] in _links():
        at += 1
    name = line.behind(at).strip()
    while " " in name and _ends(name.rpartition(" ")[2]):
        name = name.rpartition(" ")[0].rstrip()
    return name, at > after or name.startswith("@")


def _ends(word: str) -> bool:
    """German and Dutch put the verb or a part of it last: "weise 12 Sam zu", "12 an Sam übergeben"."""
    folded = " ".join(words(word))
    return folded in _PARTICLES or folded in keywords("assign")


@cache
def _links() -> frozenset[str]:
    return frozenset(
        {"to", "an", "a", "al", "ao", "à", "aan", "für", "for", "per", "para", "pour", "toe", "voor", "fur"}
    )


def _timed(line: Line, world: World) -> Found | None:
    """ "spent 2h on 12", "2h on 12", "estimate 12: 3h"."""
    estimate, spent = line.head("estimate", typos=True), line.head("spent", typos=True)
    head = max((h for h in (estimate, spent) if h), key=lambda h: h.sure, default=None)
    made: type[Spent | Estimate] = Estimate if head is not None and head == estimate and estimate != spent else Spent
    begin = head.after if head else 0
    found, minutes = _time_first(line, begin)
    numbered, after = numbers(line, begin)
    if minutes is None and numbered:
        found = numbered
        second = line.head("estimate", after) or line.head("spent", after)
        if head is None and second is None:
            return None
        if head is None and second is not None:
            made, after = (Estimate if line.head("estimate", after) else Spent), second.after
        minutes = duration(line.behind(after).strip(" :=-–—~"))
    if not found or minutes is None:
        return None
    sure = head.sure if head else CLEAR
    return Found([made(number, minutes, line=line.text, confidence=sure) for number in found])


def _time_first(line: Line, begin: int) -> tuple[list[int], int | None]:
    """The numbers and the minutes of "2h on 12"."""
    for link in range(begin + 1, len(line.folded)):
        if line.folded[link] not in _ON:
            continue
        found, after = numbers(line, link + 1)
        if found and line.folded[after:] in {(), *((word,) for word in keywords("spent"))}:
            return found, duration(line.text[line.tokens[begin].start : line.tokens[link].start])
    return [], None


_ON = frozenset(
    {"on", "for", "an", "auf", "für", "fur", "sur", "pour", "en", "para", "em", "na", "su", "per", "aan", "to"}
)


def level(text: str) -> str | None:
    """The priority that a text names and nothing else."""
    folded = [word for word in words(text) if word not in keywords("priority")]
    phrase = " ".join(words(text))
    for name in PRIORITIES:
        if phrase in keywords(name) or (folded and " ".join(folded) in keywords(name)):
            return name
    return None


def _prioritised(line: Line, world: World) -> Found | None:
    """ "priority 12 high", "12 high priority", "set the priority of 12 to high", "12 is urgent"."""
    begin = next((at for at, word in enumerate(line.folded) if word not in _saying() | {"the", "die"}), 0)
    head = line.head("priority", typos=True) or line.head("priority", begin)
    place = head.after if head else begin
    while head and place < len(line.folded) and line.folded[place] in _OF:
        place += 1
    found, after = numbers(line, place)
    linked = [word for word in line.folded[after:] if word not in _saying() and word not in keywords("to")]
    name = (level(line.behind(after)) or level(" ".join(linked))) if found else None
    if name is not None and head is None and min(found) <= len(world.known.questions):
        return None
    if name is None:
        return None
    said = head is not None or bool(set(line.folded) & keywords("priority"))
    sure = head.sure if head else CLEAR if said or line.alone else GUESSED
    return Found([Prioritise(number, name, line=line.text, confidence=sure) for number in found])


_OF = frozenset({"of", "for", "on", "von", "für", "fur", "de", "da", "do", "di", "van", "pour", "voor", "la"})


def _listed(line: Line, world: World) -> Found | None:
    """ "my tasks", "tasks of Sam"."""
    sure = line.is_in("my_tasks")
    if sure:
        return one(Tasks(line=line.text, confidence=sure)) if line.alone or len(line.folded) > 1 else None
    if line.alone and (sure := line.is_in("team_tasks")):
        return one(Tasks("us", line=line.text, confidence=sure))
    head = line.head("tasks_of")
    named = line.behind(head.after) if head else ""
    if head is None and (owner := whose(line, "my_tasks")):
        head, named = Head(0, CLEAR), owner
    who = listed(named, world) if head and line.body(head.after) is None else None
    if head is None or who is None:
        return None
    asked = Tasks(None if who.name == "me" else who.name, line=line.text, confidence=min(who.sure, head.sure))
    return one(replace(asked, alternatives=tuple(Tasks(other, line=line.text) for other in who.others)))


RULES: tuple[Rule, ...] = (_states, _blocked, _moved, _timed, _prioritised, _assigned, _listed)
