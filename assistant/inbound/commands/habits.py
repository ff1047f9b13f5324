"""What a person asks of the assistant itself: skip, away, stop, resume, reminders, help, why; yes, no and a choice.

A line is one of these only when every word of it is understood; a sentence that merely begins like one is an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from assistant.inbound import absences, times
from assistant.inbound.commands.base import Command
from assistant.inbound.commands.everyday import Away, Choose, Help, No, Reminders, Resume, Skip, Stop, Why, Yes
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, sureness
from assistant.inbound.words import LANGUAGES, labels, lexicon, phrases
from assistant.inbound.words.fold import Lexicon, near, words

MAX_LINE = 120
MAX_WORDS = 14
_FAR = timedelta(days=240)
LOOSE = frozenset(
    {
        *("back", "start", "continue", "pass", "info", "pause", "mute", "weiter", "zuruck", "starten", "paso", "para"),
        *("passo", "passe", "pas", "alto", "terug", "basta", "baja", "passar", "continuar", "empezar", "voltar"),
        *("klaar", "inizia", "continua"),
    }
)
"""Keywords that are also ordinary answers: commands only when nothing else was written."""


def whole_reply(text: str) -> Command | None:
    """Yes, no or the number of a choice, when the reply is nothing else."""
    line = text.strip()
    folded = _folded(line) if len(line) <= MAX_LINE and "\n" not in line else []
    if not folded:
        return None
    for keyword, made in (("yes", Yes(line=line)), ("no", No(line=line))):
        if " ".join(folded) in keywords(keyword):
            return made
    if len(folded) == 2 and folded[0] in {word for phrase in keywords("option") for word in phrase.split()}:
        folded = folded[1:]
    if len(folded) == 1 and folded[0].isdecimal() and len(folded[0]) <= 2 and not _signed(line):
        return Choose(int(folded[0]), line=line)
    return None


def _signed(line: str) -> bool:
    """ "-2", "45 %" and "4k" are values."""
    return any(mark in line for mark in "-−%€$£+/")


def _folded(line: str) -> list[str]:
    """The folded words without politeness at either end."""
    folded = list(words(line))
    changed = True
    while changed and folded:
        changed = False
        for size in range(min(4, len(folded) - 1), 0, -1):
            if tuple(folded[:size]) in phrases("politeness") and tuple(folded) not in _all_commands():
                folded, changed = folded[size:], True
                break
            if tuple(folded[-size:]) in phrases("politeness") and tuple(folded) not in _all_commands():
                folded, changed = folded[:-size], True
                break
    return folded


def line_commands(line: str, today: date, language: str, *, alone: bool) -> list[Command]:
    """The commands of one line: none when a single word of it is not understood."""
    if not line or len(line) > MAX_LINE or line[0] in "-*•>|#" or _labelled(line, alone):
        return []
    folded = _folded(line) if len(words(line)) <= MAX_WORDS else []
    if not folded:
        return []
    # A word spelled right is never taken for another one with a slip: "parar" is no "pasar".
    known = [(sureness(folded, keyword), make) for keyword, make in _SIMPLE.items()]
    for confidence, make in sorted(known, key=lambda pair: -pair[0]):
        if confidence:
            if not alone and len(folded) == 1 and folded[0] in LOOSE:
                return []
            # "Stop" between answers is less likely meant for us than as the only word.
            return [make(line, confidence if alone else TYPO if confidence == CLEAR else GUESSED)]
    for rule in (_stop, _reminders):
        commands = rule(line, folded)
        if commands:
            return commands
    return _away(line, today, language, alone=alone) or (_returning(line, today, language) if alone else [])


def _returning(line: str, today: date, language: str) -> list[Command]:
    """ "Back on Monday" alone most likely says how long somebody is away."""
    found = list(times.find_days(line, today, language))
    if len(found) != 1 or found[0].first <= today or words(line[found[0].end :]):
        return []
    said = words(line[: found[0].start])
    lead = said[:-1] if said[-1:] in phrases("noise") else said
    if " ".join(lead) not in keywords("resume"):
        return []
    return [Away(today, found[0].first - timedelta(days=1), line=line, confidence=GUESSED)]


def _away(line: str, today: date, language: str, *, alone: bool) -> list[Command]:
    undated = len(words(line)) < 2
    # "Travelling" between two other lines may be what a person does today.
    most = GUESSED if undated and not alone else CLEAR
    return [
        Away(spell.first, spell.last, line=line, confidence=min(spell.confidence, most, _nearness(spell, line, today)))
        for spell in absences.read(line, today, language)
    ]


def _nearness(spell: absences.Spell, line: str, today: date) -> float:
    """A day just gone is not meant for next year: whoever is away for that long says which year."""
    far = today + _FAR
    distant = spell.first > far or (spell.last is not None and spell.last > far)
    return GUESSED if distant and not any(len(word) == 4 and word.startswith("20") for word in words(line)) else CLEAR


def _labelled(line: str, alone: bool) -> bool:
    """ "Done: 3" labels an answer; "away: until Monday" is no more sure than that."""
    if line.endswith(":") or (words(line) in labels() and not alone):
        return True
    head, colon, tail = line.partition(":")
    known = " ".join(words(head)) in keywords("reminders")
    return bool(colon and tail.strip() and not head[-1:].isdigit() and not known)


_SIMPLE: dict[str, Callable[[str, float], Command]] = {
    "help": lambda line, confidence: Help(line=line, confidence=confidence),
    "why": lambda line, confidence: Why(line=line, confidence=confidence),
    "skip": lambda line, confidence: Skip(line=line, confidence=confidence),
    "stop": lambda line, confidence: Stop(line=line, confidence=confidence),
    "resume": lambda line, confidence: Resume(line=line, confidence=confidence),
}


@cache
def _all_commands() -> frozenset[tuple[str, ...]]:
    keys = {key for language in LANGUAGES.values() for key in language.commands} - {"of", "option", "inclusive"}
    return frozenset(tuple(phrase.split()) for key in keys for phrase in keywords(key))


@cache
def _kinds() -> Lexicon[str]:
    return lexicon(lambda language: dict(language.kinds), "en")


def _head(folded: list[str], keyword: str) -> tuple[int, float] | None:
    """The length in words of the keyword's phrase that a line begins with, and how sure it is."""
    known = keywords(keyword)
    for size in range(min(5, len(folded)), 0, -1):
        if " ".join(folded[:size]) in known:
            return size, CLEAR
    return (1, TYPO) if sureness(folded[:1], keyword) else None


