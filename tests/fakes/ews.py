"""Exchange Web Services on loopback, in front of the fake organisation, checked against Exchange's XML schemas."""

from __future__ import annotations

import base64

import spnego
from lxml import etree

from .ews_base import SOAP, XML, soap_fault
from .ews_items import NAMES, add, t
from .ews_read_api import ReadApi
from .ews_schema import MESSAGES, TYPES, checker
from .ews_write_api import WriteApi
from .loopback import Answer, Request

__all__ = ["FakeEws", "soap_fault"]


class FakeEws(ReadApi, WriteApi):
    """As the fake Graph, by the other door. The target of each request is the name of its operation, for faults.

    ``ntlm``: who asks signs in by NTLM, for each request anew; the file that NTLM_USER_FILE names tells who may.
    """

    ntlm = False

    def serve(self, request: Request) -> Answer:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        refused = self._by_ntlm(scheme, given) if self.ntlm else self._by_password(scheme, given)
        return refused or self._operate(request)

    def _by_password(self, scheme: str, given: str) -> Answer | None:
        if scheme == "Basic" and base64.b64decode(given).decode().endswith(f":{self.password}"):
            return None
        return Answer(401, b"", {"WWW-Authenticate": "Basic"})

    def _by_ntlm(self, scheme: str, given: str) -> Answer | None:
        """The three messages of MS-NLMP: they negotiate, are challenged, and prove that they know the password."""
        said = base64.b64decode(given) if scheme == "NTLM" else b""
        try:
            if said[8:9] == b"\1":
                self._asking = spnego.server(protocol="ntlm")
            answer = self._asking.step(said) if said else None
        except spnego.exceptions.SpnegoError:
            answer = None
        if said[8:9] == b"\3" and self._asking.complete:
            return None
        token = f" {base64.b64encode(answer).decode()}" if answer else ""
        return Answer(401, b"", {"WWW-Authenticate": f"NTLM{token}"})

    def _operate(self, request: Request) -> Answer:
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
