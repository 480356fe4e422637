"""The file map.toml, which says what columns mean: written with the guess, corrected by a person, read back.

[[file]]
name = "tickets*.csv"
kind = "conversations"
zone = "Europe/Riga"
[file.columns]
conversation_id = "Ticket ID"
started_at = "Created"
first_response_seconds = { column = "First reply", unit = "minutes" }
channel = { column = "Source", words = { "1" = "email" } }
opened_by = { value = "customer" }
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from answerable.core.said import Said, gettext_noop, of_system
from answerable.measure.failures import CLOSED, Unreadable
from answerable.measure.reading.mapping import INSTRUMENTS, KINDS, ROLES, FileMap, Item, MappingError, Source
from answerable.measure.reading.month_names import LANGUAGES

_FILE_WORDS = ("name", "kind", "system", "instrument", "encoding", "delimiter", "decimal", "first", "months", "zone")


def read_map(path: Path) -> tuple[FileMap, ...]:
    """The mappings of a map.toml. Raises MappingError naming the file, and the place in it, that is wrong."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unreadable(
            str(path), Said(CLOSED, error=of_system(error)), gettext_noop("Check the name after --map.")
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(Said("{where}: {error}", where=str(path), error=str(error))) from error
    files = written.get("file")
    if not isinstance(files, list) or not files:
        raise _wrong(str(path), gettext_noop("there is no [[file]] in it."))
    return tuple(
        _file(each, Said(gettext_noop("{path}, [[file]] number {n}"), path=str(path), n=number))
        for number, each in enumerate(files, start=1)
    )


ONE_OF = gettext_noop("{key} must be one of {known}.")


def _wrong(where: str, template: str, **facts: str) -> MappingError:
    """What is wrong at a place."""
    return MappingError(Said("{where}: {wrong}", where=where, wrong=Said(template, **facts)))


def _file(written: Any, where: str) -> FileMap:
    if not isinstance(written, dict):
        raise _wrong(where, gettext_noop("it is not a table."))
    unknown = set(written) - {*_FILE_WORDS, "columns", "items", "activities", "solved"}
    if unknown:
        raise _wrong(where, gettext_noop("{names} is not known here."), names=", ".join(sorted(unknown)))
    plain = {
        key: _text(written[key], Said("{where}, {key}", where=where, key=key)) for key in _FILE_WORDS if key in written
    }
    kind = plain.get("kind")
    if kind not in KINDS:
        raise _wrong(where, ONE_OF, key="kind", known=", ".join(KINDS))
    if plain.get("instrument") not in (None, *INSTRUMENTS):
        raise _wrong(where, ONE_OF, key="instrument", known=", ".join(INSTRUMENTS))
    if plain.get("first") not in (None, "day", "month"):
        raise _wrong(where, ONE_OF, key="first", known="day, month")
    if plain.get("months") not in (None, "en", *LANGUAGES):
        raise _wrong(where, ONE_OF, key="months", known=", ".join(("en", *LANGUAGES)))
    columns = {
        key: _source(value, Said("{where}, {key}", where=where, key=key))
        for key, value in _table(written, "columns", where).items()
    }
    for key in columns:
        if key not in KINDS[kind]:
            unlike = gettext_noop("{key} is nothing that a file of {kind} has; there are {known}.")
            raise _wrong(where, unlike, key=key, kind=kind, known=", ".join(KINDS[kind]))
    items = {
        key: _item(value, Said("{where}, {key}", where=where, key=key))
        for key, value in _table(written, "items", where).items()
    }
    activities = {
        key: _texts(value, Said("{where}, {key}", where=where, key=key))
        for key, value in _table(written, "activities", where).items()
    }
    if unknown := set(activities) - set(ROLES):
        unlike = gettext_noop("activities are {known}, not {names}.")
        raise _wrong(where, unlike, known=", ".join(ROLES), names=", ".join(sorted(unknown)))
    solved = _texts(written.get("solved", []), Said("{where}, {key}", where=where, key="solved"))
    texts: dict[str, Any] = {"name": "*", **plain}
    return FileMap(**texts, columns=columns, items=items, activities=activities, solved=solved)


def _table(written: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    found = written.get(key, {})
    if not isinstance(found, dict):
        raise _wrong(where, gettext_noop("{key} is not a table."), key=key)
    return found


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, gettext_noop("{value} is not a text in quotation marks."), value=repr(value))
    return value


