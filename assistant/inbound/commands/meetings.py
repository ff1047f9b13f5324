"""Meetings: "move to Thursday 3pm", "could we do Thursday afternoon instead?", "cancel this week's 1:1", "later".

A sentence is one of these when each of its words is part of a time or of the talk about moving meetings.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from assistant.inbound import times
from assistant.inbound.atoms import Atom, atoms
from assistant.inbound.commands.everyday import Accept, CancelMeeting, Decline, MoveMeeting
from assistant.inbound.commands.line import MARKS, Found, Line, Rule, World, duration, one
from assistant.inbound.commands.people import kinds
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, lexicon
from assistant.inbound.times import NO_DAY_CONFIDENCE
from assistant.inbound.words import phrases, singles
from assistant.inbound.words.fold import fold, words

MAX_WORDS = 24
MEETINGS = frozenset({"one-on-one", "review", "retrospective", "refinement", "check-in", "introduction"})
_MORE = frozenset({"retrospective", "agenda", "weekly-update"})


@cache
def _talk() -> frozenset[str]:
    spoken = frozenset(
        word
        for key in ("move_talk", "meeting", "now", "later", "later_by", "earlier_by")
        for phrase in keywords(key)
        for word in phrase.split()
    )
    polite = singles("politeness") | {"sorry", "hm", "nope", "s", "t"}
    lengths = singles("minutes") | singles("hours") | singles("half_hour")
    return spoken | polite | lengths | singles("moves") | singles("instead")


def _kind(line: Line) -> tuple[str | None, set[int]]:
    """The kind of meeting named anywhere, and the places of its words."""
    for at in range(len(line.folded)):
        match = kinds().match(line.folded, at)
        if match is not None and match[0] in MEETINGS | _MORE and line.folded[at] not in {"minutes", "notes"}:
            return match[0], set(range(at, at + match[1]))
    return None, set()


def _understood(line: Line, named: set[int], row: list[Atom]) -> bool:
    """Whether every word is part of a time, of the meeting's name or of talk about moving it."""
    said = [token for place, token in enumerate(line.tokens) if place not in named]
    told = [atom for atom in row if atom.meanings or atom.number is not None]
    return all(token.folded in _talk() or any(atom.start <= token.start < atom.end for atom in told) for token in said)


def _move(line: Line, world: World) -> Found | None:
    if len(line.folded) > MAX_WORDS or not line.folded:
        return None
    after = _declines(line)
    text = line.behind(after).strip(MARKS) if after else line.text
    rest = Line(text)
    if " ".join(words(text)) in keywords("later") or line.is_in("later"):
        return one(MoveMeeting(line=line.text, confidence=CLEAR)) if line.alone else None
    row = atoms(text, world.language)
    kind, named = _kind(rest)
    if _names_a_task(row):
        return None
    if not rest.folded or not _understood(rest, named, row):
        return None
    shift = _shift(rest)
    if shift is not None:
        return one(MoveMeeting((), shift, kind, line=line.text, confidence=_signal(line, rest, world)))
    return _to(line, rest, row, kind, world)


def _names_a_task(row: list[Atom]) -> bool:
    """Whether a bare number stands where a task's does: "move 12 to …", "12 auf Freitag verschieben"."""
    for at, atom in enumerate(row):
        following, then = (row[place] if place < len(row) else None for place in (at + 1, at + 2))
        behind_verb = at > 0 and row[at - 1].has("move")
        dated = at > 0 and any(row[at - 1].has(kind) for kind in ("weekday", "month", "day", "rel", "clock", "noise"))
        if atom.number is None or following is None or dated:
            continue
        ranged = then is not None and (then.number is not None or then.has("clock"))
        timed = following.has("clock") or following.has("month") or following.word in {":", ".", "/", "-", "h"}
        if not timed and not ranged and (behind_verb or following.has("rel") or following.has("move")):
            return True
    return False


