"""A person's reply becomes answers, records and acts; what is not certain is asked about, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import Message

from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS
from assistant.domain.people import Absence, Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Reading
from assistant.domain.views import Act, ReceiptView, Understood
from assistant.inbound import answers as reading
from assistant.inbound import commands as grammar
from assistant.inbound.commands import Command
from assistant.inbound.reply import Segment, VisibleReply, read_reply
from assistant.render import Section
from assistant.store import choices as choices_store
from assistant.store import outbox as outbox_store
from assistant.store import people as people_store
from assistant.store import rounds as store
from assistant.store.outbox import Mail
from assistant.store.rounds import AskedQuestion, Prompt, PromptState
from assistant.workflows import (
    acts,
    announcing,
    around,
    choices,
    effects,
    further,
    goals,
    helping,
    kpis,
    outbox,
    prompt_views,
    prompting,
    task_news,
)
from assistant.workflows.desk import Desk, Request, Taken

_REACTIVE_AN_HOUR = 6
"""The most mails that one person's mails may call forth in an hour: what ends a loop that nothing else saw."""

ANSWERED = "answered"
"""What is set once somebody's first answer came."""

_ABOUT_NOTHING = frozenset({"welcome", "help", "receipt"})
"""What people may hit reply on although they mean to answer what is open."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One numbered question of a mail and the prompts it belongs to."""

    asked: AskedQuestion
    prompts: tuple[Prompt, ...]

    @property
    def heading(self) -> str:
        return self.asked.question.short or self.asked.question.text


@dataclass(slots=True)
class Outcome:
    """What one reply did."""

    understood: list[Understood]
    unclear: list[str]
    acts: list[Act]
    answered: set[int] = field(default_factory=set)
    """Numbers of the questions that were answered for certain."""
    corrected: bool = False
    late: bool = False
    mixed: bool = False


def handle(
    desk: Desk,
    now: datetime,
    person: Person,
    inbound: int,
    message: Message,
    mail: Mail | None,
    reply: VisibleReply | None = None,
) -> str:
    """Act on one human mail of a known person; returns the reason code for its row.

    ``reply`` is what it newly says, where that was read before.
    """
    about = asking(desk, mail)
    prompts, guessed = prompts_for(desk, person, about)
    visible = reply or read_reply(message, sent=mail.text if mail else None)
    outcome, segments, context = Outcome([], [], []), list(visible.segments), ""
    said = commands_in(desk, now, person, visible.text, prompts if about is not None else ())
    chosen = choices.settle(desk, now, person.address, mail, said)
    if isinstance(chosen, Act):
        outcome.acts.append(chosen)
        said, segments = [], []
    elif chosen is not None:
        line, context = chosen
        said, segments = choices.reading(commands_in(desk, now, person, line, ()), context), []
    request = Request(person, inbound, about, prompts, context, mail)
    taken = _taken(desk, now, request, guessed, segments, said) if chosen is None else None
    if taken is not None:
        said, segments = list(taken.commands), []
        outcome.acts += taken.acts
    segments = without(segments, _act(desk, now, request, said, outcome))
    open_slots = slots([prompt for prompt in prompts if not _is_taken_whole(desk, prompt)])
    if chosen is None and mail is not None and "receipt" in mail.kinds:
        numbers = {str(slot.asked.number) for slot in open_slots}
        segments = further.words_before(desk, mail, visible.text, numbers) or segments
    if open_slots and any(segment.text.strip() for segment in segments):
        _answer(desk, now, person, inbound, open_slots, segments, outcome, guessed=guessed, fresh=about is None)
    elif about is not None and task_news.about(about) is not None:
        outcome.acts += task_news.comment(desk, now, person, inbound, about, segments)
    elif about is not None and "announced" in about.kinds:
        outcome.acts += announcing.heard(desk, now, request, segments)
    elif about is not None:
        outcome.understood += further.add(desk, now, person, inbound, about, segments)
        outcome.late = bool(outcome.understood)
        outcome.acts += further.replied(desk, now, request, segments)
    _doubt(desk, now, request, said, outcome)
    if not (outcome.understood or outcome.unclear or outcome.acts):
        helping.write(desk, now, person, inbound, unknown=True)
        return "answers nothing"
    _receipt(desk, now, person, inbound, about, open_slots, outcome)
    return "answered" if outcome.understood else "commands" if outcome.acts else "unclear"


def _is_taken_whole(desk: Desk, prompt: Prompt) -> bool:
    habit = desk.habits.get(prompt.kind)
    return habit is not None and habit.takes is not None


