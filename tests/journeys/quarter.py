"""A quarter of a team of eight, told act by act: who does what when. What landed is looked at elsewhere.

Goals of the first quarter of 2027 are drafted in December and graded at the end of March; somebody joins, somebody
leaves. Whoever is not told otherwise answers what they are asked, most of the time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
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

_ZOE = """  - {name: Zoe Martin, email: zoe@example.com, zone: Europe/Paris, team: product, start: 2027-02-01,
     buddy: Ines}
"""
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
  - {kind: pulse, team: product}
  - {kind: growth-plan, team: platform, every: second Tuesday of the quarter}
  - {kind: quarterly-recap, every: last Tue of the quarter}
  - {kind: celebration, every: last Wed of the quarter}
  - {kind: introduction, team: product}
  - {kind: onboarding, team: product}
  - {kind: farewell, team: product}
series:
  - {kind: one-on-one, managers: all, every: 2 weeks, anchor: 2027-01-04, length: 30 min}
  - {kind: review, name: Product review, team: product, every: first Thursday, length: 60 min}
goals: {grade: 4 days, at: "Mon 09:00"}
"""

_BLOCKED, _TICKED_OFF = 0.06, 0.5
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
    return (
        chance.choice(lines.IN_THE_WAY[key(letter.to)])
        if key(letter.to) in lines.IN_THE_WAY and chance.random() < 0.06
        else nothing
    )


