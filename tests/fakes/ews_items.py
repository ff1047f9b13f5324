"""Items of the fake organisation as Exchange Web Services write them."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from .ews_schema import MESSAGES, TYPES
from .graph_store import Item, Mail, moment, zone

NAMES = {"m": MESSAGES, "t": TYPES, "s": "http://schemas.xmlsoap.org/soap/envelope/"}
_PUBLIC = "String {00020329-0000-0000-C000-000000000046} Name"
_ORDER = """MimeContent ItemId ParentFolderId ItemClass Subject Sensitivity Body DateTimeReceived IsDraft
DateTimeCreated
ExtendedProperty TextBody Sender From InternetMessageId UID RecurrenceId Start End OriginalStart IsAllDayEvent
LegacyFreeBusyStatus Location IsCancelled CalendarItemType MyResponseType Organizer RequiredAttendees
OptionalAttendees Recurrence ModifiedOccurrences DeletedOccurrences StartTimeZone EndTimeZone"""
ORDER = {name: rank for rank, name in enumerate(_ORDER.split())}
_SENT = {"none": "Unknown", "notResponded": "NoResponseReceived", "accepted": "Accept", "declined": "Decline",
         "tentativelyAccepted": "Tentative", "organizer": "Organizer"}  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GROUPS = {"Day": _DAYS, "Weekday": _DAYS[:5], "WeekendDay": _DAYS[5:]}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def t(name: str) -> str:
    return f"{{{TYPES}}}{name}"


def m(name: str) -> str:
    return f"{{{MESSAGES}}}{name}"


def add(parent: etree._Element, tag: str, text: object = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, **attributes)
    if text is not None:
        element.text = str(text)
    return element


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def occurrence_id(series: Item, original: datetime) -> str:
    return f"{series.id}.OCC.{original.isoformat()}"


# reading what the client sent


def fields_of(element: etree._Element, known: dict[str, Any]) -> dict[str, Any]:
    """In Graph's shapes, as the organisation keeps them; ``known`` are those of the item so far."""
    fields: dict[str, Any] = {}
    if (found := element.find("t:Subject", NAMES)) is not None:
        fields["subject"] = found.text or ""
    if (found := element.find("t:Body", NAMES)) is not None:
        fields["body"] = {"contentType": found.get("BodyType", "Text").lower(), "content": found.text or ""}
    if (found := element.find("t:Location", NAMES)) is not None:
        fields["location"] = {"displayName": found.text or ""}
    if (found := element.find("t:Sensitivity", NAMES)) is not None:
        fields["sensitivity"] = str(found.text).lower()
    for name in ("Start", "End"):
        if (found := element.find(f"t:{name}", NAMES)) is not None:
            named = element.find(f"t:{name}TimeZone", NAMES)
            key = named.get("Id") if named is not None else known.get(name.lower(), {}).get("timeZone", "UTC")
            local = datetime.fromisoformat(str(found.text)).astimezone(zone(key)).replace(tzinfo=None)
            fields[name.lower()] = {"dateTime": local.isoformat(), "timeZone": key}
    if (found := element.find("t:Recurrence", NAMES)) is not None:
        fields["recurrence"] = _recurrence(found, (fields.get("start") or known["start"])["timeZone"])
    people = _people(element, known.get("attendees", []))
    if people is not None:
        fields["attendees"] = people
    return fields


def properties_of(element: etree._Element) -> dict[str, str]:
    found = {}
    for each in element.iterfind("t:ExtendedProperty", NAMES):
        found[property_name(each.find("t:ExtendedFieldURI", NAMES))] = each.findtext("t:Value", "", NAMES)
    return found


def property_name(uri: etree._Element) -> str:
    return f"{_PUBLIC} {uri.get('PropertyName')}"


