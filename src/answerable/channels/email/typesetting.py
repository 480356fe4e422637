"""The HTML part of an answer, made from its plain text: nothing in it that was not written there."""

import re
from html import escape

LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'\u201d\u00bb]+[^\s<>\"'\u201d\u00bb.,;:!?)\]}]", re.IGNORECASE)
QUOTE_STYLE = "margin:0 0 0 .5em;padding-left:.75em;border-left:2px solid #ccc;color:#555"


def page(body: str, language: str) -> str:
    """A whole document around some HTML."""
    lang = f' lang="{escape(language)}"' if language else ""
    return f'<!doctype html><html{lang}><head><meta charset="utf-8"></head><body>{body}</body></html>'


def paragraphs(text: str) -> str:
    """Text with its paragraphs, line ends and links, all else escaped."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{_lines(block)}</p>" for block in blocks if block.strip())


def quoted(text: str) -> str:
    """The same inside a quotation, as mail programs fold it."""
    return f'<blockquote type="cite" style="{QUOTE_STYLE}">{paragraphs(text)}</blockquote>'


def _lines(text: str) -> str:
    found = []
    end = 0
    for link in LINK.finditer(text):
        url = link.group()
        target = url if "://" in url else f"https://{url}"
        found += [escape(text[end : link.start()]), f'<a href="{escape(target)}">{escape(url)}</a>']
        end = link.end()
    found.append(escape(text[end:]))
    return "".join(found).replace("\n", "<br>\n")
