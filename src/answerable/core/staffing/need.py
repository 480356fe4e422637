"""From a standard to heads: the fewest agents that keep it, and how many must be employed for that."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from answerable.core.staffing.erlang import Service, offered, service

_MOST = 1_000_000


def agents_needed(
    contacts: float,
    interval_seconds: float,
    handling_seconds: float,
    target_seconds: float,
    service_level: float,
    *,
    occupancy: float = 1.0,
) -> Service:
    """The service of the fewest agents with whom that share is answered within the target (Erlang C), and who
    are busy no more than `occupancy` of their time. O(agents log agents).

    Raises ValueError unless 0 < service_level < 1 and 0 < occupancy <= 1, or when a million would not do.
    """
    if not (0 < service_level < 1 and 0 < occupancy <= 1):
        raise ValueError(f"Staffing: a service level of {service_level:g} at occupancy {occupancy:g} cannot be kept.")
    load = offered(contacts, interval_seconds, handling_seconds)
    if load == 0:
        return service(0, interval_seconds, handling_seconds, 0, target_seconds)
    least = max(floor(load) + 1, ceil(load / occupancy))
    if least > _MOST:
        raise ValueError(f"Staffing: {load:.0f} erlangs need more than {_MOST:,} agents.")
    low, high = least, least
    while service(contacts, interval_seconds, handling_seconds, high, target_seconds).service_level < service_level:
        low, high = high + 1, high * 2
    while low < high:
        middle = (low + high) // 2
        found = service(contacts, interval_seconds, handling_seconds, middle, target_seconds)
        low, high = (middle + 1, high) if found.service_level < service_level else (low, middle)
    return service(contacts, interval_seconds, handling_seconds, high, target_seconds)


def heads(agents: int, shrinkage: float) -> int:
    """How many to employ so that `agents` are at work: N / (1 - shrinkage), rounded up.

    `shrinkage` is the share of paid time not at work on contacts (leave, illness, training), 0 <= shrinkage < 1,
    taken as the decimal it is written as: 14 / (1 - .3) is 20, and not 21 by a rounding error.
    """
    if agents < 0 or not 0 <= shrinkage < 1:
        raise ValueError(f"Staffing: {agents} agents with a shrinkage of {shrinkage:g} cannot be.")
    return ceil(agents / (1 - Fraction(str(shrinkage))))
