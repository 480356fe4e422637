"""Lists of messages of which each names the one that it answers, and none its conversation: posts, mail, tweets.

A conversation is what began with one message: each goes to the first of those that it answers, directly or through
others. Where that one is not in the file, all that answer it are one conversation still.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from answerable.measure.reading import sql
from answerable.measure.reading.mapping import FileMap
from answerable.measure.reading.matching import words
from answerable.measure.reading.part import Part, Staged
from answerable.measure.words import Said, gettext_noop

_ANSWERS = re.compile(r"(?:in )?(?:response|reply|replied|replying) to(?: ((?:\w+ )?id))?|parent ((?:\w+ )?id)")
_OWN = ("message id", "tweet id", "post id", "mail id", "email id", "comment id", "status id", "id")
_BARE, _NUMBER = "regexp_replace(CAST({} AS VARCHAR), '[.]0+$', '')", "CAST(TRY_CAST({} AS DECIMAL(20, 1)) AS BIGINT)"
"""A number as it was before a program made 8 of it 8.0, for others in its column were empty: as text, or, which takes
half the time, where all are numbers."""
_LONGEST = 40
"""How often the way to the first message is doubled: no chain is longer, but messages that answer each other in a ring
have no first."""
_PUT_TOGETHER = gettext_noop("messages are put together to conversations by the one that each answers, in {column}")


def linked(part: Part) -> tuple[str, str] | None:
    """The column of each message's own number, and of the number that it answers; None where there are none."""
    named = {words(column): column for column in reversed(part.columns)}
    for header, answers in named.items():
        if (match := _ANSWERS.fullmatch(header)) is None:
            continue
        own = next((named[each] for each in (match[1] or match[2], *_OWN) if each in named), None)
        if own is not None and {_bare(each) for each in part.values(answers)} & set(map(_bare, part.values(own))):
            return own, answers
    return None


def _bare(value: str) -> str:
    return re.sub(r"[.]0+$", "", value)


def doubts(mapping: FileMap) -> list[str]:
    """That conversations are put together."""
    source = mapping.columns.get("conversation_id")
    return [Said(_PUT_TOGETHER, column=source.answers)] if source is not None and source.answers else []


def joined(con: Any, staged: Staged, mapping: FileMap) -> tuple[Staged, FileMap]:
    """The staged rows with a column of the first message of each one's conversation, and the mapping to that."""
    source = mapping.columns.get("conversation_id")
    if source is None or source.column is None or source.answers is None:
        return staged, mapping
    first, table, firsts = f"{source.column} {source.answers}", sql.name(staged.relation), f"{staged.relation}_firsts"
    both = [sql.name(each) for each in (source.column, source.answers)]
    whole = " AND ".join(f"count({each}) = count({_NUMBER.format(each)})" for each in both)
    form = _NUMBER if con.execute(f"SELECT {whole} FROM {table}").fetchall()[0][0] else _BARE
    own, answers = (form.format(each) for each in both)
    _find(con, f"SELECT {own} AS id, min(coalesce({answers}, {own})) AS first FROM {table} GROUP BY 1", firsts)
    con.execute(f"ALTER TABLE {table} ADD COLUMN {sql.name(first)} VARCHAR")
    told = f'(SELECT id AS "{firsts} id", first AS "{firsts} first" FROM {sql.name(firsts)})'
    con.execute(f'UPDATE {table} SET {sql.name(first)} = "{firsts} first" FROM {told} WHERE "{firsts} id" = {own}')
    columns = {**mapping.columns, "conversation_id": replace(source, column=first, answers=None)}
    return replace(staged, types={**staged.types, first: "text"}), replace(mapping, columns=columns)


def _find(con: Any, links: str, name: str) -> None:
    """A table of messages and their first ones: the way there doubles with each turn."""
    table, further = sql.name(name), sql.name(f"{name}_further")
    con.execute(f"CREATE TEMP TABLE {table} AS {links}")
    for _ in range(_LONGEST):
        con.execute(
            f"CREATE TEMP TABLE {further} AS SELECT one.id, coalesce(other.first, one.first) AS first, "
            f"one.first AS before FROM {table} one LEFT JOIN {table} other ON one.first = other.id"
        )
        moved = con.execute(f"SELECT count(*) FROM {further} WHERE first <> before").fetchall()[0][0]
        con.execute(f"DROP TABLE {table}")
        con.execute(f"CREATE TEMP TABLE {table} AS SELECT id, first FROM {further}")
        con.execute(f"DROP TABLE {further}")
        if not moved:
            break
