"""The demo as static pages: inboxes, mails, calendars and the timeline, from the files of the data folder alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2

from assistant import config as configuration
from assistant.demo import letters as mailboxes
from assistant.demo.clients import Client, reply
from assistant.demo.dressing import Sender, catalogue
from assistant.demo.expectations import plain
from assistant.demo.letters import Letter, Letters
from assistant.demo.run import STORY
from assistant.demo.script import parts_of, read
from assistant.demo.weeks import Week, weeks
from assistant.domain.people import Person
from assistant.domain.setup import Setup

_HERE = Path(__file__).parent
_COLOURS = 8

Understood = Callable[[str], Mapping[str, str]]
"""From the Message-ID of a reply to what was stored of it, by question key."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reply meant, what was stored, and whether they are the same; ``stored`` is None where nobody looked."""

    key: str
    meant: str
    stored: str | None

    @property
    def same(self) -> bool:
        return self.stored is not None and plain(self.stored) == plain(self.meant)


def build(folder: Path, understood: Understood | None = None) -> Path:
    """Writes the pages into ``pages/`` of the data folder and returns the first of them.

    Needs ``config.yaml``, and takes what it finds of ``mail/``, ``calendars/`` and the story of the run.
    """
    book = _Book(folder, understood)
    out = folder / "pages"
    (out / "mail").mkdir(parents=True, exist_ok=True)
    (out / "style.css").write_bytes((_HERE / "site" / "style.css").read_bytes())
    for address, box in book.letters.boxes.items():
        book.write(out / f"inbox-{_key(address)}.html", "inbox", address=address, letters=box)
        for letter in box:
            book.write(out / "mail" / letter.page, "mail", letter=letter, root="../")
    for person in book.setup.people.values():
        shown = book.weeks_of(person)
        book.write(out / f"calendar-{_key(person.address)}.html", "calendar", person=person, weeks=shown)
    _write_reply(book, folder / "try" / "reply.eml")
    book.write(out / "timeline.html", "timeline", days=book.days())
    index = out / "index.html"
    book.write(index, "index", highlights=book.highlights(), curiosities=book.curiosities())
    return index


def _write_reply(book: _Book, path: Path) -> None:
    """A reply to the newest question that nobody answered, for a visitor to drop into the assistant's Maildir."""
    waiting = [letter for letter in book.sent() if letter.asks and not book.replies_to(letter)]
    if not waiting:
        return
    letter = waiting[-1]
    mail = message_from_bytes(letter.path.read_bytes(), policy=policy.default)
    words = read("team.yaml")["visitor"]
    text = "\n".join(f"{part.number}. {said}" for part, said in zip(parts_of(mail), words, strict=False))
    at = book.local(letter.at, letter.box) + timedelta(minutes=10)
    sender = Sender(book.name(letter.box), letter.box)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(reply(Client.THUNDERBIRD, to_mail=mail, sender=sender, text=text, now=at))


