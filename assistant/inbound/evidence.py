"""What shows that a line was put there by a mail client: dates, times, addresses and each language's fixed words.

Only bounded patterns and plain string searches: nothing here takes more than linear time over foreign text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.inbound.lines import BARE_QUOTE, LOOK, MARKS, Line, next_text
from assistant.inbound.phrases import fold, languages, words

_TIME = re.compile(r"\d{1,2}\s?[:h\u6642\u65f6\u70b9\uc2dc]\s?\d{2}|\d{1,2}\.\d{2}(?![.\d])|\d{1,2}\s?[ap]\.?m\b")
_DATE = re.compile(
    r"\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}\s?[\u6708\uc6d4]\s?\d{1,2}\s?[\u65e5\uc77c]"
)
_NUMERIC = re.compile(r"\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}|[\u6708\uc6d4]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,4}[-./]\s{0,2}\d{1,2}[-./]\s{0,2}\d{1,4}")
_DAY = re.compile(r"(?<![\d:.])\d{1,2}(?![\d:])")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]@[^\s@<>()\[\],;:]{1,100}\.\w|mailto:")
_OLD_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:gmt|utc)[+-]\d{1,2}:?\d{2} \S")
_DIGIT = re.compile(r"\d")
_BEGUN = re.compile(r"[\d@]")
_POSSIBLE = re.compile(r"[:：\d=_<\[#~—–‐]|--|\*\*")
_WORD = re.compile(r"[^\W\d_]+")
_PHONE = re.compile(r"(?:\+|\(|\b)\d[\d ()./-]{5,20}\d")
_LINK = re.compile(r"https?://|\bwww\.|\w@\w")
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
_FOLDED_LINES = 4
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    verbs: frozenset[str]
    verb_phrases: tuple[str, ...]
    """Those with spaces or signs, or of scripts without spaces; ``plain_phrases`` are the ones of ASCII letters."""
    plain_phrases: tuple[str, ...]
    openers: tuple[str, ...]
    dates: frozenset[str]
    labels: dict[str, str]
    originals: frozenset[str]


@lru_cache(maxsize=1)
def vocabulary() -> _Vocabulary:
    verbs = words("verbs")
    single = frozenset(verb for verb in verbs if (_WORD.fullmatch(verb) and verb.isascii()) or len(verb.split()) == 1)
    spaced = {verb for language in languages() if language.spaced for verb in language.verbs}
    phrases = tuple(verb for verb in verbs if verb not in spaced or not _WORD.fullmatch(verb))
    kinds = ("subject", "cc", "reply_to", "to", "sent", "from_")
    return _Vocabulary(
        verbs=frozenset(verb for verb in single if verb in spaced and _WORD.fullmatch(verb)),
        verb_phrases=phrases,
        plain_phrases=tuple(phrase for phrase in phrases if phrase.isascii()),
        openers=tuple(f"{opener} " for opener in words("openers") if opener),
        dates=frozenset(
            form
            for field in ("months", "weekdays")
            for entry in words(field)
            for form in entry.split()
            if len(form) > 2 or not form.isascii()  # "to", "so", "do" are weekdays somewhere
        ),
        labels={label: kind for kind in kinds for label in words(kind)},
        originals=frozenset(words("originals")),
    )


def has_date(folded: str) -> bool:
    """A numeric date, a year, or a day with a month or weekday by name."""
    if _DATE.search(folded):
        return True
    return bool(_DAY.search(folded)) and not vocabulary().dates.isdisjoint(_WORD.findall(folded))


def _has_full_date(folded: str) -> bool:
    """A day of a year: "In 2024 they wrote" has none."""
    if not _YEAR.search(folded):
        return False
    return bool(_NUMERIC.search(folded)) or (
        bool(_DAY.search(folded)) and not vocabulary().dates.isdisjoint(_WORD.findall(folded))
    )


def has_time(folded: str) -> bool:
    return bool(_TIME.search(folded))


def has_address(folded: str) -> bool:
    return "@" in folded and bool(_ADDRESS.search(folded))


def has_contact(text: str) -> bool:
    """A phone number, a link or an address: what signatures hold."""
    return bool(_LINK.search(text) or _PHONE.search(text))


def _has_verb(folded: str) -> bool:
    known = vocabulary()
    if not known.verbs.isdisjoint(_WORD.findall(folded)):
        return True
    return any(phrase in folded for phrase in (known.plain_phrases if folded.isascii() else known.verb_phrases))


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
    verb = _has_verb(folded)
    above = lines[end - 1] if end else None
    broken = len(folded) < 60 and above is not None and above.new and bool(_BEGUN.search(above.text))
    if not (verb or broken or "@" in folded or _DIGIT.search(folded, max(0, len(folded) - _LONGEST))):
        return None
    if not colon and not dashed:
        return end if _OLD_GMAIL.match(folded) or (verb and _runs_on(folded)) else None
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
            verb = verb or _has_verb(above.folded) or _has_verb(above.folded[-30:] + " " + below[:30])
        below = lines[start].folded
        if len(joined) > _LONGEST:
            return None
        if _is_attribution(joined, verb, quoted_next, dashed):
            return _whole(lines, start, end, joined)
    return None


def _is_attribution(joined: str, verb: bool, quoted_next: bool, dashed: bool) -> bool:
    date, time, address = has_date(joined), has_time(joined), has_address(joined)
    if verb:
        dated = (date and time) or (date and _has_full_date(joined) and not _spoken(joined))
        bare = quoted_next and len(joined) < 120 and not _spoken(joined)
        return address or dated or bare or (dashed and joined.startswith("--"))
    if address and date and (time or quoted_next):
        return True
    return quoted_next and not dashed and (address or (date and time))


def _spoken(joined: str) -> bool:
    """ "They said:" and "I wrote:" are a person's own words; mail programs write names."""
    return not _PRONOUNS.isdisjoint(_WORD.findall(joined)[:3])


def _runs_on(folded: str) -> bool:
    """An attribution with the quoted text right behind it in the same line."""
    if not folded.startswith(vocabulary().openers):
        return False
    colon = folded.find(":", 0, 200)
    while colon > 0:
        head = folded[: colon + 1]
        if _has_verb(head[-25:]) and has_date(head) and (has_time(head) or has_address(head)):
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
        tells = (dated or has_address(folded)) and _has_verb(folded) and not _has_verb(joined)
        owner = joined.startswith(("<", "(")) and (_reads_like_name(above.text) or _has_verb(folded))
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
    first = _WORD.match(folded.lstrip("-"))
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
