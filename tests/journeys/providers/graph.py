"""Microsoft 365: everybody's mailbox and calendar in one organisation."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

from tests.fakes.graph import FakeGraph
from tests.fakes.loopback import session
from tests.journeys.providers.family import Accounts
from tests.journeys.providers.organisation import Organisation
from tests.journeys.providers.people import ADA, PEOPLE, START, Office


class OnGraph(Organisation):
    fake: FakeGraph

    def __init__(
        self, office: Office, stack: ExitStack, folder: Path, people: tuple[str, ...] = PEOPLE, ada: str = ADA
    ) -> None:
        super().__init__(office, stack.enter_context(closing(FakeGraph(ada, list(people), START))), people, ada)
        given = {"tenant": "t1", "client_id": "client", "secret": "right"}
        quotas = {"per_minute": 1e6, "mails_per_minute": 1e6, "poll": 0.1}
        self.accounts: Accounts = {"main": {"mail": "graph", "calendar": "graph", **given, **quotas}}
        self.wires = {"main": {"session": stack.enter_context(session(self.fake.port))}}
