"""Drawing lots: who of those that join gets what is tried."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

BLOCKS = MappingProxyType(
    {10: (1, 10), 20: (2, 10), 30: (3, 10), 40: (4, 10), 50: (2, 4), 60: (6, 10), 70: (7, 10), 80: (8, 10), 90: (9, 10)}
)
"""Percent that get it -> how many of how many do, in each block."""


def is_treated(seed: str, stratum: str, place: int, percent: int) -> bool:
    """Whether the `place`-th (from 0) of a stratum to join gets what is tried.

    Permuted blocks: in each block of consecutive places exactly the wanted share does, in an order drawn from the
    seed, the stratum and the block's number. So the arms are balanced at every moment, in every stratum, and who knows
    the seed can draw again and gets the same. Source: Zelen (1974), Journal of Chronic Diseases 27:365-375.
    Raises KeyError for a percentage that BLOCKS does not have.
    """
    wanted, size = BLOCKS[percent]
    block, seat = divmod(place, size)
    return seat in _order(seed, stratum, block, size)[:wanted]


@lru_cache(maxsize=256)
def _order(seed: str, stratum: str, block: int, size: int) -> tuple[int, ...]:
    """The seats of a block as they were drawn."""
    return tuple(sorted(range(size), key=lambda seat: _drawn(seed, stratum, block, seat)))


def _drawn(seed: str, stratum: str, block: int, seat: int) -> bytes:
    """A number nobody can foresee who does not know the seed."""
    return sha256(f"{seed}/{stratum}/{block}/{seat}".encode()).digest()