def _texts(value: Any, where: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        raise _wrong(where, gettext_noop("{value} is not a list of texts."), value=repr(value))
    return tuple(_text(each, where) for each in values)


_SOURCE = ("column", "value", "unit", "equals", "times", "hour", "answers")


def _source(value: Any, where: str) -> Source:
    if isinstance(value, str):
        return Source(value)
    if not isinstance(value, dict) or not value or set(value) - {*_SOURCE, "words"}:
        raise _wrong(
            where,
            gettext_noop("it takes a column's name, or column, value, unit, words, equals, times, hour and answers."),
        )
    words = {key: _text(word, where) for key, word in _table(value, "words", where).items()}
    return Source(**{key: _text(value[key], where) for key in _SOURCE if key in value}, words=words)


def _item(value: Any, where: str) -> Item:
    if isinstance(value, str):
        return Item(value)
    if not isinstance(value, dict) or "item" not in value or set(value) - {"item", "part", "dimension"}:
        raise _wrong(where, gettext_noop("it takes item, part and dimension."))
    return Item(**{key: _text(each, where) for key, each in value.items()})


def write_map(files: Iterable[FileMap], path: Path, columns: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Write mappings with a comment for each guess; `columns` are what each file has, listed where unused."""
    path.write_text(as_toml(files, columns or {}), "utf-8")


def as_toml(files: Iterable[FileMap], columns: Mapping[str, tuple[str, ...]]) -> str:
    """Mappings as the text of a map.toml."""
    lines = [
        "# What the columns of your files mean, as far as it could be guessed. Correct it; give it back with --map.",
        "# A column is named by its header. Other forms:",
        '#   first_response_seconds = { column = "Reply time", unit = "minutes" }   or seconds, hours, days, hh:mm:ss',
        '#   opened_by = { value = "customer" }                                     the same for every row',
        '#   channel = { column = "Source", words = { "1" = "email" } }             other words for what is written',
    ]
    for file in files:
        lines += ["", *_written(file, columns.get(file.name, ()))]
    return "\n".join(lines) + "\n"


_UNKNOWN = (
    "# Nothing was known of it. Say what it is above, take the marks away below, and name its columns:",
    "# [file.columns]",
    *(f'# {key} = ""' for key in ("conversation_id", "started_at", "first_responded_at", "solved_at", "score", "team")),
)


def _written(file: FileMap, columns: tuple[str, ...]) -> list[str]:
    """One [[file]]: what it is, its columns, a wide survey's items, a log's activities."""
    lines = ["[[file]]", f"name = {_quoted(file.name)}", f"kind = {_quoted(file.kind)}  # one of {', '.join(KINDS)}"]
    said = {key: getattr(file, key) for key in _FILE_WORDS[2:]}
    lines += [f"{key} = {_quoted(value)}" for key, value in said.items() if value is not None]
    if file.solved:
        lines.append(f"solved = [{', '.join(map(_quoted, file.solved))}]  # the statuses that mean solved")
    lines += [f"# {_plain(proxy)}" for proxy in file.proxies]
    if file.kind == "ignore":
        lines += _UNKNOWN
    return [*lines, *_columns(file, columns), *_items(file), *_activities(file)]


def _columns(file: FileMap, columns: tuple[str, ...]) -> list[str]:
    """What was found, and why; what was not; and what was not used."""
    lines = ["[file.columns]"] if KINDS[file.kind] else []
    for key, source in file.columns.items():
        reason = file.reasons.get(key)
        lines.append(f"{key} = {_source_text(source)}" + (f"  # {_plain(reason)}" if reason else ""))
    if absent := [key for key in KINDS[file.kind] if key not in file.columns]:
        lines.append(f"# not found: {', '.join(absent)}")
    if unused := [column for column in columns if column not in file.wanted()]:
        lines.append(f"# columns not used: {', '.join(_quoted(column) for column in unused)}")
    return lines


def _items(file: FileMap) -> list[str]:
    """The columns of a wide survey."""
    lines = ["[file.items]"] if file.items else []
    for column, item in file.items.items():
        inside = {"item": item.item, "part": item.part, "dimension": item.dimension}
        text = ", ".join(f"{key} = {_quoted(value)}" for key, value in inside.items() if value is not None)
        lines.append(f"{_quoted(column)} = {{ {text} }}")
    return lines


def _activities(file: FileMap) -> list[str]:
    """What the activities of an event log mean."""
    lines = ["[file.activities]"] if file.kind == "events" else []
    for role in ROLES if lines else ():
        named = ", ".join(map(_quoted, file.activities.get(role, ())))
        lines.append(f"{role} = [{named}]" if named else f"# {role} = []  # name the activities that mean this")
    return lines


def _source_text(source: Source) -> str:
    if source.column is not None and source == Source(source.column):
        return _quoted(source.column)
    inside = [f"{key} = {_quoted(value)}" for key, value in _parts(source) if value is not None]
    if source.words:
        words = ", ".join(f"{_quoted(key)} = {_quoted(value)}" for key, value in source.words.items())
        inside.append(f"words = {{ {words} }}")
    return f"{{ {', '.join(inside)} }}"


def _parts(source: Source) -> list[tuple[str, str | None]]:
    return [(key, getattr(source, key)) for key in _SOURCE]


def _quoted(text: str) -> str:
    """A basic string of TOML; JSON's escapes are TOML's, but for DEL and lone surrogates."""
    quoted = json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False)
    return quoted.replace("\x7f", "\\u007F")


def _plain(text: str) -> str:
    """A comment's text, on one line."""
    return "".join(character if character.isprintable() else " " for character in text)
