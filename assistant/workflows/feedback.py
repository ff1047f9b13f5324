"""Feedback that is given, and how what is for one person reaches them. Private feedback is read by two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person, next_working
from assistant.domain.records import Draft, Record, RecordKind, RecordState
from assistant.domain.setup import Series
from assistant.domain.views import Act, AnswerView, QuestionContext
from assistant.domain.views_people import FeedbackMailView
from assistant.inbound.commands import Command, GiveFeedback
from assistant.render import Section
from assistant.store import between, records, timers
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Occurrence
from assistant.store.timers import Timer
from assistant.workflows import meeting_steps, outbox
from assistant.workflows.desk import Desk, Do, Habit, Handler, Request
from assistant.workflows.reporting import Names

REQUEST = "feedback-request"
"""The kind of round that asks for it."""
_LATER = timedelta(days=7)
"""Until somebody is looked for again who is off for so long that nothing is known."""
_LATELY = timedelta(days=31)
_THANKS = "feedback/"


def said(what: str, *names: str, text: str = "", kind: str = "") -> Act:
    return Act(what, text=text, kind=kind, family="people", view=names)


def colleague(desk: Desk, said_name: str) -> Person | None:
    """Who is meant by an address or by the whole name of one person."""
    if "@" in said_name:
        return desk.setup.person(said_name)
    wanted = said_name.casefold().split()
    found = [person for person in desk.setup.people.values() if person.name.casefold().split() == wanted]
    return found[0] if len(found) == 1 else None


def named(desk: Desk, request: Request, names: Sequence[str]) -> list[Person] | Act:
    """All of them, or what to say where one is nobody here or whoever asks: then nothing is done for any."""
    found = []
    for name in names:
        person = request.person if name == "me" else colleague(desk, name)
        if person is None:
            return said("unknown-person", text=name)
        if person.address == request.person.address:
            return said("self")
        found.append(person)
    return list({person.address: person for person in found}.values())


def among_two(desk: Desk, request: Request) -> bool:
    """Whether it was written in reply to what two people share: what is said there is said to these two.

    A mail that tells of several things counts as such where one of them is: nobody can tell which was meant.
    """
    about = request.about
    labels = [about.audience, *meeting_steps.told_of(desk, about)] if about is not None else []
    return about is not None and (
        any(label.startswith(("two:", "pair:")) for label in labels) or "feedback" in about.kinds
    )


def teams_of(desk: Desk, person: Person) -> list[str]:
    return list(dict.fromkeys((*person.teams, *(team.name for team in desk.setup.teams_led_by(person.address)))))


def shared_team(desk: Desk, one: Person, other: Person) -> str | None:
    theirs = teams_of(desk, other)
    return next((name for name in teams_of(desk, one) if name in theirs), None)


def at_work(desk: Desk, now: datetime, person: Person) -> datetime:
    """Now, or the next moment at which they work."""
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    return next_working(person, now, absences) or now + _LATER


# Given


def _give(desk: Desk, now: datetime, request: Request, command: GiveFeedback) -> list[Act]:
    found = named(desk, request, [command.to])
    if isinstance(found, Act):
        return [found]
    giver, to = request.person, found[0]
    wish = True if command.private is None and among_two(desk, request) else command.private
    team = None if _is_private(desk, giver, to, wish) else shared_team(desk, giver, to)
    label = audiences.two(giver.address, to.address) if team is None else audiences.team(team)
    number = records.add(
        desk.db, now, Draft(RecordKind.FEEDBACK, command.text), owner=to.address, author=giver.address,
        audience=label, context=team or "feedback", occurrence="", inbound=request.inbound,
    )  # fmt: skip
    tell(desk, now, to, number)
    return [said("given", to.first_name, kind="private" if team is None else "public")]


def _is_private(desk: Desk, giver: Person, to: Person, wish: bool | None) -> bool:
    """As they say; where they do not, upward feedback is private."""
    if wish is not None:
        return wish
    above, seen = giver.manager, set[str]()
    while above is not None and above not in seen:
        if above == to.address:
            return True
        seen.add(above)
        person = desk.setup.people.get(above)
        above = person.manager if person is not None else None
    return any(giver.address in team.members for team in desk.setup.teams_led_by(to.address))


# What reaches somebody


def tell(desk: Desk, now: datetime, to: Person, number: int) -> None:
    """Have the record of this number mailed to them while they work."""
    timers.put(desk.db, Timer(f"people-tell:{number}", at_work(desk, now, to), "people-tell", str(number), to.address))


def _tell(desk: Desk, timer: Timer, now: datetime) -> None:
    record = records.by_id(desk.db, int(timer.ref))
    person = desk.setup.people.get(timer.person)
    if record is None or person is None or record.state is RecordState.DROPPED:
        return
    if at_work(desk, now, person) > now:
        tell(desk, now, person, record.id)
        return
    label = audiences.person(person.address) if record.kind is RecordKind.PRAISE else record.audience
    if label != audiences.person(person.address) and not audiences.may_read(label, person.address, desk.setup):
        return
    asked = rounds_store.occurrence(desk.db, record.occurrence) if record.occurrence else None
    thread = asked.key if asked is not None else f"{_THANKS}{record.author}"
    outbox.write(
        desk, now, person, [Section("feedback", _mail(desk, person, record, asked))], key=f"told {record.id}",
        occurrence=f"{_THANKS}{record.id}", thread=thread, audience=label, because=f"{record.kind} for you",
    )  # fmt: skip


def _mail(desk: Desk, reader: Person, record: Record, asked: Occurrence | None) -> FeedbackMailView:
    who = Names(desk).who(record.author)
    lines: tuple[AnswerView, ...] = (AnswerView("", record.text),)
    what = "given"
    if record.kind is RecordKind.PRAISE:
        what = "praise"
    elif record.occurrence.startswith(_THANKS):
        what = "thanks"
    elif asked is not None:
        what = "asked"
        lines = _answered_lines(desk, reader, record, asked) or lines
    team = desk.setup.teams.get(record.context)
    public = team is not None and not audiences.is_private(record.audience)
    topic = str(asked.data.get("topic", "")) if asked is not None else ""
    return FeedbackMailView(what, who, lines, topic, team.title if public and team is not None else "")


def _answered_lines(desk: Desk, reader: Person, record: Record, asked: Occurrence) -> tuple[AnswerView, ...]:
    """What was asked for, under its headings in the reader's language."""
    prompt = next((p for p in rounds_store.prompts_of(desk.db, asked.key) if p.person == record.author), None)
    if prompt is None:
        return ()
    shipped = desk.render.questions(REQUEST, outbox.language_of(desk, reader), QuestionContext(asked.day))
    shorts = {question.key: question.short for question in shipped}
    answers = rounds_store.answers_to(desk.db, prompt.id)
    found = [(key, answers[key]) for key in (*shorts, *(answers.keys() - shorts.keys())) if key in answers]
    if [key for key, _ in found] == ["else"]:
        shorts = {}  # in words of their own: what was asked does not matter
    return tuple(
        AnswerView(shorts.get(key, "") if answer.confidence else "", answer.text)
        for key, answer in found
        if answer.text.strip()
    )


