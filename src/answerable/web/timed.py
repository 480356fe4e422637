"""Sockets that are done at one instant, whatever the other side does."""

import io
import socket
import time
from typing import Any


def left(until: float) -> float:
    """Seconds until then (monotonic). Raises TimeoutError once there are none."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class Timed:
    """A socket for http.client that is done at one instant, however slowly the other side drips."""

    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket, self._until = connected, until

    def sendall(self, data: Any) -> None:
        self._socket.settimeout(left(self._until))
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Dripping(self._socket, self._until))

    def close(self) -> None:
        """http.client lets go of it before the answer is read; `request` closes it."""


class _Dripping(io.RawIOBase):
    def __init__(self, connected: socket.socket, until: float) -> None:
        self._socket, self._until = connected, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(left(self._until))
        return self._socket.recv_into(buffer)
