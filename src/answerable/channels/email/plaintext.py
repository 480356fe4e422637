"""HTML as text that reads well: for search, notifications and mail that has no plain part."""

import re
from html import unescape

import nh3

from answerable.channels.email.nesting import flattened

MAX_HTML = 500_000
"""Characters of HTML that are converted; a longer body is cut, and its defect says so."""

BLOCKS = frozenset({"p", "div", "blockquote", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5",
"h6", "pre",
                    "section", "article", "header", "footer", "center", "address", "dl", "dd",
                    "dt"})  # fmt: skip
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote"})
TAGS = BLOCKS | {"br", "hr", "li", "td", "th", "a", "img"}
# The cleaner writes well-formed tags, so one expression reads them; it has no two ways to match.
TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z]+="[^"]*")*)>')
VALUE = re.compile(r'(?:href|alt)="([^"]*)"')
TARGET = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style", "head", "title", "noscript", "svg", "math", "template", "select"},
    attributes={"a": {"href"}, "img": {"alt"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


class Writer:
    """Text under construction: words, pending line ends, quote depth and open links."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.gap = 0
        self.depth = 0
        self.verbatim = 0
        self.links: list[tuple[str, int, int]] = []

    def words(self, text: str) -> None:
        """Append text, white space collapsed except in `pre`."""
        if self.verbatim:
            first, *rest = text.split("\n")
            self._append(first)
            for line in rest:
                self.lines.append(self._margin())
                self._append(line)
            return
        collapsed = re.sub(r"[ \t\n\r\f]+", " ", text)
        if collapsed.strip(" "):
            self._append(collapsed.lstrip(" ") if self.gap or self._empty() else collapsed)
        elif collapsed and not self.gap and not self._empty():
            self.lines[-1] = self.lines[-1].rstrip(" ") + " "

    def line(self, gap: int = 1) -> None:
        """Begin a new line before the next word; 2 leaves one empty between."""
        self.gap = max(self.gap, gap)

    def open(self, tag: str, attributes: str) -> None:
        """Begin an element."""
        value = VALUE.search(attributes)
        if tag == "br":
            self._break()
        elif tag == "hr":
            self.line()
            self._append("-" * 20)
            self.line()
        elif tag == "li":
            self.line()
            self._append("- ")
        elif tag in ("td", "th"):
            self.words(" ")
        elif tag == "img":
            self.words(f"[{unescape(value.group(1))}]" if value and value.group(1).strip() else "")
        elif tag == "a":
            self.links.append((unescape(value.group(1)) if value else "", len(self.lines) - 1, len(self.lines[-1])))
        elif tag in BLOCKS:
            self.line(2 if tag in SPACED else 1)
            self.depth += tag == "blockquote"
            self.verbatim += tag == "pre"

    def close(self, tag: str) -> None:
        """End an element."""
        if tag == "a" and self.links:
            self._close_link(*self.links.pop())
        elif tag in BLOCKS:
            self.line(2 if tag in SPACED else 1)
            self.depth -= tag == "blockquote" and self.depth > 0
            self.verbatim -= tag == "pre" and self.verbatim > 0

    def _close_link(self, target: str, line: int, column: int) -> None:
        shown = " ".join([self.lines[line][column:], *self.lines[line + 1 :]]).strip(" >")
        bare = re.sub(r"^(?:https?://(?:www\.)?|mailto:|tel:)|/$", "", target)
        if bare and bare not in shown and TARGET.match(target):
            self._append(f" <{target}>" if shown else f"<{target}>")

    def _break(self) -> None:
        self.lines[-1] = self.lines[-1].rstrip(" ")
        self.lines += [""] * (self.gap - 1) + [self._margin()]
        self.gap = 0

    def _append(self, text: str) -> None:
        if self.gap:
            if not self._empty() or len(self.lines) > 1:
                self._break()
            self.gap = 0
        if self._empty() and not self.lines[-1]:
            self.lines[-1] = self._margin()
        self.lines[-1] += text

    def _margin(self) -> str:
        return ">" * min(self.depth, 20) + " " if self.depth else ""

    def _empty(self) -> bool:
        return not self.lines[-1].strip("> ")


def html_to_text(html: str) -> str:
    """Readable text of an HTML body: blocks on lines, lists with dashes, quotes with `>`, links in `<>`."""
    clean = CLEANER.clean(flattened(html, MAX_HTML)[0])
    writer = Writer()
    position = 0
    for token in TOKEN.finditer(clean):
        if token.start() > position:
            writer.words(unescape(clean[position : token.start()]))
        closing, tag, attributes = token.groups()
        if closing:
            writer.close(tag)
        else:
            writer.open(tag, attributes)
        position = token.end()
    writer.words(unescape(clean[position:]))
    text = "\n".join(line.rstrip() for line in writer.lines).replace("\xa0", " ").replace("\xad", "")
    return re.sub(r"\n{3,}", "\n\n", text).strip()
