"""Where a quoted mail is attributed: "On Mon, Nov 23, 2026 at 9:00 AM Ana Lopez <ana@x.example> wrote:".

Shape is no proof, since a person's own line may look the same: it takes what `evidence` finds in it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.inbound.evidence import WORD, has_address, has_date, has_full_date, has_time, has_verb, vocabulary
from assistant.inbound.lines import BARE_QUOTE, LOOK, MARKS, Line, next_text
from assistant.inbound.phrases import fold, words

_OLD_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:gmt|utc)[+-]\d{1,2}:?\d{2} \S")
_DATE_NAME_ADDRESS = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2} [^<>]{1,80}<[^<>\s]{1,120}>?$")
_DIGIT = re.compile(r"\d")
_BEGUN = re.compile(r"[\d@]")
_POSSIBLE = re.compile(r"[:：\d=_<\[#~—–‐]|--|\*\*")
_SHARED = re.compile(r"(?:-{2,}|[.!?)\u3002\uff01\uff1f])\s{0,3}(?=\w)")
_PRONOUNS = frozenset(
    {
        *(
            "i",
            "they",
            "he",
            "she",
            "we",
            "it",
            "who",
            "as",
            "ich",
            "er",
            "sie",
            "wir",
            "es",
            "wie",
            "je",
            "il",
            "elle",
        ),
        *("ils", "nous", "yo", "ellos", "ella", "eu", "ele", "ela", "io", "lui", "lei", "ik", "hij", "zij", "wij"),
    }
)
_SPEAKERS = frozenset(
    {*("i", "we", "they", "he", "she", "who", "as", "ich", "wir", "wie", "ik", "wij", "yo", "eu", "jeg", "jag", "vi")}
)
"""A line that begins with one of these and says "wrote" is somebody's own, whatever date it has."""
_AROUND_TIMES = frozenset(
    {
        *("am", "pm", "at", "via", "utc", "gmt", "standard", "time", "uhr", "um", "om", "klo", "kello", "kl", "alle"),
        *("ore", "las", "of", "the"),
    }
)
_FOLDED_LINES = 4
_TELLING = 6
"""So many words that no attribution is made of: it is a sentence. Names are some of them."""
_LONGEST = 500


@lru_cache(maxsize=1)
def _attribution_words() -> frozenset[str]:
    """All words that attributions are made of, besides names."""
    fields = ("openers", "verbs", "sent", "from_")
    fixed = {word for field in fields for phrase in words(field) for word in phrase.split()}
    return frozenset(fixed | vocabulary().dates | _AROUND_TIMES)


def may_begin_original(text: str) -> bool:
    """Whether a line has any character that an attribution, a header field or a divider cannot do without."""
    return bool(_POSSIBLE.search(text, 0, LOOK))


def attribution(lines: list[Line], end: int) -> int | None:  # noqa: PLR0911 - each return is one piece of evidence
    """Where the "On … wrote:" that ends in line ``end`` starts; None where there is none.

    Shape is no proof, since anything may end in a colon: it takes a date with a time, or an address, or quoted lines
    after it. It may be folded over up to four lines.
    """
    text = lines[end].text[:LOOK]
    bare = text.rstrip(MARKS + "-–—")
    dashed = text.rstrip(MARKS).endswith("--")
    colon = bare.endswith((":", "："))
    if not (colon or dashed) and not _DIGIT.search(bare, 0, 40):
        return None
    folded = lines[end].folded
    verb = has_verb(folded)
    if verb and folded.split(maxsplit=1)[0] in _SPEAKERS and not has_address(folded):
        return None  # "I wrote on 18 November at 9:12:"
    above = lines[end - 1] if end else None
    broken = len(folded) < 60 and above is not None and above.new and bool(_BEGUN.search(above.text))
    if not (verb or broken or "@" in folded or _DIGIT.search(folded, max(0, len(folded) - _LONGEST))):
        return None
    if not colon and not dashed:
        told = verb or _DATE_NAME_ADDRESS.match(folded)
        whole = _OLD_GMAIL.match(folded) or (told and (_runs_on(folded) or _told_without_colon(lines, end)))
        return end if whole else None
    if folded.rstrip(" :") in vocabulary().verbs and above is not None and not above.text and end > 1:
        head = lines[end - 2]  # double-spaced, and folded before its verb
        if head.new and has_address(head.folded) and has_date(head.folded):
            return end - 2
    following = next_text(lines, end + 1)
    quoted_next = (
        following < len(lines)
        and lines[following].depth > lines[end].depth
        and lines[following].reason != BARE_QUOTE  # which a person may have made
    )
    joined = below = folded
    for start in range(end, max(-1, end - _FOLDED_LINES), -1):
        if start < end:
            above = lines[start]
            if not above.new or above.depth != lines[end].depth or _ends_sentence(above.text):
                return None
            joined = above.folded + " " + joined
            verb = verb or has_verb(above.folded) or has_verb(above.folded[-30:] + " " + below[:30])
        below = lines[start].folded
        if len(joined) > _LONGEST:
            return None
        if _is_attribution(joined, verb, quoted_next, dashed) and (start == end or _carries_on(folded, joined)):
            return _whole(lines, start, end, joined)
    return None


def _carries_on(last: str, joined: str) -> bool:
    """Whether the last line of what was folded leans on those above: "see ana@x.example" over "Ana wrote:" does not."""
    if has_address(last) or has_date(joined) or not has_address(joined):
        return True
    first = WORD.search(last)
    return first is None or first[0] in vocabulary().verbs or has_verb(last[: first.end() + 20].partition(" ")[0])


