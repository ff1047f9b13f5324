"""Exchange Web Services on loopback, in front of the fake organisation, checked against Exchange's XML schemas."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import getaddresses

from lxml import etree

from .ews_items import (
    NAMES,
    add,
    calendar_item,
    fields_of,
    m,
    message,
    occurrence_id,
    properties_of,
    property_name,
    stamp,
    t,
)
from .ews_schema import MESSAGES, TYPES, checker
from .graph_store import Item, Mail, Organisation
from .loopback import Answer, Loopback, Request

_SOAP = NAMES["s"]
_FOLDERS = {
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


class FakeEws(Loopback):
    """As the fake Graph, by the other door. The target of each request is the name of its operation, for faults."""

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
        envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"s": _SOAP, "m": MESSAGES, "t": TYPES})
        header = add(envelope, f"{{{_SOAP}}}Header")
        add(header, t("ServerVersionInfo"), MajorVersion="15", MinorVersion="1", MajorBuildNumber="2507",
            MinorBuildNumber="39", Version="V2017_07_11")  # fmt: skip
        add(envelope, f"{{{_SOAP}}}Body").append(answer)
        return Answer(200, etree.tostring(envelope, xml_declaration=True, encoding="utf-8"), _XML)

    def _reply(self, name: str, makers: list[Make]) -> etree._Element:
        out = etree.Element(m(f"{name}Response"), nsmap={"m": MESSAGES, "t": TYPES})
        messages = add(out, m("ResponseMessages"))
        for make in makers:
            held = add(messages, m(f"{name}ResponseMessage"), ResponseClass="Success")
            try:
                made = make()
                add(held, m("ResponseCode"), "NoError")
                held.extend(made)
            except EwsError as error:
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
        if name not in _FOLDERS:
            raise EwsError("ErrorFolderNotFound")
        return owner, name

    def _GetFolder(self, asked: etree._Element) -> etree._Element:  # noqa: N802 (the operation's name)
        def make(element: etree._Element) -> list[etree._Element]:
            owner, name = self._folder(element)
            tag, kind, parent = _FOLDERS[name]
            folders = etree.Element(m("Folders"))
            folder = add(folders, t(tag))
            add(folder, t("FolderId"), Id=f"f|{owner}|{name}", ChangeKey="k")
            if parent:
                add(folder, t("ParentFolderId"), Id=f"f|{owner}|{parent}", ChangeKey="k")
            if kind:
                add(folder, t("FolderClass"), kind)
            add(folder, t("DisplayName"), name)
            add(folder, t("TotalCount"), 0)
            add(folder, t("ChildFolderCount"), 0)
            return [folders]

        ids = asked.find("m:FolderIds", NAMES)
        return self._reply("GetFolder", [lambda each=each: make(each) for each in ids])  # type: ignore[misc]  # lambda

    # items

    def arrive(self, raw: bytes, owner: str | None = None, folder: str = "inbox") -> Mail:
        with self.lock:
            found = re.search(rb"(?im)^message-id:\s*(<[^>\r\n]*>)", raw.partition(b"\r\n\r\n")[0])
            named = found[1].decode("ascii", "replace") if found else f"<{self.store.new_id('gen')}@exchange>"
            mail = Mail(self.store.new_id("msg"), raw, folder, self.store.now, named)
            self.store.mails[owner or self.me].append(mail)
            self.store.mail_log.append((owner or self.me, mail.id))
            return mail

    def _CreateItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        (element,) = asked.find("m:Items", NAMES)

        def make() -> list[etree._Element]:
            items = etree.Element(m("Items"))
            if etree.QName(element).localname == "Message":
                items.append(message(self._new_message(asked, element), ()))
            else:
                if asked.get("SendMeetingInvitations") != "SendToAllAndSaveCopy":
                    self.violations.append("a meeting that nobody is told of")
                items.append(calendar_item(self._new_event(asked, element), ()))
            return [items]

        return self._reply("CreateItem", [make])

    def _new_message(self, asked: etree._Element, element: etree._Element) -> Mail:
        if self.full:
            raise EwsError("ErrorQuotaExceeded")
        if asked.get("MessageDisposition") != "SaveOnly":
            self.violations.append("a mail that is sent without being saved first")
        owner, name = self._folder(asked.find("m:SavedItemFolderId", NAMES)[0])
        raw = base64.b64decode(element.findtext("t:MimeContent", "", NAMES))
        mail = self.arrive(raw, owner, name)
        mail.draft, mail.properties = True, properties_of(element)
        return mail

    def _new_event(self, asked: etree._Element, element: etree._Element) -> Item:
        owner, _ = self._folder(asked.find("m:SavedItemFolderId", NAMES)[0])
        fields = fields_of(element, {})
        people = fields.pop("attendees", [])
        item = Item(self.store.new_id("ev"), owner, f"0400{next(self.store.numbers):08d}", owner, fields,
                    properties_of(element), response="organizer", created=self.store.now)  # fmt: skip
        item.fields["attendees"] = []
        self.store._invite(item, people)
        return self.store.add(item)

    def _SendItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            (ref,) = asked.find("m:ItemIds", NAMES)
            mail = self._mail(str(ref.get("Id")))
            if ref.get("ChangeKey") != f"CK{mail.version}":
                raise EwsError("ErrorIrresolvableConflict")
            parsed = message_from_bytes(mail.raw, policy=policy.compat32)
            to = [address for _, address in getaddresses([str(parsed["to"] or "")]) if "@" in address]
            if not to:
                raise EwsError("ErrorInvalidRecipients")
            # What was sent is another item, with another id.
            self.store.mails[self.me].remove(mail)
            raw, name = mail.raw, mail.message_id
            if self.rewrite_ids:
                name = f"<{self.store.new_id('own')}@exchange.example>"
                raw = raw.replace(mail.message_id.encode(), name.encode())
            sent = self.arrive(raw, self.me, "sentitems")
            sent.properties, sent.message_id = mail.properties, name
            self.delivered.append(sent)
            for address in to:
                owner = self.store.owner_of(address)
                if owner is not None:
                    self.arrive(raw, owner)
            return []

        return self._reply("SendItem", [make])

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

    def _shown(self, ref: etree._Element, wanted: set[str]) -> etree._Element:
        if etree.QName(ref).localname == "ItemId" and "msg" in str(ref.get("Id")):
            return message(self._mail(str(ref.get("Id"))), wanted)
        item, original = self._event(ref)
        return calendar_item(item, wanted) if original is None else self._occurrence(item, original, wanted)

    def _occurrence(self, item: Item, original: datetime, wanted: set[str]) -> etree._Element:
        exception = item.exceptions.get(original)
        if exception is not None:
            return calendar_item(exception, wanted, item, original)
        end = (original.astimezone(item.zone).replace(tzinfo=None) + item.length).replace(tzinfo=item.zone)
        return calendar_item(item, wanted, item, original, original, end)

    def _GetItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        wanted = _wanted(asked)

        def make(ref: etree._Element) -> list[etree._Element]:
            items = etree.Element(m("Items"))
            items.append(self._shown(ref, wanted))
            return [items]

        refs = asked.find("m:ItemIds", NAMES)
        return self._reply("GetItem", [lambda ref=ref: make(ref) for ref in refs])  # type: ignore[misc]  # as above

    def _FindItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            owner, name = self._folder(asked.find("m:ParentFolderIds", NAMES)[0])
            wanted, view = _wanted(asked), asked.find("m:CalendarView", NAMES)
            condition = asked.find("m:Restriction", NAMES)
            if view is not None:
                found = list(self._viewed(owner, view, wanted))
            elif name == "calendar":
                kept = [item for item in self.store.items[owner].values() if _meets(item.properties, "", condition)]
                found = [calendar_item(item, wanted) for item in kept]
            else:
                mails = [mail for mail in self.store.mails[owner] if mail.folder == name]
                kept_mails = [mail for mail in mails if _meets(mail.properties, mail.message_id, condition)]
                kept_mails.sort(key=lambda mail: mail.received, reverse=True)
                found = [message(mail, wanted) for mail in kept_mails]
            page = asked.find("m:IndexedPageItemView", NAMES)
            first = int(page.get("Offset")) if page is not None else 0
            most = int(page.get("MaxEntriesReturned") or 1000) if page is not None else 1000
            shown = found[first : first + most]
            last = str(first + most >= len(found)).lower()
            root = etree.Element(m("RootFolder"), TotalItemsInView=str(len(found)), IncludesLastItemInRange=last)
            if page is not None:
                root.set("IndexedPagingOffset", str(first + len(shown)))
            add(root, t("Items")).extend(shown)
            return [root]

        return self._reply("FindItem", [make])

    def _viewed(self, owner: str, view: etree._Element, wanted: set[str]) -> Iterator[etree._Element]:
        low, high = (datetime.fromisoformat(view.get(name)) for name in ("StartDate", "EndDate"))
        for item in self.store.items[owner].values():
            for original, start, end, exception in item.instances(low, high):
                if not item.is_series:
                    yield calendar_item(item, wanted)
                else:
                    yield calendar_item(exception or item, wanted, item, original, start, end)

    def _UpdateItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        (change,) = asked.find("m:ItemChanges", NAMES)
        if asked.get("ConflictResolution") != "NeverOverwrite":
            self.violations.append("somebody else's change may be overwritten")
        if asked.get("SendMeetingInvitationsOrCancellations") != "SendToAllAndSaveCopy":
            self.violations.append("a change that nobody is told of")

        def make() -> list[etree._Element]:
            item, original = self._event(change[0])
            if change[0].get("ChangeKey") != f"CK{item.version}":
                raise EwsError("ErrorIrresolvableConflict")
            if not item.organizes:
                self.violations.append("a meeting of somebody else's was changed")
            gathered = etree.Element(t("CalendarItem"))
            cleared = []
            for each in change.find("t:Updates", NAMES):
                if etree.QName(each).localname == "SetItemField":
                    gathered.extend(each[1])
                else:
                    cleared.append(str(each[0].get("FieldURI")).partition(":")[2])
            for tag in ("RequiredAttendees", "OptionalAttendees"):
                if tag in cleared:
                    add(gathered, t(tag))
            target = item if original is None else item.exception(original, self.store.new_id("ex"))
            fields = fields_of(gathered, target.fields)
            if "Recurrence" in cleared:
                fields["recurrence"] = None
            if "Location" in cleared:
                fields["location"] = {"displayName": ""}
            item.properties |= properties_of(gathered)
            self.store.change(item, fields, None if original is None else target)
            items = etree.Element(m("Items"))
            made = add(items, t("CalendarItem"))
            new_id = item.id if original is None else occurrence_id(item, original)
            add(made, t("ItemId"), Id=new_id, ChangeKey=f"CK{item.version}")
            results = etree.Element(m("ConflictResults"))
            add(results, t("Count"), 0)
            return [items, results]

        return self._reply("UpdateItem", [make])

    def _DeleteItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        if asked.get("SendMeetingCancellations") != "SendToAllAndSaveCopy":
            self.violations.append("a cancellation that nobody is told of")

        def make(ref: etree._Element) -> list[etree._Element]:
            self.store.delete(*self._event(ref))
            return []

        refs = asked.find("m:ItemIds", NAMES)
        return self._reply("DeleteItem", [lambda ref=ref: make(ref) for ref in refs])  # type: ignore[misc]  # as above

    def _SyncFolderItems(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            owner, name = self._folder(asked.find("m:SyncFolderId", NAMES)[0])
            at, wanted = self._state(asked.findtext("m:SyncState", "", NAMES)), _wanted(asked)
            most = int(asked.findtext("m:MaxChangesReturned", "512", NAMES))
            log = self.store.log if name == "calendar" else self.store.mail_log
            changes, told = etree.Element(m("Changes")), 0
            seen: set[str] = set()
            while at < len(log) and told < most:
                whose, item_id = log[at]
                at += 1
                if whose != owner or item_id in seen:
                    continue
                seen.add(item_id)
                shown = self._synced(owner, name, item_id, wanted)
                if shown is not None:
                    add(changes, t("Create")).append(shown)
                elif name == "calendar" or not any(mail.id == item_id for mail in self.store.mails[owner]):
                    add(add(changes, t("Delete")), t("ItemId"), Id=item_id, ChangeKey="x")
                told += shown is not None
            state, last = etree.Element(m("SyncState")), etree.Element(m("IncludesLastItemInRange"))
            state.text = base64.b64encode(f"s{at}".encode()).decode()
            last.text = str(at >= len(log)).lower()
            return [state, last, changes]

        return self._reply("SyncFolderItems", [make])

    def _state(self, text: str) -> int:
        if not text:
            return 0
        try:
            at = int(base64.b64decode(text, validate=True).decode().removeprefix("s"))
        except ValueError:
            raise EwsError("ErrorInvalidSyncStateData") from None
        if at <= self.forgotten_up_to:
            raise EwsError("ErrorInvalidSyncStateData")
        return at

    def _synced(self, owner: str, name: str, item_id: str, wanted: set[str]) -> etree._Element | None:
        if name == "calendar":
            item = self.store.items[owner].get(item_id)
            return None if item is None else calendar_item(item, wanted)
        mails = [mail for mail in self.store.mails[owner] if mail.id == item_id and mail.folder == name]
        return message(mails[0], wanted) if mails else None

    # availability

    def _GetServerTimeZones(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            box = etree.Element(m("TimeZoneDefinitions"))
            for each in asked.iterfind(".//t:Id", NAMES):
                if each.text != "UTC":
                    self.violations.append("availability in a zone that is not UTC")
                held = add(box, t("TimeZoneDefinition"), Id="UTC", Name="UTC")
                add(add(held, t("Periods")), t("Period"), Bias="PT0S", Name="Standard", Id="std")
                group = add(add(held, t("TransitionsGroups")), t("TransitionsGroup"), Id="0")
                add(add(group, t("Transition")), t("To"), "std", Kind="Period")
                add(add(add(held, t("Transitions")), t("Transition")), t("To"), "0", Kind="Group")
            return [box]

        return self._reply("GetServerTimeZones", [make])

    def _GetUserAvailability(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        out = etree.Element(m("GetUserAvailabilityResponse"), nsmap={"m": MESSAGES, "t": TYPES})
        array = add(out, m("FreeBusyResponseArray"))
        times = (asked.findtext(f".//t:TimeWindow/t:{name}", "", NAMES) for name in ("StartTime", "EndTime"))
        low, high = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in times)
        if high - low > timedelta(days=42):
            self.violations.append("availability of more than 42 days")
        for address in asked.iterfind(".//t:MailboxData/t:Email/t:Address", NAMES):
            owner = self.store.owner_of(str(address.text))
            held = add(array, m("FreeBusyResponse"))
            said = add(held, m("ResponseMessage"), ResponseClass="Error" if owner is None else "Success")
            if owner is None:
                add(said, m("MessageText"), "Unable to resolve e-mail address")
                add(said, m("ResponseCode"), "ErrorMailRecipientNotFound")
                add(said, m("DescriptiveLinkKey"), 0)
                add(add(held, m("FreeBusyView")), t("FreeBusyViewType"), "None")
                continue
            add(said, m("ResponseCode"), "NoError")
            view = add(held, m("FreeBusyView"))
            add(view, t("FreeBusyViewType"), "Detailed")
            box = add(view, t("CalendarEventArray"))
            for start, end, status, item in self.store.schedule(owner, low, high):
                event = add(box, t("CalendarEvent"))
                add(event, t("StartTime"), stamp(start).removesuffix("Z"))
                add(event, t("EndTime"), stamp(end).removesuffix("Z"))
                add(event, t("BusyType"), {"oof": "OOF"}.get(status, status.capitalize()))
                details = add(event, t("CalendarEventDetails"))
                add(details, t("Subject"), item.fields["subject"])
                for name in ("IsMeeting", "IsRecurring", "IsException", "IsReminderSet", "IsPrivate"):
                    add(details, t(name), "false")
        return out


_XML = {"Content-Type": "text/xml; charset=utf-8"}


def soap_fault(code: str, pause_ms: int = 0) -> Answer:
    """What the whole request is answered with, as the throttling policy does."""
    errors = "http://schemas.microsoft.com/exchange/services/2006/errors"
    body = (
        f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><s:Fault><faultcode xmlns:a="{TYPES}">a:{code}</faultcode>'
        f'<faultstring>secret-content</faultstring><detail><e:ResponseCode xmlns:e="{errors}">{code}</e:ResponseCode>'
        f'<e:Message xmlns:e="{errors}">secret-content</e:Message><t:MessageXml xmlns:t="{TYPES}">'
        f'<t:Value Name="BackOffMilliseconds">{pause_ms}</t:Value></t:MessageXml></detail></s:Fault>'
        "</s:Body></s:Envelope>"
    )
    return Answer(500, body.encode(), _XML)


def _wanted(asked: etree._Element) -> set[str]:
    """The names of the fields asked for, and of properties their full ones."""
    found = {
        str(each.get("FieldURI")).partition(":")[2]
        for each in asked.iterfind(".//t:AdditionalProperties/t:FieldURI", NAMES)
    }
    extended = asked.iterfind(".//t:AdditionalProperties/t:ExtendedFieldURI", NAMES)
    return found | {property_name(each) for each in extended}


def _meets(properties: dict[str, str], message_id: str, condition: etree._Element | None) -> bool:
    if condition is None:
        return True
    (test,) = condition
    kind = etree.QName(test).localname
    extended = test.find(".//t:ExtendedFieldURI", NAMES)
    if kind == "Exists":
        return property_name(extended) in properties
    value = test.find(".//t:Constant", NAMES).get("Value")
    found = message_id if extended is None else properties.get(property_name(extended))
    return bool(found == value)
