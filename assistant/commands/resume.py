"""``assistant resume``"""

from __future__ import annotations

from pathlib import Path

from assistant import clock, config
from assistant.commands.console import console
from assistant.errors import UnknownName
from assistant.store import database
from assistant.workflows import returned


def run(path: Path, address: str) -> None:
    """Lift the suspension of an address; what was held back meanwhile is not sent."""
    settings = config.load(path)
    person = settings.setup.person(address.lower())
    if person is None:
        raise UnknownName(f"{address} is nobody in {path}")
    db = database.open_store(settings.data)
    try:
        with db.atomic():
            lifted = returned.lift(db, clock.now(), person.address, "the operator")
        console().print(f"{person.address} gets mail again." if lifted else f"{person.address} is not suspended.")
    finally:
        db.close()
