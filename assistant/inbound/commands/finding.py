"""Finding again: "search staging outage", "what did I do in October", "what did we decide about pricing", "faq …"."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from assistant.inbound import times
from assistant.inbound.atoms import Atom, atoms
from assistant.inbound.commands.line import MARKS, Found, Line, Rule, World, one, person
from assistant.inbound.commands.matters import KeepFaq, Search
from assistant.inbound.days import add_months, monday_of, month_end
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords
from assistant.inbound.words.fold import words

QUARTERS = 4
MAX_NAME = 6
"""So many words may stand between "what did" and "do"."""
YEARS = (2000, 2100)


class Spell(NamedTuple):
    """Local days, both inclusive, and where they stand in the text."""

    first: date
    last: date
    start: int
    end: int


def past(text: str, world: World) -> Spell | None:
    """The days gone by that a text names: "in October", "last week", "yesterday", "Q3", "since Monday", "2025"."""
    for spell in (*_written(text, world), *_named(text, world)):
        if spell.first <= world.today:
            return spell
    return None


def _written(text: str, world: World) -> Iterator[Spell]:
    """Months, quarters, years, last and this week."""
    row = atoms(text, world.language)
    for at, atom in enumerate(row):
        begin = at - 1 if at and (row[at - 1].has("noise") or row[at - 1].has("rel")) else at
        start = row[begin].start
        number = row[at + 1].number if at + 1 < len(row) else None
        before = row[at - 1] if at else None
        month = atom.value("month")
        dated = (before is not None and before.number is not None) or (number is not None and number < 32)
        if month is not None and not dated:
            year = number if number and YEARS[0] < number < YEARS[1] else None
            first = date(year or world.today.year, month + 1, 1)
            first = first if year or first <= world.today else first.replace(year=first.year - 1)
            since = row[begin].means("rel", "from") and row[begin].word in _SINCE
            last = world.today if since else month_end(first)
            yield Spell(first, last, start, row[at + (year is not None)].end)
        elif atom.word in keywords("quarter") and number is not None and 1 <= number <= QUARTERS:
            yield _quarter(number, _year(row, at + 2), start, row[at + 1].end, world)
        elif atom.number is not None and YEARS[0] < atom.number < YEARS[1] and len(atom.word) == 4 and not dated:
            yield Spell(date(atom.number, 1, 1), date(atom.number, 12, 31), start, atom.end)
        pair = (atom, row[at + 1]) if at + 1 < len(row) else None
        spell = _last(pair, start, world) if pair else None
        if spell is not None:
            yield spell


def _year(row: list[Atom], at: int) -> int | None:
    number = row[at].number if at < len(row) else None
    return number if number is not None and YEARS[0] < number < YEARS[1] else None


def _quarter(number: int, year: int | None, start: int, end: int, world: World) -> Spell:
    first = date(year or world.today.year, number * 3 - 2, 1)
    if first > world.today and year is None:
        first = first.replace(year=first.year - 1)
    return Spell(first, month_end(add_months(first, 2)), start, end)


def _last(pair: tuple[Atom, Atom], start: int, world: World) -> Spell | None:
    """ "last week", "this month", "semaine dernière"."""
    today = world.today
    for modifier, unit in (pair, pair[::-1]):
        back = modifier.word in _LAST or modifier.means("mod", "ago")
        here = modifier.means("mod", "this")
        if not (back or here):
            continue
        end = pair[1].end
        if unit.means("unit", "week"):
            monday = monday_of(today) - timedelta(days=7 * back)
            return Spell(monday, monday + timedelta(days=6), start, end)
        if unit.means("unit", "month"):
            first = add_months(today.replace(day=1), -int(back))
            return Spell(first, month_end(first), start, end)
        if unit.word in keywords("quarter") and unit.word.isalpha() and len(unit.word) > 1:
            first = add_months(today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1), -3 * back)
            return Spell(first, month_end(add_months(first, 2)), start, end)
        if unit.word in keywords("year"):
            year = today.year - back
            return Spell(date(year, 1, 1), date(year, 12, 31), start, end)
    return None


_SINCE = frozenset({"since", "seit", "depuis", "desde", "sinds", "from", "starting", "ab"})
_LAST = frozenset(
    {
        *(
            "last",
            "past",
            "previous",
            "letzte",
            "letzten",
            "letzter",
            "letztes",
            "letztem",
            "vorige",
            "vorigen",
            "dernier",
        ),
        *("derniere", "pasado", "pasada", "ultimo", "ultima", "passado", "passada", "scorso", "scorsa", "vergangene"),
        *("vorig", "afgelopen", "laatste", "passe", "passee", "vergangenen", "anterior"),
    }
)


def _named(text: str, world: World) -> Iterator[Spell]:
    """Days; a weekday or a date without its year is the last one."""
    for match in times.find_days(text, world.today, world.language):
        first, last = match.first, match.last
        if first > world.today and match.grain == "weekday":
            first, last = first - timedelta(days=7), last - timedelta(days=7)
        elif first > world.today and match.grain == "day":
            leap = (first.month, first.day) == (2, 29)
            year = first.year - (4 if leap and calendar.isleap(first.year - 4) else 1)
            first = last = first.replace(year=year)
        yield Spell(first, world.today if match.relation == "from" else last, match.start, match.end)


def _searched(line: Line, world: World) -> Found | None:
    """ "search staging outage", "search: …", "faq holidays"."""
    head, among = line.head("search", typos=True), None
    if head is None:
        head, among = line.head("faq"), "faq"
    if head is None or head.after >= len(line.folded):
        return None
    body = line.body(head.after)
    text = (body if body is not None else line.behind(head.after)).strip(MARKS + "?")
    inside = Line(text)
    if among is None and inside.folded[:1] in {(word,) for word in keywords("faq")}:
        text, among = inside.behind(1).strip(MARKS), "faq"
    sure = head.sure if body is not None or (line.alone and not world.known.questions) else GUESSED
    if head.sure < CLEAR and body is None:
        sure = GUESSED
    asked = Search(text, among, line=line.text, confidence=sure)
    return one(_dated(asked, text, world)) if text else None


def _dated(search: Search, text: str, world: World) -> Search:
    """The search with its days, which are no words to look for."""
    spell = past(text, world)
    if spell is None:
        return replace(search, words=text.strip(MARKS + "?"))
    left = f"{text[: spell.start].rstrip()} {text[spell.end :].lstrip()}".strip(MARKS + "?")
    return replace(search, words=left, first=spell.first, last=spell.last)


def _done(line: Line, world: World) -> Found | None:
    """ "what did I do in October", "what did we do last week", "what did Sam do yesterday"."""
    for key, who in (("did_i", "me"), ("did_we", "us")):
        head = line.head(key)
        if head is not None:
            rest = _without_end(line, head.after, "do")
            return _recalled(line, rest, "done", who, world)
    head = line.head("did")
    if head is None:
        return None
    for at in range(head.after + 1, min(len(line.folded), head.after + MAX_NAME) + 1):
        verb = line.head("do", at)
        last = at == len(line.folded)
        days = None if verb or last else past(line.text[line.tokens[at].start :], world)
        led = days is not None and days.start == 0
        if not (verb or led):
            continue
        who_ = person(line.text[line.tokens[head.after].start : line.tokens[at - 1].end], world)
        rest = line.behind(verb.after) if verb else line.text[line.tokens[at].start :]
        rest = rest if verb else _without_end(Line(rest), 0, "do")
        if who_ is not None and (verb or "@" in who_.name or _without_end(line, 0, "do") != line.text):
            return _recalled(line, rest, "done", who_.name, world)
    return None


def _without_end(line: Line, after: int, key: str) -> str:
    """The rest of a line without a last word as German puts it there ("gemacht")."""
    if len(line.folded) > after and line.folded[-1] in keywords(key):
        begin = line.tokens[after - 1].end if after else 0
        return line.text[begin : line.tokens[-1].start]
    return line.behind(after)


def _decided(line: Line, world: World) -> Found | None:
    """ "what did we decide about pricing", "decisions on hiring in Q3", "was haben wir zu Preisen entschieden"."""
    head = line.head("decided")
    if head is not None:
        if head.after == len(line.folded) and not line.alone:
            return None
        return _recalled(line, line.behind(head.after), "decisions", "us", world)
    head = line.head("decided_tail")
    if head is None or line.folded[-1] not in keywords("decided_end"):
        return None
    return _recalled(line, _without_end(line, head.after, "decided_end"), "decisions", "us", world)


def _recalled(line: Line, rest: str, among: str, who: str, world: World) -> Found | None:
    """Words behind the question are a topic after "about", or days; anything else makes it another sentence."""
    topic = rest.strip().rstrip("?!. ")
    if topic.startswith((":", "-", "–")):
        return None  # "what I did: …" labels an answer
    asked = _dated(Search("", among, who, line=line.text), topic, world)
    row = Line(asked.words)
    link = row.head("about")
    words_ = row.behind(link.after).strip(MARKS) if link else asked.words
    bare = not words_ or link is not None or among == "decisions"
    sure = CLEAR if bare else GUESSED
    if among == "done" and not line.alone:
        sure = min(sure, GUESSED)
    if asked.first is None and not words_ and words(line.text) and not line.alone:
        sure = min(sure, TYPO)
    return one(replace(asked, words=words_, confidence=sure))


def _kept(line: Line, world: World) -> Found | None:
    """ "keep as faq", "keep as faq: how do I get a laptop"."""
    head = line.head("keep_faq")
    if head is None:
        return None
    body = line.body(head.after)
    if body is None and head.after < len(line.folded):
        return None
    return one(KeepFaq(body or "", line=line.text))


RULES: tuple[Rule, ...] = (_kept, _done, _decided, _searched)
