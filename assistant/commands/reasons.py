"""A step of the trail as a sentence for the operator: what was done for whom and why, without anybody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.kinds import MEETINGS
from assistant.domain.people import first_name
from assistant.domain.setup import Setup
from assistant.store.trail import Step

_ENDS: Mapping[str, str] = {
    "window": "nothing had come when its time was over",
    "away": "they are away",
    "asked": "they asked for it",
    "holiday": "the day is a holiday there",
    "late": "its time had passed before it could leave",
    "stopped": "they stopped these mails",
    "moved": "it comes at another time now",
    "ended": "the configuration has it no more",
    "changed": "the configuration says it differently",
    "nothing to ask": "there was nothing to ask",
}
_MOVES: Mapping[str, str] = {
    "asked": "somebody who takes part asked for it",
    "away": "somebody who is needed is away",
    "holiday": "it is a holiday for somebody who is needed",
    "hours": "it was outside somebody's working hours",
    "conflict": "somebody's calendar had something else there",
    "calendar": "their calendar said so",
    "reply": "their mail said so",
    "free time": "everybody was free then",
    "unchecked": "that is in everybody's working hours; whose calendar it could not see is not checked",
    "configuration": "the configuration has it no more",
    "permanent": "for good",
    "temporary": "for the time being",
    "suits not everybody": "no time suited everybody",
}
_PLAIN: Mapping[str, str] = {
    "joined configuration": "they are new in the configuration",
    "rollup weekly": "every week ends with one",
    "a problem needs a human": "something needed whoever looks after me",
    "goals published": "goals were published",
}
_SAID: Mapping[str, str] = {
    "joined": "{who} joined, as the configuration says.",
    "left": "{who} left, as the configuration says.",
    "bounced": "What I mailed {who} ({row}) came back ({because}).",
    "suspended": "I mail {who} no more, because several mails came back for good.",
    "resumed": "I mail {who} again.",
    "not mailed": "I did not mail {who} ({rest}, {thing}), because they stopped these mails.",
    "placed": "I gave {thing} its time{since}.",
    "adopted": "I took over what stood on calendars for {thing}{since}.",
    "ended": "I ended {thing}{since}.",
    "moved to another calendar": "I moved {thing} to the calendar of account {because}.",
    "moved": "I moved {thing}{since}.",
    "skipped": "I left out {thing}{since}.",
    "answered": "{who} {rest} {thing} on their calendar.",
    "asked": "{who} {act} {thing}: {because}.",
}
"""By how the act begins; the longer before the shorter."""
_ELSE = "For {who}: {act}, on {thing}{since}."
_STATES: Mapping[str, str] = {
    "answered": "was answered by",
    "missed": "was missed by",
    "skipped": "was not put to",
    "expired": "came too late to be put to",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """``names`` holds those of people who left, by address."""

    setup: Setup
    names: Mapping[str, str]

    def sentence(self, step: Step) -> str:
        who = self._who(step.person)
        act, _, rest = step.act.partition(" ")
        if act == "mailed":
            return f"I mailed {who}: {self._kinds(rest)} ({step.subject}), because {self._cause(step.because)}."
        if act == "prompt":
            return f"The question ({step.subject}) {_STATES.get(rest, rest)} {who}{self._since(step.because, _ENDS)}."
        if step.because in ("your reply", "auto-reply"):
            said = "as their reply asked" if step.because == "your reply" else "as their automatic reply said"
            return f"I did this for {who}, {said} (received {step.subject}): {step.act}."
        return self._other(step, who)

    def _other(self, step: Step, who: str) -> str:
        told = next((told for act, told in _SAID.items() if step.act == act or step.act.startswith(f"{act} ")), _ELSE)
        rest = step.act.partition(" ")[2]
        return told.format(
            who=who,
            act=step.act,
            rest=self._kinds(rest.removeprefix("mailed ")),
            row=step.subject,
            thing=self._thing(step.subject),
            since=self._since(step.because, _MOVES),
            because=_MOVES.get(step.because, step.because),
        )

    def _kinds(self, kinds: str) -> str:
        named = (kind if kind == "check-in" else kind.replace("-", " ") for kind in kinds.split(" + "))
        return " and ".join(dict.fromkeys(named))

    def _who(self, address: str) -> str:
        person = self.setup.people.get(address)
        return person.name if person is not None else self.names.get(address, address) or "nobody in particular"

    def _since(self, because: str, known: Mapping[str, str]) -> str:
        return f", because {known.get(because, because)}" if because else ""

    def _cause(self, because: str) -> str:
        """Of a mail: one or several causes, each "kind parent" or a sentence of its own."""
        if because in _PLAIN:
            return _PLAIN[because]
        if because.startswith("your mail "):
            return f"they had written (received mail {because.removeprefix('your mail ')})"
        if because.startswith("no answer yet to "):
            return f"{because.removeprefix('no answer yet to ')} had no answer yet"
        parts = [part.partition(" ") for part in because.split(", ")]
        return "of " + " and ".join(dict.fromkeys(self._part(kind, parent) for kind, _, parent in parts))

    def _part(self, kind: str, parent: str) -> str:
        if self.setup.round_named(parent) is None and self.setup.series_named(parent) is None:
            return f"{self._kinds(kind)} {parent}".strip()
        return self._thing(parent)

    def _thing(self, subject: str) -> str:
        """A round, a series or a meeting as people call it; a row as it is."""
        name, day = subject, ""
        if subject.startswith("meeting/"):
            name, _, day = subject.removeprefix("meeting/").rpartition("/")
        round_, series = self.setup.round_named(name), self.setup.series_named(name)
        if round_ is not None:
            team = self.setup.teams.get(round_.team)
            return f"the {self._kinds(round_.kind)} of {team.title if team else round_.team}"
        if series is None:
            return subject
        people = " and ".join(first_name(self._who(address)) for address in series.participants)
        title = series.title or (f"the 1:1 of {people}" if MEETINGS[series.kind].private else f"the {series.kind}")
        return f"{title}, {day[:10]}" if day else title
