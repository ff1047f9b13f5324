"""What the fake Exchange Web Services are asked to write: drafts and mails, meetings, changes."""

from __future__ import annotations

import base64
from email import message_from_bytes, policy
from email.utils import getaddresses

from lxml import etree

from .ews_base import EwsBase, EwsError
from .ews_items import NAMES, add, calendar_item, fields_of, m, message, occurrence_id, properties_of, t
from .graph_store import Item, Mail


class WriteApi(EwsBase):
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

    def _UpdateItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        (change,) = asked.find("m:ItemChanges", NAMES)
        if asked.get("ConflictResolution") != "NeverOverwrite":
            self.violations.append("somebody else's change may be overwritten")
        told = asked.get("SendMeetingInvitationsOrCancellations") == "SendToAllAndSaveCopy"
        if told is not any(etree.QName(each[0]).localname == "FieldURI" for each in change.find("t:Updates", NAMES)):
            self.violations.append("a change that nobody is told of, or a mail about none")

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
            self.store.change(item, fields, None if original is None else target, told=told)
            items = etree.Element(m("Items"))
            made = add(items, t("CalendarItem"))
            new_id = item.id if original is None else occurrence_id(item, original)
            add(made, t("ItemId"), Id=new_id, ChangeKey=f"CK{item.version}")
            results = etree.Element(m("ConflictResults"))
            add(results, t("Count"), 0)
            return [items, results]

        return self._reply("UpdateItem", [make])

    def _DeleteItem(self, asked: etree._Element) -> etree._Element:  # noqa: N802 - named by EWS
        def make(ref: etree._Element) -> list[etree._Element]:
            mails = self.store.mails[self.me]
            mail = next((mail for mail in mails if mail.id == ref.get("Id")), None)
            if mail is not None:
                mails.remove(mail)
                return []
            if asked.get("SendMeetingCancellations") != "SendToAllAndSaveCopy":
                self.violations.append("a cancellation that nobody is told of")
            self.store.delete(*self._event(ref))
            return []

        refs = asked.find("m:ItemIds", NAMES)
        return self._reply("DeleteItem", [lambda ref=ref: make(ref) for ref in refs])  # type: ignore[misc]  # as above
