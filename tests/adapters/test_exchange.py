"""Exchange Web Services' adapters against a fake that checks them by Exchange's own XML schemas."""

from __future__ import annotations

import base64
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from assistant.adapters.exchange import ExchangeCalendar, ExchangeMail

from assistant.errors import (
    AssistantError,
    Conflict,
    CursorExpired,
    NotFound,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
)
from tests.adapters.exchange_worlds import ExchangeMailWorld, mail_world
from tests.adapters.organisation import OrganisationMail, one_mail_arrives
from tests.adapters.test_imap_faults import served
from tests.contract.mail_contract import ANA, BOT, letter, outgoing
from tests.fakes.ews import soap_fault
from tests.fakes.loopback import Answer, Fault
from tests.servers.faulty import FaultyImap


class TestExchangeMail(OrganisationMail):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[ExchangeMailWorld]:
        yield from mail_world(tmp_path)


@pytest.mark.parametrize(("host", "says"), [("no-such-host.invalid", "cannot be reached"), ("", "certificate that is")])
def test_who_cannot_be_asked_at_all_is_said_so(tmp_path: Path, host: str, says: str) -> None:
    with closing(FaultyImap(tls=served("elsewhere.example.com", tmp_path))) as other:
        endpoint = f"https://{host or f'127.0.0.1:{other.port}'}/EWS/Exchange.asmx"
        mail = ExchangeMail(tmp_path, BOT, endpoint=endpoint, username="TEAM\\bot", password="sesame")
        with pytest.raises(Unavailable, match=says) as caught:
            mail.fetch(None)
        assert "sesame" not in str(caught.value)


def test_an_authority_of_ones_own_is_trusted_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/connect/exchange.md says; what answers behind that certificate is no Exchange server here."""
    with closing(FaultyImap(tls=served("localhost", tmp_path))) as other:
        endpoint = f"https://localhost:{other.port}/EWS/Exchange.asmx"
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
        mail = ExchangeMail(tmp_path, BOT, endpoint=endpoint, username="TEAM\\bot", password="sesame")
        with pytest.raises(Unavailable, match="broke off"):
            mail.fetch(None)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[ExchangeMailWorld]:
    yield from mail_world(tmp_path)


# mail: what was lost on the way


@pytest.mark.parametrize(
    "answer",
    [None, Answer(503), soap_fault("ErrorServerBusy", 30_000), Answer(200, b"<torn")],
    ids=["cut", "503", "busy", "torn"],
)
@pytest.mark.parametrize("rewritten", [False, True])
@pytest.mark.parametrize("step", ["draft", "look", "send"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_makes_no_second_mail(
    post: ExchangeMailWorld, answer: Answer | None, rewritten: bool, step: str, after: bool
) -> None:
    """At each step of sending, before and after the work."""
    post.fake.rewrite_ids = rewritten
    one_mail_arrives(post, step, answer, after=after, crash=True)  # which also lets the pause pass that was asked for


def test_a_mail_deleted_between_list_and_fetch_is_passed_over(post: ExchangeMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    post.arrive(letter("one"))
    (mail,) = post.fake.store.mails[BOT]
    post.fake.vanishing.add(mail.id)
    assert post.mail.fetch(cursor).mails == []


def test_a_forgotten_list_is_told_with_few_words_too(post: ExchangeMailWorld) -> None:
    """Some servers leave out what comes with an error as a rule."""
    post.fake.bare_errors = True
    cursor = post.mail.fetch(None).cursor
    post.arrive(letter("one"))
    with pytest.raises(CursorExpired):
        post.mail.fetch(post.forgotten(cursor))


# the six errors


CAUSES: list[tuple[str, Answer, type[ProviderError]]] = [
    ("401", Answer(401, b"", {"WWW-Authenticate": "Basic"}), Unauthorized),
    ("ErrorAccessDenied", soap_fault("ErrorAccessDenied"), Unauthorized),
    ("ErrorItemNotFound", soap_fault("ErrorItemNotFound"), NotFound),
    ("ErrorNonExistentMailbox", soap_fault("ErrorNonExistentMailbox"), NotFound),
    ("ErrorIrresolvableConflict", soap_fault("ErrorIrresolvableConflict"), Conflict),
    ("ErrorInvalidSyncStateData", soap_fault("ErrorInvalidSyncStateData"), CursorExpired),
    ("ErrorInvalidRecipients", soap_fault("ErrorInvalidRecipients"), Rejected),
    ("ErrorMessageSizeExceeded", soap_fault("ErrorMessageSizeExceeded"), Rejected),
    ("ErrorPasswordExpired", soap_fault("ErrorPasswordExpired"), Unauthorized),
    ("ErrorSubmissionQuotaExceeded", soap_fault("ErrorSubmissionQuotaExceeded"), Unavailable),
    ("ErrorMailboxFailover", soap_fault("ErrorMailboxFailover"), Unavailable),
    ("ErrorADUnavailable", soap_fault("ErrorADUnavailable"), Unavailable),
    ("ErrorServerBusy", soap_fault("ErrorServerBusy", 7000), Unavailable),
    ("ErrorQuotaExceeded", soap_fault("ErrorQuotaExceeded"), Unavailable),
    ("ErrorMailboxStoreUnavailable", soap_fault("ErrorMailboxStoreUnavailable"), Unavailable),
    ("ErrorInternalServerError", soap_fault("ErrorInternalServerError"), Unavailable),
    ("503", Answer(503), Unavailable),
]


@pytest.mark.parametrize(("name", "answer", "error"), CAUSES, ids=[name for name, _, _ in CAUSES])
def test_each_error_on_its_cause(
    post: ExchangeMailWorld, name: str, answer: Answer, error: type[ProviderError]
) -> None:
    """With the library's own as its cause, a sentence for people, and nothing of what was sent or answered."""
    post.fake.faults.append(Fault("CreateItem", answer=answer, times=20))
    with pytest.raises(ProviderError) as caught:
        post.mail.send(outgoing("prompt"))
    assert type(caught.value) is error
    assert caught.value.__cause__ is not None
    for secret in ("secret-content", "prompt", "sesame", "TEAM"):
        assert secret not in str(caught.value)
    assert len([request for request in post.fake.requests if request.target == "CreateItem"]) == 1, "repeats nothing"


