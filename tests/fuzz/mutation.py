"""Mails made odd: bytes flipped, cut, doubled, spliced with others, and words put in that parsers look for."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

WORDS: tuple[bytes, ...] = (
    *(b"\n", b"\r\n", b"\r", b"\0", b"\t", b" ", b">", b"> ", b">> ", b"--", b"-- \n", b"\xff\xfe", b"\xe2\x80\xae"),
    *(b"On Mon, 1 Jan 2024 at 10:00, A <a@x.example> wrote:\n", b"From: a@x.example\nSent: x\nTo: y\nSubject: z\n"),
    *(
        b"-----Original Message-----\n",
        b"Sent from my iPhone",
        b"=?utf-8?B?",
        b"=?=",
        b"?=",
        b"=\n",
        b"=E2=80",
        b"&#",
        b"<!--",
    ),
    *(
        b"<blockquote>",
        b"</blockquote>",
        b"<div class=gmail_quote>",
        b"<table>",
        b"<pre>",
        b"<svg>",
        b"<![CDATA[",
        b"&nbsp;",
    ),
    *(
        b"Content-Type: text/html",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n",
        b"\n--b--\n",
        b"charset=utf-7",
    ),
    *(
        b"Content-Transfer-Encoding: base64\n",
        b"format=flowed; delsp=yes",
        b"message/rfc822",
        b'boundary=""',
        b"report-type=",
    ),
    *(
        b"1. ",
        b"2) ",
        b"3: none\n",
        b"Today: ",
        b"Blockers - ",
        b"away until Monday\n",
        b"done 17\n",
        b"skip",
        b"same as yesterday",
    ),
    *(
        b"until 31 Feb",
        b"next Tue or Wed before 11",
        b"99999999999999999999",
        b"1e999",
        b"-0",
        b"4.2k",
        b"\xd9\xa3",
        b"\xef\xbc\x91",
    ),
    *(
        b"Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n",
        b"Auto-Submitted: auto-replied\n",
        b"METHOD:REPLY",
    ),
)
LONGEST = 256 * 1024


def mutated(random: Random, corpus: Sequence[bytes]) -> bytes:
    """One mail of the corpus after one to eight changes."""
    data = bytearray(random.choice(corpus))
    for _ in range(1 << random.randrange(4)):
        random.choice(_CHANGES)(random, data, corpus)
    return bytes(data[:LONGEST])


def _place(random: Random, data: bytearray) -> int:
    return random.randrange(len(data) + 1)


def _flip(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    if data:
        data[random.randrange(len(data))] = random.randrange(256)


def _insert(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    at = _place(random, data)
    data[at:at] = random.choice(WORDS)


def _repeat(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    """A word many times: what makes a careless parser slow."""
    at = _place(random, data)
    data[at:at] = random.choice(WORDS) * random.choice((2, 16, 256, 2_000))


def _cut(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    at = _place(random, data)
    del data[at : at + random.choice((1, 8, 64, 1_024))]


def _double(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    at, target = _place(random, data), _place(random, data)
    data[target:target] = data[at : at + random.choice((4, 32, 256, 4_096))]


def _splice(random: Random, data: bytearray, corpus: Sequence[bytes]) -> None:
    other = random.choice(corpus)
    at = random.randrange(len(other) + 1)
    data[_place(random, data) :] = other[at:]


_CHANGES = (_flip, _flip, _insert, _insert, _insert, _repeat, _cut, _double, _splice)
