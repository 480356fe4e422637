"""Erlang A: how many wait, and how many give up, when patience is limited."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log, log1p

import numpy as np

from answerable.core.staffing.erlang import erlang_b

_NEGLIGIBLE = 1e-17
_LARGE = 1e200
_LONGEST = 1_000_000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True, slots=True)
class Patient:
    """What so many agents can do with a load of callers who give up. Shares are 0 to 1, times in seconds.

    `waiting` is the share that does not get an agent at once, `abandoning` gives up, `mean_wait_seconds` is
    over all, also those who gave up; `service_level` counts those answered within the target, of all.
    """

    agents: int
    load: float
    waiting: float
    abandoning: float
    mean_wait_seconds: float
    service_level: float
    occupancy: float


def impatient_service(
    contacts: float,
    interval_seconds: float,
    handling_seconds: float,
    patience_seconds: float,
    agents: int,
    target_seconds: float,
) -> Patient:
    """Erlang A (M/M/n+M): as Erlang C, but whoever waits gives up after an exponential patience of that mean.

    Steady whatever the load. From the balance of states n, n + 1, ...; with k waiting an agent or patience
    ends at n mu + k theta. The wait of somebody who never gives up has the density
    lambda pi(n - 1) exp(lambda / theta (1 - e^(-theta v)) - n mu v), from which the service level.
    Source: Palm (1957); Mandelbaum & Zeltyn (2007), Service Engineering in Action, appendix; Garnett, Mandelbaum
    & Reiman (2002), Manufacturing & Service Operations Management 4:208-227.
    Raises ValueError on negative numbers, and times or patience of 0.
    """
    times = (interval_seconds, handling_seconds, patience_seconds)
    if not (0 <= contacts < inf and all(0 < time < inf for time in times) and agents >= 1 and target_seconds >= 0):
        raise ValueError(f"Erlang A: {contacts:g} contacts, times {times} and {agents} agents cannot be.")
    arrivals, ends, leaves = contacts / interval_seconds, 1 / handling_seconds, 1 / patience_seconds
    load = arrivals / ends
    if load == 0:
        return Patient(agents, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    blocked = erlang_b(load, agents)
    if blocked == 0:
        return Patient(agents, load, 0.0, 0.0, 0.0, 1.0, load / agents)
    # All in logarithms and relative to the state in which all are busy and nobody waits.
    free = (log1p(-blocked) if blocked < 1 else -inf) - log(blocked)
    queue, length = _queue(arrivals, ends, leaves, agents)
    total = float(np.logaddexp(free, queue))
    waiting, wait = exp(queue - total), exp(length - total) / arrivals
    density = log(arrivals) + log(agents / load) - total
    answered = _answered(density, arrivals, ends, leaves, agents, target_seconds)
    abandoning = min(1.0, leaves * wait)
    return Patient(
        agents, load, waiting, abandoning, wait,
        min(1.0, exp(free - total) + answered), load * (1 - abandoning) / agents,
    )  # fmt: skip


def _queue(arrivals: float, ends: float, leaves: float, agents: int) -> tuple[float, float]:
    """Logarithms of the sum of the states in which all are busy, and of the sum of their queue lengths."""
    if (arrivals - agents * ends) / leaves > _LONGEST:
        raise ValueError(
            "Erlang A: the queue would be longer than a million; patience is without bounds beside the overload."
        )
    queue, length, state, scale, waiting = 1.0, 0.0, 1.0, 0.0, 0
    while True:
        waiting += 1
        out = agents * ends + waiting * leaves
        state *= arrivals / out
        queue += state
        length += waiting * state
        if queue > _LARGE:
            queue, length, state, scale = queue / _LARGE, length / _LARGE, state / _LARGE, scale + log(_LARGE)
        if out > arrivals and waiting * state <= _NEGLIGIBLE * length * (1 - arrivals / out) ** 2:
            return log(queue) + scale, log(length) + scale


def _answered(density: float, arrivals: float, ends: float, leaves: float, agents: int, target: float) -> float:
    """The share answered after a wait up to the target: the integral of the density, given as a logarithm at 0,
    times the chance e^(-theta v) to be there still; 64 Gauss points in each of as many pieces as it changes in."""
    pieces = min(2000, int((agents * ends + leaves + arrivals) * target / 20) + 1)
    width = target / pieces
    total = 0.0
    for piece in range(pieces):
        points = (piece + (_NODES + 1) / 2) * width
        exponents = density - arrivals / leaves * np.expm1(-leaves * points) - (agents * ends + leaves) * points
        total += float(_WEIGHTS @ np.exp(exponents)) * width / 2
    return total
