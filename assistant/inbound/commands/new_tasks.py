"""A task in one line: "task Write the report by Friday @Sam #high every month after 12 est 3h".

Its text is what is left when owner, day, priority and the rest were taken off: tags wherever they stand, phrases at the
end. What is not understood stays in the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from assistant.inbound import times
from assistant.inbound.atoms import atoms
from assistant.inbound.clocks import ClockGrammar
from assistant.inbound.commands.goals import measure_in
from assistant.inbound.commands.line import (
    MARKS,
    Found,
    Line,
    Rule,
    Who,
    World,
    due_of,
    duration,
    numbers,
    one,
    person,
)
from assistant.inbound.commands.matters import NewTask
from assistant.inbound.commands.tasks import level
from assistant.inbound.days import ORDINALS
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, lexicon
from assistant.inbound.points import without_bullet
from assistant.inbound.words import LANGUAGES, singles
from assistant.inbound.words.fold import split, words

MAX_PEELED = 12
MAX_HEAD = 60
"""How far behind "task for" the name may end."""
ENDS = " \t,;–—-(.)"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RHYTHMS = {
    "workdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "daily": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
}
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "workday": "DAILY"}


@dataclass(slots=True)
class _Draft:
    """A task while it is taken apart. ``told`` counts what was understood, ``unsure`` what was not for certain."""

    text: str
    task: NewTask
    told: int = 0
    sure: float = CLEAR
    others: tuple[str, ...] = ()
    owned: bool = False
    other_due: date | None = None

    def take(self, text: str, task: NewTask) -> bool:
        """The rest of the text after a phrase was understood."""
        self.text, self.task, self.told = text.rstrip(ENDS), task, self.told + 1
        return True


def read(text: str, world: World) -> _Draft:
    draft = _Draft(text.strip(" -–—").rstrip("."), NewTask(""))
    _tags(draft, world)
    for _ in range(MAX_PEELED):
        if not any(peel(draft, world) for peel in _PEELS):
            break
    draft.text = " ".join(draft.text.split()).strip(" ,;")
    return draft


def _tags(draft: _Draft, world: World) -> None:
    """ "@Sam" and "#high" wherever they stand; other tags are part of the text."""
    kept: list[str] = []
    parts = draft.text.split(" ")
    at = 0
    while at < len(parts):
        part, taken = parts[at], 1
        if part.startswith("@") and len(part) > 1:
            pair = " ".join(parts[at : at + 2])
            who = person(pair, world) if at + 1 < len(parts) and parts[at + 1][:1].isupper() else None
            taken = 2 if who and "@" in who.name and _full_name(pair, world) else 1
            who = who if taken == 2 else person(part, world)
            if who is not None:
                more, row = _also(parts, at + taken, world)
                taken += row
                _own(draft, who, more)
        elif part[:1] in {"#", "!"} and level(part[1:].rstrip(".,;")):
            draft.told += 1
            draft.task = replace(draft.task, priority=level(part[1:].rstrip(".,;")))
        else:
            kept.append(part)
        at += taken
    draft.text = " ".join(kept).rstrip(ENDS)


def _also(parts: list[str], at: int, world: World) -> tuple[str, int]:
    """The other one of "@me and Sam", and the words that take it; a task has one owner."""
    if at + 1 >= len(parts) or not (parts[at] == "&" or " ".join(words(parts[at])) in keywords("and")):
        return "", 0
    who = person(parts[at + 1], world)
    named = who is not None and ("@" in who.name or who.name == "me")
    return (who.name, 2) if named and who is not None else ("", 0)


def _own(draft: _Draft, who: Who, more: str) -> None:
    """The owner, where two are named one of both."""
    draft.told += 1
    before = (draft.task.owner or "me",) if draft.owned else ()
    others = tuple(dict.fromkeys(name for name in (*before, *who.others, more) if name and name != who.name))
    draft.task = replace(draft.task, owner=None if who.name == "me" else who.name)
    draft.sure, draft.others = min(draft.sure, GUESSED if others else who.sure), others
    draft.owned = True


def _full_name(text: str, world: World) -> bool:
    return any(words(text) == words(known.name) for known in world.known.people)


def _tail(draft: _Draft, key: str) -> tuple[str, str] | None:
    """What stands before and behind the last phrase of a keyword."""
    row = Line(draft.text)
    for at in range(len(row.folded) - 1, 0, -1):
        match = lexicon(key).match(row.folded, at)
        if match is not None and at + match[1] < len(row.folded):
            return draft.text[: row.tokens[at].start], row.behind(at + match[1]).strip(" :")
    return None


def _due(draft: _Draft, world: World) -> bool:
    found = list(times.find_days(draft.text, world.today, world.language))
    if not found or draft.task.due is not None or (draft.task.repeat and found[-1].relation is None):
        return False
    match = found[-1]
    rest = draft.text[match.end :].strip(ENDS)
    row = atoms(rest, world.language)
    clock = ClockGrammar(row).read(0, loose=True) if row else None
    if (rest and (clock is None or clock.after < len(row))) or match.relation in ("after", "from"):
        return False
    before = Line(draft.text[: match.start])
    if not before.folded:
        return False
    due = due_of(match)
    draft.sure, draft.other_due = min(draft.sure, due.sure), due.other
    text = draft.text[: match.start]
    link = lexicon("to").match(before.folded, len(before.folded) - 1)
    if match.relation is None and link is not None:
        text = text[: before.tokens[-1].start]
    return draft.take(text, replace(draft.task, due=due.day))


def _priority(draft: _Draft, world: World) -> bool:
    """ "high priority", "(urgent)", ", low" at the end; a bare word there belongs to the text."""
    row = Line(draft.text)
    for size in range(min(4, len(row.folded) - 1), 0, -1):
        start = row.tokens[-size].start
        name = level(draft.text[start:])
        marked = draft.text[:start].rstrip()[-1:] in {",", "(", "-", "–", ";", "!"}
        said = bool(set(row.folded[-size:]) & keywords("priority"))
        plain = marked or said or size > 2 or name == "urgent"
        if name is not None and draft.task.priority is None and plain:
            return draft.take(draft.text[:start], replace(draft.task, priority=name))
    return False


def _repeat(draft: _Draft, world: World) -> bool:
    row = Line(draft.text)
    for at in range(max(1, len(row.folded) - 7), len(row.folded)):
        rule = _on_day_of_month(row, at) or _rule(draft.text[row.tokens[at].start :], world)
        if rule is not None and draft.task.repeat is None:
            return draft.take(draft.text[: row.tokens[at].start], replace(draft.task, repeat=rule))
    return False


def _rule(text: str, world: World) -> str | None:
    """The RRULE of "every month", "weekly", "every Friday", "every 2 weeks", "every month on the 1st"."""
    phrase = " ".join(words(text))
    for key, rule in _RHYTHMS.items():
        if phrase in keywords(key):
            return rule
    row = Line(text)
    head = row.head("every")
    if head is None:
        monthly = row.head("monthly")
        day = _day_of_month(row, monthly.after) if monthly else None
        return f"FREQ=MONTHLY;BYMONTHDAY={day}" if day else None
    found = atoms(row.behind(head.after), world.language)
    days = [_DAYS[day] for atom in found if (day := atom.value("weekday")) is not None]
    if days and all(a.value("weekday") is not None or a.has("noise") or a.has("rel") or a.word == "," for a in found):
        return f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    count = next((atom.number or atom.value("num") for atom in found if atom.number or atom.value("num")), None)
    unit = found[1].which("unit") if len(found) == 2 else None
    if unit in _UNITS and count:
        return f"FREQ={_UNITS[unit]};INTERVAL={count}"
    monthly = row.head("monthly")
    day = _day_of_month(row, monthly.after) if monthly else None
    return f"FREQ=MONTHLY;BYMONTHDAY={day}" if day else None


def _on_day_of_month(row: Line, at: int) -> str | None:
    """ "on the 1st of every month" from word ``at`` to the end."""
    for place in range(at + 2, len(row.folded)):
        monthly = row.head("monthly", place)
        if monthly is not None and monthly.after == len(row.folded):
            day = _day_of_month(Line(row.text[row.tokens[at].start : row.tokens[place].start]), 0)
            return f"FREQ=MONTHLY;BYMONTHDAY={day}" if day and row.folded[at] in singles("noise") else None
    return None


def _day_of_month(row: Line, at: int) -> int | None:
    """ "on the 1st", "am 1."."""
    found = [int(word) for word in row.folded[at:] if word.isdecimal() and len(word) <= 2]
    around = singles("noise") | ORDINALS | {"day", "tag"}
    joined = all(word.isdecimal() or word in around for word in row.folded[at:])
    return found[0] if joined and len(found) == 1 and 1 <= found[0] <= 31 else None


def _numbered(key: str) -> Callable[[_Draft, World], bool]:
    def peel(draft: _Draft, world: World) -> bool:
        """ "after 12 and 13", "under 12"."""
        tail = _tail(draft, key)
        row = Line(tail[1]) if tail else None
        found, after = numbers(row, 0) if row else ([], 0)
        if tail is None or row is None or not found or after < len(row.folded):
            return False
        task = draft.task
        new = replace(task, after=tuple(found)) if key == "after" else replace(task, under=found[0])
        return draft.take(tail[0], new) if key == "after" or len(found) == 1 else False

    return peel


def _estimate(draft: _Draft, world: World) -> bool:
    tail = _tail(draft, "estimate")
    if tail is None and "~" in draft.text:
        tail = draft.text.rpartition("~")[0], draft.text.rpartition("~")[2]
    minutes = duration(tail[1].strip(" .~)")) if tail else None
    if tail is None or minutes is None or draft.task.estimate is not None:
        return False
    return draft.take(tail[0], replace(draft.task, estimate=minutes))


def _goal(draft: _Draft, world: World) -> bool:
    """ "for KR2", "-> KR2", "(KR2)"."""
    row = Line(draft.text)
    for at in range(max(0, len(row.folded) - 4), len(row.folded)):
        found = measure_in(row, at, world)
        if found is None or found[1] < len(row.folded) or draft.task.goal is not None or not at:
            continue
        begin = at
        while begin and row.folded[begin - 1] in _to_goal():
            begin -= 1
        linked = begin < at or draft.text[: row.tokens[at].start].rstrip()[-1:] in {"(", ">", "→", "#", ","}
        if linked:
            return draft.take(
                draft.text[: row.tokens[begin].start].rstrip(" ->→(#"), replace(draft.task, goal=found[0])
            )
    return False


@cache
def _to_goal() -> frozenset[str]:
    return frozenset(phrase for key in ("owner", "to", "about") for phrase in keywords(key) if " " not in phrase)


def _owner(draft: _Draft, world: World) -> bool:
    """ "for Sam" where Sam is known, "owner Sam" in any case."""
    tail = _tail(draft, "owner")
    if tail is None or draft.task.owner is not None:
        return False
    who = person(tail[1], world) if "," not in tail[1] else None
    folded = words(draft.text[len(tail[0]) :])
    explicit = folded[0] not in _WEAK or (len(folded) > 1 and " ".join(folded[:2]) in keywords("owner"))
    if who is None or not ("@" in who.name or who.name == "me" or explicit):
        return False
    draft.sure, draft.others = min(draft.sure, who.sure), who.others
    return draft.take(tail[0], replace(draft.task, owner=None if who.name == "me" else who.name))


_WEAK = frozenset({"for", "für", "fur", "fuer", "pour", "para", "per", "voor"})
_PEELS = (
    _repeat,
    _estimate,
    _numbered("after"),
    _numbered("under"),
    _goal,
    _due,
    _owner,
    _priority,
)


def _new(line: Line, world: World) -> Found | None:  # noqa: PLR0911 - each return is one way to say it
    """ "task: …", "task Write …", "tasks:" above a list."""
    head = line.head("task", typos=True) or line.head("my_tasks")
    if head is None:
        return None
    body = line.body(head.after)
    if body == "":
        return _list(line, world, head.sure)
    if line.head("task", typos=True) is None:
        return None
    if body is not None:
        return one(_made(body, line.text, world, head.sure))
    owned = _for_somebody(line, head.after, world)
    if owned is not None:
        return one(replace(owned, confidence=min(owned.confidence, head.sure)))
    after = head.after + (line.folded[head.after : head.after + 1] == ("to",))  # "create a task to order badges"
    rest = line.behind(after)
    if len(line.folded) < head.after + 2 or head.sure < CLEAR or not rest[:1].isspace():
        return None
    made = _made(rest, line.text, world, CLEAR)
    told = made != replace(NewTask(made.text), line=made.line, confidence=made.confidence)
    bare = line.folded[head.after] in _other_use() or not made.text
    sure = CLEAR if told else TYPO if line.alone and not world.known.questions else GUESSED
    return None if bare else one(replace(made, confidence=min(sure, made.confidence)))


def _for_somebody(line: Line, after: int, world: World) -> NewTask | None:
    """ "task for Sam: …", "task for Sam and me - …", "task for Sam to …"."""
    if after >= len(line.folded) or line.folded[after] not in _WEAK:
        return None
    rest = line.behind(after + 1)
    for mark in (":", " - ", " – ", " — ", " to "):
        name, found, body = rest[: MAX_HEAD + len(mark)].partition(mark)
        who = person(name, world) if found else None
        if who is not None and body.strip() and ("@" in who.name or who.name == "me"):
            made = _made(rest[len(name) + len(mark) :].strip(), line.text, world, who.sure)
            owner = None if who.name == "me" else who.name
            others = tuple(replace(made, owner=other, alternatives=(), confidence=CLEAR) for other in who.others)
            return replace(made, owner=owner, alternatives=(*made.alternatives, *others))
    return None


@cache
def _other_use() -> frozenset[str]:
    """What follows "task" in a sentence about tasks: "task 12", "task is", "task force"."""
    verbs = {"is", "was", "are", "force", "ist", "war", "est", "es", "esta", "e", "foi", "wurde", "that", "der"}
    return frozenset(verbs) | {str(number) for number in range(10_000)} | keywords("for_feedback") | _of_words()


def _of_words() -> frozenset[str]:
    return frozenset(word for language in LANGUAGES.values() for word in split(language.relations.get("or", "")))


def _made(body: str, line: str, world: World, sure: float) -> NewTask:
    draft = read(body, world)
    text = draft.text.strip(MARKS) and draft.text
    task = replace(draft.task, text=text, line=line, confidence=min(sure, draft.sure))
    if not text:
        return replace(task, confidence=0.0)
    others = [replace(task, owner=None if who == "me" else who, confidence=CLEAR) for who in draft.others]
    if draft.other_due is not None:
        others.append(replace(task, due=draft.other_due, confidence=CLEAR))
    return replace(task, alternatives=tuple(others))


def _list(line: Line, world: World, sure: float) -> Found | None:
    """A heading and a list below it: a task each."""
    commands = []
    rows = 1
    for row in line.below:
        body, marked = without_bullet(row.strip())
        if not marked or not body:
            break
        above = f"{line.text}\n{row}" if rows == 1 else row
        commands.append(_made(body, above, world, sure))
        rows += 1
    return Found([*commands], rows) if commands else None


RULES: tuple[Rule, ...] = (_new,)
