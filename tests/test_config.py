"""The configuration: what is taken, with which defaults, and what is said about what is wrong."""

from __future__ import annotations

import json
import tempfile
from datetime import date, time, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from assistant import config
from assistant.config import Config, models, phrases
from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.questions import AnswerType
from assistant.domain.setup import Documentarian, Round, Series
from assistant.errors import ConfigError

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config.example.yaml"

SHORT = """\
assistant:
  name: Ada
  address: ada@example.com
accounts:
  main: {mail: imap, calendar: caldav, host: mail.example.com}
people:
  - {name: Mia Chen,  email: mia@example.com,  zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei,  email: sam@example.com,  zone: Africa/Accra,  team: product}
rounds:
  - {kind: check-in,      team: product, at: "09:00"}
  - {kind: weekly-update, team: product, at: "Fri 15:00"}
series:
  - {kind: one-on-one, managers: all, every: week, length: 30 min}
  - {kind: review, name: Product review, team: product, every: first Tuesday, length: 60 min}
"""

PEOPLE = """\
assistant: {address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Ana Ruiz, email: ana@example.com, zone: Europe/Madrid, team: platform}
"""


@pytest.fixture
def load(tmp_path: Path) -> Any:
    """Loads a text as config.yaml, with further files beside it."""

    def loaded(text: str, **files: str) -> Config:
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_text(content, encoding="utf-8")
        (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
        return config.load(tmp_path / "config.yaml")

    return loaded


@pytest.fixture
def problems(load: Any) -> Any:
    """What is wrong with a text, as "file:line: field: message" without the folder."""

    def found(text: str, **files: str) -> list[str]:
        with pytest.raises(ConfigError) as raised:
            load(text, **files)
        folder = str(Path(raised.value.problems[0].file).parent) + "/"
        return [str(problem).replace(folder, "") for problem in raised.value.problems]

    return found


def people_and(text: str) -> str:
    return PEOPLE + dedent(text)


def round_of(load: Any, entry: str) -> Round:
    found: Round = load(people_and("rounds: [{team: product, " + entry + "}]")).setup.rounds[0]
    return found


def series_of(load: Any, entry: str) -> list[Series]:
    return list(load(people_and("series:\n" + indent(dedent(entry), "  "))).setup.series)


# what is taken


def test_the_short_example_is_valid_as_it_stands(load: Any) -> None:
    loaded = load(SHORT)
    setup = loaded.setup
    assert list(setup.people) == ["mia@example.com", "sam@example.com"]
    assert setup.assistant.operator == "mia@example.com"
    assert str(setup.assistant.zone) == "Europe/Berlin"
    assert setup.teams["product"].title == "Product"
    assert setup.teams["product"].lead == "mia@example.com"
    assert setup.people["sam@example.com"].manager == "mia@example.com"
    assert [each.name for each in setup.rounds] == ["check-in.product", "weekly-update.product"]
    pair, review = setup.series
    assert pair.name == "one-on-one.mia@example.com.sam@example.com"
    assert (pair.lead, pair.length, pair.cadence) == (
        "mia@example.com",
        timedelta(minutes=30),
        Cadence(Frequency.WEEKLY),
    )
    assert (review.name, review.title) == ("review.product-review", "Product review")
    assert review.cadence == Cadence(Frequency.MONTHLY, weekday=1, nth=1)
    assert loaded.accounts["main"] == config.Account("main", "imap", "caldav", {"host": "mail.example.com"})
    assert (setup.rollup_at, setup.backups) == ((0, time(11)), 14)
    assert loaded.templates is None


def test_data_and_accounts_have_defaults_on_this_machine(load: Any, tmp_path: Path) -> None:
    loaded = load(PEOPLE)
    assert loaded.data == tmp_path / "data"
    assert loaded.accounts == {"main": config.Account("main", "local", "local", {})}


def test_people_are_found_by_address_name_and_unique_first_name(load: Any) -> None:
    for mia in ("mia@example.com", "MIA@example.com", "mia chen", "Mia", "m.chen@example.com"):
        text = PEOPLE.replace("lead: true", "lead: true, aliases: M.Chen@example.com")
        loaded = load(text.replace("team: platform", f"manager: {mia}"))
        assert loaded.setup.people["ana@example.com"].manager == "mia@example.com"
    assert loaded.setup.person("M.CHEN@example.com").name == "Mia Chen"


def test_the_manager_is_the_lead_of_the_home_team_unless_said_otherwise(load: Any) -> None:
    people = load(PEOPLE.replace("team: platform", "teams: [product, platform], lead: platform")).setup.people
    assert people["sam@example.com"].manager == "mia@example.com"
    assert people["ana@example.com"].manager is None
    assert (
        load(PEOPLE.replace("zone: Africa/Accra", "zone: UTC, manager: none")).setup.people["sam@example.com"].manager
        is None
    )


def test_accounts_are_those_of_the_person_else_of_their_first_team_that_names_one(load: Any) -> None:
    text = PEOPLE.replace("team: platform", "teams: [platform, product]").replace(
        "name: Sam", "calendar: mail, name: Sam"
    )
    accounts = "accounts: {a: {mail: local, calendar: local}, b: {mail: local, calendar: local, address: ada@b.com}}\n"
    loaded = load(text + accounts + "teams: {product: {calendar: b, mail: b}, platform: {mail: a}}")
    mia, sam, ana = loaded.setup.people.values()
    assert [(each.mail, each.calendar, each.by_mail) for each in (mia, sam, ana)] == [
        ("b", "b", False), ("b", None, True), ("a", "b", False),
    ]  # fmt: skip
    assert loaded.setup.assistant.is_at("ada@b.com") and loaded.setup.assistant.is_at("ada@example.com")
    assert not loaded.setup.assistant.is_at("mia@example.com")


def test_defaults_serve_who_says_nothing(load: Any) -> None:
    text = "defaults: {zone: Europe/Rome, hours: 8-12, country: DE-BY, language: de}\n" + PEOPLE
    mia, sam, _ = load(text.replace("zone: Africa/Accra, ", "")).setup.people.values()
    assert (str(mia.zone), str(sam.zone)) == ("Europe/Berlin", "Europe/Rome")
    assert sam.hours.days[0] == (time(8), time(12))
    assert sam.language == "de"
    assert not sam.works_on(date(2026, 1, 6))
    assert sam.holidays[date(2026, 12, 25)]


@pytest.mark.parametrize(
    ("written", "monday", "friday", "sunday"),
    [
        ("9-17", "9-17", "9-17", None),
        ("09:00-17:30", "9-17:30", "9-17:30", None),
        ("Sun-Thu 10-18", "10-18", None, "10-18"),
        ("Mon-Thu 9-18, Fri 9-14", "9-18", "9-14", None),
        ('{mon-thu: "9-18", fri: "9-14"}', "9-18", "9-14", None),
        ("{monday: 9-12, sun: 13-15}", "9-12", None, "13-15"),
    ],
)
def test_working_hours_are_written_in_several_ways(
    written: str, monday: str | None, friday: str | None, sunday: str | None
) -> None:
    week = phrases.hours(YAML(typ="safe").load(written))
    for number, expected in ((0, monday), (4, friday), (6, sunday)):
        span = week.days[number]
        assert span == (None if expected is None else tuple(phrases.clock(part) for part in expected.split("-")))


@pytest.mark.parametrize(
    ("written", "cadence"),
    [
        ("day", Cadence(Frequency.DAILY)),
        ("week", Cadence(Frequency.WEEKLY)),
        ("2 weeks", Cadence(Frequency.WEEKLY, 2)),
        ("every other week", Cadence(Frequency.WEEKLY, 2)),
        ("biweekly", Cadence(Frequency.WEEKLY, 2)),
        ("monthly", Cadence(Frequency.MONTHLY)),
        ("every quarter", Cadence(Frequency.QUARTERLY)),
        ("Tuesday", Cadence(Frequency.WEEKLY, weekday=1)),
        ("2 weeks on Tue", Cadence(Frequency.WEEKLY, 2, weekday=1)),
        ("first Tuesday", Cadence(Frequency.MONTHLY, weekday=1, nth=1)),
        ("last Fri of the quarter", Cadence(Frequency.QUARTERLY, weekday=4, nth=-1)),
        ("third Wed of the month", Cadence(Frequency.MONTHLY, weekday=2, nth=3)),
    ],
)
def test_rhythms_are_written_as_people_say_them(written: str, cadence: Cadence) -> None:
    assert phrases.every(written) == cadence


@pytest.mark.parametrize(
    "written",
    ["", "weak", "0 weeks", "400 days", "12345 weeks", "first", "Tue Wed", "day Tuesday", "first Tue of the week"],
)
def test_what_is_no_rhythm_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no rhythm|is empty"):
        phrases.every(written)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("30 min", 30), ("4h", 240), ("1h 30min", 90), ("1.5 hours", 90), ("2 days", 2880), ("1 week", 10080)],
)
def test_lengths_of_time(written: str, minutes: int) -> None:
    assert phrases.span(written) == timedelta(minutes=minutes)


