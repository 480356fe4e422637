"""The short form: each respondent is asked for some items of every dimension, by turns."""

from __future__ import annotations

from answerable.core.servqual.instrument import Instrument


def short_form(number: int, asked: Instrument, per_dimension: int = 1) -> tuple[str, ...]:
    """The items for the respondent of that number (0, 1, 2, ...), `per_dimension` of each dimension.

    Successive respondents get successive items, so that after as many of them as a dimension has items each
    was asked equally often. A dimension with no more items than that is asked whole.
    Source: matrix sampling, Shoemaker (1973), Principles and Procedures of Multiple Matrix Sampling.
    Raises ValueError on a number below 0 or fewer than one item per dimension.
    """
    if number < 0 or per_dimension < 1:
        raise ValueError("A short form needs a respondent's number from 0 and one item per dimension or more.")
    chosen = []
    for dimension in asked.dimensions:
        size = len(dimension.items)
        turns = {(number * per_dimension + step) % size for step in range(min(per_dimension, size))}
        chosen += [item for index, item in enumerate(dimension.items) if index in turns]
    return tuple(chosen)
