"""What Google's discovery documents promise, as checks: of every request to the fake, and of its own answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from googleapiclient.discovery_cache import get_static_doc  # type: ignore[import-untyped]  # it ships no types

Json = dict[str, Any]
_OFFSET = r"(Z|[+-]\d\d:\d\d)"
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
_FORMATS = {
    "byte": (r"[A-Za-z0-9_-]*={0,2}", "base64url"),
    "date": (r"\d{4}-\d\d-\d\d", "a date"),
    "date-time": (_MOMENT + _OFFSET + "?", "RFC 3339"),
    "int64": (r"-?\d+", "a number in a string"),
    "uint64": (r"\d+", "a number in a string"),
}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
}


@dataclass(frozen=True, slots=True)
class Method:
    verb: str
    path: re.Pattern[str]
    spec: Json

    @property
    def id(self) -> str:
        return str(self.spec["id"])


class Contract:
    """One API: ``gmail`` ``v1`` or ``calendar`` ``v3``."""

    def __init__(self, api: str, version: str) -> None:
        self.document: Json = json.loads(get_static_doc(api, version))
        self.schemas: Json = self.document["schemas"]
        self.methods = list(self._methods(self.document["resources"]))

    def _methods(self, resources: Json) -> Iterator[Method]:
        for resource in resources.values():
            for spec in resource.get("methods", {}).values():
                parts = re.split(r"\{\+?(\w+)\}", "/" + self.document["servicePath"] + spec["path"])
                pattern = "".join(re.escape(p) if n % 2 == 0 else f"(?P<{p}>[^/]+)" for n, p in enumerate(parts))
                yield Method(spec["httpMethod"], re.compile(pattern), spec)
            yield from self._methods(resource.get("resources", {}))

    def match(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        for method in self.methods:
            found = method.path.fullmatch(path)
            if found is not None and method.verb == verb:
                return method, {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    def wrong_parameters(
        self, method: Method, path: Mapping[str, str], query: Mapping[str, list[str]]
    ) -> Iterator[str]:
        own: Json = method.spec.get("parameters", {})
        known: Json = {**self.document["parameters"], **own}
        for name, spec in own.items():
            if spec.get("required") and name not in (path if spec["location"] == "path" else query):
                yield f"{name} is missing"
        for name, values in query.items():
            if name not in known:
                yield f"there is no parameter {name}"
                continue
            if len(values) > 1 and not known[name].get("repeated"):
                yield f"{name} is given twice"
            for value in values:
                yield from self._wrong_text(name, known[name], value)

    @staticmethod
    def _wrong_text(name: str, spec: Json, text: str) -> Iterator[str]:
        if spec.get("type") == "integer":
            if not re.fullmatch(r"-?\d+", text):
                yield f"{name}: {text!r} is no integer"
            elif not int(spec.get("minimum", -(2**63))) <= int(text) <= int(spec.get("maximum", 2**63)):
                yield f"{name}: {text} is out of range"
        if spec.get("type") == "boolean" and text not in ("true", "false"):
            yield f"{name}: {text!r} is no boolean"
        if "enum" in spec and text not in spec["enum"]:
            yield f"{name}: {text!r} is none of {spec['enum']}"
        if spec.get("format") == "date-time" and not re.fullmatch(_MOMENT + _OFFSET, text):
            yield f"{name}: {text!r} is not RFC 3339 with an offset"
        if "pattern" in spec and not re.fullmatch(spec["pattern"], text):
            yield f"{name}: {text!r} does not match {spec['pattern']}"

    def wrong(self, spec: Json, value: Any, where: str, method: str | None = None) -> Iterator[str]:
        """What in ``value`` contradicts the schema; with ``method`` also what that method wants to be there."""
        if "$ref" in spec:
            spec = self.schemas[spec["$ref"]]
        kind = spec.get("type", "any")
        if value is None and method is not None and method.endswith(".patch"):
            return  # takes the field away
        if kind != "any" and (not isinstance(value, _TYPES[kind]) or (kind != "boolean" and isinstance(value, bool))):
            yield f"{where}: {type(value).__name__} where {kind} is due"
        elif kind == "object":
            yield from self._wrong_fields(spec, value, where, method)
        elif kind == "array":
            for number, item in enumerate(value):
                yield from self.wrong(spec["items"], item, f"{where}[{number}]", method)
        elif kind == "string":
            pattern, name = _FORMATS.get(spec.get("format", ""), (None, ""))
            if pattern is not None and not re.fullmatch(pattern, value):
                yield f"{where}: {value[:40]!r} is not {name}"
            if "enum" in spec and value not in spec["enum"]:
                yield f"{where}: {value!r} is none of {spec['enum']}"

    def _wrong_fields(self, spec: Json, value: Json, where: str, method: str | None) -> Iterator[str]:
        fields, others = spec.get("properties", {}), spec.get("additionalProperties")
        for name, item in value.items():
            inner = fields.get(name, others)
            if inner is None:
                yield f"{where}.{name}: there is no such field"
            else:
                yield from self.wrong(inner, item, f"{where}.{name}", method)
        for name, inner in fields.items():
            if method in inner.get("annotations", {}).get("required", ()) and name not in value:
                yield f"{where}.{name}: {method} needs it"