@pytest.mark.parametrize("written", ["30", "min", "4 parsecs", "h4", "-4h", "0 min", "4h and a bit"])
def test_what_is_no_length_of_time_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no length of time"):
        phrases.span(written)


@pytest.mark.parametrize(
    ("entry", "cadence", "at"),
    [
        ("kind: check-in", Cadence(Frequency.DAILY), time(9)),
        ("kind: check-in, at: 08:30", Cadence(Frequency.DAILY), time(8, 30)),
        ('kind: check-in, at: "Fri 15:00"', Cadence(Frequency.WEEKLY, weekday=4), time(15)),
        ('kind: weekly-update, at: "Thu 16:00"', Cadence(Frequency.WEEKLY, weekday=3), time(16)),
        (
            "kind: weekly-update, every: 2 weeks, anchor: 2026-11-23",
            Cadence(Frequency.WEEKLY, 2, 4, anchor=date(2026, 11, 23)),
            time(15),
        ),
        ('kind: monthly-update, at: "first Mon 10:00"', Cadence(Frequency.MONTHLY, weekday=0, nth=1), time(10)),
        ("kind: quarterly-recap", Cadence(Frequency.QUARTERLY, weekday=4, nth=-1), time(10)),
        ("kind: check-in, every: week", Cadence(Frequency.WEEKLY, weekday=0), time(9)),
        ("kind: missed-deliverable, on: 2026-12-01, at: 11", Cadence(Frequency.ONCE, day=date(2026, 12, 1)), time(11)),
        ("kind: introduction", Cadence(Frequency.ONCE), time(10)),
    ],
)
def test_when_a_round_comes_is_its_kinds_default_changed_by_what_is_said(
    load: Any, entry: str, cadence: Cadence, at: time
) -> None:
    found = round_of(load, entry)
    assert (found.cadence, found.at) == (cadence, at)