def _people(element: etree._Element, known: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    found: list[dict[str, Any]] = []
    said = False
    for tag, kind in (("RequiredAttendees", "required"), ("OptionalAttendees", "optional")):
        holder = element.find(f"t:{tag}", NAMES)
        said = said or holder is not None
        if holder is None:
            found += [each for each in known if each["type"] == kind]
        else:
            for each in holder.iterfind("t:Attendee/t:Mailbox", NAMES):
                address = each.findtext("t:EmailAddress", "", NAMES)
                name = each.findtext("t:Name", address, NAMES)
                found.append({"emailAddress": {"address": address, "name": name}, "type": kind})
    return found if said else None


def _recurrence(element: etree._Element, zone_name: str) -> dict[str, Any]:
    shape, span = element
    kind = etree.QName(shape).localname.removesuffix("Recurrence")
    pattern: dict[str, Any] = {"type": kind[:1].lower() + kind[1:], "interval": 1}
    for child in shape:
        name, text = etree.QName(child).localname, str(child.text)
        if name in ("Interval", "DayOfMonth"):
            pattern["interval" if name == "Interval" else "dayOfMonth"] = int(text)
        elif name == "DaysOfWeek":
            days = [day for word in text.split() for day in _GROUPS.get(word, (word,))]
            pattern["daysOfWeek"] = [day.lower() for day in days]
        elif name == "DayOfWeekIndex":
            pattern["index"] = text.lower()
        elif name == "Month":
            pattern["month"] = _MONTHS.index(text) + 1
        elif name == "FirstDayOfWeek":
            pattern["firstDayOfWeek"] = text.lower()
    first = span.findtext("t:StartDate", "", NAMES)[:10]
    ending: dict[str, Any] = {"startDate": first, "recurrenceTimeZone": zone_name, "type": "noEnd"}
    if (number := span.findtext("t:NumberOfOccurrences", None, NAMES)) is not None:
        ending |= {"type": "numbered", "numberOfOccurrences": int(number)}
    elif (last := span.findtext("t:EndDate", None, NAMES)) is not None:
        ending |= {"type": "endDate", "endDate": last[:10]}
    return {"pattern": pattern, "range": ending}


# writing what the server answers


def calendar_item(
    item: Item, wanted: Iterable[str], series: Item | None = None, original: datetime | None = None,
    start: datetime | None = None, end: datetime | None = None,
) -> etree._Element:  # fmt: skip
    """With the ``wanted`` fields; of an occurrence ``item`` is its exception, or the series with its own times."""
    element = etree.Element(t("CalendarItem"), nsmap={"t": TYPES})
    holder = series or item
    own = item.id if original is None else occurrence_id(holder, original)
    add(element, t("ItemId"), Id=own, ChangeKey=f"CK{holder.version}")
    fields = item.fields
    plain = original is not None and item is holder
    kind = "Single" if not holder.is_series else "RecurringMaster"
    if original is not None:
        kind = "Occurrence" if plain else "Exception"
    values: dict[str, Any] = {
        "Subject": fields["subject"],
        "Sensitivity": str(fields.get("sensitivity", "normal")).capitalize(),
        "TextBody": fields.get("body", {}).get("content", ""),
        "UID": holder.uid,
        "Start": stamp(start or moment(fields["start"])),
        "End": stamp(end or moment(fields["end"])),
        "IsAllDayEvent": "false",
        "Location": fields.get("location", {}).get("displayName", ""),
        "IsCancelled": "false",
        "CalendarItemType": kind,
        "DateTimeCreated": stamp(holder.created),
    }
    if original is not None:
        values["OriginalStart"] = stamp(original)
    for name, value in values.items():
        if name in wanted:
            body = {"BodyType": "Text"} if name == "TextBody" else {}
            add(element, t(name), value, **body)
    for name in ("StartTimeZone", "EndTimeZone"):
        if name in wanted:
            called = holder.zone_name or fields["start"]["timeZone"]
            add(element, t(name), Id=called, Name=called)
    if "Organizer" in wanted:
        _mailbox(add(element, t("Organizer")), holder.organizer, holder.organizer)
    _write_people(element, fields, wanted)
    if original is None:
        _write_series(element, item, wanted)
    for name, value in holder.properties.items():
        if name in wanted and original is None:
            held = add(element, t("ExtendedProperty"))
            short = name.removeprefix(f"{_PUBLIC} ")
            add(held, t("ExtendedFieldURI"), DistinguishedPropertySetId="PublicStrings", PropertyName=short,
                PropertyType="String")  # fmt: skip
            add(held, t("Value"), value)
    return ordered(element)


def ordered(element: etree._Element) -> etree._Element:
    element[:] = sorted(element, key=lambda child: ORDER[etree.QName(child).localname])
    return element


def _mailbox(parent: etree._Element, address: str, name: str) -> None:
    box = add(parent, t("Mailbox"))
    add(box, t("Name"), name)
    add(box, t("EmailAddress"), address)
    add(box, t("RoutingType"), "SMTP")


def _write_people(element: etree._Element, fields: dict[str, Any], wanted: Iterable[str]) -> None:
    for tag, kind in (("RequiredAttendees", "required"), ("OptionalAttendees", "optional")):
        several = [each for each in fields.get("attendees", ()) if each["type"] == kind]
        if tag not in wanted or not several:
            continue
        holder = add(element, t(tag))
        for each in several:
            one = add(holder, t("Attendee"))
            _mailbox(one, each["emailAddress"]["address"], each["emailAddress"]["name"])
            add(one, t("ResponseType"), _SENT[each.get("status", {}).get("response", "none")])
            if "proposedNewTime" in each:
                add(one, t("ProposedStart"), stamp(moment(_seconds(each["proposedNewTime"]["start"]))))
                add(one, t("ProposedEnd"), stamp(moment(_seconds(each["proposedNewTime"]["end"]))))


def _seconds(value: dict[str, str]) -> dict[str, str]:
    return {**value, "dateTime": value["dateTime"][:19]}


def _write_series(element: etree._Element, item: Item, wanted: Iterable[str]) -> None:
    if not item.is_series:
        return
    if "Recurrence" in wanted:
        _write_recurrence(add(element, t("Recurrence")), item.fields["recurrence"])
    if "ModifiedOccurrences" in wanted and item.exceptions:
        holder = add(element, t("ModifiedOccurrences"))
        for original, each in sorted(item.exceptions.items()):
            one = add(holder, t("Occurrence"))
            add(one, t("ItemId"), Id=occurrence_id(item, original), ChangeKey=f"CK{item.version}")
            for name, at in (("Start", each.start), ("End", moment(each.fields["end"])), ("OriginalStart", original)):
                add(one, t(name), stamp(at))
    if "DeletedOccurrences" in wanted and item.dropped:
        holder = add(element, t("DeletedOccurrences"))
        local = item.start.astimezone(item.zone)
        for day in sorted(item.dropped):
            at = datetime.combine(day, local.time(), item.zone)
            add(add(holder, t("DeletedOccurrence")), t("Start"), stamp(at))


def _write_recurrence(element: etree._Element, recurrence: dict[str, Any]) -> None:
    shape, span = recurrence["pattern"], recurrence["range"]
    kind = shape["type"][:1].upper() + shape["type"][1:]
    held = add(element, t(f"{kind}Recurrence"))
    if not kind.endswith("Yearly"):
        add(held, t("Interval"), shape["interval"])
    if "daysOfWeek" in shape:
        days = [day.capitalize() for day in shape["daysOfWeek"]]
        words = next(
            (word for word, group in _GROUPS.items() if list(group) == days and kind != "Weekly"), " ".join(days)
        )
        add(held, t("DaysOfWeek"), words)
    if "index" in shape and kind.startswith("Relative"):
        add(held, t("DayOfWeekIndex"), shape["index"].capitalize())
    if "dayOfMonth" in shape and kind.startswith("Absolute"):
        add(held, t("DayOfMonth"), shape["dayOfMonth"])
    if kind.endswith("Yearly"):
        add(held, t("Month"), _MONTHS[shape["month"] - 1])
    if kind == "Weekly":
        add(held, t("FirstDayOfWeek"), shape.get("firstDayOfWeek", "sunday").capitalize())
    ending = {"noEnd": "NoEndRecurrence", "endDate": "EndDateRecurrence", "numbered": "NumberedRecurrence"}[
        span["type"]
    ]
    limits = add(element, t(ending))
    add(limits, t("StartDate"), span["startDate"])
    if span["type"] == "endDate":
        add(limits, t("EndDate"), span["endDate"])
    elif span["type"] == "numbered":
        add(limits, t("NumberOfOccurrences"), span["numberOfOccurrences"])


def message(mail: Mail, wanted: Iterable[str]) -> etree._Element:
    element = etree.Element(t("Message"), nsmap={"t": TYPES})
    add(element, t("ItemId"), Id=mail.id, ChangeKey=f"CK{mail.version}")
    values = {"DateTimeReceived": stamp(mail.received), "IsDraft": str(mail.draft).lower(),
              "InternetMessageId": mail.message_id}  # fmt: skip
    for name, value in values.items():
        if name in wanted:
            add(element, t(name), value)
    if "MimeContent" in wanted:
        add(element, t("MimeContent"), base64.b64encode(mail.raw).decode(), CharacterSet="UTF-8")
    return ordered(element)
