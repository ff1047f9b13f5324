"""One's own hours, place and language: "check-in at 8:30", "my hours 8-16", "I am in Lisbon from Monday"."""

from __future__ import annotations

from datetime import date, time, timedelta

from assistant.inbound import times
from assistant.inbound.atoms import atoms
from assistant.inbound.clocks import HOUR, Clock, ClockGrammar
from assistant.inbound.commands.everyday import AskAt, Hours, Language, Zone
from assistant.inbound.commands.line import MARKS, Found, Head, Line, Rule, World, one, without_politeness
from assistant.inbound.commands.people import kinds
from assistant.inbound.commands.places import zone_of
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords
from assistant.inbound.words import LANGUAGES, singles
from assistant.inbound.words.fold import words

_LANGUAGES = {
    "en": "english englisch anglais inglés inglês inglese engels en",
    "de": "german deutsch allemand alemán alemão tedesco duits de",
    "fr": "french französisch français francés francês francese frans fr",
    "es": "spanish spanisch espagnol español espanhol spagnolo spaans castellano es",
    "pt": "portuguese portugiesisch portugais portugués português portoghese portugees pt",
    "it": "italian italienisch italien italiano italiaans it",
    "nl": "dutch niederländisch néerlandais neerlandés holandês olandese nederlands holländisch nl",
}


def _language(line: Line, world: World) -> Found | None:
    """ "language German", "auf Deutsch bitte", "in English please"."""
    head = line.head("language", typos=True)
    if head is None and line.alone and not world.known.questions and len(line.folded) > 1:
        head = Head(0, TYPO)  # "German please"
    if head is None:
        return None
    rest = without_politeness(line.folded[head.after :])
    named = line.folded[:1] not in {("in",), ("en",), ("em",), ("auf",)}
    for code in LANGUAGES:
        spelled = {word for name in _LANGUAGES[code].split() for word in words(name)}
        if len(rest) == 1 and rest[0] in spelled and (named or len(rest[0]) > 2):
            sure = head.sure if line.alone or (named and len(rest[0]) > 2) else GUESSED
            return one(Language(code, line=line.text, confidence=sure))
    return None


def _zone(line: Line, world: World) -> Found | None:
    """ "zone Europe/Lisbon", "time zone New York"."""
    head = line.head("zone", typos=True)
    if head is None:
        return None
    name = zone_of(line.behind(head.after))
    if name is not None:
        return one(Zone(name, line=line.text, confidence=head.sure))
    return _placed(line, head.after, head.sure, world)


def _stay(line: Line, world: World) -> Found | None:
    """ "I am in Lisbon now", "I'm in Lisbon from Monday until Friday"."""
    head = line.head("i_am_in")
    return _placed(line, head.after, head.sure, world) if head is not None else None


def _stay_days_first(line: Line, world: World) -> Found | None:
    """ "Ich bin ab Montag in Lissabon": the days between."""
    for at in range(len(line.folded) - 1, max(1, len(line.folded) - 4), -1):
        name = zone_of(line.text[line.tokens[at].start :])
        if name is None or line.folded[at - 1] not in _IN:
            continue
        for end in range(at - 2, 0, -1):
            if " ".join((*line.folded[:end], line.folded[at - 1])) in keywords("i_am_in"):
                between = line.text[line.tokens[end].start : line.tokens[at - 1].start].strip()
                days = _stretch(between, world)
                return one(Zone(name, *days, line=line.text)) if days is not None and days != (None, None) else None
    return None


_IN = frozenset({"in", "a", "en", "em", "à"})


def _placed(line: Line, after: int, sure: float, world: World) -> Found | None:
    """A place and what days are told behind it."""
    for size in (4, 3, 2, 1):
        end = after + size
        if end > len(line.folded):
            continue
        name = zone_of(line.text[line.tokens[after].start : line.tokens[end - 1].end])
        if name is None:
            continue
        rest = line.behind(end).strip(MARKS)
        days = _stretch(rest, world)
        if days is None:
            return None
        # "I am in Lisbon today" is no move; for good only when it says so.
        settled = bool(rest) or not line.text.lower().startswith(("i am in", "i'm in"))
        return one(Zone(name, *days, line=line.text, confidence=sure if settled or line.alone else GUESSED))
    return None


