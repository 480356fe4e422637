"""What is to be done about a conversation, and what is to be done by oneself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.desk.actions.checklists import add_checklist, checklists_for
from answerable.desk.actions.tasks import add_task, change_task, finish_task, remove_task, reopen_task
from answerable.desk.forms.tasks import TaskForm
from answerable.desk.models import Checklist, Conversation, Task
from answerable.desk.views.conversations import tasks_of
from answerable.desk.views.door import StaffRequest, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.desk.views.moved import until_it_moves
from answerable.people.models import User
from answerable.web.numbers import key_in
from answerable.web.pager import keyset

WITH_TEAM = Conversation.objects.select_related("team")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
@until_it_moves("tasks")
def tasks(request: StaffRequest, pk: int) -> HttpResponse:
    """A conversation's, as they stand; with `?add` the form for another one, and the checklists there are."""
    found = visible(request, pk, WITH_TEAM)
    if request.method != "POST" and not ("add" in request.GET and may_handle(request.user, found)):
        return _shown(request, found)
    form = TaskForm(request.POST if request.method == "POST" else None, people=User.objects.handling(found.team))
    if form.is_valid():
        add_task(found, **form.cleaned_data, by=request.user)
        return _shown(request, found)
    return _form(request, found, {"form": form, "checklists": checklists_for(found.team)})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def task(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them, to be said otherwise."""
    row = _row(request, pk)
    found = row.conversation
    if request.method != "POST" and not may_handle(request.user, found):
        return _shown(request, found)
    form = TaskForm(
        request.POST if request.method == "POST" else None, people=User.objects.handling(found.team), task=row
    )
    if form.is_valid():
        change_task(row, **form.cleaned_data, by=request.user)
        return _shown(request, found)
    return _form(request, found, {"form": form, "task": row})


@require_POST
@staff
def completion(request: StaffRequest, pk: int) -> HttpResponse:
    """Done; or, without `done`, not done after all."""
    row = _row(request, pk)
    (finish_task if request.POST.get("done") else reopen_task)(row, by=request.user)
    if request.POST.get("next") == "my_tasks":
        return redirect("my_tasks")
    return _shown(request, row.conversation)


@require_POST
@staff
def removal(request: StaffRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    remove_task(row, by=request.user)
    return _shown(request, row.conversation)


@require_POST
@staff
def checklist(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a checklist on it."""
    found = visible(request, pk, WITH_TEAM)
    chosen = get_object_or_404(Checklist, pk=key_in(request.POST.get("checklist", "")))
    add_checklist(found, checklist=chosen, by=request.user)
    return _shown(request, found)


@require_safe
@staff
def my_tasks(request: StaffRequest) -> HttpResponse:
    """What the user is to do in conversations, the oldest first."""
    mine = Task.objects.visible_to(request.user).open().filter(assignee=request.user)
    rows = mine.select_related("conversation__contact")
    page = keyset(rows, column="created_at", cursor=request.GET.get("cursor"), ascending=True)
    return render(request, "desk/my_tasks.html", {"page": page, "on_tasks": True} | panel(request.user, None))


def _row(request: StaffRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.visible_to(request.user).select_related("conversation__team"), pk=pk)


def _shown(request: StaffRequest, found: Conversation) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation", found.pk)
    context = {"conversation": found, "tasks": tasks_of(found), "may_handle": may_handle(request.user, found)}
    return render(request, "desk/tasks.html", context)


def _form(request: StaffRequest, found: Conversation, context: dict[str, Any]) -> HttpResponse:
    if not request.htmx:
        return redirect("conversation", found.pk)
    return render(request, "desk/task_form.html", context | {"conversation": found})
