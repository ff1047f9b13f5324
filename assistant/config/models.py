"""The shape of config.yaml: one model a thing, every option with what it is for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from assistant.config import phrases
from assistant.domain.cadence import Cadence
from assistant.domain.goals import Length as GoalLength
from assistant.domain.kinds import KINDS, MEETINGS
from assistant.domain.people import WorkWeek
from assistant.domain.questions import AnswerType
from assistant.domain.setup import Documentarian
from assistant.domain.tasks import PRIORITIES

ASKABLE = {name: kind for name, kind in KINDS.items() if kind.cadence is not None}
"""Rounds that the configuration may hold; the others start from a meeting by themselves."""


def _text(*examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string"} | _examples(examples))


def _texts(*examples: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]} | _examples(examples)
    )


def _examples(examples: tuple[str, ...]) -> dict[str, Any]:
    return {"examples": list(examples)} if examples else {}


def _one_of(names: list[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": names})


def _choice(names: list[str], what: str) -> Callable[[object], str]:
    def choose(value: object) -> str:
        word = phrases.text(value).lower().replace("_", "-")
        if word not in names:
            raise ValueError(f"there is no {what} {word}{phrases.meant(word, names)}")
        return word

    return choose


def _round_kind(value: object) -> str:
    word = phrases.text(value).lower().replace("_", "-")
    if word in KINDS and word not in ASKABLE:
        raise ValueError(f"{word} goes out around every meeting by itself; set it up through `series`")
    if word in MEETINGS:
        raise ValueError(f"{word} is a meeting; it belongs under `series`")
    return _choice(list(ASKABLE), "kind of round")(word)


def _meeting_kind(value: object) -> str:
    word = phrases.text(value).lower().replace("_", "-")
    if word in ASKABLE:
        raise ValueError(f"{word} is asked by mail; it belongs under `rounds`")
    return _choice(list(MEETINGS), "kind of meeting")(word)


def _lead(value: object) -> bool | tuple[str, ...]:
    """True for the person's first team, or the teams by name; a spreadsheet says yes or no."""
    if isinstance(value, bool):
        return value
    words = phrases.texts(value)
    if len(words) == 1 and words[0].lower() in ("yes", "true", "x", "1", "no", "false", "0"):
        return words[0].lower() in ("yes", "true", "x", "1")
    return words


def _managers(value: object) -> tuple[str, ...] | None:
    """None for all."""
    names = phrases.texts(value)
    return None if len(names) == 1 and names[0].lower() == "all" else names


def _documentarian(value: object) -> Documentarian:
    return Documentarian(_choice([each.value for each in Documentarian], "way to choose the documentarian")(value))


def _goal_cycles(value: object) -> tuple[str, ...]:
    return tuple(
        _choice([each.value for each in GoalLength], "length of a cycle")(each) for each in phrases.texts(value)
    )


def _answer_type(value: object) -> AnswerType:
    return AnswerType(_choice([each.value for each in AnswerType], "type of answer")(value))


def _question(value: object) -> object:
    return {"text": value} if isinstance(value, str | int | float) else value


_EVERY_EXAMPLES = ("day", "week", "2 weeks", "month", "quarter", "Tuesday", "first Tuesday", "last Fri of the quarter")
_DATE = WithJsonSchema({"type": "string", "format": "date"})
_HOURS = WithJsonSchema(
    {
        "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
        "examples": ["9-17", "09:00-17:30", "Sun-Thu 9-18", {"mon-thu": "9-18", "fri": "9-14"}],
    }
)

