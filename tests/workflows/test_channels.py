"""A team's digest in its chat channel, from the row that is written with it to a real adapter and a loopback server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import config, loops
from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS, Asks
from assistant.domain.people import Channel
from assistant.domain.records import RecordKind
from assistant.domain.views import StillOpenView
from assistant.rehearsal import live_until
from assistant.render import Section
from assistant.store import channels as store
from assistant.store import rounds, timers
from assistant.store.rounds import PromptState
from assistant.store.timers import MAIL, Timer
from assistant.wiring import House, open_house
from assistant.workflows import channels, digests, rollups, telling
from assistant.workflows.desk import Desk
from tests.adapters.test_chats import Slack, said
from tests.fakes.loopback import Fault
from tests.workflows.small_team import (
    CHECK_IN,
    LEE,
    MIA,
    PAIR,
    QUESTIONS,
    REVIEW,
    SAM,
    SETUP,
    answer,
    asked,
    at,
    desk_in,
    meeting,
    prompt_of,
    record,
)

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
        due = [Timer(f"digest:{key}:{who}", now, "digest", key, who, MAIL) for who in (MIA, SAM)]
        telling.write_all(house.desk, due, now)
    return key


def post(house: House, now: datetime) -> int:
    return loops.post(house, now, lambda _place: nullcontext())


def states(house: House) -> list[tuple[str, str]]:
    return [(state, error) for state, error in house.db.execute("SELECT state, error FROM channel_outbox")]


def test_a_digest_is_posted_once_for_all_its_readers_without_the_words_about_mail(house: House, slack: Slack) -> None:
    key = digest(house, at(17, 14))
    telling.write_all(house.desk, [Timer("late", at(17, 15), "digest", key, SAM, MAIL)], at(17, 15))
    assert post(house, at(17, 14)) == 1
    (text,) = slack.posts.values()
    assert text.startswith("Product check-ins, Tue 17 Nov\n```\n1 of 2 have answered")
    assert "the import" in text
    assert "stop" not in text and "Mia" not in text  # who said nothing is named to the team alone, by mail
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


# --- Reminders and weeks ---------------------------------------------------------------------------------------------


def live(house: House, until: datetime) -> None:
    """Everything that falls due up to then, nobody answering."""
    live_until(house, at(2, 6), until)


def posts(house: House) -> list[tuple[str, str]]:
    return [(key, text) for key, text in house.db.execute("SELECT key, text FROM channel_outbox ORDER BY id")]


NAMES = ("Mia", "Sam")


def test_the_first_reminder_tells_the_channel_how_many_answers_are_awaited_and_names_nobody(house: House) -> None:
    live(house, at(3, 9, 59))
    assert not [key for key, _ in posts(house) if "2026-11-03" in key]
    live(house, at(3, 11))
    (text,) = [text for key, text in posts(house) if key.startswith("remind check-in.product/2026-11-03")]
    assert text == (
        "Product: Check-in, Tue 3 Nov\n\nThis is open until 13:00; 2 answers are still to come. A reply to my\n"
        "mail is enough, and a line will do.\n"
    )


def test_a_reminder_is_posted_only_while_somebody_is_awaited(house: House, slack: Slack) -> None:
    live(house, at(3, 10))
    prompts = list(rounds.prompts_of(house.db, "check-in.product/2026-11-03"))
    assert [prompt.state for prompt in prompts] == [PromptState.ASKED] * 2
    for prompt in prompts:
        rounds.finish(house.db, at(3, 10), prompt.id, PromptState.ANSWERED)
    house.db.execute("DELETE FROM channel_outbox WHERE key NOT LIKE 'remind check-in.product/2026-11-03%'")
    post(house, at(3, 10))
    assert not slack.posts and states(house)[-1][0] == "suppressed"


def test_where_people_live_in_several_zones_the_time_says_whose_it_is(tmp_path: Path) -> None:
    desk = channelled(tmp_path)  # Mia, who leads, is in Berlin and Sam in Accra
    key = asked(desk, TUESDAY, {})
    for who in (MIA, SAM):
        id_ = rounds.add_prompt(desk.db, key, "check-in", CHECK_IN.name, who, "team:product", TUESDAY, at(17, 9), None)
        assert id_ is not None
        rounds.mark_asked(desk.db, at(17, 9), id_, 1, at(17, 13), QUESTIONS)
    channels.remind(desk, at(17, 11), rounds.prompts_of(desk.db, key)[0])
    (text,) = (row[0] for row in desk.db.execute("SELECT text FROM channel_outbox"))
    assert "14:00 in Berlin; 2 answers" in " ".join(text.split())


def test_the_week_of_a_team_is_posted_once_without_who_wrote_nothing_and_without_one_on_ones(tmp_path: Path) -> None:
    desk = channelled(tmp_path, "product")
    asked(desk, TUESDAY, {SAM: {"done": "the import"}, MIA: PromptState.MISSED})
    record(desk, RecordKind.ACTION, "ask for a raise", SAM, at(17, 9), PAIR.name, f"pair:{PAIR.name}")
    record(desk, RecordKind.ACTION, "see a doctor", SAM, at(17, 9), "product", f"person:{SAM}")
    meeting(desk, PAIR, at(18, 9))
    rollups.sync(desk, at(17, 18))
    (timer,) = timers.with_prefix(desk.db, "week-post:")
    assert timer.due == at(23, 10)  # Monday at 11:00 in Berlin
    for _ in range(2):
        rollups.post_all(desk, [timer], timer.due)
    ((key, text),) = desk.db.execute("SELECT key, text FROM channel_outbox").fetchall()
    assert key.startswith("rollup 2026-W47 product") and "the import" in text and "Sam Osei" in text
    assert not any(word in text for word in ("raise", "doctor", "Mia", "1:1", "Your own week"))
    (following,) = timers.with_prefix(desk.db, "week-post:")
    assert following.due == at(30, 10)


def test_a_team_without_a_channel_has_no_week_to_post_and_one_that_lost_it_no_longer(tmp_path: Path) -> None:
    desk = channelled(tmp_path)
    rollups.sync(desk, at(17, 18))
    assert timers.with_prefix(desk.db, "week-post:")
    rollups.sync(replace(desk, setup=SETUP), at(17, 18))
    assert not timers.with_prefix(desk.db, "week-post:")


def test_a_week_that_is_too_late_is_left_out(tmp_path: Path) -> None:
    desk = channelled(tmp_path)
    asked(desk, TUESDAY, {SAM: {"done": "the import"}})
    rollups.post_all(desk, [Timer("week-post:product", at(23, 10), "week-post", "2026-11-16", stage=MAIL)], at(26, 10))
    assert not store.waiting(desk.db, at(26, 10))


# --- Never anything private ------------------------------------------------------------------------------------------


def channelled(folder: Path, *teams: str) -> Desk:
    """The small team, whose teams all have a channel."""
    changed = {
        name: replace(team, channel=Channel("chat", f"#{name}"))
        for name, team in SETUP.teams.items()
        if not teams or name in teams
    }
    return desk_in(folder, replace(SETUP, teams={**SETUP.teams, **changed}))


PARENTS = [CHECK_IN.name, "check-in.design", PAIR.name, REVIEW.name, "gone"]
LABELS = [
    "team:product", "team:design", "team:", "everyone", "",
    f"person:{SAM}", f"pair:{PAIR.name}", f"series:{REVIEW.name}",
    "pair:product", "person:product", "series:product", "TEAM:product", "team:product ",
]  # fmt: skip


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return channelled(tmp_path_factory.mktemp("store"))


@given(
    kind=st.sampled_from(sorted(KINDS)),
    parent=st.sampled_from(PARENTS),
    label=st.sampled_from(LABELS) | st.text(max_size=20).map(lambda name: f"pair:{name}"),
    team=st.sampled_from(["product", "design"]),
)
@settings(max_examples=300, deadline=None)
def test_whatever_the_kind_only_the_text_of_a_whole_team_is_posted_and_only_to_its_own_channel(
    everywhere: Desk, kind: str, parent: str, label: str, team: str
) -> None:
    """Of every kind and audience: the post of a section, and the reminder of a prompt."""
    desk, now = everywhere, at(17, 11)
    with suppress(Undo), desk.db.atomic():
        view = StillOpenView("Title", "Team", TUESDAY, now, 1)
        written = channels.write(
            desk, now, desk.setup.teams[team], Section("still-open", view), key="k", audience=label
        )
        assert written == (label == f"team:{team}")
        occurrence = f"{parent}/x"
        rounds.open_occurrence(desk.db, now, occurrence, kind, parent, TUESDAY, {})
        id_ = rounds.add_prompt(desk.db, occurrence, kind, parent, SAM, label, TUESDAY, now, now)
        assert id_ is not None
        rounds.mark_asked(desk.db, now, id_, 1, at(17, 13), QUESTIONS)
        (prompt,) = rounds.prompts_of(desk.db, occurrence)
        channels.remind(desk, now, prompt)
        for audience, channel in desk.db.execute("SELECT audience, channel FROM channel_outbox"):
            assert audience == f"team:{channel.removeprefix('#')}" and not audiences.is_private(audience)
        reminded = desk.db.execute("SELECT count(*) FROM channel_outbox WHERE key LIKE 'remind %'").fetchone()[0]
        own = {"check-in.product": "team:product", "check-in.design": "team:design"}.get(parent)
        assert reminded == int(label == own and KINDS[kind].asks is Asks.MEMBERS)
        raise Undo


class Undo(Exception):  # noqa: N818 - it is no error
    """Takes back what an example wrote."""
