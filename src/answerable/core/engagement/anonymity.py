"""Whose answers may be shown: never those of a few, nor what would give them away by subtraction.

Source of both: primary and complementary suppression, Hundepool et al. (2012), Statistical Disclosure
Control, chapter 4.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

FLOOR = 5
CROSS_FLOOR = 10

Cell = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Hidden:
    """The groups to hide: `small` are under the floor, `beside` are hidden lest the total reveal the small.

    `total` is whether the total of all has to be hidden as well.
    """

    small: frozenset[str]
    beside: frozenset[str]
    total: bool

    @property
    def groups(self) -> frozenset[str]:
        """All that must not be shown."""
        return self.small | self.beside


def hidden(sizes: Mapping[str, int], floor: int = FLOOR) -> Hidden:
    """Which groups of a total to hide, from how many answered in each.

    Under the floor a group is hidden. All hidden ones together are the total less the shown, so while they are
    one group alone, or fewer people than the floor, the smallest shown one joins them (by name where equal):
    12, 9 and 40 with floor 10 hide 9 and 12. A group without answers has nothing to hide, and hides nothing.
    Where hiding all groups is not enough, the total goes too.
    Raises ValueError on a negative size or a floor under 2.
    """
    _check(sizes, floor)
    parts: dict[Hashable, int] = {name: size for name, size in sizes.items() if size}
    gone = {key for key, size in (*parts.items(), (None, sum(parts.values()))) if 0 < size < floor}
    small = frozenset(name for name in sizes if name in gone)
    _close(parts, None, gone, floor)
    return Hidden(small, frozenset(name for name in sizes if name in gone) - small, None in gone)


def hidden_cells(sizes: Mapping[tuple[str, str], int], floor: int = CROSS_FLOOR) -> frozenset[Cell]:
    """Which cells of a two-way table to hide, and which totals: (row, None), (None, column), (None, None).

    Every row and column with its total, and the totals with theirs, is a line for which the rule of `hidden`
    holds; what is hidden in one line may expose another, so all are gone over until nothing changes. This
    guards each sum; it is no proof against somebody who solves the whole table as equations with bounds.
    Raises ValueError as `hidden` does.
    """
    _check(sizes, floor)
    whole: dict[Cell, int] = {}
    for (row, column), size in sizes.items():
        for cell in ((row, column), (row, None), (None, column), (None, None)):
            whole[cell] = whole.get(cell, 0) + size
    gone: set[Hashable] = {cell for cell, size in whole.items() if 0 < size < floor}
    lines = [
        *((_parts(whole, total, 0), total) for total in whole if total[0] is None),
        *((_parts(whole, total, 1), total) for total in whole if total[1] is None),
    ]
    before = -1
    while before != len(gone):
        before = len(gone)
        for parts, total in lines:
            _close(parts, total, gone, floor)
    return frozenset(cell for cell in whole if cell in gone)


def _parts(whole: Mapping[Cell, int], total: Cell, axis: int) -> dict[Hashable, int]:
    """The cells, empty ones apart, that add up to a total along an axis."""
    other = 1 - axis
    return {
        cell: size for cell, size in whole.items() if size and cell[axis] is not None and cell[other] == total[other]
    }


def _close(parts: Mapping[Hashable, int], total: Hashable, gone: set[Hashable], floor: int) -> None:
    """Add to `gone` what has to go so that nothing in this line can be had by subtraction."""
    left = sorted((key for key in parts if key not in gone), key=lambda key: (parts[key], str(key)))
    while True:
        away = [size for key, size in parts.items() if key in gone]
        alone = bool(away) and (len(away) < 2 or sum(away) < floor)
        exposed = alone if total not in gone else not away
        if not exposed or (not left and total in gone):
            return
        gone.add(left.pop(0) if left else total)


def _check(sizes: Mapping[tuple[str, str], int] | Mapping[str, int], floor: int) -> None:
    if floor < 2 or any(size < 0 for size in sizes.values()):
        raise ValueError(f"Anonymity: a floor of {floor} for groups of {list(sizes.values())} cannot be.")
