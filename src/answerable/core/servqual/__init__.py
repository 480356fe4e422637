"""SERVQUAL: what customers expect of a service against what they get, in five dimensions.

instrument.py says what is asked, rotation.py of whom, sums.py adds the answers up, weights.py says what
matters, gaps.py tells the result. docs/measures/servqual.md has the formulas with a worked example.
"""

from answerable.core.servqual.gaps import DimensionGap, Gap, Servqual, Wholes, servqual, wholes
from answerable.core.servqual.instrument import Departure, Dimension, Instrument, instrument
from answerable.core.servqual.rotation import short_form
from answerable.core.servqual.sums import Fault, Paired, Sums, paired, sums
from answerable.core.servqual.weights import WeightFault, combined, mean_weights

__all__ = [
    "Departure",
    "Dimension",
    "DimensionGap",
    "Fault",
    "Gap",
    "Instrument",
    "Paired",
    "Servqual",
    "Sums",
    "WeightFault",
    "Wholes",
    "combined",
    "instrument",
    "mean_weights",
    "paired",
    "servqual",
    "short_form",
    "sums",
    "wholes",
]
