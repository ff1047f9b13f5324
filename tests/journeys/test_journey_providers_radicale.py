"""The demo team's days on a mail host, with calendars on Radicale."""

from __future__ import annotations

from tests.journeys.providers.dav import OnRadicale
from tests.journeys.providers.promises import SameDays


class TestRadicale(SameDays):
    opening = OnRadicale