def test_windows_and_reminders(load: Any) -> None:
    assert round_of(load, "kind: check-in").window == Window(length=timedelta(hours=4))
    assert round_of(load, "kind: weekly-update").window == Window(until=(0, time(10)))
    assert round_of(load, "kind: check-in, window: 2h, reminders: 0").window == Window(length=timedelta(hours=2))
    assert round_of(load, 'kind: check-in, until: "Tue 12:00", reminders: 0').window == Window(until=(1, time(12)))
    assert round_of(load, "kind: check-in, reminders: 0").reminders == 0


def test_questions_are_texts_or_have_a_type(load: Any) -> None:
    found = round_of(
        load, "kind: check-in, questions: [How are you?, {text: Pick, key: pick, type: choice, options: [a, b]}]"
    )
    assert found.questions is not None
    first, second = found.questions
    assert (first.key, first.text, first.type) == ("how-are-you", "How are you?", AnswerType.TEXT)
    assert (second.key, second.type, second.options) == ("pick", AnswerType.CHOICE, ("a", "b"))
    assert round_of(load, "kind: check-in").questions is None


def test_extra_and_rotating_questions(load: Any) -> None:
    found = round_of(load, "kind: check-in, extra: [{text: Stop what?, every: last Fri}], rotating: [One?, Two?]")
    assert found.extra[0].cadence == Cadence(Frequency.MONTHLY, weekday=4, nth=-1)
    assert [question.text for question in found.rotating] == ["One?", "Two?"]


def test_a_round_without_team_is_for_every_team_and_a_list_for_each_in_it(load: Any) -> None:
    assert [each.team for each in load(people_and("rounds: [{kind: check-in}]")).setup.rounds] == [
        "product",
        "platform",
    ]
    both = load(people_and("rounds: [{kind: check-in, team: [platform, Product]}]")).setup.rounds
    assert [each.name for each in both] == ["check-in.platform", "check-in.product"]


