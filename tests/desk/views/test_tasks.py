"""What is to be done besides answering: on the conversation, by whom, and before it is solved."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.tasks import remind_due
from answerable.desk.models import Checklist, Conversation, Notice, Status, Task
from answerable.desk.queues import counts
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked, last_event


def test_what_must_be_done_first_is_done_first(cast: Cast, bob: Client, conversation: Conversation) -> None:
    there = f"/conversations/{conversation.pk}/"
    form = bob.get(f"{there}tasks/?add", headers=HTMX).content.decode()
    assert "What is to be done" in form
    added = bob.post(f"{there}tasks/", {"text": "Pay it  back", "required": "on"}, headers=HTMX).content.decode()
    assert "Pay it back" in added
    assert "Pay it back" in bob.get(there).content.decode()
    refused = bob.post(f"{there}status/", {"to": "solved"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Pay it back" in refused.headers["HX-Trigger"]
    assert '"reveal": {"id": "tasks"}' in refused.headers["HX-Trigger"]
    reply = {"text": "Done.", "then": "solved", "seen_event": last_event(conversation)}
    kept = bob.post(f"{there}replies/", reply, headers=HTMX)
    assert kept.status_code == 422
    assert 'href="#tasks"' in kept.content.decode()
    task = Task.objects.get()
    done = bob.post(f"/tasks/{task.pk}/completion/", {"done": "1"}, headers=HTMX).content.decode()
    assert "Done by Bob" in done
    assert bob.post(f"{there}status/", {"to": "solved"}, headers=HTMX).status_code == 200
    assert "Bob did a task: Pay it back" in bob.get(there).content.decode()


def test_it_is_reopened_changed_and_removed(cast: Cast, bob: Client, conversation: Conversation) -> None:
    bob.post(f"/conversations/{conversation.pk}/tasks/", {"text": "Call", "required": "on"}, headers=HTMX)
    task = Task.objects.get()
    bob.post(f"/tasks/{task.pk}/completion/", {"done": "1"}, headers=HTMX)
    bob.post(f"/tasks/{task.pk}/completion/", {}, headers=HTMX)
    conversation.refresh_from_db()
    assert conversation.blocking_tasks == 1
    bob.post(f"/tasks/{task.pk}/", {"text": "Call again"}, headers=HTMX)
    conversation.refresh_from_db()
    assert conversation.blocking_tasks == 0
    bob.post(f"/tasks/{task.pk}/removal/", headers=HTMX)
    assert "Nothing to do besides answering" in bob.get(f"/conversations/{conversation.pk}/").content.decode()


def test_whoever_gets_one_is_told_and_has_it_among_their_own(
    cast: Cast, alice: Client, bob: Client, conversation: Conversation
) -> None:
    due = (timezone.now() - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M")
    alice.post(
        f"/conversations/{conversation.pk}/tasks/",
        {"text": "Call", "assignee": cast.bob.pk, "due_at": due},
        headers=HTMX,
    )
    assert counts(cast.bob).tasks == 1
    assert "Call" in bob.get("/tasks/").content.decode()
    assert "A task is yours: Call" in bob.get("/notices/").content.decode()
    remind_due()
    remind_due()
    notices = Notice.objects.filter(user=cast.bob).order_by("pk")
    assert list(notices.values_list("kind", flat=True)) == ["task", "task_due"]
    task = Task.objects.get()
    there = bob.post(f"/tasks/{task.pk}/completion/", {"done": "1", "next": "my_tasks"})
    assert there.headers["Location"] == "/tasks/"
    assert "No task waits for you" in bob.get("/tasks/").content.decode()


def test_my_tasks_are_one_query(cast: Cast, bob: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        row = asked(cast, f"Question {number}", "Hello?")
        Task.objects.create(conversation=row, text="Call", assignee=cast.bob)
    bob.get("/tasks/")
    with django_assert_num_queries(2 + 1 + 1):  # who asks, the queues' counts, the tasks
        bob.get("/tasks/")


def test_others_read_or_see_nothing(cast: Cast, quinn: Client, charlie: Client, conversation: Conversation) -> None:
    task = Task.objects.create(conversation=conversation, text="Call")
    there = f"/conversations/{conversation.pk}/tasks/"
    assert "Call" in quinn.get(there, headers=HTMX).content.decode()
    assert quinn.post(there, {"text": "More"}, headers=HTMX).status_code == 403
    assert quinn.post(f"/tasks/{task.pk}/completion/", {"done": "1"}, headers=HTMX).status_code == 403
    for path in (there, f"/tasks/{task.pk}/", f"/tasks/{task.pk}/completion/", f"/tasks/{task.pk}/removal/"):
        assert charlie.post(path, {"text": "More", "done": "1"}, headers=HTMX).status_code == 404
    refused = charlie.post(there, {"text": "More", "assignee": cast.charlie.pk}, headers=HTMX)
    assert refused.status_code == 404


def test_a_checklist_is_put_on_by_hand_and_by_the_inbox(
    cast: Cast, alice: Client, bob: Client, charlie: Client, conversation: Conversation
) -> None:
    fields = {"name": "Returns", "team": cast.support.pk, "texts": "Check the address\n\n Pay back", "required": "on"}
    twice = alice.post("/settings/checklists/new/", fields | {"texts": "Call\nCall"})
    assert "stands there twice" in twice.content.decode()
    alice.post("/settings/checklists/new/", fields | {"inboxes": cast.support_inbox.pk, "due_hours": "4"})
    checklist = Checklist.objects.get()
    assert bob.get(f"/settings/checklists/{checklist.pk}/").status_code == 403
    assert charlie.get(f"/settings/checklists/{checklist.pk}/").status_code == 404
    there = f"/conversations/{conversation.pk}/"
    assert "Returns" in bob.get(f"{there}tasks/?add", headers=HTMX).content.decode()
    bob.post(f"{there}checklists/", {"checklist": checklist.pk}, headers=HTMX)
    again = bob.post(f"{there}checklists/", {"checklist": checklist.pk}, headers=HTMX)
    assert "here already" in again.headers["HX-Trigger"]
    cast.support_inbox.refresh_from_db()
    opened = asked(cast, "It came by itself", "Hello?")
    texts = ["Check the address", "Pay back"]
    assert [task.text for task in opened.tasks.order_by("place")] == texts
    assert Conversation.objects.get(pk=opened.pk).blocking_tasks == 2
    assert set_status(opened, to=Status.SOLVED, by=None).status == Status.SOLVED  # the system itself is not held up
    assert "The checklist “Returns” was added: 2 tasks" in bob.get(there).content.decode()
