"""How words are set: dates and lists in a language, lines wrapped at 72 columns, and people's text made harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import TypeVar, cast

from markupsafe import Markup

WIDTH = 72
_NEAR = 6
"""Days within which a weekday alone names a day."""

_MONEY = "€$£¥"
_LINE, _LONG, _LINES = 400, 4000, 80
_WHOLE = {
    ("AnswerView", "text"),
    ("FoundLine", "text"),
    ("Understood", "text"),
    ("ReceiptView", "unclear"),
    ("TaskView", "text"),
}
"""The fields that keep their line breaks; any other text is set on one line, so it cannot pose as a line of ours."""

# Controls, zero-width and bidirectional marks, tags and lone surrogates: invisible, and able to disguise a text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"\n{3,}")
_PERCENT = re.compile(r"(?<=\d) (?=%)")
_BULLET = re.compile(r"(?:[-*+•–—·]|\d{1,2}[.)])[ \t]+")

T = TypeVar("T")


def one_line(text: str, limit: int = _LINE) -> str:
    """Hidden characters out, every run of white space one space, cut at ``limit``."""
    line = " ".join((text if text.isprintable() else _HIDDEN.sub("", text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def whole(text: str) -> str:
    """As it was written, line by line, without hidden characters and within limits."""
    clipped = text[:_LONG]
    lines = [_HIDDEN.sub("", line).rstrip().expandtabs(4) for line in clipped.strip().splitlines()]
    cut = len(clipped) < len(text) or len(lines) > _LINES
    return "\n".join(lines[:_LINES]) + (" …" if cut else "")


@cache
def _fields(cls: type) -> tuple[tuple[str, bool], ...] | None:
    """A view's fields in order, each with whether it keeps its lines; None for what is no view."""
    if not is_dataclass(cls):
        return None
    return tuple((field.name, (cls.__name__, field.name) in _WHOLE) for field in fields(cls))


def safe(value: T) -> T:
    """The view with every text in it made harmless, so that no template can forget to."""
    return cast(T, _safe(value, False))


def _safe(value: object, keep_lines: bool) -> object:
    if isinstance(value, str):
        return whole(value) if keep_lines else one_line(value)
    if isinstance(value, tuple):
        return tuple([_safe(item, keep_lines) for item in value])
    cls: type = type(value)
    known = _fields(cls)
    return value if known is None else cls(*[_safe(getattr(value, name), keep) for name, keep in known])


def tidy(text: str) -> str:
    return _BLANKS.sub("\n\n", text).strip("\n")


def fill(text: str, first: str = "", rest: str = "") -> str:
    """One paragraph at 72 columns; ``first`` and ``rest`` begin its lines. Words are never broken, nor is "45 %"."""
    lines, line, empty = [], first, True
    for word in _words(text):
        if not empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, empty = rest, True
        line, empty = (line + word) if empty else f"{line} {word}", False
    lines.append(line)
    return "\n".join(lines)


def unbroken(html: str) -> str:
    """The same in HTML: "45 %" stays on one line."""
    return _PERCENT.sub("\u00a0", html)


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in text.split():
        if word[0] == "%" and found and found[-1][-1].isdecimal():
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def indent(text: str, first: str = "", rest: str = "") -> str:
    """People's own lines, each kept, set off by ``rest``; one too long goes on under its own beginning.

    Lines laid out with spaces (tables, code) are left as they are.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        begin = first if not lines else rest
        body = line.lstrip(" ")
        margin = line[: len(line) - len(body)]
        if len(begin) + len(line) <= WIDTH or "   " in body:
            lines.append(begin + line)
            continue
        bullet = _BULLET.match(body)
        mark = bullet.group() if bullet else ""
        lines.append(fill(body[len(mark) :], begin + margin + mark, rest + margin + " " * len(mark)))
    return "\n".join(lines)


def breaker(links: Mapping[str, str]) -> Callable[[str], Markup]:
    """The filter that sets people's own lines for HTML: one block each, bullets hanging, leading spaces kept.

    ``links`` is where a number leads, by what stands before it; {} stands for the number.
    """
    marks = "|".join(re.escape(mark) for mark in sorted(links, key=len, reverse=True))
    reference = re.compile(rf"(?<!\w)({marks})([0-9]{{1,9}})(?!\w)") if links else None

    def linked(body: str) -> Markup:
        done, after = Markup(), 0
        for found in reference.finditer(body) if reference is not None else ():
            target = links[found[1]].replace("{}", found[2])
            done += Markup('{}<a href="{}">{}</a>').format(body[after : found.start()], target, found[0])
            after = found.end()
        return done + body[after:]

    def breaks(text: str) -> Markup:
        blocks = []
        for line in text.split("\n"):
            body = line.lstrip(" ")
            space = "&nbsp;" * (len(line) - len(body))
            style = "li" if _BULLET.match(body) else "ln"
            blocks.append(f'<div class="{style}">{space}{linked(body) or "&nbsp;"}</div>')
        return Markup("".join(blocks))  # noqa: S704 - each line was escaped

    return breaks


def shown(things: Sequence[T], limit: int) -> Sequence[T]:
    """The first ``limit`` things; all where that would hide a single one."""
    return things if len(things) <= limit + 1 else things[:limit]


def begin(text: str) -> str:
    """As a sentence begins: the first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


