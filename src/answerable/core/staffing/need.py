"""From a standard to heads: the fewest agents that keep it, and how many must be employed for that."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from answerable.core.staffing.erlang import Service, offered, service
from answerable.core.staffing.patience import Patient, impatient_service

_MOST = 1_000_000
_NEGLIGIBLE = 1e-9


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


def patient_agents_needed(
    contacts: float,
    interval_seconds: float,
    handling_seconds: float,
    patience_seconds: float,
    target_seconds: float,
    service_level: float,
    *,
    occupancy: float = 1.0,
) -> Patient:
    """As `agents_needed`, of callers who give up after a patience of that mean (Erlang A); 1 agent at least, who does
    not have to exist where nobody calls. A share above what any number of agents keeps cannot be asked for, since
    with enough of them nobody waits.

    Raises ValueError as `agents_needed` and `impatient_service` do.
    """
    if not (0 < service_level < 1 and 0 < occupancy <= 1):
        raise ValueError(f"Staffing: a service level of {service_level:g} at occupancy {occupancy:g} cannot be kept.")

    def with_agents(number: int) -> Patient:
        return impatient_service(contacts, interval_seconds, handling_seconds, patience_seconds, number, target_seconds)

    def is_enough(found: Patient) -> bool:
        return found.service_level >= service_level and found.occupancy <= occupancy + _NEGLIGIBLE

    low, high = 1, 1
    while not is_enough(with_agents(high)):
        low, high = high + 1, high * 2
        if high > _MOST:
            raise ValueError(f"Staffing: that needs more than {_MOST:,} agents.")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(with_agents(middle)) else (middle + 1, high)
    return with_agents(high)


def slots_to_agents(slots: int, at_once: int) -> int:
    """People for so many conversations that go on at a time, when each leads `at_once` of them (chats).

    Chats are served as if each place were an agent: Erlang's formulas in places, whose time is that of a chat as it
    lasts when so many are led at once. Source: Tezcan and Zhang (2014), Routing and staffing in customer service chat
    systems with impatient customers, Operations Research 62:943-956, in its simplest case of equal chats.
    """
    if at_once < 1:
        raise ValueError(f"Staffing: {at_once} conversations at a time cannot be.")
    return -(-slots // at_once)


def heads(agents: float, shrinkage: float) -> int:
    """How many to employ so that `agents` are at work: N / (1 - shrinkage), rounded up.

    `shrinkage` is the share of paid time not at work on contacts (leave, illness, training), 0 <= shrinkage < 1,
    taken as the decimal it is written as: 14 / (1 - .3) is 20, and not 21 by a rounding error.
    """
    if agents < 0 or not 0 <= shrinkage < 1:
        raise ValueError(f"Staffing: {agents:g} agents with a shrinkage of {shrinkage:g} cannot be.")
    at_work = agents if isinstance(agents, int) else Fraction(str(round(agents, 6)))
    return ceil(at_work / (1 - Fraction(str(shrinkage))))
