"""Engagement of the staff: items.py reckons, anonymity.py says what may be shown, uwes.py scores UWES-9.

eNPS is net_promoter_score(..., definition=EMPLOYEE_NPS) of core.estimates.
"""

from answerable.core.engagement.anonymity import CROSS_FLOOR, FLOOR, Hidden, hidden, hidden_cells
from answerable.core.engagement.items import Answers, Engagement, Fault, Item, ItemResult, answers, engagement
from answerable.core.engagement.uwes import Uwes, uwes9

__all__ = [
    "CROSS_FLOOR",
    "FLOOR",
    "Answers",
    "Engagement",
    "Fault",
    "Hidden",
    "Item",
    "ItemResult",
    "Uwes",
    "answers",
    "engagement",
    "hidden",
    "hidden_cells",
    "uwes9",
]
