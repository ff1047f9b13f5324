"""Mails in the fake Microsoft Graph."""

from __future__ import annotations

import base64
import re
from email import message_from_bytes, policy
from email.utils import getaddresses
from typing import Any
from urllib.parse import urlencode

from .graph_base import BASE, GraphBase, GraphError, answered
from .graph_store import Mail
from .loopback import Answer, Request

HAS_PROPERTY = re.compile(
    r"singleValueExtendedProperties/Any\(ep: ep/id eq '([^']+)' and ep/value (ne null|eq '(.*)')\)"
)
_BY_ID = re.compile(r"internetMessageId eq '(.*)'")
_SINCE = re.compile(r"receivedDateTime ge (\S+)")


class MailApi(GraphBase):
    def arrive(self, raw: bytes, owner: str | None = None, folder: str = "inbox") -> Mail:
        with self.lock:
            return self.store.arrive(owner or self.me, raw, folder)

    def _find_mail(self, user: str, mail_id: str) -> Mail:
        for mail in self.store.mails[self._mailbox(user)]:
            if mail.id == mail_id:
                return mail
        raise GraphError(404, "ErrorItemNotFound")

    def _delete_mail(self, _request: Request, _query: dict[str, str], user: str, id: str) -> Answer:
        self.store.mails[self._mailbox(user)].remove(self._find_mail(user, id))
        return Answer(204)

    def _mail_json(self, mail: Mail) -> dict[str, Any]:
        return {
            "@odata.etag": f'W/"{mail.version}"',
            "id": mail.id,
            "receivedDateTime": mail.received.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "isDraft": mail.draft,
            "internetMessageId": mail.message_id,
            "parentFolderId": mail.folder,
        }

    def _folder(self, request: Request, query: dict[str, str], user: str, folder: str) -> Answer:
        self._asked(request, query, "mailFolder")
        self._mailbox(user)
        return answered({"id": folder})

    def _mail_delta(self, request: Request, query: dict[str, str], user: str, folder: str) -> Answer:
        owner = self._mailbox(user)
        link = f"{BASE}/users/{user}/mailFolders/{folder}/messages/delta"
        state = query.get("$deltatoken") or query.get("$skiptoken")
        if state is None:
            self._asked(request, query, "message")
            since = _SINCE.search(query.get("$filter", ""))
            at, low = 0, since[1] if since else ""
        else:
            if self.forgotten or not re.fullmatch(r"\d+_\S*", state):
                raise GraphError(410, "syncStateNotFound")
            number, _, low = state.partition("_")
            at = int(number)
            if "$deltatoken" in query and at <= self.mails_forgotten_up_to:
                raise GraphError(410, "syncStateNotFound")
        size = int(next(iter(re.findall(r"maxpagesize=(\d+)", request.headers.get("prefer", ""))), "10"))
        log = self.store.mail_log
        found: list[dict[str, Any]] = []
        while at < len(log) and len(found) < size:
            mails = {mail.id: mail for mail in self.store.mails[owner]}
            mail = mails.get(log[at][1]) if log[at][0] == owner else None
            if mail is not None and mail.folder == folder and f"{mail.received:%Y-%m-%dT%H:%M:%SZ}" >= low:
                found.append(self._mail_json(mail))
            elif mail is None and log[at][0] == owner:
                found.append({"id": log[at][1], "@removed": {"reason": "deleted"}})
            at += 1
        name = "nextLink" if at < len(log) else "deltaLink"
        token = "$skiptoken" if at < len(log) else "$deltatoken"
        found.reverse()  # newest first, as it comes
        return self._listing("message", found, **{name: f"{link}?{urlencode({token: f'{at}_{low}'})}"})

    def _messages(self, request: Request, query: dict[str, str], user: str) -> Answer:
        self._asked(request, query, "message")
        mails = self.store.mails[self._mailbox(user)]
        condition = query.get("$filter", "")
        if named := HAS_PROPERTY.fullmatch(condition):
            value = (named[3] or "").replace("''", "'")
            mails = [mail for mail in mails if mail.properties.get(named[1]) == value]
        elif by_id := _BY_ID.fullmatch(condition):
            mails = [mail for mail in mails if mail.message_id == by_id[1].replace("''", "'")]
        else:
            self.violations.append(f"a filter that Graph does not know: {condition}")
        return self._listing("message", [self._mail_json(mail) for mail in mails])

    def _draft(self, request: Request, query: dict[str, str], user: str) -> Answer:
        if not request.headers.get("content-type", "").startswith("text/plain"):
            self.violations.append("a draft that is no MIME")
        if self.full:
            raise GraphError(507, "ErrorQuotaExceeded")
        raw = base64.b64decode(request.body, validate=True)
        mail = self.arrive(raw, self._mailbox(user), "drafts")
        mail.draft = True
        made = self._mail_json(mail)
        self._checked(made, "message", "answer of a draft")
        return answered(made, 201)

    def _message(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        self._asked(request, query, "message")
        return answered(self._mail_json(self._find_mail(user, id)))

    def _name_message(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        body, mail = self._json(request, "message"), self._find_mail(user, id)
        mail.properties |= {each["id"]: each["value"] for each in body.pop("singleValueExtendedProperties", ())}
        if body:
            self.violations.append(f"a draft's {', '.join(body)} written")
        return answered(self._mail_json(mail))

    def _mime(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        return Answer(200, self._find_mail(user, id).raw, {"Content-Type": "text/plain"})

    def _send(self, request: Request, query: dict[str, str], user: str, id: str) -> Answer:
        mail = self._find_mail(user, id)
        if not mail.draft:
            raise GraphError(400, "ErrorInvalidRequest")
        parsed = message_from_bytes(mail.raw, policy=policy.compat32)
        to = [address for _, address in getaddresses([str(parsed["to"] or "")]) if "@" in address]
        if not to:
            raise GraphError(400, "ErrorInvalidRecipients")
        mail.draft, mail.folder = False, "sentitems"
        if self.rewrite_ids:
            mine, mail.message_id = mail.message_id, f"<{mail.id}@exchange.example>"
            mail.raw = mail.raw.replace(mine.encode(), mail.message_id.encode())
        self.delivered.append(mail)
        for address in to:
            owner = self.store.owner_of(address)
            if owner is not None:
                self.arrive(mail.raw, owner)
        return Answer(202)
