"""Every mail, in every language, as it leaves: complete, true to its view, and safe whatever people wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.kinds import KINDS, MEETINGS
from assistant.domain.questions import AnswerType
from assistant.domain.views import AgendaCallView, QuestionContext
from assistant.inbound import commands
from assistant.render import Mail, Section
from tests import samples, samples_people, samples_polls, samples_tasks

FOLDER = Path(__file__).parents[1] / "templates"
LANGUAGES = ("en", "de")
REPORTS = (
    "digest",
    "agenda",
    "summary",
    "moved",
    "invitation",
    "rollup",
    "welcome",
    "receipt",
    "help",
    "notice",
    "reminder",
    "okr-design",
    "okr-results",
    "goals",
    "goals-help",
    "goal-danger",
    "goal-given",
    "goal-history",
    "other-times",
    "found",
    "why",
    *samples_people.REPORTS,
    *samples_polls.REPORTS,
    *samples_tasks.REPORTS,
)
MAIL_FILES = {"title.txt.j2", "subject.txt.j2", "body.txt.j2", "body.html.j2", "footer.txt.j2", "say.j2"}
MEETING_FILES = {"title.txt.j2", "description.txt.j2", "bank.yaml"}
CASES = [
    pytest.param(language, kind, edge, id=f"{language}-{kind}-{edge}")
    for language in LANGUAGES
    for kind in samples.MAILED
    for edge in ("", *samples.edges(kind, language))
]
ORDINARY = [(language, kind) for language in LANGUAGES for kind in samples.MAILED]


def render(language: str, kind: str, edge: str = "") -> Mail:
    view = samples.edges(kind, language)[edge] if edge else samples.sample(kind, language)
    return samples.renderer().mail([Section(kind, view)], samples.frame(language))


class _Text(HTMLParser):
    """What a reader sees of the HTML, and the names of its tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words += re.findall(r"\w+", data)


