"""Comparisons that hold: of many groups at once, and with what others have published."""

from answerable.core.comparison.benchmark import Comparison, Published, Refusal, Standing, compare, compare_all
from answerable.core.comparison.multiplicity import Method, Verdict, benjamini_hochberg, holm, p_of, verdicts

__all__ = [
    "Comparison",
    "Method",
    "Published",
    "Refusal",
    "Standing",
    "Verdict",
    "benjamini_hochberg",
    "compare",
    "compare_all",
    "holm",
    "p_of",
    "verdicts",
]
