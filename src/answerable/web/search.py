"""What rows are found by: the words of a text, as columns of PostgreSQL keep them (docs/search.md)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value

from answerable.core.words import lexemes


def words_of(text: str) -> Any:
    """A text's words, for a SearchVectorField."""
    return Func(Value(lexemes(text), output_field=ArrayField(models.TextField())), function="array_to_tsvector")


def holds(column: str, asked: str) -> Any:
    """A condition: the words in a column fit what `core.words.query` made of a question."""
    return Func(
        F(column),
        Value(asked),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=models.BooleanField(),
    )
