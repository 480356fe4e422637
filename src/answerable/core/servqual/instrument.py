"""What is asked: dimensions, their items, and the scale. Wordings live elsewhere; here items are keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from answerable.core.estimates import Definition

SIZES = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}


@dataclass(frozen=True, slots=True)
class Dimension:
    """Items that ask about one thing, in the order in which they are asked."""

    name: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an instrument is not the published one: `what` is pairs, scale or a dimension's name."""

    what: str
    found: str
    standard: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """Pairs of expectation and perception in dimensions, on a scale from `low` to `high`.

    Raises ValueError on a dimension without items, an item twice, or a scale without length.
    """

    dimensions: tuple[Dimension, ...]
    low: float = 1
    high: float = 7

    def __post_init__(self) -> None:
        empty = [dimension.name for dimension in self.dimensions if not dimension.items]
        if empty or not self.dimensions:
            raise ValueError(f"SERVQUAL: no items in {', '.join(empty) or 'any dimension'}.")
        names = [dimension.name for dimension in self.dimensions]
        twice = sorted({name for each in (self.items, names) for name in each if list(each).count(name) > 1})
        if twice:
            raise ValueError(f"SERVQUAL: {', '.join(twice)} stands in the instrument twice.")
        if not self.low < self.high:
            raise ValueError(f"SERVQUAL: a scale from {self.low:g} to {self.high:g} has no length.")

    @property
    def items(self) -> tuple[str, ...]:
        """All items, dimension by dimension: the columns of the answers."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @property
    def columns(self) -> tuple[slice, ...]:
        """The columns of each dimension."""
        found, start = [], 0
        for dimension in self.dimensions:
            found.append(slice(start, start + len(dimension.items)))
            start += len(dimension.items)
        return tuple(found)

    @property
    def departures(self) -> tuple[Departure, ...]:
        """Every way in which this is not 22 pairs in 4, 5, 4, 4, 5 from 1 to 7: accepted, and to be said."""
        sizes = {dimension.name: len(dimension.items) for dimension in self.dimensions}
        found = []
        if len(self.items) != sum(SIZES.values()):
            found.append(Departure("pairs", str(len(self.items)), str(sum(SIZES.values()))))
        if (self.low, self.high) != (1, 7):
            found.append(Departure("scale", f"{self.low:g}-{self.high:g}", "1-7"))
        found += [
            Departure(name, str(sizes.get(name, 0)), str(SIZES.get(name, 0)))
            for name in {**SIZES, **sizes}
            if sizes.get(name, 0) != SIZES.get(name, 0)
        ]
        return tuple(found)

    def definition(self, of: str) -> Definition:
        """The definition of a figure of this instrument: figures of unlike instruments are not compared."""
        return _definition(self, of)


@lru_cache(1024)
def _definition(asked: Instrument, of: str) -> Definition:
    if not asked.departures:
        return Definition(f"servqual.{of}", 1)
    sizes = "+".join(str(len(dimension.items)) for dimension in asked.dimensions)
    return Definition(f"servqual[{sizes} {asked.low:g}-{asked.high:g}].{of}", 1)


def instrument(sizes: Mapping[str, int] = SIZES, low: float = 1, high: float = 7) -> Instrument:
    """An instrument with items named dimension_1, dimension_2, ...; by default the published one.

    Source: Parasuraman, Zeithaml & Berry (1988), Journal of Retailing 64:12-40: 22 pairs, five dimensions,
    seven points.
    """
    dimensions = tuple(
        Dimension(name, tuple(f"{name}_{number}" for number in range(1, size + 1))) for name, size in sizes.items()
    )
    return Instrument(dimensions, low, high)
