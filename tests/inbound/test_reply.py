"""Only what a person newly wrote is left of a reply, in every client and language we know, and all of it."""

from __future__ import annotations

from email.message import Message

import pytest

from assistant.inbound.message import parse
from assistant.inbound.phrases import fold, words
from assistant.inbound.reply import Segment, read_reply, visible_reply

ATTRIBUTIONS = """\
On Mon, Jan 1, 2024 at 10:00 AM Ana Lopez <ana@x.example> wrote:
On Monday, January 1, 2024 at 10:00:00 AM GMT+1, Ana Lopez <ana@x.example> wrote:
On Mon, Jan 1, 2024, at 10:00 AM, Ana Lopez wrote:
On 1 Jan 2024, at 10:00, Ana Lopez <ana@x.example> wrote:
On Tue, 2024-01-01 at 18:02 +0530, Ana Lopez wrote:
Ana Lopez wrote on 01/01/2024 10:00:00 AM:
Ana Lopez <ana@x.example> writes:
---- On Mon, 01 Jan 2024 10:00:00 +0100 Ana Lopez <ana@x.example> wrote ---
Am Mo., 1. Jan. 2024 um 10:00 Uhr schrieb Ana Lopez <ana@x.example>:
Am 01.01.24 um 10:00 schrieb Ana Lopez:
Ana Lopez <ana@x.example> schrieb am Mo., 1. Jan. 2024, 10:00:
Le lun. 1 janv. 2024 à 10:00, Ana Lopez <ana@x.example> a écrit :
El lun, 1 ene 2024 a las 10:00, Ana Lopez (<ana@x.example>) escribió:
Em seg., 1 de jan. de 2024 às 10:00, Ana Lopez <ana@x.example> escreveu:
Il giorno lun 1 gen 2024 alle ore 10:00 Ana Lopez <ana@x.example> ha scritto:
Op ma 1 jan 2024 om 10:00 schreef Ana Lopez <ana@x.example>:
Op 1 jan. 2024, om 10:00 heeft Ana Lopez <ana@x.example> het volgende geschreven:
Den man. 1. jan. 2024 kl. 10.00 skrev Ana Lopez <ana@x.example>:
Den mån 1 jan. 2024 kl 10:00 skrev Ana Lopez <ana@x.example>:
man. 1. jan. 2024 kl. 10:00 skrev Ana Lopez <ana@x.example>:
ma 1. tammik. 2024 klo 10.00 Ana Lopez (ana@x.example) kirjoitti:
pon., 1 sty 2024 o 10:00 Ana Lopez <ana@x.example> napisał(a):
po 1. 1. 2024 v 10:00 odesílatel Ana Lopez <ana@x.example> napsal:
Ana Lopez <ana@x.example> ezt írta (időpont: 2024. jan. 1., H, 10:00):
În lun., 1 ian. 2024 la 10:00, Ana Lopez <ana@x.example> a scris:
пн, 1 янв. 2024 г. в 10:00, Ana Lopez <ana@x.example>:
пн, 1 січ. 2024 р. о 10:00 Ana Lopez <ana@x.example> пише:
Ana Lopez <ana@x.example>, 1 Oca 2024 Pzt, 10:00 tarihinde şunu yazdı:
Στις Δευ 1 Ιαν 2024 στις 10:00 π.μ., ο/η Ana Lopez <ana@x.example> έγραψε:
في الاثنين، 1 يناير 2024 في 10:00 ص تمت كتابة ما يلي بواسطة Ana Lopez <ana@x.example>:
\u202bבתאריך יום ב׳, 1 בינו׳ 2024 ב-10:00 מאת \u202aAna Lopez\u202c <ana@x.example>:\u202c
2024年1月1日(月) 10:00 Ana Lopez <ana@x.example>:
Ana Lopez <ana@x.example> 于2024年1月1日周一 10:00写道：
2024년 1월 1일 (월) 오전 10:00, Ana Lopez <ana@x.example>님이 작성:
Vào Th 2, 1 thg 1, 2024 vào lúc 10:00 Ana Lopez <ana@x.example> đã viết:
На пн, 1.01.2024 г. в 10:00 Ana Lopez <ana@x.example> написа:
เมื่อ จ. 1 ม.ค. 2024 เวลา 10:00 Ana Lopez <ana@x.example> เขียนว่า:
Þann mán., 1. jan. 2024 kl. 10:00 skrifaði Ana Lopez <ana@x.example>:""".splitlines()