def _taken(
    desk: Desk, now: datetime, request: Request, guessed: bool, segments: Sequence[Segment], said: Sequence[Command]
) -> Taken | None:
    """Where the reply is to what is read as a whole, as a vote is; a guess is only good enough for what hangs on it."""
    prompt = request.prompts[0] if len(request.prompts) == 1 else None
    habit = desk.habits.get(prompt.kind) if prompt is not None else None
    if prompt is None or habit is None or habit.takes is None:
        return None
    if guessed and (request.about is None or request.about.occurrence != prompt.occurrence):
        return None
    return habit.takes(desk, now, request, prompt, segments, said)


def commands_in(desk: Desk, now: datetime, person: Person, text: str, prompts: Sequence[Prompt]) -> list[Command]:
    """What may be commands in it, those of which less is certain too; ``prompts`` are those it replies to."""
    known = grammar.Known(
        people=_colleagues(desk, person),
        measures=(*goals.measures(desk, now, person), *kpis.measures(desk, person)),
        questions=[asked.question for prompt in prompts for asked in prompt.questions],
    )
    language = outbox.language_of(desk, person)
    return list(grammar.read(text, language=language, zone=person.zone, now=now, known=known).commands)


def _act(desk: Desk, now: datetime, request: Request, said: Sequence[Command], outcome: Outcome) -> list[str]:
    """Do what is certain, and ask which one is meant where there are several readings; gives the lines taken."""
    known = [command for command in said if type(command) in desk.commands]
    done = acts.apply(desk, now, request, [c for c in known if c.confidence >= CONFIDENCE_FLOOR], outcome.acts)
    asked = next((c for c in known if c.confidence < CONFIDENCE_FLOOR and c.alternatives), None)
    if asked is not None:
        outcome.acts.append(choices.propose(desk, now, request, asked))
    return [command.line for command in (*done, *([asked] if asked else []))]


def _doubt(desk: Desk, now: datetime, request: Request, said: Sequence[Command], outcome: Outcome) -> None:
    """What answers nothing but may be a command is offered as one."""
    if any(act.options for act in outcome.acts) or (outcome.understood and not outcome.unclear):
        return
    for command in said:
        if type(command) in desk.commands and command.confidence < CONFIDENCE_FLOOR and not command.alternatives:
            if outcome.unclear and command.line.strip() not in "\n".join(outcome.unclear):
                continue
            outcome.unclear = [piece for piece in outcome.unclear if piece.strip() != command.line.strip()]
            outcome.acts.append(choices.propose(desk, now, request, command))
            return


def asking(desk: Desk, mail: Mail | None) -> Mail | None:
    """From a reminder or a receipt to the mail that it is about."""
    seen: set[int] = set()
    while mail is not None and mail.occurrence.startswith("mail ") and mail.id not in seen:
        seen.add(mail.id)
        mail = outbox_store.by_id(desk.db, int(mail.occurrence.removeprefix("mail ")))
    return mail


def prompts_for(desk: Desk, person: Person, about: Mail | None) -> tuple[list[Prompt], bool]:
    """The prompts a reply answers, and whether that is a guess.

    It is one from what is open, and for a mail that asked nothing, as a digest: answers to its questions say so by
    number or label, and other words may be meant for nobody else.
    """
    if about is not None and _ABOUT_NOTHING.isdisjoint(about.kinds):
        asked = store.prompts_in_mail(desk.db, about.id)
        there = () if asked else store.prompts_of(desk.db, about.occurrence)
        return asked or [p for p in there if p.person == person.address and p.questions], not asked
    # What is for one reader is answered by a reply to it, or not at all.
    everything = [p for p in store.open_prompts(desk.db, person.address) if not p.audience.startswith("two:")]
    waiting = [prompt for prompt in everything if not _is_taken_whole(desk, prompt)] or everything
    mails = list(dict.fromkeys(prompt.mail for prompt in waiting))
    return [prompt for prompt in waiting if prompt.mail == mails[0]], about is not None or len(mails) > 1


def slots(prompts: Sequence[Prompt]) -> list[Slot]:
    """The numbered questions of a mail, each with the prompts that asked it."""
    by_number: dict[int, tuple[AskedQuestion, list[Prompt]]] = {}
    for prompt in prompts:
        for asked in prompt.questions:
            by_number.setdefault(asked.number, (asked, []))[1].append(prompt)
    return [Slot(asked, tuple(owners)) for _, (asked, owners) in sorted(by_number.items())]


def is_mixed(of: Sequence[Slot]) -> bool:
    """Whether the questions of a mail have different readers, so that nothing may be placed by its position."""
    return len({frozenset(prompt.audience for prompt in slot.prompts) for slot in of}) > 1


def without(segments: Sequence[Segment], lines: Sequence[str]) -> list[Segment]:
    """The segments less the lines that were taken as commands."""
    taken = {row.strip() for line in lines for row in line.splitlines()} - {""}
    if not taken:
        return list(segments)
    return [
        replace(segment, text="\n".join(line for line in segment.text.split("\n") if line.strip() not in taken))
        for segment in segments
    ]