class _Book:
    """All that the pages show, and the functions that their templates call."""

    def __init__(self, folder: Path, understood: Understood | None) -> None:
        self.folder = folder
        self.setup: Setup = configuration.load(folder / "config.yaml").setup
        self.letters: Letters = mailboxes.load(folder)
        self.story: Mapping[str, Any] = _story(folder)
        self.expected = {each["message_id"]: each for each in self.story.get("expectations", [])}
        self._understood = understood
        self._names = mailboxes.names(self.letters)
        self._order = {address: number for number, address in enumerate(self.setup.people)}

    @cached_property
    def environment(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE / "site"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        environment.globals.update(
            book=self, setup=self.setup, assistant=self.setup.assistant, people=self.setup.people, key=_key, root=""
        )
        environment.filters.update(clock=_clock, day=_day, city=_city, program=program, groupby_day=self._by_day)
        return environment

    def write(self, path: Path, template: str, **context: object) -> None:
        path.write_text(self.environment.get_template(f"{template}.html.j2").render(context), encoding="utf-8")

    # --- people --------------------------------------------------------------------------------------------------

    def name(self, address: str) -> str:
        person = self.setup.person(address)
        if person is not None:
            return person.name
        return self.setup.assistant.name if self.is_assistant(address) else self._names.get(address, address)

    def is_assistant(self, address: str) -> bool:
        return address == self.setup.assistant.address

    def initials(self, address: str) -> str:
        return "".join(word[0] for word in self.name(address).split()[:2]).upper()

    def colour(self, address: str) -> int:
        """A number that stays with the person."""
        return self._order.get(address, -1) % _COLOURS + 1 if address in self._order else 0

    def local(self, at: datetime, address: str) -> datetime:
        person = self.setup.person(address)
        return at.astimezone(person.zone if person else self.setup.assistant.zone)

    def titles(self, person: Person) -> str:
        return ", ".join(self.setup.teams[team].title for team in person.teams)

    def programs(self, address: str) -> str:
        """The mail programs that a person was seen with."""
        by_hand = ("reply", "command", "correction")
        used = [e["client"] for e in self.expected.values() if e["sender"] == address and e["what"] in by_hand]
        return ", ".join(program(client) for client in dict.fromkeys(used))

    # --- mails ---------------------------------------------------------------------------------------------------

    def meanings(self, letter: Letter) -> Sequence[Meaning]:
        """Question by question what a reply meant and what was stored of it."""
        expected = self.expected.get(letter.message_id)
        meant = {path.rpartition("/")[2]: text for path, text in expected["answers"]} if expected else {}
        if self._understood is None:
            return [Meaning(key, text, None) for key, text in meant.items()]
        stored = {path.rpartition("/")[2]: text for path, text in self._understood(letter.message_id).items()}
        if expected is None:  # a visitor's reply: nobody wrote down what it means
            return [Meaning(key, text, None) for key, text in stored.items()]
        return [Meaning(key, meant.get(key, ""), stored.get(key, "")) for key in {**meant, **stored}]

    def what(self, letter: Letter) -> str:
        """Of a reply: "reply", "correction", "bounce" and so on; "" where the story does not know it."""
        expected = self.expected.get(letter.message_id)
        return str(expected["what"]) if expected else ""

    def client(self, letter: Letter) -> str:
        expected = self.expected.get(letter.message_id)
        return program(str(expected["client"])) if expected else ""

    def preview(self, letter: Letter) -> str:
        """What a list of mails shows beside the subject: of a known reply the words themselves."""
        expected = self.expected.get(letter.message_id)
        said = " · ".join(plain(text) for _, text in expected["answers"]) if expected else ""
        return said or letter.first_line

    def original(self, letter: Letter) -> Letter | None:
        return self.letters.by_id.get(letter.answers_to)

    def replies_to(self, letter: Letter) -> Sequence[Letter]:
        return self.letters.replies.get(letter.message_id, ())

    def count(self, *whats: str) -> int:
        return sum(each["what"] in whats for each in self.expected.values())

    def sent(self) -> Sequence[Letter]:
        """Every mail of the assistant, oldest first."""
        own = [letter for box in self.letters.boxes.values() for letter in box if self.is_assistant(letter.sender)]
        return sorted(own, key=lambda letter: letter.at)

    def highlights(self) -> Sequence[tuple[str, Letter]]:
        """A mail of each kind worth opening: alone in its mail, in the assistant's language, and the fullest."""
        best: dict[str, Letter] = {}
        for letter in self.sent():
            for kind in letter.kinds:
                if kind not in best or self._worth(letter) > self._worth(best[kind]):
                    best[kind] = letter
        shown: dict[str, tuple[str, Letter]] = {}
        for kind, letter in best.items():
            kinds = f"{shown[letter.page][0]}, {kind}" if letter.page in shown else kind
            shown[letter.page] = (kinds, letter)
        return list(shown.values())

    def _worth(self, letter: Letter) -> tuple[bool, bool, int]:
        person = self.setup.person(letter.box)
        same = person is not None and person.language == self.setup.assistant.language
        return len(letter.kinds) == 1, same, len(letter.text)

    def curiosities(self) -> Sequence[Letter]:
        """What came back, one of each sort and of each mail program, oldest first."""
        found: dict[tuple[str, str], Letter] = {}
        for letter in reversed(self.letters.boxes.get(self.setup.assistant.address, [])):
            what = self.what(letter)
            if what:
                found.setdefault((what, self.client(letter) if what == "reply" else ""), letter)
        return sorted(found.values(), key=lambda letter: (self.what(letter) == "reply", letter.at))

    def instant(self, name: str) -> datetime:
        """The start or end of the story, where there is one."""
        return datetime.fromisoformat(self.story[name]).astimezone(self.setup.assistant.zone)

    # --- time ----------------------------------------------------------------------------------------------------

    def weeks_of(self, person: Person) -> list[Week]:
        """The weeks of the story, and the one after it."""
        times = [letter.at for box in self.letters.boxes.values() for letter in box]
        start = _instant(self.story.get("start")) or min(times, default=None)
        end = _instant(self.story.get("end")) or max(times, default=None)
        if start is None or end is None:
            return []
        folder = self.folder / "calendars" / person.address
        # Half a day later, so that a story from Monday's first hours does not begin on somebody's Sunday.
        first = person.local(start + timedelta(hours=12)).date()
        last = person.local(end).date() + timedelta(days=2)
        adopted = {series.title for series in self.setup.series if series.adopt and series.title}
        return weeks(folder, person, self.setup.assistant.address, first, last, adopted)

    def days(self) -> Sequence[tuple[datetime, Sequence[Mapping[str, Any]]]]:
        """The moments of the story by day of the assistant's zone, each with the page it leads to."""
        by_day: dict[str, tuple[datetime, list[Mapping[str, Any]]]] = {}
        pages = {(letter.box, letter.subject, letter.kinds): letter.page for letter in self.sent()}
        for moment in self.story.get("moments", []):
            at = datetime.fromisoformat(moment["at"]).astimezone(self.setup.assistant.zone)
            page = self._page(moment, pages)
            by_day.setdefault(f"{at:%F}", (at, []))[1].append({**moment, "at": at, "page": page})
        return list(by_day.values())

    def _by_day(self, letters: Sequence[Letter], address: str) -> Sequence[tuple[str, Sequence[Letter]]]:
        days: dict[str, list[Letter]] = {}
        for letter in letters:
            at = self.local(letter.at, address)
            days.setdefault(f"{at:%A} {at.day} {at:%B}", []).append(letter)
        return list(days.items())

    def _page(self, moment: Mapping[str, Any], pages: Mapping[tuple[str, str, tuple[str, ...]], str]) -> str | None:
        if moment["message_id"]:
            letter = self.letters.by_id.get(moment["message_id"])
            return letter.page if letter else None
        kinds = tuple(kind for kind in moment["kind"].split(", ") if kind)
        return pages.get((moment["who"][0], moment["about"], kinds)) if moment["who"] else None


def program(client: str) -> str:
    """A mail program's name as people know it."""
    return str(catalogue()["clients"].get(client, {}).get("title", client))


def _story(folder: Path) -> Mapping[str, Any]:
    path = folder / STORY
    story: Mapping[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return story


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _key(address: str) -> str:
    """The part of an address that names its pages."""
    return "".join(letter if letter.isalnum() or letter in "-._" else "-" for letter in address.replace("@", "-"))


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _day(at: date) -> str:
    return f"{at:%a} {at.day} {at:%b}"


def _city(person: Person) -> str:
    return person.zone.key.rpartition("/")[2].replace("_", " ")
