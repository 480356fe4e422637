"""What insight keeps of its own: rehearsals and forecasts that somebody asked for, and what staffing assumes."""

from answerable.insight.models.rehearsal import Rehearsal, may_rehearse
from answerable.insight.models.staffing import Assumptions, Forecast

__all__ = ["Assumptions", "Forecast", "Rehearsal", "may_rehearse"]
