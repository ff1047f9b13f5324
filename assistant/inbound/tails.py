"""The ends of what was written: signatures and client footers, and the small print under them."""

from __future__ import annotations

from assistant.inbound.cards import BLOCK, closings, cut_contacts, headed_by, is_picture, names_sender, on_card
from assistant.inbound.evidence import has_contact
from assistant.inbound.footers import cut_footer, last_new
from assistant.inbound.lines import Hint, Kind, Line, cut_all, is_rule, previous_text
from assistant.inbound.phrases import fold
from assistant.inbound.smallprint import WRAP, heads_legal, is_legal, is_list_footer, names_list

_DELIMITERS = {"--", "—", "–", "––", "——", "-- --"}
_WEAK_DELIMITERS = {"---", "___", "__", "***", "==", "===", "- - -", "~~~", "-"}
_DRAWN = "-—–_*=~#─━⎯‐‑‒―＊＝－"
_MARKS_ABOVE = " +~•·.:*=#_-|/\\<>°"
"""What people draw right above their signature."""
_SMALL_PRINT = 80
"""In so many last lines legal text and list footers may begin."""
_SHORT = 80


def cut_tails(lines: list[Line], senders: list[tuple[str, str]]) -> None:
    """Cut the end of each written part: from a signature mark, a footer or legal text to where the part ends."""
    name = senders[0][0] or senders[0][1].partition("@")[0].replace(".", " ") if senders else ""
    start = 0
    before = False
    quoted = any(line.kind is Kind.QUOTE for line in lines)
    name = fold(name)
    for place in range(len(lines) + 1):
        if place < len(lines) and (lines[place].kind is Kind.NEW or not lines[place].text):
            continue
        run = lines[start:place]
        if any(line.new for line in run):
            _cut_tail(run, before, before or quoted, name)
            before = before or any(line.new for line in run)
        start = place + 1


def _cut_tail(run: list[Line], before: bool, elsewhere: bool, name: str) -> None:
    """``before``: something was written above this part; ``elsewhere``: or quoted, so that it may all be a tail."""
    _cut_delimited(run, elsewhere, name)
    _cut_paragraphs(run, before, elsewhere)
    _cut_dangling(run)
    found = _cut_footers(run, elsewhere, name)
    if found:
        _cut_delimited(run, elsewhere, name)
    if cut_contacts(run, name):
        _cut_footers(run, elsewhere, name)
    elif not found:
        return
    _cut_dangling(run)


def _cut_footers(run: list[Line], elsewhere: bool, name: str) -> bool:
    rounds = 0
    while rounds < BLOCK and (cut_footer(run, name, elsewhere) or _cut_dashed_name(run, name)):
        rounds += 1
    return rounds > 0


def _cut_delimited(run: list[Line], elsewhere: bool, name: str) -> None:
    written = [
        place
        for place, line in enumerate(run)
        if (line.text and line.kind is Kind.NEW) or line.hint is Hint.RULE  # spelled out: this runs for every line
    ]
    for count, place in enumerate(written):
        if not (count or elsewhere):
            continue
        text = run[place].text or "---"  # a line drawn by the markup
        bare = text.strip()
        if bare[:1] not in _DRAWN:
            continue
        if bare.strip("_,.") == "" and "_,_." in bare:
            cut_all(run[place:], Kind.LIST, "footer of a group")
            return
        if bare in _DELIMITERS and text[:1] not in " \t":
            cut_all(run[place:], Kind.SIGNATURE, "signature mark")
            return
        if bare in _WEAK_DELIMITERS or is_rule(bare):
            rest = [run[other] for other in written[count + 1 : count + BLOCK + 2] if run[other].text]
            if len(bare) > 1 and _signature_like(rest, name) and not (rest and _underlines(run, place)):
                cut_all(run[place:], Kind.SIGNATURE, "short block under a line")
                return
            if len(bare) >= 10 and names_list(rest):
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                return


def _underlines(run: list[Line], place: int) -> bool:
    """Whether a drawn line is as long as the heading right above it."""
    above = run[place - 1].text if place else ""
    return bool(above) and len(run[place].text) > 3 and abs(len(above) - len(run[place].text)) <= 2


