"""From a kind, a language and a view to subject, text and HTML. All prose is in ``templates/``; none is here.

A kind's words are written once (``<language>/<kind>/say.j2``) and so is its shape (``shapes/<shape>.j2``). A language
has two environments, text and HTML, in which the same shape meets other building blocks (``shapes/parts.*.j2``): both
versions of a mail tell the same facts because they are the same template.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import css_inline
import jinja2
from jinja2.environment import TemplateModule
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assistant.domain.questions import AnswerType, Question
from assistant.domain.views import Frame, InvitationView, QuestionContext
from assistant.errors import ConfigError, Problem
from assistant.typeset import Wording, breaker, fill, indent, one_line, safe, tidy, unbroken

log = logging.getLogger(__name__)

_SUBJECT = 150
_TEMPLATE_FAULTS = (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a mail. ``note`` is one line more, shown at its end."""

    kind: str
    view: object
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """``text`` ends in a newline; line ends are ``\\n``; ``subject`` is one line."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class BankQuestion:
    group: str
    text: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A rendered section, as the templates of ``several/`` see it."""

    kind: str
    view: object
    title: str
    name: str
    subject: str
    body: str


class _InLanguage(jinja2.BaseLoader):
    """A name is looked for in the language, then among what all languages share, then in English; own files first."""

    def __init__(self, loaders: Sequence[jinja2.BaseLoader], language: str, form: str) -> None:
        self.loaders, self.language, self.form = loaders, language, form

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str | None, None]:
        wanted = f"shapes/parts.{self.form}.j2" if template == "parts.j2" else template
        for name in (f"{self.language}/{wanted}", wanted, f"en/{wanted}"):
            for loader in self.loaders:
                try:
                    source, path, _ = loader.get_source(environment, name)
                except jinja2.TemplateNotFound:
                    continue
                return source, path, None
        raise jinja2.TemplateNotFound(template)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox with a short way for what templates read most: fields of views and macros of imported templates.

    Neither has an attribute without underscore that would be worth forbidding.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute[:1] != "_" and (type(obj) is TemplateModule or is_dataclass(obj)):
            try:
                return getattr(obj, attribute)
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


