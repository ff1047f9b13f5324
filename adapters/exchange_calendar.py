"""Calendars through Exchange Web Services: one event on the assistant's calendar, which Exchange passes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib import CalendarItem
from exchangelib.properties import OccurrenceItemId

from assistant.domain.calendar import Event, Period
from assistant.domain.recurrence import original_starts
from assistant.errors import Conflict, NotFound
from assistant.ports import EventRef

from .exchange_account import Server, is_gone
from .exchange_door import Writing
from .exchange_items import FIELDS, OCCURRENCE_FIELDS, BadItem, essence, fields_of, override_fields, tracked
from .exchange_record import Tracked, guard, is_done, merged, noted, plain, reference
from .exchange_sync import changes_since
from .exchange_watch import Look, Source
from .exchange_writing import TIMES, changed, differences

_ALL, _NOBODY = "SendToAllAndSaveCopy", "SendToNone"
_TRIES = 3
_LISTED = 200
_CHUNK = 25
_MOMENT = timedelta(seconds=1)


_UTC = ZoneInfo("UTC")


class Items(Source):
    """Reading the items of calendars, the assistant's or another's; ``zones`` are their owners'.

    Only inside ``with server``.
    """

    def __init__(self, server: Server, zones: Mapping[str, ZoneInfo]) -> None:
        self.server = server
        self._zones = {owner.lower(): zone for owner, zone in zones.items()}
        self._known: dict[str | None, dict[str, tuple[object, Tracked]]] = {}  # by owner and key, with its mark
        self._uids: dict[str, dict[str, str]] = {}  # of occurrences, by owner and id

    def calendar(self, owner: str | None = None) -> Any:
        return self.server.account(owner).calendar

    def fetch(self, ids: Iterable[Any], names: Sequence[str], owner: str | None = None) -> list[Any]:
        """Without those that are gone."""
        return [item for item in self._answers(ids, names, owner) if not is_gone(item)]

    def _answers(self, ids: Iterable[Any], names: Sequence[str], owner: str | None) -> list[Any]:
        """In order; those that are gone are exceptions."""
        wanted = list(ids)
        if not wanted:
            return []
        account, calendar = self.server.account(owner), self.calendar(owner)
        return list(account.fetch(wanted, folder=calendar, only_fields=list(names), chunk_size=_CHUNK))

    def whole(self, item: Any, owner: str | None = None) -> Tracked | None:
        """With its exceptions; None where it was called off or cannot be read."""
        changed = {str(each.id): each.original_start for each in item.modified_occurrences or ()}
        found = self.fetch([(each, None) for each in changed], OCCURRENCE_FIELDS, owner)
        exceptions = [(datetime.fromtimestamp(changed[str(each.id)].timestamp(), tz=UTC), each) for each in found]
        try:
            read = tracked(item, exceptions, self._zones.get((owner or "").lower(), _UTC))
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
        found = list(self.calendar().filter(assistant_uid__exists=True).only("id", "changekey"))
        return self.remembered({item.id: (item.changekey, (item.id, None)) for item in found})

    def remembered(self, wanted: Mapping[str, tuple[object, Any]], owner: str | None = None) -> list[Tracked]:
        """What is ``wanted`` by any key, with its mark and id; read only where the mark is not that of last time."""
        known = self._known.get(owner, {})
        kept = {key: known[key] for key, (mark, _) in wanted.items() if key in known and known[key][0] == mark}
        fresh = {key: each for key, each in wanted.items() if key not in kept}
        answers = self._answers([ref for _, ref in fresh.values()], FIELDS, owner)
        for (key, (mark, _)), item in zip(fresh.items(), answers, strict=True):
            read = None if is_gone(item) else self.whole(item, owner)
            if read is not None:
                kept[key] = mark, read
        self._known[owner] = kept
        return [tracked for _, tracked in kept.values()]

    def uids(self, ids: Sequence[str], owner: str) -> Mapping[str, str]:
        """Of occurrences, by id. A list of items does not tell them, so that each is asked for when it is new."""
        known = self._uids.get(owner, {})
        fresh = [each for each in ids if each not in known]
        answers = zip(fresh, self._answers([(each, None) for each in fresh], ("uid",), owner), strict=True)
        told = {each: str(item.uid) for each, item in answers if not is_gone(item)}
        self._uids[owner] = {each: known[each] for each in ids if each in known} | told
        return self._uids[owner]


class Writer(Writing):
    def __init__(self, server: Server, items: Items) -> None:
        self._server = server
        self._items = items

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
        after = fields_of(wanted)
        fields = changed(fields_of(current.event), after, essence)
        brought_back = set(plain(current.event).exdates) - set(wanted.exdates)
        if brought_back or any(name in fields for name in TIMES):
            # Exchange forgets a series' exceptions where its times are written; they are then made anew.
            fields |= {name: after[name] for name in TIMES}
        note = str(noted(wanted, current))
        if fields or current.note is None or note != str(current.note):
            found = self._items.fetch([(current.provider_id, None)], ("subject", "type", "start", "end"))
            if not found or found[0].changekey != current.guard:
                raise Conflict("the event was changed while it was written")
            told = _ALL if fields else _NOBODY  # of our own note alone there is nothing to tell
            self._save(found[0], {**fields, "assistant_uid": wanted.uid, "assistant_note": note}, told)
        return current.provider_id

    def _save(self, item: Any, fields: Mapping[str, Any], told: str = _ALL) -> None:
        for name, value in fields.items():
            setattr(item, name, value)
        names = list(fields)
        if "start" in fields:  # the zones that the library would leave as they were
            item._start_timezone, item._end_timezone = fields["start"].tzinfo, fields["end"].tzinfo
            names += ["_start_timezone", "_end_timezone"]
        item.save(update_fields=names, conflict_resolution="NeverOverwrite", send_meeting_invitations=told)

    def _with_exceptions(self, wanted: Event, provider_id: str) -> Tracked:
        """Make single occurrences what ``wanted`` says; the event as it then is."""
        current, done = self._read(provider_id), 0
        if wanted.rrule is None:
            return current
        for original in sorted(set(wanted.exdates) - set(current.event.exdates)):
            for item in self._occurrence(wanted, provider_id, original):
                item.delete(send_meeting_cancellations=_ALL)
                done += 1
        for original, fields in differences(wanted, current.event, override_fields, essence):
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
