"""Erlang B and C: how many wait when nobody gives up, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf


def erlang_b(load: float, agents: int) -> float:
    """The chance that all agents are busy when callers who find them so go away, `load` in erlangs.

    By the recursion B(0) = 1, 1 / B(n) = 1 + n / (load B(n - 1)): stable, O(agents).
    Source: Erlang (1917); the recursion: Jagerman (1974), Bell System Technical Journal 53:525-551.
    Raises ValueError on a negative load or number of agents.
    """
    if not 0 <= load < inf or agents < 0:
        raise ValueError(f"Erlang: a load of {load} erlangs on {agents} agents cannot be.")
    blocked = 1.0
    for agent in range(1, agents + 1):
        blocked = load * blocked / (agent + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """The chance to wait when nobody gives up: B / (1 - rho (1 - B)), rho = load / agents. 1 when overloaded.

    Source: Erlang (1917), by way of B as in Cooper (1981), Introduction to Queueing Theory, 3.
    """
    blocked = erlang_b(load, agents)
    if agents <= load:
        return 1.0 if load > 0 else 0.0
    return blocked / (1 - load / agents * (1 - blocked))


@dataclass(frozen=True, slots=True)
class Service:
    """What so many agents can do with a load. Shares are 0 to 1, times in seconds.

    `overloaded`: more work than hands. Then everybody waits, nobody in time, and the mean wait
    (`average_speed_of_answer_seconds`) is infinite.
    """

    agents: int
    load: float
    waiting: float
    service_level: float
    average_speed_of_answer_seconds: float
    occupancy: float
    overloaded: bool


def service(
    contacts: float, interval_seconds: float, handling_seconds: float, agents: int, target_seconds: float
) -> Service:
    """Erlang C for `contacts` per interval: SL = 1 - C e^(-(N - A) T / AHT), ASA = C AHT / (N - A).

    Assumes contacts at random and one at a time, nobody who gives up, and all agents alike.
    Raises ValueError on a negative number, or an interval or handling time of 0.
    """
    load = offered(contacts, interval_seconds, handling_seconds)
    if agents < 0 or target_seconds < 0:
        raise ValueError(f"Staffing: {agents} agents and a target of {target_seconds:g} s cannot be.")
    if load == 0:
        return Service(agents, 0.0, 0.0, 1.0, 0.0, 0.0, False)
    if agents <= load:
        return Service(agents, load, 1.0, 0.0, inf, 1.0, True)
    waiting, spare = erlang_c(load, agents), agents - load
    return Service(
        agents, load, waiting,
        1 - waiting * exp(-spare * target_seconds / handling_seconds),
        waiting * handling_seconds / spare,
        load / agents,
        False,
    )  # fmt: skip


def offered(contacts: float, interval_seconds: float, handling_seconds: float) -> float:
    """The load in erlangs: contacts a second times their handling time."""
    if not (0 <= contacts < inf and 0 < interval_seconds < inf and 0 < handling_seconds < inf):
        raise ValueError(
            f"Staffing: {contacts:g} contacts in {interval_seconds:g} s of {handling_seconds:g} s each cannot be."
        )
    return contacts / interval_seconds * handling_seconds
