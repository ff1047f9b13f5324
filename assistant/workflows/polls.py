"""Polls: started in a line of a mail, voted on by reply, counted when they close, told to all of a team."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from assistant.compose import Picture
from assistant.domain import audience as audiences
from assistant.domain import ballots, chart
from assistant.domain.kinds import started
from assistant.domain.people import Person, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.views import Act, Asked, QuestionContext
from assistant.domain.views_polls import BallotAct, OptionLine, PollResultView, PollView, TurnLine
from assistant.inbound import commands as grammar
from assistant.inbound.commands import ClosePoll, Command, NewPoll, Vote
from assistant.inbound.reply import Segment
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import polls as store
from assistant.store import rounds as rounds_store
from assistant.store import sealed
from assistant.store.polls import Poll
from assistant.store.rounds import Occurrence, Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import choices, outbox, prompting, reminding, rounds, teams
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Do, Habit, Request, Taken
from assistant.workflows.secrecy import harmless

KIND = "poll"
FEWEST, MOST = 2, 40
ENOUGH = 5
"""Secret votes, below which nothing is told."""
_DAYS, _AT = 2, time(17)
_LONGEST = timedelta(days=90)
"""A day further off is mostly one that has passed this year."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CONTEXT = "poll:"


def act(what: str, **more: Any) -> Act:
    return Act(what, family="polls", view=BallotAct(**more))


def marks(options: int) -> list[str]:
    """What the options are called: letters, or numbers where these do not suffice."""
    return list(_LETTERS[:options]) if options <= len(_LETTERS) else [str(n) for n in range(1, options + 1)]


# Starting and closing


def _start(desk: Desk, now: datetime, request: Request, said: NewPoll) -> list[Act]:
    """Asked at once of all who work just now, of the others when they do."""
    person, options = request.person, said.options
    refusal = _refusal(options)
    if refusal is not None:
        return [refusal]
    own = teams.own(desk, person)
    if not own:
        return [act("no-team")]
    team = teams.meant(desk, now, request, own, said.line, said.team)
    if isinstance(team, Act):
        return [team]
    asked = teams.people(desk, team)
    if said.secret and len(asked) < ENOUGH:
        return [act("too-few-for-secret", number=len(asked))]
    today = person.local(now).date()
    closes = prompting.after_working_days(person, now, _DAYS, _AT)
    if said.closes is not None:
        closes = resolve(said.closes, _AT, person.zone)
    if not now < closes <= now + _LONGEST:
        what = "over-already" if closes <= now else "too-far-off"
        return [act(what, closes=person.local(closes), number=_LONGEST.days)]
    new = Poll(
        0, said.question, options, said.several and not said.ranked, said.ranked, said.secret, team.name,
        person.address, today, closes,
    )  # fmt: skip
    poll = store.add(desk.db, new, request.inbound)
    parent = started(KIND, poll.id)
    rounds_store.open_occurrence(desk.db, now, poll.occurrence, KIND, parent, today, {})
    for each in asked:
        due = teams.when_at_work(desk, each, now) or closes
        prompting.plan(
            desk, now, occurrence=poll.occurrence, kind=KIND, parent=parent, person=each.address,
            audience=audiences.team(team.name), day=each.local(due).date(), due=due, closes=closes,
            remind_at=reminding.half_way(desk, each, due, closes),
        )  # fmt: skip
    names = (team.title,)
    told = act(
        "started", number=len(asked), names=names, text=poll.question, closes=person.local(closes), secret=poll.secret
    )
    return [told]


def _refusal(options: Sequence[str]) -> Act | None:
    if len(options) < FEWEST:
        return act("few-options")
    if len(options) > MOST:
        return act("many-options", number=MOST)
    folded = [" ".join(words(option)) or option for option in options]
    double = next((option for n, option in enumerate(options) if folded[n] in folded[:n]), None)
    return None if double is None else act("double-option", text=double)


def _close(desk: Desk, now: datetime, request: Request, said: ClosePoll) -> list[Act]:
    about = _poll_about(desk, request)
    if about is not None:
        if about.outcome is not None:
            return [act("closed")]
        if not _may_close(desk, request.person, about):
            return [act("not-yours", who=outbox.name_of(desk, about.author))]
        own = [about]
    else:
        own = [poll for poll in store.open_polls(desk.db) if _may_close(desk, request.person, poll)]
    if not own:
        return [act("nothing-to-close")]
    if len(own) > 1:
        options = [Option(poll.question, said.line, f"{_CONTEXT}{poll.id}") for poll in own]
        return [choices.offer(desk, now, request, options)]
    rounds.close(desk, now, own[0].occurrence)
    return [act("closing", text=own[0].question)]


def _may_close(desk: Desk, person: Person, poll: Poll) -> bool:
    team = desk.setup.teams.get(poll.team)
    return person.address == poll.author or (team is not None and person.address == team.lead)


