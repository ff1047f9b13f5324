"""Feedback that is asked for: each in a mail of their own, reminded once, closed kindly; and how often it is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.kinds import started
from assistant.domain.people import Person, is_away, resolve, workdays_after
from assistant.domain.questions import Question
from assistant.domain.records import Draft, RecordKind, RecordState
from assistant.domain.setup import Series
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_people import AboutView, FeedbackMailView
from assistant.inbound.commands import AskFeedback, Command, FeedbackRhythm, Share
from assistant.render import Section
from assistant.store import between, records, timers
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import outbox, prompting
from assistant.workflows.desk import Desk, Do, Habit, Handler, Request
from assistant.workflows.feedback import REQUEST as KIND
from assistant.workflows.feedback import at_work, named, report_of, said, shared_team, tell

RHYTHM = "feedback-every"
"""The setting that says how often somebody wants feedback."""
_ASKED = "feedback-asked"
"""The setting that says when they were last asked so."""
_NUDGE_AFTER, _CLOSES_AFTER = 3, 6
"""Working days of whoever is asked."""
_BESIDE = timedelta(minutes=20)
"""Later than the beginning of somebody's day: what is for one reader does not share a mail with what is for many."""
_EVERY = {"weekly": 7, "monthly": 30, "quarterly": 91}
_TEN = time(10)
_QUARTER = timedelta(days=85)


def _ask(desk: Desk, now: datetime, request: Request, command: AskFeedback) -> list[Act]:
    found = named(desk, request, command.of)
    if isinstance(found, Act):
        return [found]
    parent = started(KIND, request.inbound)
    number = rounds_store.count_occurrences(desk.db, parent) + 1
    ask(desk, now, request.person, found, command.topic, parent, f"{parent}/{number}")
    return [said("asked", *(person.first_name for person in found))]


def ask(desk: Desk, now: datetime, asker: Person, givers: Sequence[Person], topic: str, parent: str, key: str) -> None:
    """Ask these people for feedback for ``asker``: each in a mail of their own, reminded once, closed after a week."""
    data = {"asker": asker.address, "topic": topic}
    if not rounds_store.open_occurrence(desk.db, now, key, KIND, parent, asker.local(now).date(), data):
        return
    for person in givers:
        due = at_work(desk, now, person)
        worked = person.working_period(person.local(due).date())
        if worked is not None and due < worked.start + _BESIDE:
            due = worked.start + _BESIDE
        prompting.plan(
            desk, now, occurrence=key, kind=KIND, parent=parent, person=person.address,
            audience=audiences.two(person.address, asker.address), day=person.local(due).date(), due=due,
            closes=_workdays_later(person, due, _CLOSES_AFTER), remind_at=[_workdays_later(person, due, _NUDGE_AFTER)],
        )  # fmt: skip


def _workdays_later(person: Person, moment: datetime, days: int) -> datetime:
    local = person.local(moment)
    return resolve(workdays_after(person, local.date(), days), local.time(), person.zone)


def _asker(desk: Desk, prompt: Prompt) -> tuple[Person | None, str]:
    occurrence = rounds_store.occurrence(desk.db, prompt.occurrence)
    if occurrence is None:
        return None, ""
    return desk.setup.people.get(str(occurrence.data.get("asker"))), str(occurrence.data.get("topic", ""))


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    asker, _ = _asker(desk, prompt)
    if asker is None:
        return ()
    return desk.render.questions(KIND, language, QuestionContext(prompt.day, about=asker.first_name))


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(KIND, language)


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> AboutView:
    asker, topic = _asker(desk, prompt)
    language = outbox.language_of(desk, person)
    who = outbox.who(asker) if asker is not None else None
    return AboutView(_title(desk, person, prompt, language), prompt.day, asked, person.local(closes), who, topic)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> list[Act]:
    """All that was said to one request is one record, which the newest reply replaces."""
    asker, _ = _asker(desk, prompt)
    current = rounds_store.prompt(desk.db, prompt.id) or prompt
    for record in records.from_prompt(desk.db, prompt.id, RecordKind.FEEDBACK):
        records.close(desk.db, now, record.id, RecordState.DROPPED, person.address, inbound)
        timers.drop(desk.db, f"people-tell:{record.id}")
    texts = [answer.text.strip() for answer in rounds_store.answers_to(desk.db, prompt.id).values()]
    if asker is None or not any(texts):
        return []
    scope, _, team = current.audience.partition(":")
    number = records.add(
        desk.db, now, Draft(RecordKind.FEEDBACK, "\n".join(text for text in texts if text)), owner=asker.address,
        author=person.address, audience=current.audience, context=team if scope == "team" else "feedback",
        occurrence=prompt.occurrence, prompt=prompt.id, inbound=inbound,
    )  # fmt: skip
    tell(desk, now, asker, number)
    return []


