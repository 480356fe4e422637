"""Events of a conversation in words: verb -> icon and sentence. Verbs that are not here are not shown.

names       of the users and teams that events speak of
saying      sentences from templates, and what is filled into them
hands       who has it: assigned, moved, offered
changes     status, priority, tags and the like
customers   what customers did and said
together    merged, split, linked, asked of somebody else
promises    broken and escalated
by_itself   rules and macros
tasks       what is to be done
"""

from answerable.desk.happenings.by_itself import BY_ITSELF
from answerable.desk.happenings.changes import CHANGES
from answerable.desk.happenings.customers import CUSTOMERS
from answerable.desk.happenings.hands import HANDS
from answerable.desk.happenings.names import Names
from answerable.desk.happenings.promises import PROMISES, acting_words, outcome_words
from answerable.desk.happenings.saying import Told
from answerable.desk.happenings.tasks import TASKS
from answerable.desk.happenings.together import TOGETHER

__all__ = ["HAPPENINGS", "Names", "acting_words", "outcome_words"]

HAPPENINGS: Told = {**CHANGES, **HANDS, **CUSTOMERS, **TOGETHER, **PROMISES, **BY_ITSELF, **TASKS}
