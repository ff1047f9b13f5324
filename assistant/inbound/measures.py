"""A key result in plain words: what is measured, from where to where, by when, how much it counts, who owns it.

"signups from 3,000 to 4,200 (weight 40, Sam)", "NPS at least 40", "12 interviews by 15 March, @Lee", "launch the
Spanish site by 1 March (moonshot, needs platform)".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from assistant.domain.goals import Label, Measure
from assistant.domain.people import Person
from assistant.inbound import figures, notes
from assistant.inbound.figures import Figure
from assistant.inbound.values import named
from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import fold, tokens, words

MAX_RESULT = 400
_NAME_WORDS = 3
_WHOLE_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class ResultRead:
    """``text`` as written without what was read as weight, owners and label; ``owners`` are addresses and "team:…"."""

    text: str
    name: str
    measure: Measure
    target: float
    start: float = 0.0
    unit: str = ""
    at_most: bool = False
    weight: float | None = None
    label: Label | None = None
    owners: tuple[str, ...] = ()
    due: date | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """Who and what a draft may name. ``teams`` are titles and keys, folded, to keys."""

    people: Sequence[Person]
    teams: Mapping[str, str]
    today: date
    language: str = "en"


class Extras(NamedTuple):
    """What may stand beside a key result, in brackets or after a comma."""

    weight: float | None = None
    label: Label | None = None
    owners: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return self == Extras()

    def and_(self, other: Extras) -> Extras:
        weight = self.weight if other.weight is None else other.weight
        owners = tuple(dict.fromkeys((*self.owners, *other.owners)))
        needs = tuple(dict.fromkeys((*self.needs, *other.needs)))
        return Extras(weight, other.label or self.label, owners, needs)


def read(text: str, world: World) -> ResultRead:
    """Always a key result, if need be one that measures nothing: to say so is the adviser's part."""
    rest, extras = split(text[:MAX_RESULT], world)
    if not extras.owners:
        rest, extras = _behind_figure(rest, extras, world)
    item = notes.action_items(rest, world.people, world.today, world.language)
    owner, due, plain = (item[0].owner, item[0].due, item[0].text) if item else (None, None, rest)
    if owner is not None and not extras.owners:
        extras = extras._replace(owners=(owner,))
    plain = _tidy(plain if due or owner else rest)
    measured = _measure(plain, world.language)
    shown = _tidy(rest)
    return replace(
        measured,
        text=shown or plain,
        weight=extras.weight,
        label=extras.label,
        owners=extras.owners,
        due=due,
        needs=extras.needs or _needs(shown, world),
    )


def _behind_figure(text: str, extras: Extras, world: World) -> tuple[str, Extras]:
    """ "churn from 5 to 3 % Sam": a name that ends a key result, right behind its figure, is whose it is."""
    head, _, last = text.strip().rpartition(" ")
    behind = head.rstrip()[-1:]
    who = _owner(words(last), world) if behind.isdigit() or behind in _MARKS else None
    return (head.rstrip(), extras._replace(owners=(who,))) if who is not None else (text, extras)


def split(text: str, world: World) -> tuple[str, Extras]:
    """The text without its extras, and those. A bracket that says nothing we know stays where it is."""
    found, kept, at = Extras(), [], 0
    while (opening := text.find("(", at)) >= 0 and (closing := text.find(")", opening)) >= 0:
        unknown, inner = _extras(text[opening + 1 : closing], world)
        found = found.and_(inner)
        kept.append(text[at:opening])
        if unknown:
            kept.append(f"({', '.join(unknown)})" if inner.empty else f", {', '.join(unknown)}")
        at = closing + 1
    kept.append(text[at:])
    outside = "".join(kept)
    parts = outside.split(", ")
    while len(parts) > 1:
        unknown, inner = _extras(parts[-1], world)
        if unknown:
            break
        found = inner.and_(found)
        parts.pop()
    return ", ".join(parts), found


def _extras(text: str, world: World) -> tuple[list[str], Extras]:
    """The pieces that are not understood, and what the others say."""
    found, unknown = Extras(), []
    for piece in text.replace(";", ",").replace("/", ",").replace(" and ", ",").replace(" und ", ",").split(","):
        extra = _extra(piece.strip(" .@"), world)
        if extra is None:
            unknown.append(piece.strip())
        else:
            found = found.and_(extra)
    return [piece for piece in unknown if piece], found


