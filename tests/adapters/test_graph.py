"""Microsoft Graph's adapters against a fake that checks them by Graph's own metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from assistant.adapters.graph import GraphMail
from requests.adapters import HTTPAdapter

from assistant.errors import (
    Conflict,
    CursorExpired,
    NotFound,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
)
from tests.adapters.graph_worlds import OPTIONS, GraphMailWorld, failure, mail_world
from tests.adapters.organisation import OrganisationMail, one_mail_arrives
from tests.contract.mail_contract import ANA, BOT, follow, letter, outgoing, subjects
from tests.fakes.loopback import Answer, Fault


class TestGraphMail(OrganisationMail):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[GraphMailWorld]:
        yield from mail_world(tmp_path)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[GraphMailWorld]:
    yield from mail_world(tmp_path)


# mail: what was lost on the way


@pytest.mark.parametrize(
    "answer",
    [None, failure(503), failure(504, "GatewayTimeout"), failure(429, "TooManyRequests")],
    ids=["cut", "503", "504", "429"],
)
@pytest.mark.parametrize("crash", [False, True])
@pytest.mark.parametrize("rewritten", [False, True])
@pytest.mark.parametrize("step", ["draft", "mark", "send"])
@pytest.mark.parametrize("after", [False, True])
def test_a_lost_answer_makes_no_second_mail(
    post: GraphMailWorld, answer: Answer | None, crash: bool, rewritten: bool, step: str, after: bool
) -> None:
    """At each step of sending, before and after the work, with and without a crash in between."""
    post.fake.rewrite_ids = rewritten
    one_mail_arrives(post, step, answer, after=after, crash=crash)


def test_a_mail_deleted_between_list_and_fetch_is_passed_over(post: GraphMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    post.arrive(letter("one"))
    post.arrive(letter("two"))
    post.fake.faults.append(Fault("/$value", answer=failure(404, "ErrorItemNotFound")))
    assert len(list(follow(post.mail, cursor))) == 1


def test_a_page_that_fails_is_fetched_again(post: GraphMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    for number in range(120):
        post.arrive(letter(f"n{number}"))
    first = post.mail.fetch(cursor)
    post.fake.faults.append(Fault("/$value", answer=failure(503), times=3))
    with pytest.raises(Unavailable):
        post.mail.fetch(first.cursor)
    rest = subjects(follow(post.mail, first.cursor))
    assert {*subjects(list(first.mails)), *rest} == {f"n{number}" for number in range(120)}


def test_mails_are_fetched_several_at_once_but_four_at_most(post: GraphMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    for number in range(40):
        post.arrive(letter(f"n{number}"))
    post.fake.delay = 0.01
    post.mail.fetch(cursor)
    assert 1 < post.fake.highest <= 4


def test_a_cursor_of_another_server_gets_no_token(post: GraphMailWorld) -> None:
    asked = len(post.fake.requests)
    for link in ("https://evil.example/v1.0/users/x", "https://graph.microsoft.com.evil.example/v1.0/x", "http://x/"):
        with pytest.raises(CursorExpired):
            post.mail.fetch(json.dumps({"graph": link}))
    assert len(post.fake.requests) == asked


@pytest.mark.parametrize(
    ("stamp", "vouched"),
    [
        ("X-MS-Exchange-Organization-AuthAs: Internal", ANA),
        ("X-MS-Exchange-Organization-AuthAs: Anonymous", None),
        ("X-MS-Exchange-Organization-AuthAs: Internal\r\nX-MS-Exchange-Organization-AuthAs: Anonymous", None),
        ("Authentication-Results: spf=pass smtp.mailfrom=team.example; dmarc=pass action=none header.from=team.example",
         ANA),
        ("Authentication-Results: dmarc=fail header.from=team.example", ""),
        ("Authentication-Results: mx.evil.example; dmarc=pass header.from=team.example", None),
        ("X-Nothing: here", None),
    ],
)  # fmt: skip
def test_who_vouches_for_the_sender(post: GraphMailWorld, stamp: str, vouched: str | None) -> None:
    """Exchange Online stamps without a name of its own, and mail inside the organisation with one header only."""
    cursor = post.mail.fetch(None).cursor
    post.arrive(f"{stamp}\r\n".encode() + letter("one"))
    (mail,) = follow(post.mail, cursor)
    assert mail.vouched == vouched


def test_two_senders_are_vouched_for_by_nobody(post: GraphMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    post.arrive(b"X-MS-Exchange-Organization-AuthAs: Internal\r\nFrom: ben@team.example\r\n" + letter("one"))
    (mail,) = follow(post.mail, cursor)
    assert mail.vouched is None


# the six errors


CAUSES: list[tuple[int, str, type[ProviderError]]] = [
    (401, "InvalidAuthenticationToken", Unauthorized),
    (403, "ErrorAccessDenied", Unauthorized),
    (403, "Authorization_RequestDenied", Unauthorized),
    (404, "ErrorItemNotFound", NotFound),
    (404, "MailboxNotEnabledForRESTAPI", NotFound),
    (400, "ErrorInvalidMailboxItemId", NotFound),
    (409, "ErrorIrresolvableConflict", Conflict),
    (412, "", Conflict),
    (410, "syncStateNotFound", CursorExpired),
    (410, "", CursorExpired),
    (400, "SyncStateInvalid", CursorExpired),
    (400, "ErrorInvalidRecipients", Rejected),
    (413, "", Rejected),
    (422, "Whatever", Rejected),
    (429, "ApplicationThrottled", Unavailable),
    (429, "ErrorSubmissionQuotaExceeded", Unavailable),
    (500, "InternalServerError", Unavailable),
    (504, "UnknownError", Unavailable),
    (503, "", Unavailable),
    (507, "ErrorQuotaExceeded", Unavailable),
    (403, "ErrorQuotaExceeded", Unavailable),
    (404, "ErrorMailboxMoveInProgress", Unavailable),
]


@pytest.mark.parametrize(("status", "code", "error"), CAUSES, ids=lambda value: str(getattr(value, "__name__", value)))
def test_each_error_on_its_cause(post: GraphMailWorld, status: int, code: str, error: type[ProviderError]) -> None:
    """With the library's own as its cause, a sentence for people, and nothing of what was sent or answered."""
    post.fake.faults.append(Fault("/messages", "POST", failure(status, code), times=2))
    with pytest.raises(ProviderError) as caught:
        post.mail.send(outgoing("prompt"))
    assert type(caught.value) is error
    assert isinstance(caught.value.__cause__, requests.HTTPError)
    assert str(status) in str(caught.value)
    for secret in ("token-", "secret-content", "prompt", "right"):
        assert secret not in str(caught.value)