def test_a_series_of_one_on_ones_is_one_for_each_pair(load: Any) -> None:
    found = series_of(load, "- {kind: one-on-one}")
    assert [each.participants for each in found] == [("mia@example.com", "sam@example.com")]
    assert series_of(load, "- {kind: one-on-one, except: Sam}") == []


def test_a_pair_may_differ_from_the_entry_that_it_is_in(load: Any) -> None:
    text = """\
    - kind: one-on-one
      every: month
      link: https://meet.example.com
      pairs:
        Sam: {every: 2 weeks, at: "Tue 14:00", documentarian: report}
    """
    (found,) = series_of(load, text)
    assert found.cadence == Cadence(Frequency.WEEKLY, 2, weekday=1)
    assert (found.at, found.link, found.documentarian) == (time(14), "https://meet.example.com", Documentarian.REPORT)


def test_a_meeting_may_be_of_people_instead_of_a_team(load: Any) -> None:
    (found,) = series_of(
        load, "- {kind: strategy, people: [Sam, Ana], lead: Mia, adopt: false, feedback: no, topics: [A]}"
    )
    assert found.name == "strategy.strategy"
    assert found.participants == ("mia@example.com", "sam@example.com", "ana@example.com")
    assert (found.team, found.adopt, found.feedback, found.topics) == (None, False, False, ("A",))


def test_people_come_from_a_csv_as_spreadsheets_write_it(load: Any) -> None:
    text = "assistant: {address: ada@example.com}\npeople: people.csv\n"
    rows = "\ufeffName,email,zone,team,lead,aliases\n"
    rows += '"Chen, Mia",mia@example.com,Europe/Berlin,product; platform,yes,a@x.org;b@x.org\n'
    mia = load(text, people_csv=rows + "\nSam,sam@example.com,Africa/Accra,product,,\n").setup.people["mia@example.com"]
    assert (mia.name, mia.teams, mia.aliases) == ("Chen, Mia", ("product", "platform"), ("a@x.org", "b@x.org"))
    semicolons = "name;email;zone\nMia;mia@example.com;Europe/Berlin\n"
    more = "  - people.csv\n  - {name: Sam, email: sam@example.com, zone: UTC}\n"
    both = load(text.replace(" people.csv", "\n" + more), people_csv=semicolons).setup.people
    assert list(both) == ["mia@example.com", "sam@example.com"]


def test_every_file_that_was_read_is_named(load: Any, tmp_path: Path) -> None:
    text = "assistant: {address: ada@example.com}\npeople: people.csv\n"
    loaded = load(text, people_csv="name,email,zone\nMia,mia@example.com,UTC\n")
    assert loaded.files == (tmp_path / "config.yaml", tmp_path / "people.csv")


def test_an_option_without_a_value_has_its_default(load: Any) -> None:
    assert load(people_and("rounds:\nseries:\nteams:\naccounts:\ndefaults:\n")).setup.rounds == ()


# what is refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people: [\n", "config.yaml:2: the YAML cannot be read"),
        ("a: b: c\n", "config.yaml:1: the YAML cannot be read"),
        ("assistant:\n\tname: Ada\n", "config.yaml:2: the YAML cannot be read: a line begins with a tab"),
        ("assistant: {name: A}\nassistant: {name: B}\n", "config.yaml:2: the option assistant is there twice"),
        ("a: \x07\n", "config.yaml:1: the YAML cannot be read: it holds a control character"),
        ("a: !!python/object:os.system x\n", "config.yaml:1: the YAML cannot be read"),
        ("a: 1\n---\nb: 2\n", "config.yaml:2: the YAML cannot be read"),
        ("- a\n", "config.yaml:1: should be options"),
        ("a: &a [*a]\npeople: *a\n", "config.yaml:1: a: there is no option"),
        ("a: 'x\nb: c\n", "config.yaml:1: the YAML cannot be read: a quote is opened here and not closed"),
        ("a: 1\nb: {c: 1\n", "config.yaml:2: the YAML cannot be read: a comma or a closing bracket is missing"),
        ("a: {b: 1 c: 2}\n", "config.yaml:1: the YAML cannot be read: a comma or a closing bracket is missing"),
        ("a:\n  - b\n - c\n", "config.yaml:3: the YAML cannot be read: this line begins further left or right"),
        ("a: 'x' y\n", "config.yaml:1: the YAML cannot be read: text stands where none can"),
        ("a: !colour red\n", "config.yaml:1: the YAML cannot be read: a tag (!) or a sign"),
        ("a: ._\n", "config.yaml: the YAML cannot be read: a number or what follows a tag is none"),
        ("a: !!bool maybe\n", "config.yaml: the YAML cannot be read: a number or what follows a tag is none"),
        pytest.param("a: " + "9" * 5000, "config.yaml: the YAML cannot be read: a number", id="a number too long"),
        pytest.param("a: " + "[" * 3000, "config.yaml: the YAML cannot be read: there are too many", id="too deep"),
    ],
)
def test_broken_yaml_is_one_sentence_with_the_line(problems: Any, text: str, expected: str) -> None:
    assert problems(text)[0].startswith(expected)


