"""What is left of mails as many programs send them: our own collection, in ``visible/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from assistant.inbound.reply import visible_reply
from tests.inbound.test_reply import flat, mail, visible

FOLDER = Path(__file__).parent / "visible"
WROTE = "Fine, thanks."
FIELDS = "From: Katharina <k@x.example>\nSent: Friday, 20 November 2026 16:31\nTo: Peter\nSubject: Hi\n\nHow?"


def loaded(name: str) -> Any:
    return YAML(typ="safe").load((FOLDER / name).read_text("utf-8"))


LINES: Mapping[str, list[str]] = loaded("lines.yaml")
PLAIN: list[dict[str, str]] = loaded("plain.yaml")
PAGES: list[dict[str, str]] = loaded("pages.yaml")
KEPT: list[str] = loaded("kept.yaml")


def named(cases: list[dict[str, str]]) -> dict[str, Any]:
    return {"argvalues": cases, "ids": [case["name"] for case in cases]}


@pytest.mark.parametrize("case", **named(PLAIN))
def test_of_a_plain_mail_only_the_new_text_is_left(case: dict[str, str]) -> None:
    sender = case.get("sender", "Peter Moss <p@x.example>")
    assert flat(visible_reply(mail(case["text"], False, sender))) == flat(case["shows"])


@pytest.mark.parametrize("case", **named(PAGES))
def test_of_a_page_only_the_new_text_is_left(case: dict[str, str]) -> None:
    sender = case.get("sender", "Peter Moss <p@x.example>")
    assert flat(visible_reply(mail(case["html"], True, sender))) == flat(case["shows"])


@pytest.mark.parametrize("line", LINES["attributions"])
def test_a_line_that_attributes_a_quote_begins_the_cut(line: str) -> None:
    for below in (
        f"{line}\n\nHow are you?\nKatharina\n",
        f"{line}\n> How are you?\n",
        f"> {line}\n>\n> How are you?\n",
    ):
        assert visible(f"{WROTE}\n\n{below}") == WROTE
        assert visible(f"{WROTE}\n{below}") == WROTE


@pytest.mark.parametrize("line", LINES["dividers"])
def test_a_divider_begins_the_cut(line: str) -> None:
    for below in (FIELDS, f"\n{FIELDS}", "\n> " + FIELDS.replace("\n", "\n> ")):
        assert visible(f"{WROTE}\n\n{line}\n{below}") == WROTE


@pytest.mark.parametrize("line", LINES["footers"])
def test_a_footer_is_cut_and_the_name_above_it_may_stay(line: str) -> None:
    assert visible(f"{WROTE}\n\n{line}\n") == WROTE
    assert visible(f"{WROTE}\n{line}") == WROTE
    below = "On Fri, Nov 20, 2026 at 4:31 PM Katharina <k@x.example> wrote:\n> a"
    assert visible(f"{WROTE}\n\nPeter\n\n{line}\n\n{below}") in {WROTE, f"{WROTE}\n\nPeter"}


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_something_to_cut_is_kept(text: str) -> None:
    gmail = "On Mon, Nov 23, 2026 at 9:00 AM Ana Lopez <ana@x.example> wrote:\n\n> How?\n> When?\n"
    for below in ("", gmail, FIELDS):
        assert flat(visible(f"{text}\n\n{below}")) == flat(text)
