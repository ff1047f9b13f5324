"""A bar chart as a PNG (ISO 15948), without any library: a few bars with a letter before and a figure behind them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

WIDTH = 520
"""In the pixels of a page; the image has twice as many each way, so that fine screens show it sharp."""
_SCALE, _ROW, _BAR, _LEFT, _LETTER = 2, 30, 16, 40, 12
_PALETTE = ((0xF7, 0xF6, 0xF3), (0xE4, 0xE2, 0xDD), (0x1D, 0x6A, 0x5F), (0x8F, 0xB9, 0xB2), (0x26, 0x29, 0x2D))
_GROUND, _REST, _WON, _OTHER, _INK = range(5)

_GLYPHS = {
    "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31", "4": "1814127f10", "5": "2745454539",
    "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e", "a": "2054545478", "b": "7f48444438",
    "c": "3844444420", "d": "384444487f", "e": "3854545418", "f": "087e090102", "g": "0c5252523e", "h": "7f08040478",
    "i": "00447d4000", "j": "2040443d00", "k": "7f10284400", "l": "00417f4000", "m": "7c04180478", "n": "7c08040478",
    "o": "3844444438", "p": "7c14141408", "q": "081414187c", "r": "7c08040408", "s": "4854545420", "t": "043f444020",
    "u": "3c4040207c", "v": "1c2040201c", "w": "3c4030403c", "x": "4428102844", "y": "0c5050503c", "z": "4464544c44",
}  # fmt: skip
"""Five columns of seven dots each, the lowest bit on top."""


def height(bars: int) -> int:
    """Of the picture of so many bars, in the pixels of a page."""
    return _ROW * bars + 10


def bars(marks: Sequence[str], figures: Sequence[int], won: Sequence[bool]) -> bytes:
    """A PNG with one bar for each figure, the longest as wide as there is room. A mark is at most two letters a-z or
    digits; what has ``won`` is darker."""
    wide, high = WIDTH * _SCALE, height(len(figures)) * _SCALE
    rows = [bytearray(wide) for _ in range(high)]
    most = max([1, *figures])
    room = WIDTH - _LEFT - 24 - _LETTER * len(str(most))
    for number, (mark, figure, first) in enumerate(zip(marks, figures, won, strict=True)):
        top = 5 + number * _ROW + (_ROW - _BAR) // 2
        _fill(rows, _LEFT, top, room, _REST)
        _fill(rows, _LEFT, top, round(room * figure / most), _WON if first else _OTHER)
        _write(rows, 14, top + 1, mark)
        _write(rows, _LEFT + room + 10, top + 1, str(figure))
    return _png(wide, high, rows)


def _fill(rows: list[bytearray], left: int, top: int, width: int, colour: int) -> None:
    for row in rows[top * _SCALE : (top + _BAR) * _SCALE]:
        row[left * _SCALE : (left + width) * _SCALE] = bytes([colour]) * (width * _SCALE)


def _write(rows: list[bytearray], left: int, top: int, text: str) -> None:
    """Each dot is two pixels of a page."""
    dot = 2 * _SCALE
    for place, letter in enumerate(text):
        for x, column in enumerate(bytes.fromhex(_GLYPHS[letter])):
            start = (left + place * _LETTER) * _SCALE + x * dot
            for y in range(7):
                if column >> y & 1:
                    for row in rows[top * _SCALE + y * dot : top * _SCALE + (y + 1) * dot]:
                        row[start : start + dot] = bytes([_INK]) * dot


def _png(wide: int, high: int, rows: Sequence[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    palette = bytes(value for colour in _PALETTE for value in colour)
    content = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    chunks = (b"IHDR", header), (b"PLTE", palette), (b"IDAT", content), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