def test_a_file_that_is_not_there_or_not_text_is_said_so(problems: Any, load: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no file"):
        config.load(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"a: 1\nname: M\xfcller\n")
    with pytest.raises(ConfigError, match=r"latin.yaml:2: is not UTF-8"):
        config.load(tmp_path / "latin.yaml")
    assert problems("") == [
        "config.yaml:1: assistant: is missing; give at least its `address`",
        "config.yaml:1: people: nobody is listed; give at least one person's `name` and `email`",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "zone: Africa/Accra",
            "zone: Africa/Acra",
            "4: people[1].zone: there is no zone 'Africa/Acra'; did you mean Africa/Accra?",
        ),
        (
            "zone: Africa/Accra",
            "zone: Berlin",
            "4: people[1].zone: there is no zone 'Berlin'; did you mean Europe/Berlin?",
        ),
        ("zone: Africa/Accra", "zone: ../../etc/passwd", "4: people[1].zone: there is no zone"),
        ("zone: Africa/Accra, ", "", "4: people[1].zone: is missing"),
        (
            "zone: Africa/Accra",
            "zonne: UTC, zone: UTC",
            "4: people[1].zonne: there is no option 'zonne'; did you mean zone?",
        ),
        (
            "team: platform",
            "manager: Mia Chan",
            "5: people[2].manager: there is nobody called Mia Chan under people; did you mean Mia Chen?",
        ),
        ("lead: true", "manager: Mia", "3: people[0].manager: Mia Chen cannot be their own manager"),
        (
            "lead: true",
            "lead: true, manager: Sam",
            "3: people[0].manager: goes in a circle: Mia Chen, Sam Osei, Mia Chen",
        ),
        ("email: ana@", "email: MIA@", "5: people[2].email: mia@example.com is already the address of Mia Chen"),
        (
            "team: platform",
            "aliases: sam@example.com",
            "5: people[2].aliases: sam@example.com is already the address of Sam Osei",
        ),
        (
            "team: platform",
            "aliases: ada@example.com",
            "1: assistant.address: ada@example.com is also the address of Ana Ruiz",
        ),
        (
            "team: platform",
            "team: product, lead: true",
            "5: people[2].lead: Mia Chen and Ana Ruiz cannot both lead product",
        ),
        ("team: platform", "lead: true", "5: people[2].lead: Ana Ruiz leads, but is in no team"),
        ("team: platform", "hours: 17-9", "5: people[2].hours: working hours 17-9 end before they begin"),
        ("team: platform", "hours: 9-9", "5: people[2].hours: working hours 9-9 end before they begin"),
        ("team: platform", "hours: {fry: 9-17}", "5: people[2].hours: there is no weekday 'fry'; did you mean friday?"),
        ("team: platform", "hours: often", "5: people[2].hours: 'often' are no working hours"),
        ("team: platform", "hours: {mon: off}", "5: people[2].hours: no working day is left"),
        ("team: platform", 'hours: "Mon-Wed 9-17, Tue 8-9"', "5: people[2].hours: Tuesday is there twice"),
        ("team: platform", "country: QX", "5: people[2].country: no holidays are known for a country QX"),
        ("team: platform", "country: DE-XX", "5: people[2].country: DE has no part XX"),
        (
            "team: platform",
            "start: 2026-02-30",
            "5: people[2].start: '2026-02-30' is no date; write it like 2026-12-01",
        ),
        (
            "email: ana@example.com",
            "email: ana",
            "5: people[2].email: 'ana' is no mail address; write it like mia@example.com",
        ),
        ("email: ana@", f"email: {'a' * 65}@", "5: people[2].email: 'aaaaaaaaaa"),
        ("email: ana@", "email: ana..ruiz@", "5: people[2].email: 'ana..ruiz@example.com' is no mail address"),
        ("email: ana@", "email: ../ana@", "5: people[2].email: '../ana@example.com' is no mail address"),
        ("team: platform", "team: platform, colour: ", "5: people[2].colour: there is no option 'colour'"),
        (
            "team: platform",
            "team: platform, start:soon",
            "5: people[2].start:soon: there is no option 'start:soon'; put a blank",
        ),
        ("name: Ana Ruiz, ", "", "5: people[2].name: is missing"),
        (
            "name: Ana Ruiz, ",
            "name: Ana Ruiz, calendar: mial, ",
            "5: people[2].calendar: there is no account mial with `calendar`; did you mean mail?",
        ),
        (
            "name: Ana Ruiz, ",
            "name: Ana Ruiz, mail: mein, ",
            "5: people[2].mail: there is no account mein with `mail`; did you mean main?",
        ),
        ("name: Ana Ruiz", 'name: "Ana\\nBcc: x"', "5: people[2].name: should be one line without control characters"),
        (
            "{address: ada@example.com}",
            "{address: ada+x@example.com}",
            "1: assistant.address: ada+x@example.com has a +",
        ),
        ("{address: ada@example.com}", "Ada", "1: assistant: should be options like `{address: …}`, not 'Ada'"),
    ],
)
def test_a_mistake_about_people_is_named_with_its_place(problems: Any, old: str, new: str, expected: str) -> None:
    assert PEOPLE.count(old) >= 1
    (found,) = problems(PEOPLE.replace(old, new, 1))
    assert found.startswith(f"config.yaml:{expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "teams: {product: , platform: , sales: }",
            "teams.sales: nobody is in it; add `team: sales` to a person, or remove it",
        ),
        (
            "teams: {product: }",
            "people[2].team: there is no team platform under teams; known: product",
        ),
        ("rounds: [{kind: check-in, team: prodct}]", "rounds[0].team: there is no team prodct; did you mean product?"),
        ("rounds: [{kind: chek-in}]", "rounds[0].kind: there is no kind of round chek-in; did you mean check-in?"),
        ("rounds: [{kind: one-on-one}]", "rounds[0].kind: one-on-one is a meeting; it belongs under `series`"),
        ("rounds: [{kind: agenda-call}]", "rounds[0].kind: agenda-call goes out around every meeting by itself"),
        ("rounds: [{kind: check-in, questions: []}]", "rounds[0].questions: is empty"),
        (
            "rounds: [{kind: check-in, questions: [A, A]}]",
            "rounds[0].questions[1]: a question with the key a is there twice",
        ),
        (
            "rounds: [{kind: check-in, questions: [{text: A, type: choice}]}]",
            "rounds[0].questions[0].options: a question of type choice needs",
        ),
        (
            "rounds: [{kind: check-in, questions: [{text: A, type: choice, options: [Tea, tea]}]}]",
            "rounds[0].questions[0].options: one of them is there twice",
        ),
        ("rounds: [{kind: check-in, extra: [{text: A}]}]", "rounds[0].extra[0].every: is missing"),
        ("rounds: [{kind: check-in, reminders: 3}]", "rounds[0].reminders: should be less than or equal to 2, not 3"),
        ("rounds: [{kind: check-in, window: 4h, until: Mon 9}]", "rounds[0].until: says the same as window"),
        (
            "rounds: [{kind: check-in, every: day, at: Mon 9}]",
            "rounds[0].at: Monday here does not go together with `every`",
        ),
        (
            "rounds: [{kind: check-in, every: first Tue, at: Mon 9}]",
            "rounds[0].at: Monday here does not go together with `every`",
        ),
        ("rounds: [{kind: check-in, at: 25:00}]", "rounds[0].at: '25:00' is no time of day"),
        ("rounds: [{kind: missed-deliverable, team: product}]", "rounds[0].on: is missing"),
        ("rounds: [{kind: announcement, team: platform}]", "rounds[0].team: platform has no lead"),
        (
            "rounds: [{kind: check-in, team: product}, {kind: check-in, team: product}]",
            "rounds[1]: product already has a check-in round",
        ),
        ("series: [{kind: check-in}]", "series[0].kind: check-in is asked by mail; it belongs under `rounds`"),
        ("series: [{kind: review}]", "series[0]: who takes part in this review?"),
        ("series: [{kind: review, team: platform}]", "series[0].lead: is missing: who leads this review?"),
        (
            "series: [{kind: review, team: product, managers: all}]",
            "series[0].managers: is only for 1:1s, not for a review",
        ),
        ("series: [{kind: one-on-one, name: Us}]", "series[0].name: is not for 1:1s"),
        ("series: [{kind: one-on-one}, {kind: one-on-one}]", "series[1]: Mia Chen and Sam Osei already have a 1:1"),
        ("series: [{kind: one-on-one, managers: Sam}]", "series[0].managers: nobody reports to Sam Osei"),
        (
            "series: [{kind: one-on-one, pairs: {Ana: {every: week}}}]",
            "series[0].pairs.Ana: Ana Ruiz has no 1:1 through this entry",
        ),
        (
            "series: [{kind: one-on-one, pairs: {Sam: {evry: week}}}]",
            "series[0].pairs.Sam.evry: there is no option 'evry'; did you mean every?",
        ),
        ("series: [{kind: one-on-one, every: weak}]", "series[0].every: 'weak' is no rhythm"),
        ("series: {}", "series: should be a list"),
        ("rounds: [check-in]", "rounds[0]: should be options like `{kind: …}`, not 'check-in'"),
        ("accounts: {main: {host: x}}", "accounts.main: has neither `mail` nor `calendar`"),
        ("accounts: {}", "accounts: is empty"),
        ("accounts: {main: {mail: local, address: a+b@x.com}}", "accounts.main.address: a+b@x.com has a +"),
        ("accounts: {main: {mail: local, address: mia@example.com}}", "accounts.main.address: mia@example.com is also"),
        (
            "teams: {product: {calendar: mian}, platform: {}}",
            "teams.product.calendar: there is no account mian with `calendar`; did you mean main?",
        ),
        (
            "teams: {product: {mail: oslo}, platform: {}}\naccounts: {main: {mail: local}, oslo: {calendar: local}}",
            "teams.product.mail: there is no account oslo with `mail`",
        ),
        (
            "teams: {product: {calendar: mail}, platform: {}}\naccounts: {mail: {mail: local, calendar: local}}",
            "teams.product.calendar: may be the account of that name, or by mail alone; give the account another name",
        ),
        (
            "accounts: {main: {mail: local}, chat: {channel: slack}}\n"
            "teams: {product: {channel: {account: chta, name: x}}, platform: {}}",
            "teams.product.channel.account: there is no account chta with `channel`; did you mean chat?",
        ),
        ("rollup: Monday", "rollup: 'Monday' should be a weekday and a time"),
        ("backups: many", "backups: should be a whole number, not 'many'"),
        ("data: ~nobody-of-that-name/x", "data: ~nobody-of-that-name/x: there is no such user"),
        ("backups: -1", "backups: should be greater than or equal to 0"),
        ("templates: nowhere", "templates: there is no folder"),
        ("round: []", "round: there is no option 'round'; did you mean rounds?"),
    ],
)
def test_a_mistake_elsewhere_is_named_with_its_place(problems: Any, text: str, expected: str) -> None:
    (found,) = problems(PEOPLE + text)
    place, _, message = found.partition(": ")
    assert place.startswith("config.yaml:")
    assert message.startswith(expected)


