"""What mail programs put under a mail: "Sent from my iPhone", a link to themselves, an excuse for a small keyboard."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.lines import Kind, Line, cut_all
from assistant.inbound.phrases import fold, words
from assistant.inbound.smallprint import WRAP, said

_SCANNED = ("virus", "viren", "вирус", "ウイルス", "病毒")
_OWN_DEVICE = ("sent from my ", "sent via my ", "typed on my ")
_COMMON = frozenset(
    {
        *("mail", "email", "mobile", "phone", "mobil", "handy", "app", "device", "terminal", "telefon", "windows"),
        *("cellulare", "telemovel", "telefoon", "mobiel", "smartfon", "telefonu"),
        *("nine", "blue", "canary", "front", "newton", "spike", "surface", "kindle", "boomerang", "honor", "pixel"),
    }
)
"""Products that are also common nouns."""
_MINE = frozenset(
    {
        *(
            "my",
            "meinem",
            "meiner",
            "mon",
            "ma",
            "mi",
            "meu",
            "minha",
            "mio",
            "mia",
            "mijn",
            "min",
            "mitt",
            "moj",
            "mojego",
        ),
        *("meho", "mojej", "mobilem", "mobile", "meus", "meine"),
    }
)


def cut_footer(run: list[Line], name: str, elsewhere: bool) -> bool:
    """ "Sent from my iPhone" as the last line, in any language, with the sender's name over it."""
    last = last_new(run)
    if last < 0 or not (elsewhere or any(line.new for line in run[:last])):
        return False
    if not _footer(run, last):
        return False
    last = last_new(run)
    if last > 0 and any(line.new for line in run[:last]) and not run[last - 1].new:
        above = run[last].text.strip(WRAP)
        if fold(above) == name or (not name and name_like(above) and not run[last + 1].blank):
            run[last].cut(Kind.SIGNATURE, "the sender's name over a footer")
    return True


def _footer(run: list[Line], last: int) -> bool:
    if last > 1 and run[last - 1].new and _only_link(run[last].text):
        above = _footer_shown(run[last - 1].text, run[last - 2].blank or not run[last - 2].new)
        if above:
            cut_all(run[last - 1 : last + 1], Kind.FOOTER, above)
            return True
    set_off = last == 0 or run[last - 1].blank or not run[last - 1].new
    shown = _footer_shown(run[last].text, set_off)
    if shown:
        run[last].cut(Kind.FOOTER, shown)
    return bool(shown)


def _only_link(text: str) -> bool:
    bare = text.strip(WRAP)
    return " " not in bare and bare.startswith(("http", "www."))


def _footer_shown(text: str, set_off: bool) -> str:
    """What shows that a line is the footer of a client, "" where nothing does. ``set_off``: nothing is right above."""
    link = text.find("http")
    bare = (text if link < 0 else text[:link]).strip(WRAP + ".!")
    folded = fold(bare[:200])
    count = len(folded.split())
    if not folded or count > 14 or len(text) > 300 or len(folded) > 120 or "。" in text:
        return ""
    if "www." in text and count <= 6 and any(word in folded for word in _SCANNED):
        return "footer of a virus scanner"
    if link >= 0 and count <= 9 and any(host in text[link:].lower() for host in words("client_links")):
        return "link of a mail client"
    excused = said("excuses", folded)
    if excused and count <= 10 and (set_off or folded.startswith(words("excuses"))):
        return "excuse for a phone"
    if not (folded.startswith(words("footers")) or folded.endswith(words("footers"))):
        return ""
    own = folded.startswith(_OWN_DEVICE) and count <= 8
    named = _names_product(bare, folded) or (link >= 0 and set_off) or _said_alone(bare, folded, own, own or set_off)
    return "footer of a mail client" if named else ""


def _names_product(bare: str, folded: str) -> bool:
    """Whether a product stands where footers name it; a common noun ("mail") counts only with a capital or "my"."""
    prefix = next((phrase for phrase in words("footers") if folded.startswith(phrase)), "")
    named = _products().findall(folded[: len(prefix) + 40] if prefix else folded)
    if "outlook" in prefix and len(named) == 1 and len(folded[len(prefix) :].split()) > 1:
        return False  # "Get Outlook for the new laptop"
    if not _COMMON.issuperset(named):
        return True
    places = [bare.lower().find(name) for name in named]
    capital = any(place >= 0 and bare[place].isupper() for place in places)
    return bool(named) and (capital or not _MINE.isdisjoint(folded.split()))


def _said_alone(bare: str, folded: str, own: bool, set_off: bool) -> bool:
    """Whether a footer names something we do not know, in a short line of its own: "Sent with Foo"."""
    parts = bare.split()
    short = len(parts) <= 3 or own or (len(parts) <= 5 and all(part[:1].isupper() for part in parts[2:]))
    return set_off and short and bare[:1].isupper() and folded.startswith(words("footers")) and parts[-1][:1].isupper()


@lru_cache(maxsize=1)
def _products() -> re.Pattern[str]:
    """Any product name, at the start of a word where it is of Latin letters."""
    latin = "|".join(
        re.escape(name) + ("(?![a-z])" if len(name) < 4 else "") for name in words("products") if name.isascii()
    )
    other = "|".join(re.escape(name) for name in words("products") if not name.isascii())
    return re.compile(f"(?<![a-z0-9])(?:{latin})|{other}")


def name_like(text: str) -> bool:
    """Two to four capitalised words."""
    parts = text.strip(WRAP).split()
    return 2 <= len(parts) <= 4 and all(
        part[:1].isupper() and part.strip(".,").replace("-", "").isalpha() for part in parts
    )


def last_new(run: list[Line]) -> int:
    """The index of the last line that is new, or -1."""
    last = len(run) - 1
    while last >= 0 and not run[last].new:
        last -= 1
    return last
