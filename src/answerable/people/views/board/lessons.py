"""What a team has learned: noted, found again, brought before the policy."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.board import note_lesson
from answerable.people.errors import Refused
from answerable.people.forms.board import LessonForm
from answerable.people.models import Lesson
from answerable.people.views.board import words
from answerable.people.views.door import member_of_staff, posted, show
from answerable.web.pager import keyset

LONGEST_SEARCH = 200


@require_http_methods(["GET", "POST"])
def lessons(request: HttpRequest) -> HttpResponse:
    """Those of a team and of the teams below it, the newest first, or those a search (`?q=`) finds; more is posted
    here."""
    reader, team = member_of_staff(request), words.asked_team(request)
    form = LessonForm(posted(request), initial=words.initial_conversation(request.GET))
    if form.is_valid():
        data = form.cleaned_data
        try:
            row = note_lesson(
                board=team,
                text=data["text"],
                conversation=data["conversation"],
                objective=data["objective"],
                by=reader,
            )
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Noted. It stays here to be found."))
            return redirect(words.board_address(team, f"#lesson-{row.pk}"))
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    rows = Lesson.objects.standing().filter(team__in=reader.team_ids, team__path__startswith=team.path)
    rows = rows.search(text).select_related("by", "team").defer("words")
    page = keyset(rows, column="at", cursor=request.GET.get("cursor"), size=20)
    return show(
        request,
        "people/board/lessons.html",
        form,
        team=team,
        text=text,
        page=page,
        shown=words.shown(page.rows, reader),
        withdrawn=words.withdrawn_by(reader, Lesson, team),
    )


@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them."""
    return words.words_page(request, Lesson, pk)


@require_POST
def lesson_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back, or put it back."""
    return words.withdrawal(request, Lesson, pk)
