"""What Exchange keeps of our meetings, whichever door we came by (Graph or EWS). Pure.

The organiser's item holds the answers that Exchange collected. Beside it, in an extended property, stands our note:
what the item cannot say (our SEQUENCE, our spelling of zone and rule), the times as we wrote them, and the answers that
came another way, by mail say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.domain.recurrence import BadRule, Rule
from assistant.errors import Conflict
from assistant.ical.zones import by_name
from assistant.ports import EventRef

from .copies import answers, as_written, with_answers

Key = tuple[str, datetime | None]
"""Whose answer, and the original start of the occurrence it is to; None is the series."""

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Note:
    """``base`` has the times only, as we wrote them. ``seen`` marks the answers that Exchange had then.

    ``said`` are answers we know better than Exchange; each counts until Exchange has one that is not in ``seen``.
    """

    base: Event
    seen: frozenset[str] = frozenset()
    said: Mapping[Key, Partstat] | None = None

    def __str__(self) -> str:
        base = self.base
        fields = {
            "uid": base.uid,
            "sequence": base.sequence,
            "zone": str(base.start.tzinfo),
            "start": _local(base.start, base),
            "duration": base.duration.total_seconds(),
            "rrule": base.rrule,
            "exdates": [_local(moment, base) for moment in base.exdates],
            "overrides": [
                [_local(o.recurrence_id, base), _local(o.start, base), o.duration.total_seconds()]
                for o in base.overrides
            ],
            "seen": sorted(self.seen),
            "said": [
                [address, original and original.astimezone(UTC).isoformat(), partstat.value]
                for (address, original), partstat in sorted((self.said or {}).items(), key=str)
            ],
        }
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str, organizer: str) -> Note | None:
        """None where it is not ours, or was damaged: the item is then read without it."""
        try:
            fields = json.loads(text)
            zone = by_name(str(fields["zone"])) or _UTC
            base = Event(
                uid=str(fields["uid"]),
                start=_moment(fields["start"], zone),
                duration=timedelta(seconds=float(fields["duration"])),
                summary="",
                organizer=organizer,
                rrule=fields["rrule"],
                exdates=tuple(_moment(text, zone) for text in fields["exdates"]),
                overrides=tuple(
                    Override(_moment(original, zone), _moment(start, zone), timedelta(seconds=float(length)))
                    for original, start, length in fields["overrides"]
                ),
                sequence=int(fields["sequence"]),
            )
            said = {(str(a), o and datetime.fromisoformat(o)): Partstat(p) for a, o, p in fields["said"]}
            return cls(base, frozenset(map(str, fields["seen"])), said)
        except (KeyError, OverflowError, TypeError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Tracked:
    """An item as Exchange has it. ``event`` has the answers that Exchange knows; ``guard`` is its etag or change key.

    ``proposals`` are the new times that attendees proposed, by whom and for which original start.
    """

    provider_id: str
    guard: str
    event: Event
    note: Note | None = None
    proposals: Mapping[tuple[str, datetime], datetime] | None = None
    icaluid: str = ""
    link: str = ""

    @property
    def uid(self) -> str:
        return self.event.uid


def given(event: Event) -> dict[Key, Partstat]:
    """Every answer in it; to single occurrences only those that differ."""
    found: dict[Key, Partstat] = {}
    for attendee in event.attendees:
        for original, partstat in answers(event, attendee.address).items():
            if partstat is not Partstat.NEEDS_ACTION or original is not None:
                found[attendee.address, original and original.astimezone(UTC)] = partstat
    return found


def mark(key: Key, partstat: Partstat) -> str:
    address, original = key
    text = f"{address}|{original.astimezone(UTC).isoformat() if original else ''}|{partstat.value}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def effective(tracked: Tracked) -> Event:
    """The event with everybody's newest answer, wherever it came from."""
    note = tracked.note
    if note is None or not note.said:
        return tracked.event
    raw = given(tracked.event)
    newest = {
        key: partstat
        for key, partstat in note.said.items()
        if key not in raw or raw[key] is Partstat.NEEDS_ACTION or mark(key, raw[key]) in note.seen
    }
    theirs: dict[str, dict[datetime | None, Partstat]] = {}
    for (address, original), partstat in newest.items():
        theirs.setdefault(address, {})[original] = partstat
    nothing = replace(tracked.event, attendees=(), overrides=())
    return with_answers(tracked.event, nothing, theirs)


