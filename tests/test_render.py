"""The renderer: languages, own templates, several parts in one mail, and how words are set."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from assistant.domain.views import AgendaCallView, Asked, PromptView, QuestionContext, ReceiptView
from assistant.errors import ConfigError
from assistant.render import Renderer, Section
from assistant.typeset import Wording, fill, indent, one_line, shown, whole
from tests import samples

TEMPLATES = Path(__file__).parents[1] / "templates"


def _write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _agenda_call(first: int) -> Section:
    view = samples.sample("agenda-call")
    assert isinstance(view, AgendaCallView)
    return Section("agenda-call", replace(view, questions=samples.asked("agenda-call", "en", first)))


# --- questions and languages


@pytest.mark.parametrize(
    ("since", "today", "asked"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), "What did you get done yesterday?"),
        (date(2026, 11, 20), date(2026, 11, 23), "What did you get done on Friday?"),
        (date(2026, 11, 19), date(2026, 11, 23), "What did you get done since Thursday?"),
        (date(2026, 11, 10), date(2026, 11, 23), "What did you get done since Tue 10 Nov?"),
        (None, date(2026, 11, 23), "What did you get done lately?"),
    ],
)
def test_the_first_question_names_the_day_before(since: date | None, today: date, asked: str) -> None:
    """Nobody is asked on Monday what they did yesterday."""
    assert samples.renderer().questions("check-in", "en", QuestionContext(today, since))[0].text == asked


def test_a_kind_without_questions_asks_none() -> None:
    """A report is a kind without questions."""
    assert samples.renderer().questions("digest", "en", QuestionContext(samples.TODAY)) == ()
    assert samples.renderer().bank("check-in", "en") == ()


@pytest.mark.parametrize(
    ("tag", "title"),
    [("en", "Weekly update"), ("de", "Wochenbericht"), ("de-AT", "Wochenbericht"), ("xx", "Weekly update")],
)
def test_a_language_without_a_folder_is_english(tag: str, title: str) -> None:
    """A region falls back to its language."""
    assert samples.renderer().title("weekly-update", tag) == title


def test_labels_hold_words_of_many_languages() -> None:
    """People put "Heute:" before an answer to an English question."""
    done, following, blockers = samples.renderer().questions("check-in", "en", QuestionContext(samples.TODAY))
    assert {"done", "yesterday", "gestern", "erledigt", "hier", "fait", "ayer"} <= set(done.labels)
    assert {"next", "today", "heute"} <= set(following.labels)
    assert {"blockers", "blocked", "hindernisse"} <= set(blockers.labels)


# --- subjects and several parts


def test_subjects_read_as_the_team_knows_them() -> None:
    """Kind, subject and day."""
    subjects = {
        kind: samples.renderer().mail([Section(kind, samples.sample(kind))], samples.frame()).subject
        for kind in samples.MAILED
    }
    assert subjects["check-in"] == "Check-in, Tue 24 Nov"
    assert subjects["agenda-call"] == "1:1 Mia and Sam, Tue 1 Dec: agenda"
    assert subjects["digest"] == "Product check-ins, Tue 24 Nov"
    assert subjects["rollup"] == "Product, week 48"
    assert subjects["summary"] == "Product review, Tue 24 Nov: summary"
    assert subjects["reminder"] == subjects["check-in"]


def test_two_parts_are_one_mail_with_numbers_that_go_on() -> None:
    """One greeting, a heading each, who reads what beside each, one footer."""
    mail = samples.renderer().mail([Section("check-in", samples.sample("check-in")), _agenda_call(4)], samples.frame())
    assert mail.subject == "Check-in and agenda, Tue 24 Nov"
    assert mail.text.count("Good morning") == 1
    assert (
        mail.text.index("\nCheck-in\n") < mail.text.index("\n3. ") < mail.text.index("\n1:1 Mia and Sam, Tue 1 Dec\n")
    )
    assert "\n4. What would you like to talk about?" in mail.text
    assert mail.text.index("Everyone in Product") < mail.text.index("Only the two of you") < mail.text.index("\n-- \n")
    assert mail.html.count("<h1") == 2


def test_three_parts_are_counted_in_the_subject() -> None:
    """A subject stays short."""
    sections = [Section("check-in", samples.sample("check-in")), _agenda_call(4), _agenda_call(5)]
    assert samples.renderer().mail(sections, samples.frame()).subject == "Check-in and 2 more, Tue 24 Nov"


def test_a_summary_and_its_question_are_one_letter() -> None:
    """What belongs to one meeting has no headings, and one audience."""
    sections = [Section(kind, samples.sample(kind)) for kind in ("summary", "meeting-feedback")]
    mail = samples.renderer().mail(sections, samples.frame())
    assert mail.subject == "Product review, Tue 24 Nov: summary"
    assert "\n\nWas this meeting worth your time?" in mail.text
    assert mail.text.count("Only the people in this meeting") == 1
    assert "<h1" not in mail.html


def test_reminders_of_one_mail_keep_its_subject() -> None:
    """They stand in its thread."""
    reminder = Section("reminder", samples.sample("reminder"))
    assert samples.renderer().mail([reminder, reminder], samples.frame()).subject == "Check-in, Tue 24 Nov"


def test_what_people_wrote_keeps_its_lines_and_bullets() -> None:
    """Set off, in their own words, in both versions."""
    mail = samples.renderer().mail([Section("digest", samples.digest())], samples.frame())
    assert "  Done        - the import is live\n              - two old scripts are gone\n" in mail.text
    assert ">- the import is live</div>" in mail.html
    assert ">- two old scripts are gone</div>" in mail.html


def test_a_long_list_is_cut() -> None:
    """Seven, then how many more."""
    view = samples.edges("check-in")["much open"]
    mail = samples.renderer().mail([Section("check-in", view)], samples.frame())
    assert mail.text.count("staging database") == 7
    assert "and 5 more" in mail.text
    assert "and 5 more" in mail.html


def test_a_note_stands_at_the_end_of_its_part() -> None:
    """One line more, in both versions."""
    mail = samples.renderer().mail(
        [Section("check-in", samples.sample("check-in"), "Only until Friday.")], samples.frame()
    )
    assert "Only until Friday." in mail.text
    assert "Only until Friday." in mail.html


def test_an_option_has_a_letter() -> None:
    """Choices can be answered by letter, beside numbered questions."""
    view = samples.prompt("check-in")
    choice = Asked(4, "mood", "How is it going?", "Mood", options=("well", "so so"))
    assert isinstance(view, PromptView)
    mail = samples.renderer().mail(
        [Section("check-in", replace(view, questions=(*view.questions, choice)))], samples.frame()
    )
    assert "\n4. How is it going?\n   a) well\n   b) so so\n" in mail.text


# --- the user's own folder


def test_an_own_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    """One file, and the rest stays as shipped."""
    _write(tmp_path, "en/check-in/subject.txt.j2", "Stand-up on {{ view.day | weekday }}")
    mail = Renderer(tmp_path).mail([Section("check-in", samples.sample("check-in"))], samples.frame())
    assert mail.subject == "Stand-up on Tuesday"
    assert "two minutes are plenty" in mail.text


def test_own_words_reach_both_versions(tmp_path: Path) -> None:
    """A kind's sentences are written once."""
    shipped = (TEMPLATES / "en/check-in/say.j2").read_text(encoding="utf-8")
    _write(tmp_path, "en/check-in/say.j2", shipped.replace("two minutes are plenty", "take your time"))
    mail = Renderer(tmp_path).mail([Section("check-in", samples.sample("check-in"))], samples.frame())
    assert "take your time" in mail.text
    assert "take your time" in mail.html