def test_mistakes_in_a_csv_are_named_by_its_own_lines(problems: Any) -> None:
    text = "assistant: {address: ada@example.com}\npeople: people.csv\n"
    rows = "name,email,zone,colour,start\nMia,mia@example.com,Europe/Berln\n"
    rows += "Sam,mia@example.com,UTC,,soon\nLee,lee@x.org,UTC,,,x\n"
    assert problems(text, people_csv=rows) == [
        "people.csv:1: colour: there is no column 'colour'; did you mean country?",
        "people.csv:2: zone: there is no zone 'Europe/Berln'; did you mean Europe/Berlin?",
        "people.csv:3: start: 'soon' is no date; write it like 2026-12-01",
        "people.csv:3: email: mia@example.com is already the address of Mia",
        "people.csv:4: has 6 cells for 5 columns; put quotes round a cell that holds a comma",
    ]
    assert problems(text.replace("people.csv", "nowhere.csv"))[0].startswith("config.yaml:2: people: there is no file")
    assert problems(text, people_csv="Mia,mia@example.com\n")[-1].endswith("should name the columns; name is missing")


def test_all_problems_are_reported_together_in_file_order(problems: Any) -> None:
    text = PEOPLE.replace("Africa/Accra", "Africa/Acra").replace("team: platform", "manager: Bob")
    found = problems(text + "rounds:\n  - {kind: chek-in}\n  - {kind: check-in, team: prodct}\nbackups: x\nfoo: 1\n")
    assert [each.split(":")[1] for each in found] == ["4", "5", "7", "8", "9", "10"]