def _poll_about(desk: Desk, request: Request) -> Poll | None:
    """That of the choice they made, or of the mail they reply to."""
    about = request.about.occurrence if request.about is not None else ""
    key = request.context if request.context.startswith(_CONTEXT) else about.partition("/")[0]
    number = key.removeprefix(_CONTEXT)
    return store.poll(desk.db, int(number)) if key.startswith(_CONTEXT) and number.isdecimal() else None


# Asking


def of(desk: Desk, parent: str) -> Poll:
    """Raises LookupError for what is no poll."""
    poll = store.poll(desk.db, int(parent.removeprefix(_CONTEXT)))
    if poll is None:
        raise LookupError(parent)
    return poll


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    poll = of(desk, prompt.parent)
    shipped = desk.render.questions(KIND, language, QuestionContext(prompt.day, about=poll.question))[0]
    return [replace(shipped, options=poll.options)]


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(KIND, language)


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> PollView:
    poll = of(desk, prompt.parent)
    return PollView(
        outbox.name_of(desk, poll.author), _team(desk, poll.team), asked, poll.several, poll.ranked, poll.secret,
        person.local(closes), mine=poll.author == person.address,
    )  # fmt: skip


def _team(desk: Desk, name: str) -> str:
    team = desk.setup.teams.get(name)
    return team.title if team is not None else name


# Voting


def _takes(
    desk: Desk, now: datetime, request: Request, prompt: Prompt, segments: Sequence[Segment], said: Sequence[Command]
) -> Taken | None:
    """A vote, beside what else the reply asks for. What is unclear is told, and nothing of it kept."""
    poll = of(desk, prompt.parent)
    to_it = request.about is not None
    sealed_ = poll.secret and to_it
    text = "\n".join(segment.text for segment in segments).strip()
    others = [c for c in said if type(c) in desk.commands and not isinstance(c, Vote)]
    others = [c for c in others if c.confidence >= CONFIDENCE_FLOOR and (harmless(c) or not sealed_)]
    if _folded(text) in {_folded(option) for option in poll.options}:
        others = []
    rest = _without(text, others)
    language = outbox.language_of(desk, request.person)
    vote = grammar.vote(rest, poll.options, several=poll.several, ranked=poll.ranked, language=language)
    if sealed_:
        sealed.forget(desk.db, request.inbound)
    if vote is not None and (to_it or vote.confidence >= CONFIDENCE_FLOOR):
        told = cast(desk, now, request.person, poll, prompt, vote, request.inbound)
        return Taken([_routine(each) for each in told], others)
    if not to_it or poll.outcome is not None:
        return Taken((), others) if sealed_ else None
    return Taken([act("no-vote", number=len(poll.options))] if rest.strip() else (), others)


def _routine(told: Act) -> Act:
    """An open vote that changes none needs no answer."""
    view = told.view
    plain = isinstance(view, BallotAct) and not (view.secret or view.changed)
    return Act("mailed") if told.what == "voted" and plain else told


def _folded(text: str) -> str:
    return " ".join(words(text))


def _without(text: str, commands: Sequence[Command]) -> str:
    lines = {row.strip() for command in commands for row in command.line.splitlines()}
    return "\n".join(row for row in text.splitlines() if row.strip() not in lines)


def cast(
    desk: Desk, now: datetime, person: Person, poll: Poll, prompt: Prompt, vote: Vote, inbound: int
) -> Sequence[Act]:
    """Count a vote instead of an earlier one, or say why not; nothing by halves."""
    refusal = _no_vote(poll, vote)
    if refusal is not None:
        return [refusal]
    if poll.secret:
        changed = sealed.keep(desk.db, poll.occurrence, person.address, {"choices": list(vote.choices)})
        sealed.forget(desk.db, inbound)
    else:
        chosen = [poll.options[n - 1] for n in vote.choices]
        answer = Answer("vote", ", ".join(chosen), 1.0, "only", list(vote.choices))
        changed = rounds_store.add_answer(desk.db, now, prompt.id, answer, inbound, False)
    names = () if poll.secret else tuple(poll.options[n - 1] for n in vote.choices)
    told = act("voted", names=names, secret=poll.secret, changed=changed, text=poll.question)
    prompting.end(desk, now, prompt, PromptState.ANSWERED)
    return [told]


def _no_vote(poll: Poll, vote: Vote) -> Act | None:
    if poll.outcome is not None:
        return act("closed")
    if any(not 1 <= n <= len(poll.options) for n in vote.choices):
        return act("no-such-option", number=len(poll.options), names=(marks(len(poll.options))[-1],))
    if len(vote.choices) > 1 and not (poll.several or poll.ranked):
        return act("one-only")
    if vote.confidence < CONFIDENCE_FLOOR:
        return act("no-vote", number=len(poll.options))
    return None


