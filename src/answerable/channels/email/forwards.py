"""What somebody forwards: who wrote it, and what, told apart from what the forwarder says of it.

Mail programs put a line that says so before it, or nothing but its first headers; Apple's quotes all of it; and some
attach it whole. Where its writer cannot be told with their address, nothing is: a name alone answers nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from answerable.channels.email.attributions import DIVIDER, FORWARDED, MAX_LINE, is_field, is_header_block, is_sender
from answerable.channels.email.mailboxes import Address, read_addresses
from answerable.channels.email.message import ParsedMail, Unparseable
from answerable.channels.email.parse import parse
from answerable.channels.email.plaintext import html_to_text
from answerable.channels.email.subjects import bare_subject, is_forward

MAX_LINES = 20_000
MOST_HEADERS = 30
"""Lines, where recipients take several."""
LOOKED_AHEAD = 14
HEAD_LETTERS = 2_000
MAILTO = re.compile(r"[\[<(]\s*mailto:\s*([^\]>)\s]+)\s*[\]>)]", re.IGNORECASE)
TAG = re.compile(r"<(?:div|blockquote|table|span|hr|a)\b[^<>]{0,600}", re.IGNORECASE)
BEGINS = re.compile(
    r"class=[\"'][^\"']{0,200}\b(?:gmail_quote|moz-forward-container|moz-email-headers-table|yahoo_quoted|"
    r"protonmail_quote)\b|"
    r"id=[\"']?(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|OLK_SRC_BODY_SECTION|"
    r"yahoo_quoted|isForwardContent|ms-outlook-mobile-reference-message)|"
    r"style=[\"'][^\"']{0,200}border-top:\s?solid #(?:b5c4df|e1e1e1) 1\.0pt|type=[\"']?cite",
    re.IGNORECASE,
)
"""In a tag, where mail programs begin what they forward; some begin quotes with the same."""
MOST_BEGINNINGS = 5


@dataclass(frozen=True, slots=True)
class Forward:
    """A mail as if its writer had sent it to us, and the forwarder's own words."""

    mail: ParsedMail
    words: str


def forwarded(mail: ParsedMail) -> Forward | None:
    """What a mail forwards, with its writer as `author`; None where it does not, or does not say who wrote it."""
    found = _attached(mail) or _below(mail)
    if found is None:
        return None
    return replace(found, mail=replace(found.mail, subject=bare_subject(mail.subject) or found.mail.subject))


def _attached(mail: ParsedMail) -> Forward | None:
    """One mail, attached as it was."""
    whole = [each for each in mail.attachments if each.content_type == "message/rfc822"]
    if len(whole) != 1 or not (is_forward(mail.subject) or not mail.subject.strip()):
        return None
    try:
        inner = parse(whole[0].data)
    except Unparseable:
        return None
    if inner.sender is None:
        return None
    words = "" if inner.text and mail.text.endswith(inner.text) else mail.text  # which stand for an empty text
    others = tuple(each for each in mail.attachments if each is not whole[0])
    told = replace(
        mail,
        author=inner.writer,
        carried_by="colleague",
        subject=inner.subject,
        text=inner.text,
        html=inner.html,
        inline_images=inner.inline_images,
        attachments=(*inner.attachments, *others),
        calendars=inner.calendars,
    )
    return Forward(told, words.strip())


def _below(mail: ParsedMail) -> Forward | None:
    """What stands below the forwarder's words."""
    lines = mail.text.split("\n", MAX_LINES)
    begins = _begins(lines, is_forward(mail.subject))
    if begins is None:
        return None
    rest = _unquoted(lines[begins:])
    author, height = _writer(rest)
    if author is None:
        return None
    words, text = "\n".join(lines[:begins]).strip(), "\n".join(rest[height:]).strip("\n")
    told = replace(mail, author=author, carried_by="colleague", text=text, html=_html(mail.html, words, author))
    return Forward(told, words)


def _begins(lines: Sequence[str], is_said: bool) -> int | None:
    """The first line of what is forwarded. Headers alone are a quote's, too, unless the subject says otherwise."""
    for index, line in enumerate(lines):
        head = line[:MAX_LINE]
        if FORWARDED.match(head) or (is_said and (DIVIDER.match(head) or _begins_headers(lines, index))):
            return index
    return None


def _begins_headers(lines: Sequence[str], index: int) -> bool:
    """As `quotes` tells it."""
    if ":" not in lines[index][:60]:
        return False
    return is_header_block([each for each in lines[index : index + LOOKED_AHEAD] if each.strip()])


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Without the marks of a quote, where all headers have them."""
    first = next((line for line in lines[1:] if line.strip()), "")
    return [re.sub(r"^> ?", "", line) for line in lines] if first.startswith(">") else list(lines)


def _writer(lines: Sequence[str]) -> tuple[Address | None, int]:
    """Whom the headers name, and where they end: with the first line that is empty, once one was a header."""
    author, sender, are_headers = None, "", False
    for index, line in enumerate(each[:MAX_LINE] for each in lines[:MOST_HEADERS]):
        if is_sender(line):
            sender = line.partition(":")[2] or line.partition("：")[2]
        elif sender and author is None and not is_field(line):
            sender += f" {line}"
        author = author or _address(sender)
        are_headers = are_headers or is_sender(line) or is_field(line)
        if are_headers and not line.strip():
            return author, index
    return author, min(len(lines), MOST_HEADERS)


def _address(value: str) -> Address | None:
    """`*Anna* <anna@example.org>`, `Anna [mailto:anna@example.org]`."""
    plain = MAILTO.sub(r"<\1>", value.replace("*", "").replace("\ufeff", ""))
    return next(iter(read_addresses([plain.encode()])), None)


def _html(html: str, words: str, author: Address) -> str:
    """What of the HTML was forwarded; empty where it cannot be parted for certain, and the text has to do."""
    wanted = _together(words)
    begin = (tag.start() for tag in TAG.finditer(html) if BEGINS.search(tag.group()))
    for place in islice(begin, MOST_BEGINNINGS):
        before, rest = html[:place], html[place:]
        is_headed = author.address.lower() in html_to_text(rest[: 10 * HEAD_LETTERS])[:HEAD_LETTERS].lower()
        if is_headed and wanted == _together(html_to_text(before)):
            return rest
    return ""


def _together(text: str) -> str:
    return "".join(re.findall(r"\w+", text))
