"""Views of goals as they come up, in English and German, for the tests of mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.views import ActionLine, Asked
from assistant.domain.views_goals import (
    AdviceLine,
    CycleView,
    DesignLine,
    DesignView,
    DraftCallView,
    ExampleView,
    GoalDangerView,
    GoalGivenView,
    GoalHistoryView,
    GoalResultsView,
    GoalsView,
    GoalUpdateView,
    GradeLine,
    HealthView,
    NeedLine,
    ObjectiveGrade,
    ObjectiveView,
    ResultView,
    TeamGoals,
    ValueLine,
)

CYCLE = CycleView(1, 2027, date(2027, 1, 1), date(2027, 3, 31))
CLOSES = datetime(2027, 1, 15, 10, tzinfo=ZoneInfo("Europe/Berlin"))
KINDS = (
    "okr-draft",
    "okr-update",
    "okr-grade",
    "okr-design",
    "okr-results",
    "goals",
    "goals-help",
    "goal-danger",
    "goal-given",
    "goal-history",
)
ADVICE = (
    *(AdviceLine("few", (), figure) for figure in (0, 1, 2)),
    AdviceLine("many", (), 7),
    AdviceLine("fewer", (), 4),
    AdviceLine("measurable", ("KR1", "KR3"), 0),
    AdviceLine("owner", ("KR2",), 0),
    AdviceLine("weights", (), 140),
    AdviceLine("weights-missing", ("KR2",), 0),
    AdviceLine("no-moonshot", (), 0),
    AdviceLine("too-little", (), 4),
    AdviceLine("too-much", (), 60),
    AdviceLine("two-ideas", (), 0),
    AdviceLine("long", (), 31),
    AdviceLine("activity", ("KR3",), 0),
)


def _in(language: str, english: str, german: str) -> str:
    return german if language == "de" else english


def results(language: str = "en") -> tuple[ResultView, ...]:
    signups = ResultView(
        "KR1", "signups", _in(language, "Signups from 3,000 to 4,200", "Anmeldungen von 3.000 auf 4.200"), "metric",
        False, 3000, 4200, "", 3400, 33, 45, "red", 50, ("Sam",), None, "behind", False, 6, date(2027, 1, 11),
    )  # fmt: skip
    loved = ResultView(
        "KR2", "NPS", _in(language, "NPS at least 40", "NPS mindestens 40"), "threshold",
        True, 0, 40, "", None, 0, 45, "red", 20, ("Mia", "Product"), None, "", True,
    )  # fmt: skip
    site = ResultView(
        "KR3", "site", _in(language, "Spanish site live", "Spanische Seite live"), "milestone",
        False, 0, 100, "%", 100, 100, 50, "green", 30, ("Platform",), date(2027, 3, 15), "", False, None,
        date(2027, 1, 12), "done", ("Platform",),
    )  # fmt: skip
    return signups, loved, site


def objective(language: str = "en", *, draft: bool = False) -> ObjectiveView:
    return ObjectiveView(
        "O12", _in(language, "Make ordering effortless", "Bestellen mühelos machen"), "Product", "Mia", "mixed", 47,
        "yellow", results(language), CYCLE, draft,
        (_in(language, "O3 First choice of small harbours", "O3 Erste Wahl kleiner Häfen"), "Vertrieb"),
        ((_in(language, "O14 Fast pages", "O14 Schnelle Seiten"), "Platform"),),
    )  # fmt: skip


def needs(language: str = "en") -> tuple[NeedLine, ...]:
    return (NeedLine("KR3", results(language)[2].text, "Product", "Platform"),)


def lessons(language: str = "en") -> tuple[tuple[str, str], ...]:
    return (("KR1 signups", _in(language, "adverts bring nobody", "Anzeigen bringen niemanden")),)


def view(kind: str, asked: tuple[Asked, ...], language: str = "en") -> object:
    """``asked`` are the questions of the kind, none for what asks nothing."""
    health = HealthView(62, 81, 47, ("KR2", "KR5"))
    shown = results(language)
    told = _in(language, "the import is late", "der Import verspätet sich")
    views: dict[str, object] = {
        "okr-draft": DraftCallView("Product", CYCLE, asked, CLOSES, True),
        "okr-update": GoalUpdateView(CYCLE, asked, (replace(shown[0], number=1),), CLOSES, date(2027, 1, 11)),
        "okr-grade": GoalUpdateView(CYCLE, asked, (replace(shown[0], number=1),), CLOSES, date(2027, 3, 29)),
        "okr-design": DesignView(
            "Product", CYCLE, (DesignLine(objective(language, draft=True), 71, ADVICE[5:7]),), "Mia", True,
            needs=needs(language), lessons=lessons(language),
        ),
        "okr-results": GoalResultsView(
            "Product", CYCLE,
            (
                ObjectiveGrade(
                    objective(language), "missed",
                    (
                        GradeLine(shown[0], _in(language, "at fairs", "auf Festen"), lessons(language)[0][1], "missed"),
                        GradeLine(shown[1], "", "", "poorly-planned"),
                        GradeLine(shown[2], "", "", "passed"),
                    ),
                ),
            ),
            health, "Product review",
        ),
        "goals": GoalsView("asked", (TeamGoals("Product", (objective(language),)),), health, needs(language)),
        "goals-help": GoalsView("asked", ()),
        "goal-danger": GoalDangerView(shown[0], objective(language).text, "Product", CYCLE, True, told),
        "goal-given": GoalGivenView(shown[0], objective(language).text, "Product", CYCLE, "Mia", ("Sam",), True),
        "goal-history": GoalHistoryView(
            shown[0], objective(language).text, "Product", CYCLE,
            (
                ValueLine(date(2027, 1, 11), "Sam", 3400, 33, 6, told),
                ValueLine(date(2027, 1, 12), "Mia", what="revised", before=4200, after=3800, due=date(2027, 3, 20)),
                ValueLine(date(2027, 1, 13), "Mia", what="revised", before=3800, after=3800, due=date(2027, 3, 24)),
                ValueLine(date(2027, 1, 14), "Mia", what="tracked"),
                ValueLine(date(2027, 1, 14), "Mia", what="given", text="Sam, Platform"),
                ValueLine(date(2027, 1, 15), "", what="done"),
                ValueLine(date(2027, 1, 16), "Sam", what="replaced", text="KR4 Fairs"),
            ),
            ((date(2027, 1, 11), "Lee", _in(language, "Harbours imported (#KR1)", "Häfen importiert (#KR1)")),),
            (
                ActionLine(12, _in(language, "print flyers", "Flyer drucken"), "Lee", date(2027, 1, 29)),
                ActionLine(9, _in(language, "book a stand", "Stand buchen"), "Sam", None, done=True),
            ),
        ),
    }  # fmt: skip
    return views[kind]


def edges(usual: object, language: str = "en") -> Mapping[str, object]:
    """The awkward cases of a view; empty for views of others."""
    match usual:
        case DraftCallView():
            example = ExampleView("Marke", _in(language, "Be known", "Bekannt sein"), ("NPS 40", "6 Messen"))
            full = replace(
                usual, beginner=True, lead=False, above=(objective(language).parent or ("", ""),),
                proposed=("NPS (Sam)",), lessons=lessons(language), examples=(example,),
            )  # fmt: skip
            return {"everything": full, "a year": replace(full, cycle=replace(CYCLE, quarter=0))}
        case DesignView():
            design = usual.designs[0]
            return {
                "all advice": replace(usual, designs=(replace(design, advice=ADVICE),)),
                "well made": replace(usual, designs=(DesignLine(design.objective, 100, ()),), needs=(), lessons=()),
                "another's": replace(usual, author="Sam", mine=False, unclear=("???",)),
                "nobody leads": replace(usual, mine=False, lead="", designs=()),
                "begun": replace(usual, waiting=True),
            }
        case GoalUpdateView():
            several = tuple(replace(r, number=n) for n, r in enumerate(results(language), 1))
            asked = tuple(replace(usual.questions[0], number=n, text=r.text) for n, r in enumerate(several, 1))
            bound = replace(several[0], number=1, at_most=True, measure="threshold", unit="h", said=None)
            return {
                "several": replace(usual, results=several, questions=asked),
                "at most": replace(usual, results=(bound,)),
            }
        case GoalsView() if usual.teams:
            bare = replace(objective(language), results=(), parent=None, children=(), label="roofshot")
            return {
                "news": replace(usual, what="news", health=None, needs=()),
                "somebody's": replace(usual, who="Sam"),
                "bare": replace(usual, teams=(TeamGoals("Product", (bare,)),), health=HealthView(None, None, None)),
            }
        case GoalDangerView():
            result = usual.result
            return {
                "overdue": replace(usual, result=replace(result, danger="overdue", due=CYCLE.first), comment=""),
                "unlikely": replace(usual, result=replace(result, danger="unlikely", outlook=2)),
                "silent": replace(usual, result=replace(result, value=None, said=None)),
            }
        case GoalGivenView():
            return {"gone": replace(usual, mine=False, to=("Lee", "Platform"))}
        case GoalHistoryView():
            return {"nothing": replace(usual, lines=(), mentions=(), tasks=())}
        case GoalResultsView():
            return {
                verdict: replace(
                    usual,
                    talk="",
                    grades=(
                        replace(
                            usual.grades[0],
                            verdict=verdict,
                            grades=(replace(usual.grades[0].grades[1], verdict=verdict),),
                        ),
                    ),
                )
                for verdict in ("passed", "too-easy", "poorly-planned")
            }
    return {}