@dataclass(frozen=True, slots=True)
class Placed:
    """An answer and the question of the mail that it belongs to."""

    slot: Slot
    answer: Answer


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a reply says to the questions of one mail; ``rest`` fits none. ``mixed``: positions decided nothing."""

    placed: Sequence[Placed]
    rest: str = ""
    mixed: bool = False


def understand(
    desk: Desk, now: datetime, person: Person, of: Sequence[Slot], segments: Sequence[Segment], *, guessed: bool = False
) -> Understanding:
    """What these segments say to the questions; writes nothing.

    Two questions of one mail may have the same key, in two meetings' agendas say: here each has a name of its own.
    """
    mixed = guessed or is_mixed(of)
    by_name = _named(of)
    found = reading.read(
        [replace(slot.asked.question, key=name) for name, slot in by_name.items()],
        segments,
        first_number=of[0].asked.number,
        previous=_previous(desk, person, by_name),
        mixed_audience=mixed,
        people=_colleagues(desk, person),
        today=person.local(now).date(),
        language=outbox.language_of(desk, person),
    )
    own_keys = [replace(a, question=by_name[a.question].asked.question.key) for a in found.answers]
    loose = effects.LOOSE.get(of[0].prompts[0].kind)
    if loose is not None and len({prompt.id for slot in of for prompt in slot.prompts}) == 1:
        found = effects.place_loose(Reading(own_keys, found.rest), [slot.asked.question for slot in of], loose)
        by_key = {slot.asked.question.key: slot for slot in of}
        return Understanding([Placed(by_key[a.question], a) for a in found.answers], found.rest, mixed)
    placed = [Placed(by_name[a.question], own) for a, own in zip(found.answers, own_keys, strict=True)]
    return Understanding(placed, found.rest, mixed)


def _named(of: Sequence[Slot]) -> dict[str, Slot]:
    """Each question by its key, and by key and number where several have that key."""
    keys = [slot.asked.question.key for slot in of]
    return {
        key if keys.count(key) == 1 else f"{key} {slot.asked.number}": slot for key, slot in zip(keys, of, strict=True)
    }


def _previous(desk: Desk, person: Person, by_name: Mapping[str, Slot]) -> dict[str, str]:
    """What "same as yesterday" would mean for each question."""
    previous: dict[str, str] = {}
    for name, slot in by_name.items():
        prompt = slot.prompts[0]
        habit = desk.habits.get(prompt.kind)
        if habit is not None and habit.previous is not None:
            said = habit.previous(desk, prompt, slot.asked.question.key)
            previous |= {} if said is None else {name: said}
            continue
        earlier = store.earlier_answer(desk.db, prompt.parent, person.address, slot.asked.question.key, prompt.day)
        if earlier is not None:
            previous[name] = earlier[1].text
    return previous


def _colleagues(desk: Desk, person: Person) -> list[Person]:
    """Those whom a reply may name: the members of the person's teams, their manager and reports."""
    near = {person.address, *(report.address for report in desk.setup.reports(person.address))}
    if person.manager:
        near.add(person.manager)
    for team in person.teams:
        near.update(desk.setup.teams[team].members)
    return [desk.setup.people[address] for address in sorted(near) if address in desk.setup.people]


def _answer(
    desk: Desk,
    now: datetime,
    person: Person,
    inbound: int,
    of: Sequence[Slot],
    segments: Sequence[Segment],
    outcome: Outcome,
    *,
    guessed: bool,
    fresh: bool,
) -> None:
    found = understand(desk, now, person, of, segments, guessed=guessed)
    if fresh and all(placed.answer.confidence < CONFIDENCE_FLOOR for placed in found.placed):
        # A mail of its own may be meant for nobody of those who read the answers: it is asked about, and not kept.
        outcome.unclear += [*(placed.answer.text for placed in found.placed), *filter(str.strip, [found.rest])]
        return
    touched: dict[int, Prompt] = {}
    for placed in found.placed:
        if placed.answer.confidence >= CONFIDENCE_FLOOR:
            outcome.understood.append(Understood(placed.slot.heading, placed.answer.text))
            outcome.answered.add(placed.slot.asked.number)
        else:
            outcome.unclear.append(placed.answer.text)
            if found.mixed:
                continue  # who may read it is exactly what we do not know
        for prompt in placed.slot.prompts:
            touched[prompt.id] = prompt
            _keep(desk, now, prompt, placed.answer, inbound, outcome)
    if found.rest.strip():
        _keep_rest(desk, now, of, found, inbound, outcome, touched)
    for prompt in touched.values():
        _settle(desk, now, person, prompt, inbound, outcome)
    outcome.mixed = is_mixed(of) and bool(outcome.unclear)


