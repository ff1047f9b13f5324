"""The demo team's days on an Exchange server of their own."""

from __future__ import annotations

from tests.journeys.providers.exchange import OnExchange
from tests.journeys.providers.promises import SameDays


class TestExchange(SameDays):
    opening = OnExchange