def _is_attribution(joined: str, verb: bool, quoted_next: bool, dashed: bool) -> bool:
    date, time, address = has_date(joined), has_time(joined), has_address(joined)
    if verb:
        dated = date and (time or (has_full_date(joined) and not _spoken(joined)))
        dated = dated and (quoted_next or not _tells(joined))
        bare = quoted_next and len(joined) < 120 and not _spoken(joined)
        return address or dated or bare or (dashed and joined.startswith("--"))
    if address and date and (time or quoted_next):
        return True
    return quoted_next and not dashed and (address or (date and time))


def _told_without_colon(lines: list[Line], at: int) -> bool:
    """ "Quoting Ana Lopez (2026-11-18 09:12:33)", right above what it quotes."""
    folded = lines[at].folded
    following = next_text(lines, at + 1)
    marked = following < len(lines) and lines[following].depth > lines[at].depth
    if not marked or lines[at].text.endswith((".", "!", "?")):
        return False
    opened = folded.startswith(vocabulary().openers) and has_time(folded)
    if lines[following].reason == BARE_QUOTE and not opened:
        return False
    dated = has_date(folded) and (has_time(folded) or has_address(folded) or has_full_date(folded))
    return dated and not _spoken(folded) and not _tells(folded)


def _tells(joined: str) -> bool:
    """Whether a line says more than who wrote when: "Ana wrote the report on 18.11. at 9:12, and it is fine:"."""
    bare = (word.strip(".,:;()") for word in joined.split())
    return sum(word.isascii() and word.isalpha() and word not in _attribution_words() for word in bare) >= _TELLING


def _spoken(joined: str) -> bool:
    """ "They said:" and "I wrote:" are a person's own words; mail programs write names."""
    return not _PRONOUNS.isdisjoint(WORD.findall(joined)[:3])


def _runs_on(folded: str) -> bool:
    """An attribution with the quoted text right behind it in the same line."""
    if not folded.startswith(vocabulary().openers):
        return False
    colon = folded.find(":", 0, 200)
    while colon > 0:
        head = folded[: colon + 1]
        if has_verb(head[-25:]) and has_date(head) and (has_time(head) or has_address(head)):
            return True
        colon = folded.find(":", colon + 1, 200)
    return False


def _whole(lines: list[Line], start: int, end: int, joined: str) -> int:
    """The first line of a folded attribution of which the lines from ``start`` are already sure."""
    known = vocabulary()
    if not has_date(joined):
        start, joined = _from_opener(lines, start, end, joined)
    while start > 0 and end - start < _FOLDED_LINES - 1:
        above = lines[start - 1]
        if above.new and f"{above.folded} " in known.openers:
            return start - 1
        if joined.startswith(known.openers) and has_date(joined) and not above.folded.startswith("<"):
            break
        if not above.new or above.depth != lines[end].depth or _ends_sentence(above.text):
            break
        folded = above.folded.lstrip("- ")
        dated = has_date(folded)
        opens = folded.startswith(known.openers) or folded[:1].isdigit() or _starts_dated(folded)
        hangs = folded.count("<") > folded.count(">") or folded.endswith((",", "<"))
        lacking = (has_time(folded) or has_address(folded)) and not has_date(joined)
        named = has_address(folded) and not has_address(joined) and len(folded.split()) <= 5
        tells = (dated or has_address(folded)) and has_verb(folded) and not has_verb(joined)
        owner = joined.startswith(("<", "(")) and (_reads_like_name(above.text) or has_verb(folded))
        if not ((dated and (opens or hangs or lacking)) or named or tells or owner):
            break
        start -= 1
        joined = folded + " " + joined
    return start


def _reads_like_name(text: str) -> bool:
    """A few capitalised words, as stand before the address of an attribution that was folded there."""
    parts = text.strip(MARKS + "\"'").split()
    return 0 < len(parts) <= 4 and all(not part[:1].islower() for part in parts) and not text.endswith((",", ":"))


def _from_opener(lines: list[Line], start: int, end: int, joined: str) -> tuple[int, str]:
    """Further up to the "On Friday, …" that a part without a date goes on with, where all lines between run on."""
    above = ""
    for place in range(start - 1, max(-1, end - _FOLDED_LINES), -1):
        line = lines[place]
        if not line.new or line.depth != lines[end].depth or _ends_sentence(line.text):
            break
        above = f"{line.folded} {above}"
        if has_date(line.folded) and (line.folded.startswith(vocabulary().openers) or _starts_dated(line.folded)):
            return place, above + joined
    return start, joined


def _ends_sentence(text: str) -> bool:
    """Whether a line is complete; a day ("31."), a month ("Jan.") and an initial are not."""
    if not text.endswith("."):
        return text.endswith(("!", "?", ":", ";")) and not text.endswith("&gt;")
    last = fold(text[-12:]).split()[-1].strip(".")
    return not (last.isdigit() or len(last) <= 2 or last in vocabulary().dates or last in {"prof", "mrs"})


def _starts_dated(folded: str) -> bool:
    first = WORD.match(folded.lstrip("-"))
    return first is not None and first[0] in vocabulary().dates


def shared_line(text: str) -> str:
    """What a person wrote before an attribution that begins in the same line: ``bla --- On Wed, … wrote:``."""
    known = vocabulary()
    whole = fold(text[:LOOK].lstrip(MARKS + "-"))
    if whole.startswith(known.openers) and has_date(whole[:40]):
        return ""
    for found in _SHARED.finditer(text[:LOOK]):
        rest = fold(text[found.end() : found.end() + _LONGEST])
        if found.start() > 0 and rest.startswith(known.openers) and has_date(rest[:40]):
            kept = text[: found.end()].rstrip().rstrip("-").rstrip()
            return kept if kept.strip(MARKS) else ""
    return ""
