"""Why a mail came: its cause from the store, told to whoever got it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS
from assistant.domain.people import Person
from assistant.domain.views import Act
from assistant.domain.views_finding import WhyView
from assistant.inbound.commands import Command, Why
from assistant.render import Section
from assistant.store import outbox as outbox_store
from assistant.store import sealed
from assistant.store.outbox import Mail
from assistant.workflows import helping, invitations, outbox
from assistant.workflows.desk import Desk, Do, Request

_CODES = {"your": "reply", "no": "reminder", "rollup": "rollup", "joined": "joined", "a": "problem"}
"""By the first word of what caused a mail."""


def _why(desk: Desk, now: datetime, request: Request, _: Why) -> list[Act]:
    """About the mail replied to; who asks out of the blue gets the help."""
    person, mail = request.person, request.original
    if mail is None:
        helping.write(desk, now, person, request.inbound, unknown=False)
        return [Act("mailed")]
    outbox.write(
        desk,
        now,
        person,
        [Section("why", view(desk, person, mail))],
        key=f"why {request.inbound}",
        occurrence=f"mail {mail.id}",
        thread=mail.thread,
        audience=audiences.person(person.address),
        because=f"your mail {request.inbound}",
    )
    return [Act("mailed")]


def view(desk: Desk, reader: Person, mail: Mail) -> WhyView:
    """What caused it and who else may read what it holds."""
    language = outbox.language_of(desk, reader)
    first, _, parent = mail.because.partition(",")[0].partition(" ")
    round_, series = desk.setup.round_named(parent), desk.setup.series_named(parent)
    code, of = _CODES.get(first, "other"), ""
    if round_ is not None and round_.team in desk.setup.teams:
        code, of = "round", desk.setup.teams[round_.team].title
    elif series is not None:
        code, of = "meeting", invitations.title(desk, series, language)
    kind = mail.kinds[0]
    others = audiences.readers(mail.audience, desk.setup) - {reader.address}
    operator = desk.setup.people.get(desk.setup.assistant.operator)
    return WhyView(
        subject=outbox_store.subject(desk.db, mail.id),
        sent=reader.local(mail.sent_at) if mail.sent_at else None,
        code=code,
        title=desk.render.title(round_.kind if round_ is not None else kind, language),
        of=of,
        readers=tuple(sorted(outbox.name_of(desk, address) for address in others)),
        operator=operator.name if operator else desk.setup.assistant.operator,
        sealed=kind in KINDS and sealed.is_about(desk.db, mail.occurrence),
    )


COMMANDS: Mapping[type[Command], Do] = {Why: _why}
