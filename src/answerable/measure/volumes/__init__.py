"""Anyone's volume file: how many contacts came in which interval, by channel, and how long one takes.

    python -m answerable.measure.volumes FILE --zone Europe/Riga --channel phone

prints JSON, or ends with 1 and says on the last line, as JSON, what is wrong. In a process of its own, since DuckDB
reads the file: CSV, XLSX or Parquet (also JSON), by the readers of `reading` with all their limits. A file without a
column of arrivals may be a list of conversations or an event log: then their beginnings are counted.
"""

from answerable.measure.volumes.columns import CHANNELS, Columns, columns_of
from answerable.measure.volumes.reading import Filled, NoVolumes, read_volumes

__all__ = ["CHANNELS", "Columns", "Filled", "NoVolumes", "columns_of", "read_volumes"]
