"""Free/busy that somebody else has worked out: VFREEBUSY (RFC 5545, 3.6.4), from a server or a published file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import icalendar

from assistant.domain.calendar import Busy, BusyKind, Event, Period, merge_busy
from assistant.domain.recurrence import BadRule, occurrences
from assistant.ical.reading import FAULTS, BadCalendar, components

_KINDS = {"BUSY-TENTATIVE": BusyKind.TENTATIVE, "BUSY-UNAVAILABLE": BusyKind.AWAY}
_MAX_BLOCKS = 20_000


def free_busy(raw: bytes, period: Period) -> list[Busy] | None:
    """Merged per kind, UTC, clipped to ``period``; None where the file holds no VFREEBUSY. Raises BadCalendar.

    Also where it tells of another time only: a file that nobody renews would make its owner free for ever.
    """
    found = components(raw, "VFREEBUSY")
    told = [_span(lines) for lines in found]
    if told and all(span is not None and not span.overlaps(period) for span in told):
        raise BadCalendar("its busy times are of another time than is asked for")
    blocks: list[Busy] = []
    for lines in found:
        for name, parameters, value in lines:
            kind = parameters.get("FBTYPE", "BUSY").upper()
            if name != "FREEBUSY" or kind == "FREE":
                continue
            for text in filter(None, value.split(",")):
                block = _block(text.strip(), period, _KINDS.get(kind, BusyKind.BUSY))
                if block is not None:
                    blocks.append(block)
                if len(blocks) > _MAX_BLOCKS:
                    raise BadCalendar("it has too many busy times")
    return merge_busy(blocks) if found else None


def _span(lines: Iterable[tuple[str, Mapping[str, str], str]]) -> Period | None:
    """What time a VFREEBUSY tells of; None where it does not say, or not in UTC."""
    said = {name: value.strip() for name, _, value in lines if name in ("DTSTART", "DTEND")}
    try:
        return Period(_moment(said["DTSTART"]), _moment(said["DTEND"]))
    except (KeyError, ValueError):
        return None


def _block(text: str, period: Period, kind: BusyKind) -> Busy | None:
    """One ``start/end`` or ``start/duration``; None where it lies outside. Times without a zone are UTC."""
    first, slash, second = text.partition("/")
    if not slash:
        raise BadCalendar("a busy time cannot be read")
    try:
        start = _moment(first)
        end = _moment(second) if second[:1].isdigit() else start + _duration(second)
        low, high = max(start, period.start.astimezone(UTC)), min(end, period.end.astimezone(UTC))
    except FAULTS as error:
        raise BadCalendar("a busy time cannot be read") from error
    return Busy(Period(low, high), kind) if low < high else None


def _duration(text: str) -> timedelta:
    length: timedelta = icalendar.vDuration.from_ical(text)  # type: ignore[no-untyped-call]  # the library leaves it so
    return length


def _moment(text: str) -> datetime:
    return datetime.strptime(text.rstrip("Zz"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def times_of(events: Iterable[Event], address: str, period: Period, uids: Collection[str]) -> list[Period]:
    """When those of these events are that ``address`` is invited to: free/busy does not say which event a block is."""
    times: list[Period] = []
    for event in events:
        if event.uid in uids and any(attendee.address == address for attendee in event.attendees):
            try:
                times += [occurrence.period for occurrence in occurrences(event, period)]
            except BadRule:
                continue
    return times


def without(blocks: Sequence[Busy], taken: Iterable[Period]) -> list[Busy]:
    """``blocks`` less the time in ``taken``: for free/busy that does not say which event a block comes from."""
    left = list(blocks)
    for hole in taken:
        left = [piece for block in left for piece in _cut(block, hole)]
    return left


def _cut(block: Busy, hole: Period) -> Iterable[Busy]:
    if not block.period.overlaps(hole):
        return (block,)
    pieces = Period(block.period.start, hole.start), Period(hole.end, block.period.end)
    return tuple(Busy(piece, block.kind) for piece in pieces if piece.length > timedelta(0))
