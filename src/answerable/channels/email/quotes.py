"""What a person wrote now, told apart from what was quoted and signed; nothing is ever deleted.

The spans of a text cover it from end to end, so that a page folds the quotes and still has every letter.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from itertools import groupby
from typing import Literal

from answerable.channels.email.attributions import (
    DIVIDER,
    FORWARDED,
    MAX_LINE,
    RULE,
    SENT_FROM,
    is_attribution,
    is_header_block,
)

Kind = Literal["reply", "quote", "signature"]
MAX_LINES = 20_000
TOKEN = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>')
VOID = frozenset({"br", "hr", "img", "col", "wbr"})
QUOTE_TAG = re.compile(r' class="quoted"| type="cite"|(?i: id="(?:x_)?yahoo_quoted)')
REST_TAG = re.compile(
    r' id="(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|'
    r'replyBlockquote|isForwardContent|ms-outlook-mobile-reference-message)"|'
    r' style="[^"]*border-top:solid #(?:b5c4df|e1e1e1) 1\.0pt',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch text[start:end] of one kind."""

    start: int
    end: int
    kind: Kind


def spans(text: str, forwarded: bool = False) -> tuple[Span, ...]:
    """The text cut into reply, quote and signature, in order and without a gap.

    What is forwarded was sent to be read, and is no quote: from a mailer's line that says so on, or in all of a mail
    that is `forwarded` by its subject, since Outlook writes the same headers over a quote.
    A text that is nothing but quote, such as a forwarded mail without a word added, is all reply: there
    would be nothing to see otherwise.
    """
    lines = text.split("\n", MAX_LINES)
    kinds = _kinds(lines, forwarded)
    if not any(kind == "reply" and line.strip() for kind, line in zip(kinds, lines, strict=True)):
        return (Span(0, len(text), "reply"),) if text else ()
    found = []
    position = 0
    for kind, group in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]):
        end = min(len(text), position + sum(len(line) + 1 for _, line in group))
        found.append(Span(position, end, kind))
        position = end
    return tuple(found)


def visible(text: str) -> str:
    """Only what was written now: the reply's stretches, trimmed."""
    return "\n".join(text[each.start : each.end].strip("\n") for each in spans(text) if each.kind == "reply").strip()


def _kinds(lines: list[str], forwarded: bool) -> list[Kind]:
    kinds: list[Kind] = []
    signed = False
    # Two dashes sign (RFC 3676, 4.3); without their space, and more than once, they part one matter from the next.
    signs = {"-- ", "--"} if lines.count("--") == 1 else {"-- "}
    while len(kinds) < len(lines):
        index = len(kinds)
        line = lines[index]
        height = _attribution_height(lines, index)
        rest = _quotes_the_rest(lines, index)
        if FORWARDED.match(line[:MAX_LINE]) or (rest and forwarded):
            return kinds + ["reply"] * (len(lines) - index)
        if rest or (height and not _is_quoted(_next_words(lines, index + height))):
            return kinds + ["quote"] * (len(lines) - index)
        if height:
            kinds += ["quote"] * height
        elif _is_quoted(line):
            kinds.append("quote")
        elif not line.strip():
            # An empty line belongs to what stands around it.
            after_quote = bool(kinds) and kinds[-1] == "quote" and _is_quoted(_next_words(lines, index))
            kinds.append("quote" if after_quote else "signature" if signed else "reply")
        else:
            signed = signed or line in signs or bool(SENT_FROM.match(line[:MAX_LINE]))
            kinds.append("signature" if signed else "reply")
    return kinds


def _attribution_height(lines: list[str], index: int) -> int:
    """How many lines an attribution at `index` takes, 0 when there is none; mailers wrap it up to three."""
    if _is_quoted(lines[index]) or not lines[index].strip():
        return 0
    for height in (1, 2, 3):
        stretch = lines[index : index + height]
        if len(stretch) < height or not stretch[-1].strip() or _is_quoted(stretch[-1]):
            return 0
        if stretch[-1].rstrip().endswith(":"):
            quote_follows = _is_quoted(_next_words(lines, index + height))
            return height if is_attribution(" ".join(stretch), quote_follows) else 0
        if height == 1 and not re.search(r"\d|[<@]", stretch[0][:MAX_LINE]):
            return 0  # A wrapped attribution begins with its date or name and address.
    return 0


