"""The first sign-in to Exchange, Slack and Teams, and secrets that stay where they are."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant.adapters.exchange import ExchangeMail
from assistant.adapters.exchange_connect import connect as connect_exchange
from assistant.adapters.graph_connect import connect as connect_graph
from assistant.adapters.slack import SlackChannel
from assistant.adapters.slack_connect import connect as connect_slack
from assistant.adapters.teams import TeamsChannel
from assistant.adapters.teams_connect import connect as connect_teams

from tests.adapters.exchange_worlds import mail_world as exchange_world
from tests.adapters.graph_worlds import OPTIONS
from tests.adapters.graph_worlds import mail_world as graph_world
from tests.adapters.test_chats import Slack, Workflow
from tests.contract.mail_contract import BOT
from tests.fakes.loopback import session
from tests.terminal import Terminal


def is_private(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def slack() -> Iterator[object]:
    fake = Slack()
    yield fake
    fake.close()


@pytest.fixture
def workflow() -> Iterator[object]:
    fake = Workflow()
    yield fake
    fake.close()


def test_connect_exchange_refuses_exchange_online_asks_anew_and_keeps_what_worked(tmp_path: Path) -> None:
    for world in exchange_world(tmp_path):
        online = ("https://outlook.office365.com/EWS/Exchange.asmx", "", "basic", "sesame")
        person = Terminal(*online, world.fake.url, "TEAM\\bot", "basic", "not-this-one", "", "", "basic", "sesame")
        options = connect_exchange(tmp_path, BOT, person.ask, person.say)
        said = "\n".join(person.said)
        assert "use `graph` for it" in said and "UnauthorizedError" in said and "Signed in" in said
        assert "sesame" not in said and "not-this-one" not in said
        assert "free/busy of the organisation: see when people are free" in said
        kept = Path(options["password_file"])
        assert kept == tmp_path / "exchange-password" and kept.read_text() == "sesame\n" and is_private(kept)
        again = {name: value for name, value in options.items() if name not in ("mail", "calendar")}
        ExchangeMail(tmp_path, BOT, **again).fetch(None)


def test_connect_slack_by_token_says_why_each_scope_is_asked_and_posts_nothing(tmp_path: Path, slack: Slack) -> None:
    url = f"http://127.0.0.1:{slack.port}/api/"
    person = Terminal("token", "xoxb-bad", "#product", "token", "xoxb-good", "#product")
    options = connect_slack(tmp_path, BOT, person.ask, person.say, api_url=url)
    said = "\n".join(person.said)
    assert "chat:write (by token): post into the channels" in said and "refuses the token (invalid_auth)" in said
    assert "xoxb" not in said and person.secret == ["xoxb-bad", "xoxb-good"]
    assert options == {"channel": "slack", "token_file": "slack-token"} and is_private(tmp_path / "slack-token")
    assert not slack.posts
    SlackChannel(token_file="slack-token", folder=tmp_path, api_url=url).post("#product", "Hello", "k")
    assert slack.posts


def test_connect_slack_names_the_scope_that_the_token_lacks(tmp_path: Path, slack: Slack) -> None:
    slack.scopes = "channels:read,incoming-webhook"
    person = Terminal("token", "xoxb-good", "#product")
    with pytest.raises(IndexError):  # nobody answers a second time
        connect_slack(tmp_path, BOT, person.ask, person.say, api_url=f"http://127.0.0.1:{slack.port}/api/")
    assert "lacks the scope chat:write" in "\n".join(person.said)
    assert not (tmp_path / "slack-token").exists()


def test_connect_slack_by_webhooks_tries_each_and_keeps_each_in_a_file_of_its_own(tmp_path: Path, slack: Slack) -> None:
    good, bad = (f"http://127.0.0.1:{slack.port}/hooks/{name}" for name in ("good", "revoked"))
    person = Terminal("webhook", "#product", good, "#design", bad, "#design", good, "")
    options = connect_slack(tmp_path, BOT, person.ask, person.say, allow_http=True)
    assert options["webhooks"] == {
        "#product": "file:slack-webhook-1-product",
        "#design": "file:slack-webhook-2-design",
    }
    assert all(is_private(tmp_path / each.removeprefix("file:")) for each in options["webhooks"].values())
    said = "\n".join(person.said)
    assert "refuses the webhook (403)" in said and "127.0.0.1" not in said
    assert not slack.posts and not slack.hooked
    channel = SlackChannel(webhooks=options["webhooks"], folder=tmp_path, allow_http=True)
    channel.post("#design", "Hello", "k")
    assert slack.hooked == ["Hello"]


def test_connect_teams_starts_no_workflow_and_keeps_the_address_to_itself(tmp_path: Path, workflow: Workflow) -> None:
    person = Terminal("Product", f"http://127.0.0.1:{workflow.port}/hook?sig=secret", "")
    options = connect_teams(tmp_path, BOT, person.ask, person.say, allow_http=True)
    assert options == {"channel": "teams", "webhooks": {"Product": "file:teams-webhook-1-product"}}
    assert is_private(tmp_path / "teams-webhook-1-product") and "secret" not in "\n".join(person.said)
    assert not workflow.cards
    TeamsChannel(webhooks=options["webhooks"], folder=tmp_path, allow_http=True).post("Product", "Hello", "k")
    assert workflow.cards


def test_a_secret_in_the_environment_or_a_file_stays_there(
    tmp_path: Path, slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "xoxb-good")
    url = f"http://127.0.0.1:{slack.port}/api/"
    by_name = Terminal("token", "env:NO_SUCH_NAME", "token", "env:BOT_TOKEN", "#product")
    assert connect_slack(tmp_path, BOT, by_name.ask, by_name.say, api_url=url) == {
        "channel": "slack",
        "token_env": "BOT_TOKEN",
    }
    assert "there is nothing where the secret should be" in "\n".join(by_name.said)
    (tmp_path / "elsewhere").write_text("right\n")
    for world in graph_world(tmp_path):
        person = Terminal(OPTIONS["tenant"], OPTIONS["client_id"], "secret", f"file:{tmp_path / 'elsewhere'}")
        options = connect_graph(tmp_path, BOT, person.ask, person.say, session=session(world.fake.port))
        assert options["secret_file"] == str(tmp_path / "elsewhere") and not (tmp_path / "graph-secret").exists()
