"""Putting an event on Google Calendar so that a repeat, a lost answer or a crash makes neither a second event nor a
second invitation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.domain.calendar import Event
from assistant.errors import Conflict, NotFound, Rejected
from assistant.ports import EventRef

from .copies import answers, as_written, has_link, revision, with_answers
from .google_bodies import body_of, differing, occurrence_of, who_hears
from .google_events import (
    CANCELLED,
    FAULTS,
    PENDING,
    REVISION,
    UID,
    WANTED,
    WRITTEN,
    Item,
    answer_notes,
    as_answered,
    event_id,
    event_of,
    fingerprint,
    item_of,
)

if TYPE_CHECKING:
    from .google_client import Client

_PRIMARY = "primary"
_LONGEST_UID = 1000
Json = Mapping[str, Any]


_MET_AT = ("conferenceData", "hangoutLink")


def _asking_for_link(id_: str, print_: str, there: Item | None) -> dict[str, Any]:
    # A request named as the one before is ignored, also where that was for what has been deleted since.
    before = "" if there is None else str(there.master.get("etag", "")).strip('"')
    request = {"requestId": f"{id_}-{print_}-{before}", "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    return {"createRequest": request}


class Writer:
    """Writes to the primary calendar of the account, which organises. ``meet`` asks for a Meet link."""

    def __init__(self, google: Client, address: str, meet: bool) -> None:
        self._google = google
        self._address = address
        self._meet = meet

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        if len(event.uid) > _LONGEST_UID:
            raise Rejected("the event's UID is too long for Google")
        try:
            return self._upsert(event, ref)
        except Conflict:
            # Somebody answered between our reading and our writing. What is a conflict still will be one again.
            return self._upsert(event, ref)

    def cancel(self, uid: str) -> None:
        item = self._read(event_id(uid))
        if item is None or item.cancelled:
            return
        id_ = str(item.master["id"])
        if item.note(CANCELLED) is None:  # so that we know the deletion for our own
            self._patch(id_, {"extendedProperties": {"private": {CANCELLED: "1"}}}, "none")
        try:
            self._google.call(lambda g: g("events").delete(calendarId=_PRIMARY, eventId=id_, sendUpdates="all"))
        except NotFound:
            return

    def _upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        item = self._read(event_id(event.uid))
        live = item if item is not None and not item.cancelled else None
        current = None if live is None else _understood(live)
        wanted = _with_what_people_said(event, live, current)
        _guard(wanted, ref, live, current)
        print_ = fingerprint(wanted)
        if live is None or current is None:
            written = self._make(wanted, item, print_)
        else:
            written = self._change(wanted, live, print_)
        if written.exceptions or wanted.overrides:
            written = self._occurrences(wanted, written)
        known_as = str(written.master.get("iCalUID", ""))
        link = str(written.master.get("hangoutLink", ""))
        return EventRef(f"{self._address}/{written.master['id']}", event.uid, self._settle(written), known_as, link)

    def _make(self, wanted: Event, there: Item | None, print_: str) -> Item:
        """Insert it, or bring back what was deleted: an id is never free again."""
        body = body_of(wanted, {WANTED: print_, WRITTEN: _written(wanted, print_), **answer_notes(wanted)})
        id_ = event_id(wanted.uid)
        meet = self._meet and not has_link(wanted)
        version = 1 if meet else 0
        if meet:
            body["conferenceData"] = _asking_for_link(id_, print_, there)

        def insert(g: Any) -> Any:
            made = {**body, "id": id_}
            return g("events").insert(calendarId=_PRIMARY, body=made, sendUpdates="all", conferenceDataVersion=version)

        def revive(g: Any) -> Any:
            count = max(int(there.master.get("sequence", 0)) if there else 0, int(body["sequence"]))
            again = {**body, "status": "confirmed", "sequence": count}
            return g("events").update(
                calendarId=_PRIMARY, eventId=id_, body=again, sendUpdates="all", conferenceDataVersion=version
            )

        made = item_of(self._google.call(insert if there is None else revive), ())
        # What is brought back may have its old exceptions, and a Meet link may take a moment.
        pending = meet and "hangoutLink" not in made.master
        return self._read(id_) or made if pending or there is not None else made

    def _change(self, wanted: Event, there: Item, print_: str) -> Item:
        notes = {WANTED: print_, **answer_notes(wanted)}
        change = differing(body_of(wanted, notes), there.master)
        if self._meet and not has_link(wanted) and there.master.keys().isdisjoint(_MET_AT):
            change["conferenceData"] = _asking_for_link(str(there.master["id"]), print_, there)
        if not change:
            return there
        told = who_hears(change, there.master)
        private = change.setdefault("extendedProperties", {}).setdefault("private", {})
        private[WRITTEN] = _written(wanted, print_)
        master = self._patch(str(there.master["id"]), change, told, str(there.master["etag"]))
        if not change.keys().isdisjoint(("start", "end", "recurrence", "conferenceData")):
            return self._read(str(master["id"])) or item_of(master, ())
        return Item(master, there.exceptions)

    def _occurrences(self, wanted: Event, there: Item) -> Item:
        """Each occurrence that differs from the series; and back to the series what differed once."""
        overrides = {override.recurrence_id.astimezone(UTC): override for override in wanted.overrides}
        excluded = {moment.astimezone(UTC) for moment in wanted.exdates}
        changed = False
        for original in sorted(overrides.keys() | there.exceptions.keys() - excluded):
            has = there.exceptions.get(original)
            target = occurrence_of(wanted, overrides.get(original), original)
            if has is None and original in overrides:
                has = self._instance(str(there.master["id"]), original.astimezone(wanted.start.tzinfo))
            if has is None:
                continue
            change = differing(target, has)
            if has.get("status") == "cancelled" and "status" in change:
                change = target
            elif change.get("status") == "cancelled":
                change = {"status": "cancelled"}
            if change:
                self._patch(str(has["id"]), change, who_hears(change, has))
                changed = True
        return self._read(str(there.master["id"])) or there if changed else there

    def _settle(self, written: Item) -> str:
        """The etag of what is there now; noted on the event, for Google may write a rule in its own way."""
        final = event_of(written)
        print_, times = fingerprint(final), revision(final)
        shared = written.master.get("extendedProperties", {}).get("shared", {})
        change: dict[str, Any] = {}
        if written.note(WRITTEN) != print_:
            change["private"] = {WRITTEN: print_}
        if shared.get(REVISION) != times:
            change["shared"] = {REVISION: times, UID: final.uid}
        if change:
            self._patch(str(written.master["id"]), {"extendedProperties": change}, "none")
        return print_

    def _read(self, id_: str) -> Item | None:
        try:
            master = self._google.call(lambda g: g("events").get(calendarId=_PRIMARY, eventId=id_))
        except NotFound:
            return None
        if "recurrence" not in master or master.get("status") == "cancelled":
            return item_of(master, ()) if "start" in master else Item(master, {})
        uid = master["iCalUID"]
        listed = self._google.call(
            lambda g: g("events").list(calendarId=_PRIMARY, iCalUID=uid, showDeleted=True, maxResults=2500)
        )
        exceptions = [item for item in listed.get("items", ()) if item.get("recurringEventId") == id_]
        return item_of(master, exceptions)

    def _instance(self, id_: str, original: datetime) -> Json | None:
        def request(g: Any) -> Any:
            start = original.isoformat()
            events = g("events")
            return events.instances(calendarId=_PRIMARY, eventId=id_, originalStart=start, showDeleted=True)

        found: Json | None = next(iter(self._google.call(request).get("items", ())), None)
        return found

    def _patch(self, id_: str, change: Json, told: str, etag: str | None = None) -> Json:
        def request(g: Any) -> Any:
            return g("events").patch(
                calendarId=_PRIMARY,
                eventId=id_,
                body=change,
                sendUpdates=told,
                conferenceDataVersion=1,  # 0 would take the link away
            )

        answer: Json = self._google.call(request, if_match=etag)
        return answer


def _understood(item: Item) -> Event:
    try:
        return event_of(item)
    except FAULTS as error:
        raise Conflict("somebody changed the event into one that cannot be read") from error


def _with_what_people_said(event: Event, live: Item | None, current: Event | None) -> Event:
    """As it will be read back, with the answers that are there and that we had not seen."""
    if live is None or current is None:
        return as_written(event)
    theirs = {attendee.address: answers(current, attendee.address) for attendee in current.attendees}
    return as_written(with_answers(event, as_answered(live, current), theirs))


def _guard(wanted: Event, ref: EventRef | None, live: Item | None, current: Event | None) -> None:
    """Raises Conflict unless ``ref`` knows what is there, or what is there is this very event, or half of it."""
    if live is None or current is None:
        return
    there = fingerprint(current)
    if live.note(WANTED) == fingerprint(wanted) and live.note(WRITTEN) in (PENDING, there):
        return
    if ref is None and current.sequence <= wanted.sequence:
        return
    if ref is None or ref.etag not in (None, there):
        raise Conflict("the event was changed since it was read")


def _written(wanted: Event, print_: str) -> str:
    """Occurrences come after the series: until they are there, the event is only half written."""
    return PENDING if wanted.overrides else print_
