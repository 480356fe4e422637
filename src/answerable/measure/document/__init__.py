"""The report as a document: one content, written as a page, a print, data, tables, or on a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from answerable.measure.document.cost import cost
from answerable.measure.document.cover import cover, when
from answerable.measure.document.indicators import sections
from answerable.measure.document.method import method
from answerable.measure.document.model import Document
from answerable.measure.document.pen import Pen
from answerable.measure.languages import plurals_of, words_of
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.study import Study

__all__ = ["Document", "Pen", "document", "pen_of"]


def pen_of(study: Study, language: str) -> Pen:
    """The pen for a language. Raises ValueError for one there is none of."""
    return Pen(words_of(language), language, study.report.period.zone, plurals_of(language))


def document(study: Study, language: str = "en", *, made_at: datetime | None = None) -> Document:
    """The whole report in a language."""
    pen = pen_of(study, language)
    made_at = (made_at or datetime.now(UTC)).replace(microsecond=0)
    files = ", ".join(dict.fromkeys(file.name.split("#")[0] for file in study.reading.files))
    subtitle = f"{when(study, pen)} · {files}"
    words = {
        "contents": pen(gettext_noop("Contents")),
        "numbers": pen(gettext_noop("The numbers")),
        "more": pen(gettext_noop("There are more than are shown here; the report as CSV has them all.")),
        "value": pen(gettext_noop("Value")),
        "interval": pen(gettext_noop("Interval of 95 %")),
        "made": pen(
            gettext_noop("Made by Answerable on {day}"),
            day=pen.instant(int(made_at.timestamp())),
        ),
    }
    return Document(
        pen(gettext_noop("Customer service report")), subtitle, language, made_at,
        (cover(study, pen), *sections(study, pen), *cost(study, pen), method(study, pen)), words,
    )  # fmt: skip
