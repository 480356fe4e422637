"""Rows into the product's own tables by COPY, each column in PostgreSQL's text format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from itertools import repeat
from typing import Any

import numpy as np
import psycopg
from django.db import models

Column = Iterable[str] | str
"""Texts, one a row; a lone text stands for every row."""
NULL = "\\N"


class Tables:
    """Open COPYs, one connection a table, so that the server works on all of them at once.

    Constraints between tables and the triggers that announce events are off on these connections. A column that
    is not given gets the model's own default, so that a new column of the product needs no change here.
    """

    def __init__(self, conninfo: str, given: Mapping[type[models.Model], tuple[str, ...]]) -> None:
        self._stack = ExitStack()
        self._columns = {model: list(_columns(model, names)) for model, names in given.items()}
        self._copies = {model: self._open(conninfo, model) for model in given}

    def _open(self, conninfo: str, model: type[models.Model]) -> psycopg.Copy:
        connection = self._stack.enter_context(psycopg.connect(conninfo))
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET timezone = 'UTC'")
        names = ", ".join(f'"{name}"' for name, _default in self._columns[model])
        statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        return self._stack.enter_context(connection.cursor().copy(statement.encode()))

    def write(self, model: type[models.Model], **columns: Column) -> None:
        """Add rows; columns by the names of the model's fields."""
        made = [
            repeat(given) if isinstance(given := columns.get(name, default), str) else given
            for name, default in self._columns[model]
        ]
        lines = "\n".join(map("\t".join, zip(*made, strict=False)))
        if lines:
            self._copies[model].write(f"{lines}\n")

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


def _columns(model: type[models.Model], given: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Column and default; the key is the database's own where it is not given."""
    for field in model._meta.concrete_fields:
        if field.column in given or not isinstance(field, models.AutoField):
            default = field.get_default()
            yield field.column, json.dumps(default) if isinstance(field, models.JSONField) else copied(default)


def copied(value: Any) -> str:
    """One value in COPY's text format."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    return str(value)


def instants(seconds: np.ndarray) -> list[str]:
    """Unix seconds as timestamps."""
    texts: list[str] = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
    return texts


def maybe(mask: np.ndarray, texts: list[str]) -> list[str]:
    """The texts where the mask holds, else null."""
    return [text if held else NULL for held, text in zip(mask.tolist(), texts, strict=True)]
