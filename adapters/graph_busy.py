"""Who is free, and what already recurs, through Microsoft Graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.domain.calendar import Busy, BusyKind, Event, Partstat, Period, merge_busy
from assistant.errors import NotFound, Unauthorized
from assistant.ical.zones import by_name

from .exchange_busy import Ours, clipped, elsewhere, without
from .exchange_door import Diaries
from .exchange_record import Tracked
from .graph_calendar import Items
from .graph_client import GraphClient, Json
from .holdings import pieces

_SCHEDULES = 20  # in one call
_WINDOW = timedelta(days=42)  # the longest that every server answers
_SLOT = timedelta(minutes=15)
_KINDS = {"tentative": BusyKind.TENTATIVE, "busy": BusyKind.BUSY, "oof": BusyKind.AWAY, "unknown": BusyKind.BUSY}
_DIGITS = {"1": BusyKind.TENTATIVE, "2": BusyKind.BUSY, "3": BusyKind.AWAY}


@dataclass(frozen=True, slots=True)
class Taken:
    """One entry of somebody's schedule; ``subject`` is "" where it is not shown."""

    busy: Busy
    subject: str = ""


class GraphBusy(Diaries):
    def __init__(self, client: GraphClient, items: Items) -> None:
        self._client = client
        self._items = items
        self._loaded: dict[str, Tracked] = {}  # by id, while the etag stands

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str], ours: Sequence[Event] = ()
    ) -> Mapping[str, Sequence[Busy]]:
        found = self._schedules(addresses, Period(period.start.astimezone(UTC), period.end.astimezone(UTC)))
        own = list(self._items.ours())
        meetings = [Ours.of(self._whole(each)) for each in own if _matters(each, ignoring)]
        meetings += elsewhere(ours, own)
        answer: dict[str, Sequence[Busy]] = {}
        for address in addresses:
            entries = found.get(address.lower())
            if entries is None:
                continue
            blocks = [(entry.busy, entry.subject) for entry in entries]
            kept = without(blocks, meetings, address, period, ignoring)
            answer[address] = merge_busy(clipped(kept, period))
        return answer

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        own = {each.icaluid: each for each in self._items.ours() if each.icaluid}
        found: dict[str, Event] = {}
        for address in addresses:
            for tracked in self._series(address, period):
                ours = own.get(tracked.icaluid)
                event = self._whole(ours).event if ours is not None else tracked.event
                known = found.get(event.uid)
                if known is None or known.sequence < event.sequence:
                    found[event.uid] = event
        return sorted(found.values(), key=lambda event: (event.start.astimezone(UTC), event.uid))

    def _series(self, address: str, period: Period) -> list[Tracked]:
        """The series with an occurrence in ``period``; none where that calendar may not be read."""
        params = {
            "startDateTime": period.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "endDateTime": period.end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "$select": "id,seriesMasterId,isAllDay,isCancelled",
        }
        try:
            path = f"{self._client.user(address)}/calendarView"
            items = list(self._client.listed(path, params=params, prefer=["odata.maxpagesize=200"]))
        except (NotFound, Unauthorized):
            return []
        wanted = [i for i in items if i.get("seriesMasterId") and not i.get("isAllDay") and not i.get("isCancelled")]
        masters = dict.fromkeys(str(item["seriesMasterId"]) for item in wanted)
        loaded = self._client.each(lambda master: self._items.load(master, address), masters)
        return [tracked for tracked in loaded if tracked is not None]

    def _whole(self, tracked: Tracked) -> Tracked:
        """With its exceptions."""
        if tracked.event.rrule is None:
            return tracked
        known = self._loaded.get(tracked.provider_id)
        if known is None or known.guard != tracked.guard:
            known = self._items.load(tracked.provider_id) or tracked
            self._loaded[tracked.provider_id] = known
        return known

    def _schedules(self, addresses: Sequence[str], period: Period) -> Mapping[str, list[Taken]]:
        """By address in lower case. Who is unknown, or could not be asked for a part of the time, is absent."""
        names = list(dict.fromkeys(address.lower() for address in addresses))
        asked = [
            (names[first : first + _SCHEDULES], window)
            for first in range(0, len(names), _SCHEDULES)
            for window in pieces(period, _WINDOW)
        ]
        answers = self._client.each(lambda each: self._ask(*each), asked)
        found: dict[str, list[Taken]] = {}
        unknown: set[str] = set()
        for (several, window), answer in zip(asked, answers, strict=True):
            told = {str(each.get("scheduleId", "")).lower(): each for each in answer}
            for name in several:
                schedule = told.get(name)
                if schedule is None or schedule.get("error"):
                    unknown.add(name)
                else:
                    found.setdefault(name, []).extend(_taken(schedule, window))
        return {name: taken for name, taken in found.items() if name not in unknown}

    def _ask(self, names: Sequence[str], window: Period) -> list[Json]:
        body: dict[str, Any] = {
            "schedules": names,
            "startTime": _time(window.start),
            "endTime": _time(window.end),
            "availabilityViewInterval": int(_SLOT.total_seconds() // 60),
        }
        answer = self._client.json("POST", f"{self._client.user()}/calendar/getSchedule", json=body)
        return list(answer.get("value", ()))


def _matters(tracked: Tracked, ignoring: Collection[str]) -> bool:
    said = tracked.note.said if tracked.note is not None else None
    return tracked.uid in ignoring or Partstat.DECLINED in (said or {}).values()


def _time(moment: datetime) -> dict[str, str]:
    return {"dateTime": moment.astimezone(UTC).replace(tzinfo=None).isoformat(), "timeZone": "UTC"}


def _taken(schedule: Json, window: Period) -> Iterator[Taken]:
    items = schedule.get("scheduleItems")
    if items is None:  # only the rough picture is shown to us
        yield from _from_view(str(schedule.get("availabilityView") or ""), window)
        return
    for item in items:
        kind = _KINDS.get(str(item.get("status")))
        start, end = _moment(item.get("start")), _moment(item.get("end"))
        if kind is not None and start is not None and end is not None and start < end:
            yield Taken(Busy(Period(start, end), kind), str(item.get("subject") or ""))


def _from_view(view: str, window: Period) -> Iterator[Taken]:
    for number, digit in enumerate(view):
        if digit in _DIGITS:
            start = window.start + number * _SLOT
            yield Taken(Busy(Period(start, start + _SLOT), _DIGITS[digit]))


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value["dateTime"]))
        zone = by_name(str(value.get("timeZone") or "UTC")) or UTC
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
