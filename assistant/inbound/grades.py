"""A grade in plain words: "4,100. Through the harbour fairs. Learned: ads bring nobody"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.inbound import figures
from assistant.inbound.points import parse
from assistant.inbound.words.fold import Token, tokens

MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class GradeRead:
    """``reached`` holds the figure, ``how`` what led to it, ``learned`` what is worth keeping; each may be empty."""

    reached: str = ""
    how: str = ""
    learned: str = ""


def read(text: str) -> GradeRead:
    """Parts may be labelled ("Reached: … How: … Learned: …"); else the first sentence with a figure is the result."""
    body = " ".join(row.body for row in parse(text[:MAX_TEXT]))
    parts = _labelled(body)
    loose = parts.pop("", "")
    first, rest = _first_figure(loose)
    reached = parts.get("reached") or first
    how = parts.get("how") or (rest if reached == first else loose)
    return GradeRead(*(part.strip(" .;,") for part in (reached, how, parts.get("learned", ""))))


def _labelled(body: str) -> dict[str, str]:
    """The text by its labels; what stands before the first is under ""."""
    found: dict[str, str] = {}
    key, begin = "", 0
    row = [token for token in tokens(body) if token.is_word]
    for place, token in enumerate(row):
        label = LABELS.get(token.folded)
        alone = label is not None and _begins(body, token.start) and (_marked(body, token.end) or _is_verb(row, place))
        if label is not None and alone and label not in found:
            found[key] = (found.get(key, "") + " " + body[begin : token.start]).strip()
            key = label
            begin = token.end + (body[token.end :].find(":") + 1 if _marked(body, token.end) else 0)
    found[key] = (found.get(key, "") + " " + body[begin:]).strip(" :")
    return found


def _begins(body: str, at: int) -> bool:
    """At the beginning of a sentence or a part of one."""
    before = body[:at].rstrip()
    return not before or before[-1] in ".;,:-–—*_)" or before.endswith(" and") or before.endswith(" und")


def _marked(body: str, at: int) -> bool:
    return body[at : at + 3].lstrip(" *_")[:1] == ":"


def _is_verb(row: Sequence[Token], place: int) -> bool:
    """ "learned that …", "learned to …": a label without its colon."""
    after = row[place + 1].folded if place + 1 < len(row) else ""
    return LABELS[row[place].folded] == "learned" and after in {"that", "to", "dass", "zu", "not"}


def _first_figure(text: str) -> tuple[str, str]:
    """The first clause that holds a figure, and what follows it."""
    found = figures.find(text, "en")
    if not found:
        done = text.split(None, 1)
        if done and done[0].strip(".,;:").lower() in ("done", "reached", "erledigt", "erreicht", "geschafft"):
            return done[0].strip(".,;:"), done[1] if len(done) > 1 else ""
        return "", text
    end = found[0].end
    while end < len(text) and not (text[end] in ".;,\n–—" and text[end + 1 : end + 2] in ("", " ")):
        end += 1
    return text[:end], text[end + 1 :].strip()


LABELS = {
    **dict.fromkeys(("reached", "result", "erreicht", "ergebnis"), "reached"),
    **dict.fromkeys(("how", "wie", "weg"), "how"),
    **dict.fromkeys(("learned", "learnt", "lesson", "lessons", "learning", "gelernt", "lehre"), "learned"),
}
