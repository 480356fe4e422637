"""Estimates: a value, how sure it is, what it is made of, and by which definition.

Pure arithmetic on counts and numpy arrays. One file per measure; the formulas name their sources, and each
has a page with a worked example in docs/measures/.
"""

from answerable.core.estimates.effort import CES, CES_MEAN, Effort, effort
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Difference, Estimate, difference
from answerable.core.estimates.mean import mean
from answerable.core.estimates.percentile import percentile
from answerable.core.estimates.promoters import NPS, net_promoter_score, promoters_difference
from answerable.core.estimates.satisfaction import CSAT, CSAT_MEAN, Satisfaction, satisfaction
from answerable.core.estimates.share import share, wilson
from answerable.core.estimates.survival import Survival, by_row, kaplan_meier

__all__ = [
    "CES",
    "CES_MEAN",
    "CONFIDENCE",
    "CSAT",
    "CSAT_MEAN",
    "NPS",
    "Definition",
    "Difference",
    "Effort",
    "Estimate",
    "Satisfaction",
    "Survival",
    "by_row",
    "difference",
    "effort",
    "kaplan_meier",
    "mean",
    "net_promoter_score",
    "percentile",
    "promoters_difference",
    "satisfaction",
    "share",
    "wilson",
]
