"""ONE vocabulary of steps, for macros, rules and escalations (the words of it: `core.rules.step`).

taking       one step, taken
deeds        what each step does, through what changes a conversation that is held
names        the teams, colleagues and fields that steps and conditions name
recipients   who is meant
outcome      what a step answers
words        what a step does, and what it did, in words
"""

from answerable.desk.steps.outcome import Broken, Outcome
from answerable.desk.steps.recipients import recipients
from answerable.desk.steps.taking import Steps

__all__ = ["Broken", "Outcome", "Steps", "recipients"]
