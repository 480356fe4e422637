"""The rows above the data: none, one with the columns' names, or two or three, as tools for surveys write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from answerable.measure.reading.part import Row, distinct, is_header, is_value

_IMPORT = '{"ImportId"'
_RESPONSE = re.compile(
    r"(open-ended |offene )?(response|antwort|beantwortung)|réponse( libre)?|respuesta( abierta)?|risposta( aperta)?|"
    r"(свободный )?ответ( в свободной форме)?|atbilde|პასუხი|жауап",
    re.IGNORECASE,
)


def columns_of(rows: Sequence[Row]) -> tuple[tuple[str, ...], int]:
    """The names of the columns, and how many of the rows are the header.

    SurveyMonkey writes the question above and the part of it below, “Response” where it has but one; Qualtrics its own
    names, the questions, and what it imports them by.
    """
    if not is_header(rows):
        return distinct([None] * len(rows[0])), 0
    if len(rows) > 2 and any((cell or "").startswith(_IMPORT) for cell in rows[2]):
        return distinct([text or name for name, text in zip(rows[0], rows[1], strict=False)]), 3
    if len(rows) > 1 and _are_parts(rows):
        return distinct(_joined(rows[0], rows[1])), 2
    return distinct(rows[0]), 1


def _are_parts(rows: Sequence[Row]) -> bool:
    """Whether the second row says of which part of its question each column is: of nobody, without a value."""
    above, below = [[(cell or "").strip() for cell in row] for row in rows[:2]]
    named, unnamed, someone = bool(above and above[0]), not any(below[:1]), len(rows) < 3 or any(rows[2][:1])
    if not (named and unnamed and someone) or any(map(is_value, below)):
        return False
    continued = any(part and not question for question, part in zip(above, below, strict=False))
    return continued or any(_RESPONSE.fullmatch(part) for part in below)


def _joined(above: Row, below: Row) -> list[str | None]:
    """A name for each column: the question, and its part where it has several."""
    found: list[str | None] = []
    asked = ""
    for question, part in zip(above, below, strict=False):
        asked, said = (question or "").strip() or asked, (part or "").strip()
        found.append(asked if not said or _RESPONSE.fullmatch(said) else f"{asked}: {said}")
    return found
