"""What a team's chat channel gets besides the mails: its digests, its weeks and that answers are awaited.

Never anything that is not the whole team's. A channel may have more readers than the team, so nobody who is silent is
named there.
"""

from __future__ import annotations

from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS, Asks
from assistant.domain.people import Channel, Person, Team
from assistant.domain.setup import Setup
from assistant.domain.views import Frame, StillOpenView, Who
from assistant.render import Section
from assistant.store import channels
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Prompt, PromptState
from assistant.workflows import outbox
from assistant.workflows.desk import Desk

_AWAITED = "remind "


def write(desk: Desk, now: datetime, team: Team, section: Section, *, key: str, audience: str) -> bool:
    """Queue a post to the team's channel; False where it has none, or where one with this key was queued before.

    In the language of the assistant, with the dates of where the team's lead is.
    """
    channel = team.channel
    if channel is None or _channel_of(desk.setup, audience) != channel:
        return False
    text = desk.render.post(section, _frame(desk, now, team))
    full_key = f"{key} {channel.account} {channel.name}"
    return channels.add(desk.db, now, full_key, channel.account, channel.name, audience, text)


def remind(desk: Desk, now: datetime, prompt: Prompt) -> None:
    """Tell the team's channel that answers are awaited: once an occurrence, with the first reminder that is mailed.

    Only where all of a team are asked; where it is one person, the channel would point at them.
    """
    round_ = desk.setup.round_named(prompt.parent)
    team = desk.setup.teams.get(round_.team) if round_ is not None else None
    if team is None or team.channel is None or KINDS[prompt.kind].asks is not Asks.MEMBERS:
        return
    asked = [
        each for each in rounds_store.prompts_of(desk.db, prompt.occurrence)
        if each.state is PromptState.ASKED and each.audience == prompt.audience
    ]  # fmt: skip
    whose = stand_in(desk.setup, team)
    closes = max((each.closes for each in asked if each.closes is not None), default=now)
    people = [person for each in asked if (person := desk.setup.people.get(each.person))]
    view = StillOpenView(
        title=desk.render.title(prompt.kind, desk.setup.assistant.language),
        team=team.title,
        day=prompt.day,
        closes=whose.local(closes),
        waiting=len(asked),
        zone=outbox.who(whose).zone if {person.zone.key for person in people} - {whose.zone.key} else "",
    )
    key = f"{_AWAITED}{prompt.occurrence}"
    write(desk, now, team, Section("still-open", view), key=key, audience=prompt.audience)


def may_go(desk: Desk, post: channels.Post) -> bool:
    """Whether it is still the channel of the team whose text this is, and still true. Asked before it leaves."""
    if _channel_of(desk.setup, post.audience) != Channel(post.account, post.channel):
        return False
    if not post.key.startswith(_AWAITED):
        return True
    occurrence = post.key.removeprefix(_AWAITED).removesuffix(f" {post.account} {post.channel}")
    return any(each.state is PromptState.ASKED for each in rounds_store.prompts_of(desk.db, occurrence))


def stand_in(setup: Setup, team: Team) -> Person:
    """Whose clock a team's channel goes by: its lead's, or that of where the assistant is."""
    assistant = setup.assistant
    return setup.people.get(team.lead or "") or Person(assistant.address, assistant.name, assistant.zone)


def _channel_of(setup: Setup, audience: str) -> Channel | None:
    """The channel that may show text for these readers: only what is a team's has one."""
    return next((team.channel for team in setup.teams.values() if audiences.team(team.name) == audience), None)


def _frame(desk: Desk, now: datetime, team: Team) -> Frame:
    """The team as its own reader."""
    assistant = desk.setup.assistant
    return Frame(
        reader=Who(team.title, team.title),
        assistant=Who(assistant.name, assistant.name.split()[0]),
        address=assistant.address,
        now=stand_in(desk.setup, team).local(now),
        language=assistant.language,
    )