def _signature_like(rest: list[Line], name: str) -> bool:
    if len(rest) > BLOCK or any(len(line.text) > _SHORT for line in rest):
        return False
    first = rest[0].text.split("|")[0].split() if rest else []
    named = len(first) <= 4 and all(word[:1].isupper() or not word[:1].isascii() for word in first)
    alone = len(rest) == 1 and named and len(first) <= 3 and not rest[0].text.endswith((".", "!", "?", ",", ":"))
    alone = alone and ": " not in rest[0].text
    if not rest or alone:
        return True
    sentences = sum(not on_card(line.text) for line in rest)
    if not sentences and (names_sender(name, rest[0].folded) or headed_by(name, rest[0].folded)):
        return True
    return named and sentences < 2 and any(has_contact(line.text) for line in rest)


def _cut_paragraphs(run: list[Line], before: bool, elsewhere: bool) -> None:
    """Legal text and list footers begin a paragraph and go on to the end."""
    written, below = elsewhere, before
    first = len(run) - _SMALL_PRINT
    for place, line in enumerate(run):
        if not line.new:
            continue
        if place < first:
            written = below = True
            continue
        if line.text[0] in _DRAWN and is_rule(line.text):
            continue
        if written and (
            place == 0 or not run[place - 1].new or len(line.text) > _SHORT or _is_drawn(run[place - 1].text)
        ):
            if is_legal(run, place, below):
                head = previous_text(run, place - 1)
                headed = head > 0 and run[head].new and heads_legal(run[head])
                cut_all(run[head if headed else place :], Kind.LEGAL, "legal or security text")
                break
            if is_list_footer(run, place):
                cut_all(run[place:], Kind.LIST, "footer of a mailing list")
                break
        written = below = True


def _cut_dangling(run: list[Line]) -> None:
    """Lines that are only drawn, and places of pictures, at the end of what was written."""
    last = previous_text(run, len(run) - 1)
    while last >= 0 and (
        not run[last].new
        or _is_drawn(run[last].text)
        or is_picture(run[last].text)
        or (last + 1 < len(run) and run[last + 1].kind is Kind.SIGNATURE and not run[last].text.strip(_MARKS_ABOVE))
    ):
        if run[last].new and any(line.new for line in run[:last]):
            run[last].cut(Kind.SIGNATURE, "divider")
        elif run[last].new:
            return
        last = previous_text(run, last - 1)


def _is_drawn(text: str) -> bool:
    return text.lstrip()[:1] in _DRAWN and (is_rule(text) or (len(text) > 1 and text.strip() in _WEAK_DELIMITERS))


def _cut_dashed_name(run: list[Line], name: str) -> bool:
    """A last line such as ``--Daniel``; after one dash only the sender's own name, since it may be a list.

    ``name`` is "" where the mail names no sender: then a word after a dash, under a whole sentence, is taken for it.
    """
    last = last_new(run)
    if last < 1 or not any(line.new for line in run[:last]):
        return False
    text = run[last].text.strip()
    bare = text.lstrip("-–—").strip()
    dashes = text[: len(text) - len(text.lstrip("-–—"))]
    if not dashes or not 0 < len(bare) <= 40 or not all(part.replace(".", "").isalpha() for part in bare.split()):
        return False
    above = run[previous_text(run, last - 1)].text.strip()
    known = name and fold(bare) in {name, *name.split()}
    drawn = len(dashes) > 1 and bare[:1].isupper() and len(bare.split()) <= 3
    unknown = not name and dashes == "-" and " " not in bare and above.endswith((".", "!", "?"))
    if above.startswith(dashes) or above.endswith(":") or not (known or drawn or unknown):
        return False
    run[last].cut(Kind.SIGNATURE, "name after a dash")
    return True


def closing_start(run: list[Line]) -> int:
    """Where the closing of a written part begins ("Best regards, Tom"), or its length where it has none."""
    written = [place for place, line in enumerate(run) if line.text]
    for place in written[-4:]:
        if place == written[0]:
            continue
        head, _, rest = run[place].text.partition(",")
        known = fold(head.strip(WRAP + ".,!:;。、，！")) in closings() and len(rest.split()) <= 3
        below = [run[other] for other in written if other > place]
        sentence = run[place].text.rstrip()[-1:] in {".", "!"}  # "Thank you." may be what was to be said
        if known and not sentence and all(len(line.text) <= 40 and len(line.text.split()) <= 4 for line in below):
            return place
    return len(run)
