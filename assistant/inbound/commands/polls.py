"""Polls: "poll: Where do we eat? a) Thai b) Pizza until Friday", and the votes in the replies to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.inbound import figures, times
from assistant.inbound.commands.line import MARKS, Found, Line, Rule, World, one, without_politeness
from assistant.inbound.commands.matters import ClosePoll, NewPoll, Vote
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords
from assistant.inbound.points import without_bullet
from assistant.inbound.spelled import place
from assistant.inbound.words.fold import fold, near, tokens, words

MAX_OPTIONS = 40
"""One more is read, so that somebody can be told."""
MAX_OPTION = 200
_FLAGS = ("secret", "open", "several", "ranked", "single")


def _poll(line: Line, world: World) -> Found | None:
    """ "poll: …", "secret poll: …", "ranked poll until Friday: …", with options inline or in the rows below."""
    at = 0
    flags: set[str] = set()
    while at < min(4, len(line.folded)) and line.head("poll", at, typos=at == 0) is None:
        flag = _flag_at(line, at)
        if flag is None:
            return None
        flags.add(flag[0])
        at = flag[1]
    head = line.head("poll", at, typos=at == 0)
    if head is None:
        return None
    colon = line.text.find(":", line.tokens[head.after - 1].end)
    between = line.text[line.tokens[head.after - 1].end : colon] if colon >= 0 else None
    if between is None or len(words(between)) > 8:
        return None
    closes = None
    team, between = _team(between, world)
    if words(between):
        told = _settings(between, world)
        if told is None:
            return None
        flags |= told[0]
        closes = told[1]
    text = line.everything(line.text[colon + 1 :].strip(" *_"))
    text, more, ends = _peeled(text, world)
    question, options = apart(text)
    if not question:
        return None
    flags |= more
    made = NewPoll(
        question,
        tuple(options),
        "several" in flags,
        "ranked" in flags,
        "secret" in flags,
        closes or ends,
        team,
        line=line.whole,
        confidence=head.sure if len(options) > 1 or question.endswith("?") else min(head.sure, GUESSED),
    )
    return one(made, 1 + len(line.below))


def _team(between: str, world: World) -> tuple[str, str]:
    """Who is asked, of what stands before the colon, and what else stands there: "for platform until Friday"."""
    row = Line(between)
    if not row.folded or row.folded[0] not in _FOR:
        return "", between
    for end in range(2, len(row.folded) + 1):
        rest = row.behind(end)
        if not words(rest) or _settings(rest, world) is not None:
            return between[row.tokens[1].start : row.tokens[end - 1].end], rest
    return "", between


_FOR = frozenset({"for", "in", "fur", "für", "an", "pour", "para", "per", "voor"})


def _flag_at(line: Line, at: int) -> tuple[str, int] | None:
    return next(((flag, head.after) for flag in _FLAGS if (head := line.head(flag, at)) is not None), None)


def _settings(text: str, world: World) -> tuple[set[str], date | None] | None:
    """Flags and closing day, when the text holds nothing else."""
    flags: set[str] = set()
    row = Line(text.strip(MARKS + "/"))
    closes, at = None, 0
    while at < len(row.folded):
        flag = _flag_at(row, at)
        if flag is not None:
            flags.add(flag[0])
            at = flag[1]
            continue
        found = list(times.find_days(row.behind(at), world.today, world.language))
        lead = row.head("poll_until", at)
        before = len(words(row.behind(at)[: found[0].start])) if found else 0
        if found and closes is None and before <= (lead.after - at if lead else 0):
            closes = times.due(found[0])
            at += len(words(row.behind(at)[: found[0].end]))
            continue
        if row.folded[at] in _AROUND or row.folded[at] in keywords("and") or row.folded[at] in keywords("poll"):
            at += 1
            continue
        return None
    return (flags, closes) if flags or closes else None


_AROUND = frozenset({"please", "bitte", "choice", "vote", "the", "is", "it", "them", "h", "uhr", "options", "answer"})


def _peeled(text: str, world: World) -> tuple[str, set[str], date | None]:
    """The text without what is told at its end about the poll itself, sentence by sentence."""
    flags: set[str] = set()
    closes: date | None = None
    for _ in range(6):
        stripped = text.rstrip(" \n.;,)")
        cut = max((stripped.rfind(mark) for mark in ("\n", ". ", "; ", ", ", "(", "? ", " - ", " – ")), default=-1)
        told = _settings(stripped[cut + 1 :], world) if cut > 0 else None
        if told is not None and stripped[cut] == "\n" and _is_option(stripped[cut + 1 :], told):
            break
        if told is None:
            break
        text = stripped[: cut + (stripped[cut] == "?")].rstrip(" (,;-–")
        flags |= told[0]
        closes = closes or told[1]
    if closes is None:
        found = list(times.find_days(text, world.today, world.language))
        last = found[-1] if found else None
        if last is not None and not words(text[last.end :]):
            row = Line(text[: last.end])
            for at in range(max(0, len(row.folded) - 7), len(row.folded)):
                head = row.head("poll_until", at)
                if (
                    head is not None
                    and row.tokens[at].start <= last.start + 1
                    and "\n" not in text[row.tokens[at].start :]
                ):
                    return text[: row.tokens[at].start].rstrip(" ,;-–("), flags, times.due(last)
    return text, flags, closes


def _is_option(row: str, told: tuple[set[str], date | None]) -> bool:
    """A row of its own that has a mark, or is a day and nothing that leads to one: "- Monday"; not "until Monday"."""
    led = any(Line(row).head("poll_until", at) for at in range(2))
    return without_mark(row) != row.strip() or (told[1] is not None and not led)


def apart(text: str) -> tuple[str, list[str]]:
    """The question and the options of a poll: rows below it, lettered or numbered inline, or a list after "?"."""
    rows = [row.strip() for row in text.split("\n") if row.strip()]
    if len(rows) > 1:
        question, lettered = _inline(rows[0])
        bodies = [without_mark(row) for row in rows[1:]]
        if lettered:  # a row below that has no mark as they have says more about the question
            question = " ".join([question, *(row for row, body in zip(rows[1:], bodies, strict=True) if row == body)])
            bodies = [body for row, body in zip(rows[1:], bodies, strict=True) if row != body]
        return question, [*lettered, *filter(None, bodies)][: MAX_OPTIONS + 1]
    line = rows[0] if rows else ""
    question, options = _inline(line)
    if options:
        return question, options
    head, mark, tail = line.partition("?")
    if not (mark and tail.strip()):
        head, mark, tail = line.partition(":")
        mark = "" if mark else mark
    return head.strip() + ("?" if mark else ""), _listed(tail)


def without_mark(row: str) -> str:
    """An option without its bullet, letter or number."""
    body, marked = without_bullet(row)
    if marked:
        return body.strip()
    found = tokens(row[:8])
    lead = 1 if found and found[0].folded in {"(", "["} else 0
    if len(found) > lead + 1 and found[lead + 1].folded in {")", ".", ":", "]", "-"} and _place(found[lead].folded):
        return row[found[lead + 1].end :].strip()
    return body.strip()


def _place(folded: str) -> int | None:
    """The number that a letter or digits stand for, from 1."""
    if folded.isdecimal() and len(folded) <= 2:
        return int(folded)
    return ord(folded) - 96 if len(folded) == 1 and "a" <= folded <= "z" else None


def _inline(line: str) -> tuple[str, list[str]]:
    """ "Where? a) Thai b) Pizza", "(1) Thai (2) Pizza", "A: Thai B: Pizza"."""
    found = tokens(line)
    marks: list[tuple[int, int]] = []
    for at in range(len(found) - 1):
        token, mark = found[at], found[at + 1]
        opened = at > 0 and found[at - 1].folded in {"(", "["}
        start = found[at - 1].start if opened else token.start
        free = start == 0 or line[start - 1].isspace()
        if not free or mark.start != token.end or _place(token.folded) != len(marks) + 1:
            continue
        if mark.folded in {")", "]"} or (mark.folded in {".", ":"} and line[mark.end : mark.end + 1].isspace()):
            marks.append((start, mark.end))
    if len(marks) < 2:
        return line.strip(), []
    ends = [start for start, _ in marks[1:]] + [len(line)]
    options = [line[after:end].strip(" ,;") for (_, after), end in zip(marks, ends, strict=True)]
    return line[: marks[0][0]].strip(" :-–"), [option for option in options if option][: MAX_OPTIONS + 1]


def _listed(tail: str) -> list[str]:
    """ "Thai, Pizza or Sushi", "Thai / Pizza", "Thai | Pizza"."""
    for mark in ("|", ";", " / ", "/"):
        if mark in tail:
            return [part.strip(" .") for part in tail.split(mark) if part.strip(" .")][: MAX_OPTIONS + 1]
    row = Line(tail)
    ors = [token for token in row.tokens if token.folded in _OR]
    parts, begin = [], 0
    for token in ors[-1:]:
        parts.append(tail[begin : token.start])
        begin = token.end
    pieces = [piece for part in [*parts, tail[begin:]] for piece in part.split(",")]
    found = [piece.strip(" .?") for piece in pieces if piece.strip(" .?")]
    return found[: MAX_OPTIONS + 1] if len(found) > 1 and all(len(piece) <= MAX_OPTION for piece in found) else []


_OR = frozenset({"or", "oder", "ou", "o", "of", "oppure"})


def _close(line: Line, world: World) -> Found | None:
    sure = line.is_in("close_poll")
    return one(ClosePoll(line=line.text, confidence=sure)) if sure else None


def _voted(line: Line, world: World) -> Found | None:
    """ "vote 2", "I vote for b and c" by number or letter; the options' own words only `vote` knows."""
    head = line.head("vote", typos=True)
    if head is None:
        return None
    picked = _picked(line.behind(head.after))
    if picked is None or (len(line.folded) == head.after):
        return None
    choices, ranked = picked
    sure = min(head.sure, CLEAR if line.alone else TYPO)
    return one(Vote(choices, ranked, line=line.text, confidence=sure))