def _extra(piece: str, world: World) -> Extras | None:
    """What one piece says; None where it is part of the text."""
    said = words(piece)
    if not said:
        return Extras()
    if len(said) <= 2 and set(said) & (MOONSHOT | ROOFSHOT):
        return Extras(label=Label.MOONSHOT if set(said) & MOONSHOT else Label.ROOFSHOT)
    weight = _weight(piece, said)
    if weight is not None:
        return Extras(weight=weight)
    if said[0] in NEEDS:
        teams = _teams(piece, world)
        return Extras(needs=teams) if teams else None
    owner = _owner(tuple(word for word in said if word not in _OWNER_WORDS), world)
    return None if owner is None else Extras(owners=(owner,))


def owner(said: Sequence[str], world: World) -> str | None:
    """Whom these words name and nothing else."""
    return _owner(tuple(said), world) if said else None


def _owner(said: tuple[str, ...], world: World) -> str | None:
    """The team or the one person that is named by these words and no others."""
    phrase = " ".join(said)
    if phrase in world.teams:
        return f"team:{world.teams[phrase]}"
    people = named(phrase, world.people) if 0 < len(said) <= _NAME_WORDS else []
    fits = [person for person in people if said in (words(person.name), words(person.first_name))]
    return fits[0].address if len(fits) == 1 else None


def _weight(piece: str, said: Sequence[str]) -> float | None:
    """ "weight 40", "40 %", "w 40", "Gewicht 40"; a bare percentage in brackets is one too."""
    numbers = figures.find(piece, "en")
    others = [word for word in said if not word.isdecimal()]
    if len(numbers) != 1 or not 0 <= numbers[0].value <= 100:
        return None
    percent = piece.rstrip().endswith("%") and not others
    return numbers[0].value if percent or (others and set(others) <= WEIGHT) else None


def _teams(text: str, world: World) -> tuple[str, ...]:
    padded = f" {' '.join(words(text))} "
    return tuple(dict.fromkeys(key for title, key in world.teams.items() if f" {title} " in padded))


def _needs(text: str, world: World) -> tuple[str, ...]:
    """ "… needs platform": a team named right after it."""
    said = words(text)
    for place, word in enumerate(said):
        if word in NEEDS:
            return _teams(" ".join(said[place + 1 : place + 4]), world)
    return ()


def _measure(text: str, language: str) -> ResultRead:
    found = [figure for figure in figures.find(text, language) if not _is_year(figure, text)][:2]
    if not found and (number := _begins_with(text, language)) is not None:
        return ResultRead(text, _name(text, None), Measure.COUNT, number)
    if not found:
        return ResultRead(text, _name(text, None), Measure.MILESTONE, 100.0, unit="%")
    first, last = found[0], found[-1]
    unit = unit_at(text, last) or unit_at(text, first)
    before = words(text[: first.start])
    if len(found) > 1 and _joined(text[first.end : last.start], before):
        return ResultRead(text, _name(text, first), Measure.METRIC, last.value, first.value, unit)
    bound = _bound(text[: first.start])
    if bound is not None:
        return ResultRead(text, _name(text, first), Measure.THRESHOLD, first.value, unit=unit, at_most=bound)
    moves = bool(unit) or (before and before[-1] in _TO | _BY)
    name = _name(text, first)
    if moves:
        return ResultRead(text, name, Measure.METRIC, first.value, unit=unit)
    return ResultRead(text, name, Measure.COUNT, first.value)


def _begins_with(text: str, language: str) -> float | None:
    """ "four workshops with harbours": a number in words, where it begins; further on it may be part of anything."""
    said = words(text)[:1]
    known = LANGUAGES[language].numbers if language in LANGUAGES else ()
    return next((float(n) for n, written in enumerate(known) if n > 1 and said and said[0] in words(written)), None)


def _is_year(figure: Figure, text: str) -> bool:
    written = text[figure.start : figure.end]
    return written.isdecimal() and len(written) == 4 and int(written) in _WHOLE_YEARS and not unit_at(text, figure)


def _joined(between: str, before: Sequence[str]) -> bool:
    said = set(words(between))
    return (
        any(arrow in between for arrow in ("->", "→", "=>", "–")) or bool(said & _TO) or bool(set(before[-1:]) & _FROM)
    )


def _bound(before: str) -> bool | None:
    """Whether the figure that follows is the most (True) or the least (False); None where it is neither."""
    bare = before.rstrip()
    if bare.endswith(("<", "<=", "≤", "=<")):
        return True
    if bare.endswith((">", ">=", "≥")):
        return False
    said = words(before)[-3:]
    ends = {" ".join(said[-size:]) for size in (1, 2, 3)}
    return True if ends & AT_MOST else False if ends & AT_LEAST else None


