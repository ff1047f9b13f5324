"""Google as a whole: signing in, what goes wrong and what is said then, and that nothing loads before it is needed."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from assistant.adapters.google import GoogleCalendar, GoogleMail
from assistant.adapters.google_account import token_path
from assistant.adapters.google_auth import SCOPES, connect
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from assistant.errors import (
    Conflict,
    CursorExpired,
    NotFound,
    ProviderError,
    Rejected,
    Unauthorized,
    Unavailable,
)
from tests.adapters.test_google_mail import FAST, SOON, sign_in
from tests.contract.calendar_contract import MONTH, weekly
from tests.contract.mail_contract import BOT, outgoing
from tests.fakes.google import FakeGoogle

SECRETS = ("refresh-", "access-", "PRIVATE KEY")
ISSUER = "assistant@project.iam.gserviceaccount.com"


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(BOT) as fake:
        fake.granted = set(SCOPES)
        yield fake
    assert fake.violations == []


def mail_of(folder: Path, fake: FakeGoogle, **more: Any) -> GoogleMail:
    return GoogleMail(**{"folder": folder, "address": BOT, "endpoint": fake.root, **FAST, **more})


def calendar_of(folder: Path, fake: FakeGoogle, **more: Any) -> GoogleCalendar:
    return GoogleCalendar(**{"folder": folder, "address": BOT, "endpoint": fake.root, **SOON, **more})


@pytest.fixture(scope="module")
def pair() -> tuple[str, bytes]:
    """A service account's private key and its public one."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public


def service_account(pair: tuple[str, bytes], fake: FakeGoogle) -> str:
    fake.keys[ISSUER] = pair[1]
    key = {"type": "service_account", "client_email": ISSUER, "private_key": pair[0], "private_key_id": "k"}
    return json.dumps({**key, "token_uri": f"{fake.root}token", "project_id": "project"})


# signing in


def test_a_service_account_acts_for_the_mailbox(tmp_path: Path, fake: FakeGoogle, pair: tuple[str, bytes]) -> None:
    """Domain-wide delegation: one subject, and the least scopes."""
    key = tmp_path / "key.json"
    key.write_text(service_account(pair, fake))
    mail_of(tmp_path, fake, key=str(key)).fetch(None)
    claims = fake.sign_ins[-1]["claims"]
    assert claims["sub"] == BOT
    assert set(claims["scope"].split()) == set(SCOPES)


def test_a_key_from_the_environment(
    tmp_path: Path, fake: FakeGoogle, pair: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_KEY", service_account(pair, fake))
    mail_of(tmp_path, fake, key="env:GOOGLE_KEY", subject="robot@team.example").fetch(None)
    assert fake.sign_ins[-1]["claims"]["sub"] == "robot@team.example"


def test_the_scopes_are_enough_for_all_that_is_done(tmp_path: Path, fake: FakeGoogle) -> None:
    """The fake grants these three only, and knows which scopes each method takes."""
    sign_in(tmp_path, fake)
    mail, calendar = mail_of(tmp_path, fake), calendar_of(tmp_path, fake)
    cursor = mail.fetch(None).cursor
    mail.send(outgoing("prompt"))
    assert mail.find_sent(outgoing("prompt"))
    mail.fetch(cursor)
    mail.fetch("")
    with pytest.raises(Rejected):
        mail.send(outgoing("bad", recipient="nonsense"))
    ref = calendar.upsert(weekly(), None)
    calendar.free_busy([BOT], MONTH)
    calendar.recurring([BOT], MONTH)
    calendar.changes(calendar.changes(None).cursor)
    calendar.cancel(weekly(), ref)


def test_a_rotated_token_is_stored_before_it_is_used(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    fake.rotates = True
    mail_of(tmp_path, fake).fetch(None)
    path = token_path(tmp_path, BOT)
    assert json.loads(path.read_text())["refresh_token"] == "refresh-1"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mail_of(tmp_path, fake).fetch(None)
    assert json.loads(path.read_text())["refresh_token"] == "refresh-2"
    assert [item.name for item in path.parent.iterdir()] == [path.name]


class Browser:
    """Somebody who grants what is asked for: the page sends them back to the address that waits on this machine."""

    def open(self, url: str, **_: Any) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': 'x', 'state': asked['state']})}"
        threading.Thread(target=lambda: urlopen(back, timeout=10).close()).start()
        return True


def test_connect_walks_through_the_browser(
    tmp_path: Path, fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = {"client_id": "c", "client_secret": "s", "token_uri": f"{fake.root}token", "auth_uri": f"{fake.root}auth"}
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"installed": client}))
    browser = Browser()
    monkeypatch.setattr("webbrowser.get", lambda *_: browser)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the fake speaks no TLS
    path = connect(tmp_path, BOT, file, prompt="Open {url}")
    assert set(browser.asked["scope"].split()) == set(SCOPES)
    assert (browser.asked["login_hint"], browser.asked["access_type"]) == (BOT, "offline")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "access-" not in path.read_text()
    shown = capsys.readouterr()
    assert not any(secret in shown.out + shown.err for secret in SECRETS)
    assert mail_of(tmp_path, fake).signed_in_as() == BOT


