"""The words of each language, as data: one file a language.

Every list may be left out. Words may be written with capitals and accents: they are compared after ``fold``. ``months``
and ``weekdays`` have one entry each, January and Monday first, its forms separated by spaces (weekdays of two words are
one form). ``spaced = false`` is for scripts that put no spaces between words.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

_ONE_FOR_ONE = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "‘": "'", "ʼ": "'", "\xa0": " "}
_REMEMBERED = 20_000


class _Folded(dict[int, str | None]):
    """What becomes of a character, by its code, worked out when it is first met; a loop would be slow."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kind = unicodedata.category(character)
        found: str | None = _ONE_FOR_ONE.get(character, character)
        if kind == "Nd":
            found = str(unicodedata.digit(character))
        elif kind in {"Mn", "Cf"}:
            found = None
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Text for comparing: small letters without accents, plain digits and apostrophes, no direction marks."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED)


@dataclass(frozen=True, slots=True)
class Language:
    """One language's words, folded. What each field is for stands beside it in ``en.toml``."""

    code: str
    spaced: bool
    openers: tuple[str, ...]
    verbs: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    from_: tuple[str, ...]
    sent: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: tuple[str, ...]
    reply_to: tuple[str, ...]
    originals: tuple[str, ...]
    reply_above: tuple[str, ...]
    products: tuple[str, ...]
    client_links: tuple[str, ...]
    footers: tuple[str, ...]
    excuses: tuple[str, ...]
    closings: tuple[str, ...]
    contact_labels: tuple[str, ...]
    legal: tuple[str, ...]
    legal_terms: tuple[str, ...]
    mail_names: tuple[str, ...]
    imprint: tuple[str, ...]
    banners: tuple[str, ...]
    banner_terms: tuple[str, ...]
    banner_marks: tuple[str, ...]
    lists: tuple[str, ...]
    auto_subjects: tuple[str, ...]
    auto_marks: tuple[str, ...]
    auto_texts: tuple[str, ...]
    auto_sures: tuple[str, ...]
    receipts: tuple[str, ...]
    receipt_texts: tuple[str, ...]
    returns: tuple[str, ...]
    untils: tuple[str, ...]
    bounces: tuple[str, ...]
    bounce_texts: tuple[str, ...]
    nothings: tuple[str, ...]
    obstacles: tuple[str, ...]
    asides: tuple[str, ...]
    fillers: tuple[str, ...]
    joiners: tuple[str, ...]
    complaints: tuple[str, ...]
    daemons: tuple[str, ...]
    mail_systems: tuple[str, ...]
    returned_below: tuple[str, ...]
    delays: tuple[str, ...]


@lru_cache(maxsize=1)
def languages() -> tuple[Language, ...]:
    """Every language there is a file for, by code."""
    found = [file for file in files(__name__).iterdir() if file.name.endswith(".toml")]
    return tuple(
        _language(file.name.removesuffix(".toml"), tomllib.loads(file.read_text("utf-8")))
        for file in sorted(found, key=lambda file: file.name)
    )


def _language(code: str, data: dict[str, Any]) -> Language:
    names = [field.name for field in fields(Language) if field.name not in {"code", "spaced"}]
    words = {name: tuple(map(fold, data.get(name.rstrip("_"), ()))) for name in names}
    return Language(code=code, spaced=bool(data.get("spaced", True)), **words)


@lru_cache(maxsize=32)
def words(field: str) -> tuple[str, ...]:
    """One field of all languages together, longest first, no repeats."""
    together = {word for language in languages() for word in getattr(language, field)}
    return tuple(sorted(together, key=lambda word: (-len(word), word)))