ANSWERS = ("receipt", "help", "notice", "other-times", "found", "why")
"""What comes only because somebody wrote, or something needs them."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_folder_and_every_folder_its_kind(language: str) -> None:
    """A kind is not finished without its words, and words without a kind are dead."""
    found = {
        path.name: {file.name for file in path.iterdir()} for path in (FOLDER / language).iterdir() if path.is_dir()
    }
    expected = {kind: MAIL_FILES | {"questions.yaml"} for kind in KINDS}
    expected |= dict.fromkeys(REPORTS, MAIL_FILES) | dict.fromkeys(MEETINGS, MEETING_FILES)
    expected["several"] = MAIL_FILES - {"title.txt.j2"}
    expected["still-open"] = MAIL_FILES - {"body.html.j2", "footer.txt.j2"}  # only posted, never mailed
    families = {name for name, files in found.items() if "acts.j2" in files}
    assert {name: files for name, files in found.items() if name not in families} == {
        name: files for name, files in expected.items() if name not in families
    }


def test_what_commands_do_is_worded_in_every_language() -> None:
    """The sentences of a family of commands are one file for each language."""
    assert len({frozenset(path.parent.name for path in (FOLDER / each).glob("*/acts.j2")) for each in LANGUAGES}) == 1


def test_the_samples_cover_every_kind() -> None:
    """What has no sample is tested by nobody."""
    assert set(samples.MAILED) == {*KINDS, *REPORTS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_questions_have_the_same_keys_and_types_in_every_language(language: str, kind: str) -> None:
    """Answers are stored by key, so a team may mix languages."""
    ours, english = (
        samples.renderer().questions(kind, lang, QuestionContext(samples.TODAY)) for lang in (language, "en")
    )
    assert [(q.key, q.type, q.optional) for q in ours] == [(q.key, q.type, q.optional) for q in english]
    assert ours
    assert all(q.text and q.short and len(q.labels) > 5 for q in ours)


def test_questions_that_the_code_relies_on() -> None:
    """The keys and types that ``apply`` and ``conclude`` read."""
    asked = {
        k: {q.key: q.type for q in samples.renderer().questions(k, "en", QuestionContext(samples.TODAY))} for k in KINDS
    }
    assert list(asked["check-in"]) == ["done", "next", "blockers"]
    assert asked["check-in"]["blockers"] is asked["weekly-update"]["blockers"] is AnswerType.BLOCKER
    assert asked["agenda-call"] == {"points": AnswerType.ITEMS}
    assert list(asked["meeting-notes"]) == ["decisions", "actions", "takeaways"]
    assert asked["meeting-feedback"] == {"worth": AnswerType.SCALE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bank_of_a_one_on_one_has_fifteen_questions_in_five_groups(language: str) -> None:
    """C126 to C140."""
    groups = Counter(question.group for question in samples.renderer().bank("one-on-one", language))
    assert list(groups.values()) == [3] * 5


@pytest.mark.parametrize(("language", "kind", "edge"), CASES)
def test_a_mail_is_complete_and_within_bounds(language: str, kind: str, edge: str) -> None:
    """Renders with awkward views too: one-line subject, 72 columns, no remnant of a template."""
    mail = render(language, kind, edge)
    assert mail.subject
    assert len(mail.subject) <= 150
    assert "\n" not in mail.subject
    for line in mail.text.split("\n"):
        assert len(line) <= 72 or "https://" in line, line
    for remnant in ("None", "{{", "{%", "()", "  (", "Undefined", "datetime", "\n\n\n\n", " .", " ,", "..", ",."):
        assert remnant not in re.sub(r"(?m)^ +", "", mail.text), remnant
    assert mail.text.count("\n-- \n") == 1
    assert not re.search("[!\U0001f300-\U0001faff]", mail.text + mail.subject)


@pytest.mark.parametrize(("language", "kind", "edge"), CASES)
def test_text_and_html_tell_the_same(language: str, kind: str, edge: str) -> None:
    """Word for word: neither version says more than the other."""
    mail = render(language, kind, edge)
    plain = re.findall(r"\w+", mail.text)
    assert Counter(_Text(mail.html).words) == Counter(plain)


@pytest.mark.parametrize(("language", "kind"), ORDINARY)
def test_html_fetches_nothing_and_runs_nothing(language: str, kind: str) -> None:
    """No remote image, font, style, link, script or form."""
    mail = render(language, kind)
    shown = re.sub(r'<img ([^>]*)src="cid:[^"]+"', r"<picture \1", mail.html)  # comes with the mail itself
    page = _Text(shown)
    assert not page.tags.keys() & {"script", "img", "link", "a", "form", "iframe", "object", "svg", "base", "input"}
    assert not {name for name in page.attributes if name.startswith("on")} | page.attributes & {
        "src",
        "href",
        "background",
    }
    assert "url(" not in mail.html
    assert "@import" not in mail.html
    assert "prefers-color-scheme: dark" in mail.html


@pytest.mark.parametrize(("language", "kind"), ORDINARY)
def test_a_mail_says_why_who_reads_it_and_how_to_stop(language: str, kind: str) -> None:
    """The footer is never empty; whatever comes again can be stopped."""
    footer = render(language, kind).text.partition("\n-- \n")[2]
    assert footer.strip()
    if kind not in ANSWERS:
        assert re.search("“stop[^”]*”|„stopp[^“]*“", footer)


GOALS = ("goals", "goals-help", "goal-history", "okr-design", "okr-results")
"""They show what people set out to do, at length."""
SHORT = [
    (language, kind)
    for language, kind in ORDINARY
    if kind not in ("digest", "rollup", "agenda", "summary", "welcome", "help", "found", "tasks", *GOALS)
]


@pytest.mark.parametrize(("language", "kind"), SHORT)
def test_what_asks_is_short(language: str, kind: str) -> None:
    """Under 120 words, footer included; lists of what people wrote or may ask come on top."""
    view = samples.sample(kind, language)
    if isinstance(view, AgendaCallView):
        view = replace(view, points=(), actions=(), suggestions=())
    mail = samples.renderer().mail([Section(kind, view)], samples.frame(language))
    assert len(mail.text.split()) < 120


JARGON = re.compile(
    r"\b(rounds?|series|prompts?|occurrences?|digests?|rollups?|documentarian|non-respon\w+|failed|missed)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", [kind for kind in samples.MAILED if kind != "welcome"])
def test_no_word_of_ours_and_no_reproach(kind: str) -> None:
    """People read about check-ins and meetings, not about our machinery."""
    for edge in ("", *samples.edges(kind)):
        mail = render("en", kind, edge)
        assert not JARGON.search(mail.text + mail.subject)


ENGLISH = {
    "the",
    "and",
    "your",
    "you",
    "reply",
    "from",
    "until",
    "since",
    "this",
    "today",
    "yesterday",
    "tomorrow",
    "with",
    "for",
    "days",
    "day",
    "minutes",
    "by",
    "due",
    "done",
    "next",
    "more",
    "thank",
    "is",
    "at",
    "on",
    "stop",
    "help",
    "skip",
    "away",
}


@pytest.mark.parametrize("kind", samples.MAILED)
def test_german_mails_are_german(kind: str) -> None:
    """No English word is left over, in any of the awkward cases either."""
    for edge in ("", *samples.edges(kind, "de")):
        if kind == "notice":
            continue  # holds what the machine reports
        mail = render("de", kind, edge)
        assert not ENGLISH & {word.lower() for word in re.findall(r"\w+", mail.text + mail.subject)}, edge


@pytest.mark.parametrize(("language", "kind"), ORDINARY)
def test_a_subject_holds_nothing_that_people_wrote(language: str, kind: str) -> None:
    """A subject shows on lock screens and in logs of mail servers."""
    subject = render(language, kind).subject
    for private in ("import", "Laufbahn", "career", "database", "venue", "auditors", "Saal"):
        assert private not in subject


# --- hostile text

OURS = {"kind", "reason", "what", "key", "zone", "language", "subject", "author", "documentarian"}


def poisoned(value: Any, name: str = "") -> Any:
    """The same view, with everything that people or a configuration may have written replaced."""
    if isinstance(value, str):
        return value if name in OURS or not value else samples.HOSTILE
    if isinstance(value, tuple):
        return tuple(poisoned(item, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{f.name: poisoned(getattr(value, f.name), f.name) for f in fields(value)})
    return value


@pytest.mark.parametrize(("language", "kind"), ORDINARY)
def test_hostile_text_stays_text(language: str, kind: str) -> None:
    """Markup is shown, not obeyed; hidden characters are gone; nobody can fake a footer or a question of ours."""
    clean = _Text(render(language, kind).html)
    mail = samples.renderer().mail([Section(kind, poisoned(samples.sample(kind, language)))], samples.frame(language))
    page = _Text(mail.html)
    assert page.tags.keys() <= clean.tags.keys() | {"h2"}
    assert page.attributes <= clean.attributes
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", mail.text + mail.html + mail.subject
    )
    assert mail.text.count("\n-- \n") == 1
    assert not re.search(r"(?m)^1\. What did you get done yesterday\?$", mail.text)
    assert "49" not in mail.subject


# --- several parts, size, colour


def test_a_digest_of_thirty_is_not_clipped() -> None:
    """Gmail cuts a message at 102 KB."""
    assert len(render("en", "digest", "thirty people").html.encode()) < 102_400


def _rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    for selectors, block in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        declared = dict(part.split(":", 1) for part in block.split(";") if ":" in part)
        for selector in selectors.split(","):
            yield selector.strip(), {k.strip(): v.replace("!important", "").strip() for k, v in declared.items()}


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_enough_contrast(scheme: str) -> None:
    """WCAG AA, 4.5 to 1, for every text colour on every ground it can stand on."""
    source = (FOLDER / "shapes" / ("mail.css" if scheme == "light" else "screen.css")).read_text()
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    rules = list(_rules(source if scheme == "light" else source.partition("prefers-color-scheme: dark) {")[2]))
    grounds = {r["background-color"] for name, r in rules if "background-color" in r and name != ".page"}
    inks = {r["color"] for _, r in rules if "color" in r}
    assert len(grounds) == 2
    assert len(inks) >= 4
    for ink in inks:
        for ground in grounds:
            high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_mail_offers_is_understood(language: str) -> None:
    """What stands in quotation marks as something to reply is read as a command."""
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    offered = set()
    for kind in samples.MAILED:
        for edge in ("", *samples.edges(kind, language)):
            offered |= set(re.findall("[“„]([^”“„]+)[”“]", render(language, kind, edge).text.replace("\n", " ")))
    for words in offered - {"assistant status"}:
        read = commands.read(" ".join(words.split()), language=language, zone=ZoneInfo("Europe/Berlin"), now=now)
        assert len(read.commands) == 1, words
        if isinstance(read.commands[0], commands.Stop):
            assert read.commands[0].kind in {None, *KINDS}, words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MEETINGS)
def test_an_invitation_has_a_title_and_says_how_to_add_a_point(language: str, kind: str) -> None:
    """Before the agenda is mailed it promises the question; after that it holds the points."""
    view = samples.invitation(kind, language)
    title, description = samples.renderer().invitation(kind, language, view)
    assert title == ("Mia / Sam 1:1" if kind == "one-on-one" else "Product review")
    assert view.address in description
    assert view.link in description
    assert all(point.text in description for point in view.points or ())
    before = samples.renderer().invitation(kind, language, replace(view, points=None))[1]
    assert view.address in before
    assert "Mia)" not in before
