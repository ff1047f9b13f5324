"""The demo team's days with an assistant that has a mailbox and nothing else."""

from __future__ import annotations

from tests.journeys.providers.mail_alone import MailAlone
from tests.journeys.providers.promises import SameDays


class TestMailAlone(SameDays):
    opening = MailAlone