def merged(event: Event, tracked: Tracked | None, ref: EventRef | None) -> Event:
    """``event`` in the form that it will be read back in, with the answers of attendees that are newer than ours."""
    if tracked is None:
        return plain(as_written(event))
    now = effective(tracked)
    seen = _seen(ref) | (tracked.note.seen if tracked.note else frozenset())
    seen |= {mark(key, partstat) for key, partstat in ((tracked.note and tracked.note.said) or {}).items()}
    theirs: dict[str, dict[datetime | None, Partstat]] = {}
    known: dict[str, dict[datetime | None, Partstat]] = {}
    for (address, original), partstat in given(now).items():
        theirs.setdefault(address, {})[original] = partstat
        if mark((address, original), partstat) in seen:
            known.setdefault(address, {})[original] = partstat
    blank = tuple(replace(attendee, partstat=Partstat.NEEDS_ACTION) for attendee in now.attendees)
    bare = replace(now, attendees=blank, overrides=tuple(replace(o, attendees=None) for o in now.overrides))
    return plain(as_written(with_answers(event, with_answers(bare, None, known), theirs)))


def noted(wanted: Event, tracked: Tracked | None) -> Note:
    """The note that goes with writing ``wanted``."""
    raw = given(tracked.event) if tracked is not None else {}
    said = {key: partstat for key, partstat in given(wanted).items() if raw.get(key) is not partstat}
    moved = tuple(
        replace(o, description=None, attendees=None)
        for o in wanted.overrides
        if o.start != o.recurrence_id or o.duration != wanted.duration
    )
    base = replace(wanted, summary="", description="", location="", attendees=(), overrides=moved)
    return Note(base, frozenset(mark(key, partstat) for key, partstat in raw.items()), said)


def is_done(wanted: Event, tracked: Tracked) -> bool:
    """Whether the item says all of ``wanted``, answers included."""
    return shape(wanted) == shape(tracked.event) and given(wanted) == given(effective(tracked))


def guard(wanted: Event, ref: EventRef | None, tracked: Tracked) -> None:
    """Raises Conflict unless ``ref`` knows what is there, or this very event is there already."""
    if shape(wanted) == shape(tracked.event):
        return
    if ref is None and tracked.event.sequence <= wanted.sequence:
        return
    if ref is None or (ref.etag is not None and ref.etag.partition(".")[0] != digest(tracked.event)):
        raise Conflict("the event was changed since it was read")


def reference(tracked: Tracked) -> EventRef:
    """The etag is ours: of what the event says without its answers, which change without harm, and the answers seen.

    Exchange's own would differ after every answer, and every answer would then stop our next change.
    """
    marks = sorted(mark(key, partstat) for key, partstat in given(effective(tracked)).items())
    return EventRef(
        tracked.provider_id, tracked.uid, f"{digest(tracked.event)}.{','.join(marks)}", tracked.icaluid, tracked.link
    )  # fmt: skip


def _seen(ref: EventRef | None) -> frozenset[str]:
    return frozenset(ref.etag.partition(".")[2].split(",")) if ref is not None and ref.etag else frozenset()


def digest(event: Event) -> str:
    return hashlib.sha256(repr(shape(event)).encode()).hexdigest()[:16]


