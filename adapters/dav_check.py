"""What ``check --online`` shows of a CalDAV account besides what every calendar must do."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import NotFound, Rejected

from .dav import D, ServerFault
from .dav_team import Team

_USED, _FREE = "quota-used-bytes", "quota-available-bytes"
_LISTED = "the server has no sync-collection: what changed is found by listing the calendar each time"


@dataclass(frozen=True, slots=True)
class Check:
    """``quota`` is (used, allowed) in KiB."""

    quota: tuple[int, int] | None
    lacks: tuple[str, ...]


def look(team: Team) -> Check:
    """Reads our own calendar twice: only the second look shows whether its token is taken."""
    own = team.own()
    own.refresh()
    return Check(_quota(team), () if own.syncs else (_LISTED,))


def _quota(team: Team) -> tuple[int, int] | None:
    """As RFC 4331 tells it; most servers do not."""
    try:
        found = team.dav.find(team.account.calendar, (f"D:{_USED}", f"D:{_FREE}"))
    except (NotFound, Rejected, ServerFault):
        return None
    used, free = (found[0].text(f"{D}{name}") if found else "" for name in (_USED, _FREE))
    if not (used.isdecimal() and free.isdecimal() and len(used) < 19 and len(free) < 19):
        return None
    return int(used) // 1024, (int(used) + int(free)) // 1024
