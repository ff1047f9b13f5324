"""Two teams, who leads them and whom they answer to; and a quick way to let rounds and meetings have happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.domain import audience
from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.people import Person, Team
from assistant.domain.questions import Answer, AnswerType, Question
from assistant.domain.records import Draft, RecordKind
from assistant.domain.setup import Assistant, Round, Series, Setup
from assistant.ports import FetchedMail, MailBatch
from assistant.render import Renderer
from assistant.store import inbox, meetings, outbox, people, records, rounds
from assistant.store.database import open_store
from assistant.store.rounds import AskedQuestion, PromptState
from assistant.workflows.desk import Desk
from assistant.workflows.habits import COMMANDS, HABITS

BERLIN, ACCRA = ZoneInfo("Europe/Berlin"), ZoneInfo("Africa/Accra")
MIA, SAM, LEE, ANA, VERA = (f"{name}@example.com" for name in ("mia", "sam", "lee", "ana", "vera"))
MONDAY = date(2026, 11, 16)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def person(address: str, name: str, *teams: str, manager: str | None = None, zone: ZoneInfo = BERLIN) -> Person:
    return Person(address, name, zone, manager=manager, teams=teams)


PEOPLE = (
    person(VERA, "Vera Blum"),
    person(MIA, "Mia Chen", "product", manager=VERA),
    person(SAM, "Sam Osei", "product", manager=MIA, zone=ACCRA),
    person(LEE, "Lee Park", "product", "design", manager=MIA),
    replace(person(ANA, "Ana Lindqvist", "design", manager=VERA), language="de"),
)
CHECK_IN = Round(
    "check-in.product", "check-in", "product", Cadence(Frequency.DAILY), time(9), Window(length=timedelta(hours=4))
)
UPDATE = Round(
    "weekly-update.product",
    "weekly-update",
    "product",
    Cadence(Frequency.WEEKLY, weekday=4),
    time(15),
    Window(until=(0, time(10))),
)
PAIR = Series(
    f"one-on-one.{MIA}.{SAM}", "one-on-one", MIA, (MIA, SAM), Cadence(Frequency.WEEKLY), timedelta(minutes=30)
)
REVIEW = Series(
    "review.product",
    "review",
    MIA,
    (MIA, SAM, LEE),
    Cadence(Frequency.WEEKLY),
    timedelta(hours=1),
    "Product review",
    "product",
)
SETUP = Setup(
    Assistant("Ada", "ada@example.com", VERA, BERLIN),
    {each.address: each for each in PEOPLE},
    {
        "product": Team("product", "Product", (MIA, SAM, LEE), MIA),
        "design": Team("design", "Design", (ANA, LEE), ANA),
    },
    (CHECK_IN, UPDATE, replace(CHECK_IN, name="check-in.design", team="design")),
    (PAIR, REVIEW),
)


SOME_MAIL = outbox.NewMail(
    "some", "main", "", ["check-in"], "", "", "", "<1@example.com>", "1", "", "", "", b"", "", ""
)
"""What all prompts here were asked in."""


@cache
def renderer() -> Renderer:
    return Renderer()


def desk_in(folder: Path, setup: Setup = SETUP) -> Desk:
    desk = Desk(open_store(folder), setup, renderer(), habits=HABITS, commands=COMMANDS)
    people.meet(desk.db, at(1, 8), setup.people.values())
    assert outbox.add(desk.db, at(1, 8), SOME_MAIL) == 1
    return desk


def inbound(desk: Desk) -> int:
    """The row of some mail, which answers point to."""
    number = desk.db.execute("SELECT count(*) FROM inbound").fetchone()[0]
    inbox.store_batch(desk.db, at(1, 8), "main", MailBatch([FetchedMail(f"{number}", b"")], f"{number}"))
    return int(number) + 1


QUESTIONS = tuple(
    AskedQuestion(number, Question(key, f"{key}?", key.title(), AnswerType.ITEMS))
    for number, key in enumerate(("done", "next", "blockers"), 1)
)


def asked(
    desk: Desk,
    day: date,
    answers: Mapping[str, Mapping[str, str | tuple[str, float]] | PromptState | str],
    round_: Round = CHECK_IN,
    closed_at: datetime | None = None,
) -> str:
    """An occurrence of a round as it came out: by person what they said (an answer, or one and how sure it is), the
    state their prompt ended in, or why it was skipped."""
    key = f"{round_.name}/{day}"
    opened = datetime.combine(day, round_.at, UTC)
    db, label = desk.db, audience.team(round_.team)
    rounds.open_occurrence(db, opened, key, round_.kind, round_.name, day, {})
    for who, outcome in answers.items():
        prompt = rounds.add_prompt(
            db, key, round_.kind, round_.name, who, label, day, opened, opened + timedelta(hours=4)
        )
        assert prompt is not None
        rounds.mark_asked(db, opened, prompt, 1, opened + timedelta(hours=4), QUESTIONS)
        if isinstance(outcome, PromptState):
            rounds.finish(db, opened, prompt, outcome)
        elif isinstance(outcome, str):
            rounds.finish(db, opened, prompt, PromptState.SKIPPED, outcome)
        else:
            rounds.finish(db, opened, prompt, PromptState.ANSWERED)
            answer(desk, prompt, outcome, opened + timedelta(hours=1))
    if closed_at is not None:
        rounds.close_occurrence(db, closed_at, key)
    return key


def answer(
    desk: Desk, prompt: int, said: Mapping[str, str | tuple[str, float]], moment: datetime, *, late: bool = False
) -> None:
    for question, given in said.items():
        text, confidence = given if isinstance(given, tuple) else (given, 1.0)
        value = text.split("; ") if question else None
        rounds.add_answer(
            desk.db, moment, prompt, Answer(question, text, confidence, "numbered", value), inbound(desk), late
        )
    if late:
        rounds.answered_late(desk.db, prompt)


def prompt_of(desk: Desk, key: str, who: str) -> int:
    return next(prompt.id for prompt in rounds.prompts_of(desk.db, key) if prompt.person == who)


def record(
    desk: Desk,
    kind: RecordKind,
    text: str,
    owner: str,
    opened: datetime,
    context: str = "product",
    label: str = "team:product",
    due: date | None = None,
    minutes: int | None = None,
) -> int:
    draft = Draft(kind, text, due=due, minutes=minutes)
    return records.add(
        desk.db, opened, draft, owner=owner, author=owner, audience=label, context=context, occurrence=""
    )


def meeting(desk: Desk, series: Series, start: datetime, original: datetime | None = None) -> str:
    key = f"meeting/{series.name}/{original or start}"
    meetings.add(desk.db, key, series.name, original or start, start, start + series.length)
    return key