def test_the_mail_that_is_rejected_is_rejected_alone(post: GraphMailWorld) -> None:
    post.fake.faults.append(Fault("/send", answer=failure(400, "ErrorInvalidRecipients")))
    with pytest.raises(Rejected):
        post.mail.send(outgoing("bad"))
    post.mail.send(outgoing("good"))
    assert subjects(list(follow(post.mail, ""))) == []
    assert len(post.inbox(ANA)) == 1


def test_retry_after_may_be_a_date(post: GraphMailWorld) -> None:
    later = "Mon, 02 Nov 2026 07:00:30 GMT"
    post.fake.faults.append(Fault("/v1.0/", answer=failure(503, "", Retry_After=later)))
    with pytest.raises(Unavailable) as caught:
        post.mail.fetch(None)
    assert caught.value.retry_after == pytest.approx(30)


class _Broken(HTTPAdapter):
    def __init__(self, error: requests.RequestException) -> None:
        super().__init__()
        self._error = error

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        raise self._error


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (requests.exceptions.SSLError("hostname mismatch"), "certificate"),
        (requests.ConnectTimeout("slow"), "time"),
        (requests.ReadTimeout("slow"), "time"),
        (requests.ConnectionError("Name or service not known"), "DNS"),
        (requests.exceptions.ChunkedEncodingError("torn"), "reached"),
    ],
)
def test_a_network_that_fails_is_unavailable(tmp_path: Path, error: requests.RequestException, word: str) -> None:
    broken = requests.Session()
    broken.mount("https://", _Broken(error))
    mail = GraphMail(tmp_path, BOT, session=broken, **OPTIONS)
    with pytest.raises(Unavailable, match=word) as caught:
        mail.fetch(None)
    assert caught.value.__cause__ is error
