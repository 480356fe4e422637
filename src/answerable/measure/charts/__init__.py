"""What the report draws: Vega-Lite specifications, each with its title, its description and its table.

Words come translated through `words`, numbers and dates by `locale`. Colours are CSS variables of the page
(tokens.css) or, for mail and print, those of a named palette.
"""

from answerable.measure.charts.answers import GOOD, answers
from answerable.measure.charts.costs import costs
from answerable.measure.charts.escalations import escalations
from answerable.measure.charts.hours import hours
from answerable.measure.charts.importance import importance
from answerable.measure.charts.indicator import comparison, trend
from answerable.measure.charts.scores import scores
from answerable.measure.charts.staffing import ahead, heads, missing
from answerable.measure.charts.style import Chart, Style, Table
from answerable.measure.charts.survival import survival
from answerable.measure.charts.waits import waits

__all__ = [
    "GOOD", "Chart", "Style", "Table", "ahead", "answers", "comparison", "costs", "escalations", "heads", "hours",
    "importance", "missing", "scores", "survival", "trend", "waits",
]  # fmt: skip
