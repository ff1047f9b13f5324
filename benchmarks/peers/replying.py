"""The visible reply by the known libraries, of plain texts as they were decoded for them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from benchmarks.peers.serving import serve, timed

github = import_module("email_reply_parser").EmailReplyParser
polyglot = import_module("mailparser_reply").EmailReplyParser(languages=["en", "de"])
quotequail = import_module("quotequail")


def _unquoted(text: str) -> str:
    return "\n".join(piece for new, piece in quotequail.quote(text, quote_intro_line=True) if new)


CUTTERS: dict[str, Callable[[str], str]] = {
    "email-reply-parser": github.parse_reply,
    "mail-parser-reply": lambda text: str(polyglot.parse_reply(text)),
    "quotequail": _unquoted,
}


def cut(peer: str, texts: list[str]) -> list[str]:
    return [CUTTERS[peer](text) for text in texts]


def run(peer: str, texts: list[str]) -> tuple[float, float]:
    return timed(lambda: cut(peer, texts))


serve({"cut": cut, "run": run})
