"""Estimates: a value, how sure it is, what it is made of, and by which definition.

Pure arithmetic on counts and numpy arrays. One file per measure; the formulas name their sources, and each
has a page with a worked example in docs/measures/.
"""

from answerable.core.estimates.cohorts import COHORT, Cohorts, cohort_table
from answerable.core.estimates.effort import CES, CES_MEAN, Effort, effort
from answerable.core.estimates.estimate import CONFIDENCE, Definition, Difference, Estimate, difference
from answerable.core.estimates.mean import mean, mean_of_sums
from answerable.core.estimates.percentile import percentile
from answerable.core.estimates.promoters import (
    EMPLOYEE_NPS,
    NPS,
    net_promoter_score,
    promoters_difference,
    split,
    split_answers,
)
from answerable.core.estimates.retention import REPEAT_PURCHASE, RETENTION, repeat_purchase, retention
from answerable.core.estimates.satisfaction import CSAT, CSAT_MEAN, Satisfaction, satisfaction
from answerable.core.estimates.share import share, wilson
from answerable.core.estimates.survival import Survival, by_row, kaplan_meier
from answerable.core.estimates.usual import Usual, usual

__all__ = [
    "CES",
    "CES_MEAN",
    "COHORT",
    "CONFIDENCE",
    "CSAT",
    "CSAT_MEAN",
    "EMPLOYEE_NPS",
    "NPS",
    "REPEAT_PURCHASE",
    "RETENTION",
    "Cohorts",
    "Definition",
    "Difference",
    "Effort",
    "Estimate",
    "Satisfaction",
    "Survival",
    "Usual",
    "by_row",
    "cohort_table",
    "difference",
    "effort",
    "kaplan_meier",
    "mean",
    "mean_of_sums",
    "net_promoter_score",
    "percentile",
    "promoters_difference",
    "repeat_purchase",
    "retention",
    "satisfaction",
    "share",
    "split",
    "split_answers",
    "usual",
    "wilson",
]
