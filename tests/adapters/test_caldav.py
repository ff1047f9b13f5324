"""CalDAV, on two real servers: Radicale, which stores calendars, and Xandikos, which invites people as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
import requests
from assistant.adapters.caldav import CalDavCalendar

from assistant.domain.calendar import Attendee, Busy, BusyKind, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, CursorExpired, ProviderError, Rejected, Unauthorized, Unavailable
from assistant.ical import from_ical, to_ical
from assistant.ports import EventRef
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarContract,
    CalendarWorld,
    answered,
    at,
    ics,
    partstats,
    weekly,
)
from tests.fakes.dav_proxy import DavProxy
from tests.fakes.loopback import Answer, Fault
from tests.servers.loopback import free_port
from tests.servers.pages import Page, pages
from tests.servers.radicale_server import PASSWORD, radicale
from tests.servers.xandikos_server import xandikos

NUMBERS = count(1)
CHANGED_AT = datetime(2026, 11, 2, tzinfo=UTC)
KEPT = ("X-ASSISTANT",)
_NAMES = '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'


class Refused(Exception):  # noqa: N818 - it is named for what happened
    """The server did not let a person do that to their calendar."""


class DavWorld(CalendarWorld):
    """People's own clients speak to the server by themselves: raw requests, nothing of the adapter."""

    calendar: CalDavCalendar
    absence = None  # the adapter makes it
    url: str
    homes: dict[str, str]

    def http(self, method: str, address: str, path: str, **options: object) -> requests.Response:
        raise NotImplementedError

    def put(self, address: str, ics: str) -> None:
        uid = ics.partition("UID:")[2].partition("\r\n")[0]
        self._checked(self.http("PUT", address, self.homes[address] + quote(f"{uid}.ics"), data=ics.encode()))

    def on_calendar(self, address: str) -> list[Event]:
        events = [event for text in self.objects(address).values() for event in from_ical(text.encode())]
        return [event for event in events if not event.cancelled]

    def objects(self, address: str) -> dict[str, str]:
        return self.in_collection(address, self.homes[address])

    def in_collection(self, address: str, collection: str) -> dict[str, str]:
        headers = {"Depth": "1", "Content-Type": "text/xml"}
        listing = self.http("PROPFIND", address, collection, headers=headers, data=_NAMES).text
        hrefs = [part.partition("<")[0] for part in listing.split("href>")[1::2]]
        found = {path: self.http("GET", address, path) for path in hrefs if path.endswith(".ics")}
        return {path: answer.content.decode() for path, answer in found.items() if answer.ok}

    def change(self, address: str, event: Event) -> None:
        """As a client does: its own bytes, the properties that it does not know kept."""
        path, text = self.find(address, event.uid)
        lines = text.replace("\r\n ", "").splitlines()
        extra = dict(line.split(":", 1) for line in lines if line.startswith(KEPT))
        self._checked(self.http("PUT", address, path, data=to_ical(event, now=CHANGED_AT, extra=extra)))

    def find(self, address: str, uid: str) -> tuple[str, str]:
        return next((path, text) for path, text in self.objects(address).items() if f"UID:{uid}" in text)

    def remove(self, address: str, uid: str) -> None:
        self._checked(self.http("DELETE", address, self.find(address, uid)[0]))

    def made(self, url: str, **options: object) -> CalDavCalendar:
        """The adapter at this address of the server."""
        raise NotImplementedError

    def restart(self) -> None:
        self.calendar = self.made(self.url)

    def break_off(self) -> None:
        self.calendar = self.made(f"http://127.0.0.1:{free_port()}/")

    def repair(self) -> None:
        self.restart()

    def let_in(self) -> None:
        self.restart()

    def lose_calendar(self) -> None:
        assert self.http("DELETE", BOT, self.homes[BOT]).status_code in (200, 204, 404)
        self.calendar = self.made(self.url, calendar_name=self.homes[BOT].rstrip("/").rpartition("/")[2])

    def forget(self) -> None:
        """The server's tokens are kept in memory alone, so whoever starts anew has none."""
        self.restart()

    def upsert_unheard(self, event: Event, ref: EventRef | None) -> None:
        with closing(DavProxy(self.url)) as proxy:
            self.calendar = self.made(proxy.url)
            proxy.faults.append(Fault(self.homes[BOT], "PUT", after=True))
            with pytest.raises(Unavailable):
                self.calendar.upsert(event, ref)
            assert proxy.faults[0].times == 0
        self.restart()

    def _checked(self, answer: requests.Response) -> None:
        if not answer.ok:
            raise Refused(f"{answer.status_code} {answer.text[:300]}")


