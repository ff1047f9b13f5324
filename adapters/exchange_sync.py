"""The list of changes that Exchange keeps of a folder (SyncFolderItems)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from exchangelib.fields import FieldPath
from exchangelib.services import SyncFolderItems

from assistant.errors import CursorExpired, Unavailable


@dataclass(slots=True)
class Changes:
    """``came`` are items with the fields asked for, new or changed; ``gone`` are ids; ``last`` where that was all."""

    came: list[Any] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    state: str = ""
    last: bool = False


def changes_since(state: str, folder: Any, names: Collection[str], most: int, *, updates: bool) -> Changes:
    """At most ``most`` of what changed since ``state``, "" being the beginning; ``updates`` where they matter.

    Raises CursorExpired where the server does not know the state.
    """
    service = SyncFolderItems(account=folder.account)
    found = Changes()
    try:
        answer = list(
            service.call(
                folder=folder,
                shape="IdOnly",
                additional_fields={FieldPath(field=folder.get_item_field_by_fieldname(name)) for name in names} or None,
                sync_state=state or None,
                ignore=None,
                max_changes_returned=most,
                sync_scope="NormalItems",
            )
        )
    except AttributeError as error:  # the library looks for the next state in answers that say that there is none
        if state:
            raise CursorExpired("the Exchange server does not know the place in its list of changes") from error
        raise Unavailable("the Exchange server cannot list a folder; it is tried again") from error
    for kind, item in answer:
        if kind == service.CREATE or (kind == service.UPDATE and updates):
            found.came.append(item)
        elif kind == service.DELETE:
            found.gone.add(str(item.id))
    found.state, found.last = str(service.sync_state), bool(service.includes_last_item_in_range)
    return found
