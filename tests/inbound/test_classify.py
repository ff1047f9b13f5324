"""What kind of mail it is, how long somebody is away, and which address bounced."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.inbound.absence import Absence, absence
from assistant.inbound.bounce import Bounce, bounced
from assistant.inbound.classify import MessageClass, classify
from assistant.inbound.message import parse

TODAY = date(2026, 11, 24)  # a Tuesday


def kind(headers: str, body: str = "Yesterday I fixed the login.\n") -> MessageClass:
    return classify(parse(f"From: Ana <ana@x.example>\nSubject: Re: Check-in\n{headers}\n\n{body}".encode()))


def alone(raw: str) -> MessageClass:
    return classify(parse(raw.encode()))


class TestHuman:
    @pytest.mark.parametrize(
        "headers",
        [
            "",
            "X-Auto-Response-Suppress: All",
            "Auto-Submitted: no",
            "List-Id: <team.x.example>\nPrecedence: list\nList-Unsubscribe: <mailto:u@x.example>",
            "List-Id: <team.x.example>\nPrecedence: bulk",
            "Precedence: bulk",
            "X-Mailing-List: a@x.example\nReturn-Path: <>",
        ],
    )
    def test_a_persons_mail_is_human_whatever_is_on_the_way(self, headers: str) -> None:
        assert kind(headers) is MessageClass.HUMAN

    @pytest.mark.parametrize(
        ("subject", "body"),
        [
            ("Away", "I'm on vacation from 1 to 7 December."),
            ("Vacation request", "I would like to be on leave from 1 December, is that fine?"),
            ("Auto insurance", "Can we talk about it on Thursday?"),
            ("Absence report", "Bob was absent twice."),
            (
                "Fwd: Undelivered Mail Returned to Sender",
                "See below, 550 5.1.1 user unknown. It could not be delivered.",
            ),
            ("Delivery status", "The delivery has failed twice this week, we talk to the courier."),
            ("Re: Out of office?", "No, I am here."),
        ],
    )
    def test_writing_about_absence_or_delivery_does_not_make_it_automatic(self, subject: str, body: str) -> None:
        assert alone(f"From: Ana <ana@x.example>\nSubject: {subject}\n\n{body}\n") is MessageClass.HUMAN

    def test_a_calendar_file_attached_by_a_person_stays_human(self) -> None:
        raw = (
            "From: ana@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHere it is.\n--b\n"
            "Content-Type: text/calendar; name=a.ics\nContent-Disposition: attachment; filename=a.ics\n\n"
            "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR\n--b--\n"
        )
        assert alone(raw) is MessageClass.HUMAN


class TestAutoReply:
    @pytest.mark.parametrize(
        "headers",
        [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated (rule)",
            "X-Autoreply: yes",
            "X-Autorespond: x",
            "Precedence: auto_reply",
            "Return-Path: <>",
            "Return-Path: < >",
        ],
    )
    def test_headers_that_only_machines_set(self, headers: str) -> None:
        assert kind(headers) is MessageClass.AUTO_REPLY

    @pytest.mark.parametrize(
        "subject",
        [
            *(
                "Automatic reply: Check-in",
                "Out of Office: Re: Check-in",
                "Autoreply: x",
                "Auto: x",
                "OOO: back Monday",
            ),
            *("Automatische Antwort: Check-in", "Abwesenheitsnotiz: Check-in", "Réponse automatique : Check-in"),
            *("Respuesta automática: x", "Resposta automática: x", "Risposta automatica: x", "Automatisch antwoord: x"),
            *("Autosvar: x", "Automaattinen vastaus: x", "Odpowiedź automatyczna: x", "Automatická odpověď: x"),
            *("Automatikus válasz: x", "Răspuns automat: x", "Автоматический ответ: x", "Автоматична відповідь: x"),
            *("Otomatik yanıt: x", "Αυτόματη απάντηση: x", "رد تلقائي: x", "מענה אוטומטי: x", "自動応答: x"),
            *("自动回复: x", "자동 회신: x", "Trả lời tự động: x"),
        ],
    )
    def test_subjects_of_mail_programs_in_each_language(self, subject: str) -> None:
        assert alone(f"From: ana@x.example\nSubject: {subject}\n\nHi.\n") is MessageClass.AUTO_REPLY

    @pytest.mark.parametrize(
        "body",
        [
            "Thank you for your email. I am out of the office until Monday with limited access to email.",
            "Ich bin im Urlaub und daher nicht im Büro. Meine Rückkehr ist am 7. Dezember. In dringenden Fällen: Bob.",
            "Je suis absente du bureau, en congés jusqu'au 7 décembre. En cas d'urgence, appelez Bob.",
            "Estoy de vacaciones, fuera de la oficina hasta el lunes. En caso de urgencia, llame a Bob.",
        ],
    )
    def test_content_alone_is_enough_when_it_says_so_three_times(self, body: str) -> None:
        assert alone(f"From: ana@x.example\nSubject: Re: Check-in\n\n{body}\n") is MessageClass.AUTO_REPLY


class TestCalendar:
    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            ("REPLY", MessageClass.CALENDAR_REPLY),
            ("COUNTER", MessageClass.CALENDAR_COUNTER),
            ("REQUEST", MessageClass.CALENDAR_REQUEST),
            ("CANCEL", MessageClass.CALENDAR_CANCEL),
            ("REFRESH", MessageClass.CALENDAR_OTHER),
        ],
    )
    @pytest.mark.parametrize("told", ["parameter", "line"])
    def test_it_is_classed_by_its_method(self, method: str, expected: MessageClass, told: str) -> None:
        parameter = f"; method={method}" if told == "parameter" else ""
        line = f"METHOD:{method}\n" if told == "line" else ""
        raw = (
            "From: ana@x.example\nSubject: Accepted: 1:1\nContent-Type: multipart/alternative; "
            "boundary=b\n\n--b\n\nYes\n"
            f"--b\nContent-Type: text/calendar{parameter}\n\nBEGIN:VCALENDAR\n{line}END:VCALENDAR\n--b--\n"
        )
        assert alone(raw) is expected

    def test_a_room_that_answers_by_itself_is_a_calendar_reply(self) -> None:
        raw = (
            "From: room@x.example\nAuto-Submitted: auto-replied\nContent-Type: text/calendar; "
            "method=REPLY\n\nBEGIN:VCALENDAR\n"
        )
        assert alone(raw) is MessageClass.CALENDAR_REPLY


def report(action: str, status: str = "5.1.1", kind: str = "delivery-status") -> str:
    return (
        f"From: mailer-daemon@x.example\nReturn-Path: <>\nContent-Type: multipart/report; report-type={kind}; "
        f"boundary=b\n"
        f"\n--b\n\nReport.\n--b\nContent-Type: message/{kind}\n\nReporting-MTA: dns; x.example\n\n"
        f"Final-Recipient: rfc822; Ana@X.example\nAction: {action}\nStatus: {status}\n\n--b\n"
        "Content-Type: message/rfc822\n\nMessage-ID: <one@y.example>\nSubject: Check-in\n\nhi\n--b--\n"
    )


FREE_FORMS = {
    "exim": (
        "From: Mail Delivery System <Mailer-Daemon@x.example>\nSubject: Mail delivery failed: returning message "
        "to sender\n\n"
        "A message that you sent could not be delivered to one or more of its recipients. This is a permanent "
        "error.\n\n"
        "  ana@gone.example\n    550 5.1.1 no such user\n\n------ This is a copy of the message ------\n\n"
        "Message-ID: <one@y.example>\n"
    ),
    "qmail": (
        "From: MAILER-DAEMON@x.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ana@gone.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        "Message-ID: <one@y.example>\n"
    ),
    "exchange": (
        "From: System Administrator <postmaster@x.example>\nSubject: Undeliverable: Check-in\n\nYour message\n\n"
        "  To: x\n  Subject: Check-in\n\ndid not reach the following recipient(s):\n\nana@gone.example on Mon\n"
        "    The recipient name is not recognized\n\nMessage-ID: <one@y.example>\n"
    ),
    "failed-recipients": (
        "From: mailer-daemon@x.example\nX-Failed-Recipients: ana@gone.example\nSubject: Mail failed\n\nIt failed.\n\n"
        "Message-ID: <one@y.example>\n"
    ),
}


class TestBounce:
    def test_a_failed_report_tells_address_permanence_and_the_mail(self) -> None:
        message = parse(report("failed").encode())
        assert classify(message) is MessageClass.BOUNCE
        assert bounced(message) == Bounce("ana@x.example", True, "<one@y.example>")

    @pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("failed", "5.2.2")])
    def test_what_may_pass_is_not_permanent(self, action: str, status: str) -> None:
        found = bounced(parse(report(action, status).encode()))
        assert found is not None
        assert not found.permanent

    @pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
    def test_success_is_no_bounce(self, action: str) -> None:
        message = parse(report(action, "2.0.0").encode())
        assert classify(message) is MessageClass.DELIVERED
        assert bounced(message) is None

    def test_a_read_receipt_counts_as_delivered_and_a_complaint_as_feedback(self) -> None:
        assert alone(report("x", kind="disposition-notification")) is MessageClass.DELIVERED
        assert alone(report("x", kind="feedback-report")) is MessageClass.FEEDBACK

    @pytest.mark.parametrize("form", FREE_FORMS)
    def test_free_forms_are_known_and_read(self, form: str) -> None:
        message = parse(FREE_FORMS[form].encode())
        assert classify(message) is MessageClass.BOUNCE
        assert bounced(message) == Bounce("ana@gone.example", True, "<one@y.example>")

    def test_a_persons_mail_did_not_bounce(self) -> None:
        assert bounced(parse(b"From: ana@x.example\nSubject: hi\n\nAll good.\n")) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("I am out of office and back on Monday 7 Dec.", None, (12, 6)),
        ("out of office until December 7th, 2026", None, (12, 7)),
        ("away from 1 to 7 December", (12, 1), (12, 7)),
        ("traveling on December 1-7.", (12, 1), (12, 7)),
        ("out 30 Nov - 7 Dec", (11, 30), (12, 7)),
        ("back 2026-12-07", None, (12, 6)),
        ("back on Monday", None, (11, 29)),
        ("until Friday", None, (11, 27)),
        ("on leave until 12/7/2026", None, (12, 7)),
        ("Ich bin bis einschließlich 07.12. abwesend.", None, (12, 7)),
        ("vom 30.11.2026 bis zum 7.12.2026", (11, 30), (12, 7)),
        ("Je suis absente du 1er au 7 décembre. De retour le 8.", (12, 1), (12, 7)),
        ("Estaré fuera hasta el 7 de diciembre de 2026", None, (12, 7)),
        ("Vuelvo el lunes 7 de diciembre", None, (12, 6)),
        ("Estarei de férias até 07/12/2026", None, (12, 7)),
        ("Rientro il 7 dicembre", None, (12, 6)),
        ("Ik ben afwezig t/m 7 december", None, (12, 7)),
        ("Jeg er på ferie til og med 7. desember", None, (12, 7)),
        ("Jag är åter den 7 december", None, (12, 6)),
        ("Olen lomalla 7. joulukuuta asti", None, (12, 7)),
        ("Jestem na urlopie do 7 grudnia", None, (12, 7)),
        ("Jsem na dovolené do 7. prosince", None, (12, 7)),
        ("szabadságon vagyok december 7-ig", None, (12, 7)),
        ("Sunt în concediu până pe 7 decembrie", None, (12, 7)),
        ("В отпуске до 7 декабря", None, (12, 7)),
        ("У відпустці до 7 грудня", None, (12, 7)),
        ("7 Aralık'a kadar izindeyim", None, (12, 7)),
        ("Απουσιάζω μέχρι τις 7 Δεκεμβρίου", None, (12, 7)),
        ("أنا في إجازة حتى 7 ديسمبر", None, (12, 7)),
        ("אני בחופשה עד 7 בדצמבר", None, (12, 7)),
        ("休暇のため12月7日まで不在です", None, (12, 7)),
        ("我将休假至12月7日", None, (12, 7)),
        ("12월 7일까지 휴가입니다", None, (12, 7)),
        ("Tôi nghỉ phép đến hết ngày 7 tháng 12", None, (12, 7)),
    ],
)
def test_the_days_away_are_read(text: str, first: tuple[int, int] | None, last: tuple[int, int]) -> None:
    assert absence(text, TODAY) == Absence(date(2026, *first) if first else None, date(2026, *last))


@pytest.mark.parametrize(
    "text", ["", "I am away.", "Call 555-12-34 until 5 pm", "until 31 February", "until 1 Jan 2020", "7"]
)
def test_no_day_is_made_up(text: str) -> None:
    assert absence(text, TODAY) is None


def test_a_date_without_year_is_the_next_one() -> None:
    assert absence("away until May 5", TODAY) == Absence(None, date(2027, 5, 5))
