"""Finding again: a search by mail, and answers kept for the next who asks. Never more than the asker may read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.records import Draft, RecordKind
from assistant.domain.views import Act
from assistant.domain.views_finding import FoundLine, FoundView
from assistant.inbound.commands import Command, KeepFaq, Search
from assistant.inbound.words.fold import fold
from assistant.render import Section
from assistant.store import between, records
from assistant.store import choices as choices_store
from assistant.store import search as store
from assistant.store.search import Entry
from assistant.workflows import choices, outbox
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Do, Request

SHOWN = 12
_LINES, _LEAST, _WIDTH = 40, 4, 400
"""So many lines of what was found make a mail; each entry gets its share, and at least a few short ones."""
_MOST_WORDS = 12
_EXCERPT = 60
_AMONG: Mapping[str, Sequence[str]] = {
    "done": ("done", "progress", "results"),
    "decisions": ("decision", "decisions"),
    "faq": ("faq",),
}
_ENTRY = "entry "


def find(desk: Desk, asker: Person, search: Search, limit: int = SHOWN) -> list[Entry]:
    """What the asker may read of what they look for, newest first; what another entry holds too is left out."""
    words = _words(search.words)
    if search.words.strip() and not words:
        return []  # signs alone
    about = _AMONG.get(search.among or "", ())
    person = {"me": asker.address, "us": None}.get(search.who or "us", search.who)
    weighty = [word for word in words if fold(word) not in _SMALL]
    for sought in (words, weighty) if weighty and weighty != words else (words,):
        found = store.find(
            desk.db,
            sought,
            readable(desk, asker),
            about=about,
            person=person,
            first=search.first,
            last=search.last,
            limit=2 * limit,
        )
        if found:
            break
    return _once(found)[:limit]


_SMALL_WORDS = (
    "the a an of to for in on der die das den dem des ein eine einen zu zur zum von vom mit im am le la les l un une du"
    " des de d el los las del al una il lo gli i dei della di o os as do da dos das um uma het een van voor"
)
_SMALL = frozenset(_SMALL_WORDS.split())
"""Left out where nothing has them as well: "what did we decide about the database"."""


def readable(desk: Desk, person: Person) -> frozenset[str]:
    """Every label under which they may read now."""
    return audiences.readable(person.address, desk.setup) | between.twos(desk.db, person.address)


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFC", text)
    return "".join(c if c.isalnum() else " " for c in letters).split()[:_MOST_WORDS]


def excerpt(text: str, looked_for: str, lines: int) -> str:
    """So much of a text around the first of the words; "…" stands for what is left out."""
    wanted = [word.casefold() for word in _words(looked_for)]
    every = [line if len(line) <= _WIDTH else _around(line, wanted) for line in text.strip().splitlines()]
    if len(every) <= lines:
        return "\n".join(every)
    hit = next((n for n, line in enumerate(every) if any(word in line.casefold() for word in wanted)), 0)
    first = max(0, min(hit - 1, len(every) - lines))
    shown = "\n".join(every[first : first + lines]).strip("\n")
    before, after = "…\n" if first else "", "\n…" if first + lines < len(every) else ""
    return f"{before}{shown}{after}"


def _around(line: str, wanted: Sequence[str]) -> str:
    at = min((place for word in wanted if (place := line.casefold().find(word)) >= 0), default=0)
    first = max(0, min(at - _WIDTH // 4, len(line) - _WIDTH))
    cut = line[first : first + _WIDTH].strip()
    return f"{'… ' if first else ''}{cut}{' …' if first + _WIDTH < len(line) else ''}"


def _once(found: Sequence[Entry]) -> list[Entry]:
    """A decision stands in the notes it was read from as well: the longer of two says both."""
    said = {entry.id: " ".join(entry.text.casefold().split()) for entry in found}
    held: dict[tuple[str, str, date], list[Entry]] = {}
    kept = set()
    for entry in sorted(found, key=lambda each: (-len(said[each.id]), each.id)):
        longer = held.setdefault((entry.person, entry.audience, entry.day), [])
        if entry.about == "faq" or not any(said[entry.id] in said[other.id] for other in longer):
            kept.add(entry.id)
            longer.append(entry)
    return [entry for entry in found if entry.id in kept]


def _search(desk: Desk, now: datetime, request: Request, search: Search) -> list[Act]:
    person = request.person
    entries = find(desk, person, search, SHOWN + 1)
    share = max(_LEAST, _LINES // max(1, len(entries)))
    view = FoundView(
        words=search.words,
        lines=tuple(_line(desk, person, entry, search.words, share) for entry in entries[:SHOWN]),
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


def _line(desk: Desk, reader: Person, entry: Entry, words: str, lines: int) -> FoundLine:
    who = outbox.name_of(desk, entry.person)
    shown = excerpt(entry.text, words, lines)
    return FoundLine(who, entry.day, entry.about, shown, mine=entry.person == reader.address)


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
