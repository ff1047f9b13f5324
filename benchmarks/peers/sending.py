"""The same check-in sent without our machinery: the one argument is a folder to work in.

``straight`` is what one writes first: EmailMessage, premailer, the standard library's Maildir. ``least`` is the limit:
one flat template, css-inline, compat32 parts, one row journalled durably, one durable file.
"""

from __future__ import annotations

import logging
import mailbox
import os
import sqlite3
import sys
from email.charset import QP, Charset
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, compat32
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.peers.serving import serve, timed

jinja2, css_inline, premailer = map(import_module, ("jinja2", "css_inline", "premailer"))
logging.disable(logging.CRITICAL)  # premailer tells of every property that cssutils does not know

FOLDER = Path(sys.argv[1])
HERE = Path(__file__).parent
SHAPES = HERE.parent.parent / "templates" / "shapes"
ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader([HERE / "flat", SHAPES]),
    autoescape=lambda name: name is not None and name.endswith("html.j2"),
    trim_blocks=True,
)
TEXT, PAGE = ENVIRONMENT.get_template("check-in.txt.j2"), ENVIRONMENT.get_template("check-in.html.j2")
INLINER = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
WIRE = compat32.clone(linesep="\r\n")
QUESTIONS = ("What did you get done lately?", "What is on for today?", "Anything in your way?")
FOOTER = (
    "Everyone in Team 0 reads the answers once all are in, today at 14:00 at the latest. You get this on working days,"
    " as a member of Team 0. Reply “skip”, “away until Monday”, “stop check-in” or “help” at any time."
)
numbers = count()


def context(number: int) -> dict[str, object]:
    return {
        "greeting": "Good morning",
        "name": f"Mia{number}",
        "questions": QUESTIONS,
        "footer": FOOTER,
        "subject": "Check-in, Mon 23 Nov",
    }


def headers(mail: Any, number: int) -> None:
    mail["From"] = "Ada <ada@in.example.com>"
    mail["To"] = f"Mia{number} Chen <u{number}@example.org>"
    mail["Reply-To"] = f"Ada <ada+{number:016x}@in.example.com>"
    mail["Subject"] = "Check-in, Mon 23 Nov"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<{number:032x}@in.example.com>"
    mail["Auto-Submitted"] = "auto-generated"


def straight(mails: int) -> tuple[float, float]:
    (FOLDER / "straight").mkdir(exist_ok=True)
    boxes = [mailbox.Maildir(FOLDER / "straight" / f"u{number}@example.org") for number in range(mails)]

    def send() -> None:
        for number, box in enumerate(boxes):
            said = context(number)
            mail = EmailMessage()
            headers(mail, number)
            mail.set_content(TEXT.render(said))
            mail.add_alternative(premailer.transform(PAGE.render(said)), subtype="html")
            box.add(mail.as_bytes(policy=SMTP))

    return timed(send)


def least(mails: int) -> tuple[float, float]:
    for number in range(mails):
        for part in ("tmp", "new"):
            (FOLDER / "least" / f"u{number}@example.org" / part).mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(FOLDER / "least.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, recipient TEXT, raw BLOB)")

    def send() -> None:
        for number in range(mails):
            said = context(number)
            mail = MIMEMultipart("alternative")
            headers(mail, number)
            mail.attach(MIMEText(TEXT.render(said), "plain", UTF8))  # type: ignore[arg-type]  # as documented
            mail.attach(MIMEText(INLINER.inline(PAGE.render(said)), "html", UTF8))  # type: ignore[arg-type]  # as above
            raw = mail.as_bytes(policy=WIRE)
            db.execute("INSERT INTO outbox (recipient, raw) VALUES (?, ?)", [f"u{number}@example.org", raw])
            hand_over(FOLDER / "least" / f"u{number}@example.org", raw)

    spent = timed(send)
    db.close()
    return spent


def hand_over(box: Path, raw: bytes) -> None:
    name = f"{next(numbers)}"
    with (box / "tmp" / name).open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    (box / "tmp" / name).rename(box / "new" / name)
    folder = os.open(box / "new", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


serve({"straight": straight, "least": least})