def _settle(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int, outcome: Outcome) -> None:
    """What follows from a prompt's new answers."""
    habit = desk.habits.get(prompt.kind)
    if habit is not None and habit.answered is not None:
        outcome.acts += habit.answered(desk, now, person, prompt, inbound)
    else:
        effects.apply(desk, now, person, prompt, inbound)
    goals.mentions(desk, now, person, prompt, inbound)
    if not prompting.end(desk, now, prompt, PromptState.ANSWERED) and prompt.state is not PromptState.ANSWERED:
        store.answered_late(desk.db, prompt.id)
    if prompt.kind == "meeting-notes" and (outcome.corrected or outcome.late):
        occurrence = store.occurrence(desk.db, prompt.occurrence)
        if occurrence is not None and not occurrence.open:
            around.corrected(desk, occurrence, now)


def _keep(desk: Desk, now: datetime, prompt: Prompt, answer: Answer, inbound: int, outcome: Outcome) -> None:
    occurrence = store.occurrence(desk.db, prompt.occurrence)
    late = prompt.state is PromptState.MISSED or (occurrence is not None and not occurrence.open)
    if store.add_answer(desk.db, now, prompt.id, answer, inbound, late):
        outcome.corrected = outcome.corrected or not KINDS[prompt.kind].adds_up
    outcome.late = outcome.late or prompt.state is PromptState.MISSED


def _keep_rest(
    desk: Desk,
    now: datetime,
    of: Sequence[Slot],
    found: Understanding,
    inbound: int,
    outcome: Outcome,
    touched: dict[int, Prompt],
) -> None:
    """Words that fit no question. Where every question has the same readers, they read them as they stand."""
    if found.mixed or _still_open(of, outcome):
        outcome.unclear.append(found.rest)
    if not found.mixed:
        for prompt in of[0].prompts:
            touched[prompt.id] = prompt
            _keep(desk, now, prompt, Answer("", found.rest, 0.0, "rest"), inbound, outcome)


def _still_open(of: Sequence[Slot], outcome: Outcome) -> list[Slot]:
    return [slot for slot in of if not slot.asked.question.optional and slot.asked.number not in outcome.answered]


def excuse(desk: Desk, now: datetime, person: Person, absence: Absence) -> None:
    """Open prompts of the days somebody is away are no longer waited for."""
    today = person.local(now).date()
    for prompt in store.unfinished_prompts(desk.db, person.address):
        if absence.covers(today) and prompt.state is PromptState.ASKED and prompt.day <= today:
            prompting.end(desk, now, prompt, PromptState.SKIPPED, "away")


def _receipt(
    desk: Desk, now: datetime, person: Person, inbound: int, about: Mail | None, of: Sequence[Slot], outcome: Outcome
) -> None:
    """Only when there is something to say: a routine answer that we understood gets none.

    The first answer of somebody's gets one all the same. What a command mailed already needs no receipt of its own.
    """
    told = [act for act in outcome.acts if act.what != "mailed"]
    answers = about is not None or bool(outcome.understood or outcome.unclear)
    first = of[0].prompts[0] if of and answers else None
    habit = desk.habits.get(first.kind) if first else None
    speaks = habit is not None and habit.speaks and not outcome.unclear
    outcome.late = outcome.late and not speaks
    new = bool(outcome.understood) and people_store.setting(desk.db, person.address, ANSWERED) is None
    if new:
        people_store.set_(desk.db, now, person.address, ANSWERED, "yes", inbound)
    if not (outcome.unclear or told or outcome.corrected or outcome.late or (new and not speaks)):
        return
    if outbox_store.reactive_since(desk.db, person.address, now - timedelta(hours=1)) >= _REACTIVE_AN_HOUR:
        return
    language = outbox.language_of(desk, person)
    view = ReceiptView(
        title=prompt_views.title(desk, person, first, language) if first else "",
        subject=outbox_store.subject(desk.db, about.id) if about else "",
        understood=() if speaks else tuple(outcome.understood),
        unclear=tuple(outcome.unclear),
        open=tuple(prompt_views.as_view(slot.asked) for slot in _still_open(of, outcome)) if outcome.unclear else (),
        acts=tuple(told),
        choices=next((act.options for act in reversed(told) if act.options), ()),
        corrected=outcome.corrected,
        late=outcome.late,
        mixed=outcome.mixed,
        first=new,
    )
    written = outbox.write(
        desk,
        now,
        person,
        [Section("receipt", view)],
        key=f"receipt {inbound}",
        occurrence=f"mail {about.id}" if about else f"mail {first.mail}" if first else f"inbound {inbound}",
        thread=about.thread if about else f"inbound {inbound}",
        audience=audiences.person(person.address),
        because=f"your mail {inbound}",
    )
    if written is not None and view.choices:
        choices_store.show(desk.db, inbound, written)
