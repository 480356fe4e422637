"""Every template compiles, and holds nothing that the content security policy would stop.

No inline script, style or event attribute, and no resource from another server. Templates of mail
(`templates/mail/`) are read by mail programs, which know only inline styles.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "answerable"

FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|<[a-z][^<>]*\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=.application/json)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+\s*=|\bhx-on\b|href\s*=\s*.javascript:", re.IGNORECASE),
    "a resource of another server": re.compile(
        r"<(?:script|img|iframe|audio|video|source|embed)\b[^<>]*\b(?:src|srcset)\s*=\s*.?(?:https?:)?//"
        r"|<link\b[^<>]*\bhref\s*=\s*.?(?:https?:)?//",
        re.IGNORECASE,
    ),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


def main() -> int:
    """Print each fault as `file:line: what`; 1 if there is one."""
    django.setup()
    paths = sorted(SOURCE.glob("**/templates/**/*.*"))
    faults = [fault for path in paths for fault in faults_of(path)]
    print("\n".join(faults) or f"{len(paths)} templates are in order.")
    return 1 if faults else 0


def faults_of(path: Path) -> Iterator[str]:
    name = path.as_posix().rpartition("/templates/")[2]
    place = path.relative_to(ROOT)
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        yield f"{place}: {error}"
    text = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), path.read_text("utf-8"))
    for what, pattern in FORBIDDEN.items():
        if what == "an inline style" and name.startswith("mail/"):
            continue
        for match in pattern.finditer(text):
            yield f"{place}:{text.count(chr(10), 0, match.start()) + 1}: {what}"


if __name__ == "__main__":
    sys.exit(main())
