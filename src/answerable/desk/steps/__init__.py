"""ONE vocabulary of steps, for macros, rules and escalations (the words of it: `core.rules.step`).

taking       one step, taken
deeds        what each step does, through what changes a conversation that is held
recipients   who is meant
outcome      what a step answers
reading      a step as it was written down, with what it names: refused where that is gone
words        what a step does, and what it did, in words
"""

from answerable.desk.steps.outcome import Broken, Outcome
from answerable.desk.steps.recipients import recipients
from answerable.desk.steps.taking import Steps

__all__ = ["Broken", "Outcome", "Steps", "recipients"]
