"""Views of feedback, plans, and of who comes and goes, in English and German, for the tests of mails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.views import ActionLine, AnswerView, Asked, CheerLine, PersonAnswers, Who
from assistant.domain.views_people import (
    AboutView,
    CelebrationView,
    ConfidedView,
    FeedbackMailView,
    GoodbyeView,
    GrowthView,
    HandoverView,
    MeetingVerdictView,
    NewcomerView,
    Verdict,
)

PROMPTS = ("feedback-request", "growth-plan", "onboarding", "farewell", "meeting-review")
REPORTS = ("feedback", "celebrating", "newcomer", "confided", "growth", "handover", "goodbye", "meeting-verdict")
KINDS = (*PROMPTS, *REPORTS)
MIA, LEE = Who("Mia Chen", "Mia", "Berlin"), Who("Lee Park", "Lee", "Berlin")
CLOSES = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = date(2026, 11, 24)


def _in(language: str, english: str, german: str) -> str:
    return german if language == "de" else english


def steps(language: str) -> tuple[ActionLine, ...]:
    course = _in(language, "take the speaker course", "den Vortragskurs machen")
    return (
        ActionLine(31, course, "Sam", date(2027, 3, 15)),
        ActionLine(32, _in(language, "present at the review", "im Review vortragen"), "Sam", date(2026, 11, 20), True),
        ActionLine(33, _in(language, "shadow Mia at a customer", "Mia zu einem Kunden begleiten"), "Sam", None),
    )


def view(kind: str, asked: tuple[Asked, ...], language: str) -> object:
    """The ordinary one of a kind."""
    demo = _in(language, "Clear story, good pace.\nThe numbers came too late.", "Klarer Bogen.\nDie Zahlen kamen spät.")
    win = CheerLine(_in(language, "first customer live", "erster Kunde ist live"), "Sam")
    praise = CheerLine(_in(language, "fixed the outage at night", "den Ausfall nachts behoben"), "Lee", "Mia")
    answers = tuple(AnswerView(each.short, demo) for each in asked) or (AnswerView("", demo),)
    views: dict[str, object] = {
        "feedback": FeedbackMailView("given", MIA, (AnswerView("", demo),)),
        "celebrating": CelebrationView("Product", 4, 2026, (win, win), (praise,), (replace(win, who="Lee"),)),
        "newcomer": NewcomerView(
            "self", LEE, TODAY, "Product", "Mia", "Sam", (date(2026, 12, 24), date(2027, 1, 25), date(2027, 2, 22))
        ),
        "confided": ConfidedView("onboarding", LEE, TODAY, 30, answers),
        "growth": GrowthView(
            None,
            "Mia",
            (_in(language, "lead a small team", "ein kleines Team leiten"),),
            (_in(language, "explaining hard things", "Schweres erklären"),),
            (_in(language, "speaking in front of many", "vor vielen sprechen"),),
            steps(language),
            "monthly",
        ),
        "handover": HandoverView(
            LEE,
            date(2026, 12, 18),
            steps(language)[:2],
            (("KR1", _in(language, "2,000 signups", "2.000 Anmeldungen")),),
            (_in(language, "churn", "Abwanderung"),),
        ),
        "goodbye": GoodbyeView((PersonAnswers(MIA, (AnswerView("", demo),)),)),
        "meeting-verdict": MeetingVerdictView(
            "Product",
            (
                Verdict("Product review", 6.5, 1, 4, (("Sam", demo.split("\n")[0]),)),
                Verdict("Planning", None, 2, 2, (("Lee", demo.split("\n")[1]),)),
            ),
        ),
    }
    if kind in views:
        return views[kind]
    topic = _in(language, "the demo", "die Demo") if kind == "feedback-request" else ""
    return AboutView("Title", TODAY, asked, CLOSES, MIA, topic, 30 if kind == "onboarding" else 0)


def edges(view: object, language: str) -> Mapping[str, object]:
    """The awkward ones, by what is awkward about them."""
    if isinstance(view, AboutView):
        return {
            "about nobody": replace(view, who=None, topic="", number=0),
            "no questions": replace(view, questions=()),
            "one question": replace(view, questions=view.questions[:1]),
        }
    if isinstance(view, FeedbackMailView):
        closed = FeedbackMailView("closed", None, (), "the demo", "", (), ("Ana",))
        return {
            "public": replace(view, team="Product"),
            "asked": replace(view, what="asked", topic=_in(language, "the demo", "die Demo")),
            "asked, no topic": replace(view, what="asked"),
            "thanks": replace(view, what="thanks"),
            "praise": replace(view, what="praise", team="Product"),
            "closed": replace(closed, topic=""),
            "closed, some": replace(closed, topic="", answered=("Sam", "Lee")),
        }
    if isinstance(view, CelebrationView):
        return {
            "only wins": replace(view, praise=(), proud=()),
            "much": replace(view, wins=view.wins * 20, praise=view.praise * 20),
        }
    if isinstance(view, NewcomerView):
        return {
            "manager": replace(view, what="manager"),
            "manager, no buddy": replace(view, what="manager", buddy="", checks=()),
            "buddy": replace(view, what="buddy"),
            "alone": replace(view, manager="", buddy="", checks=()),
        }
    if isinstance(view, GrowthView):
        return {
            "empty": replace(view, aspirations=(), skills=(), gaps=(), steps=(), rhythm="", other=""),
            "of another": replace(view, who=LEE, rhythm="never"),
            "of another, empty": replace(view, who=LEE, aspirations=(), skills=(), gaps=(), steps=(), rhythm=""),
        }
    if isinstance(view, HandoverView):
        return {
            "nothing": replace(view, tasks=(), goals=(), kpis=()),
            "goals": replace(view, tasks=(), kpis=()),
            "gone": replace(view, last=None),
            "gone, tasks": replace(view, last=None, goals=(), kpis=()),
        }
    return {}
