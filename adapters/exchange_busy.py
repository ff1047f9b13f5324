"""Taking our own meetings out of the free/busy times that Exchange gives, which name no event. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.domain.calendar import Busy, Event, Partstat, Period
from assistant.domain.recurrence import BadRule, occurrences

from .exchange_record import Tracked, effective, given


@dataclass(frozen=True, slots=True)
class Ours:
    """A meeting of ours with everybody's newest answer; ``declined`` are (address, original start or None)."""

    event: Event
    declined: frozenset[tuple[str, datetime | None]]

    @classmethod
    def of(cls, tracked: Tracked) -> Ours:
        event = effective(tracked)
        answers = given(event)
        return cls(event, frozenset(key for key, partstat in answers.items() if partstat is Partstat.DECLINED))

    def of_no_account(self, address: str, period: Period, ignored: bool) -> Iterator[Period]:
        """When it takes no time of ``address``: always where it is ignored, else where they declined."""
        if address not in {self.event.organizer, *(attendee.address for attendee in self.event.attendees)}:
            return
        try:
            found = occurrences(self.event, period)
        except BadRule:
            return
        for occurrence in found:
            originals = (None, occurrence.recurrence_id.astimezone(UTC))
            if ignored or any((address, original) in self.declined for original in originals):
                yield occurrence.period


def elsewhere(ours: Iterable[Event], own: Iterable[Tracked]) -> list[Ours]:
    """Those of our events that are organised on another calendar than this one."""
    here = {tracked.uid for tracked in own}
    return [Ours(event, frozenset()) for event in ours if event.uid not in here]


def without(
    blocks: Iterable[tuple[Busy, str]],
    meetings: Sequence[Ours],
    address: str,
    period: Period,
    ignoring: Collection[str],
) -> list[Busy]:
    """``blocks`` (with their subjects, "" where hidden) without those that are these meetings, one for each.

    A block is a meeting where both begin and end together and no shown subject says otherwise.
    """
    kept = list(blocks)
    for meeting in meetings:
        ignored = meeting.event.uid in ignoring
        for gone in meeting.of_no_account(address.lower(), period, ignored):
            for block in kept:
                if block[0].period == gone and block[1].strip() in ("", meeting.event.summary.strip()):
                    kept.remove(block)
                    break
    return [busy for busy, _ in kept]


def clipped(blocks: Iterable[Busy], period: Period) -> Iterator[Busy]:
    low, high = period.start.astimezone(UTC), period.end.astimezone(UTC)
    for block in blocks:
        start, end = max(block.period.start, low), min(block.period.end, high)
        if start < end:
            yield Busy(Period(start, end), block.kind)
