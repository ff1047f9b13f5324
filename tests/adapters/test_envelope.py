"""Only what a trusted server wrote, and only what can be read in one way, is believed."""

from __future__ import annotations

import time

import pytest
from assistant.adapters.envelope import headers, own_recipient, vouched_sender

BOT = "bot@team.example"
GMAIL = (
    "mx.google.com;\r\n dkim=pass header.i=@team.example header.s=s1 header.b=abc;\r\n"
    " spf=pass (google.com: domain of ana@team.example designates 192.0.2.1; x) smtp.mailfrom=a@team.example;"
    "\r\n dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=team.example"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=team.example; dkim=pass (signature was verified)"
    " header.d=team.example;dmarc=pass action=none header.from=team.example;compauth=pass reason=100"
)


def mail(*fields: str, sender: str = "Ana <ana@team.example>") -> bytes:
    return "\r\n".join([*fields, f"From: {sender}", "", "From: evil@evil.example"]).encode()


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (["Delivered-To: bot+k7@team.example", "To: bot@team.example"], "bot+k7@team.example"),
        (["X-Original-To: BOT+K7@Team.Example"], "bot+k7@team.example"),
        (["Envelope-To: <bot+k7@team.example>"], "bot+k7@team.example"),
        (["Delivered-To: bot@team.example", "Delivered-To: bot+forged@team.example"], BOT),
        (["To: Bot <bot+k7@team.example>, ben@team.example"], "bot+k7@team.example"),
        (["Cc: x@y,", " bot+k7@team.example"], "bot+k7@team.example"),
        (["To: robot+k7@team.example"], None),
        (["To: bot+k7@team.example.evil.example"], None),
        (["To: bot+k7@evil.example"], None),
        (["Subject: bot+k7@team.example"], None),
    ],
)
def test_the_recipient_is_the_one_on_the_envelope(fields: list[str], found: str | None) -> None:
    assert own_recipient(headers(mail(*fields)), BOT, "+") == found


def test_without_tags_a_tagged_address_is_somebody_elses() -> None:
    assert own_recipient(headers(mail("To: bot+k7@team.example")), BOT, None) is None


@pytest.mark.parametrize("stamp", [GMAIL, MICROSOFT])
def test_what_big_hosts_write_is_understood(stamp: str) -> None:
    known = ["mx.google.com"] if stamp == GMAIL else [""]
    assert vouched_sender(headers(mail(f"Authentication-Results: {stamp}")), known) == "ana@team.example"


PASS = "mx.own.example; dmarc=pass header.from=team.example"


@pytest.mark.parametrize(
    ("stamps", "sender"),
    [
        pytest.param([PASS.replace("own", "evil")], "ana@team.example", id="another server"),
        pytest.param([PASS, PASS], "ana@team.example", id="two of one name"),
        pytest.param([PASS.replace("pass", "none")], "ana@team.example", id="nothing published"),
        pytest.param([PASS.replace("team", "evil")], "ana@team.example", id="another domain"),
        pytest.param([f"{PASS}; dmarc=fail header.from=team.example"], "ana@team.example", id="two results"),
        pytest.param(["mx.own.example; spf=pass smtp.mailfrom=team.example"], "ana@team.example", id="no DMARC"),
        pytest.param(
            ["mx.own.example; spf=pass smtp.mailfrom=(a;dmarc=pass header.from=team.example)"],
            "ana@team.example",
            id="in a comment",
        ),
        pytest.param(
            ['mx.own.example; spf=pass smtp.mailfrom="a;dmarc=pass header.from=team.example"@x'],
            "ana@team.example",
            id="in a quoted string",
        ),
        pytest.param([f"{PASS} (unclosed"], "ana@team.example", id="comment not closed"),
        pytest.param([f'{PASS} "unclosed'], "ana@team.example", id="string not closed"),
        pytest.param([PASS], "ana@team.example, eve@team.example", id="two senders"),
        pytest.param([PASS], "ana@team.example <eve@team.example>", id="an address as name"),
        pytest.param([PASS], "Ana <eve@evil.example> <ana@team.example>", id="two in brackets"),
        pytest.param([PASS], "Ana", id="no address"),
        pytest.param([PASS], "Ana <ana@team.example\x00>", id="control character"),
    ],
)
def test_anything_doubtful_is_no_vouching(stamps: list[str], sender: str) -> None:
    raw = mail(*(f"Authentication-Results: {stamp}" for stamp in stamps), sender=sender)
    assert vouched_sender(headers(raw), ["mx.own.example"]) is None


def test_a_failed_check_says_that_somebody_else_sent_it() -> None:
    raw = mail(f"Authentication-Results: {PASS.replace('pass', 'fail')}", sender="ana@team.example")
    assert vouched_sender(headers(raw), ["mx.own.example"]) == ""
    assert vouched_sender(headers(raw), ["mx.another.example"]) is None


def test_a_second_from_is_no_vouching() -> None:
    raw = mail(f"Authentication-Results: {PASS}", "From: eve@evil.example")
    assert vouched_sender(headers(raw), ["mx.own.example"]) is None


def test_nobody_vouches_where_no_server_is_trusted() -> None:
    assert vouched_sender(headers(mail(f"Authentication-Results: {PASS}")), []) is None


def test_a_nameless_stamp_counts_only_on_top() -> None:
    raw = mail("Authentication-Results: mx.evil.example; spf=pass", f"Authentication-Results: {MICROSOFT}")
    assert vouched_sender(headers(raw), [""]) is None


@pytest.mark.parametrize(
    "hostile", ["(" * 100_000, '"' * 99_999, "a=" * 100_000, " =" * 100_000, "<" * 100_000, "\\" * 100_000]
)
def test_hostile_headers_take_no_time(hostile: str) -> None:
    started = time.monotonic()
    head = headers(mail(f"Authentication-Results: mx.own.example; {hostile}", f"To: {hostile}", sender=hostile))
    vouched_sender(head, ["mx.own.example"])
    own_recipient(head, BOT, "+")
    assert time.monotonic() - started < 1
