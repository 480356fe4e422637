"""Ports of loopback: for servers that a test starts, and for where nobody listens."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle, islice

PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever connects or asks for any: nobody gets one of these by chance while a
server starts, or between its death and its return."""
APART = 1009
"""So far from one another begin processes that were started one after the other."""


def _from_a_place_of_our_own() -> Iterator[int]:
    here = os.getpid() * APART % len(PORTS)
    return cycle([*PORTS[here:], *PORTS[:here]])


_ports = _from_a_place_of_our_own()


def free_port() -> int:
    """One that nobody listens at, and that this process was not given before."""
    for port in islice(_ports, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("No port is free.")
