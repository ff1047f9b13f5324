"""Small SMTP and IMAP servers that fail on command: every step can say something else, hang up, or say nothing."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType

GMAIL_IDS = 1_278_455_344_230_334_865
DROP = b"drop"
SILENT = b"silent"
Say = bytes | Callable[[int], bytes]
"""A reply, DROP or SILENT; a function is told which connection it is, from 1."""
NOTHING: Mapping[str, Say] = MappingProxyType({})


class HungUpError(Exception):
    """This connection is over."""


class _Server:
    def __init__(self, says: Mapping[str, Say], tls: ssl.SSLContext | None = None) -> None:
        self.says: dict[str, Say] = dict(says)
        self.tls = tls
        self.connections = 0
        self.seen: list[bytes] = []
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._one, args=[line, self.connections], daemon=True).start()

    def _one(self, line: socket.socket, number: int) -> None:
        with suppress(OSError, HungUpError, ValueError):
            if self.tls is not None:
                try:
                    line = self.tls.wrap_socket(line, server_side=True)
                except OSError:
                    line.close()
                    return
            self._talk(line, number)
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()

    def _talk(self, line: socket.socket, number: int) -> None:
        raise NotImplementedError

    def _say(self, line: socket.socket, step: str, usual: bytes, number: int) -> bytes:
        """Say what is wanted at this step, and return it."""
        said = self.says.get(step, usual)
        text = said(number) if callable(said) else said
        if text == DROP:
            raise HungUpError
        if text == SILENT:
            self._over.wait(20)
            raise HungUpError
        line.sendall(text)
        return text


@dataclass
class Taken:
    recipients: list[str]
    body: bytes


class FaultySmtp(_Server):
    """Steps: greeting, EHLO, AUTH, MAIL, RCPT, DATA, dot, RSET, NOOP; RCPT-copy and dot-copy where it is for our copy
    too. ``taken`` is what it keeps, whatever it says.

    ``read`` ends a connection after so many bytes of a mail; ``keeps`` False throws away what came to the dot;
    ``slowly`` sends the answer to the dot in single bytes, with that pause between them.
    """

    def __init__(self, says: Mapping[str, Say] = NOTHING, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[Taken] = []
        self.read: int | None = None
        self.keeps = True
        self.slowly = 0.0
        super().__init__(says, tls)

    def _talk(self, line: socket.socket, number: int) -> None:
        with line.makefile("rb") as lines:
            self._say(line, "greeting", b"220 ready\r\n", number)
            recipients: list[str] = []
            while command := lines.readline():
                self.seen.append(command)
                verb = command.split()[0].upper().decode() if command.strip() else "empty"
                if verb == "RCPT":
                    said = self._say(line, self._step(command), b"250 ok\r\n", number)
                    if said.startswith(b"250"):
                        recipients.append(command.decode().partition("<")[2].partition(">")[0])
                elif verb == "DATA":
                    if self._say(line, "DATA", b"354 go on\r\n", number).startswith(b"354"):
                        self._take(line, lines.readline, lines.read, recipients, number)
                        recipients = []
                else:
                    usual = {
                        "EHLO": b"250-here\r\n250-AUTH PLAIN LOGIN XOAUTH2\r\n250 8BITMIME\r\n",
                        "AUTH": b"235 ok\r\n",
                    }
                    self._say(line, verb, usual.get(verb, b"250 ok\r\n"), number)
                    recipients = [] if verb in ("MAIL", "RSET") else recipients

    def _step(self, command: bytes) -> str:
        return "RCPT-copy" if b"+sent-copy@" in command and "RCPT-copy" in self.says else "RCPT"

    def _take(
        self,
        line: socket.socket,
        readline: Callable[[], bytes],
        read: Callable[[int], bytes],
        recipients: list[str],
        number: int,
    ) -> None:
        if self.read is not None:
            read(self.read)
            raise HungUpError
        body = b""
        while (part := readline()) != b".\r\n":
            if not part:
                raise HungUpError
            body += part.removeprefix(b".")
        if "dot-copy" in self.says and len(recipients) > 1:
            self._say(line, "dot-copy", b"", number)
            return
        if self.keeps:
            self.taken.append(Taken(recipients, body))
        if self.slowly:
            for byte in b"250 ok\r\n":
                time.sleep(self.slowly)
                line.sendall(bytes([byte]))
        else:
            self._say(line, "dot", b"250 ok\r\n", number)


@dataclass
class Folder:
    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 1
    next: int = 1
    modseq: int | None = None

    def add(self, raw: bytes) -> int:
        self.mails[self.next] = raw
        self.next += 1
        self.modseq = None if self.modseq is None else self.modseq + 1
        return self.next - 1


class FaultyImap(_Server):
    """Just enough IMAP to be read. Steps: greeting, LOGIN, EXAMINE, SEARCH, FETCH, IDLE, LIST, HEADER (a search).

    ``{tag}`` in a step's text stands for the command's tag. ``uses`` are special uses by folder, ``hide`` UIDs that it
    lists and does not give.
    """

    def __init__(
        self, says: Mapping[str, Say] = NOTHING, capabilities: str = "", tls: ssl.SSLContext | None = None
    ) -> None:
        self.capabilities = f"IMAP4rev1 {capabilities}".strip()
        self.folders = {"INBOX": Folder()}
        self.uses: dict[str, str] = {}
        self.hide: set[int] = set()
        self.on_list: Callable[[], None] = lambda: None
        super().__init__(says, tls)

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]

    def _talk(self, line: socket.socket, number: int) -> None:
        folder = Folder()
        self._say(line, "greeting", b"* OK ready\r\n", number)
        with line.makefile("rb") as lines:
            while command := lines.readline():
                self.seen.append(command)
                tag, verb, *rest = command.decode().split(None, 3)
                verb = verb.upper() if verb.upper() != "UID" else rest[0].upper()
                words = rest[1] if len(rest) > 1 and verb in ("SEARCH", "FETCH") else " ".join(rest)
                if verb in ("EXAMINE", "SELECT"):
                    folder = self.folders.get(words.strip().strip('"'), Folder(validity=0))
                if verb == "IDLE":
                    self._say(line, "IDLE", b"+ idling\r\n", number)
                    lines.readline()
                reply = self._reply(verb, words.strip(), folder)
                step = "HEADER" if verb == "SEARCH" and "HEADER" in words.upper() else verb
                if step in self.says and step != "IDLE":
                    said = self.says[step]
                    text = said(number) if callable(said) else said
                    if text not in (DROP, SILENT):
                        line.sendall(text.replace(b"{tag}", tag.encode()))
                        continue
                    self._say(line, step, b"", number)
                line.sendall(reply + f"{tag} OK done\r\n".encode())

    def _reply(self, verb: str, words: str, folder: Folder) -> bytes:
        if verb == "CAPABILITY":
            return f"* CAPABILITY {self.capabilities}\r\n".encode()
        if verb in ("EXAMINE", "SELECT"):
            modseq = "" if folder.modseq is None else f"* OK [HIGHESTMODSEQ {folder.modseq}] x\r\n"
            numbers = f"* OK [UIDVALIDITY {folder.validity}] x\r\n* OK [UIDNEXT {folder.next}] x\r\n"
            return f"* FLAGS ()\r\n* {len(folder.mails)} EXISTS\r\n* 0 RECENT\r\n{numbers}{modseq}".encode()
        if verb == "LIST":
            names = "".join(f'* LIST ({self.uses.get(name, "")}) "/" "{name}"\r\n' for name in self.folders)
            return names.encode()
        if verb == "SEARCH":
            found = " ".join(map(str, self._search(words, folder)))
            self.on_list()
            return f"* SEARCH {found}\r\n".encode()
        if verb == "STORE" and "Trash" in words and "X-GM-EXT-1" in self.capabilities:
            folder.mails.pop(int(words.split()[1]), None)
        return self._fetch(words, folder) if verb == "FETCH" else b""

    def _search(self, words: str, folder: Folder) -> list[int]:
        if found := re.match(r"UID (\d+):\*", words):
            last = max(folder.mails, default=0)
            return [uid for uid in folder.mails if uid >= int(found[1])] or ([last] if last else [])
        if found := re.match(r'HEADER (\S+) "?([^"]*)"?', words):
            wanted = f"{found[1]}: {found[2]}".lower().encode()
            return [uid for uid, raw in folder.mails.items() if wanted in raw.lower()]
        if found := re.match(r"X-GM-MSGID (\d+)", words):
            return [uid for uid in folder.mails if GMAIL_IDS + uid == int(found[1])]
        return list(folder.mails)

    def _fetch(self, words: str, folder: Folder) -> bytes:
        ids, _, what = words.partition(" ")
        reply = b""
        for uid in map(int, ids.split(",")):
            raw = folder.mails.get(uid)
            if raw is None or ("BODY" in what and uid in self.hide):
                continue
            at = list(folder.mails).index(uid) + 1
            if "BODY.PEEK[HEADER" in what:
                name = re.sub(r".*FIELDS (\(.*?\)).*", r"\1", what)
                head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                item = f"BODY[HEADER.FIELDS {name}] {{{len(head)}}}\r\n".encode() + head
            elif "BODY.PEEK[]" in what:
                item = f"BODY[] {{{len(raw)}}}\r\n".encode() + raw
            elif "INTERNALDATE" in what:
                item = b'INTERNALDATE "23-Nov-2026 10:00:00 +0000"'
            else:
                item = f"RFC822.SIZE {len(raw)}".encode()
            gmail = f"X-GM-MSGID {GMAIL_IDS + uid} " if "X-GM-MSGID" in what else ""
            reply += f"* {at} FETCH (UID {uid} {gmail}".encode() + item + b")\r\n"
        return reply
