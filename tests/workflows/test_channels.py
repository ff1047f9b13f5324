"""A team's digest in its chat channel, from the row that is written with it to a real adapter and a loopback server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from assistant import config, loops
from assistant.domain.people import Channel
from assistant.render import Section
from assistant.store import channels as store
from assistant.store.rounds import PromptState
from assistant.store.timers import MAIL, Timer
from assistant.wiring import House, open_house
from assistant.workflows import channels, digests
from tests.adapters.test_chats import Slack, said
from tests.fakes.loopback import Fault
from tests.workflows.small_team import LEE, MIA, SAM, SETUP, answer, asked, at, desk_in, prompt_of

TUESDAY = date(2026, 11, 17)
TEXT = """
assistant: {{name: Ada, address: ada@example.com, zone: Europe/Berlin}}
people:
  - {{name: Mia Chen, email: mia@example.com, team: product, lead: true}}
  - {{name: Sam Osei, email: sam@example.com, team: product}}
teams:
  product: {{channel: {{account: chat, name: "{channel}"}}}}
accounts:
  main: {{mail: local, calendar: local}}
  chat: {{channel: slack, token: xoxb-good, api_url: "http://127.0.0.1:{port}/api/"}}
rounds:
  - {{kind: check-in, team: product, at: "09:00"}}
"""


@pytest.fixture
def slack() -> Iterator[Slack]:
    fake = Slack()
    yield fake
    fake.close()


def loaded(folder: Path, port: int, channel: str = "#product") -> config.Config:
    (folder / "config.yaml").write_text(TEXT.format(port=port, channel=channel), encoding="utf-8")
    return config.load(folder / "config.yaml")


@pytest.fixture
def house(tmp_path: Path, slack: Slack) -> Iterator[House]:
    with open_house(loaded(tmp_path, slack.port), at(2, 6)) as opened:
        yield opened


def digest(house: House, now: datetime) -> str:
    """A check-in that Sam answered and Mia did not, and its digest for both."""
    prompts: dict[str, Mapping[str, str | tuple[str, float]] | PromptState | str] = {
        SAM: {"done": "the import", "blockers": "none"},
        MIA: PromptState.MISSED,
    }
    house.db.execute("PRAGMA foreign_keys = OFF")  # what they were asked in is no matter here
    key = asked(house.desk, now.date(), prompts, house.desk.setup.rounds[0])
    with house.db.atomic():
        timers = [Timer(f"digest:{key}:{who}", now, "digest", key, who, MAIL) for who in (MIA, SAM)]
        digests.write_all(house.desk, timers, now)
    return key


def post(house: House, now: datetime) -> int:
    return loops.post(house, now, lambda _place: nullcontext())


def states(house: House) -> list[tuple[str, str]]:
    return [(state, error) for state, error in house.db.execute("SELECT state, error FROM channel_outbox")]


def test_a_digest_is_posted_once_for_all_its_readers_without_the_words_about_mail(house: House, slack: Slack) -> None:
    key = digest(house, at(17, 14))
    digests.write_all(house.desk, [Timer("late", at(17, 15), "digest", key, SAM, MAIL)], at(17, 15))
    assert post(house, at(17, 14)) == 1
    (text,) = slack.posts.values()
    assert text.startswith("Product check-ins, Tue 17 Nov\n```\n1 of 2 have answered")
    assert "the import" in text
    assert "stop" not in text
    assert states(house) == [("sent", "")]
    assert post(house, at(17, 16)) == 0


def test_what_could_not_be_posted_goes_again_and_is_there_once(house: House, slack: Slack) -> None:
    digest(house, at(17, 14))
    slack.faults.append(Fault(after=True))  # posted, and then the line is cut
    post(house, at(17, 14))
    assert states(house) == [("ready", "Unavailable")]
    assert loops.next_due(house) is not None
    assert post(house, at(17, 14, 4)) == 0
    assert post(house, at(17, 14, 5)) == 1
    assert states(house) == [("sent", "")]
    assert len(slack.posts) == 1


def test_a_channel_that_is_not_there_is_told_to_the_operator_and_given_up_after_two_days(
    house: House, slack: Slack
) -> None:
    digest(house, at(17, 14))
    slack.faults.append(Fault(answer=said({"ok": False, "error": "not_in_channel"}), times=2))
    post(house, at(17, 14))
    (problem,) = house.db.execute("SELECT message FROM problems WHERE place = 'account chat'").fetchone()
    assert "member of that channel" in problem
    post(house, at(19, 15))
    assert states(house) == [("failed", "given up after two days")]


def test_what_waits_for_a_channel_that_is_no_longer_the_teams_never_goes_there(
    house: House, slack: Slack, tmp_path: Path
) -> None:
    digest(house, at(17, 14))
    house.adopt(loaded(tmp_path, slack.port, "#design"), at(17, 14))
    post(house, at(17, 14))
    assert states(house) == [("suppressed", "no longer their channel")]
    assert not slack.posts


@pytest.mark.parametrize("audience", ["person:mia@example.com", "pair:one-on-one", "series:review", "team:design", ""])
def test_only_what_is_for_the_whole_team_goes_into_its_channel(tmp_path: Path, audience: str) -> None:
    product = replace(SETUP.teams["product"], channel=Channel("chat", "#product"))
    desk = desk_in(tmp_path, replace(SETUP, teams={**SETUP.teams, "product": product}))
    outcome = digests.load(desk, asked(desk, TUESDAY, {LEE: {"done": "x"}}), at(17, 14))
    assert outcome is not None
    section = Section("digest", digests.team_view(desk, outcome, at(17, 14)))
    assert not channels.write(desk, at(17, 14), product, section, key="k", audience=audience)
    assert not store.waiting(desk.db, at(17, 14))
    assert channels.write(desk, at(17, 14), product, section, key="k", audience="team:product")


def test_the_words_for_the_lead_alone_are_not_for_the_channel(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    key = asked(desk, TUESDAY, {MIA: {"done": "x"}})
    answer(desk, prompt_of(desk, key, MIA), {"next": "y"}, at(17, 12))
    outcome = digests.load(desk, key, at(17, 14))
    assert outcome is not None
    quiet = replace(outcome, quiet=True)
    assert digests.view(desk, quiet, desk.setup.people[MIA], at(17, 14)).quiet
    assert not digests.team_view(desk, quiet, at(17, 14)).quiet
