"""An Exchange server of one's own, by Exchange Web Services."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from tests.fakes.ews import FakeEws
from tests.journeys.providers.family import Accounts
from tests.journeys.providers.organisation import Organisation
from tests.journeys.providers.people import ADA, PEOPLE, START, Office


class OnExchange(Organisation):
    fake: FakeEws

    def __init__(
        self, office: Office, stack: ExitStack, folder: Path, people: tuple[str, ...] = PEOPLE, ada: str = ADA
    ) -> None:
        super().__init__(office, stack.enter_context(closing(FakeEws(ada, list(people), START))), people, ada)
        given = {"endpoint": self.fake.url, "username": "TEAM\\ada", "password": "sesame", "auth": "basic"}
        quotas = {"per_minute": 1e6, "poll": 0.1, "subaddress": "+"}
        self.accounts: Accounts = {"main": {"mail": "exchange", "calendar": "exchange", **given, **quotas}}
