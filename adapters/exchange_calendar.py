"""Calendars through Exchange Web Services: one event on the assistant's calendar, which Exchange passes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from exchangelib import CalendarItem
from exchangelib.properties import OccurrenceItemId

from assistant.domain.calendar import Busy, Event, Override, Period
from assistant.domain.recurrence import original_starts
from assistant.errors import Conflict, NotFound
from assistant.ports import ChangeBatch, EventRef

from .exchange_account import Server, is_gone
from .exchange_availability import Availability
from .exchange_items import FIELDS, OCCURRENCE_FIELDS, BadItem, essence, fields_of, override_fields, tracked
from .exchange_record import Tracked, guard, is_done, merged, noted, plain, reference
from .exchange_sync import changes_since
from .exchange_watch import Look, Source, Watch

_ALL = "SendToAllAndSaveCopy"
_TRIES = 3
_TIMES = ("start", "end", "recurrence")
_LISTED = 200
_CHUNK = 25
_MOMENT = timedelta(seconds=1)


class Items(Source):
    """Reading the items of calendars, the assistant's or another's. Only inside ``with server``."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def calendar(self, owner: str | None = None) -> Any:
        return self.server.account(owner).calendar

    def fetch(self, ids: Iterable[Any], names: Sequence[str], owner: str | None = None) -> list[Any]:
        """Without those that are gone."""
        wanted = list(ids)
        if not wanted:
            return []
        account, calendar = self.server.account(owner), self.calendar(owner)
        found = account.fetch(wanted, folder=calendar, only_fields=list(names), chunk_size=_CHUNK)
        return [item for item in found if not is_gone(item)]

    def whole(self, item: Any, owner: str | None = None) -> Tracked | None:
        """With its exceptions; None where it was called off or cannot be read."""
        changed = {str(each.id): each.original_start for each in item.modified_occurrences or ()}
        found = self.fetch([(each, None) for each in changed], OCCURRENCE_FIELDS, owner)
        exceptions = [(datetime.fromtimestamp(changed[str(each.id)].timestamp(), tz=UTC), each) for each in found]
        try:
            read = tracked(item, exceptions)
        except BadItem:
            return None
        return None if read.event.cancelled else read

    def one(self, provider_id: str) -> Tracked | None:
        found = self.fetch([(provider_id, None)], FIELDS)
        return self.whole(found[0]) if found else None

    def load(self, provider_ids: Iterable[str], owner: str) -> list[Tracked]:
        with self.server:
            items = self.fetch([(each, None) for each in provider_ids], FIELDS, owner)
            return [read for item in items if (read := self.whole(item, owner)) is not None]

    def look(self, owner: str, mark: str | None) -> Look:
        look, last = Look(mark=mark or "", whole=mark is None), False
        while not last:
            with self.server:
                changes = changes_since(look.mark, self.calendar(owner), (), _LISTED, updates=True)
            look.touched |= {str(item.id) for item in changes.came}
            look.removed |= changes.gone
            look.mark, last = changes.state, changes.last
        return look

    def ours(self) -> list[Tracked]:
        """Every event that we organise, with its exceptions."""
        found = self.calendar().filter(assistant_uid__exists=True).only("id", "changekey")
        items = self.fetch([(item.id, None) for item in found], FIELDS)
        return [read for item in items if (read := self.whole(item)) is not None]


