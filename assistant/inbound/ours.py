"""Our own words in somebody's reply, however mangled: no quote marks, other line breaks, links spelled out.

We know what we sent, so a quoted line of it needs no mark to be recognised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from assistant.inbound.lines import LOOK, Kind, Line
from assistant.inbound.phrases import fold

_WORD = re.compile(r"\w+")
_OFFERED = re.compile("[“„]([^”“„]{1,200})[”“]")
"""What our mails offer as something to reply."""
_COLON = re.compile(r"[:：](?=\s)")
"""What an example of ours stands behind."""
_LINK = re.compile(r"<[^<>\s]{1,2000}>|https?://\S+|\[cid:[^\]\s]{1,200}\]")
_SURE = 6
"""So many of our words in a row are not written by chance."""
_FEW = 3  # as many as `Sent` puts together
_PLACES = 8
_LONG = 2_000
"""Only so many characters of a line are compared."""


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    whole: bool
    """It is one or more whole lines of ours."""


class Sent:
    """The text of our mail, ready to find lines in."""

    def __init__(self, text: str) -> None:
        self._words: list[str] = []
        self._starts: set[int] = set()
        self._ends: set[int] = set()
        self._asks: set[int] = set()
        self._examples: set[int] = set()
        for line in fold(_without_links(text)).split("\n"):
            found = _WORD.findall(line[:_LONG])
            if found:
                self._starts.add(len(self._words))
                heads = (line[: colon.end()] for colon in islice(_COLON.finditer(line[:_LONG]), _PLACES))
                self._examples.update(len(self._words) + len(_WORD.findall(head)) for head in heads)
                self._words += found
                self._ends.add(len(self._words))
                if line.rstrip().endswith(("?", ":", "？", "：")):
                    self._asks.add(len(self._words))
        self._offered = {tuple(_WORD.findall(fold(words))) for words in _OFFERED.findall(text)}
        self._places: dict[tuple[str, ...], list[int]] = {}
        for place, few in enumerate(zip(self._words, self._words[1:], self._words[2:], strict=False)):
            known = self._places.get(few)
            if known is None:
                self._places[few] = [place]
            elif len(known) < _PLACES:
                known.append(place)

    def find(self, found: list[str], after: int | None) -> _Match | None:
        """Where these words stand in a row; a short line only right ``after`` the last match."""
        count = len(found)
        if after is not None and count and self._words[after : after + count] == found:
            return self._match(after, count)
        if count >= _FEW:
            for place in self._places.get(tuple(found[:_FEW]), ()):
                if self._words[place : place + count] == found:
                    return self._match(place, count)
        return None

    def _match(self, place: int, count: int) -> _Match:
        return _Match(place, place + count, place in self._starts and place + count in self._ends)

    def question_before(self, found: list[str]) -> int:
        """How many first words of a line are one whole asking line of ours with more text behind it; 0 for none."""
        for place in self._places.get(tuple(found[:_FEW]), ()) if len(found) > _FEW else ():
            if place not in self._starts:
                continue
            same = 0
            while place + same < len(self._words) and same < len(found) and self._words[place + same] == found[same]:
                same += 1
                if place + same in self._ends:
                    break
            if place + same in self._asks and same < len(found):
                return same
        return 0

    def before(self, found: list[str], following: _Match) -> _Match | None:
        """These words as whole lines right before a match."""
        place = following.start - len(found)
        whole = bool(found) and place in self._starts and following.start in self._starts
        return self._match(place, len(found)) if whole and self._words[place : following.start] == found else None

    def inside(self, match: _Match) -> bool:
        """Whether these words go on in the middle of a line of ours."""
        return match.start not in self._starts

    def offers(self, match: _Match) -> bool:
        """Whether these are the whole words of a reply that we offered."""
        return tuple(self._words[match.start : match.end]) in self._offered

    def shows(self, match: _Match) -> bool:
        """Whether they begin behind a colon within a line of ours: "For example: 4. 17 %, through the fairs."."""
        return match.start in self._examples

    def asks(self, match: _Match) -> bool:
        return match.end in self._asks


def _without_links(text: str) -> str:
    return _LINK.sub(" ", text) if "<" in text or "http" in text or "[cid:" in text else text


def _tokens(line: Line) -> list[str]:
    """The words of a line, folded."""
    text = line.text
    if "<" in text or "http" in text or "[cid:" in text or len(text) >= LOOK:
        return _WORD.findall(fold(_without_links(text[:_LONG])))
    return _WORD.findall(line.folded)


def mark_ours(lines: list[Line], sent: Sent, surely: bool) -> int:
    """Mark the lines that are ours; how many were.

    Where it is not ``surely`` the quoted mail, a line alone must be a question of ours or long: a person may answer
    with words we offered.
    """
    matches = _short_before(lines, sent, _in_order(lines, sent))
    marked = 0
    for place, (line, match) in enumerate(matches):
        beside = [matches[other][1] for other in (place - 1, place + 1) if 0 <= other < len(matches)]
        in_row = any(other.end == match.start or match.end == other.start for other in beside)
        theirs = sent.offers(match) or sent.shows(match)
        alone = (match.end - match.start >= _SURE and not theirs) or (match.whole and sent.asks(match))
        if surely or in_row or alone:
            line.cut(Kind.OURS, "text of the mail it answers")
            marked += 1
    return marked


def _in_order(lines: list[Line], sent: Sent) -> list[tuple[Line, _Match]]:
    """The lines found in our mail; ones of a word or two only where they follow the line before."""
    matches: list[tuple[Line, _Match]] = []
    after: int | None = None
    quoted = False  # the match before this line was in a quoted line
    for line in lines:
        if not line.text:
            continue
        if not line.new:
            if line.kind is Kind.QUOTE:
                match = sent.find(_tokens(line), after)
                after, quoted = (match.end, True) if match else (None, False)
            continue
        found = _tokens(line)
        match = sent.find(found, after) if found else None
        if match and quoted and sent.inside(match):
            line.cut(Kind.OURS, "end of a broken quoted line")
            after = match.end
            continue
        quoted = False
        if match is None:
            after = None
            split = sent.question_before(found)
            if split:
                _split(line, split)
            continue
        matches.append((line, match))
        after = match.end
    return matches


def _short_before(lines: list[Line], sent: Sent, matches: list[tuple[Line, _Match]]) -> list[tuple[Line, _Match]]:
    """The same with the short lines that stand right before one of them, here and in our mail ("Hi Ana,")."""
    known = {id(line): match for line, match in matches}
    following: _Match | None = None
    out: list[tuple[Line, _Match]] = []
    for line in reversed(lines):
        if not line.new:
            continue
        match = known.get(id(line))
        if match is None and following:
            match = sent.before(_tokens(line), following)
        if match:
            out.append((line, match))
        following = match
    return out[::-1]


def _split(line: Line, count: int) -> None:
    """Take our question off the front of a line that has the answer behind it."""
    place = 0
    for found in _WORD.finditer(line.text):
        count -= len(_WORD.findall(fold(found[0])))
        place = found.end()
        if count <= 0:
            break
    rest = line.text[place:].lstrip(" \t?:？：.)*_-–—")
    if rest:
        line.asked, line.text = line.text[: len(line.text) - len(rest)].strip(), rest
