"""Anyone's files into the engine's facts."""

from answerable.measure.reading.failures import BadRow, Unreadable
from answerable.measure.reading.limits import Limits
from answerable.measure.reading.mapping import FileMap, MappingError
from answerable.measure.reading.reader import Understood
from answerable.measure.reading.reading import Reading, read

__all__ = ["BadRow", "FileMap", "Limits", "MappingError", "Reading", "Understood", "Unreadable", "read"]
