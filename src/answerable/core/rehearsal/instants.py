"""Instants as whole microseconds since 1970 (UTC), as exact as the desk's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.int64]
Numbers = NDArray[np.int32]
Codes = NDArray[np.int16]
Flags = NDArray[np.bool_]

SECOND = 1_000_000
NEVER = 1 << 62
"""Later than any instant: what has not stopped, and what does not come about."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """An aware datetime as microseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Microseconds as a datetime in UTC."""
    return _EPOCH + timedelta(microseconds=int(at))
