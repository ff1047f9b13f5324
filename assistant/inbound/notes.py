"""Meeting notes in plain words: action items with owner and date, decisions, points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.people import Person
from assistant.inbound import points, times
from assistant.inbound.nothing import is_nothing
from assistant.inbound.words import labels
from assistant.inbound.words.fold import fold, tokens, words

MAX_OWNER_WORDS = 4
TODO = (
    "todo",
    "to do",
    "action item",
    "action",
    "ai",
    "task",
    "aufgabe",
    "tache",
    "tarea",
    "tarefa",
    "azione",
    "actie",
)
_FIRST = re.compile(r"\d+|[^\W\d_]+")
MAX_ITEM = 1_000
"""A longer point is no task of one line; it is kept as it is."""
BY_WORDS = frozenset({"by", "due", "until", "bis", "am", "on", "d'ici", "para", "entro", "tot", "voor", "ate", "hasta"})
DUTIES = frozenset({"to", "will", "wird", "soll", "macht", "va", "doit", "debe", "zal", "should", "does", "deve", "fa"})


@dataclass(frozen=True, slots=True)
class ActionItemRead:
    """``owner`` is an address on file, ``due`` a local day; ``text`` what is left without the two."""

    text: str
    owner: str | None = None
    due: date | None = None


def lines(text: str) -> list[str]:
    """The points of a text: one for each bullet or line, wrapped lines joined, "none" and headings left out."""
    return [point for point in points.items(points.parse(text)) if not is_nothing(point) and not _is_heading(point)]


def decisions(text: str) -> list[str]:
    """One for each point, without a leading "Decided:"."""
    return [stripped for point in lines(text) if (stripped := _without_label(point, "decisions"))]


def action_items(text: str, people: Sequence[Person], today: date, language: str = "en") -> list[ActionItemRead]:
    """One for each point: "Ana: venue contract by Fri 4 Dec", "venue contract (Ana, 4 Dec)", "@Lee list until Wed"."""
    names = _Names(people)
    return [_action_item(point, names, today, language) for point in lines(text)]


def _is_heading(point: str) -> bool:
    """ "Action items:" alone on its line."""
    bare = words(point)
    return point.rstrip("*_ ").endswith(":") and 0 < len(bare) <= 3 and labels().get(bare) is not None


def _without_label(point: str, concept: str) -> str:
    found = tokens(point[:60])
    only = [token.folded for token in found if token.is_word]
    match = labels().match(only, 0)
    if match is None or concept not in match[0]:
        return point
    after = [token for token in found if token.is_word][match[1] - 1].end
    rest = point[after:].lstrip("*_ ")
    return rest[1:].strip(" *_") if rest[:1] in {":", "-", "–", "—"} else point


class _Names:
    """How people may be called: full name, first name, the part of an address before the @."""

    def __init__(self, people: Sequence[Person]) -> None:
        self.people = people
        self.known: dict[tuple[str, ...], list[Person]] = {}
        for person in people:
            locals_ = {words(address.partition("@")[0]) for address in (person.address, *person.aliases)}
            for said in {words(person.name), words(person.first_name), *locals_} - {()}:
                self.known.setdefault(said, []).append(person)
        self.firsts = {said[0] for said in self.known}


def _action_item(point: str, names: _Names, today: date, language: str) -> ActionItemRead:
    if len(point) > MAX_ITEM:
        return ActionItemRead(point.strip())
    text = _without_todo(point)
    owner, text = _owner(text, names)
    due, text = _due(text, today, language)
    if owner is None:
        owner, text = _owner(text, names)
    cleaned = _cleaned(text)
    return ActionItemRead(cleaned or point.strip(), owner, due)


def _without_todo(point: str) -> str:
    text = points.without_bullet(point.strip())[0] or point.strip()
    low = fold(text)
    for word in TODO:
        if low.startswith(word) and len(low) == len(text):
            tail = text[len(word) :]
            if tail[:1] in {":", "-", "–"} or (tail[:1].isspace() and text[: len(word)].isupper()):
                return tail.lstrip(" :-–")
    return text


def _owner(text: str, names: _Names) -> tuple[str | None, str]:
    """Who is to do it, and the text without the name. The name leads, follows an @, or stands in brackets or last."""
    for place in (_mentioned, _leading, _bracketed, _arrowed):
        found = place(text, names)
        if found is not None:
            return found
    return None, text


def _mentioned(text: str, names: _Names) -> tuple[str, str] | None:
    """ "@Lee", "@mia.chen" or an address anywhere."""
    for person in names.people:
        for address in (person.address, *person.aliases):
            at = text.lower().find(address)
            if at >= 0 and len(text.lower()) == len(text):
                begin = at - (text[at - 1 : at] in {"@", "<"})
                end = at + len(address) + (text[at + len(address) : at + len(address) + 1] == ">")
                return person.address, f"{text[:begin]} {text[end:]}"
    at = text.find("@")
    while at >= 0:
        found = _name_at(text, at + 1, names)
        if found is not None:
            return found[0].address, f"{text[:at]} {text[found[1] :].lstrip(' :,')}"
        at = text.find("@", at + 1)
    return None


def _leading(text: str, names: _Names) -> tuple[str, str] | None:
    """ "Ana: …", "Ana - …", "Ana to book …", "**Ana** …", "Ana → …"."""
    begin = len(text) - len(text.lstrip("*_ "))
    found = _name_at(text, begin, names)
    if found is None:
        return None
    rest = text[found[1] :].lstrip("*_")
    stripped = rest.lstrip()
    if stripped[:1] and stripped[0] in ":-–—→>,=/(|":
        return (found[0].address, stripped if stripped[0] == "(" else stripped.lstrip(":-–—→>,=/| *_"))
    verb, _, tail = stripped.partition(" ")
    if tail and verb.lower() in DUTIES:
        return found[0].address, tail
    return None


def _bracketed(text: str, names: _Names) -> tuple[str, str] | None:
    """ "venue contract (Ana, 4 Dec)", "… [Ana]"."""
    for opening, closing in (("(", ")"), ("[", "]")):
        at = text.rfind(opening)
        end = text.find(closing, at)
        if at < 0 or end < 0:
            continue
        found = _name_at(text, at + 1, names)
        if found is not None and found[1] <= end:
            inner = text[found[1] : end].strip(" ,;:/-–")
            return found[0].address, f"{text[:at].rstrip()}{f', {inner}' if inner else ''}{text[end + 1 :]}"
        for mark in (", ", "; ", " - ", "/"):
            # The name last: "(4 Dec, Ana)".
            last = text.rfind(mark, at, end)
            found = _name_at(text, last + len(mark), names) if last >= 0 else None
            if found is not None and found[1] == end:
                return found[0].address, f"{text[:at].rstrip()}, {text[at + 1 : last]}{text[end + 1 :]}"
    return None


def _arrowed(text: str, names: _Names) -> tuple[str, str] | None:
    """ "venue contract - Ana", "venue contract, Ana, Fri 4 Dec", "venue contract → Ana"."""
    for at, letter in enumerate(text):
        if letter not in ",→>–—-/;:|":
            continue
        begin = at + 1
        while begin < len(text) and text[begin] in " >*_":
            begin += 1
        found = _name_at(text, begin, names)
        if found is None:
            continue
        rest = text[found[1] :].lstrip("*_ ")
        if not rest or rest[0] in ",;-–—:(.|→>" or (words(rest)[:1] and words(rest)[0] in BY_WORDS):
            return found[0].address, f"{text[:at]}, {rest.lstrip(',;:.|→> ')}"
    return None


def _name_at(text: str, begin: int, names: _Names) -> tuple[Person, int] | None:
    """The person whose full, first or mail name stands at an offset, and where it ends. The longest name wins."""
    first = _FIRST.match(text, begin)
    if first is None or fold(first[0]) not in names.firsts:
        return None
    window = [token for token in tokens(text[begin : begin + 80]) if token.is_word or token.folded in ".-_"]
    if not window or window[0].start > 0:
        return None
    best: tuple[Person, int] | None = None
    length = 0
    for size in range(1, min(MAX_OWNER_WORDS + 2, len(window)) + 1):
        said = tuple(token.folded for token in window[:size] if token.is_word)
        owners = names.known.get(said, [])
        if len(owners) == 1 and window[size - 1].is_word and size > length:
            best, length = (owners[0], begin + window[size - 1].end), size
    return best


def _due(text: str, today: date, language: str) -> tuple[date | None, str]:
    """The last day named in the item, and the text without it."""
    found = [match for match in times.find_days(text, today, language) if match.confidence > 0.5]
    if not found:
        return None, text
    marked = [match for match in found if match.relation in ("by", "until", "before", "through")]
    match = (marked or found)[-1]
    if match.relation is None and match.grain != "day" and not _at_edge(text, match):
        # "Prepare the Monday meeting": a day in the middle of a sentence is not yet a due date.
        return None, text
    before = text[: match.start].rstrip()
    for word in ("no later than", "due", "by", "until"):
        if before.lower().endswith(f" {word}"):
            before = before[: -len(word)].rstrip()
    return times.due(match), f"{before.rstrip(' ,;(-–—:')} {text[match.end :]}"


def _at_edge(text: str, match: times.DayMatch) -> bool:
    return not text[match.end :].strip(" .!)],;") or not text[: match.start].strip(" ([,;:-–—")


def _cleaned(text: str) -> str:
    joined = " ".join(text.split())
    for empty in ("()", "( )", "[]", "[ ]"):
        joined = joined.replace(empty, "")
    joined = joined.strip(" \t,;:-–—•*→>|/").replace(" ,", ",").replace(" .", ".")
    while ",," in joined or ", ," in joined:
        joined = joined.replace(",,", ",").replace(", ,", ",")
    if joined.count("(") < joined.count(")"):
        joined = joined.rstrip(") ")
    if joined.count("(") > joined.count(")"):
        joined = joined.replace("(", "", 1)
    return " ".join(joined.strip(" ,;:-–—").split())
