"""Phrases from seven languages, written down before they were tried: times, values, commands, and what is none."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.people import Person, resolve
from assistant.domain.questions import CONFIDENCE_FLOOR, AnswerType, Question
from assistant.inbound import commands, times, values
from assistant.inbound.commands import Choose, Command, Known, MoveTask, NewPoll, NewTask, vote

FOLDER = Path(__file__).parent / "spoken"
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)  # a Tuesday
PEOPLE = tuple(
    Person(f"{name.split()[0].lower()}@example.com", name, ZONE)
    for name in ("Mia Chen", "Sam Osei", "Ana Lindqvist", "Lee Park")
)
KNOWN = Known(PEOPLE, ("KR1", "KR2", "signups", "churn"))
ASKED = (
    Question("done", "What did you get done?", "Done"),
    Question("next", "What is on for today?", "Today"),
    Question("blockers", "Anything in your way?", "Blockers", AnswerType.BLOCKER),
)
TYPES = {
    "number": AnswerType.NUMBER,
    "scale": AnswerType.SCALE,
    "yesno": AnswerType.YES_NO,
    "choice": AnswerType.CHOICE,
    "date": AnswerType.DATE,
    "person": AnswerType.PERSON,
    "blocker": AnswerType.BLOCKER,
}


def lines(name: str) -> list[list[str]]:
    rows = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [row.split("|") for row in rows if row and not row.startswith("#")]


def instant(day: date, minutes: int) -> datetime:
    days, rest = divmod(minutes, 1440)
    return resolve(day + timedelta(days), time(rest // 60, rest % 60), ZONE)


def window(text: str) -> tuple[datetime, datetime, bool]:
    """The interval that a file writes as "26.11 12-18", and whether its start is the very one."""

    def day(written: str) -> date:
        number, month = written.split(".")
        return date(2026, int(month), int(number))

    def minutes(written: str) -> int:
        hour, _, minute = written.partition(":")
        return int(hour) * 60 + int(minute or 0)

    first, _, last = text.partition(">")
    if last:
        return instant(day(first), 0), instant(day(last), 1440), False
    on, _, clock = text.partition(" ")
    begin, _, end = clock.rstrip("!").partition("-")
    if not clock:
        return instant(day(on), 0), instant(day(on), 1440), False
    exact = clock.endswith("!") or not end
    return instant(day(on), minutes(begin)), instant(day(on), minutes(end or begin)), exact


@pytest.mark.parametrize(("language", "phrase", "meaning"), lines("times"))
def test_a_time_phrase_becomes_the_intervals_it_names(language: str, phrase: str, meaning: str) -> None:
    found = times.read(phrase, zone=ZONE, now=NOW, language=language)
    told = {(c.period.start.astimezone(ZONE), c.period.end.astimezone(ZONE), c.exact) for c in found}
    assert told == {window(part) for part in meaning.split(" / ")}
    assert any(candidate.confidence >= CONFIDENCE_FLOOR for candidate in found)


@pytest.mark.parametrize(("kind", "language", "text", "wanted"), lines("values"))
def test_a_typed_answer_is_read_or_asked_about(kind: str, language: str, text: str, wanted: str) -> None:
    options = ("Track it", "Revise it", "Replace it") if kind == "choice" else ()
    question = Question("q", "?", type=TYPES[kind], options=options)
    read = values.read(question, text, values.Context(PEOPLE, NOW.date(), language))
    sure = read.fit >= CONFIDENCE_FLOOR and read.value is not None
    if wanted.endswith("?") or wanted == "-":
        assert not sure
        return
    assert sure
    assert shown(kind, read.value) == wanted


def shown(kind: str, value: object) -> str:
    match value:
        case bool():
            return "T" if value else "F"
        case float() if kind != "choice":
            return f"{value:.10g}"
        case [{"minutes": minutes}, *_]:
            return str(minutes or 0)
        case []:
            return "free"
        case _:
            return str(value)


def read(text: str, language: str = "en", known: Known = KNOWN) -> tuple[Command, ...]:
    return commands.read(text, language=language, zone=ZONE, now=NOW, known=known).commands


def described(command: Command) -> str:
    """The command with what it was told, as the file writes it."""
    told = []
    for field in fields(command):
        value = getattr(command, field.name)
        own = field.name not in ("line", "confidence", "alternatives")
        if not own or (field.default is not MISSING and value == field.default):
            continue
        if field.name == "candidates":
            spans = [(c.period.start.astimezone(ZONE), c.period.end.astimezone(ZONE)) for c in value]
            value = ", ".join(f"{start:%d.%m %H:%M}-{end:%H:%M}" for start, end in spans)
        elif isinstance(value, tuple):
            value = ", ".join(map(str, value))
        told.append(f"{field.name}={value}")
    return f"{type(command).__name__} {'; '.join(told)}".strip()


@pytest.mark.parametrize(("language", "line", "meaning"), lines("commands"))
def test_a_command_is_known_in_every_language(language: str, line: str, meaning: str) -> None:
    found = read(line, language)
    assert " & ".join(described(command) for command in found) == meaning
    assert all(command.confidence >= CONFIDENCE_FLOOR for command in found)


@pytest.mark.parametrize("line", [row[0] for row in lines("sentences")])
def test_an_ordinary_sentence_is_no_command(line: str) -> None:
    """Neither between the answers to a prompt nor as the only answer."""
    for text in (f"Import is live.\n{line}\nand the audit", line):
        sure = [c for c in read(text, known=Known(PEOPLE, KNOWN.measures, ASKED)) if c.confidence >= CONFIDENCE_FLOOR]
        assert [c for c in sure if not isinstance(c, commands.CONTEXTUAL)] == []


OPTIONS = ("Thai", "Pizza place", "Sushi bar", "Thai garden")


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("2", (2,)), ("b", (2,)), ("C!", (3,)), ("option 9", (9,)), ("Pizza place", (2,)), ("pizza", (2,)),
        ("thai", (1,)), ("Thai garden please", (4,)), ("I'd go for sushi bar", (3,)), ("pizzza place", (2,)),
        ("vote 2", (2,)), ("I vote for Thai", (1,)), ("Sushi bar, because it is close", (3,)), ("hello there", None),
        ("2 > 1 > 3", (2, 1, 3)), ("2, then 1", (2, 1)), ("stimme für 3", (3,)), ("je vote pour 2", (2,)),
    ],
)  # fmt: skip
def test_a_vote_is_a_number_a_letter_or_the_option_itself(text: str, choices: tuple[int, ...] | None) -> None:
    found = vote(text, OPTIONS)
    assert (found.choices if found else None) == choices
    assert found is None or found.confidence >= CONFIDENCE_FLOOR


def test_several_votes_count_where_several_are_wanted_and_are_asked_about_elsewhere() -> None:
    several, one = vote("2 and 4", OPTIONS, several=True), vote("2 and 4", OPTIONS)
    assert several is not None
    assert several.confidence >= CONFIDENCE_FLOOR
    assert one is not None
    assert one.confidence < CONFIDENCE_FLOOR
    assert [alternative.choices for alternative in one.alternatives if hasattr(alternative, "choices")] == [(2,), (4,)]


@pytest.mark.parametrize("text", ["not sushi bar", "anything but sushi bar", "alles außer Sushi bar"])
def test_an_option_turned_down_is_no_vote_for_it(text: str) -> None:
    found = vote(text, OPTIONS)
    assert found is None or found.confidence < CONFIDENCE_FLOOR


def test_two_meanings_come_with_both_and_below_the_floor() -> None:
    sams = (*PEOPLE, Person("sam.ode@example.com", "Sam Ode", ZONE))
    for line in ("assign 12 to Sam", "task Write it @Sam", "tasks of Sam", "move 12 to 4/12"):
        (command,) = read(line, known=Known(sams))
        assert command.alternatives, line
        assert command.confidence < CONFIDENCE_FLOOR or isinstance(command, MoveTask), line


def test_a_body_takes_the_lines_below_it_but_no_farewell() -> None:
    text = "Hi Ada,\n\npoll: Where do we eat?\na) Thai\nb) Pizza\n- Sushi\nuntil Friday, secret\n\nThanks,\nMia"
    (poll,) = read(text)
    assert isinstance(poll, NewPoll)
    assert (poll.question, poll.options) == ("Where do we eat?", ("Thai", "Pizza", "Sushi"))
    assert (poll.secret, poll.closes) == (True, date(2026, 11, 27))


@pytest.mark.parametrize(
    ("text", "options", "closes"),
    [
        ("poll: When?\n- Monday\n- Tuesday\n- Wednesday", ("Monday", "Tuesday", "Wednesday"), None),
        ("poll: When?\nMonday\nTuesday", ("Monday", "Tuesday"), None),
        ("poll: When?\n- Monday\n- Tuesday\nuntil Friday", ("Monday", "Tuesday"), date(2026, 11, 27)),
        ("poll: When?\n- Monday\n- Tuesday\nchoose several, until Friday", ("Monday", "Tuesday"), date(2026, 11, 27)),
    ],
)
def test_days_that_are_voted_on_do_not_end_the_poll(text: str, options: tuple[str, ...], closes: date | None) -> None:
    (poll,) = read(text)
    assert isinstance(poll, NewPoll)
    assert (poll.options, poll.closes) == (options, closes)


def test_a_list_below_a_heading_is_one_command_a_point() -> None:
    found = read("tasks:\n- write the report by Friday\n- call the bank @Ana\n\nSee you")
    assert [task.text for task in found if isinstance(task, NewTask)] == ["write the report", "call the bank"]


def test_a_line_labelled_for_a_question_is_its_answer() -> None:
    notes = (Question("decisions", "What was decided?", "Decisions"),)
    assert read("decision: we go with Postgres", known=Known(questions=notes)) == ()


PIECES = st.lists(
    st.sampled_from(
        [
            "done 12", "task:", "by Friday", "@Sam", "#high", "KR2", "45 %", "poll:", "a) x b) y", "until", "vote",
            "feedback for", ":", "Sam", "move", "12", "to", "Thursday", "3pm", "every month", "after", "confidence 6",
            "search", "what did I do", "in October", "my hours", "8-16", "zone", "Lisbon", "cancel", "the", "1:1", "\n",
            "(", ")", "-", "?", "ß", "٣", "½", "\u200b", "an hour", "later", "spent", "2h", "on", "blocked", "4/12",
        ]
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_any_mix_of_words_is_read_without_fail_and_no_line_is_lost(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = commands.read(text, language="en", zone=ZONE, now=NOW, known=KNOWN)
    assert all(0 <= command.confidence <= 1 for command in found.commands)
    kept = " ".join([*(command.line for command in found.commands), found.rest]).split()
    assert set(text.split()) <= set(kept)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([row[1] for row in lines("commands")]), st.sampled_from(["> ", "| ", ">> "]))
def test_nothing_is_taken_from_a_quoted_line(line: str, mark: str) -> None:
    assert read(f"{mark}{line}\nand the audit") == ()


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9_999), st.sampled_from(["done {}", "{} done", "Done #{}", "done: {}.", "please done {}"]))
def test_a_task_number_is_never_another_one(number: int, form: str) -> None:
    assert {getattr(c, "number", number) for c in read(form.format(number)) if not isinstance(c, Choose)} <= {number}


@pytest.mark.parametrize("pump", ["task ", "poll: a) ", "KR2 45 % ", "blocked 12 by ", "feedback for ", "vote 2 > "])
def test_a_line_without_end_is_left_alone_or_read_once(pump: str) -> None:
    """Beyond its limits a line is an answer: what it holds is not even looked at."""
    assert read(pump * 20_000) == ()