def _stretch(rest: str, world: World) -> tuple[date | None, date | None] | None:
    """First and last day out of "now", "from Monday", "until Friday", "next week"; None where more is said."""
    found = list(times.find_days(rest, world.today, world.language))
    outside = " ".join(
        word
        for begin, end in zip([0, *(m.end for m in found)], [*(m.start for m in found), len(rest)], strict=True)
        for word in words(rest[begin:end])
    )
    senses = {word for key in ("now", "to", "from", "now_on") for phrase in keywords(key) for word in phrase.split()}
    if outside and outside not in keywords("now") | keywords("now_on") and not set(outside.split()) <= senses:
        return None
    if not found:
        return None, None
    if len(found) > 1:
        first, last = found[0].first, found[1].last
        if last < first and found[1].grain == "weekday":
            last += timedelta(7)
        return first, last
    match = found[0]
    if match.relation in ("until", "by", "before", "through"):
        return None, match.last if match.relation == "through" or match.grain == "week" else match.first - timedelta(1)
    if match.relation == "from":
        return match.first, None
    return match.first, match.last


def _clock(text: str, world: World) -> tuple[Clock, int] | None:
    """The time that a text begins with, and the offset behind it."""
    row = atoms(text, world.language)
    place = 0
    while place < len(row) and (row[place].word in {":", ",", "="} or row[place].has("noise")):
        place += 1
    if place >= len(row):
        return None
    found = ClockGrammar(row).bare(place)
    return (found, row[found.after - 1].end) if found is not None else None


def _time(minutes: int) -> time:
    return time(minutes // HOUR % 24, minutes % HOUR)


def _hours(line: Line, world: World) -> Found | None:
    """ "my hours 8-16", "I work from 9 to 17:30"."""
    head = line.head("hours", typos=True)
    read = _clock(line.behind(head.after), world) if head else None
    if head is None or read is None or read[0].first == read[0].last or not read[0].exact:
        return None
    clock, end = read
    rest = words(line.behind(head.after)[end:])
    if rest and " ".join(rest) not in keywords("now_on") | keywords("now"):
        return None
    said = line.folded[: head.after]
    weak = said in {
        ("i", "work"),
        ("trabajo",),
        ("trabalho",),
        ("lavoro",),
        ("je", "travaille"),
        ("uren",),
        ("stunden",),
    }
    sure = min(head.sure, TYPO if weak and line.alone else GUESSED if weak else CLEAR)
    return one(Hours(_time(clock.first), _time(clock.last), line=line.text, confidence=sure))


_FIGURES = frozenset({"pulse", "poll", "meeting-feedback"})
"""Kinds that are answered with a number: a bare one behind their name is no time of day."""


def _asked_at(line: Line, world: World) -> Found | None:
    """ "check-in at 8:30", "at 8:30 from now on", "ask me at 9"."""
    kind, after, named = None, 0, False
    head = line.head("ask_at")
    if head is not None:
        after, named = head.after, True
    lasting = line.head("now_on", after)
    if lasting is not None:
        after, named = lasting.after, True
    while after < len(line.folded) and line.folded[after] in {"the", "my", "die", "den", "das", "meine", "le", "la"}:
        after += 1
    match = kinds().match(line.folded, after)
    if match is not None:
        kind, after = match[0] or None, after + match[1]
        if kind is None:
            return None
    while after < len(line.folded) and line.folded[after] in singles("politeness"):
        after += 1
    if kind and lasting is None and (lasting := line.head("now_on", after)) is not None:
        after = lasting.after  # "Check-in künftig um 9:30"
    rest = line.behind(after)
    if kind in _FIGURES and rest.strip(MARKS).isdecimal():
        return None
    timed = _clock(rest, world)
    if timed is None or not timed[0].exact or timed[0].first != timed[0].last:
        return None
    clock, end = timed
    tail = " ".join(word for word in words(rest[end:]) if word not in singles("instead") | {"instead", "stattdessen"})
    always = lasting is not None or tail in keywords("now_on")
    lead = words(rest[: _begin(rest, clock, world)])
    if (tail and tail not in keywords("now_on")) or not (named or kind or always) or lead:
        return None
    sure = CLEAR if always or (line.alone and named) or (line.alone and kind) else GUESSED
    return one(AskAt(_time(clock.first), kind, line=line.text, confidence=sure))


def _begin(rest: str, clock: Clock, world: World) -> int:
    row = atoms(rest, world.language)
    at = clock.at
    while at and (row[at - 1].has("noise") or row[at - 1].has("rel")):
        at -= 1
    return row[at].start


RULES: tuple[Rule, ...] = (_language, _zone, _stay, _stay_days_first, _hours, _asked_at)
