"""Chat adapters against a server on loopback that answers as the real ones do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from assistant.adapters.slack import SlackChannel
from assistant.adapters.teams import TeamsChannel

from assistant.errors import AssistantError, NotFound, ProviderError, Rejected, Unauthorized, Unavailable
from tests.fakes.loopback import Answer, Fault, Loopback, Request

TEXT = (
    "Product check-ins, Tue 17 Nov\n\nAll 2 have answered.\n\nSam Osei\n  Done        <!channel> ```x``` *b* & [c](d)\n"
)


class Slack(Loopback):
    """``chat.postMessage`` for the channel #product, where a known ``client_msg_id`` posts nothing; ``auth.test``; and
    an incoming webhook, which posts nothing without a text.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, str] = {}
        self.hooked: list[str] = []
        self.scopes = "chat:write"

    def serve(self, request: Request) -> Answer:
        if request.target.startswith("/hooks/"):
            return self._hook(request)
        if request.headers.get("authorization") != "Bearer xoxb-good":
            return said({"ok": False, "error": "invalid_auth"})
        if request.target == "/api/auth.test":
            return said({"ok": True, "user": "ada"}, 200, **{"X-OAuth-Scopes": self.scopes})
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()} or json.loads(request.body)
        if request.target != "/api/chat.postMessage" or form["channel"] != "#product":
            return said({"ok": False, "error": "channel_not_found"})
        self.posts.setdefault(form["client_msg_id"], form["text"])
        return said({"ok": True, "ts": "1.2"})

    def _hook(self, request: Request) -> Answer:
        if request.target != "/hooks/good":
            return Answer(403, b"invalid_token")
        text = json.loads(request.body).get("text")
        if not text:
            return Answer(400, b"no_text")
        self.hooked.append(text)
        return Answer(200, b"ok")


