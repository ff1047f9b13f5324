"""Exchange Web Services on loopback, in front of the fake organisation, checked against Exchange's XML schemas."""

from __future__ import annotations

import base64

from lxml import etree

from .ews_base import SOAP, XML, soap_fault
from .ews_items import NAMES, add, t
from .ews_read_api import ReadApi
from .ews_schema import MESSAGES, TYPES, checker
from .ews_write_api import WriteApi
from .loopback import Answer, Request

__all__ = ["FakeEws", "soap_fault"]


class FakeEws(ReadApi, WriteApi):
    """As the fake Graph, by the other door. The target of each request is the name of its operation, for faults."""

    def serve(self, request: Request) -> Answer:
        given = request.headers.get("authorization", "").removeprefix("Basic ")
        if not base64.b64decode(given).decode().endswith(f":{self.password}"):
            return Answer(401, b"", {"WWW-Authenticate": "Basic"})
        (asked,) = etree.fromstring(request.body).find("s:Body", NAMES)
        name = etree.QName(asked).localname.removesuffix("Request")
        self.violations += checker().errors(asked, f"request {name}")
        operation = getattr(self, f"_{name}", None)
        if operation is None:
            self.violations.append(f"no such operation here: {name}")
            return soap_fault("ErrorInvalidRequest")
        answer = operation(asked)
        self.violations += checker().errors(answer, f"answer {name}")
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"s": SOAP, "m": MESSAGES, "t": TYPES})
        header = add(envelope, f"{{{SOAP}}}Header")
        add(header, t("ServerVersionInfo"), MajorVersion="15", MinorVersion="1", MajorBuildNumber="2507",
            MinorBuildNumber="39", Version="V2017_07_11")  # fmt: skip
        add(envelope, f"{{{SOAP}}}Body").append(answer)
        return Answer(200, etree.tostring(envelope, xml_declaration=True, encoding="utf-8"), XML)
