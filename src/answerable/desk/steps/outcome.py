"""What a step answers: what it did, as particulars for the event; or that it names what there is no longer."""

from collections.abc import Iterable
from typing import Any

from answerable.desk.errors import Refused
from answerable.people.standing_in import Acting

Outcome = dict[str, Any]
"""With `nothing` where there was nothing to do."""
NOTHING: Outcome = {"nothing": True}


class Broken(Refused):
    """A step names what is gone: a team, a colleague, a field. Nobody can take it until it is written anew."""


def instead_of(acting: Iterable[Acting]) -> Outcome:
    """Pairs of who acts and for whom; nothing where everybody is there."""
    pairs = [[each.user.pk, each.instead_of.pk] for each in acting if each.instead_of is not None]
    return {"instead_of": pairs} if pairs else {}
