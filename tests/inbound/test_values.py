"""What typed questions make of an answer's words."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.people import Person
from assistant.domain.questions import AnswerType, Question
from assistant.inbound import values
from assistant.inbound.nothing import is_nothing

ZONE = ZoneInfo("Africa/Accra")
PEOPLE = (
    Person("sam@example.com", "Sam Osei", ZONE),
    Person("ana@example.com", "Ana Díaz", ZONE, aliases=("a.diaz@example.com",)),
    Person("ana.k@example.com", "Ana Kim", ZONE),
)
FLOOR = 0.8


def value(kind: AnswerType, text: str, language: str = "en", options: tuple[str, ...] = ()) -> values.Value:
    question = Question("q", "?", type=kind, options=options)
    return values.read(question, text, values.Context(PEOPLE, date(2026, 11, 24), language))


@pytest.mark.parametrize(("language", "text", "wanted"), [
    ("en", "4.2k", 4200), ("en", "45 %", 45), ("en", "45%", 45), ("de", "1,5 Mio", 1_500_000), ("en",
    "$1.2M", 1_200_000),
    ("en", "from 12 to 17", 17), ("en", "12 -> 17", 17), ("en", "12 → 17", 17), ("en", "17 (was 12)", 17),
    ("en", "17, up from 12", 17), ("de", "von 12 auf 17", 17), ("fr", "de 12 à 17", 17), ("en", "4,200", 4200),
    ("de", "4.200", 4200), ("en", "1,234,567.5", 1_234_567.5), ("de", "1.234.567,5", 1_234_567.5), ("fr",
    "1 234", 1234),
    ("de", "3,5", 3.5), ("en", "-3", -3), ("en", "about 300 signups", 300), ("en", "KR2: 45%", 45), ("en", "seven", 7),
    ("en", "1'234.50", 1234.5), ("en", "€3,500.50", 3500.5), ("de", "2 Mrd.", 2e9), ("en", "we are at 0", 0),
    ("es", "1,5 millones", 1_500_000), ("en", "no idea", None),
])  # fmt: skip
def test_a_number_is_read_with_its_unit_and_the_newer_of_two(language: str, text: str, wanted: float | None) -> None:
    read = value(AnswerType.NUMBER, text, language)
    if wanted is None:
        assert read.fit < FLOOR
    else:
        assert (read.value, read.fit >= FLOOR) == (wanted, True)


@pytest.mark.parametrize(
    ("language", "text"), [("de", "4,200"), ("en", "4.200"), ("en", "12 and 17"), ("en", "17 of 20")]
)
def test_a_number_that_may_be_two_is_not_sure(language: str, text: str) -> None:
    assert value(AnswerType.NUMBER, text, language).fit < FLOOR


@pytest.mark.parametrize(("text", "wanted"), [
    ("8", 8), ("8/10", 8), ("8 / 10", 8), ("a solid 8", 8), ("8 out of 10", 8), ("8 von 10", 8), ("eight", 8),
    ("acht", 8),
    ("7.5", 7.5), ("10!", 10), ("0", 0), ("8, because we decided 3 things", 8), ("I'd say 9", 9), ("8 sur 10", 8),
])  # fmt: skip
def test_a_scale_answer_is_a_figure_from_zero_to_ten(text: str, wanted: float) -> None:
    read = value(AnswerType.SCALE, text)
    assert (read.value, read.fit >= FLOOR) == (wanted, True)


@pytest.mark.parametrize("text", ["11", "-1", "7-8", "4/5", "great", "100", ""])
def test_a_scale_answer_off_the_scale_is_not_sure(text: str) -> None:
    assert value(AnswerType.SCALE, text).fit < FLOOR


@pytest.mark.parametrize(("text", "wanted"), [
    ("yes", True), ("Yes!", True), ("Yep, go ahead", True), ("sure", True), ("ja", True), ("Ja, gerne", True),
    ("oui", True),
    ("sí", True), ("sim", True), ("sì", True), ("👍", True), ("of course", True), ("ok", True), ("no", False),
    ("Nope", False), ("not yet", False), ("not really", False), ("nein danke", False), ("pas encore", False),
    ("todavía no", False), ("não", False), ("non ancora", False), ("nee, nog niet", False),
    ("No, because we waited", False),
])  # fmt: skip
def test_yes_and_no_are_known_in_every_language(text: str, wanted: bool) -> None:
    read = value(AnswerType.YES_NO, text)
    assert (read.value, read.fit >= FLOOR) == (wanted, True)


def test_neither_yes_nor_no_is_not_sure() -> None:
    assert value(AnswerType.YES_NO, "perhaps on Monday").fit < FLOOR


@pytest.mark.parametrize(("text", "wanted"), [
    ("2", 1), ("option 2", 1), ("b)", 1), ("b", 1), ("B", 1), ("Berlin", 1), ("berlin please", 1),
    ("in Berlin, I think", 1),
    ("#3", 2), ("New York", 2), ("new", 2), ("Belrin", 1), ("the second: Berlin", 1), ("1. Accra", 0), ("two", 1),
])  # fmt: skip
def test_a_choice_is_named_by_number_letter_or_text(text: str, wanted: int) -> None:
    read = value(AnswerType.CHOICE, text, options=("Accra", "Berlin", "New York"))
    assert (read.value, read.fit >= FLOOR) == (wanted, True)


@pytest.mark.parametrize("text", ["7", "Accra or Berlin", "whatever", "0"])
def test_a_choice_that_is_none_or_two_of_them_is_not_sure(text: str) -> None:
    assert value(AnswerType.CHOICE, text, options=("Accra", "Berlin", "New York")).fit < FLOOR


def test_a_date_is_an_iso_date() -> None:
    assert value(AnswerType.DATE, "Friday 4 Dec").value == "2026-12-04"
    assert value(AnswerType.DATE, "am 4.12.", "de").value == "2026-12-04"
    assert value(AnswerType.DATE, "soon").fit < FLOOR
    assert value(AnswerType.DATE, "Thu or Fri").fit < FLOOR


def test_a_person_is_an_address_and_a_shared_first_name_is_nobody() -> None:
    assert value(AnswerType.PERSON, "Sam can").value == "sam@example.com"
    assert value(AnswerType.PERSON, "a.diaz@example.com").value == "ana@example.com"
    assert value(AnswerType.PERSON, "Ana Díaz").value == "ana@example.com"
    assert value(AnswerType.PERSON, "ana diaz").value == "ana@example.com"
    assert value(AnswerType.PERSON, "Ana").fit < FLOOR


@pytest.mark.parametrize("text", [
    "none", "None.", "no", "nope", "nothing", "no blockers", "No blockers!", "nothing today", "none at the moment",
    "no blockers at the moment, thanks", "nothing from my side", "all good", "n/a", "-", "—", "👍", "not blocked",
    "all clear",
    "nothing blocking me right now", "no impediments so far", "I have no blockers", "nothing in my way",
    "none, thank you",
    "keine", "nichts", "keine Blocker", "nein", "nix", "aktuell keine Hindernisse", "alles gut",
    "von meiner Seite nichts",
    "momentan nichts", "zur Zeit keine", "ohne Probleme", "rien", "aucun", "rien à signaler",
    "aucun blocage pour l'instant",
    "RAS", "tout va bien", "pas de problème", "nada", "ninguno", "sin bloqueos", "ningún bloqueo por ahora",
    "todo bien",
    "nenhum", "nada por enquanto", "sem bloqueios", "tudo certo", "nessuno", "niente", "nessun problema", "tutto bene",
    "geen", "niets", "geen blokkades", "niks op dit moment", "alles goed", "nee",
])  # fmt: skip
def test_nothing_is_known_in_every_language(text: str) -> None:
    assert is_nothing(text)
    assert value(AnswerType.BLOCKER, text) == values.Value([], 1.0)


@pytest.mark.parametrize("text", [
    "waiting for Lee", "no access to staging", "none of the servers respond", "nothing works", "no time", "keine Zeit",
    "kein Zugriff auf die Datenbank", "noch keine Antwort von Ana", "pas d'accès", "no reply from Sam yet",
    "the database",
    "no blockers except the database", "nothing except waiting for Ana", "sin acceso", "geen toegang",
    "nessuna risposta",
    "Not enough people", "sem acesso", "keine Blocker, aber Ana fehlt", "yes", "problem with the import", "1",
])  # fmt: skip
def test_what_is_in_the_way_is_not_nothing(text: str) -> None:
    assert not is_nothing(text)
    assert value(AnswerType.BLOCKER, text).value == [{"text": text, "minutes": None}]


@pytest.mark.parametrize(("text", "minutes"), [
    ("needs 30 min with Ana", 30), ("30 minutes with Lee", 30), ("half an hour with Ana", 30), ("1h with Sam", 60),
    ("1.5 hours of Lee", 90), ("eine halbe Stunde mit Ana", 30), ("20 Minuten mit Lee", 20),
    ("une demi-heure avec Ana", 30),
    ("media hora con Ana", 30), ("meia hora com Ana", 30), ("mezz'ora con Ana", 30), ("een half uur met Ana", 30),
    ("two hours with legal", 120), ("the database", None), ("version 3", None), ("¹A0", None),
])  # fmt: skip
def test_a_blocker_tells_its_size_in_minutes(text: str, minutes: int | None) -> None:
    assert value(AnswerType.BLOCKER, text).value == [{"text": text, "minutes": minutes}]


def test_each_point_is_a_blocker_of_its_own() -> None:
    read = value(AnswerType.BLOCKER, "- the database\n- 15 min with Ana\n- none")
    assert read.value == [{"text": "the database", "minutes": None}, {"text": "15 min with Ana", "minutes": 15}]


def test_bullets_become_items_and_wrapped_lines_stay_together() -> None:
    text = "- the first point that is long enough to be wrapped by some\n  mail client\n* the second\n[ ] the third"
    assert value(AnswerType.ITEMS, text).value == [
        "the first point that is long enough to be wrapped by some mail client",
        "the second",
        "the third",
    ]
    assert value(AnswerType.ITEMS, "none").value == []
    assert value(AnswerType.ITEMS, "the budget").value == ["the budget"]
    assert value(AnswerType.TEXT, "just a sentence").value is None