def test_a_language_costs_a_folder(tmp_path: Path) -> None:
    """What it does not say yet is said in English."""
    words = (TEMPLATES / "en/words.yaml").read_text(encoding="utf-8")
    _write(tmp_path, "fr/words.yaml", words.replace("Tue", "mar.").replace("Nov", "nov."))
    _write(tmp_path, "fr/check-in/title.txt.j2", "Point du jour")
    own = Renderer(tmp_path)
    assert own.title("check-in", "fr") == "Point du jour"
    assert own.title("weekly-update", "fr") == "Weekly update"
    assert (
        own.mail([Section("check-in", samples.sample("check-in"))], samples.frame("fr")).subject
        == "Check-in, mar. 24 nov."
    )


@pytest.mark.parametrize(
    "broken",
    [
        "{{ view.nonsense }}",
        "{% if %}",
        "{{ 1 + 'a' }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ view.day.__init__.__globals__ }}",
    ],
)
def test_an_own_template_that_fails_gives_way_to_the_shipped_one(
    tmp_path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A typing error, or an attempt to leave the sandbox, costs nobody a mail, and the log says so."""
    _write(tmp_path, "en/check-in/subject.txt.j2", broken)
    with caplog.at_level(logging.WARNING):
        mail = Renderer(tmp_path).mail([Section("check-in", samples.sample("check-in"))], samples.frame())
    assert mail.subject == "Check-in, Tue 24 Nov"
    assert "own template failed" in caplog.text


@pytest.mark.parametrize(
    "broken",
    ["- key: done", "done: what?", "- {key: a, text: b, type: riddle}", "- {key: [", "- {key: a, text: '{{ oops'}"],
)
def test_a_broken_questions_file_is_reported_with_its_place(tmp_path: Path, broken: str) -> None:
    """Asked of nobody rather than asked wrongly."""
    _write(tmp_path, "en/check-in/questions.yaml", broken)
    with pytest.raises(ConfigError, match=r"questions\.yaml"):
        Renderer(tmp_path).questions("check-in", "en", QuestionContext(samples.TODAY))


# --- how words are set


def _wording(language: str) -> Wording:
    return Wording(YAML(typ="safe", pure=True).load(TEMPLATES / language / "words.yaml"))


NOW = datetime(2026, 11, 24, 9, tzinfo=samples.BERLIN)


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (-14, "on Tue 10 Nov", "am Di., 10. Nov."),
        (-4, "on Friday", "am Freitag"),
        (-1, "yesterday", "gestern"),
        (0, "today", "heute"),
        (1, "tomorrow", "morgen"),
        (3, "on Friday", "am Freitag"),
        (7, "on Tue 1 Dec", "am Di., 1. Dez."),
    ],
)
def test_a_day_is_said_as_people_say_it(days: int, english: str, german: str) -> None:
    """Near days by their names, others with the date."""
    day = NOW.date() + timedelta(days=days)
    assert (_wording("en").on(day, NOW), _wording("de").on(day, NOW)) == (english, german)


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["Mia"], "Mia"), (["Mia", "Sam"], "Mia and Sam"), (["Mia", "Sam", "Lee"], "Mia, Sam and Lee")],
)
def test_names_are_joined(names: list[str], said: str) -> None:
    """No comma before the last."""
    assert _wording("en").names(names) == said


WORDS = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30), max_size=60)


@given(WORDS)
def test_filling_keeps_every_word_within_72_columns(words: list[str]) -> None:
    """No word is lost, broken or moved."""
    set_ = fill(" ".join(words), "1. ", "   ")
    assert set_[3:].split() == words
    assert all(len(line.rstrip()) <= 72 for line in set_.split("\n"))


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=100), max_size=8))
def test_indenting_keeps_the_lines_that_people_wrote(lines: list[str]) -> None:
    """Each begins a line; all stand away from the margin."""
    text = whole("\n".join(lines))
    set_ = indent(text, "  Done  ", "        ").split("\n")
    assert all(line.startswith("  ") for line in set_)
    assert "".join(set_).replace("Done", "", 1).split() == text.split() or " " in "".join(text.split())
    assert len(set_) >= len(text.split("\n"))


def test_tables_that_people_draw_stay_as_they_are() -> None:
    """Three spaces in a row are a layout, not a gap."""
    table = "name      count     " + "what it is" * 8
    assert indent(table, "", "") == table


@given(st.text())
def test_hidden_characters_never_pass(text: str) -> None:
    """Not one control, bidirectional or zero-width character, and one line where one is wanted."""
    assert not set(one_line(text)) & set("\n\r\x00\x1b\x7f\x85\u200b\u200e\u200f\u2028\u202e\u2066\ufeff\ud800")
    assert not set(whole(text)) & set("\r\x00\x1b\x7f\x85\u200b\u200e\u200f\u2028\u202e\u2066\ufeff\ud800")


def test_a_flood_of_text_is_cut() -> None:
    """One person cannot fill everybody's mail."""
    assert len(whole("x" * 100_000)) < 5_000
    assert whole("line\n" * 1_000).count("\n") < 100
    assert len(one_line("x" * 100_000)) == 400


def test_one_thing_is_never_hidden_behind_a_count() -> None:
    """ "and 1 more" takes the room of the thing itself."""
    assert shown(list(range(8)), 7) == list(range(8))
    assert shown(list(range(9)), 7) == list(range(7))


def test_references_become_links_and_nothing_else_does() -> None:
    """By what the configuration says stands before a number; the text itself stays as it was written."""
    links = {"#": "https://git.example.com/{}?a=1&b=2", "PROJ-": "https://jira.example.com/PROJ-{}"}
    shown = samples.sample("receipt")
    assert isinstance(shown, ReceiptView)
    view = replace(shown, unclear=("Fixed #12 and PROJ-7, not a#3, #x or <b>#4</b>.",))
    mail = Renderer(links=links).mail([Section("receipt", view)], samples.frame())
    found = re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', mail.html)
    assert found == [
        ("https://git.example.com/12?a=1&amp;b=2", "#12"),
        ("https://jira.example.com/PROJ-7", "PROJ-7"),
        ("https://git.example.com/4?a=1&amp;b=2", "#4"),
    ]
    assert "Fixed #12 and PROJ-7, not a#3" in mail.text
