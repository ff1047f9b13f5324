"""One house from one configuration, and another configuration while it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.local import LocalCalendar

from assistant import config
from assistant.domain.calendar import Attendee, Event
from assistant.errors import AssistantError
from assistant.ports import EventRef, InvitesByMail
from assistant.store import calendar as calendar_store
from assistant.wiring import House, adapters, ask_for_links, open_house

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
TEXT = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
"""


def written(folder: Path, text: str) -> config.Config:
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return config.load(folder / "config.yaml")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(written(tmp_path, TEXT), NOW) as opened:
        yield opened


def test_a_new_address_and_new_people_reach_the_adapters_without_a_restart(house: House, tmp_path: Path) -> None:
    text = TEXT.replace("ada@", "bot@") + "  - {name: Sam, email: sam@example.com, zone: Africa/Accra, team: product}\n"
    house.adopt(written(tmp_path, text), NOW)
    folder = tmp_path / "data" / "mail" / "bot@example.com" / "new"
    house.mail["main"].fetch(None)
    assert folder.is_dir()
    assert "sam@example.com" in house.desk.setup.people


class Linking(LocalCalendar):  # type: ignore[misc]  # mypy knows adapters by another name
    """One whose meetings are at a link of its own, since its option was changed."""

    makes_links = True


def test_where_a_calendar_makes_links_now_meetings_that_have_none_are_written_once_more(
    house: House, tmp_path: Path
) -> None:
    calendars = {"main": Linking(tmp_path / "data", "ada@example.com")}
    places = {"none": "", "link": "https://zoom.example/1"}
    for name, place in places.items():
        event = Event(f"{name}@example.com", NOW, timedelta(hours=1), name, "ada@example.com", location=place)
        calendar_store.want(house.db, "main", name, event)
    for wish in calendar_store.claim(house.db, NOW, "main"):
        calendar_store.done(house.db, wish, EventRef(wish.event.uid, wish.event.uid, "1"))
    ask_for_links(house.db, calendars)
    (wish,) = calendar_store.claim(house.db, NOW, "main")
    assert (wish.event.uid, wish.event.sequence) == ("none@example.com", 0)
    calendar_store.done(house.db, wish, EventRef(wish.event.uid, wish.event.uid, "1"))
    ask_for_links(house.db, calendars)
    assert calendar_store.claim(house.db, NOW, "main") == [], "a server that makes none is not asked for ever"


@pytest.mark.parametrize("change", ["data: elsewhere\n", "accounts: {main: {mail: pigeon}}\n"])
def test_what_cannot_change_while_it_runs_changes_nothing(house: House, tmp_path: Path, change: str) -> None:
    before = house.desk
    with pytest.raises(AssistantError):
        house.adopt(written(tmp_path, TEXT + change), NOW)
    assert house.desk is before


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("{mail: pigeon}", "accounts.main: no adapter is called 'pigeon'"),
        (
            "{mail: imap, host: a.example, password: x, password_env: Y}",
            "config.yaml: accounts.main: give exactly one of",
        ),
        ("{mail: local, calendar: local, hots: x}", "accounts.main: there is no option 'hots'"),
        ("{mail: local, calendar: caldav}", "accounts.main: caldav needs url"),
        ("{mail: graph, tenant: t, client_id: c, teams: true}", "accounts.main: there is no option 'teams'"),
        ("{mail: graph, tenan: t}", "did you mean"),
    ],
)
def test_an_adapter_or_option_that_is_not_there_is_said_with_its_place_and_leaves_nothing_behind(
    tmp_path: Path, account: str, said: str
) -> None:
    with (
        pytest.raises(AssistantError, match=said),
        open_house(written(tmp_path, TEXT + f"accounts: {{main: {account}}}\n"), NOW),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_each_calendar_is_told_whose_it_is_and_who_is_to_be_invited_by_mail(tmp_path: Path) -> None:
    text = """
assistant: {name: Ada, address: ada@example.com}
accounts:
  post: {mail: local}
  north: {calendar: local}
  south: {calendar: caldav, url: "https://cal.example/", address: ada@south.example, by_mail: kim@x.example}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product, calendar: south}
  - {name: Lee Park, email: lee@example.com, zone: Asia/Seoul, team: product, calendar: mail}
"""
    mail, calendars = adapters(written(tmp_path, text))
    assert (list(mail), list(calendars)) == (["post"], ["north", "south"])
    everybody = tuple(Attendee(f"{name}@{host}") for name, host in (
        ("mia", "example.com"), ("sam", "example.com"), ("lee", "example.com"), ("kim", "x.example")
    ))  # fmt: skip
    event = Event("u", NOW, timedelta(hours=1), "x", "ada@example.com", everybody)
    north, south = calendars.values()
    assert isinstance(north, InvitesByMail)
    assert set(north.by_mail(event)) == {"sam@example.com", "lee@example.com"}
    assert north.zones == {"mia@example.com": ZoneInfo("Europe/Berlin")}  # type: ignore[attr-defined]  # the local one's
    assert south._always_by_mail == {"lee@example.com", "kim@x.example"}  # type: ignore[attr-defined]  # asks no server
