"""Feedback, praise and wins; points of an agenda, announcements and decisions: all have a body in free words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from assistant.inbound import times
from assistant.inbound.commands.base import Command
from assistant.inbound.commands.line import (
    MARKS,
    Found,
    Head,
    Line,
    Rule,
    Who,
    World,
    listed,
    one,
    people,
    person,
    without_politeness,
)
from assistant.inbound.commands.matters import (
    AddPoint,
    Announce,
    AskDecision,
    AskFeedback,
    Decide,
    FeedbackRhythm,
    GiveFeedback,
    MyPlan,
    PlanPart,
    Praise,
    Seen,
    Share,
    Win,
)
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, lexicon
from assistant.inbound.points import without_bullet
from assistant.inbound.words import lexicon as by_meaning
from assistant.inbound.words.fold import Lexicon, words

MAX_HEAD = 60
"""How far into a line the colon may stand behind "feedback for Sam"."""


@cache
def kinds() -> Lexicon[str]:
    """What people call a kind of mail or meeting."""
    return by_meaning(lambda language: dict(language.kinds), "en")


def kind_of(text: str) -> str | None:
    """The kind of meeting or mail that a text names and nothing else."""
    folded = tuple(word for word in words(text) if word not in _ARTICLES)
    return kinds().get(folded) or None


_ARTICLES = frozenset(
    {
        *(
            "the",
            "our",
            "my",
            "next",
            "der",
            "die",
            "das",
            "den",
            "dem",
            "des",
            "unser",
            "unsere",
            "nächste",
            "le",
            "la",
        ),
        *(
            "l",
            "les",
            "el",
            "los",
            "il",
            "lo",
            "o",
            "a",
            "os",
            "as",
            "de",
            "het",
            "du",
            "del",
            "della",
            "do",
            "da",
            "s",
        ),
        *("mail", "mails", "ons", "onze", "nosso", "nossa", "nuestro", "nuestra", "notre", "nostro", "nostra", "this"),
    }
)


# Feedback


def _feedback(line: Line, world: World) -> Found | None:
    """ "feedback for Sam: …", "private feedback for Sam: …", "feedback for Sam (private): …"."""
    private, at = None, 0
    for secret, key in ((True, "private"), (False, "public")):
        lead = line.head(key)
        if lead is not None and line.head("feedback_for", lead.after) is not None:
            private, at = secret, lead.after
    head = line.head("feedback_for", at, typos=False)
    colon = line.text.find(":", line.tokens[head.after - 1].end) if head else -1
    if head is None or colon < 0 or colon - line.tokens[head.after - 1].end > MAX_HEAD:
        return None
    name, told = _privacy(line.text[line.tokens[head.after - 1].end : colon])
    who = person(name, world)
    text = line.everything(line.text[colon + 1 :].strip(" *_"))
    if who is None or not text:
        return None
    private = told if told is not None else private
    made = GiveFeedback(who.name, text, private, line=line.whole, confidence=min(head.sure, who.sure))
    others = tuple(replace(made, to=other, confidence=CLEAR) for other in who.others)
    return one(replace(made, alternatives=others), 1 + len(line.below))


def _privacy(name: str) -> tuple[str, bool | None]:
    """ "Sam (private)", "Sam, privately"."""
    row = Line(name)
    for at in range(len(row.folded)):
        for secret, key in ((True, "private"), (False, "public")):
            head = row.head(key, at)
            if head is not None and head.after == len(row.folded) and at:
                return name[: row.tokens[at].start].strip(MARKS), secret
    return name, None


def _asked(line: Line, world: World) -> Found | None:
    """ "ask Sam for feedback on the demo", "feedback from Sam and Ana on the demo please"."""
    head = line.head("ask")
    if head is not None:
        for at in range(head.after + 1, min(head.after + 8, len(line.folded))):
            wish = line.head("for_feedback", at)
            if wish is not None:
                names = line.text[line.tokens[head.after].start : line.tokens[at].start]
                return _request(line, names, wish.after, world)
    head = line.head("feedback_from")
    if head is None or line.body(head.after) is not None:
        return None
    about = next((at for at in range(head.after + 1, len(line.folded)) if line.folded[at] in _about()), None)
    end = about if about is not None else len(line.folded)
    names = line.text[line.tokens[head.after].start : line.tokens[end - 1].end] if end > head.after else ""
    return _request(line, names, end, world)


@cache
def _about() -> frozenset[str]:
    return frozenset(phrase for phrase in keywords("about") if " " not in phrase)


def _request(line: Line, names: str, after: int, world: World) -> Found | None:
    who = people(names, world)
    rest = line.behind(after)
    link = line.head("about", after)
    topic = line.behind(link.after).strip(MARKS) if link else rest.strip(MARKS)
    if not who or (words(rest) and link is None and not _polite(rest)):
        return None
    topic = topic.rstrip("?! ")
    topic = "" if _polite(topic) else _without_please(topic)
    sure = min(person.sure for person in who)
    asked = AskFeedback(tuple(person.name for person in who), topic, line=line.text, confidence=sure)
    return one(replace(asked, alternatives=_others(asked, who)))


def _others(asked: AskFeedback, who: list[Who]) -> tuple[Command, ...]:
    return tuple(replace(asked, of=(other,), confidence=CLEAR) for other in who[0].others) if len(who) == 1 else ()


_PLEASE = frozenset(
    {"please", "pls", "bitte", "bitten", "svp", "stp", "thanks", "danke", "merci", "aub", "vragen", "vraag"}
)


def _polite(text: str) -> bool:
    return all(word in _PLEASE for word in words(text))


def _without_please(text: str) -> str:
    head, _, last = text.rpartition(" ")
    return head.strip(MARKS) if _polite(last) and words(last) else text


_RHYTHMS = ("weekly", "monthly", "quarterly", "never")


def _rhythm(line: Line, world: World) -> Found | None:
    """ "feedback monthly", "feedback never please"."""
    head = line.head("own_feedback", typos=True)
    if head is None or head.after == len(line.folded):
        return None
    said = " ".join(without_politeness(line.folded[head.after :]))
    every = next((each for each in _RHYTHMS if said in keywords(each)), None)
    return one(FeedbackRhythm(every, line=line.text, confidence=head.sure)) if every else None


def _shared(line: Line, world: World) -> Found | None:
    sure = line.is_in("share_it")
    return one(Share(line=line.text, confidence=sure)) if sure == CLEAR else None


# Development plans


def _plan(line: Line, world: World) -> Found | None:
    """ "my plan", "plan of Sam"."""
    if line.alone and line.is_in("my_plan") == CLEAR:
        return one(MyPlan(line=line.text))
    head = line.head("plan_of")
    who = listed(line.behind(head.after), world) if head is not None and line.alone else None
    if who is None:
        return None
    return one(MyPlan(who.name, line=line.text, confidence=who.sure))


_PARTS = ("step", "aspiration", "skill", "gap")


def _part(line: Line, world: World) -> Found | None:
    """ "plan step: take the course by March", "plan skill: writing"."""
    found = (_bodied(line, f"plan_{part}", _planned(part, world)) for part in _PARTS)
    return next((each for each in found if each is not None), None)


def _planned(part: str, world: World) -> Callable[[str, str, float], Command]:
    def make(text: str, row: str, sure: float) -> Command:
        days = [match for match in times.find_days(text, world.today, world.language) if match.relation in _BY]
        due = times.due(days[-1]) if days and part == "step" else None
        return PlanPart(part, text, due, line=row, confidence=sure)

    return make


# Praise and wins


def _praise(line: Line, world: World) -> Found | None:
    """ "praise Sam: …", "thanks to Sam for …", "kudos to Sam and Ana: …"."""
    head = line.head("praise", typos=False)
    if head is None or head.after >= len(line.folded):
        return None
    start = line.tokens[head.after].start
    colon = line.text.find(":", start)
    for at in range(head.after + 1, min(head.after + 9, len(line.folded))):
        link = line.head("because", at)
        begin = line.tokens[at].start
        if link is not None and (colon < 0 or begin < colon):
            text = line.behind(link.after).strip(MARKS)
            return _praised(line, people(line.text[start:begin], world), text, min(head.sure, TYPO)) if text else None
    if 0 <= colon < start + MAX_HEAD:
        text = line.text[colon + 1 :].strip(" *_")
        return _praised(line, people(line.text[start:colon], world), text, head.sure) if text else None
    end = next((at for at, letter in enumerate(line.text) if letter in "!–—" and at > start), -1)
    text = line.text[end + 1 :].strip(MARKS)
    if 0 <= end < start + MAX_HEAD and len(words(text)) > 1:
        return _praised(line, people(line.text[start:end], world), text, min(head.sure, TYPO))
    return None


def _praised(line: Line, who: list[Who], text: str, most: float) -> Found | None:
    """Praise in a sentence is certain only on its own and of somebody who is known."""
    if not who:
        return None
    sure = min(most, *(person.sure for person in who))
    if most < CLEAR and not (line.alone and all("@" in person.name for person in who)):
        sure = GUESSED
    return one(Praise(tuple(person.name for person in who), text, line=line.text, confidence=sure))


def _win(line: Line, world: World) -> Found | None:
    return _bodied(line, "win", lambda text, row, sure: Win(text, line=row, confidence=sure))


# Agendas, announcements, decisions


def _point(line: Line, world: World) -> Found | None:
    """ "agenda: …", "agenda for the review: …", "add to agenda …", "agenda:" above a list."""
    head = line.head("point_for")
    begin = line.tokens[head.after - 1].end if head else 0
    for colon in [at for at, letter in enumerate(line.text[:MAX_HEAD]) if letter == ":" and at > begin] if head else []:
        kind, text = kind_of(line.text[begin:colon]), line.text[colon + 1 :].strip(" *_")
        if kind and text and not text[0].isdecimal():
            return one(AddPoint(text, kind, line=line.text))
    found = _bodied(line, "point", lambda text, row, sure: AddPoint(text, line=row, confidence=sure))
    if found is not None:
        return found
    head = line.head("point")
    if head is not None and 1 < head.after < len(line.folded):
        return one(AddPoint(line.behind(head.after).strip(" .:"), line=line.text, confidence=head.sure))
    return None


def _added(line: Line, world: World) -> Found | None:
    """ "add … to the agenda", "put … on the agenda of the review"."""
    lead = line.head("add") or _verb_last(line)
    if lead is None:
        return None
    for at in range(lead.after + 1, len(line.folded)):
        match = lexicon("to_agenda").match(line.folded, at)
        if match is None:
            continue
        rest = line.behind(at + match[1])
        after = rest.strip(" .!?")
        text = line.text[line.tokens[lead.after].start : line.tokens[at].start].strip(MARKS)
        kind = kind_of(_past_link(after)) if after else None
        if after.startswith(":"):
            text, kind = after.strip(" :"), None
        elif after and kind is None and not _polite(after) and words(after) not in (("hinzu",), ("toe",)):
            return None
        return one(AddPoint(text, kind, line=line.text)) if text else None
    return None


def _verb_last(line: Line) -> Head | None:
    """ "Preise auf die Agenda setzen": German puts the verb last, and the point first."""
    for size in (5, 4, 3):
        phrase = " ".join(line.folded[-size:])
        asked = line.head("request") is not None  # those are taken off first
        if (
            not asked
            and len(line.folded) > size
            and phrase in keywords("to_agenda")
            and line.folded[-1] not in {"agenda", "please"}
        ):
            return Head(0, CLEAR)
    return None


def _past_link(text: str) -> str:
    first, _, rest = text.partition(" ")
    return (
        rest
        if first.lower() in {"of", "for", "von", "für", "der", "des", "de", "du", "van", "voor", "di", "per"}
        else text
    )


def _announced(line: Line, world: World) -> Found | None:
    head = line.head("announce", typos=True)
    body = line.body(head.after) if head else None
    text = line.everything(body) if body is not None else ""
    if head is None or not text:
        return None
    return one(Announce(text, line=line.whole, confidence=head.sure), 1 + len(line.below))


def _seen(line: Line, world: World) -> Found | None:
    sure = line.is_in("seen") if line.alone else 0.0
    return one(Seen(line=line.text, confidence=sure)) if sure else None


def _decision(line: Line, world: World) -> Found | None:
    """ "decision: …" is one taken; "decision needed: …" asks for one, all that is below belongs to it."""
    head = line.head("ask_decision")
    body = line.body(head.after) if head else None
    text = line.everything(body) if body is not None else ""
    if head is not None and text:
        days = [match for match in times.find_days(text, world.today, world.language) if match.relation in _BY]
        due = times.due(days[-1]) if days else None
        return one(AskDecision(text, due, line=line.whole, confidence=head.sure), 1 + len(line.below))
    return _bodied(line, "decide", lambda text, row, sure: Decide(text, line=row, confidence=sure))


_BY = frozenset({"by", "until", "through", "before"})


def _bodied(line: Line, keyword: str, make: Callable[[str, str, float], Command]) -> Found | None:
    """ "win: …" on one line, or "wins:" above a list."""
    head = line.head(keyword, typos=True)
    body = line.body(head.after) if head else None
    if head is None or body is None:
        return None
    if body:
        return one(make(body, line.text, head.sure))
    commands: list[Command] = []
    for row in line.below:
        item, marked = without_bullet(row.strip())
        if not marked or not item:
            break
        commands.append(make(item, row if commands else f"{line.text}\n{row}", head.sure))
    return Found(commands, 1 + len(commands)) if commands else None


RULES: tuple[Rule, ...] = (
    _feedback,
    _asked,
    _rhythm,
    _shared,
    _plan,
    _part,
    _praise,
    _win,
    _point,
    _added,
    _announced,
    _seen,
    _decision,
)