def shape(event: Event) -> tuple[object, ...]:
    """What two readings of the same event have in common: no answers, no display names, no line breaks."""
    event = plain(event)
    return (
        event.uid,
        event.start.astimezone(UTC),
        str(event.start.tzinfo),
        event.duration,
        _rule(event),
        event.summary.strip(),
        event.location.strip(),
        words(event.description),
        event.private,
        event.sequence,
        _invited(event.attendees),
        tuple(moment.astimezone(UTC) for moment in event.exdates),
        tuple(
            (o.recurrence_id.astimezone(UTC), o.start.astimezone(UTC), o.duration, *texts)
            for o in event.overrides
            if (texts := differing(event, o)) != (None, None) or o.start != o.recurrence_id
            or o.duration != event.duration
        ),
    )  # fmt: skip


def differing(event: Event, override: Override) -> tuple[str | None, tuple[tuple[str, bool], ...] | None]:
    """Description and invited people of an occurrence, each None where they are those of the series."""
    text = None if override.description is None else words(override.description)
    people = None if override.attendees is None else _invited(override.attendees)
    return (None if text == words(event.description) else text), (
        None if people == _invited(event.attendees) else people
    )


def words(text: str) -> str:
    """Exchange turns text into HTML and back: line breaks and spaces do not survive that as they were."""
    return " ".join(text.split())


def _invited(attendees: tuple[Attendee, ...]) -> tuple[tuple[str, bool], ...]:
    return tuple(sorted((attendee.address, attendee.required) for attendee in attendees))


def _rule(event: Event) -> object:
    if event.rrule is None:
        return None
    try:
        return Rule.parse(event.rrule, event.start.time())
    except BadRule:
        return event.rrule


def plain(event: Event) -> Event:
    """A cancelled occurrence is one that the series leaves out: Exchange knows no third way."""
    gone = {override.recurrence_id for override in event.overrides if override.cancelled}
    kept = tuple(override for override in event.overrides if not override.cancelled)
    zone = event.start.tzinfo
    exdates = sorted({moment.astimezone(zone) for moment in {*event.exdates, *gone}}, key=lambda m: m.astimezone(UTC))
    return replace(event, exdates=tuple(exdates), overrides=kept)


def inherited(series: tuple[Attendee, ...], occurrence: tuple[Attendee, ...]) -> tuple[Attendee, ...] | None:
    """The attendees of an exception; who did not answer to it alone has answered as to the series. None: as there."""
    known = {attendee.address: attendee.partstat for attendee in series}
    own = tuple(
        replace(a, partstat=known.get(a.address, a.partstat)) if a.partstat is Partstat.NEEDS_ACTION else a
        for a in occurrence
    )
    same = {(a.address, a.required, a.partstat) for a in own} == {(a.address, a.required, a.partstat) for a in series}
    return None if same else own


def windows(zone: object) -> str:
    """The Windows name of a zone: its own, or that of a zone with the same clock. The IANA name where there is none."""
    key = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    return next(_windows(key), key)


def _windows(key: str) -> Iterator[str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415 (large, and only for writing)

    if key in ("UTC", "Etc/UTC"):
        yield "UTC"
    yield from (name for name, known in WINDOWS_TO_OLSON.items() if known == key)
    clock = _clock(key)
    yield from (name for name, known in WINDOWS_TO_OLSON.items() if _clock(known) == clock)


_PROBES = tuple(datetime(year, month, day, 12, tzinfo=UTC) for year in (2026, 2029) for month in range(1, 13)
                for day in (1, 15))  # fmt: skip


def same_clock(one: ZoneInfo, other: ZoneInfo) -> bool:
    """Whether they show the same time, now and in the years to come."""
    return one.key == other.key or _clock(one.key) == _clock(other.key)


def _clock(key: str) -> tuple[timedelta | None, ...]:
    zone = ZoneInfo(key)
    return tuple(probe.astimezone(zone).utcoffset() for probe in _PROBES)


def _local(moment: datetime, base: Event) -> str:
    return moment.astimezone(base.start.tzinfo).replace(tzinfo=None).isoformat()


def _moment(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)