HEADERS = """\
From Sent To Subject|Von Gesendet An Betreff|De Envoyé À Objet|De Enviado Para Asunto|De Enviado Para Assunto
Da Inviato A Oggetto|Van Verzonden Aan Onderwerp|Fra Sendt Til Emne|Från Skickat Till Ämne|Od Wysłano Do Temat
Lähettäjä Lähetetty Vastaanottaja Aihe|Od Odesláno Komu Předmět|Feladó Elküldve Címzett Tárgy|De_la Trimis Către Subiect
От Отправлено Кому Тема|Від Надіслано Кому Тема|Kimden Gönderildi Kime Konu|Από Στάλθηκε Προς Θέμα
من تاريخ_الإرسال إلى الموضوع|מאת נשלח אל נושא|差出人 送信日時 宛先 件名|发件人 发送时间 收件人 主题
보낸_사람 보낸_날짜 받는_사람 제목|Từ Đã_gửi Đến Chủ_đề""".replace("|", "\n").splitlines()

FOOTERS = """\
Sent from my iPhone
Sent from Yahoo Mail on Android
Sent from Mail for Windows 10
Sent with Proton Mail secure email.
Sent from TypeApp
Get Outlook for iOS<https://aka.ms/o0ukef>
Von meinem iPhone gesendet
Gesendet mit der GMX Mail App
Envoyé de mon iPhone
Enviado desde mi iPhone
Enviado do meu iPhone
Inviato da iPhone
Verstuurd vanaf mijn iPhone
Sendt fra min iPhone
Skickat från min iPhone
Lähetetty iPhonesta
Wysłane z iPhone’a
Odesláno z iPhonu
Az iPhone-omról küldve
Trimis de pe iPhone
Отправлено с iPhone
Надіслано з iPhone
iPhone'umdan gönderildi
Στάλθηκε από το iPhone μου
\u202bأُرسلت من الـ iPhone\u202c
נשלח מה-iPhone שלי
iPhoneから送信
发自我的 iPhone
나의 iPhone에서 보냄
Đã gửi từ iPhone của tôi""".splitlines()

OWN_WORDS = [
    "As John wrote:\nwe should go.",
    "Today: shipped login\nTomorrow: payments\nBlockers: none",
    "From: 9:00\nTo: 17:00",
    "From: 12 May 2026\nTo: 17 May 2026\nI am away.",
    "I met on 5 May 2026 at 10:00 with Ana:\n- item one\n- item two",
    "Sent from the warehouse yesterday, arriving tomorrow",
    'On Monday I wrote:\n"hello"\nand nothing came back',
    "Thanks\n\nAll good here",
    "Best: 4\nWorst: 2",
    "Meeting on 2024-01-01 10:00\nwith bob@x.example and ana@x.example",
    "Contact: ana@x.example, due: 2024-01-01:\n- send it",
    "Blockers:\n-none",
    "a\n---\nb",
    "Date: Friday\nTo: do list",
    "Regards to the team. All fine.",
    "See https://x.example/a\nThis email and the next one matter",
    "unsubscribe me from daily prompts please",
    "Fixed:\n\n    if a > b:\n        return\n\n- indented code stays",
    "I wanted to discuss the issue with regards to the payment.\n\nAs regards the timeline, Friday.",
    ">>> look here <<<",
]


