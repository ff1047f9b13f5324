"""The inside of a reply as a mail program lays it out: the words it adds, its quoting, its HTML.

What each program says is data (``clients.yaml``), how it arranges it is a pair of templates (``mails/``).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from ruamel.yaml import YAML

_HERE = Path(__file__).parent
_NUMBERED = re.compile(r"(\d{1,3})[.)] ")
_ITEM = re.compile(r"[-*•] ")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: ``language`` picks the words their program adds ("wrote:", "schrieb:")."""

    name: str
    address: str
    language: str = "en"

    @property
    def header(self) -> Address:
        return Address(self.name, addr_spec=self.address)


@cache
def catalogue() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = YAML(typ="safe").load(_HERE / "clients.yaml")
    return loaded


def rendered(client: str, ending: str, context: Mapping[str, Any]) -> str:
    """The ``txt`` or ``html`` version of a reply."""
    return _environment().get_template(f"{client}.{ending}.j2").render(context)


def reply_context(
    spec: Mapping[str, Any],
    to_mail: EmailMessage,
    sender: Sender,
    text: str | Sequence[str | None],
    now: datetime,
) -> dict[str, Any]:
    """What the templates of ``mails/`` see."""
    author = to_mail["From"].addresses[0]
    asked_at = parsedate_to_datetime(str(to_mail["Date"])).astimezone(now.tzinfo)
    moment = moment_words(asked_at, sender.language) | {
        "name": author.display_name,
        "address": author.addr_spec,
    }
    original = text_of(to_mail)
    context: dict[str, Any] = {
        "name": author.display_name,
        "address": author.addr_spec,
        "sender_name": sender.name,
        "sender_address": sender.address,
        "language": sender.language,
        "labels": catalogue()["labels"][sender.language],
        "signature": spec.get("signature", {}).get(sender.language, ""),
        "attribution": spec.get("attribution", {}).get(sender.language, "").format_map(moment),
        "sent": spec.get("sent", {}).get(sender.language, "").format_map(moment),
        "charset": spec.get("charset", "utf-8"),
        "original": original,
        "original_html": _original_html(to_mail),
        "br": Markup("<br>"),
        "nbsp": Markup("&nbsp;"),
        "bom": "\ufeff",
        "segments": [],
    }
    if isinstance(text, str):
        return context | {
            "text": text,
            "lines": text.splitlines(),
            "lists": list(_lists(text.splitlines())),
        }
    if not spec.get("inline"):
        raise ValueError("this program does not answer inline")
    return context | {"segments": list(_segments(original, text))}


def text_of(mail: EmailMessage) -> str:
    """The text version of one of the assistant's mails."""
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n") if part is not None else ""


def _original_html(mail: EmailMessage) -> Markup:
    """What stands in the body of the prompt's HTML; its text where it has none."""
    part = mail.get_body(("html",))
    if part is None:
        return Markup("<pre>{}</pre>").format(text_of(mail))
    html = str(part.get_content())
    start = html.find(">", html.find("<body")) + 1 if "<body" in html else 0
    end = html.find("</body>") if "</body>" in html else len(html)
    return Markup(html[start:end])  # noqa: S704  # the assistant's own mail, as any mail program quotes it


def _segments(original: str, answers: Sequence[str | None]) -> Iterator[tuple[str, str | None]]:
    """The prompt cut after each numbered question, with the answer that goes there."""
    lines = original.split("\n")
    ends: dict[int, int] = {}
    asked: int | None = None
    for at, line in enumerate(lines):
        number = _NUMBERED.match(line.strip())
        if number and int(number[1]) - 1 < len(answers):
            asked = int(number[1]) - 1
        elif not line.strip():
            asked = None
        if asked is not None:
            ends[asked] = at + 1
    begin = 0
    for index, end in sorted(ends.items(), key=lambda item: item[1]):
        yield "\n".join(lines[begin:end]), answers[index]
        begin = end
    yield "\n".join(lines[begin:]), None


def _lists(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Consecutive bullets as one list, as rich-text editors make them while one types."""
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(line[2:])
            continue
        if items:
            yield "", items
            items = []
        yield line, []
    if items:
        yield "", items


@cache
def _environment() -> jinja2.Environment:
    """Text stays as it is; the HTML templates escape, which their name tells."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "mails"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=jinja2.select_autoescape(["html.j2"], default=False),
    )
    environment.filters.update(quoted=_quoted, wrap=_wrap, flowed=_flowed)
    return environment


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _wrap(text: str, width: int) -> str:
    return "\n".join(textwrap.fill(line, width, break_long_words=False) for line in text.split("\n"))


def _flowed(text: str) -> str:
    """Soft line ends and space-stuffing (RFC 3676, 4.2 and 4.4)."""
    flowed: list[str] = []
    for line in text.split("\n"):
        stuffed = f" {line}" if line.startswith((" ", ">", "From ")) else line
        flowed.extend(textwrap.wrap(stuffed, 71, break_long_words=False, drop_whitespace=False) or [""])
    return "\n".join(flowed)


def moment_words(at: datetime, language: str) -> dict[str, str]:
    words = catalogue()["calendar"][language]
    offset = f"{at:%z}"
    return {
        "weekday": words["days"][at.weekday()],
        "day3": words["short-days"][at.weekday()],
        "month": words["months"][at.month - 1],
        "month3": words["short-months"][at.month - 1],
        "day": str(at.day),
        "day02": f"{at.day:02}",
        "month02": f"{at.month:02}",
        "year": str(at.year),
        "year2": f"{at.year % 100:02}",
        "hour": f"{at.hour:02}",
        "hour12": str(at.hour % 12 or 12),
        "minute": f"{at.minute:02}",
        "second": f"{at.second:02}",
        "half": "AM" if at.hour < 12 else "PM",
        "zone": at.tzname() or "",
        "offset": f"GMT{offset[:3]}:{offset[3:]}",
    }