def test_connect_wants_all_scopes_granted(tmp_path: Path, fake: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google lets people untick them one by one."""
    client = {"client_id": "c", "client_secret": "s", "token_uri": f"{fake.root}token", "auth_uri": f"{fake.root}auth"}
    file = tmp_path / "client.json"
    file.write_text(json.dumps({"installed": client}))
    fake.granted = {scope for scope in SCOPES if "gmail" in scope}
    monkeypatch.setattr("webbrowser.get", lambda *_: Browser())
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with pytest.raises(Unauthorized, match="grant all"):
        connect(tmp_path, BOT, file)
    assert not token_path(tmp_path, BOT).exists()


def test_connect_wants_a_lasting_sign_in(tmp_path: Path, fake: FakeGoogle) -> None:
    file = tmp_path / "client.json"
    client = {"client_id": "c", "client_secret": "s", "token_uri": f"{fake.root}token", "auth_uri": f"{fake.root}auth"}
    file.write_text(json.dumps({"installed": client}))

    def browser(**_: Any) -> Any:
        from google.oauth2.credentials import Credentials

        return Credentials("access-0")  # type: ignore[no-untyped-call]  # of the library

    with pytest.raises(Unauthorized, match="no lasting sign-in"):
        connect(tmp_path, BOT, file, run=browser)
    with pytest.raises(Unauthorized, match="Desktop app"):
        connect(tmp_path, BOT, tmp_path / "missing.json")


# what goes wrong


def test_a_revoked_token_is_unauthorized_and_not_tried_in_a_loop(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    mail = mail_of(tmp_path, fake)
    mail.fetch(None)
    fake.revoke()
    for _ in range(5):
        with pytest.raises(Unauthorized, match="assistant connect google") as caught:
            mail.fetch("h:1000")
        assert caught.value.__cause__ is not None
        assert not any(secret in str(caught.value) for secret in SECRETS)
    assert fake.calls.count("token") == 2


def test_the_other_account_goes_on(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    (tmp_path / "other").mkdir()
    sign_in(tmp_path / "other", fake)
    broken, good = mail_of(tmp_path, fake), mail_of(tmp_path / "other", fake)
    fake.fail("token", 400, "invalid_grant")
    with pytest.raises(Unauthorized):
        broken.fetch(None)
    assert good.fetch(None).cursor


def test_a_key_that_was_deleted(tmp_path: Path, fake: FakeGoogle, pair: tuple[str, bytes]) -> None:
    key = tmp_path / "key.json"
    key.write_text(service_account(pair, fake))
    fake.keys.clear()
    with pytest.raises(Unauthorized, match="admin console"):
        mail_of(tmp_path, fake, key=str(key)).fetch(None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        ("", "does not hold JSON"),
        ("[]", "does not hold a JSON object"),
        ('{"client_id": "c", "client_secret": "refresh-secret"}', "has no refresh_token"),
        ('{"refresh_token": "refresh-secret', "does not hold JSON"),
    ],
)
def test_a_token_file_that_cannot_be_used(tmp_path: Path, fake: FakeGoogle, content: str | None, says: str) -> None:
    """Making the account never fails: only its own calls do."""
    if content is not None:
        token_path(tmp_path, BOT).parent.mkdir()
        token_path(tmp_path, BOT).write_text(content)
    mail = mail_of(tmp_path, fake)
    with pytest.raises(Unauthorized, match=says) as caught:
        mail.fetch(None)
    error: BaseException | None = caught.value
    while error is not None:
        assert "secret" not in f"{error!r} {getattr(error, 'doc', '')}"
        error = error.__cause__


def test_a_key_file_that_is_none(tmp_path: Path, fake: FakeGoogle) -> None:
    key = tmp_path / "key.json"
    key.write_text('{"type": "service_account", "private_key": "PRIVATE KEY"}')
    with pytest.raises(Unauthorized, match="not the key of a Google service account") as caught:
        calendar_of(tmp_path, fake, key=str(key)).changes(None)
    assert "PRIVATE KEY" not in str(caught.value)


def test_an_environment_variable_that_is_not_set(tmp_path: Path, fake: FakeGoogle) -> None:
    with pytest.raises(Unauthorized, match="GOOGLE_NOWHERE is not set"):
        mail_of(tmp_path, fake, token="env:GOOGLE_NOWHERE").fetch(None)


def test_a_missing_scope_is_named(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    fake.granted = {scope for scope in SCOPES if "gmail" in scope}
    mail_of(tmp_path, fake).fetch(None)
    with pytest.raises(Unauthorized, match="a scope is missing"):
        calendar_of(tmp_path, fake).changes(None)


def test_an_unknown_host(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    with pytest.raises(Unavailable, match="cannot be reached"):
        mail_of(tmp_path, fake, endpoint="http://nowhere.invalid/").fetch(None)


PROFILE = "gmail.users.getProfile"
HISTORY = "gmail.users.history.list"


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (400, "invalidArgument", Rejected),
        (400, "failedPrecondition", Unauthorized),
        (401, "authError", Unauthorized),
        (403, "rateLimitExceeded", Unavailable),
        (403, "userRateLimitExceeded", Unavailable),
        (403, "quotaExceeded", Unavailable),
        (403, "insufficientPermissions", Unauthorized),
        (403, "accessNotConfigured", Unauthorized),
        (403, "domainPolicy", Unauthorized),
        (403, "notACalendarUser", Unauthorized),
        (403, "forbidden", Rejected),
        (404, "notFound", NotFound),
        (408, "timeout", Unavailable),
        (409, "duplicate", Conflict),
        (410, "deleted", NotFound),
        (412, "conditionNotMet", Conflict),
        (413, "uploadTooLarge", Rejected),
        (429, "rateLimitExceeded", Unavailable),
        (500, "backendError", Unavailable),
        (503, "backendError", Unavailable),
        (-1, "", Unavailable),
    ],
)
def test_each_error_on_its_cause(
    tmp_path: Path, fake: FakeGoogle, status: int, reason: str, expected: type[ProviderError]
) -> None:
    sign_in(tmp_path, fake)
    fake.fail(PROFILE, status, reason, times=5, message="about ana@team.example")
    with pytest.raises(ProviderError) as caught:
        mail_of(tmp_path, fake).fetch(None)
    assert type(caught.value) is expected
    assert caught.value.__cause__ is not None
    assert "ana" not in str(caught.value)


def test_lost_history_expires_the_cursor(tmp_path: Path, fake: FakeGoogle) -> None:
    sign_in(tmp_path, fake)
    fake.fail(HISTORY, 404, "notFound")
    with pytest.raises(CursorExpired):
        mail_of(tmp_path, fake).fetch("h:1000")


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"Retry-After": "17"}, "", 17),
        ({"Retry-After": "Fri, 30 Oct 2026 08:01:30 GMT"}, "", 90),
        ({}, "User-rate limit exceeded.  Retry after 2026-10-30T08:05:00.000Z", 300),
        ({}, "User-rate limit exceeded.", None),
        ({"Retry-After": "soon"}, "Retry after 2026-99-99T00:00:00Z", None),
    ],
)
def test_how_long_google_wants_to_be_left_alone(
    tmp_path: Path, fake: FakeGoogle, headers: dict[str, str], message: str, seconds: float | None
) -> None:
    sign_in(tmp_path, fake)
    mail = mail_of(tmp_path, fake)
    for _ in range(2):
        fake.fail(PROFILE, 429, "rateLimitExceeded", headers=headers, message=message)
    with pytest.raises(Unavailable) as caught:
        mail.fetch(None)
    assert caught.value.retry_after == seconds
    calls = len(fake.calls)
    with pytest.raises(Unavailable):
        mail.fetch(None)
    assert (len(fake.calls) == calls) is (seconds is not None)


def test_the_fake_catches_what_google_would_refuse(fake: FakeGoogle) -> None:
    """A check of the check: each of these must be a violation."""
    from google.auth.credentials import AnonymousCredentials
    from googleapiclient.discovery import build_from_document  # type: ignore[import-untyped]  # it ships no types
    from googleapiclient.errors import HttpError  # type: ignore[import-untyped]  # as above

    def service(api: str) -> Any:
        document = {**fake.apis[api].document, "rootUrl": fake.root, "baseUrl": fake.root}
        return build_from_document(document, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]  # of the library

    with service("gmail") as g, service("calendar") as c:
        for request in (
            c.events().patch(calendarId="primary", eventId="abcde", body={"sumary": "x"}),
            c.events().insert(calendarId="primary", body={"end": {"date": "2026-12-02"}}),
            c.events().list(calendarId="primary", timeMin="2026-12-01T00:00:00"),
            c.events().patch(calendarId="primary", eventId="abcde", body={"attendees": {}}),
            g.users().drafts().create(userId="me", body={"message": {"raw": "ab+/"}}),
            g.users().watch(userId="me", body={"topicName": "t", "labelIds": "INBOX"}),
        ):
            with pytest.raises(HttpError):
                request.execute()
    assert len(fake.violations) == 6
    fake.violations.clear()


# lazily


@pytest.mark.parametrize("make", ["", "assert not loaded(); GoogleMail(folder='.', address='bot@team.example')"])
def test_google_s_libraries_load_with_the_first_account(make: str) -> None:
    code = f"""
import sys
from assistant.adapters.google import GoogleMail
def loaded():
    return [name for name in sys.modules if name.split('.')[0] in ('google', 'googleapiclient', 'httplib2')]
{make}
print(bool(loaded()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == str(bool(make))
