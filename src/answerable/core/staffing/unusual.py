"""Days so unlike the same weekday around them that nothing should be learned from them: a strike, an outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from answerable.core.staffing.volumes import WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEKS_AROUND = 4
FAR = 3.5
POISSON_SPREAD = 0.5
"""Of the root of a Poisson number, whatever its mean."""
_NORMAL = 1.4826


def unusual(roots: NDArray[np.float64], is_holiday: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which days' roots lie further than `FAR` spreads from the median of their weekday, up to four weeks to either
    side; the spread is 1.4826 times the median distance from it, but no less than that of chance. Holidays, of which
    one expects it, are neither counted nor found.

    A level that has changed for good is found unusual, too, until it has lasted as long as what was before within
    those weeks. Source: Hampel (1974), The influence curve and its role in robust estimation, JASA 69:383-393; as a
    filter: Pearson, Neuvo, Astola and Gabbouj (2016), Generalized Hampel filters, EURASIP Journal on Advances in
    Signal Processing 2016:87.
    """
    found = np.zeros(len(roots), dtype=np.bool_)
    for place in np.flatnonzero(~is_holiday):
        around = np.arange(place - WEEKS_AROUND * WEEK, place + WEEKS_AROUND * WEEK + 1, WEEK)
        around = around[(around >= 0) & (around < len(roots))]
        around = around[~is_holiday[around]]
        middle = np.median(roots[around])
        spread = max(POISSON_SPREAD, _NORMAL * float(np.median(np.abs(roots[around] - middle))))
        found[place] = abs(roots[place] - middle) > FAR * spread
    return found
