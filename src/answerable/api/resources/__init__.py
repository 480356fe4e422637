"""What the API offers, by noun. Importing this package declares every operation, in the order of the document."""

from answerable.api.resources import me as me  # isort: skip
from answerable.api.resources import conversations as conversations  # isort: skip
from answerable.api.resources import messages as messages  # isort: skip
from answerable.api.resources import clocks as clocks  # isort: skip
from answerable.api.resources import contacts as contacts  # isort: skip
from answerable.api.resources import organisations as organisations  # isort: skip
from answerable.api.resources import segments as segments  # isort: skip
from answerable.api.resources import people as people  # isort: skip
from answerable.api.resources import inboxes as inboxes  # isort: skip
from answerable.api.resources import policies as policies  # isort: skip
from answerable.api.resources import articles as articles  # isort: skip
from answerable.api.resources import ratings as ratings  # isort: skip
from answerable.api.resources import events as events  # isort: skip
