"""The demo team's days on a mail host, with calendars on Xandikos."""

from __future__ import annotations

from tests.journeys.providers.dav import OnXandikos
from tests.journeys.providers.promises import SameDays


class TestXandikos(SameDays):
    opening = OnXandikos
