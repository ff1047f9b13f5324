"""Views as real as they come, for every kind and both languages: tests, benchmarks and pictures share them.

``sample(kind, language)`` is the ordinary case; ``edges(kind, language)`` maps a few words to the awkward ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from assistant.domain.views import (
    Act,
    ActionLine,
    AgendaCallView,
    AgendaView,
    AnswerView,
    Asked,
    AwayLine,
    BlockerLine,
    DigestView,
    FeedbackView,
    Frame,
    GoalMove,
    HeldMeeting,
    HelpView,
    InvitationView,
    InvitedView,
    MeetingView,
    MovedView,
    NotesView,
    NoticeView,
    OtherTimesView,
    PersonAnswers,
    PersonWeek,
    PlannedLine,
    PointLine,
    PromptView,
    QuestionContext,
    ReceiptView,
    ReminderView,
    RollupView,
    SummaryView,
    TeamWeek,
    Understood,
    WelcomeView,
    Who,
)
from assistant.domain.views_finding import FoundLine, FoundView, WhyView
from assistant.render import Renderer
from tests import samples_goals, samples_people, samples_polls, samples_tasks

BERLIN = ZoneInfo("Europe/Berlin")
ACCRA = ZoneInfo("Africa/Accra")

MIA = Who("Mia Chen", "Mia", "Berlin")
SAM = Who("Sam Osei", "Sam", "Accra")
ANA = Who("Ana Lindqvist", "Ana", "Berlin")
LEE = Who("Lee Park", "Lee", "Berlin")
INES = Who("Inês Duarte", "Inês", "Lisbon")
ADA = Who("Ada", "Ada")

TODAY = date(2026, 11, 24)
HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x.png>\n-- \n1. What did you get done yesterday?\n"
    "\u202egnp.exe\u2066\x00\x1b[31m {{ 7*7 }} {% raw %} \u2028ends"
)
MEETINGS_OWN = ("one-on-one", "review", "strategy", "retrospective")
PROMPTS = (
    "check-in",
    "weekly-update",
    "monthly-update",
    "quarterly-recap",
    "backlog-refinement",
    "introduction",
    "missed-deliverable",
    "announcement",
    "sprint",
    "milestone",
    "brainstorm",
    "celebration",
    "kpi-card",
)


@cache
def renderer() -> Renderer:
    return Renderer()


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


def frame(language: str = "en", reader: Who = SAM, now: datetime | None = None) -> Frame:
    return Frame(reader, ADA, "ada@example.com", now or at(TODAY, 9), language)


def asked(kind: str, language: str = "en", first: int = 1) -> tuple[Asked, ...]:
    context = QuestionContext(
        TODAY, date(2026, 11, 23), about=_in(language, "The spring release", "Das Frühjahrsrelease")
    )
    questions = renderer().questions(kind, language, context)
    return tuple(
        Asked(number, q.key, q.text, q.short, options=q.options, optional=q.optional)
        for number, q in enumerate(questions, first)
    )


def _in(language: str, english: str, german: str) -> str:
    return german if language == "de" else english


def blocker(language: str = "en", days: int = 4) -> BlockerLine:
    text = _in(language, "waiting for the staging database", "warte auf die Testdatenbank")
    return BlockerLine(text, "Sam", date(2026, 11, 20), days, number=17)


def pricing(language: str = "en") -> BlockerLine:
    text = _in(language, "need Ana to settle the pricing page", "brauche Ana für die Preisseite")
    return BlockerLine(text, "Lee", TODAY, 0, minutes=30)


def meeting(language: str = "en", *, private: bool = True, day: date = date(2026, 12, 1)) -> MeetingView:
    if private:
        title = _in(language, "1:1 Mia and Sam", "1:1 Mia und Sam")
        people: tuple[Who, ...] = (MIA, SAM)
        kind, end = "one-on-one", at(day, 14, 30)
    else:
        title, people, kind, end = "Product review", (MIA, SAM, ANA, LEE, INES), "review", at(day, 15)
    elsewhere = (("Sam", at(day, 14).astimezone(ACCRA), "Accra"),)
    return MeetingView(title, kind, private, at(day, 14), end, "Berlin", people, elsewhere, days_ahead=7)


def actions(language: str = "en") -> tuple[ActionLine, ...]:
    return (
        ActionLine(12, _in(language, "venue contract", "Vertrag für den Saal"), "Ana", date(2026, 12, 4)),
        ActionLine(
            13, _in(language, "speaker list", "Liste der Vortragenden"), "Lee", date(2026, 11, 20), overdue=True
        ),
        ActionLine(14, _in(language, "ask two customers for a quote", "zwei Kunden um ein Zitat bitten"), "Sam", None),
    )


def points(language: str = "en") -> tuple[PointLine, ...]:
    return (
        PointLine(_in(language, "career path", "Laufbahn"), "Sam", date(2026, 11, 17)),
        PointLine(_in(language, "who covers support in December", "wer im Dezember den Support macht"), "Mia"),
    )


WROTE = {
    "en": (
        ("the auditors have their answers", "pricing page", "nothing"),
        (
            "- the import is live\n- two old scripts are gone\n\nThe second run took 40 minutes, down from 3 hours.",
            "- answer the last three tickets\n"
            "- look at the slow query that Ana found on Friday, and write down what we know so far",
            "waiting for the staging database",
        ),
        (
            "drafted the launch mail",
            "second draft, then a walk through it with Mia",
            "need Ana to settle the pricing page, 30 min",
        ),
    ),
    "de": (
        ("die Prüfer haben ihre Antworten", "Preisseite", "nichts"),
        (
            "- der Import läuft\n- zwei alte Skripte sind weg\n\nDer zweite Lauf dauerte 40 Minuten statt 3 Stunden.",
            "- die letzten drei Tickets beantworten\n"
            "- die langsame Abfrage ansehen, die Ana am Freitag gefunden hat, und aufschreiben, was wir wissen",
            "warte auf die Testdatenbank",
        ),
        ("Entwurf der Mail zum Start", "zweiter Entwurf, dann mit Mia durchgehen", "brauche Ana für die Preisseite"),
    ),
}


def answers(language: str = "en") -> tuple[PersonAnswers, ...]:
    short = [question.short for question in asked("check-in", language)]
    return tuple(
        PersonAnswers(who, tuple(AnswerView(label, text) for label, text in zip(short, texts, strict=True)))
        for who, texts in zip((MIA, SAM, LEE), WROTE[language], strict=True)
    )


def digest(kind: str = "check-in", language: str = "en") -> DigestView:
    return DigestView(
        kind=kind,
        title=renderer().title(kind, language),
        team="Product",
        day=TODAY,
        asked=5,
        answered=3,
        people=answers(language),
        silent=("Ana",),
        away=(AwayLine("Inês", date(2026, 11, 26)),),
        highlights=(
            ("Sam", _in(language, "the import is live", "der Import läuft")),
            ("Mia", _in(language, "the auditors have their answers", "die Prüfer haben ihre Antworten")),
        ),
        blockers=(blocker(language), pricing(language)),
    )


def person_week(who: Who, language: str = "en") -> PersonWeek:
    done = ("the import is live", "answered the auditors", "two old scripts are gone")
    done_de = ("der Import läuft", "den Prüfern geantwortet", "zwei alte Skripte sind weg")
    following = ("move the reports to the new import", "a week of support")
    following_de = ("die Berichte auf den neuen Import umstellen", "eine Woche Support")
    german = language == "de"
    return PersonWeek(
        who,
        done_de if german else done,
        following_de if german else following,
        (blocker(language, 7),),
        (actions(language)[2],),
        5,
        5,
    )


def team_week(language: str = "en") -> TeamWeek:
    return TeamWeek(
        title="Product",
        asked=25,
        answered=22,
        people=(person_week(SAM, language), PersonWeek(LEE, (), (), (), (), 0, 5)),
        blockers_open=(blocker(language, 7), pricing(language)),
        blockers_closed=(
            replace(blocker(language), text=_in(language, "no test account", "kein Testkonto"), closed=True),
        ),
        actions_due=actions(language)[:2],
        actions_done=(replace(actions(language)[2], done=True),),
        meetings=(
            HeldMeeting("Product review", at(TODAY, 14), True, True),
            HeldMeeting("Planning", at(TODAY, 16), False, False),
        ),
        one_on_ones_held=3,
        one_on_ones_planned=4,
        kpis=samples_tasks.figures(language)[:2],
    )


def prompt(kind: str, language: str = "en") -> PromptView:
    usual = kind in ("check-in", "weekly-update")
    return PromptView(
        title=renderer().title(kind, language),
        day=TODAY,
        questions=asked(kind, language),
        closes=at(TODAY, 13),
        teams=("Product",),
        about=_in(language, "The spring release", "Das Frühjahrsrelease") if kind == "missed-deliverable" else "",
        planned=(
            PlannedLine(date(2026, 11, 23), _in(language, "finish the import", "den Import abschließen")),
            PlannedLine(date(2026, 11, 23), _in(language, "answer the auditors", "den Prüfern antworten")),
        )
        if usual
        else (),
        blockers=(blocker(language),) if usual else (),
    )


def sample(kind: str, language: str = "en") -> object:
    """The ordinary view of a kind that is mailed."""
    if kind in samples_goals.KINDS:
        return samples_goals.view(kind, asked(kind, language), language)
    if kind in samples_tasks.KINDS:
        return samples_tasks.view(kind, asked(kind, language), language)
    if kind in samples_people.KINDS:
        return samples_people.view(kind, asked(kind, language), language)
    if kind in samples_polls.KINDS:
        return samples_polls.view(kind, asked(kind, language), language)
    if kind in PROMPTS:
        return prompt(kind, language)
    closes = at(date(2026, 12, 1), 12)
    suggestions = tuple(q.text for q in renderer().bank("one-on-one", language))[2:8:2]
    review = meeting(language, private=False, day=TODAY)
    week = (replace(answers(language)[1], day=None),)
    views: dict[str, object] = {
        "reminder": ReminderView(
            "check-in",
            "Check-in",
            TODAY,
            asked("check-in", language)[1:],
            at(TODAY, 13),
            False,
            _in(language, "Check-in, Tue 24 Nov", "Check-in, Di., 24. Nov."),
        ),
        "agenda-call": AgendaCallView(
            meeting(language),
            asked("agenda-call", language),
            closes,
            points(language)[:1],
            (),
            suggestions,
            actions(language)[2:],
        ),
        "agenda": AgendaView(
            meeting(language, day=TODAY),
            points(language),
            (_in(language, "What should we do differently?", "Was sollten wir anders machen?"),),
            actions(language)[2:],
            "Sam",
            week,
            suggestions,
            (GoalMove("KR1", _in(language, "2,000 signups", "2.000 Anmeldungen"), 20, 35, "behind"),),
        ),
        "meeting-notes": NotesView(
            review, asked("meeting-notes", language), points(language), at(date(2026, 11, 26), 12)
        ),
        "summary": SummaryView(
            review,
            (
                _in(
                    language,
                    "run the conference online in November (budget 30k)",
                    "die Konferenz im November online halten (Budget 30.000)",
                ),
            ),
            actions(language),
            (
                _in(
                    language,
                    "the venue wants an answer before the holidays",
                    "der Saal will vor den Feiertagen eine Antwort",
                ),
            ),
            points(language),
            "Ana Lindqvist",
            at(date(2026, 12, 17), 15),
        ),
        "meeting-feedback": FeedbackView(review, asked("meeting-feedback", language)),
        "digest": digest("check-in", language),
        "moved": MovedView(
            meeting(language, day=date(2026, 12, 2)), at(date(2026, 12, 1), 14), at(date(2026, 12, 2), 14), "conflict"
        ),
        "other-times": OtherTimesView(
            meeting(language, day=date(2026, 12, 2)), tuple(at(date(2026, 12, day), 11) for day in (2, 3, 4))
        ),
        "found": found(language),
        "why": WhyView(
            "Check-in, Tue 24 Nov", at(date(2026, 11, 24), 9), "round", "Check-in", "Product", ("Lee Park",), "Mia Chen"
        ),
        "invitation": InvitedView(
            meeting(language), "new", 30, tuple(at(date(2026, 12, day), 14) for day in (1, 8, 15))
        ),
        "rollup": RollupView(
            48,
            date(2026, 11, 23),
            date(2026, 11, 29),
            person_week(MIA, language),
            (team_week(language),),
            (replace(team_week(language), title="Sales", people=()),),
        ),
        "welcome": WelcomeView(
            "Mia Chen",
            (
                ("check-in", renderer().title("check-in", language), "daily", at(TODAY, 9)),
                ("weekly-update", renderer().title("weekly-update", language), "weekly", at(date(2026, 11, 27), 15)),
            ),
            (meeting(language).title, "Product review"),
            ("Product",),
        ),
        "receipt": ReceiptView(
            _in(language, "Check-in, Tue 24 Nov", "Check-in, Di., 24. Nov."),
            (Understood(asked("check-in", language)[0].text, _in(language, "finished the import", "Import fertig")),),
            (_in(language, "same as for the other one", "wie beim anderen"),),
            asked("check-in", language)[1:],
        ),
        "help": HelpView(
            actions(language)[2:],
            (("Check-in", at(date(2026, 11, 25), 9)), (meeting(language).title, at(date(2026, 12, 1), 14))),
        ),
        "notice": NoticeView(("account main: sign-in refused", "lee@example.com: 3 bounces in 14 days")),
    }
    return views[kind]


def edges(kind: str, language: str = "en") -> Mapping[str, object]:
    """The awkward views of a kind, by what is awkward about them."""
    view = sample(kind, language)
    if kind in samples_goals.KINDS:
        return samples_goals.edges(view, language)
    if kind in samples_tasks.KINDS:
        return samples_tasks.edges(view, language)
    if kind in samples_polls.KINDS:
        return samples_polls.edges(view, language)
    if kind in samples_people.KINDS:
        return samples_people.edges(view, language)
    if isinstance(view, PromptView):
        return {
            "no questions": replace(view, questions=(), planned=(), blockers=()),
            "nobody's team": replace(view, teams=()),
            "three teams, late": replace(view, teams=("Product", "Sales", "Support"), note="late"),
            "one question": replace(view, questions=view.questions[:1]),
            "much open": replace(view, blockers=(blocker(language),) * 12),
        }
    if isinstance(view, DigestView):
        people = tuple(replace(view.people[n % 3], who=Who(f"Person {n}", f"P{n}")) for n in range(30))
        return {
            "no answers": replace(view, answered=0, people=(), highlights=(), blockers=(), silent=("Ana", "Lee")),
            "nobody asked": replace(
                view, asked=0, answered=0, people=(), highlights=(), blockers=(), silent=(), away=()
            ),
            "one person": replace(view, asked=1, answered=1, people=view.people[:1], silent=(), blockers=()),
            "all answered": replace(view, answered=5, silent=(), away=()),
            "thirty people": replace(
                view,
                asked=40,
                answered=30,
                people=people,
                silent=tuple(f"Silent {n}" for n in range(10)),
                away=tuple(AwayLine(f"Absent {n}", None) for n in range(9)),
                highlights=tuple((f"Person {n}", "shipped") for n in range(30)),
                blockers=(blocker(language),) * 12,
            ),
            "quiet, late, not asked": replace(
                view,
                quiet=True,
                late=(replace(view.people[0], day=date(2026, 11, 23)),),
                not_asked=("Tom",),
                blockers=(),
            ),
            "goals were named": replace(view, goals=(GoalMove("KR1", "2,000 signups", 20, 35, "behind"),) * 9),
            "another kind": replace(
                view, kind="monthly-update", title=renderer().title("monthly-update", language), blockers=()
            ),
        }
    return {**_meeting_edges(view, language), **_other_edges(view, language)}


def _meeting_edges(view: object, language: str) -> Mapping[str, object]:
    if isinstance(view, AgendaCallView):
        return {
            "nothing yet": replace(view, points=(), topics=(), suggestions=(), actions=()),
            "a group": replace(view, meeting=meeting(language, private=False), topics=("KPIs",)),
        }
    if isinstance(view, AgendaView):
        return {
            "no points": replace(view, points=(), topics=(), actions=(), week=(), goals=()),
            "no points, nothing to offer": replace(view, points=(), topics=(), actions=(), week=(), suggestions=()),
            "many goals": replace(view, goals=view.goals * 9),
            "thirty points": replace(view, points=points(language) * 15, documentarian="Ana"),
            "a group with a link": replace(
                view,
                meeting=replace(
                    meeting(language, private=False, day=TODAY), link="https://meet.example.com/" + "x" * 70
                ),
            ),
        }
    if isinstance(view, NotesView):
        return {"a pair, no points": replace(view, meeting=meeting(language, day=TODAY), points=())}
    if isinstance(view, SummaryView):
        return {
            "nothing noted": replace(view, decisions=(), actions=(), takeaways=(), points=(), next_start=None),
            "corrected, by the reader": replace(view, corrected=True, author="Sam Osei"),
        }
    if isinstance(view, MovedView):
        moved = {reason: replace(view, reason=reason) for reason in ("holiday", "away", "hours", "asked")}
        return {**moved, "skipped": replace(view, start=None, reason="holiday")}
    if isinstance(view, InvitedView):
        return {"changed": replace(view, what="changed"), "cancelled": replace(view, what="cancelled", dates=())}
    return {}


def _other_edges(view: object, language: str) -> Mapping[str, object]:
    if isinstance(view, ReminderView):
        return {"last": replace(view, last=True), "no subject": replace(view, subject="")}
    if isinstance(view, RollupView):
        alone = replace(view, teams=(), below=())
        empty = replace(
            view.teams[0], people=(), blockers_open=(), blockers_closed=(), actions_due=(), actions_done=(), meetings=()
        )
        return {
            "own week alone": alone,
            "an empty week": replace(alone, own=PersonWeek(SAM, (), (), (), (), 0, 5)),
            "two teams": replace(view, own=None, teams=(view.teams[0], replace(empty, title="Sales"))),
            "nothing to tell": replace(view, own=None, teams=(empty,), below=()),
            "only teams below": replace(view, own=None, teams=()),
        }
    if isinstance(view, WelcomeView):
        return {
            "nothing planned": replace(view, rounds=(), meetings=(), readers=()),
            "goals": replace(view, goals=True),
            "goals and figures": replace(view, goals=True, kpis=True),
            "figures": replace(view, kpis=True, readers=()),
        }
    if isinstance(view, ReceiptView):
        bare = replace(view, understood=(), unclear=(), open=())
        first, last = date(2026, 11, 25), date(2026, 11, 30)
        done = [
            Act("skip"),
            Act("away", first=first, last=last),
            Act("away", first=first),
            Act("back"),
            Act("stop"),
            Act("resume"),
            Act("stop", text="one", kind="check-in"),
            Act("reminders", number=0),
            Act("reminders", text="some", number=2),
            Act("done", text=actions(language)[2].text, number=14),
            Act("done", text=blocker(language).text, number=17, kind="blocker"),
            Act("unknown-number", number=99),
            Act("not-yours", number=12),
            Act("undone", text=actions(language)[2].text, number=14),
            Act("nothing-open"),
        ]
        return (
            {f"{act.what} {act.kind}{act.text}{act.last}": replace(bare, acts=(act,)) for act in done}
            | {
                f"{act.family}: {act.what} {act.text}": replace(bare, acts=(act,))
                for act in samples_polls.acts(language)
            }
            | {
                "two acts and an answer": replace(view, acts=(done[1], done[6]), unclear=(), open=()),
                "corrected": replace(view, unclear=(), open=(), corrected=True),
                "late": replace(view, unclear=(), open=(), late=True),
                "mixed": replace(view, mixed=True),
                "nothing understood": replace(view, understood=()),
                "late, nothing to add": replace(bare, late=True),
                "bare": bare,
            }
        )
    if isinstance(view, HelpView):
        return {
            "unknown": replace(view, unknown=True),
            "nothing open": replace(view, actions=(), next=()),
            "figures of their own": replace(view, goal="KR14", kpi="answer time"),
        }
    if isinstance(view, NoticeView):
        return {"one": replace(view, problems=view.problems[:1]), "many": replace(view, problems=view.problems * 10)}
    return {}


MAILED = (
    *PROMPTS,
    "reminder",
    "agenda-call",
    "agenda",
    "meeting-notes",
    "summary",
    "meeting-feedback",
    "digest",
    "moved",
    "invitation",
    "rollup",
    "welcome",
    "receipt",
    "help",
    "notice",
    *samples_goals.KINDS,
    *samples_people.KINDS,
    *samples_polls.KINDS,
    *samples_tasks.KINDS,
    "other-times",
    "found",
    "why",
)
"""Every kind that is a mail."""


def found(language: str) -> FoundView:
    if language == "de":
        words, one, other = "Ausfall", "Der Ausfall von Staging, schon wieder.", "Nach dem Ausfall: zwei Replikate."
    else:
        words, one, other = "outage", "The staging outage, again.", "After the outage: two replicas."
    lines = (
        FoundLine("Sam Osei", date(2026, 11, 20), "blockers", one),
        FoundLine("Mia Chen", date(2025, 10, 2), "decision", other, mine=True),
    )
    return FoundView(words, lines, more=True)


def invitation(kind: str, language: str = "en") -> InvitationView:
    pair = kind == "one-on-one"
    return InvitationView(
        title="" if pair else "Product review",
        people=(MIA, SAM) if pair else (MIA, SAM, ANA, LEE),
        topics=(_in(language, "What should we do differently?", "Was sollten wir anders machen?"),),
        link="https://meet.example.com/product",
        address="ada@example.com",
        private=pair,
        points=points(language),
    )
