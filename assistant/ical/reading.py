"""From foreign bytes to VEVENT components, within limits.

Whatever is dangerous or slow in a calendar file is sorted out on the text, before any library sees it: sizes, nesting,
time zone names and definitions. The library then reads one event at a time, so a broken one does not take the others
with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from assistant.ical import zones

FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What icalendar and recurring-ical-events raise on malformed input, by experience; OSError stays out: that is ours."""

_DATES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"})
_SINGLE = frozenset({"UID", "SEQUENCE", "STATUS", "TRANSP", "CLASS", "SUMMARY", "DESCRIPTION", "LOCATION", "ORGANIZER",
                     "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "DTSTAMP", "LAST-MODIFIED"})  # fmt: skip
_MULTIPLE = frozenset({"ATTENDEE", "RDATE", "EXDATE", "COMMENT"})
_PROSE = frozenset({"DESCRIPTION", "COMMENT", "SUMMARY", "LOCATION"})
_TIMES = _DATES | {"RRULE", "DURATION"}
_EXTENSIONS = ("X-MICROSOFT-CDO-", "X-GOOGLE-", "X-ASSISTANT-")
_MAX_LINE = 64 * 1024
_MAX_PROPERTIES = 2000
_MAX_DEPTH = 4
_OFFSET_DIGITS = (4, 6)


class BadCalendar(ValueError):  # noqa: N818 (our exceptions are named for what is wrong)
    """The bytes are no calendar that we read; the text says why and holds nothing of them."""


@dataclass(frozen=True, slots=True)
class Limits:
    size: int
    components: int


FROM_MAIL = Limits(size=256 * 1024, components=50)
FROM_FOLDER = Limits(size=16 * 1024 * 1024, components=20_000)


@dataclass(slots=True)
class Content:
    """``zone`` is X-WR-TIMEZONE. Times with a zone that nobody knows are floating in ``events``, and noted."""

    events: list[icalendar.Event] = field(default_factory=list)
    method: str | None = None
    zone: ZoneInfo | None = None
    problems: list[str] = field(default_factory=list)


def read(raw: bytes, limits: Limits = FROM_FOLDER) -> Content:
    """All VEVENTs of an iCalendar stream. Raises BadCalendar where the whole cannot be trusted."""
    if len(raw) > limits.size:
        raise BadCalendar(f"larger than {limits.size} bytes")
    header, blocks = _blocks(_unfold(raw.decode("utf-8-sig", errors="replace")), limits)
    content = Content()
    for line in header:
        name, _, value = _split(line)
        if name == "METHOD":
            content.method = value.strip().upper()[:20]
        elif name == "X-WR-TIMEZONE":
            content.zone = zones.by_name(value)
    known = _definitions(lines for kind, lines in blocks if kind == "VTIMEZONE")
    for kind, lines in blocks:
        if kind == "VEVENT":
            try:
                content.events.append(_event(lines, known, content.problems))
            except BadCalendar as error:
                content.problems.append(str(error))
    return content


Line = tuple[str, Mapping[str, str], str]
"""Name and parameter names in capitals, quotes taken off the parameters' values."""


def components(raw: bytes, kind: str, limits: Limits = FROM_FOLDER) -> list[list[Line]]:
    """The lines of each component of that kind right inside the calendar. Raises BadCalendar."""
    if len(raw) > limits.size:
        raise BadCalendar(f"larger than {limits.size} bytes")
    _, blocks = _blocks(_unfold(raw.decode("utf-8-sig", errors="replace")), limits)
    found: list[list[Line]] = []
    for name, lines in blocks:
        if name == kind:
            split = (_split(line) for line in lines)
            found.append([(key, {n: v.strip('"') for n, v in _parameters(p)}, value) for key, p, value in split])
    return found


def _unfold(text: str) -> Iterator[str]:
    """Content lines (RFC 5545, 3.1), in linear time."""
    parts: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line] if line.strip() else []
    if parts:
        yield "".join(parts)


def _blocks(lines: Iterator[str], limits: Limits) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The calendar's own lines, and each component right inside it with its lines, alarms left out."""
    header: list[str] = []
    blocks: list[tuple[str, list[str]]] = []
    stack: list[str] = []
    components = 0
    for line in lines:
        head = line[:6].upper()
        if head == "BEGIN:":
            stack.append(line[6:].strip().upper())
            components += 1
            if components > limits.components or len(stack) > _MAX_DEPTH:
                raise BadCalendar(f"more than {limits.components} components, or too deeply nested")
            if stack[0] != "VCALENDAR":
                raise BadCalendar("it does not begin with BEGIN:VCALENDAR")
            if len(stack) == 2:
                blocks.append((stack[-1], []))
            elif stack[1:2] == ["VTIMEZONE"]:
                blocks[-1][1].append(line)
        elif head[:4] == "END:":
            if not stack or stack.pop() != line[4:].strip().upper():
                raise BadCalendar("a component ends that did not begin")
        elif len(stack) == 1:
            header.append(line)
        elif len(stack) == 2 or stack[1:2] == ["VTIMEZONE"]:
            blocks[-1][1].append(line)
    if stack or not components:
        raise BadCalendar("it is not a whole calendar" if components else "there is no calendar in it")
    return header, blocks


def _split(line: str) -> tuple[str, str, str]:
    """Name in capitals, parameters with their leading semicolon, value; the first colon outside quotes divides."""
    quoted = False
    for place, letter in enumerate(line[:4096]):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            name, semicolon, parameters = line[:place].partition(";")
            return name.strip().upper(), semicolon + parameters, line[place + 1 :]
    return "", "", ""


def _parameters(text: str) -> list[tuple[str, str]]:
    """``;A=b;C="d;e"`` as pairs, quotes kept."""
    pairs: list[tuple[str, str]] = []
    start, quoted = 1, False
    for place, letter in enumerate(text + ";"):
        if letter == '"':
            quoted = not quoted
        elif letter == ";" and not quoted and place >= start:
            name, _, value = text[start:place].partition("=")
            pairs.append((name.strip().upper(), value))
            start = place + 1
    return pairs


def _event(lines: list[str], known: Mapping[str, ZoneInfo], problems: list[str]) -> icalendar.Event:
    kept = _wanted(lines, known, problems)
    if not any(line.startswith("UID") for line in kept):
        kept.append("UID:" + hashlib.sha256("\n".join(kept).encode()).hexdigest()[:32])
    text = "\r\n".join(("BEGIN:VEVENT", *kept, "END:VEVENT", ""))
    try:
        event = icalendar.Event.from_ical(text)
        broken = {str(name).upper() for name, _ in event.errors}
        if broken & _TIMES:
            raise BadCalendar(f"an event has an unreadable {min(broken & _TIMES)}")
        for name in broken:
            event.pop(name, None)
        start = getattr(event.get("DTSTART"), "dt", None)
    except BadCalendar:
        raise
    except FAULTS as error:
        raise BadCalendar("an event cannot be read") from error
    if not isinstance(event, icalendar.Event) or not isinstance(start, date):
        raise BadCalendar("an event has no start that can be read")
    return event


def _wanted(lines: list[str], known: Mapping[str, ZoneInfo], problems: list[str]) -> list[str]:
    """The properties that mean something to us, each once where it may be there once, in zones that are known."""
    if len(lines) > _MAX_PROPERTIES:
        raise BadCalendar("an event has too many properties")
    kept: list[str] = []
    seen: set[str] = set()
    for line in lines:
        name, parameters, value = _split(line)
        wanted = name in _MULTIPLE or (name in _SINGLE and name not in seen) or name.startswith(_EXTENSIONS)
        if not wanted or (len(line) > _MAX_LINE and name in _PROSE):
            continue
        if len(line) > _MAX_LINE:
            raise BadCalendar("an event has an endless line")
        seen.add(name)
        if name in _DATES and "TZID" in parameters.upper():
            parameters = _with_known_zone(parameters, known, problems)
        kept.append(f"{name}{parameters}:{value}")
    return kept


def _with_known_zone(parameters: str, known: Mapping[str, ZoneInfo], problems: list[str]) -> str:
    kept: list[str] = []
    for name, value in _parameters(parameters):
        if name != "TZID":
            kept.append(f";{name}={value}")
            continue
        key = _zone_key(value)
        zone = zones.by_name(key) or known.get(key)
        if zone is not None:
            kept.append(f";TZID={zone.key}")
        elif (note := "a time zone is not known, its times are read as local ones") not in problems:
            problems.append(note)
    return "".join(kept)


def _zone_key(tzid: str) -> str:
    return tzid.strip().strip('"').replace("\\,", ",").replace("\\;", ";").lower()[:256]


def _definitions(blocks: Iterator[list[str]]) -> Mapping[str, ZoneInfo]:
    """The zones that this stream defines under names of its own, as far as we can tell which they are."""
    known: dict[str, ZoneInfo] = {}
    for lines in blocks:
        name, hint = "", ""
        observances: list[zones.Observance] = []
        properties: dict[str, str] = {}
        for line in (*lines, "BEGIN:end"):
            if line[:6].upper() == "BEGIN:":
                if properties and (observance := _observance(properties)) is not None:
                    observances.append(observance)
                properties = {}
                continue
            key, _, value = _split(line)
            if key == "TZID":
                name = _zone_key(value)
            elif key == "X-LIC-LOCATION":
                hint = value
            elif key in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE"):
                properties[key] = value.strip()
        if name and zones.by_name(name) is None:
            zone = zones.by_name(hint) if hint else None
            zone = zone or zones.by_definition(tuple(observances))
            if zone is not None:
                known[name] = zone
    return known


def _observance(properties: Mapping[str, str]) -> zones.Observance | None:
    try:
        start = datetime.strptime(properties["DTSTART"].rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        offsets = _offset(properties["TZOFFSETFROM"]), _offset(properties["TZOFFSETTO"])
    except (KeyError, ValueError):
        return None
    return zones.Observance(start, *offsets, properties.get("RRULE"))


def _offset(text: str) -> timedelta:
    digits = text[1:]
    if text[:1] not in "+-" or not digits.isdigit() or len(digits) not in _OFFSET_DIGITS:
        raise ValueError("not an offset")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:] or 0))
    return -length if text[0] == "-" else length
