"""Announcements by mail: to all of a team, read by a word of reply, told to their author, asked about once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person, Team
from assistant.domain.views import Act
from assistant.domain.views_polls import AnnouncedView, BallotAct, ReadByView
from assistant.inbound.commands import Announce, Command, Seen
from assistant.inbound.reply import Segment
from assistant.render import Section
from assistant.store import people as people_store
from assistant.store import polls as store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.polls import Announcement
from assistant.store.timers import Timer
from assistant.workflows import outbox, prompting, teams
from assistant.workflows.desk import Desk, Do, Handler, Request

_DAYS = 2
"""Working days of the author until they hear who has read it."""
_PREFIX = "announced/"
_AGAIN = "again"


def act(what: str, names: Sequence[str] = (), number: int = 0, who: str = "", text: str = "") -> Act:
    return Act(what, family="announcing", view=BallotAct(number=number, names=tuple(names), who=who, text=text))


def _announce(desk: Desk, now: datetime, request: Request, said: Announce) -> list[Act]:
    """By who leads a team, to all the others in it."""
    person = request.person
    led = desk.setup.teams_led_by(person.address)
    if not led:
        leads = [desk.setup.teams[name].lead for name in person.teams]
        return [act("only-lead", [outbox.name_of(desk, lead) for lead in dict.fromkeys(leads) if lead])]
    team = teams.meant(desk, now, request, led, said.line)
    if isinstance(team, Act):
        return [team]
    made = store.add_announcement(desk.db, now, team.name, person.address, said.text.strip(), request.inbound)
    others = [each for each in teams.people(desk, team) if each.address != person.address]
    teams.tell(desk, now, "announced", made.key, others, str(made.id))
    _follow(desk, now, made.key, person)
    return [act("announced", (team.title,), len(others))]


def _follow(desk: Desk, now: datetime, what: str, author: Person) -> None:
    due = prompting.after_working_days(author, now, _DAYS)
    timers.put(desk.db, Timer(f"follow:{what}", due, "follow", f"{what}|{author.address}"))


def follow(desk: Desk, timer: Timer, now: datetime) -> None:
    """Its author hears who has read it; who has not is asked once more, unless they want no reminders."""
    what, _, author = timer.ref.partition("|")
    made, whom, _ = _about(desk, what)
    read = store.seen(desk.db, what)
    if author in desk.setup.people:
        teams.tell(desk, now, "read-by", what, [desk.setup.people[author]])
    unread = [p for p in whom if p.address not in {*read, author} and _takes_reminders(desk, p)]
    if made is not None:
        teams.tell(desk, now, "announced", f"{what}|{_AGAIN}", unread, f"{made.id}|{_AGAIN}")


def _takes_reminders(desk: Desk, person: Person) -> bool:
    return people_store.setting(desk.db, person.address, "reminders") != "0"


def _about(desk: Desk, what: str) -> tuple[Announcement | None, list[Person], Team | None]:
    """What was announced by mail, if it was, and to whom; else the answer of a lead who was asked for news."""
    number = what.removeprefix(_PREFIX)
    made = store.announcement(desk.db, int(number)) if what.startswith(_PREFIX) and number.isdecimal() else None
    occurrence = rounds_store.occurrence(desk.db, what) if made is None else None
    round_ = desk.setup.round_named(occurrence.parent) if occurrence is not None else None
    name = made.team if made is not None else round_.team if round_ is not None else ""
    team = desk.setup.teams.get(name)
    return made, teams.people(desk, team) if team is not None else [], team


def _what(desk: Desk, request: Request) -> str | None:
    """What the mail replied to announced."""
    mail = request.about
    if mail is None:
        return None
    if mail.occurrence.startswith(_PREFIX):
        return mail.occurrence
    occurrence = rounds_store.occurrence(desk.db, mail.occurrence) if "digest" in mail.kinds else None
    return mail.occurrence if occurrence is not None and occurrence.kind == "announcement" else None


def _seen(desk: Desk, now: datetime, request: Request, _: Seen) -> list[Act] | None:
    """Noted without a word; None where nothing was announced."""
    what = _what(desk, request)
    if what is None:
        return None
    _note(desk, now, what, request.person)
    return [Act("mailed")]


def _note(desk: Desk, now: datetime, what: str, person: Person) -> None:
    store.see(desk.db, now, what, person.address)
    _, _, team = _about(desk, what)
    told = "follow:" + what
    lead = desk.setup.people.get(team.lead or "") if team is not None else None
    first = len(store.seen(desk.db, what)) == 1
    if not what.startswith(_PREFIX) and lead is not None and first and not timers.keys(desk.db, told):
        _follow(desk, now, what, lead)


def heard(desk: Desk, now: datetime, request: Request, segments: Sequence[Segment]) -> list[Act]:
    """Other words in reply to an announcement: it was read, and they go no further."""
    what = _what(desk, request)
    if what is None or not any(segment.text.strip() for segment in segments):
        return []
    _note(desk, now, what, request.person)
    made, _, _ = _about(desk, what)
    return [act("heard", who=outbox.name_of(desk, made.author) if made is not None else "")]


def write_all(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    for timer in due:
        number, _, again = timer.ref.partition("|")
        made, reader = store.announcement(desk.db, int(number)), desk.setup.people.get(timer.person)
        if made is None or reader is None or (again and reader.address in store.seen(desk.db, made.key)):
            continue
        team = desk.setup.teams.get(made.team)
        author, title = outbox.name_of(desk, made.author), team.title if team is not None else made.team
        view = AnnouncedView(author, title, made.text, reader.local(made.at), reminder=bool(again))
        outbox.write(
            desk, now, reader, [Section("announced", view)], key=f"announced {timer.ref} {reader.address}",
            occurrence=made.key, thread=made.key, audience=audiences.team(made.team),
            because=f"announcement {made.id}",
        )  # fmt: skip


def write_readers(desk: Desk, due: Sequence[Timer], now: datetime) -> None:
    for timer in due:
        author = desk.setup.people.get(timer.person)
        made, whom, team = _about(desk, timer.ref)
        if author is None or team is None:
            continue
        read = store.seen(desk.db, timer.ref)
        others = [person for person in whom if person.address != author.address]
        view = ReadByView(
            team.title, made.text if made is not None else "", author.local(made.at if made is not None else now),
            tuple(person.name for person in others if person.address in read),
            tuple(person.name for person in others if person.address not in read), asked_again=made is not None,
        )  # fmt: skip
        outbox.write(
            desk, now, author, [Section("read-by", view)], key=f"read-by {timer.ref}", occurrence=timer.ref,
            thread=timer.ref, audience=audiences.person(author.address), because=f"announced {timer.ref}",
        )  # fmt: skip


COMMANDS: Mapping[type[Command], Do] = {Announce: _announce, Seen: _seen}
HANDLERS: Mapping[str, Handler] = {"follow": follow}
WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {
    "announced": write_all,
    "read-by": write_readers,
}
