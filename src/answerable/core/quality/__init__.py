"""Quality: what it costs, how many sigma it has, and whether it is under control."""

from answerable.core.quality.control import ControlChart, individuals, proportions, rates
from answerable.core.quality.cost import Category, Cost, CostFault, CostOfQuality, cost_of_quality
from answerable.core.quality.nelson import RULES, Signal, signals
from answerable.core.quality.sigma import Sigma, sigma

__all__ = [
    "RULES",
    "Category",
    "ControlChart",
    "Cost",
    "CostFault",
    "CostOfQuality",
    "Sigma",
    "Signal",
    "cost_of_quality",
    "individuals",
    "proportions",
    "rates",
    "sigma",
    "signals",
]