def mail(text: str, html: bool = False, sender: str = "Bob Miller <bob@x.example>") -> Message:
    kind = "html" if html else "plain"
    head = f"From: {sender}\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return parse(head.encode() + text.encode())


def visible(text: str, html: bool = False) -> str:
    return visible_reply(mail(text, html))


class TestAttribution:
    @pytest.mark.parametrize("line", ATTRIBUTIONS)
    def test_it_is_cut_with_what_it_quotes_in_every_language(self, line: str) -> None:
        assert visible(f"Fine, thanks.\n\n{line}\n\nHow are you?\nAna\n") == "Fine, thanks."
        assert visible(f"Fine, thanks.\n{line}\nHow are you?") == "Fine, thanks."
        assert visible(f"Fine, thanks.\n\n{line}\n\n> How are you?\n") == "Fine, thanks."

    @pytest.mark.parametrize("line", ATTRIBUTIONS)
    def test_it_may_be_folded(self, line: str) -> None:
        place = line.find(" ", len(line) // 2)
        assert visible(f"Fine, thanks.\n\n{line[:place]}\n{line[place + 1 :]}\n\nHow are you?") == "Fine, thanks."

    @pytest.mark.parametrize("line", ATTRIBUTIONS)
    def test_an_answer_below_the_quote_is_kept(self, line: str) -> None:
        assert visible(f"{line}\n> How are you?\n\nFine, thanks.\n") == "Fine, thanks."

    def test_what_is_written_in_the_same_line_before_it_stays(self) -> None:
        assert visible("bla - bla--- On Wed, Apr 4, 2012 at 3:59 PM, me@x.example wrote:\n> Hi") == "bla - bla"

    def test_indentation_quotes_until_it_ends(self) -> None:
        text = "Hello\n\nAna <ana@x.example> wrote:\n\n    How are you?\n    And the rest?\n\nFine.\n"
        assert visible(text) == "Hello\n\nFine."


class TestHeaderBlock:
    @pytest.mark.parametrize("labels", HEADERS)
    @pytest.mark.parametrize("above", ["", "________________________________\n", "-----Original Message-----\n"])
    @pytest.mark.parametrize("form", ["{}: {}", "*{}:* {}", "{} : {}"])
    def test_the_quoted_mails_fields_begin_the_cut(self, labels: str, above: str, form: str) -> None:
        values = ("Ana <ana@x.example>", "Monday, 1 January 2024 10:00", "Bob", "Re: Hi")
        names = [label.replace("_", " ") for label in labels.split()]
        block = "\n".join(form.format(name, value) for name, value in zip(names, values, strict=True))
        assert visible(f"Fine, thanks.\n\n{above}{block}\n\nHow are you?\n") == "Fine, thanks."

    @pytest.mark.parametrize(
        "line",
        [
            *("-----Original Message-----", "-------- Originalnachricht --------", "----- Mail original -----"),
            *(
                "---------- Forwarded message ---------",
                "Begin forwarded message:",
                "------------------ 原始邮件 ------------------",
            ),
            *(
                "-----Oprindelig meddelelse-----",
                "-------- Messaggio originale --------",
                "-----Исходное сообщение-----",
            ),
        ],
    )
    def test_a_divider_of_the_client_is_known(self, line: str) -> None:
        assert visible(f"Fine, thanks.\n\n{line}\nFrom: Ana <ana@x.example>\nSubject: Hi\n\nHow?") == "Fine, thanks."

    def test_a_mail_that_only_forwards_keeps_the_forwarded_text(self) -> None:
        text = (
            "---------- Forwarded message ----------\nFrom: A <a@x.example>\nDate: 1 Jan 2024\nSubject: "
            "S\n\nThe text.\n"
        )
        assert visible(text) == "The text."


class TestInline:
    def test_each_piece_carries_the_question_above_it(self) -> None:
        reply = read_reply(mail("> 1. What did you do?\nfoo\n> 2. What next?\nbar"))
        assert reply.text == "foo\n\nbar"
        assert reply.segments == (Segment("foo", "1. What did you do?"), Segment("bar", "2. What next?"))

    def test_the_end_of_a_broken_quoted_line_is_not_an_answer(self) -> None:
        text = "Yes.\n\n> see the page (http://x.example/action\n_nonce=3dd518)\n> and tell me\n"
        assert visible(text) == "Yes."

    def test_html_answers_between_quotes_are_kept(self) -> None:
        page = (
            '<div class="gmail_quote"><div class="gmail_attr">On Mon, Ana wrote:<br></div>'
            '<blockquote class="gmail_quote">1. What did you do?</blockquote><div>foo</div>'
            '<blockquote class="gmail_quote">2. What next?</blockquote><div>bar</div></div>'
        )
        found = read_reply(mail(page, html=True)).segments
        assert found == (Segment("foo", "1. What did you do?"), Segment("bar", "2. What next?"))

    def test_the_cuts_are_accounted_for(self) -> None:
        cuts = read_reply(mail("Fine.\n\nAna <ana@x.example> wrote:\n> How?\n\nSent from my iPhone\n")).cuts
        assert [(cut.kind, cut.line, cut.count) for cut in cuts] == [
            ("attribution", 3, 1),
            ("quote", 4, 1),
            ("footer", 6, 1),
        ]


class TestSent:
    SENT = (
        "Hi Bob,\n\n1. What did you do yesterday?\n2. What will you do today, and is anything keeping you from "
        "doing it?\n"
        "3. Any blockers?\n\nReply to this mail with your answers below each question.\n\nYour assistant\n"
    )

    def pieces(self, text: str) -> list[str]:
        return [segment.text for segment in read_reply(mail(text), self.SENT).segments]

    def test_answers_typed_into_an_unmarked_quote_are_found(self) -> None:
        text = (
            "See below.\n\nFrom: Assistant <bot@x.example>\nSent: Monday, January 1, 2024 9:00 AM\nTo: "
            "Bob\nSubject: Check-in\n\n"
            "Hi Bob,\n\n1. What did you do yesterday?\nShipped login\n2. What will you do today, and is anything\n"
            "keeping you from doing it?\nPayments\n3. Any blockers?\nnone\n\n"
            "Reply to this mail with your answers below each question.\n\nYour assistant\n"
        )
        assert self.pieces(text) == ["See below.", "Shipped login", "Payments", "none"]

    def test_a_quote_without_any_mark_is_recognised(self) -> None:
        assert visible_reply(mail("All done.\n\n" + self.SENT), self.SENT) == "All done."

    def test_an_answer_behind_the_question_in_one_line_is_found(self) -> None:
        reply = read_reply(mail("1. What did you do yesterday? Shipped login\n3. Any blockers? none"), self.SENT)
        assert [segment.text for segment in reply.segments] == ["Shipped login", "none"]
        assert reply.segments[0].quoted == "1. What did you do yesterday?"

    def test_words_of_ours_in_a_sentence_are_the_persons(self) -> None:
        text = "What did you do yesterday? is a good question, Any blockers too"
        assert "good question" in visible_reply(mail(text), self.SENT)

    def test_an_offered_choice_that_is_copied_is_an_answer(self) -> None:
        offered = "Shall we move it?\n1. Yes, move it to Thursday\n2. No, keep it as it is\n"
        assert visible_reply(mail("Yes, move it to Thursday"), offered) == "Yes, move it to Thursday"

    def test_an_example_that_is_taken_at_its_word_is_an_answer(self) -> None:
        sent = (
            "What was reached?\n\nFor example: 4. 3,800, through the harbour fairs. Learned: adverts bring\nnobody.\n"
        )
        said = "4. 3,800. Through the harbour fairs. Learned: adverts bring nobody."
        quoted = "\n".join(f"> {line}" for line in sent.splitlines())
        for body in (said, f"3. Nothing\n{said}", f"{said}\n\nOn Mon, Ada wrote:\n{quoted}"):
            assert said in visible_reply(mail(body), sent)


class TestTails:
    @pytest.mark.parametrize("footer", FOOTERS)
    def test_client_footers_are_cut_in_every_language(self, footer: str) -> None:
        assert visible(f"Fine, thanks.\n\n{footer}\n") == "Fine, thanks."
        assert (
            visible(f"Fine, thanks.\n\n{footer}\n\nOn 1 Jan 2024, at 10:00, Ana <ana@x.example> wrote:\nx")
            == "Fine, thanks."
        )

    @pytest.mark.parametrize(
        "signature",
        [
            "-- \nBob Miller\nCEO",
            "--\nBob",
            "---\nBob",
            "--Bob",
            "—Bob",
            "Bob Miller\nHead of Things\n+49 30 1234567\nwww.x.example",
            "Ann Other\nann@x.example\n(555) 346-9947",
        ],
    )
    def test_signatures_are_cut(self, signature: str) -> None:
        assert visible(f"Fine, thanks.\n\n{signature}\n") == "Fine, thanks."

    def test_contacts_below_a_closing_are_cut_and_the_closing_stays_out_of_the_pieces(self) -> None:
        reply = read_reply(mail("Fine, thanks.\n\nBest regards,\nBob\nHead of Things, X Ltd\n+49 30 1234567\n"))
        assert reply.text == "Fine, thanks.\n\nBest regards,\nBob"
        assert [segment.text for segment in reply.segments] == ["Fine, thanks."]

    @pytest.mark.parametrize(
        "legal",
        [
            "This email and any attachments are confidential and intended solely for the addressee. If you are not it, "
            "please delete it and tell the sender. Thank you for your cooperation.",
            "CONFIDENTIALITY NOTICE: This message may contain privileged information.",
            "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der "
            "richtige "
            "Adressat sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.",
            "Virus-free. www.avast.com",
            "_______________________________________________\nteam mailing "
            "list\nteam@lists.x.example\nhttps://lists.x.example/a",
        ],
    )
    def test_legal_text_and_list_footers_are_cut(self, legal: str) -> None:
        assert visible(f"Fine, thanks.\n\n{legal}\n") == "Fine, thanks."

    def test_a_gateways_warning_on_top_is_cut(self) -> None:
        warning = "CAUTION: This email originated from outside of the organization. Do not click links."
        assert visible(f"{warning}\n\nFine, thanks.\n") == "Fine, thanks."

    @pytest.mark.parametrize("text", OWN_WORDS)
    def test_own_words_that_look_like_something_else_are_kept(self, text: str) -> None:
        assert visible(text) == text


PAGES = {
    "outlook desktop": (
        "<div class=WordSection1><p class=MsoNormal>Fine.</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p "
        "class=MsoNormal>Good.</p>"
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p '
        "class=MsoNormal><b>Frá:</b> Ana "
        "&lt;ana@x.example&gt;<br><b>Sendt þann:</b> 1. jan 2024 10:00<br><b>Til:</b> Bob<br><b>Efni:</b> "
        "Hi</p></div></div><p>How?</p></div>"
    ),
    "outlook web": (
        '<div>Fine.</div><div><br></div><div>Good.</div><div id="Signature"><p>Bob</p></div><div '
        'id="appendonsend"></div><hr>'
        '<div id="divRplyFwdMsg"><b>From:</b> Ana</div><div>How?</div>'
    ),
    "outlook mobile": (
        '<div>Fine.<br><br>Good.</div><div id="ms-outlook-mobile-signature">Get Outlook for iOS</div><hr>'
        '<div id="divRplyFwdMsg"><b>From:</b> Ana</div>How?'
    ),
    "apple mail": (
        'Fine.<div><br></div><div>Good.<br><div><br><blockquote type="cite">On Jan 1, 2024, at 10:00, Ana '
        "wrote:</blockquote></div>"
        '<blockquote type="cite"><div>How?</div></blockquote></div>'
    ),
    "thunderbird": (
        '<p>Fine.</p><p>Good.</p><div class="moz-cite-prefix">Am 01.01.24 um 10:00 schrieb Ana:<br></div>'
        '<blockquote type="cite"><p>How?</p></blockquote><pre class="moz-signature">-- \nBob</pre>'
    ),
    "yahoo": (
        "<div>Fine.</div><div><br></div><div>Good.</div><div id='yahoo_quoted_1' class='yahoo_quoted'><div>On "
        "Monday Ana wrote:</div>"
        "<div>How?</div></div>"
    ),
    "zoho": (
        "<div>Fine.<br><br>Good.</div><div class='zmail_extra'>---- On Mon, 01 Jan 2024 10:00:00 +0100 "
        "<b>Ana</b> wrote ---<br>"
        '<blockquote style="border-left: 1px solid">How?</blockquote></div>'
    ),
    "proton": (
        "<div>Fine.</div><div><br></div><div>Good.</div><div class='protonmail_signature_block'>Sent with "
        "Proton Mail</div>"
        "<div class='protonmail_quote'>On Monday, January 1st, 2024 at 10:00 AM, Ana &lt;ana@x.example&gt; wrote:<br>"
        "<blockquote class='protonmail_quote' type='cite'>How?</blockquote></div>"
    ),
    "samsung": (
        "<div>Fine.</div><div><br></div><div>Good.</div><div id='composer_signature'>Sent from my Galaxy</div>"
        "<div>-------- Original message --------</div><div>From: Ana &lt;ana@x.example&gt;</div><div>Date: "
        "1/1/24 10:00</div>How?"
    ),
    "gmx": (
        "<div>Fine.</div><div>&nbsp;</div><div>Good.</div><div name='quote'><b>Gesendet:</b> "
        "Montag<br><b>Von:</b> Ana<br>How?</div>"
    ),
    "gmail": (
        '<div dir="ltr">Fine.<div><br></div><div>Good.</div></div><br><div class="gmail_quote"><div '
        'class="gmail_attr">On Mon, Ana wrote:'
        '<br></div><blockquote class="gmail_quote">How?</blockquote></div>'
    ),
    "qq": (
        "<div>Fine.</div><div><br></div><div>Good.</div><div>------------------ 原始邮件 ------------------</div>"
        "<div><b>发件人:</b> Ana &lt;ana@x.example&gt;</div><div><b>发送时间:</b> 2024年1月1日</div><div>How?</div>"
    ),
    "hidden": "<style>p{}</style><div style='display: none'>preview</div><p>Fine.</p><script>x</script><p>Good.</p>",
}


@pytest.mark.parametrize("client", PAGES)
def test_pages_of_each_client_show_only_the_new_text(client: str) -> None:
    assert visible(PAGES[client], html=True) == "Fine.\n\nGood."


def test_lists_and_own_block_quotes_of_a_page_are_kept() -> None:
    page = (
        "<p>Done:</p><ul><li>one</li><li>two "
        "<b>bold</b></li></ul><ol><li>a</li><li>b</li></ol><blockquote>cited</blockquote>"
    )
    assert visible(page, html=True) == "Done:\n\n- one\n- two bold\n\n1. a\n2. b\n\ncited"


def flat(text: str) -> list[str]:
    """Its lines without differences of spacing, and without a closing, which may be kept or cut."""
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    for place in range(max(1, len(lines) - 4), len(lines)):
        head, _, rest = lines[place].partition(",")
        if fold(head.strip(" .!*")) in words("closings") and len(rest.split()) < 4:
            return lines[:place]
    return lines