def _picked(text: str) -> tuple[tuple[int, ...], bool] | None:
    """Numbers or letters and nothing else, and whether an order was told."""
    found = [
        token for token in tokens(text) if token.folded not in {",", ".", "!", "&", "+", "(", ")", "#", ";", ":", '"'}
    ]
    choices: list[int] = []
    ranked = False
    for token in found:
        place = _place(token.folded)
        if token.folded in {">", "→"} or token.folded in keywords("then"):
            ranked = True
        elif place is not None and not (token.folded in keywords("and") and choices and len(token.folded) == 1):
            choices.append(place)
        elif (
            token.folded not in keywords("and") and token.folded not in keywords("option") and token.folded not in _FILL
        ):
            return None
    return (tuple(dict.fromkeys(choices)), ranked) if choices else None


_FILL = frozenset(
    {"-", "options", "optionen", "option", "please", "bitte", "first", "for", "für", "fur", "the", "is", "st"}
)


def vote(
    text: str, options: Sequence[str], *, several: bool = False, ranked: bool = False, language: str = "en"
) -> Vote | None:
    """The vote in a whole reply to a poll with these options, or None where it holds none.

    A number that no option has is kept, to be answered by a mail. Below the floor it is to be asked about: more than
    one choice where one is wanted, words that fit two options.
    """
    bare = _bare(text)
    if not bare or len(bare) > 2_000:
        return None
    line = Line(" ".join(bare.split("\n")))
    head = line.head("vote", typos=True)
    body = line.behind(head.after).strip(" :") if head and head.after < len(line.folded) else line.text
    exact = _named(body, options)
    picked = None if exact is not None and len(exact) == 1 else _picked(body) or _listed_vote(bare)
    if picked is not None:
        choices, order = picked
        sure = CLEAR
    else:
        said = bare if head is None else body
        found = _several(said, options) or _spoken(said, options) or _worded(said, len(options), several)
        if not found:
            return None
        (choices, sure), order = found, False
    if len(choices) > 1 and not (several or ranked or order):
        sure = min(sure, GUESSED)
    made = Vote(choices, ranked or order, line=text.strip(), confidence=sure)
    doubtful = sure < TYPO and not several and len(choices) > 1
    return replace(made, alternatives=tuple(Vote((one_,), line=made.line) for one_ in choices)) if doubtful else made


