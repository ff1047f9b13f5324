"""Praise and small wins: to the praised at once, to the team in its next mail, and all of them once a quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.cadence import Frequency
from assistant.domain.kinds import KINDS, Asks, lines_of
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Question
from assistant.domain.records import Draft, RecordKind
from assistant.domain.setup import Round
from assistant.domain.views import Act, CheerLine, QuestionContext
from assistant.domain.views_people import CelebrationView
from assistant.inbound.commands import Command, Praise, Win
from assistant.render import Section
from assistant.store import between, records, timers
from assistant.store import rounds as rounds_store
from assistant.store.between import Cheer
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer
from assistant.workflows import feedback, outbox
from assistant.workflows.desk import Desk, Do, Habit, Handler, Request
from assistant.workflows.reporting import Names

_RECAP = "quarterly-recap"
_HEARD = ("celebrate", "proud")
_DAY = timedelta(days=1)


def _praise(desk: Desk, now: datetime, request: Request, command: Praise) -> list[Act] | None:
    """None among two people: their thanks are no news for a team."""
    if feedback.among_two(desk, request):
        return None
    found = feedback.named(desk, request, command.to)
    if isinstance(found, Act):
        return [feedback.said("praise-self") if found.what == "self" else found]
    author, told = request.person, False
    for person in found:
        team = feedback.shared_team(desk, author, person) or next(iter(feedback.teams_of(desk, person)), None)
        told = told or team is not None
        number = _add(desk, now, request, RecordKind.PRAISE, command.text, person, team)
        feedback.tell(desk, now, person, number)
    return [feedback.said("praised" if told else "praised-quietly", *(person.first_name for person in found))]


def _win(desk: Desk, now: datetime, request: Request, command: Win) -> list[Act] | None:
    if feedback.among_two(desk, request):
        return None
    team = next(iter(feedback.teams_of(desk, request.person)), None)
    _add(desk, now, request, RecordKind.WIN, command.text, request.person, team)
    return [feedback.said("win" if team is not None else "win-alone")]


def _add(
    desk: Desk, now: datetime, request: Request, kind: RecordKind, text: str, owner: Person, team: str | None
) -> int:
    author = request.person.address
    label = audiences.team(team) if team is not None else audiences.two(author, owner.address)
    return records.add(
        desk.db, now, Draft(kind, text), owner=owner.address, author=author, audience=label, context=team or "",
        occurrence="", inbound=request.inbound,
    )  # fmt: skip


def line(names: Names, cheer: Cheer) -> CheerLine:
    by = names.first(cheer.author) if cheer.kind is RecordKind.PRAISE else ""
    return CheerLine(cheer.text, names.first(cheer.owner), by)


def carried_by(desk: Desk, round_: Round) -> bool:
    """Whether this round's report tells the team's praise and wins: one of its reports does, the most frequent."""
    order = list(Frequency)
    telling = [
        each
        for each in desk.setup.rounds
        if each.team == round_.team and KINDS[each.kind].asks is Asks.MEMBERS and KINDS[each.kind].report == "digest"
    ]
    often = [each for each in telling if each.cadence.frequency is not Frequency.ONCE]
    first = min(often, key=lambda each: order.index(each.cadence.frequency), default=None)
    return first is not None and first.name == round_.name


# Once a quarter


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    """Nobody is asked twice: where the quarter's recap asks the same, only the celebration comes."""
    round_ = desk.setup.round_named(prompt.parent)
    if round_ is not None and any(each.kind == _RECAP and each.team == round_.team for each in desk.setup.rounds):
        return ()
    return desk.render.questions(prompt.kind, language, QuestionContext(prompt.day))


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    round_ = desk.setup.round_named(occurrence.parent)
    if round_ is None:
        return
    for address in sorted(audiences.readers(audiences.team(round_.team), desk.setup)):
        moment = feedback.at_work(desk, now, desk.setup.people[address])
        timer = Timer(f"celebrate:{occurrence.key}:{address}", moment, "celebrate", occurrence.key, address)
        timers.put(desk.db, timer)


def _celebrate(desk: Desk, timer: Timer, now: datetime) -> None:
    occurrence, person = rounds_store.occurrence(desk.db, timer.ref), desk.setup.people.get(timer.person)
    round_ = desk.setup.round_named(occurrence.parent) if occurrence is not None else None
    if occurrence is None or round_ is None or person is None:
        return
    label = audiences.team(round_.team)
    view = celebration(desk, now, round_, occurrence)
    if not audiences.may_read(label, person.address, desk.setup) or not (view.wins or view.praise or view.proud):
        return
    outbox.write(
        desk, now, person, [Section("celebrating", view)], key=f"celebrate {occurrence.key} {person.address}",
        occurrence=occurrence.key, thread=f"celebrate {occurrence.key}", audience=label,
        because=f"{occurrence.kind} {round_.name}",
    )  # fmt: skip


def celebration(desk: Desk, now: datetime, round_: Round, occurrence: Occurrence) -> CelebrationView:
    """The quarter of the occurrence, as its team may read it."""
    names, team, day = Names(desk), desk.setup.teams[round_.team], occurrence.day
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    since = datetime.combine(first, time(), UTC)
    lines = {kind: list[CheerLine]() for kind in (RecordKind.WIN, RecordKind.PRAISE)}
    for cheer in between.cheers(desk.db, [team.name], since, now):
        lines[cheer.kind].append(line(names, cheer))
    return CelebrationView(
        team.title, (day.month + 2) // 3, day.year, tuple(lines[RecordKind.WIN]), tuple(lines[RecordKind.PRAISE]),
        tuple(_proud(desk, round_, occurrence, first, names)),
    )  # fmt: skip


def _proud(desk: Desk, round_: Round, occurrence: Occurrence, first: date, names: Names) -> Sequence[CheerLine]:
    """What people said when they were asked, here or in the quarter's recap."""
    recaps = [
        found
        for each in desk.setup.rounds
        if each.kind == _RECAP and each.team == round_.team
        for found in rounds_store.occurrences(desk.db, each.name, first, occurrence.day + _DAY)
    ]
    found: dict[tuple[str, str], CheerLine] = {}
    for one in (occurrence, *recaps):
        for who, answers in rounds_store.answers_of(desk.db, one.key).items():
            for key in _HEARD:
                stored = answers.get(key)
                if stored is not None and stored.answer.confidence >= CONFIDENCE_FLOOR:
                    for text in lines_of(stored.answer):
                        found[who, text] = CheerLine(" ".join(text.split()), names.first(who))
    return list(found.values())


HABITS: Mapping[str, Habit] = {"celebration": Habit(questions=_questions, closed=_closed)}
COMMANDS: Mapping[type[Command], Do] = {Praise: _praise, Win: _win}
HANDLERS: Mapping[str, Handler] = {"celebrate": _celebrate}
