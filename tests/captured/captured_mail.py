"""Mail that real programs wrote, and the specifications that the fakes check by: neither is part of this repository.

``make test-captured`` runs these and whatever leans on the specifications. The folder ``shared`` lies beside the
project; where it is absent, all of this fails: a test that looks at nothing shows nothing.
"""

from __future__ import annotations

import base64
import json
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from assistant.inbound.bounce import bounced
from assistant.inbound.classify import classify
from assistant.inbound.message import parse, raw_values, text_of, walk
from assistant.inbound.reply import visible_reply
from tests.inbound.test_message import everything
from tests.inbound.test_reply import flat, mail

SHARED = Path(__file__).parents[2].parent / "shared"
MAIL = SHARED / "corpora/mail"
Case = dict[str, Any]


def cases(path: Path) -> list[Case]:
    if not path.is_file():
        pytest.fail(f"{path} is not there: put the captured mail beside the project", pytrace=False)
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def test_captured_mail_is_read_and_keeps_its_text() -> None:
    for case in cases(MAIL / "expected.jsonl"):
        message = parse((MAIL / str(case["file"])).read_bytes())
        everything(message)
        found = "".join(text_of(part) for part in walk(message)) + "".join(raw_values(message, "Subject"))
        kept = " ".join(found.encode("ascii", "ignore").decode().split())
        for text in case["keep"]:
            assert " ".join(str(text).encode("ascii", "ignore").decode().split()) in kept, case["id"]


def test_captured_mail_is_classed_as_labelled() -> None:
    labelled = [case for case in cases(MAIL / "expected.jsonl") if case["expected"]]
    assert labelled
    for case in labelled:
        message = parse((MAIL / case["file"]).read_bytes())
        assert classify(message) == case["expected"], case["id"]
        if case["expected"] == "bounce":
            found = bounced(message)
            assert found is not None and found.address, case["id"]


def captured(case: Case) -> Message:
    raw = base64.b64decode(str(case["raw"])) if case["base64"] else str(case["raw"]).encode()
    if case["kind"] == "mime":
        return parse(raw)
    name = str(case["sender"] or "Bob").split("<")[0].strip()
    return mail(raw.decode("utf-8", "replace"), case["kind"] == "html", f'"{name}" <bob@x.example>')


def judged(case: Case) -> tuple[bool, bool]:
    """(right, something lost)"""
    reply = visible_reply(captured(case))
    if case["accept"]:
        got = set(" ".join(flat(reply)).split())
        lost = all(set(" ".join(flat(text)).split()) - got for text in case["accept"])
        return flat(reply) in [flat(text) for text in case["accept"]], lost
    lost = not all(text in reply for text in case["must"])
    return not lost and not any(text in reply.split("\n") for text in case["must_not"]), lost


def test_captured_replies_are_cut_right_and_nothing_is_lost() -> None:
    results = {str(case["id"]): judged(case) for case in cases(SHARED / "corpora/replies/cases.jsonl")}
    wrong = [name for name, (right, _) in results.items() if not right]
    lost = [name for name, (_, gone) in results.items() if gone]
    assert len(wrong) <= 0.05 * len(results), wrong
    assert lost == []
