"""The measurement engine: facts in, figures with their error out, drawn and in words. No Django.

Importing this package is cheap: Ibis, DuckDB and Arrow are imported when facts are opened, and charts are
drawn in a process of their own.

    facts.py        the shape of the facts, and opening them
    report.py       build_report: the indicators over a period
    kpi/            one file per indicator
    behind.py       from a figure to its conversations
    charts.py       what to draw, and the table of each chart
    drawing.py      specifications into SVG
    conclusions.py  what may be said in words
"""