class RadicaleWorld(DavWorld):
    def __init__(self, url: str, **options: object) -> None:
        self.url = url
        self.name = f"c{next(NUMBERS)}"
        self.options = {"invite": "calendars", **options}
        self.homes = {address: f"/{address.partition('@')[0]}/{self.name}/" for address in (BOT, ANA, BEN)}
        for address in (ANA, BEN):
            assert self.http("MKCALENDAR", address, self.homes[address]).ok
        self.restart()

    def http(self, method: str, address: str, path: str, **options: object) -> requests.Response:
        user = address.partition("@")[0]
        kind = {"Content-Type": "text/calendar"} if method == "PUT" else {}
        headers = {**kind, **dict(options.pop("headers", {}))}  # type: ignore[call-overload]  # a mapping, as given above
        return requests.request(
            method,
            self.url.rstrip("/") + path,
            auth=(user, PASSWORD),
            timeout=20,
            headers=headers,
            **options,  # type: ignore[arg-type]  # as requests takes them
        )

    def made(self, url: str, **options: object) -> CalDavCalendar:
        given = {"username": "bot", "password": PASSWORD, "calendar_name": self.name, **self.options, **options}
        return CalDavCalendar(url=url, address=BOT, calendars={ANA: self.homes[ANA], BEN: self.homes[BEN]}, **given)

    def lock_out(self) -> None:
        self.calendar = self.made(self.url, password="wrong")


class XandikosWorld(DavWorld):
    refusal = None  # everybody may read everything

    def __init__(self, url: str, **options: object) -> None:
        self.url = url
        self.path = f"/t{next(NUMBERS)}/"
        self.options = options
        self.homes = {a: f"{self.path}{a.partition('@')[0]}/calendars/calendar/" for a in (BOT, ANA, BEN)}
        self.restart()

    def http(self, method: str, address: str, path: str, **options: object) -> requests.Response:
        kind = {"Content-Type": "text/calendar"} if method == "PUT" else {}
        headers = {**kind, **dict(options.pop("headers", {}))}  # type: ignore[call-overload]  # a mapping, as given above
        return requests.request(method, self.url.rstrip("/") + path, timeout=20, headers=headers, **options)  # type: ignore[arg-type]  # as requests takes them

    def made(self, url: str, **options: object) -> CalDavCalendar:
        given = {"calendars": {ANA: self.homes[ANA], BEN: self.homes[BEN]}, **self.options, **options}
        return CalDavCalendar(url=url.rstrip("/") + self.path, address=BOT, **given)

    def lock_out(self) -> None:
        assert self.http("GET", "", self.homes[BOT]).status_code != 401

    def invitations(self, address: str) -> int:
        """What the server put into their inbox, and did not withdraw."""
        inbox = f"{self.path}{address.partition('@')[0]}/inbox/"
        return sum("METHOD:REQUEST" in text for text in self.in_collection(address, inbox).values())


@pytest.fixture(scope="module")
def radicale_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with radicale(tmp_path_factory.mktemp("radicale")) as url:
        yield url


@pytest.fixture(scope="module")
def xandikos_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with xandikos(tmp_path_factory.mktemp("xandikos")) as url:
        yield url


class TestOnRadicale(CalendarContract):
    """No scheduling there: the assistant writes on the calendars that people opened to it."""

    @pytest.fixture
    def world(self, radicale_url: str) -> RadicaleWorld:
        return RadicaleWorld(radicale_url)


