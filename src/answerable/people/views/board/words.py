"""Words on the board as pages show them, and what their authors do with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.people.about import objectives, titles_of
from answerable.people.actions.board import (
    change_words,
    may_restore,
    may_withdraw,
    restore_words,
    withdraw_words,
)
from answerable.people.board_history import history_of, suggested
from answerable.people.errors import Refused, Stale
from answerable.people.forms.board import LessonForm, PraiseForm, WordsForm
from answerable.people.models import Lesson, Praise, Team, User
from answerable.people.views.door import member_of_staff, posted, refusals_told, show
from answerable.people.views.rota.asking import chosen_team

Said = TypeVar("Said", Praise, Lesson)


@dataclass(frozen=True)
class Shown:
    """Words as a reader sees them: what they are about in words, empty where the reader may not see that."""

    row: Praise | Lesson
    address: str
    conversation: str
    objective: str
    is_suggested: bool
    may_change: bool


def shown(rows: Collection[Praise | Lesson], reader: User) -> list[Shown]:
    """Three queries at most, however many there are."""
    numbers = {row.conversation for row in rows if row.conversation is not None}
    titles, known = titles_of(reader, numbers), suggested([row for row in rows if isinstance(row, Lesson)])
    sentences = objectives() if any(getattr(row, "objective", "") for row in rows) else {}
    return [
        Shown(
            row,
            address_of(row),
            titles.get(row.conversation or 0, ""),
            sentences.get(getattr(row, "objective", ""), ""),
            isinstance(row, Lesson) and row.pk in known,
            row.by_id == reader.pk,
        )
        for row in rows
    ]


def address_of(row: Praise | Lesson) -> str:
    return reverse("praise-words" if isinstance(row, Praise) else "lesson", args=[row.pk])


def asked_team(request: HttpRequest) -> Team:
    """The board's team. Raises Http404 for one that is not there for the reader, or where they are in none."""
    team = chosen_team(request, member_of_staff(request))
    if team is None:
        raise Http404(_("You are in no team yet."))
    return team


def list_address(row: Praise | Lesson) -> str:
    """Where its list stands."""
    name = "praise" if isinstance(row, Praise) else "lessons"
    return f"{reverse(name)}?team={row.team_id}#{row._meta.model_name}-{row.pk}"


def board_address(team: Team, anchor: str = "") -> str:
    """The board itself stands above this package."""
    return f"{reverse('today')}?team={team.pk}{anchor}"


def initial_conversation(query: QueryDict) -> dict[str, Any]:
    """The conversation that the form was opened from."""
    number = query.get("conversation", "")
    return {"conversation": number} if number.isdigit() else {}


def words_page(request: HttpRequest, model: type[Said], pk: int) -> HttpResponse:
    """GET shows them, with their history to who may look behind; POST changes one's own."""
    reader = member_of_staff(request)
    row = visible(request, model, pk)
    form = _form(row, posted(request)) if _may_edit(row, reader) else None
    status = 200
    if form is not None and form.is_bound:
        status = 422
        if form.is_valid():
            try:
                change_words(row, **_columns(form), by=reader)
            except Refused as refusal:
                form.add_error(refusal.field, str(refusal))
                status = 409 if isinstance(refusal, Stale) else 422
            else:
                messages.success(request, _("Saved."))
                return redirect(list_address(row))
    may_look_behind = row.by_id == reader.pk or may_withdraw(row, reader)
    response = show(
        request,
        "people/board/words.html",
        form,
        one=shown([row], reader)[0],
        is_alone=True,
        is_praise=isinstance(row, Praise),
        may_withdraw=row.withdrawn_at is None and may_withdraw(row, reader),
        may_restore=row.withdrawn_at is not None and may_restore(row, reader),
        history=history_of(row) if may_look_behind else [],
        back=list_address(row),
    )
    response.status_code = status
    return response


def withdrawal(request: HttpRequest, model: type[Said], pk: int) -> HttpResponse:
    """POST takes them back; with `restore` puts them back."""
    row = visible(request, model, pk)
    reader = member_of_staff(request)
    with refusals_told(request):
        if "restore" in request.POST:
            restore_words(row, by=reader)
            messages.success(request, _("It stands on the board again."))
        else:
            withdraw_words(row, by=reader)
            messages.success(request, _("It is off the board. You can put it back."))
    return redirect(address_of(row))


def visible(request: HttpRequest, model: type[Said], pk: int) -> Said:
    """Raises Http404 for what is another team's."""
    related = ("team", "by", "withdrawn_by", *(("praised",) if model is Praise else ()))
    rows: Any = model.objects.visible_to(member_of_staff(request)).select_related(*related)
    found: Said = get_object_or_404(rows.distinct(), pk=pk)
    return found


def withdrawn_by(reader: User, model: type[Said], team: Team) -> Sequence[Said]:
    """The reader's own that are off the board, the newest few."""
    rows: Any = model.objects.filter(by=reader, team=team).exclude(withdrawn_at=None)
    found: Sequence[Said] = list(rows.select_related("by", "team").order_by("-withdrawn_at")[:5])
    return found


def _may_edit(row: Praise | Lesson, reader: User) -> bool:
    return row.by_id == reader.pk and row.withdrawn_at is None and not getattr(row, "said_by", "")


def _form(row: Praise | Lesson, data: QueryDict | None) -> WordsForm:
    number = "" if row.conversation is None else f"#{row.conversation}"
    initial = {"text": row.text, "conversation": number, "revision": row.revision}
    if isinstance(row, Praise):
        form: WordsForm = PraiseForm(data, people=User.objects.none(), initial=initial)
        del form.fields["praised"]
        return form
    return LessonForm(data, initial=initial | {"objective": row.objective})


def _columns(form: WordsForm) -> dict[str, Any]:
    return form.cleaned_data | {"revision": form.cleaned_data["revision"] or 0}
