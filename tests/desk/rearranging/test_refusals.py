"""Who may not put together or take apart, and what makes no sense."""

import pytest
from django.core.exceptions import PermissionDenied

from answerable.desk.actions.conversations import open_conversation, set_status
from answerable.desk.actions.messages import add_note, receive, reply
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import move
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.errors import Refused
from answerable.desk.models import (
    Delivery,
    Message,
    Status,
)
from tests.cast import Cast
from tests.desk.rearranging.stage import asked
from tests.desk.test_clocks import hours_ago

pytestmark = pytest.mark.django_db


def test_both_teams_must_be_theirs(cast: Cast) -> None:
    ours = asked(cast, hours_ago(1))
    theirs = open_conversation(inbox=cast.sales_inbox, contact=cast.dace, subject="Offer", by=None)
    receive(theirs, contact=cast.dace, text="An offer?")
    receive(theirs, contact=cast.dace, text="Two?")
    for kept, gone in ((ours, theirs), (theirs, ours)):
        for by in (cast.bob, cast.charlie, cast.quinn):
            with pytest.raises(PermissionDenied):
                merge(kept, absorb=[gone], by=by)
    pk = Message.objects.filter(conversation=theirs).latest("id").pk
    with pytest.raises(PermissionDenied):
        move(theirs, messages=[pk], to=ours, by=cast.bob)
    [row] = merge(ours, absorb=[theirs], by=cast.ada)
    with pytest.raises(PermissionDenied):
        undo(row, by=cast.bob)


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    one, two = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    with pytest.raises(Refused, match="one and the same"):
        merge(one, absorb=[one], by=cast.bob)
    reply(two, text="On its way", by=cast.bob, seen_event=None, anyway=True)
    with pytest.raises(Refused, match="on its way"):
        merge(one, absorb=[two], by=cast.bob)
    Delivery.objects.update(state=Delivery.State.SENT)
    set_status(one, to=Status.CLOSED, by=cast.bob)
    with pytest.raises(Refused, match="closed"):
        merge(one, absorb=[two], by=cast.bob)
    merge(two, absorb=[one], by=cast.bob)
    with pytest.raises(Refused, match="merged"):
        merge(two, absorb=[one], by=cast.bob)
    with pytest.raises(Refused, match=f"#{two.pk}"):
        add_note(one, text="Where?", by=cast.bob)
    with pytest.raises(Refused, match=f"#{two.pk}"):
        set_status(one, to=Status.OPEN, by=cast.bob)
