"""The demo team's days on Gmail and Google Calendar."""

from __future__ import annotations

from tests.journeys.providers.google import OnGoogle
from tests.journeys.providers.promises import SameDays


class TestGoogle(SameDays):
    opening = OnGoogle
