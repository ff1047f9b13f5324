"""Views of polls, the pulse, announcements and decisions as they come up, in English and German."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.views import Act, Asked, PromptView
from assistant.domain.views_polls import (
    AnnouncedView,
    BallotAct,
    DecidedView,
    DecisionView,
    OptionLine,
    PollResultView,
    PollView,
    PulseLine,
    PulseView,
    ReadByView,
    TurnLine,
)

KINDS = (
    "poll",
    "poll-result",
    "pulse",
    "pulse-result",
    "announced",
    "read-by",
    "decision",
    "decision-details",
    "decided",
)
REPORTS = ("poll-result", "pulse-result", "announced", "read-by", "decided")
"""Those that ask nothing."""
CLOSES = datetime(2026, 11, 27, 17, tzinfo=ZoneInfo("Europe/Berlin"))
MARKS = "abcd"


def _in(language: str, english: str, german: str) -> str:
    return german if language == "de" else english


def _options(language: str) -> tuple[str, ...]:
    return ("Thai", "Pizza", _in(language, "The canteen", "Die Kantine"))


def view(kind: str, asked: tuple[Asked, ...], language: str) -> object:
    where = _in(language, "Where do we eat on Friday?", "Wo essen wir am Freitag?")
    which = _in(language, "Which database do we take?", "Welche Datenbank nehmen wir?")
    options = _options(language)
    votes = (3, 2, 1)
    first = asked[0] if asked else Asked(1, "decision", which, "")
    if kind == "poll":
        return PollView(
            "Mia Chen", "Product", (replace(first, text=where, options=options),), False, False, False, CLOSES
        )
    if kind == "poll-result":
        lines = tuple(
            OptionLine(MARKS[n], text, votes[n], round(100 * votes[n] / 6), n == 0, ("Ana Lindqvist", "Lee Park"))
            for n, text in enumerate(options)
        )
        return PollResultView(
            where, "Mia Chen", "Product", lines, 6, 8, False, False, False, True, "1@example.com", 100
        )
    if kind == "pulse":
        return PromptView("Pulse", date(2026, 11, 24), asked, CLOSES, ("Product",))
    if kind == "pulse-result":
        reasons = (
            _in(language, "Good team, too many meetings.", "Gutes Team, zu viele Besprechungen."),
            _in(language, "The release\nwas a joy", "Die Veröffentlichung\nwar eine Freude"),
        )
        return PulseView(
            "Product", date(2026, 11, 24), True, 6, 7.4, 6.2, reasons, (PulseLine(date(2026, 10, 13), 6.9, 6.0),)
        )
    if kind == "announced":
        text = _in(language, "The office moves on 1 December.\nPack your desk.", "Das Büro zieht am 1. Dezember um.")
        return AnnouncedView("Mia Chen", "Product", text, CLOSES)
    if kind == "read-by":
        return ReadByView("Product", "…", CLOSES, ("Sam Osei", "Ana Lindqvist"), ("Lee Park",))
    decision = DecisionView(
        which, "Sam Osei", "Product", (replace(first, text=which, options=("Postgres", "MySQL")),), CLOSES,
        _in(language, "Both run already.", "Beide laufen schon."), _in(language, "the launch", "der Start"),
        ("Postgres", "MySQL"), _in(language, "2 weeks", "2 Wochen"), (), "Mia Chen",
    )  # fmt: skip
    if kind == "decision":
        return decision
    if kind == "decision-details":
        return replace(decision, questions=asked[:3], options=(), stakes="", cost="")
    return DecidedView("decided", which, "Postgres", "Mia Chen", "Sam Osei", "Product")


def edges(view: object, language: str) -> Mapping[str, object]:
    if isinstance(view, PollView):
        many = tuple(replace(q, options=tuple(f"Nr. {n}" for n in range(40))) for q in view.questions)
        return {
            "secret": replace(view, secret=True),
            "several": replace(view, several=True, mine=True),
            "ranked, many": replace(view, ranked=True, questions=many),
        }
    if isinstance(view, PollResultView):
        bare = tuple(replace(line, who=()) for line in view.lines)
        tied = tuple(replace(line, won=line.votes > 1) for line in bare)
        turns = (TurnLine((("Thai", 2), ("Pizza", 2), ("Nr. 3", 1)), ("Nr. 3",)), TurnLine((("Thai", 3), ("Pizza", 2))))
        return {
            "secret, tied": replace(view, lines=tied, secret=True),
            "ranked": replace(view, ranked=True, turns=turns),
            "several": replace(view, several=True),
            "nobody": replace(view, lines=(), ballots=0, picture=""),
            "too few": replace(view, lines=(), ballots=0, picture="", told=False, secret=True),
        }
    if isinstance(view, PromptView):
        return {"one question": replace(view, questions=view.questions[:1]), "nobody's team": replace(view, teams=())}
    if isinstance(view, PulseView):
        return {
            "too few": PulseView("Product", view.day, told=False),
            "high": replace(view, score=9.5, balance=None, reasons=(), trend=()),
            "low": replace(view, score=0.5, balance=9.5),
        }
    if isinstance(view, AnnouncedView):
        return {"again": replace(view, reminder=True)}
    if isinstance(view, ReadByView):
        return {
            "all": replace(view, unread=()),
            "nobody": replace(view, read=()),
            "asked for news": replace(view, text="", asked_again=False),
            "asked for news, all": replace(view, unread=(), asked_again=False),
        }
    if isinstance(view, DecisionView):
        return {
            "bare": replace(view, stakes="", cost="", reason="", options=(), missing=("stakes", "options", "cost")),
        }
    if isinstance(view, DecidedView):
        open_ = replace(view, what="undecided", decision="")
        return {
            "changed": replace(view, what="changed"),
            "undecided": open_,
            "undecided, yours": replace(open_, yours=True),
        }
    return {}


def acts(language: str) -> list[Act]:
    """Every sentence about these that a receipt may hold."""
    it = BallotAct(3, ("Thai", "Pizza"), "Mia Chen", _options(language)[2], CLOSES)
    one = BallotAct(4, ("d",), "Mia Chen", "Pizza", CLOSES)
    polls = (
        "voted", "closing", "closed", "one-only", "no-vote", "which-poll", "no-open-poll", "few-options",
        "many-options", "double-option", "no-team", "too-few-for-secret", "over-already", "too-far-off", "not-yours",
        "nothing-to-close", "started",
    )  # fmt: skip
    found = [Act(what, family="polls", view=it) for what in polls]
    found += [Act("no-such-option", family="polls", view=one)]
    found += [Act("no-such-option", text="40", family="polls", view=replace(one, number=40, names=("40",)))]
    found += [Act("voted", text="changed", family="polls", view=replace(it, changed=True))]
    found += [Act("voted", text="secret", family="polls", view=replace(it, secret=True, changed=True))]
    found += [Act("started", text="secret", family="polls", view=replace(it, secret=True, names=("Product",)))]
    found += [Act(what, family="pulse", view=it) for what in ("taken", "no-figure", "too-long", "closed")]
    found += [Act("taken", text="changed", family="pulse", view=replace(it, changed=True))]
    found += [Act(what, family="announcing", view=it) for what in ("announced", "only-lead", "heard")]
    found += [Act("heard", text="nobody", family="announcing", view=replace(it, who="", names=()))]
    deciding = ("recorded", "asked", "decided", "asked-back", "no-such-option", "no-team", "who-decides")
    found += [Act(what, family="deciding", view=it) for what in (*deciding, "over-already")]
    return found