def _replied(desk: Desk, now: datetime, request: Request, text: str) -> Sequence[Act] | None:
    """A word back to who gave the feedback or the praise; between the two of them."""
    about = request.about
    number = about.occurrence.removeprefix(_THANKS) if about is not None else ""
    record = records.by_id(desk.db, int(number)) if number.isdigit() else None
    giver = desk.setup.people.get(record.author) if record is not None else None
    if record is None or giver is None or not text.strip() or giver.address == request.person.address:
        return None
    thanks = records.add(
        desk.db, now, Draft(RecordKind.FEEDBACK, text.strip()), owner=giver.address, author=request.person.address,
        audience=audiences.two(giver.address, request.person.address), context="feedback",
        occurrence=f"{_THANKS}{record.id}", inbound=request.inbound,
    )  # fmt: skip
    tell(desk, now, giver, thanks)
    return [said("passed-on")]


# In a 1:1


def report_of(series: Series) -> str | None:
    """Of a 1:1, whoever does not lead it."""
    others = [address for address in series.participants if address != series.lead]
    return others[0] if series.kind == "one-on-one" and len(others) == 1 else None


def for_pair(desk: Desk, now: datetime, series: Series) -> tuple[AnswerView, ...]:
    """What the report of a 1:1 got in the last month, as far as both of the two may read it."""
    report = report_of(series)
    if report is None:
        return ()
    names = Names(desk)
    return tuple(
        AnswerView(names.first(author), text)
        for text, author, label, _ in between.feedback_for(desk.db, report, now - _LATELY)
        if audiences.readers(label, desk.setup).issuperset(series.participants)
    )


HABITS: Mapping[str, Habit] = {"feedback": Habit(replied=_replied)}
COMMANDS: Mapping[type[Command], Do] = {GiveFeedback: _give}
HANDLERS: Mapping[str, Handler] = {"people-tell": _tell}