def _to(line: Line, rest: Line, row: list[Atom], kind: str | None, world: World) -> Found | None:
    found = times.read(rest.text, zone=world.zone, now=world.now, language=world.language)
    days = list(times.find_days(rest.text, world.today, world.language))
    if not found:
        return None
    sure = _signal(line, rest, world)
    if not sure:
        return None
    day = days[0].first if len(days) > 1 and days[1].relation == "to" and days[0].relation != "to" else None
    if not days and any(atom.has("unit") for atom in row):
        return None  # "12 am 2 Tage verschieben": of the days nothing was read
    if not days and found[0].exact and all(one_.confidence == NO_DAY_CONFIDENCE for one_ in found):
        at = found[0].period.start.astimezone(world.zone).time().replace(tzinfo=None)
        sure = min(sure, GUESSED) if kind == "check-in" else sure  # it is asked at a time, and meets at none
        return one(MoveMeeting((), None, kind, at=at, line=line.text, confidence=sure))
    made = MoveMeeting(tuple(found), None, kind, day, line=line.text)
    certain = max(candidate.confidence for candidate in found)
    alternatives: tuple[MoveMeeting, ...] = ()
    if certain < TYPO and len(found) > 1:
        alternatives = tuple(replace(made, candidates=(candidate,), confidence=CLEAR) for candidate in found)
    return one(replace(made, confidence=min(sure, certain), alternatives=alternatives))


def _signal(line: Line, rest: Line, world: World) -> float:
    """How sure it is that a time is where the meeting is to go: a verb of moving or "instead" says so."""
    if set(rest.folded) & _movers():
        return CLEAR if line.alone else TYPO
    worded = any(atom.meanings and not atom.has("noise") for atom in atoms(rest.text, world.language))
    bare = all(word in _bare() or word not in _talk() for word in rest.folded)
    if not line.alone or line.text != rest.text or not worded or not bare:
        return 0.0
    return GUESSED if world.known.questions else TYPO


@cache
def _bare() -> frozenset[str]:
    """What may stand around a time that is all there is: "on Thursday at 3 please"."""
    return (
        singles("noise") | singles("politeness") | {"or", "oder", "ou", "o", "of", "and", "und", "et", "y", "e", "to"}
    )


_SUITING = """
instead stattdessen lieber plutôt mejor meglio invece liever melhor could könnten pourrait podemos possiamo kunnen ginge
möglich possible better besser passt would prefer mieux suits past conviendrait podríamos poderíamos potremmo können
pourrions propose suggest move works passt later earlier geht
"""


@cache
def _movers() -> frozenset[str]:
    """Verbs of moving and words such as "instead" and "could we"."""
    shifted = {word for key in ("later_by", "earlier_by") for phrase in keywords(key) for word in phrase.split()}
    small = {"moved", "verschoben", "verlegt", "verschiebt", "de", "a", "in", "of", "que", "na"}
    return (singles("moves") | singles("instead") | shifted | {fold(word) for word in _SUITING.split()}) - small


def _shift(rest: Line) -> timedelta | None:
    """ "an hour later", "could we do it 30 minutes earlier?"."""
    for key, sign in (("later_by", 1), ("earlier_by", -1)):
        for at in range(len(rest.folded)):
            match = lexicon(key).match(rest.folded, at)
            if match is None:
                continue
            for begin in range(max(0, at - 4), at):
                minutes = duration(rest.text[rest.tokens[begin].start : rest.tokens[at].start].strip(MARKS))
                if minutes is not None and minutes < 24 * 60:
                    return sign * timedelta(minutes=minutes)
    return _pushed(rest)


def _pushed(rest: Line) -> timedelta | None:
    """ "Push it by an hour", "um eine Stunde verschieben": later, where nothing says earlier."""
    for at, word in enumerate(rest.folded):
        if word not in _BY_SO_MUCH:
            continue
        for end in range(len(rest.tokens), at + 1, -1):
            minutes = duration(rest.text[rest.tokens[at].end : rest.tokens[end - 1].end].strip(MARKS))
            moved = (*rest.folded[:at], *rest.folded[end:])
            numbered = any(map(str.isdecimal, moved)) or rest.folded[end - 1] not in _lengths()
            if minutes is not None and minutes < 24 * 60 and not numbered and set(moved) & _movers():
                return timedelta(minutes=minutes)
    return None


@cache
def _lengths() -> frozenset[str]:
    """What a length of hours and minutes may end in: a day is no eight hours here."""
    return singles("minutes") | singles("hours") | singles("half_hour") | {"min", "mins"}