class Workflow(Loopback):
    """The webhook of a workflow: takes adaptive cards of at most 28 KB."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[list[str]] = []

    def serve(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(405)
        if len(request.body) > 28_000:
            return Answer(413)
        (attachment,) = json.loads(request.body)["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        body = attachment["content"]["body"]
        assert all(run["type"] == "TextRun" for block in body for run in block["inlines"])
        self.cards.append(["".join(run["text"] for run in block["inlines"]) for block in body])
        return Answer(202)


def said(answer: object, status: int = 200, **headers: str) -> Answer:
    return Answer(status, json.dumps(answer).encode(), {"Content-Type": "application/json", **headers})


@pytest.fixture
def slack() -> Iterator[Slack]:
    fake = Slack()
    yield fake
    fake.close()


@pytest.fixture
def workflow() -> Iterator[Workflow]:
    fake = Workflow()
    yield fake
    fake.close()


def slack_channel(fake: Slack, token: str = "xoxb-good") -> SlackChannel:
    return SlackChannel(token=token, api_url=f"http://127.0.0.1:{fake.port}/api/")


def teams_channel(fake: Workflow) -> TeamsChannel:
    return TeamsChannel(webhooks={"Product": f"http://127.0.0.1:{fake.port}/hook?sig=secret"}, allow_http=True)


def test_slack_shows_the_text_as_laid_out_and_nothing_in_it_is_markup(slack: Slack) -> None:
    slack_channel(slack).post("#product", TEXT, "k")
    (text,) = slack.posts.values()
    assert text.startswith("Product check-ins, Tue 17 Nov\n```\nAll 2")
    assert text.endswith("\n  Done        &lt;!channel&gt; '''x''' *b* &amp; [c](d)\n```")


def test_a_repeat_is_one_post_for_slack_and_another_key_is_another(slack: Slack) -> None:
    channel = slack_channel(slack)
    for key in ("a", "a", "b"):
        channel.post("#product", TEXT, key)
    assert len(slack.posts) == 2


def test_what_slack_says_it_has_already_counts_as_posted(slack: Slack) -> None:
    slack.faults.append(Fault(answer=said({"ok": False, "error": "duplicate_message_not_allowed"})))
    slack_channel(slack).post("#product", TEXT, "k")


@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        (said({"ok": False, "error": "token_revoked"}), Unauthorized, None),
        (said({"ok": False, "error": "not_in_channel"}), NotFound, None),
        (said({"ok": False, "error": "msg_too_long"}), Rejected, None),
        (said({"ok": False, "error": "internal_error"}), Unavailable, None),
        (said({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "30"}), Unavailable, 30),
        (Answer(503, b"<html>"), Unavailable, None),
        (Answer(200, b"<html>"), ProviderError, None),
        (None, Unavailable, None),
    ],
)
def test_what_slack_refuses_is_told_in_our_words(
    slack: Slack, answer: Answer | None, error: type[ProviderError], wait: float | None
) -> None:
    slack.faults.append(Fault(answer=answer))
    with pytest.raises(error) as raised:
        slack_channel(slack).post("#product", TEXT, "k")
    assert getattr(raised.value, "retry_after", None) == wait
    assert "xoxb" not in str(raised.value)


def test_the_token_of_slack_is_read_anew_each_time(slack: Slack, tmp_path: Path) -> None:
    file = tmp_path / "token"
    channel = SlackChannel(token_file=file, api_url=f"http://127.0.0.1:{slack.port}/api/")
    with pytest.raises(Unauthorized):
        channel.post("#product", TEXT, "k")
    file.write_text("xoxb-good\n")
    channel.post("#product", TEXT, "k")
    assert slack.posts


@pytest.mark.parametrize("given", [{}, {"token": "a", "token_env": "B"}])
def test_slack_wants_one_token_or_webhooks(given: dict[str, str]) -> None:
    with pytest.raises(AssistantError, match="exactly one"):
        SlackChannel(**given)


def hooked(fake: Slack, name: str = "good", **more: Any) -> SlackChannel:
    return SlackChannel(webhooks={"#product": f"http://127.0.0.1:{fake.port}/hooks/{name}"}, allow_http=True, **more)


def test_slack_posts_by_webhook_where_the_channel_has_one_and_else_by_token(slack: Slack) -> None:
    channel = hooked(slack, token="xoxb-good", api_url=f"http://127.0.0.1:{slack.port}/api/")
    channel.post("#product", TEXT, "k")
    (text,) = slack.hooked
    assert text.startswith("Product check-ins, Tue 17 Nov\n```\nAll 2") and "&lt;!channel&gt;" in text
    assert not slack.posts
    with pytest.raises(NotFound, match="channel_not_found"):
        channel.post("#design", TEXT, "k")
    with pytest.raises(NotFound, match="no webhook"):
        hooked(slack).post("#design", TEXT, "k")


@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        (Answer(403, b"invalid_token"), Unauthorized, None),
        (Answer(404, b"no_service"), NotFound, None),
        (Answer(410, b"channel_is_archived"), NotFound, None),
        (Answer(400, b"invalid_payload"), Rejected, None),
        (Answer(429, headers={"Retry-After": "7"}), Unavailable, 7),
        (Answer(503), Unavailable, None),
        (None, Unavailable, None),
    ],
)
def test_what_a_webhook_of_slack_refuses_is_told_without_its_address(
    slack: Slack, answer: Answer | None, error: type[ProviderError], wait: float | None
) -> None:
    slack.faults.append(Fault(answer=answer))
    with pytest.raises(error) as raised:
        hooked(slack).post("#product", TEXT, "k")
    assert getattr(raised.value, "retry_after", None) == wait
    assert "hooks/" not in f"{raised.value}{raised.value.__cause__}"


def test_trying_a_channel_posts_nothing_and_says_what_is_wrong(slack: Slack, workflow: Workflow) -> None:
    assert "token is good" in slack_channel(slack).check("#product")
    assert "known" in hooked(slack).check("#product")
    assert "answers" in teams_channel(workflow).check("Product")
    assert not slack.posts and not slack.hooked and not workflow.cards
    with pytest.raises(Unauthorized, match="invalid_auth"):
        slack_channel(slack, "xoxb-old").check("#product")
    with pytest.raises(Unauthorized, match="403"):
        hooked(slack, "revoked").check("#product")
    slack.scopes = "channels:read"
    with pytest.raises(Unauthorized, match="chat:write"):
        slack_channel(slack).check("#product")
    workflow.faults.append(Fault(answer=Answer(401)))
    with pytest.raises(Unauthorized):
        teams_channel(workflow).check("Product")


def test_more_posts_than_the_account_allows_wait_for_their_turn(slack: Slack) -> None:
    channel = SlackChannel(token="xoxb-good", api_url=f"http://127.0.0.1:{slack.port}/api/", per_minute=2)
    for key in ("a", "b"):
        channel.post("#product", TEXT, key)
    with pytest.raises(Unavailable, match="goes on by itself") as raised:
        channel.post("#product", TEXT, "c")
    assert raised.value.retry_after is not None and 20 < raised.value.retry_after <= 30
    assert len(slack.posts) == 2


def test_teams_gets_a_card_of_the_lines_as_they_are(workflow: Workflow) -> None:
    teams_channel(workflow).post("Product", TEXT, "k")
    (lines,) = workflow.cards
    assert lines[0] == "Product check-ins, Tue 17 Nov"
    assert lines[-1].replace("\N{NO-BREAK SPACE}", " ") == "  Done        <!channel> ```x``` *b* & [c](d)"


@pytest.mark.parametrize("text", ["line öß\n" * 4000, "x" * 60_000, "\U0001f600 " * 20_000, "\n" * 900 + "x" * 30_000])
def test_what_is_too_long_for_teams_is_cut(workflow: Workflow, text: str) -> None:
    teams_channel(workflow).post("Product", "Title\n" + text, "k")
    (lines,) = workflow.cards
    assert (lines[0], lines[-1][-1]) == ("Title", "…")


@pytest.mark.parametrize(
    ("answer", "error", "wait"),
    [
        (Answer(401), Unauthorized, None),
        (Answer(404), NotFound, None),
        (Answer(400), Rejected, None),
        (Answer(302, headers={"Location": "http://127.0.0.1:9/"}), Rejected, None),
        (Answer(429, headers={"Retry-After": "12"}), Unavailable, 12),
        (Answer(502), Unavailable, None),
        (None, Unavailable, None),
    ],
)
def test_what_teams_refuses_is_told_without_the_address_of_the_webhook(
    workflow: Workflow, answer: Answer | None, error: type[ProviderError], wait: float | None
) -> None:
    workflow.faults.append(Fault(answer=answer))
    with pytest.raises(error) as raised:
        teams_channel(workflow).post("Product", TEXT, "k")
    assert getattr(raised.value, "retry_after", None) == wait
    assert "secret" not in f"{raised.value}{raised.value.__cause__}"


def test_the_webhook_may_be_in_the_environment_and_must_be_https(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = TeamsChannel(webhooks={"Product": "PRODUCT_HOOK"})
    with pytest.raises(Unauthorized, match="not set"):
        channel.post("Product", TEXT, "k")
    monkeypatch.setenv("PRODUCT_HOOK", "http://127.0.0.1:9/")
    with pytest.raises(Unauthorized, match="https"):
        channel.post("Product", TEXT, "k")
    with pytest.raises(NotFound, match="no webhook"):
        channel.post("Design", TEXT, "k")