def _share(desk: Desk, now: datetime, request: Request, _: Share) -> Sequence[Act] | None:
    """Whoever gives it may open it to the team of the two."""
    done = False
    for prompt in request.prompts:
        asker, _topic = _asker(desk, prompt) if prompt.kind == KIND else (None, "")
        team = shared_team(desk, request.person, asker) if asker is not None else None
        if team is not None:
            between.share(desk.db, prompt.id, audiences.team(team))
            done = True
    return [said("shared")] if done else None


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Whoever asked is told where somebody did not get round to it; those who were asked hear nothing."""
    asker = desk.setup.people.get(str(occurrence.data.get("asker")))
    prompts = rounds_store.prompts_of(desk.db, occurrence.key)
    if asker is not None and any(prompt.state is not PromptState.ANSWERED for prompt in prompts):
        moment = at_work(desk, now, asker)
        timer = Timer(f"feedback-closed:{occurrence.key}", moment, "feedback-closed", occurrence.key, asker.address)
        timers.put(desk.db, timer)


def _tell_closed(desk: Desk, timer: Timer, now: datetime) -> None:
    occurrence = rounds_store.occurrence(desk.db, timer.ref)
    asker = desk.setup.people.get(timer.person)
    if occurrence is None or asker is None:
        return
    prompts = rounds_store.prompts_of(desk.db, occurrence.key)
    here = {p.person: desk.setup.people[p.person].first_name for p in prompts if p.person in desk.setup.people}
    answered = {p.person for p in prompts if p.state is PromptState.ANSWERED or p.late}
    silent = tuple(name for address, name in here.items() if address not in answered)
    if silent:
        view = FeedbackMailView(
            "closed", None, (), str(occurrence.data.get("topic", "")), "",
            tuple(name for address, name in here.items() if address in answered), silent,
        )  # fmt: skip
        outbox.write(
            desk, now, asker, [Section("feedback", view)], key=f"closed {occurrence.key}", occurrence=occurrence.key,
            thread=occurrence.key, audience=audiences.person(asker.address), because="you asked for feedback",
            not_before=at_work(desk, now, asker),
        )  # fmt: skip


# How often


def _set_rhythm(desk: Desk, now: datetime, request: Request, command: FeedbackRhythm) -> list[Act]:
    set_rhythm(desk, now, request.person, command.every, request.inbound)
    return [said("rhythm", kind=command.every)]


def set_rhythm(desk: Desk, now: datetime, person: Person, every: str, inbound: int | None) -> None:
    """How often we ask somebody for feedback for them: "weekly", "monthly", "quarterly" or "never"."""
    people_store.set_(desk.db, now, person.address, RHYTHM, every, inbound)
    timers.drop(desk.db, _rhythm_key(person))
    if every in _EVERY:
        _next_rhythm(desk, now, person, every, 0)


def _rhythm_key(person: Person) -> str:
    return f"feedback-rhythm:{person.address}"


def _next_rhythm(desk: Desk, now: datetime, person: Person, every: str, turn: int) -> None:
    day = person.local(now).date() + timedelta(days=_EVERY[every])
    due = resolve(day, _TEN, person.zone)
    timers.put(desk.db, Timer(_rhythm_key(person), due, "feedback-rhythm", str(turn), person.address))


def _rhythm(desk: Desk, timer: Timer, now: datetime) -> None:
    """One colleague each time, in turn, who is there."""
    person = desk.setup.people.get(timer.person)
    every = people_store.setting(desk.db, timer.person, RHYTHM)
    if person is None or every not in _EVERY:
        return
    turn, today = int(timer.ref), person.local(now).date()
    near = [person.manager, *(address for team in person.teams[:1] for address in desk.setup.teams[team].members)]
    others = [a for a in dict.fromkeys(near) if a is not None and a in desk.setup.people and a != person.address]
    absences = people_store.all_absences(desk.db, today, today)
    here = [address for address in others if not is_away(absences, address, today)]
    if here:
        giver = desk.setup.people[here[turn % len(here)]]
        parent = started(KIND, 0)
        ask(desk, now, person, [giver], "", parent, f"{parent}/{person.address}/{today}")
    _next_rhythm(desk, now, person, every, turn + 1)


def asks_rhythm(desk: Desk, now: datetime, series: Series, address: str) -> bool:
    """Whether it is time to ask the report how often they want feedback: once a quarter, unless they said so."""
    since = (now - _QUARTER).date()
    asked = people_store.setting(desk.db, address, _ASKED)
    recently = asked is not None and date.fromisoformat(asked) > since
    if address != report_of(series) or recently or people_store.setting(desk.db, address, RHYTHM):
        return False
    people_store.set_(desk.db, now, address, _ASKED, now.date().isoformat(), None)
    return True


HABITS: Mapping[str, Habit] = {
    KIND: Habit(questions=_questions, title=_title, view=_view, answered=_answered, closed=_closed)
}
COMMANDS: Mapping[type[Command], Do] = {AskFeedback: _ask, Share: _share, FeedbackRhythm: _set_rhythm}
HANDLERS: Mapping[str, Handler] = {"feedback-closed": _tell_closed, "feedback-rhythm": _rhythm}
