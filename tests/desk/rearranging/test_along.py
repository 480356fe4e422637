"""Drafts, tasks and links go where the messages go, and come back with them."""

import pytest

from answerable.desk.actions.checklists import add_checklist
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.drafts import keep_draft
from answerable.desk.actions.links import link
from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.spam import mark_spam
from answerable.desk.actions.tasks import add_task, finish_task
from answerable.desk.errors import Refused
from answerable.desk.linked import links_of
from answerable.desk.models import (
    Checklist,
    Conversation,
    Draft,
    Status,
    Task,
)
from answerable.people.models import User
from tests.cast import Cast
from tests.desk.rearranging.stage import asked
from tests.desk.test_clocks import hours_ago

pytestmark = pytest.mark.django_db


def test_drafts_follow(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    for row, by, text in ((kept, cast.bob, "Here"), (gone, cast.bob, "There"), (gone, cast.alice, "Mine")):
        keep_draft(row, kind="outbound", text=text, by=by, seen_event=None)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    drafts = Draft.objects.filter(conversation=kept).order_by("user")
    assert {draft.text for draft in drafts} == {"Here\n\nThere", "Mine"}
    undo(done, by=cast.bob)
    assert {(each.conversation_id, each.text) for each in Draft.objects.all()} == {
        (kept.pk, "Here"), (gone.pk, "There"), (gone.pk, "Mine"),
    }  # fmt: skip


def test_formatted_drafts_keep_their_looks(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    keep_draft(kept, kind="outbound", text="Here\n& now", by=cast.bob, seen_event=None)
    keep_draft(gone, kind="outbound", text="There", html="<p><b>There</b></p>", by=cast.bob, seen_event=None)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    assert Draft.objects.get().html == "<p>Here<br>&amp; now</p><p><b>There</b></p>"
    undo(done, by=cast.bob)
    assert set(Draft.objects.values_list("conversation", "text", "html")) == {
        (kept.pk, "Here\n& now", "<p>Here<br>&amp; now</p>"), (gone.pk, "There", "<p><b>There</b></p>"),
    }  # fmt: skip


def test_tasks_of_one_checklist_stand_behind_each_other_and_go_back(cast: Cast) -> None:
    checklist = Checklist.objects.create(name="Return", texts=["Call", "Refund"], required=True)
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    for row in (kept, gone):
        add_checklist(row, checklist=checklist, by=cast.bob)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    tasks = Task.objects.standing().filter(conversation=kept)
    assert [task.text for task in tasks] == ["Call", "Refund", "Call", "Refund"]
    assert dict(Conversation.objects.values_list("pk", "blocking_tasks")) == {kept.pk: 4, gone.pk: 0}
    with pytest.raises(Refused):
        set_status(kept, to=Status.SOLVED, by=cast.bob)
    with pytest.raises(Refused):
        add_task(gone, text="Too late", by=cast.bob)
    with pytest.raises(Refused):
        mark_spam(gone, by=cast.bob)
    finish_task(tasks[2], by=cast.bob)
    undo(done, by=cast.bob)
    assert dict(Conversation.objects.values_list("pk", "blocking_tasks")) == {kept.pk: 2, gone.pk: 1}


def test_what_it_was_linked_with_is_linked_with_the_one_that_stays(cast: Cast) -> None:
    kept, gone, problem, both = (asked(cast, hours_ago(hours)) for hours in (4, 3, 2, 1))
    link(gone, to=problem, kind="incident", by=cast.bob)
    link(both, to=gone, kind="related", by=cast.bob)
    link(kept, to=both, kind="duplicate", by=cast.bob)
    link(kept, to=gone, kind="related", by=cast.bob)
    before = linked(kept, gone, problem, both)
    [row] = merge(kept, absorb=[gone], by=cast.bob)
    incident, duplicate = ("Incident of the problem", problem.pk), ("Duplicate of", both.pk)
    assert linked(kept, gone) == [[incident, duplicate], []]
    assert linked(problem, both) == [[("Problem behind the incident", kept.pk)], [("Has the duplicate", kept.pk)]]
    with pytest.raises(Refused, match=f"#{kept.pk}"):
        link(problem, to=gone, kind="related", by=cast.bob)
    undo(row, by=cast.bob)
    assert linked(kept, gone, problem, both) == before


def linked(*rows: Conversation) -> list[list[tuple[str, int]]]:
    """Of each, what stands beside it."""
    found = [links_of(Conversation.objects.get(pk=row.pk), User.objects.get(name="Bob")) for row in rows]
    return [[(each.said, each.other.pk) for each in links] for links in found]


def test_what_a_part_was_linked_with_is_linked_with_the_whole_again(cast: Cast) -> None:
    row, problem = asked(cast, hours_ago(3)), asked(cast, hours_ago(2))
    message = receive(row, contact=cast.dace, text="By the way")
    done = split(row, messages=[message.pk], subject="Another", by=cast.bob)
    link(done.target, to=problem, kind="incident", by=cast.bob)
    undo(done, by=cast.bob)
    assert linked(row) == [[("Incident of the problem", problem.pk)]]
