"""All that is done with a mail from outside, one step after another. Whatever the bytes are, nothing here may raise."""

from __future__ import annotations

from assistant.inbound import answers, commands, notes
from assistant.inbound.absence import absence
from assistant.inbound.bounce import bounced
from assistant.inbound.classify import classify
from assistant.inbound.headers import header, message_id, references, sender_address
from assistant.inbound.message import parse, text_parts
from assistant.inbound.reply import read_reply
from tests.inbound.casebook import NOW, PEOPLE, prompt
from tests.samples import BERLIN, TODAY

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")


def read_all(raw: bytes) -> None:
    """Raises AssertionError where text is shown that was not in the mail."""
    language = LANGUAGES[len(raw) % len(LANGUAGES)]
    asked = prompt("check-in", "de" if language == "de" else "en")
    message = parse(raw)
    classify(message)
    bounced(message)
    sender_address(message)
    message_id(message)
    references(message)
    absence(header(message, "Subject"), TODAY)
    for sent in (None, asked.text):
        visible = read_reply(message, sent)
        commands.read(visible.text, language=language, zone=BERLIN, now=NOW)
        answers.read(
            asked.questions,
            visible.segments,
            previous={"done": "import"},
            people=PEOPLE,
            today=TODAY,
            language=language,
        )
        notes.action_items(visible.text[:2_000], PEOPLE, TODAY, language)
        parts = text_parts(message)
        if not any(part.html for part in parts):
            written = "\n".join(part.text for part in parts)
            invented = [word for word in visible.text.split() if word not in written]
            assert not invented, invented