def _stop(line: str, folded: list[str]) -> list[Command]:
    """ "stop check-ins", "no more weekly updates", "resume 1:1s"."""
    refused = _refused(folded)
    if refused is not None:
        return [Reminders(0, line=line) if refused == "reminders" else Stop(refused or None, line=line)]
    for keyword in ("stop", "resume"):
        head = _head(folded, keyword)
        if head is None:
            continue
        tail = _without_ends(folded[head[0] :])
        kind = _kinds().get(tuple(tail))
        if kind is None and len(tail) == 1:
            kind = _near_kind(tail[0])
        if kind is None:
            continue
        if kind == "reminders":
            return [Reminders(0 if keyword == "stop" else 1, line=line, confidence=head[1])]
        made = Stop if keyword == "stop" else Resume
        return [made(kind or None, line=line, confidence=head[1])]
    return []


def _refused(folded: list[str]) -> str | None:
    """The kind in "keine Check-ins mehr" and "plus de rappels": what there is to be no more of."""
    size = next((n for n in (4, 3, 2, 1) if " ".join(folded[:n]) in keywords("none_of")), 0)
    more = size and " ".join(folded[:size]) in keywords("never_more")
    end = len(folded)
    tail = next((n for n in (3, 2, 1) if end - n > size and " ".join(folded[-n:]) in keywords("any_more")), 0)
    end, more = end - tail, more or tail > 0
    return _kinds().get(tuple(_without_ends(folded[size:end]))) if size and more and end > size else None


def _near_kind(word: str) -> str | None:
    for spelling in _kinds().firsts():
        if len(spelling) >= 6 and near(word, spelling):
            return _kinds().get((spelling,))
    return None


_ONLY = frozenset({"only", "just", "nur", "seulement", "solo", "somente", "apenas", "so", "alleen", "maar"})


def _without_ends(folded: list[str]) -> list[str]:
    """Without articles and politeness before and behind."""
    while folded and (folded[0],) in phrases("politeness"):
        folded = folded[1:]
    while len(folded) > 1 and (folded[-1],) in phrases("politeness"):
        folded = folded[:-1]
    return folded


def _reminders(line: str, folded: list[str]) -> list[Command]:
    """ "reminders never", "no reminders", "remind me once"."""
    head = _head(folded, "reminders")
    if head is not None:
        amount = _amount(_without_ends(folded[head[0] :]))
    else:
        size = next((n for n in (1, 2) if _head(folded[n:], "reminders") == (len(folded) - n, CLEAR)), None)
        amount = _amount(folded[:size]) if size else None
    return [] if amount is None else [Reminders(amount, line=line, confidence=head[1] if head else CLEAR)]


def _amount(folded: list[str]) -> int | None:
    phrase = " ".join(word for word in folded if word not in _ONLY)
    for times_a_day, keyword in enumerate(("never", "once", "twice")):
        if phrase in keywords(keyword) or phrase == str(times_a_day):
            return times_a_day
    return None