def thanks(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    others = [who for who in quarter.it.house.desk.setup.people if who != letter.to]
    name = key(chance.choice(others)).capitalize()
    return f"{name}, for the help on Tuesday" if chance.random() < 0.3 and letter.to != LENA else None


def agreed(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    """In the notes of a 1:1: one action, for whoever wrote them."""
    said = chance.choice(lines.ACTIONS_DE if letter.to == LENA else lines.ACTIONS)
    return said.format(me=key(letter.to).capitalize())


def nothing_new(quarter: Quarter, letter: Letter, chance: random.Random) -> str | None:
    """To what the story has no line for."""
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
    "meeting-notes/actions": agreed,
    "pulse/score": lambda quarter, letter, chance: chance.choice(lines.PULSE),
    "pulse/balance": lambda quarter, letter, chance: str(chance.randint(5, 9)),
    "poll/vote": lambda quarter, letter, chance: chance.choice("abb"),
    "quarterly-recap/proud": pick(lines.PROUD),
    "quarterly-recap/learned": pick(lines.LEARNED),
    "quarterly-recap/celebrate": pick(lines.CELEBRATE),
    "farewell/note": pick(lines.GOODBYE),
    "decision/decision": lambda quarter, letter, chance: "b",
    "introduction/about": lambda quarter, letter, chance: "From Lyon. Four years of maps for a bicycle company.",
    "introduction/work": lambda quarter, letter, chance: "Search and filters. Ask me about maps.",
    "introduction/fun": lambda quarter, letter, chance: "Climbing, badly.",
    "onboarding/going": lambda quarter, letter, chance: "Well. People take time for my questions.",
    "onboarding/unclear": lambda quarter, letter, chance: "Who decides what goes onto the start page.",
    "onboarding/helps": lambda quarter, letter, chance: "A bigger piece of work of my own.",
    "meeting-feedback/worth": lambda quarter, letter, chance: str(chance.randint(6, 10)),
}
ALWAYS = ("okr-", "kpi-", "pulse/", "poll/", "quarterly-recap/", "introduction/", "onboarding/", "farewell/")
OFTEN = {"meeting-notes/actions": 0.4, "agenda-call/points": 0.7, "meeting-feedback/worth": 0.6}
USUALLY = 0.93


def answers(quarter: Quarter, letter: Letter) -> str | None:
    """By number, what they have to say; nobody answers everything."""
    if "announced" in letter.kinds:
        return "gelesen" if letter.to == LENA else "read" if letter.to != TOM else None
    chance = random.Random(f"{SEED}:{letter.to}:{letter.at.isoformat()}:{letter.subject}")  # a story, no secret
    found = []
    for number, question in enumerate(letter.asked, 1):
        often = 1 if question.startswith(ALWAYS) else OFTEN.get(question, USUALLY)
        say = SAYS.get(question, nothing_new)
        if chance.random() > often:
            continue
        said = next(quarter.values[question], None) if question in quarter.values else say(quarter, letter, chance)
        if said is not None:
            found.append((number, said))
    overdue = re.search("[“„]((?:done|erledigt) [0-9]+)[”“]", letter.text) if "check-in" in letter.kinds else None
    closing = f"\n\n{overdue[1]}" if overdue and chance.random() < _TICKED_OFF else ""
    if len(letter.asked) == 1:
        return found[0][1] if found else None
    return ("\n".join(f"{number}. {said}" for number, said in found) + closing) or None


def lives(quarter: Quarter, who: str) -> None:
    quarter.it.habits[who] = lambda letter: answers(quarter, letter)


# --- the acts ---------------------------------------------------------------------------------------------------------

PRODUCT_DRAFT = """Hi Ada,

I will make ordering effortless for small harbours as measured by
1. signups from 3,000 to 4,200 (weight 40, Sam)
2. NPS from 30 to 40 (30 %, Ana, moonshot)
3. organise workshops

Mia"""
PLATFORM_DRAFT = """Ziel: Jede Bestellung kommt sofort an
- Antwortzeit von 900 auf 400 ms (Ravi)
- Ausfälle im Monat von 6 auf 2 (Jonas)
- 3 Übungen für den Notfall (Lena)
"""
NEXT_DRAFT = """Objective: Be the first choice of ferries
- ferries from 2 to 6 (Sam)
- first answer from 9 h to 3 h (Ines)
- NPS from 36 to 42 (Ana, moonshot)"""
NEXT_DRAFT_OF_PLATFORM = """Ziel: Ruhige Nächte
- Alarme nachts von 12 auf 3 (Ravi)
- Wiederherstellung von 60 auf 20 min (Jonas)
- 2 Vertretungen bis 31. Mai (Lena)"""
VALUES = {
    "okr-update/kr:1": ["3,050", "3,090", "3,120, confidence 3, the import is late", "3,200", "3,290", "3,380",
                        "3,450, confidence 8", "3,530", "3,600", "3,680", "3,750", "3,800"],
    "okr-update/kr:2": ["30", "31", "no change", "31", "32, confidence 4", "32", "33", "no change", "34", "35", "35",
                        "36", "36"],
    "okr-update/kr:3": ["0", "1", "1", "no change", "2", "2", "2, the fair took our time", "3", "3", "3", "4"],
    "okr-update/kr:4": ["900", "880", "840", "no change", "790", "730", "660", "600", "560, confidence 7", "510", "480",
                        "450", "430"],
    "okr-update/kr:5": ["6", "5", "5", "no change", "5", "4", "4", "3", "3", "3", "2", "2", "2"],
    "okr-update/kr:6": ["0", "0", "1", "keine Änderung", "1", "1", "2", "2", "2, Zuversicht 8", "2", "3"],
    "kpi-values/kpi:1": ["43", "42", "41", "38", "37, the payment was down", "38", "40", "41", "43", "44", "45", "46",
                         "46"],
}  # fmt: skip
CARD = """1. The share of new harbours that order within a week
2. It tells whether ordering is easy, for O1
3. From the database, in percent; 43 % now
4. Me
5. Every Wednesday
6. At least 40 %"""
DECISION = """decision needed: which database host do we take from April? by 4 March
Options: stay, move
Stakes: nights on call
Cost: 300 a month"""
GRADES = {
    "okr-grade/kr:1": "3,800. Through the harbour fairs. Learned: adverts bring nobody.",
    "okr-grade/kr:2": "36. Shorter checkout. Learned: people want to talk to somebody.",
    "okr-grade/kr:3": "4. With the port offices. Learned: half a day is enough.",
    "okr-grade/kr:4": "430. New database. Learned: measure before you build.",
    "okr-grade/kr:5": "2. Alerts and a runbook. Learned: drills work.",
    "okr-grade/kr:6": "3. Jeden Monat eine. Gelernt: ohne Ankündigung lernt man mehr.",
}


def drafting(quarter: Quarter) -> None:
    """Called for two weeks ahead; improved by reply, published by each lead."""
    quarter.until("2026-12-18 10:30")
    quarter.reply(MIA, "okr-draft", PRODUCT_DRAFT, "drafted")
    quarter.reply(LENA, "okr-draft", PLATFORM_DRAFT, "drafted in German")
    quarter.until("2026-12-18 14:00")
    better = "KR3: 4 workshops with harbours by 15 March (Ines)\nweights 50 20 30"
    quarter.reply(MIA, "okr-design", better, "improved")
    quarter.reply(MIA, "okr-design", "publish", "published")
    quarter.until("2026-12-21 09:00")
    quarter.reply(LENA, "okr-design", "veröffentlichen", "published in German")


def holidays(quarter: Quarter) -> None:
    """Eight people say so in their own words, and nobody is asked anything between the years."""
    quarter.until("2026-12-23 15:00")
    for who in EIGHT:
        said = "abwesend vom 24.12. bis 3.1." if who == LENA else "away 24 Dec to 3 Jan"
        quarter.write(who, said, f"away {key(who)}")
    quarter.it.until(NEW_YEAR)


def january(quarter: Quarter) -> None:
    """News, a KPI and its card, tasks; a key result gets into danger and is revised."""
    quarter.values = {question: iter(said) for question, said in VALUES.items()}
    quarter.until("2027-01-05 09:30")
    quarter.write(MIA, "announce: The office is closed on Friday 15 January.\nThe movers come at eight.", "announced")
    quarter.until("2027-01-06 10:00")
    quarter.write(ANA, "new kpi activation", "kpi begun")
    quarter.until("2027-01-06 10:30")
    quarter.reply(ANA, "kpi-card", CARD, "kpi card")
    quarter.until("2027-01-07 10:00")
    quarter.write(MIA, "task: write the plan for the spring fair by 22 January @Ana #high est 6h", "task given")
    quarter.write(LENA, "Aufgabe: Notfallplan drucken bis Freitag @Jonas", "task in German")
    quarter.until("2027-01-12 11:00")
    quarter.write(SAM, "kudos Ana: the seat map is a joy to use", "praise")
    quarter.write(INES, "win: the port of Vigo ordered for the first time", "win")
    quarter.until("2027-01-18 14:00")
    quarter.reply(SAM, "goal-danger", "revise KR1: 3,800 by 20 March", "revised")
    quarter.until("2027-01-21 14:00")
    quarter.write(ANA, f"done {quarter.it.last(ANA, 'task').subject.split()[-1]}", "task done")
    quarter.until("2027-01-28 10:00")
    quarter.it.reconfigure(with_zoe())
    quarter.until("2027-01-31 12:00")


def february(quarter: Quarter) -> None:
    """Somebody joins; feedback, a poll; a KPI under its band twice becomes an objective."""
    lives(quarter, ZOE)
    quarter.until("2027-02-03 10:00")
    quarter.write(
        INES, "private feedback for Sam: your answers to tickets are short; a greeting would help", "feedback"
    )
    quarter.write(TOM, "feedback for Mia: thank you for the clear plan for the fair", "feedback upward")
    quarter.write(SAM, "ask Ana for feedback on the import", "feedback asked")
    quarter.until("2027-02-09 15:00")
    quarter.reply(ANA, "feedback-request", "1. The clear notes\n2. Tell me a day earlier", "feedback given")
    quarter.until("2027-02-10 15:00")
    quarter.reply(ANA, "kpi", "yes", "weak KPI")
    quarter.reply(MIA, "okr-design", "publish", "weak KPI published")
    quarter.until("2027-02-15 15:00")
    for mail in quarter.it.inbox(ANA, "goal-danger")[-1:]:
        quarter.said["tracked"] = quarter.it.reply(mail, "1")
    quarter.until("2027-02-16 09:30")
    poll = "poll: Where is the team dinner? a) Thai b) Pizza c) Tapas until Friday"
    quarter.write(TOM, poll, "poll begun")
    quarter.until("2027-02-22 10:00")
    quarter.it.reconfigure(with_zoe(leaving=True))
    quarter.until("2027-02-25 10:00")
    quarter.write(RAVI, DECISION, "decision asked")
    quarter.until("2027-02-28 12:00")


def march(quarter: Quarter) -> None:
    """Somebody leaves; the next quarter is drafted."""
    quarter.until("2027-03-02 14:00")
    quarter.write(MIA, "what did we decide about the fair", "search")
    quarter.write(SAM, "history of KR1", "history")
    quarter.write(LENA, "meine Aufgaben", "tasks in German")
    quarter.until("2027-03-18 15:00")
    quarter.reply(MIA, "okr-draft", NEXT_DRAFT, "next drafted")
    quarter.reply(LENA, "okr-draft", NEXT_DRAFT_OF_PLATFORM, "next drafted in German")
    quarter.until("2027-03-28 12:00")


def the_end(quarter: Quarter) -> None:
    """Graded, looked back on, celebrated; and the next quarter has begun."""
    quarter.values |= {question: iter([said]) for question, said in GRADES.items()}
    quarter.until("2027-03-30 12:00")
    quarter.reply(MIA, "okr-design", "publish", "next published")
    quarter.reply(LENA, "okr-design", "veröffentlichen", "next published in German")
    quarter.it.until(END)


def with_zoe(*, leaving: bool = False) -> str:
    text = CONFIG.replace("rounds:\n", _ZOE + "rounds:\n")
    return (
        text.replace("country: DE, team: product}", "country: DE, team: product, end: 2027-03-12}") if leaving else text
    )


ACTS = (drafting, holidays, january, february, march, the_end)


@contextmanager
def lived(folder: Path, acts: tuple[Callable[[Quarter], None], ...] = ACTS) -> Iterator[Quarter]:
    with office(folder, CONFIG, START) as it:
        it.by_the_hour = False
        quarter = Quarter(it)
        for who in EIGHT:
            lives(quarter, who)
        for act in acts:
            act(quarter)
        yield quarter