class TestOnXandikos(CalendarContract):
    """The server invites, and notes the answers in the organiser's copy.

    Some of the promises are the server's to keep, and this one keeps them otherwise: it lets attendees change nothing
    but their own answer to the whole series, an attendee's copy keeps what it knew of others' answers, and who deletes
    their copy is invited anew.
    """

    @pytest.fixture
    def world(self, xandikos_url: str) -> XandikosWorld:
        return XandikosWorld(xandikos_url)

    def test_answers_are_kept(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.calendar.upsert(replace(weekly(), description="Agenda: 1. hiring"), ref)
        for address in (BOT, ANA):
            event = self.one(world, address)
            assert event.description == "Agenda: 1. hiring"
            assert [attendee.partstat for attendee in event.attendees] == [Partstat.ACCEPTED, Partstat.NEEDS_ACTION]

    def test_a_newer_answer_of_ours_counts(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.upsert(answered(weekly(), ANA, Partstat.DECLINED), ref)
        assert self.one(world, BOT).attendees[0].partstat is Partstat.DECLINED

    def test_who_deleted_it_is_left_in_peace(self, world: CalendarWorld) -> None:
        """As far as we can: she has declined, and takes no more of her time."""
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.changes(None)
        world.remove(ANA, weekly().uid)
        world.calendar.upsert(replace(weekly(), description="new"), ref)
        assert self.one(world, BOT).attendees[0].partstat is Partstat.DECLINED
        assert list(world.calendar.free_busy([ANA], MONTH)[ANA]) == []

    def test_an_answer_to_one_occurrence_is_kept(self, world: CalendarWorld) -> None:
        self._is_refused(world, Override(at(10, 10), at(10, 10), HALF_HOUR))

    def test_an_answer_to_one_occurrence_is_told(self, world: CalendarWorld) -> None:
        self._is_refused(world, Override(at(10, 10), at(10, 10), HALF_HOUR))

    def test_a_moved_occurrence_is_told(self, world: CalendarWorld) -> None:
        self._is_refused(world, Override(at(10, 10), at(11, 14), HALF_HOUR))

    def test_a_removed_occurrence_is_told(self, world: CalendarWorld) -> None:
        self._is_refused(world, Override(at(17, 10), at(17, 10), HALF_HOUR, cancelled=True))

    def test_who_declined_an_occurrence_is_asked_anew_where_it_moves(self, world: CalendarWorld) -> None:
        """The no came another way, by mail, and we wrote it down. What an attendee's copy shows is up to the server."""
        ref = world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        no = answered(weekly(), ANA, Partstat.DECLINED).attendees
        declined = weekly().with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=no))
        ref = world.calendar.upsert(declined, ref)
        assert self.said(world, BOT, at(10, 10)) is Partstat.DECLINED
        moved = replace(weekly().with_override(Override(at(10, 10), at(11, 9), HALF_HOUR)), sequence=1)
        ref = world.calendar.upsert(moved, ref)
        world.calendar.upsert(replace(moved, description="new"), ref)
        assert self.said(world, BOT, at(10, 10)) is Partstat.NEEDS_ACTION
        assert self.said(world, BOT, at(17, 10)) is Partstat.ACCEPTED

    def _is_refused(self, world: CalendarWorld, override: Override) -> None:
        world.calendar.upsert(weekly(), None)
        with pytest.raises(Refused, match="attendee-allowed"):
            world.change(BEN, self.one(world, BEN).with_override(override))


# Who invites


def outsider(event: Event) -> Event:
    return replace(event, attendees=(*event.attendees, Attendee("guest@elsewhere.example", "Guest")))


def test_without_scheduling_all_are_invited_by_mail(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url, invite="mail")
    world.calendar.upsert(weekly(), None)
    assert world.calendar.by_mail(weekly()) == {ANA, BEN}
    assert [world.on_calendar(address) for address in (ANA, BEN)] == [[], []]


def test_whose_calendar_we_write_gets_no_mail(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url, by_mail=[BEN])
    event = outsider(weekly())
    world.calendar.upsert(event, None)
    assert world.calendar.by_mail(event) == {BEN, "guest@elsewhere.example"}
    assert [len(world.on_calendar(address)) for address in (ANA, BEN)] == [1, 0]


def test_where_the_server_invites_only_those_get_a_mail_whom_it_does_not_reach(xandikos_url: str) -> None:
    world = XandikosWorld(xandikos_url)
    event = outsider(weekly())
    world.calendar.upsert(event, None)
    assert world.calendar.by_mail(event) == {"guest@elsewhere.example"}
    assert world.calendar.by_mail(weekly()) == set()