def _vote(desk: Desk, now: datetime, request: Request, vote: Vote) -> Sequence[Act] | None:
    """ "vote 2" in a mail of its own, on the one poll that is open for them."""
    found = [(poll, prompt) for poll in store.open_polls(desk.db) if (prompt := _prompt(desk, poll, request.person))]
    if len(found) == 1:
        poll, prompt = found[0]
        told = cast(desk, now, request.person, poll, prompt, vote, request.inbound)
        return [replace(each, text=poll.question) for each in told]
    if request.about is not None and not found:
        return None
    return [act("which-poll" if found else "no-open-poll")]


def _prompt(desk: Desk, poll: Poll, person: Person) -> Prompt | None:
    own = (prompt for prompt in rounds_store.prompts_of(desk.db, poll.occurrence) if prompt.person == person.address)
    return next(own, None)


# The result


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Counted, kept as figures and told to all; of secret votes nothing else is left."""
    poll = of(desk, occurrence.parent)
    prompts = rounds_store.prompts_of(desk.db, occurrence.key)
    chosen: dict[str, list[int]] = {}
    if poll.secret:
        cast_ = [_numbers(content["choices"]) for content in sealed.contents(desk.db, occurrence.key)]
    else:
        for address, answers in rounds_store.answers_of(desk.db, occurrence.key).items():
            chosen[address] = _numbers(answers["vote"].answer.value)
        cast_ = list(chosen.values())
    asked = sum(p.state in (PromptState.ANSWERED, PromptState.MISSED) or p.person in chosen for p in prompts)
    counted = ballots.count(len(poll.options), cast_, ranked=poll.ranked)
    outcome: dict[str, object] = {"asked": asked}
    if not poll.secret or counted.ballots >= ENOUGH:
        outcome |= {
            "ballots": counted.ballots,
            "votes": counted.votes,
            "winners": counted.winners,
            "turns": [[turn.votes, turn.out] for turn in counted.turns],
            "who": [[a for a in sorted(chosen) if n in chosen[a]] for n in range(1, len(poll.options) + 1)],
        }
    store.close(desk.db, poll.id, outcome)
    if poll.secret:
        sealed.destroy(desk.db, occurrence.key)
    team = desk.setup.teams.get(poll.team)
    whom = teams.people(desk, team) if team is not None and asked else []
    if poll.author in desk.setup.people and all(person.address != poll.author for person in whom):
        whom.append(desk.setup.people[poll.author])
    teams.tell(desk, now, "poll-result", occurrence.key, whom, str(poll.id))


def _numbers(value: object) -> list[int]:
    return [int(each) for each in value] if isinstance(value, list) else []


def write_results(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    views: dict[int, tuple[PollResultView, Picture | None]] = {}
    for timer in due:
        number, reader = int(timer.ref), desk.setup.people.get(timer.person)
        poll = store.poll(desk.db, number)
        if reader is None or poll is None:
            continue
        view, picture = views.setdefault(number, result(desk, poll))
        outbox.write(
            desk, now, reader, [Section("poll-result", view)], key=f"poll-result {number} {reader.address}",
            occurrence=poll.occurrence, thread=poll.occurrence, audience=audiences.team(poll.team),
            because=f"poll {started(KIND, number)}", picture=picture,
        )  # fmt: skip


def result(desk: Desk, poll: Poll) -> tuple[PollResultView, Picture | None]:
    """What is told of a closed poll; a picture only where there is something to see."""
    told = poll.outcome or {}
    called, votes = marks(len(poll.options)), list(told.get("votes", ()))
    total = int(told.get("ballots", 0))
    lines = tuple(
        OptionLine(
            mark, text, votes[n], round(100 * votes[n] / total) if total else 0, n + 1 in told["winners"],
            tuple(outbox.name_of(desk, who) for who in told["who"][n]),
        )
        for n, (mark, text) in enumerate(zip(called, poll.options, strict=True))
        if votes
    )  # fmt: skip
    turns = tuple(
        TurnLine(tuple((poll.options[n - 1], v) for n, v in turn), tuple(poll.options[n - 1] for n in out))
        for turn, out in told.get("turns", ())
    )
    address = desk.setup.assistant.address
    name = outbox.message_id_of(f"chart {poll.occurrence} {poll.question}", address).strip("<>")
    shown = total > 0
    view = PollResultView(
        poll.question, outbox.name_of(desk, poll.author), _team(desk, poll.team), lines, total,
        int(told.get("asked", 0)), poll.several, poll.ranked, poll.secret, told="votes" in told,
        picture=name if shown else "", height=chart.height(len(lines)), turns=turns if len(turns) > 1 else (),
    )  # fmt: skip
    drawn = chart.bars(called, votes, [line.won for line in lines]) if shown else b""
    return view, Picture(name, drawn) if shown else None


HABITS: Mapping[str, Habit] = {
    KIND: Habit(questions=_questions, title=_title, view=_view, closed=_closed, takes=_takes)
}
COMMANDS: Mapping[type[Command], Do] = {NewPoll: _start, ClosePoll: _close, Vote: _vote}
WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {"poll-result": write_results}
