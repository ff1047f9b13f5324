"""What a receiving server writes on top of a mail: whom it was for, and whether it vouches for the sender.

All of it is text from outside: linear scans, bounded lengths, and nothing is believed that could be read in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_HEAD = 256 * 1024
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]"
_ADDRESS = re.compile(rf"{_ATOM}{{1,64}}@[A-Za-z0-9.-]{{1,253}}")
_MAILBOX = re.compile(
    rf'(?:[^<>@,;:()\\"]{{0,500}}|"[^"\\<>@]{{0,500}}" {{0,3}})<({_ATOM}{{1,64}}@[A-Za-z0-9.-]{{1,253}})>'
)
_PAIR = re.compile(r"([A-Za-z0-9._/-]{1,60})=([^=]{0,300})")

Headers = list[tuple[str, str]]


def headers(raw: bytes) -> Headers:
    """(name in lower case, unfolded value) of the head, top first; what is no header is passed over."""
    found: Headers = []
    for line in raw[:_HEAD].split(b"\n"):
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        if not text:
            break
        if text[0] in " \t":
            if found:
                name, value = found[-1]
                found[-1] = name, f"{value} {text.strip()}"
            continue
        name, colon, value = text.partition(":")
        if colon:
            found.append((name.strip().lower(), value.strip()))
    return found


def own_recipient(head: Headers, address: str, separator: str | None) -> str | None:
    """Our address as the mail was sent to it, tag and all; None where no header names us.

    Of each header that a server writes only the topmost counts: those below came with the mail.
    """
    local, _, domain = address.lower().rpartition("@")
    seen: set[str] = set()
    plain = False
    for name, value in sorted(head, key=lambda field: field[0] not in _ENVELOPE):
        if (name in _ENVELOPE and name in seen) or name not in (*_ENVELOPE, "to", "cc"):
            continue
        seen.add(name)
        for found in _ADDRESS.finditer(value):
            user, _, host = found[0].lower().rpartition("@")
            if host == domain and user == local:
                plain = True
            elif host == domain and separator and user.startswith(f"{local}{separator}"):
                return found[0].lower()
    return address.lower() if plain else None


def vouched_sender(head: Headers, authorities: Collection[str]) -> str | None:
    """The From address, where one of these servers says that DMARC passed for its domain (RFC 8601), "" where it says
    that DMARC failed: somebody else sent it; None where it gives no word.

    An empty name among ``authorities`` stands for a server that signs its results with no name, and then only the
    topmost results count. Two results of one name, two of DMARC, or a From with anything odd in it are no vouching.
    """
    sender = _only_sender([value for name, value in head if name == "from"])
    stamps = [value for name, value in head if name == "authentication-results"]
    if sender is None or not authorities or not stamps:
        return None
    known = {authority.lower() for authority in authorities}
    named = [results for value in stamps if (results := _results(value)) is not None and results[0] in known - {""}]
    if "" in known:
        topmost = _results(stamps[0])
        named += [topmost] if topmost is not None and topmost[0] == "" else []
    if len(named) != 1:
        return None
    dmarc = [fields for method, fields in named[0][1] if method == "dmarc"]
    if len(dmarc) != 1 or dmarc[0].get("header.from") != sender.rpartition("@")[2]:
        return None
    return {"pass": sender, "fail": ""}.get(dmarc[0].get("dmarc", ""))


def _only_sender(values: list[str]) -> str | None:
    if len(values) != 1 or not values[0].isprintable():
        return None
    found = _MAILBOX.fullmatch(values[0])
    if found is not None:
        return found[1].lower()
    return values[0].lower() if _ADDRESS.fullmatch(values[0]) else None


def _results(value: str) -> tuple[str, list[tuple[str, dict[str, str]]]] | None:
    """(who says so, [(method, its fields)]) of one Authentication-Results; None where it cannot be read."""
    clean = _without_comments(value)
    if clean is None:
        return None
    parts = [" ".join(part.split()).replace(" =", "=").replace("= ", "=") for part in clean.lower().split(";")]
    who = "" if "=" in parts[0] else parts[0].split(" ")[0]
    methods: list[tuple[str, dict[str, str]]] = []
    for part in parts[0 if who == "" else 1 :]:
        pairs = [_PAIR.fullmatch(word) for word in part.split(" ") if word and word != "none"]
        if None in pairs:
            return None
        fields: dict[str, str] = {}
        for pair in pairs:
            if pair is None or pair[1] in fields:
                return None
            fields[pair[1]] = pair[2]
        if fields:
            first = next(iter(fields))
            methods.append((first.partition("/")[0], {first.partition("/")[0]: fields[first], **fields}))
    return who, methods


def _without_comments(value: str) -> str | None:
    """Comments gone, quoted strings kept only where they could not be mistaken for results."""
    kept: list[str] = []
    depth = 0
    for kind, text in _tokens(value):
        if kind == "(":
            depth += 1
        elif kind == ")":
            depth -= 1
            if depth < 0:
                return None
        elif kind == "unclosed":
            return None
        elif not depth:
            kept.append(text if kind == "text" or not set(text) & set('; =\t"') else "?")
    return "".join(kept) if depth == 0 else None


def _tokens(value: str) -> Iterator[tuple[str, str]]:
    place, depth = 0, 0
    while place < len(value):
        character = value[place]
        if character == "\\":
            place += 2
        elif character == '"' and not depth:
            end = place + 1
            while end < len(value) and value[end] != '"':
                end += 2 if value[end] == "\\" else 1
            yield ("quoted", value[place + 1 : end]) if end < len(value) else ("unclosed", "")
            place = end + 1
        else:
            depth += (character == "(") - (character == ")")
            yield character if character in "()" else "text", character
            place += 1