def test_whom_the_configuration_invites_by_mail_the_server_is_told_to_leave_to_us(xandikos_url: str) -> None:
    """SCHEDULE-AGENT=CLIENT (RFC 6638, 7.1), for this attendee alone."""
    world = XandikosWorld(xandikos_url, by_mail=[BEN])
    world.calendar.upsert(weekly(), None)
    lines = world.find(BOT, weekly().uid)[1].replace("\r\n ", "").splitlines()
    told = [line for line in lines if line.startswith("ATTENDEE") and "SCHEDULE-AGENT=CLIENT" in line]
    assert [line.rpartition(":")[2] for line in told] == [BEN]
    assert world.calendar.by_mail(weekly()) == {BEN}


def test_a_server_that_does_not_know_our_address_does_not_invite(xandikos_url: str) -> None:
    """Then nobody would: so mails do, and the account is named as the problem."""
    world = XandikosWorld(xandikos_url)
    calendar = CalDavCalendar(url=world.url.rstrip("/") + world.path, address="other@team.example")
    event = replace(weekly(), organizer="other@team.example")
    calendar.upsert(event, None)
    assert calendar.by_mail(event) == {ANA, BEN}
    assert "other@team.example" in calendar.problems["scheduling"]


# What others do


def test_an_answer_that_the_server_noted_is_told_once(xandikos_url: str) -> None:
    """Where we cannot read the attendee's calendar at all."""
    world = XandikosWorld(xandikos_url, calendars={})
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    (copy,) = world.on_calendar(ANA)
    world.change(ANA, answered(copy, ANA, Partstat.ACCEPTED))
    world.restart()
    batch = world.calendar.changes(cursor)
    assert partstats(list(batch.changes)) == {(ANA, None): Partstat.ACCEPTED}
    assert list(world.calendar.changes(batch.cursor).changes) == []
    ref = world.calendar.upsert(replace(weekly(), description="new"), None)
    assert world.calendar.upsert(replace(weekly(), description="newer"), ref).etag != ref.etag
    assert world.on_calendar(BOT)[0].attendees[0].partstat is Partstat.ACCEPTED


@pytest.mark.parametrize("server", ["radicale_url", "xandikos_url"])
def test_what_somebody_does_in_the_assistant_s_own_calendar_is_told(
    server: str, request: pytest.FixtureRequest
) -> None:
    """Moved: whoever organises sees it. Deleted: nobody meant that, so it is to be written again."""
    url = request.getfixturevalue(server)
    world: DavWorld = RadicaleWorld(url) if server == "radicale_url" else XandikosWorld(url)
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    (event,) = world.on_calendar(BOT)
    world.change(BOT, event.with_override(Override(at(10, 10), at(12, 9), HALF_HOUR)))
    batch = world.calendar.changes(cursor)
    assert (BOT, {at(10, 10): at(12, 9)}) in [(change.by, change.moved) for change in batch.changes]
    world.remove(BOT, weekly().uid)
    deleted = world.calendar.changes(batch.cursor).changes
    assert (weekly().uid, None, None) in [(change.uid, change.event, change.by) for change in deleted]
    world.calendar.upsert(weekly(), None)
    assert len(world.on_calendar(BOT)) == 1


@pytest.mark.parametrize("server", ["radicale_url", "xandikos_url"])
def test_a_lost_place_loses_nothing(server: str, request: pytest.FixtureRequest) -> None:
    """One server says 403, the other 412; both name valid-sync-token, and what happened meanwhile is still told."""
    url = request.getfixturevalue(server)
    world: DavWorld = RadicaleWorld(url) if server == "radicale_url" else XandikosWorld(url)
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    team = world.calendar._team
    with pytest.raises(CursorExpired):
        team.dav.since(team.own().url, "http://example.org/sync/never-given")
    for shelf in team._shelves.values():
        assert shelf is not None
        shelf._token = "http://example.org/sync/never-given"
    world.change(ANA, answered(world.on_calendar(ANA)[0], ANA, Partstat.TENTATIVE))
    assert partstats(list(world.calendar.changes(cursor).changes)) == {(ANA, None): Partstat.TENTATIVE}


@pytest.mark.parametrize("status", [404, 409, 410, 412, 500])
def test_a_server_that_says_in_its_own_way_that_the_place_is_lost_is_listed(radicale_url: str, status: int) -> None:
    world = RadicaleWorld(radicale_url)
    world.calendar.upsert(weekly(), None)
    with closing(DavProxy(radicale_url)) as proxy:
        calendar = world.made(proxy.url)
        cursor = calendar.changes(None).cursor
        proxy.faults.append(Fault(world.homes[BOT], "REPORT", Answer(status)))
        world.change(ANA, answered(world.on_calendar(ANA)[0], ANA, Partstat.TENTATIVE))
        assert partstats(list(calendar.changes(cursor).changes)) == {(ANA, None): Partstat.TENTATIVE}
        assert proxy.faults[0].times == 0


