"""``assistant run``"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assistant import clock, config, loops
from assistant.config import Config
from assistant.daemon import Daemon, guard_for, log_to_stderr
from assistant.errors import AssistantError
from assistant.store import database
from assistant.wiring import House, open_house

APPROVED = "approved"


def run(path: Path, *, once: bool, now: datetime | None) -> None:
    """Raises AssistantError where real people would be mailed and nobody has agreed to it yet."""
    settings = config.load(path)
    log_to_stderr()
    with open_house(settings, now or clock.now()) as house:
        _refuse_unapproved(settings, house)
        if once:
            moment = now or clock.now()
            loops.everything(house, moment, guard_for(house, moment))
            if now is None:  # else it is not the real one
                loops.clocks(house, clock.now(), guard_for(house, moment))
            house.hang_up()
        else:
            Daemon(house).run()


def _refuse_unapproved(settings: Config, house: House) -> None:
    real = [account.name for account in settings.accounts.values() if account.mail not in (None, "local")]
    if real and database.read_meta(house.db, APPROVED) is None:
        raise AssistantError(
            "nobody has seen yet what will be mailed; look at `assistant upcoming`,"
            " then say `assistant upcoming --approve`"
        )
