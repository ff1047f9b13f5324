"""Who is free, and what already recurs, through Exchange Web Services."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from exchangelib import UTC as EWS_UTC
from exchangelib import EWSDateTime
from exchangelib.properties import RecurringMasterItemId

from assistant.domain.calendar import Busy, BusyKind, Event, Period, merge_busy
from assistant.errors import NotFound, Unauthorized

from .exchange_account import Server, is_unknown
from .exchange_busy import Ours, clipped, elsewhere, without
from .exchange_calendar import Items
from .exchange_door import Diaries
from .exchange_record import Tracked
from .holdings import pieces

_AT_ONCE = 50  # people in one call
_WINDOW = timedelta(days=42)  # the longest that every server answers
_KINDS = {"Tentative": BusyKind.TENTATIVE, "Busy": BusyKind.BUSY, "OOF": BusyKind.AWAY, "NoData": BusyKind.BUSY}
_SLOT = timedelta(minutes=30)
_DIGITS = {"1": BusyKind.TENTATIVE, "2": BusyKind.BUSY, "3": BusyKind.AWAY, "4": BusyKind.BUSY}

Block = tuple[Busy, str]
"""With its subject, "" where that is not shown."""


class Availability(Diaries):
    def __init__(self, server: Server, items: Items) -> None:
        self._server = server
        self._items = items

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str], ours: Sequence[Event] = ()
    ) -> Mapping[str, Sequence[Busy]]:
        found = self._schedules(addresses, Period(period.start.astimezone(UTC), period.end.astimezone(UTC)))
        with self._server:
            own = self._items.ours()
        meetings = [*map(Ours.of, own), *elsewhere(ours, own)]
        answer: dict[str, Sequence[Busy]] = {}
        for address in addresses:
            blocks = found.get(address.lower())
            if blocks is not None:
                answer[address] = merge_busy(clipped(without(blocks, meetings, address, period, ignoring), period))
        return answer

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        with self._server:
            own = {each.icaluid: each for each in self._items.ours()}
        found: dict[str, Event] = {}
        for address in addresses:
            for tracked in self._series(address, period):
                event = own.get(tracked.icaluid, tracked).event
                known = found.get(event.uid)
                if known is None or known.sequence < event.sequence:
                    found[event.uid] = event
        return sorted(found.values(), key=lambda event: (event.start.astimezone(UTC), event.uid))

    def _series(self, address: str, period: Period) -> list[Tracked]:
        """The series with an occurrence in ``period``; none where that calendar may not be read."""
        try:
            with self._server:
                view = self._items.calendar(address).view(start=_ews(period.start), end=_ews(period.end))
                found = [
                    item
                    for item in view.only("id", "changekey", "type", "is_all_day", "is_cancelled")
                    if item.type in ("Occurrence", "Exception") and not (item.is_all_day or item.is_cancelled)
                ]
                uids = self._items.uids([item.id for item in found], address)
                series: dict[str, tuple[set[str], RecurringMasterItemId]] = {}
                for item in found:
                    if uid := uids.get(item.id):
                        master = RecurringMasterItemId(id=item.id, changekey=item.changekey)
                        series.setdefault(uid, (set(), master))[0].add(item.changekey)
                return self._items.remembered(series, address)
        except (NotFound, Unauthorized):
            return []

    def _schedules(self, addresses: Sequence[str], period: Period) -> Mapping[str, list[Block]]:
        """By address in lower case. Who is unknown, or could not be asked for a part of the time, is absent."""
        names = list(dict.fromkeys(address.lower() for address in addresses))
        found: dict[str, list[Block]] = {name: [] for name in names}
        for first in range(0, len(names), _AT_ONCE):
            several = names[first : first + _AT_ONCE]
            for window in pieces(period, _WINDOW):
                for name, view in zip(several, self._ask(several, window), strict=True):
                    if is_unknown(view) or view.view_type == "None":
                        found.pop(name, None)
                    elif name in found:
                        found[name] += _blocks(view, window)
        return found

    def _ask(self, names: Sequence[str], window: Period) -> list[Any]:
        with self._server:
            answer = self._server.account().protocol.get_free_busy_info(
                [(name, "Required", False) for name in names],
                start=_ews(window.start),
                end=_ews(window.end),
                merged_free_busy_interval=int(_SLOT.total_seconds() // 60),
                requested_view="DetailedMerged",
            )
            return list(answer)


def _blocks(view: Any, window: Period) -> Iterator[Block]:
    if view.view_type in ("MergedOnly",):  # only the rough picture is shown to us
        for number, digit in enumerate(view.merged or ""):
            if digit in _DIGITS:
                start = window.start + number * _SLOT
                yield Busy(Period(start, start + _SLOT), _DIGITS[digit]), ""
        return
    for each in view.calendar_events or ():
        kind, start, end = _KINDS.get(each.busy_type), _instant(each.start), _instant(each.end)
        if kind is not None and start < end:
            yield Busy(Period(start, end), kind), str(each.details.subject or "") if each.details else ""


def _ews(moment: datetime) -> EWSDateTime:
    return EWSDateTime.from_datetime(moment.astimezone(UTC).replace(tzinfo=EWS_UTC))


def _instant(moment: Any) -> datetime:
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)
