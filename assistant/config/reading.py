"""From files to plain data, remembering where each part of it stands."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.config.phrases import meant
from assistant.config.phrases import text as line_of_text
from assistant.errors import ConfigError, Problem

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

Place = tuple[str | int, ...]
"""Where something stands: ("people", 3, "zone")."""


@dataclass(slots=True)
class Source:
    """The plain data of a configuration, and every problem found in it so far.

    ``origins`` says for each person where it comes from: its index under ``people:``, or a CSV file and a line.
    ``files`` are all that were read or should have been.
    """

    file: Path
    data: dict[str, Any]
    root: Node | None
    origins: list[int | tuple[Path, int]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _places: set[Place] = field(default_factory=set)

    def reported(self, place: Place) -> bool:
        return place in self._places

    def problem(self, place: Place, message: str) -> None:
        self._places.add(place)
        match place:
            case ("people", int(index), *rest) if index < len(self.origins):
                origin = self.origins[index]
                if isinstance(origin, tuple):
                    self.problems.append(Problem(str(origin[0]), origin[1], path_text(tuple(rest)), message))
                    return
                place = ("people", origin, *rest)
        self.problems.append(Problem(str(self.file), self._line(place), path_text(place), message))

    def report(self) -> None:
        """Raises ConfigError when anything was found."""
        if self.problems:
            ours = str(self.file)
            raise ConfigError(sorted(self.problems, key=lambda p: (p.file != ours, p.file, p.line or 0)))

    def _line(self, place: Place) -> int:
        """Of the deepest part of ``place`` that is there: what is missing is missing from its parent's line on."""
        node, line = self.root, 0
        for step in place:
            if node is None or isinstance(node.value, str):
                break
            if isinstance(step, int):
                node = node.value[step] if step < len(node.value) else None
                line = node.start_mark.line if node is not None else line
            else:
                pair = next((pair for pair in node.value if pair[0].value == step), None)
                node = pair[1] if pair else None
                line = pair[0].start_mark.line if pair else line
        return line + 1


def read(path: Path, columns: Collection[str]) -> Source:
    """Reads the YAML file and the CSV files of people that it names. ``columns`` are those that a CSV may have.

    Raises ConfigError at once where the YAML itself cannot be read; problems in a CSV are collected in the source.
    """
    data, root = _yaml(path, _text(path, path, "; `assistant init` makes one"))
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ConfigError(
            [Problem(str(path), 1, "", "should be options, one a line, like `people:`, not a list or text")]
        )
    source = Source(path, data, root, files=[path])
    people = data.get("people")
    if isinstance(people, str | list):
        _gather_people(source, [people] if isinstance(people, str) else people, columns)
    return source


def _gather_people(source: Source, entries: list[Any], columns: Collection[str]) -> None:
    """Replaces each name of a CSV file under ``people:`` by the people in it."""
    gathered: list[Any] = []
    origins: list[int | tuple[Path, int]] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, str):
            gathered.append(entry)
            origins.append(index)
            continue
        place: Place = ("people",) if isinstance(source.data["people"], str) else ("people", index)
        try:
            file = source.file.parent / line_of_text(entry)
            source.files.append(file)
            rows = _rows(file, columns, source.problems)
        except ValueError as error:
            source.problem(place, f"should be a person or the name of a CSV file: it {error}")
            continue
        except ConfigError as error:
            source.problems += error.problems if error.problems[0].line else []
            if not error.problems[0].line:
                source.problem(place, error.problems[0].message)
            continue
        gathered += [row for _, row in rows]
        origins += [(file, line) for line, _ in rows]
    source.data["people"] = gathered
    source.origins = origins