def test_a_server_that_always_says_that_there_is_more_is_listed_instead_of_asked_again(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url)
    world.calendar.upsert(weekly(), None)
    with closing(DavProxy(radicale_url)) as proxy:
        calendar = world.made(proxy.url)
        cursor = calendar.changes(None).cursor
        proxy.endless = True
        world.change(ANA, answered(world.on_calendar(ANA)[0], ANA, Partstat.TENTATIVE))
        assert partstats(list(calendar.changes(cursor).changes)) == {(ANA, None): Partstat.TENTATIVE}
        asked = sum(b"sync-collection" in each.body for each in proxy.requests)
        calendar.changes(cursor)
        assert sum(b"sync-collection" in each.body for each in proxy.requests) == asked <= 10


def test_an_etag_that_something_in_between_has_weakened_still_guards(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url)
    with closing(DavProxy(radicale_url)) as proxy:
        proxy.weakens = True
        calendar = world.made(proxy.url)
        ref = calendar.upsert(weekly(), None)
        moved = weekly().with_override(Override(at(10, 10), at(12, 9), HALF_HOUR))
        later = calendar.upsert(replace(moved, sequence=1), ref)
        with pytest.raises(Conflict):
            calendar.upsert(weekly(), ref)
        calendar.cancel(moved, later)
    assert world.on_calendar(BOT) == []


