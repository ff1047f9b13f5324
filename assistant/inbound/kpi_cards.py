"""The answers of a KPI card in plain words: how it is measured, when it is looked at, and where it should be."""

from __future__ import annotations

from typing import NamedTuple

from assistant.inbound import figures
from assistant.inbound.atoms import atoms
from assistant.inbound.figures import Figure
from assistant.inbound.keywords import lexicon
from assistant.inbound.measures import AT_LEAST, AT_MOST, unit_at
from assistant.inbound.words.fold import words

MAX_TEXT = 1_000
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RHYTHMS = {
    "daily": "FREQ=DAILY",
    "biweekly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY;BYMONTHDAY=1",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
    "weekly": "FREQ=WEEKLY",
    "yearly": "FREQ=YEARLY",
}
_MARKS = "%€$£¥"


class Measured(NamedTuple):
    """``baseline`` is where it stands now."""

    unit: str
    baseline: float | None


class Aim(NamedTuple):
    """The band, either end of which may be open, and what is wanted."""

    low: float | None
    high: float | None
    target: float | None
    unit: str


def measured(text: str, language: str) -> Measured:
    """ "Stripe, percent of customers lost in a month, 3.2 % now"."""
    found = figures.find(text[:MAX_TEXT], language)
    near = [set(words(_around(text, found, number))) & _NOW for number in range(len(found))]
    now = next((figure for figure, told in zip(found, near, strict=True) if told), found[-1] if found else None)
    unit = unit_at(text, now) if now is not None else ""
    said = words(text)
    unit = unit or next((mark for mark in _MARKS if mark in text), "") or ("%" if _PERCENT & set(said) else "")
    return Measured(unit, now.value if now is not None else None)


def _around(text: str, found: list[Figure], number: int) -> str:
    """What stands between its neighbours."""
    begin = found[number - 1].end if number else 0
    return text[begin : found[number + 1].start if number + 1 < len(found) else len(text)]


def rhythm(text: str, language: str) -> str | None:
    """The RRULE of "every Monday", "daily", "weekly", "first of the month"; a week begins on Monday where no day is
    told. None where no rhythm is."""
    folded = words(text[:MAX_TEXT])
    days = [day for atom in atoms(text[:MAX_TEXT], language) if (day := atom.value("weekday")) is not None]
    said = [key for key in _RHYTHMS for at in range(len(folded)) if lexicon(key).match(folded, at) is not None]
    rule = _RHYTHMS[said[0]] if said else ""
    if days and "MONTH" not in rule and "YEAR" not in rule:
        named = ",".join(_DAYS[day] for day in dict.fromkeys(days))
        return f"{rule if 'WEEKLY' in rule else 'FREQ=WEEKLY'};BYDAY={named}"
    if rule.startswith("FREQ=WEEKLY"):
        return f"{rule};BYDAY=MO"
    if not rule and set(folded) & _EACH_DAY:
        return _RHYTHMS["daily"]
    return rule or None


def aim(text: str, language: str, baseline: float | None = None) -> Aim | None:
    """ "at least 12 %", "between 2 and 4 %", "15 %, at least 12 %", "5 %": that is to be reached from the baseline,
    from below where none is known. None where no figure is told."""
    found = figures.find(text[:MAX_TEXT], language)[:3]
    if not found:
        return None
    unit = next((unit for figure in found if (unit := unit_at(text, figure))), "")
    low = high = target = None
    loose: list[Figure] = []
    for number, figure in enumerate(found):
        before = text[found[number - 1].end if number else 0 : figure.start]
        side = _bound(before)
        if side == "least":
            low = figure.value
        elif side == "most":
            high = figure.value
        else:
            loose.append(figure)
    if len(loose) >= 2 and low is None and high is None and _between(text, loose[0], loose[1]):
        low, high = sorted((loose[0].value, loose[1].value))
        loose = loose[2:]
    if loose:
        target = loose[0].value
    elif low is not None or high is not None:
        target = None if low is not None and high is not None else low if low is not None else high
    if low is None and high is None and target is not None:
        falls = baseline is not None and baseline > target
        low, high = (None, target) if falls else (target, None)
    return Aim(low, high, target, unit)


def _bound(before: str) -> str:
    bare = before.rstrip()
    if bare.endswith(("<", "<=", "≤")):
        return "most"
    if bare.endswith((">", ">=", "≥")):
        return "least"
    said = words(before)[-3:]
    ends = {" ".join(said[-size:]) for size in (1, 2, 3)}
    return "most" if ends & AT_MOST else "least" if ends & AT_LEAST else ""


def _between(text: str, first: Figure, last: Figure) -> bool:
    joined = text[first.end : last.start].strip(" %€$£")
    led = set(words(text[: first.start])[-2:]) & _BETWEEN
    return joined in {"-", "–", "—", "to", "bis", "..", "…"} or bool(led)


_NOW = frozenset(
    {"now", "currently", "today", "baseline", "at present", "jetzt", "derzeit", "heute", "aktuell", "zurzeit"}
)
_PERCENT = frozenset({"percent", "prozent", "percentage", "share", "anteil"})
_BETWEEN = frozenset({"between", "zwischen", "band", "range", "from", "von", "entre", "tra", "tussen"})
_EACH_DAY = frozenset({"daily", "taglich"})