Text = Annotated[str, PlainValidator(phrases.text), _text()]
Texts = Annotated[tuple[str, ...], PlainValidator(phrases.texts), _texts()]
Address = Annotated[str, PlainValidator(phrases.address), _text("mia@example.com")]
Addresses = Annotated[tuple[str, ...], PlainValidator(phrases.addresses), _texts("m.chen@example.com")]
Zone = Annotated[ZoneInfo, PlainValidator(phrases.zone), _text("Europe/Berlin", "America/New_York")]
Language = Annotated[str, PlainValidator(phrases.language), _text("en", "de")]
Country = Annotated[str, PlainValidator(phrases.country), _text("DE", "DE-BY", "US-CA")]
Hours = Annotated[WorkWeek, PlainValidator(phrases.hours), _HOURS]
Day = Annotated[date, PlainValidator(phrases.day), _DATE]
At = Annotated[phrases.Moment, PlainValidator(phrases.moment), _text("09:00", "Fri 15:00", "first Mon 10:00")]
Weekly = Annotated[tuple[int, time], PlainValidator(phrases.weekly), _text("Mon 10:00")]
Length = Annotated[timedelta, PlainValidator(phrases.span), _text("30 min", "4h", "2 days")]
Work = Annotated[timedelta, PlainValidator(phrases.work), _text("4h", "2 days")]
Every = Annotated[Cadence, PlainValidator(phrases.every), _text(*_EVERY_EXAMPLES)]
RoundKind = Annotated[str, PlainValidator(_round_kind), _one_of(list(ASKABLE))]
MeetingKindName = Annotated[str, PlainValidator(_meeting_kind), _one_of(list(MEETINGS))]
Recorder = Annotated[Documentarian, PlainValidator(_documentarian), _one_of([each.value for each in Documentarian])]
Type = Annotated[AnswerType, PlainValidator(_answer_type), _one_of([each.value for each in AnswerType])]
Lead = Annotated[
    bool | tuple[str, ...],
    PlainValidator(_lead),
    WithJsonSchema(
        {"anyOf": [{"type": "boolean"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    ),
]
GoalCycles = Annotated[tuple[str, ...], PlainValidator(_goal_cycles), _texts("quarter", "year")]
PriorityName = Annotated[str, PlainValidator(_choice(list(PRIORITIES), "priority")), _one_of(list(PRIORITIES))]
Numbers = Annotated[
    tuple[int, ...],
    PlainValidator(phrases.numbers),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
]
Link = Annotated[str, PlainValidator(phrases.link), _text("https://github.com/acme/app/issues/{}")]
Managers = Annotated[tuple[str, ...] | None, PlainValidator(_managers), _texts("all")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AssistantModel(Model):
    """The assistant itself: the one that writes."""

    name: Text = Field(default="Assistant", description="What it is called; mails are signed with it.")
    address: Address = Field(description="Its own mailbox. Nobody else reads or writes there.")
    operator: Address | None = Field(
        default=None, description="Who is told what needs a human. Default: the first person."
    )
    zone: Zone | None = Field(
        default=None, description="Dates what belongs to nobody. Default: that of `defaults`, or of the first person."
    )
    language: Language | None = Field(default=None, description="Default: that of `defaults`, or en.")


class AccountModel(Model):
    """A mailbox, a calendar or both, or a chat. All further options go to the adapters."""

    model_config = ConfigDict(extra="allow", frozen=True)

    mail: Text | None = Field(default=None, description="The adapter that sends and fetches mail, such as local.")
    calendar: Text | None = Field(
        default=None, description="The adapter that reads and writes calendars, such as local."
    )
    channel: Text | None = Field(default=None, description="The adapter that posts to chat channels: slack or teams.")
    address: Address | None = Field(
        default=None, description="The assistant's address there. Default: that of `assistant`."
    )


class DefaultsModel(Model):
    """What most people have in common. A person's own option wins."""

    zone: Zone | None = Field(default=None, description="Time zone by its IANA name.")
    hours: Hours | None = Field(default=None, description="Working hours, wall-clock. Default: Mon-Fri 9-17.")
    country: Country | None = Field(
        default=None, description="Whose public holidays are days off, such as DE or DE-BY."
    )
    language: Language | None = Field(default=None, description="The language of the mails. Default: en.")


class PersonModel(Model):
    """Somebody who takes part."""

    name: Text = Field(description="As people write it.")
    email: Address = Field(description="The address to write to. It is what the person is known by.")
    aliases: Addresses = Field(default=(), description="Other addresses they may write from.")
    zone: Zone | None = Field(default=None, description="Time zone by its IANA name. Needed here or in `defaults`.")
    hours: Hours | None = Field(default=None, description="Working hours: 9-17, Sun-Thu 9-18, or a mapping by weekday.")
    country: Country | None = Field(
        default=None, description="Whose public holidays are days off, such as DE or DE-BY."
    )
    language: Language | None = Field(default=None, description="The language of their mails.")
    team: Texts = Field(default=(), description="The team they belong to.")
    teams: Texts = Field(default=(), description="The same for several teams; the first is their home.")
    lead: Lead = Field(
        default=False, description="Whether they lead their first team; or the names of the teams they lead."
    )
    manager: Text | None = Field(
        default=None, description="Address, name or first name; none for nobody. Default: the lead of their first team."
    )
    start: Day | None = Field(default=None, description="Their first working day; nothing is asked before it.")
    end: Day | None = Field(
        default=None, description="Their last working day; after it they are treated as having left."
    )
    buddy: Text | None = Field(
        default=None, description="Who helps them through their first weeks: address, name or first name."
    )
    calendar: Text | None = Field(
        default=None,
        description="The account that has their calendar, or mail: invited by mail alone. Default: as their team.",
    )
    mail: Text | None = Field(
        default=None, description="The account through which they are written to. Default: as their team."
    )


class ChannelModel(Model):
    """A chat channel."""

    account: Text = Field(description="The account with `channel` that reaches it.")
    name: Text = Field(description='What it is called there, such as "#product".')


class TeamModel(Model):
    """A team. Its members say so themselves, through their `team`."""

    title: Text | None = Field(default=None, description="What people read. Default: its name with a capital letter.")
    lead: Text | None = Field(default=None, description="Address, name or first name of who leads it.")
    channel: ChannelModel | None = Field(
        default=None, description="The chat channel that gets what is for the whole team. Whoever reads it reads that."
    )
    calendar: Text | None = Field(
        default=None,
        description="The account that has its people's calendars, or mail. Default: the first with `calendar`.",
    )
    mail: Text | None = Field(
        default=None, description="The account through which they are written to. Default: the first with `mail`."
    )


class QuestionModel(Model):
    """A question. Plain text is enough; the rest is for when the answer is more than text."""

    text: Text = Field(description="What is asked.")
    key: Text | None = Field(
        default=None, description="A short name that stays when the wording changes. Default: from the text."
    )
    short: Text | None = Field(default=None, description="What heads the answers in a digest.")
    type: Type = Field(default=AnswerType.TEXT, description="What kind of answer is read out of the reply.")
    options: Texts = Field(default=(), description="The choices of a question of type choice, two or more.")
    labels: Texts = Field(default=(), description="Words that people put before their answer to it.")
    optional: bool = Field(default=False, description="Whether it may stay without an answer.")


class ExtraQuestionModel(QuestionModel):
    """A question that is added to a round now and then."""

    every: Every = Field(description="Its own rhythm, such as Friday or first Monday.")


Question = Annotated[QuestionModel, BeforeValidator(_question, json_schema_input_type=str | QuestionModel)]


class RoundModel(Model):
    """Some people asked some questions, again and again."""

    kind: RoundKind = Field(description="What it is; brings its questions, rhythm and mails.")
    team: Texts = Field(default=(), description="Who is asked: a team, or several. Default: every team.")
    name: Text | None = Field(default=None, description="Needed where a team has two rounds of one kind.")
    every: Every | None = Field(default=None, description="The rhythm. Default: that of the kind.")
    at: At | None = Field(
        default=None, description="Local time of each person, with the day where it is not every day."
    )
    on: Day | None = Field(default=None, description="The day of a round that happens once.")
    anchor: Day | None = Field(
        default=None, description="A day in a week (month, quarter) that counts, for `every: 2 weeks`."
    )
    window: Length | None = Field(default=None, description="How long answers are awaited.")
    until: Weekly | None = Field(default=None, description="Or the weekday and time until which they are.")
    reminders: int | None = Field(
        default=None, ge=0, le=2, description="How many who has not answered gets at most, 0 to 2."
    )
    questions: list[Question] | None = Field(default=None, description="Instead of those of the kind.")
    extra: list[ExtraQuestionModel] = Field(default=[], description="Questions added in a rhythm of their own.")
    rotating: list[Question] = Field(default=[], description="Questions of which one is added each time, in turn.")
    about: Text | None = Field(default=None, description="What a round that happens once is about.")


class MeetingOptions(Model):
    """What any meeting can say."""

    every: Every | None = Field(default=None, description="The rhythm. Default: that of the kind.")
    at: At | None = Field(
        default=None, description="The wished time, in the lead's zone. Default: found in everyone's free time."
    )
    anchor: Day | None = Field(
        default=None, description="A day in a week (month, quarter) that counts, for `every: 2 weeks`."
    )
    length: Length | None = Field(default=None, description="How long it is. Default: that of the kind.")
    link: Text | None = Field(default=None, description="The video call or the room.")
    topics: list[Text] | None = Field(default=None, description="Standing points of the agenda.")
    bank: list[Text] | None = Field(default=None, description="Questions to suggest, instead of those of the kind.")
    adopt: bool | None = Field(
        default=None, description="Take over the meeting of that kind that people already have. Default: true."
    )
    points_in_event: bool | None = Field(
        default=None, description="Write the agenda into the calendar event. Default: true."
    )
    documentarian: Recorder | None = Field(
        default=None, description="Who takes notes: rotate, lead, or report (in a 1:1)."
    )
    feedback: bool | None = Field(default=None, description="Ask one question after the meeting. Default: true.")


class SeriesModel(MeetingOptions):
    """A meeting that recurs: one a pair for 1:1s, one for all else."""

    kind: MeetingKindName = Field(description="What it is; brings its rhythm, length and mails.")
    name: Text | None = Field(default=None, description="What it is called on calendars. Not for 1:1s.")
    team: Text | None = Field(default=None, description="Whose meeting it is. Not for 1:1s.")
    people: Texts = Field(
        default=(), description="Who must be there besides the team, or instead of one. Not for 1:1s."
    )
    optional: Texts = Field(default=(), description="Who is invited but need not come. Not for 1:1s.")
    lead: Text | None = Field(default=None, description="Who leads it. Default: the lead of the team. Not for 1:1s.")
    managers: Managers = Field(default=None, description="Whose 1:1s these are: all, or some of the managers.")
    except_: Texts = Field(default=(), alias="except", description="Reports who have no 1:1 through this entry.")
    pairs: dict[str, MeetingOptions] = Field(
        default={}, description="Other options for the 1:1 of a report, by their name."
    )


class GoalsModel(Model):
    """Objectives and key results, kept by mail. Without this section there are none."""

    cycle: GoalCycles = Field(default=("quarter",), description="How long goals hold: quarter, year, or both.")
    teams: Texts = Field(default=(), description="Which teams set goals. Default: every team that has a lead.")
    everybody: bool = Field(default=False, description="Ask all members for drafts, not only the lead.")
    draft: Length = Field(default=timedelta(days=14), description="How long before a cycle drafts are called for.")
    grade: Length = Field(default=timedelta(days=4), description="How long before its end the results are asked.")
    every: Every | None = Field(default=None, description="How often values are asked. Default: week.")
    at: At | None = Field(default=None, description='When, local time of each person. Default: "Mon 10:00".')
    first_month: int = Field(default=1, ge=1, le=12, description="The month in which your year begins, 1 to 12.")


class StepModel(Model):
    """One task of a project."""

    task: Text = Field(description="What is to be done.")
    owner: Text | None = Field(default=None, description="Who does it. Default: whoever begins the project.")
    before: Length = Field(default=timedelta(), description="How long before the project's day it is due.")
    after: Numbers = Field(default=(), description="The steps it waits for, by their number from 1.")
    priority: PriorityName = Field(default="normal", description="low, normal, high or urgent.")
    estimate: Work | None = Field(default=None, description="How much work it is, such as 4h or 2 days of 8h.")


class SettingsModel(Model):
    """What belongs to the whole installation."""

    goals: GoalsModel | None = Field(default=None, description="Objectives and key results. Default: none.")
    projects: dict[str, list[StepModel]] = Field(
        default={}, description="Plans that projects are made from by mail, each with its steps."
    )

    rollup: Weekly = Field(default=(0, time(11)), description="When the weekly rollup goes out, in each reader's zone.")
    data: Text = Field(default="data", description="The folder for the store and everything else that is kept.")
    templates: Text | None = Field(default=None, description="A folder whose templates win over the shipped ones.")
    links: dict[str, Link] = Field(
        default={}, description="What people write before a number, such as # or PROJ-, and where that leads."
    )
    backups: int = Field(default=14, ge=0, le=3650, description="How many daily copies of the store are kept.")


class FileModel(SettingsModel):
    """config.yaml as a whole."""

    assistant: AssistantModel
    accounts: dict[str, AccountModel] | None = Field(
        default=None, description="Mailboxes and calendars. Default: folders on this machine."
    )
    defaults: DefaultsModel = Field(default=DefaultsModel(), description="What most people have in common.")
    people: list[PersonModel | str] | str = Field(
        description="Who takes part. A text among them is the name of a CSV file with such columns."
    )
    teams: dict[str, TeamModel | None] | None = Field(
        default=None, description="Only needed for titles and leads. Where given, no other teams are known."
    )
    rounds: list[RoundModel] | None = Field(default=None, description="What is asked, and when.")
    series: list[SeriesModel] | None = Field(default=None, description="Which meetings recur.")
