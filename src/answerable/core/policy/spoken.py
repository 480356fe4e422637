"""What readers see in their own language: one text, which is in the policy's, or a table of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from answerable.core.policy.document import EMPTY, IN_BRACKETS, Table
from answerable.core.policy.errors import shown
from answerable.core.policy.positions import Path
from answerable.core.said import Said, gettext_noop

NO_LANGUAGE = gettext_noop("{name} is not a language.")
WRITE_LANGUAGE = gettext_noop("Write en, lv, ka or kk.")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def read_spoken(table: Table, key: str, language: str, *, required: bool = True) -> dict[str, str] | None:
    """The texts by language, or None where there are none. A table of them has at least the policy's language."""
    value = table.get(key, required=required)
    return None if value is None else _check_spoken(table, (key,), value, language)


def read_spoken_list(table: Table, key: str, language: str, *, most: int) -> tuple[Mapping[str, str], ...]:
    """A list of 1 to `most` such texts; nothing after noting a mistake."""
    value = table.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        table.refuse(key, gettext_noop("must be a list."), IN_BRACKETS)
        return ()
    if not 1 <= len(value) <= most:
        many = gettext_noop("has {n}, which is more than {most}.")
        problem = Said(many, n=len(value), most=most) if value else EMPTY
        table.refuse(key, problem, Said(gettext_noop("Write 1 to {most}."), most=most))
    found = [_check_spoken(table, (key, place), each, language) for place, each in enumerate(value)]
    return tuple(MappingProxyType(texts) for texts in found if texts)


def spoken(texts: Mapping[str, str], language: str, own: str) -> str:
    """The text for readers of a language (``pt-BR``, then ``pt``), or the one in the policy's own; or nothing."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts.get(own, "")


def _check_spoken(table: Table, keys: Path, value: object, language: str) -> dict[str, str] | None:
    """The value at a path below the table, as one text or as a table of them."""
    if not isinstance(value, dict):
        text = table.check_string(keys, value)
        return {language: text} if text else None
    found: dict[str, str] = {}
    for name, each in value.items():
        text, path = table.check_string((*keys, name), each), (*table.path, *keys, name)
        if not LANGUAGE.fullmatch(name):
            table.document.refuse(path, Said(NO_LANGUAGE, name=shown(name)), WRITE_LANGUAGE, at_key=True)
        elif text:
            found[name] = text
    if language not in value:
        problem = Said(gettext_noop("has no sentence in {language}, the policy's language."), language=language)
        remedy = Said(gettext_noop('Add {language} = "…".'), language=language)
        table.document.refuse((*table.path, *keys), problem, remedy)
        return None
    return found
