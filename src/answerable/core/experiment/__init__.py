"""Trying something on some: who gets it by lot, what may be said of the difference, and how many more are needed."""

from answerable.core.experiment.assignment import BLOCKS, is_treated
from answerable.core.experiment.clusters import Clustered, clustered_share
from answerable.core.experiment.power import Sizes, sample_sizes
from answerable.core.experiment.verdict import EARLY, Finding, Judgement, judge

__all__ = [
    "BLOCKS",
    "EARLY",
    "Clustered",
    "Finding",
    "Judgement",
    "Sizes",
    "clustered_share",
    "is_treated",
    "judge",
    "sample_sizes",
]
