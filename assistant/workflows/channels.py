"""What a team's chat channel gets besides the mails: its digests, and never anything that is not the whole team's."""

from __future__ import annotations

from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.people import Channel, Team
from assistant.domain.setup import Setup
from assistant.domain.views import Frame, Who
from assistant.render import Section
from assistant.store import channels
from assistant.workflows.desk import Desk


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


def may_go(setup: Setup, post: channels.Post) -> bool:
    """Whether it is still the channel of the team whose text this is. Asked last of all, before it leaves."""
    return _channel_of(setup, post.audience) == Channel(post.account, post.channel)


def _channel_of(setup: Setup, audience: str) -> Channel | None:
    """The channel that may show text for these readers: only what is a team's has one."""
    return next((team.channel for team in setup.teams.values() if audiences.team(team.name) == audience), None)


def _frame(desk: Desk, now: datetime, team: Team) -> Frame:
    """The team as its own reader."""
    assistant = desk.setup.assistant
    lead = desk.setup.people.get(team.lead or "")
    return Frame(
        reader=Who(team.title, team.title),
        assistant=Who(assistant.name, assistant.name.split()[0]),
        address=assistant.address,
        now=now.astimezone(lead.zone if lead else assistant.zone),
        language=assistant.language,
    )
