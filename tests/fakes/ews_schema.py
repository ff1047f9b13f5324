"""Exchange's XML schemas, merged from the many files of its specification, which include each other in circles.

They lie in ``specs/ews`` with their licences.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lxml import etree

FOLDER = Path(__file__).parent / "specs" / "ews"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_KEPT = {_XS + name for name in ("element", "complexType", "simpleType", "group", "attributeGroup", "attribute")}
_REFERRING = [_XS + name for name in ("element", "attribute", "extension", "restriction", "group", "list",
                                      "attributeGroup")]  # fmt: skip


class Checker:
    """``errors`` of an element of EWS."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        self._schema = schema

    def errors(self, element: etree._Element, where: str) -> Iterator[str]:
        if self._schema.validate(etree.ElementTree(copy.deepcopy(element))):
            return
        for error in self._schema.error_log:
            yield f"{where}: {error.message}"


@lru_cache(maxsize=1)
def checker() -> Checker:
    """The newer schema, and of the older what the newer lacks (GetUserAvailability)."""
    folders = [FOLDER / "exchange2016", FOLDER / "exchange2007sp1"]
    found: dict[str, dict[tuple[str, str], etree._Element]] = {TYPES: {}, MESSAGES: {}}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".xsd", ".wsdl"):
                _collect(etree.parse(path).getroot(), found)
    documents = {namespace: _document(namespace, parts) for namespace, parts in found.items()}
    known = {namespace: {name for _, name in parts} for namespace, parts in found.items()}
    for document in documents.values():
        _open_unknown(document, known)
    parser = etree.XMLParser()
    parser.resolvers.add(_Types(etree.tostring(documents[TYPES])))
    return Checker(etree.XMLSchema(etree.fromstring(etree.tostring(documents[MESSAGES]), parser)))


class _Types(etree.Resolver):  # type: ignore[misc]  # the library ships no types
    def __init__(self, content: bytes) -> None:
        self._content = content

    def resolve(self, url: str, public_id: str, context: object) -> object:
        return self.resolve_string(self._content, context) if url.endswith("types.xsd") else None


def _collect(root: etree._Element, found: dict[str, dict[tuple[str, str], etree._Element]]) -> None:
    for schema in [root] if root.tag == f"{_XS}schema" else root.iter(f"{_XS}schema"):
        parts = found.get(schema.get("targetNamespace", ""))
        if parts is not None:
            for child in schema:
                if child.tag in _KEPT:
                    parts.setdefault((child.tag, child.get("name", "")), child)


def _document(namespace: str, parts: dict[tuple[str, str], etree._Element]) -> etree._Element:
    names = {"xs": _XS[1:-1], "t": TYPES, "tns": namespace, "m": MESSAGES}
    document = etree.Element(f"{_XS}schema", nsmap=names, targetNamespace=namespace, elementFormDefault="qualified")
    if namespace == MESSAGES:
        etree.SubElement(document, f"{_XS}import", namespace=TYPES, schemaLocation="types.xsd")
    document.extend(parts.values())
    for attribute in list(document.iter(f"{_XS}attribute")):
        if attribute.get("ref") == "xml:lang":  # would need yet another file
            attribute.getparent().remove(attribute)
    return document


def _open_unknown(document: etree._Element, known: dict[str, set[str]]) -> None:
    """What neither folder defines may be anything."""
    for element in list(document.iter(*_REFERRING)):
        for attribute in ("type", "ref", "base", "itemType"):
            prefix, colon, name = element.get(attribute, "").partition(":")
            uri = element.nsmap.get(prefix, "")
            if not colon or uri not in known or name in known[uri]:
                continue
            if attribute == "ref":
                element.getparent().remove(element)
            else:
                element.set(attribute, "xs:string" if element.tag == f"{_XS}restriction" else "xs:anyType")
