"""KPIs: "new kpi churn", "kpi: churn", "kpis of Product", "kpi help"; their values are read with those of goals."""

from __future__ import annotations

from assistant.inbound.commands.line import MARKS, Found, Line, Rule, World, one
from assistant.inbound.commands.matters import Kpis, NewKpi
from assistant.inbound.keywords import CLEAR, GUESSED, keywords

MAX_NAME = 6


def _new(line: Line, world: World) -> Found | None:
    """ "kpi churn 3.2 %" is a value and no new one."""
    head = line.head("new_kpi")
    body = line.body(head.after) if head else None
    bare = line.head("kpi") if head is None else None
    if bare is not None:
        head, body = bare, line.body(bare.after)
        if body is None:
            return None
    name = (body if body is not None else line.behind(head.after) if head else "").strip(MARKS)
    named = Line(name).folded
    if head is None or not named or len(named) > MAX_NAME or any(word.isdecimal() for word in named):
        return None
    sure = CLEAR if body is not None or line.alone or line.first else GUESSED
    return one(NewKpi(name, line=line.text, confidence=sure))


def _listed(line: Line, world: World) -> Found | None:
    sure = line.is_in("kpis")
    if sure:
        return one(Kpis(line=line.text, confidence=sure)) if line.alone or len(line.folded) > 1 else None
    if len(line.folded) > MAX_NAME:
        return None
    of, head = line.head("kpis_of"), line.head("kpis")
    if of is not None and of.after < len(line.folded) and line.body(of.after) is None:
        return one(Kpis(line.behind(of.after).strip(MARKS), line=line.text))
    rest = " ".join(line.folded[head.after :]) if head is not None else ""
    return one(Kpis("help", line=line.text)) if rest in keywords("help") else None


RULES: tuple[Rule, ...] = (_listed, _new)
