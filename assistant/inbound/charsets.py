"""Bytes to text. Only charsets of real mail are decoded as declared: ``utf-7`` and the like can hide markup."""

from __future__ import annotations

import codecs
from functools import lru_cache

_WIDER = {  # what senders call by the narrow name is nearly always the wider one (WHATWG Encoding Standard)
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
}
_NAMES = {
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso8859-8",
    "utf8": "utf-8",
}
_ALLOWED = {
    *_WIDER.values(),
    *(f"iso8859-{number}" for number in range(1, 17)),
    *(f"cp{number}" for number in (437, 850, 852, 855, 857, 862, 866, *range(1250, 1259))),
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("koi8-r", "koi8-u", "kz1048", "ptcp154", "mac-roman", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-latin2"),
    *("euc_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr", "johab", "hz", "gb18030", "big5hkscs"),
}


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """The codec to use for a declared name, None where it is unknown or not of mail."""
    name = charset.strip().strip("\"'").lower()[:40]
    if not name.isascii() or not name.isprintable():
        return None
    try:
        found = codecs.lookup(_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    found = _WIDER.get(found, found)
    return found if found in _ALLOWED else None


def decode(data: bytes, charset: str | None) -> str:
    """Never raises. What is no valid text in its charset is read as UTF-8 if it can be, else byte by byte."""
    codec = _codec(charset) if charset else None
    if codec is None or codec == "cp1252":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    try:
        return data.decode(codec)
    except (UnicodeDecodeError, ValueError):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode(codec, "replace")
