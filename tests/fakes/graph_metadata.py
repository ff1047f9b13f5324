"""Microsoft Graph's own metadata (CSDL) as a check: names, types, enum members and action parameters.

The file lies in ``specs/graph`` with its licence.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

FILE = Path(__file__).parent / "specs" / "graph" / "mail-and-calendar.csdl.xml"
_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@dataclass
class Kind:
    base: str | None
    properties: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@dataclass
class Metadata:
    kinds: dict[str, Kind] = field(default_factory=dict)
    enums: dict[str, set[str]] = field(default_factory=dict)
    actions: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # by name and bound type

    def lineage(self, name: str) -> Iterator[Kind]:
        while name in self.kinds:
            yield self.kinds[name]
            name = self.kinds[name].base or ""

    def property(self, kind: str, name: str) -> str | None:
        """Its type; of links too, which may be written and expanded."""
        for each in self.lineage(kind):
            if name in each.properties or name in each.links:
                return each.properties.get(name) or each.links[name]
        return None

    def is_link(self, kind: str, name: str) -> bool:
        return any(name in each.links for each in self.lineage(kind))

    def check(self, value: Any, kind: str, where: str) -> Iterator[str]:
        """What is wrong with a JSON value that should be of ``kind``."""
        if value is None:
            return
        if kind.startswith("Collection("):
            if not isinstance(value, list):
                yield f"{where}: should be a list"
                return
            for number, each in enumerate(value):
                yield from self.check(each, kind[11:-1], f"{where}[{number}]")
        elif kind.startswith("Edm."):
            if not _is_edm(value, kind):
                yield f"{where}: {value!r} is no {kind}"
        elif kind.removeprefix("graph.") in self.enums:
            if value not in self.enums[kind.removeprefix("graph.")]:
                yield f"{where}: {value!r} is no {kind}"
        elif kind.removeprefix("graph.") in self.kinds:
            yield from self._check_object(value, kind.removeprefix("graph."), where)

    def _check_object(self, value: Any, kind: str, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: should be an object"
            return
        for name, each in value.items():
            if name.startswith("@"):
                continue
            found = self.property(kind, name)
            if found is None:
                yield f"{where}: {kind} has no {name}"
            else:
                yield from self.check(each, found, f"{where}.{name}")

    def check_call(self, body: Mapping[str, Any], action: str, bound: str, where: str) -> Iterator[str]:
        parameters = self.actions.get((action.lower(), bound))
        if parameters is None:
            yield f"{where}: {bound} has no action {action}"
            return
        for name, value in body.items():
            if name.lower() not in parameters:
                yield f"{where}: {action} takes no {name}"
            else:
                yield from self.check(value, parameters[name.lower()], f"{where}.{name}")

    def check_query(self, query: Mapping[str, str], kind: str, where: str) -> Iterator[str]:
        for name in filter(None, query.get("$select", "").split(",")):
            if self.property(kind, name) is None:
                yield f"{where}: $select of {name}, which {kind} has not"
        for part in _top_level(query.get("$expand", "")):
            if not self.is_link(kind, part.partition("(")[0]):
                yield f"{where}: $expand of {part}, which is no navigation property of {kind}"
        text = re.sub(r"'(?:[^']|'')*'", "''", query.get("$filter", ""))
        text = re.sub(r"singleValueExtendedProperties/Any\(ep: ep/id eq '' and ep/value (?:eq ''|ne null)\)", "", text)
        for name in re.findall(r"([A-Za-z/]+) (?:eq|ne|ge|le|gt|lt) ", text):
            if self.property(kind, name.partition("/")[0]) is None:
                yield f"{where}: $filter by {name}, which {kind} has not"


def _top_level(text: str) -> Iterator[str]:
    depth, part = 0, ""
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            yield part
            part = ""
        else:
            part += letter
    if part:
        yield part


def _is_edm(value: Any, kind: str) -> bool:
    try:
        if kind == "Edm.Boolean":
            return isinstance(value, bool)
        if kind in ("Edm.Int32", "Edm.Int64"):
            return isinstance(value, int) and not isinstance(value, bool)
        if kind == "Edm.Double":
            return isinstance(value, int | float)
        if not isinstance(value, str):
            return False
        if kind == "Edm.DateTimeOffset":
            return datetime.fromisoformat(value).tzinfo is not None
        if kind == "Edm.Date":
            return bool(date.fromisoformat(value))
        if kind == "Edm.Binary":
            base64.b64decode(value, validate=True)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def metadata() -> Metadata:
    found = Metadata()
    for element in ElementTree.parse(FILE).getroot():
        name, tag = element.get("Name", ""), element.tag.removeprefix(_EDM)
        if tag in ("EntityType", "ComplexType"):
            kind = Kind((element.get("BaseType") or "").removeprefix("graph.") or None)
            for each in element:
                if each.tag == f"{_EDM}Property":
                    kind.properties[each.get("Name", "")] = each.get("Type", "")
                elif each.tag == f"{_EDM}NavigationProperty":
                    kind.links[each.get("Name", "")] = each.get("Type", "")
            found.kinds[name] = kind
        elif tag == "EnumType":
            found.enums[name] = {each.get("Name", "") for each in element}
        elif tag == "Action":
            parameters = [each for each in element if each.tag == f"{_EDM}Parameter"]
            bound = parameters[0].get("Type", "").removeprefix("graph.")
            found.actions[name.lower(), bound] = {
                each.get("Name", "").lower(): each.get("Type", "") for each in parameters[1:]
            }
    return found
