"""What a member of staff has formatted: made harmless by nh3, and as plain text beside it.

The editor on the page cleans what is pasted, for the eye; here it is cleaned again, for everybody. Only what the editor
can write is left, and nothing of it looks any way by itself: no styles, classes or colours.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from answerable.channels.email.nesting import flattened
from answerable.channels.email.plaintext import html_to_text

MAX_HTML = 500_000
TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "i", "img", "li", "ol", "p", "pre", "s", "strong", "u", "ul",
}  # fmt: skip
GONE = {"script", "style", "head", "title", "noscript", "svg", "math", "template", "iframe", "object", "select"}
LINK = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
BOX = re.compile(r"<(/?)div\b", re.IGNORECASE)  # a paragraph, to editors
BROKEN_PICTURE = re.compile(r'<img(?![^>]* src=")[^>]*>')
PICTURE = re.compile(r'<img[^>]* src="cid:([^"]+)"')
EMPTY = re.compile(r"(?:<p>(?:\s|&nbsp;|<br>)*</p>\s*)+$")


@dataclass(frozen=True, slots=True)
class Written:
    """`html` names its pictures by `cid:`; `pictures` are those names. Both texts are empty where nothing was said."""

    html: str
    text: str
    pictures: tuple[str, ...]


def written(html: str, picture: Callable[[str], str | None]) -> Written:
    """What may be sent of it. `picture` answers a picture's Content-ID for its address on the page, or None."""

    def judge(tag: str, name: str, value: str) -> str | None:
        match tag, name:
            case "a", "href":
                return value.strip() if LINK.match(value.strip()) else None
            case "img", "src":
                known = value[4:] if value.startswith("cid:") else picture(value)
                return f"cid:{known}" if known else None
            case "img", "alt":
                return value.strip()[:500]
        return None

    clean = nh3.clean(
        BOX.sub(r"<\1p", flattened(html.replace("\u200b", ""), MAX_HTML)[0]),
        tags=TAGS,
        clean_content_tags=GONE,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        attribute_filter=judge,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="pass_through",  # the judge has refused all but pictures of ours
    )
    clean = EMPTY.sub("", BROKEN_PICTURE.sub("", clean)).replace("<p></p>", "").strip()
    text = html_to_text(clean)
    pictures = tuple(dict.fromkeys(PICTURE.findall(clean)))
    return Written(clean if text or pictures else "", text, pictures)