def test_a_wrong_password_is_unauthorized_and_not_tried_twice(post: ExchangeMailWorld) -> None:
    post.options["password"] = "wrong-one"
    post.restart()
    for _ in range(3):
        with pytest.raises(Unauthorized) as caught:
            post.mail.fetch(None)
        assert "wrong-one" not in str(caught.value)
    assert len(post.fake.requests) == 1, "repeating it locks accounts"


@pytest.mark.parametrize("password", ["sesame", "wrong-one"])
def test_ntlm_signs_in_without_telling_the_password(
    tmp_path: Path, post: ExchangeMailWorld, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    users = tmp_path / "users"
    users.write_text("TEAM:bot:sesame\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(users))
    post.fake.ntlm = True
    post.options |= {"auth": "ntlm", "password": password}
    post.restart()
    if password == "sesame":
        post.mail.send(outgoing("prompt"))
        assert len(post.inbox(ANA)) == 1
    else:
        for _ in range(3):
            with pytest.raises(Unauthorized):
                post.mail.fetch(None)
        proofs = [each for each in post.fake.requests if len(each.headers.get("authorization", "")) > 200]
        assert len(proofs) == 1, "repeating it locks accounts"
    assert not [each for each in post.fake.requests if each.headers.get("authorization", "").startswith("Basic")]


def test_a_new_password_counts_at_once(tmp_path: Path, post: ExchangeMailWorld) -> None:
    path = tmp_path / "password"
    path.write_text("wrong-one\n")
    del post.options["password"]
    post.options["password_file"] = str(path)
    post.restart()
    with pytest.raises(Unauthorized):
        post.mail.fetch(None)
    path.write_text("sesame\n")
    post.mail.fetch(None)


@pytest.mark.parametrize(
    "host", ["outlook.office365.com", "OUTLOOK.office365.com", "ps.outlook.com", "outlook.office.com"]
)
def test_exchange_online_is_refused(tmp_path: Path, host: str) -> None:
    for make in (ExchangeMail, ExchangeCalendar):
        with pytest.raises(AssistantError, match="graph"):
            make(tmp_path, BOT, endpoint=f"https://{host}/EWS/Exchange.asmx", username="u", password="p")


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"endpoint": "http://mail.example.com/EWS/Exchange.asmx", "username": "u"}, "https"),
        ({"endpoint": "https://mail.example.com/EWS/Exchange.asmx", "username": "u", "version": "5.5"}, "version"),
        ({"endpoint": "https://mail.example.com/EWS/Exchange.asmx", "username": "u"}, "password"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, given: dict[str, Any], word: str) -> None:
    with pytest.raises(AssistantError, match=word):
        ExchangeMail(tmp_path, BOT, **given)


def test_neither_password_nor_mail_is_ever_logged(post: ExchangeMailWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post.arrive(letter("confidential"))
    post.mail.fetch("")
    post.mail.send(outgoing("confidential"))
    post.fake.faults.append(Fault(answer=Answer(500, b"confidential")))
    with pytest.raises(Unavailable):
        post.mail.fetch("")
    secret = base64.b64encode(b"TEAM\\bot:sesame").decode()
    said = caplog.text + repr(vars(post.mail)) + repr(vars(post.mail._box))
    assert [word for word in ("sesame", secret, "confidential") if word in said] == []


def test_nothing_of_exchangelib_is_imported_before_it_is_used() -> None:
    code = (
        "import sys, assistant.adapters.exchange; print(sorted({'exchangelib', 'lxml', 'requests'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
