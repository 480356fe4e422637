"""Anyone's files into the engine's facts: exports of other help desks, event logs, surveys, purchases.

    with read(["tickets.csv", "nps.xlsx"], zone="Europe/Riga") as reading:
        reading.facts()              # Facts, for build_report
        reading.tables               # ("conversations", "ratings", "answers"): shapes in tables.py
        reading.relation("answers")  # in DuckDB; .arrow(name) in memory; .parquet(directory) as files
        reading.files                # what each file was taken for, and every guess and doubt
        reading.bad_count, reading.bad   # rows left out: all counted, the first of each file listed
        reading.missing              # which KPI cannot be measured, and what it needs
        reading.write_map(path)      # the guess as map.toml; read(files, map=path) takes it back

Every guess can be overridden: by `zone`, `first` (day or month), `activities` of an event log, `as_of`, or by the
map. `Unreadable` says why a file cannot be read and what would help, `MappingError` what is wrong with a map.

How it goes: `opening` tells the format by content and gives parts (a sheet, a list, a file), each with its columns
and a sample; `recognition` (systems/*.toml), `questionnaires` and `proposal` (by `matching`, headings.toml) say what
the columns mean, `hours` which of them are the time of day of a date; the part's wanted columns are staged in DuckDB
as text; `casting` decides the forms of dates and numbers from whole columns, `settling` the units and statuses that
only values tell; `conversations`, `events`, `ratings`, `surveys` and `activity` write the tables. No step holds all
rows in Python, and DuckDB spills to the scratch directory beyond `Limits.memory`.

A row with a mapped value that cannot be read is left out whole: half of it would be an answer never given. A rating
that cannot be read leaves its conversation in. Times without a zone are UTC unless a zone is given, and that is said.
docs/reading.md is for the person with the files.
"""

from answerable.measure.failures import BadRow, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.mapping import FileMap, MappingError
from answerable.measure.reading.missing import Missing
from answerable.measure.reading.reader import Understood
from answerable.measure.reading.reading import Reading, read

__all__ = ["BadRow", "FileMap", "Limits", "MappingError", "Missing", "Reading", "Understood", "Unreadable", "read"]