def _worded(text: str, count: int, several: bool) -> tuple[tuple[int, ...], float] | None:
    """The places told in words, "zwei" or "definitely the second one", or a number or letter before its reason."""
    head = _before_reason(text)
    picked = _picked(head) if head != text and len(words(head)) <= MOST_PICKED else None
    if picked is not None:
        return (picked[0], 0.9) if len(picked[0]) == 1 else None
    folded = words(head)
    if several and folded and folded[0] in _ALL and set(folded[1:]) <= _FILL | _SAID:
        return tuple(range(1, count + 1)), 0.9
    told: list[int] = []
    for word in folded[: MOST_SAID + 1]:
        at = place(word, count)
        number = figures.spelled(word) if at is None and word not in figures.ARTICLES else None
        if at is None and number is None and word not in _FILL | _SAID | keywords("and") | figures.ARTICLES:
            return None
        told += [at] if at is not None else [int(number)] if number and word != "one" else []
    alone = [word for word in folded if word not in _FILL | _SAID]
    told = told or ([1] if alone == ["one"] else [])
    return (tuple(dict.fromkeys(told)), 0.9) if told and len(folded) <= MOST_SAID else None


def _before_reason(text: str) -> str:
    """What stands before "because …", a comma, a bracket or a dash."""
    for token in tokens(text):
        if token.start and (token.folded in _REASONS or token.folded in {",", "(", ";", ":", "–", "—"}):
            return text[: token.start].strip(" .,:;-–—(")
        if token.start and token.folded == "-" and text[token.start - 1].isspace():
            return text[: token.start].strip()
    return text