class _Language:
    """Everything compiled for one language. Environments are made on first use and kept."""

    def __init__(self, loaders: Sequence[jinja2.BaseLoader], name: str, links: Mapping[str, str]) -> None:
        self.name = name
        self.links = links
        self.loaders = loaders
        self.asked: dict[str, list[tuple[jinja2.Template, Question]]] = {}
        self.banks: dict[str, tuple[BankQuestion, ...]] = {}

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.data("words.yaml"))

    @cached_property
    def text(self) -> jinja2.Environment:
        return self._environment("txt")

    @cached_property
    def html(self) -> jinja2.Environment:
        return self._environment("html")

    def data(self, name: str) -> Any:
        """A YAML file, of whatever shape. Raises ConfigError where it is none, TemplateNotFound where it is missing."""
        source, path, _ = _InLanguage(self.loaders, self.name, "txt").get_source(_BARE, name)
        try:
            return YAML(typ="safe", pure=True).load(source)
        except YAMLError as error:
            raise ConfigError([Problem(path or name, None, "", f"this is not YAML: {one_line(str(error))}")]) from error

    def line(self, name: str, **context: object) -> str:
        """A template whose result is one line: a subject, a title."""
        return one_line(self.text.get_template(name).render(context), _SUBJECT)

    def _environment(self, form: str) -> jinja2.Environment:
        environment = _Sandbox(
            loader=_InLanguage(self.loaders, self.name, form),
            autoescape=form == "html",
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters.update(self.wording.filters, fill=fill, indent=indent, breaks=breaker(self.links))
        environment.globals.update(
            self.wording.globals, title=lambda kind: self.line(f"{kind}/title.txt.j2", view=None)
        )
        return environment


_BARE = jinja2.Environment(autoescape=True)


class Renderer:
    """``own`` is the user's folder of templates; a file in it replaces the shipped one of the same path. ``links`` are
    where a number in people's words leads, by what stands before it ("#", "PROJ-"), with {} for the number.

    An own template that fails is logged and the shipped one is used: a mail is never lost to a typing error.
    """

    def __init__(self, own: Path | None = None, links: Mapping[str, str] | None = None) -> None:
        self._links = links or {}
        shipped = jinja2.PackageLoader("assistant.templates", "")
        self._shipped = [shipped]
        self._loaders = [jinja2.FileSystemLoader(own), shipped] if own is not None else [shipped]
        self._languages: dict[tuple[str, bool], _Language] = {}
        self._css = css_inline.CSSInliner(
            extra_css=shipped.get_source(_BARE, "shapes/mail.css")[0], load_remote_stylesheets=False
        )

    def questions(self, kind: str, language: str, context: QuestionContext) -> tuple[Question, ...]:
        """What a kind asks, in the language; empty for a kind that asks nothing. Raises ConfigError on a bad file."""
        spoken = self._language(language)
        if kind not in spoken.asked:
            spoken.asked[kind] = list(_read_questions(spoken, kind))
        known = {"since": context.since, "today": context.today, "about": context.about, "meeting": context.meeting}
        return tuple(
            replace(question, text=one_line(template.render(known))) for template, question in spoken.asked[kind]
        )

    def title(self, kind: str, language: str) -> str:
        """What people call the kind ("Check-in")."""
        return self._language(language).line(f"{kind}/title.txt.j2", view=None)

    def phrase(self, name: str, language: str, view: object) -> str:
        """A template of one line, of the language; for commands that are offered to be carried out."""
        return self._language(language).line(name, view=safe(view))

    def bank(self, kind: str, language: str) -> tuple[BankQuestion, ...]:
        """The questions that a meeting's agenda call may suggest, in order; empty where the kind has none."""
        spoken = self._language(language)
        if kind not in spoken.banks:
            try:
                groups = spoken.data(f"{kind}/bank.yaml")
            except jinja2.TemplateNotFound:
                groups = {}
            if not isinstance(groups, Mapping):
                raise ConfigError([Problem(f"{kind}/bank.yaml", None, "", "should be groups, each with its questions")])
            spoken.banks[kind] = tuple(BankQuestion(str(g), str(text)) for g, texts in groups.items() for text in texts)
        return spoken.banks[kind]

    def library(self, name: str, language: str) -> Sequence[Mapping[str, Any]]:
        """A list of mappings in a YAML file of the templates. Raises ConfigError where it is none."""
        found = self._language(language).data(name)
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            raise ConfigError([Problem(name, None, "", "should be a list of mappings")])
        return found

    def invitation(self, kind: str, language: str, view: InvitationView) -> tuple[str, str]:
        """Title and description of the event. Plain text; the description keeps its line breaks, unwrapped."""
        spoken, view = self._language(language), safe(view)
        description = spoken.text.get_template(f"{kind}/description.txt.j2").render(view=view, kind=kind)
        return spoken.line(f"{kind}/title.txt.j2", view=view, kind=kind), tidy(description)

    def mail(self, sections: Sequence[Section], frame: Frame) -> Mail:
        """One mail to one reader. Several sections get a heading each and one footer."""
        frame = replace(safe(frame), parts=len(sections))
        sections = [Section(section.kind, safe(section.view), one_line(section.note)) for section in sections]
        if len(self._loaders) > 1:
            try:
                return self._mail(sections, frame, self._language(frame.language))
            except _TEMPLATE_FAULTS as fault:
                log.warning("own template failed, using the shipped ones: %s", type(fault).__name__)
        return self._mail(sections, frame, self._language(frame.language, shipped=True))

    def post(self, section: Section, frame: Frame) -> str:
        """What a chat channel shows of a section: its subject and its text. The footer is about mails and left out."""
        frame = replace(safe(frame), parts=1)
        section = Section(section.kind, safe(section.view), one_line(section.note))
        if len(self._loaders) > 1:
            try:
                return self._post(section, frame, self._language(frame.language))
            except _TEMPLATE_FAULTS as fault:
                log.warning("own template failed, using the shipped ones: %s", type(fault).__name__)
        return self._post(section, frame, self._language(frame.language, shipped=True))

    @staticmethod
    def _post(section: Section, frame: Frame, spoken: _Language) -> str:
        (context,) = _contexts([section], frame)
        subject = spoken.line(f"{section.kind}/subject.txt.j2", **context)
        body = spoken.text.get_template(f"{section.kind}/body.txt.j2").render(context)
        return f"{subject}\n\n{tidy(body)}\n"

    def _mail(self, sections: Sequence[Section], frame: Frame, spoken: _Language) -> Mail:
        contexts = _contexts(sections, frame)
        plain, rich = (
            [form.get_template(f"{c['kind']}/body.{name}.j2").render(c) for c in contexts]
            for form, name in ((spoken.text, "txt"), (spoken.html, "html"))
        )
        kind, context = sections[0].kind, contexts[0]
        subject = spoken.line(f"{kind}/subject.txt.j2", **context)
        if len(sections) > 1:
            kind, context = "several", {**context, "sections": _parts(contexts, plain, spoken)}
            subject = spoken.line("several/subject.txt.j2", **context)
            plain = [spoken.text.get_template("several/body.txt.j2").render(context)]
            context["sections"] = _parts(contexts, [Markup(part) for part in rich], spoken)  # noqa: S704 - autoescaped
            rich = [spoken.html.get_template("several/body.html.j2").render(context)]
        text = tidy(plain[0])
        footer = one_line(spoken.text.get_template(f"{kind}/footer.txt.j2").render(context), 1000)
        page = spoken.html.get_template("shapes/layout.html.j2").render(
            subject=subject,
            body=Markup(unbroken(rich[0])),  # noqa: S704 - rendered with autoescape
            footer=footer,
            language=spoken.name,
        )
        return Mail(subject, f"{text}\n\n-- \n{fill(footer)}\n", self._css.inline(page))

    def speaks(self, language: str) -> bool:
        """Whether we have a folder for it."""
        return any(_has(loader, f"{language}/words.yaml") for loader in self._loaders)

    def _language(self, tag: str, *, shipped: bool = False) -> _Language:
        """The language of a tag such as "de-AT"; English where we have no folder for it."""
        key = (tag.lower().partition("-")[0], shipped)
        if key not in self._languages:
            loaders = self._shipped if shipped else self._loaders
            known = any(_has(loader, f"{key[0]}/words.yaml") for loader in loaders)
            self._languages[key] = _Language(loaders, key[0] if known else "en", self._links)
        return self._languages[key]


def _has(loader: jinja2.BaseLoader, name: str) -> bool:
    try:
        loader.get_source(_BARE, name)
    except jinja2.TemplateNotFound:
        return False
    return True


def _contexts(sections: Sequence[Section], frame: Frame) -> list[dict[str, Any]]:
    """What the templates of each section see.

    ``together``: several parts about one meeting; ``asking``: how many questions they ask; ``solo``: only one.
    ``before``: the views of the same kind that stand above it.
    """
    asking = sum(len(getattr(section.view, "questions", ())) for section in sections)
    meetings = [getattr(section.view, "meeting", None) for section in sections]
    about = {meeting and (meeting.title, meeting.start) for meeting in meetings}
    together = len(sections) > 1 and len(about) == 1 and about != {None}
    company = {"frame": frame, "together": together, "asking": asking, "solo": asking == 1}
    above = [[other.view for other in sections[:place] if other.kind == s.kind] for place, s in enumerate(sections)]
    return [
        {"kind": s.kind, "view": s.view, "note": s.note, "before": before, **company}
        for s, before in zip(sections, above, strict=True)
    ]


def _parts(contexts: Sequence[dict[str, Any]], bodies: Sequence[str], spoken: _Language) -> list[_Part]:
    return [
        _Part(
            c["kind"],
            c["view"],
            spoken.line(f"{c['kind']}/title.txt.j2", **c),
            spoken.line(f"{c['kind']}/title.txt.j2", view=None),
            spoken.line(f"{c['kind']}/subject.txt.j2", **c),
            body,
        )
        for c, body in zip(contexts, bodies, strict=True)
    ]


def _read_questions(spoken: _Language, kind: str) -> Iterator[tuple[jinja2.Template, Question]]:
    place = f"{spoken.name}/{kind}/questions.yaml"
    try:
        entries = spoken.data(f"{kind}/questions.yaml")
    except jinja2.TemplateNotFound:
        return
    shared = spoken.data("labels.yaml")

    try:
        for entry in entries:
            labels = (*entry.get("labels", ()), *shared.get(entry["key"], ()))
            yield (
                spoken.text.from_string(entry["text"]),
                Question(
                    key=entry["key"],
                    text=entry["text"],
                    short=entry.get("short", ""),
                    type=AnswerType(entry.get("type", "text")),
                    labels=tuple(dict.fromkeys(str(label) for label in labels)),
                    options=tuple(str(option) for option in entry.get("options", ())),
                    optional=bool(entry.get("optional", False)),
                ),
            )
    except (TypeError, AttributeError, KeyError, ValueError, jinja2.TemplateError) as error:
        raise ConfigError([Problem(place, None, "", f"a question needs key and text: {error}")]) from error
