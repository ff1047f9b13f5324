"""What shows that a line was put there by a mail client: dates, times, addresses and each language's fixed words.

Only bounded patterns and plain string searches: nothing here takes more than linear time over foreign text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.inbound.lines import LOOK, MARKS, Hint, Kind, Line, is_rule, next_text
from assistant.inbound.phrases import fold, languages, words

_TIME = re.compile(r"\d{1,2}\s?[:h\u6642\u65f6\u70b9\uc2dc]\s?\d{2}|\d{1,2}\.\d{2}(?![.\d])|\d{1,2}\s?[ap]\.?m\b")
_DATE = re.compile(
    r"\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}\s?[\u6708\uc6d4]\s?\d{1,2}\s?[\u65e5\uc77c]"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,4}[-./]\s?\d{1,2}[-./]\s?\d{1,4}")
_DAY = re.compile(r"(?<![\d:.])\d{1,2}(?![\d:])")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]@[^\s@<>()\[\],;:]{1,100}\.\w|mailto:")
_OLD_GMAIL = re.compile(r"\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} (?:gmt|utc)[+-]\d{1,2}:?\d{2} \S")
_DIGIT = re.compile(r"\d")
_POSSIBLE = re.compile(r"[:：\d=_<\[#~—–]|--|\*\*")
_WORD = re.compile(r"[^\W\d_]+")
_PHONE = re.compile(r"(?:\+|\(|\b)\d[\d ()./-]{5,20}\d")
_LINK = re.compile(r"https?://|\bwww\.|\w@\w")
_SHARED = re.compile(r"-{2,}\s{0,3}(?=\w)")
_FOLDED_LINES = 4
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    verbs: frozenset[str]
    verb_phrases: tuple[str, ...]
    openers: tuple[str, ...]
    dates: frozenset[str]
    labels: dict[str, str]
    originals: frozenset[str]


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    verbs = words("verbs")
    single = frozenset(verb for verb in verbs if (_WORD.fullmatch(verb) and verb.isascii()) or len(verb.split()) == 1)
    spaced = {verb for language in languages() if language.spaced for verb in language.verbs}
    kinds = ("subject", "cc", "reply_to", "to", "sent", "from_")
    return _Vocabulary(
        verbs=frozenset(verb for verb in single if verb in spaced and _WORD.fullmatch(verb)),
        verb_phrases=tuple(verb for verb in verbs if verb not in spaced or not _WORD.fullmatch(verb)),
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
    return bool(_DAY.search(folded)) and not _vocabulary().dates.isdisjoint(_WORD.findall(folded))


def has_time(folded: str) -> bool:
    return bool(_TIME.search(folded))


def has_address(folded: str) -> bool:
    return "@" in folded and bool(_ADDRESS.search(folded))


def has_contact(text: str) -> bool:
    """A phone number, a link or an address: what signatures hold."""
    return bool(_LINK.search(text) or _PHONE.search(text))


def _has_verb(folded: str) -> bool:
    known = _vocabulary()
    if not known.verbs.isdisjoint(_WORD.findall(folded)):
        return True
    return any(phrase in folded for phrase in known.verb_phrases)


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
    dashed = text.rstrip().endswith("--")
    colon = bare.endswith((":", "："))
    if not (colon or dashed) and not _DIGIT.search(bare, 0, 40):
        return None
    folded = lines[end].folded
    verb = _has_verb(folded)
    if not (verb or "@" in folded or _DIGIT.search(folded, max(0, len(folded) - _LONGEST))):
        return None
    if not colon and not dashed:
        return end if _OLD_GMAIL.match(folded) or (verb and _runs_on(folded)) else None
    following = next_text(lines, end + 1)
    quoted_next = following < len(lines) and lines[following].depth > lines[end].depth
    joined = folded
    for start in range(end, max(-1, end - _FOLDED_LINES), -1):
        if start < end:
            above = lines[start]
            if not above.new or above.depth != lines[end].depth:
                return None
            joined = above.folded + " " + joined
            verb = verb or _has_verb(above.folded)
        if len(joined) > _LONGEST:
            return None
        if _is_attribution(joined, verb, quoted_next, dashed):
            return _whole(lines, start, end, joined)
    return None


def _is_attribution(joined: str, verb: bool, quoted_next: bool, dashed: bool) -> bool:
    date, time, address = has_date(joined), has_time(joined), has_address(joined)
    if verb:
        dated = date and (time or bool(_YEAR.search(joined)))
        return address or dated or (quoted_next and len(joined) < 120) or (dashed and joined.startswith("--"))
    if address and date and (time or quoted_next):
        return True
    return quoted_next and not dashed and (address or (date and time))


def _runs_on(folded: str) -> bool:
    """An attribution with the quoted text right behind it in the same line."""
    if not folded.startswith(_vocabulary().openers):
        return False
    head = folded[:200]
    colon = max(head.rfind(": "), head.rfind(":>"))
    head = head[: colon + 1] if colon > 0 else ""
    return _has_verb(head[-25:]) and has_date(head) and (has_time(head) or has_address(head))


def _whole(lines: list[Line], start: int, end: int, joined: str) -> int:
    """The first line of a folded attribution of which the lines from ``start`` are already sure."""
    known = _vocabulary()
    while start > 0 and end - start < _FOLDED_LINES - 1:
        if joined.startswith(known.openers) and has_date(joined):
            break
        above = lines[start - 1]
        if not above.new or above.depth != lines[end].depth or above.text.endswith((".", "!", "?", ":")):
            break
        folded = above.folded
        dated = has_date(folded)
        opens = folded.startswith(known.openers) or folded[:1].isdigit() or _starts_dated(folded)
        hangs = folded.count("<") > folded.count(">") or folded.endswith((",", "<"))
        lacking = (has_time(folded) or has_address(folded)) and not has_date(joined)
        named = has_address(folded) and not has_address(joined) and len(folded.split()) <= 5
        if not ((dated and (opens or hangs or lacking)) or named):
            break
        start -= 1
        joined = folded + " " + joined
    return start


def _starts_dated(folded: str) -> bool:
    first = _WORD.match(folded.lstrip("-"))
    return first is not None and first[0] in _vocabulary().dates


def shared_line(text: str) -> str:
    """What a person wrote before an attribution that begins in the same line: ``bla --- On Wed, … wrote:``."""
    for found in _SHARED.finditer(text[:LOOK]):
        if found.start() > 0 and fold(text[found.end() : found.end() + 20]).startswith(_vocabulary().openers):
            return text[: found.start()].rstrip()
    return ""


def is_original_line(lines: list[Line], at: int) -> bool:
    """ "-----Original Message-----", "Begin forwarded message:" and the like, in any language."""
    text = lines[at].text
    if len(text) > 120:
        return False
    bare = text.strip(MARKS + "-–—=:：<>[]#~")
    drawn = (
        text.startswith("**")
        or text.lstrip(MARKS).startswith(("--", "==", "__", "—", "––", "<<", "[", "##", "~~"))
        or text.endswith("--")
    )
    if not bare or not (drawn or text.rstrip(MARKS).endswith((":", "："))):
        return False
    folded = fold(bare)
    if drawn and any(phrase in folded for phrase in words("reply_above")):
        return True
    known = folded in _vocabulary().originals
    if not known and drawn:
        known = any(folded.startswith(word + " ") for word in _vocabulary().originals)
    if known and not drawn:
        following = next_text(lines, at + 1)
        known = following < len(lines) and (lines[following].depth > 0 or label(lines[following].text) != "")
    return known


def names_original(line: Line) -> bool:
    """ "Original Message" without any mark: enough only right above the header fields of a quoted mail."""
    return line.new and len(line.text) < 40 and line.folded.strip(" -–—:") in _vocabulary().originals


def label(text: str) -> str:
    """The kind of header field a line looks like ("from_", "sent", "to", …), "" for none."""
    head = text[:60].lstrip(MARKS)
    colon = head.find(":")
    wide = head.find("：")
    colon = wide if colon < 0 or 0 <= wide < colon else colon
    if not 0 < colon <= 30:
        return ""
    return _vocabulary().labels.get(fold(head[:colon].rstrip(MARKS)), "")


def header_block(lines: list[Line], at: int, marked: bool = False) -> tuple[int, bool]:
    """(index after the fields that begin in line ``at``, whether they are a quoted mail's header).

    ``marked`` where a dividing line stands above: then labels of a language we do not know count too.
    """
    kinds: set[str] = set()
    seen: list[str] = []
    place, continued, end = at, 0, at
    while place < len(lines) and place < at + 24:
        line = lines[place]
        kind = label(line.text) or (_foreign_label(line.text) if marked else "")
        if line.blank:
            following = next_text(lines, place)
            if following > place + 1 or following == len(lines) or not label(lines[following].text):
                break
        elif kind:
            kinds.add(kind)
            seen.append(line.text[:LOOK])
            continued, end = 0, place + 1
        elif not kinds or continued >= 3:
            break
        else:
            continued += 1
            seen.append(line.text[:LOOK])
        place += 1
    known = {kind for kind in kinds if not kind.startswith("?")}
    joined = fold(" ".join(seen)[: 2 * LOOK])
    proof = has_address(joined) or has_date(joined)
    if "from_" in known and (len(known) >= 3 or (known & {"sent", "subject"} and (proof or marked))):
        return place, True
    if len(known) >= 3 and "sent" in known and proof:
        return place, True
    foreign = marked and len(kinds) >= 3 and has_address(joined) and has_date(joined)
    return (end if foreign else place), foreign


def _foreign_label(text: str) -> str:
    head, colon, rest = text[:60].replace("：", ":").partition(":")
    return f"?{fold(head)}" if colon and rest and len(head) <= 25 and len(head.split()) <= 3 else ""


def begins_original(lines: list[Line], at: int) -> bool:
    """Whether the markup's divider at ``at`` has a quoted mail below it."""
    following = next_text(lines, at + 1)
    if lines[at].hint is Hint.ORIGINAL:
        return True
    return following < len(lines) and header_block(lines, following, marked=True)[1]


def is_drawn(line: Line) -> bool:
    return line.hint is Hint.RULE or (line.kind is Kind.NEW and is_rule(line.text))
