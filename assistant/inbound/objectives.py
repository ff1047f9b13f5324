"""A draft of objectives in plain words: "I will … as measured by …", or an objective with a list below it; and what
improves a draft: "KR2: …", "drop KR3", "weights 50 30 20", "supports O4", "publish".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from assistant.domain.goals import Label
from assistant.inbound import figures, measures
from assistant.inbound.courtesy import without_courtesy
from assistant.inbound.measures import Extras, ResultRead, World
from assistant.inbound.nothing import is_nothing
from assistant.inbound.points import Row, parse
from assistant.inbound.words.fold import Lexicon, tokens, words

MAX_LINES, MAX_OBJECTIVES, MAX_RESULTS = 200, 8, 12
_MAX_LINE = 1_000


@dataclass(frozen=True, slots=True)
class ObjectiveRead:
    """``parent`` is the number of the objective that it serves; ``every`` its rhythm of updates in weeks."""

    text: str
    results: tuple[ResultRead, ...] = ()
    parent: int | None = None
    every: int | None = None


@dataclass(frozen=True, slots=True)
class DraftRead:
    """Whole objectives, and changes to the ones that are there; key results by their number.

    ``added`` belong to the newest objective. ``weights`` are for its key results in order. ``rest`` are lines that
    say nothing we know.
    """

    objectives: tuple[ObjectiveRead, ...] = ()
    added: tuple[ResultRead, ...] = ()
    rewritten: dict[int, ResultRead] = field(default_factory=dict)
    changed: dict[int, Extras] = field(default_factory=dict)
    dropped: tuple[int, ...] = ()
    weights: tuple[float, ...] = ()
    parent: int | None = None
    every: int | None = None
    publish: bool = False
    rest: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return self == DraftRead(rest=self.rest)


@dataclass(slots=True)
class _Open:
    """The objective that is being read."""

    text: str
    label: Label | None
    meant: bool
    """It says that it is one; other lines are only taken for one where key results follow."""
    results: list[ResultRead] = field(default_factory=list)
    bulleted: bool = False
    parent: int | None = None
    every: int | None = None

    def closed(self) -> ObjectiveRead:
        results = tuple(replace(r, label=r.label or self.label or Label.ROOFSHOT) for r in self.results)
        return ObjectiveRead(self.text, results, self.parent, self.every)


@dataclass(slots=True)
class _Reader:
    world: World
    found: list[_Open] = field(default_factory=list)
    draft: DraftRead = field(default_factory=DraftRead)

    def row(self, row: Row) -> None:
        body = row.body.strip()[:_MAX_LINE]
        if self._edit(body) or is_nothing(body):
            return
        head, wanted = _labelled_objective(body)
        will = measured_by(head)
        if wanted or will is not None or _says_will(body):
            self._objective(*(will or (head, "")), meant=True)
        elif _is_heading(body):
            return
        elif row.marked or self._goes_on(row) or (not self.found and _has_figure(body, self.world.language)):
            self._result(body)
            for objective in self.found[-1:]:
                objective.bulleted = row.marked
        else:
            self._objective(body, "", meant=False)

    def _goes_on(self, row: Row) -> bool:
        """Below an objective: another line of its list. Apart from a list with bullets, it is none of it."""
        if not self.found or (row.blank_before and self.found[-1].bulleted):
            return False
        return bool(self.found[-1].results) or row.indent > 0

    def _objective(self, text: str, listed: str, *, meant: bool) -> None:
        if len(self.found) >= MAX_OBJECTIVES:
            return
        plain, extras = measures.split(text, self.world)
        self.found.append(_Open(_sentence(_without_will(plain)), extras.label, meant))
        for piece in _pieces(listed):
            self._result(piece)

    def _result(self, text: str) -> None:
        read = measures.read(text, self.world)
        if not self.found:
            if len(self.draft.added) < MAX_RESULTS:
                self.draft = replace(self.draft, added=(*self.draft.added, read))
        elif len(self.found[-1].results) < MAX_RESULTS:
            self.found[-1].results.append(read)

    def _edit(self, body: str) -> bool:
        """One line that changes what is there already."""
        said = words(body)
        phrase = " ".join(said)
        if phrase in RIGHT or (set(said) & PUBLISH and set(said) <= PUBLISH | _AROUND_PUBLISH):
            self.draft = replace(self.draft, publish=True)
        elif said[:1] and said[0] in SUPPORTS and len(said) <= 4 and (numbers := _codes(said, "o")):
            self._link(numbers[0])
        elif phrase in RHYTHMS:
            self._rhythm(RHYTHMS[phrase])
        elif said[:1] and said[0] in WEIGHTS and (shares := _shares(body)):
            self.draft = replace(self.draft, weights=shares)
        elif said[:1] and (said[0] in DROP or said[-1] in DROP) and (numbers := _codes(said, "kr")):
            self.draft = replace(self.draft, dropped=(*self.draft.dropped, *numbers))
        else:
            return self._about_result(body, said)
        return True

    def _link(self, number: int) -> None:
        if self.found:
            self.found[-1].parent = number
        else:
            self.draft = replace(self.draft, parent=number)

    def _rhythm(self, weeks: int) -> None:
        if self.found:
            self.found[-1].every = weeks
        else:
            self.draft = replace(self.draft, every=weeks)

    def _about_result(self, body: str, said: Sequence[str]) -> bool:
        """ "KR2: …" says it anew, "KR2 weight 40", "KR2 Sam" and "Lee owns KR1, Sam KR3" change one thing.

        Below an objective of the same mail it is simply its next key result.
        """
        if not _codes(said, "kr"):
            return False
        if self.found:
            if _codes(said[:2], "kr"):
                self._result(_after_code(body))
            return bool(_codes(said[:2], "kr"))
        pieces = _by_code(body)
        if len(pieces) > 1 and all(map(self._changes_one, pieces)):
            return True
        return self._changes_one(body) or self._says_anew(body)

    def _changes_one(self, piece: str) -> bool:
        """Whose it is, what it weighs, its label, what it needs; and no other word."""
        said = words(piece)
        (number, *more) = _codes(said, "kr") or (0,)
        if not number or more:
            return False
        rest = _without_code(piece) if _codes(said[:2], "kr") else ""
        left, extras = measures.split(f", {rest.lstrip(' :,-–')}", self.world)
        if not rest or left.strip(" ,") or extras.empty:
            place = said.index("kr")
            owner = measures.owner([w for w in (*said[:place], *said[place + 2 :]) if w not in _OWNING], self.world)
            if owner is None:
                return False
            extras = Extras(owners=(owner,))
        before = self.draft.changed.get(number, Extras())
        self.draft.changed[number] = before.and_(extras)
        return True

    def _says_anew(self, body: str) -> bool:
        numbers, rest = _codes(words(body)[:2], "kr"), _after_code(body)
        if not numbers:
            return False
        if rest.strip(" :-–"):
            self.draft.rewritten[numbers[0]] = measures.read(rest.lstrip(" :.)-–"), self.world)
        return True


def _by_code(body: str) -> list[str]:
    """ "KR2 Tom, KR3 Ana" and "Lee owns KR1 and Sam KR3": a piece for each key result that is named."""
    pieces = [
        piece for part in body.replace(" and ", ",").replace(" und ", ",").split(",") for piece in part.split(";")
    ]
    found: list[str] = []
    for piece in pieces:
        if _codes(words(piece), "kr") or not found:
            found.append(piece.strip())
        else:
            found[-1] += f", {piece.strip()}"
    return found


def read(text: str, world: World) -> DraftRead:
    """Never fails and is linear in the text."""
    reader = _Reader(world)
    rows = parse(without_courtesy(text))[:MAX_LINES]
    names = {said for person in world.people for said in (words(person.name), words(person.first_name))}
    while rows and not rows[-1].marked and words(rows[-1].body) in names:
        rows.pop()  # who signs a mail adds no key result
    for row in rows:
        reader.row(row)
    kept = tuple(each.closed() for each in reader.found if each.meant or each.results)
    stray = tuple(each.text for each in reader.found if not (each.meant or each.results))
    return replace(reader.draft, objectives=kept, rest=stray)


def measured_by(text: str) -> tuple[str, str] | None:
    """What stands before and after "as measured by"."""
    found = [token for token in tokens(text) if token.is_word]
    folded = [token.folded for token in found]
    for place in range(len(found)):
        match = _MEASURED.match(folded, place)
        if match is not None:
            return text[: found[place].start].rstrip(" ,;:-–"), text[found[place + match[1] - 1].end :].lstrip(" :,")
    return None


def _labelled_objective(body: str) -> tuple[str, bool]:
    """ "Objective: …", "Ziel 2: …", "O1: …"."""
    head, colon, tail = body.partition(":")
    said = [word for word in words(head) if not word.isdecimal()]
    if colon and len(said) == 1 and said[0] in OBJECTIVE and tail.strip():
        return tail.strip(" *_"), True
    return body, False


def _says_will(body: str) -> bool:
    return " ".join(words(body)[:2]) in WILL


def _without_will(text: str) -> str:
    if not _says_will(text):
        return text
    second = [token for token in tokens(text[:80]) if token.is_word][1]
    return text[second.end :].strip()


def _sentence(text: str) -> str:
    plain = " ".join(text.split()).strip(" ,;:-–—*_.")
    return plain[:1].upper() + plain[1:]


def _is_heading(body: str) -> bool:
    """ "Key results:" says nothing by itself."""
    return body.rstrip(" *_").endswith(":") and len(words(body)) <= 4


def _pieces(listed: str) -> list[str]:
    """ "signups 4.2k, churn under 3 % and 12 interviews": one for each figure, cut at commas and semicolons.

    What stands in brackets, and the commas of numbers, cut nothing.
    """
    pieces, depth, begin = [], 0, 0
    for place, letter in enumerate(listed):
        depth += (letter == "(") - (letter == ")")
        if letter in ",;" and depth <= 0 and listed[place + 1 : place + 2] in ("", " ", "\n"):
            pieces.append(listed[begin:place])
            begin = place + 1
    pieces.append(listed[begin:])
    cut = [half for piece in pieces for half in _halves(piece)]
    return [piece.strip(" .") for piece in cut if piece.strip(" .")]


def _halves(piece: str) -> list[str]:
    """Cut at "and" where both sides have a figure."""
    for word in (" and ", " und "):
        left, found, right = piece.partition(word)
        if found and figures.find(left, "en") and figures.find(right, "en"):
            return [left, right]
    return [piece.strip().removeprefix("and ").removeprefix("und ")]


def _has_figure(body: str, language: str) -> bool:
    return bool(figures.find(body, language))


def _shares(body: str) -> tuple[float, ...]:
    found = [figure.value for figure in figures.find(body.replace("/", " ").replace(",", " "), "en")]
    return tuple(found) if len(found) > 1 and all(0 <= value <= 100 for value in found) else ()


def _codes(said: Sequence[str], letters: str) -> list[int]:
    """The numbers of "KR2", "kr 2", "O12": letters and digits are words of their own."""
    return [
        int(number) for word, number in pairwise(said) if word == letters and number.isdecimal() and len(number) <= 6
    ]


def _without_code(body: str) -> str:
    return _after_code(body).strip()


def _after_code(body: str) -> str:
    number = next(token for token in tokens(body) if token.folded.isdecimal())
    return body[number.end :]


OBJECTIVE = frozenset({"objective", "objectives", "goal", "ziel", "ziele", "o", "objectif", "objetivo", "doel"})
WILL = frozenset({"i will", "we will", "ich werde", "wir werden", "ich will", "wir wollen"})
PUBLISH = frozenset(
    {"publish", "veroffentlichen", "veroffentliche", "publizieren", "publiziere", "publier", "publicar"}
)  # fmt: skip
_AROUND_PUBLISH = frozenset(
    {
        *("please", "it", "them", "this", "all", "now", "the", "goals", "looks", "look", "good", "great", "fine", "ok"),
        *("okay", "yes", "perfect", "and", "bitte", "es", "sie", "das", "die", "den", "entwurf", "ziele", "jetzt"),
        *("so", "gut", "passt", "ja", "super", "perfekt", "sieht", "aus", "und", "alle", "alles"),
    }
)
RIGHT = frozenset(
    {
        *("go live", "yes", "yes it is", "right", "right as it is", "correct"),
        *(
            "ja",
            "ja stimmt",
            "ja stimmt so",
            "ja passt",
            "stimmt",
            "stimmt so",
            "passt",
            "passt so",
            "so ist es richtig",
        ),
    }
)
"""Answers "right as it is?"."""
_OWNING = frozenset(
    {
        *("own", "owns", "takes", "has", "does", "gets", "give", "gives", "to", "goes", "is", "owner", "for", "by"),
        *("on", "please", "assign", "belongs", "with", "the", "and", "ubernimmt", "bekommt", "hat", "macht", "gib"),
        *("gibt", "an", "geht", "ist", "gehort", "bei", "von", "fur", "bitte", "und", "verantwortlich", "zu"),
        *("verantwortet", "ubergib"),
    }
)
SUPPORTS = frozenset(
    {"supports", "support", "serves", "for", "aligned", "under", "unterstutzt", "fur", "zahlt", "dient"}
)
DROP = frozenset({"drop", "without", "remove", "delete", "streiche", "ohne", "raus", "weg", "losche"})
WEIGHTS = frozenset({"weights", "weight", "gewichte", "gewichtung", "gewicht"})
RHYTHMS = {
    **dict.fromkeys(("every week", "weekly", "jede woche", "wochentlich"), 1),
    **dict.fromkeys(("every 2 weeks", "every two weeks", "fortnightly", "alle 2 wochen", "alle zwei wochen"), 2),
    **dict.fromkeys(("every 3 weeks", "alle 3 wochen"), 3),
    **dict.fromkeys(("every month", "monthly", "every 4 weeks", "jeden monat", "monatlich", "alle 4 wochen"), 4),
}
_MEASURED = Lexicon(
    (phrase, True)
    for phrase in (
        "as measured by", "measured by", "which is measured by", "gemessen an", "gemessen durch", "gemessen daran",
        "messbar an", "mesuré par", "medido por", "misurato da", "gemeten aan",
    )
)  # fmt: skip
