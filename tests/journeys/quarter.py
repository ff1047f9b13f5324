"""A quarter of a team of eight, told act by act: who does what when. What landed is looked at elsewhere.

Goals of the first quarter of 2027 are drafted in December and graded at the end of March; somebody joins, somebody
leaves. Whoever is not told otherwise answers what they are asked, most of the time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.journeys import quarter_lines as lines
from tests.journeys.office import Letter, Office, office, utc

SEED = 7
MIA, SAM, ANA, INES, TOM, LENA, RAVI, JONAS, ZOE = (
    f"{name}@example.com" for name in ("mia", "sam", "ana", "ines", "tom", "lena", "ravi", "jonas", "zoe")
)
EIGHT = (MIA, SAM, ANA, INES, TOM, LENA, RAVI, JONAS)
PRODUCT, PLATFORM = (MIA, SAM, ANA, INES, TOM), (LENA, RAVI, JONAS)
START, END = utc("2026-12-17 12:00"), utc("2027-04-09 20:00")
NEW_YEAR = utc("2027-01-04 06:00")

_ZOE = "  - {name: Zoe Martin, email: zoe@example.com, zone: Europe/Paris, team: product, start: 2027-02-01}\n"
CONFIG = """
assistant: {name: Ada, address: ada@example.com, zone: Europe/Berlin}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, country: DE, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Ana Ruiz, email: ana@example.com, zone: Europe/Madrid, country: ES, team: product}
  - {name: Ines Costa, email: ines@example.com, zone: Europe/Lisbon, country: PT, team: product}
  - {name: Tom Berg, email: tom@example.com, zone: Europe/Berlin, country: DE, team: product}
  - {name: Lena Vogt, email: lena@example.com, zone: Europe/Berlin, country: DE, language: de, team: platform,
     lead: true, manager: Mia}
  - {name: Ravi Menon, email: ravi@example.com, zone: Asia/Kolkata, team: platform}
  - {name: Jonas Beck, email: jonas@example.com, zone: Europe/Berlin, country: DE, team: platform}
rounds:
  - {kind: check-in, at: "09:00"}
  - {kind: weekly-update, at: "Fri 15:00"}
series:
  - {kind: one-on-one, managers: all, every: 2 weeks, anchor: 2027-01-04, length: 30 min}
goals: {grade: 4 days}
"""

Say = Callable[["Quarter", Letter, random.Random], str | None]
"""What somebody answers to one question of a mail."""


@dataclass
class Quarter:
    """``said`` is what came back to what somebody wrote, by a name for it."""

    it: Office
    said: dict[str, list[Letter]] = field(default_factory=dict)
    values: dict[str, Iterator[str]] = field(default_factory=dict)
    """What is still to be said of a key result or KPI, week by week."""

    def write(self, who: str, text: str, called: str = "") -> list[Letter]:
        """A mail out of the blue."""
        return self._keep(called, self.it.write(who, text))

    def reply(self, who: str, kind: str, text: str, called: str = "") -> list[Letter]:
        """To the newest mail of that kind."""
        return self._keep(called, self.it.reply(self.it.last(who, kind), text))

    def _keep(self, called: str, came: list[Letter]) -> list[Letter]:
        if called:
            self.said[called] = came
        return came

    def until(self, moment: str) -> None:
        self.it.until(utc(moment))


# --- everyday life ----------------------------------------------------------------------------------------------------


def key(address: str) -> str:
    return address.partition("@")[0]


def pick(said: Mapping[str, list[str]]) -> Say:
    return lambda quarter, letter, chance: chance.choice(said[key(letter.to)])


def two(said: Mapping[str, list[str]]) -> Say:
    return lambda quarter, letter, chance: "\n".join(f"- {line}" for line in chance.sample(said[key(letter.to)], 2))


def in_the_way(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    """Most days nothing."""
    nothing = "nein" if letter.to == LENA else chance.choice(["Nothing", "No", "All fine"])
    return chance.choice(lines.IN_THE_WAY[key(letter.to)]) if key(letter.to) in lines.IN_THE_WAY and chance.random() < 0.06 else nothing


def thanks(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    others = [who for who in quarter.it.house.desk.setup.people if who != letter.to]
    name = key(chance.choice(others)).capitalize()
    return f"{name}, for the help on Tuesday" if chance.random() < 0.3 and letter.to != LENA else None


def value(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    """The next of what their key results come to; they say the same while nothing else is known."""
    return None


SAYS: dict[str, Say] = {
    "check-in/done": pick(lines.DONE),
    "check-in/next": pick(lines.NEXT),
    "check-in/blockers": in_the_way,
    "weekly-update/done": two(lines.DONE),
    "weekly-update/next": two(lines.NEXT),
    "weekly-update/blockers": in_the_way,
    "weekly-update/thanks": thanks,
    "agenda-call/points": pick(lines.POINTS),
    "meeting-notes/takeaways": lambda quarter, letter, chance: chance.choice(lines.KEPT),
    "meeting-feedback/worth": lambda quarter, letter, chance: str(chance.randint(6, 10)),
}
OFTEN = {"agenda-call/points": 0.7, "meeting-feedback/worth": 0.6}
USUALLY = 0.93


def answers(quarter: Quarter, letter: Letter) -> str | None:
    """By number, what they have to say; nobody answers everything."""
    chance = random.Random(f"{SEED}:{letter.to}:{letter.at.isoformat()}:{letter.subject}")  # noqa: S311  # a story, no secret
    found = []
    for number, question in enumerate(letter.asked, 1):
        say = SAYS.get(question)
        if say is None or chance.random() > OFTEN.get(question, USUALLY):
            continue
        said = say(quarter, letter, chance)
        if said is not None:
            found.append((number, said))
    if len(letter.asked) == 1:
        return found[0][1] if found else None
    return "\n".join(f"{number}. {said}" for number, said in found) or None


def lives(quarter: Quarter, who: str) -> None:
    quarter.it.habits[who] = lambda letter: answers(quarter, letter)


# --- the acts ---------------------------------------------------------------------------------------------------------

PRODUCT_DRAFT = """Hi Ada,

