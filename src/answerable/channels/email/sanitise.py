"""A mail's HTML made safe to show, as a document of its own for a sandboxed frame.

The page's policy forbids inline styles, and mail is made of them; so a mail is shown in a frame from its
own address, answered with `content_security_policy()`. The frame is `sandbox="allow-same-origin
allow-popups allow-popups-to-escape-sandbox"`, the same in the header. Same origin lets the page measure
the height and lets our pictures, which ask for a session, load. It gives the mail nothing, since without
allow-scripts nothing in the frame can run, whatever the cleaner might have missed; the two together are
what must never be granted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import nh3

from answerable.channels.email.nesting import flattened
from answerable.channels.email.quotes import fold_html
from answerable.channels.email.styles import safe_style

MAX_HTML = 1_000_000
MAX_DATA_URL = 200_000
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
PLACEHOLDER = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='16' height='16'%3E"
    "%3Crect width='15' height='15' x='.5' y='.5' fill='none' stroke='%23999'/%3E%3C/svg%3E"
)
TAGS = {
    "a", "abbr", "address", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
}  # fmt: skip
GONE = {"script", "style", "head", "title", "noscript", "svg", "math", "template", "iframe", "object", "embed",
        "applet", "select", "textarea", "button", "audio", "video", "canvas", "frameset", "noembed", "xmp"}  # fmt: skip
SHAPE = {"align", "valign", "width", "height", "bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan"}
ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "class", "id"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "align", "border"},
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "blockquote": {"type"},
    **dict.fromkeys(("table", "tr", "td", "th", "tbody", "thead", "tfoot", "col", "colgroup", "div", "p"), SHAPE),
}
LINK = re.compile(r"^\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)
REMOTE = re.compile(r"^\s*https?://", re.IGNORECASE)
PICTURE = re.compile(r"^data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$", re.IGNORECASE)
QUOTE_CLASSES = frozenset({"gmail_quote", "gmail_quote_container",
                           "yahoo_quoted", "moz-cite-prefix", "protonmail_quote",
                           "zmail_extra", "tutanota_quote", "mail_ru_quote"})  # fmt: skip
QUOTE_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "olk_src_body_section", "replyblockquote", "isforwardcontent",
                       "mail-editor-reference-message-container", "ms-outlook-mobile-reference-message"})  # fmt: skip

SHEET = """
:root{color-scheme:light}
body{margin:0;font:14px/1.5 system-ui,"Noto Sans","Noto Sans Georgian",sans-serif;color:#1a1a1a;background:#fff;
overflow-wrap:anywhere}
img{max-width:100%;height:auto}
table{max-width:100%}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 .5em;padding-left:.75em;border-left:2px solid #ccc}
details.quoted>summary{cursor:pointer;color:#555;margin:.5em 0}
"""


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """A cleaned body. `remote_images` were found, and are placeholders unless they were asked for."""

    body: str
    remote_images: int = 0
    cut: bool = False


class AttributeJudge:
    """Decides on one attribute at a time while the cleaner walks; counts the remote pictures."""

    def __init__(self, cid_url: Callable[[str], str | None], show_remote: bool) -> None:
        self.cid_url = cid_url
        self.show_remote = show_remote
        self.remote = 0

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        """The attribute's new value, or None to drop it."""
        match name:
            case "style":
                return safe_style(value) or None
            case "href":
                return value if LINK.match(value) else None
            case "src":
                return self.source(value)
            case "class":
                return "quoted" if QUOTE_CLASSES & set(value.lower().split()) else None
            case "id":
                return value if _marks_quote(value) else None
            case "type":
                return value if tag == "ol" or value.lower() == "cite" else None
        return value

    def source(self, value: str) -> str | None:
        """Where a picture comes from."""
        if value.strip().lower().startswith("cid:"):
            return self.cid_url(value.strip()[4:].strip("<>"))
        if REMOTE.match(value):
            self.remote += 1
            return value if self.show_remote else PLACEHOLDER
        return value if len(value) <= MAX_DATA_URL and PICTURE.match(value) else None


def sanitise(
    html: str,
    *,
    cid_url: Callable[[str], str | None] = lambda _: None,
    show_remote_images: bool = False,
    quoted_label: str = "…",
) -> SafeHtml:
    """Clean a mail's HTML. `cid_url` answers our URL for a Content-ID, or None when there is no such picture.

    Nothing that runs, submits, frames or loads is left; links open outside the frame and tell nothing of
    us; quoted mail is inside `<details class="quoted">` with `quoted_label` to open it.
    """
    short, cut = flattened(html, MAX_HTML)
    judge = AttributeJudge(cid_url, show_remote_images)
    body = nh3.clean(
        short,
        tags=TAGS,
        clean_content_tags=GONE,
        attributes=ATTRIBUTES,
        attribute_filter=judge,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="pass_through",  # The judge has refused them all but our own.
    )
    return SafeHtml(fold_html(body, quoted_label), judge.remote, cut)


def document(safe: SafeHtml, language: str = "") -> str:
    """A complete page for the frame around a cleaned body."""
    lang = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!doctype html><html{lang}><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f"<style>{SHEET}</style></head><body>{safe.body}</body></html>"
    )


def content_security_policy(show_remote_images: bool = False) -> str:
    """The header the frame's address answers with, alone enough to keep the mail harmless."""
    pictures = "'self' data: https: http:" if show_remote_images else "'self' data:"
    return (
        f"sandbox {SANDBOX}; default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )


def _marks_quote(identifier: str) -> bool:
    plain = identifier.lower().removeprefix("x_")
    return plain in QUOTE_IDS or plain.startswith("yahoo_quoted")