class Calendars:
    def __init__(self, server: Server, people: Collection[str]) -> None:
        self._server = server
        self._items = Items(server)
        self._availability = Availability(server, self._items)
        self._watch = Watch(self._items, server.mailbox, people)

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset()
    ) -> Mapping[str, Sequence[Busy]]:
        return self._availability.free_busy(addresses, period, ignoring)

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        return self._availability.recurring(addresses, period)

    def changes(self, cursor: str | None) -> ChangeBatch:
        return self._watch.changes(cursor)

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        for left in reversed(range(_TRIES)):
            try:
                with self._server:
                    return reference(self._written(event, ref))
            except Conflict:  # an answer may have come in between: look again
                if not left:
                    raise
        raise AssertionError("unreachable")

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        with self._server:
            current = self._find(event.uid, ref)
            if current is not None:
                for item in self._items.fetch([(current.provider_id, None)], ("subject",)):
                    item.delete(send_meeting_cancellations=_ALL)

    def _written(self, event: Event, ref: EventRef | None) -> Tracked:
        current = self._find(event.uid, ref)
        wanted = merged(event, current, ref)
        if current is not None:
            guard(wanted, ref, current)
            if is_done(wanted, current):
                return current
        provider_id = self._create(wanted) if current is None else self._update(wanted, current)
        return self._with_exceptions(wanted, provider_id)

    def _find(self, uid: str, ref: EventRef | None) -> Tracked | None:
        """By id where we know it, else by the UID that the event carries; of copies that people made the oldest."""
        known = self._items.one(ref.provider_id) if ref is not None else None
        if known is not None and known.uid == uid:
            return known
        listed = self._items.calendar().filter(assistant_uid=uid).only("id", "changekey", "datetime_created")
        for item in sorted(listed, key=lambda item: item.datetime_created):
            found = self._items.one(item.id)
            if found is not None:
                return found
        return None

    def _create(self, wanted: Event) -> str:
        calendar = self._items.calendar()
        item = CalendarItem(
            account=calendar.account,
            folder=calendar,
            assistant_uid=wanted.uid,
            assistant_note=str(noted(wanted, None)),
            is_response_requested=True,
            allow_new_time_proposal=True,
            **fields_of(wanted),
        )
        item.save(send_meeting_invitations=_ALL)
        return str(item.id)

    def _update(self, wanted: Event, current: Tracked) -> str:
        changed = _changed(fields_of(current.event), fields_of(wanted))
        brought_back = set(plain(current.event).exdates) - set(wanted.exdates)
        if brought_back or any(name in changed for name in _TIMES):
            # Exchange forgets a series' exceptions where its times are written; they are then made anew.
            changed |= {name: value for name, value in fields_of(wanted).items() if name in _TIMES}
        note = str(noted(wanted, current))
        if changed or current.note is None or note != str(current.note):
            found = self._items.fetch([(current.provider_id, None)], ("subject", "type", "start", "end"))
            if not found or found[0].changekey != current.guard:
                raise Conflict("the event was changed while it was written")
            self._save(found[0], {**changed, "assistant_uid": wanted.uid, "assistant_note": note})
        return current.provider_id

    def _save(self, item: Any, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            setattr(item, name, value)
        names = list(fields)
        if "start" in fields:  # the zones that the library would leave as they were
            item._start_timezone, item._end_timezone = fields["start"].tzinfo, fields["end"].tzinfo
            names += ["_start_timezone", "_end_timezone"]
        item.save(update_fields=names, conflict_resolution="NeverOverwrite", send_meeting_invitations=_ALL)

    def _with_exceptions(self, wanted: Event, provider_id: str) -> Tracked:
        """Make single occurrences what ``wanted`` says; the event as it then is."""
        current, done = self._read(provider_id), 0
        if wanted.rrule is None:
            return current
        for original in sorted(set(wanted.exdates) - set(current.event.exdates)):
            for item in self._occurrence(wanted, provider_id, original):
                item.delete(send_meeting_cancellations=_ALL)
                done += 1
        for original, fields in _differences(wanted, current.event):
            for item in self._occurrence(wanted, provider_id, original):
                self._save(item, fields)
                done += 1
        return self._read(provider_id) if done else current

    def _read(self, provider_id: str) -> Tracked:
        current = self._items.one(provider_id)
        if current is None:
            raise NotFound("the event was removed while it was written")
        return current

    def _occurrence(self, wanted: Event, provider_id: str, original: datetime) -> list[Any]:
        """The one that the rule puts at ``original``, by its number; none where the rule puts none there."""
        instant = original.astimezone(UTC)
        until = Period(wanted.start.astimezone(UTC), instant + _MOMENT)
        starts = [start.astimezone(UTC) for start in original_starts(wanted, until)]
        if not starts or starts[-1] != instant:
            return []
        numbered = OccurrenceItemId(id=provider_id, instance_index=len(starts))
        return self._items.fetch([numbered], ("subject", "type", "start", "end"))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if essence(name, before.get(name)) != essence(name, value)}


def _differences(wanted: Event, current: Event) -> list[tuple[datetime, dict[str, Any]]]:
    """What single occurrences are to be told, by original start: changed ones, and those to be as the series again."""
    have = {override.recurrence_id.astimezone(UTC): override for override in current.overrides}
    want = {override.recurrence_id.astimezone(UTC): override for override in wanted.overrides}
    found = []
    for instant in sorted(have.keys() | want.keys()):
        original = instant.astimezone(wanted.start.tzinfo)
        as_series = Override(original, original, wanted.duration)
        now = override_fields(current if instant in have else wanted, have.get(instant, as_series))
        fields = override_fields(wanted, want.get(instant, as_series))
        changed = _changed(now, fields)
        if "start" in changed or "end" in changed:
            changed |= {name: fields[name] for name in ("start", "end")}
        if changed:
            found.append((original, changed))
    return found
