"""Finding again: a search by mail, and answers kept for the next who asks. Never more than the asker may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.records import Draft, RecordKind
from assistant.domain.views import Act
from assistant.domain.views_finding import FoundLine, FoundView
from assistant.inbound.commands import Command, KeepFaq, Search
from assistant.render import Section
from assistant.store import choices as choices_store
from assistant.store import records
from assistant.store import search as store
from assistant.store.search import Entry
from assistant.workflows import choices, outbox
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Do, Request

SHOWN = 12
_MOST_WORDS = 12
_EXCERPT = 60
_AMONG: Mapping[str, Sequence[str]] = {
    "done": ("done", "progress", "results"),
    "decisions": ("decision", "decisions"),
    "faq": ("faq",),
}
_ENTRY = "entry "


def find(desk: Desk, asker: Person, search: Search, limit: int = SHOWN) -> list[Entry]:
    """What the asker may read of what they look for, newest first."""
    words = "".join(c if c.isalnum() else " " for c in search.words).split()[:_MOST_WORDS]
    readable = audiences.readable(asker.address, desk.setup)
    about = _AMONG.get(search.among or "", ())
    person = {"me": asker.address, "us": None}.get(search.who or "us", search.who)
    return store.find(
        desk.db, words, readable, about=about, person=person, first=search.first, last=search.last, limit=limit
    )


def _search(desk: Desk, now: datetime, request: Request, search: Search) -> list[Act]:
    person = request.person
    entries = find(desk, person, search, SHOWN + 1)
    view = FoundView(
        words=search.words,
        lines=tuple(_line(desk, person, entry) for entry in entries[:SHOWN]),
        more=len(entries) > SHOWN,
        among=search.among or "",
        who=outbox.name_of(desk, search.who) if search.who and "@" in search.who else "",
        first=search.first,
        last=search.last,
    )
    mail = outbox.write(
        desk,
        now,
        person,
        [Section("found", view)],
        key=f"found {request.inbound} {search.line}",
        occurrence=f"inbound {request.inbound}",
        thread=f"inbound {request.inbound}",
        audience=audiences.person(person.address),
        because=f"your mail {request.inbound}",
    )
    if mail is not None and entries:
        lines = [("keep as faq", f"{_ENTRY}{entry.id}") for entry in entries[:SHOWN]]
        choices_store.offer(desk.db, now, person.address, None, lines, mail)
    return [Act("mailed")]


def _line(desk: Desk, reader: Person, entry: Entry) -> FoundLine:
    who = outbox.name_of(desk, entry.person)
    return FoundLine(who, entry.day, entry.about, entry.text, mine=entry.person == reader.address)


def _keep(desk: Desk, now: datetime, request: Request, keep: KeepFaq) -> list[Act]:
    """The answer chosen by number, or the only one that the mail replied to found; its readers stay the same."""
    person, entry = request.person, None
    if request.context.startswith(_ENTRY):
        entry = store.entry(desk.db, int(request.context.removeprefix(_ENTRY)))
    elif request.about is not None:
        offered = [
            c for _, c in choices_store.offered(desk.db, person.address, request.about.id) if c.startswith(_ENTRY)
        ]
        found = [store.entry(desk.db, int(context.removeprefix(_ENTRY))) for context in offered]
        entries = [each for each in found if each is not None]
        if len(entries) > 1:
            return [choices.offer(desk, now, request, [_option(keep, each) for each in entries])]
        entry = entries[0] if entries else None
    if entry is None or not audiences.may_read(entry.audience, person.address, desk.setup):
        return [Act("nothing-to-keep", family="finding")]
    text = f"{keep.text}\n{entry.text}" if keep.text else entry.text
    records.add(
        desk.db, now, Draft(RecordKind.FAQ, text), owner=person.address, author=entry.person,
        audience=entry.audience, context="faq", occurrence="", inbound=request.inbound,
    )  # fmt: skip
    return [Act("kept", family="finding", text=entry.text)]


def _option(keep: KeepFaq, entry: Entry) -> Option:
    line = " ".join(entry.text.split())
    excerpt = line if len(line) <= _EXCERPT else line[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    return Option(excerpt, keep.line, f"{_ENTRY}{entry.id}")


COMMANDS: Mapping[type[Command], Do] = {Search: _search, KeepFaq: _keep}
