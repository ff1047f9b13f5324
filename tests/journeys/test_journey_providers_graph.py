"""The demo team's days on Microsoft 365."""

from __future__ import annotations

from tests.journeys.providers.graph import OnGraph
from tests.journeys.providers.promises import SameDays


class TestGraph(SameDays):
    opening = OnGraph
