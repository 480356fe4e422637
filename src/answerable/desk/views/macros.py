"""Macros: offered while writing, looked at and applied; and kept by leads."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from answerable.core.rules.step import Step, steps_of
from answerable.desk.actions.macros import (
    Applied,
    Overtaken,
    apply_macro,
    foresee_macro,
    last_applied,
    retire_macro,
    take_back_macro,
    write_macro,
)
from answerable.desk.errors import Refused
from answerable.desk.forms.macros import MacroForm
from answerable.desk.happenings import Names
from answerable.desk.models import Conversation, Macro, Status
from answerable.desk.placeholders import VALUES, filled_in
from answerable.desk.steps.names import Named
from answerable.desk.steps.words import ICONS, outcome_words, step_words
from answerable.desk.views.conversations import after_change
from answerable.desk.views.door import StaffRequest, may_handle, staff, visible
from answerable.desk.views.inbox import panel
from answerable.people.models import Role, Team, User
from answerable.policy.editing.rows import turned

WRITERS = (Role.ADMINISTRATOR, Role.LEAD)
MOST_OFFERED = 500
WHOLE = Conversation.objects.select_related("contact", "team")
TAKEN_BACK_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Said:
    """A step in words."""

    icon: str
    words: str
    is_nothing: bool = False


@require_safe
@staff
def for_conversation(request: StaffRequest, pk: int) -> HttpResponse:
    """Those that fit a conversation, filled in for it; those in its language first."""
    found = visible(request, pk, WHOLE)
    if not may_handle(request.user, found):
        raise PermissionDenied
    rows = _offered(found).order_by("name", "id")[:MOST_OFFERED]
    filled = [(row, filled_in(row.text, found, request.user)) for row in rows]
    filled.sort(key=lambda pair: pair[0].language not in (found.language, ""))
    return render(request, "desk/macro_options.html", {"macros": filled, "conversation": found})


@require_safe
@staff
def for_many(request: StaffRequest) -> HttpResponse:
    """All the user may use, to be applied to many conversations at once, with what each does."""
    rows = _visible(request.user).filter(retired_at=None).order_by("name", "id")[:MOST_OFFERED]
    named = Named()
    offered = [(row, _steps(steps_of(row.steps), named)) for row in rows]
    return render(request, "desk/selection_macros.html", {"macros": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def applying(request: StaffRequest, pk: int, macro: int) -> HttpResponse:
    """What a macro would do to a conversation; POST does it."""
    found = visible(request, pk, WHOLE)
    if not may_handle(request.user, found):
        raise PermissionDenied
    row = get_object_or_404(_offered(found), pk=macro)
    if request.method == "POST":
        return _apply(request, found, row)
    foreseen = foresee_macro(row, found, by=request.user)
    context = {"conversation": found, "macro": row, "foreseen": _said(foreseen), "text": foreseen.text}
    return render(request, "desk/macro_preview.html" if request.htmx else "desk/macro_page.html", context)


@require_POST
@staff
def taking_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo what one has just applied."""
    found = visible(request, pk)
    event = last_applied(found, by=request.user, since=timezone.now() - TAKEN_BACK_WITHIN)
    if event is None:
        raise Refused(_("There is nothing to take back."))
    return after_change(request, take_back_macro(event, by=request.user))


@require_safe
@staff
def macros(request: StaffRequest) -> HttpResponse:
    """All the user may use, by name."""
    rows = _visible(request.user).filter(retired_at=None).select_related("team").order_by("name", "id")
    named = Named()
    context = {
        "macros": [
            (row, _steps(steps_of(row.steps), named), _may_write(request.user, row.team_id)) for row in rows[:1000]
        ],
        "may_add": request.user.holds(*WRITERS),
        "on_macros": True,
    }
    return render(request, "desk/macros.html", context | panel(request.user, None))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new_macro(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def macro(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them, to be written anew by those who may."""
    return _edit(request, get_object_or_404(_visible(request.user).filter(retired_at=None), pk=pk))


@require_POST
@staff
def retirement(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_visible(request.user), pk=pk)
    retire_macro(found, by=request.user)
    return redirect("settings-macros")


def _apply(request: StaffRequest, conversation: Conversation, row: Macro) -> HttpResponse:
    applied = apply_macro(row, conversation, by=request.user)
    response = after_change(request, applied.conversation)
    then = str(Status(applied.then).label) if applied.then else ""
    words = {
        "text": applied.text,
        "into": row.into,
        "then": applied.then,
        "words": _("Sending it sets the status: %(status)s.") % {"status": then} if then else "",
    }
    response = trigger_client_event(response, "macro", words)
    if any(not outcome.get("nothing") for outcome in applied.outcomes):
        undo = {
            "text": _("Applied: %(macro)s") % {"macro": row.name},
            "url": reverse("macro_taking_back", args=[conversation.pk]),
        }
        return trigger_client_event(response, "undo", undo)
    return response


def _said(applied: Applied) -> list[Said]:
    """What it would do, in words."""
    names = Names()
    for outcome in applied.outcomes:
        names.note_outcome(outcome)
    said = [
        Said(ICONS[outcome["do"]], outcome_words(outcome, names), bool(outcome.get("nothing")))
        for outcome in applied.outcomes
    ]
    if applied.then:
        status = {"status": Status(applied.then).label}
        said.append(Said("send", _("When the reply is sent, the status is set: %(status)s") % status))
    return said


def _steps(steps: tuple[Step, ...], named: Named) -> list[str]:
    return [step_words(step, named) for step in steps]


def _edit(request: StaffRequest, row: Macro | None) -> HttpResponse:
    user = request.user
    if not user.holds(*WRITERS) or (row is not None and not _may_write(user, row.team_id)):
        raise PermissionDenied
    teams = Team.objects.filter(
        pk__in=frozenset().union(*(user.roles.get(role, frozenset()) for role in WRITERS)), retired_at=None
    )
    typed, turn = turned(request.POST) if request.method == "POST" else (None, None)
    form = MacroForm(typed, macro=row, teams=teams, for_all=user.is_administrator)
    status = 200
    if turn is not None:
        form.rows.go_on(turn)
    elif typed is not None:
        status = 422
        if form.is_valid():
            try:
                write_macro(**form.facts, by=user, macro=row)
                return redirect("settings-macros")
            except Overtaken as overtaken:
                form.add_error(None, str(overtaken))
                status = 409
                now = Macro.objects.values_list("revision", flat=True).filter(pk=row.pk if row else 0)
                typed["revision"] = str(now.first() or 1)
            except Refused as refusal:
                form.add_error("text", str(refusal))
    context = {
        "form": form,
        "macro": row,
        "placeholders": list(VALUES),
        "on_macros": True,
        "is_typing": turn is not None,
    }
    return render(request, "desk/macro.html", context | panel(user, None), status=status)


def _offered(conversation: Conversation) -> "QuerySet[Macro]":
    """Everybody's and those of its team, in use."""
    return Macro.objects.filter(Q(team=None) | Q(team_id=conversation.team_id), retired_at=None)


def _visible(user: User) -> "QuerySet[Macro]":
    return Macro.objects.filter(Q(team=None) | Q(team_id__in=user.team_ids))


def _may_write(user: User, team_id: int | None) -> bool:
    return user.is_administrator if team_id is None else user.holds(*WRITERS, team_id=team_id)
