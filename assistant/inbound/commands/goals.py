"""Lines about goals: "KR2 45 %", "signups from 3k to 4.2k, confidence 6", "objective: I will … as measured by …"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from assistant.inbound import figures, times
from assistant.inbound.atoms import atoms
from assistant.inbound.commands.line import MARKS, MAX_NAME_WORDS, Found, Line, Rule, World, listed, one, only_day
from assistant.inbound.commands.matters import Course, Goals, History, NewObjective, Retarget, Update
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, lexicon
from assistant.inbound.points import without_bullet
from assistant.inbound.words import LANGUAGES
from assistant.inbound.words.fold import Lexicon, split, words

CODES = frozenset({"kr", "kpi", "okr", "se", "rs", "sl"})
"""What stands before the number of a key result; the last ones are Romance and German short forms."""
MAX_MEASURE_WORDS = 6
OUTLOOK_TOP = 10.0
UNITS = frozenset(
    {"%", "€", "$", "£", "h", "ms", "s", "min", "pts", "days", "users", "hours", "eur", "usd", "tage", "d"}
)


def measure_in(line: Line, at: int, world: World) -> tuple[str, int] | None:
    """The measure named at word ``at`` and the place behind: a known name, or a code as "KR2", "kr 2.1"."""
    match = _known(tuple(world.known.measures)).match(line.folded, at)
    if match is not None and not _goes_on(line, at + match[1]):
        return match[0], at + match[1]
    if at + 1 >= len(line.folded) or line.folded[at] not in CODES or not line.folded[at + 1].isdecimal():
        return None
    token, after = line.tokens[at + 1], at + 2
    if token.start - line.tokens[at].end > 1 or len(token.folded) > 3:
        return None
    code = f"{line.folded[at].upper()}{int(token.folded)}"
    if line.text[token.end : token.end + 1] == "." and after < len(line.folded):
        following = line.tokens[after]
        if following.folded.isdecimal() and following.start == token.end + 1 and len(following.folded) < 3:
            return f"{code}.{int(following.folded)}", after + 1
    return code, after


def _goes_on(line: Line, after: int) -> bool:
    """The "KR2" of "KR2.1" is another one."""
    if after >= len(line.tokens) or not line.folded[after].isdecimal() or not line.folded[after - 1].isdecimal():
        return False
    return line.text[line.tokens[after - 1].end : line.tokens[after].start] == "."


@cache
def _known(names: tuple[str, ...]) -> Lexicon[str]:
    return Lexicon((name, name) for name in names)


@dataclass(frozen=True, slots=True)
class _Tail:
    """What follows a measure: ``links`` are the words before the figure, ``comment`` what stands behind it."""

    value: float | None
    unit: str
    previous: float | None
    outlook: float | None
    comment: str
    sure: float
    more: bool = False


def _update(line: Line, world: World) -> Found | None:
    """ "KR2 45 %", "KR2: 45%", "signups 4.2k, confidence 6", "kpi churn 3.2 %", "KR2 done"."""
    if not line.folded:
        return None
    head = line.head("kpi") if len(line.folded) > 1 else None
    begin = head.after if head and head.after < len(line.folded) and not line.folded[head.after].isdecimal() else 0
    setting = line.head("set_value") if not begin else None
    begin = setting.after if setting is not None else begin or int(line.folded[0] in _articles())
    if begin >= len(line.folded):
        return None
    found = measure_in(line, begin, world)
    sure = CLEAR
    if found is None and setting is None:
        found = _unknown(line, begin, world)
        sure = TYPO if begin and head else GUESSED
    if found is None:
        return None
    measure, after = found
    kpi = bool(begin and head)
    rest = _past_dash(line.behind(after))
    tail = Line(rest)
    if " ".join(tail.folded) in keywords("done"):
        return one(Update(measure, finished=True, kpi=kpi, line=line.text, confidence=sure))
    read = _tail(rest, world)
    if read is None:
        return None
    value = Update(measure, read.value, read.unit, read.previous, read.outlook, False, kpi, read.comment, read.more)
    sure = sure if found[0] in world.known.measures or kpi or _coded(measure) else min(sure, TYPO)
    return one(replace(value, line=line.text, confidence=min(sure, read.sure)))


def _past_dash(rest: str) -> str:
    """Without what joins measure and figure; a minus right before the figure and behind a space is its sign."""
    bare = rest.lstrip(" :=-–—>→\t")
    joint = rest[: len(rest) - len(bare)]
    return f"-{bare}" if bare[:1].isdecimal() and joint[-1:] == "-" and joint[-2:-1].isspace() else bare


@cache
def _articles() -> frozenset[str]:
    return frozenset(
        {"the", "our", "my", "der", "die", "das", "le", "la", "les", "el", "il", "lo", "o", "a", "de", "het"}
    )


def _coded(measure: str) -> bool:
    return measure[:2].lower() in CODES or measure[:3].lower() in CODES


def _unknown(line: Line, begin: int, world: World) -> tuple[str, int] | None:
    """A name that nobody told us, before a figure: after "kpi", or where a confidence is told."""
    figure = next((at for at in range(begin, len(line.folded)) if line.folded[at].isdecimal()), None)
    if figure is None or figure == begin:
        return None
    kpi = begin and " ".join(line.folded[:begin]) in keywords("kpi")
    told = any(word in keywords("confidence") for word in line.folded[figure:])
    if not (kpi or told):
        return None
    at = begin + 1
    while at < figure and line.folded[at] not in keywords("is_now") | keywords("from"):
        at += 1
    name = line.text[line.tokens[begin].start : line.tokens[at - 1].end]
    return (name, at) if at - begin <= MAX_MEASURE_WORDS else None


def _tail(rest: str, world: World) -> _Tail | None:
    """The value told in "from 3k to 4.2k, confidence 6 - waiting for the audit"."""
    text, outlook = _outlook(rest, world)
    found = figures.find(text, world.language)
    if not found:
        return _Tail(None, "", None, outlook, "", CLEAR) if outlook is not None and not words(text) else None
    pair = _pair(text, found)
    chosen = pair[1] if pair else found[0]
    last = chosen
    if pair is None and len(found) > 1:
        between = text[found[0].end : found[1].start]
        if between.strip(" %") == "/" or set(words(between)) & figures.OF:
            last = found[1]
    first = found[0]
    links = words(text[: first.start])
    if not _linked(links):
        return None
    unit = _unit(text, last.end) or _unit(text, chosen.end) or _before(text, chosen.start)
    comment = text[last.end :].strip()
    comment = comment[len(unit) :].strip() if comment.lower().startswith(unit) else comment
    sure = CLEAR if chosen.certain else TYPO
    sign = text[: first.start].rstrip()[-1:]
    more = sign == "+" and pair is None and len(found) == 1
    if sign in {"+", "±"}:
        sure = min(sure, TYPO) if more else GUESSED
    if _says_more(comment, world):
        sure = min(sure, GUESSED)
    said, comment = comment[:1], comment.strip(" ,;:–—-().")
    if pair is None and len(found) > 1 and last is first:
        was = set(words(text[first.end : found[1].start])) & {
            "was",
            "war",
            "vs",
            "before",
            "from",
            "von",
            "avant",
            "era",
        }
        previous = found[1].value if was else None
        sure = sure if was or said in {",", ";", "-", "–", "(", ".", ":"} else min(sure, GUESSED)
        comment = "" if was else comment
        return _Tail(chosen.value, unit, previous, outlook, comment, sure)
    if comment and said not in {",", ";", "-", "–", "—", "(", ".", ":"} and len(words(comment)) > 3:
        sure = min(sure, GUESSED)
    return _Tail(chosen.value, unit, pair[0].value if pair else None, outlook, comment, sure, more)


def _says_more(comment: str, world: World) -> bool:
    """Whether what is behind a figure makes something else of it: "1. bis April", "50 target", "4.2k, confdnce 6"."""
    folded = words(comment)
    if not folded:
        return False
    parted = comment.lstrip()[:1] in {",", ";", "-", "–", "—", "(", ":"}
    named = len(folded) == 2 and folded[0].isalpha() and folded[1].isdecimal() and float(folded[1]) <= OUTLOOK_TOP
    signed = comment.lstrip()[:1] in {"-", "−"} and comment.lstrip()[1:2].isdecimal()
    dated = not parted and next(times.find_days(comment, world.today, world.language), None) is not None
    monthly = comment.lstrip()[:1] == "." and any(atom.has("month") for atom in atoms(comment, world.language))
    both = not parted and bool({*folded} & keywords("from")) and bool({*folded} & keywords("to"))
    aimed = not parted and folded[0] in keywords("target")
    return named or signed or dated or monthly or both or aimed


def _pair(text: str, found: list[figures.Figure]) -> tuple[figures.Figure, figures.Figure] | None:
    """ "From 3k to 4.2k", "3k -> 4.2k"."""
    if len(found) < 2:
        return None
    between = text[found[0].end : found[1].start]
    arrow = "->" in between or "→" in between or "=>" in between
    joined = [word for word in words(between) if word not in UNITS]
    led = set(words(text[: found[0].start])) & keywords("from")
    to = joined and all(word in _onwards() for word in joined)
    return (found[0], found[1]) if arrow or (to and led) or (to and len(joined) == 1 and joined[0] == "to") else None


@cache
def _onwards() -> frozenset[str]:
    return frozenset(word for key in ("to", "is_now") for phrase in keywords(key) for word in phrase.split())


def _linked(links: tuple[str, ...]) -> bool:
    """Whether the words between measure and figure only join them."""
    joining = _onwards() | keywords("from") | _articles() | {"about", "ca", "circa", "approx", "around", "we", "are"}
    return all(word in joining for word in links)


def _unit(text: str, at: int) -> str:
    rest = text[at : at + 12].lstrip()
    if rest[:1] in {"%", "€", "$", "£"}:
        return rest[0]
    word = words(rest)[:1]
    tight = rest[: len(word[0])].lower() if word else ""
    return word[0] if word and tight == word[0] and word[0] in UNITS else ""


def _before(text: str, at: int) -> str:
    mark = text[:at].rstrip()[-1:]
    return mark if mark in {"€", "$", "£"} and mark else ""


def _outlook(text: str, world: World) -> tuple[str, float | None]:
    """The text without "confidence 6", and the 6."""
    row = Line(text)
    for at in range(len(row.folded)):
        match = lexicon("confidence").match(row.folded, at)
        if match is None:
            continue
        begin, end = row.tokens[at].start, row.tokens[at + match[1] - 1].end
        after = figures.find(text[end : end + 24], world.language)
        if after and after[0].start <= 8 and 0 <= after[0].value <= 100:
            percent = text[end + after[0].end :].lstrip()[:1] == "%"
            until = end + after[0].end + _past_ten(text[end + after[0].end :])
            value = after[0].value / 10 if percent else after[0].value
            rest = (text[:begin].rstrip(" ,;-–—(:") + text[until:].lstrip("%").rstrip(")")).strip()
            return (rest, value) if value <= OUTLOOK_TOP else (text, None)
        before = figures.find(text[:begin], world.language)
        if before and not words(text[before[-1].end : begin]) and len(before) > 1:
            return text[: before[-1].start].rstrip(" ,;-(") + text[end:], before[-1].value
    return text, None


def _past_ten(rest: str) -> int:
    """The length of "/10", "of 10" or "out of 10"."""
    for ending in ("/10", "/ 10", " / 10", " of 10", " out of 10", " von 10", " sur 10", " de 10", " su 10", " van 10"):
        if rest.lower().startswith(ending):
            return len(ending)
    return 0


def _retarget(line: Line, world: World) -> Found | None:
    """ "KR2 target 50", "target of KR2: 50 %"."""
    whole = line.text
    if line.folded[:1] and line.folded[0] in _SETTING:
        line = replace(line, text=line.behind(1).strip())
    begin = int(bool(line.folded[1:]) and line.folded[0] in _articles())
    head = line.head("target_of", begin)
    found = measure_in(line, head.after if head else begin, world)
    if found is None:
        return None
    target = head or line.head("target", found[1], typos=True)
    after = found[1] if head else target.after if target else 0
    figure = figures.find(line.behind(after), world.language) if target else []
    if target is None or len(figure) != 1 or not _linked(words(line.behind(after)[: figure[0].start])):
        return None
    rest = line.behind(after)
    unit = _unit(rest, figure[0].end) or _before(rest, figure[0].start)
    behind = [word for word in words(rest[figure[0].end :]) if word != unit]
    sure = GUESSED if behind else min(target.sure, CLEAR if figure[0].certain else TYPO)
    return one(Retarget(found[0], figure[0].value, unit, line=whole, confidence=sure))


_SETTING = frozenset({"set", "change", "raise", "lower", "make", "setze", "setz", "andere", "erhohe", "senke"})


def _course(line: Line, world: World) -> Found | None:
    """ "track KR2", "revise KR2: 40 % by June", "KR2: replace"; alone it answers the notice that asked."""
    for choice in ("track", "revise", "replace"):
        if line.alone and line.is_in(choice) == CLEAR and line.folded[0] not in {"keep", "stay", "swap"}:
            return one(Course("", choice, line=line.text, confidence=TYPO))
        head = line.head(choice, typos=True)
        found = measure_in(line, head.after, world) if head else measure_in(line, 0, world)
        if found is None:
            continue
        verb = head or line.head(choice, found[1], typos=True)
        if verb is None:
            continue
        rest = line.behind(max(found[1], verb.after)).strip()
        marked = not rest or rest[0] in ":-–—,(" or choice == "replace"
        behind = MARKS.replace(")", "") if "(" in rest else MARKS  # "(Sam, weight 40)" belongs to the text
        text = _past_with(rest.lstrip(MARKS).rstrip(behind))
        sure = verb.sure if marked or not text else GUESSED
        if head is None and rest and not marked:
            return None
        return one(Course(found[0], choice, text, line=line.text, confidence=sure))
    return _dated(line, world) or _dropped(line, world)


def _dated(line: Line, world: World) -> Found | None:
    """ "KR2 due 1 April", "move KR2 to 1 April", "KR2 bis 1. April": a new day, and no value of 1."""
    head = line.head("move_task")
    found = measure_in(line, head.after if head else 0, world)
    if found is None:
        return None
    verb = head or line.head("move_task", found[1])
    rest = line.behind(max(found[1], verb.after if verb else 0))
    due = only_day(rest, world) if verb or words(rest)[:1] in _until() else None
    if due is None:
        return None
    return one(Course(found[0], "revise", due=due.day, line=line.text, confidence=min(due.sure, TYPO)))


@cache
def _until() -> frozenset[tuple[str, ...]]:
    senses = ("by", "until")
    return frozenset(
        words(phrase)
        for language in LANGUAGES.values()
        for sense in senses
        for phrase in split(language.relations.get(sense, ""))
    )


def _dropped(line: Line, world: World) -> Found | None:
    """ "drop KR3"."""
    head = line.head("drop")
    found = measure_in(line, head.after, world) if head else None
    return one(Course(found[0], "drop", line=line.text)) if found and found[1] == len(line.folded) else None


def _past_with(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest.strip() if first.lower() in {"with", "by", "durch", "mit", "par", "por", "con", "door", "met"} else text


GOALS_HELP = frozenset({("goals", "help"), ("help", "goals"), ("okr", "help"), ("ziele", "hilfe"), ("hilfe", "ziele")})
"""Asks what the kinds of goals are."""


def _shown(line: Line, world: World) -> Found | None:
    """ "goals", "goals of Sam", "goals of Platform", "goals help", "history of KR2"."""
    sure = line.is_in("goals")
    if sure:
        return one(Goals(line=line.text, confidence=sure)) if line.alone or len(line.folded) > 1 else None
    head = line.head("history_of")
    if head is not None and head.after < len(line.folded) and len(line.folded) - head.after <= MAX_MEASURE_WORDS:
        found = measure_in(line, head.after, world)
        told = found[0] if found and found[1] == len(line.folded) else line.behind(head.after).strip(MARKS)
        named = found is not None or told.isdecimal() or (line.alone and not world.known.questions)
        return one(History(told, line=line.text, confidence=CLEAR if named else GUESSED))
    first = line.head("history")
    found = measure_in(line, first.after, world) if first else None
    if first is not None and found is not None and found[1] == len(line.folded):
        return one(History(found[0], line=line.text, confidence=first.sure))
    found = measure_in(line, 0, world)
    last = line.head("history", found[1], typos=True) if found else None
    if found is not None and last is not None and last.after == len(line.folded):
        return one(History(found[0], line=line.text, confidence=last.sure))
    return _goals_of(line, world)


def _goals_of(line: Line, world: World) -> Found | None:
    """Of a person, or in a line of its own of whatever else is named: a team."""
    if line.folded in GOALS_HELP:
        return one(Goals("help", line=line.text))
    head = line.head("goals_of")
    if head is None:
        return None
    who = listed(line.behind(head.after), world) if line.body(head.after) is None else None
    if who is None:
        short = line.alone and 0 < len(line.folded) - head.after <= MAX_NAME_WORDS
        named = line.behind(head.after).strip(MARKS)
        sure = GUESSED if world.known.questions else TYPO  # an answer may begin so
        return one(Goals(named, line=line.text, confidence=sure)) if short else None
    asked = Goals(None if who.name == "me" else who.name, line=line.text, confidence=who.sure)
    return one(replace(asked, alternatives=tuple(Goals(other, line=line.text) for other in who.others)))


def _objective(line: Line, world: World) -> Found | None:
    """ "objective: I will … as measured by …", the measures behind it or as a list below."""
    head = line.head("objective", typos=True)
    body = line.body(head.after) if head else None
    if head is None or not body:
        return None
    row = Line(body)
    text, told = body, ""
    for at in range(1, len(row.folded)):
        match = lexicon("measured_by").match(row.folded, at)
        if match is not None:
            text, told = body[: row.tokens[at].start], row.behind(at + match[1])
            break
    measures, rows = _measures(told), 1
    for below in line.below:
        stripped = below.strip()
        led = Line(stripped)
        opening = led.head("measured_by")
        if opening is not None:
            measures += _measures(led.behind(opening.after))
        else:
            item, marked = without_bullet(stripped)
            if not (marked and item):
                break
            measures.append(item)
        rows += 1
    line_text = "\n".join([line.text, *line.below[: rows - 1]])
    made = NewObjective(text.strip(" ,;:-–—("), tuple(measures), line=line_text, confidence=head.sure)
    return one(made, rows)


def _measures(text: str) -> list[str]:
    """What is told after "as measured by", apart at commas, semicolons and the last "and"."""
    pieces = text.strip(" :.)").replace(";", ",\n").replace(", ", ",\n").split(",\n")
    row = Line(pieces[-1])
    joined = [token for token in row.tokens if token.folded in keywords("and")]
    if len(joined) == 1:
        pieces[-1:] = [pieces[-1][: joined[0].start], pieces[-1][joined[0].end :]]
    return [piece.strip(" .,") for piece in pieces if piece.strip(" .,")]


RULES: tuple[Rule, ...] = (_objective, _retarget, _course, _shown, _update)