def test_who_cannot_be_read_is_not_reported_as_unknown_too(problems: Any) -> None:
    text = PEOPLE.replace("email: ana@example.com", "email: ana").replace("lead: true", "lead: true, manager: Ana")
    assert problems(text + "rounds: [{kind: check-in, team: platform}]") == [
        "config.yaml:5: people[2].email: 'ana' is no mail address; write it like mia@example.com"
    ]


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "all",
            "Mia",
            "mia@example.com",
            "check-in",
            "review",
            "one-on-one",
            "product",
            "2 weeks",
            "Fri 15:00",
            "30 min",
        ]
    )
)
keys = st.sampled_from(sorted({f.alias or n for n, f in models.FileModel.model_fields.items()})) | st.sampled_from(
    ["name", "email", "kind", "team", "every", "at", "pairs", "questions", "text", "people", "lead", "managers", "zone"]
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=8
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(keys, values))
def test_whatever_stands_in_the_file_ends_in_a_configuration_or_in_problems(data: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        people = [{"name": "Mia Chen", "email": "mia@example.com", "zone": "UTC", "team": "product", "lead": True}]
        whole = {"assistant": {"address": "ada@example.com"}, "people": people} | data
        path.write_text(json.dumps(whole), encoding="utf-8")
        try:
            config.load(path)
        except ConfigError as error:
            assert error.problems
            assert all("\n" not in problem.message for problem in error.problems)


# what is written down elsewhere


def all_options() -> set[str]:
    every = [each for each in vars(models).values() if isinstance(each, type) and issubclass(each, models.Model)]
    return {field.alias or name for model in every for name, field in model.model_fields.items()}


def test_the_example_has_every_option_and_is_valid_as_it_stands(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    loaded = config.load(EXAMPLE)
    assert loaded.setup.rounds
    assert loaded.setup.series
    words = {
        part.strip("#: -{}")
        for line in text.splitlines()
        for part in line.replace("{", ":").replace(",", ":").split(":")
    }
    assert all_options() - words == set()
    (tmp_path / "my-templates").mkdir()
    (tmp_path / "people.csv").write_text("name,email,team\nKim,kim@example.com,product\n", encoding="utf-8")
    (tmp_path / "config.yaml").write_text(text.replace("#: ", ""), encoding="utf-8")
    assert "kim@example.com" in config.load(tmp_path / "config.yaml").setup.people


def test_every_option_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    missing = {name for name in all_options() if f"`{name}`" not in text}
    assert missing == set()


def test_the_schema_is_written_down() -> None:
    """After a change: python -m assistant.config > docs/config.schema.json"""
    written = (ROOT / "docs" / "config.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == config.schema()


@pytest.mark.parametrize("text", [SHORT, EXAMPLE.read_text(encoding="utf-8")], ids=["short", "example"])
def test_editors_accept_what_we_accept(text: str) -> None:
    yaml = YAML(typ="safe")
    data = json.loads(json.dumps(yaml.load(text), default=str))
    jsonschema.validate(data, config.schema())


def test_editors_underline_an_unknown_option() -> None:
    with pytest.raises(jsonschema.ValidationError, match="zonne"):
        jsonschema.validate(
            {"assistant": {"address": "a@x.org"}, "people": [{"name": "A", "email": "b@x.org", "zonne": "UTC"}]},
            config.schema(),
        )
