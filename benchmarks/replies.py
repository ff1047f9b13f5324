"""The visible reply alone, beside the libraries that cut replies, and how much of it each gets right."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP
from functools import partial
from pathlib import Path

from inscriptis import get_text

from assistant.demo import clients
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender
from assistant.domain.people import Person
from assistant.inbound.message import parse, text_parts
from assistant.inbound.reply import visible_reply
from benchmarks.companies import SOON, asked, inbox, words
from benchmarks.measure import side_by_side, timed
from benchmarks.peering import versions, worker
from benchmarks.report import Goal, Report, duration, figure

PLAIN = "ours: the plain text alone"
_PEERS = ("email-reply-parser", "mail-parser-reply", "quotequail")


@dataclass(frozen=True, slots=True)
class Sample:
    """A reply: its bytes, the text that a library gets to see (the text part, else that of the HTML), and the truth."""

    raw: bytes
    text: str
    sent: str
    wrote: str


def run(*, quick: bool) -> Report:
    samples = _samples(24 if quick else 120)
    texts = [each.text for each in samples]
    ours: dict[str, list[tuple[Message, str | None]]] = {
        "ours: the whole mail, our prompt known": [(parse(each.raw), each.sent) for each in samples],
        PLAIN: [(parse(_only_text(each)), None) for each in samples],
    }
    with worker("replying") as peers:
        contenders = {name: (timed(partial(_cut, mails)), len(mails)) for name, mails in ours.items()} | {
            name: (peers.contender("run", peer=name, texts=texts), len(texts)) for name in _PEERS
        }
        timings = side_by_side(contenders, 3 if quick else 7)
        right = {name: _right(_cut(mails), samples) for name, mails in ours.items()}
        right |= {name: _right(peers.ask("cut", peer=name, texts=texts), samples) for name in _PEERS}
    own = timings[PLAIN]
    size = sum(len(each.text) for each in samples) / len(samples)
    return Report(
        "Visible reply",
        f"{len(samples)} replies to one check-in by nine mail programs in English and German, {figure(size / 1024)}"
        f" KB of text each. Right: exactly what was written, less line breaks and signature. {versions(*_PEERS)}.",
        ("", "per mail", "mails/s", "right"),
        [
            [name, duration(timing.each), f"{timing.rate:,.0f}", f"{right[name] * 100:.0f} %"]
            for name, timing in timings.items()
        ],
        [Goal(f"beside {name}", f"{figure(timings[name].each / own.each)}x its speed", None) for name in _PEERS],
    )


def _cut(mails: Sequence[tuple[Message, str | None]]) -> list[str]:
    return [visible_reply(message, sent) for message, sent in mails]


def _right(found: Sequence[str], samples: Sequence[Sample]) -> float:
    return sum(_plain(text) == _plain(each.wrote) for text, each in zip(found, samples, strict=True)) / len(samples)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _samples(count: int) -> list[Sample]:
    """Of every program in turn, every second one set to German."""
    with tempfile.TemporaryDirectory() as folder, asked(Path(folder), count) as home:
        people = home.desk.setup.people.values()
        return [_sample(number, inbox(Path(folder), who.address)[0], who) for number, who in enumerate(people)]


def _sample(number: int, prompt: EmailMessage, who: Person) -> Sample:
    programs = list(Client)
    sender = Sender(who.name, who.address, ("en", "de")[number // len(programs) % 2])
    wrote = words(number)
    raw = clients.reply(
        programs[number % len(programs)], to_mail=prompt, sender=sender, text=wrote, now=SOON.astimezone(who.zone)
    )
    part = text_parts(parse(raw))[0]
    body = prompt.get_body(("plain",))
    return Sample(raw, get_text(part.text) if part.html else part.text, str(body.get_content()) if body else "", wrote)


def _only_text(sample: Sample) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = str(parse(sample.raw)["From"])
    mail.set_content(sample.text)
    return mail.as_bytes()