def unit_at(text: str, figure: Figure) -> str:
    """The unit after the figure, or the currency before it; "" where there is none we know."""
    after = text[figure.end : figure.end + 12].lstrip()
    if after[:1] in _MARKS:
        return after[0]
    if figure.start and text[figure.start - 1] in _MARKS and text[figure.start - 1] != "%":
        return text[figure.start - 1]
    said = words(after)
    return UNITS.get(said[0], "") if said else ""


def _name(text: str, figure: Figure | None) -> str:
    """What people will call it: the words before the figure, or those after it, without verbs and small words."""
    if figure is None:
        return _content(text)
    return _content(text[: figure.start]) or _content(text[figure.end :])


def _content(text: str) -> str:
    kept: list[str] = []
    for token in tokens(text[:MAX_RESULT]):
        if token.folded in ",.;:(" and kept:
            break
        if token.is_word and token.folded not in _SMALL and not token.folded.isdecimal():
            kept.append(text[token.start : token.end])
        elif kept and token.folded in _LINKS:
            break
        if len(kept) == _NAME_WORDS:
            break
    return " ".join(kept)


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;:-–—•*").replace(" ,", ",")


def teams_by_words(titles: Mapping[str, str]) -> dict[str, str]:
    """From keys and titles to what ``World.teams`` wants."""
    found = {" ".join(words(key)): key for key in titles}
    return found | {" ".join(words(title)): key for key, title in titles.items()}


def same_unit(one: str, other: str) -> bool:
    a, b = (UNITS.get(fold(unit).strip(". "), fold(unit).strip(". ")) for unit in (one, other))
    return a == b


MOONSHOT = frozenset({"moonshot", "moonshots", "stretch", "mondflug", "ambitious"})
ROOFSHOT = frozenset({"roofshot", "roofshots", "committed", "commit", "zugesagt", "fest"})
WEIGHT = frozenset({"weight", "weighs", "w", "gewicht", "gewichtung", "poids", "peso"})
NEEDS = frozenset({"needs", "need", "braucht", "brauchen", "requires", "depends"})
AT_LEAST = frozenset(
    {"at least", "minimum", "min", "above", "over", "more than", "mindestens", "uber", "mehr als", "stays above"}
)
AT_MOST = frozenset(
    {"at most", "maximum", "max", "under", "below", "less than", "no more than", "hochstens", "maximal", "unter"}
    | {"weniger als", "stays below"}
)
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("percent", "prozent", "pct"), "%"),
    **dict.fromkeys(("eur", "euro", "euros"), "€"),
    **dict.fromkeys(("usd", "dollar", "dollars"), "$"),
    **dict.fromkeys(("h", "hour", "hours", "stunde", "stunden", "hrs"), "h"),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), "min"),
    **dict.fromkeys(("s", "sec", "second", "seconds", "sekunde", "sekunden"), "s"),
    **dict.fromkeys(("ms",), "ms"),
    **dict.fromkeys(("day", "days", "tag", "tage", "tagen"), "d"),
    **dict.fromkeys(("week", "weeks", "woche", "wochen"), "wk"),
    **dict.fromkeys(("month", "months", "monat", "monate", "monaten"), "mo"),
    **dict.fromkeys(("kg",), "kg"),
    **dict.fromkeys(("points", "point", "punkte", "punkten", "pts"), "pt"),
}
_MARKS = frozenset("%€$£¥")
_TO = frozenset({"to", "auf", "bis", "zu"})
_BY = frozenset({"by", "um"})
_FROM = frozenset({"from", "von"})
_LINKS = frozenset({"from", "von", "to", "auf", "by", "um", "at", "in", "for", "fur", "with", "mit", "per", "pro"})
_OWNER_WORDS = frozenset({"team", "owner", "owned", "by", "the", "with", "verantwortlich", "von"})
_SMALL_TEXT = """
a an the of our we i and least most minimum maximum under below above over more less than no new is are be stays
increase raise grow lift reduce lower cut decrease improve bring get reach launch ship publish win have run
der die das den dem ein eine einen von unsere wir ich und mindestens hochstens maximal unter uber mehr weniger als
steigern erhohen senken verbessern erreichen bringen gewinnen starten neue neuen neuer
"""
_SMALL = _LINKS | frozenset(_SMALL_TEXT.split())