def _several(text: str, options: Sequence[str]) -> tuple[tuple[int, ...], float] | None:
    """ "Thai and sushi": every piece names one option."""
    if _named(text, options) is not None:
        return None
    row = Line(text)
    cuts = [(token.start, token.end) for token in row.tokens if token.folded in keywords("and") | _AND]
    cuts += [(at, at + 1) for at, letter in enumerate(text) if letter in ",&+/"]
    pieces, begin = [], 0
    for start, end in [*sorted(cuts)[:MAX_OPTIONS], (len(text), len(text))]:
        pieces.append(text[begin:start].strip(MARKS))
        begin = max(begin, end)
    found = [_spoken(piece, options) for piece in pieces if piece]
    if len(found) < 2 or any(one_ is None or len(one_[0]) != 1 or one_[1] < TYPO for one_ in found):
        return None
    choices = tuple(dict.fromkeys(one_[0][0] for one_ in found if one_ is not None))
    return (choices, 0.9) if len(choices) > 1 else None


MOST_PICKED = 4
MOST_SAID = 8
_AND = frozenset({"sowie", "plus", "also", "auch", "aussi", "tambien", "tambem", "anche", "ook", "as", "well"})
_REASONS = frozenset({"because", "since", "weil", "da", "denn", "car", "parce", "porque", "pois", "perche", "omdat",
                      "want", "cause", "puisque", "ya", "dato"})  # fmt: skip
_ALL = frozenset({"all", "alle", "both", "beide", "tous", "toutes", "todos", "todas", "tutti", "tutte", "allemaal",
                  "every", "everything", "alles"})  # fmt: skip
