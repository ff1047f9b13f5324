"""What a mail offers to reply reaches us when it is written back as it stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from assistant.inbound.message import parse
from assistant.inbound.reply import visible_reply
from assistant.render import Mail, Section
from tests import samples

LANGUAGES = ("en", "de")
CLIENTS = {
    "en": "{words}\n\nOn Tue, Nov 24, 2026 at 9:00 AM Ada <ada@example.com> wrote:\n{quoted}\n",
    "de": "{words}\n\nAm Di., 24. Nov. 2026 um 09:00 Uhr schrieb Ada <ada@example.com>:\n{quoted}\n",
}


def mails(language: str) -> Iterator[tuple[str, Mail]]:
    for kind in samples.MAILED:
        for view in (samples.sample(kind, language), *samples.edges(kind, language).values()):
            yield kind, samples.renderer().mail([Section(kind, view)], samples.frame(language))


def offers(text: str) -> list[str]:
    """What stands in quotation marks, on one line each, once."""
    found = re.findall("[“„]([^”“„]+)[”“]", text)
    return [each for each in dict.fromkeys(" ".join(words.split()) for words in found) if "…" not in each]


def reply(body: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "sam@example.com", "ada@example.com", "Re: Check-in"
    mail.set_content(body)
    return mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_that_copies_an_offer_is_not_taken_for_the_quoted_mail(language: str) -> None:
    """Alone, and above the mail as programs quote it: people do as they are told, to the letter."""
    tried = set()
    for kind, mail in mails(language):
        quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
        for words in offers(mail.text):
            if (kind, words) in tried:
                continue
            tried.add((kind, words))
            for body in (words, CLIENTS[language].format(words=words, quoted=quoted)):
                seen = visible_reply(parse(reply(body).as_bytes()), sent=mail.text)
                assert " ".join(seen.split()) == words, kind
    assert len(tried) > 200
