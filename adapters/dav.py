"""WebDAV and CalDAV over HTTP (RFC 4918, 4791, 6578), as far as an assistant needs them: requests and defusedxml.

Answers are foreign: read up to a size, parsed without entities, and never followed to another host with our password.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import requests
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from assistant.domain.calendar import Period
from assistant.errors import Conflict, CursorExpired, NotFound, ProviderError, Rejected, Unauthorized, Unavailable

from .reaching import cause, why
from .server_clock import ServerClock
from .throttle import Bucket, waited
from .xoauth import SignIn

D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
_NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
_TIMEOUT = (10, 60)  # seconds to connect, and between two packets
PER_MINUTE = 6000.0
"""Of our own or a rented server, which tell their limits to nobody; an account may ask for less."""
_LONGEST_WAIT = 60.0  # a look at many calendars must not start over because it is long
_MAX_ANSWER = 64 * 1024 * 1024
_MAX_REDIRECTS = 5
_CHUNK = 64 * 1024
_SAFE_IN_PATH = "/@:!$&'()*+,;=~-._"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ServerFault(Unavailable):
    """500: the server stumbled over this very request, which says nothing about others."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``url`` is where it came from in the end; ``headers`` are looked up without regard to case."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One response of a multistatus: ``status`` is that of the whole resource, where it has one."""

    url: str
    properties: Mapping[str, Element]
    status: int | None

    def text(self, name: str) -> str:
        element = self.properties.get(name)
        return "" if element is None else (element.text or "").strip()

    def href(self, name: str) -> str | None:
        """The absolute URL in a property that holds one."""
        element = self.properties.get(name)
        value = element.findtext(f"{D}href") if element is not None else None
        return urljoin(self.url, value.strip()) if value else None


class Dav:
    """One account on one server. ``hosts`` are further hosts that may see the password (iCloud spreads over several).

    Plain http is refused, except on this machine or where ``allow_http`` says so.
    """

    def __init__(
        self,
        url: str,
        sign_in: SignIn | None,
        *,
        digest: bool = False,
        hosts: Collection[str] = (),
        ca_file: str | None = None,
        allow_http: bool = False,
        bucket: Bucket | None = None,
    ) -> None:
        self.url = url
        self._bucket = bucket or Bucket(PER_MINUTE)
        self._sign_in = sign_in
        self._digest = digest
        self._hosts = {host.lower() for host in hosts}
        self._allow_http = allow_http
        self.clock = ServerClock()
        self._http = requests.Session()
        self._http.trust_env = False  # neither a proxy nor a .netrc of somebody else
        self._http.verify = ca_file or True
        self._http.headers["User-Agent"] = "async-assistant"

    def request(
        self, method: str, url: str, body: str | bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Raises the leaves of ProviderError for everything but 2xx."""
        content = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": "application/xml; charset=utf-8"} if content else {}
        answer = self._once(method, url, content, {**sent, **(headers or {})})
        for _ in range(_MAX_REDIRECTS):
            if answer.status not in (301, 302, 307, 308):
                break
            target = urljoin(answer.url, answer.headers.get("location", ""))
            answer = self._once(method, target, content, {**sent, **(headers or {})})
        if not 200 <= answer.status < 300 and answer.status != 304:
            raise _refusal(method, answer)
        return answer

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self._check(url)
        waited(self._bucket, patience=_LONGEST_WAIT)
        host = urlsplit(url).hostname
        try:
            with self._http.request(
                method, url, data=body, headers=headers, auth=self._auth(), timeout=_TIMEOUT, stream=True,
                allow_redirects=False,
            ) as response:  # fmt: skip
                self._note_time(response.headers.get("Date", ""))
                content = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    content += chunk
                    if len(content) > _MAX_ANSWER:
                        raise Rejected(f"{host}: an answer is larger than {_MAX_ANSWER} bytes")
                return Answer(url, response.status_code, response.headers, bytes(content))
        except requests.exceptions.Timeout as error:
            raise Unavailable(f"{host}: it does not answer; it is tried again") from error
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise Rejected(f"{host}: not an address that we can call") from error
        except requests.exceptions.RequestException as error:
            below = cause(error)
            said = why(below) if below is not None else "its answer is no HTTP; check the address"
            raise Unavailable(f"{host}: {said}") from error

    def _note_time(self, date: str) -> None:
        try:
            self.clock.note(parsedate_to_datetime(date))
        except ValueError:  # it is foreign text
            return

    def _check(self, url: str) -> None:
        """Raises Rejected for an address to which our password must not go."""
        base, target = urlsplit(self.url), urlsplit(url)
        host = (target.hostname or "").lower()
        remedy = "if that is right, name it in `hosts`" if self._sign_in else "if that is right, give its address there"
        if target.scheme not in ("https", "http") or not host:
            raise Rejected(f"{self.url}: the address should begin with https://")
        if host not in {(base.hostname or "").lower(), *self._hosts}:
            raise Rejected(f"{base.hostname}: the server sends us to {host}; {remedy}")
        if target.scheme == "http" and host not in _LOOPBACK and not self._allow_http:
            raise Rejected(f"{host}: the password would travel in clear; use https, or say `allow_http: true`")
        upgraded = (base.scheme, target.scheme) == ("http", "https")
        if host not in self._hosts and _port(target) != _port(base) and not upgraded:
            raise Rejected(f"{host}: the server sends us to another port; {remedy}")

    def _auth(self) -> AuthBase | None:
        if self._sign_in is None:
            return None
        secret = self._sign_in.secret()
        if self._sign_in.by_token:
            return _Bearer(secret)
        kind = HTTPDigestAuth if self._digest else HTTPBasicAuth
        return kind(self._sign_in.username.encode(), secret.encode())

    # WebDAV

    def find(self, url: str, properties: Sequence[str], depth: int = 0) -> list[Item]:
        """PROPFIND; ``properties`` with their prefix, "D:getetag"."""
        names = "".join(f"<{name}/>" for name in properties)
        body = f"<D:propfind {_NAMESPACES}><D:prop>{names}</D:prop></D:propfind>"
        return items(self.request("PROPFIND", url, body, {"Depth": str(depth)}))

    def options(self, url: str) -> set[str]:
        """What the DAV header offers, lower case."""
        offered = self.request("OPTIONS", url).headers.get("dav", "")
        return {word.strip().lower() for word in offered.split(",")}

    def get(self, url: str, known: Mapping[str, str] | None = None) -> Answer:
        """``known`` are the headers of an earlier answer: where nothing changed since, the status is 304."""
        conditions = {
            "If-None-Match": (known or {}).get("etag"),
            "If-Modified-Since": (known or {}).get("last-modified"),
        }
        return self.request("GET", url, headers={name: value for name, value in conditions.items() if value})

    def put(self, url: str, content: bytes, etag: str | None) -> None:
        """``etag`` None: only where nothing is there yet. Raises Conflict."""
        guard = {"If-None-Match": "*"} if etag is None else {"If-Match": _strong(etag)}
        self.request("PUT", url, content, {"Content-Type": "text/calendar; charset=utf-8", **guard})

    def delete(self, url: str, etag: str | None) -> None:
        """Raises Conflict and NotFound."""
        self.request("DELETE", url, headers={"If-Match": _strong(etag)} if etag else {})

    def make_calendar(self, url: str, name: str) -> None:
        body = (
            f"<C:mkcalendar {_NAMESPACES}><D:set><D:prop><D:displayname>{escape(name)}</D:displayname>"
            '<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>'
            "</D:prop></D:set></C:mkcalendar>"
        )
        self.request("MKCALENDAR", url, body)

    # Calendars

    def since(self, calendar: str, token: str) -> tuple[list[Item], str]:
        """What changed since ``token`` (RFC 6578), and the next token. Raises CursorExpired."""
        body = (
            f"<D:sync-collection {_NAMESPACES}><D:sync-token>{escape(token)}</D:sync-token>"
            "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
        )
        answer = self.request("REPORT", calendar, body)
        following = xml(answer).findtext(f"{D}sync-token") or ""
        if not following:
            raise Rejected(f"{urlsplit(calendar).hostname}: sync-collection gave no token")
        return items(answer), following

    def objects(self, calendar: str, urls: Sequence[str]) -> list[Item]:
        """The calendar objects at these addresses, with their etags; those that are gone have a status of 404."""
        hrefs = "".join(f"<D:href>{escape(urlsplit(url).path)}</D:href>" for url in urls)
        body = (
            f"<C:calendar-multiget {_NAMESPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>"
            f"{hrefs}</C:calendar-multiget>"
        )
        return items(self.request("REPORT", calendar, body, {"Depth": "1"}))

    def busy(self, calendar: str, period: Period) -> bytes:
        """The answer to a free-busy-query (RFC 4791, 7.10)."""
        start, end = stamp(period.start), stamp(period.end)
        body = f'<C:free-busy-query {_NAMESPACES}><C:time-range start="{start}" end="{end}"/></C:free-busy-query>'
        return self.request("REPORT", calendar, body, {"Depth": "1"}).content

    def principals(self, collection: str, address: str) -> list[Item]:
        """Whoever has that mail address (RFC 3744, 9.4), with their calendar home."""
        body = (
            f'<D:principal-property-search {_NAMESPACES} test="anyof"><D:property-search><D:prop>'
            f"<C:calendar-user-address-set/></D:prop><D:match>{escape(address)}</D:match></D:property-search>"
            "<D:prop><C:calendar-home-set/><C:calendar-user-address-set/></D:prop></D:principal-property-search>"
        )
        return items(self.request("REPORT", collection, body, {"Depth": "0"}))


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def items(answer: Answer) -> list[Item]:
    """The responses of a multistatus (RFC 4918, 14.16)."""
    return list(_items(answer))


