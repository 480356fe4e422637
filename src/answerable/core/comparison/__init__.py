"""Comparisons that hold: of many groups at once, and with what others have published."""

from answerable.core.comparison.benchmark import Comparison, Published, Refusal, Standing, compare, compare_all
from answerable.core.comparison.multiplicity import Method, Verdict, benjamini_hochberg, holm, p_of, verdicts
from answerable.core.comparison.statistics import RANGES, STATISTICS, UNITS, Statistic, statistic_of

__all__ = [
    "RANGES",
    "STATISTICS",
    "UNITS",
    "Comparison",
    "Method",
    "Published",
    "Refusal",
    "Standing",
    "Statistic",
    "Verdict",
    "benjamini_hochberg",
    "compare",
    "compare_all",
    "holm",
    "p_of",
    "statistic_of",
    "verdicts",
]
