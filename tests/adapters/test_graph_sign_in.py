"""Signing in to Microsoft 365: secrets, device codes, tokens that rotate."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assistant.adapters.graph import GraphCalendar, GraphMail, sign_in

from assistant.errors import (
    AssistantError,
    Unauthorized,
    Unavailable,
)
from tests.adapters.graph_worlds import (
    OPTIONS,
    GraphMailWorld,
    mail_world,
)
from tests.contract.mail_contract import BOT, follow, letter, outgoing, subjects
from tests.fakes.loopback import session


@pytest.fixture
def post(tmp_path: Path) -> Iterator[GraphMailWorld]:
    yield from mail_world(tmp_path)


# sign-in


def test_a_token_that_expired_early_is_renewed_once(post: GraphMailWorld) -> None:
    cursor = post.mail.fetch(None).cursor
    post.fake.tokens.clear()
    post.arrive(letter("one"))
    assert subjects(follow(post.mail, cursor)) == ["one"]


def test_a_wrong_secret_is_unauthorized(tmp_path: Path, post: GraphMailWorld) -> None:
    mail = GraphMail(tmp_path, BOT, session=session(post.fake.port), **OPTIONS | {"secret": "wrong"})
    with pytest.raises(Unauthorized, match="invalid_client") as caught:
        mail.fetch(None)
    assert caught.value.__cause__ is not None
    assert "wrong" not in str(caught.value)


def test_a_sign_in_service_that_is_down_is_unavailable(post: GraphMailWorld) -> None:
    post.fake.sign_in_error = "temporarily_unavailable"
    with pytest.raises(Unavailable):
        post.mail.fetch(None)


def test_the_secret_is_read_from_where_it_is(tmp_path: Path, post: GraphMailWorld) -> None:
    path = tmp_path / "secret"
    rest = {name: value for name, value in OPTIONS.items() if name != "secret"}
    mail = GraphMail(tmp_path, BOT, session=session(post.fake.port), secret_file=str(path), **rest)
    with pytest.raises(Unauthorized, match="cannot be read"):
        mail.fetch(None)
    path.write_text("right\n")
    mail.fetch(None)
    os.environ["GRAPH_TEST_SECRET"] = "right"
    try:
        GraphMail(tmp_path, BOT, session=session(post.fake.port), secret_env="GRAPH_TEST_SECRET", **rest).fetch(None)
    finally:
        del os.environ["GRAPH_TEST_SECRET"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"tenant": "t1", "client_id": "c", "base": "http://graph.example"}, "https"),
        ({"tenant": "t1", "client_id": "c", "secret": "x", "secret_env": "Y"}, "one of"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, given: dict[str, Any], word: str) -> None:
    with pytest.raises(AssistantError, match=word):
        GraphMail(tmp_path, BOT, **given)


DELEGATED = {name: OPTIONS[name] for name in ("tenant", "client_id")}


def test_a_delegated_sign_in_is_kept_and_rotated(tmp_path: Path, post: GraphMailWorld) -> None:
    """Each refresh token works once: the new one is on disk, readable by its owner alone, before it is needed."""
    http = session(post.fake.port)
    mail = GraphMail(tmp_path, BOT, session=http, **DELEGATED)
    with pytest.raises(Unauthorized, match="connect graph"):
        mail.fetch(None)
    flow = sign_in(tmp_path, http, **DELEGATED).begin()
    assert flow["user_code"] == "ABCD-EFGH"
    sign_in(tmp_path, http, **DELEGATED).finish(flow)
    mail.fetch(None)
    (path,) = (tmp_path / "tokens").iterdir()
    calendar = GraphCalendar(tmp_path, BOT, session=http, **DELEGATED)
    for adapter in (mail.fetch, calendar.changes, mail.fetch, calendar.changes):
        post.fake.tokens.clear()
        adapter(None)
        assert post.fake.refresh in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_revoked_sign_in_is_unauthorized(tmp_path: Path, post: GraphMailWorld) -> None:
    http = session(post.fake.port)
    delegated = sign_in(tmp_path, http, **DELEGATED)
    delegated.finish(delegated.begin())
    post.fake.refresh = "revoked"
    post.fake.tokens.clear()
    with pytest.raises(Unauthorized, match="invalid_grant"):
        GraphMail(tmp_path, BOT, session=http, **DELEGATED).fetch(None)


def test_a_damaged_sign_in_is_unauthorized(tmp_path: Path, post: GraphMailWorld) -> None:
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "graph-client.json").write_text("{torn")
    with pytest.raises(Unauthorized, match="connect graph"):
        GraphMail(tmp_path, BOT, session=session(post.fake.port), **DELEGATED).fetch(None)


def test_no_token_is_ever_logged(tmp_path: Path, post: GraphMailWorld, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    http = session(post.fake.port)
    delegated = sign_in(tmp_path, http, **DELEGATED)
    delegated.finish(delegated.begin())
    mail = GraphMail(tmp_path, BOT, session=http, **DELEGATED)
    mail.send(outgoing("prompt"))
    post.fake.tokens.clear()
    post.fake.refresh = "revoked"
    with pytest.raises(Unauthorized):
        mail.fetch(None)
    said = caplog.text + repr(vars(mail))
    assert [word for word in ("token-1", "refresh-1", "device-1") if word in said] == []


def test_nothing_of_microsoft_is_imported_before_it_is_used() -> None:
    code = "import sys, assistant.adapters.graph; print(sorted({'msal', 'requests', 'urllib3'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
