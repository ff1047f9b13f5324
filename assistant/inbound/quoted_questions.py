"""Which questions a quoted text holds, however a mail client mangled it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.domain.questions import Question
from assistant.inbound import points
from assistant.inbound.words.fold import words

ALIKE, NUMBERED_ALIKE = 0.7, 0.4
"""How much of a question's words must be there, and how much with its number before them."""
MIN_WORDS = 3
MAX_QUOTED = 20_000
MAX_LINES = 500


def questions_in(quoted: str, questions: Sequence[Question], first_number: int) -> list[int]:
    """The indexes of the questions in a quoted text, in its order; what stands below answers the last."""
    if not quoted.strip():
        return []
    quoted = quoted[-MAX_QUOTED:]
    compact = "".join(words(quoted))
    texts = ["".join(words(question.text)) for question in questions]
    places: dict[int, int] = {}
    for index, wanted in enumerate(texts):
        place = compact.rfind(wanted) if texts.count(wanted) == 1 and wanted else -1
        if place >= 0:
            places[index] = place
    twins = {index for index, wanted in enumerate(texts) if texts.count(wanted) > 1}
    places.update(_numbered(quoted, {index: questions[index].text for index in twins}, first_number))
    if len(places) < len(questions):
        for index, place in _alike(quoted, questions, first_number).items():
            if index not in twins:
                places.setdefault(index, place)
    return sorted(places, key=lambda index: places[index])


def _numbered(quoted: str, twins: Mapping[int, str], first_number: int) -> dict[int, int]:
    """Questions of the same words, as the points of two meetings: their numbers tell them apart, and nothing else may,
    since they have different readers."""
    found: dict[int, int] = {}
    spaced = f" {' '.join(words(quoted))} " if twins else ""
    for index, text in twins.items():
        place = spaced.rfind(f" {first_number + index} {' '.join(words(text))} ")
        if place >= 0:
            found[index] = len(spaced[:place].replace(" ", ""))
    return found


def _alike(quoted: str, questions: Sequence[Question], first_number: int) -> dict[int, int]:
    """Questions whose words are mostly there, with their places in the compact text."""
    found: dict[int, int] = {}
    place = 0
    for chunk in _chunks(quoted):
        held = {word for row in chunk for word in words(row.body)}
        number = chunk[0].number
        best, score = -1, 0.0
        for index, question in enumerate(questions):
            wanted = set(words(question.text))
            share = len(wanted & held) / len(wanted) if wanted else 0.0
            own = number is not None and number == first_number + index
            if (share >= ALIKE and len(wanted) >= MIN_WORDS) or (own and share >= NUMBERED_ALIKE):
                weight = share + own
                if weight > score:
                    best, score = index, weight
        if best >= 0:
            found[best] = place
        place += sum(len("".join(words(row.raw))) for row in chunk)
    return found


def _chunks(quoted: str) -> list[list[points.Row]]:
    """Quoted lines, each question with the lines it was wrapped into."""
    groups: list[list[points.Row]] = []
    for row in points.parse("\n".join(line.lstrip("> |") for line in quoted.splitlines()[-MAX_LINES:])):
        if not groups or row.marked or row.blank_before:
            groups.append([])
        groups[-1].append(row)
    return groups
