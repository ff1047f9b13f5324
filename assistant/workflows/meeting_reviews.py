"""A meeting about a meeting, in writing: once a quarter, whether each recurring one is worth it, for the lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.kinds import MEETINGS
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.setup import Series
from assistant.domain.views import Asked, QuestionContext
from assistant.domain.views_people import AboutView, MeetingVerdictView, Verdict
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer
from assistant.workflows import feedback, invitations, outbox
from assistant.workflows.desk import Desk, Habit, Handler
from assistant.workflows.reporting import Names

KIND = "meeting-review"
_MOST = 3
"""Meetings that one mail asks about: two questions each."""
_YES = frozenset({"yes", "ja", "oui", "si", "sim", "y", "j"})


def reviewed(desk: Desk, team: str) -> list[Series]:
    """The recurring meetings of a team that are no private talk."""
    return [s for s in desk.setup.series if s.team == team and not MEETINGS[s.kind].private][:_MOST]


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    round_ = desk.setup.round_named(prompt.parent)
    series = reviewed(desk, round_.team) if round_ is not None else []
    asked = [s for s in series if person.address in (*s.participants, *s.optional)]
    found: list[Question] = []
    for one in asked:
        context = QuestionContext(prompt.day, meeting=invitations.title(desk, one, language))
        for question in desk.render.questions(KIND, language, context):
            labels = question.labels if len(asked) == 1 else ()  # the same words would label several
            found.append(replace(question, key=f"{question.key} {one.name}", labels=labels))
    return found


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> AboutView:
    round_ = desk.setup.round_named(prompt.parent)
    lead = desk.setup.teams[round_.team].lead if round_ is not None else None
    other = desk.setup.people.get(lead or "")
    title = desk.render.title(KIND, outbox.language_of(desk, person))
    who = outbox.who(other) if other is not None and other.address != person.address else None
    return AboutView(title, prompt.day, asked, person.local(closes), who)


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    round_ = desk.setup.round_named(occurrence.parent)
    lead = desk.setup.people.get(desk.setup.teams[round_.team].lead or "") if round_ is not None else None
    if lead is not None:
        moment = feedback.at_work(desk, now, lead)
        key = f"verdict:{occurrence.key}"
        timers.put(desk.db, Timer(key, moment, "meeting-verdict", occurrence.key, lead.address))


def _tell(desk: Desk, timer: Timer, now: datetime) -> None:
    occurrence, lead = rounds_store.occurrence(desk.db, timer.ref), desk.setup.people.get(timer.person)
    round_ = desk.setup.round_named(occurrence.parent) if occurrence is not None else None
    if occurrence is None or round_ is None or lead is None:
        return
    meetings = tuple(_verdicts(desk, occurrence, round_.team, lead))
    if meetings:
        view = MeetingVerdictView(desk.setup.teams[round_.team].title, meetings)
        outbox.write(
            desk, now, lead, [Section("meeting-verdict", view)], key=f"verdict {occurrence.key}",
            occurrence=f"verdict {occurrence.key}", thread=f"verdict {occurrence.key}",
            audience=audiences.person(lead.address), because=f"{KIND} {round_.name}",
        )  # fmt: skip


def _verdicts(desk: Desk, occurrence: Occurrence, team: str, lead: Person) -> Iterator[Verdict]:
    """Only what the lead may read; meetings that nobody said anything of are left out."""
    readable = {
        prompt.person
        for prompt in rounds_store.prompts_of(desk.db, occurrence.key)
        if audiences.may_read(prompt.audience, lead.address, desk.setup)
    }
    said = rounds_store.answers_of(desk.db, occurrence.key)
    names, language = Names(desk), outbox.language_of(desk, lead)
    for series in reviewed(desk, team):
        of = {
            who: {key.partition(" ")[0]: stored.answer for key, stored in answers.items() if key.endswith(series.name)}
            for who, answers in said.items()
            if who in readable
        }
        heard = {who: answers for who, answers in of.items() if answers}
        scores = [score for answers in heard.values() if (score := _score(answers.get("worth"))) is not None]
        texts = {who: answers["written"].text for who, answers in heard.items() if "written" in answers}
        if heard:
            yield Verdict(
                invitations.title(desk, series, language), sum(scores) / len(scores) if scores else None,
                sum(not _YES.isdisjoint(words(text)[:1]) for text in texts.values()), len(heard),
                tuple((names.first(who), " ".join(text.split())) for who, text in texts.items()),
            )  # fmt: skip


def _score(answer: Answer | None) -> float | None:
    known = answer is not None and answer.confidence >= CONFIDENCE_FLOOR and isinstance(answer.value, int | float)
    return float(answer.value) if answer is not None and known and isinstance(answer.value, int | float) else None


HABITS: Mapping[str, Habit] = {KIND: Habit(questions=_questions, view=_view, closed=_closed)}
HANDLERS: Mapping[str, Handler] = {"meeting-verdict": _tell}
