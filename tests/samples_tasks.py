"""Views of tasks and KPIs as they come up, in English and German, for the tests of mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.views import Asked, KpiLine
from assistant.domain.views_kpis import KpiEvent, KpisView, KpiValuesView, KpiView, TeamKpis
from assistant.domain.views_tasks import BoardView, TaskEvent, TaskLine, TaskRef, TaskView

KINDS = ("task", "tasks", "kpi", "kpis", "kpi-values")
REPORTS = ("task", "tasks", "kpi", "kpis")
CLOSES = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Europe/Berlin"))
MONDAY = date(2026, 11, 23)


def _in(language: str, english: str, german: str) -> str:
    return german if language == "de" else english


def _tasks(language: str) -> tuple[TaskLine, ...]:
    return (
        TaskLine(
            12, _in(language, "write the launch brief", "den Auftrag schreiben"), due=date(2026, 11, 27),
            priority="high", holds=(TaskRef(14, "Lee"),), estimate=180, spent=60, status="doing", goal="KR2",
        ),
        TaskLine(13, _in(language, "book the venue", "den Saal buchen"), due=date(2026, 11, 20), overdue=True),
        TaskLine(
            14, _in(language, "print the posters", "die Plakate drucken"), "Lee", "blocked", date(2026, 12, 4),
            reason=_in(language, "no paper", "kein Papier"), waits=(TaskRef(12),),
        ),
        TaskLine(15, _in(language, "the weekly figures", "die Wochenzahlen"), again=True, parts=3, finished=1),
        TaskLine(9, _in(language, "call the printer", "die Druckerei anrufen"), status="done", priority="low"),
    )  # fmt: skip


def figures(language: str) -> tuple[KpiLine, ...]:
    return (
        KpiLine(
            _in(language, "churn", "Abwanderung"), "%", "Sam", 6.2, MONDAY, 5, None, 5, True, "up", "bad",
            (4.2, 5.6, 6.2), 1,
        ),
        KpiLine(_in(language, "sales", "Umsatz"), "€", "Mia", 12_400, MONDAY, 15_000, 12_000, None, False, "up", "good",
                (11_800, 12_400), 2),
        KpiLine(_in(language, "load", "Auslastung"), "", "Ana", low=2, high=4, number=3),
    )  # fmt: skip


def view(kind: str, asked: tuple[Asked, ...], language: str) -> object:
    doing, late, blocked, again, done = _tasks(language)
    if kind == "task":
        return TaskView("given", late, True, "Mia")
    if kind == "tasks":
        return BoardView("mine", "", (late, again), (doing,), (blocked,), (done,), (replace(doing, overdue=True),))
    if kind == "kpi":
        return KpiView(
            "card", figures(language)[0], "Product", True, _in(language, "customers lost", "verlorene Kunden"),
            _in(language, "keeps us alive", "davon leben wir"), "Stripe, 4.2 %", 4.2, "week", 1, (0,),
            date(2026, 11, 30),
        )  # fmt: skip
    if kind == "kpis":
        return KpisView("asked", (TeamKpis("Product", figures(language)),))
    lines = figures(language)
    questions = tuple(
        Asked(line.number, f"kpi:{line.number}", asked[0].text if asked else line.name, line.name) for line in lines
    )
    return KpiValuesView(questions, lines, CLOSES, MONDAY)


def edges(view: object, language: str) -> Mapping[str, object]:
    if isinstance(view, TaskView):
        told = ("comment", "returned", "taken", "moved", "dropped", "holds", "free")
        task = replace(view.task, who="Lee")
        said = _in(language, "Which format?\nTwo pages?", "Welches Format?\nZwei Seiten?")
        changes = ("opened", "moved", "assigned", "blocked", "priority", "estimate", "spent", "comment", "done")
        events = tuple(
            TaskEvent(MONDAY, "Sam", what, {"priority": "high", "blocked": "14"}.get(what, "Lee"),
                      MONDAY if what == "moved" else None, 90)
            for what in changes
        )  # fmt: skip
        return {
            **{what: replace(view, what=what, task=task) for what in told},
            "said": replace(view, what="comment", text=said, private=True),
            "theirs": replace(view, what="holds", mine=False, task=task),
            "all about it": replace(view, what="asked", events=events),
        }
    if isinstance(view, BoardView):
        return {
            "empty": BoardView("mine", ""),
            "nothing to see": BoardView("of", "Sam"),
            "of somebody": replace(view, what="of", title="Sam"),
            "a project": replace(
                view, what="project", title="Website", parts=5, finished=1, estimate=600, spent=90, due=MONDAY, by="Mia"
            ),
            "a new project": replace(view, what="project", title="Website", parts=5, estimate=600),
            "much": replace(view, todo=view.todo * 12),
        }
    if isinstance(view, KpiView):
        values = (
            KpiEvent(MONDAY, 5.6, "Sam", MONDAY, _in(language, "two left", "zwei weniger"), False),
            KpiEvent(MONDAY, 5.7, "Mia", date(2026, 11, 24)),
        )
        proposal = _in(language, "Keep customers as seen in churn", "Kunden halten, gemessen an Abwanderung")
        return {
            "open": replace(view, missing=("what", "when", "target"), next=None, freq=""),
            "one thing open": replace(view, missing=("target",)),
            "somebody else's": replace(view, mine=False),
            "every two weeks": replace(view, every=2),
            "weak": replace(view, what="weak", proposal=proposal),
            "weak, no goals": replace(view, what="weak"),
            "history": replace(view, what="history", events=values),
        }
    if isinstance(view, KpisView):
        well = tuple(replace(line, weak=False) for line in view.teams[0].lines)
        return {
            "help": KpisView("help"),
            "two teams, all well": KpisView("asked", (TeamKpis("Product", well), TeamKpis("Design", well[:1]))),
        }
    if isinstance(view, KpiValuesView):
        return {"one": replace(view, questions=view.questions[:1], lines=view.lines[:1])}
    return {}