def _rows(file: Path, columns: Collection[str], problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    """The people of a CSV file with their lines; empty cells are left out.

    The first line names the columns. Cells are separated by commas, or by semicolons where the first line has more of
    those (spreadsheets of many countries write them so).
    """
    text = _text(file, file)
    head = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        wrong = [name for name in header if name not in columns]
        problems += [
            Problem(str(file), 1, name, f"there is no column {name!r}{meant(name, columns)}") for name in wrong
        ]
        for required in ("name", "email"):
            if required not in header:
                problems.append(
                    Problem(str(file), 1, "", f"the first line should name the columns; {required} is missing")
                )
                return []
        for cells in reader:
            if len(cells) > len(header) and any(cells[len(header) :]):
                message = (
                    f"has {len(cells)} cells for {len(header)} columns; put quotes round a cell that holds a comma"
                )
                problems.append(Problem(str(file), reader.line_num, "", message))
            row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
            if row:
                rows.append((reader.line_num, {name: cell for name, cell in row.items() if name not in wrong}))
    except csv.Error as error:
        problems.append(Problem(str(file), reader.line_num, "", f"is no readable CSV: {error}"))
    return rows


def _text(file: Path, named: Path, remedy: str = "") -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8; save it again with that encoding"
        raise ConfigError([Problem(str(named), line, "", message)]) from error
    except FileNotFoundError as error:
        raise ConfigError([Problem(str(named), None, "", f"there is no file {file}{remedy}")]) from error
    except OSError as error:
        raise ConfigError([Problem(str(named), None, "", f"{file} cannot be read: {error.strerror}")]) from error


def _yaml(path: Path, text: str) -> tuple[Any, Node | None]:
    """The data, with dates left as text, and the node tree that knows the lines.

    Composing is nine tenths of loading, so the tree is kept instead of reading again with the round-trip loader.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415  # `assistant --help` need not wait for it
    from ruamel.yaml.constructor import SafeConstructor  # noqa: PLC0415 - loaded when read
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - loaded when read

    class PlainConstructor(SafeConstructor):
        """Leaves dates to us, so that 2026-02-30 is reported with its place."""

    PlainConstructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
    yaml = YAML(typ="safe", pure=True)  # libyaml, where installed, refuses `at: 08:30` within braces
    yaml.Constructor = PlainConstructor
    try:
        root = yaml.compose(text)
        return (None if root is None else yaml.constructor.construct_document(root)), root
    except YAMLError as error:
        raise ConfigError([_broken(path, text, error)]) from error
    except RecursionError as error:
        said = "the YAML cannot be read: there are too many brackets within brackets"
        raise ConfigError([Problem(str(path), None, "", said)]) from error
    except (ValueError, LookupError) as error:  # `._`, `!!bool maybe`, a number too long for Python
        said = "the YAML cannot be read: a number or what follows a tag is none; put the text in quotes"
        raise ConfigError([Problem(str(path), None, "", said)]) from error


def _broken(path: Path, text: str, error: Exception) -> Problem:
    """One sentence for what the parser met, with the line."""
    said = str(getattr(error, "problem", None) or "").strip()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if said.startswith("found unexpected end of stream") or said.endswith("end>'"):
        mark = getattr(error, "context_mark", None) or mark  # where it was opened, not the last line of the file
    line = None if mark is None else mark.line + 1
    if said.startswith("found duplicate key"):
        message = f"the option {said.split(chr(34))[1]} is there twice"
    elif "\\t" in said:
        message = "the YAML cannot be read: a line begins with a tab; use blanks"
    elif mark is None:
        position = getattr(error, "position", None)
        line = None if position is None else text.count("\n", 0, position) + 1
        message = "the YAML cannot be read: it holds a control character"
    else:
        message = f"the YAML cannot be read: {_plainly(said)}"
    return Problem(str(path), line, "", message)


_PARSER_SAYS: Mapping[str, str] = {
    "found unexpected end of stream": "a quote is opened here and not closed",
    "expected ',' or": "a comma or a closing bracket is missing",
    "expected <block end>, but found '<scalar>'": "text stands where none can; put the whole of it in quotes",
    "expected <block end>": "this line begins further left or right than those that it belongs with",
    "but found another document": "a second document begins here; keep one",
    "could not determine a constructor": "a tag (!) or a sign that is not taken here; put the text in quotes",
    "mapping values are not allowed": "a colon stands where none can; put the text in quotes",
    "found unknown escape character": "a backslash in double quotes; use single quotes",
    "found undefined alias": "what begins with * is named nowhere with &; put the text in quotes",
    "found character '@'": "a text begins with @; put it in quotes",
    "found character '`'": "a text begins with a backquote; put it in quotes",
    "found character '%'": "a text begins with %; put it in quotes",
}
"""By how the parser's sentence begins."""


def _plainly(said: str) -> str:
    found = next((told for start, told in _PARSER_SAYS.items() if said.startswith(start)), said)
    return found or "something is not closed here"


def path_text(place: Place) -> str:
    """("people", 3, "zone") as people[3].zone."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
