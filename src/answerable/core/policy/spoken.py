"""What readers see in their own language: one text, which is in the policy's, or a table of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def read_spoken(table: Table, key: str, language: str, *, required: bool = True) -> dict[str, str] | None:
    """The texts by language, or None where there are none. A table of them has at least the policy's language."""
    value = table.get(key, required=required)
    if not isinstance(value, dict):
        text = table.string(key) if value is not None else None
        return {language: text} if text else None
    texts = table.table(key)
    found: dict[str, str] = {}
    for name in value if texts else ():
        text = texts.string(name) if texts else None
        if not LANGUAGE.fullmatch(name):
            path = (*table.path, key, name)
            table.document.refuse(path, f"{shown(name)} is not a language.", "Write en, lv, ka, kk.", at_key=True)
        elif text:
            found[name] = text
    if language not in value:
        table.refuse(key, f"has no sentence in {language}, the policy's language.", f'Add {language} = "…".')
        return None
    return found


def spoken(texts: Mapping[str, str], language: str, own: str) -> str:
    """The text for readers of a language (``pt-BR``, then ``pt``), or the one in the policy's own; or nothing."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts.get(own, "")
