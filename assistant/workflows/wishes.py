"""Hours, place, language and time of asking, as people set them for themselves by reply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from assistant.domain.kinds import KINDS
from assistant.domain.leaving import without_leavers
from assistant.domain.people import resolve
from assistant.domain.setup import Setup
from assistant.domain.views import Act
from assistant.domain.wishes import ASKED_AT, HOURS, LANGUAGE, ZONE, ZoneWish, hours_text, laid_over
from assistant.inbound.commands import AskAt, Command, Hours, Language, Zone
from assistant.store import database, timers
from assistant.store import people as store
from assistant.store.timers import Timer
from assistant.workflows.desk import Desk, Do, Handler, Request

_CHANGES = "wishes"
_DAILY = "check-in"


def state(db: Database) -> str:
    """Another text whenever somebody wished for something, or a wish came into force or ended."""
    return database.read_meta(db, _CHANGES) or ""


def in_force(db: Database, setup: Setup, now: datetime) -> Setup:
    """The configuration's setup without those whose last day is over, and with what people set for themselves."""
    return laid_over(without_leavers(setup, now), store.wishes(db), now)


def _set(desk: Desk, now: datetime, request: Request, name: str, value: str) -> None:
    store.set_(desk.db, now, request.person.address, name, value, request.inbound)
    _changed(desk, now)


def _changed(desk: Desk, now: datetime) -> None:
    database.write_meta(desk.db, _CHANGES, f"{int((state(desk.db) or '0 ').split()[0]) + 1} {now.isoformat()}")


def _ask_at(desk: Desk, now: datetime, request: Request, wish: AskAt) -> list[Act]:
    """Of the kind they named, else of the one that the mail they reply to asked for."""
    asked = [kind for kind in (request.about.kinds if request.about else ()) if kind in KINDS and KINDS[kind].at]
    kind = wish.kind or (asked[0] if asked else _DAILY)
    if kind not in KINDS or KINDS[kind].at is None:
        return [Act("no-such-time", family="wishes", kind=kind)]
    _set(desk, now, request, f"{ASKED_AT}{kind}", f"{wish.at:%H:%M}")
    return [Act("at", family="wishes", kind=kind, text=f"{wish.at:%H:%M}")]


def _hours(desk: Desk, now: datetime, request: Request, hours: Hours) -> list[Act]:
    if hours.start >= hours.end:
        return [Act("no-hours", family="wishes")]
    _set(desk, now, request, HOURS, hours_text(hours.start, hours.end))
    return [Act("hours", family="wishes", view=(hours.start, hours.end))]


def _zone(desk: Desk, now: datetime, request: Request, zone: Zone) -> list[Act]:
    """For good, or for some days: a timer wakes us at the local midnight when it begins and when it is over."""
    wish = ZoneWish(zone.name, zone.first, zone.last)
    _set(desk, now, request, ZONE, str(wish))
    place = ZoneInfo(zone.name)
    edges = [zone.first, zone.last + timedelta(days=1) if zone.last else None]
    for edge in edges:
        if edge is not None and (moment := resolve(edge, time(), place)) > now:
            timers.put(desk.db, Timer(f"zone:{request.person.address}:{edge}", moment, "wishes", ""))
    city = zone.name.rpartition("/")[2].replace("_", " ")
    return [Act("zone", family="wishes", text=city, first=zone.first, last=zone.last, view=now.astimezone(place))]


def _language(desk: Desk, now: datetime, request: Request, language: Language) -> list[Act]:
    if not desk.render.speaks(language.code):
        return [Act("no-such-language", family="wishes")]
    _set(desk, now, request, LANGUAGE, language.code)
    return [Act("language", family="wishes")]


def _woken(desk: Desk, _: Timer, now: datetime) -> None:
    _changed(desk, now)


COMMANDS: Mapping[type[Command], Do] = {AskAt: _ask_at, Hours: _hours, Zone: _zone, Language: _language}
HANDLERS: Mapping[str, Handler] = {"wishes": _woken}