class Wording:
    """The filters and globals of one language, from its ``words.yaml``."""

    def __init__(self, words: Mapping[str, object]) -> None:
        self.words = words
        self.filters: dict[str, Callable[..., object]] = {
            "day": self.day,
            "weekday": self.weekday,
            "month": self.month,
            "clock": self.clock,
            "near": self.near,
            "on": self.on,
            "at": self.at,
            "names": self.names,
            "last_time": self.last_time,
            "shown": shown,
            "begin": begin,
            "amount": self.amount,
            "unit": self.unit,
        }
        self.globals: dict[str, object] = {"plural": self.plural, "more": self.more}

    def day(self, value: date) -> str:
        """ "Tue 24 Nov" """
        return self._pattern(
            "date",
            weekday=self._list("weekdays_short")[value.weekday()],
            day=str(value.day),
            month=self._list("months_short")[value.month - 1],
        )

    def weekday(self, value: date | int) -> str:
        return self._list("weekdays")[value if isinstance(value, int) else value.weekday()]

    def month(self, value: date) -> str:
        return self._list("months")[value.month - 1]

    def clock(self, value: datetime) -> str:
        return self._pattern("time", time=f"{value:%H:%M}")

    def near(self, value: date, now: date) -> str:
        """ "today", "Thursday", "Tue 17 Nov": a day as one says it at ``now``, without a preposition."""
        days = (_date(value) - _date(now)).days
        if days in (-1, 0, 1):
            return str(self.words[("yesterday", "today", "tomorrow")[days + 1]])
        return self.weekday(value) if abs(days) <= _NEAR else self.day(value)

    def on(self, value: date, now: date) -> str:
        """ "today", "on Thursday", "on Tue 17 Nov" """
        near = self.near(value, now)
        return near if abs((_date(value) - _date(now)).days) <= 1 else self._pattern("on", day=near)

    def at(self, value: datetime, now: date) -> str:
        """ "today at 13:00", "on Monday at 10:00" """
        return self._pattern("at", day=self.on(value, now), time=self.clock(value))

    def names(self, items: Sequence[str]) -> str:
        """ "Mia, Sam and Lee" """
        if len(items) <= 1:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.words['and']} {items[-1]}"

    def last_time(self, since: date | None, today: date) -> str:
        """The time between two questions: "yesterday", "on Friday", "since Tue 10 Nov", and at first "lately"."""
        if since is None:
            return str(self.words["lately"])
        days = (today - since).days
        if days <= 1 or (days == 3 and today.weekday() == 0):  # a weekend lies between
            return self.on(since, today)
        return self._pattern("since", day=self.near(since, today))

    def plural(self, count: int, one: str, many: str) -> str:
        """ "1 day", "4 days" """
        return f"{count} {one if count == 1 else many}"

    def amount(self, value: float, unit: str = "") -> str:
        """ "4,200", "45 %", "€1,200", "2.5 h": with two decimals at most."""
        whole, _, rest = f"{abs(value):,.2f}".partition(".")
        figure = whole.replace(",", str(self.words.get("thousands", ",")))
        rest = rest.rstrip("0")
        number = ("−" if value < 0 else "") + figure + (f"{self.words.get('decimal', '.')}{rest}" if rest else "")
        if unit in _MONEY and unit:
            return str(self.words.get("money", "{unit}{number}")).format(unit=unit, number=number)
        return f"{number} {self.unit(unit)}".strip()

    def unit(self, unit: str) -> str:
        """As it stands behind a figure: "%", "h", "days"."""
        known = self.words.get("units")
        return str(known.get(unit, unit)) if isinstance(known, Mapping) else unit

    def more(self, things: Sequence[object], limit: int) -> str:
        """What stands for the things that ``shown`` leaves out: "and 5 more"; empty where it leaves out none."""
        hidden = len(things) - len(shown(things, limit))
        return self._pattern("more", count=str(hidden)) if hidden else ""

    def _list(self, key: str) -> list[str]:
        return cast(list[str], self.words[key])

    def _pattern(self, key: str, **parts: str) -> str:
        pattern = str(self.words[key])
        for name, part in parts.items():
            pattern = pattern.replace("{" + name + "}", part)
        return pattern


def _date(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
