"""What the parts of the fake Exchange Web Services share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from lxml import etree

from .ews_items import NAMES, add, m, property_name
from .ews_schema import MESSAGES, TYPES
from .graph_store import Item, Mail, Organisation, Refused
from .loopback import Answer, Loopback, Request

SOAP = NAMES["s"]
FOLDERS = {
    "root": ("Folder", "", None),
    "msgfolderroot": ("Folder", "IPF.Note", "root"),
    "inbox": ("Folder", "IPF.Note", "msgfolderroot"),
    "sentitems": ("Folder", "IPF.Note", "msgfolderroot"),
    "drafts": ("Folder", "IPF.Note", "msgfolderroot"),
    "calendar": ("CalendarFolder", "IPF.Appointment", "msgfolderroot"),
}
_FAR = timedelta(days=366 * 20)
Make = Callable[[], list[etree._Element]]


class EwsError(Exception):
    pass


class EwsBase(Loopback):
    """``closed`` are the mailboxes that may not be read."""

    def __init__(self, me: str, people: list[str], now: datetime) -> None:
        super().__init__()
        self.me = me
        self.store = Organisation([me, *people], now)
        self.closed: set[str] = set()
        self.password = "sesame"
        self.bare_errors = False  # an error without the fields that come with one as a rule
        self.rewrite_ids = False
        self.forgotten_up_to = -1
        self.full = False
        self.vanishing: set[str] = set()  # mails that are listed, and gone when they are fetched
        self.delivered: list[Mail] = []
        self.url = f"http://127.0.0.1:{self.port}/EWS/Exchange.asmx"

    def forget_lists(self) -> None:
        self.forgotten_up_to = max(len(self.store.log), len(self.store.mail_log))

    def handle(self, request: Request) -> Answer | None:
        found = re.search(rb"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)", request.body)
        request.target = found[1].decode() if found else request.target
        return super().handle(request)

    def _reply(self, name: str, makers: list[Make]) -> etree._Element:
        out = etree.Element(m(f"{name}Response"), nsmap={"m": MESSAGES, "t": TYPES})
        messages = add(out, m("ResponseMessages"))
        for make in makers:
            held = add(messages, m(f"{name}ResponseMessage"), ResponseClass="Success")
            try:
                made = make()
                add(held, m("ResponseCode"), "NoError")
                held.extend(made)
            except (EwsError, Refused) as error:
                held.set("ResponseClass", "Error")
                add(held, m("MessageText"), error)
                add(held, m("ResponseCode"), error)
                add(held, m("DescriptiveLinkKey"), 0)
                if name in ("CreateItem", "UpdateItem", "GetItem"):
                    add(held, m("Items"))
                if name == "SyncFolderItems" and not self.bare_errors:
                    add(held, m("SyncState"))
                    add(held, m("IncludesLastItemInRange"), "true")
        return out

    # folders

    def _folder(self, element: etree._Element) -> tuple[str, str]:
        """(owner, name)"""
        found = str(element.get("Id"))
        if found.startswith("f|"):
            _, owner, name = found.split("|")
        else:
            owner, name = element.findtext("t:Mailbox/t:EmailAddress", self.me, NAMES), found
        if owner not in self.store.mails:
            raise EwsError("ErrorNonExistentMailbox")
        if owner in self.closed:
            raise EwsError("ErrorAccessDenied")
        if name not in FOLDERS:
            raise EwsError("ErrorFolderNotFound")
        return owner, name

    def arrive(self, raw: bytes, owner: str | None = None, folder: str = "inbox") -> Mail:
        with self.lock:
            return self.store.arrive(owner or self.me, raw, folder)

    def _mail(self, mail_id: str) -> Mail:
        if mail_id in self.vanishing:
            raise EwsError("ErrorItemNotFound")
        for mail in self.store.mails[self.me]:
            if mail.id == mail_id:
                return mail
        raise EwsError("ErrorItemNotFound")

    def _event(self, ref: etree._Element) -> tuple[Item, datetime | None]:
        """(single or series, original start of the occurrence)"""
        kind, found = etree.QName(ref).localname, str(ref.get("Id") or ref.get("OccurrenceId") or "")
        if kind == "OccurrenceItemId":
            found = str(ref.get("RecurringMasterId"))
        elif kind == "RecurringMasterItemId":
            found = str(ref.get("OccurrenceId")).partition(".OCC.")[0]
        series, _, at = found.partition(".OCC.")
        for owner, items in self.store.items.items():
            if series not in items:
                continue
            if owner in self.closed:
                raise EwsError("ErrorAccessDenied")
            item = items[series]
            if kind == "OccurrenceItemId":
                every = list(item.originals(item.start, item.start + _FAR, dropped=True))
                number = int(str(ref.get("InstanceIndex")))
                if number > len(every):
                    raise EwsError("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange")
                original = every[number - 1]
                if original.astimezone(item.zone).date() in item.dropped:
                    raise EwsError("ErrorCalendarOccurrenceIsDeletedFromRecurrence")
                return item, original
            return item, datetime.fromisoformat(at) if at else None
        raise EwsError("ErrorItemNotFound")


def wanted_fields(asked: etree._Element) -> set[str]:
    """The names of the fields asked for, and of properties their full ones."""
    found = {
        str(each.get("FieldURI")).partition(":")[2]
        for each in asked.iterfind(".//t:AdditionalProperties/t:FieldURI", NAMES)
    }
    extended = asked.iterfind(".//t:AdditionalProperties/t:ExtendedFieldURI", NAMES)
    return found | {property_name(each) for each in extended}


XML = {"Content-Type": "text/xml; charset=utf-8"}


def soap_fault(code: str, pause_ms: int = 0) -> Answer:
    """What the whole request is answered with, as the throttling policy does."""
    errors = "http://schemas.microsoft.com/exchange/services/2006/errors"
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode xmlns:a="{TYPES}">a:{code}</faultcode>'
        f'<faultstring>secret-content</faultstring><detail><e:ResponseCode xmlns:e="{errors}">{code}</e:ResponseCode>'
        f'<e:Message xmlns:e="{errors}">secret-content</e:Message><t:MessageXml xmlns:t="{TYPES}">'
        f'<t:Value Name="BackOffMilliseconds">{pause_ms}</t:Value></t:MessageXml></detail></s:Fault>'
        "</s:Body></s:Envelope>"
    )
    return Answer(500, body.encode(), XML)