I will make ordering effortless for small harbours as measured by
1. signups from 3,000 to 4,200 (weight 40, Sam)
2. NPS at least 40 (30 %, Ana, moonshot)
3. organise four workshops

Mia"""
PLATFORM_DRAFT = """Ziel: Jede Bestellung kommt sofort an
- Antwortzeit von 900 auf 400 ms (Ravi)
- Ausfälle von 6 auf 2 (Jonas)
- drei Übungen für den Notfall (Lena)
"""


def drafting(quarter: Quarter) -> None:
    """Called for two weeks ahead; improved by reply, published by each lead."""
    quarter.until("2026-12-18 10:30")
    quarter.reply(MIA, "okr-draft", PRODUCT_DRAFT, "drafted")
    quarter.reply(LENA, "okr-draft", PLATFORM_DRAFT, "drafted in German")
    quarter.until("2026-12-18 14:00")
    quarter.reply(
        MIA, "okr-design", "KR3: four workshops with harbours by 15 March (Ines)\nweights 50 20 30", "improved"
    )
    quarter.reply(MIA, "okr-design", "publish", "published")
    quarter.until("2026-12-21 09:00")
    quarter.reply(LENA, "okr-design", "veröffentlichen", "published in German")


def holidays(quarter: Quarter) -> None:
    """Eight people say so in their own words, and nobody is asked anything between the years."""
    quarter.until("2026-12-23 15:00")
    for who in EIGHT:
        quarter.write(who, "abwesend vom 24.12. bis 3.1." if who == LENA else "away 24 Dec to 3 Jan", f"away {key(who)}")
    quarter.it.until(NEW_YEAR)


def january(quarter: Quarter) -> None:
    quarter.until("2027-01-31 12:00")


def february(quarter: Quarter) -> None:
    quarter.until("2027-02-28 12:00")


def march(quarter: Quarter) -> None:
    quarter.until("2027-03-28 12:00")


def the_end(quarter: Quarter) -> None:
    quarter.it.until(END)


ACTS = (drafting, holidays, january, february, march, the_end)


@contextmanager
def lived(folder: Path, acts: tuple[Callable[[Quarter], None], ...] = ACTS) -> Iterator[Quarter]:
    with office(folder, CONFIG, START) as it:
        quarter = Quarter(it)
        for who in EIGHT:
            lives(quarter, who)
        for act in acts:
            act(quarter)
        yield quarter