def _quotes_the_rest(lines: list[str], index: int) -> bool:
    line = lines[index]
    if DIVIDER.match(line[:MAX_LINE]):
        return True
    if RULE.match(line[:MAX_LINE]):
        return is_header_block([each for each in lines[index + 1 : index + 14] if each.strip()])
    return ":" in line[:60] and is_header_block([each for each in lines[index : index + 14] if each.strip()])


def _next_words(lines: list[str], index: int) -> str:
    return next((line for line in lines[index : index + 20] if line.strip()), "")


def _is_quoted(line: str) -> bool:
    return line.startswith(">") or line[:3].lstrip().startswith(">")


def fold_html(clean: str, label: str) -> str:
    """Cleaned HTML with its quoted stretches inside `<details class="quoted">`.

    A quote is an element that a mailer marks as one, or everything from Outlook's mark to the end of the
    element around it. Where nothing else can be read, nothing is folded.
    """
    stretches = [each for each in QuoteFinder().walk(clean) if not _is_forwarded(clean[slice(*each)])]
    outside, position = "", 0
    for start, end in stretches:
        outside += clean[position:start]
        position = end
    if not stretches or not _has_words(outside + clean[position:]):
        return clean
    pieces, position = [], 0
    for start, end in stretches:
        summary = f'<details class="quoted"><summary>{escape(label)}</summary>'
        pieces += [clean[position:start], summary, clean[start:end], "</details>"]
        position = end
    return "".join([*pieces, clean[position:]])


class QuoteFinder:
    """Walks well-formed HTML, as the cleaner writes it, and notes where its outermost quotes begin and end."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int]] = []
        self.ancestors: list[int] = []  # Where each open element begins.
        self.fresh = 0  # How many of the innermost have nothing before this tag but each other.
        self.start = -1  # Of the open quote.
        self.floor = 0  # How many elements are open around it.
        self.to_end = False  # Whether it goes on to the end of the element around it.

    def walk(self, clean: str) -> list[tuple[int, int]]:
        """Start and end of each quote."""
        position = 0
        for token in TOKEN.finditer(clean):
            closing, tag, attributes = token.groups()
            if closing or tag in VOID or clean[position : token.start()].strip():
                self.fresh = 0
            position = token.end()
            if closing:
                self.close(token.start(), token.end())
            elif tag not in VOID:
                self.open(token.start(), attributes)
        if self.start >= 0:
            self.found.append((self.start, len(clean)))
        return _together(self.found, clean)

    def open(self, position: int, attributes: str) -> None:
        """An element begins; perhaps a quote with it."""
        self.ancestors.append(position)
        if self.start < 0 and (REST_TAG.search(attributes) or QUOTE_TAG.search(attributes)):
            self.to_end = bool(REST_TAG.search(attributes))
            # Outlook wraps its mark in a box of its own: what follows the box is quoted too.
            self.floor = max(len(self.ancestors) - 1 - (self.fresh if self.to_end else 0), 0)
            self.start = self.ancestors[self.floor]
        self.fresh += 1

    def close(self, start: int, end: int) -> None:
        """An element ends, and the quote with it or before it."""
        if self.ancestors:
            self.ancestors.pop()
        if self.start >= 0 and len(self.ancestors) < self.floor:
            self.found.append((self.start, start))
            self.start = -1
        elif self.start >= 0 and len(self.ancestors) == self.floor and not self.to_end:
            self.found.append((self.start, end))
            self.start = -1


def _together(found: list[tuple[int, int]], clean: str) -> list[tuple[int, int]]:
    """Quotes with nothing but white space between them as one, such as "... wrote:" and what was written."""
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and not clean[joined[-1][1] : start].replace("<br>", "").strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_forwarded(html: str) -> bool:
    """Whether its first words are a mailer's that what follows was forwarded."""
    words = (unescape(piece).strip() for piece in TOKEN.split(html[:5_000])[::4])
    return bool(FORWARDED.match(next(filter(None, words), "")[:MAX_LINE]))


def _has_words(html: str) -> bool:
    return bool(TOKEN.sub(" ", html).replace("&nbsp;", " ").strip()) or "<img " in html