_BY_SO_MUCH = frozenset({"by", "back", "um", "de", "di", "met", "por", "em"})


_OPENINGS = frozenset(
    fold(word)
    for word in ("sorry", "unfortunately", "leider", "hélas", "désolé", "désolée", "lo", "siento", "purtroppo")
) | {
    "infelizmente",
    "desculpe",
    "helaas",
    "i",
    "m",
    "afraid",
    "hi",
    "no",
    "nein",
    "non",
    "scusa",
    "mi",
    "dispiace",
    "sry",
}


def _declines(line: Line) -> int:
    """The number of words of "sorry, I can't make it" at the start; 0 where it does not begin so."""
    for begin in range(min(4, len(line.folded))):
        head = line.head("decline", begin)
        if head is not None:
            return head.after
        if line.folded[begin] not in _OPENINGS:
            return 0
    return 0


def _answered(line: Line, world: World) -> Found | None:
    """ "accept", "decline", "can't make it, I am at the dentist": only as the whole reply."""
    if not line.alone:
        return None
    sure = line.is_in("accept")
    if sure:
        return one(Accept(line=line.text, confidence=sure))
    sure = line.is_in("decline")
    after = _declines(line)
    if not sure and after and len(line.folded) <= MAX_WORDS:
        rest = line.behind(after).strip()
        days = list(times.find_days(rest, world.today, world.language))
        outside = set(words(rest)) - {word for m in days for word in words(rest[m.start : m.end])}
        small = outside <= singles("noise") | singles("politeness") | set(words("sorry"))
        sure = CLEAR if small else TYPO if rest[:1] in {",", ".", "-", "–", ";", ":", "!"} else GUESSED
    return one(Decline(line=line.text, confidence=sure)) if sure else None


def _cancelled(line: Line, world: World) -> Found | None:
    """ "cancel the meeting", "cancel this week's 1:1", "1:1 am Dienstag absagen"."""
    if len(line.folded) > MAX_WORDS or not line.folded or (line.folded[-1].isdecimal() and len(line.folded) == 2):
        return None
    place = _cancels(line)
    if place is None:
        return None
    begin, after = place
    asked = line.text.rstrip().endswith("?") and len(line.folded[begin:after]) < 2
    kind, named = _kind(line)
    days = list(times.find_days(line.text, world.today, world.language))
    meeting = any(
        lexicon("meeting").match(line.folded, at) for at in range(len(line.folded)) if at not in range(begin, after)
    )
    row = atoms(line.text, world.language)
    if asked or not (kind or meeting) or len(days) > 2 or not _understood(line, named | set(range(begin, after)), row):
        return None
    spell = _spell(days)
    if spell is None:
        return None
    unread = not days and any(atom.has("unit") or atom.has("weekday") for atom in row)  # "diese 1:1 Woche"
    strong = not unread and (kind or set(line.folded) & _strong() or line.alone)
    return one(CancelMeeting(kind, *spell, line=line.text, confidence=CLEAR if strong else GUESSED))


def _cancels(line: Line) -> tuple[int, int] | None:
    """Where the verb of cancelling stands: at the start or, in German and Dutch, at the end."""
    begin = 0
    while begin < min(3, len(line.folded)) and (line.folded[begin],) in phrases("politeness"):
        begin += 1
    for at in (0, begin):
        head = line.head("cancel", at, typos=True)
        if head is not None:
            return at, head.after
    for at in range(max(1, len(line.folded) - 3), len(line.folded)):
        head = line.head("cancel", at)
        if head is not None and head.after == len(line.folded):
            return at, head.after
    return None


@cache
def _strong() -> frozenset[str]:
    """Words that only mean a meeting."""
    return frozenset(word for phrase in keywords("meeting") for word in phrase.split() if len(word) > 5)


def _spell(days: list[times.DayMatch]) -> tuple[date | None, date | None] | None:
    if not days:
        return None, None
    if len(days) == 2 and days[1].relation not in ("to", "until", "through", "and", None):
        return None
    return days[0].first, days[-1].last


RULES: tuple[Rule, ...] = (_cancelled, _move, _answered)
