"""The last part: how good the data are, what was guessed, and by which rules the figures were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerable.measure.document.model import Block, Grid, Pairs, Paragraph, Points, Section
from answerable.measure.document.pen import NONE
from answerable.measure.document.terms import FORMATS, KINDS, ROLES, TRAITS, UNITS, column, item, trait
from answerable.measure.document.texts import WRONG, name_of
from answerable.measure.words import gettext_noop

if TYPE_CHECKING:
    from answerable.measure.document.pen import Pen
    from answerable.measure.reading import Understood
    from answerable.measure.reading.mapping import FileMap, Source
    from answerable.measure.study import Study

_LEFT_OUT = {
    "conversations": gettext_noop("Conversations of the period"),
    "counted": gettext_noop("Counted"),
    "spam": gettext_noop("Left out: spam"),
    "merged": gettext_noop("Left out: merged into another"),
    "agent_opened": gettext_noop("Left out: not opened by a customer"),
    "reopened": gettext_noop("Reopened"),
    "imported": gettext_noop("Taken over from another system, so without business time"),
}


def method(study: Study, pen: Pen) -> Section:
    """Data quality and method."""
    parts = [
        Section("files", pen(gettext_noop("The files, and what was guessed of them")), (), tuple(files(study, pen))),
        Section("bad-rows", pen(gettext_noop("Rows left out")), tuple(_bad(study, pen))),
        Section("population", pen(gettext_noop("Who counts")), tuple(_population(study, pen))),
        Section("missing", pen(gettext_noop("Not measured, and why")), tuple(_missing(study, pen))),
        Section("definitions", pen(gettext_noop("Definitions")), tuple(_definitions(study, pen))),
    ]
    told = (Paragraph(pen(each), "warn") for each in study.remarks)
    return Section(
        "method", pen(gettext_noop("Data quality and method")), (*told, *_rules(pen)),
        tuple(part for part in parts if part.blocks or part.parts),
    )  # fmt: skip


def _rules(pen: Pen) -> Iterator[Block]:
    yield Paragraph(
        pen(
            gettext_noop(
                "Every figure stands with its interval of 95 %, its sample and the rule it was made by. A change or a "
                "difference is claimed only where the interval of the difference leaves out zero; a target is met or "
                "missed only where the whole interval lies on one side of it. Percentiles are linear (type 7)."
            )
        )
    )


def files(study: Study, pen: Pen) -> Iterator[Section]:
    """Each file as it was understood."""
    for number, file in enumerate(study.reading.files, start=1):
        yield Section(f"file-{number}", file.name, tuple(_file(file, pen)))


def traits(file: Understood) -> dict[str, str]:
    """How a file is written, and what is taken for granted of it."""
    mapped = {key: getattr(file.mapping, key, None) for key in TRAITS}
    return {**file.traits, **{key: str(value) for key, value in mapped.items() if value}}


def _file(file: Understood, pen: Pen) -> Iterator[Block]:
    mapping = file.mapping
    pairs = [
        (
            pen(gettext_noop("Taken for")),
            f"{pen(KINDS.get(mapping.kind, mapping.kind))} ({FORMATS.get(file.format, file.format)})",
        ),
        (pen(gettext_noop("Rows")), pen.count(file.rows)),
        (pen(gettext_noop("Rows left out")), pen.count(file.bad)),
    ]
    told = traits(file)
    pairs += [(pen(TRAITS.get(key, key)), trait(key, value, pen)) for key, value in told.items()]
    pairs += [(pen(gettext_noop("Dates in {column}"), column=name), pen(form)) for name, form in file.forms.items()]
    yield Pairs(tuple(pairs))
    yield from _columns(file.name, mapping, pen)
    if mapping.activities:
        rows = tuple((pen(ROLES.get(role, role)), ", ".join(names)) for role, names in mapping.activities.items())
        headers = (pen(gettext_noop("Means")), pen(gettext_noop("Activities")))
        yield Grid(f"activities-{file.name}", pen(gettext_noop("Activities")), headers, rows)
    remarks = (*file.doubts, *mapping.proxies)
    if remarks:
        yield Points(tuple(pen(each) for each in remarks))


def _columns(name: str, mapping: FileMap, pen: Pen) -> Iterator[Block]:
    rows = []
    for key, source in mapping.columns.items():
        taken = _taken(source) if source.column is not None else f"= {source.value}"
        unit = f" ({pen(UNITS.get(source.unit, source.unit))})" if source.unit else ""
        rows.append((column(key, pen), f"{taken}{unit}", pen(mapping.reasons.get(key, ""))))
    rows += [(item(question, pen), header, "") for header, question in mapping.items.items()]
    headers = (pen(gettext_noop("Means")), pen(gettext_noop("Column")), pen(gettext_noop("Why")))
    shown = len(headers) if any(why for _, _, why in rows) else 2
    if rows:
        title = pen(gettext_noop("Columns"))
        yield Grid(f"columns-{name}", title, headers[:shown], tuple(row[:shown] for row in rows))


def _taken(source: Source) -> str:
    """A column, and the one that it is multiplied by, or that has its hour."""
    if source.answers:
        return f"{source.column} → {source.answers}"
    if source.hour:
        return f"{source.column} + {source.hour}"
    return f"{source.column} × {source.times}" if source.times else str(source.column)


def _bad(study: Study, pen: Pen) -> Iterator[Block]:
    reading = study.reading
    if not reading.bad_count:
        yield Paragraph(pen(gettext_noop("None: every row was read.")))
        return
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("File"), gettext_noop("Line"), gettext_noop("Column"), gettext_noop("Value"),
            gettext_noop("Why"),
        )
    )  # fmt: skip
    rows = tuple(
        (
            each.file, NONE if each.line is None else str(each.line), each.column or NONE,
            NONE if each.value is None else each.value, pen(each.reason),
        )
        for each in reading.bad
    )  # fmt: skip
    title = unusable(reading.bad_count, pen)
    yield Grid("bad-rows", title, headers, rows, frozenset({1}), reading.bad_count > len(rows))


def unusable(count: int, pen: Pen) -> str:
    """How many rows could not be used."""
    said = pen.ngettext("{n} row could not be used", "{n} rows could not be used", count)
    return said.format(n=pen.count(count))


def _population(study: Study, pen: Pen) -> Iterator[Block]:
    counts = study.report.population
    if counts.get("conversations"):
        yield Pairs(tuple((pen(said), pen.count(counts[key])) for key, said in _LEFT_OUT.items() if counts.get(key)))
    errors = study.report.errors
    if errors:
        headers = tuple(
            pen(each)
            for each in (
                gettext_noop("Indicator"), gettext_noop("Cannot be true"), gettext_noop("Rows"),
                gettext_noop("Conversations"),
            )
        )  # fmt: skip
        rows = tuple(
            (
                pen(name_of(each.measure)), pen(each.what), pen.count(each.count),
                ", ".join(str(key) for key in each.conversations[:10]),
            )
            for each in errors
        )  # fmt: skip
        yield Grid("data-errors", pen(WRONG), headers, rows, frozenset({2}))


def _missing(study: Study, pen: Pen) -> Iterator[Block]:
    headers = (pen(gettext_noop("Indicator")), pen(gettext_noop("Needs")), pen(gettext_noop("What would help")))
    rows = tuple((pen(name_of(each.kpi)), pen(each.needs), pen(each.remedy)) for each in study.reading.missing)
    if rows:
        yield Grid("missing", pen(gettext_noop("Not measured")), headers, rows)


def _definitions(study: Study, pen: Pen) -> Iterator[Block]:
    headers = (
        pen(gettext_noop("Indicator")), pen(gettext_noop("Definition")), pen(gettext_noop("Version")),
        pen(gettext_noop("Interval")),
    )  # fmt: skip
    rows = []
    for name, indicator in study.report.indicators.items():
        for estimate in (indicator.total.estimate, *indicator.total.beside.values()):
            definition = estimate.definition
            rows.append((pen(name_of(name)), definition.name, str(definition.version), pen(estimate.method)))
    if rows:
        yield Grid("definitions", pen(gettext_noop("Definitions")), headers, tuple(rows), frozenset({2}))


def summary(file: Understood, pen: Pen) -> tuple[str, list[str]]:
    """A file in a heading and a few lines, for a terminal."""
    mapping = file.mapping
    head = f"{file.name}: {pen(KINDS.get(mapping.kind, mapping.kind))}"
    told = traits(file)
    guesses = "; ".join(f"{pen(TRAITS.get(key, key))}: {trait(key, value, pen)}" for key, value in told.items())
    columns = ", ".join(
        f"{key} = {_taken(source) if source.column is not None else source.value}"
        for key, source in mapping.columns.items()
    )
    rows = pen.ngettext("{n} row, {bad} left out", "{n} rows, {bad} left out", file.rows)
    items = [rows.format(n=pen.count(file.rows), bad=pen.count(file.bad))]
    items += [guesses] if guesses else []
    items += [columns] if columns else []
    items += [f"{pen(ROLES.get(role, role))}: {', '.join(names)}" for role, names in mapping.activities.items()]
    return head, items + [pen(each) for each in (*file.doubts, *mapping.proxies)]