def _items(answer: Answer) -> Iterator[Item]:
    for response in xml(answer).iter(f"{D}response"):
        properties: dict[str, Element] = {}
        for part in response.findall(f"{D}propstat"):
            if _status(part.findtext(f"{D}status")) == 200:
                properties |= {element.tag: element for block in part.findall(f"{D}prop") for element in block}
        status = _status(response.findtext(f"{D}status"))
        for href in response.findall(f"{D}href"):
            if href.text:
                yield Item(canonical(urljoin(answer.url, href.text.strip())), properties, status)


def _status(line: str | None) -> int | None:
    """Of "HTTP/1.1 404 Not Found"."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() and len(words[1]) == 3 else None


def xml(answer: Answer) -> Element:
    try:
        root: Element = fromstring(answer.content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Rejected(f"{urlsplit(answer.url).hostname}: the answer is not the XML of a calendar server") from error
    return root


def canonical(url: str) -> str:
    """One spelling of an address: servers escape more or less of a path than we do."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, quote(unquote(parts.path), _SAFE_IN_PATH), "", ""))


def _strong(etag: str) -> str:
    """What is in between may weaken an etag where it packs answers; a weak one never matches (RFC 9110, 13.1.1)."""
    return etag.removeprefix("W/")


def stamp(moment: datetime) -> str:
    """``moment`` is in UTC."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


def _port(parts: SplitResult) -> int:
    return parts.port or (80 if parts.scheme == "http" else 443)


def _refusal(method: str, answer: Answer) -> ProviderError:  # noqa: PLR0911 - a table
    host, status = urlsplit(answer.url).hostname, answer.status
    if status in (403, 409, 412) and _condition(answer, "valid-sync-token"):
        return CursorExpired(f"{host}: the server no longer knows our place")
    if status == 401:
        return Unauthorized(f"{host}: sign-in was refused; check user name and password")
    if status in (404, 410):
        return NotFound(f"{host}: it is not there")
    if status in (409, 412):
        return Conflict(f"{host}: it was changed since we read it")
    if status == 507:
        return Unavailable(f"{host}: the account there is full ({status}); make room in it", _retry_after(answer))
    if status == 423:
        return Unavailable(f"{host}: something else has it locked ({status})", _retry_after(answer))
    if status in (429, 502, 503, 504):
        return Unavailable(f"{host}: the server is not ready ({status})", _retry_after(answer))
    if status >= 500:
        return ServerFault(f"{host}: the server failed on {method} ({status})", _retry_after(answer))
    if 300 <= status < 400:
        return Rejected(f"{host}: the server sends us round in a circle")
    if status == 413:
        return Rejected(f"{host}: the server takes no entry of that size ({status})")
    remedy = "; the account may not do that there" if status == 403 else ""
    return Rejected(f"{host}: {method} was refused ({status}){remedy}")


def _condition(answer: Answer, name: str) -> bool:
    """Whether the body names this precondition (RFC 4918, 16)."""
    try:
        return next(xml(answer).iter(f"{D}{name}"), None) is not None
    except Rejected:
        return False


def _retry_after(answer: Answer) -> float | None:
    """Seconds; a date counts from the server's own."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit() and len(value) < 7:
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