@pytest.mark.parametrize("server", ["radicale_url", "xandikos_url"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul"])
@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=-1FR"])
def test_time_zones_and_recurrence_survive(server: str, zone: str, rule: str, request: pytest.FixtureRequest) -> None:
    """Made by us, read back by somebody else: the same instants over the next two clock changes, one event."""
    url = request.getfixturevalue(server)
    world: DavWorld = RadicaleWorld(url) if server == "radicale_url" else XandikosWorld(url)
    event = replace(weekly(), start=datetime(2026, 11, 3, 10, tzinfo=ZoneInfo(zone)), rrule=rule)
    year = Period(event.start.astimezone(UTC), event.start.astimezone(UTC) + timedelta(days=400))
    second, third = (each.recurrence_id for each in occurrences(event, year)[1:3])
    event = event.with_override(Override(second, second, HALF_HOUR, cancelled=True))
    event = event.with_override(Override(third, third + timedelta(hours=3), HALF_HOUR))
    world.calendar.upsert(event, None)
    ours = [each.period for each in occurrences(event, year)]
    for address in (BOT, ANA):
        (read_back,) = world.on_calendar(address)
        assert [each.period for each in occurrences(read_back, year)] == ours


# Free/busy


def test_who_shows_only_when_they_are_busy_is_asked_for_that(radicale_url: str) -> None:
    """Radicale's permission ``f``: free-busy-query yes, reading no. Our own meeting is taken out."""
    world = RadicaleWorld(radicale_url)
    told = f"/ana/told{world.name}/"
    assert world.http("MKCALENDAR", ANA, told).ok
    lines = ("DTSTART:20261105T090000Z", "DTEND:20261105T100000Z")
    world.http("PUT", ANA, f"{told}a.ics", data=ics("UID:a", "SUMMARY:x", *lines).encode())
    world.http("PUT", ANA, f"{told}b.ics", data=to_ical(weekly(), now=CHANGED_AT))
    world.options["invite"] = "mail"
    calendar = CalDavCalendar(
        url=world.url, username="bot", password=PASSWORD, address=BOT, calendar_name=world.name, calendars={ANA: told}
    )
    calendar.upsert(weekly(), None)
    start = datetime(2026, 11, 5, 9, tzinfo=UTC)
    own = Busy(Period(start, start + timedelta(hours=1)))
    assert len(calendar.free_busy([ANA], MONTH)[ANA]) == 5
    assert calendar.free_busy([ANA], MONTH, ignoring={weekly().uid}) == {ANA: [own]}
    assert not calendar.problems


def test_whose_calendar_is_shut_is_unknown_and_the_others_go_on(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url)
    calendar = CalDavCalendar(
        url=world.url, username="bot", password=PASSWORD, address=BOT, calendar_name=world.name,
        calendars={ANA: f"/ana/shut{world.name}/", BEN: world.homes[BEN], "carl@team.example": "/carl/none/"},
    )  # fmt: skip
    assert list(calendar.free_busy([ANA, BEN, "carl@team.example"], MONTH)) == [BEN]
    assert calendar.problems.keys() <= {f"calendar of {ANA}", "calendar of carl@team.example"}
    assert calendar.changes(None).cursor


def test_the_place_of_calendars_may_be_a_pattern(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url)
    world.put(ANA, ics("UID:a", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    calendar = CalDavCalendar(
        url=world.url, username="bot", password=PASSWORD, address=BOT, calendar_name=world.name,
        calendars=f"/{{user}}/{world.name}/", zones={ANA: ZoneInfo("UTC"), BEN: ZoneInfo("UTC")},
    )  # fmt: skip
    busy = calendar.free_busy([ANA, BEN, "carl@team.example"], MONTH)
    assert {address: len(blocks) for address, blocks in busy.items()} == {ANA: 1, BEN: 0}


def test_the_server_can_be_asked_where_calendars_are(xandikos_url: str) -> None:
    world = XandikosWorld(xandikos_url, calendars="search")
    world.put(ANA, ics("UID:a", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    world.calendar = CalDavCalendar(url=world.url.rstrip("/") + world.path, address=BOT, calendars="search")
    busy = world.calendar.free_busy([ANA, BEN, "carl@team.example"], MONTH)
    assert {address: len(blocks) for address, blocks in busy.items()} == {ANA: 1, BEN: 0}


def test_a_person_s_own_entries_are_fetched_once(radicale_url: str) -> None:
    """Then only what the server says has changed."""
    world = RadicaleWorld(radicale_url)
    for number in range(60):
        day = f"202611{number % 28 + 1:02}"
        world.put(ANA, ics(f"UID:e{number}", f"DTSTART:{day}T090000Z", f"DTEND:{day}T100000Z"))
    world.calendar.free_busy([ANA], MONTH)
    shelf = world.calendar._team.shelf(ANA)
    assert shelf is not None
    before = dict(shelf.refresh())
    world.put(ANA, ics("UID:e7", "DTSTART:20261130T130000Z", "DTEND:20261130T140000Z"))
    after = shelf.refresh()
    assert sum(after[url] is not copy for url, copy in before.items()) == 1


# Finding the way


def test_our_calendar_is_made_where_there_is_none(radicale_url: str) -> None:
    name = f"made{next(NUMBERS)} ü"
    calendar = CalDavCalendar(url=radicale_url, username="bot", password=PASSWORD, address=BOT, calendar_name=name)
    calendar.upsert(weekly(), None)
    again = CalDavCalendar(url=radicale_url, username="bot", password=PASSWORD, address=BOT, calendar_name=name)
    assert again.recurring([BOT], MONTH) == [weekly()]


def test_several_calendars_and_no_word_which_is_an_error_that_names_them(radicale_url: str) -> None:
    for name in ("x1", "x2"):
        RadicaleWorld(radicale_url).http("MKCALENDAR", BEN, f"/ben/{name}/")
    with pytest.raises(Rejected, match=r"several calendars .*x1.*x2.*calendar_name"):
        CalDavCalendar(url=radicale_url, username="ben", password=PASSWORD, address=BEN).changes(None)


def test_the_address_of_a_calendar_itself_will_do(radicale_url: str) -> None:
    world = RadicaleWorld(radicale_url)
    place = radicale_url + world.homes[ANA].lstrip("/")
    calendar = CalDavCalendar(url=place, username="ana", password=PASSWORD, address=ANA)
    calendar.upsert(replace(weekly(), organizer=ANA), None)
    assert len(world.on_calendar(ANA)) == 1


# What goes wrong


def test_a_wrong_password_is_unauthorized(radicale_url: str) -> None:
    with pytest.raises(Unauthorized):
        CalDavCalendar(url=radicale_url, username="bot", password="wrong", address=BOT).changes(None)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://no-such-host.invalid/"])
def test_nobody_there_is_unavailable(url: str) -> None:
    with pytest.raises(Unavailable):
        CalDavCalendar(url=url, username="bot", password="x", address=BOT).changes(None)


def test_a_password_does_not_travel_in_clear() -> None:
    with pytest.raises(Rejected, match="clear"):
        CalDavCalendar(url="http://dav.example.org/", username="bot", password="x", address=BOT).changes(None)


def test_a_read_only_calendar_is_refused_for_good(radicale_url: str) -> None:
    """One sentence that says what is the matter."""
    world = RadicaleWorld(radicale_url)
    calendar = CalDavCalendar(url=radicale_url + f"bot/{world.name}/", username="ana", password=PASSWORD, address=ANA)
    with pytest.raises((Rejected, Unauthorized)):
        calendar.upsert(replace(weekly(), organizer=ANA), None)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>
<D:multistatus xmlns:D="DAV:"><D:response><D:href>&lol2;</D:href></D:response></D:multistatus>"""


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (Page(BOMB, 207), Rejected),
        (Page(b"<html>captive portal", 207), Rejected),
        (Page(status=302, headers={"Location": "http://evil.example/"}), Rejected),
        (Page(status=301, headers={"Location": "ftp://127.0.0.1/"}), Rejected),
        (Page(status=503, headers={"Retry-After": "120"}), Unavailable),
        (
            Page(status=429, headers={
                "Retry-After": "Sun, 01 Nov 2026 08:02:00 GMT", "Date": "Sun, 01 Nov 2026 08:00:00 GMT"
            }),
            Unavailable,
        ),
        (Page(status=507), Unavailable),
        (Page(status=423), Unavailable),
        (Page(status=301, headers={"Location": "/dav/"}), Rejected),
        (Page(status=401), Unauthorized),
    ],
)  # fmt: skip
def test_a_server_that_misbehaves(page: Page, error: type[ProviderError]) -> None:
    with pages() as site:
        site.act = lambda _method, _path, _body: page
        with pytest.raises(error) as caught:
            CalDavCalendar(url=f"{site.url}dav/", username="bot", password="secret!", address=BOT).changes(None)
        assert "secret!" not in str(caught.value)
        if isinstance(caught.value, Unavailable) and "Retry-After" in page.headers:
            assert caught.value.retry_after == 120


HOME = """<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:response><D:href>/dav/cal/</D:href>
<D:propstat><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype>
<D:current-user-principal><D:href>/dav/</D:href></D:current-user-principal>
<C:calendar-home-set><D:href>/dav/</D:href></C:calendar-home-set>
<C:calendar-user-address-set><D:href>mailto:bot@team.example</D:href></C:calendar-user-address-set>
<C:schedule-outbox-URL><D:href>/dav/outbox/</D:href></C:schedule-outbox-URL>
</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>"""
TOLD = """<C:schedule-response xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<C:response><C:recipient><D:href>mailto:ana@team.example</D:href></C:recipient>
<C:request-status>2.0;Success</C:request-status><C:calendar-data>BEGIN:VCALENDAR
BEGIN:VFREEBUSY
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261105T090000Z/PT1H
END:VFREEBUSY
END:VCALENDAR
</C:calendar-data></C:response>
<C:response><C:recipient><D:href>mailto:ben@team.example</D:href></C:recipient>
<C:request-status>3.7;Invalid calendar user</C:request-status></C:response></C:schedule-response>"""


def test_a_server_that_schedules_tells_free_busy_of_people_we_cannot_read() -> None:
    """One question for all of them (RFC 6638, 5); whom it does not know is absent."""

    def act(method: str, path: str, body: bytes) -> Page:
        if method == "OPTIONS":
            return Page(headers={"DAV": "1, 3, calendar-access, calendar-auto-schedule"})
        if method == "POST" and path == "/dav/outbox/":
            assert body.count(b"ATTENDEE:mailto:") == 2
            return Page(TOLD.encode())
        return Page(HOME.encode(), 207)

    with pages() as site:
        site.act = act
        calendar = CalDavCalendar(url=f"{site.url}dav/", username="bot", password="x", address=BOT)
        busy = calendar.free_busy([ANA, BEN], MONTH)
    start = datetime(2026, 11, 5, 9, tzinfo=UTC)
    assert busy == {ANA: [Busy(Period(start, start + timedelta(hours=1)), BusyKind.AWAY)]}
