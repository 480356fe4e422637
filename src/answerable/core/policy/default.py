"""The policy a company starts with, fitted to its time zone, its holidays and its language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

from answerable.core.policy.document import Document
from answerable.core.policy.positions import Path


def default_policy(
    *,
    time_zone: str = "Europe/Riga",
    holidays: str | list[str] = "LV",
    language: str = "en",
    title: str | None = None,
    week: Mapping[str, list[str]] | None = None,
) -> str:
    """The text of the default policy with the ``office`` hours, the language and the title replaced.

    `week` gives intervals such as ``["09:00-18:00"]`` by weekday (``monday``); weekdays left out keep theirs.
    """
    text = resources.files("answerable.core.policy").joinpath("default.toml").read_text(encoding="utf-8")
    changes: dict[Path, str | list[str]] = {
        ("hours", "office", "time_zone"): time_zone,
        ("hours", "office", "holidays"): holidays,
        ("language",): language,
    }
    changes |= {("hours", "office", day): intervals for day, intervals in (week or {}).items()}
    if title is not None:
        changes["title",] = title
    return replace_values(text, changes)


def replace_values(text: str, changes: Mapping[Path, str | list[str]]) -> str:
    """The document with the values at these paths replaced; comments and everything else stay as they are.

    Raises KeyError for a path that is not in the document, PolicyErrors for a document that is not TOML. The
    result is TOML; whether it is a policy is for `compile_policy` to say.
    """
    document = Document(text)
    result = document.text
    places = sorted((document.places[path], value) for path, value in changes.items())
    for place, value in reversed(places):
        result = result[: place.start] + _toml(value) + result[place.end :]
    return result


def _toml(value: str | list[str]) -> str:
    """TOML's basic strings are JSON's, but for the character 7F."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
