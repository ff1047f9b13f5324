"""HTML to lines, with what only the markup tells: quotes, signatures, dividers, the client's own containers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.inbound.body import LINES, TEXT
from assistant.inbound.lines import BARE_QUOTE, Hint, Kind, Line, names_sender

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HIDDEN = {"style", "script", "head", "title", "meta", "link", "noscript", "template", "object", "svg", "select", "map"}
_BLOCK = {
    "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "thead", "tr", "ul", "body", "html",
}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "table"}
_SIGNATURES = (
    "gmail_signature", "moz-signature", "ms-outlook-mobile-signature", "applemailsignature", "protonmail_signature",
    "composer_signature", "messagesignaturesection", "tutanota_signature", "zmail_signature", "mailbox_signature",
    "sh-signature", "front-signature", "edo-signature", "x-apple-signature", "lark-mail-signature",
    "mobile_signature", "bloop_sign",
)  # fmt: skip
_ATTRIBUTIONS = ("gmail_attr", "moz-cite-prefix", "moz-email-headers-table", "moz-forward-container", "quoted-header")
_ORIGINALS = (
    "divrplyfwdmsg", "appendonsend", "olk_src_body_section", "mail-editor-reference-message", "stopspelling",
    "reply-intro", "origbody", "ntes-pcmail-quote", "original-content", "mailbox-conversation",
)  # fmt: skip
_QUOTES = (
    "yahoo_quoted", "messagereplysection", "gmail_quote_unfolded", "zmail_extra_quote", "mailru-blockquote",
    "isreplycontent", "mail-quote", "quoted-text", "ydpyahoo_quoted", "lark-mail-quote", "history-quote-wrapper",
)  # fmt: skip
_SIGNED = {"signature", "sig", "v1signature"}
_DEEPEST = 200
_EMOJI = 8
_UNSEEN = " \t\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad"


def html_lines(markup: str) -> list[Line]:
    """The visible text of a page as lines; [] where it cannot be read as HTML at all."""
    from lxml import etree  # noqa: PLC0415 - slow to import, and most mail needs none
    from lxml import html as reader  # noqa: PLC0415 - as above

    parser = reader.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = reader.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    page = _Page()
    page.read(root)
    page.end_line()
    return page.lines


class _Page:
    """Lines under construction. One pass over the tree, no recursion: markup may be nested without end."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._size = 0
        self._depth = 0
        self._kinds: list[tuple[Kind, str]] = []
        self._hints: list[Hint] = []
        self._lists: list[int | None] = []
        self._verbatim = 0
        self._bare_quotes = 0
        self._prefix = ""

    def read(self, root: HtmlElement) -> None:
        walk: list[tuple[HtmlElement, Iterator[HtmlElement], list[str]]] = []
        undo: list[str] = []
        if self._open(root, undo):
            walk.append((root, iter(root), undo))
        while walk and self._size < TEXT and len(self.lines) < LINES:
            element, inner, undo = walk[-1]
            child = next(inner, None)
            if child is None:
                walk.pop()
                self._close(element, undo)
                if walk:
                    self._text(element.tail)
                continue
            undo = []
            if len(walk) < _DEEPEST and self._open(child, undo):
                walk.append((child, iter(child), undo))
            else:
                self._text(child.tail)

    def _open(self, element: HtmlElement, undo: list[str]) -> bool:
        """Begin an element; False where it is not to be entered. ``undo`` gets what its end has to take back."""
        tag = element.tag if isinstance(element.tag, str) else ""
        style = "".join((element.get("style") or "").lower().split())
        if not tag or tag in _HIDDEN or "display:none" in style:
            return False
        if tag == "br":
            self.end_line(force=True)
            return False
        if tag in _BLOCK:
            self.end_line()
        names = f"{element.get('class') or ''} {element.get('id') or ''}".lower() if element.attrib else ""
        self._containers(element, tag, names, style, undo)
        if tag in _SPACED and not (tag == "p" and (_tight(style) or "mso" in names)):
            self._blank()
        if tag == "hr":
            self.lines.append(Line("", len(self.lines) + 1, self._depth, hint=Hint.RULE))
        elif tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else None)
            undo.append("list")
        elif tag == "li":
            self._prefix = self._bullet()
        elif tag == "img" and len(element.get("alt") or "") <= _EMOJI and not (element.get("alt") or "a").isascii():
            self._pieces.append(element.get("alt") or "")  # an emoji that was drawn as a picture
        elif tag in {"td", "th"} and self._pieces:
            self._pieces.append(" ")
        if tag == "pre" or "white-space:pre" in style:
            self._verbatim += 1
            undo.append("pre")
        self._text(element.text)
        return True

    def _containers(self, element: HtmlElement, tag: str, names: str, style: str, undo: list[str]) -> None:
        quoted = tag == "blockquote" or (element.get("name") or "").lower() in {"quote", "messagereplysection"}
        if quoted or (names.strip() and _any(names, _QUOTES)):
            self._depth += 1
            undo.append("quote")
            drawn = "border" in style and not any(f"border:{no}" in style for no in ("none", "0"))
            if not names.strip() and not element.get("type") and not drawn and tag == "blockquote":
                self._bare_quotes += 1
                undo.append("bare")
        if names.strip():
            signed = _any(names, _SIGNATURES) or not _SIGNED.isdisjoint(names.replace("_", " ").split())
            if signed and "before" not in names:
                self._kinds.append((Kind.SIGNATURE, "signature by markup"))
                undo.append("kind")
            if _any(names, _ATTRIBUTIONS):
                self._hints.append(Hint.ATTRIBUTION)
                undo.append("hint")
            if _any(names, _ORIGINALS):
                self.lines.append(Line("", len(self.lines) + 1, self._depth, hint=Hint.ORIGINAL))
        if (
            tag == "signature"
            or element.get("data-signatureblock")
            or element.get("data-smartmail") == "gmail_signature"
        ):
            self._kinds.append((Kind.SIGNATURE, "signature by markup"))
            undo.append("kind")
        if "border-top" in style and tag == "div" and not any(f"border-top:{no}" in style for no in ("none", "0")):
            self.lines.append(Line("", len(self.lines) + 1, self._depth, hint=Hint.RULE))

    def _close(self, element: HtmlElement, undo: list[str]) -> None:
        tag = element.tag
        if tag in _BLOCK or "kind" in undo or "hint" in undo:
            self.end_line()
        for what in undo:
            if what == "quote":
                self._depth -= 1
            elif what == "bare":
                self._bare_quotes -= 1
            elif what == "kind":
                self._kinds.pop()
            elif what == "hint":
                self._hints.pop()
            elif what == "list":
                self._lists.pop()
            else:
                self._verbatim -= 1
        if tag in _SPACED and not (
            tag == "p" and (_tight(element.get("style") or "") or "Mso" in str(element.get("class")))
        ):
            self._blank()

    def _bullet(self) -> str:
        if not self._lists:
            return "- "
        number = self._lists[-1]
        indent = "  " * (len(self._lists) - 1)
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._verbatim:
            first, *others = text.replace("\r", "").split("\n")
            self._pieces.append(first)
            for other in others:
                self.end_line(force=True)
                self._pieces.append(other)
            return
        self._pieces.append(text)

    def end_line(self, force: bool = False) -> None:
        """Finish the line being built; an empty one counts only when ``force`` (a line break)."""
        text = "".join(self._pieces)
        self._pieces = []
        force = force or "\xa0" in text  # an empty line is written as one fixed space
        text = text.rstrip() if self._verbatim else " ".join(text.split())
        if not text.isascii() and not text.strip(_UNSEEN):
            text = ""
        if not text and not force:
            return
        if text and self._prefix:
            text, self._prefix = self._prefix + text, ""
        self._size += len(text) + 1
        line = Line(text, len(self.lines) + 1, self._depth, hint=self._hints[-1] if self._hints else Hint.NONE)
        if self._depth:
            line.cut(Kind.QUOTE, BARE_QUOTE if self._bare_quotes == self._depth else "quoted by markup")
        elif self._kinds:
            line.cut(*self._kinds[-1])
        elif names_sender(text):
            line.hint = Hint.ATTRIBUTION
        elif text.lstrip().startswith(">") and not text.endswith("<<"):
            line.text, line.depth = text.lstrip("> "), 1
            line.cut(Kind.QUOTE, "quote mark")
        self.lines.append(line)

    def _blank(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", len(self.lines) + 1, self._depth))


def _any(names: str, known: tuple[str, ...]) -> bool:
    return any(name in names for name in known)


def _tight(style: str) -> bool:
    """A paragraph without space around it: Outlook and others write each line as one."""
    style = style.lower().replace(" ", "")
    return (
        "margin:0" in style or "margin-top:0" in style or "margin-bottom:0" in style or "margin-bottom:.0001pt" in style
    )
