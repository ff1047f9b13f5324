"""What the fake Exchange Web Services are asked to show: items, lists, changes, who is free."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml import etree

from .ews_base import FOLDERS, EwsBase, EwsError, wanted_fields
from .ews_items import NAMES, add, calendar_item, m, message, property_name, stamp, t
from .ews_schema import MESSAGES, TYPES
from .graph_store import Item


class ReadApi(EwsBase):
    def _GetFolder(self, asked: etree._Element) -> etree._Element:  # noqa: N802 (the operation's name)
        def make(element: etree._Element) -> list[etree._Element]:
            owner, name = self._folder(element)
            tag, kind, parent = FOLDERS[name]
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
        wanted = wanted_fields(asked)

        def make(ref: etree._Element) -> list[etree._Element]:
            items = etree.Element(m("Items"))
            items.append(self._shown(ref, wanted))
            return [items]

        refs = asked.find("m:ItemIds", NAMES)
        return self._reply("GetItem", [lambda ref=ref: make(ref) for ref in refs])  # type: ignore[misc]  # as above

    def _FindItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            owner, name = self._folder(asked.find("m:ParentFolderIds", NAMES)[0])
            wanted, view = wanted_fields(asked), asked.find("m:CalendarView", NAMES)
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

    def _SyncFolderItems(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make() -> list[etree._Element]:
            owner, name = self._folder(asked.find("m:SyncFolderId", NAMES)[0])
            at, wanted = self._state(asked.findtext("m:SyncState", "", NAMES)), wanted_fields(asked)
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
