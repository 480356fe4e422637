"""Who gets which of the conversations that wait, and why everybody else did not. Pure: instants are arguments.

parties    those who wait and those who answer
verdicts   what is said of each person
choosing   the choice itself

The rules, with an example: ``docs/howto/routing.md``.
"""

from answerable.core.routing.choosing import Decision, in_order, may, route
from answerable.core.routing.parties import PATIENCE_SECONDS, Agent, Waiting, urgency
from answerable.core.routing.verdicts import Verdict

__all__ = ["PATIENCE_SECONDS", "Agent", "Decision", "Verdict", "Waiting", "in_order", "may", "route", "urgency"]