_SAID = frozenset(
    word
    for phrase in (
        "i ich je yo eu io ik would go with will take pick choose prefer want my vote choice is the one definitely",
        "clearly surely of them those dem den der die das dritte la le les el los il lo o a de het une un",
        "nehme wähle möchte will bin für klar eindeutig definitiv prends choisis veux voto prefiero elijo quiero",
        "scelgo prendo voglio escolho prefiro quero kies neem graag ga voor pour para per please bitte por favor",
        "number option nummer numéro número numero it its s d m am ll think guess said say in this case ihnen davon",
        "wäre ware super great good gut prima toll best beste opcion opción optie opzione opção opcao variante fine",
        "c est natürlich auf jeden fall absolutely sure certainly obviously me mir mich von both",
    )
    for word in words(phrase)
)
"""What may stand around a place that is voted for."""


def _bare(text: str) -> str:
    return "\n".join(row.strip() for row in text.strip().splitlines() if row.strip()).strip(" .!")


def _listed_vote(text: str) -> tuple[tuple[int, ...], bool] | None:
    """One number or letter a row, best first."""
    rows = [row.strip() for row in text.split("\n")]
    picked = [_picked(row) for row in rows] if len(rows) > 1 else []
    if not picked or any(row is None or len(row[0]) != 1 for row in picked):
        return None
    return tuple(row[0][0] for row in picked if row), True


def _named(text: str, options: Sequence[str]) -> tuple[int, ...] | None:
    folded = words(text)
    same = [at for at, option in enumerate(options, 1) if words(option) == folded]
    return tuple(same) if folded and same else None


def _spoken(text: str, options: Sequence[str]) -> tuple[tuple[int, ...], float] | None:
    """The options whose own words stand in the text, in its order."""
    exact = _named(text, options)
    if exact is not None:
        return exact, CLEAR if len(exact) == 1 else GUESSED
    folded = f" {' '.join(words(text))} "
    held = [(folded.find(f" {' '.join(words(o))} "), at) for at, o in enumerate(options, 1) if words(o)]
    found = sorted(pair for pair in held if pair[0] >= 0)
    longest = [
        (place, at)
        for place, at in found
        if not any(at != b and _inside(options[at - 1], options[b - 1]) for _, b in found)
    ]
    if longest:
        denied = any(word in _DENIED for word in words(text))
        short = len(words(text)) <= sum(len(words(options[at - 1])) for _, at in longest) + 6
        return tuple(at for _, at in longest), GUESSED if denied or not short else 0.9
    said = _unframed(tuple(without_politeness(words(text))), options)
    begun = [at for at, o in enumerate(options, 1) if said and words(o)[: len(said)] == said]
    alike = [at for at, o in enumerate(options, 1) if said and near(" ".join(said), " ".join(words(o)))]
    part = [at for at, o in enumerate(options, 1) if len(said) == 1 and len(said[0]) > 3 and said[0] in words(o)]
    for ranks, sure in ((begun, 0.9), (alike, TYPO), (part, TYPO)):
        if ranks:
            return tuple(ranks), sure if len(ranks) == 1 else GUESSED
    return None


def _unframed(said: tuple[str, ...], options: Sequence[str]) -> tuple[str, ...]:
    """The words of an option without "for", "I would take" before them, which no option has."""
    own = {word for option in options for word in words(option)}
    at = next((at for at, word in enumerate(said) if word in own or word not in _SAID), 0)
    return said[at:]


def _inside(short: str, long: str) -> bool:
    return short != long and f" {' '.join(words(short))} " in f" {' '.join(words(long))} "


_DENIED = frozenset(
    fold(word)
    for word in (
        "not",
        "no",
        "nicht",
        "kein",
        "pas",
        "non",
        "não",
        "niet",
        "except",
        "außer",
        "anything",
        "everything",
        "never",
        "without",
        "keine",
        "keinen",
        "bloß",
        "ohne",
        "nie",
        "sauf",
        "salvo",
        "excepto",
        "tranne",
        "behalve",
        "alles",
        "tout",
        "todo",
        "tutto",
        "tudo",
    )
)

RULES: tuple[Rule, ...] = (_close, _poll, _voted)
