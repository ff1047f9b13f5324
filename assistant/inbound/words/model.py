"""What a language has to say. Every field is phrases in the form ``"one|two words|three"`` unless it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. Case, accents and marks do not matter; umlauts are also found when written as ae, oe, ue."""

    code: str

    # Answers
    labels: Mapping[str, str]
    """By concept (done, next, blockers, …): what people write before such an answer."""
    negatives: str
    """Words that say there is nothing."""
    obstacles: str
    """Words for a blocker."""
    fillers: str
    """Words that may stand around "nothing" without making it something."""
    nothing: str
    """Whole answers that mean there is nothing in the way or nothing to say."""
    settled: str
    """What is said of a blocker that is none any more."""
    troubles: str
    """Words that make more of a "no": but, only, waiting, still."""
    same: str
    """Same as last time."""
    yes: str
    no: str
    greetings: str
    closings: str
    everybody: str
    """Whom a greeting may address besides a name."""
    intros: str
    """Lines that only announce the answers."""
    minutes: str
    hours: str
    half_hour: str

    # Days and times
    numbers: tuple[str, ...]
    """Number words from zero upwards."""
    weekdays: tuple[str, ...]
    """Monday first."""
    months: tuple[str, ...]
    days: Mapping[int, str]
    """By distance from today."""
    parts: Mapping[str, str]
    """morning, noon, afternoon, evening, day-end."""
    units: Mapping[str, str]
    """day, week, month, weekend."""
    modifiers: Mapping[str, str]
    """next, this, early, mid, late and end (of), in, ago, later, week-end, month-end; week-2 (the one after next),
    plus-week (before a weekday) and week-on (behind it) for the same day a week later."""
    relations: Mapping[str, str]
    """by, until, before, after, from, to, or, between, and, at."""
    clock: Mapping[str, str]
    """hour (after the number), am, pm, half (half of the hour before), zone (time as in Berlin time); plus-15, plus-30
    and minus-15 before the hour, and-15, and-30 and less-15 behind it; onwards (or later)."""
    noise: str
    """Words between the parts of a time phrase that say nothing."""
    denials: str
    """Words that turn a proposed time into one that does not suit."""
    instead: str
    """Words that turn down only the time that follows: instead of."""
    contrasts: str
    """Words that begin a new clause: but, instead."""
    moves: str
    """Verbs of moving a meeting."""

    # Commands
    commands: Mapping[str, str]
    """help, skip, stop, resume, done, why, yes, no, away, sick, returning, reminders, never, once, twice, inclusive,
    option."""
    asks: Mapping[str, str]
    """Of the commands about meetings, tasks, goals, polls, feedback, settings and search: their own words, by key."""
    kinds: Mapping[str, str]
    """By kind of mail: what people call it."""
    politeness: str
    """Words that may stand before or after a command."""
    myself: str
    """Words such as "I am" that may stand before an absence."""
