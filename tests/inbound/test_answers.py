"""Replies to our prompts as people write them, and what must be read out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, AnswerType, Question, Reading
from assistant.inbound import answers
from assistant.inbound.words import singles
from assistant.inbound.words.fold import words
from tests.inbound.work import calls

TODAY = date(2026, 11, 24)
ZONE = ZoneInfo("Europe/Berlin")
PEOPLE = (
    Person("mia@example.com", "Mia Chen", ZONE),
    Person("sam@example.com", "Sam Osei", ZONE),
    Person("ana@example.com", "Ana Díaz", ZONE),
)
CHECK_IN = {
    "en": ("What did you get done yesterday?", "What is on for today?", "Anything in your way?"),
    "de": ("Was hast du gestern geschafft?", "Was steht heute an?", "Steht dir etwas im Weg?"),
}


@dataclass(frozen=True)
class Part:
    text: str
    quoted: str = ""
    followed: bool = False


def questions(language: str = "en") -> list[Question]:
    done, following, blockers = CHECK_IN.get(language, CHECK_IN["en"])
    return [
        Question("done", done),
        Question("next", following),
        Question("blockers", blockers, type=AnswerType.BLOCKER),
    ]


def read(asked: Sequence[Question], *parts: str | Part, **options: object) -> Reading:
    segments = [Part(part) if isinstance(part, str) else part for part in parts]
    return answers.read(asked, segments, today=TODAY, people=PEOPLE, **options)  # type: ignore[arg-type] # a test's shorthand


def texts(reading: Reading) -> dict[str, str]:
    return {answer.question: answer.text for answer in reading.answers}


# Each: language, reply, then the three answers; all of them must be sure.
SURE = [
    # numbered
    ("en", "1. import\n2. audit\n3. none", "import", "audit", "none"),
    ("en", "1) import\n2) audit\n3) none", "import", "audit", "none"),
    ("en", "1: import\n2: audit\n3: none", "import", "audit", "none"),
    ("en", "(1) import\n(2) audit\n(3) none", "import", "audit", "none"),
    ("en", "1 - import\n2 - audit\n3 - none", "import", "audit", "none"),
    ("en", "1- import\n2- audit\n3- none", "import", "audit", "none"),
    ("en", "#1 import\n#2 audit\n#3 none", "import", "audit", "none"),
    ("en", "a) import\nb) audit\nc) none", "import", "audit", "none"),
    ("en", "A) import\nB) audit\nC) none", "import", "audit", "none"),
    ("en", "a. import\nb. audit\nc. none", "import", "audit", "none"),
    ("en", "[1] import\n[2] audit\n[3] none", "import", "audit", "none"),
    ("en", "1.import\n2.audit\n3.none", "import", "audit", "none"),
    ("en", "Q1: import\nQ2: audit\nQ3: none", "import", "audit", "none"),
    ("en", "1️⃣ import\n2️⃣ audit\n3️⃣ none", "import", "audit", "none"),
    ("en", "**1.** import\n**2.** audit\n**3.** none", "import", "audit", "none"),
    ("en", "3. none\n1. import\n2. audit", "import", "audit", "none"),
    ("en", "1. import 2. audit 3. none", "import", "audit", "none"),
    ("en", "1) import, 2) audit, 3) none", "import", "audit", "none"),
    ("en", "1: import; 2: audit; 3: none", "import", "audit", "none"),
    ("en", "1.\nimport\n\n2.\naudit\n\n3.\nnone", "import", "audit", "none"),
    ("en", "1. import\n\n2. audit\n\n3. none\n\nThanks,\nSam", "import", "audit", "none"),
    ("en", "Hi Ada,\n\n1. import\n2. audit\n3. none\n\nBest regards\nSam Osei", "import", "audit", "none"),
    ("en", "Morning!\n1. import\n2. audit\n3. none\nCheers", "import", "audit", "none"),
    ("en", "1. - a\n   - b\n2. audit\n3. none", "- a\n- b", "audit", "none"),
    ("en", "1.\n- a\n- b\n2.\n- c\n3. none", "- a\n- b", "- c", "none"),
    ("en", "1. Yesterday: import\n2. Today: audit\n3. Blockers: none", "import", "audit", "none"),
    ("en", "1. finished 3 of 5 tickets\n2. version 2. of the plan\n3. none",
     "finished 3 of 5 tickets", "version 2. of the plan", "none"),
    ("en", "1. import\n2. audit\n3. none. Thanks, Sam", "import", "audit", "none."),
    ("en", "Here are my answers:\n1. import\n2. audit\n3. none", "import", "audit", "none"),
    ("de", "1. Import fertig\n2. Prüfer\n3. keine", "Import fertig", "Prüfer", "keine"),
    ("de", "Hallo Ada,\n\n1) Import fertig\n2) Prüfer\n3) nix\n\nLG Mia", "Import fertig", "Prüfer", "nix"),
    ("de", "1. Import fertig\n2. Prüfer\n3. -\n\nViele Grüße\nMia Chen", "Import fertig", "Prüfer", "-"),
    ("fr", "Bonjour,\n1. import terminé\n2. audit\n3. rien\n\nBonne journée,\nLéa", "import terminé", "audit", "rien"),
    ("es", "Hola,\n1. importación\n2. auditoría\n3. nada\n\nUn saludo", "importación", "auditoría", "nada"),
    ("it", "Ciao,\n1. importazione\n2. revisione\n3. nessuno\n\nA domani", "importazione", "revisione", "nessuno"),
    ("pt", "Olá,\n1. importação\n2. auditoria\n3. nenhum\n\nAbraços,\nRui", "importação", "auditoria", "nenhum"),
    ("nl", "Hoi Ada,\n1. import klaar\n2. audit\n3. geen\n\nGroetjes,\nJan", "import klaar", "audit", "geen"),
    # labelled
    ("en", "Yesterday: import\nToday: audit\nBlockers: none", "import", "audit", "none"),
    ("en", "yesterday - import\ntoday - audit\nblockers - none", "import", "audit", "none"),
    ("en", "**Done**\n- a\n- b\n\n**Next**\n- c\n\n**Blockers**\nNone", "- a\n- b", "- c", "None"),
    ("en", "*Yesterday:* import\n*Today:* audit\n*Blockers:* none", "import", "audit", "none"),
    ("en", "**Yesterday:** import\n**Today:** audit\n**Blockers:** none", "import", "audit", "none"),
    ("en", "# Done\nimport\n# Next\naudit\n# Blockers\nnone", "import", "audit", "none"),
    ("en", "Done\n- a\n- b\nToday\n- c\nBlockers\n- none", "- a\n- b", "- c", "- none"),
    ("en", "Done:\n- a\n- b\n\nPlan for today:\n- c\n\nIn my way:\nnothing", "- a\n- b", "- c", "nothing"),
    ("en", "Blockers: none\nToday: audit\nYesterday: import", "import", "audit", "none"),
    ("en", "Done: import. Today: audit. Blockers: none", "import.", "audit.", "none"),
    ("en", "Yesterday: import | Today: audit | Blockers: none", "import", "audit", "none"),
    ("en", "Blockers? None\nDone: import\nNext: audit", "import", "audit", "None"),
    ("en", "Finished: import\nWorking on: audit\nBlocked by: none", "import", "audit", "none"),
    ("en", "Done (Mon): import\nToday: audit\nBlockers: none", "import", "audit", "none"),
    ("en", "- Yesterday: import\n- Today: audit\n- Blockers: none", "import", "audit", "none"),
    ("en", "Accomplishments: import\nPriorities: audit\nImpediments: none", "import", "audit", "none"),
    ("en", "What did you get done yesterday?\nimport\nWhat is on for today?\naudit\nAnything in your way?\nnone",
     "import", "audit", "none"),
    ("en", "What did you get done yesterday? import\nWhat is on for today? audit\nAnything in your way? none",
     "import", "audit", "none"),
    ("en", "Hi team,\n\nYesterday: import\nToday: audit\nBlockers: none\n\nThanks!\nSam", "import", "audit", "none"),
    ("de", "Gestern: Import\nHeute: Prüfer\nBlocker: keine", "Import", "Prüfer", "keine"),
    ("de", "Erledigt: Import\nAls nächstes: Prüfer\nHindernisse: keine", "Import", "Prüfer", "keine"),
    ("de", "Gestern - Import\nHeute - Prüfer\nBlocker - nichts\n\nGruß, Jörg", "Import", "Prüfer", "nichts"),
    ("de", "Moin,\n\ngestern: Import\nheute: Prüfer\nim Weg: nix\n\nVG\nMia", "Import", "Prüfer", "nix"),
    ("fr", "Hier : import\nAujourd'hui : audit\nBlocages : aucun", "import", "audit", "aucun"),
    ("fr", "Fait : import\nÀ faire : audit\nPoints bloquants : rien", "import", "audit", "rien"),
    ("es", "Ayer: importación\nHoy: auditoría\nBloqueos: ninguno", "importación", "auditoría", "ninguno"),
    ("es", "Hecho: importación\nPendiente: auditoría\nImpedimentos: nada", "importación", "auditoría", "nada"),
    ("it", "Ieri: importazione\nOggi: revisione\nBlocchi: nessuno", "importazione", "revisione", "nessuno"),
    ("pt", "Ontem: importação\nHoje: auditoria\nBloqueios: nenhum", "importação", "auditoria", "nenhum"),
    ("nl", "Gisteren: import\nVandaag: audit\nBlokkades: geen", "import", "audit", "geen"),
    ("en", "Gestern: Import\nHeute: Prüfer\nBlocker: keine", "Import", "Prüfer", "keine"),
    # in order
    ("en", "Finished the import.\n\nAudit.\n\nNo blockers.", "Finished the import.", "Audit.", "No blockers."),
    ("en", "Import is live.\n\nAudit.\n\nWaiting for Lee.", "Import is live.", "Audit.", "Waiting for Lee."),
    ("en", "import\naudit\nnone", "import", "audit", "none"),
    ("en", "- import\n- audit\n- none", "import", "audit", "none"),
    ("en", "* import\n* audit\n* nothing today", "import", "audit", "nothing today"),
    ("en", "• import\n• audit\n• no blockers", "import", "audit", "no blockers"),
    ("en", "- a\n- b\n\n- c\n\n- none", "- a\n- b", "c", "none"),
    ("en", "Hi Ada,\n\nImport is live.\n\nAudit.\n\nNope.\n\nBest,\nSam", "Import is live.", "Audit.", "Nope."),
    ("de", "Import fertig.\n\nHeute Prüfer.\n\nKeine Blocker.\n\nViele Grüße\nMia Chen",
     "Import fertig.", "Heute Prüfer.", "Keine Blocker."),
    ("de", "Import\nPrüfer\nnichts", "Import", "Prüfer", "nichts"),
    ("fr", "Import terminé.\n\nAudit.\n\nRien à signaler.", "Import terminé.", "Audit.", "Rien à signaler."),
    ("es", "Importación.\n\nAuditoría.\n\nSin bloqueos.", "Importación.", "Auditoría.", "Sin bloqueos."),
    ("en", "Yesterday I finished the import. Today I do the audit. No blockers.",
     "Yesterday I finished the import.", "Today I do the audit.", "No blockers."),
    ("en", "Finished the import yesterday, today the audit, no blockers.",
     "Finished the import yesterday", "today the audit", "no blockers."),
    ("de", "Gestern den Import beendet, heute die Prüfer, keine Blocker.",
     "Gestern den Import beendet", "heute die Prüfer", "keine Blocker."),
    ("fr", "Hier j'ai terminé l'import. Aujourd'hui l'audit. Aucun blocage.",
     "Hier j'ai terminé l'import.", "Aujourd'hui l'audit.", "Aucun blocage."),
    ("nl", "Gisteren import afgerond. Vandaag audit. Geen blokkades.",
     "Gisteren import afgerond.", "Vandaag audit.", "Geen blokkades."),
    ("en", "import; audit; none", "import", "audit", "none"),
    ("en", "import / audit / none", "import", "audit", "none"),
    ("en", "import, audit, no blockers", "import", "audit", "no blockers"),
    ("en", "Y: import\nT: audit\nB: none", "import", "audit", "none"),
    ("en", "✅ import\n🔜 audit\n🚧 none", "import", "🔜 audit", "🚧 none"),
    ("en", "import\naudit\nwaiting for Lee", "import", "audit", "waiting for Lee"),
    ("en", "Import is done.\n\nToday: the audit, 1:1 with Mia.\n\nStill waiting for Lee.",
     "Import is done.", "the audit, 1:1 with Mia.", "Still waiting for Lee."),
    ("en", "Sorry for the delay!\n1. import\n2. audit\n3. none", "import", "audit", "none"),
    ("en", "Yesterday:\n1. login\n2. PRs\nToday:\n1. payment\n2. docs\nBlockers:\nnone",
     "1. login\n2. PRs", "1. payment\n2. docs", "none"),
    ("de", "Gestern Import fertiggestellt. Heute die Doku. Ansonsten keine Blocker.",
     "Gestern Import fertiggestellt.", "Heute die Doku.", "Ansonsten keine Blocker."),
    ("es", "Ayer terminé la importación.\nHoy sigo con la auditoría.\nSin bloqueos.",
     "Ayer terminé la importación.", "Hoy sigo con la auditoría.", "Sin bloqueos."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "reply", "done", "following", "blockers"), SURE)
def test_a_clear_reply_fills_its_questions_for_sure(
    language: str, reply: str, done: str, following: str, blockers: str | None
) -> None:
    reading = read(questions(language), reply, language=language)
    wanted = {"done": done, "next": following, "blockers": blockers}
    assert texts(reading) == {key: text for key, text in wanted.items() if text is not None}
    assert [answer.question for answer in reading.unsure] == []
    if blockers is not None and "Lee" not in blockers:
        assert reading.answers[-1].value == []


PARTIAL = [
    ("2. audit", {"next": "audit"}),
    ("3. waiting for the database", {"blockers": "waiting for the database"}),
    ("1. import\n3. none", {"done": "import", "blockers": "none"}),
    ("Blockers: waiting for Lee", {"blockers": "waiting for Lee"}),
    ("Today: audit", {"next": "audit"}),
    ("Heute: Prüfer\nBlocker: keine", {"next": "Prüfer", "blockers": "keine"}),
    ("1. import\n2.\n3. none", {"done": "import", "blockers": "none"}),
    ("no blockers", {"blockers": "no blockers"}),
    ("Keine Blocker heute.", {"blockers": "Keine Blocker heute."}),
]


@pytest.mark.parametrize(("reply", "wanted"), PARTIAL)
def test_only_what_was_answered_is_filled(reply: str, wanted: dict[str, str]) -> None:
    reading = read(questions(), reply)
    assert texts(reading) == wanted
    assert not reading.unsure


UNSURE = [
    "* fixed login\n* reviewed PRs\n* deployed",
    "Fixed login.\nReviewed PRs.\nDeployed.",
    "import, audit, docs",
    "Today I have no blockers and I will do the audit.",
    "Finished the import.",
    "- a\n- b\n- c\n- d",
    "none",
    "Working on the import.\n\nWaiting for Lee.",
    "One thing.\n\nAnother thing.\n\nA third thing.\n\nA fourth thing.",
    "It all went well and I did a lot of things that I do not want to list one by one here.",
    "1. a\n2. b\n3. c\n4. d\n5. e",
]


@pytest.mark.parametrize("reply", UNSURE)
def test_what_could_be_read_two_ways_is_never_sure(reply: str) -> None:
    assert read(questions(), reply).sure == []


INLINE = [
    (
        Part("import", "> 1. What did you get done yesterday?"),
        Part("audit", "> 2. What is on for today?"),
        Part("none", "> 3. Anything in your way?"),
    ),
    (
        Part("import", "1. What did you get done\nyesterday?"),
        Part("audit", "2. What is on\n   for today?"),
        Part("none", "3. Anything in your way?\n   (Still open: the database, since Thursday.)"),
    ),
    (
        Part("Hi Ada,"),
        Part("import", "> Morning, Sam. Just reply.\n>\n> 1. What did you get done yesterday?"),
        Part("audit", "> 2. Wh=at is on for to=day?"),
        Part("none\n\nThanks, Sam", "> 3. Anything in y0ur way?"),
    ),
    (
        Part("import", "> > WHAT DID YOU GET DONE YESTERDAY?"),
        Part("audit", "2. What is on for today?"),
        Part("3. none", "3. Anything in your way?"),
    ),
]


@pytest.mark.parametrize("parts", INLINE)
def test_what_stands_below_a_quoted_question_answers_it(parts: tuple[Part, ...]) -> None:
    reading = read(questions(), *parts)
    assert texts(reading) == {"done": "import", "next": "audit", "blockers": "none"}
    assert {answer.how for answer in reading.answers} == {"inline"}
    assert not reading.unsure


def test_a_reply_below_the_whole_quoted_prompt_answers_all_of_it() -> None:
    prompt = "\n".join(f"> {number}. {text}" for number, text in enumerate(CHECK_IN["en"], 1))
    reading = read(questions(), Part("1. import\n2. audit\n3. none", prompt))
    assert texts(reading) == {"done": "import", "next": "audit", "blockers": "none"}


def test_a_question_skipped_among_inline_answers_stays_open() -> None:
    reading = read(
        questions(),
        Part("import", "> 1. What did you get done yesterday?"),
        Part("none", "> 2. What is on for today?\n> 3. Anything in your way?"),
    )
    assert texts(reading) == {"done": "import", "blockers": "none"}


@pytest.mark.parametrize(
    "words_for_it",
    ["same as yesterday", "Same as yesterday.", "wie gestern", "comme hier", "igual que ayer", "o mesmo que ontem",
     "come ieri", "zelfde als gisteren", "ditto", "unchanged", "dito"],
)  # fmt: skip
def test_same_as_yesterday_is_the_last_answer(words_for_it: str) -> None:
    before = {"done": "import", "next": "audit", "blockers": "the database"}
    reading = read(questions(), f"1. release\n2. {words_for_it}\n3. {words_for_it}", previous=before)
    assert texts(reading) == {"done": "release", "next": "audit", "blockers": "the database"}
    assert [answer.how for answer in reading.answers] == ["numbered", "same-as-before", "same-as-before"]
    assert reading.answers[2].value == [{"text": "the database", "minutes": None}]
    assert not reading.unsure


def test_same_as_yesterday_for_everything_repeats_every_answer() -> None:
    before = {"done": "import", "next": "audit", "blockers": "none"}
    reading = read(questions(), "Hi,\nsame as yesterday\n\nThanks\nSam", previous=before)
    assert texts(reading) == before


def test_what_is_added_to_the_same_as_yesterday_is_added() -> None:
    reading = read(questions(), "2. same as yesterday, plus the tests", previous={"next": "audit"})
    assert texts(reading) == {"next": "audit\nplus the tests"}


def test_same_as_yesterday_without_a_yesterday_is_not_sure() -> None:
    reading = read(questions(), "2. same as yesterday")
    assert texts(reading) == {"next": "same as yesterday"}
    assert not reading.sure


@pytest.mark.parametrize("reply", ["Import.\n\nAudit.\n\nNone.", "import\naudit\nnone", "- import\n- audit\n- none"])
def test_a_place_in_a_row_is_never_sure_where_the_questions_have_different_readers(reply: str) -> None:
    assert read(questions(), reply, mixed_audience=True).sure == []


def test_numbers_and_labels_are_sure_with_different_readers() -> None:
    for reply in ("1. a\n2. b\n3. none", "Done: a\nNext: b\nBlockers: none"):
        assert len(read(questions(), reply, mixed_audience=True).sure) == 3


def test_numbering_goes_on_from_the_prompt_merged_before() -> None:
    reply = "1. import\n2. audit\n3. none\n4. career path\n5. eight"
    mine = [Question("topics", "What should you talk about?"), Question("mood", "How are you?", type=AnswerType.SCALE)]
    first = read(questions(), reply, last_number=5)
    second = read(mine, reply, first_number=4, last_number=5)
    assert texts(first) == {"done": "import", "next": "audit", "blockers": "none"}
    assert first.rest == "4. career path\n\n5. eight"
    assert texts(second) == {"topics": "career path", "mood": "eight"}
    assert second.answers[1].value == 8.0
    assert not first.unsure and not second.unsure


def test_a_single_question_takes_the_whole_reply() -> None:
    topics = [Question("topics", "What should you talk about?", type=AnswerType.ITEMS)]
    reading = read(topics, "Hi Ada,\n\n- career path\n- the budget\n  of next year\n1. a third\n\nThanks, Sam")
    assert reading.answers[0].value == ["career path", "the budget of next year", "a third"]
    assert reading.answers[0].how == "only"
    assert not reading.unsure


def test_numbered_points_are_the_items_of_a_single_question() -> None:
    topics = [Question("topics", "What should you talk about?", type=AnswerType.ITEMS)]
    assert read(topics, "1. career\n2. budget\n3. holidays").answers[0].value == ["career", "budget", "holidays"]


def test_the_one_question_that_must_be_answered_takes_a_single_text() -> None:
    asked = [Question("notes", "What was said?"), Question("more", "Anything else?", optional=True)]
    reading = read(asked, "We talked about the budget.")
    assert texts(reading) == {"notes": "We talked about the budget."}
    assert not reading.unsure


def test_a_courtesy_alone_is_no_answer_and_not_lost() -> None:
    reading = read(questions(), "Thanks!\nSam")
    assert reading.answers == ()
    assert "Thanks" in reading.rest


def test_nothing_to_report_answers_everything() -> None:
    reading = read(questions(), "Nothing to report.")
    assert {answer.question for answer in reading.sure} == {"done", "next", "blockers"}


def test_text_before_the_first_number_is_kept_apart() -> None:
    reading = read(questions(), "Great talk yesterday.\n\n1. import\n2. audit\n3. none")
    assert texts(reading) == {"done": "import", "next": "audit", "blockers": "none"}
    assert reading.rest == "Great talk yesterday."


def test_a_remark_behind_none_is_no_blocker() -> None:
    reading = read(questions(), "1. import\n2. audit\n3. none\n\nP.S. I will be late tomorrow.")
    assert reading.answers[2].value == []
    assert reading.rest == "P.S. I will be late tomorrow."


def test_a_loose_paragraph_behind_a_labelled_answer_makes_it_unsure() -> None:
    reading = read(questions(), "Today: audit\n\nStill waiting for Lee.")
    assert reading.sure == []


def test_a_typed_answer_that_is_no_such_value_is_not_sure() -> None:
    asked = [Question("worth", "Was this hour worth it?", type=AnswerType.SCALE)]
    assert not read(asked, "It was fine I guess").sure
    assert read(asked, "8").answers[0].value == 8.0


def test_an_answer_without_a_question_goes_to_the_rest() -> None:
    assert read([], "hello world").rest == "hello world"


def test_a_name_of_a_person_on_file_closes_a_reply() -> None:
    reading = read(questions(), "1. import\n2. audit\n3. none\n\n- Sam")
    assert texts(reading)["blockers"] == "none"


# Answers composed at random around a known result

PLAIN = st.sampled_from([
    "finished the import", "answered the auditors", "met Lee about pricing", "wrote the 2 tests", "fixed bug 4711",
    "Import abgeschlossen", "réunion avec l'équipe", "revisé el informe", "code review for Kim",
    "deployed v2.1 to staging",
])  # fmt: skip
OBSTACLE = st.sampled_from([
    "none", "nothing", "waiting for the staging database", "keine", "aucun", "need 30 min with Ana", "no access yet",
])  # fmt: skip
STYLES = (
    lambda a, b, c: f"1. {a}\n2. {b}\n3. {c}",
    lambda a, b, c: f"1) {a}\n\n2) {b}\n\n3) {c}",
    lambda a, b, c: f"3: {c}\n2: {b}\n1: {a}",
    lambda a, b, c: f"Done: {a}\nNext: {b}\nBlockers: {c}",
    lambda a, b, c: f"**Blockers**\n{c}\n\n**Done**\n{a}\n\n**Next**\n{b}",
    lambda a, b, c: f"Gestern: {a}\nHeute: {b}\nBlocker: {c}",
    lambda a, b, c: f"{a}\n\n{b}\n\n{c}",
)
OPENINGS = st.sampled_from(["", "Hi Ada,\n\n", "Hallo zusammen,\n", "Good morning!\n\n", "Bonjour Ada,\n\n", "Hey,\n"])
CLOSINGS = st.sampled_from(["", "\n\nThanks,\nSam", "\n\nLG Mia", "\nBest regards\nSam Osei", "\n\nMerci !", "\n\nVG"])


@settings(max_examples=150, deadline=None)
@given(PLAIN, PLAIN, OBSTACLE, st.sampled_from(STYLES), OPENINGS, CLOSINGS)
def test_courtesy_around_an_answer_never_changes_it(
    done: str, following: str, blockers: str, style: object, opening: str, closing: str
) -> None:
    reply = opening + style(done, following, blockers) + closing  # type: ignore[operator] # a lambda from STYLES
    reading = read(questions(), reply)
    assert texts(reading) == {"done": done, "next": following, "blockers": blockers}
    assert not reading.unsure


LINE = st.text(alphabet="abcdefgh ijkl.,:-*()12345>äöß\t", max_size=40)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINE, max_size=10).map("\n".join), st.booleans())
def test_no_word_is_lost_whatever_was_written(reply: str, mixed: bool) -> None:
    reading = read(questions(), reply, mixed_audience=mixed)
    kept = " ".join([*(answer.text for answer in reading.answers), reading.rest])
    lost = [word for word in words(reply) if word not in set(words(kept))]
    # Marks in front of an answer (2., b), #3) are no words of it, greetings ("dag") are dropped.
    courtesies = singles("greetings") | singles("closings") | singles("intros")
    assert [word for word in lost if not word.isdecimal() and len(word) > 1 and word not in courtesies] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8).map("\n".join))
def test_any_text_at_all_can_be_read(reply: str) -> None:
    reading = read(questions(), reply, previous={"done": "x"})
    assert all(0 <= answer.confidence <= 1 for answer in reading.answers)


@pytest.mark.parametrize("pump", ["1. ", "- a\n", "Done: ", "> ", "same as ", "none ", "a, today ", "\n", "(((", "Hi "])
def test_work_grows_no_faster_than_the_text(pump: str) -> None:
    def work(size: int) -> int:
        return calls(lambda: read(questions(), pump * (size // len(pump))))

    work(1_000)  # words are loaded once
    assert work(16_000) <= max(work(4_000), 2_000) * 2.5 * 2.5


def test_sure_means_at_or_above_the_floor() -> None:
    reading = read(questions(), "1. a\n2. b\n3. none")
    assert all(answer.confidence >= CONFIDENCE_FLOOR for answer in reading.sure)
