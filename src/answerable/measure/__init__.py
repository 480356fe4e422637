"""The measurement engine: facts in, figures with their error out, drawn and in words. No Django.

Importing this package is cheap: Ibis, DuckDB and Arrow are imported when facts are opened, and charts are
drawn in a process of their own.

    tables.py       the shape of the facts
    facts.py        opening them
    question.py     what is asked of anyone's files; study.py answers, over what spans.py finds in them
    six.py          six_kpis: the report of any facts, with period, cuts and clock that fit them
    report.py       build_report: the indicators over a period
    measuring.py    which indicators there are, what each needs, and their figures
    groups.py       from sums per group to figures, comparisons and control charts
    kpi/            one file per indicator
    behind.py       from a figure to its conversations or answers
    drivers.py      what satisfaction goes with
    charts.py       what to draw, and the table of each chart
    drawing.py      specifications into SVG
    conclusions.py  what may be said in words
"""
