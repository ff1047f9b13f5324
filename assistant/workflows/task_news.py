"""Mails about one task, in its thread: it was given to somebody, something was said of it, others wait for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person, next_working, resolve
from assistant.domain.tasks import Status, Task, waiting
from assistant.domain.views import Act
from assistant.domain.views_tasks import TaskAct
from assistant.inbound.courtesy import without_courtesy
from assistant.inbound.reply import Segment
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import tasks as store
from assistant.store import timers
from assistant.store.outbox import Mail
from assistant.store.timers import Timer
from assistant.workflows import outbox, task_book
from assistant.workflows.desk import Desk, Handler

THREAD = "task:"
_MORNING = time(9)
_DAY = timedelta(days=1)
FAMILY = "tasks"


def act(what: str, task: Task | None = None, **more: object) -> Act:
    view = TaskAct(task.id, task.text, due=task.due, again=bool(task.rule)) if task is not None else TaskAct()
    values = {name: getattr(view, name) for name in TaskAct.__slots__} | more
    return Act(what, family=FAMILY, view=TaskAct(**values))


def about(mail: Mail | None) -> int | None:
    """The task whose thread a mail is in."""
    number = mail.occurrence.removeprefix(THREAD) if mail is not None and mail.occurrence.startswith(THREAD) else ""
    return int(number) if number.isdecimal() else None


def tell(
    desk: Desk, now: datetime, address: str | None, what: str, task: Task, key: str, *, by: str = "", text: str = ""
) -> bool:
    """Write to somebody about a task, at their next working moment; never to who may not see it."""
    person = desk.setup.people.get(address or "")
    if person is None or not task_book.may_see(desk.setup, task, person.address):
        return False
    absences = people_store.absences(desk.db, person.address, person.local(now).date())
    moment = next_working(person, now, absences)
    section = Section("task", task_book.view(desk, now, task, person, what, by, text))
    return _write(desk, now, person, section, task, key, moment) is not None


def _write(
    desk: Desk, now: datetime, person: Person, section: Section, task: Task, key: str, moment: datetime | None
) -> int | None:
    shared = audiences.may_read(task.audience, person.address, desk.setup)
    return outbox.write(
        desk,
        now,
        person,
        [section],
        key=f"task {task.id} {key} {person.address}",
        occurrence=f"{THREAD}{task.id}",
        thread=f"{THREAD}{task.id}",
        audience=task.audience if shared else audiences.person(person.address),
        because=f"task {task.id}",
        not_before=None if moment is None or moment <= now else moment,
    )


def show(desk: Desk, now: datetime, person: Person, task: Task, inbound: int) -> None:
    """All about it, to who asked."""
    section = Section("task", task_book.view(desk, now, task, person, "asked", full=True))
    _write(desk, now, person, section, task, f"asked {inbound}", None)


def look(desk: Desk, now: datetime, task: Task, by: str = "", *, at_once: bool = False) -> None:
    """Where it holds up others, its owner and its lead hear of it, once; where it may come to, we look again then.

    ``by`` has just said so and needs no mail; ``at_once``: somebody named it as what they wait for.
    """
    key = f"task-late:{task.id}"
    held = store.waiting_for(desk.db, task.id) if task.is_open else []
    owner = desk.setup.people.get(task.owner)
    if not held or owner is None:
        timers.drop(desk.db, key)
        return
    early = any(other.due is not None and task.due is not None and other.due < task.due for other in held)
    others = any(other.owner != task.owner for other in held)
    if at_once or early or task.status is Status.BLOCKED or task.is_overdue(owner.local(now).date()):
        for address in dict.fromkeys((task.owner, task_book.lead_of(desk.setup, task)) if others else ()):
            if address != by:
                tell(desk, now, address, "holds", task, "holds", by=by)
    elif task.due is not None:
        timers.put(desk.db, Timer(key, resolve(task.due + _DAY, _MORNING, owner.zone), "task-late", str(task.id)))


def _late(desk: Desk, timer: Timer, now: datetime) -> None:
    task = store.by_id(desk.db, int(timer.ref))
    if task is not None:
        look(desk, now, task)


def freed(desk: Desk, now: datetime, task: Task, by: str) -> None:
    """What waited for a task that is done can begin: its owner hears of it, if somebody else did it."""
    for other in store.waiting_for(desk.db, task.id):
        open_ = [each for each in waiting(other, store.by_ids(desk.db, other.after)) if each.id != task.id]
        if open_:
            continue
        if other.status is Status.BLOCKED and not other.reason:
            store.set_(desk.db, other.id, status=Status.TODO.value)
        if other.owner != by:
            tell(desk, now, other.owner, "free", store.by_id(desk.db, other.id) or other, f"free {task.id}", by=by)


def comment(
    desk: Desk, now: datetime, person: Person, inbound: int, mail: Mail, segments: Sequence[Segment]
) -> list[Act]:
    """A reply in a task's thread that is no command is a comment; owner and author, and who said something, read it."""
    number = about(mail)
    task = store.by_id(desk.db, number) if number is not None else None
    said = without_courtesy("\n".join(segment.text for segment in segments), people=[person]).strip()
    if task is None or not task_book.may_see(desk.setup, task, person.address):
        return []
    if not said:
        return [Act("mailed")]  # a word of thanks needs no answer
    known = store.commented(desk.db, task.id)
    store.note(desk.db, now, task.id, said, person.address, inbound)
    readers = dict.fromkeys((task.owner, task.author, *sorted(known)))
    told = [
        tell(desk, now, address, "comment", task, f"comment {inbound}", by=person.address, text=said)
        for address in readers
        if address != person.address
    ]
    return [Act("mailed") if any(told) else act("noted", task)]


HANDLERS: Mapping[str, Handler] = {"task-late": _late}
